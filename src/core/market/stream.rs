//! Health of the stream: newest slots, and the slots that are missing.

use serde::{Deserialize, Serialize};

use super::FeedHealth;
use crate::event::FeedEvent;
use crate::ids::Slot;
use crate::time::{ChainTime, Timestamp};

/// Open gaps that are kept apart; beyond that the two oldest become one that spans both.
const GAPS: usize = 64;

/// What is known of the stream.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Stream {
    pub(super) health: FeedHealth,
    /// Highest chain time of any trade or slot: where windows are read.
    pub(super) at: ChainTime,
    /// Missing slots that were not filled, oldest first.
    gaps: Vec<Gap>,
}

/// Slots whose events were never received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Gap {
    from: Slot,
    to: Slot,
    /// Chain time from which observation is whole again; none until a later slot came.
    pub(super) ended: Option<ChainTime>,
    /// Events were dropped here, of which slots is not known: the next slot received is the last of them.
    dropped: bool,
}

impl Stream {
    /// A slot (or a trade in it) was received.
    pub(super) fn received(&mut self, slot: Option<Slot>, at: ChainTime, now: Timestamp) {
        self.at = self.at.max(at);
        let Some(slot) = slot else { return };
        if self.health.slot.is_none_or(|newest| slot > newest) {
            self.health.slot = Some(slot);
        }
        self.health.slot_received = Some(now);
        self.heard(slot);
        for gap in self.gaps.iter_mut().rev().take_while(|gap| gap.ended.is_none()) {
            if slot > gap.to {
                gap.ended = Some(self.at);
                if gap.dropped {
                    gap.to = slot;
                }
            }
        }
    }

    /// Some other source speaks of this slot.
    pub(super) fn heard(&mut self, slot: Slot) {
        self.health.highest = self.health.highest.max(Some(slot));
    }

    /// What happened to the stream itself; dead slots are the tokens' matter.
    pub(super) fn on_event(&mut self, event: FeedEvent, now: Timestamp) {
        match event {
            FeedEvent::Up => self.health.up = true,
            FeedEvent::Down => self.health.up = false,
            FeedEvent::Slot { slot, at } => self.received(Some(slot), at, now),
            FeedEvent::Gap { from, to } => self.open(Gap { from, to, ended: None, dropped: false }),
            FeedEvent::Filled { from, to } => self.fill(from, to),
            FeedEvent::Dropped(_) => {
                let here = self.health.slot.unwrap_or_default();
                self.open(Gap { from: here, to: here, ended: None, dropped: true });
            }
            FeedEvent::DeadSlot(_) => {}
        }
    }

    /// The last gap in what was observed since `from`.
    pub(super) fn gap_since(&self, from: Slot) -> Option<&Gap> {
        self.gaps.iter().rev().find(|gap| gap.to >= from)
    }

    fn open(&mut self, gap: Gap) {
        self.gaps.push(gap);
        if self.gaps.len() > GAPS {
            let oldest = self.gaps.remove(0);
            self.gaps[0].from = self.gaps[0].from.min(oldest.from);
            self.gaps[0].to = self.gaps[0].to.max(oldest.to);
        }
    }

    fn fill(&mut self, from: Slot, to: Slot) {
        let mut left = Vec::with_capacity(self.gaps.len());
        for gap in self.gaps.drain(..) {
            if gap.dropped || to < gap.from || from > gap.to {
                left.push(gap);
                continue;
            }
            if gap.from < from {
                left.push(Gap { to: Slot(from.0 - 1), ..gap });
            }
            if gap.to > to {
                left.push(Gap { from: Slot(to.0 + 1), ..gap });
            }
        }
        self.gaps = left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(events: &[FeedEvent]) -> Stream {
        let mut stream = Stream::default();
        for event in events {
            stream.on_event(*event, Timestamp(0));
        }
        stream
    }

    fn slot(slot: u64, at: i64) -> FeedEvent {
        FeedEvent::Slot { slot: Slot(slot), at: ChainTime(at) }
    }

    fn gap(from: u64, to: u64) -> FeedEvent {
        FeedEvent::Gap { from: Slot(from), to: Slot(to) }
    }

    fn filled(from: u64, to: u64) -> FeedEvent {
        FeedEvent::Filled { from: Slot(from), to: Slot(to) }
    }

    #[test]
    fn a_gap_touches_what_was_observed_before_its_end_and_not_what_came_after() {
        let stream = stream(&[slot(10, 100), gap(11, 20), slot(21, 105)]);
        assert_eq!(stream.gap_since(Slot(20)).unwrap().ended, Some(ChainTime(105)));
        assert!(stream.gap_since(Slot(21)).is_none());
        assert_eq!(stream.health.slot, Some(Slot(21)));
    }

    #[test]
    fn observation_is_broken_until_a_later_slot_comes() {
        let stream = stream(&[slot(10, 100), gap(11, 20), slot(20, 104)]);
        assert_eq!(stream.gap_since(Slot(1)).unwrap().ended, None);
    }

    #[test]
    fn filling_closes_what_it_covers_and_leaves_the_rest() {
        assert!(stream(&[gap(11, 20), filled(11, 20)]).gap_since(Slot(0)).is_none());
        let edges = stream(&[gap(11, 20), filled(13, 15)]);
        assert_eq!(edges.gaps.iter().map(|g| (g.from.0, g.to.0)).collect::<Vec<_>>(), [(11, 12), (16, 20)]);
        assert!(stream(&[gap(11, 20), filled(1, 10)]).gap_since(Slot(20)).is_some());
    }

    #[test]
    fn dropped_events_are_a_gap_up_to_the_next_slot_that_nothing_fills() {
        let stream = stream(&[slot(10, 100), FeedEvent::Dropped(3), slot(12, 101), filled(0, 100)]);
        assert_eq!(stream.gap_since(Slot(12)).unwrap().ended, Some(ChainTime(101)));
        assert!(stream.gap_since(Slot(13)).is_none());
    }

    #[test]
    fn the_oldest_gaps_grow_together_where_there_are_too_many() {
        let mut events: Vec<_> = (0..100).map(|n| gap(n * 10, n * 10 + 1)).collect();
        events.push(slot(2_000, 1));
        let stream = stream(&events);
        assert_eq!(stream.gaps.len(), GAPS);
        assert_eq!(stream.gap_since(Slot(991)).unwrap().from, Slot(990));
    }
}
