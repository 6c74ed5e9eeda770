//! A book is written and read again: all of it comes back, in order, once, and by its rules.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use momentum_core::action::{Effects, Swap};
use momentum_core::analysis::Analysis;
use momentum_core::engine::Engine;
use momentum_core::event::{
    Command, Commanded, Envelope, Event, ExecutionEvent, ExecutionKind, Fill, Mode, NetworkCosts, RunEvent,
    Side, Started,
};
use momentum_core::fact::Fact;
use momentum_core::ids::{AttemptId, Pubkey, Seq, Signature, Slot, Wallet};
use momentum_core::protections::Protections;
use momentum_core::simulation::{Simulated, Simulation, Trip};
use momentum_core::time::Timestamp;
use momentum_core::trader::Trader;
use momentum_core::trader::ledger::Row;
use momentum_core::trader::orders::{Attempt, AttemptState};
use momentum_core::trader::state::Held;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_store::address::Address;
use momentum_store::db::Access;
use momentum_store::error::StoreError;
use momentum_store::journal::{Clock, Journal, NotDurable, Options};
use momentum_store::migrations::{self, Series};
use momentum_store::restore::{Landed, Restored, restore, unwritten};
use momentum_store::table::{Record, Table};
use momentum_store::tables::{ATTEMPTS, FILLS, ORDERS};
use momentum_store::verify;
use serde_json::Value;

use momentum_store::queries;

use crate::place::{Place, on, on_both};
use crate::played::{copy, first_buy, first_fill, played};

const LONG: Duration = Duration::from_secs(60);

on_both!(
    a_schema_comes_up_once_and_is_remembered,
    every_row_that_was_kept_brings_the_same_trader_back,
    what_is_flushed_is_there_and_in_order,
    the_database_refuses_a_second_buy_of_a_mint,
    an_attempt_has_one_fill,
    a_book_that_sold_more_than_it_bought_opens_and_holds_nothing_of_it,
    an_attempt_is_unwritten_until_its_bytes_are_there,
    a_landing_that_vanished_has_no_end_and_may_land_as_another_fill,
    what_goes_to_the_cold_address_is_written_from_its_order_to_its_landing,
    a_buy_on_paper_has_what_the_chain_made_of_it_or_why_it_failed_there,
    a_book_of_the_first_schema_takes_simulations_once_it_is_migrated,
    attempts_of_the_second_schema_go_on_with_slots_once_their_book_is_migrated,
    events_that_are_lived_again_write_nothing_twice,
    a_token_that_is_signalled_twice_in_one_event_has_two_signals_each_with_its_own_evaluation,
    a_second_writer_is_noticed,
);

/// Takes back what the third schema added.
const WITHOUT_SLOTS: &str = "ALTER TABLE attempts DROP COLUMN triggered_slot; \
     ALTER TABLE attempts DROP COLUMN sent_slot; ALTER TABLE attempts DROP COLUMN landed_slot";

fn open(address: &Address) -> Journal {
    Journal::open(Options::new(address.clone(), Clock::Market)).unwrap()
}

/// The book, read by a connection of its own.
pub(crate) fn read(address: &Address) -> Restored {
    momentum_store::db::Desk::new().unwrap().wait(restore(address)).unwrap().unwrap()
}

/// The slots of an attempt: seen at its trigger, seen when its bytes were let go, landed in.
fn slots(place: &Place, attempt: AttemptId) -> [Option<i64>; 3] {
    let rows = on(&place.address, Access::Read, async |db| ATTEMPTS.all(db, "", &[]).await).unwrap();
    let row = rows.iter().find(|row| row.key() == attempt.to_string()).unwrap();
    ["triggered_slot", "sent_slot", "landed_slot"].map(|name| row.int(name))
}

