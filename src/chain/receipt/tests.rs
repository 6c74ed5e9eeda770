//! Receipts of transactions as a node tells them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::action::{Order, Swap};
use momentum_core::event::{NetworkCosts, Side};
use momentum_core::ids::{Pubkey, Slot, Wallet};
use momentum_core::quotes::Fees;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::address::{associated_token, user_volume_accumulator};
use momentum_pump::events::{EVENT_TAG, TradeEvent};
use momentum_pump::message::read as read_message;
use momentum_pump::programs::{EVENT_AUTHORITY, PUMP, Program, TOKEN_2022};
use serde_json::{Value, json};

use super::{Receipt, ReceiptError, read};
use crate::trade::tests::{BUY, SELL, coin, order, terms};
use crate::trade::{Message, Route, build, close, withdraw};

const WALLET: Wallet = Wallet(Pubkey([1; 32]));
const RENT: u64 = 2_074_080;
const VOLUME_RENT: u64 = 1_844_400;

fn event(side: Side) -> Vec<u8> {
    let event = TradeEvent {
        mint: Pubkey([2; 32]),
        sol_amount: 98_765_432,
        token_amount: 3_100_000,
        is_buy: side == Side::Buy,
        user: WALLET.0,
        timestamp: 1,
        virtual_sol_reserves: 1,
        virtual_token_reserves: 1,
        real_sol_reserves: 1,
        real_token_reserves: 1,
        fee_recipient: None,
        fee_basis_points: None,
        fee: None,
        creator: None,
        creator_fee_basis_points: None,
        creator_fee: None,
        track_volume: None,
        total_unclaimed_tokens: None,
        total_claimed_tokens: None,
        current_sol_volume: None,
        last_update_timestamp: None,
        ix_name: None,
        mayhem_mode: None,
        cashback_fee_basis_points: None,
        cashback: None,
        buyback_fee_basis_points: None,
        buyback_fee: None,
        shareholders: None,
        quote_mint: None,
        quote_amount: None,
        virtual_quote_reserves: None,
        real_quote_reserves: None,
        holder_rewards_bps: None,
        holder_rewards: None,
        creator_fee_unclaimed: None,
        quote_transfer_fee: None,
        trailing: &[],
    };
    let event = TradeEvent {
        fee_recipient: Some(Pubkey([4; 32])),
        fee_basis_points: Some(95),
        fee: Some(938_272),
        creator: Some(Pubkey([3; 32])),
        creator_fee_basis_points: Some(30),
        creator_fee: Some(296_296),
        ..event
    };
    let mut data = EVENT_TAG.to_vec();
    event.write(&mut data);
    data
}

/// A transaction of ours as `getTransaction` answers it: what it changed, and its event.
fn answered(order: &Order, opened: u64, change: i64) -> Value {
    let coin = coin(false, false);
    let message = build(order, &coin, &terms(Route::Auto)).unwrap();
    let parsed = read_message(message.as_bytes()).unwrap();
    let place = |key: &Pubkey| parsed.keys.iter().position(|known| *known == key.0).unwrap();
    let (mut before, mut after) =
        (vec![1_000_000_u64; parsed.keys.len()], vec![1_000_000; parsed.keys.len()]);
    before[0] = 5_000_000_000;
    after[0] = 5_000_000_000_u64.saturating_add_signed(change);
    let token = place(&associated_token(&WALLET.0, &order.mint.0, &TOKEN_2022));
    let volume = place(&user_volume_accumulator(Program::Pump, &WALLET.0));
    if opened > 0 {
        (before[token], after[token]) = (0, RENT);
        (before[volume], after[volume]) = (0, VOLUME_RENT);
    }
    let trade = parsed.instructions.iter().position(|step| step.program == PUMP).unwrap();
    let held = |amount: u64| {
        json!([{
            "accountIndex": token, "mint": order.mint.to_string(), "owner": WALLET.to_string(),
            "uiTokenAmount": { "amount": amount.to_string(), "decimals": 6 },
        }])
    };
    let [tokens_before, tokens_after] = match order.swap.side() {
        Side::Buy => [0, 3_100_000],
        Side::Sell => [3_100_000, 0],
    };
    json!({
        "slot": 77,
        "blockTime": 1,
        "version": "legacy",
        "transaction": [BASE64_STANDARD.encode(message.unsigned()), "base64"],
        "meta": {
            "err": null, "fee": 15_000,
            "preBalances": before, "postBalances": after,
            "preTokenBalances": held(tokens_before), "postTokenBalances": held(tokens_after),
            "innerInstructions": [{ "index": trade, "instructions": [{
                "programIdIndex": place(&PUMP), "accounts": [place(&EVENT_AUTHORITY)],
                "data": bs58::encode(event(order.swap.side())).into_string(), "stackHeight": 2,
            }] }],
            "logMessages": [],
            "loadedAddresses": { "writable": [], "readonly": [] },
        },
    })
}

