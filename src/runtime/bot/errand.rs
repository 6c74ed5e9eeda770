//! Errands: what a command does on a book by itself where no bot (any more) does it.
//!
//! It is the same bot without a stream and without entries: it takes the book's lock, restores, takes over what is in
//! flight, and sells by the same engine, gate and executor. Where its coins trade is asked of RPC nodes before
//! anything is decided, and each second from there. It ends when its errand is done or when nobody wants to wait any
//! longer; what is left then is in the book, as after the end of any bot.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use momentum_chain::enrich::EnrichHandle;
use momentum_core::engine::Engine;
use momentum_core::event::{Answer, Command, Commanded, Event, OnExit, RunEvent, WalletEvent, What};
use momentum_core::ids::{Mint, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::units::TokenAmount;
use momentum_store::book::wall_clock;

use super::ending::MADE_TIME;
use super::turning::Loop;
use crate::inbox::Taken;
use crate::live::Around;
use crate::play::Audience;
use crate::timeline::Next;

/// How long the first readings are waited for; then it goes by what the book knows.
const FIRST: Duration = Duration::from_secs(5);
/// Time between two readings of where a coin trades.
const AGAIN: Duration = Duration::from_secs(1);
/// Longest market time where time is made: attempts expire in it, and a sale that is stuck is tried many times.
const MADE_TIME_MAX: Duration = MADE_TIME.saturating_mul(6);

/// Something to be done on a book, once.
#[derive(Clone, Debug)]
pub struct Errand {
    /// What.
    pub task: Task,
    /// Who wants it, for the audit.
    pub who: String,
    /// Why, for the audit.
    pub why: String,
    /// When it is given up, done or not.
    pub until: Instant,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Sell everything.
    Flatten,
    /// Sell a position; what is bought of its token meanwhile too.
    Sell {
        /// The token.
        mint: Mint,
        /// So many tokens; all, if none.
        tokens: Option<TokenAmount>,
        /// With urgent fees and widening bounds.
        urgent: bool,
    },
    /// Compare the book with the chain. No exit is looked for.
    Reconcile,
    /// Close these accounts for their rent. No exit is looked for.
    Sweep(Vec<(Wallet, Mint)>),
}

impl Task {
    /// What whoever holds a book for it says that it does.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Flatten => "killswitch flatten",
            Self::Sell { .. } => "trade sell",
            Self::Reconcile => "positions reconcile",
            Self::Sweep(_) => "positions sweep",
        }
    }

    /// Whether it gets out of positions.
    #[must_use]
    pub const fn sells(&self) -> bool {
        matches!(self, Self::Flatten | Self::Sell { .. })
    }
}

/// Tokens that are held, or that an attempt in flight may bring.
pub(super) fn held(engine: &Engine) -> BTreeSet<Mint> {
    let trader = engine.trader();
    let flying = trader.unended().filter_map(|attempt| attempt.order.coin());
    trader.positions().map(|position| position.mint).chain(flying).collect()
}

/// Asks where these coins trade, at which reserves.
fn ask(enrich: &EnrichHandle, mints: &BTreeSet<Mint>) {
    for mint in mints {
        enrich.ask(*mint, What::Curve, wall_clock());
        enrich.ask(*mint, What::Pool, wall_clock());
    }
}

/// Asks for them, waits for what is answered soon, and has them asked again and again.
pub(super) fn read(enrich: &EnrichHandle, mints: BTreeSet<Mint>, around: &Around<'_>) -> Vec<Event> {
    let Around { runtime, inbox, cancel, .. } = *around;
    if mints.is_empty() {
        return Vec::new();
    }
    ask(enrich, &mints);
    let (mut first, until) = (Vec::new(), Instant::now() + FIRST);
    let mut curves = mints.clone();
    let mut pools = mints.clone();
    while !(curves.is_empty() && pools.is_empty()) {
        // Nobody can ask for anything yet: there is no socket.
        let Some(Taken::Event(event)) = inbox.take(until) else { break };
        if let Event::Enriched(enriched) = &event {
            match enriched.answer {
                Answer::Curve(_) => drop(curves.remove(&enriched.mint)),
                Answer::Pool(_) => drop(pools.remove(&enriched.mint)),
                _ => {}
            }
        }
        first.push(event);
    }
    let (enrich, cancel) = (enrich.clone(), cancel.clone());
    runtime.spawn(cancel.run_until_cancelled_owned(async move {
        loop {
            tokio::time::sleep(AGAIN).await;
            ask(&enrich, &mints);
        }
    }));
    first
}

