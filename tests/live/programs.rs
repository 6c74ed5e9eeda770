//! Programs and fees that change under the bot: nothing is bought until buying and selling back works again.

use momentum_control::state::{BotState, Health, Service};
use momentum_core::ids::Pubkey;
use momentum_core::trader::state::TradingState;
use momentum_localnet::rpc::Fault;
use momentum_pump::programs::Program;
use momentum_store::book::Network;
use serde_json::Value;

use super::trading::Stage;
use crate::running::{Bot, Place};

/// Looked at often; what was bought is sold when it is said, and what a restart missed is read at once.
const SETS: [&str; 6] = [
    "live.programs_every=300ms",
    "signals.cool_down=0s",
    "enrich.check_above=0",
    "enrich.check_every=1s",
    "enrich.check_close_every=1s",
    "enrich.retry=1s",
];

/// What is bought goes with its coin to the pool, and is sold by hand alone.
const KEPT: [&str; 7] = [
    "exits.on_migration=hold",
    "exits.time_stop=24h",
    "exits.take_profit=[\"50\",\"60\",\"70\"]",
    "exits.ladder_cap=off",
    "exits.stop_young=90%",
    "exits.stop_max=90%",
    "exits.trailing_from=1000",
];

fn part(state: &BotState, name: &str) -> Service {
    state.services.iter().find(|service| service.name == name).unwrap().clone()
}

fn curves(state: &BotState) -> Service {
    part(state, "curves")
}

/// Entries are held back under the part's own name.
fn held_by(state: &BotState, name: &str) -> bool {
    state.trading.state == TradingState::ExitsOnly && state.trading.holds.iter().any(|held| held.who == name)
}

fn held(state: &BotState) -> bool {
    held_by(state, "curves")
}

/// What the bot says that a buy of this coin costs; null where it cannot say.
fn quoted(place: &Place, mint: &Pubkey) -> Value {
    let words =
        ["trade", "quote", "buy", "1SOL", &mint.to_string(), "--network", "localnet", "--mode", "live"];
    let done = place.run(&[&words[..], &["--json"]].concat());
    if done.status == 0 { done.json() } else { Value::Null }
}

/// Nothing can be simulated until `change` was noticed under the name of this part; then it is proven. A bot that
/// could simulate when it notices would be done before anybody looks.
fn proven_again(stage: &Stage, bot: &Bot, name: &str, change: impl FnOnce()) {
    let nodes = [&stage.surfaces.rpc, &stage.surfaces.backup];
    nodes.iter().for_each(|node| node.faults().always_of("simulateTransaction", Fault::Status(503)));
    change();
    stage.until(bot, "it holds entries back", |state| held_by(state, name));
    nodes.iter().for_each(|node| node.faults().clear());
    stage.until(bot, "it trades again", |state| {
        part(state, name).health == Health::Ok && state.trading.state == TradingState::Open
    });
}

#[test]
fn a_program_that_changes_is_bought_through_when_buying_and_selling_back_works_and_not_before() {
    let (stage, place) = (Stage::new(), Place::live("programs", Network::Localnet));
    stage.equip(&place, &SETS);
    let bot = stage.start(&place, &SETS);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    assert_eq!(curves(&bot.state()).health, Health::Ok);

    stage.chain.upgrade_wrongly(Program::Pump);
    stage.until(&bot, "it holds entries back", held);
    stage.until(&bot, "it says that no proof works", |state| {
        let why = curves(state).why;
        why.contains("the bonding curve program changed") && why.contains("Error")
    });
    assert_eq!(bot.state().open_positions, 1, "nothing is sold for it");

    stage.chain.upgrade(Program::Pump);
    stage.until(&bot, "it trades again", |state| {
        curves(state).health == Health::Ok && state.trading.state == TradingState::Open
    });
    let close = ["positions", "close", &mint.to_string(), "--network", "localnet", "--mode", "live", "-y"];
    assert_eq!(place.run(&close).status, 0);
    stage.until(&bot, "it is sold", |_| stage.ours.tokens(&mint) == 0);
    stage.until(&bot, "it buys through the new program", |_| {
        stage.churn(&mint, 0);
        stage.ours.tokens(&mint) > 0
    });
    bot.stop();

    let folder = place.book().recordings();
    let replay = place.run(&["backtest", "replay", "--json", folder.to_str().unwrap()]);
    assert_eq!(replay.status, 0, "{replay:?}");
    assert_eq!(replay.json()["same"], true, "{replay:?}");
}

