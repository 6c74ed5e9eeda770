//! The circuit breaker of one endpoint: closed while it works; open, and the endpoint left alone, after too many
//! failures in a row; half-open when its time is over, for one probe that decides. A pure state machine: the time
//! is passed in.

use std::time::{Duration, Instant};

/// What a breaker allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// All requests.
    Closed,
    /// None.
    Open,
    /// One, which decides.
    HalfOpen,
}

/// When a breaker opens and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Failures in a row that open it.
    pub failures: u16,
    /// How long it stays open at first; doubles with each failed probe.
    pub pause: Duration,
    /// How long at most.
    pub pause_max: Duration,
}

/// A circuit breaker.
#[derive(Clone, Debug)]
pub struct Breaker {
    limits: Limits,
    /// In a row.
    failures: u16,
    pause: Duration,
    state: BreakerState,
    /// Open: until when. Half-open: until when its probe has to report, so that one that was given up cannot
    /// keep the breaker half-open for ever.
    until: Option<Instant>,
}

impl Breaker {
    /// A closed breaker.
    #[must_use]
    pub const fn new(limits: Limits) -> Self {
        Self { limits, failures: 0, pause: limits.pause, state: BreakerState::Closed, until: None }
    }

    /// What it allows now.
    #[must_use]
    pub fn state(&self, now: Instant) -> BreakerState {
        match self.state {
            BreakerState::Open if self.is_over(now) => BreakerState::HalfOpen,
            state => state,
        }
    }

    /// Whether a request may go now. A half-open breaker takes the first that asks for its probe.
    pub fn admits(&mut self, now: Instant) -> bool {
        if self.state == BreakerState::Closed {
            return true;
        }
        let over = self.is_over(now);
        if over {
            self.state = BreakerState::HalfOpen;
            self.until = Some(now + self.pause);
        }
        over
    }

    /// A request was answered: closes it.
    pub const fn succeeded(&mut self) {
        *self = Self::new(self.limits);
    }

    /// A request was not answered: opens it after too many in a row, at once if that was the probe.
    pub fn failed(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        match self.state {
            BreakerState::Closed if self.failures < self.limits.failures => return,
            BreakerState::Closed => {}
            BreakerState::HalfOpen => self.pause = (self.pause * 2).min(self.limits.pause_max),
            // What left before it opened says nothing new.
            BreakerState::Open => return,
        }
        self.state = BreakerState::Open;
        self.until = Some(now + self.pause);
    }

    fn is_over(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| until <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn breaker() -> (Breaker, Instant) {
        let limits = Limits { failures: 3, pause: SECOND, pause_max: SECOND * 3 };
        (Breaker::new(limits), Instant::now())
    }

    /// Opened at `now`.
    fn open(breaker: &mut Breaker, now: Instant) {
        (0..3).for_each(|_| breaker.failed(now));
        assert_eq!(breaker.state(now), BreakerState::Open);
    }

    #[test]
    fn only_failures_in_a_row_open_it() {
        let (mut breaker, now) = breaker();
        for _ in 0..10 {
            breaker.failed(now);
            breaker.failed(now);
            breaker.succeeded();
        }
        assert_eq!(breaker.state(now), BreakerState::Closed);
        open(&mut breaker, now);
        assert!(!breaker.admits(now));
    }

    #[test]
    fn half_open_it_takes_one_probe_that_closes_it() {
        let (mut breaker, now) = breaker();
        open(&mut breaker, now);
        let later = now + SECOND;
        assert_eq!(breaker.state(later), BreakerState::HalfOpen);
        assert!(breaker.admits(later));
        assert!(!breaker.admits(later), "the probe is under way");
        breaker.succeeded();
        assert_eq!(breaker.state(later), BreakerState::Closed);
        assert!(breaker.admits(later) && breaker.admits(later));
    }

    #[test]
    fn each_failed_probe_doubles_the_pause_up_to_its_most() {
        let (mut breaker, mut now) = breaker();
        open(&mut breaker, now);
        for pause in [1, 2, 3, 3] {
            assert!(!breaker.admits(now + SECOND * pause - Duration::from_millis(1)), "{pause}");
            now += SECOND * pause;
            assert!(breaker.admits(now), "{pause}");
            breaker.failed(now);
            assert_eq!(breaker.state(now), BreakerState::Open);
        }
        now += SECOND * 3;
        assert!(breaker.admits(now));
        breaker.succeeded();
        open(&mut breaker, now);
        assert!(breaker.admits(now + SECOND), "a success forgets the doubled pause");
    }

    #[test]
    fn what_left_before_it_opened_does_not_keep_it_open() {
        let (mut breaker, now) = breaker();
        open(&mut breaker, now);
        breaker.failed(now + SECOND / 2);
        assert_eq!(breaker.state(now + SECOND), BreakerState::HalfOpen);
    }

    #[test]
    fn a_probe_that_never_reports_is_followed_by_another() {
        let (mut breaker, now) = breaker();
        open(&mut breaker, now);
        assert!(breaker.admits(now + SECOND));
        assert!(!breaker.admits(now + SECOND));
        assert!(breaker.admits(now + SECOND * 2));
    }
}
