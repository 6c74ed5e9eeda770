//! Money and tokens that come and go by another hand, through the bot, and where it brings what is left.

use std::cell::RefCell;

use momentum_control::state::BotState;
use momentum_core::ids::{Mint, Pubkey, Wallet};
use momentum_core::trader::books::Class;
use momentum_core::trader::state::{Hold, TradingState};
use momentum_core::units::{LamportsDelta, TokenAmount};
use momentum_localnet::chain::{Coin, Way};
use momentum_localnet::rpc::Account;
use momentum_pump::accounts::{TokenAccount, write_token_account};
use momentum_pump::address::associated_token;
use momentum_pump::programs::{TOKEN, TOKEN_2022, WRAPPED_SOL};
use momentum_store::book::Network;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions};
use sqlx::{ConnectOptions, Connection};

use super::checker::Checker;
use super::outside::{bought, by_hand};
use super::trading::{SOL, Stage};
use crate::running::Place;

/// Rent of a token account of the first program.
const TOKEN_ACCOUNT_RENT: u64 = 2_039_280;
/// Where the amount of a token account is in its data.
const AMOUNT: std::ops::Range<usize> = 64..72;
/// A cold address: no bot has its key.
const COLD: [&str; 1] = ["wallets.cold_address=7e5pxK83ceXb2iWXBizF1U8MdL7C5VcVBBXpDWaYo3x1"];

fn cold() -> Pubkey {
    COLD[0].split_once('=').unwrap().1.parse().unwrap()
}

/// What is at the cold address, and how many transactions have brought it there.
fn arrived(stage: &Stage) -> (i64, usize) {
    let history = stage.chain.history(0);
    let brings = history.iter().filter(|landed| landed.error.is_none() && landed.keys().contains(&cold()));
    (i64::try_from(stage.chain.balance(&cold())).unwrap(), brings.count())
}

fn foreign_in(stage: &Stage, place: &Place) -> LamportsDelta {
    stage.account(place).class(Class::ForeignIn)
}

/// Whether money that was taken holds trading back.
fn taken(state: &BotState, hold: Hold) -> bool {
    let by_wallet =
        state.trading.holds.iter().any(|held| held.hold == hold && held.who.starts_with("wallet "));
    state.trading.state == TradingState::ExitsOnly && by_wallet
}

#[test]
fn dust_and_spam_are_booked_as_foreign_and_nothing_else_happens() {
    let (stage, place) = (Stage::new(), Place::live("dust", Network::Localnet));
    stage.equip(&place, &[]);
    let bot = stage.start(&place, &[]);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1);
    let (spammer, wallet) = (&stage.agents[4], stage.wallet());
    let (spam, _) = spammer.launch(&Coin { name: "Visit spam.example".to_owned(), ..Coin::default() });
    stage.step();
    spammer.buy(&spam, SOL / 100, Way::V3);
    stage.step();
    spammer.give_tokens(&spam, &wallet, 5);
    spammer.give_tokens(&mint, &wallet, 5);
    spammer.give_lamports(&wallet, 12_345);
    let state = stage.until(&bot, "it is booked", |_| foreign_in(&stage, &place) == LamportsDelta(12_345));
    assert_eq!((state.trading.state, state.open_positions), (TradingState::Open, 1), "{state:?}");

    let close = ["positions", "close", &mint.to_string(), "--network", "localnet", "--mode", "live", "-y"];
    assert_eq!(place.run(&close).status, 0);
    let state = stage.until(&bot, "it is sold", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(state.trading.state, TradingState::Open, "{state:?}");
    assert_eq!((stage.ours.tokens(&spam), stage.ours.tokens(&mint)), (5, 5), "it is not sold");
    let summary = bot.stop();
    assert_eq!(stage.booked(&place), stage.chain.balance(&wallet), "{summary}");
}

