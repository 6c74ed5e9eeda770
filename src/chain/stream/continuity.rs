//! What is whole and what is missing: the chain of slots as a stream shows it.
//!
//! A block names its parent, so a hole shows as a parent that never came; slots that were skipped have no block
//! and are nobody's parent, so they are no hole. A transaction whose slot is not linked yet waits (for
//! milliseconds: servers announce a slot before its transactions), so that a gap is told before what follows it.
//! A slot is whole when its block came to an end on a connection that had it from its beginning; after a
//! disconnect the stream resumes there.

use std::collections::BTreeMap;

use momentum_core::ids::Slot;

/// Links that are remembered: minutes of slots, of which the next few are needed.
const LINKS: usize = 1_024;

/// Slots that never came, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) from: Slot,
    pub(crate) to: Slot,
}

/// From where on a new connection tells everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joined {
    /// From this slot on, from its beginning.
    From(Slot),
    /// From somewhere inside of the first slot that it tells of.
    Inside,
}

/// Where a transaction belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Here and now.
    Here,
    /// Behind this gap.
    Behind(Gap),
    /// Nothing links its slot to those before yet.
    Unlinked,
}

/// The chain of slots as far as it was seen.
#[derive(Debug, Default)]
pub(crate) struct Continuity {
    /// Everything up to here came, or was told to be missing. `None` before the first slot of all.
    whole: Option<Slot>,
    /// Newest slot of which something passed.
    tip: Option<Slot>,
    /// Whether the next slot to come may be half told.
    inside: bool,
    parents: BTreeMap<Slot, Slot>,
}

impl Continuity {
    /// One that goes on where an earlier process ended, which saw something of the slot `newest`, maybe not all.
    pub(crate) fn behind(newest: Option<Slot>) -> Self {
        let whole = newest.map(|newest| Slot(newest.0.saturating_sub(1)));
        Self { whole, tip: whole, ..Self::default() }
    }

    /// Where a new connection should resume: the last whole slot. `None` if there is none yet.
    pub(crate) const fn resume(&self) -> Option<Slot> {
        self.whole
    }

    /// A new connection serves from here on.
    pub(crate) fn joined(&mut self, joined: Joined) {
        self.tip = self.whole;
        self.inside = joined == Joined::Inside;
        self.parents.clear();
    }

    /// A slot was announced as the child of another.
    pub(crate) fn link(&mut self, slot: Slot, parent: Slot) {
        self.parents.insert(slot, parent);
        if self.parents.len() > LINKS {
            self.parents.pop_first();
        }
    }

    /// A slot is not on the chain. Says whether anything of it may have passed.
    pub(crate) fn dead(&mut self, slot: Slot) -> bool {
        self.parents.remove(&slot);
        self.tip.is_some_and(|tip| slot <= tip)
    }

    /// A transaction of this slot came.
    pub(crate) fn transaction(&mut self, slot: Slot) -> Place {
        if let Some(place) = self.begun(slot) {
            return place;
        }
        match self.parents.get(&slot) {
            None => Place::Unlinked,
            Some(parent) => {
                let parent = *parent;
                self.follow(slot, parent).map_or(Place::Here, Place::Behind)
            }
        }
    }

    /// A transaction of this slot has waited long enough to be linked: it passes, and the slot's block will tell
    /// whether something was missing.
    pub(crate) fn transaction_at_last(&mut self, slot: Slot) -> Place {
        match self.transaction(slot) {
            Place::Unlinked => {
                self.tip = self.tip.max(Some(slot));
                Place::Here
            }
            placed => placed,
        }
    }

    /// A block came to its end: all its transactions came before.
    pub(crate) fn block(&mut self, slot: Slot, parent: Slot) -> Option<Gap> {
        self.link(slot, parent);
        let mut gap = match self.begun(slot) {
            Some(Place::Behind(gap)) => Some(gap),
            Some(_) => None,
            None => self.follow(slot, parent),
        };
        if gap.is_none() && self.whole.is_some_and(|whole| parent > whole && slot > whole) {
            // Its parent passed, but never came to an end.
            gap = self.whole.map(|whole| Gap { from: Slot(whole.0 + 1), to: parent });
        }
        self.whole = self.whole.max(Some(slot));
        gap
    }

    /// A transaction of this slot came from a source that tells neither parents nor ends of blocks, slot by slot:
    /// what is before its slot is whole.
    pub(crate) fn unverified(&mut self, slot: Slot) -> Option<Gap> {
        if let Some(place) = self.begun(slot) {
            return match place {
                Place::Behind(gap) => Some(gap),
                _ => None,
            };
        }
        self.whole = self.whole.max(self.tip);
        self.tip = Some(slot);
        None
    }

