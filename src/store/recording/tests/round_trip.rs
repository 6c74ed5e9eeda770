//! Every envelope comes back exactly equal, from rows and from files.

use std::sync::Arc;

use momentum_core::config::Config;
use momentum_core::event::{
    Command, Commanded, ExecutionEvent, ExecutionKind, Fill, Impact, NetworkCosts, OnExit, RunEvent, Started,
    WalletEvent,
};
use momentum_core::ids::{AttemptId, OrderId, Wallet};
use momentum_core::quotes::Fees;
use momentum_core::simulation::{Simulated, Simulation, Trip};
use momentum_core::trader::signals::{EntrySignal, Level};
use momentum_core::trader::state::Hold;
use momentum_core::units::{Bps, LamportsDelta, Points, Thousandths, TokenAmount};
use proptest::prelude::*;

use super::super::events::{Columns, Rows};
use super::super::row::Row;
use super::*;
use crate::record::samples::{BOUGHT, ordered};
use crate::record::tests::{enriched, feed, key, market, micros};

fn execution(number: u64, wide: i64, text: String, raw: Vec<u8>) -> Vec<ExecutionKind> {
    let costs = NetworkCosts { base: Lamports(number), priority: Lamports(1), tip: Lamports(u64::MAX) };
    let fill = Fill {
        side: Side::Sell,
        tokens: TokenAmount(number),
        lamports: Lamports(number),
        fees: Fees { lp: 1, protocol: number, creator: 3 },
        costs,
        rent_locked: Lamports(number),
        impact: Some(Impact { quote: wide, tokens: -1 }),
    };
    vec![
        ExecutionKind::Prepared { signature: Signature([5; 64]), last_valid_height: number, raw },
        ExecutionKind::Refused { why: text.clone() },
        ExecutionKind::Sent { lane: text.clone() },
        ExecutionKind::Landed { slot: Slot(number), fill },
        ExecutionKind::Landed { slot: Slot(number), fill: Fill { impact: None, side: Side::Buy, ..fill } },
        ExecutionKind::Failed { slot: Slot(number), error: text, costs },
        ExecutionKind::Expired,
        ExecutionKind::Withdrawn { slot: Slot(number), costs },
        ExecutionKind::Vanished { order: Box::new(ordered(BOUGHT, None)), slot: Slot(number), fill },
    ]
}

fn commands(number: u64, wide: i64, time: Timestamp, mint: Mint) -> Vec<Command> {
    let signal = EntrySignal {
        mint,
        level: Level::StrongBuy,
        score: Points(9_000),
        progress: Bps(8_000),
        safety: Points(900),
        velocity: Thousandths(wide),
        made: time,
        expires: time,
        config: Hash([4; 32]),
    };
    vec![
        Command::Pause { until: Some(time) },
        Command::Pause { until: None },
        Command::Resume,
        Command::Flatten,
        Command::Outage,
        Command::Recovered,
        Command::Lock,
        Command::Reset(Hold::DailyLoss),
        Command::Buy { mint, lamports: Lamports(number) },
        Command::Close { mint, tokens: None, urgent: true },
        Command::Close { mint, tokens: Some(TokenAmount(number)), urgent: false },
        Command::Adjust { mint, stop: Lamports(number) },
        Command::Hold(mint),
        Command::Release(mint),
        Command::WriteOff(mint),
        Command::Blacklist { key: mint.0, listed: true },
        Command::Reconfigure(Arc::default()),
        Command::Signal(signal),
        Command::Foreign { wallet: Wallet(mint.0), change: LamportsDelta(wide) },
        Command::Withdraw { wallet: Wallet(mint.0), to: Wallet(mint.0) },
    ]
}

fn runs(number: u64, time: Timestamp, text: String, wallet: Wallet) -> Vec<RunEvent> {
    let started = Started {
        run_id: text,
        mode: Mode::DryRun,
        config: Arc::new(Config::default()),
        wallets: vec![(wallet, Lamports(number))],
        warm_until: Some(time),
    };
    vec![
        RunEvent::Started(Box::new(started)),
        RunEvent::Stopping(OnExit::Hold),
        RunEvent::Stopping(OnExit::Flatten),
    ]
}

