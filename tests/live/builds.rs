//! Real orders on older builds of the programs: a bot of its own process finds a coin on the stream, buys it on its
//! curve, takes it up the ladder and sells it on its pool, and chain and books agree to the lamport.

use momentum_localnet::chain::Options;
use momentum_localnet::programs::Build;
use momentum_pump::address::canonical_pool;
use momentum_store::book::Network;

use super::checker::Checker;
use super::trading::{SOL, Stage};
use crate::running::Place;

/// What is sold is not bought again.
const ONCE: [&str; 1] = ["signals.cool_down=1h"];
/// Tokens that the curve has left when the price has risen enough for a rung.
const LIFTED: u64 = 120_000_000_000_000;

fn from_launch_to_pool(build: Build) {
    // What is not to be had is said there.
    if !Build::at_hand().any(|at_hand| at_hand == build) {
        return;
    }
    let stage = Stage::with(Options { build, ..Options::default() });
    let place = Place::live(&format!("build-{}", build.version()), Network::Localnet);
    stage.equip(&place, &ONCE);
    let mut checker = Checker::new(&stage, &place, 1);
    let funds = stage.chain.balance(&stage.wallet());
    let bot = stage.start(&place, &ONCE);
    let mint = stage.launch();
    let left = || stage.chain.curve(&mint).unwrap().curve.real_token;
    stage.until(&bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    let bought = stage.ours.tokens(&mint);
    checker.look("when it has bought");

    stage.until(&bot, "a rung of the ladder is sold", |_| {
        if left() > LIFTED {
            stage.lift(&mint, SOL);
        }
        stage.ours.tokens(&mint) < bought
    });
    assert!(stage.ours.tokens(&mint) > 0, "a rung is not everything");
    checker.look("when a rung is sold");

    // All that is left and no more, which no build refuses; what the bot sells meanwhile is left as well.
    stage.go_on("its curve is sold out", || {
        let complete = stage.chain.curve(&mint).unwrap().complete;
        if !complete {
            stage.agents[3].buy_tokens(&mint, left());
        }
        complete
    });
    stage.migrate(&mint);
    assert!(stage.chain.pool(&mint).is_some(), "it has its pool");
    stage.until(&bot, "it sells on the pool", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(stage.ours.tokens(&mint), 0);

    let summary = bot.stop();
    let seen = checker.look_settled("at the end");
    assert!(seen.open == 0 && seen.rungs_sold > 0, "{seen:?}");
    stage.result_is_the_wallets(&summary, funds, &[mint]);
    let (pool, wallet) = (canonical_pool(&mint), stage.wallet());
    let history = stage.chain.history(0);
    let ours = history.iter().filter(|landed| landed.keys().first() == Some(&wallet));
    let (on_pool, on_curve): (Vec<_>, Vec<_>) =
        ours.filter(|landed| landed.error.is_none()).partition(|landed| landed.keys().contains(&pool));
    assert!(!on_pool.is_empty(), "the last sale");
    assert!(on_curve.len() > 1, "a buy and a rung");
}

#[test]
fn on_build_0_2_0_a_coin_is_traded_from_its_launch_to_its_pool_to_the_lamport() {
    from_launch_to_pool(Build::V0_2_0);
}

#[test]
fn on_build_0_3_1_a_coin_is_traded_from_its_launch_to_its_pool_to_the_lamport() {
    from_launch_to_pool(Build::V0_3_1);
}

#[test]
fn on_build_0_4_1_a_coin_is_traded_from_its_launch_to_its_pool_to_the_lamport() {
    from_launch_to_pool(Build::V0_4_1);
}
