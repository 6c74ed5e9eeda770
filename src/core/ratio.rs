//! Exact ratios: two integers that are divided only to be shown.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::units::{Bps, Thousandths};

/// `part / whole`, kept as both integers, so that a threshold is compared by cross-multiplication: one lamport
/// past the boundary counts, which a floored quotient would hide.
///
/// Both fit what sums of lamports over an hour, times seconds, can reach; products with a threshold saturate
/// far beyond that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    part: i128,
    whole: i128,
}

impl Ratio {
    /// `part / whole`; `None` for an empty (or negative) whole.
    #[must_use]
    pub fn of(part: impl Into<i128>, whole: impl Into<i128>) -> Option<Self> {
        let whole = whole.into();
        (whole > 0).then(|| Self { part: part.into(), whole })
    }

    /// The quotient in thousandths, floored.
    #[must_use]
    pub fn thousandths(self) -> Thousandths {
        let units = self.part.saturating_mul(1_000).div_euclid(self.whole);
        Thousandths(i64::try_from(units).unwrap_or(if units < 0 { i64::MIN } else { i64::MAX }))
    }

    /// The quotient in basis points, floored, between 0 and `u16::MAX`.
    #[must_use]
    pub fn bps(self) -> Bps {
        let units = self.part.saturating_mul(10_000).div_euclid(self.whole);
        Bps(u16::try_from(units.max(0)).unwrap_or(u16::MAX))
    }

    fn against(self, threshold: i128, unit: i128) -> Ordering {
        self.part.saturating_mul(unit).cmp(&threshold.saturating_mul(self.whole))
    }
}

impl PartialEq<Thousandths> for Ratio {
    fn eq(&self, threshold: &Thousandths) -> bool {
        self.partial_cmp(threshold) == Some(Ordering::Equal)
    }
}

impl PartialOrd<Thousandths> for Ratio {
    fn partial_cmp(&self, threshold: &Thousandths) -> Option<Ordering> {
        Some(self.against(i128::from(threshold.0), 1_000))
    }
}

impl PartialEq<Bps> for Ratio {
    fn eq(&self, threshold: &Bps) -> bool {
        self.partial_cmp(threshold) == Some(Ordering::Equal)
    }
}

impl PartialOrd<Bps> for Ratio {
    fn partial_cmp(&self, threshold: &Bps) -> Option<Ordering> {
        Some(self.against(i128::from(threshold.0), 10_000))
    }
}

impl fmt::Display for Ratio {
    /// In thousandths, floored: `1.25`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.thousandths().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_compares_exactly_where_its_floor_would_not() {
        let hair_above_two = Ratio::of(2_000_000_001_i64, 1_000_000_000_i64).unwrap();
        assert_eq!(hair_above_two.thousandths(), Thousandths(2_000));
        assert!(hair_above_two > Thousandths(2_000));
        assert!(Ratio::of(2_i64, 1_i64).unwrap() == Thousandths(2_000));
        assert!(Ratio::of(2_999_999_i64, 10_000_000_i64).unwrap() < Bps(3_000));
        assert!(Ratio::of(1_i64, 0_i64).is_none());
    }

    #[test]
    fn a_negative_ratio_is_floored_downwards() {
        assert_eq!(Ratio::of(-1_i64, 3_i64).unwrap().thousandths(), Thousandths(-334));
        assert_eq!(Ratio::of(-1_i64, 3_i64).unwrap().bps(), Bps(0));
    }
}