/// The compute budget takes the order's 10,000 lamports but for what does not divide.
const COSTS: NetworkCosts =
    NetworkCosts { base: Lamports(5_000), priority: Lamports(10_000), tip: Lamports(10_000) };
const BOUGHT: i64 = -(98_765_432 + 938_272 + 296_296) - 25_000;

#[test]
fn a_buy_is_exact_to_the_lamport_with_its_fees_costs_and_rent() {
    let order = order(WALLET, BUY, &coin(false, false));
    let rent = i64::try_from(RENT + VOLUME_RENT).unwrap();
    let Ok(Receipt::Landed { slot, fill, unwrapped }) = read(&order, &answered(&order, 1, BOUGHT - rent))
    else {
        panic!("{:?}", read(&order, &answered(&order, 1, BOUGHT - rent)))
    };
    assert_eq!((slot, unwrapped), (Slot(77), Lamports::ZERO));
    assert_eq!((fill.side, fill.tokens), (Side::Buy, TokenAmount(3_100_000)));
    assert_eq!(fill.lamports, Lamports(100_000_000));
    assert_eq!(fill.fees, Fees { lp: 0, protocol: 938_272, creator: 296_296 });
    assert_eq!((fill.costs, fill.rent_locked), (COSTS, Lamports(RENT + VOLUME_RENT)));
}

#[test]
fn rent_is_what_accounts_gained_whatever_others_had_sent_to_their_addresses_before() {
    let order = order(WALLET, BUY, &coin(false, false));
    for (token_had, volume_had) in
        [(890_880, 0), (0, 1_000_000), (890_880, 1_000_000), (RENT + 5, VOLUME_RENT)]
    {
        let (token_rent, volume_rent) = (RENT.saturating_sub(token_had), VOLUME_RENT - volume_had);
        let rent = i64::try_from(token_rent + volume_rent).unwrap();
        let mut answered = answered(&order, 1, BOUGHT - rent);
        let meta = &mut answered["meta"];
        let had = [(RENT, token_had, RENT.max(token_had)), (VOLUME_RENT, volume_had, VOLUME_RENT)];
        for (opened_with, before, after) in had {
            let places = meta["postBalances"].as_array().unwrap();
            let place = places.iter().position(|lamports| *lamports == json!(opened_with)).unwrap();
            (meta["preBalances"][place], meta["postBalances"][place]) = (json!(before), json!(after));
        }
        match read(&order, &answered) {
            Ok(Receipt::Landed { fill, unwrapped, .. }) => {
                assert_eq!(fill.rent_locked, Lamports(token_rent + volume_rent));
                assert_eq!((fill.lamports, unwrapped), (Lamports(100_000_000), Lamports::ZERO));
            }
            other => panic!("{token_had} {volume_had}: {other:?}"),
        }
    }
}

