//! What events mean, at the edges that recordings do not have.

use momentum_core::event::{MarketEvent, MarketKind, Quote, Reserves, Side, TradeFees, Traded};
use momentum_core::ids::{Mint, PoolId, Pubkey, Signature, Slot, Wallet};
use momentum_core::quotes::Pool as PoolReserves;
use momentum_core::time::ChainTime;
use momentum_core::units::{Bps, TokenAmount};

use crate::decode::{Outcome, PoolMints, decode};
use crate::events::{
    BuyEvent, CreateEvent, CreatePoolEvent, EVENT_TAG, ExtendAccountEvent, PostCompleteBuyEvent, RawEvent,
    SellEvent, TradeEvent,
};
use crate::instructions::{AccountMeta, Instruction};
use crate::layout::Malformed;
use crate::programs::{PUMP, PUMP_AMM, SYSTEM, WRAPPED_SOL};
use crate::synthetic::{Call, synthetic_transaction};
use crate::transaction::OwnedTransaction;

const MINT: Pubkey = Pubkey([1; 32]);
const USER: Pubkey = Pubkey([2; 32]);
const POOL: Pubkey = Pubkey([3; 32]);
const USDC: Pubkey = Pubkey([4; 32]);

fn trade() -> TradeEvent<'static> {
    TradeEvent {
        mint: MINT,
        sol_amount: 1_000,
        token_amount: 2_000,
        is_buy: true,
        user: USER,
        timestamp: 1_790_000_000,
        virtual_sol_reserves: 30_000_001_000,
        virtual_token_reserves: 1_072_999_999_998_000,
        real_sol_reserves: 1_000,
        real_token_reserves: 793_099_999_998_000,
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
    }
}

fn buy() -> BuyEvent<'static> {
    BuyEvent {
        timestamp: 1_790_000_000,
        base_amount_out: 500,
        max_quote_amount_in: 2_000,
        user_base_token_reserves: 0,
        user_quote_token_reserves: 9_999,
        pool_base_token_reserves: 10_000,
        pool_quote_token_reserves: 20_000,
        quote_amount_in: 1_000,
        lp_fee_basis_points: 20,
        lp_fee: 2,
        protocol_fee_basis_points: 5,
        protocol_fee: 1,
        quote_amount_in_with_lp_fee: 1_002,
        user_quote_amount_in: 1_013,
        pool: POOL,
        user: USER,
        user_base_token_account: SYSTEM,
        user_quote_token_account: SYSTEM,
        protocol_fee_recipient: SYSTEM,
        protocol_fee_recipient_token_account: SYSTEM,
        coin_creator: Some(SYSTEM),
        coin_creator_fee_basis_points: Some(95),
        coin_creator_fee: Some(10),
        track_volume: None,
        total_unclaimed_tokens: None,
        total_claimed_tokens: None,
        current_sol_volume: None,
        last_update_timestamp: None,
        min_base_amount_out: None,
        ix_name: None,
        cashback_fee_basis_points: None,
        cashback: None,
        buyback_fee_basis_points: None,
        buyback_fee: None,
        virtual_quote_reserves: None,
        can_boost: None,
        base_supply: None,
        holder_rewards_bps: None,
        holder_rewards: None,
        creator_fee_unclaimed: None,
        quote_transfer_fee: None,
        trailing: &[],
    }
}

fn sell() -> SellEvent<'static> {
    SellEvent {
        timestamp: 1_790_000_000,
        base_amount_in: 500,
        min_quote_amount_out: 0,
        user_base_token_reserves: 0,
        user_quote_token_reserves: 0,
        pool_base_token_reserves: 10_000,
        pool_quote_token_reserves: 20_000,
        quote_amount_out: 900,
        lp_fee_basis_points: 20,
        lp_fee: 2,
        protocol_fee_basis_points: 5,
        protocol_fee: 1,
        quote_amount_out_without_lp_fee: 898,
        user_quote_amount_out: 897,
        pool: POOL,
        user: USER,
        user_base_token_account: SYSTEM,
        user_quote_token_account: SYSTEM,
        protocol_fee_recipient: SYSTEM,
        protocol_fee_recipient_token_account: SYSTEM,
        coin_creator: None,
        coin_creator_fee_basis_points: None,
        coin_creator_fee: None,
        cashback_fee_basis_points: None,
        cashback: None,
        buyback_fee_basis_points: None,
        buyback_fee: None,
        virtual_quote_reserves: None,
        can_boost: None,
        base_supply: None,
        holder_rewards_bps: None,
        holder_rewards: None,
        creator_fee_unclaimed: None,
        quote_transfer_fee: None,
        trailing: &[],
    }
}

