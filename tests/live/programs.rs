//! Programs and fees that change under the bot: nothing is bought until buying and selling back works again.

use momentum_control::state::{BotState, Health, Service};
use momentum_core::trader::state::TradingState;
use momentum_localnet::rpc::Fault;
use momentum_pump::programs::Program;
use momentum_store::book::Network;

use super::trading::Stage;
use crate::running::Place;

/// Looked at often; what was bought is sold when it is said, and what a restart missed is read at once.
const SETS: [&str; 6] = [
    "live.programs_every=300ms",
    "signals.cool_down=0s",
    "enrich.check_above=0",
    "enrich.check_every=1s",
    "enrich.check_close_every=1s",
    "enrich.retry=1s",
];

fn curves(state: &BotState) -> Service {
    state.services.iter().find(|service| service.name == "curves").unwrap().clone()
}

/// Entries are held back under the curves' own name.
fn held(state: &BotState) -> bool {
    state.trading.state == TradingState::ExitsOnly
        && state.trading.holds.iter().any(|held| held.who == "curves")
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
    let protocol = || {
        let words =
            ["trade", "quote", "buy", "1SOL", &mint.to_string(), "--network", "localnet", "--mode", "live"];
        place.run(&[&words[..], &["--json"]].concat()).json()["rates_bps"]["protocol"].clone()
    };
    assert_ne!(protocol(), 400);
    let nodes = [&stage.surfaces.rpc, &stage.surfaces.backup];
    nodes.iter().for_each(|node| node.faults().always_of("simulateTransaction", Fault::Status(503)));
    stage.chain.set_curve_fees(400, 100);
    stage.until(&bot, "it holds entries back", held);
    nodes.iter().for_each(|node| node.faults().clear());
    stage.until(&bot, "it trades again", |state| {
        curves(state).health == Health::Ok && state.trading.state == TradingState::Open
    });
    assert_eq!(protocol(), 400);
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
