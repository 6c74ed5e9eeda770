//! Every generation of the programs' instructions through the bot, for coins of both token programs: one coin is
//! taken up the ladder, both are stopped out, a buy and a sale fail on the way, and the result is the wallet's.

use std::collections::BTreeSet;

use momentum_localnet::chain::Fate;
use momentum_store::book::Network;

use super::trading::{Kind, SOL, Stage};
use crate::running::Place;

/// What is left is not bought again, and a try that failed is followed soon.
const PATIENT: [&str; 2] = ["signals.cool_down=30min", "execution.buy_pause=1s"];

/// Trades two coins by `route`, and compares the result with the wallet; what the programs were asked to do.
fn trades(name: &str, cashback: bool, route: &'static str) -> Vec<String> {
    let sets = [&PATIENT[..], &[route]].concat();
    let (stage, place) = (Stage::new(), Place::live(name, Network::Localnet));
    stage.equip(&place, &sets);
    let funds = stage.chain.balance(&stage.wallet());
    stage.chain.fates([Fate::Fails]);
    let bot = stage.start(&place, &sets);
    let mints = stage.launches([false, true].map(|spl| Kind { spl, cashback }));
    let held = |nth: usize| stage.ours.tokens(&mints[nth]);
    stage.until(&bot, "it holds both", |_| held(0) > 0 && held(1) > 0);

    let bought = held(0);
    stage.chain.fates([Fate::Fails]);
    stage.until(&bot, "a rung of the ladder is sold", |_| {
        let agent = &stage.agents[2];
        if stage.chain.curve(&mints[0]).is_some_and(|facts| facts.curve.real_token > 120_000_000_000_000) {
            agent.buy(&mints[0], SOL, agent.way(&mints[0]));
        }
        held(0) < bought
    });
    assert!(held(0) > 0, "a rung is not everything");

    for mint in &mints {
        for agent in &stage.agents[1..] {
            agent.sell(mint, agent.tokens(mint) / 2, agent.way(mint));
        }
    }
    stage.until(&bot, "both are stopped out", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!((held(0), held(1)), (0, 0));

    let summary = bot.stop();
    assert!(summary["exits"]["ladder"].as_u64().is_some() || summary["exits"]["stop"].as_u64() == Some(2));
    stage.result_is_the_wallets(&summary, funds, &mints);
    assert_eq!(stage.booked(&place), stage.chain.balance(&stage.wallet()), "{summary}");

    let history = stage.chain.history(0);
    let asked = |failed: bool| -> BTreeSet<String> {
        let ours = history.iter().filter(|landed| landed.keys().first() == Some(&stage.wallet()));
        let logs = ours.filter(|landed| landed.error.is_some() == failed).flat_map(|landed| &landed.logs);
        let names = logs.filter_map(|line| line.strip_prefix("Program log: Instruction: "));
        names.filter(|name| name.starts_with("Buy") || name.starts_with("Sell")).map(str::to_owned).collect()
    };
    assert_eq!(asked(true), asked(false), "of what it does, each failed at least once");
    asked(false).into_iter().collect()
}

#[test]
fn by_the_newest_instructions_both_kinds_of_coin_pay_what_the_summary_says() {
    assert_eq!(trades("v3", false, "live.route=auto"), ["BuyExactQuoteInV3", "SellV3"]);
}

#[test]
fn a_cashback_coin_pays_what_the_summary_says_by_the_second_instructions() {
    // What was asked for does not trade it: it goes by what does.
    assert_eq!(trades("v2", true, "live.route=v3"), ["BuyExactQuoteInV2", "SellV2"]);
}

#[test]
fn by_the_first_instructions_both_kinds_of_coin_pay_what_the_summary_says() {
    assert_eq!(trades("legacy", false, "live.route=legacy"), ["BuyExactSolIn", "Sell"]);
}
