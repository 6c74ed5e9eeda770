//! The end: no entries, attempts in flight seen to their end, positions held or sold, everything durable.

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use momentum_core::engine::Engine;
use momentum_core::event::{Event, OnExit, RunEvent};

use super::turning::Loop;
use crate::play::Audience;

/// Longest market time that ending may take where time is made: attempts in flight must come to their end.
pub const MADE_TIME: Duration = Duration::from_secs(600);
/// The same by the wall.
const WALL_TIME: Duration = Duration::from_secs(60);
/// How long the last commit may take.
const COMMIT: Duration = Duration::from_secs(10);

impl<A: Audience<Engine>> Loop<'_, '_, A> {
    /// Ends the run; whether every attempt came to its end. Where the source has more to tell it goes on while
    /// the end is awaited: a sale needs a market.
    pub(super) fn end(&mut self, on_exit: OnExit, interrupted: bool) -> bool {
        self.notifier.stopping();
        self.node.ends();
        if !interrupted {
            return self.driver.stop(on_exit, MADE_TIME, &mut self.node);
        }
        tracing::info!("an interrupt: no entries from here");
        let now = self.now();
        self.driver.feed(now, Event::Run(RunEvent::Stopping(on_exit)), &mut self.node);
        let (began, from) = (Instant::now(), self.driver.now());
        let flying = self.driver.processor().trader().unended().count();
        if flying > 0 || !self.driver.finished() || self.withdraws() {
            let seconds = WALL_TIME.as_secs();
            (self.say)(&format!(
                "ends once {flying} attempts in flight have their end, {seconds} s at most; another Ctrl-C leaves at \
                 once, and the next start takes them over"
            ));
        }
        let never = AtomicBool::new(false);
        // The last sale may have been of a wallet whose key somebody else has.
        while (!self.driver.finished() || self.withdraws())
            && began.elapsed() < WALL_TIME
            && self.driver.now().since(from) < MADE_TIME
        {
            let next = self.timeline.next(self.inbox, self.driver.next_due(), &never);
            if !self.turn(next) {
                break;
            }
            if self.node.audience().after(&self.driver).is_break() {
                tracing::warn!("nobody listens any more: the end goes on");
            }
        }
        self.driver.finished() && !self.withdraws()
    }

    /// Writes the last snapshot and the last commit; whether both came through.
    pub(super) fn close(mut self) -> (Engine, bool) {
        self.snapshot();
        let durable = match self.node.end() {
            None => true,
            Some(gate) => match gate.close(COMMIT) {
                Ok(()) => true,
                Err(why) => {
                    tracing::error!("the last of it is not durable: {why}");
                    false
                }
            },
        };
        (self.driver.into_processor(), durable)
    }
}