fn a_schema_comes_up_once_and_is_remembered(place: &Place) {
    let address = &place.address;
    let up = || on(address, Access::Create, async |db| migrations::up(db, Series::Book).await);
    let check = || on(address, Access::Write, async |db| migrations::check(db, Series::Book).await);
    let change = |sql: &'static str| on(address, Access::Write, async |db| db.script(sql).await).unwrap();
    if address.file().is_some() {
        assert!(matches!(check(), Err(StoreError::Missing(_))));
    }
    on(address, Access::Create, async |_| Ok(())).unwrap();
    assert_eq!(check(), Err(StoreError::Behind { found: 0, known: 3 }));
    assert!(matches!(
        Journal::open(Options::new(address.clone(), Clock::Wall)),
        Err(StoreError::Behind { .. })
    ));
    assert_eq!(up().unwrap().len(), 3);
    assert_eq!(up().unwrap().len(), 0);
    assert_eq!(check(), Ok(()));
    let verified = on(address, Access::Write, async |db| verify::verify(db, Series::Book).await).unwrap();
    assert!(verified.rows.len() > 15 && verified.rows.iter().all(|(_, rows)| *rows == 0));
    change("UPDATE migrations SET sha256 = 'other' WHERE number = 1");
    assert!(matches!(check(), Err(StoreError::Edited { number: 1, .. })));
    change("DELETE FROM migrations; INSERT INTO migrations VALUES ('book', 99, 'future', 'x', 0)");
    assert_eq!(check(), Err(StoreError::Newer { found: 99, known: 3 }));
}

fn every_row_that_was_kept_brings_the_same_trader_back(place: &Place) {
    place.make();
    let played = played();
    let mut journal = open(&place.address);
    let mut traders = played.traders.iter().step_by(1 + played.traders.len() / 40).peekable();
    let mut compared = 0;
    for (nth, (envelope, effects)) in played.steps.iter().enumerate() {
        journal.append(envelope, effects).unwrap();
        let Some((_, trader)) = traders.next_if(|(after, _)| *after == nth + 1) else { continue };
        journal.flush(LONG).unwrap();
        let restored = read(&place.address);
        assert_eq!((restored.last_seq, restored.last_now), (envelope.seq, envelope.now));
        let back = Trader::restore(restored.rows.clone(), Protections::ALL);
        assert!(trader.would_decide_as(&back), "at {}", envelope.now);
        // A book that was read and opened again goes on as if nothing had happened.
        journal.close(LONG).unwrap();
        journal = open(&place.address);
        compared += 1;
    }
    assert!(compared >= 10, "{compared}");
    journal.close(LONG).unwrap();
    let restored = read(&place.address);
    let (_, last) = played.traders.last().unwrap();
    assert!(last.would_decide_as(&Trader::restore(restored.rows.clone(), Protections::ALL)));
    // Every token that was ever bought has its account, most of them empty: a second buy locks no rent again.
    let open = last.view().positions;
    for ((wallet, mint), tokens) in &restored.holdings {
        let held = open.iter().find(|held| (held.wallet, held.mint) == (*wallet, *mint));
        assert_eq!(held.map_or(TokenAmount(0), |held| held.tokens), *tokens);
    }
    let bought = played.steps.iter().flat_map(|(_, made)| &made.facts).filter_map(|fact| match fact {
        Fact::Filled { mint, fill, .. } if fill.side == Side::Buy => Some(*mint),
        _ => None,
    });
    assert_eq!(restored.holdings.keys().map(|(_, mint)| *mint).collect::<BTreeSet<_>>(), bought.collect());
    assert!(restored.holdings.len() > open.len());
    assert_eq!(restored.unended.len() as u64, last.view().in_flight);
    let verified =
        on(&place.address, Access::Write, async |db| verify::verify(db, Series::Book).await).unwrap();
    let rows = |table: &str| verified.rows.iter().find(|(name, _)| *name == table).unwrap().1;
    let told = |is: fn(&Fact) -> bool| {
        played.steps.iter().flat_map(|(_, made)| &made.facts).filter(|f| is(f)).count()
    };
    assert_eq!(rows("fills"), told(|fact| matches!(fact, Fact::Filled { .. })));
    assert_eq!(rows("signals"), told(|fact| matches!(fact, Fact::EntrySignalled(_))));
    assert_eq!(rows("attempts"), told(|fact| matches!(fact, Fact::OrderOpened(_))));
    assert_eq!(rows("positions"), told(|fact| matches!(fact, Fact::PositionOpened { .. })));
    assert_eq!(rows("stop_moves"), told(|fact| matches!(fact, Fact::StopMoved { .. })));
    assert!(rows("ladder_legs") >= rows("positions") && rows("tokens") > 0 && rows("creators") > 0);
}

