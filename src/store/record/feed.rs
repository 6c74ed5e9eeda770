//! `momentum.tick.v1`, `momentum.feed.v1`, `momentum.gap.v1`: what happened to the stream itself.

use momentum_core::event::{Event, FeedEvent};
use momentum_core::ids::Slot;
use momentum_core::time::ChainTime;

use super::record;

record! {
    /// A quarter of a second of market time passed.
    Tick in "momentum.tick.v1" as [] {}
}

record! {
    /// The stream is connected (`up`) or not (`down`).
    Link in "momentum.feed.v1" as ["up", "down"] {}
}

record! {
    /// A slot was seen.
    SlotSeen in "momentum.feed.v1" as ["slot"] {
        /// Which.
        slot: Slot,
        /// Its chain time, seconds.
        at: ChainTime,
    }
}

record! {
    /// A slot that was seen is not on the chain.
    DeadSlot in "momentum.feed.v1" as ["dead_slot"] {
        /// Which.
        slot: Slot,
    }
}

record! {
    /// The market lane was full, and events were dropped here.
    Dropped in "momentum.feed.v1" as ["dropped"] {
        /// How many.
        count: u64,
    }
}

record! {
    /// Slots that were missing have been filled.
    Filled in "momentum.feed.v1" as ["filled"] {
        /// First filled.
        from: Slot,
        /// Last filled.
        to: Slot,
    }
}

record! {
    /// Slots are missing from the stream.
    Gap in "momentum.gap.v1" as [] {
        /// First missing.
        from: Slot,
        /// Last missing.
        to: Slot,
    }
}

impl From<SlotSeen> for Event {
    fn from(record: SlotSeen) -> Self {
        Self::Feed(FeedEvent::Slot { slot: record.slot, at: record.at })
    }
}

impl From<DeadSlot> for Event {
    fn from(record: DeadSlot) -> Self {
        Self::Feed(FeedEvent::DeadSlot(record.slot))
    }
}

impl From<Dropped> for Event {
    fn from(record: Dropped) -> Self {
        Self::Feed(FeedEvent::Dropped(record.count))
    }
}

impl From<Filled> for Event {
    fn from(record: Filled) -> Self {
        Self::Feed(FeedEvent::Filled { from: record.from, to: record.to })
    }
}

impl From<Gap> for Event {
    fn from(record: Gap) -> Self {
        Self::Feed(FeedEvent::Gap { from: record.from, to: record.to })
    }
}
