//! Results of the day and since the start, and the limits on their losses.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::exits::ExitReason;
use super::risk::breached;
use super::tally::Tally;
use crate::codes::RefusalCode;
use crate::time::Timestamp;
use crate::units::{Bps, Lamports, LamportsDelta};

/// Length of a UTC day.
pub const DAY: Duration = Duration::from_secs(86_400);

/// What is counted, since the start and again each day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Entry signals.
    pub signals: u64,
    /// Refusals by code.
    pub refusals: Tally<RefusalCode>,
    /// Orders approved.
    pub orders: u64,
    /// Swaps that landed.
    pub fills: u64,
    /// Positions closed by the reason of their last fill.
    pub exits: Tally<ExitReason>,
    /// Of these, how many with a profit.
    pub won: u64,
    /// Network fees and tips.
    pub fees: Lamports,
    /// Sum of the profits and losses of closed positions, and of the costs of buys that came to nothing.
    pub realised: LamportsDelta,
}

impl Counters {
    /// Positions closed.
    #[must_use]
    pub fn closed(&self) -> u64 {
        self.exits.sum()
    }
}

/// Results and the bases that limits are measured from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// First moment of the day.
    pub day: Timestamp,
    /// Equity at 00:00 UTC (a new book: at its start), moved by foreign money since.
    pub day_open: Lamports,
    /// Equity that the daily loss is measured from: `day_open`, or that of a reset.
    pub day_base: Lamports,
    /// Equity at the start of the book, moved by foreign money since.
    pub start: Lamports,
    /// The highest equity since the start (or a reset), moved by foreign money since.
    pub peak: Lamports,
    /// Counted today.
    pub today: Counters,
    /// Counted since the start.
    pub total: Counters,
    /// Since when an unrealised daily loss breaches its limit.
    daily_breach: Option<Timestamp>,
    /// Since when an unrealised drawdown does.
    drawdown_breach: Option<Timestamp>,
}

/// Equity in the three ways in which limits read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Equity {
    /// Lamports, recoverable rent, marks.
    pub marked: Lamports,
    /// The same, but positions in stale tokens at cost where that is more: a stale mark accuses nobody.
    pub trusted: Lamports,
    /// The same, but all positions at cost where that is more: a breach that stays is realised.
    pub realised: Lamports,
}

/// A limit that is hit for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// The daily loss limit.
    Daily,
    /// The drawdown limit.
    Drawdown,
}

impl Results {
    /// Results of a book that starts now.
    #[must_use]
    pub fn start(now: Timestamp, equity: Lamports) -> Self {
        Self {
            day: now.midnight(),
            day_open: equity,
            day_base: equity,
            start: equity,
            peak: equity,
            ..Self::default()
        }
    }

    /// Result of the day so far: foreign money does not count.
    #[must_use]
    pub fn of_day(&self, equity: Lamports) -> LamportsDelta {
        equity.minus(self.day_open)
    }

    /// Ends the day where `now` is in a later one: its first moment and its result.
    pub fn end_day(&mut self, now: Timestamp, equity: Lamports) -> Option<(Timestamp, LamportsDelta)> {
        if now < self.day + DAY {
            return None;
        }
        let ended = (self.day, self.of_day(equity));
        self.day = now.midnight();
        self.day_open = equity;
        self.day_base = equity;
        self.daily_breach = None;
        self.today = Counters::default();
        Some(ended)
    }

    /// Counts something, today and since the start.
    pub fn count(&mut self, change: impl Fn(&mut Counters)) {
        change(&mut self.today);
        change(&mut self.total);
    }

    /// Foreign money moves every base by itself, so that it is neither profit nor loss.
    pub fn foreign(&mut self, change: LamportsDelta) {
        for base in [&mut self.day_open, &mut self.day_base, &mut self.start, &mut self.peak] {
            *base = base.offset(change).unwrap_or(Lamports::ZERO);
        }
    }

    /// An operator takes the present as the base of the daily loss.
    pub const fn reset_daily(&mut self, equity: Lamports) {
        self.day_base = equity;
        self.daily_breach = None;
    }

    /// An operator takes the present as the peak.
    pub const fn reset_drawdown(&mut self, equity: Lamports) {
        self.peak = equity;
        self.drawdown_breach = None;
    }

    /// Watches both limits: `daily` and `drawdown` are their shares, `time` is how long an unrealised breach
    /// must last, `marked` whether a mark was taken just now. An unrealised breach needs two marks, `time`
    /// apart or more, and every mark between them.
    pub fn watch(
        &mut self,
        now: Timestamp,
        equity: Equity,
        limits: &crate::config::Risk,
        marked: bool,
    ) -> Vec<Breach> {
        self.peak = self.peak.max(equity.marked);
        let time = limits.breach_time;
        let daily = (self.day_base, limits.daily_loss_limit);
        let drawdown = (self.peak, limits.drawdown_limit);
        let mut hit = Vec::new();
        if lasts(&mut self.daily_breach, now, equity, daily, time, marked) {
            hit.push(Breach::Daily);
        }
        if lasts(&mut self.drawdown_breach, now, equity, drawdown, time, marked) {
            hit.push(Breach::Drawdown);
        }
        hit
    }
}