#[test]
fn what_a_sale_unwraps_of_others_is_foreign_money() {
    let (stage, place) = (Stage::new(), Place::live("unwrapped", Network::Localnet));
    stage.equip(&place, &[]);
    let bot = stage.start(&place, &[]);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1);
    let wallet = stage.wallet();
    let account = TokenAccount {
        mint: Mint(WRAPPED_SOL),
        owner: Wallet(wallet),
        amount: TokenAmount(777),
        frozen: false,
        native_rent: Some(TOKEN_ACCOUNT_RENT),
    };
    let (lamports, data) = (TOKEN_ACCOUNT_RENT + 777, write_token_account(&account));
    let wrapped = associated_token(&wallet, &WRAPPED_SOL, &TOKEN);
    stage.chain.put(&wrapped, &Account { lamports, owner: TOKEN, data });
    stage.agents[3].buy(&mint, 90 * SOL, Way::V3);
    stage.step();
    stage.agents[4].migrate(&mint);
    stage.until(&bot, "it sells on the pool", |state| state.open_positions == 0);
    stage.until(&bot, "it is booked", |_| {
        foreign_in(&stage, &place) == LamportsDelta(i64::try_from(lamports).unwrap())
    });
    bot.stop();
    assert_eq!(stage.booked(&place), stage.chain.balance(&wallet));
}

#[test]
fn money_that_is_taken_with_our_key_is_critical_and_stays_so() {
    let (stage, place) = (Stage::new(), Place::live("taken", Network::Localnet));
    stage.equip(&place, &[]);
    let bot = stage.start(&place, &[]);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    stage.ours.give_lamports(&stage.agents[5].address(), SOL);
    stage.until(&bot, "everything is sold", |state| state.open_positions == 0 && state.in_flight == 0);
    let state = bot.state();
    assert!(taken(&state, Hold::Outage), "{state:?}");
    assert_eq!(stage.ours.tokens(&mint), 0);
    bot.kill();
    let bot = stage.start(&place, &[]);
    for _ in 0..20 {
        stage.churn(&mint, 0);
        stage.step();
    }
    assert!(taken(&bot.state(), Hold::Outage), "{:?}", bot.state());
    bot.stop();
    let out = stage.account(&place).class(Class::ForeignOut);
    // Who signed the transaction paid its fee as well.
    assert!(out.0 <= -1_000_005_000 && out.0 > -1_001_000_000, "{out:?}");
    assert_eq!(stage.booked(&place), stage.chain.balance(&stage.wallet()));
}

#[test]
fn tokens_of_a_position_that_leave_at_the_cost_of_another_are_critical() {
    let (stage, place) = (Stage::new(), Place::live("tokens-taken", Network::Localnet));
    stage.equip(&place, &[]);
    let bot = stage.start(&place, &[]);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    let key = associated_token(&stage.wallet(), &mint, &TOKEN_2022);
    let mut account = stage.chain.account(&key).unwrap();
    let held = stage.ours.tokens(&mint);
    account.data[AMOUNT].copy_from_slice(&(held / 3).to_le_bytes());
    stage.chain.put(&key, &account);
    stage.until(&bot, "the rest is sold", |state| state.open_positions == 0 && state.in_flight == 0);
    let state = bot.state();
    assert!(taken(&state, Hold::Outage), "{state:?}");
    let by_wallet = format!("wallet {}", stage.wallet());
    let why = &state.trading.holds.iter().find(|held| held.who == by_wallet).unwrap().why;
    let lost = format!("lost {} tokens of {mint}", TokenAmount(held - held / 3));
    assert!(why.contains(&lost), "{why}");
    assert_eq!(stage.ours.tokens(&mint), 0);
    bot.stop();
    assert_eq!(stage.booked(&place), stage.chain.balance(&stage.wallet()));
}

#[test]
fn where_positions_are_to_be_held_money_that_is_taken_ends_entries_alone() {
    let hold = ["run.critical_policy=hold", COLD[0]];
    let (stage, place) = (Stage::new(), Place::live("taken-hold", Network::Localnet));
    stage.equip(&place, &hold);
    let bot = stage.start(&place, &hold);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    stage.ours.give_lamports(&stage.agents[5].address(), SOL);
    let state = stage.until(&bot, "it is noticed", |state| taken(state, Hold::Pause));
    assert_eq!((state.open_positions, state.in_flight), (1, 0), "{state:?}");
    assert!(stage.ours.tokens(&mint) > 0);
    bot.stop();
    assert_eq!(arrived(&stage), (0, 0), "what is not sold out is not brought away");
}

