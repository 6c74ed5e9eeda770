//! Quantities with units. Everything is an integer; every quotient is floored unless its name says otherwise.
//!
//! Arithmetic on money is explicit: `checked_*` where an input comes from outside, plain operators where an
//! invariant of the caller bounds the values (and `overflow-checks` turns a broken invariant into a panic).

use std::fmt;
use std::iter::Sum;
use std::marker::PhantomData;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Reads what a text says, without allocating: for types that travel as JSON strings.
///
/// # Errors
/// The deserializer's, where there is no string or `T` does not take it.
pub fn from_text<'de, D, T>(d: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    struct Text<T>(PhantomData<T>);
    impl<T: FromStr<Err: fmt::Display>> serde::de::Visitor<'_> for Text<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
    d.deserialize_str(Text(PhantomData))
}

/// Serialises an integer as a decimal string, as every record does: 64-bit amounts do not survive a
/// JSON reader that thinks in doubles. Reading accepts a string only.
macro_rules! text_integer {
    ($name:ident, $int:ty) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.collect_str(&self.0) } else { self.0.serialize(s) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if d.is_human_readable() {
                    crate::units::from_text(d).map(Self)
                } else {
                    <$int>::deserialize(d).map(Self)
                }
            }
        }
        impl From<$int> for $name {
            fn from(value: $int) -> Self {
                Self(value)
            }
        }
    };
}
pub(crate) use text_integer;

/// An amount of lamports, 10⁻⁹ SOL. Never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lamports(pub u64);

/// A signed difference of lamports: a profit, a loss, a change of a balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LamportsDelta(pub i64);

/// An amount of a token in its base units (pump.fun tokens have 6 decimals).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenAmount(pub u64);

/// Hundredths of a percent: 10_000 is the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bps(pub u16);

/// Hundredths of a score point: 10_000 is a score of 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub u16);

/// A ratio in thousandths, signed: a velocity of 1.25 is 1250, of -0.2 is -200.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Thousandths(pub i64);

/// Lamports per base unit as Q64.64. To compare and to show, never to account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(pub u128);

text_integer!(Lamports, u64);
text_integer!(LamportsDelta, i64);
text_integer!(TokenAmount, u64);
text_integer!(Price, u128);

/// Lamports in one SOL.
pub const LAMPORTS_PER_SOL: u64 = 1_000_000_000;

impl Lamports {
    /// No lamports.
    pub const ZERO: Self = Self(0);

    /// `sol` whole SOL.
    #[must_use]
    pub const fn sol(sol: u64) -> Self {
        Self(sol * LAMPORTS_PER_SOL)
    }

    /// The difference, or zero where it would be negative.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The sum, at most `u64::MAX`.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The sum, or `None` past `u64::MAX`.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// `self × share / 10_000`, floored.
    #[must_use]
    pub fn share(self, share: Bps) -> Self {
        Self(mul_div(self.0, u64::from(share.0), 10_000))
    }

    /// `self - other` with its sign. Saturates at the ends of `i64` (9.2 billion SOL, more than exist).
    #[must_use]
    pub fn minus(self, other: Self) -> LamportsDelta {
        let wide = i128::from(self.0) - i128::from(other.0);
        LamportsDelta(i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX }))
    }

    /// `self + delta`, or `None` where that is negative or past `u64::MAX`.
    #[must_use]
    pub fn offset(self, delta: LamportsDelta) -> Option<Self> {
        self.0.checked_add_signed(delta.0).map(Self)
    }
}

impl LamportsDelta {
    /// No change.
    pub const ZERO: Self = Self(0);
}

impl TokenAmount {
    /// No tokens.
    pub const ZERO: Self = Self(0);

    /// The difference, or zero where it would be negative.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `self × share / 10_000`, floored.
    #[must_use]
    pub fn share(self, share: Bps) -> Self {
        Self(mul_div(self.0, u64::from(share.0), 10_000))
    }
}

impl Bps {
    /// The whole: 100 %.
    pub const WHOLE: Self = Self(10_000);
}

impl Points {
    /// `n` whole points.
    #[must_use]
    pub const fn whole(n: u16) -> Self {
        Self(n * 100)
    }
}