impl<A: Audience<Engine>> Loop<'_, '_, A> {
    /// Does it; whether it was done. Whoever listens may go: a sale goes on without.
    pub(super) fn carry_out(&mut self, errand: &Errand) -> bool {
        let began = self.now();
        match &errand.task {
            Task::Flatten => self.command(errand, Command::Flatten),
            Task::Sweep(accounts) => {
                for (wallet, mint) in accounts {
                    self.command(errand, Command::Sweep { mint: *mint, wallet: *wallet });
                }
            }
            Task::Sell { .. } | Task::Reconcile => {}
        }
        self.node.ends();
        let on_exit = if errand.task == Task::Flatten { OnExit::Flatten } else { OnExit::Hold };
        let now = self.now();
        self.driver.feed(now, Event::Run(RunEvent::Stopping(on_exit)), &mut self.node);
        let mut way = Way::default();
        loop {
            if self.is_done(errand, &mut way) {
                return true;
            }
            let late = Instant::now() >= errand.until || self.stop.load(Ordering::Relaxed);
            let made = self.timeline.now().is_none() && self.driver.now().since(began) >= MADE_TIME_MAX;
            if late || made {
                return false;
            }
            let next = self.timeline.next(self.inbox, self.driver.next_due(), self.stop);
            if let Next::Event(_, Event::Wallet(WalletEvent::Read { began })) = next {
                way.read = Some(began);
            }
            let looks_for_exits = matches!(next, Next::Event(_, Event::Tick | Event::Enriched(_)));
            if !errand.task.sells() && looks_for_exits {
                continue;
            }
            if !self.turn(next) {
                return false;
            }
            if self.node.audience().after(&self.driver).is_break() {
                tracing::warn!("nobody listens any more: it goes on");
            }
        }
    }

    fn command(&mut self, errand: &Errand, command: Command) {
        let (who, why) = (errand.who.clone(), errand.why.clone());
        let now = self.now();
        self.driver.feed(now, Event::Command(Box::new(Commanded { who, why, command })), &mut self.node);
    }

    fn is_done(&mut self, errand: &Errand, way: &mut Way) -> bool {
        let trader = self.driver.processor().trader();
        match errand.task {
            Task::Flatten | Task::Sweep(_) => self.driver.finished(),
            Task::Sell { mint, tokens, urgent } => {
                let flying = trader.unended().any(|attempt| attempt.order.mint == mint);
                let Some(position) = trader.position(mint) else { return !flying };
                if !std::mem::replace(&mut way.asked, true) {
                    self.command(errand, Command::Close { mint, tokens, urgent });
                    return false;
                }
                !flying && position.asked.is_none() && position.part.is_none() && position.whole.is_none()
            }
            // While something is in flight its wallet and its token cannot be compared: what was read by then counts not.
            Task::Reconcile if self.driver.finished() => {
                if let Some(quiet) = way.quiet {
                    return way.read.is_some_and(|read| read >= quiet);
                }
                way.quiet = Some(self.now());
                self.command(errand, Command::Reconcile);
                false
            }
            Task::Reconcile => {
                way.quiet = None;
                false
            }
        }
    }
}

/// How far an errand is.
#[derive(Default)]
struct Way {
    /// The sale was asked for.
    asked: bool,
    /// Since when nothing is in flight.
    quiet: Option<Timestamp>,
    /// When the last reading of all balances began.
    read: Option<Timestamp>,
}