#[test]
fn what_a_thief_leaves_is_at_the_cold_address_once_all_is_sold_and_is_sent_once() {
    let (stage, place) = (Stage::new(), Place::live("cold", Network::Localnet));
    stage.equip(&place, &COLD);
    let bot = stage.start(&place, &COLD);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions == 1 && state.in_flight == 0);
    assert_eq!(arrived(&stage), (0, 0));
    let theft = stage.ours.give_lamports(&stage.agents[5].address(), SOL);
    let state = stage.until(&bot, "what is left is brought away", |state| {
        stage.chain.balance(&stage.wallet()) == 0 && state.in_flight == 0
    });
    assert!(taken(&state, Hold::Outage), "{state:?}");
    assert_eq!((state.open_positions, stage.ours.tokens(&mint)), (0, 0));
    stage.go_on("it is told", || place.log("system").contains("is at the cold address"));
    bot.kill();
    let bot = stage.start(&place, &COLD);
    stage.until(&bot, "it has looked at its wallet", |state| state.balances_read.is_some());
    for turn in 0..20 {
        stage.churn(&mint, turn);
        stage.step();
    }
    assert!(taken(&bot.state(), Hold::Outage), "{:?}", bot.state());
    bot.stop();
    let (account, (lamports, times)) = (stage.account(&place), arrived(&stage));
    assert!(lamports > 0 && times == 1, "{lamports} in {times}");
    assert_eq!((account.class(Class::ColdOut).0, account.balance.0), (-lamports, 0));
    let out = account.class(Class::ForeignOut);
    assert!(out.0 <= -1_000_005_000 && out.0 > -1_001_000_000, "{out:?}");
    let mut checker = Checker::new(&stage, &place, 1);
    checker.by_hand(theft);
    checker.look_settled("at the end");
}

/// Why the newest order of a book was given, and when it was over.
fn newest(stage: &Stage, place: &Place) -> (Option<String>, Option<i64>) {
    stage.runtime.block_on(async {
        let file = SqliteConnectOptions::new().filename(place.book().database()).read_only(true);
        let mut store = file.connect().await.unwrap();
        let asked = "SELECT reason, closed_at FROM orders ORDER BY seq DESC, nth DESC LIMIT 1";
        let newest = sqlx::query_as::<Sqlite, _>(asked).fetch_one(&mut store).await.unwrap();
        store.close().await.unwrap();
        newest
    })
}

#[test]
fn a_bot_that_dies_while_it_brings_all_away_leaves_that_to_the_next_one_which_sends_nothing_twice() {
    // The third to be sent, behind a buy by hand and its sale, which is not signed anew however slow the chain is.
    let sets = [&by_hand()[..], &COLD, &["execution.supersede_after=10min"]].concat();
    for point in ["before broadcast:3", "before receipt:3"] {
        let (stage, mut place) = (Stage::new(), Place::live("cold-dies", Network::Localnet));
        stage.equip(&place, &sets);
        place.planted("MOMENTUM_FAIL_AT", point);
        let bot = RefCell::new(stage.start(&place, &sets));
        let mint = stage.launch();
        bought(&stage, &bot.borrow(), &mint);
        let theft = stage.ours.give_lamports(&stage.agents[5].address(), SOL);
        stage.go_on("it dies", || bot.borrow_mut().death().is_some());
        place.planted("MOMENTUM_FAIL_AT", "");
        assert_eq!(newest(&stage, &place), (Some("cold".to_owned()), None), "{point}: that was on its way");
        let bot = stage.start(&place, &sets);
        stage.until(&bot, "what is left is brought away", |state| {
            stage.chain.balance(&stage.wallet()) == 0 && state.in_flight == 0
        });
        bot.stop();
        let (account, (lamports, times)) = (stage.account(&place), arrived(&stage));
        assert!(lamports > 0 && times == 1, "{point}: {lamports} in {times}");
        assert_eq!((account.class(Class::ColdOut).0, account.balance.0), (-lamports, 0), "{point}");
        assert_eq!(stage.ours.tokens(&mint), 0, "{point}");
        let mut checker = Checker::new(&stage, &place, 1);
        checker.by_hand(theft);
        checker.look_settled(point);
    }
}
