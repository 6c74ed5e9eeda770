//! The types of fields, and how each stands in bytes.

use momentum_core::ids::Pubkey;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Malformed, Value};

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
    /// How many steps.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len() / FEE_TIER
    }

    /// Whether there is no step.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

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
