//! The engine: Market and Trader behind one synchronous, total function.
//!
//! Inside one event the order is fixed: Market applies it and evaluates; Trader applies it (executions,
//! commands, marks, exits, limits); then exits by what the evaluations say; last the entry signals. So the
//! stages of a pipe, each with its part of the engine, come to what the whole engine comes to.

mod decisions;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::action::Effects;
use crate::analysis::Analysis;
use crate::config::Config;
use crate::event::{Command, Envelope, Event, RunEvent};
use crate::fact::Fact;
use crate::ids::{Hash, Mint};
use crate::market::{Market, Ranked};
use crate::protections::Protections;
use crate::trader::ledger::{Ledger, Row};
use crate::trader::signals::SignalStage;
use crate::trader::{Broken, Trader, TraderView, Turn};

pub use decisions::{Decision, DecisionHasher};

/// Bytes that are no snapshot of an engine.
#[derive(Debug, thiserror::Error)]
#[error("not a snapshot of this version: {0}")]
pub struct SnapshotError(postcard::Error);

/// Where entry signals come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignalSource {
    /// From the engine's own evaluations.
    #[default]
    Own,
    /// From outside, as commands: `trade from -`.
    Fed,
}

/// Market and the entry-signal stage: all of `score`, and the first half of the engine.
#[derive(Debug)]
pub struct Scorer {
    market: Market,
    stage: SignalStage,
    config: Arc<Config>,
    /// Evaluations of the present event.
    evaluations: Vec<Arc<Analysis>>,
}

impl Scorer {
    /// A scorer that has seen nothing, with the shipped settings until `Started` brings others.
    #[must_use]
    pub fn new(protections: Protections) -> Self {
        Self {
            market: Market::default(),
            stage: SignalStage::new(protections),
            config: Arc::default(),
            evaluations: Vec::new(),
        }
    }

    /// Applies one event: measures, evaluates, signals.
    pub fn on_event(&mut self, envelope: &Envelope, effects: &mut Effects) {
        self.measure(envelope, effects);
        for nth in 0..self.evaluations.len() {
            if let Some(signal) = self.stage.signal(&self.evaluations[nth], &self.config) {
                effects.facts.push(Fact::EntrySignalled(signal));
            }
        }
    }

    /// Market's part of an event.
    fn measure(&mut self, envelope: &Envelope, effects: &mut Effects) {
        match &envelope.event {
            Event::Run(RunEvent::Started(started)) => {
                self.config = Arc::clone(&started.config);
                self.stage.warm_up(started.warm_until);
            }
            Event::Command(commanded) => {
                if let Command::Reconfigure(config) = &commanded.command {
                    self.config = Arc::clone(config);
                }
            }
            _ => {}
        }
        self.evaluations.clear();
        let told = effects.facts.len();
        self.market.on_event(envelope, &self.config, effects, &mut self.evaluations);
        for fact in &effects.facts[told..] {
            if let Fact::Dropped { mint } = fact {
                self.stage.forget(*mint);
            }
        }
    }

    /// All tracked tokens.
    #[must_use]
    pub const fn market(&self) -> &Market {
        &self.market
    }

    /// The settings in force.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }
}

/// What surfaces show of the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// State, positions and results.
    pub trader: TraderView,
    /// Tracked tokens.
    pub tracked: u64,
    /// The ranking, best first.
    pub top: Vec<Ranked>,
}

/// The engine: all that the bot decides.
#[derive(Debug)]
pub struct Engine {
    scorer: Scorer,
    trader: Trader,
    signals: SignalSource,
    ledger: Ledger,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new(SignalSource::Own, Protections::ALL)
    }
}

impl Engine {
    /// An engine that has seen nothing.
    #[must_use]
    pub fn new(signals: SignalSource, protections: Protections) -> Self {
        Self {
            scorer: Scorer::new(protections),
            trader: Trader::new(protections),
            signals,
            ledger: Ledger::default(),
        }
    }

    /// All of the engine but its settings, which `Started` brings: what [`Self::from_snapshot`] reads.
    ///
    /// # Errors
    /// None that is known: the state is plain data.
    pub fn snapshot(&self) -> Result<Vec<u8>, SnapshotError> {
        postcard::to_allocvec(&(&self.scorer.market, &self.scorer.stage, &self.trader)).map_err(SnapshotError)
    }

    /// The engine that made `snapshot`; the next event must be a `Started`.
    ///
    /// # Errors
    /// Where the bytes are no snapshot of this version.
    pub fn from_snapshot(
        snapshot: &[u8],
        signals: SignalSource,
        protections: Protections,
    ) -> Result<Self, SnapshotError> {
        let (market, stage, trader) =
            postcard::from_bytes::<(Market, SignalStage, Trader)>(snapshot).map_err(SnapshotError)?;
        let ledger = Ledger::of(&trader);
        let stage = stage.protected(protections);
        let scorer = Scorer { market, stage, ..Scorer::new(protections) };
        Ok(Self { scorer, trader: trader.protected(protections), signals, ledger })
    }

    /// The same measurements under other books: those of a store, which is the truth for money.
    #[must_use]
    pub fn with_books(self, rows: Vec<Row>, protections: Protections) -> Self {
        let trader = Trader::restore(rows, protections);
        let ledger = Ledger::of(&trader);
        Self { trader, ledger, ..self }
    }

    /// Applies one event; what follows is appended to `effects`. Total: every event in every state.
    pub fn on_event(&mut self, envelope: &Envelope, effects: &mut Effects) {
        self.scorer.measure(envelope, effects);
        let Self { scorer, trader, signals, ledger } = self;
        let Scorer { market, stage, config, evaluations } = scorer;
        let token = |mint: Mint| market.token(mint, config);
        let mut turn = Turn {
            seq: envelope.seq,
            now: envelope.now,
            config,
            feed: market.feed(),
            token: &token,
            effects,
        };
        trader.on_event(&envelope.event, &mut turn);
        for analysis in evaluations.iter() {
            trader.evaluated(analysis, &mut turn);
        }
        if *signals == SignalSource::Own {
            for analysis in evaluations.iter() {
                if let Some(signal) = stage.signal(analysis, config) {
                    turn.effects.facts.push(Fact::EntrySignalled(signal.clone()));
                    trader.enter(&signal, &mut turn);
                }
            }
        }
        if trader.end_turn(&mut turn) {
            ledger.keep(trader, &mut effects.kept);
        }
    }

    /// Whether the state keeps every rule: simulations and tests panic where it does not.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self) -> Result<(), Broken> {
        self.trader.check()
    }

    /// What surfaces show.
    #[must_use]
    pub fn view(&self) -> View {
        let Scorer { market, config, .. } = &self.scorer;
        View {
            trader: self.trader.view(),
            tracked: u64::try_from(market.tracked()).unwrap_or(u64::MAX),
            top: market.ranking(config),
        }
    }

    /// All tracked tokens.
    #[must_use]
    pub const fn market(&self) -> &Market {
        &self.scorer.market
    }

    /// Positions, books, orders.
    #[must_use]
    pub const fn trader(&self) -> &Trader {
        &self.trader
    }

    /// The settings in force.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.scorer.config
    }

    /// SHA-256 of the whole state: market, levels of the signal stage, Trader.
    #[must_use]
    pub fn state_hash(&self) -> Hash {
        let mut sha = Sha256::new();
        // The state is plain data: nothing in it can fail to serialise.
        sha.update(
            postcard::to_allocvec(&(&self.scorer.market, &self.scorer.stage, &self.trader))
                .unwrap_or_default(),
        );
        Hash(sha.finalize().into())
    }
}
