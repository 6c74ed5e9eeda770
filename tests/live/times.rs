//! How long an order takes inside the bot, until its bytes are at a node, and how many slots until it is on the chain:
//! by the trace that the bot's store keeps of every attempt, and by when the nodes have read the bytes.

use std::env;
use std::process::{self, Command};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::lives::{Lives, MOST, RESTLESS};
use super::trading::Stage;

/// Orders where nothing says otherwise.
const ORDERS: usize = 8;

/// Of an attempt, in microseconds: what it was triggered by came, the engine had decided, it was signed, it was
/// durable, the engine heard that its bytes had been let go. They may be on their way before it hears that, or behind.
type Times = (i64, i64, i64, i64, i64);

/// Of an attempt that came onto the chain, in slots: the newest that the bot had seen when it was triggered, and when
/// the engine heard that its bytes had been let go; where it landed.
type Slots = (Option<i64>, Option<i64>, Option<i64>);

/// Chain, agents and checker are other machines' work: where times are measured they take what the bot leaves. A low
/// priority alone would not do: whoever has a processor keeps it for his slice of some milliseconds, as the bot waits.
fn give_way() {
    let this = process::id().to_string();
    let chrt = Command::new("chrt").args(["--idle", "--all-tasks", "--pid", "0", &this]).status();
    assert!(chrt.expect("util-linux has it").success());
}

/// How measures lie.
fn spread(what: &str, unit: &str, mut measures: Vec<i64>) -> String {
    measures.sort_unstable();
    let at = |percent: usize| measures[(measures.len() - 1) * percent / 100];
    format!("{what} p50 {} {unit}, p99 {} {unit}, at most {} {unit}", at(50), at(99), at(100))
}

/// When the first node read an attempt's bytes, by the clock that the bot read at its start and has counted on since.
fn arrived(stage: &Stage, signature: &str) -> Option<i64> {
    let (name, surfaces) = (signature.parse().unwrap(), stage.surfaces());
    [&surfaces.rpc, &surfaces.backup].into_iter().filter_map(|node| node.arrived(&name)).min()
}

#[test]
fn every_order_is_decided_signed_made_durable_sent_and_landed_in_this_order() {
    let orders = env::var("ORDERS").map_or(ORDERS, |orders| orders.parse().unwrap());
    let mut lives = Lives::new("times", &RESTLESS, MOST);
    let bot = lives.begin(3);
    if env::var_os("ORDERS").is_some() {
        give_way();
    }
    let began = lives.checker.seen().journaled;
    for more in 1..=orders {
        lives.until("an order", || lives.checker.seen().journaled >= began + more);
    }
    lives.finish(bot);
    let (times, slots, landed) = lives.stage.runtime.block_on(async {
        let file = SqliteConnectOptions::new().filename(lives.place.book().database()).read_only(true);
        let mut store = file.connect().await.unwrap();
        let asked = "SELECT triggered_at, decided_at, prepared_at, committed_at, sent_at FROM attempts \
                     WHERE sent_at IS NOT NULL ORDER BY sent_at";
        let times: Vec<Times> = sqlx::query_as(asked).fetch_all(&mut store).await.unwrap();
        let asked = "SELECT triggered_slot, sent_slot, landed_slot FROM attempts WHERE landed_at IS NOT NULL";
        let slots: Vec<Slots> = sqlx::query_as(asked).fetch_all(&mut store).await.unwrap();
        let asked = "SELECT signature, triggered_at FROM attempts WHERE landed_at IS NOT NULL";
        let landed: Vec<(String, i64)> = sqlx::query_as(asked).fetch_all(&mut store).await.unwrap();
        store.close().await.unwrap();
        (times, slots, landed)
    });
    assert!(times.len() >= orders, "{} of {orders} left", times.len());
    for (triggered, decided, signed, durable, sent) in &times {
        let in_order = triggered <= decided && decided <= signed && signed <= durable && durable <= sent;
        assert!(in_order, "{triggered} {decided} {signed} {durable} {sent}");
    }
    let on_chain = |&(triggered, sent, landed): &Slots| {
        let known = triggered.zip(sent).zip(landed);
        let ((triggered, sent), landed) = known.expect("every attempt on the chain has its three slots");
        assert!(triggered <= sent && sent <= landed, "{triggered} {sent} {landed}");
        landed - triggered
    };
    let slots: Vec<i64> = slots.iter().map(on_chain).collect();
    assert!(!slots.is_empty(), "nothing landed");
    let to_the_node = |(signature, triggered): &(String, i64)| {
        let arrived = arrived(&lives.stage, signature).expect("what landed came by a node");
        assert!(*triggered <= arrived, "{signature}: {triggered} {arrived}");
        arrived - triggered
    };
    let to_the_node = landed.iter().map(to_the_node).collect();
    let took = |what, of: fn(&Times) -> i64| spread(what, "µs", times.iter().map(of).collect());
    println!(
        "{} attempts; {}; {}; {}; {}; {}; {} on the chain; {}; {}",
        times.len(),
        took("trigger to decision", |times| times.1 - times.0),
        took("to signature", |times| times.2 - times.1),
        took("to commit", |times| times.3 - times.2),
        took("to word of bytes let go", |times| times.4 - times.3),
        took("trigger to word of bytes let go", |times| times.4 - times.0),
        slots.len(),
        spread("trigger to arrival at the node", "µs", to_the_node),
        spread("trigger to landing", "slots", slots),
    );
}