/// Whether a breach is realised, or has lasted; `since` remembers the first mark that showed it.
fn lasts(
    since: &mut Option<Timestamp>,
    now: Timestamp,
    equity: Equity,
    (base, limit): (Lamports, Bps),
    time: Duration,
    marked: bool,
) -> bool {
    if breached(equity.realised, base, limit) {
        return true;
    }
    if !marked {
        return false;
    }
    if !breached(equity.trusted, base, limit) {
        *since = None;
        return false;
    }
    let first = *since.get_or_insert(now);
    first < now && now.since(first) >= time
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const CAPITAL: Lamports = Lamports::sol(10);
    const SECOND: i64 = 1_000_000;

    fn equity(marked: u64) -> Equity {
        Equity { marked: Lamports(marked), trusted: Lamports(marked), realised: CAPITAL }
    }

    fn watch(results: &mut Results, now: i64, equity: Equity, marked: bool) -> Vec<Breach> {
        results.watch(Timestamp(now), equity, &Config::default().risk, marked)
    }

    #[test]
    fn a_realised_loss_breaches_at_the_limit_and_not_one_lamport_before() {
        let mut results = Results::start(Timestamp(0), CAPITAL);
        let lost = |left| Equity { realised: Lamports(left), ..equity(left) };
        assert_eq!(watch(&mut results, 1, lost(9_000_000_001), false), []);
        assert_eq!(watch(&mut results, 1, lost(9_000_000_000), false), [Breach::Daily]);
        assert_eq!(watch(&mut results, 1, lost(8_500_000_001), false), [Breach::Daily]);
        assert_eq!(watch(&mut results, 1, lost(8_500_000_000), false), [Breach::Daily, Breach::Drawdown]);
    }

    #[test]
    fn an_unrealised_loss_must_last_a_second_over_two_marks() {
        let mut results = Results::start(Timestamp(0), CAPITAL);
        assert_eq!(watch(&mut results, 0, equity(8_900_000_000), true), []);
        assert_eq!(watch(&mut results, SECOND - 1, equity(8_900_000_000), true), []);
        assert_eq!(watch(&mut results, 2 * SECOND, equity(8_900_000_000), false), [], "no second mark");
        assert_eq!(watch(&mut results, SECOND, equity(8_900_000_000), true), [Breach::Daily]);
    }

    #[test]
    fn a_mark_without_the_breach_starts_the_second_anew() {
        let mut results = Results::start(Timestamp(0), CAPITAL);
        assert_eq!(watch(&mut results, 0, equity(8_900_000_000), true), []);
        assert_eq!(watch(&mut results, SECOND / 2, equity(9_500_000_000), true), []);
        assert_eq!(watch(&mut results, SECOND, equity(8_900_000_000), true), []);
        assert_eq!(watch(&mut results, 2 * SECOND, equity(8_900_000_000), true), [Breach::Daily]);
    }

    #[test]
    fn a_loss_in_a_stale_token_breaches_nothing() {
        let mut results = Results::start(Timestamp(0), CAPITAL);
        let stale = Equity { trusted: CAPITAL, ..equity(5_000_000_000) };
        for now in 0..5 {
            assert_eq!(watch(&mut results, now * SECOND, stale, true), []);
        }
    }

    #[test]
    fn foreign_money_is_neither_profit_nor_loss() {
        let mut results = Results::start(Timestamp(0), CAPITAL);
        results.foreign(LamportsDelta(-9_000_000_000));
        let left = Lamports::sol(1);
        assert_eq!(results.of_day(left), LamportsDelta(0));
        let equity = Equity { marked: left, trusted: left, realised: left };
        assert_eq!(watch(&mut results, 1, equity, true), []);
    }

    #[test]
    fn a_day_ends_at_midnight_and_measures_from_there() {
        let mut results = Results::start(Timestamp(5), CAPITAL);
        results.count(|counters| counters.signals += 1);
        let midnight = 86_400 * SECOND;
        assert_eq!(results.end_day(Timestamp(midnight - 1), Lamports::sol(9)), None);
        let ended = results.end_day(Timestamp(midnight), Lamports::sol(9));
        assert_eq!(ended, Some((Timestamp(0), LamportsDelta(-1_000_000_000))));
        assert_eq!((results.day_base, results.today.signals), (Lamports::sol(9), 0));
        assert_eq!(results.total.signals, 1);
        assert_eq!(results.peak, CAPITAL, "the peak outlives the day");
    }
}
