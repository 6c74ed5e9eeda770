//! Which events were applied already: streams repeat themselves after a reconnect, and a fork lands the same
//! transaction again in another slot.
//!
//! Two generations of 16-byte keys, each covering 250 slots: what is seen again within 250 slots is known.

use hashbrown::HashTable;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::Slot;
use crate::time::ChainTime;

/// Slots that a generation covers.
const SLOTS: u64 = 250;
/// The same in chain time, for recordings without slots: 250 slots of 400 ms.
const SECONDS: u64 = 100;

/// What an event did, as far as it must be taken back when the same event lands again in a later slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Applied {
    /// Where it landed.
    pub(super) slot: Option<Slot>,
    /// When, in chain time.
    pub(super) at: ChainTime,
    /// Quote units of the trade.
    pub(super) quote: u64,
    /// Tokens of the trade.
    pub(super) tokens: u64,
}

/// What to do with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Apply it.
    New,
    /// Take back what it did in an earlier slot, then apply it.
    Replaces(Applied),
    /// Leave it.
    Duplicate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    key: [u64; 2],
    applied: Applied,
}

/// The keys of the last events.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Seen {
    young: Generation,
    old: Generation,
    /// Where the young generation began.
    from_slot: Option<Slot>,
    from_at: ChainTime,
}

impl Seen {
    /// Remembers an event and says what to do with it.
    pub(super) fn note(&mut self, key: u128, applied: Applied) -> Verdict {
        self.turn(applied.slot, applied.at);
        let key = split(key);
        let Some(before) = self.young.find(key).or_else(|| self.old.find(key)) else {
            self.young.insert(Entry { key, applied });
            return Verdict::New;
        };
        if applied.slot <= before.slot {
            return Verdict::Duplicate;
        }
        self.old.remove(key);
        self.young.remove(key);
        self.young.insert(Entry { key, applied });
        Verdict::Replaces(before)
    }

    /// Begins a new generation where the young one covers its span.
    fn turn(&mut self, slot: Option<Slot>, at: ChainTime) {
        let gone = match (slot, self.from_slot) {
            (Some(slot), Some(from)) => slot.0.saturating_sub(from.0) / SLOTS,
            (Some(_), None) => {
                self.from_slot = slot;
                0
            }
            (None, _) => at.since(self.from_at) / SECONDS,
        };
        if gone == 0 {
            return;
        }
        std::mem::swap(&mut self.old, &mut self.young);
        // Cleared rather than made anew: the next generation will be about as large.
        self.young.0.clear();
        if gone > 1 {
            self.old.0.clear();
        }
        (self.from_slot, self.from_at) = (slot.or(self.from_slot), at);
    }
}

fn split(key: u128) -> [u64; 2] {
    let [high, low] = [key >> 64, key & u128::from(u64::MAX)].map(|half| u64::try_from(half).unwrap_or(0));
    [high, low]
}

/// One generation: a hash table that is only ever asked for a key. Serialised in the order of its keys.
#[derive(Clone, Debug, Default)]
struct Generation(HashTable<Entry>);

impl Generation {
    fn find(&self, key: [u64; 2]) -> Option<Applied> {
        self.0.find(key[0], |entry| entry.key == key).map(|entry| entry.applied)
    }

    fn insert(&mut self, entry: Entry) {
        self.0.insert_unique(entry.key[0], entry, |entry| entry.key[0]);
    }

    fn remove(&mut self, key: [u64; 2]) {
        if let Ok(entry) = self.0.find_entry(key[0], |entry| entry.key == key) {
            entry.remove();
        }
    }
}

impl Serialize for Generation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries: Vec<&Entry> = self.0.iter().collect();
        entries.sort_unstable_by_key(|entry| entry.key);
        entries.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Generation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut generation = Self::default();
        for entry in Vec::<Entry>::deserialize(deserializer)? {
            generation.insert(entry);
        }
        Ok(generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(slot: u64, quote: u64) -> Applied {
        let at = i64::try_from(slot).unwrap() * 2 / 5;
        Applied { slot: Some(Slot(slot)), at: ChainTime(at), quote, tokens: 1 }
    }

    #[test]
    fn the_same_event_is_applied_once_and_in_a_later_slot_it_replaces() {
        let mut seen = Seen::default();
        assert_eq!(seen.note(7, applied(1_000, 5)), Verdict::New);
        assert_eq!(seen.note(7, applied(1_000, 5)), Verdict::Duplicate);
        assert_eq!(seen.note(7, applied(999, 5)), Verdict::Duplicate);
        assert_eq!(seen.note(7, applied(1_001, 6)), Verdict::Replaces(applied(1_000, 5)));
        assert_eq!(seen.note(7, applied(1_001, 6)), Verdict::Duplicate);
        assert_eq!(seen.note(8, applied(1_001, 6)), Verdict::New);
    }

    #[test]
    fn an_event_is_known_for_250_slots_at_least() {
        for first in 1_000..1_250 {
            let mut seen = Seen::default();
            seen.note(1, applied(1_000, 0));
            seen.note(7, applied(first, 0));
            for slot in first..=first + 249 {
                seen.note(u128::from(slot) << 64, applied(slot, 0));
            }
            assert_eq!(seen.note(7, applied(first, 0)), Verdict::Duplicate, "{first}");
        }
    }

    #[test]
    fn generations_turn_by_chain_time_where_there_are_no_slots() {
        let mut seen = Seen::default();
        let at = |at| Applied { slot: None, at: ChainTime(at), quote: 0, tokens: 0 };
        assert_eq!(seen.note(7, at(1_000)), Verdict::New);
        assert_eq!(seen.note(8, at(1_099)), Verdict::New);
        assert_eq!(seen.note(7, at(1_100)), Verdict::Duplicate);
        assert_eq!(seen.note(9, at(1_300)), Verdict::New);
        assert_eq!(seen.note(7, at(1_300)), Verdict::New);
    }
}
