//! How the programs lay out their bytes, and the one table per event or account that drives reading, writing
//! and listing.
//!
//! Layouts grow without notice, always at the end. So a record has fields that it always had, and later fields
//! that older bytes lack: those are `Option`s. What stands behind the last known field is kept as `trailing`.

use momentum_core::ids::Pubkey;
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

/// Why bytes that should hold a record do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Shorter than the oldest known layout.
    #[error("too short")]
    TooShort,
    /// Does not begin with the record's discriminator.
    #[error("another record")]
    AnotherRecord,
    /// A flag that is neither 0 nor 1.
    #[error("not a flag")]
    NotAFlag,
    /// A text that is not UTF-8.
    #[error("not a text")]
    NotAText,
    /// An amount above `i64::MAX`, or a rate above 10,000 bps.
    #[error("implausible")]
    Implausible,
    /// Neither the event nor its transaction carries a time.
    #[error("no time")]
    NoTime,
    /// Base64 that is none.
    #[error("not base64")]
    NotBase64,
}

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

/// A field of a record.
pub(crate) trait Field<'a>: Sized {
    /// Takes the field off the front of `bytes`; `None`, and `bytes` as they were, where they end within it.
    fn read(bytes: &mut &'a [u8]) -> Result<Option<Self>, Malformed>;
    /// Writes what [`Field::read`] reads.
    fn write(&self, out: &mut Vec<u8>);
    /// To be shown.
    fn value(&self) -> Value<'a>;
}

fn take<'a, const N: usize>(bytes: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(head)
}

/// Takes the fields of a record off its bytes.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    whole: bool,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, whole: true }
    }

    /// A field that every vintage has.
    pub(crate) fn first<F: Field<'a>>(&mut self) -> Result<F, Malformed> {
        F::read(&mut self.bytes)?.ok_or(Malformed::TooShort)
    }

    /// A later field. One that is missing ends the record: layouts grow at their ends only.
    pub(crate) fn later<F: Field<'a>>(&mut self) -> Result<Option<F>, Malformed> {
        let field = if self.whole { F::read(&mut self.bytes)? } else { None };
        self.whole = field.is_some();
        Ok(field)
    }

    /// What stands behind the fields taken so far.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}

/// Puts the fields of a record behind each other, as [`Reader`] takes them.
pub(crate) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    whole: bool,
}

impl<'o> Writer<'o> {
    pub(crate) const fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, whole: true }
    }

    pub(crate) fn first<'a>(&mut self, field: &impl Field<'a>) {
        field.write(self.out);
    }

    pub(crate) fn later<'a>(&mut self, field: Option<&impl Field<'a>>) {
        match field.filter(|_| self.whole) {
            Some(field) => field.write(self.out),
            None => self.whole = false,
        }
    }
}

/// A borsh sequence of items of `width` bytes, with the `u32` count in front.
fn take_sequence<'a>(bytes: &mut &'a [u8], width: usize) -> Option<&'a [u8]> {
    let (count, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*count)).ok()?.checked_mul(width)?;
    let (items, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(items)
}

fn write_sequence(items: &[u8], width: usize, out: &mut Vec<u8>) {
    let count = u32::try_from(items.len() / width).unwrap_or(u32::MAX);
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(items);
}

macro_rules! integers {
    ($($int:ty),*) => {$(
        impl<'a> Field<'a> for $int {
            fn read(bytes: &mut &'a [u8]) -> Result<Option<Self>, Malformed> {
                Ok(take(bytes).map(|bytes| Self::from_le_bytes(*bytes)))
            }
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn value(&self) -> Value<'a> {
                Value::Integer(i128::from(*self))
            }
        }
    )*};
}
integers!(u8, u16, u64, i64, i128);

impl<'a> Field<'a> for bool {
    fn read(bytes: &mut &'a [u8]) -> Result<Option<Self>, Malformed> {
        match bytes.first() {
            None => Ok(None),
            Some(flag @ (0 | 1)) => {
                *bytes = &bytes[1..];
                Ok(Some(*flag == 1))
            }
            Some(_) => Err(Malformed::NotAFlag),
        }
    }
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn value(&self) -> Value<'a> {
        Value::Flag(*self)
    }
}

impl<'a> Field<'a> for Pubkey {
    fn read(bytes: &mut &'a [u8]) -> Result<Option<Self>, Malformed> {
        Ok(take(bytes).map(|bytes| Self(*bytes)))
    }
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
    fn value(&self) -> Value<'a> {
        Value::Key(*self)
    }
}

