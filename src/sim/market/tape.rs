//! The tape: what the market prints, in the order and the form that a chain would give it.

use std::collections::VecDeque;

use momentum_core::event::{Answer, Enriched, Event, FeedEvent, MarketEvent, MarketKind};
use momentum_core::ids::{Mint, Signature, Slot};
use momentum_core::quotes::Schedules;
use momentum_core::time::{ChainTime, Timestamp};
use serde::{Deserialize, Serialize};

use super::names;
use crate::rng::mix;

/// 2026-01-01T00:00:00Z, in microseconds: where every embedded market begins.
pub(super) const BEGINNING: Timestamp = Timestamp(1_767_225_600_000_000);

/// Length of a slot in microseconds.
pub(super) const SLOT_US: i64 = 400_000;

/// Printed events that nobody has taken yet, and the numbering of slots and transactions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Tape {
    /// The seed that keys are made from.
    pub(super) seed: u64,
    /// Fees in force.
    pub(super) schedules: Schedules,
    now: Timestamp,
    transactions: u64,
    ready: VecDeque<(Timestamp, Event)>,
}

/// A transaction in the making: its signature, and how many events it has printed.
pub(super) struct Transaction {
    signature: Signature,
    ordinal: u16,
}

impl Tape {
    pub(super) fn new(seed: u64) -> Self {
        let mut tape = Self {
            seed,
            schedules: Schedules::of_2026_10_10(),
            now: BEGINNING,
            transactions: 0,
            ready: VecDeque::new(),
        };
        tape.feed(FeedEvent::Up);
        tape
    }

    /// Moves on to `now`, which must not be earlier than before: all that is printed next carries it.
    pub(super) fn advance(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// The present.
    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// The next printed event.
    pub(super) fn take(&mut self) -> Option<(Timestamp, Event)> {
        self.ready.pop_front()
    }

    /// The slot that the present lies in; the first one is near that of the real chain, and of the seed.
    pub(super) fn slot(&self) -> Slot {
        let passed = u64::try_from((self.now.0 - BEGINNING.0) / SLOT_US).unwrap_or(0);
        Slot(390_000_000 + mix(self.seed) % 1_000_000 + passed)
    }

    /// Chain time of the present: the second in which its slot began.
    fn at(&self) -> ChainTime {
        Timestamp(self.now.0 - (self.now.0 - BEGINNING.0) % SLOT_US).chain()
    }

    /// Prints a slot.
    pub(super) fn slot_seen(&mut self) {
        self.feed(FeedEvent::Slot { slot: self.slot(), at: self.at() });
    }

    fn feed(&mut self, event: FeedEvent) {
        self.ready.push_back((self.now, Event::Feed(event)));
    }

    /// Begins a transaction.
    pub(super) fn transaction(&mut self) -> Transaction {
        self.transactions += 1;
        Transaction { signature: names::signature(self.seed, self.transactions), ordinal: 0 }
    }

    /// Prints the next event of a transaction.
    pub(super) fn print(&mut self, transaction: &mut Transaction, mint: Mint, kind: MarketKind) {
        let event = MarketEvent {
            at: self.at(),
            slot: Some(self.slot()),
            signature: transaction.signature,
            ordinal: transaction.ordinal,
            mint,
            kind,
        };
        transaction.ordinal += 1;
        self.ready.push_back((self.now, Event::from(event)));
    }

    /// Prints a fact that nobody asked for.
    pub(super) fn publish(&mut self, mint: Mint, answer: Answer) {
        let enriched = Enriched { mint, asked: self.now, as_of: Some(self.slot()), answer };
        self.ready.push_back((self.now, enriched.into()));
    }
}