    /// What the first slot of all, a slot that passed already and the first one of a connection are.
    fn begun(&mut self, slot: Slot) -> Option<Place> {
        let inside = std::mem::take(&mut self.inside);
        let (Some(tip), Some(whole)) = (self.tip, self.whole) else {
            // What was before is not asked for; a resume gets the first slot from its beginning.
            self.tip = Some(slot);
            self.whole = Some(Slot(slot.0.saturating_sub(1)));
            return Some(Place::Here);
        };
        if slot <= tip {
            return Some(Place::Here);
        }
        if inside {
            // The beginning of this slot may be missing as well.
            self.tip = Some(slot);
            self.whole = Some(slot);
            return Some(Place::Behind(Gap { from: Slot(whole.0 + 1), to: slot }));
        }
        None
    }

    /// Steps to a slot above the tip.
    fn follow(&mut self, slot: Slot, parent: Slot) -> Option<Gap> {
        let tip = self.tip.replace(slot);
        let gap = tip.filter(|tip| parent > *tip).and(self.whole).map(|whole| {
            // A slot that passed and did not come to its end before a hole is a part of the hole.
            Gap { from: Slot(whole.0 + 1), to: parent }
        });
        if gap.is_some() {
            self.whole = Some(parent);
        }
        gap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(from: u64, to: u64) -> Gap {
        Gap { from: Slot(from), to: Slot(to) }
    }

    /// Slots 10 and 11 came whole.
    fn eleven() -> Continuity {
        let mut chain = Continuity::default();
        for slot in [10, 11] {
            chain.link(Slot(slot), Slot(slot - 1));
            assert_eq!(chain.transaction(Slot(slot)), Place::Here);
            assert_eq!(chain.block(Slot(slot), Slot(slot - 1)), None);
        }
        assert_eq!(chain.resume(), Some(Slot(11)));
        chain
    }

    #[test]
    fn skipped_slots_are_no_gap() {
        let mut chain = eleven();
        chain.link(Slot(15), Slot(11));
        assert_eq!(chain.transaction(Slot(15)), Place::Here);
        assert_eq!(chain.block(Slot(15), Slot(11)), None);
        assert_eq!(chain.block(Slot(19), Slot(15)), None, "a block without trades counts too");
        assert_eq!(chain.resume(), Some(Slot(19)));
    }

    #[test]
    fn a_parent_that_never_came_is_a_gap_before_its_child_once() {
        let mut chain = eleven();
        chain.link(Slot(15), Slot(14));
        assert_eq!(chain.transaction(Slot(15)), Place::Behind(gap(12, 14)));
        assert_eq!(chain.transaction(Slot(15)), Place::Here);
        assert_eq!(chain.block(Slot(15), Slot(14)), None);
        assert_eq!(chain.block(Slot(20), Slot(18)), Some(gap(16, 18)));
        assert_eq!(chain.resume(), Some(Slot(20)));
    }

    #[test]
    fn a_transaction_waits_for_its_link_and_not_for_ever() {
        let mut chain = eleven();
        assert_eq!(chain.transaction(Slot(15)), Place::Unlinked);
        assert_eq!(chain.transaction_at_last(Slot(15)), Place::Here);
        assert_eq!(chain.block(Slot(15), Slot(13)), Some(gap(12, 13)), "told late rather than never");
        let mut chain = eleven();
        assert_eq!(chain.transaction(Slot(15)), Place::Unlinked);
        assert_eq!(chain.block(Slot(15), Slot(13)), Some(gap(12, 13)));
        assert_eq!(chain.transaction(Slot(15)), Place::Here);
    }

    #[test]
    fn a_resumed_stream_repeats_and_goes_on() {
        let mut chain = eleven();
        chain.link(Slot(12), Slot(11));
        assert_eq!(chain.transaction(Slot(12)), Place::Here);
        // Cut here: 12 did not come to its end.
        assert_eq!(chain.resume(), Some(Slot(11)));
        chain.joined(Joined::From(Slot(11)));
        for slot in [11, 12, 13] {
            chain.link(Slot(slot), Slot(slot - 1));
            assert_eq!(chain.transaction(Slot(slot)), Place::Here);
            assert_eq!(chain.block(Slot(slot), Slot(slot - 1)), None);
        }
    }

    #[test]
    fn a_server_that_resumes_later_than_asked_left_a_gap_with_the_slot_that_was_cut() {
        let mut chain = eleven();
        chain.link(Slot(12), Slot(11));
        assert_eq!(chain.transaction(Slot(12)), Place::Here);
        chain.joined(Joined::From(Slot(20)));
        assert_eq!(chain.transaction(Slot(21)), Place::Unlinked);
        assert_eq!(chain.block(Slot(21), Slot(19)), Some(gap(12, 19)));
        assert_eq!(chain.resume(), Some(Slot(21)));
    }

    #[test]
    fn who_joins_inside_a_slot_misses_its_beginning() {
        let mut chain = eleven();
        chain.joined(Joined::Inside);
        assert_eq!(chain.transaction(Slot(20)), Place::Behind(gap(12, 20)));
        assert_eq!(chain.transaction(Slot(20)), Place::Here);
        assert_eq!(chain.block(Slot(20), Slot(19)), None);
        // A server that is behind tells what is known first: then nothing is missing.
        let mut chain = eleven();
        chain.joined(Joined::Inside);
        assert_eq!(chain.transaction(Slot(11)), Place::Here);
        assert_eq!(chain.block(Slot(11), Slot(10)), None);
        chain.link(Slot(12), Slot(11));
        assert_eq!(chain.transaction(Slot(12)), Place::Here);
    }

    #[test]
    fn a_parent_that_passed_but_did_not_end_is_missing() {
        let mut chain = eleven();
        chain.link(Slot(12), Slot(11));
        assert_eq!(chain.transaction(Slot(12)), Place::Here);
        chain.link(Slot(13), Slot(12));
        assert_eq!(chain.transaction(Slot(13)), Place::Here);
        assert_eq!(chain.block(Slot(13), Slot(12)), Some(gap(12, 12)));
    }

    #[test]
    fn a_connection_that_ends_in_its_first_slot_gets_that_slot_again() {
        let mut chain = Continuity::default();
        assert_eq!(chain.resume(), None);
        assert_eq!(chain.transaction(Slot(10)), Place::Here);
        assert_eq!(chain.resume(), Some(Slot(9)));
        chain.joined(Joined::From(Slot(9)));
        assert_eq!(chain.block(Slot(9), Slot(8)), None);
        assert_eq!(chain.block(Slot(10), Slot(9)), None);
    }

    #[test]
    fn what_an_earlier_process_saw_half_comes_again_and_what_it_missed_is_a_gap() {
        let mut chain = Continuity::behind(Some(Slot(10)));
        assert_eq!(chain.resume(), Some(Slot(9)));
        chain.joined(Joined::From(Slot(9)));
        for slot in [9, 10, 11] {
            chain.link(Slot(slot), Slot(slot - 1));
            assert_eq!(chain.transaction(Slot(slot)), Place::Here);
            assert_eq!(chain.block(Slot(slot), Slot(slot - 1)), None);
        }
        let mut late = Continuity::behind(Some(Slot(10)));
        late.joined(Joined::From(Slot(20)));
        late.link(Slot(20), Slot(19));
        assert_eq!(late.transaction(Slot(20)), Place::Behind(gap(10, 19)));
        let mut inside = Continuity::behind(Some(Slot(10)));
        inside.joined(Joined::Inside);
        assert_eq!(inside.unverified(Slot(20)), Some(gap(10, 20)));
        assert_eq!(Continuity::behind(None).resume(), None);
    }

    #[test]
    fn forks_are_no_gaps() {
        let mut chain = eleven();
        chain.link(Slot(12), Slot(11));
        assert_eq!(chain.transaction(Slot(12)), Place::Here);
        assert!(chain.dead(Slot(12)));
        chain.link(Slot(13), Slot(11));
        assert_eq!(chain.transaction(Slot(13)), Place::Here);
        assert_eq!(chain.block(Slot(13), Slot(11)), None);
        assert!(!chain.dead(Slot(14)));
    }

    #[test]
    fn without_blocks_a_slot_is_whole_when_the_next_one_comes() {
        let mut chain = eleven();
        chain.joined(Joined::Inside);
        assert_eq!(chain.unverified(Slot(14)), Some(gap(12, 14)));
        assert_eq!(chain.unverified(Slot(14)), None);
        assert_eq!(chain.unverified(Slot(17)), None);
        assert_eq!(chain.unverified(Slot(18)), None);
        assert_eq!(chain.resume(), Some(Slot(17)));
        // Back to a source that verifies.
        chain.joined(Joined::From(Slot(17)));
        chain.link(Slot(18), Slot(17));
        assert_eq!(chain.transaction(Slot(18)), Place::Here);
    }
}
