//! Records by the names of their fields, to be shown.

use momentum_core::ids::Pubkey;
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use super::{FeeBps, FeeTiers, Keys, Shareholders};

/// What a field holds, to be shown. Keys are base58, integers are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// An address.
    Key(Pubkey),
    /// An integer of any width.
    Integer(i128),
    /// A flag.
    Flag(bool),
    /// A text chosen by a stranger.
    Text(&'a str),
    /// Who shares the creator fee.
    Shareholders(Shareholders<'a>),
    /// Addresses in a row.
    Keys(Keys<'a>),
    /// Fee rates.
    Fees(FeeBps),
    /// A fee schedule by market cap.
    Tiers(FeeTiers<'a>),
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Key(key) => key.serialize(s),
            Self::Integer(number) => match (i64::try_from(*number), u64::try_from(*number)) {
                (Ok(number), _) => s.serialize_i64(number),
                (_, Ok(number)) => s.serialize_u64(number),
                _ => s.collect_str(number),
            },
            Self::Flag(flag) => s.serialize_bool(*flag),
            Self::Text(text) => s.serialize_str(text),
            Self::Shareholders(list) => list.serialize(s),
            Self::Keys(list) => s.collect_seq(list.iter()),
            Self::Fees(fees) => fees.serialize(s),
            Self::Tiers(tiers) => s.collect_seq(tiers.iter()),
        }
    }
}

/// A record as its program wrote it: what `monitor --raw` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<'a> {
    /// The record's name in the program's IDL.
    pub name: &'static str,
    /// Fields that the bytes hold, in order.
    pub decoded: Vec<(&'static str, Value<'a>)>,
    /// Fields that this vintage lacks.
    pub absent: Vec<&'static str>,
    /// What stands behind the last field that is known and whole.
    pub trailing: &'a [u8],
}

impl Listing<'_> {
    /// `trailing` as hex.
    #[must_use]
    pub fn trailing_hex(&self) -> String {
        let mut hex = String::with_capacity(self.trailing.len() * 2);
        for byte in self.trailing {
            for nibble in [byte >> 4, byte & 15] {
                hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        hex
    }
}

impl Serialize for Listing<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        struct Decoded<'a>(&'a [(&'static str, Value<'a>)]);
        impl Serialize for Decoded<'_> {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                let mut map = s.serialize_map(Some(self.0.len()))?;
                self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
        let mut record = s.serialize_struct("Listing", 4)?;
        record.serialize_field("event", self.name)?;
        record.serialize_field("decoded", &Decoded(&self.decoded))?;
        record.serialize_field("absent", &self.absent)?;
        record.serialize_field("trailing", &self.trailing_hex())?;
        record.end()
    }
}
