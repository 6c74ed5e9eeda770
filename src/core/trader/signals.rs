//! The entry-signal stage: levels with hysteresis, one signal at every evaluation in a level. It reads no
//! portfolio, so that a stage of the pipe can be fed from outside.

use serde::{Deserialize, Serialize};

use crate::ids::{Hash, Mint};
use crate::time::Timestamp;
use crate::units::{Bps, Points, Thousandths};

/// How strong an entry signal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Sized at three quarters.
    Buy,
    /// Sized in full.
    StrongBuy,
}

/// A wish to enter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntrySignal {
    /// The token.
    pub mint: Mint,
    /// How strong.
    pub level: Level,
    /// The score that made it.
    pub score: Points,
    /// Progress at that moment.
    pub progress: Bps,
    /// Safety at that moment.
    pub safety: Points,
    /// Velocity at that moment.
    pub velocity: Thousandths,
    /// When it was made.
    pub made: Timestamp,
    /// Dead from here on.
    pub expires: Timestamp,
    /// The settings that made it.
    pub config: Hash,
}
