//! What a type makes of a [`Value`]: parsing, the one canonical way to write it, bounds, shape.

use std::time::Duration;

use super::Value;
use crate::ids::Wallet;
use crate::units::{Bps, LAMPORTS_PER_SOL, Lamports, Points, Thousandths, decimal};

/// A type that a setting can have.
pub trait Setting: Sized {
    /// What its values look like, for errors and docs: `SOL`, `%`, `duration`, …
    const UNIT: &'static str;

    /// What its values look like, for the JSON Schema of the file.
    const SHAPE: Shape = Shape::Text;

    /// Reads it, or says what would be right.
    ///
    /// # Errors
    /// The text for people, without place: what was found and what would be right.
    fn parse(value: &Value) -> Result<Self, String>;

    /// Writes it in the one canonical way: equal settings are written alike, whatever the file said.
    fn show(&self) -> Value;

    /// Checks it against the bounds of its key, given as the file would write them; empty is no bound.
    ///
    /// # Errors
    /// The text for people, without place.
    fn within(&self, _range: (&str, &str)) -> Result<(), String> {
        Ok(())
    }
}

/// The form of a setting in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `true` or `false`.
    Bool,
    /// A whole number; its bounds are those of the key.
    Whole,
    /// A whole number, or a number with a point in quotes or without.
    Number,
    /// Any text.
    Text,
    /// A text of a number and one of these units.
    Unit(&'static [&'static str]),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A list of such values.
    List(&'static Shape),
    /// This word, or such a value.
    OrWord(&'static str, &'static Shape),
}

/// `value` as the file of a `T` would canonically write it, within `range`.
///
/// # Errors
/// The text for people, without place: what was found and what would be right.
pub fn check<T: Setting>(value: &Value, range: (&str, &str)) -> Result<Value, String> {
    let parsed = T::parse(value)?;
    parsed.within(range)?;
    Ok(parsed.show())
}

/// An address is not repeated: it may carry a token.
fn expected<T>(value: &Value, what: &str) -> Result<T, String> {
    let found = value.to_string();
    let found = if found.contains("://") { "an address".to_owned() } else { found };
    Err(format!("is {found}, should be {what}"))
}

fn bounded<T: Setting + PartialOrd>(value: &T, (min, max): (&str, &str)) -> Result<(), String> {
    let bound = |text: &str| T::parse(&Value::Text(text.to_owned())).ok();
    let (low, high) = (bound(min), bound(max));
    if low.is_some_and(|low| *value < low) || high.is_some_and(|high| *value > high) {
        return Err(format!("is {}, should be between {min} and {max}", value.show().plain()));
    }
    Ok(())
}

/// Reads `digits[.digits]` as an integer of 10^-`decimals`; `None` where it is no number or too fine.
fn scaled(text: &str, decimals: usize) -> Option<i128> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| {
        let clean = part.replace('_', "");
        (!clean.is_empty() && clean.bytes().all(|b| b.is_ascii_digit())).then_some(clean)
    };
    let (whole, fraction) = (digits(whole)?, digits(fraction)?);
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > decimals {
        return None;
    }
    format!("{whole}{fraction:0<decimals$}").parse::<i128>().ok().map(|units| sign * units)
}

/// Splits `"0.5 SOL"` into number and unit.
fn with_unit(value: &Value) -> Option<(&str, &str)> {
    let Value::Text(text) = value else { return None };
    let text = text.trim();
    let at = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '_'))).unwrap_or(text.len());
    Some((&text[..at], text[at..].trim()))
}

/// A number without a unit as an integer of 10^-`decimals`.
fn without_unit(value: &Value, decimals: usize) -> Option<i128> {
    match value {
        Value::Int(number) => i128::from(*number).checked_mul(10_i128.pow(u32::try_from(decimals).ok()?)),
        Value::Number(text) | Value::Text(text) => scaled(text.trim(), decimals),
        _ => None,
    }
}

impl Setting for bool {
    const UNIT: &'static str = "true or false";
    const SHAPE: Shape = Shape::Bool;
    fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bool(value) => Ok(*value),
            // A variable or a flag has no quotes to leave away.
            Value::Text(text) if text == "true" => Ok(true),
            Value::Text(text) if text == "false" => Ok(false),
            other => expected(other, "true or false"),
        }
    }
    fn show(&self) -> Value {
        Value::Bool(*self)
    }
}

