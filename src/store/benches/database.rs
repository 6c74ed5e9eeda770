//! What durability costs: an order's commit, on both databases, and how fast evaluations are written. It prints
//! figures and judges nothing.

#![allow(clippy::unwrap_used, reason = "a bench that cannot run says so by its panic")]

#[path = "../tests/database/place.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "the tests use all of it")]
mod place;
#[path = "../tests/database/played.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod played;
#[path = "../tests/database/postgres.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod postgres;

use std::time::{Duration, Instant};

use momentum_core::action::Effects;
use momentum_core::event::{Envelope, Event};
use momentum_core::fact::Fact;
use momentum_core::ids::{Mint, Pubkey, Seq, Signature};
use momentum_core::time::Timestamp;
use momentum_core::trader::ledger::Row;
use momentum_core::trader::orders::{Attempt, AttemptState};
use momentum_store::db::{Access, Db, Desk, Durability};
use momentum_store::journal::{Clock, Journal, Options};
use momentum_store::metrics::Metrics;
use momentum_store::migrations::{self, Series};

use place::Place;

const ORDERS: u64 = 1_000;
const EVALUATIONS: usize = 100_000;
const LONG: Duration = Duration::from_secs(60);

fn main() {
    let place = Place::sqlite("bench").unwrap();
    orders("SQLite", &place);
    evaluations("SQLite", &place);
    if let Some(place) = Place::postgres("bench") {
        orders("PostgreSQL", &place);
        evaluations("PostgreSQL", &place);
    }
}

/// An order as it comes: opened and kept, then its signed bytes; the time until both are durable.
fn orders(name: &str, place: &Place) {
    place::up(&place.address);
    let mut journal = Journal::open(Options::new(place.address.clone(), Clock::Wall)).unwrap();
    let (_, order) = played::first_buy();
    let mut took = Vec::new();
    for nth in 0..ORDERS {
        let mut order = order.clone();
        let mut mint = [7; 32];
        mint[..8].copy_from_slice(&nth.to_le_bytes());
        order.mint = Mint(Pubkey(mint));
        order.attempt.order.seq = Seq(2 * nth + 1);
        let attempt = |state| Row::Attempt(Box::new(Attempt { order: order.clone(), state, sent: None }));
        let opened = Effects {
            facts: vec![Fact::OrderOpened(Box::new(order.clone()))],
            kept: vec![attempt(AttemptState::Submitted)],
            ..Effects::default()
        };
        let signed = Effects {
            facts: vec![Fact::AttemptJournaled {
                attempt: order.attempt,
                signature: Signature([3; 64]),
                last_valid_height: 1,
                raw: vec![1; 700],
            }],
            kept: vec![attempt(AttemptState::Prepared)],
            ..Effects::default()
        };
        let at = |seq| Envelope { seq: Seq(seq), now: Timestamp(1_767_225_600_000_000), event: Event::Tick };
        let began = Instant::now();
        journal.append(&at(2 * nth + 1), &opened).unwrap();
        journal.append(&at(2 * nth + 2), &signed).unwrap();
        journal.flush(LONG).unwrap();
        took.push(began.elapsed());
    }
    journal.close(LONG).unwrap();
    took.sort();
    let at = |share: usize| took[(took.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!("{name}: an order is durable in {:.2} ms p50, {:.2} ms p99, {ORDERS} orders", at(50), at(99));
}

/// Evaluations through the queue into both tables.
fn evaluations(name: &str, place: &Place) {
    let address = place.address.metrics();
    let made = Desk::new().unwrap().wait(async {
        let mut db = Db::open(&address, Durability::Process, Access::Create).await?;
        migrations::up(&mut db, Series::Metrics).await?;
        db.close().await
    });
    made.unwrap();
    let facts: Vec<_> = played::played().steps.iter().flat_map(|(_, made)| &made.facts).collect();
    let scored: Vec<Fact> =
        facts.into_iter().filter(|fact| matches!(fact, Fact::Scored(_))).cloned().collect();
    let metrics = Metrics::open(&place.address, Clock::Market).unwrap();
    let began = Instant::now();
    let mut sent = 0;
    while sent < EVALUATIONS {
        metrics.append(&scored);
        sent += scored.len();
    }
    let dropped = metrics.dropped();
    metrics.close();
    let rate = 2.0 * sent as f64 / began.elapsed().as_secs_f64();
    println!("{name}: {sent} evaluations, {:.0} rows/s, {dropped} dropped", rate);
}