fn what_is_flushed_is_there_and_in_order(place: &Place) {
    place.make();
    let mut journal = open(&place.address);
    let watch = journal.watch();
    assert_eq!((watch.committed(), watch.waiting()), (Seq(0), 0));
    let (steps, mut flushed) = (&played().steps[..2_000.min(played().steps.len())], 0);
    for (nth, (envelope, effects)) in steps.iter().enumerate() {
        journal.append(envelope, effects).unwrap();
        if nth % 250 == 249 {
            journal.flush(LONG).unwrap();
            assert!(watch.committed() >= envelope.seq);
            let seq = on(&place.address, Access::Write, async |db| {
                db.row("SELECT last_seq FROM bot_state", &[]).await
            });
            assert_eq!(seq.unwrap().unwrap().int(0), i64::try_from(envelope.seq.0).ok());
            flushed += 1;
        }
    }
    assert!(flushed > 3);
    journal.close(LONG).unwrap();
}

#[test]
fn the_log_of_a_database_file_is_folded_behind_the_commits_and_grows_no_further() {
    let place = Place::sqlite("folded").unwrap();
    place.make();
    let mut journal = open(&place.address);
    let log = place.address.file().unwrap().with_extension("db-wal");
    let mut long = Vec::new();
    for seq in 1..=1_500 {
        let tick = Envelope { seq: Seq(seq), now: Timestamp(seq.cast_signed()), event: Event::Tick };
        journal.append(&tick, &Effects::default()).unwrap();
        journal.flush(LONG).unwrap();
        if seq == 200 || seq == 400 || seq == 1_500 {
            long.push(std::fs::metadata(&log).unwrap().len());
        }
    }
    assert!(long[0] < long[1], "not before it is long: {long:?}");
    assert!(long[2] * 10 < long[1] * 11, "and then again and again: {long:?}");
    journal.close(LONG).unwrap();
    assert!(!log.exists());
    assert_eq!(read(&place.address).last_seq, Seq(1_500));
}

fn the_database_refuses_a_second_buy_of_a_mint(place: &Place) {
    place.make();
    let mut journal = open(&place.address);
    let (at, order) = first_buy();
    for (envelope, effects) in &played().steps[..=at] {
        journal.append(envelope, effects).unwrap();
    }
    journal.flush(LONG).unwrap();
    let (mut envelope, mut effects) = (played().steps[at].0.clone(), copy(&played().steps[at].1));
    envelope.seq.0 += 1;
    let mut second = order;
    second.attempt.order.seq = envelope.seq;
    effects.facts = vec![Fact::OrderOpened(Box::new(second))];
    effects.kept.clear();
    journal.append(&envelope, &effects).unwrap();
    let stopped = journal.flush(LONG).unwrap_err();
    assert!(matches!(&stopped, NotDurable::Stopped(StoreError::Refused(_))), "{stopped}");
    assert!(
        stopped.to_string().contains("one_buy_of_a_mint") || stopped.to_string().contains("orders.mint"),
        "{stopped}"
    );
    envelope.seq.0 += 1;
    assert!(
        matches!(journal.append(&envelope, &effects), Err(NotDurable::Stopped(_))),
        "nothing comes after it"
    );
    assert_eq!(read(&place.address).last_seq, played().steps[at].0.seq, "and nothing of it is there");
}

fn an_attempt_has_one_fill(place: &Place) {
    place.make();
    let mut journal = open(&place.address);
    let at = first_fill();
    for (envelope, effects) in &played().steps[..=at] {
        journal.append(envelope, effects).unwrap();
    }
    let (mut envelope, mut effects) = (played().steps[at].0.clone(), copy(&played().steps[at].1));
    effects.facts.retain(|fact| matches!(fact, Fact::Filled { .. }));
    effects.kept.clear();
    envelope.seq.0 += 1;
    journal.append(&envelope, &effects).unwrap();
    journal.flush(LONG).unwrap();
    assert_eq!(read(&place.address).holdings.len(), 1, "the same fill, seen twice, is one fill");
    for fact in &mut effects.facts {
        if let Fact::Filled { fill, .. } = fact {
            fill.lamports += Lamports(1);
        }
    }
    envelope.seq.0 += 1;
    journal.append(&envelope, &effects).unwrap();
    let stopped = journal.flush(LONG).unwrap_err();
    assert!(
        matches!(&stopped, NotDurable::Stopped(StoreError::Contradiction { table: "fills", columns, .. }) if columns == "lamports"),
        "{stopped}"
    );
}

