//! `momentum.summary.v1`: what a run came to. It listens to events and facts, and is written once, at the end.

mod kept_out;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use momentum_core::action::Effects;
use momentum_core::codes::RefusalCode;
use momentum_core::config::Config;
use momentum_core::engine::{DecisionHasher, Engine};
use momentum_core::event::{Command, Envelope, Event, Fill, MarketKind, Mode, RunEvent};
use momentum_core::fact::{Fact, PositionClosed};
use momentum_core::ids::{Hash, Seq};
use momentum_core::time::Timestamp;
use momentum_core::trader::exits::ExitReason;
use momentum_core::trader::missed::missed_first;
use momentum_core::units::{Lamports, LamportsDelta};
use serde::{Serialize, Serializer};

use crate::record::{Body, Field, Nullable, Schema, Shape, Sol, Source, Text, object};
use kept_out::KeptOut;

/// How many of the commonest refusals are told in words.
const COMMONEST: usize = 3;

/// What happened so often, most often first.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(from = "BTreeMap<String, u64>")]
pub struct Counted(Vec<(String, u64)>);

impl From<BTreeMap<String, u64>> for Counted {
    fn from(counts: BTreeMap<String, u64>) -> Self {
        counts.into_iter().collect()
    }
}

impl FromIterator<(String, u64)> for Counted {
    fn from_iter<I: IntoIterator<Item = (String, u64)>>(counts: I) -> Self {
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| Reverse(*count));
        Self(counts)
    }
}

impl Counted {
    /// Whether nothing happened.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each with its count, most often first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, count)| (name.as_str(), *count))
    }
}

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.iter())
    }
}

impl Shape for Counted {
    fn schema() -> Schema {
        Schema::Map(Box::new(Schema::Integer))
    }
}

/// The name of the schema, which the record carries like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub enum SchemaName {
    /// Its one value.
    #[serde(rename = "momentum.summary.v1")]
    Summary,
}

impl Shape for SchemaName {
    fn schema() -> Schema {
        Schema::Constant(Summary::SCHEMA)
    }
}

object! {
    /// What a run came to.
    Summary {
        /// What record this is.
        schema: SchemaName,
        /// Name of the run.
        run_id: String,
        /// Where orders went.
        mode: Mode,
        /// Where events came from.
        source: Source,
        /// Seed of the embedded market; null for other sources.
        seed: Nullable<Text<u64>>,
        /// Time of the first event; null without any.
        from: Nullable<Timestamp>,
        /// Time of the last one.
        to: Nullable<Timestamp>,
        /// Events that the engine saw, ticks left out.
        events: Text<u64>,
        /// Positions closed.
        trades: u64,
        /// Share of them that made money, floored; null without any.
        win_rate_bps: Nullable<u64>,
        /// Their results together: proceeds − cost − network fees and tips, in lamports.
        pnl_lamports: LamportsDelta,
        /// Fees of venue and network that were paid, those of open positions and failed attempts included.
        fees_lamports: Lamports,
        /// How many positions were closed by which reason.
        exits: Counted,
        /// How many buys were refused for what.
        refusals: Counted,
        /// The commonest refusals in words; for a run without a signal, what each token missed first.
        why_no_trade: Vec<String>,
        /// Hash of the settings at the end.
        config_hash: Hash,
        /// Hash of all decisions.
        decision_hash: Hash,
        /// Place of the last event, ticks included.
        seq: Seq,
        /// Its time.
        now: Timestamp,
        /// The result in SOL.
        pnl_sol: Sol,
        /// The fees in SOL.
        fees_sol: Sol,
        /// Tokens launched.
        launches: u64,
        /// Entry signals.
        signals: u64,
        /// Buys and sales that landed.
        fills: u64,
        /// Dry run: what would have been bought.
        would_buys: u64,
        /// Buys on paper that were also run on the chain and went through, with their sell-back.
        simulated: u64,
        /// Those that failed there.
        simulations_failed: u64,
        /// How much better the chain was than their quotes, the median in basis points of what they should cost; null without any.
        simulated_difference_bps: Nullable<i64>,
        /// Positions still open.
        open_positions: u64,
        /// Balances, recoverable rent and marks at the end, in lamports.
        equity_lamports: Lamports,
        /// The same in SOL.
        equity_sol: Sol,
        /// Equity at the end less equity at the start, in lamports.
        result_lamports: LamportsDelta,
        /// The same in SOL.
        result_sol: Sol,
        /// Largest fall of the closed positions' summed results from an earlier height, in lamports.
        max_drawdown_lamports: Lamports,
        /// The same in SOL.
        max_drawdown_sol: Sol,
    }
}

