//! The loop: one thread that gives every event its place, feeds the engine and lets the simulated venue answer.
//!
//! `run`, backtests, scenario texts and `trade from -` all go through here, so that what falls due between two
//! events comes at the same place in each of them; where market time is the wall's, whoever feeds it waits. The
//! order at one moment is: the event; what the venue answers at once; answers of sources that nobody configured.

use std::collections::VecDeque;
use std::time::Duration;

use momentum_core::action::{Action, Effects};
use momentum_core::engine::{Engine, Scorer};
use momentum_core::event::{Answer, Enriched, Envelope, Event, OnExit, RunEvent, Unknown, What};
use momentum_core::ids::{AttemptId, Seq};
use momentum_core::time::Timestamp;

use crate::clocked::tick_after;
use crate::venue::Venue;

/// What the loop drives: the engine, or the stage of the pipe that only scores.
pub trait Processor {
    /// Applies one event; `effects` comes in empty.
    fn on_event(&mut self, envelope: &Envelope, effects: &mut Effects);
}

impl Processor for Engine {
    fn on_event(&mut self, envelope: &Envelope, effects: &mut Effects) {
        Self::on_event(self, envelope, effects);
    }
}

impl Processor for Scorer {
    fn on_event(&mut self, envelope: &Envelope, effects: &mut Effects) {
        Self::on_event(self, envelope, effects);
    }
}

/// What stands between the loop and the world.
pub trait Outlet {
    /// One event with what it made, in order, before its actions go out: to be recorded, written down, told.
    fn see(&mut self, envelope: &Envelope, effects: &Effects);

    /// Whether this attempt may leave: its bytes are durable and nobody holds it back. One that may not is
    /// left to expire.
    fn may_leave(&mut self, _attempt: AttemptId) -> bool {
        true
    }

    /// A wish at `now` that the venue has no part in; where there is none, its orders too.
    fn ask(&mut self, _now: Timestamp, _action: &Action) {}
}

impl<F: FnMut(&Envelope, &Effects)> Outlet for F {
    fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        self(envelope, effects);
    }
}

/// Who answers questions about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Nobody is configured: the driver says so at once.
    NotConfigured,
    /// The source, or whoever stands behind the outlet: answers are among the events that are fed.
    FromSource,
}

/// The loop in virtual time.
#[derive(Debug)]
pub struct Driver<P> {
    processor: P,
    /// None in live, where the outlet has an executor, in a dry run, in a replay of recorded executions, and in
    /// stages that do not trade.
    venue: Option<Venue>,
    answers: Answers,
    /// Answers to give at the present moment.
    pending: VecDeque<Event>,
    /// Attempts that want to leave, where no venue answers at once.
    leaving: Vec<AttemptId>,
    seq: Seq,
    now: Timestamp,
    effects: Effects,
    finished: bool,
}

impl<P: Processor> Driver<P> {
    /// A loop that has seen nothing; the first event gets seq 1.
    pub fn new(processor: P, venue: Option<Venue>, answers: Answers) -> Self {
        Self {
            processor,
            venue,
            answers,
            pending: VecDeque::new(),
            leaving: Vec::new(),
            seq: Seq(0),
            now: Timestamp(i64::MIN),
            effects: Effects::default(),
            finished: false,
        }
    }

    /// A loop that goes on behind the event `seq` at `now`.
    pub fn resume(processor: P, venue: Option<Venue>, answers: Answers, seq: Seq, now: Timestamp) -> Self {
        Self { seq, now, ..Self::new(processor, venue, answers) }
    }

    /// Ends the loop and gives what it drove.
    pub fn into_processor(self) -> P {
        self.processor
    }

