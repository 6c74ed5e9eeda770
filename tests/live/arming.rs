//! An arming that ends while a bot is at work: from then on it buys nothing, and it still gets out of what it holds.

use std::thread;
use std::time::Duration;

use momentum_control::request::Wish;
use momentum_core::ids::{Mint, Pubkey};
use momentum_core::trader::state::{Hold, TradingState};
use momentum_core::units::Lamports;
use momentum_store::book::Network;

use super::checker::Checker;
use super::limits::{ONE, kept};
use super::trading::Stage;
use crate::running::{Bot, Place};

/// Only the operator buys; the bot itself sells.
const SETS: [&str; 8] = [
    "exits.time_stop=24h",
    "signals.buy_score=100",
    "signals.strong_buy_score=100",
    "execution.buy_pause=1s",
    "enrich.check_above=0",
    "enrich.check_every=1s",
    "enrich.check_close_every=1s",
    "enrich.retry=1s",
];

/// Wants a buy; the name of the gate that refuses it.
fn refusal(bot: &Bot, mint: &Pubkey) -> Option<String> {
    bot.refusal(&Wish::Buy { mint: Mint(*mint), lamports: Lamports(50_000_000) })
}

#[test]
fn behind_the_end_of_its_arming_a_bot_buys_nothing_and_sells_what_it_holds() {
    let (stage, place) = (Stage::new(), Place::live("arming-ends", Network::Localnet));
    stage.equip(&place, &SETS);
    let bot = stage.start(&place, &SETS);
    let coins = stage.launch_side_by_side(2);
    let (held, wanted) = (coins[0], coins[1]);
    stage.go_on("it takes a buy", || refusal(&bot, &held).is_none());
    stage.until(&bot, "it has bought", |state| state.open_positions == 1 && state.in_flight == 0);

    let arm = ["config", "arm", "--max-loss", "1000SOL", "--for", "2s", "--confirm", "localnet-live"];
    let book = ["--network", "localnet", "--mode", "live"];
    let armed = place.run(&[&arm[..], &book, &stage.sets(&SETS)[..]].concat());
    assert_eq!(armed.status, 0, "{armed:?}");
    // As long as it lasts, a later gate refuses what is no coin.
    let nowhere = Pubkey([9; 32]);
    stage.go_on("the arming ends", || refusal(&bot, &nowhere).as_deref() == Some("not_armed"));
    stage.until(&bot, "its state says so", |state| {
        let held = state.trading.held.as_ref();
        state.trading.state == TradingState::ExitsOnly && held.is_some_and(|held| held.hold == Hold::Arming)
    });
    let sent = stage.sends();
    for _ in 0..40 {
        assert_eq!(refusal(&bot, &wanted).as_deref(), Some("not_armed"));
        stage.step();
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!((stage.sends(), stage.ours.tokens(&wanted)), (sent, 0), "nothing left");
    assert!(stage.ours.tokens(&held) > 0);

    for agent in &stage.agents[1..] {
        agent.sell(&held, agent.tokens(&held) / 2, agent.way(&held));
    }
    stage.until(&bot, "it is stopped out", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(stage.ours.tokens(&held), 0);
    bot.stop();
    let mut checker = Checker::new(&stage, &place, ONE.positions);
    checker.look_settled("at the end");
    let done = kept(&stage, &place, &ONE);
    assert_eq!((done.buys, done.sales), (1, 1), "{done:?}");
    let again = place.run(&[&["run", "--json"], &stage.arguments(&SETS)[..]].concat());
    assert_eq!((again.status, again.error().as_str()), (77, "not_armed"), "{again:?}");
    assert!(again.stderr.contains("the arming has ended"), "{again:?}");
}