#[test]
fn a_sale_brings_what_is_left_of_its_fees() {
    let order = order(WALLET, SELL, &coin(false, false));
    let change = 98_765_432 - 938_272 - 296_296 - 25_000;
    match read(&order, &answered(&order, 0, change)) {
        Ok(Receipt::Landed { fill, .. }) => {
            assert_eq!((fill.lamports, fill.rent_locked), (Lamports(97_530_864), Lamports::ZERO));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_lamport_that_nothing_explains_is_told_and_not_booked() {
    let order = order(WALLET, BUY, &coin(false, false));
    let told = read(&order, &answered(&order, 0, BOUGHT - 1)).unwrap_err();
    assert!(matches!(told, ReceiptError::Unbalanced { change: -100_025_001, explained: -100_025_000 }));
    assert!(told.to_string().ends_with("-1 are not explained"), "{told}");
    let with = |change: fn(&mut Value)| {
        let mut answered = answered(&order, 0, BOUGHT);
        change(&mut answered);
        read(&order, &answered)
    };
    assert!(with(|_| {}).is_ok());
    let fee = with(|answered| answered["meta"]["fee"] = json!(9_999));
    assert!(matches!(fee, Err(ReceiptError::Fee { .. })), "{fee:?}");
    let balances = with(|answered| answered["meta"]["postBalances"] = json!([1]));
    assert!(
        matches!(balances, Err(ReceiptError::NoBalance | ReceiptError::Unbalanced { .. })),
        "{balances:?}"
    );
    let slot = with(|answered| answered["slot"] = json!(u64::MAX));
    assert!(matches!(slot, Err(ReceiptError::Events)), "{slot:?}");
    let tokens = with(|answered| answered["meta"]["postTokenBalances"] = json!([]));
    assert!(matches!(tokens, Err(ReceiptError::Tokens { moved: 0, .. })), "{tokens:?}");
    let event = with(|answered| answered["meta"]["innerInstructions"] = json!([]));
    assert!(matches!(event, Err(ReceiptError::NoSwap)), "{event:?}");
    assert!(matches!(with(|answered| answered["meta"] = Value::Null), Err(ReceiptError::Meta(_))));
    let sale = Order { swap: SELL, ..order.clone() };
    assert!(matches!(read(&sale, &answered(&order, 0, BOUGHT)), Err(ReceiptError::NoSwap)));
    let other = Order { wallet: Wallet(Pubkey([5; 32])), ..order.clone() };
    assert!(matches!(read(&other, &answered(&order, 0, BOUGHT)), Err(ReceiptError::NotOurs)));
}

#[test]
fn a_landed_failure_is_a_failure_that_costs_its_fee_and_names_its_reason() {
    let order = order(WALLET, BUY, &coin(false, false));
    let failed = |err: Value, logs: Value| {
        let mut answered = answered(&order, 0, -15_000);
        answered["meta"]["err"] = err;
        answered["meta"]["logMessages"] = logs;
        match read(&order, &answered) {
            Ok(Receipt::Failed { slot: Slot(77), error, costs }) => {
                assert_eq!(costs, NetworkCosts { tip: Lamports::ZERO, ..COSTS });
                error
            }
            other => panic!("{other:?}"),
        }
    };
    let custom = |code: u32| json!({ "InstructionError": [3, { "Custom": code }] });
    assert_eq!(failed(custom(6042), json!([])), "pump: 6042 BuySlippageBelowMinTokensOut");
    assert_eq!(failed(custom(2006), json!([])), "pump: 2006 ConstraintSeeds");
    assert_eq!(failed(custom(77), json!([])), "pump: error 77");
    // The first that fails is the one that refused; its callers fail after it.
    let logs = json!([
        format!("Program {PUMP} invoke [1]"),
        format!("Program {TOKEN_2022} failed: custom program error: 0x1"),
        format!("Program {PUMP} failed: custom program error: 0x1"),
    ]);
    assert_eq!(failed(custom(1), logs), format!("{TOKEN_2022}: 1 InsufficientFunds"));
    let other = json!({ "InstructionError": [3, "ComputationalBudgetExceeded"] });
    assert_eq!(failed(other, json!([])), "pump: ComputationalBudgetExceeded");
    assert_eq!(failed(json!("InsufficientFundsForFee"), json!([])), "InsufficientFundsForFee");
}

/// What a node tells of a transaction that swaps nothing, with the lamports of its accounts before it and behind it.
fn unswapped(message: &Message, before: &[u64], after: &[u64]) -> Value {
    json!({
        "slot": 77, "blockTime": 1, "version": "legacy",
        "transaction": [BASE64_STANDARD.encode(message.unsigned()), "base64"],
        "meta": {
            "err": null, "fee": 15_000, "preBalances": before, "postBalances": after,
            "preTokenBalances": [], "postTokenBalances": [], "innerInstructions": [], "logMessages": [],
            "loadedAddresses": { "writable": [], "readonly": [] },
        },
    })
}

#[test]
fn a_closed_account_brings_its_rent_and_a_lamport_beside_it_is_told() {
    let order = Order { swap: Swap::Close, ..order(WALLET, SELL, &coin(false, false)) };
    let message = close(order.wallet, order.mint, TOKEN_2022, order.priority, &[9; 32]).unwrap();
    let parsed = read_message(message.as_bytes()).unwrap();
    let token = associated_token(&WALLET.0, &order.mint.0, &TOKEN_2022);
    let token = parsed.keys.iter().position(|key| *key == token.0).unwrap();
    let answered = |held: u64, left: u64, change: i64| {
        let (mut before, mut after) = (vec![1_u64; parsed.keys.len()], vec![1_u64; parsed.keys.len()]);
        before[0] = 5_000_000_000;
        after[0] = 5_000_000_000_u64.saturating_add_signed(change);
        (before[token], after[token]) = (held, left);
        unswapped(&message, &before, &after)
    };
    let net = i64::try_from(RENT).unwrap() - 15_000;
    let costs = NetworkCosts { tip: Lamports::ZERO, ..COSTS };
    match read(&order, &answered(RENT, 0, net)) {
        Ok(Receipt::Closed { slot, rent, costs: paid }) => {
            assert_eq!((slot, rent, paid), (Slot(77), Lamports(RENT), costs));
        }
        other => panic!("{other:?}"),
    }
    for wrong in [answered(RENT, 0, net + 1), answered(RENT, RENT, net), answered(RENT - 1, 0, net)] {
        assert!(matches!(read(&order, &wrong), Err(ReceiptError::Unbalanced { .. })));
    }
}

#[test]
fn what_went_to_the_cold_address_is_what_the_order_says_or_nothing_is_told() {
    let (to, lamports) = (Wallet(Pubkey([77; 32])), Lamports(4_000_000_000));
    let order = Order { swap: Swap::Withdraw { to, lamports }, ..order(WALLET, SELL, &coin(false, false)) };
    let message = withdraw(order.wallet, to, lamports, order.priority, &[9; 32]).unwrap();
    let parsed = read_message(message.as_bytes()).unwrap();
    let place = parsed.keys.iter().position(|key| *key == to.0.0).unwrap();
    let answered = |left: u64, arrived: u64| {
        let mut before = vec![1_u64; parsed.keys.len()];
        let mut after = before.clone();
        (before[0], after[0]) = (lamports.0 + 15_000, left);
        after[place] += arrived;
        unswapped(&message, &before, &after)
    };
    match read(&order, &answered(0, lamports.0)) {
        Ok(Receipt::Withdrawn { slot, costs }) => {
            assert_eq!((slot, costs), (Slot(77), NetworkCosts { tip: Lamports::ZERO, ..COSTS }));
        }
        other => panic!("{other:?}"),
    }
    for wrong in [answered(1, lamports.0), answered(0, lamports.0 - 1), answered(0, 0)] {
        assert!(matches!(read(&order, &wrong), Err(ReceiptError::Unbalanced { .. })));
    }
}
