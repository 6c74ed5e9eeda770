//! Trader: signals, risk, orders, positions, portfolio, trading state.
//!
//! It reads the market through [`Turn`] and never the other way round. One event's turn goes: what the event
//! itself changes, marks and exits of the positions that it touches, limits, then (called by the engine)
//! exits by score and, last, entries.

mod adoption;
pub mod books;
mod buying;
mod commands;
mod execution;
pub mod exits;
mod fees;
mod invariants;
pub mod ledger;
pub mod missed;
pub mod orders;
pub mod positions;
mod proofs;
pub mod results;
pub mod risk;
mod selling;
pub mod signals;
pub mod state;
mod sweeping;
pub mod tally;
mod unswapped;
mod vanishing;
mod view;
mod wallets;
mod withdrawing;
pub mod worth;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::action::{Action, Effects};
use crate::analysis::Analysis;
use crate::config::Config;
use crate::event::{Answer, Enriched, Event, Mode, OnExit, RunEvent, Started};
use crate::fact::Fact;
use crate::ids::{AttemptId, Mint, OrderId, Seq, Wallet};
use crate::market::{FeedHealth, TokenView};
use crate::protections::{Protection, Protections};
use crate::time::Timestamp;
use crate::units::Lamports;

pub use adoption::{adopted, decided};
use books::Books;
use fees::RecentFees;
pub use invariants::Broken;
use orders::{Attempt, Buying, Draws};
use positions::{Impacts, Phase, Position};
use proofs::Proofs;
use results::{Breach, DAY, Equity, Results};
use signals::EntrySignal;
use state::{Arm, Held, Hold, Holds, TradingState};
pub use view::{PositionView, TraderView, WalletView};

/// One event's turn: what Trader may read while it lasts, and where it says what follows.
pub struct Turn<'a> {
    /// Place of the event.
    pub seq: Seq,
    /// Its receive time.
    pub now: Timestamp,
    /// The settings in force.
    pub config: &'a Config,
    /// Health of the stream.
    pub feed: &'a FeedHealth,
    /// What Market knows of a token.
    pub token: &'a dyn Fn(Mint) -> Option<TokenView>,
    /// What follows.
    pub effects: &'a mut Effects,
}

impl Turn<'_> {
    fn tell(&mut self, fact: Fact) {
        self.effects.facts.push(fact);
    }

    fn want(&mut self, action: Action) {
        self.effects.actions.push(action);
    }
}

/// Trader's state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trader {
    #[serde(skip)]
    protections: Protections,
    mode: Mode,
    holds: Holds,
    arm: Option<Arm>,
    books: Books,
    results: Results,
    positions: BTreeMap<Mint, Position>,
    /// Buys without an end, the ones that pause between two attempts included.
    buys: BTreeMap<Mint, Buying>,
    /// Attempts without an end.
    attempts: BTreeMap<AttemptId, Attempt>,
    /// Orders that filled and have attempts without an end.
    filled: BTreeSet<OrderId>,
    /// Reserved by live buys, by wallet.
    reserved: BTreeMap<Wallet, Lamports>,
    /// The limit on exposure under which the last buy was approved.
    exposure_limit: Lamports,
    /// Signals that wait for a fact that was asked for.
    candidates: BTreeMap<Mint, EntrySignal>,
    /// Tokens at rest after an exit, and until when.
    resting: BTreeMap<Mint, Timestamp>,
    draws: BTreeMap<Mint, Draws>,
    impacts: BTreeMap<Mint, Impacts>,
    /// Times of the buy attempts of the last minute.
    recent_buys: VecDeque<Timestamp>,
    /// The wallet that bought last: among equals the next one is in turn.
    last_wallet: Option<Wallet>,
    /// Wallets whose low balance was told.
    low: BTreeSet<Wallet>,
    proofs: Proofs,
    fees: RecentFees,
    /// The event that made the last order, and how many it made.
    last_order: (Seq, u16),
    stopping: Option<OnExit>,
    finished: bool,
    /// Something changed in this event: the invariants are to be checked, the ledger is to be written.
    #[serde(skip)]
    changed: bool,
    /// Tokens of which something to be remembered changed since the ledger was written.
    #[serde(skip)]
    touched: BTreeSet<Mint>,
}

impl Trader {
    /// A trader that has nothing yet.
    #[must_use]
    pub fn new(protections: Protections) -> Self {
        Self { protections, ..Self::default() }
    }

    /// The same Trader under these protections, which no snapshot holds.
    #[must_use]
    pub fn protected(self, protections: Protections) -> Self {
        Self { protections, ..self }
    }