impl<'a> Field<'a> for &'a str {
    fn read(bytes: &mut &'a [u8]) -> Result<Option<Self>, Malformed> {
        match take_sequence(bytes, 1) {
            None => Ok(None),
            Some(text) => str::from_utf8(text).map(Some).map_err(|_| Malformed::NotAText),
        }
    }
    fn write(&self, out: &mut Vec<u8>) {
        write_sequence(self.as_bytes(), 1, out);
    }
    fn value(&self) -> Value<'a> {
        Value::Text(self)
    }
}

/// One who shares a coin's creator fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Shareholder {
    /// Who.
    pub address: Pubkey,
    /// Part of the fee, in basis points.
    pub share_bps: u16,
}

/// Those who share a coin's creator fee, as they stand in the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shareholders<'a>(&'a [u8]);

const SHAREHOLDER: usize = 34;

impl<'a> Shareholders<'a> {
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Shareholder> + use<'a> {
        self.0.as_chunks::<SHAREHOLDER>().0.iter().filter_map(|item| {
            let (address, share) = item.split_first_chunk()?;
            Some(Shareholder {
                address: Pubkey(*address),
                share_bps: u16::from_le_bytes(*share.first_chunk()?),
            })
        })
    }
}

impl Serialize for Shareholders<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter())
    }
}

impl<'a> Field<'a> for Shareholders<'a> {
    fn read(bytes: &mut &'a [u8]) -> Result<Option<Self>, Malformed> {
        Ok(take_sequence(bytes, SHAREHOLDER).map(Self))
    }
    fn write(&self, out: &mut Vec<u8>) {
        write_sequence(self.0, SHAREHOLDER, out);
    }
    fn value(&self) -> Value<'a> {
        Value::Shareholders(*self)
    }
}

/// Addresses in a row, as they stand in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys<'a>(&'a [[u8; 32]]);

impl<'a> Keys<'a> {
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Pubkey> + use<'a> {
        self.0.iter().map(|key| Pubkey(*key))
    }
}

/// A fixed number of addresses in a row, as they stand in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyArray<'a, const N: usize>(pub &'a [[u8; 32]; N]);

impl<'a, const N: usize> KeyArray<'a, N> {
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Pubkey> + use<'a, N> {
        self.0.iter().map(|key| Pubkey(*key))
    }
}

impl<'a, const N: usize> Field<'a> for KeyArray<'a, N> {
    fn read(bytes: &mut &'a [u8]) -> Result<Option<Self>, Malformed> {
        let (keys, _) = bytes.as_chunks::<32>();
        let Some(keys) = keys.first_chunk::<N>() else { return Ok(None) };
        *bytes = &bytes[32 * N..];
        Ok(Some(Self(keys)))
    }
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.0.as_flattened());
    }
    fn value(&self) -> Value<'a> {
        Value::Keys(Keys(self.0))
    }
}

/// Fee rates of a fee account, in basis points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FeeBps {
    /// To the pool's liquidity.
    pub lp_fee_bps: u64,
    /// To the protocol.
    pub protocol_fee_bps: u64,
    /// To the creator.
    pub creator_fee_bps: u64,
}

impl FeeBps {
    fn from_bytes(bytes: &[u8; 24]) -> Self {
        let rate = |at: usize| {
            let mut rate = [0; 8];
            rate.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(rate)
        };
        Self { lp_fee_bps: rate(0), protocol_fee_bps: rate(8), creator_fee_bps: rate(16) }
    }
}

impl<'a> Field<'a> for FeeBps {
    fn read(bytes: &mut &'a [u8]) -> Result<Option<Self>, Malformed> {
        Ok(take(bytes).map(Self::from_bytes))
    }
    fn write(&self, out: &mut Vec<u8>) {
        for rate in [self.lp_fee_bps, self.protocol_fee_bps, self.creator_fee_bps] {
            out.extend_from_slice(&rate.to_le_bytes());
        }
    }
    fn value(&self) -> Value<'a> {
        Value::Fees(*self)
    }
}

/// One step of a fee schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeTierBps {
    /// Market cap in quote units from which it holds.
    pub market_cap_lamports_threshold: u128,
    /// The rates.
    pub fees: FeeBps,
}

impl Serialize for FeeTierBps {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let threshold = i128::try_from(self.market_cap_lamports_threshold).unwrap_or(i128::MAX);
        let mut tier = s.serialize_struct("FeeTier", 2)?;
        tier.serialize_field("market_cap_lamports_threshold", &Value::Integer(threshold))?;
        tier.serialize_field("fees", &self.fees)?;
        tier.end()
    }
}

/// A fee schedule by market cap, as it stands in the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeTiers<'a>(&'a [u8]);

const FEE_TIER: usize = 40;