fn launch() -> CreateEvent<'static> {
    CreateEvent {
        name: "n",
        symbol: "s",
        uri: "u",
        mint: MINT,
        bonding_curve: SYSTEM,
        user: USER,
        creator: None,
        timestamp: None,
        virtual_token_reserves: None,
        virtual_sol_reserves: None,
        real_token_reserves: None,
        token_total_supply: None,
        token_program: None,
        is_mayhem_mode: None,
        is_cashback_enabled: None,
        quote_mint: None,
        virtual_quote_reserves: None,
        creator_fee_bps: None,
        is_holder_reward: None,
        depth: None,
        trailing: &[],
    }
}

fn extended() -> ExtendAccountEvent<'static> {
    ExtendAccountEvent {
        account: MINT,
        user: USER,
        current_size: 1,
        new_size: 2,
        timestamp: 3,
        trailing: &[],
    }
}

fn swap(pool: Pubkey, base: Pubkey, quote: Pubkey) -> Instruction {
    let accounts = [pool, USER, SYSTEM, base, quote];
    let accounts = accounts.map(|key| AccountMeta { key, signer: false, writable: false }).to_vec();
    Instruction { program: PUMP_AMM, accounts, data: vec![0; 24] }
}

fn on_curve() -> Instruction {
    Instruction { program: PUMP, accounts: Vec::new(), data: vec![0; 24] }
}

fn transaction(instruction: &Instruction, events: &[RawEvent<'_>]) -> OwnedTransaction {
    let call = Call { instruction, events };
    synthetic_transaction(Signature([9; 64]), Slot(5), ChainTime(1_790_000_001), &[call]).unwrap()
}

fn outcomes(transaction: &OwnedTransaction) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    decode(transaction, |_| None, |outcome| outcomes.push(outcome));
    outcomes
}

