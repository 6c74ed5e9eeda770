//! Recovery: money from the store alone, measurements from the newest snapshot and what can be played again.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use momentum_core::action::Effects;
use momentum_core::engine::{Engine, SignalSource};
use momentum_core::event::{Envelope, Event};
use momentum_core::ids::{Pubkey, Seq, Slot};
use momentum_core::protections::Protections;
use momentum_core::time::Timestamp;
use momentum_core::trader::ledger::Row;
use momentum_sim::driver::{Answers, Driver};
use momentum_sim::venue::{Estate, Inherited};
use momentum_store::address::Address;
use momentum_store::book::{Book, wall_clock};
use momentum_store::db::{Access, Db, Durability};
use momentum_store::error::StoreError;
use momentum_store::migrations::{self, Series};
use momentum_store::recording::Recording;
use momentum_store::restore::{self, Unended};
use tokio::runtime::Runtime;

use super::folding;
use super::{Open, Origin, Plan, StartError, Steps};
use crate::book;
use crate::embedded::Embedded;
use crate::live;
use crate::planted::{self, Point, When};
use crate::snapshot::Snapshot;
use crate::source::Choice;

/// Longest pause between two tries of a database that does not answer.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// What a run goes on from.
pub(super) struct Restored {
    pub(super) engine: Engine,
    pub(super) seq: Seq,
    /// None where it begins from nothing.
    pub(super) now: Option<Timestamp>,
    pub(super) embedded: Option<Box<Embedded>>,
    pub(super) estate: Estate,
    /// The same of real orders.
    pub(super) live: live::Estate,
    pub(super) blacklist: Vec<Pubkey>,
    /// The newest slot that was seen.
    pub(super) slot: Option<Slot>,
}

impl Restored {
    fn nothing() -> Self {
        Self {
            engine: Engine::default(),
            seq: Seq(0),
            now: None,
            embedded: None,
            estate: Estate::default(),
            live: live::Estate::default(),
            blacklist: Vec::new(),
            slot: None,
        }
    }
}

/// Steps 5 and 8: the schema, then everything that was.
pub(super) fn restore(
    plan: &Plan<'_>,
    open: Option<&Open>,
    runtime: &Runtime,
    steps: &mut Steps<'_>,
) -> Result<Restored, StartError> {
    let Some(open) = open else { return Ok(Restored::nothing()) };
    patiently(steps, || runtime.block_on(schema(&open.address)))?;
    steps.done("store and schema");
    same_market(plan, open)?;
    let read = |steps: &Steps<'_>| patiently(steps, || runtime.block_on(restore::restore(&open.address)));
    let Some(mut stored) = read(steps)? else { return Ok(Restored::nothing()) };
    if folding::fold(plan, open, runtime, &stored, steps)?
        && let Some(folded) = read(steps)?
    {
        stored = folded;
    }
    let found = Snapshot::newest(&open.book.snapshots());
    let snapshot = match found {
        Ok((snapshot, passed_over)) => {
            for error in passed_over {
                steps.say(&format!("a snapshot is passed over: {error}"));
            }
            snapshot
        }
        Err(error) => {
            steps.say(&format!("begins without what was measured: {error}"));
            None
        }
    };
    // A snapshot is written behind a commit; one that is ahead is of a store that was put back.
    let snapshot = snapshot.filter(|snapshot| snapshot.seq <= stored.last_seq);
    let (measured, embedded) = measured(plan, open, snapshot, (stored.last_seq, stored.last_now), steps);
    let engine = measured.with_books(planted::recovered(stored.rows.clone()), Protections::ALL);
    let slot = engine.market().feed().slot;
    let estate = estate(&engine, &stored.rows, &stored.unended, stored.holdings);
    steps.say(&format!(
        "goes on at {}: {} positions, {} attempts without an end",
        stored.last_now,
        engine.trader().view().positions.len(),
        stored.unended.len()
    ));
    steps.done("restore");
    Ok(Restored {
        engine,
        seq: stored.last_seq,
        now: Some(stored.last_now),
        embedded,
        estate,
        live: live::Estate::of(&stored.rows, &stored.unended, &stored.landed, wall_clock()),
        blacklist: stored.blacklist,
        slot,
    })
}

