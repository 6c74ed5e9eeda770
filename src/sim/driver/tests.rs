//! The driver gives every event, tick and answer its place in virtual time.

use momentum_core::action::{Basis, Order, Swap};
use momentum_core::config::Config;
use momentum_core::event::{ExecutionEvent, ExecutionKind, FeedEvent};
use momentum_core::ids::{AttemptId, Mint, OrderId, Pubkey, Signature, Wallet};
use momentum_core::quotes::{Curve, Liquidity, Rates};
use momentum_core::units::{Bps, Lamports, TokenAmount};

use super::*;
use crate::paper::Paper;
use crate::venue::{Fate, Strictness};

/// Buys when the stream comes up, asks a question when it goes down, and ends when told to.
#[derive(Debug, Default)]
struct Reflex;

impl Processor for Reflex {
    fn on_event(&mut self, envelope: &Envelope, effects: &mut Effects) {
        match &envelope.event {
            Event::Feed(FeedEvent::Up) => effects.actions.extend([
                Action::Enrich(Mint::default(), What::Mint),
                Action::Submit(Box::new(order(envelope.seq))),
            ]),
            Event::Execution(event) if matches!(event.kind, ExecutionKind::Prepared { .. }) => {
                effects.actions.push(Action::Broadcast(event.attempt));
            }
            Event::Run(RunEvent::Stopping(_)) => effects.actions.push(Action::Finish),
            _ => {}
        }
    }
}

fn order(seq: Seq) -> Order {
    Order {
        attempt: AttemptId { order: OrderId { seq, nth: 0 }, number: 1 },
        mint: Mint(Pubkey([1; 32])),
        wallet: Wallet(Pubkey([2; 32])),
        swap: Swap::Buy { spend: Lamports::sol(1), min_tokens: TokenAmount(1) },
        exit: None,
        bound: Bps(500),
        priority: Lamports(10_000),
        tip: Lamports(10_000),
        urgent: false,
        whole_balance: false,
        draw: 0,
        basis: Basis { liquidity: Liquidity::Curve(Curve::FRESH), rates: Rates::default() },
    }
}

/// Feeds events at milliseconds; shows `ms what` of everything that the engine saw.
fn seen(answers: Answers, fates: &[Fate], events: &[(i64, Event)]) -> Vec<String> {
    let mut venue = Venue::new(Paper::default(), &Config::default().execution, Strictness::Paper);
    fates.iter().for_each(|fate| venue.foretell(*fate));
    let mut driver = Driver::new(Reflex, Some(venue), answers);
    let mut lines = Vec::new();
    for (ms, event) in events {
        driver.feed(Timestamp(ms * 1_000), event.clone(), &mut |envelope: &Envelope, _: &Effects| {
            assert_eq!(envelope.seq.0, lines.len() as u64 + 1);
            lines.push(format!("{} {}", envelope.now.0 / 1_000, name(&envelope.event)));
        });
    }
    lines
}

fn name(event: &Event) -> &'static str {
    match event {
        Event::Tick => "tick",
        Event::Feed(_) => "feed",
        Event::Enriched(_) => "enriched",
        Event::Execution(event) => match event.kind {
            ExecutionKind::Prepared { .. } => "prepared",
            ExecutionKind::Sent { .. } => "sent",
            ExecutionKind::Failed { .. } => "failed",
            ExecutionKind::Expired => "expired",
            _ => "landed",
        },
        _ => "other",
    }
}

const UP: Event = Event::Feed(FeedEvent::Up);

#[test]
fn what_an_event_causes_comes_at_its_moment_and_before_the_next_event() {
    let fate = Fate::Fails(Duration::from_millis(400));
    let events = [(0, UP), (400, Event::Tick), (400, Event::Tick)];
    let expected = ["0 feed", "0 prepared", "0 sent", "0 enriched", "400 failed", "400 tick", "400 tick"];
    assert_eq!(seen(Answers::NotConfigured, &[fate], &events), expected);
}

