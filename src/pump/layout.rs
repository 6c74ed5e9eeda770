//! How the programs lay out their bytes, and the one table per event or account that drives reading, writing
//! and listing.
//!
//! Layouts grow without notice, always at the end. So a record has fields that it always had, and later fields
//! that older bytes lack: those are `Option`s. What stands behind the last known field is kept as `trailing`.

mod field;
mod listing;

pub(crate) use field::Field;
pub use field::{FeeBps, FeeTierBps, FeeTiers, KeyArray, Keys, Shareholder, Shareholders};
pub use listing::{Listing, Value};

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
            /// Types of the fields of every vintage and of the later ones, to make up records.
            #[cfg(test)]
            pub(crate) const TYPES: [&'static [&'static str]; 2] =
                [&[$( stringify!($first_type) ),*], &[$( stringify!($later_type) ),*]];

            /// Reads the record behind its discriminator, of any vintage.
            ///
            /// # Errors
            /// Where a field of every vintage is missing, or a flag or text is none.
            #[allow(unused_mut, unused_variables, reason = "some records have no fields")]
            pub fn read(body: &'a [u8]) -> Result<Self, $crate::layout::Malformed> {
                let mut reader = $crate::layout::Reader::new(body);
                $( let $first = reader.first()?; )*
                $( let $later = reader.later()?; )*
                Ok(Self { $($first,)* $($later,)* trailing: reader.rest() })
            }

            /// Writes the record with its discriminator: the fields up to the first that is `None`, then
            /// `trailing`. [`Self::read`] of what stands behind the discriminator gives the same record.
            #[allow(unused_mut, unused_variables, reason = "some records have no fields")]
            pub fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&Self::DISCRIMINATOR);
                let mut writer = $crate::layout::Writer::new(out);
                $( writer.first(&self.$first); )*
                $( writer.later(self.$later.as_ref()); )*
                out.extend_from_slice(self.trailing);
            }

            /// Its fields by name.
            #[must_use]
            #[allow(unused_mut, unused_variables, reason = "some records have no fields")]
            pub fn listing(&self) -> $crate::layout::Listing<'a> {
                let absent = [$( self.$later.is_none() ),*].into_iter().filter(|absent: &bool| *absent).count();
                let fields: &[&str] = &[$( stringify!($first), )* $( stringify!($later) ),*];
                let mut listing = $crate::layout::Listing {
                    name: Self::NAME,
                    decoded: Vec::with_capacity(fields.len() - absent),
                    absent: Vec::with_capacity(absent),
                    trailing: self.trailing,
                };
                $( listing.decoded.push((stringify!($first), $crate::layout::Field::value(&self.$first))); )*
                $( match &self.$later {
                    Some(field) => {
                        listing.decoded.push((stringify!($later), $crate::layout::Field::value(field)));
                    }
                    None => listing.absent.push(stringify!($later)),
                } )*
                listing
            }
        }
    )*};
}
pub(crate) use layouts;
