//! One table for each record: `record!` declares its fields once, and its writing, its
//! reading and its JSON Schema come from that.
//!
//! A derive that makes schemas (schemars) would see types, not meanings: that `Lamports` travels as an integer
//! in a string, `Slot` too, a key as base58, would be an attribute at each of some two hundred fields. Here
//! each *type* says once what it looks like ([`Shape`]), and the table has nothing but names.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use momentum_core::analysis::{self, EntryFact, Flag, HardFail};
use momentum_core::codes::RefusalCode;
use momentum_core::event::{Mode, OnExit, Side, Unknown};
use momentum_core::ids::{AttemptId, Hash, Mint, OrderId, PoolId, Pubkey, Seq, Signature, Slot, Wallet};
use momentum_core::time::{ChainTime, Timestamp};
use momentum_core::trader::exits::ExitReason;
use momentum_core::trader::state::{Hold, TradingState};
use momentum_core::units::{Bps, Lamports, LamportsDelta, Points, TokenAmount, from_text};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One field of a record, as its table has it.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the JSON object.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Whether it is left out where it does not apply or is not known.
    pub optional: bool,
    /// What its value looks like.
    pub schema: Schema,
}

/// What a JSON value looks like: the part of JSON Schema that records need.
#[derive(Clone, Debug)]
pub enum Schema {
    /// A string of this form (a regular expression), which is called so.
    Text(&'static str, &'static str),
    /// Any string.
    AnyText,
    /// This word.
    Constant(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// Anything: the programs' own values.
    Any,
    /// Null.
    Null,
    /// Like this, or null.
    Nullable(Box<Schema>),
    /// An object of these fields.
    Object(Vec<Field>),
    /// An object of any names with values like this.
    Map(Box<Schema>),
    /// An array of values like this.
    List(Box<Schema>),
}

/// Says what a type looks like in a record.
pub trait Shape {
    /// What its values look like.
    fn schema() -> Schema;

    /// Whether a record may leave it out.
    const OPTIONAL: bool = false;

    /// Whether this value is left out.
    fn absent(&self) -> bool {
        false
    }
}

/// What is particular to one record: its place in the family and its fields.
pub trait Body: Serialize {
    /// The record's schema: `momentum.event.v1`.
    const SCHEMA: &'static str;
    /// The kinds that have this form; empty where the schema has no kinds.
    const KINDS: &'static [&'static str];
    /// What it tells.
    const DOC: &'static str;
    /// Whether `schema`, `seq`, `now`, `kind` stand before its own fields and `run_id`, `config_hash` behind.
    const FRAMED: bool = true;
    /// Its own fields, in order: between `kind` and `run_id`.
    fn fields() -> Vec<Field>;
}

