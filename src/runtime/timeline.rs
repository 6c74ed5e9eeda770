//! What comes next, and when: market time that is made (the embedded market, a replay) or the wall's (streams).

use std::iter::Peekable;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use momentum_control::request::Request;
use momentum_core::event::Event;
use momentum_core::time::Timestamp;
use momentum_sim::clocked::tick_after;
use momentum_sim::market::Speed;

use crate::embedded::Embedded;
use crate::inbox::{Inbox, Taken};
use crate::pace::Pace;

/// Longest wait at a stretch: how late an interrupt may be noticed.
const SLICE: Duration = Duration::from_millis(50);

/// What the loop does next.
#[derive(Debug)]
pub enum Next {
    /// An event at its time.
    Event(Timestamp, Event),
    /// An operator asks, at a time between two events.
    Request(Request),
    /// Nothing to do yet: a moment to look after other things.
    Idle,
    /// The source has ended.
    Ended,
    /// An interrupt came.
    Interrupted,
}

/// Where events come from, in time.
pub enum Timeline<'a> {
    /// Events carry their time; a pace holds them back.
    Made(Made<'a>),
    /// Events have the time of their arrival.
    Wall(Wall),
}

/// A source whose time is made.
pub struct Made<'a> {
    script: Script<'a>,
    pace: Pace,
}

/// Events with their times, ticks among them.
pub enum Script<'a> {
    /// The embedded market, up to a time.
    Embedded(Box<Embedded>, Option<Timestamp>),
    /// Any other.
    Events(Peekable<Box<dyn Iterator<Item = (Timestamp, Event)> + 'a>>),
}

impl Script<'_> {
    fn next(&mut self) -> Option<(Timestamp, Event)> {
        match self {
            Self::Embedded(market, end) => market.next_if(|now| end.is_none_or(|end| now < end)),
            Self::Events(events) => events.next(),
        }
    }

    /// Time of the next event, which stays.
    fn peek(&mut self) -> Option<Timestamp> {
        match self {
            Self::Embedded(market, end) => {
                let (now, event) = market.next_if(|now| end.is_none_or(|end| now < end))?;
                market.put_back((now, event));
                Some(now)
            }
            Self::Events(events) => events.peek().map(|(now, _)| *now),
        }
    }
}

impl<'a> Made<'a> {
    /// `script`, held back by `pace`.
    #[must_use]
    pub const fn new(script: Script<'a>, pace: Pace) -> Self {
        Self { script, pace }
    }

    /// Operators are heard before each event, and while it is awaited.
    fn next(&mut self, inbox: &Inbox) -> Next {
        let Some(now) = self.script.peek() else { return Next::Ended };
        match self.pace.due(now) {
            None => {
                if let Some(request) = inbox.request() {
                    return Next::Request(request);
                }
            }
            Some(due) => {
                let slice = due.min(Instant::now() + SLICE);
                match inbox.request_until(slice) {
                    Some(request) => return Next::Request(request),
                    None if slice < due => return Next::Idle,
                    None => {}
                }
            }
        }
        self.script.next().map_or(Next::Ended, |(now, event)| Next::Event(now, event))
    }
}

/// A source whose time is the wall's: read once, then counted by the monotonic clock, so that a clock that is
/// set does not move the market.
#[derive(Debug)]
pub struct Wall {
    origin: Timestamp,
    began: Instant,
    tick: Timestamp,
}

impl Wall {
    /// Time that begins at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { origin: now, began: Instant::now(), tick: tick_after(now) }
    }

    /// The time of this moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.origin + self.began.elapsed()
    }

    fn instant(&self, at: Timestamp) -> Instant {
        self.began + at.since(self.origin)
    }

    /// Ticks that were missed while the loop was away are made up by one.
    fn next(&mut self, inbox: &Inbox, venue_due: Option<Timestamp>) -> Next {
        let now = self.now();
        if now >= self.tick {
            self.tick = tick_after(now);
            return Next::Event(now, Event::Tick);
        }
        let until = venue_due.map_or(self.tick, |due| due.min(self.tick));
        match inbox.take(self.instant(until)) {
            Some(Taken::Request(request)) => Next::Request(request),
            Some(Taken::Event(event)) => Next::Event(self.now(), event),
            None => Next::Idle,
        }
    }
}

impl Timeline<'_> {
    /// What comes next; waits for it, but never longer than a tick. `venue_due` is when the venue has something
    /// to tell.
    pub fn next(&mut self, inbox: &Inbox, venue_due: Option<Timestamp>, stop: &AtomicBool) -> Next {
        if stop.load(Ordering::Relaxed) {
            return Next::Interrupted;
        }
        match self {
            Self::Made(made) => made.next(inbox),
            Self::Wall(wall) => wall.next(inbox, venue_due),
        }
    }

    /// Lets the embedded market pass at this speed; other sources have their own.
    pub fn set_speed(&mut self, speed: Speed) {
        if let Self::Made(Made { script: Script::Embedded(..), pace }) = self {
            pace.set(speed);
        }
    }

    /// The embedded market as it is now, where that is the source.
    #[must_use]
    pub const fn embedded(&self) -> Option<&Embedded> {
        match self {
            Self::Made(Made { script: Script::Embedded(market, _), .. }) => Some(market),
            _ => None,
        }
    }

    /// Market time of this moment, where it passes by itself.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        match self {
            Self::Made(_) => None,
            Self::Wall(wall) => Some(wall.now()),
        }
    }
}
