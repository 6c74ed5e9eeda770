//! Which events came already: streams repeat themselves after a reconnect, and two sources tell the same.
//!
//! Two generations of 16-byte keys, each covering 250 slots: what comes again within 250 slots is known. The same
//! event in a later slot is news, since a fork landed it there.

use hashbrown::HashTable;
use momentum_core::ids::{Signature, Slot};

/// Slots that a generation covers.
const SLOTS: u64 = 250;

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: [u64; 2],
    slot: Slot,
}

/// The keys of the last events.
#[derive(Debug, Default)]
pub(super) struct Seen {
    young: HashTable<Entry>,
    old: HashTable<Entry>,
    /// Where the young generation began.
    from: Slot,
}

impl Seen {
    /// Whether this event is news; from now on it is not.
    pub(super) fn news(&mut self, signature: &Signature, ordinal: u16, slot: Slot) -> bool {
        self.turn(slot);
        let key = key(signature, ordinal);
        let known = |entry: &Entry| entry.key == key;
        if let Some(entry) = self.young.find_mut(key[0], known).or_else(|| self.old.find_mut(key[0], known)) {
            let later = slot > entry.slot;
            if later {
                entry.slot = slot;
            }
            return later;
        }
        self.young.insert_unique(key[0], Entry { key, slot }, |entry| entry.key[0]);
        true
    }

    /// Begins a new generation where the young one covers its span.
    fn turn(&mut self, slot: Slot) {
        let gone = slot.0.saturating_sub(self.from.0) / SLOTS;
        if gone == 0 {
            return;
        }
        std::mem::swap(&mut self.old, &mut self.young);
        // Cleared rather than made anew: the next generation will be about as large.
        self.young.clear();
        if gone > 1 {
            self.old.clear();
        }
        self.from = slot;
    }
}

/// 16 bytes of the signature, which are as random as bytes are, with the place in the transaction mixed in.
fn key(signature: &Signature, ordinal: u16) -> [u64; 2] {
    let word = |from: usize| {
        let bytes = signature.as_bytes().get(from..from + 8).and_then(|bytes| bytes.try_into().ok());
        u64::from_le_bytes(bytes.unwrap_or_default())
    };
    // An odd constant without pattern, so that neighbours in one transaction go far apart.
    let mixed = u64::from(ordinal).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    [word(0) ^ mixed, word(32)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(n: u8) -> Signature {
        Signature([n; 64])
    }

    #[test]
    fn an_event_is_news_once_in_a_slot_and_again_in_a_later_one() {
        let mut seen = Seen::default();
        assert!(seen.news(&signature(1), 0, Slot(10)));
        assert!(!seen.news(&signature(1), 0, Slot(10)));
        assert!(seen.news(&signature(1), 1, Slot(10)), "another place in the transaction");
        assert!(seen.news(&signature(2), 0, Slot(10)));
        assert!(seen.news(&signature(1), 0, Slot(11)), "landed again after a fork");
        assert!(!seen.news(&signature(1), 0, Slot(11)));
        assert!(!seen.news(&signature(1), 0, Slot(10)), "an old slot tells nothing new");
    }

    #[test]
    fn what_came_within_250_slots_is_known_and_older_ones_are_forgotten() {
        let mut seen = Seen::default();
        for slot in 1_000..2_000_u64 {
            let mut bytes = [7; 64];
            bytes[..8].copy_from_slice(&slot.to_le_bytes());
            assert!(seen.news(&Signature(bytes), 0, Slot(slot)));
            let known = slot.saturating_sub(250).max(1_000);
            bytes[..8].copy_from_slice(&known.to_le_bytes());
            assert!(!seen.news(&Signature(bytes), 0, Slot(known)), "{known} at {slot}");
        }
        assert!(seen.young.len() + seen.old.len() <= 500);
    }
}