macro_rules! whole_number {
    ($($int:ty),*) => {$(
        impl Setting for $int {
            const UNIT: &'static str = "whole number";
            const SHAPE: Shape = Shape::Whole;
            fn parse(value: &Value) -> Result<Self, String> {
                let number = without_unit(value, 0).and_then(|number| <$int>::try_from(number).ok());
                number.map_or_else(
                    || expected(value, &format!("a whole number from {} to {}", <$int>::MIN, <$int>::MAX)),
                    Ok,
                )
            }
            fn show(&self) -> Value {
                i64::try_from(*self).map_or_else(|_| Value::Text(self.to_string()), Value::Int)
            }
            fn within(&self, range: (&str, &str)) -> Result<(), String> {
                bounded(self, range)
            }
        }
    )*};
}
whole_number!(u8, u16, u32, u64, i64);

impl Setting for String {
    const UNIT: &'static str = "text";
    fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => expected(other, "a text in quotes"),
        }
    }
    fn show(&self) -> Value {
        Value::Text(self.clone())
    }
}

/// A public key; the empty text is none.
impl Setting for Option<Wallet> {
    const UNIT: &'static str = "public key";
    fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) if text.is_empty() => Ok(None),
            Value::Text(text) if text.parse::<Wallet>().is_ok() => Ok(text.parse().ok()),
            other => expected(other, "a public key in base58, or \"\" for none"),
        }
    }
    fn show(&self) -> Value {
        Value::Text(self.map(|wallet| wallet.to_string()).unwrap_or_default())
    }
}

impl Setting for Lamports {
    const UNIT: &'static str = "SOL";
    const SHAPE: Shape = Shape::Unit(&["SOL", "lamports"]);
    fn parse(value: &Value) -> Result<Self, String> {
        let lamports = with_unit(value).and_then(|(number, unit)| match unit {
            "SOL" => scaled(number, 9),
            "lamports" => scaled(number, 0),
            _ => None,
        });
        let lamports = lamports.and_then(|units| u64::try_from(units).ok());
        lamports.map_or_else(
            || expected(value, "an amount like \"0.5 SOL\" or \"5000 lamports\""),
            |l| Ok(Self(l)),
        )
    }
    fn show(&self) -> Value {
        // Amounts below a thousandth of a SOL are easier to read whole.
        let small = self.0 < LAMPORTS_PER_SOL / 1_000 && self.0 != 0;
        Value::Text(if small { format!("{} lamports", self.0) } else { self.to_string() })
    }
    fn within(&self, range: (&str, &str)) -> Result<(), String> {
        bounded(self, range)
    }
}

impl Setting for Bps {
    const UNIT: &'static str = "%";
    const SHAPE: Shape = Shape::Unit(&["%", "bps"]);
    fn parse(value: &Value) -> Result<Self, String> {
        let bps = with_unit(value).and_then(|(number, unit)| match unit {
            "%" => scaled(number, 2),
            "bps" => scaled(number, 0),
            _ => None,
        });
        let bps = bps.and_then(|units| u16::try_from(units).ok());
        bps.map_or_else(|| expected(value, "a share like \"5 %\" or \"500 bps\""), |b| Ok(Self(b)))
    }
    fn show(&self) -> Value {
        Value::Text(self.to_string())
    }
    fn within(&self, range: (&str, &str)) -> Result<(), String> {
        bounded(self, range)
    }
}

impl Setting for Points {
    const UNIT: &'static str = "points";
    const SHAPE: Shape = Shape::Number;
    fn parse(value: &Value) -> Result<Self, String> {
        let points = without_unit(value, 2).and_then(|units| u16::try_from(units).ok());
        points.map_or_else(|| expected(value, "points like 75 or 7.5"), |p| Ok(Self(p)))
    }
    fn show(&self) -> Value {
        number(i128::from(self.0), 2)
    }
    fn within(&self, range: (&str, &str)) -> Result<(), String> {
        bounded(self, range)
    }
}