/// Declares a JSON object: a struct that leaves out absent fields, and its [`Shape`].
macro_rules! object {
    ($(#[doc = $doc:literal])+ $name:ident {
        $($(#[doc = $field_doc:literal])+ $field:ident: $ty:ty,)*
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, serde::Deserialize)]
        pub struct $name { $($(#[doc = $field_doc])+ pub $field: $ty,)* }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                const FIELDS: &[&str] = &[$(stringify!($field)),*];
                #[allow(unused_mut)]
                let mut object = s.serialize_struct(stringify!($name), FIELDS.len())?;
                $(if !$crate::record::Shape::absent(&self.$field) {
                    object.serialize_field(stringify!($field), &self.$field)?;
                })*
                object.end()
            }
        }

        impl $name {
            /// Its fields, in order.
            #[must_use]
            pub fn table() -> Vec<$crate::record::Field> {
                vec![$($crate::record::Field {
                    name: stringify!($field),
                    doc: concat!($($field_doc),+).trim_ascii(),
                    optional: <$ty as $crate::record::Shape>::OPTIONAL,
                    schema: <$ty as $crate::record::Shape>::schema(),
                },)*]
            }
        }

        impl $crate::record::Shape for $name {
            fn schema() -> $crate::record::Schema {
                $crate::record::Schema::Object(Self::table())
            }
        }
    };
}

/// Declares a record: an `object!` with its schema and the kinds that it is written as.
macro_rules! record {
    ($(#[doc = $doc:literal])+ $name:ident in $schema:literal as [$($kind:literal),*] {
        $($fields:tt)*
    }) => {
        $crate::record::object! { $(#[doc = $doc])+ $name { $($fields)* } }

        impl $crate::record::Body for $name {
            const SCHEMA: &'static str = $schema;
            const KINDS: &'static [&'static str] = &[$($kind),*];
            const DOC: &'static str = concat!($($doc),+).trim_ascii();
            fn fields() -> Vec<$crate::record::Field> {
                Self::table()
            }
        }
    };
}

/// Declares an object that mirrors a struct of the core: each line names the field of both, and conversions
/// both ways come from it.
macro_rules! mirror {
    ($(#[doc = $doc:literal])+ $name:ident of $core:ty {
        $($(#[doc = $field_doc:literal])+ $field:ident: $ty:ty = $core_field:ident,)*
    }) => {
        $crate::record::object! { $(#[doc = $doc])+ $name { $($(#[doc = $field_doc])+ $field: $ty,)* } }

        impl From<$core> for $name {
            fn from(core: $core) -> Self {
                Self { $($field: core.$core_field.into(),)* }
            }
        }
        impl From<$name> for $core {
            fn from(object: $name) -> Self {
                Self { $($core_field: object.$field.into(),)* }
            }
        }
    };
}

pub(crate) use {mirror, object, record};

/// An integer that travels as a string: 64 bits do not survive a JSON reader that thinks in doubles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text<T>(pub T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        from_text(d).map(Self)
    }
}

macro_rules! text {
    ($($int:ty: $pattern:literal,)*) => {$(
        impl From<$int> for Text<$int> {
            fn from(value: $int) -> Self {
                Self(value)
            }
        }
        impl From<Text<$int>> for $int {
            fn from(text: Text<$int>) -> Self {
                text.0
            }
        }
        impl Shape for Text<$int> {
            fn schema() -> Schema {
                Schema::Text($pattern, "an integer in base units")
            }
        }
    )*};
}
text! { u64: "^[0-9]+$", u128: "^[0-9]+$", i64: "^-?[0-9]+$", i128: "^-?[0-9]+$", }

/// `units` of 10⁻ᴺ as people write them, without trailing zeros: the readable twin of an amount (`2.962962962`
/// SOL), a score (`81.25`), a ratio (`-0.2`). A string, so that it stays exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decimal<const N: u32>(pub i128);

impl<const N: u32> fmt::Display for Decimal<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = 10_u128.pow(N);
        let (whole, mut fraction) = (self.0.unsigned_abs() / one, self.0.unsigned_abs() % one);
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let mut digits = N as usize;
        while fraction.is_multiple_of(10) {
            fraction /= 10;
            digits -= 1;
        }
        write!(f, "{sign}{whole}.{fraction:0digits$}")
    }
}

/// What is wrong with a text that should be a decimal number.
#[derive(Debug, thiserror::Error)]
#[error("not a decimal number with at most {0} digits behind the point")]
pub struct ParseDecimalError(u32);

impl<const N: u32> FromStr for Decimal<N> {
    type Err = ParseDecimalError;
    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        let parse = || {
            let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
            if whole.is_empty() || whole.len() > 28 || !plain(whole) || !plain(fraction) {
                return None;
            }
            let short = N.checked_sub(u32::try_from(fraction.len()).ok()?)?;
            let fraction = if fraction.is_empty() { 0 } else { fraction.parse::<i128>().ok()? };
            Some(sign * (whole.parse::<i128>().ok()? * 10_i128.pow(N) + fraction * 10_i128.pow(short)))
        };
        parse().map(Self).ok_or(ParseDecimalError(N))
    }
}

impl<const N: u32> Serialize for Decimal<N> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de, const N: u32> Deserialize<'de> for Decimal<N> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        from_text(d)
    }
}

impl<const N: u32> Shape for Decimal<N> {
    fn schema() -> Schema {
        Schema::Text(r"^-?[0-9]+(\.[0-9]+)?$", "an exact decimal, for people")
    }
}

/// SOL with its nine digits.
pub type Sol = Decimal<9>;
/// Tokens of a pump.fun coin (and USDC) with their six digits.
pub type Tokens = Decimal<6>;

impl From<Lamports> for Sol {
    fn from(amount: Lamports) -> Self {
        Self(i128::from(amount.0))
    }
}

impl From<LamportsDelta> for Sol {
    fn from(amount: LamportsDelta) -> Self {
        Self(i128::from(amount.0))
    }
}

impl From<TokenAmount> for Tokens {
    fn from(amount: TokenAmount) -> Self {
        Self(i128::from(amount.0))
    }
}

impl From<Points> for Decimal<2> {
    fn from(points: Points) -> Self {
        Self(i128::from(points.0))
    }
}

impl<T: Shape> Shape for Option<T> {
    fn schema() -> Schema {
        T::schema()
    }
    const OPTIONAL: bool = true;
    fn absent(&self) -> bool {
        self.is_none()
    }
}

/// A value that is null where there is none, in records whose fields are all fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nullable<T>(pub Option<T>);

