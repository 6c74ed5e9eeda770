//! From a transaction to what it means.
//!
//! The rules that bots get wrong (architecture.md): an event belongs to its enclosing instruction; it counts
//! only where its program emitted it to itself; logs are read only where the source carries no inner
//! instructions at all, never because none matched; each event has its place (ordinal) among the pump and
//! PumpSwap events of its transaction, whatever becomes of it.

mod logs;
mod meaning;
mod walk;

use momentum_core::event::MarketEvent;
use momentum_core::ids::{PoolId, Pubkey};

pub(crate) use meaning::{amount, quote_of, rate};
pub use walk::{Emitted, Mints, walk};

use crate::events::{RawEvent, Reading};
use crate::layout::{Listing, Malformed};
use crate::transaction::Transaction;

/// What became of one event.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly all are `Decoded`, and a box each would cost more")]
pub enum Outcome {
    /// It means something for a token.
    Decoded(MarketEvent),
    /// Known, and without meaning for a token.
    Ignored {
        /// Its name.
        event: &'static str,
    },
    /// Of another program, or not emitted by the program itself.
    Foreign,
    /// Of our programs, and in no IDL that we know.
    Unknown {
        /// Its discriminator.
        discriminator: [u8; 8],
    },
    /// Known, and broken.
    Malformed {
        /// Its name; `None` where not even the discriminator is whole.
        event: Option<&'static str>,
        /// What is wrong.
        why: Malformed,
    },
    /// A trade of a pool whose mints neither the transaction nor the caller tells: decode again when they are
    /// known.
    PoolUnknown {
        /// The pool.
        pool: PoolId,
        /// The event's place.
        ordinal: u16,
    },
    /// The logs were cut off here: events may be missing.
    Truncated,
}

/// How many events became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// See [`Outcome::Decoded`].
    pub decoded: u64,
    /// See [`Outcome::Ignored`].
    pub ignored: u64,
    /// See [`Outcome::Foreign`].
    pub foreign: u64,
    /// See [`Outcome::Unknown`].
    pub unknown: u64,
    /// See [`Outcome::Malformed`].
    pub malformed: u64,
    /// See [`Outcome::PoolUnknown`].
    pub pool_unknown: u64,
    /// See [`Outcome::Truncated`].
    pub truncated: u64,
}

impl Counts {
    /// Counts one more.
    pub const fn add(&mut self, outcome: &Outcome) {
        let count = match outcome {
            Outcome::Decoded(_) => &mut self.decoded,
            Outcome::Ignored { .. } => &mut self.ignored,
            Outcome::Foreign => &mut self.foreign,
            Outcome::Unknown { .. } => &mut self.unknown,
            Outcome::Malformed { .. } => &mut self.malformed,
            Outcome::PoolUnknown { .. } => &mut self.pool_unknown,
            Outcome::Truncated => &mut self.truncated,
        };
        *count += 1;
    }
}

/// The two sides of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolMints {
    /// The base side: the token, of all pools that pump makes.
    pub base: Pubkey,
    /// The quote side.
    pub quote: Pubkey,
}

/// What the events of a transaction mean, in their order, one call of `visit` for each. A failed transaction gives
/// nothing. Nothing is allocated but the texts of a launch.
///
/// `known_pools` tells the mints of a pool where the transaction does not: from logs, and for swaps by routes.
pub fn decode(
    transaction: &impl Transaction,
    known_pools: impl Fn(&PoolId) -> Option<PoolMints>,
    mut visit: impl FnMut(Outcome),
) {
    let place = meaning::Place {
        slot: transaction.slot(),
        signature: transaction.signature(),
        time: transaction.time(),
    };
    walk(transaction, |emitted| {
        visit(match emitted {
            Emitted::Foreign => Outcome::Foreign,
            Emitted::Truncated => Outcome::Truncated,
            Emitted::Broken { why } => Outcome::Malformed { event: None, why },
            Emitted::Event { ordinal, program, payload, mints } => match RawEvent::read(program, payload) {
                Reading::Unknown(discriminator) => Outcome::Unknown { discriminator },
                Reading::Malformed { name, why } => Outcome::Malformed { event: name, why },
                Reading::Event(event) => meaning::of(&event, &place, ordinal, mints, &known_pools),
            },
        });
    });
}

/// The events of a transaction as their programs wrote them, each with its ordinal: known ones only, in order.
/// The callback form spares a copy, since an event out of the logs lives no longer than the call.
pub fn raw_events(transaction: &impl Transaction, mut visit: impl FnMut(u16, Listing<'_>)) {
    walk(transaction, |emitted| {
        if let Emitted::Event { ordinal, program, payload, .. } = emitted
            && let Reading::Event(event) = RawEvent::read(program, payload)
        {
            visit(ordinal, event.listing());
        }
    });
}
