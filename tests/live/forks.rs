//! Landings that were confirmed and told, and that a fork took back: what the chain has and what the store says are
//! the same at the end.

use std::sync::Arc;

use momentum_core::ids::Pubkey;
use momentum_localnet::chain::{Landed, Options, Way};
use momentum_store::book::Network;

use super::checker::Checker;
use super::trading::{SOL, Stage};
use crate::running::{Bot, Place};

/// Nothing is sold by itself, nothing is bought twice, and attempts are looked at often.
const STILL: [&str; 4] = [
    "signals.cool_down=1h",
    "execution.buy_attempts=1",
    "live.resend_every=500ms",
    "live.witness_every=200ms",
];

/// As one where what lands is final only much later.
fn stage() -> Stage {
    Stage::with(Options { finalized_after: 64, ..Options::default() })
}

/// The newest transaction of the bot.
fn newest(stage: &Stage) -> Arc<Landed> {
    let wallet = stage.wallet();
    let history = stage.chain.history(0);
    history.into_iter().rev().find(|landed| landed.keys().first() == Some(&wallet)).unwrap()
}

/// A fork takes it back with the block whose hash it names: it can land on no other one.
fn take_back_for_good(stage: &Stage, landed: &Landed) {
    stage.chain.take_back(stage.chain.named_by(&landed.signature).unwrap());
}

/// Says to the bot, or to the one that comes after it, what it may do.
fn halt(place: &Place, what: &str) {
    let done = place.run(&["killswitch", what, "--network", "localnet", "--mode", "live"]);
    assert_eq!(done.status, 0, "{done:?}");
}

/// A coin is launched and bought, slots after its past; it is told that the buy has landed.
fn bought(stage: &Stage, place: &Place, bot: &Bot) -> (Pubkey, Arc<Landed>) {
    halt(place, "pause");
    let mint = stage.launch();
    halt(place, "resume");
    stage.until(bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    (mint, newest(stage))
}

fn told_of(place: &Place) -> bool {
    place.log("errors").contains("a fork took this landing back")
}

#[test]
fn a_buy_that_a_fork_took_back_for_good_is_undone_and_told() {
    let (stage, place) = (stage(), Place::live("fork-undone", Network::Localnet));
    stage.equip(&place, &STILL);
    let bot = stage.start(&place, &STILL);
    let funds = stage.chain.balance(&stage.wallet());
    let (mint, landed) = bought(&stage, &place, &bot);
    assert!(stage.ours.tokens(&mint) > 0 && stage.chain.balance(&stage.wallet()) < funds);

    take_back_for_good(&stage, &landed);
    assert_eq!(stage.ours.tokens(&mint), 0);
    stage.until(&bot, "it knows", |state| {
        state.open_positions == 0 && state.in_flight == 1 && told_of(&place)
    });
    // Nothing else is bought meanwhile.
    halt(&place, "pause");
    stage.until(&bot, "it can never land", |state| state.in_flight == 0);
    bot.stop();
    assert_eq!(stage.chain.balance(&stage.wallet()), funds);
    let seen = Checker::new(&stage, &place, 1).look_settled("at the end");
    assert_eq!(seen.open, 0);
}

#[test]
fn a_buy_that_lands_again_on_another_fork_is_what_it_did_there() {
    let (stage, place) = (stage(), Place::live("fork-again", Network::Localnet));
    stage.equip(&place, &STILL);
    let bot = stage.start(&place, &STILL);
    let (mint, landed) = bought(&stage, &place, &bot);
    let before = stage.ours.tokens(&mint);

    stage.chain.take_back(landed.slot);
    // Somebody was faster there: the same money buys a little less.
    stage.agents[2].buy(&mint, SOL / 20, Way::V3);
    stage.until(&bot, "it holds what it bought there", |state| {
        state.open_positions == 1 && state.in_flight == 0 && stage.ours.tokens(&mint) > 0 && told_of(&place)
    });
    let after = stage.ours.tokens(&mint);
    assert!(after < before, "{after} of {before}");
    bot.stop();
    let seen = Checker::new(&stage, &place, 1).look_settled("at the end");
    assert_eq!(seen.open, 1);
}

#[test]
fn a_buy_that_a_fork_took_back_while_the_bot_was_dead_is_looked_at_again() {
    let (stage, place) = (stage(), Place::live("fork-dead", Network::Localnet));
    stage.equip(&place, &STILL);
    let bot = stage.start(&place, &STILL);
    let funds = stage.chain.balance(&stage.wallet());
    let (_, landed) = bought(&stage, &place, &bot);
    bot.kill();
    halt(&place, "pause");
    take_back_for_good(&stage, &landed);
    let bot = stage.start(&place, &STILL);
    stage.until(&bot, "it can never land", |state| {
        state.open_positions == 0 && state.in_flight == 0 && told_of(&place)
    });
    bot.stop();
    assert_eq!(stage.chain.balance(&stage.wallet()), funds);
    Checker::new(&stage, &place, 1).look_settled("at the end");
}

#[test]
fn a_sale_that_a_fork_took_back_is_made_again() {
    let (stage, place) = (stage(), Place::live("fork-sale", Network::Localnet));
    stage.equip(&place, &STILL);
    let bot = stage.start(&place, &STILL);
    let (mint, _) = bought(&stage, &place, &bot);
    let close =
        ["positions", "close", "--all", "--confirm", "close all", "--network", "localnet", "--mode", "live"];
    let closed = place.run(&close);
    assert_eq!(closed.status, 0, "{closed:?}");
    stage.until(&bot, "it sells", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(stage.ours.tokens(&mint), 0);

    stage.chain.take_back(newest(&stage).slot);
    assert!(stage.ours.tokens(&mint) > 0, "the buy is older");
    stage.until(&bot, "it is sold again", |state| {
        told_of(&place) && stage.ours.tokens(&mint) == 0 && state.open_positions == 0 && state.in_flight == 0
    });
    bot.stop();
    assert_eq!(stage.booked(&place), stage.chain.balance(&stage.wallet()));
}
