//! Our own transactions on the real programs, of every build that is to be had: every route, both token programs,
//! curve and pool, each receipt exact to the lamport; and what a build does not take is refused with its reason.

#![allow(clippy::unwrap_used, reason = "where a test unwraps, a panic is its finding")]

mod stage;

use momentum_chain::receipt::Receipt;
use momentum_chain::trade::{BuildError, Route, sell_back};
use momentum_core::action::Swap;
use momentum_core::event::Side;
use momentum_core::ids::{Mint, Wallet};
use momentum_core::units::{Lamports, TokenAmount};
use momentum_localnet::chain::{Coin, Landed, Way};
use momentum_localnet::rpc::Account;
use momentum_pump::accounts::{TokenAccount, write_token_account};
use momentum_pump::address::associated_token;
use momentum_pump::programs::{TOKEN, WRAPPED_SOL};
use serde_json::json;
use solana_sdk::signer::Signer;

use stage::{SOL, Stage, builds};

/// Rent of a wrapped-SOL account.
const WRAPPED_RENT: u64 = 2_039_280;
/// What each of the programs answers where its newest instructions are asked to trade a cashback coin.
const NO_CASHBACK: [u64; 2] = [6_094, 6_079];

/// The number of the error that a program refused a transaction with.
fn refusal(landed: &Landed) -> Option<u64> {
    json!(landed.error)["InstructionError"][1]["Custom"].as_u64()
}

#[test]
fn every_route_of_the_curve_buys_and_sells_to_the_lamport() {
    for stage in Stage::of_each_build("curve") {
        for spl in [false, true] {
            let mint = stage.launched(spl);
            for route in [Route::V3, Route::V2, Route::Legacy] {
                let held = stage.tokens(&mint);
                let (bought, _) = stage.trade(&mint, Side::Buy, SOL / 2 + 13, route);
                assert_eq!(stage.tokens(&mint) - held, bought.tokens.0, "{route:?}");
                stage.trade(&mint, Side::Sell, bought.tokens.0 / 3, route);
            }
            let (sold, _) = stage.trade(&mint, Side::Sell, stage.tokens(&mint), Route::Auto);
            assert_eq!(sold.rent_locked, Lamports::ZERO);
            assert_eq!(stage.tokens(&mint), 0);
        }
    }
}

#[test]
fn every_route_of_the_pool_buys_and_sells_to_the_lamport() {
    for stage in Stage::of_each_build("pool") {
        for spl in [false, true] {
            let mint = stage.launched(spl);
            stage.trade(&mint, Side::Buy, SOL, Route::Auto);
            stage.graduate(&mint);
            for route in [Route::V2, Route::Legacy] {
                let (bought, _) = stage.trade(&mint, Side::Buy, SOL + 17, route);
                stage.trade(&mint, Side::Sell, bought.tokens.0 / 2, route);
            }
            stage.trade(&mint, Side::Sell, stage.tokens(&mint), Route::Auto);
            assert_eq!(stage.tokens(&mint), 0);
        }
    }
}

#[test]
fn a_launch_that_asks_for_cashback_is_refused() {
    for stage in Stage::of_each_build("cashback-launch") {
        let (mint, launched) = stage.agent.launch(&Coin { cashback: true, ..Coin::default() });
        let refused = stage.agent.done(launched);
        // Before the launch stand what units it may use and what it pays for one.
        let told = json!({ "InstructionError": [2, { "Custom": 6082 }] });
        assert_eq!(json!(refused.error), told, "{:#?}", refused.logs);
        assert_eq!(stage.chain.account(&mint), None);
    }
}

#[test]
fn cashback_coins_trade_by_the_older_instructions_and_never_by_the_newest() {
    for stage in Stage::of_each_build("cashback") {
        let mint = stage.launched(false);
        stage.chain.make_cashback(&mint);
        for route in [Route::Auto, Route::V2, Route::Legacy] {
            let (bought, _) = stage.trade(&mint, Side::Buy, SOL, route);
            stage.trade(&mint, Side::Sell, bought.tokens.0 / 2, route);
        }
        assert_eq!(stage.not_built(&mint, Route::V3), BuildError::Route);
        let asked = stage.agent.done(stage.agent.buy(&mint, SOL, Way::V3));
        assert_eq!(refusal(&asked), Some(NO_CASHBACK[0]), "{:#?}", asked.logs);
    }
}

#[test]
fn cashback_coins_trade_on_their_pool_by_the_first_instructions_and_never_by_the_newest() {
    for stage in Stage::of_each_build("cashback-pool") {
        let mint = stage.launched(false);
        stage.graduate(&mint);
        stage.chain.make_cashback(&mint);
        for route in [Route::Auto, Route::Legacy] {
            let (bought, _) = stage.trade(&mint, Side::Buy, SOL, route);
            stage.trade(&mint, Side::Sell, bought.tokens.0, route);
        }
        assert_eq!(stage.not_built(&mint, Route::V2), BuildError::Route);
        let asked = stage.agent.done(stage.agent.buy_on_pool(&mint, SOL));
        assert_eq!(refusal(&asked), Some(NO_CASHBACK[1]), "{:#?}", asked.logs);
    }
}