fn one(instruction: &Instruction, event: RawEvent<'_>) -> Outcome {
    let mut outcomes = outcomes(&transaction(instruction, &[event]));
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

fn traded(outcome: Outcome) -> (Mint, Traded) {
    match outcome {
        Outcome::Decoded(MarketEvent { mint, kind: MarketKind::Traded(traded), .. }) => (mint, traded),
        other => panic!("no trade: {other:?}"),
    }
}

#[test]
fn an_amount_past_i64_makes_its_event_implausible_and_the_last_one_before_does_not() {
    let most = u64::try_from(i64::MAX).unwrap();
    assert!(matches!(
        one(&on_curve(), RawEvent::Trade(TradeEvent { token_amount: most, ..trade() })),
        Outcome::Decoded(_)
    ));
    let broken = [
        TradeEvent { token_amount: most + 1, ..trade() },
        TradeEvent { sol_amount: most + 1, ..trade() },
        TradeEvent { virtual_sol_reserves: u64::MAX, ..trade() },
    ];
    for event in broken {
        let implausible = Outcome::Malformed { event: Some("TradeEvent"), why: Malformed::Implausible };
        assert_eq!(one(&on_curve(), RawEvent::Trade(event)), implausible);
    }
    // A supply of a stranger's token may be past it: it is no amount of the market event.
    let pool = swap(POOL, MINT, WRAPPED_SOL);
    let mut large = sell();
    (large.coin_creator, large.coin_creator_fee_basis_points, large.coin_creator_fee) =
        (Some(SYSTEM), Some(0), Some(0));
    (large.cashback_fee_basis_points, large.cashback) = (Some(0), Some(0));
    (large.buyback_fee_basis_points, large.buyback_fee) = (Some(0), Some(0));
    (large.virtual_quote_reserves, large.can_boost) = (Some(-7), Some(false));
    large.base_supply = Some(9_999_994_158_935_048_110);
    let (_, sale) = traded(one(&pool, RawEvent::Sell(large)));
    let before = PoolReserves { base: 10_000, quote_vault: 20_000, virtual_quote: -7 };
    assert_eq!(sale.reserves, Reserves::Pool { pool: PoolId(POOL), before });
    large.virtual_quote_reserves = Some(i128::from(i64::MAX) + 1);
    assert!(matches!(
        one(&pool, RawEvent::Sell(large)),
        Outcome::Malformed { why: Malformed::Implausible, .. }
    ));
}

#[test]
fn a_pool_purchase_moves_the_net_whichever_field_holds_it() {
    let pool = swap(POOL, MINT, WRAPPED_SOL);
    let (mint, by_amount) = traded(one(&pool, RawEvent::Buy(buy())));
    let exact_in = BuyEvent { quote_amount_in: 1_013, user_quote_amount_in: 1_000, ..buy() };
    let (_, by_spend) = traded(one(&pool, RawEvent::Buy(exact_in)));
    assert_eq!(by_amount, by_spend);
    assert_eq!((mint, by_amount.side, by_amount.quote), (Mint(MINT), Side::Buy, Quote::Sol));
    assert_eq!((by_amount.quote_amount, by_amount.tokens), (1_000, TokenAmount(500)));
    let fees = TradeFees { lp: 2, protocol: 1, creator: 10, cashback: 0, buyback: 0 };
    assert_eq!(by_amount.fees, fees);
    assert_eq!(by_amount.creator, None, "the zero key is nobody");
    assert_eq!(by_amount.creator_rate, Some(Bps(95)));
}

#[test]
fn a_pool_with_sol_as_its_base_is_seen_from_the_token() {
    let pool = swap(POOL, WRAPPED_SOL, MINT);
    let (mint, sale) = traded(one(&pool, RawEvent::Buy(buy())));
    assert_eq!((mint, sale.side, sale.quote), (Mint(MINT), Side::Sell, Quote::Sol));
    // Buying 500 lamports for 1,000 tokens and 2 for liquidity.
    assert_eq!((sale.quote_amount, sale.tokens), (500, TokenAmount(1_002)));
    let before = PoolReserves { base: 20_000, quote_vault: 10_000, virtual_quote: 0 };
    assert_eq!(sale.reserves, Reserves::Pool { pool: PoolId(POOL), before });
    assert_eq!(sale.fees, TradeFees::default(), "taken in the token");
    let (_, purchase) = traded(one(&pool, RawEvent::Sell(sell())));
    assert_eq!(purchase.side, Side::Buy);
    assert_eq!((purchase.quote_amount, purchase.tokens), (500, TokenAmount(898)));
    let opened = CreatePoolEvent {
        timestamp: 1,
        index: 0,
        creator: USER,
        base_mint: WRAPPED_SOL,
        quote_mint: MINT,
        base_mint_decimals: 9,
        quote_mint_decimals: 6,
        base_amount_in: 70,
        quote_amount_in: 80,
        pool_base_amount: 70,
        pool_quote_amount: 80,
        minimum_liquidity: 1,
        initial_liquidity: 2,
        lp_token_amount_out: 3,
        pool_bump: 4,
        pool: POOL,
        lp_mint: SYSTEM,
        user_base_token_account: SYSTEM,
        user_quote_token_account: SYSTEM,
        coin_creator: None,
        is_mayhem_mode: None,
        creator_fee_bps: None,
        can_edit_creator_fee: None,
        is_holder_reward: None,
        trailing: &[],
    };
    let Outcome::Decoded(event) = one(&pool, RawEvent::CreatePool(opened)) else { panic!("an opening") };
    let reserves = PoolReserves { base: 80, quote_vault: 70, virtual_quote: 0 };
    assert_eq!(event.mint, Mint(MINT));
    assert_eq!(event.kind, MarketKind::PoolOpened { pool: PoolId(POOL), reserves, quote: Quote::Sol });
}

#[test]
fn a_pool_priced_in_another_token_keeps_its_sides() {
    let (mint, trade) = traded(one(&swap(POOL, MINT, USDC), RawEvent::Sell(sell())));
    assert_eq!((mint, trade.quote), (Mint(MINT), Quote::Other(Mint(USDC))));
    assert_eq!((trade.side, trade.quote_amount, trade.tokens), (Side::Sell, 900, TokenAmount(500)));
}

#[test]
fn a_route_does_not_lend_its_accounts_to_the_pools_on_its_way() {
    // The accounts at 3 and 4 are mints only of an instruction whose account 0 is the pool.
    let route = swap(USER, MINT, WRAPPED_SOL);
    let unknown = Outcome::PoolUnknown { pool: PoolId(POOL), ordinal: 0 };
    assert_eq!(one(&route, RawEvent::Sell(sell())), unknown);
    let mut known = Vec::new();
    let mints = PoolMints { base: MINT, quote: WRAPPED_SOL };
    let transaction = transaction(&route, &[RawEvent::Sell(sell())]);
    decode(&transaction, |pool| (pool.0 == POOL).then_some(mints), |outcome| known.push(outcome));
    assert_eq!(traded(known.remove(0)).0, Mint(MINT));
}

#[test]
fn every_event_takes_a_place_whatever_becomes_of_it() {
    let mut transaction = transaction(
        &on_curve(),
        &[RawEvent::ExtendAccount(extended()), RawEvent::Trade(trade()), RawEvent::Trade(trade())],
    );
    let from_instructions = outcomes(&transaction);
    let ordinals: Vec<Option<u16>> = from_instructions
        .iter()
        .map(|outcome| match outcome {
            Outcome::Decoded(event) => Some(event.ordinal),
            _ => None,
        })
        .collect();
    assert_eq!(ordinals, [None, Some(1), Some(2)]);
    transaction.carries_inner = false;
    assert_eq!(outcomes(&transaction), from_instructions);
}

#[test]
fn logs_are_not_read_where_inner_instructions_are_carried_and_none_matched() {
    let mut transaction = OwnedTransaction::default();
    transaction.push_log(&format!("Program {PUMP} invoke [1]"));
    transaction.push_log("Program data: vdt/007mYe4=");
    transaction.push_log(&format!("Program {PUMP} success"));
    let too_short = Outcome::Malformed { event: Some("TradeEvent"), why: Malformed::TooShort };
    assert_eq!(outcomes(&transaction), [too_short]);
    transaction.carries_inner = true;
    assert_eq!(outcomes(&transaction), []);
}

#[test]
fn logs_belong_to_the_program_that_runs_and_end_where_they_are_cut() {
    let mut transaction = OwnedTransaction::default();
    for line in [
        &format!("Program {PUMP} invoke [1]"),
        &format!("Program {USER} invoke [2]"),
        "Program data: vdt/007mYe4=",
        &format!("Program {USER} failed: custom program error: 0x1"),
        "Program data: vdt/007mYe4=",
        "Program log: Program data: vdt/007mYe4=",
        "Program data: no base64",
        &format!("Program {PUMP} success"),
        "Program data: vdt/007mYe4=",
        "Log truncated",
        &format!("Program {PUMP} invoke [1]"),
        "Program data: vdt/007mYe4=",
    ] {
        transaction.push_log(line);
    }
    let broken = |event, why| Outcome::Malformed { event, why };
    let expected = [
        Outcome::Foreign,
        broken(Some("TradeEvent"), Malformed::TooShort),
        broken(None, Malformed::NotBase64),
        Outcome::Foreign,
        Outcome::Truncated,
    ];
    assert_eq!(outcomes(&transaction), expected);
}

#[test]
fn an_event_counts_only_inside_an_instruction_of_its_own_program() {
    let mut payload = EVENT_TAG.to_vec();
    RawEvent::Trade(trade()).write(&mut payload);
    let mut transaction = OwnedTransaction::default();
    transaction.keys = vec![PUMP.0, USER.0, PUMP_AMM.0];
    transaction.carries_inner = true;
    // At the top; below a stranger; below a stranger that our program called; below PumpSwap.
    transaction.push_instruction(0, &[], &payload, Some(1)).unwrap();
    transaction.push_instruction(1, &[], &[], Some(1)).unwrap();
    transaction.push_instruction(0, &[], &payload, Some(2)).unwrap();
    transaction.push_instruction(0, &[], &[], Some(1)).unwrap();
    transaction.push_instruction(1, &[], &[], Some(2)).unwrap();
    transaction.push_instruction(0, &[], &payload, Some(3)).unwrap();
    transaction.push_instruction(2, &[], &[], Some(1)).unwrap();
    transaction.push_instruction(0, &[], &payload, Some(2)).unwrap();
    assert_eq!(outcomes(&transaction), vec![Outcome::Foreign; 4]);
    // Below its own program, at any height.
    transaction.push_instruction(1, &[], &[], Some(1)).unwrap();
    transaction.push_instruction(0, &[], &[], Some(2)).unwrap();
    transaction.push_instruction(1, &[], &[], Some(3)).unwrap();
    transaction.push_instruction(0, &[], &payload, Some(3)).unwrap();
    assert!(matches!(outcomes(&transaction)[4], Outcome::Decoded(_)));
}

#[test]
fn without_heights_an_event_belongs_to_the_last_call_of_its_program() {
    let mut payload = EVENT_TAG.to_vec();
    RawEvent::Sell(sell()).write(&mut payload);
    let mut transaction = OwnedTransaction::default();
    transaction.keys = vec![USER.0, PUMP_AMM.0, POOL.0, MINT.0, WRAPPED_SOL.0];
    transaction.carries_inner = true;
    transaction.push_instruction(0, &[], &[], Some(1)).unwrap();
    transaction.push_instruction(1, &[2, 0, 0, 3, 4], &[7; 24], None).unwrap();
    transaction.push_instruction(0, &[], &[], None).unwrap();
    transaction.push_instruction(1, &[], &payload, None).unwrap();
    assert_eq!(traded(outcomes(&transaction).remove(0)).0, Mint(MINT));
}

#[test]
fn a_launch_without_a_time_takes_that_of_its_block() {
    let mut transaction = transaction(&on_curve(), &[RawEvent::Create(launch())]);
    let Outcome::Decoded(event) = outcomes(&transaction).remove(0) else { panic!("a launch") };
    assert_eq!(event.at, ChainTime(1_790_000_001));
    let MarketKind::Launched(launched) = event.kind else { panic!("a launch") };
    assert_eq!((launched.creator, launched.curve, launched.token_2022), (Wallet(USER), None, None));
    transaction.time = None;
    let no_time = Outcome::Malformed { event: Some("CreateEvent"), why: Malformed::NoTime };
    assert_eq!(outcomes(&transaction), [no_time]);
}

#[test]
fn a_cashback_trade_tells_the_rate_that_comes_back() {
    let event = TradeEvent {
        fee_recipient: Some(SYSTEM),
        fee_basis_points: Some(95),
        fee: Some(1),
        creator: Some(MINT),
        creator_fee_basis_points: Some(0),
        creator_fee: Some(0),
        track_volume: Some(false),
        total_unclaimed_tokens: Some(0),
        total_claimed_tokens: Some(0),
        current_sol_volume: Some(0),
        last_update_timestamp: Some(0),
        ix_name: Some("buy"),
        mayhem_mode: Some(true),
        cashback_fee_basis_points: Some(30),
        cashback: Some(3),
        ..trade()
    };
    let (_, traded) = traded(one(&on_curve(), RawEvent::Trade(event)));
    assert_eq!((traded.creator_rate, traded.fees.cashback), (Some(Bps(30)), 3));
    assert_eq!((traded.creator, traded.mayhem), (Some(Wallet(MINT)), true));
    let rate = TradeEvent { cashback_fee_basis_points: Some(10_001), ..event };
    assert!(matches!(one(&on_curve(), RawEvent::Trade(rate)), Outcome::Malformed { .. }));
}

#[test]
fn unknown_and_meaningless_events_are_told_apart() {
    let bought = PostCompleteBuyEvent {
        user: USER,
        mint: MINT,
        bonding_curve: SYSTEM,
        quote_mint: SYSTEM,
        timestamp: 1,
        base_out: 2,
        quote_in: 3,
        fee_basis_points: 4,
        fee: 5,
        creator_fee_basis_points: 6,
        creator_fee: 7,
        buyback_fee: 8,
        pool_base_reserves_before: 9,
        pool_quote_reserves_before: 10,
        pool_base_reserves_after: 11,
        pool_quote_reserves_after: 12,
        trailing: &[],
    };
    let ignored = Outcome::Ignored { event: "PostCompleteBuyEvent" };
    assert_eq!(one(&on_curve(), RawEvent::PostCompleteBuy(bought)), ignored);
    let mut transaction = transaction(&on_curve(), &[]);
    transaction.push_instruction(0, &[], &[&EVENT_TAG[..], &[7; 20]].concat(), Some(2)).unwrap();
    assert_eq!(outcomes(&transaction), [Outcome::Unknown { discriminator: [7; 8] }]);
}
