//! The summary of a run: what it saw, did and earned, and, where it did nothing, why not.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use momentum_core::action::Effects;
use momentum_core::analysis::Analysis;
use momentum_core::config::{Config, Signals};
use momentum_core::engine::{DecisionHasher, Engine};
use momentum_core::event::{Envelope, Event, MarketKind, Mode};
use momentum_core::fact::Fact;
use momentum_core::ids::{Hash, Mint};
use momentum_core::time::Timestamp;
use momentum_core::trader::missed::missed_first;
use momentum_core::units::{Lamports, LamportsDelta};
use serde::Serialize;

use crate::record::{Source, Text};

/// Reasons that `why_no_trade` names.
const REASONS: usize = 3;

/// Most tokens of which `why_no_trade` says one by one what they missed; more are counted by condition.
const TOKENS_NAMED: usize = 20;

/// `momentum.summary.v1`. Amounts are lamports.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    schema: &'static str,
    /// The run.
    pub run_id: String,
    /// Where orders went.
    pub mode: Mode,
    /// Where events came from.
    pub source: Source,
    /// Seed of the embedded market.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<Text<u64>>,
    /// Time of the first event.
    pub from: Option<Timestamp>,
    /// Time of the last event.
    pub to: Option<Timestamp>,
    /// Events of the source and of the venue, ticks left out.
    pub events: Text<u64>,
    /// Positions closed.
    pub trades: u64,
    /// Share of them that earned something; null without any.
    pub win_rate_bps: Option<u64>,
    /// What closed positions earned after all costs.
    pub pnl_lamports: LamportsDelta,
    /// Fees of the venue, network fees and tips of closed positions.
    pub fees_lamports: Lamports,
    /// Closed positions by the reason of the fill that closed each.
    pub exits: BTreeMap<&'static str, u64>,
    /// Refusals by gate.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Why nothing was bought: the commonest refusals, or what each token missed first.
    pub why_no_trade: Vec<String>,
    /// Entry signals.
    pub signals: u64,
    /// Buys and sales that landed.
    pub fills: u64,
    /// Tokens launched.
    pub launches: u64,
    /// Positions still open.
    pub open_positions: u64,
    /// Lamports, recoverable rent and marks of open positions at the end.
    pub equity_lamports: Lamports,
    /// Equity at the end less equity at the start.
    pub result_lamports: LamportsDelta,
    /// Deepest fall of equity below its highest, at the moments when positions closed.
    pub max_drawdown_lamports: Lamports,
    /// The analysis and decision settings.
    pub config_hash: Hash,
    /// What was decided.
    pub decision_hash: Hash,
}

/// Makes a summary while a run goes on.
#[derive(Debug)]
pub struct Tally {
    summary: Summary,
    decisions: DecisionHasher,
    won: u64,
    realised: LamportsDelta,
    highest: LamportsDelta,
    /// The best evaluation of each token, until something is bought.
    best: BTreeMap<Mint, Arc<Analysis>>,
}

impl Tally {
    /// A tally of nothing yet.
    #[must_use]
    pub fn new(run_id: &str, mode: Mode, source: Source, seed: Option<u64>, config_hash: Hash) -> Self {
        let summary = Summary {
            schema: "momentum.summary.v1",
            run_id: run_id.to_owned(),
            mode,
            source,
            seed: seed.map(Text),
            from: None,
            to: None,
            events: Text(0),
            trades: 0,
            win_rate_bps: None,
            pnl_lamports: LamportsDelta::ZERO,
            fees_lamports: Lamports::ZERO,
            exits: BTreeMap::new(),
            refusals: BTreeMap::new(),
            why_no_trade: Vec::new(),
            signals: 0,
            fills: 0,
            launches: 0,
            open_positions: 0,
            equity_lamports: Lamports::ZERO,
            result_lamports: LamportsDelta::ZERO,
            max_drawdown_lamports: Lamports::ZERO,
            config_hash,
            decision_hash: Hash::default(),
        };
        Self {
            summary,
            decisions: DecisionHasher::default(),
            won: 0,
            realised: LamportsDelta::ZERO,
            highest: LamportsDelta::ZERO,
            best: BTreeMap::new(),
        }
    }

