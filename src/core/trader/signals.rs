//! The entry-signal stage: levels with hysteresis, one signal at every evaluation in a level. It reads no
//! portfolio, so that a stage of the pipe can be fed from outside.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::{Analysis, Breadth};
use crate::config::{Config, Signals};
use crate::event::{Known, Unknown};
use crate::ids::{Hash, Mint};
use crate::protections::{Protection, Protections};
use crate::ratio::Ratio;
use crate::time::Timestamp;
use crate::units::{Bps, Lamports, Points, Thousandths, mul_div};

/// How strong an entry signal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Sized at three quarters.
    Buy,
    /// Sized in full.
    StrongBuy,
}

impl Level {
    /// Its name in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::StrongBuy => "strong_buy",
        }
    }

    /// What a position of this level should cost before any cap: `max × score / 100 × the level's share`,
    /// floored.
    #[must_use]
    pub fn size(self, score: Points, max: Lamports, keys: &Signals) -> Lamports {
        let share = match self {
            Self::Buy => keys.buy_size,
            Self::StrongBuy => keys.strong_buy_size,
        };
        let both = u64::from(score.0) * u64::from(share.0);
        Lamports(mul_div(max.0, both, 100_000_000))
    }

    /// The score from which it is entered while the market as a whole stands so. Only `buy` follows the
    /// market, and only where the settings say so: in the top share of the window's medians it asks for more, in
    /// the bottom share for less, and where that is not known for what it always asks.
    #[must_use]
    pub fn score(self, keys: &Signals, breadth: Known<Breadth>) -> Points {
        let (base, shift) = match self {
            Self::Buy => (keys.buy_score, keys.adaptive_shift),
            Self::StrongBuy => return keys.strong_buy_score,
        };
        let rest = Bps(Bps::WHOLE.0.saturating_sub(keys.adaptive_share.0));
        match breadth {
            Ok(breadth) if keys.adaptive && breadth.below >= rest => Points(base.0.saturating_add(shift.0)),
            Ok(breadth) if keys.adaptive && breadth.above >= rest => Points(base.0.saturating_sub(shift.0)),
            _ => base,
        }
    }

    pub(super) fn floor(self, keys: &Signals, breadth: Known<Breadth>) -> Floor {
        let score = self.score(keys, breadth);
        match self {
            Self::Buy => Floor {
                score,
                progress: keys.buy_progress,
                safety: keys.buy_safety,
                velocity: keys.buy_velocity,
            },
            Self::StrongBuy => Floor {
                score,
                progress: keys.strong_buy_progress,
                safety: keys.strong_buy_safety,
                velocity: keys.strong_buy_velocity,
            },
        }
    }
}

/// What a level asks for.
pub(super) struct Floor {
    pub(super) score: Points,
    pub(super) progress: Bps,
    pub(super) safety: Points,
    pub(super) velocity: Thousandths,
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
    /// Velocity at that moment, floored.
    pub velocity: Thousandths,
    /// When it was made.
    pub made: Timestamp,
    /// Dead from here on.
    pub expires: Timestamp,
    /// The settings that made it.
    pub config: Hash,
}

/// The stage that turns evaluations into entry signals.
///
/// Each token is in no level, in `buy`, or in `strong_buy` too: the levels are entered and left each by its
/// own conditions, and the strongest that holds signals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SignalStage {
    #[serde(skip)]
    protections: Protections,
    /// Tokens in a level.
    levels: BTreeMap<Mint, Levels>,
    /// No signal before this moment.
    warm_until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Levels {
    buy: bool,
    strong: bool,
}

impl SignalStage {
    /// A stage that has seen nothing.
    #[must_use]
    pub fn new(protections: Protections) -> Self {
        Self { protections, ..Self::default() }
    }

    /// The same stage under these protections, which no snapshot holds.
    #[must_use]
    pub fn protected(self, protections: Protections) -> Self {
        Self { protections, ..self }
    }

    /// No signal before `until`.
    pub const fn warm_up(&mut self, until: Option<Timestamp>) {
        self.warm_until = until;
    }

    /// A token that is no longer tracked is in no level.
    pub fn forget(&mut self, mint: Mint) {
        self.levels.remove(&mint);
    }

    /// What one evaluation says: a signal where the token is in a level, also one that it was in before.
    pub fn signal(&mut self, analysis: &Analysis, config: &Config) -> Option<EntrySignal> {
        let was = self.levels.get(&analysis.mint).copied().unwrap_or_default();
        let (Ok(progress), Ok(velocity)) = (analysis.metrics.progress, analysis.metrics.velocity) else {
            self.forget(analysis.mint);
            return None;
        };
        let is = Levels {
            buy: self.holds(Level::Buy, was.buy, analysis, progress, velocity, config),
            strong: self.holds(Level::StrongBuy, was.strong, analysis, progress, velocity, config),
        };
        if is == Levels::default() {
            self.forget(analysis.mint);
            return None;
        }
        self.levels.insert(analysis.mint, is);
        if self.warm_until.is_some_and(|until| analysis.now < until)
            && self.protections.on(Protection::WarmUp)
        {
            return None;
        }
        Some(EntrySignal {
            mint: analysis.mint,
            level: if is.strong { Level::StrongBuy } else { Level::Buy },
            score: analysis.score.total,
            progress,
            safety: analysis.score.safety,
            velocity: velocity.thousandths(),
            made: analysis.now,
            expires: analysis.now + config.signals.ttl,
            config: config.hash,
        })
    }

    /// Whether the token is in `level` now: the score's threshold is lower for one that was in it.
    fn holds(
        &self,
        level: Level,
        was: bool,
        analysis: &Analysis,
        progress: Bps,
        velocity: Ratio,
        config: &Config,
    ) -> bool {
        let keys = &config.signals;
        let follows = self.protections.on(Protection::AdaptiveScore);
        let breadth = if follows { analysis.breadth } else { Err(Unknown::NotApplicable) };
        let floor = level.floor(keys, breadth);
        let score = analysis.score.total;
        let stays = was
            && self.protections.on(Protection::Hysteresis)
            && score.0 > floor.score.0.saturating_sub(keys.hysteresis.0);
        let high = score >= floor.score || stays || !self.protections.on(Protection::LevelScore);
        let right = progress >= floor.progress
            && progress < keys.progress_max
            && analysis.score.safety >= floor.safety
            && velocity > floor.velocity;
        high && (right || !self.protections.on(Protection::LevelConditions))
    }
}

#[cfg(test)]
mod tests;