/// Opens both files (or schemas) and brings them up to date.
async fn schema(address: &Address) -> Result<(), StoreError> {
    for (address, series) in [(address.clone(), Series::Book), (address.metrics(), Series::Metrics)] {
        let mut db = Db::open(&address, Durability::Full, Access::Create).await?;
        let up = migrations::up(&mut db, series).await;
        db.close().await?;
        up?;
    }
    Ok(())
}

/// A database that does not answer is tried without end; anything else ends the start.
pub(super) fn patiently<T>(
    steps: &Steps<'_>,
    mut work: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut pause = Duration::from_millis(100);
    let mut told = false;
    loop {
        match work() {
            Err(error) if error.retryable() => {
                if !told {
                    steps.say(&format!("waits for the database: {error}"));
                    told = true;
                }
                thread::sleep(pause);
                pause = (pause * 2).min(PAUSE_MAX);
            }
            done => return done,
        }
    }
}

/// How the file that names the market of a book begins; the seed follows.
const MARKET: &str = "the embedded market, seed ";

fn market_file(book: &Book) -> PathBuf {
    book.folder().join("market")
}

/// The seed of the embedded market that a book goes on with; none where it has none yet.
#[must_use]
pub fn seed_of(book: &Book) -> Option<u64> {
    fs::read_to_string(market_file(book)).ok()?.strip_prefix(MARKET)?.parse().ok()
}

/// A book of the embedded market is one of its seed for ever.
fn same_market(plan: &Plan<'_>, open: &Open) -> Result<(), StartError> {
    if plan.origin != Origin::Made(Choice::Sim) {
        return Ok(());
    }
    let wanted = format!("{MARKET}{}", plan.settings.sim.seed);
    let path = market_file(&open.book);
    match fs::read_to_string(&path) {
        Ok(has) if has == wanted => Ok(()),
        Ok(has) => Err(StartError::OtherMarket { book: open.book.name().to_string(), has, wanted }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // Whole or not there: a death in between must not leave a book that is of no market.
            let new = path.with_extension("new");
            File::create(&new)
                .and_then(|mut file| file.write_all(wanted.as_bytes()).and_then(|()| file.sync_all()))
                .map_err(StartError::Threads)?;
            planted::dies(When::Before, Point::MarketNamed);
            fs::rename(&new, &path).map_err(StartError::Threads)?;
            planted::dies(When::After, Point::MarketNamed);
            Ok(())
        }
        Err(error) => Err(StartError::Threads(error)),
    }
}

/// What was measured up to the last commit, and the embedded market behind it.
fn measured(
    plan: &Plan<'_>,
    open: &Open,
    snapshot: Option<Snapshot>,
    (last_seq, last_now): (Seq, Timestamp),
    steps: &mut Steps<'_>,
) -> (Engine, Option<Box<Embedded>>) {
    // An errand reads where its coins trade, and must not wait for a day's recording.
    if plan.errand.is_some() && plan.origin == Origin::Live {
        return (Engine::default(), None);
    }
    let engine = snapshot.as_ref().and_then(|snapshot| {
        let read = Engine::from_snapshot(&snapshot.engine, SignalSource::Own, Protections::ALL);
        read.inspect_err(|error| steps.say(&format!("a snapshot is passed over: {error}"))).ok()
    });
    match plan.origin {
        Origin::Made(Choice::Sim) => {
            let whole = engine.zip(snapshot.and_then(|snapshot| snapshot.market.map(|m| (m, snapshot.now))));
            let (engine, mut market, now) = match whole {
                Some((engine, (market, now))) => (engine, market, now),
                None => {
                    steps.say("plays the embedded market again from its beginning: there is no snapshot");
                    let market = Embedded::new(plan.settings.sim.seed, &plan.settings.sim);
                    (Engine::default(), Box::new(market), momentum_sim::market::BEGINNING)
                }
            };
            (again(plan, engine, &mut market, now, last_now), Some(market))
        }
        Origin::Live | Origin::Made(_) => {
            let seq = snapshot.map_or(Seq(0), |snapshot| snapshot.seq);
            (recorded(plan, open, engine.unwrap_or_default(), seq, last_seq, steps), None)
        }
    }
}

