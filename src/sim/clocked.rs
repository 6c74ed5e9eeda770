//! Ticks for sources whose time is virtual.

use std::time::Duration;

use momentum_core::event::Event;
use momentum_core::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Time between two ticks.
pub const TICK_EVERY: Duration = Duration::from_millis(250);

/// Longest time after an event for which ticks go on.
pub const TICKS_LAST: Duration = Duration::from_secs(3_600);

/// The first tick after `now`: ticks lie on whole quarters of a second.
#[must_use]
pub fn tick_after(now: Timestamp) -> Timestamp {
    let every = i64::try_from(TICK_EVERY.as_micros()).unwrap_or(i64::MAX);
    Timestamp(now.0.div_euclid(every).saturating_add(1).saturating_mul(every))
}

/// A source with ticks between its events: one at each quarter of a second, for at most an hour after an event;
/// then one just before the next event. A tick goes before an event of the same time. There is none before the
/// first event and none after the last.
///
/// Times that go back are raised to the latest seen, as the loop would.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Clocked<S> {
    source: S,
    ended: bool,
    next: Option<(Timestamp, Event)>,
    /// Time of the last event, once there was one.
    last: Option<Timestamp>,
    /// Time of the last tick or event.
    clock: Timestamp,
}

impl<S: Iterator<Item = (Timestamp, Event)>> Clocked<S> {
    /// `source` with ticks.
    pub fn new(source: S) -> Self {
        Self { source, ended: false, next: None, last: None, clock: Timestamp(i64::MIN) }
    }

    /// The source's next event; one that ended is not asked again.
    fn pull(&mut self) -> Option<(Timestamp, Event)> {
        let next = if self.ended { None } else { self.source.next() };
        self.ended = next.is_none();
        next
    }

    /// Time of the next tick, where one is due before an event at `next`.
    fn tick_before(&self, next: Timestamp) -> Option<Timestamp> {
        let silent = self.last? + TICKS_LAST;
        let tick = tick_after(self.clock);
        if tick <= next.min(silent) {
            Some(tick)
        } else {
            (next > silent && next > self.clock).then_some(next)
        }
    }
}

impl<S: Iterator<Item = (Timestamp, Event)>> Iterator for Clocked<S> {
    type Item = (Timestamp, Event);

    fn next(&mut self) -> Option<(Timestamp, Event)> {
        let (now, event) = match self.next.take() {
            Some(next) => next,
            None => self.pull()?,
        };
        let now = now.max(self.clock);
        if let Some(tick) = self.tick_before(now) {
            self.next = Some((now, event));
            self.clock = tick;
            return Some((tick, Event::Tick));
        }
        self.last = Some(now);
        self.clock = now;
        Some((now, event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momentum_core::event::FeedEvent;

    /// Times in milliseconds; ticks end with a `t`.
    fn clocked(events: &[i64]) -> Vec<String> {
        let source = events.iter().map(|ms| (Timestamp(ms * 1_000), Event::Feed(FeedEvent::Up)));
        let show = |(now, event): (Timestamp, Event)| {
            format!("{}{}", now.0 / 1_000, if event == Event::Tick { "t" } else { "" })
        };
        Clocked::new(source).map(show).collect()
    }

    #[test]
    fn ticks_fill_the_time_between_events_and_go_before_one_of_the_same_time() {
        assert_eq!(clocked(&[100, 500, 501]), ["100", "250t", "500t", "500", "501"]);
        assert_eq!(clocked(&[250, 250, 499, 600]), ["250", "250", "499", "500t", "600"]);
    }

    #[test]
    fn a_long_silence_ends_the_ticks_after_an_hour_but_for_one_before_the_next_event() {
        let seen = clocked(&[0, 7_200_100]);
        assert_eq!(seen.len(), 1 + 4 * 3_600 + 2);
        assert_eq!(seen[14_399..], ["3599750t", "3600000t", "7200100t", "7200100"]);
    }

    #[test]
    fn a_silence_of_an_hour_sharp_has_no_second_tick() {
        assert_eq!(clocked(&[0, 3_600_000]).len(), 1 + 4 * 3_600 + 1);
        assert_eq!(clocked(&[0, 3_600_001])[14_400..], ["3600000t", "3600001t", "3600001"]);
    }

    #[test]
    fn time_never_goes_back() {
        assert_eq!(clocked(&[600, 400, 800]), ["600", "600", "750t", "800"]);
    }

    #[test]
    fn a_source_without_events_has_no_ticks() {
        assert!(clocked(&[]).is_empty());
    }
}