fn a_book_that_sold_more_than_it_bought_opens_and_holds_nothing_of_it(place: &Place) {
    place.make();
    let mut journal = open(&place.address);
    let sold = |fact: &Fact| matches!(fact, Fact::Filled { fill, .. } if fill.side == Side::Sell);
    let at = played().steps.iter().position(|(_, made)| made.facts.iter().any(sold)).unwrap();
    for (envelope, effects) in &played().steps[..at] {
        journal.append(envelope, effects).unwrap();
    }
    let (envelope, effects) = &played().steps[at];
    let (mut effects, mut of) = (copy(effects), None);
    for fact in &mut effects.facts {
        if let Fact::Filled { mint, fill, .. } = fact {
            fill.tokens.0 += 1 << 60;
            of = Some(*mint);
        }
    }
    journal.append(envelope, &effects).unwrap();
    journal.close(LONG).unwrap();
    let holdings = read(&place.address).holdings;
    let held = holdings.iter().find(|((_, mint), _)| Some(*mint) == of);
    assert_eq!(held.map(|(_, tokens)| *tokens), Some(TokenAmount::ZERO));
}

fn an_attempt_is_unwritten_until_its_bytes_are_there(place: &Place) {
    place.make();
    let mut journal = open(&place.address);
    let (at, order) = first_buy();
    let id = order.attempt;
    let signed = |(_, made): &(_, Effects)| {
        made.facts.iter().any(|fact| matches!(fact, Fact::AttemptJournaled { attempt, .. } if *attempt == id))
    };
    let signed_at = played().steps.iter().position(signed).unwrap();
    assert!(signed_at > at, "it is signed by a later event");
    let ids = [id];
    let still = || momentum_store::db::Desk::new().unwrap().wait(unwritten(&place.address, &ids));
    let mut then = |steps: &[(_, Effects)]| {
        for (envelope, effects) in steps {
            journal.append(envelope, effects).unwrap();
        }
        journal.flush(LONG).unwrap();
        still().unwrap()
    };
    let steps = &played().steps;
    assert_eq!(then(&steps[..at]), BTreeSet::from(ids), "nobody has heard of it");
    assert_eq!(then(&steps[at..signed_at]), BTreeSet::from(ids), "it is decided, and nothing more");
    assert_eq!(then(&steps[signed_at..=signed_at]), BTreeSet::new());
}

fn a_landing_that_vanished_has_no_end_and_may_land_as_another_fill(place: &Place) {
    place.make();
    let mut journal = open(&place.address);
    let at = first_fill();
    for (envelope, effects) in &played().steps[..=at] {
        journal.append(envelope, effects).unwrap();
    }
    journal.flush(LONG).unwrap();
    let before = read(&place.address);
    let [Landed { order, slot, fill, .. }] = &before.landed[..] else { panic!("{:?}", before.landed) };
    let (attempt, mint) = (order.attempt, order.mint);
    assert!(!before.unended.iter().any(|unended| unended.attempt == attempt));
    assert_eq!(slots(place, attempt)[2], i64::try_from(slot.0).ok());

    let mut envelope = played().steps[at].0.clone();
    let mut then = |facts: Vec<Fact>, kept: Vec<Row>| {
        envelope.seq.0 += 1;
        journal.append(&envelope, &Effects { facts, kept, ..Effects::default() }).unwrap();
        journal.flush(LONG).unwrap();
        let whole = on(&place.address, Access::Write, async |db| verify::verify(db, Series::Book).await);
        whole.unwrap();
        read(&place.address)
    };
    let vanished = Fact::Vanished { order: Box::new(order.clone()), slot: *slot, fill: *fill };
    let sent = Attempt { order: order.clone(), state: AttemptState::Sent, sent: Some(before.last_now) };
    let after = then(vec![vanished], vec![Row::Attempt(Box::new(sent)), Row::PositionOver(mint)]);
    assert!(
        after.landed.is_empty() && !after.holdings.contains_key(&(order.wallet, mint)),
        "no fill is left"
    );
    let unended = after.unended.iter().find(|unended| unended.attempt == attempt).unwrap();
    assert!(unended.raw.is_some(), "with its bytes");
    assert_eq!(slots(place, attempt)[2], None);
    assert!(!after.rows.iter().any(|row| matches!(row, Row::Position(of) if of.mint == mint)));

    let other = Fill { lamports: fill.lamports + Lamports(1), ..*fill };
    let landed = Fact::Filled { attempt, mint, slot: Slot(slot.0 + 3), fill: other, exit: None };
    let again = then(vec![landed], vec![Row::AttemptOver(attempt)]);
    assert_eq!((again.landed[0].fill, again.landed[0].slot), (other, Slot(slot.0 + 3)));
    assert_eq!(slots(place, attempt)[2], i64::try_from(slot.0 + 3).ok());
    assert!(!again.unended.iter().any(|unended| unended.attempt == attempt));
}

