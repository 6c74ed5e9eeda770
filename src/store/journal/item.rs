//! What one event leaves to be written.

use std::collections::BTreeMap;
use std::sync::Arc;

use momentum_core::action::Effects;
use momentum_core::analysis::Analysis;
use momentum_core::event::{
    Command, Commanded, Envelope, Event, ExecutionKind, MarketEvent, MarketKind, RunEvent, Started,
};
use momentum_core::fact::Fact;
use momentum_core::ids::{Mint, Seq, Slot, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::trader::ledger::Row;
use momentum_core::trader::signals::EntrySignal;

use super::is_kept;
use crate::record::clean;

/// The run that an order belongs to, and the settings in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) run_id: String,
    pub(super) config_hash: String,
}

impl Run {
    /// What an event makes of it, if anything.
    pub(super) fn changed(&self, event: &Event) -> Option<Self> {
        match event {
            Event::Run(RunEvent::Started(started)) => {
                Some(Self { run_id: started.run_id.clone(), config_hash: started.config.hash.to_string() })
            }
            Event::Command(commanded) => match &commanded.command {
                Command::Reconfigure(config) => {
                    Some(Self { config_hash: config.hash.to_string(), ..self.clone() })
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// A token as its launch told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) name: String,
    pub(super) symbol: String,
    pub(super) creator: Wallet,
    pub(super) at: Timestamp,
}

/// Launches of the tokens that are tracked: only those that are signalled or traded get a row.
#[derive(Debug, Default)]
pub(super) struct Launches(BTreeMap<Mint, Token>);

impl Launches {
    /// Whether there is anything in it to remember or to forget.
    pub(super) fn heed(envelope: &Envelope, facts: &[Fact]) -> bool {
        let launched = |market: &MarketEvent| matches!(market.kind, MarketKind::Launched(_));
        matches!(&envelope.event, Event::Market(market) if launched(market))
            || facts.iter().any(|fact| matches!(fact, Fact::Dropped { .. }))
    }

    /// Remembers a launch, forgets what Market dropped.
    pub(super) fn see(&mut self, envelope: &Envelope, facts: &[Fact]) {
        if let Event::Market(market) = &envelope.event
            && let MarketKind::Launched(launched) = &market.kind
        {
            let token = Token {
                name: clean(&launched.name).into_owned(),
                symbol: clean(&launched.symbol).into_owned(),
                creator: launched.creator,
                at: market.at.timestamp(),
            };
            self.0.insert(market.mint, token);
        }
        for fact in facts {
            if let Fact::Dropped { mint } = fact {
                self.0.remove(mint);
            }
        }
    }
}

/// A fact with its place among those of its event.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) nth: i64,
    pub(super) fact: Fact,
    /// The evaluation behind an entry signal.
    pub(super) breakdown: Option<Arc<Analysis>>,
    /// The token, where this is its first row perhaps.
    pub(super) token: Option<Token>,
}

/// Whether a command is written down: a signal from outside is the engine's own fact already.
const fn is_written(command: &Command) -> bool {
    !matches!(command, Command::Signal(_))
}

/// What one event leaves to be written.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) seq: Seq,
    pub(super) now: Timestamp,
    pub(super) decided: Timestamp,
    /// The newest slot that was seen by then.
    pub(super) slot: Option<Slot>,
    /// Where an attempt landed and failed, if that is what happened: its fact does not say.
    pub(super) failed_in: Option<Slot>,
    pub(super) run: Arc<Run>,
    pub(super) started: Option<Box<Started>>,
    pub(super) command: Option<Box<Commanded>>,
    pub(super) facts: Vec<Told>,
    pub(super) rows: Vec<Row>,
    /// It may wait some seconds for a commit that comes anyway.
    pub(super) patient: bool,
    /// It is to be committed at once: a broadcast waits for it.
    pub(super) urgent: bool,
}

impl Item {
    /// Whether an event leaves anything.
    pub(super) fn is_left(envelope: &Envelope, effects: &Effects) -> bool {
        let told = match &envelope.event {
            Event::Run(RunEvent::Started(_)) => true,
            Event::Command(told) => is_written(&told.command),
            _ => false,
        };
        told || !effects.kept.is_empty() || effects.facts.iter().any(is_kept)
    }

    /// What an event leaves; none where it leaves nothing.
    pub(super) fn of(
        envelope: &Envelope,
        effects: &Effects,
        decided: Timestamp,
        slot: Option<Slot>,
        run: &Arc<Run>,
        launches: &Launches,
    ) -> Option<Self> {
        if !Self::is_left(envelope, effects) {
            return None;
        }
        let started = match &envelope.event {
            Event::Run(RunEvent::Started(started)) => Some(started.clone()),
            _ => None,
        };
        let command = match &envelope.event {
            Event::Command(told) if is_written(&told.command) => Some(told.clone()),
            _ => None,
        };
        let failed_in = match &envelope.event {
            Event::Execution(told) => match told.kind {
                ExecutionKind::Failed { slot, .. } => Some(slot),
                _ => None,
            },
            _ => None,
        };
        let told =
            |(nth, fact): (usize, &Fact)| is_kept(fact).then(|| told(nth, fact, &effects.facts, launches));
        let facts: Vec<_> = effects.facts.iter().enumerate().filter_map(told).collect();
        // What the desk holds of weight (holds, orders, days) is told by facts of the same event.
        let may_wait = |row: &Row| matches!(row, Row::Marked(_) | Row::Desk(_));
        let patient = started.is_none()
            && command.is_none()
            && facts.is_empty()
            && !matches!(envelope.event, Event::Execution(_))
            && effects.kept.iter().all(may_wait);
        let urgent = facts.iter().any(|told| matches!(told.fact, Fact::AttemptJournaled { .. }));
        Some(Self {
            seq: envelope.seq,
            now: envelope.now,
            decided,
            slot,
            failed_in,
            run: Arc::clone(run),
            started,
            command,
            facts,
            rows: effects.kept.clone(),
            patient,
            urgent,
        })
    }
}

fn told(nth: usize, fact: &Fact, facts: &[Fact], launches: &Launches) -> Told {
    let token = |mint: &Mint| launches.0.get(mint).cloned();
    // One event may evaluate a token twice: as it was when that was due, and as the event leaves it.
    let breakdown = |signal: &EntrySignal| {
        let made_it = |analysis: &Analysis| {
            let progress = analysis.metrics.progress.ok();
            analysis.mint == signal.mint
                && analysis.score.total == signal.score
                && progress.is_none_or(|progress| progress == signal.progress)
        };
        facts.iter().find_map(|other| match other {
            Fact::Scored(analysis) if made_it(analysis) => Some(Arc::clone(analysis)),
            _ => None,
        })
    };
    let (breakdown, token) = match fact {
        Fact::EntrySignalled(signal) => (breakdown(signal), token(&signal.mint)),
        Fact::OrderOpened(order) => (None, token(&order.mint)),
        Fact::PositionOpened { mint, .. } => (None, token(mint)),
        _ => (None, None),
    };
    Told { nth: i64::try_from(nth).unwrap_or(i64::MAX), fact: fact.clone(), breakdown, token }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Journal;
    use momentum_core::event::Mode;
    use momentum_core::ids::Pubkey;

    #[test]
    fn a_journal_heeds_what_leaves_something_or_is_to_be_remembered_and_nothing_else() {
        let tick = Envelope { seq: Seq(1), now: Timestamp(1), event: Event::Tick };
        let mint = Mint(Pubkey([1; 32]));
        let heeds = |facts: Vec<Fact>, kept: Vec<Row>| {
            Journal::heeds(&tick, &Effects { facts, kept, ..Effects::default() })
        };
        assert!(!heeds(Vec::new(), Vec::new()));
        assert!(!heeds(vec![Fact::Started { mode: Mode::Paper }], Vec::new()));
        assert!(heeds(Vec::new(), vec![Row::PositionOver(mint)]));
        assert!(heeds(vec![Fact::Dropped { mint }], Vec::new()));
        assert!(heeds(vec![Fact::InvariantBroken { what: String::new() }], Vec::new()));
        let commanded = |command| {
            let told = Commanded { who: String::new(), why: String::new(), command };
            Envelope { event: Event::Command(Box::new(told)), ..tick.clone() }
        };
        assert!(Journal::heeds(&commanded(Command::Resume), &Effects::default()));
    }
}