/// Events of the kinds that records of the pipe do not carry.
fn rare() -> impl Strategy<Value = Event> {
    let figures = (any::<(u64, i64, String, Vec<u8>)>(), micros(), key());
    (figures, any::<prop::sample::Index>()).prop_map(|(((number, wide, text, raw), time, key), which)| {
        let order = OrderId { seq: Seq(number), nth: 3 };
        let attempt = AttemptId { order, number: 2 };
        let (wallet, mint, slot) = (Wallet(key), Mint(key), Slot(number));
        let why = text.clone();
        let mut events: Vec<Event> = execution(number, wide, text.clone(), raw)
            .into_iter()
            .map(|kind| Event::from(ExecutionEvent { attempt, kind }))
            .collect();
        events.extend(commands(number, wide, time, mint).into_iter().map(|command| {
            Event::Command(Box::new(Commanded { who: text.clone(), why: text.clone(), command }))
        }));
        events.extend(runs(number, time, text, wallet).into_iter().map(Event::Run));
        let balance = WalletEvent::Balance { wallet, lamports: Lamports(number), slot };
        let holding = WalletEvent::Holding { wallet, mint, tokens: TokenAmount(number), slot };
        let unwrapped = WalletEvent::Unwrapped { wallet, lamports: Lamports(number), slot };
        let read = WalletEvent::Read { began: time };
        events.extend([balance, holding, unwrapped, read].map(Event::Wallet));
        let trip = Trip { paid: Lamports(number), back: Lamports(number / 2) };
        let done = Simulated { slot, trip, units: number };
        events.extend([Ok(done), Err(why)].map(|outcome| {
            let tokens = TokenAmount(number);
            Event::from(Simulation { attempt, mint, tokens, expected: trip, outcome })
        }));
        let which = which.index(events.len());
        events.swap_remove(which)
    })
}

proptest! {
    #[test]
    fn every_envelope_comes_back_exactly_equal(
        events in proptest::collection::vec(
            (any::<u64>(), any::<i64>(), prop_oneof![
                4 => market(), 1 => feed(), 1 => Just(Event::Tick), 3 => enriched(), 3 => rare(),
            ]),
            1..6,
        )
    ) {
        let mut columns = Columns::default();
        let envelopes: Vec<_> = events
            .into_iter()
            .map(|(seq, now, event)| Envelope { seq: Seq(seq), now: Timestamp(now), event })
            .collect();
        for envelope in &envelopes {
            columns.push(&Row::of(envelope).unwrap()).unwrap();
        }
        let rows = Rows::new(&columns.take().unwrap()).unwrap();
        let back: Vec<_> = (0..rows.len()).map(|nth| rows.envelope(nth).unwrap()).collect();
        prop_assert_eq!(back, envelopes);
    }
}

#[test]
fn a_session_of_several_segments_comes_back_from_its_files_exactly_equal() {
    let folder = scratch("round-trip");
    let session = recorded(&folder, 2_500);
    let found = content(&session).unwrap();
    let expected: Vec<_> = (0..2_500).map(envelope).collect();
    assert_eq!(found.envelopes, expected);
    let lines: String = found.decisions.iter().map(|decided| decided.decision.line()).collect();
    let decided = |envelope: &Envelope| {
        let now = envelope.now;
        let line = |fact: &Fact| momentum_core::engine::Decision::of(now, fact).map(|made| made.line());
        facts(envelope).iter().filter_map(line).collect::<String>()
    };
    assert_eq!(lines, expected.iter().map(decided).collect::<String>());
    assert_eq!(found.state.as_deref(), Some(&b"state"[..]));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_rewritten_session_has_another_market_the_old_decisions_and_sums_that_fit() {
    let folder = scratch("rewrite");
    let session = recorded(&folder, 2_500);
    let before = content(&session).unwrap();
    rewrite(&session, &keys(), |mut envelope| {
        if envelope.seq == Seq(2) {
            envelope.event = Event::Feed(FeedEvent::Down);
        }
        envelope
    })
    .unwrap();
    let after = content(&session).unwrap();
    assert_eq!(after.envelopes[1].event, Event::Feed(FeedEvent::Down));
    assert_eq!((&after.envelopes[2..], &after.decisions), (&before.envelopes[2..], &before.decisions));
    assert_eq!((after.state, after.decision_hash), (before.state, before.decision_hash));
    fs::remove_dir_all(folder).unwrap();
}