fn what_goes_to_the_cold_address_is_written_from_its_order_to_its_landing(place: &Place) {
    place.make();
    let mut journal = open(&place.address);
    let (wallet, to) = (Wallet(Pubkey([1; 32])), Wallet(Pubkey([7; 32])));
    let (mut engine, mut seq) = (Engine::default(), 0_u64);
    let mut live = |engine: &mut Engine, event: Event| {
        seq += 1;
        let envelope = Envelope { seq: Seq(seq), now: Timestamp(seq.cast_signed()), event };
        let mut effects = Effects::default();
        engine.on_event(&envelope, &mut effects);
        journal.append(&envelope, &effects).unwrap();
        journal.flush(LONG).unwrap();
        on(&place.address, Access::Write, async |db| verify::verify(db, Series::Book).await).unwrap();
        (effects.facts, read(&place.address))
    };
    let started = Started {
        run_id: "cold".to_owned(),
        mode: Mode::Live,
        config: Arc::default(),
        wallets: vec![(wallet, Lamports::sol(1))],
        warm_until: None,
    };
    live(&mut engine, Event::Run(RunEvent::Started(Box::new(started))));
    let (who, why) = (Held::thief_of(wallet), "test".to_owned());
    let [outage, withdraw] = [Command::Outage, Command::Withdraw { wallet, to }].map(|command| {
        let (who, why) = (who.clone(), why.clone());
        Event::Command(Box::new(Commanded { who, why, command }))
    });
    live(&mut engine, outage);
    let (facts, decided) = live(&mut engine, withdraw);
    let opened = facts.iter().find_map(|fact| match fact {
        Fact::OrderOpened(order) => Some((**order).clone()),
        _ => None,
    });
    let order = opened.unwrap();
    let (attempt, Swap::Withdraw { lamports, .. }) = (order.attempt, order.swap) else { panic!("{order:?}") };
    let bytes = |book: &Restored| {
        assert_eq!(book.unended.iter().map(|unended| unended.attempt).collect::<Vec<_>>(), [attempt]);
        book.unended[0].raw.clone()
    };
    assert_eq!(bytes(&decided), None, "it is decided, and nothing more");

    let told = |kind| Event::from(ExecutionEvent { attempt, kind });
    let (signature, raw) = (Signature([5; 64]), vec![1, 2, 3]);
    let prepared = ExecutionKind::Prepared { signature, last_valid_height: 9, raw: raw.clone() };
    assert_eq!(bytes(&live(&mut engine, told(prepared)).1), Some(raw));
    live(&mut engine, told(ExecutionKind::Sent { lane: "test".to_owned() }));
    let costs = NetworkCosts { base: Lamports(5_000), priority: Lamports(30_000), tip: Lamports(0) };
    let (_, after) = live(&mut engine, told(ExecutionKind::Withdrawn { slot: Slot(77), costs }));

    assert_eq!((after.unended.len(), after.landed.len(), after.holdings.len()), (0, 0, 0));
    assert!(engine.trader().would_decide_as(&Trader::restore(after.rows, Protections::ALL)));
    assert_eq!(slots(place, attempt)[2], Some(77));
    let rows = |table: &Table| on(&place.address, Access::Read, async |db| table.all(db, "", &[]).await);
    let (orders, fills) = (rows(&ORDERS).unwrap(), rows(&FILLS).unwrap());
    assert_eq!((orders.len(), fills.len()), (1, 1));
    assert_eq!((orders[0].text("reason"), orders[0].int("filled")), (Some("cold"), Some(1)));
    assert!(orders[0].int("closed_at").is_some());
    assert_eq!((fills[0].text("reason"), fills[0].int("tokens")), (Some("cold"), Some(0)));
    assert_eq!(fills[0].int("lamports"), i64::try_from(lamports.0).ok().map(|sent| -sent));
    assert_eq!(fills[0].int("cost_priority"), Some(30_000));
}