    /// Applies one event: what it changes by itself, then marks, limits and exits.
    pub fn on_event(&mut self, event: &Event, turn: &mut Turn<'_>) {
        // What is measured beside trading moves nothing, time included: with it and without it all is decided alike.
        if let Event::Simulated(simulation) = event {
            return turn.tell(Fact::Simulated((**simulation).clone()));
        }
        self.pass_time(turn);
        match event {
            Event::Run(RunEvent::Started(started)) => self.start(started, turn),
            Event::Run(RunEvent::Stopping(on_exit)) => self.stop(*on_exit, turn),
            Event::Market(market) => self.touch(market.mint, turn),
            Event::Enriched(enriched) => self.enriched(enriched, turn),
            Event::Execution(execution) => self.execution(execution, turn),
            Event::Command(commanded) => self.command(commanded, turn),
            Event::Tick => self.tick(turn),
            Event::Wallet(read) => self.read(read, turn),
            // Gaps and slots reach Trader through the token and the feed's health when it next looks.
            Event::Feed(_) | Event::Simulated(_) => {}
        }
        self.finish(turn);
    }

    /// Reads one evaluation: exits by score and safety, and (live) proofs of exit to be made ahead.
    pub fn evaluated(&mut self, analysis: &Analysis, turn: &mut Turn<'_>) {
        if self.mode == Mode::Live {
            self.proofs.evaluated(analysis, turn.config);
        }
        if let Some(position) = self.positions.get_mut(&analysis.mint) {
            position.rate(analysis, self.protections);
            position.hard_fail = analysis.hard_fail.or(position.hard_fail);
            self.changed = true;
            self.fire(analysis.mint, turn);
        }
    }

    /// Takes an entry signal. One for a token with a position, a live order or at rest is dropped silently.
    pub fn enter(&mut self, signal: &EntrySignal, turn: &mut Turn<'_>) {
        self.results.count(|counters| counters.signals += 1);
        self.changed = true;
        if self.stopping.is_some() || self.taken(signal.mint, turn.now) {
            return;
        }
        self.candidates.remove(&signal.mint);
        self.consider(signal, turn);
    }

    /// Ends the turn: a rule that the state breaks is told, and trading is `exits_only` from there. Whether
    /// anything changed.
    pub fn end_turn(&mut self, turn: &mut Turn<'_>) -> bool {
        if !self.changed {
            return false;
        }
        if !self.holds.has(Hold::Invariant)
            && let Err(broken) = self.check()
        {
            self.broken(broken.to_string(), turn);
        }
        std::mem::take(&mut self.changed)
    }

    /// The run begins: a book without wallets is opened with those of the event, a wallet that it does not know
    /// brings foreign money. What an earlier process left in flight is not sent again; the chain is asked what
    /// became of it.
    fn start(&mut self, started: &Started, turn: &mut Turn<'_>) {
        self.mode = started.mode;
        self.stopping = None;
        self.finished = false;
        self.holds.reset(Hold::Stopping);
        if self.books.accounts().next().is_none() {
            self.books = Books::open(&started.wallets);
            self.results = Results::start(turn.now, self.equity().marked);
        }
        self.welcome(&started.wallets, turn);
        self.guard_fees(turn);
        for attempt in self.attempts.keys() {
            turn.want(Action::Resolve(*attempt));
        }
        self.changed = true;
        turn.tell(Fact::Started { mode: started.mode });
    }

    /// No entries from here on; what is in flight ends by itself.
    fn stop(&mut self, on_exit: OnExit, turn: &mut Turn<'_>) {
        self.stopping = Some(on_exit);
        self.holds.stopping(on_exit);
        self.hold(Hold::Stopping, "run", "the run is stopping", None, turn);
        self.candidates.clear();
        self.give_up_pausing_buys(turn);
        self.fire_all(turn);
    }

    /// Time alone ends holds and the day.
    fn pass_time(&mut self, turn: &mut Turn<'_>) {
        if turn.now >= self.results.day + DAY && self.books.accounts().next().is_some() {
            let equity = self.equity().marked;
            if let Some((day, result)) = self.results.end_day(turn.now, equity) {
                turn.tell(Fact::DayClosed { day, result, equity });
                self.changed = true;
            }
        }
        if self.holds.ending(turn.now) {
            self.change_holds("clock", "its time has passed", turn, |holds, now| holds.expire(now));
        }
    }

    /// Something happened to a token: its position is marked and its exits checked, a signal that waits for
    /// its facts is looked at again.
    fn touch(&mut self, mint: Mint, turn: &mut Turn<'_>) {
        if self.positions.contains_key(&mint) {
            self.mark(mint, turn);
            self.guard(true, turn);
            self.fire(mint, turn);
            self.resume(mint, turn);
        }
        if let Some(signal) = self.candidates.remove(&mint) {
            self.consider(&signal, turn);
        }
    }

