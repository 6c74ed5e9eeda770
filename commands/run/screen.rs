//! What a person sees of a run while it runs: the warm-up bar, one line for each signal, fill and exit, and a
//! status line under them. All of it is talk, so it goes to stderr.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use momentum_core::action::{Effects, Swap};
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Side};
use momentum_core::fact::{AttemptEnd, Fact};
use momentum_core::ids::Mint;
use momentum_core::time::Timestamp;
use momentum_core::units::{LAMPORTS_PER_SOL, LamportsDelta};
use momentum_store::record::clean;

use crate::output::{Out, tell};

/// Time between two drawings of the status line.
const DRAW_EVERY: Duration = Duration::from_millis(100);

/// The screen of a run.
pub(crate) struct Screen {
    bar: Option<ProgressBar>,
    lines: bool,
    /// Sales are told attempt by attempt.
    attempts: bool,
    warm_up: Option<(Timestamp, Timestamp)>,
    drawn: Instant,
}

impl Screen {
    /// A screen by the rules of the output; `warm_up` is its beginning and end in market time.
    pub(crate) fn new(out: &Out, warm_up: Option<(Timestamp, Timestamp)>) -> Self {
        let bar = out.progress().then(ProgressBar::new_spinner);
        let lines = out.progress() || out.for_people();
        let screen = Self { bar, lines, attempts: false, warm_up, drawn: Instant::now() };
        if let (Some(bar), Some((from, to))) = (&screen.bar, warm_up) {
            bar.set_length(to.since(from).as_secs());
            bar.set_style(style("{msg} [{bar:30}] {percent:>3} %  {eta} left"));
            bar.set_message("warming up");
        }
        screen
    }

    /// A screen that tells of each attempt of a sale what became of it.
    pub(crate) fn of_sales(out: &Out) -> Self {
        Self { attempts: true, lines: !out.is_quiet(), ..Self::new(out, None) }
    }

    /// One event with what it made: a line for each thing that a person wants to know at once.
    pub(crate) fn see(&self, envelope: &Envelope, effects: &Effects) {
        if !self.lines {
            return;
        }
        let tried = |fact| if self.attempts { tried(fact) } else { None };
        for text in effects.facts.iter().filter_map(|fact| told(fact).or_else(|| tried(fact))) {
            let line = format!("{}  {text}", clock(envelope.now));
            match &self.bar {
                Some(bar) => bar.println(line),
                None => tell(&line),
            }
        }
    }

    /// Draws the status line, at most ten times a second.
    pub(crate) fn status(&mut self, now: Timestamp, engine: &Engine) {
        let (Some(bar), true) = (&self.bar, self.drawn.elapsed() >= DRAW_EVERY) else { return };
        if let Some((from, to)) = self.warm_up {
            if now < to {
                self.drawn = Instant::now();
                bar.set_position(now.since(from).as_secs());
                return;
            }
            self.warm_up = None;
            bar.println(format!("{}  warm: entries may begin", clock(now)));
        }
        self.show(|| summary_line(now, engine));
    }

    /// Draws a status line, at most ten times a second.
    pub(crate) fn show(&mut self, line: impl FnOnce() -> String) {
        let (Some(bar), true) = (&self.bar, self.drawn.elapsed() >= DRAW_EVERY) else { return };
        self.drawn = Instant::now();
        bar.set_style(style("{spinner} {msg}"));
        bar.set_message(line());
        bar.tick();
    }

    /// Wipes the status line.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates are constants of this file; a wrong one falls back to the plain bar.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn summary_line(now: Timestamp, engine: &Engine) -> String {
    let view = engine.view();
    let best = view
        .top
        .first()
        .map_or_else(|| "–".to_owned(), |best| format!("{} {}", best.score, short(best.mint)));
    format!(
        "{}  {} tokens  best {best}  {} open  P&L {}  {} signals  {} refused",
        clock(now),
        view.tracked,
        view.trader.positions.len(),
        signed(view.trader.result),
        view.trader.total.signals,
        view.trader.total.refusals.sum(),
    )
}

