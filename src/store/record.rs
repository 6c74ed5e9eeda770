//! Records: the JSON lines that stages of the pipe hand each other and commands print.
//!
//! Every line has `schema`, `seq`, `now`, mostly a `kind`, then what is its own, then `run_id` and
//! `config_hash`. Amounts are integer strings in base units with a readable twin where the decimals are known.
//! A schema grows by fields at the end and by kinds; anything else is a new major version.
//!
//! [`RecordWriter`] makes lines of events and facts, [`RecordReader`] makes events of lines; for everything
//! that the pipe carries the way there and back is the identity (names of tokens are [`clean`]ed on the way).

mod clean;
pub mod decision;
pub mod fact;
pub mod feed;
pub mod market;
pub mod pipe;
mod raw;
mod read;
mod schema;
pub mod score;
mod shape;
mod write;

pub use clean::{clean, csv_cell};
pub use market::{Contradiction, QuoteName, Source, Venue};
pub use pipe::{Eof, Hello};
pub use raw::RawEvent;
pub use read::{Greeting, LINE_MAX_BYTES, Malformed, ReadError, ReadLine, Record, RecordReader};
pub use schema::schemas;
pub use shape::{Body, Decimal, Field, Nullable, ParseDecimalError, Schema, Shape, Sol, Text, Tokens};
pub(crate) use shape::{mirror, object, record};
pub use write::{RecordWriter, Stage};

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
pub(crate) mod tests;