/// Plays the embedded market up to the last commit: it is measured, whatever the engine would trade is not
/// heard, since its books are replaced.
fn again(plan: &Plan<'_>, engine: Engine, market: &mut Embedded, now: Timestamp, until: Timestamp) -> Engine {
    let unheard = &mut |_: &Envelope, _: &Effects| ();
    let mut driver = Driver::resume(engine, None, Answers::NotConfigured, Seq(0), now);
    let warm_until = Some(momentum_sim::market::BEGINNING + plan.settings.sim.warm_up);
    driver.feed(now, book::started(plan.settings, "again", plan.mode, warm_until), unheard);
    while let Some((now, event)) = market.next_if(|now| now <= until) {
        driver.feed(now, event, unheard);
    }
    driver.into_processor()
}

/// Feeds the recording's tail: what the market did between the snapshot and the crash.
fn recorded(
    plan: &Plan<'_>,
    open: &Open,
    mut engine: Engine,
    from: Seq,
    last: Seq,
    steps: &mut Steps<'_>,
) -> Engine {
    let recording = match Recording::open(&open.book.recordings()) {
        Ok(recording) => recording,
        Err(error) => {
            tracing::info!("no recording to measure again: {error}");
            return engine;
        }
    };
    let mut effects = Effects::default();
    let started = Envelope {
        seq: from,
        now: engine.market().now(),
        event: book::started(plan.settings, "again", plan.mode, None),
    };
    engine.on_event(&started, &mut effects);
    let mut fed = 0_u64;
    for session in recording.sessions() {
        let session = match session {
            Ok(session) => session,
            Err(damaged) => {
                steps.say(&format!("a recording is passed over: {damaged}"));
                continue;
            }
        };
        for envelope in session.envelopes_behind(from) {
            match envelope {
                Ok(envelope) if !matches!(envelope.event, Event::Run(_)) => {
                    effects.clear();
                    engine.on_event(&envelope, &mut effects);
                    fed += 1;
                }
                Ok(_) => {}
                Err(damaged) => {
                    steps.say(&format!("a recording is passed over from here: {damaged}"));
                    break;
                }
            }
        }
    }
    tracing::info!(fed, from = from.0, last = last.0, "measured again");
    engine
}

/// What the venue takes over. What is quoted is quoted on the state that is known now.
fn estate(
    engine: &Engine,
    rows: &[Row],
    unended: &[Unended],
    holdings: BTreeMap<
        (momentum_core::ids::Wallet, momentum_core::ids::Mint),
        momentum_core::units::TokenAmount,
    >,
) -> Estate {
    let told: BTreeMap<_, _> = unended.iter().map(|unended| (unended.attempt, unended)).collect();
    let slot = engine.market().feed().slot.unwrap_or_default();
    let mut estate = Estate { slot, accounts: holdings, ..Estate::default() };
    for row in rows {
        match row {
            Row::Attempt(attempt) => {
                let mut order = attempt.order.clone();
                let Some(unended) = told.get(&order.attempt) else { continue };
                // Without bytes it never left: it is no attempt of the venue.
                let Some(signed) = unended.prepared_at else { continue };
                let token = engine.market().token(order.mint, engine.config());
                if let Some(Ok(basis)) = token.map(|token| token.basis) {
                    order.basis = basis;
                }
                estate.attempts.push(Inherited { order, signed, left: unended.raw.is_some() });
            }
            Row::Past { mint, past } => {
                estate.impacts.insert(*mint, past.impacts);
            }
            _ => {}
        }
    }
    estate
}
