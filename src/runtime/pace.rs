//! How fast market time passes for a person who watches: a factor of wall time, or as fast as it can.
//!
//! Pacing only sleeps. It changes no event and no order, so a run decides the same at every speed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use momentum_core::time::Timestamp;
use momentum_sim::market::Speed;

/// Longest sleep at a stretch: how late a stop may be noticed.
const SLICE: Duration = Duration::from_millis(50);
/// Less than this ahead of time is not worth a system call.
const SLACK: Duration = Duration::from_millis(2);

/// Holds market time back to a speed.
#[derive(Debug)]
pub struct Pace {
    speed: Speed,
    /// Market time that passes as fast as it can: a warm-up.
    free_until: Option<Timestamp>,
    /// Market time and wall time that were the same moment.
    anchor: Option<(Timestamp, Instant)>,
}

impl Pace {
    /// A pace that begins at the first moment it is asked about, or where `free_until` ends.
    #[must_use]
    pub const fn new(speed: Speed, free_until: Option<Timestamp>) -> Self {
        Self { speed, free_until, anchor: None }
    }

    /// Goes on at another speed from the present moment.
    pub fn set(&mut self, speed: Speed) {
        if self.speed != speed {
            (self.speed, self.anchor) = (speed, None);
        }
    }

    /// When market time `now` comes; `None` where nothing holds it back.
    pub fn due(&mut self, now: Timestamp) -> Option<Instant> {
        let Speed::Times(factor) = self.speed else { return None };
        if self.free_until.is_some_and(|until| now < until) {
            return None;
        }
        let (origin, began) = *self.anchor.get_or_insert_with(|| (now, Instant::now()));
        let due = began + now.since(origin) / factor.max(1);
        (due.saturating_duration_since(Instant::now()) >= SLACK).then_some(due)
    }

    /// Sleeps until market time `now` has come, or `stop` is set.
    pub fn wait_for(&mut self, now: Timestamp, stop: &AtomicBool) {
        let Some(due) = self.due(now) else { return };
        while !stop.load(Ordering::Relaxed) {
            let ahead = due.saturating_duration_since(Instant::now());
            if ahead < SLACK {
                return;
            }
            thread::sleep(ahead.min(SLICE));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_pace_waits_for_nothing() {
        let stop = AtomicBool::new(true);
        let mut pace = Pace::new(Speed::Times(1), None);
        pace.wait_for(Timestamp(0), &stop);
        pace.wait_for(Timestamp(i64::MAX), &stop);
    }

    #[test]
    fn another_speed_counts_from_the_present_moment() {
        let mut pace = Pace::new(Speed::Times(1), None);
        assert_eq!(pace.due(Timestamp(0)), None, "the first moment is now");
        let hour = Timestamp(3_600_000_000);
        let far = pace.due(hour).unwrap();
        pace.set(Speed::Times(1));
        assert_eq!(pace.due(hour), Some(far), "the same speed changes nothing");
        pace.set(Speed::Times(3_600));
        assert_eq!(pace.due(hour), None, "the present moment, whatever was slept before");
        let next = pace.due(hour + Duration::from_secs(3_600)).unwrap();
        assert!(next.saturating_duration_since(Instant::now()) <= Duration::from_secs(1));
        pace.set(Speed::Max);
        assert_eq!(pace.due(hour + Duration::from_secs(7_200)), None);
    }

    #[test]
    fn a_warm_up_passes_as_fast_as_it_can() {
        let stop = AtomicBool::new(false);
        let mut pace = Pace::new(Speed::Times(1), Some(Timestamp(i64::MAX)));
        pace.wait_for(Timestamp(0), &stop);
        pace.wait_for(Timestamp(3_600_000_000), &stop);
        assert!(pace.anchor.is_none());
    }
}