/// The line of a fact; none for facts that nobody waits for.
fn told(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::EntrySignalled(signal) => format!(
            "SIGNAL  {}  {}, score {}, {} sold",
            short(signal.mint),
            signal.level.name(),
            signal.score,
            signal.progress
        ),
        Fact::Refused(refused) => format!("REFUSED {}  {}", short(refused.mint), refused.code.code()),
        Fact::PositionOpened { mint, cost, stop, .. } => {
            format!("OPEN    {}  for {}, stop at {}", short(*mint), sol(cost.0), sol(stop.0))
        }
        Fact::Filled { mint, fill, exit, .. } => {
            let side = if fill.side == Side::Buy { "BUY " } else { "SELL" };
            let why = exit.map_or("entry", |exit| exit.name());
            format!(
                "{side}    {}  {why}: {} tokens, {}",
                short(*mint),
                fill.tokens.0 / 1_000_000,
                sol(fill.lamports.0)
            )
        }
        Fact::Vanished { order, .. } => {
            format!("FORK    {}  took a landing back: it is undone and in flight again", short(order.mint))
        }
        Fact::Simulated(simulation) => match (&simulation.outcome, simulation.difference_bps()) {
            (Err(why), _) => format!("CHAIN   {}  would have failed: {}", short(simulation.mint), clean(why)),
            (Ok(_), bps) => {
                format!("CHAIN   {}  {:+} bps against the quote", short(simulation.mint), bps.unwrap_or(0))
            }
        },
        Fact::ExitFired { mint, reason, mark, .. } => {
            format!("EXIT    {}  {}, worth {}", short(*mint), reason.name(), sol(mark.0))
        }
        Fact::PositionClosed(closed) => format!(
            "CLOSED  {}  {}: {} on {}",
            short(closed.mint),
            closed.reason.name(),
            signed(closed.pnl),
            sol(closed.cost.0)
        ),
        Fact::OrderOpened(order) if order.exit.is_none() => match order.swap {
            Swap::Buy { spend, .. } => format!("ORDER   {}  buy for {}", short(order.mint), sol(spend.0)),
            Swap::Sell { tokens, .. } => {
                format!("ORDER   {}  sell {} tokens", short(order.mint), tokens.0 / 1_000_000)
            }
            Swap::Close => format!("ORDER   {}  close its account", short(order.mint)),
            Swap::Withdraw { to, lamports } => {
                format!("ORDER   {} to the cold address {to}", sol(lamports.0))
            }
        },
        Fact::AttemptEnded { mint, end, .. } => {
            let how = match end {
                AttemptEnd::Refused { why } => format!("never left: {why}"),
                AttemptEnd::Failed { error } => format!("failed: {error}"),
                AttemptEnd::Expired => "can never land any more".to_owned(),
            };
            // What brings lamports away is of no coin.
            let of = if *mint == Mint::default() { "away".to_owned() } else { short(*mint) };
            format!("NOTHING {of}  {how}")
        }
        Fact::RentReturned { mint, rent, .. } => format!("RENT    {}  {} back", short(*mint), sol(rent.0)),
        Fact::Withdrawn { wallet, to, lamports, .. } => {
            format!("AWAY    {} of {wallet} at the cold address {to}", sol(lamports.0))
        }
        Fact::WouldBuy { mint, lamports } => format!("WOULD BUY {} for {}", short(*mint), sol(lamports.0)),
        Fact::Stuck { mint, reason } => format!("STUCK   {}  {}: tried again", short(*mint), reason.name()),
        Fact::StateChanged { state, who, why, .. } => format!("STATE   {} by {who}: {why}", state.name()),
        Fact::InvariantBroken { what } => format!("BUG     {what}"),
        _ => return None,
    })
}

/// The line of an attempt of a sale.
fn tried(fact: &Fact) -> Option<String> {
    let Fact::OrderOpened(order) = fact else { return None };
    let Swap::Sell { min_lamports, .. } = order.swap else { return None };
    let (number, mint) = (order.attempt.number, short(order.mint));
    Some(format!("TRY {number:<3} {mint}  for at least {}", sol(min_lamports.0)))
}

fn clock(now: Timestamp) -> String {
    now.to_string().get(..19).unwrap_or_default().replace('T', " ")
}

/// Lamports as people read them in passing: SOL with four digits, cut. Exact amounts are in the records.
fn sol(lamports: u64) -> String {
    format!("{}.{:04} SOL", lamports / LAMPORTS_PER_SOL, lamports % LAMPORTS_PER_SOL / 100_000)
}

fn signed(amount: LamportsDelta) -> String {
    format!("{}{}", if amount.0 < 0 { "-" } else { "+" }, sol(amount.0.unsigned_abs()))
}

fn short(mint: Mint) -> String {
    let text = mint.to_string();
    format!("{}…{}", &text[..4], &text[text.len() - 4..])
}

#[cfg(test)]
mod tests {
    use momentum_core::event::NetworkCosts;
    use momentum_core::ids::{AttemptId, Pubkey};

    use super::*;

    #[test]
    fn an_attempt_that_came_to_nothing_is_told_with_why() {
        let coin = Mint(Pubkey([1; 32]));
        for (mint, of) in [(coin, short(coin)), (Mint::default(), "away".to_owned())] {
            let fact = Fact::AttemptEnded {
                attempt: AttemptId::default(),
                mint,
                end: AttemptEnd::Failed { error: "slippage".to_owned() },
                costs: NetworkCosts::default(),
            };
            assert_eq!(told(&fact), Some(format!("NOTHING {of}  failed: slippage")));
        }
    }
}
