//! A score for people: each part with its inputs, their age and source, the tier met and the distance to the
//! next one.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::score::{Judge, Origin, PartName, judge, safety_points};
use super::{Analysis, Source};
use crate::config::{Config, Setting, Tier, Value};
use crate::event::Known;
use crate::ratio::Ratio;
use crate::time::Timestamp;
use crate::units::{Bps, Lamports, Points, Thousandths};

/// One part of the score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Points reached.
    pub points: Points,
    /// Most that it can reach.
    pub max: Points,
    /// What went into it.
    pub inputs: Vec<Input>,
}

/// One input of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its value for people, with its unit; or why it is unknown.
    pub value: Known<String>,
    /// Points that it brought; of a safety check, before the sixth is taken.
    pub points: Points,
    /// The tier met, as the settings write it.
    pub tier: Option<String>,
    /// The next better tier as the settings write it.
    pub next: Option<String>,
    /// How far the value is from it, in its own unit.
    pub distance: Option<String>,
    /// Who told; nobody yet where it is unknown.
    pub source: Option<Source>,
    /// Seconds since it was learned.
    pub age_seconds: Option<u64>,
}

/// A value that tiers of `T` can judge and people can read.
pub(super) trait Measured<T>: PartialOrd<T> + Copy {
    /// With its unit.
    fn shown(self) -> String;
    /// How far it is from a threshold, with its unit.
    fn distance(self, threshold: &T) -> String;
}

fn plain(setting: &impl Setting) -> String {
    match setting.show() {
        Value::Text(text) => text,
        other => other.to_string(),
    }
}

fn apart(a: Thousandths, b: Thousandths) -> Thousandths {
    Thousandths(b.0.saturating_sub(a.0).saturating_abs())
}

fn bps_apart(a: Bps, b: Bps) -> Bps {
    Bps(a.0.abs_diff(b.0))
}

macro_rules! measured {
    ($($value:ty, $threshold:ty: $of:expr, $apart:expr;)*) => {$(
        impl Measured<$threshold> for $value {
            fn shown(self) -> String {
                plain(&$of(self))
            }
            fn distance(self, threshold: &$threshold) -> String {
                plain(&$apart($of(self), *threshold))
            }
        }
    )*};
}

measured! {
    Ratio, Thousandths: Ratio::thousandths, apart;
    Ratio, Bps: Ratio::bps, bps_apart;
    Thousandths, Thousandths: std::convert::identity, apart;
    Bps, Bps: std::convert::identity, bps_apart;
    Lamports, Lamports: std::convert::identity, |a: Lamports, b: Lamports| Lamports(a.0.abs_diff(b.0));
    u32, u32: std::convert::identity, u32::abs_diff;
    Duration, Duration: std::convert::identity, Duration::abs_diff;
    bool, bool: std::convert::identity, |_: bool, wanted: bool| wanted;
}

/// Writes down what [`judge`] tells.
struct Explanation<'a> {
    analysis: &'a Analysis,
    parts: Vec<Part>,
}

impl Judge for Explanation<'_> {
    fn input<V: Measured<T>, T: Setting>(
        &mut self,
        part: PartName,
        name: &'static str,
        value: Known<V>,
        tiers: &[Tier<T>],
        origin: Origin,
    ) {
        let met = value.ok().and_then(|value| Tier::met(tiers, &value));
        let points = met.map_or(Points::default(), |tier| tier.points);
        let next = Tier::next_above(tiers, points);
        let (source, learned) = self.analysis.told(origin).unzip();
        let part = &mut self.parts[part as usize];
        part.points += points;
        part.max += Tier::most(tiers);
        part.inputs.push(Input {
            name: name.to_owned(),
            value: value.map(Measured::shown),
            points,
            tier: met.map(Tier::to_string),
            next: next.map(Tier::to_string),
            distance: value.ok().zip(next).map(|(value, next)| value.distance(next.condition.bound(&value))),
            source,
            age_seconds: learned.map(|learned| self.analysis.now.since(learned).as_secs()),
        });
    }
}

impl Analysis {
    /// Why the score is what it is, under the settings that it was made with.
    #[must_use]
    pub fn explain(&self, config: &Config) -> Vec<Part> {
        let part = |name: &str| Part {
            name: name.to_owned(),
            points: Points::default(),
            max: Points::default(),
            inputs: Vec::new(),
        };
        let parts = ["volume", "holders", "liquidity", "social", "safety"].map(part).into();
        let mut explanation = Explanation { analysis: self, parts };
        judge(&self.metrics, config, &mut explanation);
        let mut parts = explanation.parts;
        if let Some(safety) = parts.last_mut() {
            let sixth = |checks: Points, flags| safety_points(u32::from(checks.0), flags, config);
            (safety.points, safety.max) =
                (sixth(safety.points, self.score.flags.len()), sixth(safety.max, 0));
        }
        parts
    }

    fn told(&self, origin: Origin) -> Option<(Source, Timestamp)> {
        let learned = &self.learned;
        match origin {
            Origin::Trades => Some((Source::Stream, learned.traded?)),
            Origin::Mint => learned.mint,
            Origin::Holders => learned.holders,
            Origin::Links => Some((Source::Metadata, learned.links?)),
            Origin::Members => Some((Source::Telegram, learned.members?)),
        }
    }
}
