//! Tier tables of the score: which values bring how many points, as data.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::setting::{Setting, Shape};
use super::value::Value;
use crate::units::Points;

/// A table of tiers over thresholds of type `T`: the first line that a value meets counts.
///
/// In the file: `["> 2.0: 15", "> 1.0: 10"]`, `["80-90 %: 15", "95-100 %: 5"]`. A range is half-open,
/// `[low, high)`; `>`, `>=`, `<`, `<=` mean what they say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiers<T>(Vec<Tier<T>>);

/// One line of a tier table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier<T> {
    /// Which values meet it.
    pub condition: Condition<T>,
    /// What it brings.
    pub points: Points,
}

/// Which values meet a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition<T> {
    /// `> t`
    Above(T),
    /// `>= t`
    AtLeast(T),
    /// `< t`
    Below(T),
    /// `<= t`
    AtMost(T),
    /// `low-high`: from `low` on, below `high`.
    Within(T, T),
}

impl<T> Condition<T> {
    /// Whether `value` meets it. The comparison is the value's own, so that exact ratios compare exactly.
    pub fn met<V: PartialOrd<T>>(&self, value: &V) -> bool {
        match self {
            Self::Above(t) => value > t,
            Self::AtLeast(t) => value >= t,
            Self::Below(t) => value < t,
            Self::AtMost(t) => value <= t,
            Self::Within(low, high) => value >= low && value < high,
        }
    }

    /// The bound that keeps `value` out: which one it would have to reach.
    pub fn bound<V: PartialOrd<T>>(&self, value: &V) -> &T {
        match self {
            Self::Above(t) | Self::AtLeast(t) | Self::Below(t) | Self::AtMost(t) => t,
            Self::Within(low, high) => {
                if value.partial_cmp(low) == Some(Ordering::Less) {
                    low
                } else {
                    high
                }
            }
        }
    }
}

impl<T> Deref for Tiers<T> {
    type Target = [Tier<T>];
    fn deref(&self) -> &[Tier<T>] {
        &self.0
    }
}

impl<T> Tiers<T> {
    /// The place of the tier that `value` meets.
    pub fn place<V: PartialOrd<T>>(&self, value: &V) -> Option<usize> {
        self.iter().position(|tier| tier.condition.met(value))
    }
}

impl<T> Tier<T> {
    /// The tier that `value` meets: the first.
    pub fn met<'a, V: PartialOrd<T>>(tiers: &'a [Self], value: &V) -> Option<&'a Self> {
        tiers.iter().find(|tier| tier.condition.met(value))
    }

    /// The most that any value can bring.
    pub fn most(tiers: &[Self]) -> Points {
        tiers.iter().map(|tier| tier.points).max().unwrap_or_default()
    }

    /// The cheapest tier that brings more than `points`.
    pub fn next_above(tiers: &[Self], points: Points) -> Option<&Self> {
        tiers.iter().filter(|tier| tier.points > points).min_by_key(|tier| tier.points)
    }
}

impl<T: Setting> Tier<T> {
    fn read(text: &str) -> Option<Self> {
        let (condition, points) = text.rsplit_once(':')?;
        let threshold = |text: &str| T::parse(&Value::Text(text.trim().to_owned())).ok();
        let condition = condition.trim();
        let condition = if let Some(rest) = condition.strip_prefix(">=") {
            Condition::AtLeast(threshold(rest)?)
        } else if let Some(rest) = condition.strip_prefix("<=") {
            Condition::AtMost(threshold(rest)?)
        } else if let Some(rest) = condition.strip_prefix('>') {
            Condition::Above(threshold(rest)?)
        } else if let Some(rest) = condition.strip_prefix('<') {
            Condition::Below(threshold(rest)?)
        } else {
            let (low, high) = condition.split_once('-')?;
            let unit = high.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '_');
            Condition::Within(threshold(&format!("{low}{unit}"))?, threshold(high)?)
        };
        let points = Points::parse(&Value::Text(points.trim().to_owned())).ok()?;
        Some(Self { condition, points })
    }
}

/// A threshold as the file writes it.
fn plain<T: Setting>(threshold: &T) -> String {
    match threshold.show() {
        Value::Text(text) => text,
        other => other.to_string(),
    }
}

