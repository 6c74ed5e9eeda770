//! Values of settings: what the file may write and what each type makes of it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::units::{Bps, LAMPORTS_PER_SOL, Lamports, Points, Thousandths, decimal};

/// A value as a file, an environment variable or a flag writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text; numbers with a unit are texts.
    Text(String),
    /// Several.
    List(Vec<Value>),
}

impl fmt::Display for Value {
    /// As TOML writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::List(values) => {
                f.write_str("[")?;
                for (nth, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if nth == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
        }
    }
}

/// A type that a setting can have.
pub trait Setting: Sized {
    /// What its values look like, for schema, docs and errors.
    const UNIT: &'static str;

    /// Reads it, or says what would be right.
    ///
    /// # Errors
    /// The text for people, without place: what was found and what would be right.
    fn parse(value: &Value) -> Result<Self, String>;

    /// Writes it in the one canonical way.
    fn show(&self) -> Value;

    /// Checks it against the bounds of its key, given as the file would write them; empty is no bound.
    ///
    /// # Errors
    /// The text for people, without place.
    fn within(&self, _range: (&str, &str)) -> Result<(), String> {
        Ok(())
    }
}

fn expected<T>(value: &Value, what: &str) -> Result<T, String> {
    Err(format!("is {value}, should be {what}"))
}

fn bounded<T: Setting + PartialOrd>(value: &T, (min, max): (&str, &str)) -> Result<(), String> {
    let bound = |text: &str| T::parse(&Value::Text(text.to_owned())).ok();
    let (low, high) = (bound(min), bound(max));
    if low.is_some_and(|low| *value < low) || high.is_some_and(|high| *value > high) {
        return Err(format!("is {}, should be between {min} and {max}", value.show()));
    }
    Ok(())
}

/// Reads `digits[.digits]` as an integer of 10^-`decimals`; `None` where it is no number or too fine.
fn scaled(text: &str, decimals: usize) -> Option<i128> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let (whole, fraction) = (whole.replace('_', ""), fraction.replace('_', ""));
    if whole.is_empty() || fraction.len() > decimals || !digits(&whole) || !digits(&fraction) {
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

impl Setting for bool {
    const UNIT: &'static str = "true or false";
    fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bool(value) => Ok(*value),
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
            fn parse(value: &Value) -> Result<Self, String> {
                let number = match value {
                    Value::Int(number) => <$int>::try_from(*number).ok(),
                    Value::Text(text) => text.replace('_', "").parse().ok(),
                    _ => None,
                };
                number.map_or_else(|| expected(value, concat!("a whole number that fits ", stringify!($int))), Ok)
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
whole_number!(u16, u32, u64);

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

impl Setting for Lamports {
    const UNIT: &'static str = "SOL";
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
    fn parse(value: &Value) -> Result<Self, String> {
        let points = match value {
            Value::Int(number) => i128::from(*number).checked_mul(100),
            Value::Text(text) => scaled(text.trim(), 2),
            _ => None,
        };
        let points = points.and_then(|units| u16::try_from(units).ok());
        points.map_or_else(|| expected(value, "points like 75 or \"7.5\""), |p| Ok(Self(p)))
    }
    fn show(&self) -> Value {
        Value::Text(self.to_string())
    }
    fn within(&self, range: (&str, &str)) -> Result<(), String> {
        bounded(self, range)
    }
}

impl Setting for Thousandths {
    const UNIT: &'static str = "ratio";
    fn parse(value: &Value) -> Result<Self, String> {
        let units = match value {
            Value::Int(number) => i128::from(*number).checked_mul(1_000),
            Value::Text(text) => scaled(text.trim(), 3),
            _ => None,
        };
        let units = units.and_then(|units| i64::try_from(units).ok());
        units.map_or_else(|| expected(value, "a ratio like \"1.25\""), |u| Ok(Self(u)))
    }
    fn show(&self) -> Value {
        Value::Text(decimal(i128::from(self.0), 3))
    }
    fn within(&self, range: (&str, &str)) -> Result<(), String> {
        bounded(self, range)
    }
}

/// Units of time, longest first, in milliseconds.
const SPANS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1)];

impl Setting for Duration {
    const UNIT: &'static str = "duration";
    fn parse(value: &Value) -> Result<Self, String> {
        let span = with_unit(value).and_then(|(number, unit)| {
            let (_, millis) = SPANS.iter().find(|(name, _)| *name == unit)?;
            let scaled = u128::try_from(scaled(number, 3)?).ok()? * u128::from(*millis) / 1_000;
            u64::try_from(scaled).ok()
        });
        span.map_or_else(
            || expected(value, "a time like \"90 s\", \"30 min\" or \"4 h\""),
            |s| Ok(Self::from_millis(s)),
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
    const UNIT: &'static str = "list";
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

/// A setting that is one of a few words: implement with the words in the order of the variants.
#[macro_export]
macro_rules! words {
    ($name:ident { $($word:literal => $variant:ident),+ $(,)? }) => {
        impl $crate::config::Setting for $name {
            const UNIT: &'static str = concat!("one of" $(, " ", $word)+);
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

/// The compiled-in file by path. It is ours and tested, so its form is taken for granted here; files of users
/// are read by `runtime`, which knows lines.
pub(super) fn parse_defaults(text: &str) -> BTreeMap<String, Value> {
    fn walk(prefix: &str, value: &toml::Value, into: &mut BTreeMap<String, Value>) {
        if let toml::Value::Table(table) = value {
            for (name, value) in table {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                walk(&path, value, into);
            }
        } else if let Some(value) = plain(value) {
            into.insert(prefix.to_owned(), value);
        }
    }
    let mut values = BTreeMap::new();
    if let Ok(table) = text.parse::<toml::Table>() {
        walk("", &toml::Value::Table(table), &mut values);
    }
    values
}

fn plain(value: &toml::Value) -> Option<Value> {
    Some(match value {
        toml::Value::Boolean(value) => Value::Bool(*value),
        toml::Value::Integer(value) => Value::Int(*value),
        toml::Value::String(value) => Value::Text(value.clone()),
        toml::Value::Array(values) => Value::List(values.iter().map(plain).collect::<Option<_>>()?),
        _ => return None,
    })
}
