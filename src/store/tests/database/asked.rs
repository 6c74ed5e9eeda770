//! What commands ask of a book: positions with their stories, signals, trades, the audit, the blacklist, scores.

use std::collections::BTreeMap;
use std::time::Duration;

use momentum_core::event::{Command, Commanded, Envelope, Event, ExecutionKind, FeedEvent};
use momentum_core::fact::Fact;
use momentum_core::ids::{AttemptId, Seq, Slot};
use momentum_core::time::Timestamp;
use momentum_store::address::Address;
use momentum_store::backup::{Held, backup, put_back};
use momentum_store::db::{Access, Db, Desk, Durability};
use momentum_store::error::StoreError;
use momentum_store::journal::{Clock, Journal, Options};
use momentum_store::metrics::{KEPT, Metrics};
use momentum_store::migrations::{self, Series};
use momentum_store::queries;
use momentum_store::table::Record;
use momentum_store::tables::{ATTEMPTS, BOOK, SCORES};
use momentum_store::verify::verify;

use crate::book::read;
use crate::place::{Folder, Place, on, on_both};
use crate::played::played;

const LONG: Duration = Duration::from_secs(60);
const ALWAYS: (Timestamp, Timestamp) = (Timestamp(0), Timestamp(i64::MAX));

on_both!(
    a_position_has_its_whole_story,
    signals_say_what_became_of_them,
    commands_are_audited_and_the_blacklist_comes_back,
    the_five_times_of_an_order_are_in_order,
    an_attempt_has_the_slots_that_were_seen_when_it_was_triggered_and_let_go_and_the_one_it_landed_in,
    scores_are_kept_for_a_week,
    a_backup_is_the_book_again,
);

/// A book with everything that was played.
fn written(place: &Place) {
    place.make();
    let mut journal = Journal::open(Options::new(place.address.clone(), Clock::Market)).unwrap();
    for (envelope, effects) in &played().steps {
        journal.append(envelope, effects).unwrap();
    }
    journal.close(LONG).unwrap();
}

fn ask<T>(address: &Address, work: impl AsyncFnOnce(&mut Db) -> Result<T, StoreError>) -> T {
    on(address, Access::Read, work).unwrap()
}

fn closed() -> impl Iterator<Item = &'static momentum_core::fact::PositionClosed> {
    played().steps.iter().flat_map(|(_, made)| &made.facts).filter_map(|fact| match fact {
        Fact::PositionClosed(closed) => Some(closed),
        _ => None,
    })
}

