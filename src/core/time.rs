//! The two clocks, as two types that do not mix.
//!
//! [`ChainTime`] (`at` in records) is the market's own time: everything that *measures* uses it.
//! [`Timestamp`] (`now`) is the receive time that the loop stamps: everything that *waits* uses it.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Receive time: microseconds since the Unix epoch, UTC. Stamped by the loop, never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// Chain time: seconds since the Unix epoch, as the events of the programs carry it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChainTime(pub i64);

const MICROS: i64 = 1_000_000;
const DAY: i64 = 86_400 * MICROS;

impl Timestamp {
    /// The time since `earlier`; zero where `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The beginning (00:00:00 UTC) of its day.
    #[must_use]
    pub const fn midnight(self) -> Self {
        Self(self.0 - self.0.rem_euclid(DAY))
    }

    /// The chain second that it lies in.
    #[must_use]
    pub const fn chain(self) -> ChainTime {
        ChainTime(self.0.div_euclid(MICROS))
    }
}

impl ChainTime {
    /// Whole seconds since `earlier`; zero where `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }

    /// The receive time that equals it, for sources that carry no clock of their own.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        Timestamp(self.0.saturating_mul(MICROS))
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with six digits of a second; raw microseconds outside the years -9999 to 9999.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(time) => write!(f, "{time:.6}"),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

/// What is wrong with a text that should be a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time like 2026-01-01T00:00:00Z")]
pub struct ParseTimeError(String);

impl FromStr for Timestamp {
    type Err = ParseTimeError;

    /// Reads RFC 3339; digits behind the microsecond are cut.
    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        let time: jiff::Timestamp = text.parse().map_err(|_| ParseTimeError(text.to_owned()))?;
        Ok(Self(time.as_microsecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.collect_str(self) } else { self.0.serialize(s) }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() { crate::units::from_text(d) } else { i64::deserialize(d).map(Self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_time_prints_as_rfc_3339_with_microseconds() {
        let time = ChainTime(1_785_327_618).timestamp();
        assert_eq!(time.to_string(), "2026-07-29T12:20:18.000000Z");
        assert_eq!("2026-07-29T12:20:18Z".parse(), Ok(time));
        assert_eq!(time.midnight().to_string(), "2026-07-29T00:00:00.000000Z");
    }

    #[test]
    fn a_text_that_is_no_time_is_refused() {
        for text in ["", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_time_reads_back_as_itself(micros in -62_135_596_800_000_000_i64..253_402_300_799_000_000) {
            let time = Timestamp(micros);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }
}