    /// Counts one event with what it made.
    pub fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        if !matches!(envelope.event, Event::Tick | Event::Run(_)) {
            self.summary.events.0 += 1;
            self.summary.from.get_or_insert(envelope.now);
            self.summary.to = Some(envelope.now);
        }
        if matches!(&envelope.event, Event::Market(event) if matches!(event.kind, MarketKind::Launched(_))) {
            self.summary.launches += 1;
        }
        self.decisions.facts(envelope.now, &effects.facts);
        for fact in &effects.facts {
            self.count(fact);
        }
    }

    fn count(&mut self, fact: &Fact) {
        let summary = &mut self.summary;
        match fact {
            Fact::Scored(analysis) => self.remember(analysis),
            Fact::EntrySignalled(_) => summary.signals += 1,
            Fact::Refused(refused) => *summary.refusals.entry(refused.code.code()).or_default() += 1,
            Fact::Filled { .. } => {
                summary.fills += 1;
                self.best.clear();
            }
            Fact::PositionClosed(closed) => {
                summary.trades += 1;
                summary.pnl_lamports += closed.pnl;
                summary.fees_lamports += closed.venue_fees + closed.network;
                *summary.exits.entry(closed.reason.name()).or_default() += 1;
                self.won += u64::from(closed.pnl.0 > 0);
                self.realised += closed.pnl;
                self.highest = self.highest.max(self.realised);
                let fall = u64::try_from(self.highest.0 - self.realised.0).unwrap_or(0);
                summary.max_drawdown_lamports = summary.max_drawdown_lamports.max(Lamports(fall));
            }
            _ => {}
        }
    }

    /// Keeps the evaluation if it is the token's best so far and could still matter.
    fn remember(&mut self, analysis: &Arc<Analysis>) {
        if self.summary.fills > 0 {
            return;
        }
        match self.best.get_mut(&analysis.mint) {
            Some(best) if best.score.total > analysis.score.total => {}
            Some(best) => Arc::clone_from(best, analysis),
            None => {
                self.best.insert(analysis.mint, Arc::clone(analysis));
            }
        }
    }

    /// The summary, with what the engine holds at the end.
    #[must_use]
    pub fn finish(self, engine: &Engine) -> Summary {
        let view = engine.view().trader;
        let mut summary = self.summary;
        summary.win_rate_bps = (self.won * 10_000).checked_div(summary.trades);
        summary.open_positions = u64::try_from(view.positions.len()).unwrap_or(u64::MAX);
        summary.equity_lamports = view.equity;
        summary.result_lamports = view.result;
        summary.decision_hash = self.decisions.finish();
        if summary.trades == 0 && summary.open_positions == 0 {
            summary.why_no_trade = match summary.refusals.len() {
                0 => missed(&self.best, engine.config()),
                _ => commonest(summary.refusals.iter().map(|(code, count)| ((*code).to_owned(), *count))),
            };
        }
        summary
    }
}

/// The entry condition that each token missed first, at its best evaluation.
fn missed(best: &BTreeMap<Mint, Arc<Analysis>>, config: &Config) -> Vec<String> {
    let signals: &Signals = &config.signals;
    if best.len() <= TOKENS_NAMED {
        let named = |(mint, analysis): (&Mint, &Arc<Analysis>)| {
            let missed = missed_first(analysis, signals)?;
            Some(format!("{mint}: {missed}"))
        };
        return best.iter().filter_map(named).collect();
    }
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    for missed in best.values().filter_map(|analysis| missed_first(analysis, signals)) {
        *counts.entry(missed.condition()).or_default() += 1;
    }
    commonest(counts.into_iter().map(|(condition, count)| (condition.to_owned(), count)))
}

/// The commonest reasons with their counts, most first.
fn commonest(reasons: impl Iterator<Item = (String, u64)>) -> Vec<String> {
    let mut reasons: Vec<_> = reasons.collect();
    reasons.sort_by_key(|(name, count)| (Reverse(*count), name.clone()));
    reasons.truncate(REASONS);
    reasons.into_iter().map(|(name, count)| format!("{name}: {count}×")).collect()
}
