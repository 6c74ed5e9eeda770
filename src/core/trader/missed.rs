//! Why a token was not entered: the first entry condition that an evaluation misses.

use std::fmt;

use super::signals::Level;
use crate::analysis::Analysis;
use crate::config::Signals;
use crate::event::Unknown;
use crate::units::{Bps, Points, Thousandths};

/// A condition of the weakest level that an evaluation does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// The score is too low.
    Score(Points, Points),
    /// Progress is not known.
    ProgressUnknown(Unknown),
    /// Progress is too low, or past the end of the range.
    Progress(Bps, Bps, Bps),
    /// The safety score is too low.
    Safety(Points, Points),
    /// Velocity is not known.
    VelocityUnknown(Unknown),
    /// Velocity is too low; floored.
    Velocity(Thousandths, Thousandths),
}

impl Missed {
    /// The condition, without figures.
    #[must_use]
    pub const fn condition(&self) -> &'static str {
        match self {
            Self::Score(..) => "score too low",
            Self::ProgressUnknown(_) => "progress unknown",
            Self::Progress(..) => "progress out of range",
            Self::Safety(..) => "safety too low",
            Self::VelocityUnknown(_) => "velocity unknown",
            Self::Velocity(..) => "velocity too low",
        }
    }
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Score(is, least) => write!(f, "score {is} < {least}"),
            Self::ProgressUnknown(why) => write!(f, "progress unknown ({})", why),
            Self::Progress(is, from, to) => write!(f, "progress {is} not in [{from}, {to})"),
            Self::Safety(is, least) => write!(f, "safety {is} < {least}"),
            Self::VelocityUnknown(why) => write!(f, "velocity unknown ({})", why),
            Self::Velocity(is, above) => write!(f, "velocity {is} ≤ {above}"),
        }
    }
}

/// The condition of `buy` that an evaluation misses first, in the order of the strategy's table: score,
/// progress, safety, velocity. `None` where it meets them all.
#[must_use]
pub fn missed_first(analysis: &Analysis, keys: &Signals) -> Option<Missed> {
    let floor = Level::Buy.floor(keys);
    let (score, safety) = (analysis.score.total, analysis.score.safety);
    if score < floor.score {
        return Some(Missed::Score(score, floor.score));
    }
    match analysis.metrics.progress {
        Err(why) => return Some(Missed::ProgressUnknown(why)),
        Ok(is) if is < floor.progress || is >= keys.progress_max => {
            return Some(Missed::Progress(is, floor.progress, keys.progress_max));
        }
        Ok(_) => {}
    }
    if safety < floor.safety {
        return Some(Missed::Safety(safety, floor.safety));
    }
    match analysis.metrics.velocity {
        Err(why) => Some(Missed::VelocityUnknown(why)),
        Ok(is) if is <= floor.velocity => Some(Missed::Velocity(is.thousandths(), floor.velocity)),
        Ok(_) => None,
    }
}
