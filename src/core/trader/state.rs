//! The trading state: who holds what back, and until when. The strictest hold wins.

use serde::{Deserialize, Serialize};

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
    /// The run is stopping.
    Stopping,
}
