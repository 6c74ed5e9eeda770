//! One backtest: a source from its beginning to its end, as fast as it goes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use momentum_core::action::Effects;
use momentum_core::config::Execution;
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Event, OnExit};
use momentum_core::time::Timestamp;
use momentum_sim::driver::{Answers, Driver};
use momentum_sim::paper::Paper;
use momentum_sim::venue::{Strictness, Venue};

/// Longest market time that attempts in flight may take to come to their end.
const END_WITHIN: Duration = Duration::from_secs(600);

/// Plays `events` (ticks among them) behind `first`, the event that starts the run, and gives the engine as it
/// is at the end. `sink` sees every event with what it made; `stop` ends it early, in order.
///
/// Fills are worse than the state of their arrival by the extra slippage of `[paper]`; positions that are open
/// at the end stay open and are valued at their marks.
pub fn run(
    first: (Timestamp, Event),
    events: impl Iterator<Item = (Timestamp, Event)>,
    paper: Paper,
    execution: &Execution,
    stop: &AtomicBool,
    sink: &mut impl FnMut(&Envelope, &Effects),
) -> Driver<Engine> {
    let venue = Venue::new(paper, execution, Strictness::Backtest);
    let mut driver = Driver::new(Engine::default(), Some(venue), Answers::NotConfigured);
    driver.feed(first.0, first.1, sink);
    for (now, event) in events {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        driver.feed(now, event, sink);
    }
    driver.stop(OnExit::Hold, END_WITHIN, sink);
    driver
}
