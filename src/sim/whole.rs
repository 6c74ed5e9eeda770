//! The whole of it on the embedded market: the engine with the simulated venue, its rules checked at every
//! event, and the stages of the pipe beside it.

use std::sync::Arc;
use std::time::Duration;

use momentum_core::action::{Effects, Order};
use momentum_core::config::Config;
use momentum_core::engine::{DecisionHasher, Engine, Scorer, SignalSource};
use momentum_core::event::{Command, Commanded, Envelope, Event, Mode, RunEvent, Started};
use momentum_core::fact::Fact;
use momentum_core::ids::{Hash, Pubkey, Slot, Wallet};
use momentum_core::protections::Protections;
use momentum_core::simulation::{Expectation, Simulated, Simulation, Trip};
use momentum_core::time::Timestamp;
use momentum_core::trader::TraderView;
use momentum_core::units::Lamports;

use crate::clocked::Clocked;
use crate::driver::{Answers, Driver, Processor};
use crate::market::{BEGINNING, EmbeddedMarket, SimKeys};
use crate::paper::Paper;
use crate::venue::{Strictness, Venue};

const WARM_UP: Duration = Duration::from_hours(1);

/// An engine that panics where its state breaks a rule.
struct Checked(Engine);

impl Processor for Checked {
    fn on_event(&mut self, envelope: &Envelope, effects: &mut Effects) {
        self.0.on_event(envelope, effects);
        if !matches!(envelope.event, Event::Market(_)) {
            assert_eq!(self.0.check(), Ok(()), "at {}", envelope.now);
        }
        let broken = effects.facts.iter().find(|fact| matches!(fact, Fact::InvariantBroken { .. }));
        assert_eq!(broken, None);
    }
}

fn started() -> Event {
    Event::Run(RunEvent::Started(Box::new(Started {
        run_id: "whole".to_owned(),
        mode: Mode::Paper,
        config: Arc::default(),
        wallets: vec![(Wallet(Pubkey([1; 32])), Lamports::sol(10))],
        warm_until: Some(BEGINNING + WARM_UP),
    })))
}

fn venue() -> Venue {
    Venue::new(Paper::default(), &Config::default().execution, Strictness::Paper)
}

/// All events of the embedded market up to `until`, with ticks.
fn events(seed: u64, until: Duration) -> impl Iterator<Item = (Timestamp, Event)> {
    let market = EmbeddedMarket::new(seed, &SimKeys::default());
    let events = Clocked::new(market).take_while(move |(now, _)| *now < BEGINNING + until);
    std::iter::once((BEGINNING, started())).chain(events)
}

/// What a run came to.
#[derive(Debug, PartialEq)]
struct Outcome {
    decisions: Hash,
    view: TraderView,
}

fn outcome(driver: &Driver<Checked>, decisions: &DecisionHasher) -> Outcome {
    let engine = &driver.processor().0;
    Outcome { decisions: decisions.finish(), view: engine.trader().view() }
}

/// The whole engine.
fn run(seed: u64, until: Duration) -> Outcome {
    let mut driver = Driver::new(Checked(Engine::default()), Some(venue()), Answers::FromSource);
    let mut decisions = DecisionHasher::default();
    for (now, event) in events(seed, until) {
        driver.feed(now, event, &mut |envelope: &Envelope, effects: &Effects| {
            decisions.facts(envelope.now, &effects.facts);
        });
    }
    outcome(&driver, &decisions)
}

/// The whole engine, which is told at once of each buy what the chain would have made of it: now that it fails, now
/// that it is worse than its quote.
fn simulated(seed: u64, until: Duration) -> (Outcome, usize) {
    let mut driver = Driver::new(Checked(Engine::default()), Some(venue()), Answers::FromSource);
    let mut decisions = DecisionHasher::default();
    let mut told = 0;
    for (now, event) in events(seed, until) {
        let mut simulations = Vec::new();
        driver.feed(now, event, &mut |envelope: &Envelope, effects: &Effects| {
            decisions.facts(envelope.now, &effects.facts);
            simulations.extend(effects.facts.iter().filter_map(|fact| match fact {
                Fact::OrderOpened(order) => Some(simulation(order)?),
                _ => None,
            }));
        });
        for simulation in simulations {
            // Some time later, as a node answers.
            let now = now + Duration::from_millis(3);
            driver.feed(now, simulation.into(), &mut |envelope: &Envelope, effects: &Effects| {
                assert!(matches!(effects.facts[..], [Fact::Simulated(_)]) || envelope.event == Event::Tick);
                decisions.facts(envelope.now, &effects.facts);
                told += 1;
            });
        }
    }
    (outcome(&driver, &decisions), told)
}

fn simulation(order: &Order) -> Option<Simulation> {
    let Expectation { tokens, trip, .. } = Expectation::of(order)?;
    let (attempt, mint) = (order.attempt, order.mint);
    let worse = Simulated { slot: Slot(1), trip: Trip { back: Lamports::ZERO, ..trip }, units: 1 };
    let outcome = if attempt.order.seq.0 % 2 == 0 { Ok(worse) } else { Err("no".to_owned()) };
    Some(Simulation { attempt, mint, tokens, expected: trip, outcome })
}

/// A stage that scores, and an engine that is fed its signals: `monitor | score - | trade from -`.
fn pipe(seed: u64, until: Duration) -> Outcome {
    let fed = Engine::new(SignalSource::Fed, Protections::ALL);
    let mut trade = Driver::new(Checked(fed), Some(venue()), Answers::FromSource);
    let mut score = Driver::new(Scorer::new(Protections::ALL), None, Answers::FromSource);
    let mut decisions = DecisionHasher::default();
    for (now, event) in events(seed, until) {
        let mut signals = Vec::new();
        score.feed(now, event.clone(), &mut |_: &Envelope, effects: &Effects| {
            for fact in &effects.facts {
                if let Fact::EntrySignalled(signal) = fact {
                    signals.push(signal.clone());
                }
            }
        });
        let mut sink = |envelope: &Envelope, effects: &Effects| decisions.facts(envelope.now, &effects.facts);
        trade.feed(now, event, &mut sink);
        for signal in signals {
            let (who, why) = ("score".to_owned(), "signal".to_owned());
            let command = Commanded { who, why, command: Command::Signal(signal) };
            trade.feed(now, Event::Command(Box::new(command)), &mut sink);
        }
    }
    outcome(&trade, &decisions)
}

#[test]
fn what_the_chain_would_have_made_of_buys_on_paper_decides_nothing() {
    let until = Duration::from_hours(3);
    let (with, told) = simulated(7, until);
    assert!(told >= 2, "nothing was simulated");
    assert_eq!(with, run(7, until));
}

#[test]
fn the_pipe_decides_as_the_whole_engine() {
    let until = Duration::from_hours(3);
    let whole = run(7, until);
    assert!(whole.view.total.closed() >= 1, "nothing was traded: {:?}", whole.view.total);
    let piped = pipe(7, until);
    assert_eq!(piped.view, whole.view);
    assert_eq!(piped.decisions, whole.decisions);
}
