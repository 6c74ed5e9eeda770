//! Restarts on the embedded market: what the engine gives to be kept brings the same engine back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use momentum_core::action::Effects;
use momentum_core::engine::{DecisionHasher, Engine, SignalSource};
use momentum_core::event::{Envelope, Event, Mode, RunEvent, Started};
use momentum_core::ids::{Hash, Pubkey, Wallet};
use momentum_core::protections::Protections;
use momentum_core::trader::Trader;
use momentum_core::trader::ledger::Row;
use momentum_core::units::Lamports;

use crate::clocked::Clocked;
use crate::driver::{Answers, Driver};
use crate::market::{BEGINNING, EmbeddedMarket, SimKeys};
use crate::paper::Paper;
use crate::rng::Rng;
use crate::venue::{Strictness, Venue};

const UNTIL: Duration = Duration::from_hours(4);
const WARM_UP: Duration = Duration::from_hours(1);

/// A store of the simplest kind: the newest row of each key, as JSON.
#[derive(Clone, Default)]
struct Kept(BTreeMap<String, String>);

impl Kept {
    fn keep(&mut self, rows: &[Row]) {
        for row in rows {
            let key = match row {
                Row::Account { wallet, .. } => format!("account {wallet}"),
                Row::Position(position) | Row::Marked(position) => format!("position {}", position.mint),
                Row::PositionOver(mint) => format!("position {mint}"),
                Row::Buy { mint, .. } | Row::BuyOver(mint) => format!("buy {mint}"),
                Row::Attempt(attempt) => format!("attempt {}", attempt.order.attempt),
                Row::AttemptOver(attempt) => format!("attempt {attempt}"),
                Row::Past { mint, .. } => format!("past {mint}"),
                Row::Desk(_) => "desk".to_owned(),
            };
            self.0.insert(key, serde_json::to_string(row).unwrap());
        }
    }

    fn rows(&self) -> Vec<Row> {
        self.0.values().map(|row| serde_json::from_str(row).unwrap()).collect()
    }
}

/// The whole run: every event as it was, what was kept after it, what was decided.
struct Told {
    envelopes: Vec<Envelope>,
    /// Rows with the index of their event.
    kept: Vec<(usize, Vec<Row>)>,
    decisions: Hash,
}

fn told(seed: u64) -> Told {
    let started = Event::Run(RunEvent::Started(Box::new(Started {
        run_id: "restored".to_owned(),
        mode: Mode::Paper,
        config: Arc::default(),
        wallets: vec![(Wallet(Pubkey([1; 32])), Lamports::sol(10))],
        warm_until: Some(BEGINNING + WARM_UP),
    })));
    let execution = &momentum_core::config::Config::default().execution;
    let venue = Venue::new(Paper::default(), execution, Strictness::Paper);
    let mut driver = Driver::new(Engine::default(), Some(venue), Answers::FromSource);
    let market = EmbeddedMarket::new(seed, &SimKeys::default());
    let events = Clocked::new(market).take_while(|(now, _)| *now < BEGINNING + UNTIL);
    let mut decisions = DecisionHasher::default();
    let (mut envelopes, mut kept) = (Vec::new(), Vec::new());
    for (now, event) in std::iter::once((BEGINNING, started)).chain(events) {
        driver.feed(now, event, &mut |envelope, effects| {
            decisions.facts(envelope.now, &effects.facts);
            if !effects.kept.is_empty() {
                kept.push((envelopes.len(), effects.kept.clone()));
            }
            envelopes.push(envelope.clone());
        });
    }
    assert!(driver.processor().trader().view().total.closed() >= 3, "too little was traded");
    Told { envelopes, kept, decisions: decisions.finish() }
}

#[test]
fn the_rows_kept_are_the_whole_trader_after_every_event() {
    let told = told(7);
    let mut engine = Engine::default();
    let (mut effects, mut kept) = (Effects::default(), Kept::default());
    let (mut compared, mut opened) = (0, 0);
    for envelope in &told.envelopes {
        effects.clear();
        engine.on_event(envelope, &mut effects);
        kept.keep(&effects.kept);
        if effects.kept.is_empty() {
            continue;
        }
        opened += effects.kept.iter().filter(|row| matches!(row, Row::Position(_))).count();
        let restored = Trader::restore(kept.rows(), Protections::ALL);
        assert!(engine.trader().would_decide_as(&restored), "at {}", envelope.now);
        compared += 1;
    }
    assert!(compared > 1_000 && opened > 10, "{compared} compared, {opened} rows of positions");
}

#[test]
fn an_engine_restored_anywhere_decides_as_one_that_was_never_stopped() {
    let told = told(7);
    let mut rng = Rng::new(11, 0);
    let busy: Vec<usize> = told.kept.iter().map(|(at, _)| *at).collect();
    for round in 0..12 {
        // Half of the stops come right behind an event that changed money.
        let stop = if round % 2 == 0 {
            busy[usize::try_from(rng.below(busy.len() as u64)).unwrap()] + 1
        } else {
            usize::try_from(rng.below(told.envelopes.len() as u64)).unwrap()
        };
        let snapshot_at = stop - usize::try_from(rng.below(20_000.min(stop as u64) + 1)).unwrap();
        assert_eq!(resumed(&told, snapshot_at, stop), told.decisions, "snapshot {snapshot_at}, stop {stop}");
    }
}

/// The decisions of a run that took a snapshot behind `snapshot_at` events, was stopped behind `stop` of them,
/// and went on from snapshot, recording and books.
fn resumed(told: &Told, snapshot_at: usize, stop: usize) -> Hash {
    let mut decisions = DecisionHasher::default();
    let mut effects = Effects::default();
    let mut play = |engine: &mut Engine, events: &[Envelope], told: bool| {
        for envelope in events {
            effects.clear();
            engine.on_event(envelope, &mut effects);
            if told {
                decisions.facts(envelope.now, &effects.facts);
            }
        }
    };
    let mut first = Engine::default();
    play(&mut first, &told.envelopes[..snapshot_at], true);
    let snapshot = first.snapshot().unwrap();
    play(&mut first, &told.envelopes[snapshot_at..stop], true);
    let mut kept = Kept::default();
    for (_, rows) in told.kept.iter().take_while(|(at, _)| *at < stop) {
        kept.keep(rows);
    }
    let mut second = Engine::from_snapshot(&snapshot, SignalSource::Own, Protections::ALL).unwrap();
    assert_eq!(second.snapshot().unwrap(), snapshot);
    play(&mut second, &told.envelopes[snapshot_at..stop], false);
    let mut second = second.with_books(kept.rows(), Protections::ALL);
    play(&mut second, &told.envelopes[stop..], true);
    decisions.finish()
}
