//! Plays a source through a processor: a run, a backtest, a stage of the pipe.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use momentum_core::action::Effects;
use momentum_core::event::{Envelope, Event};
use momentum_core::time::Timestamp;
use momentum_sim::driver::{Driver, Processor};

use crate::pace::Pace;

/// Who sees what a play does.
pub trait Audience<P> {
    /// One event with what it made, in order.
    fn see(&mut self, envelope: &Envelope, effects: &Effects);

    /// All that one event of the source led to is done; `Break` ends the play.
    fn after(&mut self, driver: &Driver<P>) -> ControlFlow<()>;
}

/// Feeds every event to the driver in its time, until the source ends, the audience has enough or `stop` is
/// set.
pub fn play<P: Processor>(
    driver: &mut Driver<P>,
    events: impl Iterator<Item = (Timestamp, Event)>,
    pace: &mut Pace,
    stop: &AtomicBool,
    audience: &mut impl Audience<P>,
) {
    for (now, event) in events {
        pace.wait_for(now, stop);
        if stop.load(Ordering::Relaxed) {
            return;
        }
        driver
            .feed(now, event, &mut |envelope: &Envelope, effects: &Effects| audience.see(envelope, effects));
        if audience.after(driver).is_break() {
            return;
        }
    }
}
