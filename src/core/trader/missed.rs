//! Why a token was not entered: the first entry condition that an evaluation misses.

use std::fmt;

use super::signals::Level;
use crate::analysis::{Analysis, EntryFact, HardFail};
use crate::config::Signals;
use crate::event::Unknown;
use crate::units::{Bps, Points, Thousandths};

/// A condition of the weakest level that an evaluation does not meet, with the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// A fact forbids every entry.
    HardFail(HardFail),
    /// Progress is not known.
    ProgressUnknown(Unknown),
    /// Progress is less than the least.
    Progress(Bps, Bps),
    /// Progress has reached the end of the range.
    ProgressPast(Bps, Bps),
    /// The safety score is less than the least.
    Safety(Points, Points),
    /// Velocity is not known.
    VelocityUnknown(Unknown),
    /// Velocity, floored, is not above its bound.
    Velocity(Thousandths, Thousandths),
    /// The score is less than the least.
    Score(Points, Points),
    /// A fact that an entry needs is not known.
    Fact(EntryFact, Unknown),
}

impl Missed {
    /// How many kinds of conditions were met before it.
    #[must_use]
    pub const fn met(&self) -> u8 {
        match self {
            Self::HardFail(_) => 0,
            Self::ProgressUnknown(_) | Self::Progress(..) | Self::ProgressPast(..) => 1,
            Self::Safety(..) => 2,
            Self::VelocityUnknown(_) | Self::Velocity(..) => 3,
            Self::Score(..) => 4,
            Self::Fact(..) => 5,
        }
    }
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HardFail(fail) => write!(f, "hard fail: {}", fail.name()),
            Self::ProgressUnknown(why) => write!(f, "progress unknown ({why})"),
            Self::Progress(is, least) => write!(f, "progress {is} < {least}"),
            Self::ProgressPast(is, end) => write!(f, "progress {is} ≥ {end}"),
            Self::Safety(is, least) => write!(f, "safety {is} < {least}"),
            Self::VelocityUnknown(why) => write!(f, "velocity unknown ({why})"),
            Self::Velocity(is, above) => write!(f, "velocity {is} ≤ {above}"),
            Self::Score(is, least) => write!(f, "score {is} < {least}"),
            Self::Fact(fact, why) => write!(f, "{} unknown ({why})", fact.name()),
        }
    }
}

/// The condition of `buy` that an evaluation misses first; `None` where it meets them all.
///
/// They are asked as a candidate meets them on its way: it must be allowed, be far enough along its curve, be
/// safe, be moving. The score sums up all of these and would always be named if it came before them.
#[must_use]
pub fn missed_first(analysis: &Analysis, keys: &Signals) -> Option<Missed> {
    let floor = Level::Buy.floor(keys, analysis.breadth);
    let (score, safety) = (analysis.score.total, analysis.score.safety);
    if let Some(fail) = analysis.hard_fail {
        return Some(Missed::HardFail(fail));
    }
    match analysis.metrics.progress {
        Err(why) => return Some(Missed::ProgressUnknown(why)),
        Ok(is) if is < floor.progress => return Some(Missed::Progress(is, floor.progress)),
        Ok(is) if is >= keys.progress_max => return Some(Missed::ProgressPast(is, keys.progress_max)),
        Ok(_) => {}
    }
    if safety < floor.safety {
        return Some(Missed::Safety(safety, floor.safety));
    }
    match analysis.metrics.velocity {
        Err(why) => return Some(Missed::VelocityUnknown(why)),
        Ok(is) if is <= floor.velocity => return Some(Missed::Velocity(is.thousandths(), floor.velocity)),
        Ok(_) => {}
    }
    if score < floor.score {
        return Some(Missed::Score(score, floor.score));
    }
    analysis.missing.first().map(|&(fact, why)| Missed::Fact(fact, why))
}
