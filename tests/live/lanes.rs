//! The block engine's lane: who is given an order's bytes, when, and where its tip goes.

use momentum_localnet::block_engine::Conduct;
use momentum_store::book::Network;

use super::checker::Checker;
use super::trading::Stage;
use crate::running::Place;

/// One coin is bought once.
const SETS: [&str; 4] = [
    "endpoints.block_engine=\"engine.url\"",
    "signals.cool_down=30min",
    "execution.buy_pause=1s",
    "execution.tip_floor=10000lamports",
];

fn stage(test: &str) -> (Stage, Place) {
    let (stage, place) = (Stage::new(), Place::live(test, Network::Localnet));
    place.secret("engine.url", &stage.surfaces.engine.url(), 0o600);
    stage.equip(&place, &SETS);
    (stage, place)
}

#[test]
fn a_buy_is_seen_by_the_block_engine_alone_an_urgent_exit_goes_all_ways_and_tips_are_in_the_books() {
    let (stage, place) = stage("lanes");
    let funds = stage.chain.balance(&stage.wallet());
    let bot = stage.start(&place, &SETS);
    let mint = stage.launch();
    let engine = &stage.surfaces.engine;
    stage.until(&bot, "it buys", |state| state.open_positions > 0);
    let given = engine.given();
    assert!(!given.is_empty() && given.iter().all(|one| one.alone && one.tip == 10_000), "{given:?}");
    assert_eq!(stage.sends(), 0, "no node was given a buy");

    engine.behaves(Conduct::Refuses);
    for agent in &stage.agents[1..] {
        agent.sell(&mint, agent.tokens(&mint) / 2, agent.way(&mint));
    }
    stage.until(&bot, "it is stopped out", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(stage.ours.tokens(&mint), 0);
    assert!(stage.sends() > 0, "a node was given the sale");
    let sale = *engine.given().last().unwrap();
    assert_eq!((sale.alone, sale.tip), (false, 30_000));

    let summary = bot.stop();
    stage.result_is_the_wallets(&summary, funds, &[mint]);
    let mut checker = Checker::new(&stage, &place, 3);
    checker.look_settled("at the end");
}

#[test]
fn what_a_block_engine_does_not_land_goes_to_the_nodes_at_half_its_life_and_lands_once() {
    let (stage, place) = stage("lanes-late");
    stage.surfaces.engine.behaves(Conduct::Swallows);
    let bot = stage.start(&place, &SETS);
    stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions > 0);
    let history = stage.chain.history(0);
    let landed = history.iter().find(|landed| landed.keys().first() == Some(&stage.wallet())).unwrap();
    let given = stage.surfaces.engine.given();
    let mine: Vec<_> = given.iter().filter(|one| one.signature == landed.signature).collect();
    assert!(mine[0].alone, "{mine:?}");
    // Its blockhash was a few slots old when it was signed.
    let waited = landed.slot - mine[0].slot;
    assert!(waited >= 50, "given to the engine in {}, landed by a node in {}", mine[0].slot, landed.slot);
    bot.stop();
    let mut checker = Checker::new(&stage, &place, 3);
    checker.look_settled("at the end");
}
