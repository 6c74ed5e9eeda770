//! The trading state: who holds what back, and until when. The strictest hold wins.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::exits::ExitReason;
use crate::event::OnExit;
use crate::ids::Wallet;
use crate::time::Timestamp;
use crate::units::Lamports;

/// What may leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TradingState {
    /// Buys and sells.
    #[default]
    Open,
    /// Sells only.
    ExitsOnly,
    /// Nothing: an operator's lock.
    Stopped,
}

impl TradingState {
    /// Its name in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::ExitsOnly => "exits_only",
            Self::Stopped => "stopped",
        }
    }
}

/// Who holds trading back. Each is set and ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// An operator's pause.
    Pause,
    /// An operator's flatten.
    Flatten,
    /// An operator's lock.
    Lock,
    /// The daily loss limit.
    DailyLoss,
    /// The drawdown limit.
    Drawdown,
    /// Fees of the day.
    DailyFees,
    /// A broken invariant.
    Invariant,
    /// A part of the bot that stays down.
    Outage,
    /// The run is stopping.
    Stopping,
    /// The permission to trade with real money has ended.
    Arming,
}

impl Hold {
    /// Its name in records and commands.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Flatten => "flatten",
            Self::Lock => "lock",
            Self::DailyLoss => "daily_loss",
            Self::Drawdown => "drawdown",
            Self::DailyFees => "daily_fees",
            Self::Invariant => "invariant",
            Self::Outage => "outage",
            Self::Stopping => "stopping",
            Self::Arming => "arming",
        }
    }

    /// What it leaves open.
    #[must_use]
    pub const fn allows(self) -> TradingState {
        match self {
            Self::Lock => TradingState::Stopped,
            _ => TradingState::ExitsOnly,
        }
    }
}

/// A hold with its story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which.
    pub hold: Hold,
    /// Who set it.
    pub who: String,
    /// Why.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
}

impl Held {
    /// The engine itself, for a limit that is reached.
    pub const RISK: &str = "risk";

    /// Who holds trading back because somebody else has the key of `wallet`.
    #[must_use]
    pub fn thief_of(wallet: Wallet) -> String {
        format!("wallet {wallet}")
    }

    /// A permission has ended, and not for what was lost under it.
    #[must_use]
    pub fn is_of_an_arming(&self) -> bool {
        self.hold == Hold::Arming && self.who != Self::RISK
    }
}

/// All that holds trading back: one entry for each hold and holder, since two operators may pause at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "HoldList", into = "HoldList")]
pub struct Holds {
    entries: BTreeMap<(Hold, String), Held>,
    /// What becomes of positions, once the run is stopping.
    on_exit: OnExit,
}

/// Holds as they are written: JSON has no keys that are pairs.
#[derive(Serialize, Deserialize)]
struct HoldList {
    held: Vec<Held>,
    on_exit: OnExit,
}

impl From<HoldList> for Holds {
    fn from(list: HoldList) -> Self {
        let entries = list.held.into_iter().map(|held| ((held.hold, held.who.clone()), held)).collect();
        Self { entries, on_exit: list.on_exit }
    }
}

impl From<Holds> for HoldList {
    fn from(holds: Holds) -> Self {
        Self { held: holds.entries.into_values().collect(), on_exit: holds.on_exit }
    }
}

impl Holds {
    /// The trading state: that of the strictest hold.
    #[must_use]
    pub fn state(&self) -> TradingState {
        self.strictest().map_or(TradingState::Open, |held| held.hold.allows())
    }

    /// The strictest hold, the earliest kind among equals.
    #[must_use]
    pub fn strictest(&self) -> Option<&Held> {
        self.entries.values().min_by_key(|held| (std::cmp::Reverse(held.hold.allows()), held.hold))
    }

    /// Whether `hold` is set by anybody.
    #[must_use]
    pub fn has(&self, hold: Hold) -> bool {
        self.entries.values().any(|held| held.hold == hold)
    }

    /// Whether `hold` is set by `who`.
    #[must_use]
    pub fn held_by(&self, hold: Hold, who: &str) -> bool {
        self.entries.values().any(|held| held.hold == hold && held.who == who)
    }

    /// All of them, in the order of their kinds.
    pub fn iter(&self) -> impl Iterator<Item = &Held> {
        self.entries.values()
    }

    /// Why every position is to be sold, if any hold wants that.
    #[must_use]
    pub fn sell_all(&self) -> Option<ExitReason> {
        if self.has(Hold::Flatten) || self.has(Hold::Outage) {
            Some(ExitReason::Kill)
        } else if self.has(Hold::DailyLoss) || self.has(Hold::Drawdown) {
            Some(ExitReason::LossLimit)
        } else if self.has(Hold::Stopping) && self.on_exit == OnExit::Flatten {
            Some(ExitReason::Shutdown)
        } else {
            None
        }
    }