/// The simulation of the first buy that was filled.
fn simulation(outcome: Result<Simulated, String>) -> Simulation {
    let facts = &played().steps[first_fill()].1.facts;
    let filled = facts.iter().find_map(|fact| match fact {
        Fact::Filled { attempt, mint, .. } => Some((*attempt, *mint)),
        _ => None,
    });
    let (attempt, mint) = filled.unwrap();
    let expected = Trip { paid: Lamports(1_000), back: Lamports(970) };
    Simulation { attempt, mint, tokens: TokenAmount(5), expected, outcome }
}

/// What a book has of it that was simulated behind its first fill.
fn simulated(place: &Place, outcome: Result<Simulated, String>) -> Record {
    let mut journal = open(&place.address);
    let (simulation, at) = (simulation(outcome), first_fill());
    for (envelope, effects) in &played().steps[..=at] {
        journal.append(envelope, effects).unwrap();
    }
    let mut envelope = played().steps[at].0.clone();
    envelope.seq.0 += 1;
    let told = Effects { facts: vec![Fact::Simulated(simulation.clone())], ..Effects::default() };
    journal.append(&envelope, &told).unwrap();
    journal.close(LONG).unwrap();
    let story = on(&place.address, Access::Read, async |db| queries::timeline(db, simulation.mint).await);
    on(&place.address, Access::Write, async |db| verify::verify(db, Series::Book).await).unwrap();
    story.unwrap().into_iter().find(|moment| moment.what == "simulation").unwrap().row
}

fn a_buy_on_paper_has_what_the_chain_made_of_it_or_why_it_failed_there(place: &Place) {
    place.make();
    let row = simulated(place, Err("AccountNotFound\u{1b}[2J".to_owned()));
    assert!(row.text("why").unwrap().starts_with("AccountNotFound"));
    assert!(!row.text("why").unwrap().contains('\u{1b}'), "what a node says is not trusted");
    let figures = ["expected_paid", "expected_back", "slot", "paid", "back", "units", "difference"];
    assert_eq!(figures.map(|name| row.int(name)), [Some(1_000), Some(970), None, None, None, None, None]);
}

fn a_book_of_the_first_schema_takes_simulations_once_it_is_migrated(place: &Place) {
    let address = &place.address;
    place.make();
    let back = format!("DROP TABLE simulations; {WITHOUT_SLOTS}; DELETE FROM migrations WHERE number > 1");
    on(address, Access::Write, async |db| db.script(&back).await).unwrap();
    let check = || on(address, Access::Write, async |db| migrations::check(db, Series::Book).await);
    assert_eq!(check(), Err(StoreError::Behind { found: 1, known: 3 }));
    place.make();
    assert_eq!(check(), Ok(()));
    let trip = Trip { paid: Lamports(1_003), back: Lamports(969) };
    let row = simulated(place, Ok(Simulated { slot: Slot(7), trip, units: 180_000 }));
    let figures = ["slot", "paid", "back", "units", "difference"];
    assert_eq!(figures.map(|name| row.int(name)), [7, 1_003, 969, 180_000, -4].map(Some));
    assert_eq!(row.text("why"), None);
}

/// The same event as a stream without slots has it.
fn without_slot(envelope: &Envelope) -> Envelope {
    let mut envelope = envelope.clone();
    if let Event::Market(market) = &mut envelope.event {
        market.slot = None;
    } else if matches!(envelope.event, Event::Feed(_)) {
        envelope.event = Event::Tick;
    }
    envelope
}