impl Setting for Thousandths {
    const UNIT: &'static str = "ratio";
    const SHAPE: Shape = Shape::Number;
    fn parse(value: &Value) -> Result<Self, String> {
        let units = without_unit(value, 3).and_then(|units| i64::try_from(units).ok());
        units.map_or_else(|| expected(value, "a ratio like 1.25"), |u| Ok(Self(u)))
    }
    fn show(&self) -> Value {
        number(i128::from(self.0), 3)
    }
    fn within(&self, range: (&str, &str)) -> Result<(), String> {
        bounded(self, range)
    }
}

/// A number with `decimals` as the file writes it: whole where it is whole.
fn number(units: i128, decimals: usize) -> Value {
    let digits = decimal(units, decimals);
    digits.parse().map_or_else(|_| Value::Number(digits), Value::Int)
}

/// Units of time, longest first, in milliseconds.
const SPANS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1)];

/// To the millisecond.
impl Setting for Duration {
    const UNIT: &'static str = "duration";
    const SHAPE: Shape = Shape::Unit(&["d", "h", "min", "s", "ms"]);
    fn parse(value: &Value) -> Result<Self, String> {
        let millis = with_unit(value).and_then(|(number, unit)| {
            let (_, millis) = SPANS.iter().find(|(name, _)| *name == unit)?;
            let thousandths = u128::try_from(scaled(number, 3)?).ok()?.checked_mul(u128::from(*millis))?;
            // Finer than a millisecond is refused, not rounded.
            let whole = thousandths.is_multiple_of(1_000).then_some(thousandths / 1_000)?;
            u64::try_from(whole).ok()
        });
        millis.map_or_else(
            || expected(value, "a time like \"90 s\", \"30 min\" or \"4 h\""),
            |millis| Ok(Self::from_millis(millis)),
        )
    }
    fn show(&self) -> Value {
        let millis = u64::try_from(self.as_millis()).unwrap_or(u64::MAX);
        let (name, unit) =
            SPANS.into_iter().find(|(_, unit)| millis % unit == 0 && millis != 0).unwrap_or(("s", 1_000));
        Value::Text(format!("{} {name}", millis / unit))
    }
    fn within(&self, range: (&str, &str)) -> Result<(), String> {
        bounded(self, range)
    }
}

impl<T: Setting> Setting for Vec<T> {
    const UNIT: &'static str = T::UNIT;
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::List(values) => values.iter().map(T::parse).collect(),
            other => expected(other, "a list in [ ]"),
        }
    }
    fn show(&self) -> Value {
        Value::List(self.iter().map(Setting::show).collect())
    }
    fn within(&self, range: (&str, &str)) -> Result<(), String> {
        self.iter().try_for_each(|value| value.within(range))
    }
}