impl Body for Summary {
    const SCHEMA: &'static str = "momentum.summary.v1";
    const KINDS: &'static [&'static str] = &[];
    const DOC: &'static str = "What a run came to.";
    const FRAMED: bool = false;
    fn fields() -> Vec<Field> {
        Self::table()
    }
}

/// Listens to a run and sums it up.
#[derive(Clone, Debug)]
pub struct Tally {
    run_id: String,
    mode: Mode,
    source: Source,
    seed: Option<u64>,
    config_hash: Hash,
    config: Option<Arc<Config>>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    seq: Seq,
    now: Timestamp,
    events: u64,
    launches: u64,
    signals: u64,
    fills: u64,
    would_buys: u64,
    /// By how much each simulation differed, in basis points.
    simulated: Vec<i64>,
    simulations_failed: u64,
    trades: u64,
    wins: u64,
    pnl: LamportsDelta,
    highest: LamportsDelta,
    drawdown: Lamports,
    fees: Lamports,
    exits: BTreeMap<ExitReason, u64>,
    refusals: BTreeMap<RefusalCode, u64>,
    kept_out: KeptOut,
    decisions: DecisionHasher,
}

impl Tally {
    /// Of a run that has not begun.
    #[must_use]
    pub fn new(run_id: &str, mode: Mode, source: Source, seed: Option<u64>, config_hash: Hash) -> Self {
        Self {
            run_id: run_id.to_owned(),
            mode,
            source,
            seed,
            config_hash,
            config: None,
            from: None,
            to: None,
            seq: Seq::default(),
            now: Timestamp::default(),
            events: 0,
            launches: 0,
            signals: 0,
            fills: 0,
            would_buys: 0,
            simulated: Vec::new(),
            simulations_failed: 0,
            trades: 0,
            wins: 0,
            pnl: LamportsDelta::ZERO,
            highest: LamportsDelta::ZERO,
            drawdown: Lamports::ZERO,
            fees: Lamports::ZERO,
            exits: BTreeMap::new(),
            refusals: BTreeMap::new(),
            kept_out: KeptOut::default(),
            decisions: DecisionHasher::default(),
        }
    }