#[test]
fn what_falls_due_between_two_events_comes_at_its_own_time_in_order_of_time() {
    let fates =
        [Fate::Fails(Duration::from_millis(900)), Fate::Fails(Duration::from_millis(100)), Fate::Lost];
    let events = [(0, UP), (10, UP), (20, UP), (1_000, Event::Tick), (60_100, Event::Tick)];
    let seen = seen(Answers::FromSource, &fates, &events);
    assert_eq!(seen[9..], ["110 failed", "900 failed", "1000 tick", "60020 expired", "60100 tick"]);
}

#[test]
fn orders_that_are_signed_together_leave_together_behind_the_last_of_them() {
    /// What stands outside, and what it was asked.
    #[derive(Default)]
    struct Outside(Vec<String>);

    impl Outlet for Outside {
        fn see(&mut self, envelope: &Envelope, _: &Effects) {
            self.0.push(format!("{} {}", envelope.seq, name(&envelope.event)));
        }

        fn may_leave(&mut self, attempt: AttemptId) -> bool {
            self.0.push(format!("may {} leave?", attempt.order.seq));
            attempt.order.seq != Seq(8)
        }

        fn ask(&mut self, _: Timestamp, action: &Action) {
            self.0.push(match action {
                Action::Broadcast(attempt) => format!("broadcast {}", attempt.order.seq),
                Action::Resolve(attempt) => format!("resolve {}", attempt.order.seq),
                _ => "another".to_owned(),
            });
        }
    }

    let signed = |seq| {
        let signature = Signature([1; 64]);
        Event::from(ExecutionEvent {
            attempt: AttemptId { order: OrderId { seq: Seq(seq), nth: 0 }, number: 1 },
            kind: ExecutionKind::Prepared { signature, last_valid_height: 1, raw: Vec::new() },
        })
    };
    let mut driver = Driver::new(Reflex, None, Answers::FromSource);
    let mut outside = Outside::default();
    driver.feed_all([(Timestamp(0), signed(7)), (Timestamp(1), signed(8))], &mut outside);
    driver.feed(Timestamp(2), signed(9), &mut outside);
    let expected = [
        "1 prepared",
        "2 prepared",
        "may 7 leave?",
        "broadcast 7",
        "may 8 leave?",
        "resolve 8",
        "3 prepared",
        "may 9 leave?",
        "broadcast 9",
    ];
    assert_eq!(outside.0, expected);
}

#[test]
fn answers_of_the_source_are_not_made_up() {
    let events = [(0, UP)];
    assert!(!seen(Answers::FromSource, &[], &events).contains(&"0 enriched".to_owned()));
}

#[test]
fn time_that_goes_back_is_raised_to_the_latest() {
    assert_eq!(seen(Answers::FromSource, &[], &[(5, Event::Tick), (3, Event::Tick)]), ["5 tick", "5 tick"]);
}

#[test]
fn a_stop_ends_with_the_engine_or_at_its_deadline() {
    let mut driver = Driver::new(Reflex, None, Answers::FromSource);
    driver.feed(Timestamp(0), Event::Tick, &mut |_: &Envelope, _: &Effects| ());
    assert!(driver.stop(OnExit::Hold, Duration::from_secs(60), &mut |_: &Envelope, _: &Effects| ()));

    struct Deaf;
    impl Processor for Deaf {
        fn on_event(&mut self, _: &Envelope, _: &mut Effects) {}
    }
    let mut driver = Driver::new(Deaf, None, Answers::FromSource);
    driver.feed(Timestamp(0), Event::Tick, &mut |_: &Envelope, _: &Effects| ());
    assert!(!driver.stop(OnExit::Hold, Duration::from_secs(60), &mut |_: &Envelope, _: &Effects| ()));
    assert_eq!(driver.now(), Timestamp(60_000_000));
}