    fn enriched(&mut self, enriched: &Enriched, turn: &mut Turn<'_>) {
        match &enriched.answer {
            Answer::Proof(proof) => self.proofs.answered(enriched, proof),
            Answer::Priority(fee) => self.fees.answered(enriched.mint, *fee, turn.now),
            _ => {}
        }
        self.touch(enriched.mint, turn);
    }

    /// What waits: marks that are due, retries, signals at their end, alerts.
    fn tick(&mut self, turn: &mut Turn<'_>) {
        let mints: Vec<Mint> = self.positions.keys().copied().collect();
        let mut marked = Vec::new();
        for mint in &mints {
            let due = |position: &Position| turn.now.since(position.marked) >= position.terms.check_every;
            if self.positions.get(mint).is_some_and(due) {
                self.mark(*mint, turn);
                marked.push(*mint);
            }
        }
        self.guard(!marked.is_empty(), turn);
        for mint in mints {
            if marked.contains(&mint) {
                self.fire(mint, turn);
            }
            self.resume(mint, turn);
            self.supersede(mint, turn);
            self.remind(mint, turn);
        }
        self.retry_buys(turn);
        self.expire_candidates(turn);
        self.resting.retain(|_, until| turn.now < *until);
        self.fees.forget(turn.now, turn.config.execution.priority_age_max);
        if self.mode == Mode::Live {
            let size = self.largest_buy(turn);
            self.proofs.ask(size, turn);
        }
    }

    /// Takes the mark of a position and lets its stop follow.
    fn mark(&mut self, mint: Mint, turn: &mut Turn<'_>) {
        let impacts = self.impacts.get(&mint).copied().unwrap_or_default();
        let Some(position) = self.positions.get_mut(&mint) else { return };
        self.changed = true;
        position.observe((turn.token)(mint).as_ref(), &impacts, turn.now);
        if position.trail(self.protections) {
            let tokens = position.remaining();
            turn.tell(Fact::StopMoved { mint, tokens, stop: position.stop.of(tokens) });
        }
    }

    /// Watches the limits on losses, on fees of the day and on the wallets' balances; `marked` says that a mark
    /// was taken just now.
    fn guard(&mut self, marked: bool, turn: &mut Turn<'_>) {
        let equity = self.equity();
        for breach in self.results.watch(turn.now, equity, &turn.config.risk, marked) {
            let tomorrow = self.results.day + DAY;
            let (hold, protection, until) = match breach {
                Breach::Daily => (Hold::DailyLoss, Protection::DailyLoss, Some(tomorrow)),
                Breach::Drawdown => (Hold::Drawdown, Protection::Drawdown, None),
            };
            if self.protections.on(protection) && !self.holds.has(hold) {
                let why = format!("equity {} of {}", equity.marked, self.results.peak);
                self.hold(hold, Held::RISK, &why, until, turn);
                self.fire_all(turn);
            }
        }
        self.guard_arming(equity.realised, turn);
    }

    /// Watches what may be lost since arming. Like the limits of the bot a loss that is realised ends entries for good:
    /// only another arming opens them.
    fn guard_arming(&mut self, equity: Lamports, turn: &mut Turn<'_>) {
        let Some(arm) =
            self.arm.filter(|_| self.mode == Mode::Live && self.protections.on(Protection::DailyLoss))
        else {
            return;
        };
        let lost = arm.equity.saturating_sub(equity);
        if lost >= arm.max_loss && !self.holds.has(Hold::Arming) {
            let why = format!("{lost} lost since arming, bound {}", arm.max_loss);
            self.hold(Hold::Arming, Held::RISK, &why, None, turn);
        }
    }

    /// Network fees and tips of the day, and what the wallets have left.
    fn guard_fees(&mut self, turn: &mut Turn<'_>) {
        let (fees, most) = (self.results.today.fees, turn.config.risk.max_fees_a_day);
        if fees >= most && self.protections.on(Protection::DailyFees) && !self.holds.has(Hold::DailyFees) {
            let tomorrow = Some(self.results.day + DAY);
            self.hold(Hold::DailyFees, Held::RISK, &format!("{fees} of {most} in fees"), tomorrow, turn);
        }
        let least = turn.config.risk.low_balance;
        let poor = self.books.accounts().filter(|(_, account)| account.balance < least);
        let low: BTreeSet<Wallet> = poor.map(|(wallet, _)| wallet).collect();
        for wallet in low.difference(&self.low) {
            let lamports = self.books.account(*wallet).map(|account| account.balance).unwrap_or_default();
            turn.tell(Fact::BalanceLow { wallet: *wallet, lamports });
        }
        for wallet in self.low.difference(&low) {
            let lamports = self.books.account(*wallet).map(|account| account.balance).unwrap_or_default();
            turn.tell(Fact::BalanceRecovered { wallet: *wallet, lamports });
        }
        self.low = low;
    }