/// A setting that is one of a few words, each naming a variant.
#[macro_export]
macro_rules! words {
    ($name:ident { $($word:literal => $variant:ident),+ $(,)? }) => {
        impl $crate::config::Setting for $name {
            const UNIT: &'static str = concat!("one of" $(, " ", $word)+);
            const SHAPE: $crate::config::Shape = $crate::config::Shape::Words(&[$($word),+]);
            fn parse(value: &$crate::config::Value) -> Result<Self, String> {
                match value {
                    $($crate::config::Value::Text(text) if text == $word => Ok(Self::$variant),)+
                    other => Err(format!("is {other}, should be {}", Self::UNIT)),
                }
            }
            fn show(&self) -> $crate::config::Value {
                $crate::config::Value::Text(match self { $(Self::$variant => $word,)+ }.to_owned())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn reads<T: Setting + PartialEq + Debug>(cases: &[(Value, T)]) {
        for (value, expected) in cases {
            assert_eq!(T::parse(value).as_ref(), Ok(expected), "{value}");
            assert_eq!(T::parse(&expected.show()).as_ref(), Ok(expected), "{value}");
        }
    }

    fn refuses<T: Setting + Debug>(cases: &[Value], hint: &str) {
        for value in cases {
            let message = T::parse(value).unwrap_err();
            assert!(message.contains(hint), "{value}: {message}");
        }
    }

    #[test]
    fn amounts_and_shares_need_their_unit_and_are_exact() {
        reads(&[
            (text("0.5 SOL"), Lamports(500_000_000)),
            (text("1_000SOL"), Lamports(1_000_000_000_000)),
            (text("5000 lamports"), Lamports(5_000)),
        ]);
        let wrong =
            ["0.5", "0.5 sol", "-1 SOL", "0.0000000001 SOL", "1.5 lamports", "SOL", ". SOL", "1e3 SOL"];
        refuses::<Lamports>(&wrong.map(text), "like \"0.5 SOL\"");
        refuses::<Lamports>(&[Value::Int(1), Value::Number("0.5".to_owned())], "like \"0.5 SOL\"");
        reads(&[(text("12.5 %"), Bps(1_250)), (text("500 bps"), Bps(500)), (text("5.00%"), Bps(500))]);
        refuses::<Bps>(&["5", "0.001 %", "656 %", "1.5 bps"].map(text), "like \"5 %\"");
    }

    #[test]
    fn numbers_are_read_quoted_and_bare_alike() {
        reads(&[(text("7.5"), Points(750)), (Value::Number("7.5".to_owned()), Points(750))]);
        reads(&[(Value::Int(75), Points(7_500)), (text("75"), Points(7_500))]);
        reads(&[
            (Value::Number("-0.25".to_owned()), Thousandths(-250)),
            (Value::Int(-1), Thousandths(-1_000)),
        ]);
        reads(&[(Value::Int(3), 3_u32), (text("1_000"), 1_000)]);
        refuses::<u16>(&[Value::Int(65_536), Value::Int(-1), text("3 s")], "from 0 to 65535");
        refuses::<Points>(&["7.555", "nan", "1e1", ""].map(text), "like 75 or 7.5");
    }

    #[test]
    fn times_need_their_unit_and_end_at_the_millisecond() {
        reads(&[
            (text("90 s"), Duration::from_secs(90)),
            (text("1.5 min"), Duration::from_secs(90)),
            (text("250 ms"), Duration::from_millis(250)),
            (text("0 s"), Duration::ZERO),
        ]);
        refuses::<Duration>(&["90", "90 sec", "1.5 ms", "-1 s", "1 m"].map(text), "like \"90 s\"");
    }

    #[test]
    fn a_public_key_is_one_or_none() {
        let key = "FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z";
        reads(&[(text(key), key.parse::<Wallet>().ok()), (text(""), None)]);
        let wrong = [text("FVen3X669"), text("0OIl"), text(&format!("{key}1")), Value::Int(1)];
        refuses::<Option<Wallet>>(&wrong, "a public key in base58");
    }

    #[test]
    fn equal_settings_are_written_alike() {
        let canonical = |value: &str| check::<Duration>(&text(value), ("", "")).unwrap();
        assert_eq!(canonical("120 s"), canonical("2 min"));
        assert_eq!(canonical("120000 ms"), text("2 min"));
        assert_eq!(check::<Bps>(&text("500 bps"), ("", "")).unwrap(), text("5 %"));
    }

    #[test]
    fn bounds_belong_to_the_range_and_one_beyond_does_not() {
        let range = ("1 %", "90 %");
        for (bps, fits) in [(99, false), (100, true), (9_000, true), (9_001, false)] {
            assert_eq!(Bps(bps).within(range).is_ok(), fits, "{bps}");
        }
        let message = vec![Bps(100), Bps(99)].within(range).unwrap_err();
        assert_eq!(message, "is 0.99 %, should be between 1 % and 90 %");
    }

    proptest! {
        #[test]
        fn every_amount_reads_back_as_itself(units in any::<u64>(), bps in any::<u16>(), ratio in any::<i64>()) {
            prop_assert_eq!(Lamports::parse(&Lamports(units).show()), Ok(Lamports(units)));
            prop_assert_eq!(Bps::parse(&Bps(bps).show()), Ok(Bps(bps)));
            prop_assert_eq!(Points::parse(&Points(bps).show()), Ok(Points(bps)));
            prop_assert_eq!(Thousandths::parse(&Thousandths(ratio).show()), Ok(Thousandths(ratio)));
            prop_assert_eq!(u64::parse(&units.show()), Ok(units));
            let span = Duration::from_millis(units);
            prop_assert_eq!(Duration::parse(&span.show()), Ok(span));
        }

        #[test]
        fn any_text_is_a_setting_or_a_refusal(any in any::<String>()) {
            let value = Value::Text(any);
            let _all = (
                Lamports::parse(&value), Bps::parse(&value), Points::parse(&value),
                Thousandths::parse(&value), Duration::parse(&value), u64::parse(&value), bool::parse(&value),
            );
        }
    }
}