impl<'a> FeeTiers<'a> {
    /// Each step.
    pub fn iter(&self) -> impl Iterator<Item = FeeTierBps> + use<'a> {
        self.0.as_chunks::<FEE_TIER>().0.iter().filter_map(|item| {
            let (threshold, fees) = item.split_first_chunk()?;
            Some(FeeTierBps {
                market_cap_lamports_threshold: u128::from_le_bytes(*threshold),
                fees: FeeBps::from_bytes(fees.first_chunk()?),
            })
        })
    }
}

impl<'a> Field<'a> for FeeTiers<'a> {
    fn read(bytes: &mut &'a [u8]) -> Result<Option<Self>, Malformed> {
        Ok(take_sequence(bytes, FEE_TIER).map(Self))
    }
    fn write(&self, out: &mut Vec<u8>) {
        write_sequence(self.0, FEE_TIER, out);
    }
    fn value(&self) -> Value<'a> {
        Value::Tiers(*self)
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
        struct Names<'a>(&'a [&'static str]);
        impl Serialize for Names<'_> {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                let mut list = s.serialize_seq(Some(self.0.len()))?;
                self.0.iter().try_for_each(|name| list.serialize_element(name))?;
                list.end()
            }
        }
        let mut record = s.serialize_struct("Listing", 4)?;
        record.serialize_field("event", self.name)?;
        record.serialize_field("decoded", &Decoded(&self.decoded))?;
        record.serialize_field("absent", &Names(&self.absent))?;
        record.serialize_field("trailing", &self.trailing_hex())?;
        record.end()
    }
}

/// Eight bytes from sixteen hex digits, at compile time.
pub(crate) const fn hex8(text: &str) -> [u8; 8] {
    let text = text.as_bytes();
    assert!(text.len() == 16, "a discriminator has eight bytes");
    let mut bytes = [0; 8];
    let mut at = 0;
    while at < 16 {
        let digit = match text[at] {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'a'..=b'f' => digit - b'a' + 10,
            _ => panic!("a discriminator is hex"),
        };
        bytes[at / 2] = bytes[at / 2] << 4 | digit;
        at += 1;
    }
    bytes
}

/// Defines records: the fields in their order, those that every vintage has and those that came later.
macro_rules! layouts {
    ($(
        $(#[$doc:meta])*
        $name:ident, $idl:literal, $discriminator:literal {
            $( $(#[$first_doc:meta])* $first:ident: $first_type:ty, )*
            ;
            $( $(#[$later_doc:meta])* $later:ident: $later_type:ty, )*
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'a> {
            $(
                #[doc = concat!("`", stringify!($first), "`, in every vintage.")]
                $(#[$first_doc])*
                pub $first: $first_type,
            )*
            $(
                #[doc = concat!("`", stringify!($later), "`, where the vintage has it.")]
                $(#[$later_doc])*
                pub $later: Option<$later_type>,
            )*
            /// What stands behind the last field that is known and whole.
            pub trailing: &'a [u8],
        }

        impl<'a> $name<'a> {
            /// Its name in the program's IDL.
            pub const NAME: &'static str = $idl;
            /// The eight bytes that it begins with.
            pub const DISCRIMINATOR: [u8; 8] = $crate::layout::hex8($discriminator);

            /// Reads the record behind its discriminator, of any vintage.
            ///
            /// # Errors
            /// Where a field of every vintage is missing, or a flag or text is none.
            pub fn read(body: &'a [u8]) -> Result<Self, $crate::layout::Malformed> {
                let mut reader = $crate::layout::Reader::new(body);
                $( let $first = reader.first()?; )*
                $( let $later = reader.later()?; )*
                Ok(Self { $($first,)* $($later,)* trailing: reader.rest() })
            }

            /// Writes the record with its discriminator: the fields up to the first that is `None`, then
            /// `trailing`. [`Self::read`] of what stands behind the discriminator gives the same record.
            pub fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&Self::DISCRIMINATOR);
                let mut writer = $crate::layout::Writer::new(out);
                $( writer.first(&self.$first); )*
                $( writer.later(self.$later.as_ref()); )*
                out.extend_from_slice(self.trailing);
            }

            /// Its fields by name.
            #[must_use]
            pub fn listing(&self) -> $crate::layout::Listing<'a> {
                #[allow(unused_imports)]
                use $crate::layout::Field;
                let mut listing = $crate::layout::Listing {
                    name: Self::NAME, decoded: Vec::new(), absent: Vec::new(), trailing: self.trailing,
                };
                $( listing.decoded.push((stringify!($first), self.$first.value())); )*
                $( match &self.$later {
                    Some(field) => listing.decoded.push((stringify!($later), field.value())),
                    None => listing.absent.push(stringify!($later)),
                } )*
                listing
            }
        }
    )*};
}
pub(crate) use layouts;
