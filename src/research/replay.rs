//! Replaying a session verbatim: the engine gets every recorded event, executions and ticks included, and must
//! come to the recorded decisions, one by one. No venue answers and no store is asked.

use std::sync::atomic::{AtomicBool, Ordering};

use momentum_core::action::Effects;
use momentum_core::engine::{Decision, DecisionHasher, Engine, SignalSource, SnapshotError};
use momentum_core::event::{Envelope, Event, RunEvent};
use momentum_core::ids::{Hash, Seq};
use momentum_core::protections::Protections;
use momentum_core::time::Timestamp;
use momentum_store::recording::{Damaged, Decided, Session};

/// Why a session cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It is not what was written.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// It began from a state that this version cannot take up.
    #[error("{session}: it began from a state that this version cannot take up, which is {why}")]
    State {
        /// The session.
        session: String,
        /// Why not.
        why: SnapshotError,
    },
}

/// What a session and its replay came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Events replayed.
    pub events: u64,
    /// Decisions of the recording that were compared.
    pub decisions: u64,
    /// Time of the first event.
    pub from: Option<Timestamp>,
    /// Time of the last event.
    pub to: Option<Timestamp>,
    /// Hash of the recorded decisions.
    pub recorded: Hash,
    /// Hash of the decisions of the replay.
    pub replayed: Hash,
    /// The first decision that differs.
    pub difference: Option<Difference>,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

/// Where two runs first decide otherwise; on one side there may be nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What the recording has.
    pub recorded: Option<Decided>,
    /// What the replay made.
    pub replayed: Option<Decided>,
}

impl Difference {
    /// The event at which they part.
    #[must_use]
    pub fn seq(&self) -> Seq {
        let seqs = [&self.recorded, &self.replayed].into_iter().flatten().map(|decided| decided.seq);
        seqs.min().unwrap_or_default()
    }
}

/// Replays a session up to its last event. `see` gets every envelope before the engine does; `stop` ends it
/// early, with nothing missed before.
///
/// # Errors
/// [`ReplayError`] at the first damage: decisions before it are not told, since they would be half an answer.
pub fn compare(
    session: &Session,
    stop: &AtomicBool,
    see: &mut impl FnMut(&Envelope),
) -> Result<Compared, ReplayError> {
    let mut engine = beginning(session)?;
    let mut decisions = session.decisions();
    let mut recorded = Side::default();
    let mut replayed = Side::default();
    let mut next = decisions.next().transpose()?;
    let mut compared = Compared {
        events: 0,
        decisions: 0,
        from: None,
        to: None,
        recorded: Hash::default(),
        replayed: Hash::default(),
        difference: None,
        stopped: false,
    };
    let mut effects = Effects::default();
    for envelope in session.envelopes() {
        if stop.load(Ordering::Relaxed) {
            compared.stopped = true;
            break;
        }
        let envelope = envelope?;
        fits_manifest(session, &envelope)?;
        see(&envelope);
        compared.events += 1;
        compared.from = compared.from.or(Some(envelope.now));
        compared.to = Some(envelope.now);
        effects.clear();
        engine.on_event(&envelope, &mut effects);
        for decision in effects.facts.iter().filter_map(|fact| Decision::of(envelope.now, fact)) {
            replayed.take(Decided { seq: envelope.seq, decision });
        }
        while let Some(decided) = next.take_if(|decided| decided.seq <= envelope.seq) {
            recorded.take(decided);
            compared.decisions += 1;
            next = decisions.next().transpose()?;
        }
        part(&mut recorded, &mut replayed, &mut compared.difference);
    }
    compared.recorded = recorded.hasher.finish();
    compared.replayed = replayed.hasher.finish();
    if let (Some(hash), false) = (session.manifest().decision_hash, compared.stopped)
        && (hash != compared.recorded || next.is_some())
    {
        let what = "its decision hash is not that of the recorded decisions".to_owned();
        return Err(Damaged { file: session.folder().join("manifest.json"), what }.into());
    }
    Ok(compared)
}

/// The decisions of one side: the hash of all, and those of the present event.
#[derive(Default)]
struct Side {
    hasher: DecisionHasher,
    present: Vec<Decided>,
}

impl Side {
    fn take(&mut self, decided: Decided) {
        self.hasher.decision(&decided.decision);
        self.present.push(decided);
    }
}

/// Notes where the decisions of one event first differ, if nothing differed before.
fn part(recorded: &mut Side, replayed: &mut Side, difference: &mut Option<Difference>) {
    if difference.is_none() && recorded.present != replayed.present {
        let pairs = recorded.present.iter().zip(&replayed.present);
        let nth = pairs.take_while(|(recorded, replayed)| recorded == replayed).count();
        let (recorded, replayed) = (recorded.present.get(nth).cloned(), replayed.present.get(nth).cloned());
        *difference = Some(Difference { recorded, replayed });
    }
    recorded.present.clear();
    replayed.present.clear();
}

/// The engine as it was when the session began.
fn beginning(session: &Session) -> Result<Engine, ReplayError> {
    match session.restored()? {
        None => Ok(Engine::default()),
        Some(state) => Engine::from_snapshot(&state, SignalSource::Own, Protections::ALL)
            .map_err(|why| ReplayError::State { session: session.name(), why }),
    }
}

/// The settings of the run are those that its manifest names.
fn fits_manifest(session: &Session, envelope: &Envelope) -> Result<(), Damaged> {
    match &envelope.event {
        Event::Run(RunEvent::Started(started))
            if started.config.hash != session.manifest().about.config_hash =>
        {
            let what = "its config hash is not that of the settings that the run started with".to_owned();
            Err(Damaged { file: session.folder().join("manifest.json"), what })
        }
        _ => Ok(()),
    }
}