fn attempts_of_the_second_schema_go_on_with_slots_once_their_book_is_migrated(place: &Place) {
    let address = &place.address;
    place.make();
    let ((at, order), filled_at) = (first_buy(), first_fill());
    let steps = &played().steps;
    let mut journal = open(address);
    for (envelope, effects) in &steps[..=at] {
        journal.append(&without_slot(envelope), effects).unwrap();
    }
    journal.close(LONG).unwrap();
    let before = read(address);
    assert_eq!(slots(place, order.attempt), [None; 3]);
    let back = format!("{WITHOUT_SLOTS}; DELETE FROM migrations WHERE number = 3");
    on(address, Access::Write, async |db| db.script(&back).await).unwrap();
    let check = || on(address, Access::Write, async |db| migrations::check(db, Series::Book).await);
    assert_eq!(check(), Err(StoreError::Behind { found: 2, known: 3 }));
    place.make();
    assert_eq!(read(address), before, "rows that were there have the sums that they had");

    let mut journal = open(address);
    for (envelope, effects) in &steps[at + 1..=filled_at] {
        journal.append(envelope, effects).unwrap();
    }
    journal.close(LONG).unwrap();
    on(address, Access::Write, async |db| verify::verify(db, Series::Book).await).unwrap();
    assert_eq!(slots(place, order.attempt)[0], None, "nobody knows it any more");
    let filled = steps[filled_at].1.facts.iter().find_map(|fact| match fact {
        Fact::Filled { attempt, slot, .. } => Some((*attempt, *slot)),
        _ => None,
    });
    let (attempt, slot) = filled.unwrap();
    assert_eq!(slots(place, attempt)[2], i64::try_from(slot.0).ok());
}

fn events_that_are_lived_again_write_nothing_twice(place: &Place) {
    place.make();
    let steps = &played().steps[..=first_fill() + 40];
    let mut journal = open(&place.address);
    for (envelope, effects) in steps {
        journal.append(envelope, effects).unwrap();
    }
    journal.close(LONG).unwrap();
    let before = read(&place.address);
    let mut journal = open(&place.address);
    for (envelope, effects) in steps {
        journal.append(envelope, effects).unwrap();
    }
    journal.close(LONG).unwrap();
    assert_eq!(read(&place.address), before);
}

fn a_second_writer_is_noticed(place: &Place) {
    place.make();
    let steps = &played().steps;
    let (mut one, mut other) = (open(&place.address), open(&place.address));
    one.append(&steps[0].0, &steps[0].1).unwrap();
    one.flush(LONG).unwrap();
    other.append(&steps[0].0, &steps[0].1).unwrap();
    other.append(&steps[1].0, &steps[1].1).unwrap();
    let stopped = other.flush(LONG).unwrap_err();
    assert!(matches!(stopped, NotDurable::Stopped(StoreError::NotAlone { .. })), "{stopped}");
    assert!(read(&place.address).rows.iter().any(|row| matches!(row, Row::Account { .. })));
}

/// A trade that comes when an evaluation is due, and crosses a tier, evaluates its token before and after it.
fn a_token_that_is_signalled_twice_in_one_event_has_two_signals_each_with_its_own_evaluation(place: &Place) {
    place.make();
    let mut journal = open(&place.address);
    let steps = &played().steps;
    let signalled =
        |(_, made): &(_, Effects)| made.facts.iter().any(|f| matches!(f, Fact::EntrySignalled(_)));
    let nth = steps.iter().position(signalled).unwrap();
    for (envelope, effects) in &steps[..nth] {
        journal.append(envelope, effects).unwrap();
    }
    let (envelope, effects) = &steps[nth];
    let mut twice = copy(effects);
    let first = twice.facts.iter().find_map(|fact| match fact {
        Fact::EntrySignalled(signal) => Some(signal.clone()),
        _ => None,
    });
    let mut second = first.clone().unwrap();
    second.score.0 -= 1;
    let of_it = |fact: &Fact| matches!(fact, Fact::Scored(scored) if scored.mint == second.mint);
    let Some(Fact::Scored(scored)) = twice.facts.iter().find(|fact| of_it(fact)).cloned() else {
        panic!("a signal without an evaluation")
    };
    let mut rescored = Analysis::clone(&scored);
    rescored.score.total = second.score;
    twice.facts.push(Fact::Scored(Arc::new(rescored)));
    twice.facts.push(Fact::EntrySignalled(second.clone()));
    journal.append(envelope, &twice).unwrap();
    journal.close(LONG).unwrap();

    let rows = on(&place.address, Access::Write, async |db| queries::signals(db, 2).await).unwrap();
    let scores: Vec<_> = rows.iter().map(|row| row.int("score")).collect();
    let before = i64::from(second.score.0);
    assert_eq!(scores, [Some(before), Some(before + 1)]);
    for row in &rows {
        let made_of: Value = serde_json::from_str(row.text("breakdown").unwrap()).unwrap();
        assert_eq!(made_of["score"]["total"].as_i64(), row.int("score"));
    }
}
