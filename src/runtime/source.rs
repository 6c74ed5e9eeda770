//! Where events come from: one iterator of `(now, Event)` whatever is behind it.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use momentum_core::event::Event;
use momentum_core::time::Timestamp;
use momentum_sim::clocked::Clocked;
use momentum_sim::driver::Answers;
use momentum_sim::market::{BEGINNING, EmbeddedMarket, SimKeys};
use momentum_store::record;

use crate::replay::{Replay, ReplayError};

/// Which source is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The embedded market.
    Sim,
    /// A recording, recorded transactions or event records, in a file or folder.
    Replay(PathBuf),
}

/// When to end, in market time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// So long after the first event, warm-up included.
    After(Duration),
    /// At this moment.
    At(Timestamp),
}

/// An opened source, with what a run must know of it.
pub struct Source {
    /// Its kind, as records name it.
    pub kind: record::Source,
    /// The seed of the embedded market.
    pub seed: Option<u64>,
    /// No entry signals before: the warm-up of the embedded market.
    pub warm_until: Option<Timestamp>,
    /// Who answers questions about tokens.
    pub answers: Answers,
    /// Time of its first event; a folder of recordings without one has none.
    pub begins: Option<Timestamp>,
    /// What was left out and why, a line each.
    pub skipped: Vec<String>,
    events: Box<dyn Iterator<Item = (Timestamp, Event)>>,
    failed: Failed,
}

/// What ended a source before its time, once it has.
#[derive(Clone, Debug, Default)]
pub struct Failed(Rc<RefCell<Option<ReplayError>>>);

impl Failed {
    /// Takes it; `None` where the source ended by itself.
    #[must_use]
    pub fn take(&self) -> Option<ReplayError> {
        self.0.borrow_mut().take()
    }

    /// The events up to the first that cannot be read.
    fn until<E: Iterator<Item = Result<(Timestamp, Event), ReplayError>>>(
        &self,
        events: E,
    ) -> impl Iterator<Item = (Timestamp, Event)> + use<E> {
        let failed = self.clone();
        events.map_while(move |event| event.map_err(|error| *failed.0.borrow_mut() = Some(error)).ok())
    }
}

impl Source {
    /// Opens it.
    ///
    /// # Errors
    /// Where a replay does not exist, cannot be read or holds nothing to replay.
    pub fn open(choice: &Choice, sim: &SimKeys) -> Result<Self, ReplayError> {
        match choice {
            Choice::Sim => Ok(Self {
                kind: record::Source::Sim,
                seed: Some(sim.seed),
                warm_until: Some(BEGINNING + sim.warm_up),
                answers: Answers::NotConfigured,
                begins: Some(BEGINNING),
                skipped: Vec::new(),
                events: Box::new(EmbeddedMarket::new(sim.seed, sim)),
                failed: Failed::default(),
            }),
            Choice::Replay(path) => {
                let replay = Replay::open(path)?;
                let skipped = replay.skipped().iter().map(ToString::to_string).collect();
                let (warm_until, answers) = (replay.warm_until(), replay.answers());
                let failed = Failed::default();
                let mut events = failed.until(replay.events()).peekable();
                Ok(Self {
                    kind: record::Source::Replay,
                    seed: None,
                    warm_until,
                    answers,
                    begins: events.peek().map(|(now, _)| *now),
                    skipped,
                    events: Box::new(events),
                    failed,
                })
            }
        }
    }

    /// What will have ended it before its time, once its events are played.
    #[must_use]
    pub fn failed(&self) -> Failed {
        self.failed.clone()
    }

    /// Its events with ticks between them, up to `until`.
    #[must_use]
    pub fn events(self, until: Option<Until>) -> Box<dyn Iterator<Item = (Timestamp, Event)>> {
        let end = match until {
            None => None,
            Some(Until::At(end)) => Some(end),
            Some(Until::After(span)) => self.begins.map(|begins| begins + span),
        };
        let clocked = Clocked::new(self.events);
        match end {
            None => Box::new(clocked),
            Some(end) => Box::new(clocked.take_while(move |(now, _)| *now < end)),
        }
    }
}
