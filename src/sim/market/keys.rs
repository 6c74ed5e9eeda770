//! `[sim]`: the settings of the embedded market.

use std::time::Duration;

use momentum_core::config::{Section, Setting, Shape, Value};
use momentum_core::{section, words};
use serde::{Deserialize, Serialize};

section!(
    /// `[sim]`: the embedded market. The same seed and settings give the same stream, event for event.
    SimKeys in "sim" {
        /// Names the stream.
        seed: u64 = restart neither no;
        /// Market seconds in a second of ours, or "max" for as fast as it goes.
        speed: Speed = now neither no;
        /// The beginning of a new book that runs at full speed and gives no entry signals.
        warm_up: Duration = restart decision down ["0 s", "7 d"];
        /// Launches in a day, on the average; trades grow with them.
        launches_per_day: u64 = restart neither no ["100", "1000000"];
        /// How the market is unlike other days: "none"; "even": every hour is as lively as the day's mean and leans to no side, for measuring what a day's peaks would hide; "crash": from `scenario_at` on the whole market sells for a quarter of an hour and stays weak for two hours; "rug": from `scenario_at` on, every ten minutes, the creator of the coin nearest to the end of its curve sells all that he holds.
        scenario: Scenario = restart neither no;
        /// When the scenario begins, counted from the beginning of the market.
        scenario_at: Duration = restart neither no ["0 s", "365 d"];
    }
);

impl Default for SimKeys {
    /// As shipped.
    fn default() -> Self {
        Self::shipped()
    }
}

/// How the embedded market is unlike other days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scenario {
    /// Nothing but what goes wrong every day.
    #[default]
    None,
    /// Every hour is like the others.
    Even,
    /// The whole market sells.
    Crash,
    /// The creator of the hottest coin sells all that he holds, again and again.
    Rug,
}
words!(Scenario { "none" => None, "even" => Even, "crash" => Crash, "rug" => Rug });

/// How fast market time runs against ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speed {
    /// So many market seconds in one of ours.
    Times(u32),
    /// As fast as it goes.
    Max,
}

impl Setting for Speed {
    const UNIT: &'static str = "whole number, or \"max\"";
    const SHAPE: Shape = Shape::OrWord("max", &Shape::Whole);

    fn parse(value: &Value) -> Result<Self, String> {
        let times = match value {
            Value::Text(text) if text == "max" => return Ok(Self::Max),
            Value::Text(text) => text.parse().ok(),
            Value::Int(times) => u32::try_from(*times).ok(),
            _ => None,
        };
        match times {
            Some(times) if times > 0 => Ok(Self::Times(times)),
            _ => Err(format!("is {value}, should be a whole number from 1 on, or \"max\"")),
        }
    }

    fn show(&self) -> Value {
        match self {
            Self::Times(times) => Value::Int(i64::from(*times)),
            Self::Max => Value::Text("max".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_a_positive_number_or_max() {
        let text = |text: &str| Speed::parse(&Value::Text(text.to_owned()));
        assert_eq!(text("max"), Ok(Speed::Max));
        assert_eq!(text("30"), Ok(Speed::Times(30)));
        assert_eq!(Speed::parse(&Value::Int(1800)), Ok(Speed::Times(1800)));
        assert!(text("0").is_err() && text("fast").is_err() && Speed::parse(&Value::Int(-1)).is_err());
        assert_eq!(Speed::parse(&Speed::Max.show()), Ok(Speed::Max));
    }

    #[test]
    fn a_scenario_is_one_of_four_words() {
        assert_eq!(Scenario::parse(&Value::Text("rug".to_owned())), Ok(Scenario::Rug));
        assert!(Scenario::parse(&Value::Text("flood".to_owned())).is_err());
    }
}
