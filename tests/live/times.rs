//! How long an order takes inside the bot, by the times that its store keeps of every attempt.

use std::env;
use std::process::{self, Command};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::lives::{Lives, MOST, RESTLESS};

/// Orders where nothing says otherwise.
const ORDERS: usize = 8;

/// Of an attempt, in microseconds: what it was triggered by came, the engine had decided, it was signed, it was
/// durable, its bytes had been handed to the connections.
type Times = (i64, i64, i64, i64, i64);

/// Chain, agents and checker are other machines' work: where times are measured they take what the bot leaves. A low
/// priority alone would not do: whoever has a processor keeps it for his slice of some milliseconds, as the bot waits.
fn give_way() {
    let this = process::id().to_string();
    let chrt = Command::new("chrt").args(["--idle", "--all-tasks", "--pid", "0", &this]).status();
    assert!(chrt.expect("util-linux has it").success());
}

#[test]
fn every_order_is_decided_signed_made_durable_and_sent_in_this_order() {
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
    let times = lives.stage.runtime.block_on(async {
        let file = SqliteConnectOptions::new().filename(lives.place.book().database()).read_only(true);
        let mut store = file.connect().await.unwrap();
        let asked = "SELECT triggered_at, decided_at, prepared_at, committed_at, sent_at FROM attempts \
                     WHERE sent_at IS NOT NULL ORDER BY sent_at";
        let times: Vec<Times> = sqlx::query_as(asked).fetch_all(&mut store).await.unwrap();
        store.close().await.unwrap();
        times
    });
    assert!(times.len() >= orders, "{} of {orders} left", times.len());
    for (triggered, decided, signed, durable, sent) in &times {
        let in_order = triggered <= decided && decided <= signed && signed <= durable && durable <= sent;
        assert!(in_order, "{triggered} {decided} {signed} {durable} {sent}");
    }
    let spread = |what: &str, of: fn(&Times) -> i64| {
        let mut took: Vec<i64> = times.iter().map(of).collect();
        took.sort_unstable();
        let at = |percent: usize| took[(took.len() - 1) * percent / 100];
        format!("{what} p50 {} µs, p99 {} µs, at most {} µs", at(50), at(99), at(100))
    };
    println!(
        "{} attempts; {}; {}; {}; {}; {}",
        times.len(),
        spread("trigger to decision", |times| times.1 - times.0),
        spread("to signature", |times| times.2 - times.1),
        spread("to commit", |times| times.3 - times.2),
        spread("to bytes handed over", |times| times.4 - times.3),
        spread("trigger to bytes handed over", |times| times.4 - times.0),
    );
}
