//! How long a decision takes: from an event that leads to an order to the order, on one core. It prints figures
//! and judges nothing.
//!
//! Days of the embedded market are played with the shipped settings; each event is timed by itself, as the engine
//! takes it. Nothing waits in front of it: what a queue adds is measured where there is one.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a bench looks at the clock")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use momentum_core::action::{Action, Effects};
use momentum_core::config::{Config, Section};
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Event, Mode, RunEvent, Started};
use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::units::Lamports;
use momentum_sim::clocked::Clocked;
use momentum_sim::driver::{Answers, Driver, Processor};
use momentum_sim::market::{BEGINNING, EmbeddedMarket, SimKeys};
use momentum_sim::paper::Paper;
use momentum_sim::venue::{Strictness, Venue};

/// Days, each of a seed of its own.
const DAYS: u64 = 10;
const DAY: Duration = Duration::from_hours(24);

/// An engine that is timed.
#[derive(Default)]
struct Timed {
    engine: Engine,
    /// Events that led to an order.
    decisions: Vec<Duration>,
    /// All events.
    events: Vec<Duration>,
}

impl Processor for Timed {
    fn on_event(&mut self, envelope: &Envelope, effects: &mut Effects) {
        let began = Instant::now();
        self.engine.on_event(envelope, effects);
        let took = began.elapsed();
        self.events.push(took);
        if effects.actions.iter().any(|action| matches!(action, Action::Submit(_))) {
            self.decisions.push(took);
        }
    }
}

fn main() {
    let config = Arc::new(Config::default());
    let (mut decisions, mut events) = (Vec::new(), Vec::new());
    for seed in 1..=DAYS {
        let venue = Venue::new(Paper::shipped(), &config.execution, Strictness::Paper);
        let mut driver = Driver::new(Timed::default(), Some(venue), Answers::NotConfigured);
        let mut nobody = |_: &Envelope, _: &Effects| ();
        let started = Started {
            run_id: "bench".to_owned(),
            mode: Mode::Paper,
            config: Arc::clone(&config),
            wallets: vec![(Wallet(Pubkey([1; 32])), Lamports(10_000_000_000))],
            warm_until: None,
        };
        driver.feed(BEGINNING, Event::Run(RunEvent::Started(Box::new(started))), &mut nobody);
        let market = EmbeddedMarket::new(seed, &SimKeys::shipped());
        for (now, event) in Clocked::new(market).take_while(|(now, _)| *now < BEGINNING + DAY) {
            driver.feed(now, event, &mut nobody);
        }
        let timed = driver.into_processor();
        decisions.extend(timed.decisions);
        events.extend(timed.events);
    }
    print("a decision (an event that led to an order)", decisions);
    print("any event", events);
}

fn print(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let Some(last) = took.len().checked_sub(1) else { return println!("{what}: none") };
    let at = |per_mille: usize| took[last * per_mille / 1_000];
    println!(
        "{what}: {} of them, p50 {:.1?}, p99 {:.1?}, p99.9 {:.1?}, at most {:.1?}",
        took.len(),
        at(500),
        at(990),
        at(999),
        took[last],
    );
}