#[test]
fn mayhem_coins_trade_with_the_recipients_of_their_own_class() {
    for stage in Stage::of_each_build("mayhem") {
        let mint = stage.launched(false);
        stage.chain.make_mayhem(&mint);
        for route in [Route::Auto, Route::V2, Route::Legacy] {
            let (bought, _) = stage.trade(&mint, Side::Buy, SOL, route);
            stage.trade(&mint, Side::Sell, bought.tokens.0 / 2, route);
        }
        let graduated = stage.launched(false);
        stage.graduate(&graduated);
        stage.chain.make_mayhem(&graduated);
        for route in [Route::Auto, Route::Legacy] {
            let (bought, _) = stage.trade(&graduated, Side::Buy, SOL, route);
            stage.trade(&graduated, Side::Sell, bought.tokens.0, route);
        }
    }
}

#[test]
fn a_buy_past_the_end_of_the_curve_is_one_fill_of_both_legs_or_refused_with_its_reason() {
    for stage in Stage::of_each_build("past-end") {
        let mint = stage.launched(false);
        let almost = stage.agent.done(stage.agent.buy(&mint, 84 * SOL, Way::V3));
        assert_eq!(almost.error, None);
        let coin = stage.coin(&mint);
        let spend = Lamports(10 * SOL);
        let order = stage.order(&coin, Swap::Buy { spend, min_tokens: TokenAmount(1_000_000) });
        let before = stage.chain.balance(&stage.wallet().0);
        match stage.run(&order, Route::Auto) {
            (Receipt::Landed { fill, .. }, _) if stage.goes_past_the_end() => {
                assert_eq!(fill.tokens.0, stage.tokens(&mint));
                assert!(fill.tokens.0 > coin.curve.real_token, "it bought more than the curve had");
                assert!(fill.lamports <= spend && fill.lamports.0 > 9 * SOL, "{fill:?}");
            }
            (Receipt::Failed { error, costs, .. }, landed) if !stage.goes_past_the_end() => {
                assert_eq!(error, "pump: 6021 NotEnoughTokensToBuy", "{:#?}", landed.logs);
                assert_eq!(before - stage.chain.balance(&stage.wallet().0), costs.total().0);
                assert_eq!(stage.tokens(&mint), 0);
            }
            (receipt, landed) => panic!("{receipt:?} {:#?}", landed.logs),
        }
    }
}

#[test]
fn a_bound_that_is_not_met_is_a_landed_failure_that_costs_its_fee_and_no_tip() {
    for stage in Stage::of_each_build("bound") {
        let mint = stage.launched(false);
        let coin = stage.coin(&mint);
        let swap = Swap::Buy { spend: Lamports(SOL), min_tokens: TokenAmount(u64::MAX / 2) };
        let before = stage.chain.balance(&stage.wallet().0);
        let (receipt, landed) = stage.run(&stage.order(&coin, swap), Route::Auto);
        let Receipt::Failed { error, costs, .. } = receipt else { panic!("{receipt:?}") };
        assert_eq!(error, "pump: 6042 BuySlippageBelowMinTokensOut", "{:#?}", landed.logs);
        assert_eq!(before - stage.chain.balance(&stage.wallet().0), costs.total().0);
        assert_eq!(costs.tip, Lamports::ZERO);
    }
}

#[test]
fn what_somebody_left_in_the_wrapped_account_comes_out_as_foreign_money() {
    for stage in Stage::of_each_build("foreign") {
        let mint = stage.launched(false);
        stage.graduate(&mint);
        let (bought, _) = stage.trade(&mint, Side::Buy, SOL, Route::Auto);
        let wrapped = associated_token(&stage.wallet().0, &WRAPPED_SOL, &TOKEN);
        let account = TokenAccount {
            mint: Mint(WRAPPED_SOL),
            owner: Wallet(stage.wallet().0),
            amount: TokenAmount(777),
            frozen: false,
            native_rent: Some(WRAPPED_RENT),
        };
        let data = write_token_account(&account);
        stage.chain.put(&wrapped, &Account { lamports: WRAPPED_RENT + 777, owner: TOKEN, data });
        let coin = stage.coin(&mint);
        let swap = Swap::Sell { tokens: bought.tokens, min_lamports: Lamports(SOL / 2) };
        let (receipt, landed) = stage.run(&stage.order(&coin, swap), Route::Auto);
        let Receipt::Landed { unwrapped, .. } = receipt else { panic!("{receipt:?} {:#?}", landed.logs) };
        assert_eq!(unwrapped, Lamports(WRAPPED_RENT + 777));
    }
}

#[test]
fn buying_and_selling_back_in_one_transaction_works_on_every_venue() {
    for build in builds() {
        for (graduated, cashback) in [(false, false), (false, true), (true, false), (true, true)] {
            // A wallet that never traded yet.
            let stage = Stage::of(&format!("back-{graduated}-{cashback}"), *build);
            let mint = stage.launched(false);
            if graduated {
                stage.graduate(&mint);
            }
            if cashback {
                stage.chain.make_cashback(&mint);
            }
            let terms = momentum_chain::trade::Terms { unit_limit: 500_000, ..stage.terms(Route::Auto) };
            let message = sell_back(stage.wallet(), &stage.coin(&mint), Lamports(SOL / 10), &terms).unwrap();
            let signature = stage.key.sign_message(message.as_bytes());
            let raw = [&[1], signature.as_ref(), message.as_bytes()].concat();
            let name = stage.chain.send(&raw);
            let name = name.unwrap_or_else(|why| panic!("{graduated} {cashback}: {why:?}"));
            stage.chain.step();
            assert_eq!(stage.chain.landed(&name).unwrap().error, None);
            assert_eq!(stage.tokens(&mint), 0);
        }
    }
}