    /// Takes one event and what it made.
    pub fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        (self.seq, self.now) = (envelope.seq, envelope.now);
        if !matches!(envelope.event, Event::Tick | Event::Run(_)) {
            self.events += 1;
            self.from.get_or_insert(envelope.now);
            self.to = Some(envelope.now);
        }
        match &envelope.event {
            Event::Run(RunEvent::Started(started)) => self.config = Some(Arc::clone(&started.config)),
            Event::Command(commanded) => {
                if let Command::Reconfigure(config) = &commanded.command {
                    self.config_hash = config.hash;
                    self.config = Some(Arc::clone(config));
                }
            }
            Event::Market(event) => {
                self.launches += u64::from(matches!(event.kind, MarketKind::Launched(_)));
                self.kept_out.traded(event.mint);
            }
            _ => {}
        }
        self.decisions.facts(envelope.now, &effects.facts);
        for fact in &effects.facts {
            self.fact(fact);
        }
    }

    /// The hash of all decisions so far.
    #[must_use]
    pub fn decision_hash(&self) -> Hash {
        self.decisions.finish()
    }

    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Scored(analysis) => {
                if let Some(config) = &self.config {
                    self.kept_out.scored(analysis, config);
                }
            }
            Fact::EntrySignalled(_) => {
                self.signals += 1;
                self.kept_out.signalled();
            }
            Fact::WouldBuy { .. } => self.would_buys += 1,
            Fact::Refused(refused) => *self.refusals.entry(refused.code).or_default() += 1,
            Fact::Filled { fill, .. } => {
                self.fills += 1;
                self.fees += paid(fill);
            }
            Fact::Vanished { fill, .. } => {
                self.fills = self.fills.saturating_sub(1);
                self.fees = self.fees.saturating_sub(paid(fill));
            }
            Fact::Simulated(simulation) => match simulation.difference_bps() {
                Some(bps) => self.simulated.push(bps),
                None => self.simulations_failed += 1,
            },
            Fact::AttemptEnded { costs, .. }
            | Fact::RentReturned { costs, .. }
            | Fact::Withdrawn { costs, .. } => {
                self.fees += costs.base + costs.priority + costs.tip;
            }
            Fact::PositionClosed(closed) => self.closed(closed),
            _ => {}
        }
    }

    fn closed(&mut self, closed: &PositionClosed) {
        self.trades += 1;
        self.wins += u64::from(closed.pnl > LamportsDelta::ZERO);
        self.pnl += closed.pnl;
        self.highest = self.highest.max(self.pnl);
        let below = u64::try_from((self.highest - self.pnl).0).unwrap_or_default();
        self.drawdown = self.drawdown.max(Lamports(below));
        *self.exits.entry(closed.reason).or_default() += 1;
    }

    /// What the run came to, given what the engine holds at its end.
    #[must_use]
    pub fn finish(&self, engine: &Engine) -> Summary {
        let view = engine.view().trader;
        Summary {
            schema: SchemaName::Summary,
            run_id: self.run_id.clone(),
            mode: self.mode,
            source: self.source,
            seed: Nullable(self.seed.map(Text)),
            from: Nullable(self.from),
            to: Nullable(self.to),
            events: Text(self.events),
            trades: self.trades,
            win_rate_bps: Nullable((self.wins * 10_000).checked_div(self.trades)),
            pnl_lamports: self.pnl,
            fees_lamports: self.fees,
            exits: self.exits.iter().map(|(reason, count)| (reason.name().to_owned(), *count)).collect(),
            refusals: self.refusals.iter().map(|(code, count)| (code.to_string(), *count)).collect(),
            why_no_trade: self.why_no_trade(engine),
            config_hash: self.config_hash,
            decision_hash: self.decision_hash(),
            seq: self.seq,
            now: self.now,
            pnl_sol: self.pnl.into(),
            fees_sol: self.fees.into(),
            launches: self.launches,
            signals: self.signals,
            fills: self.fills,
            would_buys: self.would_buys,
            simulated: u64::try_from(self.simulated.len()).unwrap_or(u64::MAX),
            simulations_failed: self.simulations_failed,
            simulated_difference_bps: Nullable(median(self.simulated.clone())),
            open_positions: u64::try_from(view.positions.len()).unwrap_or(u64::MAX),
            equity_lamports: view.equity,
            equity_sol: view.equity.into(),
            result_lamports: view.result,
            result_sol: view.result.into(),
            max_drawdown_lamports: self.drawdown,
            max_drawdown_sol: self.drawdown.into(),
        }
    }

    fn why_no_trade(&self, engine: &Engine) -> Vec<String> {
        let mut commonest: Vec<_> = self.refusals.iter().collect();
        commonest.sort_by_key(|(_, count)| Reverse(**count));
        let words =
            |(code, count): (&RefusalCode, &u64)| format!("{code} ({count}×): {}", code.entry().sentence);
        let mut why: Vec<_> = commonest.into_iter().take(COMMONEST).map(words).collect();
        if self.signals == 0 {
            let config = engine.config();
            let missed = |mint| missed_first(&engine.market().analysis(mint, config)?, &config.signals);
            why.extend(self.kept_out.lines(missed));
        }
        why
    }
}

/// Fees of venue and network.
fn paid(fill: &Fill) -> Lamports {
    let venue = [fill.fees.lp, fill.fees.protocol, fill.fees.creator];
    let network = [fill.costs.base, fill.costs.priority, fill.costs.tip];
    venue.into_iter().map(Lamports).chain(network).sum()
}

/// The middle one; of an even number the lower of the two.
fn median(mut all: Vec<i64>) -> Option<i64> {
    all.sort_unstable();
    all.get(all.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests;