fn a_position_has_its_whole_story(place: &Place) {
    written(place);
    let rows = ask(&place.address, async |db| queries::closed_positions(db, ALWAYS.0, ALWAYS.1).await);
    assert_eq!(rows.len(), closed().count());
    for (row, told) in rows.iter().zip(closed()) {
        assert_eq!(row.text("mint"), Some(told.mint.to_string().as_str()));
        assert_eq!(row.int("pnl"), Some(told.pnl.0));
        assert_eq!(row.text("reason"), Some(told.reason.name()));
        assert_eq!(
            (row.int("bought"), row.int("sold")),
            (row.int("sold"), i64::try_from(told.tokens.0).ok())
        );
        let story = ask(&place.address, async |db| queries::timeline(db, told.mint).await);
        let place_of = |what: &str| story.iter().position(|moment| moment.what == what);
        let order = ["signal", "order", "attempt", "fill", "closed"].map(|what| place_of(what).unwrap());
        assert!(order.is_sorted(), "{:?}", story.iter().map(|moment| moment.what).collect::<Vec<_>>());
        assert!(story.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let shown = row.shown();
        assert!(shown["closed_at"].as_str().unwrap().ends_with('Z') && shown["body"].is_object());
    }
    let open = ask(&place.address, async |db| queries::open_positions(db).await);
    let (_, trader) = played().traders.last().unwrap();
    assert_eq!(open.len(), trader.view().positions.len());
    for position in &open {
        assert!(!ask(&place.address, async |db| queries::ladder(db, position).await).is_empty());
    }
    let trades = ask(&place.address, async |db| queries::trades(db, 5).await);
    assert!(trades.len() == 5 && trades.is_sorted_by_key(|trade| std::cmp::Reverse(trade.int("filled_at"))));
    let creators = ask(&place.address, async |db| queries::creators(db).await);
    assert!(creators.iter().all(|(_, tokens)| !tokens.is_empty()) && !creators.is_empty());
    let (state, run) = ask(&place.address, async |db| queries::state(db).await);
    assert!(state.unwrap().int("commits").unwrap() > 0);
    assert_eq!(run.unwrap().text("run_id"), Some("played"));
}

fn signals_say_what_became_of_them(place: &Place) {
    written(place);
    let signals = ask(&place.address, async |db| queries::signals(db, 1_000_000).await);
    let executed = |signal: &&Record| signal.text("outcome") == Some("executed");
    let refused = |signal: &&Record| signal.text("figures").is_some();
    assert!(signals.iter().filter(executed).count() > 0, "some were bought");
    assert!(signals.iter().filter(refused).count() > 0, "some were refused");
    for signal in signals.iter().filter(executed) {
        assert!(signal.int("order_seq").is_some());
        let told = signal.shown();
        assert!(told["breakdown"]["score"]["total"].is_number(), "{told}");
    }
}

fn commands_are_audited_and_the_blacklist_comes_back(place: &Place) {
    place.make();
    let mut journal = Journal::open(Options::new(place.address.clone(), Clock::Market)).unwrap();
    let key = played().traders.last().unwrap().1.books().accounts().next().unwrap().0.0;
    let told = |seq, listed| {
        let command = Command::Blacklist { key, listed };
        let commanded = Commanded { who: "ann".to_owned(), why: "a rugger".to_owned(), command };
        Envelope { seq: Seq(seq), now: Timestamp(seq as i64), event: Event::Command(Box::new(commanded)) }
    };
    let nothing = momentum_core::action::Effects::default();
    journal.append(&told(1, true), &nothing).unwrap();
    journal.flush(LONG).unwrap();
    assert_eq!(read(&place.address).blacklist, [key]);
    let listed = ask(&place.address, async |db| queries::blacklist(db).await);
    assert_eq!((listed[0].text("who"), listed[0].text("why")), (Some("ann"), Some("a rugger")));
    journal.append(&told(2, false), &nothing).unwrap();
    journal.watch().status("shutting_down");
    journal.append(&told(3, false), &nothing).unwrap();
    journal.close(LONG).unwrap();
    assert!(read(&place.address).blacklist.is_empty());
    assert_eq!(read(&place.address).status.as_deref(), Some("shutting_down"));
    let audit = ask(&place.address, async |db| queries::audit(db, 10).await);
    assert_eq!(audit.iter().map(|row| row.int("seq")).collect::<Vec<_>>(), [Some(3), Some(2), Some(1)]);
    on(&place.address, Access::Write, async |db| queries::list(db, key, "bob", "again", Timestamp(9)).await)
        .unwrap();
    assert!(on(&place.address, Access::Write, async |db| queries::unlist(db, key).await).unwrap());
}

fn the_five_times_of_an_order_are_in_order(place: &Place) {
    written(place);
    let mut whole = 0;
    for told in closed() {
        for moment in ask(&place.address, async |db| queries::timeline(db, told.mint).await) {
            let row = &moment.row;
            if moment.what != "attempt" || row.text("outcome") != Some("landed") {
                continue;
            }
            let times = ["triggered_at", "decided_at", "committed_at", "sent_at", "landed_at"];
            let times: Vec<_> = times.iter().map(|name| row.int(name).unwrap()).collect();
            // On the market's clock a commit is as late as the newest event that is in it.
            assert!(times[0] <= times[1] && times[1] <= times[2] && times[3] < times[4], "{times:?}");
            assert_eq!(row.text("run_id"), Some("played"));
            assert!(row.bytes("raw").is_some_and(|raw| !raw.is_empty()) && row.text("signature").is_some());
            whole += 1;
        }
    }
    assert!(whole > 3);
}

fn an_attempt_has_the_slots_that_were_seen_when_it_was_triggered_and_let_go_and_the_one_it_landed_in(
    place: &Place,
) {
    written(place);
    let mut wanted: BTreeMap<AttemptId, [Option<Slot>; 3]> = BTreeMap::new();
    let mut newest: Option<Slot> = None;
    for (envelope, made) in &played().steps {
        match &envelope.event {
            Event::Market(market) => newest = newest.max(market.slot),
            Event::Feed(FeedEvent::Slot { slot, .. }) => newest = newest.max(Some(*slot)),
            Event::Execution(told) => {
                if let ExecutionKind::Landed { slot, .. } | ExecutionKind::Failed { slot, .. } = &told.kind {
                    wanted.entry(told.attempt).or_default()[2] = Some(*slot);
                }
            }
            _ => {}
        }
        for fact in &made.facts {
            match fact {
                Fact::OrderOpened(order) => wanted.entry(order.attempt).or_default()[0] = newest,
                Fact::AttemptJournaled { attempt, .. } => {
                    wanted.entry(*attempt).or_default()[1] = newest;
                }
                _ => {}
            }
        }
    }
    let rows =
        ask(&place.address, async |db| ATTEMPTS.all(db, "ORDER BY order_seq, order_nth, number", &[]).await);
    assert_eq!(rows.len(), wanted.len());
    for (row, (attempt, slots)) in rows.iter().zip(&wanted) {
        assert_eq!(row.key(), attempt.to_string());
        let slots = slots.map(|slot| slot.and_then(|slot| i64::try_from(slot.0).ok()));
        let found = ["triggered_slot", "sent_slot", "landed_slot"].map(|name| row.int(name));
        assert_eq!(found, slots, "{attempt}, {:?}", row.text("outcome"));
    }
    let whole: Vec<_> = wanted.values().filter(|slots| slots.iter().all(Option::is_some)).collect();
    assert!(whole.len() > 3 && whole.iter().all(|slots| slots.is_sorted()), "{whole:?}");
}

fn scores_are_kept_for_a_week(place: &Place) {
    let address = place.address.metrics();
    let made = Desk::new().unwrap().wait(async {
        let mut db = Db::open(&address, Durability::Process, Access::Create).await?;
        migrations::up(&mut db, Series::Metrics).await?;
        db.close().await
    });
    made.unwrap();
    let scored: Vec<_> = played()
        .steps
        .iter()
        .flat_map(|(_, made)| &made.facts)
        .filter(|fact| matches!(fact, Fact::Scored(_)))
        .take(400)
        .cloned()
        .collect();
    let metrics = Metrics::open(&place.address, Clock::Market).unwrap();
    metrics.append(&scored);
    metrics.close();
    let Some(Fact::Scored(last)) = scored.last() else { panic!("nothing was scored") };
    let newest = |mint| ask(&address, async |db| queries::newest_score(db, mint).await);
    let (score, measured) = newest(last.mint).unwrap();
    assert_eq!(score.int("total"), Some(last.score.total.0.into()));
    assert_eq!(score.int("scored_at"), Some(last.now.0));
    assert_eq!(measured.int("volume_5m"), i64::try_from(last.metrics.volume_5m.0).ok());
    // A week later all of that is gone, and what is new stays.
    let mut later = (**last).clone();
    later.now = later.now + KEPT + Duration::from_secs(1);
    let metrics = Metrics::open(&place.address, Clock::Wall).unwrap();
    metrics.append(&[Fact::Scored(later.clone().into())]);
    assert_eq!(metrics.dropped(), 0);
    metrics.close();
    let rows = ask(&address, async |db| SCORES.all(db, "", &[]).await);
    assert_eq!(rows.len(), 1);
    assert_eq!(newest(later.mint).unwrap().0.int("scored_at"), Some(later.now.0));
}

fn a_backup_is_the_book_again(place: &Place) {
    written(place);
    let before = read(&place.address);
    let folder = Folder::of(&format!("backup-{}", place.address.file().is_some()));
    let (file, desk) = (folder.0.join("book"), Desk::new().unwrap());
    let held = desk.wait(backup(&place.address, &file)).unwrap();
    match &held {
        Held::Rows(verified) => {
            assert!(verified.rows.iter().any(|(table, rows)| *table == "fills" && *rows > 0));
        }
        Held::Tables(tables) => assert_eq!(*tables, BOOK.len()),
    }
    assert!(desk.wait(backup(&place.address, &file)).is_err(), "nothing is written over");
    let key = before.holdings.keys().next().map_or_else(Default::default, |(wallet, _)| wallet.0);
    on(&place.address, Access::Write, async |db| queries::list(db, key, "ann", "later", Timestamp(1)).await)
        .unwrap();
    assert_ne!(read(&place.address), before);
    assert_eq!(desk.wait(put_back(&place.address, &file)).unwrap(), held);
    assert_eq!(read(&place.address), before);
    let verified = on(&place.address, Access::Write, async |db| verify(db, Series::Book).await).unwrap();
    assert!(verified.rows.iter().any(|(table, rows)| *table == "positions" && *rows > 0));
}
