//! Names of things: keys on chain as bytes, ids of ours as numbers. Base58 is for people; nothing on the hot
//! path encodes it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::units::{from_text, text_integer};

/// What is wrong with a text that should be a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a base58 text of {bytes} bytes")]
pub struct ParseKeyError {
    text: String,
    bytes: usize,
}

macro_rules! base58 {
    ($name:ident, $bytes:literal, $encode:path, $decode:path, $longest:path) => {
        impl $name {
            /// The raw bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }

            /// Calls `use_text` with the base58 text, which lives on the stack: records write millions of keys.
            fn with_text<T>(&self, use_text: impl FnOnce(&str) -> T) -> T {
                let mut text = [0; $longest];
                let length = usize::from($encode(&self.0, &mut text));
                // Base58 is ASCII, so this never fails; an empty text would be noticed by every reader.
                use_text(std::str::from_utf8(&text[..length]).unwrap_or_default())
            }
        }
        impl Default for $name {
            fn default() -> Self {
                Self([0; $bytes])
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.with_text(|text| f.write_str(text))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl FromStr for $name {
            type Err = ParseKeyError;
            fn from_str(text: &str) -> Result<Self, ParseKeyError> {
                let mut bytes = [0; $bytes];
                match $decode(text, &mut bytes) {
                    Ok(()) => Ok(Self(bytes)),
                    Err(_) => Err(ParseKeyError { text: text.to_owned(), bytes: $bytes }),
                }
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() {
                    self.with_text(|text| s.serialize_str(text))
                } else {
                    s.serialize_bytes(&self.0)
                }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                use serde::de::Error;
                if d.is_human_readable() {
                    from_text(d)
                } else {
                    let bytes = <&'de [u8]>::deserialize(d)?;
                    bytes.try_into().map(Self).map_err(D::Error::custom)
                }
            }
        }
    };
}

/// An address on chain: an account, a program, a wallet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pubkey(pub [u8; 32]);
base58!(Pubkey, 32, five8::encode_32, five8::decode_32, five8::BASE58_ENCODED_32_MAX_LEN);

/// The signature that names a transaction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub [u8; 64]);
base58!(Signature, 64, five8::encode_64, five8::decode_64, five8::BASE58_ENCODED_64_MAX_LEN);

/// A SHA-256.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = ParseKeyError;
    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let wrong = || ParseKeyError { text: text.to_owned(), bytes: 32 };
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        from_text(d)
    }
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Pubkey);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = ParseKeyError;
            fn from_str(text: &str) -> Result<Self, ParseKeyError> {
                text.parse().map(Self)
            }
        }
        impl From<Pubkey> for $name {
            fn from(key: Pubkey) -> Self {
                Self(key)
            }
        }
    };
}
key!(
    /// The mint account of a token: its name in all of `momentum`.
    Mint
);
key!(
    /// A wallet: somebody who trades, a creator, one of ours.
    Wallet
);
key!(
    /// A PumpSwap pool.
    PoolId
);

/// The place of an event in the one order that the loop gives all events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

/// A slot of the chain, about 400 ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u64);

/// An order of ours: the `seq` of the event that made it, then its place among that event's orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderId {
    /// The event that decided it.
    pub seq: Seq,
    /// Its place among the orders of that event, from 0.
    pub nth: u16,
}

/// One signed transaction of an order; `number` counts the order's attempts from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AttemptId {
    /// The order that it carries out.
    pub order: OrderId,
    /// 1 for the first attempt.
    pub number: u16,
}

text_integer!(Seq, u64);
text_integer!(Slot, u64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.seq, self.nth)
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.order, self.number)
    }
}

/// What is wrong with a text that should be an order's or an attempt's id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is numbers with points between: SEQ.NTH for an order, SEQ.NTH.NUMBER for an attempt")]
pub struct ParseIdError;

impl FromStr for OrderId {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let (seq, nth) = text.split_once('.').ok_or(ParseIdError)?;
        let seq = Seq(seq.parse().map_err(|_| ParseIdError)?);
        Ok(Self { seq, nth: nth.parse().map_err(|_| ParseIdError)? })
    }
}

impl FromStr for AttemptId {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let (order, number) = text.rsplit_once('.').ok_or(ParseIdError)?;
        Ok(Self { order: order.parse()?, number: number.parse().map_err(|_| ParseIdError)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_ours_read_back_as_themselves() {
        let attempt = AttemptId { order: OrderId { seq: Seq(17), nth: 3 }, number: 2 };
        assert_eq!(attempt.to_string(), "17.3.2");
        assert_eq!("17.3.2".parse(), Ok(attempt));
        for wrong in ["", "17", "17.3", "a.3.2", "17.3.2.1"] {
            assert_eq!(wrong.parse::<AttemptId>(), Err(ParseIdError), "{wrong}");
        }
    }

    #[test]
    fn keys_round_trip_through_base58_and_refuse_other_lengths() {
        let text = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P";
        let key: Pubkey = text.parse().unwrap();
        assert_eq!(key.to_string(), text);
        assert_eq!(serde_json::to_string(&Mint(key)).unwrap(), format!("\"{text}\""));
        assert!("6EF8".parse::<Pubkey>().is_err());
        assert!(format!("{text}{text}").parse::<Pubkey>().is_err());
        let mut buffer = [0; 64];
        let bytes = postcard::to_slice(&Mint(key), &mut buffer).unwrap();
        assert_eq!(postcard::from_bytes::<Mint>(bytes).unwrap(), Mint(key));
    }
}