    /// Place of the last event.
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// When the venue has something to tell next.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.venue.as_ref().and_then(Venue::next_due)
    }

    /// What is driven.
    pub const fn processor(&self) -> &P {
        &self.processor
    }

    /// The venue, for texts that prescribe its outcomes.
    pub const fn venue_mut(&mut self) -> Option<&mut Venue> {
        self.venue.as_mut()
    }

    /// Time of the last event.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether the engine said that all is done.
    pub const fn finished(&self) -> bool {
        self.finished
    }

    /// Feeds one event and all that follows from it at `now`. What the venue had due before comes first, each
    /// at its own time; at the same time too. A `now` that goes back is raised to the latest.
    pub fn feed(&mut self, now: Timestamp, event: Event, outlet: &mut impl Outlet) {
        self.place(now, event, outlet);
        self.depart(outlet);
    }

    /// Feeds events that belong together, each as [`Driver::feed`] does. Where no venue answers at once, what they
    /// want to leave does so behind the last of them: orders that are signed together wait for one commit.
    pub fn feed_all(
        &mut self,
        events: impl IntoIterator<Item = (Timestamp, Event)>,
        outlet: &mut impl Outlet,
    ) {
        for (now, event) in events {
            self.place(now, event, outlet);
        }
        self.depart(outlet);
    }

    /// One event at its place among those that the venue has due.
    fn place(&mut self, now: Timestamp, event: Event, outlet: &mut impl Outlet) {
        self.settle(now, outlet);
        self.step(now.max(self.now), event, outlet);
        self.settle(now, outlet);
    }

    /// Lets go what wants to leave.
    fn depart(&mut self, outlet: &mut impl Outlet) {
        for attempt in self.leaving.drain(..) {
            let action = permitted(outlet, attempt);
            outlet.ask(self.now, &action);
        }
    }

    /// Delivers what the venue had due up to `now`.
    pub fn advance(&mut self, now: Timestamp, outlet: &mut impl Outlet) {
        self.settle(now, outlet);
    }

    /// Ends the run: no entries from here, attempts in flight are seen to their end, positions kept or sold.
    /// Time goes on tick by tick until the engine has finished; `false` where `deadline` came first.
    pub fn stop(&mut self, on_exit: OnExit, deadline: Duration, outlet: &mut impl Outlet) -> bool {
        let deadline = self.now + deadline;
        self.feed(self.now, Event::Run(RunEvent::Stopping(on_exit)), outlet);
        while !self.finished && self.now < deadline {
            self.feed(tick_after(self.now), Event::Tick, outlet);
        }
        self.finished
    }

    /// Delivers everything that is due up to `now`.
    fn settle(&mut self, now: Timestamp, outlet: &mut impl Outlet) {
        loop {
            if let Some(event) = self.poll(self.now) {
                self.step(self.now, event, outlet);
            } else if let Some(event) = self.pending.pop_front() {
                self.step(self.now, event, outlet);
            } else {
                let due = self.venue.as_ref().and_then(Venue::next_due).filter(|due| *due <= now);
                let Some(event) = due.and_then(|due| self.poll(due)) else { break };
                self.step(due.unwrap_or(now), event, outlet);
            }
        }
    }

    fn poll(&mut self, now: Timestamp) -> Option<Event> {
        self.venue.as_mut()?.poll(now).map(Event::from)
    }

    fn step(&mut self, now: Timestamp, event: Event, outlet: &mut impl Outlet) {
        self.seq.0 += 1;
        self.now = now;
        if let Some(venue) = &mut self.venue {
            venue.observe(&event);
        }
        let envelope = Envelope { seq: self.seq, now, event };
        self.effects.clear();
        self.processor.on_event(&envelope, &mut self.effects);
        outlet.see(&envelope, &self.effects);
        for action in &self.effects.actions {
            match action {
                Action::Enrich(mint, what) if self.answers == Answers::NotConfigured => {
                    let answer = not_configured(*what);
                    let enriched = Enriched { mint: *mint, asked: now, as_of: None, answer };
                    self.pending.push_back(enriched.into());
                }
                Action::Finish => self.finished = true,
                Action::Submit(_) | Action::Broadcast(_) | Action::Resolve(_) => {
                    match (&mut self.venue, action) {
                        (Some(venue), Action::Broadcast(attempt)) => {
                            venue.accept(now, &permitted(outlet, *attempt));
                        }
                        (Some(venue), action) => venue.accept(now, action),
                        (None, Action::Broadcast(attempt)) => self.leaving.push(*attempt),
                        (None, action) => outlet.ask(now, action),
                    }
                }
                other => outlet.ask(now, other),
            }
        }
    }
}

/// What an attempt that wants to leave may do: what may not leave can only be asked about.
fn permitted(outlet: &mut impl Outlet, attempt: AttemptId) -> Action {
    if outlet.may_leave(attempt) { Action::Broadcast(attempt) } else { Action::Resolve(attempt) }
}

/// The answer where no source is configured.
const fn not_configured(what: What) -> Answer {
    let why = Unknown::NotConfigured;
    match what {
        What::Mint => Answer::Mint(Err(why)),
        What::Curve => Answer::Curve(Err(why)),
        What::Holders => Answer::Holders(Err(why)),
        What::Metadata => Answer::Metadata(Err(why)),
        What::Members => Answer::Members(Err(why)),
        What::Pool => Answer::Pool(Err(why)),
    }
}

#[cfg(test)]
mod tests;