impl<T: Setting> fmt::Display for Condition<T> {
    /// As the file writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Above(t) => write!(f, "> {}", plain(t)),
            Self::AtLeast(t) => write!(f, ">= {}", plain(t)),
            Self::Below(t) => write!(f, "< {}", plain(t)),
            Self::AtMost(t) => write!(f, "<= {}", plain(t)),
            Self::Within(low, high) => {
                let (low, high) = (plain(low), plain(high));
                let number =
                    |text: &str| text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
                let (low_at, high_at) = (number(&low), number(&high));
                // Both bounds share the unit of the higher one where theirs is the same.
                if low[low_at..] == high[high_at..] {
                    write!(f, "{}-{high}", &low[..low_at])
                } else {
                    write!(f, "{low}-{high}")
                }
            }
        }
    }
}

impl<T: Setting> fmt::Display for Tier<T> {
    /// As the file writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.condition, self.points)
    }
}

impl<T: Setting> Setting for Tiers<T> {
    const UNIT: &'static str = "tiers";
    const SHAPE: Shape = Shape::List(&Shape::Text);

    fn parse(value: &Value) -> Result<Self, String> {
        let Value::List(lines) = value else {
            return Err(format!("is {value}, should be a list of tiers like [\"> 2: 15\", \"80-90 %: 10\"]"));
        };
        let tier = |line: &Value| {
            let read = if let Value::Text(text) = line { Tier::read(text) } else { None };
            read.ok_or_else(|| {
                format!("has {line}, should be a tier like \"> 2: 15\" or \"80-90 %: 10\" ({})", T::UNIT)
            })
        };
        lines.iter().map(tier).collect::<Result<_, _>>().map(Self)
    }

    fn show(&self) -> Value {
        Value::List(self.0.iter().map(|tier| Value::Text(tier.to_string())).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::units::{Bps, Thousandths};

    fn points<T, V: PartialOrd<T>>(tiers: &Tiers<T>, value: &V) -> Points {
        Tier::met(tiers, value).map_or(Points::default(), |tier| tier.points)
    }

    fn tiers<T: Setting>(lines: &[&str]) -> Tiers<T> {
        let lines = lines.iter().map(|line| Value::Text((*line).to_owned())).collect();
        Tiers::parse(&Value::List(lines)).unwrap()
    }

    #[test]
    fn ranges_are_half_open_and_signs_mean_what_they_say() {
        let progress: Tiers<Bps> = tiers(&["80-90 %: 15", "90-95 %: 10"]);
        for (bps, expected) in [(7_999, 0), (8_000, 15), (8_999, 15), (9_000, 10), (9_499, 10), (9_500, 0)] {
            assert_eq!(points(&progress, &Bps(bps)), Points::whole(expected), "{bps}");
        }
        let velocity: Tiers<Thousandths> = tiers(&["> 2.0: 15", "> 1.0: 10"]);
        for (value, expected) in [(1_000, 0), (1_001, 10), (2_000, 10), (2_001, 15)] {
            assert_eq!(points(&velocity, &Thousandths(value)), Points::whole(expected), "{value}");
        }
        let rest: Tiers<u32> = tiers(&["<= 3: 2", ">= 7: 1", "< 5: 0.5"]);
        for (value, expected) in [(3, 200), (4, 50), (5, 0), (6, 0), (7, 100)] {
            assert_eq!(points(&rest, &value), Points(expected), "{value}");
        }
    }

    #[test]
    fn a_table_is_written_as_it_was_read() {
        let age: Tiers<Duration> = tiers(&["> 30 min: 10", "300-1800 s: 5"]);
        assert_eq!(age.show().to_string(), "[\"> 30 min: 10\", \"5-30 min: 5\"]");
        assert_eq!(Tiers::parse(&age.show()), Ok(age));
    }

    #[test]
    fn what_is_no_tier_is_refused_by_name() {
        for line in ["80-90: 15", "> 2", "about 3 %: 4", "> 3 %: many"] {
            let value = Value::List(vec![Value::Text(line.to_owned())]);
            assert!(Tiers::<Bps>::parse(&value).unwrap_err().contains(line), "{line}");
        }
    }

    #[test]
    fn the_next_tier_is_the_cheapest_better_one() {
        let progress: Tiers<Bps> = tiers(&["80-90 %: 15", "70-80 %: 10", "60-70 %: 5"]);
        let next = Tier::next_above(&progress, Points::default()).unwrap();
        assert_eq!(next.to_string(), "60-70 %: 5");
        assert_eq!(*next.condition.bound(&Bps(5_000)), Bps(6_000));
        assert_eq!(*next.condition.bound(&Bps(9_000)), Bps(7_000));
        assert_eq!(Tier::next_above(&progress, Points::whole(15)), None);
    }
}