#[test]
fn fees_that_change_are_known_before_anything_is_bought_again() {
    let (stage, place) = (Stage::new(), Place::live("fees", Network::Localnet));
    stage.equip(&place, &SETS);
    let bot = stage.start(&place, &SETS);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    let protocol = || quoted(&place, &mint)["rates_bps"]["protocol"].clone();
    assert_ne!(protocol(), 400);
    proven_again(&stage, &bot, "curves", || stage.chain.set_curve_fees(400, 100));
    assert_eq!(protocol(), 400);
    bot.stop();
}

#[test]
fn fees_of_pools_that_change_are_known_before_anything_is_bought_again_and_a_sale_pays_them() {
    let (stage, place) = (Stage::new(), Place::live("pool-fees", Network::Localnet));
    let sets = [&SETS[..], &KEPT].concat();
    stage.equip(&place, &sets);
    let funds = stage.chain.balance(&stage.wallet());
    let bot = stage.start(&place, &sets);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    let held = stage.ours.tokens(&mint);
    stage.complete(&mint);
    stage.migrate(&mint);
    stage.go_on("it knows the pool", || quoted(&place, &mint)["venue"] == "pool");
    let rates = || {
        let rates = quoted(&place, &mint)["rates_bps"].clone();
        (rates["lp"].clone(), rates["protocol"].clone())
    };
    assert_ne!(rates(), (30.into(), 400.into()));
    proven_again(&stage, &bot, "pools", || stage.chain.set_pool_fees(30, 400, 100));
    assert_eq!(rates(), (30.into(), 400.into()));
    let state = bot.state();
    assert_eq!((curves(&state).health, state.open_positions), (Health::Ok, 1), "{state:?}");
    assert_eq!(stage.ours.tokens(&mint), held, "nothing is sold for it");

    let close = ["positions", "close", &mint.to_string(), "--network", "localnet", "--mode", "live", "-y"];
    assert_eq!(place.run(&close).status, 0);
    stage.until(&bot, "it is sold", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(stage.ours.tokens(&mint), 0);
    let summary = bot.stop();
    stage.result_is_the_wallets(&summary, funds, &[mint]);
}

#[test]
fn a_program_that_changed_while_no_bot_ran_is_proven_before_anything_is_bought() {
    let (stage, place) = (Stage::new(), Place::live("programs-away", Network::Localnet));
    stage.equip(&place, &SETS);
    let bot = stage.start(&place, &SETS);
    stage.launch();
    stage.until(&bot, "it buys and keeps what the programs are", |state| {
        state.open_positions == 1 && state.in_flight == 0 && place.book().programs().exists()
    });
    bot.kill();

    stage.chain.upgrade_wrongly(Program::Pump);
    let bot = stage.start(&place, &SETS);
    stage.until(&bot, "it says what has changed, and that no proof works", |state| {
        let why = curves(state).why;
        held(state) && why.contains("the bonding curve program changed") && why.contains("Error")
    });
    stage.chain.upgrade(Program::Pump);
    stage.until(&bot, "it trades again", |state| {
        curves(state).health == Health::Ok && state.trading.state == TradingState::Open
    });
    bot.kill();

    // The right program, which nothing can prove for a while: an upgrade as they are.
    let nodes = [&stage.surfaces.rpc, &stage.surfaces.backup];
    nodes.iter().for_each(|node| node.faults().always_of("simulateTransaction", Fault::Status(503)));
    stage.chain.upgrade(Program::Pump);
    let bot = stage.start(&place, &SETS);
    stage.until(&bot, "it holds entries back", held);
    let missed = stage.launch();
    assert!(held(&bot.state()));
    assert_eq!(stage.ours.tokens(&missed), 0, "nothing is bought");
    nodes.iter().for_each(|node| node.faults().clear());
    stage.until(&bot, "it trades again", |state| {
        curves(state).health == Health::Ok && state.trading.state == TradingState::Open
    });
    bot.stop();
}

#[test]
fn a_bot_that_died_over_a_changed_program_waits_for_its_proof_still() {
    let (stage, place) = (Stage::new(), Place::live("programs-died", Network::Localnet));
    stage.equip(&place, &SETS);
    let bot = stage.start(&place, &SETS);
    stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    stage.chain.upgrade_wrongly(Program::Pump);
    stage.until(&bot, "it holds entries back", held);
    bot.kill();
    let bot = stage.start(&place, &SETS);
    stage.until(&bot, "it knows still", |state| held(state) && curves(state).health == Health::Down);
    stage.chain.upgrade(Program::Pump);
    stage.until(&bot, "it is proven", |state| {
        curves(state).health == Health::Ok && state.trading.state == TradingState::Open
    });
    bot.stop();
}