    /// What transactions on a token's accounts lately paid for their place, where that is known.
    fn recent_fee(&self, mint: Mint, turn: &Turn<'_>) -> Option<Lamports> {
        self.fees.of(mint, turn.now, turn.config.execution.priority_age_max)
    }

    /// Lamports, recoverable rent and marks, in the ways in which limits read them.
    fn equity(&self) -> Equity {
        let money = self.books.lamports() + self.books.rent();
        let mut equity = Equity { marked: money, trusted: money, realised: money };
        for position in self.positions.values() {
            let (mark, cost) = (position.mark.of(position.remaining()), position.cost_left());
            let trusted = if position.stale { mark.max(cost) } else { mark };
            equity.marked = equity.marked.saturating_add(mark);
            equity.trusted = equity.trusted.saturating_add(trusted);
            equity.realised = equity.realised.saturating_add(mark.max(cost));
        }
        equity
    }

    /// Sets a hold and tells it where the state changed.
    fn hold(&mut self, hold: Hold, who: &str, why: &str, until: Option<Timestamp>, turn: &mut Turn<'_>) {
        let held = Held { hold, who: who.to_owned(), why: why.to_owned(), since: turn.now, until };
        self.change_holds(who, why, turn, |holds, _| holds.set(held));
    }

    /// Changes holds and tells it where the state, or who holds it, is another one afterwards.
    fn change_holds(
        &mut self,
        who: &str,
        why: &str,
        turn: &mut Turn<'_>,
        change: impl FnOnce(&mut Holds, Timestamp),
    ) {
        let before = (self.holds.state(), self.holds.strictest().cloned());
        change(&mut self.holds, turn.now);
        self.changed = true;
        let after = self.holds.strictest();
        if (self.holds.state(), after) != (before.0, before.1.as_ref()) {
            let hold = after.map(|held| held.hold);
            let (who, why) = (who.to_owned(), why.to_owned());
            turn.tell(Fact::StateChanged { state: self.holds.state(), hold, who, why });
        }
    }

    /// A bug of ours.
    fn broken(&mut self, what: String, turn: &mut Turn<'_>) {
        self.hold(Hold::Invariant, "engine", &what, None, turn);
        turn.tell(Fact::InvariantBroken { what });
    }

    /// All that `Stopping` asked for is done: nothing is in flight and, where positions are to be sold, none
    /// is left.
    fn finish(&mut self, turn: &mut Turn<'_>) {
        let Some(on_exit) = self.stopping.filter(|_| !self.finished) else { return };
        let sold = on_exit == OnExit::Hold
            || self.positions.is_empty()
            || self.holds.state() == TradingState::Stopped;
        if self.attempts.is_empty() && sold {
            self.finished = true;
            turn.want(Action::Finish);
        }
    }

    /// Whether a signal for `mint` is dropped.
    fn taken(&self, mint: Mint, now: Timestamp) -> bool {
        let resting = self.resting.get(&mint).is_some_and(|until| now < *until);
        self.positions.contains_key(&mint)
            || self.in_flight(mint)
            || (resting && self.protections.on(Protection::CoolDown))
    }

    /// Whether an order for `mint` has no end yet.
    fn in_flight(&self, mint: Mint) -> bool {
        self.buys.contains_key(&mint) || self.attempts.values().any(|attempt| attempt.order.mint == mint)
    }

    /// The id of a new order: the event that decided it, and its place among the orders of that event. Two
    /// envelopes may share a seq (a pipe feeds a signal at the seq of the event that made it).
    fn next_order(&mut self, seq: Seq) -> OrderId {
        let nth = if self.last_order.0 == seq { self.last_order.1 } else { 0 };
        self.last_order = (seq, nth.saturating_add(1));
        OrderId { seq, nth }
    }

    /// Alerts that are due: a graduation that takes long, a sale that is stuck.
    fn remind(&mut self, mint: Mint, turn: &mut Turn<'_>) {
        let Some(position) = self.positions.get_mut(&mint) else { return };
        if let Phase::Graduating { since, told: told @ false } = &mut position.phase
            && turn.now.since(*since) >= position.terms.graduation_alert
        {
            *told = true;
            self.changed = true;
            turn.effects.facts.push(Fact::GraduationAwaited { mint, since: *since });
        }
        for sale in [&mut position.part, &mut position.whole].into_iter().flatten() {
            if sale.stuck.is_some_and(|told| turn.now.since(told) >= turn.config.execution.stuck_alert) {
                sale.stuck = Some(turn.now);
                self.changed = true;
                turn.effects.facts.push(Fact::Stuck { mint, reason: sale.reason });
            }
        }
    }
}

#[cfg(test)]
mod tests;