    /// Sets a hold; one of the same kind and holder is replaced, but keeps since when it holds.
    pub fn set(&mut self, mut held: Held) {
        let key = (held.hold, held.who.clone());
        if let Some(old) = self.entries.get(&key) {
            held.since = old.since;
        }
        self.entries.insert(key, held);
    }

    /// The run is stopping; `on_exit` says what becomes of positions.
    pub const fn stopping(&mut self, on_exit: OnExit) {
        self.on_exit = on_exit;
    }

    /// Ends the pause of `who`, and of nobody else.
    pub fn resume(&mut self, who: &str) {
        self.entries.remove(&(Hold::Pause, who.to_owned()));
    }

    /// A permission that had ended holds again: what was lost under it stays lost.
    pub fn permitted(&mut self) {
        self.entries.retain(|_, held| !held.is_of_an_arming());
    }

    /// Ends the outage of `who`, and of nobody else.
    pub fn recovered(&mut self, who: &str) {
        self.entries.remove(&(Hold::Outage, who.to_owned()));
    }

    /// Ends a hold, whoever set it.
    pub fn reset(&mut self, hold: Hold) {
        self.entries.retain(|(kind, _), _| *kind != hold);
    }

    /// Whether something ends by itself up to `now`.
    #[must_use]
    pub fn ending(&self, now: Timestamp) -> bool {
        self.entries.values().any(|held| held.until.is_some_and(|until| until <= now))
    }

    /// Ends what ends by itself up to `now`.
    pub fn expire(&mut self, now: Timestamp) {
        self.entries.retain(|_, held| held.until.is_none_or(|until| now < until));
    }
}

/// Permission to trade with real money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arm {
    /// When it was given: names it, so that a restart does not count its losses anew.
    pub given: Timestamp,
    /// Most that may be lost since.
    pub max_loss: Lamports,
    /// Equity when it was given, moved by foreign money since.
    pub equity: Lamports,
    /// When it ends; never, if none.
    pub until: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(hold: Hold, who: &str, until: Option<i64>) -> Held {
        let until = until.map(Timestamp);
        Held { hold, who: who.to_owned(), why: "test".to_owned(), since: Timestamp(1), until }
    }

    #[test]
    fn the_strictest_hold_wins_and_the_rest_stays_when_it_ends() {
        let mut holds = Holds::default();
        assert_eq!(holds.state(), TradingState::Open);
        holds.set(held(Hold::Pause, "ann", None));
        holds.set(held(Hold::Lock, "bob", None));
        assert_eq!(holds.state(), TradingState::Stopped);
        assert_eq!(holds.strictest().map(|held| held.who.as_str()), Some("bob"));
        holds.reset(Hold::Lock);
        assert_eq!(holds.state(), TradingState::ExitsOnly);
        holds.resume("bob");
        assert_eq!(holds.state(), TradingState::ExitsOnly, "bob does not end the pause of ann");
        holds.resume("ann");
        assert_eq!(holds.state(), TradingState::Open);
    }

    #[test]
    fn a_hold_ends_by_itself_at_its_moment_and_not_before() {
        let mut holds = Holds::default();
        holds.set(held(Hold::Pause, "ann", Some(100)));
        holds.expire(Timestamp(99));
        assert_eq!(holds.state(), TradingState::ExitsOnly);
        holds.expire(Timestamp(100));
        assert_eq!(holds.state(), TradingState::Open);
    }

    #[test]
    fn what_sells_everything_is_named_by_its_first_reason() {
        let mut holds = Holds::default();
        holds.set(held(Hold::Stopping, "run", None));
        assert_eq!(holds.sell_all(), None);
        holds.stopping(OnExit::Flatten);
        assert_eq!(holds.sell_all(), Some(ExitReason::Shutdown));
        holds.set(held(Hold::Drawdown, "risk", None));
        assert_eq!(holds.sell_all(), Some(ExitReason::LossLimit));
        holds.set(held(Hold::Outage, "store", None));
        assert_eq!(holds.sell_all(), Some(ExitReason::Kill));
        holds.recovered("rpc");
        assert!(holds.has(Hold::Outage), "each part comes back by itself");
        holds.recovered("store");
        assert_eq!(holds.sell_all(), Some(ExitReason::LossLimit));
        holds.set(held(Hold::Flatten, "ann", None));
        assert_eq!(holds.sell_all(), Some(ExitReason::Kill));
    }
}
