//! Why and when a position is sold.

use serde::{Deserialize, Serialize};

/// Why a position is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitReason {
    /// The mark fell to the stop, initial or trailing.
    Stop,
    /// A rung of the ladder.
    Ladder,
    /// The token graduates.
    Migration,
    /// No new high for too long.
    Time,
    /// The score fell.
    Score,
    /// A hard fail, or the safety score fell.
    Safety,
    /// An operator sold it.
    Manual,
    /// The kill switch.
    Kill,
    /// A daily or drawdown limit.
    LossLimit,
    /// The bot stops.
    Shutdown,
}
