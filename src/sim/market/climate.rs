//! What all coins feel alike: the time of day, better and worse hours, a crash.

use std::time::Duration;

use momentum_core::time::Timestamp;

use super::keys::{Scenario, SimKeys};
use super::tape::BEGINNING;
use crate::rng::mix;

/// How lively each hour of the day (UTC) is, in percent of the day's mean: the Americas awake make the peak.
const HOURS: [u64; 24] = [
    113, 108, 102, 97, 90, 83, 76, 72, 70, 73, 78, 86, 94, 104, 114, 120, 124, 124, 120, 116, 113, 111, 109,
    103,
];

const HOUR_US: i64 = 3_600_000_000;

/// How long a crash sells, and how long the market stays weak after it.
const CRASH: Duration = Duration::from_mins(15);
const AFTERMATH: Duration = Duration::from_hours(2);

/// The weather at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Climate {
    /// Activity in percent: launches and trades come so much faster.
    pub(super) activity: u64,
    /// What is added to the share of buys, in basis points.
    pub(super) lean_bps: i64,
    /// Launches in percent of what the activity would bring.
    pub(super) launches: u64,
}

impl Climate {
    /// The climate at `now`: a function of time, seed and settings alone.
    pub(super) fn at(now: Timestamp, seed: u64, keys: &SimKeys) -> Self {
        if keys.scenario == Scenario::Even {
            return Self { activity: 100, lean_bps: 0, launches: 100 };
        }
        let hour = (now.0 - BEGINNING.0).div_euclid(HOUR_US);
        let of_day = usize::try_from(hour.rem_euclid(24)).unwrap_or(0);
        // Each hour is up to 12 % livelier or duller than the clock says, and leans up to 1 % to one side.
        let luck = mix(mix(seed ^ 0x00c1_1a7e) ^ hour.unsigned_abs());
        let calm = Self {
            activity: HOURS[of_day] * (88 + luck % 25) / 100,
            lean_bps: i64::try_from((luck >> 32) % 201).unwrap_or(0) - 100,
            launches: 100,
        };
        if keys.scenario != Scenario::Crash || now < BEGINNING + keys.scenario_at {
            return calm;
        }
        let since = now.since(BEGINNING + keys.scenario_at);
        if since < CRASH {
            Self { activity: calm.activity * 2, lean_bps: -4_500, launches: 40 }
        } else if since < CRASH + AFTERMATH {
            Self { activity: calm.activity * 3 / 4, lean_bps: calm.lean_bps - 500, launches: 60 }
        } else {
            calm
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::tests::keys;

    #[test]
    fn a_day_is_as_lively_as_its_mean() {
        assert_eq!(HOURS.iter().sum::<u64>() / 24, 100);
    }

    #[test]
    fn on_an_even_day_every_hour_is_as_lively_as_the_mean() {
        let keys = SimKeys { scenario: Scenario::Even, ..keys() };
        let hour = |hour| Climate::at(BEGINNING + Duration::from_hours(hour), 1, &keys);
        assert_eq!(hour(8), Climate { activity: 100, lean_bps: 0, launches: 100 });
        assert!((0..24).all(|nth| hour(nth) == hour(8)));
    }

    #[test]
    fn a_crash_begins_when_it_is_told_to_and_passes() {
        let keys = SimKeys { scenario: Scenario::Crash, scenario_at: Duration::from_hours(1), ..keys() };
        let lean = |minutes: u64| Climate::at(BEGINNING + Duration::from_mins(minutes), 1, &keys).lean_bps;
        assert!(lean(59) >= -100);
        assert_eq!((lean(60), lean(74)), (-4_500, -4_500));
        assert!((-600..=-400).contains(&lean(75)));
        assert!(lean(60 + 15 + 120) >= -100);
    }
}
