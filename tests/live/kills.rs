//! A bot with real orders that is killed again and again: what the chain did and what the store says are the same.
//!
//! The checker reads the chain's ledger and the store's tables, and nothing of the engine.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use momentum_core::ids::Pubkey;
use momentum_store::book::Network;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row};

use super::trading::Stage;
use crate::running::Place;

/// Kills where nothing says otherwise.
const KILLS: u64 = 12;

/// Settings under which a coin is bought and sold over and over.
const RESTLESS: [&str; 7] = [
    "exits.time_stop=1s",
    "signals.cool_down=0s",
    "exits.check_every=0.25s",
    "enrich.check_above=0",
    "enrich.check_every=1s",
    "enrich.check_close_every=1s",
    "enrich.retry=1s",
];

/// An attempt as the store has it.
struct Told {
    side: String,
    outcome: Option<String>,
}

async fn attempts(place: &Place) -> BTreeMap<String, Told> {
    let options = SqliteConnectOptions::new().filename(place.book().database()).read_only(true);
    let mut store: SqliteConnection = options.connect().await.unwrap();
    let rows = sqlx::query("SELECT signature, side, outcome FROM attempts WHERE signature IS NOT NULL");
    let rows = rows.fetch_all(&mut store).await.unwrap();
    store.close().await.unwrap();
    let told = |row: &sqlx::sqlite::SqliteRow| (row.get(0), Told { side: row.get(1), outcome: row.get(2) });
    rows.iter().map(told).collect()
}

/// Compares the ledger with the store; how many transactions of ours landed.
pub(super) fn check(stage: &Stage, place: &Place, mint: &Pubkey, funds: u64) -> usize {
    let told = stage.runtime.block_on(attempts(place));
    let wallet = stage.wallet();
    let history = stage.chain.history(0);
    let ours: Vec<_> = history.iter().filter(|landed| landed.keys().first() == Some(&wallet)).collect();
    let (mut held, mut change) = (false, 0_i64);
    for landed in &ours {
        let name = landed.signature.to_string();
        let known =
            told.get(&name).unwrap_or_else(|| panic!("{name} landed and the store never heard of it"));
        let what = if landed.error.is_none() { "landed" } else { "failed" };
        assert_eq!(known.outcome.as_deref(), Some(what), "{name}, a {}: {:?}", known.side, landed.error);
        change += landed.change(&wallet);
        if landed.error.is_none() {
            let buys = known.side == "buy";
            assert!(!(buys && held), "{name} bought a second time");
            held = buys || stage.left_after(landed, mint) > 0;
        }
    }
    for (name, told) in &told {
        let on_chain = ours.iter().any(|landed| landed.signature.to_string() == *name);
        let ended = matches!(told.outcome.as_deref(), Some("landed" | "failed"));
        assert_eq!(on_chain, ended, "{name} is {:?} to the store", told.outcome);
    }
    let balance = stage.chain.balance(&wallet);
    assert_eq!(i64::try_from(balance).unwrap() - i64::try_from(funds).unwrap(), change);
    assert_eq!(stage.booked(place), balance);
    ours.len()
}

#[test]
fn no_kill_doubles_or_loses_a_real_order() {
    let kills = std::env::var("LIVE_KILLS").map_or(KILLS, |said| said.parse().unwrap());
    let (stage, place) = (Stage::new(), Place::live("killed", Network::Localnet));
    stage.equip(&place, &RESTLESS);
    let funds = stage.chain.balance(&stage.wallet());
    let mut bot = stage.start(&place, &RESTLESS);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions > 0);
    // A draw that anybody can make again.
    let mut draw = 7_u64;
    let (mut holding, mut flying) = (0, 0);
    for _ in 0..kills {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let steps = (draw >> 33) % 80;
        for step in 0..=steps {
            if step % 4 == 0 {
                stage.churn(&mint, step);
            }
            stage.step();
            thread::sleep(Duration::from_millis(50));
        }
        let state = bot.state();
        holding += u64::from(state.open_positions > 0);
        flying += u64::from(state.in_flight > 0);
        bot.kill();
        bot = stage.start(&place, &RESTLESS);
    }
    let words = ["killswitch", "flatten", "--network", "localnet", "--mode", "live"];
    assert_eq!(place.run(&words).status, 0);
    stage.until(&bot, "it is flat", |state| state.open_positions == 0 && state.in_flight == 0);
    bot.stop();
    assert_eq!(stage.ours.tokens(&mint), 0);
    let landed = check(&stage, &place, &mint, funds);
    println!(
        "{kills} kills, {holding} with a position, {flying} with an attempt in flight; {landed} transactions landed"
    );
}
