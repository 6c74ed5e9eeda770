//! Hours of the embedded market through the whole engine and the simulated venue: real events and what they
//! made, once for all tests.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use momentum_core::action::{Effects, Order, Swap};
use momentum_core::config::Section;
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Event, MarketKind, Mode, RunEvent, Started};
use momentum_core::fact::Fact;
use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::trader::Trader;
use momentum_core::trader::ledger::Row;
use momentum_core::units::Lamports;
use momentum_sim::clocked::Clocked;
use momentum_sim::driver::{Answers, Driver};
use momentum_sim::market::{BEGINNING, EmbeddedMarket, SimKeys};
use momentum_sim::paper::Paper;
use momentum_sim::venue::{Strictness, Venue};

/// An event and what it made.
pub(crate) type Step = (Envelope, Effects);

/// The run: only events that leave something, and launches.
pub(crate) struct Played {
    pub(crate) steps: Vec<Step>,
    /// The trader as it was after so many of the steps, in order.
    pub(crate) traders: Vec<(usize, Trader)>,
}

/// The run.
pub(crate) fn played() -> &'static Played {
    static PLAYED: OnceLock<Played> = OnceLock::new();
    PLAYED.get_or_init(play)
}

fn play() -> Played {
    let started = Event::Run(RunEvent::Started(Box::new(Started {
        run_id: "played".to_owned(),
        mode: Mode::Paper,
        config: Arc::default(),
        wallets: vec![(Wallet(Pubkey([1; 32])), Lamports::sol(10))],
        warm_until: Some(BEGINNING + Duration::from_hours(1)),
    })));
    let execution = &momentum_core::config::Config::default().execution;
    let venue = Venue::new(Paper::shipped(), execution, Strictness::Paper);
    let mut driver = Driver::new(Engine::default(), Some(venue), Answers::FromSource);
    let market = EmbeddedMarket::new(7, &SimKeys::default());
    let events = Clocked::new(market).take_while(|(now, _)| *now < BEGINNING + Duration::from_hours(4));
    let (mut steps, mut traders): (Vec<Step>, Vec<(usize, Trader)>) = (Vec::new(), Vec::new());
    for (now, event) in std::iter::once((BEGINNING, started)).chain(events) {
        let before = steps.len();
        driver.feed(now, event, &mut |envelope: &Envelope, effects: &Effects| {
            if matters(envelope, effects) {
                let told = Effects { actions: Vec::new(), facts: facts(effects), kept: effects.kept.clone() };
                steps.push((envelope.clone(), told));
            }
        });
        let money = steps[before..]
            .iter()
            .any(|(_, made)| made.kept.iter().any(|row| matches!(row, Row::Account { .. })));
        if money {
            traders.push((steps.len(), driver.processor().trader().clone()));
        }
    }
    traders.push((steps.len(), driver.processor().trader().clone()));
    assert!(traders.len() > 10, "too little was traded");
    Played { steps, traders }
}

fn matters(envelope: &Envelope, effects: &Effects) -> bool {
    let launched =
        matches!(&envelope.event, Event::Market(market) if matches!(market.kind, MarketKind::Launched(_)));
    launched || !effects.kept.is_empty() || effects.facts.iter().any(|fact| !matches!(fact, Fact::Scored(_)))
}

/// The facts, without the evaluations that signal nothing.
fn facts(effects: &Effects) -> Vec<Fact> {
    let signals = effects.facts.iter().any(|fact| matches!(fact, Fact::EntrySignalled(_)));
    effects.facts.iter().filter(|fact| signals || !matches!(fact, Fact::Scored(_))).cloned().collect()
}

/// A copy: effects are reused by whoever makes them, and so have no copy of their own.
pub(crate) fn copy(effects: &Effects) -> Effects {
    Effects { actions: Vec::new(), facts: effects.facts.clone(), kept: effects.kept.clone() }
}

/// The first step that opens a buy, and its order.
pub(crate) fn first_buy() -> (usize, Order) {
    let opened = |(nth, (_, effects)): (usize, &Step)| {
        effects.facts.iter().find_map(|fact| match fact {
            Fact::OrderOpened(order) if matches!(order.swap, Swap::Buy { .. }) => {
                Some((nth, (**order).clone()))
            }
            _ => None,
        })
    };
    played().steps.iter().enumerate().find_map(opened).unwrap()
}

/// The first step with a fill.
pub(crate) fn first_fill() -> usize {
    let filled = |(_, effects): &Step| effects.facts.iter().any(|fact| matches!(fact, Fact::Filled { .. }));
    played().steps.iter().position(filled).unwrap()
}