impl Price {
    /// `quote / tokens` in Q64.64, floored; `None` for no tokens.
    #[must_use]
    pub fn of(quote: u64, tokens: u64) -> Option<Self> {
        (u128::from(quote) << 64).checked_div(u128::from(tokens)).map(Self)
    }
}

/// `a × b / c` in 128 bits, floored, saturating at `u64::MAX`.
///
/// # Panics
/// Where `c` is zero.
#[must_use]
pub fn mul_div(a: u64, b: u64, c: u64) -> u64 {
    u64::try_from(u128::from(a) * u128::from(b) / u128::from(c)).unwrap_or(u64::MAX)
}

/// `a × b / c` in 128 bits, rounded up, saturating at `u64::MAX`: for what must be paid or reserved.
///
/// # Panics
/// Where `c` is zero.
#[must_use]
pub fn mul_div_ceil(a: u64, b: u64, c: u64) -> u64 {
    u64::try_from((u128::from(a) * u128::from(b)).div_ceil(u128::from(c))).unwrap_or(u64::MAX)
}

/// `part / whole` in basis points, floored, at most `u16::MAX`; `None` for an empty whole.
#[must_use]
pub fn ratio_bps(part: u64, whole: u64) -> Option<Bps> {
    // One machine division wherever it fits, which is every amount of an ordinary coin.
    let bps = match part.checked_mul(10_000) {
        Some(scaled) => u128::from(scaled.checked_div(whole)?),
        None => (u128::from(part) * 10_000).checked_div(u128::from(whole))?,
    };
    Some(Bps(u16::try_from(bps).unwrap_or(u16::MAX)))
}

macro_rules! arithmetic {
    ($($name:ident),*) => {$(
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                values.fold(Self::default(), Add::add)
            }
        }
    )*};
}
arithmetic!(Lamports, LamportsDelta, TokenAmount, Points);

impl Neg for LamportsDelta {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

/// `units` with `decimals` digits behind the point, without trailing zeros: `2962962962, 9` → `2.962962962`.
#[must_use]
pub fn decimal(units: i128, decimals: usize) -> String {
    let digits = format!("{:0width$}", units.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let fraction = fraction.trim_end_matches('0');
    let sign = if units < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

impl fmt::Display for Lamports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} SOL", decimal(i128::from(self.0), 9))
    }
}

impl fmt::Display for LamportsDelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} SOL", decimal(i128::from(self.0), 9))
    }
}

impl fmt::Display for TokenAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(i128::from(self.0), 6))
    }
}

impl fmt::Display for Bps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", decimal(i128::from(self.0), 2))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(i128::from(self.0), 2))
    }
}

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(i128::from(self.0), 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_print_in_the_unit_people_read() {
        assert_eq!(Lamports(2_962_962_962).to_string(), "2.962962962 SOL");
        assert_eq!(LamportsDelta(-81_234_567).to_string(), "-0.081234567 SOL");
        assert_eq!(TokenAmount(1_500_000).to_string(), "1.5");
        assert_eq!(Bps(1_250).to_string(), "12.5 %");
        assert_eq!(Lamports(0).to_string(), "0 SOL");
    }

    #[test]
    fn amounts_travel_as_strings_in_json() {
        let json = serde_json::to_string(&Lamports(u64::MAX)).unwrap();
        assert_eq!(json, "\"18446744073709551615\"");
        assert_eq!(serde_json::from_str::<Lamports>(&json).unwrap(), Lamports(u64::MAX));
    }

    #[test]
    fn what_we_pay_is_rounded_up_and_all_else_down() {
        assert_eq!(mul_div(10, 1, 3), 3);
        assert_eq!(mul_div_ceil(10, 1, 3), 4);
        assert_eq!(mul_div(u64::MAX, u64::MAX, 1), u64::MAX);
    }

    #[test]
    fn a_difference_keeps_its_sign_and_saturates() {
        assert_eq!(Lamports(1).minus(Lamports(3)), LamportsDelta(-2));
        assert_eq!(Lamports(0).minus(Lamports(u64::MAX)), LamportsDelta(i64::MIN));
        assert_eq!(Lamports(5).offset(LamportsDelta(-6)), None);
    }
}