impl<T: Shape> Shape for Nullable<T> {
    fn schema() -> Schema {
        Schema::Nullable(Box::new(T::schema()))
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn schema() -> Schema {
        Schema::List(Box::new(T::schema()))
    }
}

impl<T: Shape> Shape for Box<T> {
    fn schema() -> Schema {
        T::schema()
    }
}

impl<T: Shape> Shape for BTreeMap<String, T> {
    fn schema() -> Schema {
        Schema::Map(Box::new(T::schema()))
    }
}

macro_rules! shapes {
    ($($schema:expr => $($ty:ty),+;)*) => {
        $($(impl Shape for $ty {
            fn schema() -> Schema {
                $schema
            }
        })+)*
    };
}

const BASE58: &str = "^[1-9A-HJ-NP-Za-km-z]+$";

shapes! {
    Schema::Boolean => bool;
    Schema::Integer => u8, u16, u32, u64, i64, Bps, ChainTime;
    Schema::AnyText => String;
    Schema::Any => serde_json::Value;
    Schema::Text(BASE58, "a key in base58") => Pubkey, Mint, Wallet, PoolId;
    Schema::Text(BASE58, "a signature in base58") => Signature;
    Schema::Text("^[0-9]+$", "an integer in base units") => Lamports, TokenAmount;
    Schema::Text("^-?[0-9]+$", "an integer in base units") => LamportsDelta;
    Schema::Text("^[0-9]+$", "an integer") => Seq, Slot;
    Schema::Text("^[0-9a-f]{64}$", "a SHA-256 in hex") => Hash;
    Schema::Text(r"^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}Z$", "a time, UTC") => Timestamp;
    Schema::Text(r"^[0-9]+\.[0-9]+$", "seq and place of the event that decided it") => Text<OrderId>;
    Schema::Text(r"^[0-9]+\.[0-9]+\.[0-9]+$", "an order's id and the number of the try") => Text<AttemptId>;
    Schema::Text("^[a-z0-9_]+$", "a word of the registry of codes") => RefusalCode;
    Schema::Text("^[a-z0-9_]+$", "a fact that an entry needs") => EntryFact;
    Schema::Text("^[a-z_]+$", "what costs safety points") => Flag;
    Schema::Text("^[a-z_]+$", "what forbids every entry") => HardFail;
    Schema::Word(&["stream", "chain", "metadata", "telegram"]) => analysis::Source;
    Schema::Word(&["buy", "sell"]) => Side;
    Schema::Word(&["dry-run", "paper", "live"]) => Mode;
    Schema::Word(&["hold", "flatten"]) => OnExit;
    Schema::Word(&["open", "exits_only", "stopped"]) => TradingState;
    Schema::Text("^[a-z_]+$", "who holds trading back") => Hold;
    Schema::Word(&[
        "not_seen", "not_configured", "too_young", "no_trades", "incomplete", "stale", "failed", "not_applicable",
    ]) => Unknown;
    Schema::Word(&[
        "stop", "ladder", "migration", "time", "score", "safety", "manual", "kill", "loss_limit", "shutdown",
    ]) => ExitReason;
}

/// JSON Schema of it, fields in their order.
impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        match self {
            Self::Text(pattern, about) => {
                map.serialize_entry("type", "string")?;
                map.serialize_entry("pattern", pattern)?;
                map.serialize_entry("title", about)?;
            }
            Self::AnyText => map.serialize_entry("type", "string")?,
            Self::Constant(word) => map.serialize_entry("const", word)?,
            Self::Word(words) => map.serialize_entry("enum", words)?,
            Self::Integer => map.serialize_entry("type", "integer")?,
            Self::Boolean => map.serialize_entry("type", "boolean")?,
            Self::Any => {}
            Self::Nullable(schema) => {
                map.serialize_entry("anyOf", &[schema, &Self::Null])?;
            }
            Self::Null => map.serialize_entry("type", "null")?,
            Self::List(items) => {
                map.serialize_entry("type", "array")?;
                map.serialize_entry("items", items)?;
            }
            Self::Map(values) => {
                map.serialize_entry("type", "object")?;
                map.serialize_entry("additionalProperties", values)?;
            }
            Self::Object(fields) => {
                map.serialize_entry("type", "object")?;
                map.serialize_entry("properties", &Properties(fields))?;
                map.serialize_entry("required", &Required(fields))?;
            }
        }
        map.end()
    }
}

struct Properties<'a>(&'a [Field]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.0.iter().map(|field| (field.name, Described(field))))
    }
}

struct Described<'a>(&'a Field);

impl Serialize for Described<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Property<'a> {
            description: &'a str,
            #[serde(flatten)]
            schema: &'a Schema,
        }
        Property { description: self.0.doc, schema: &self.0.schema }.serialize(s)
    }
}

struct Required<'a>(&'a [Field]);

impl Serialize for Required<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut names = s.serialize_seq(None)?;
        for field in self.0.iter().filter(|field| !field.optional) {
            names.serialize_element(field.name)?;
        }
        names.end()
    }
}
