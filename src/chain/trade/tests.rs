//! What is built, looked at from outside: the signer's and the receipt's tests use the same orders.

use momentum_core::action::{Basis, Order, Swap};
use momentum_core::event::Side;
use momentum_core::ids::{AttemptId, Mint, PoolId, Pubkey, Slot, Wallet};
use momentum_core::quotes::{Curve, Liquidity, Pool as Reserves, Rates};
use momentum_core::units::{Bps, Lamports, TokenAmount};
use momentum_pump::accounts::{
    BondingCurve, MintAccount, Pool, TokenAccount, write_mint, write_token_account,
};
use momentum_pump::instructions::{Instruction, Plain, shape};
use momentum_pump::message::{SIGNATURE_BYTES, TRANSACTION_BYTES, compile, read};
use momentum_pump::programs::{
    PUMP, PUMP_AMM, Program, SYSTEM, TIP_ACCOUNTS, TOKEN, TOKEN_2022, WRAPPED_SOL,
};
use proptest::prelude::{any, prop_assert, proptest};
use solana_sdk::hash::Hash;
use solana_sdk::instruction::{AccountMeta, Instruction as SdkInstruction};
use solana_sdk::message::Message as SdkMessage;
use solana_sdk::pubkey::Pubkey as SdkPubkey;

use super::{BuildError, Coin, Message, PoolFacts, Recipients, Route, Terms, Unreadable, build, sell_back};
use crate::endpoints::Account;

pub(crate) const TIPPED: Pubkey = TIP_ACCOUNTS[0];
pub(crate) const BUY: Swap = Swap::Buy { spend: Lamports(100_000_000), min_tokens: TokenAmount(3_000_000) };
pub(crate) const SELL: Swap =
    Swap::Sell { tokens: TokenAmount(3_000_000), min_lamports: Lamports(90_000_000) };

const RESERVES: Reserves =
    Reserves { base: 206_900_000_000_000, quote_vault: 67_405_853_790, virtual_quote: 17_584_505_294 };
const START: Curve = Curve {
    virtual_quote: 30_000_000_000,
    virtual_token: 1_073_000_000_000_000,
    real_quote: 0,
    real_token: 793_100_000_000_000,
};

/// Every kind of trade: the route, whether the coin is a cashback coin, whether it has graduated, and the
/// instruction by which it is bought.
pub(crate) const KINDS: [(Route, bool, bool, &str); 8] = [
    (Route::Auto, false, false, "buy_exact_quote_in_v3"),
    (Route::V2, false, false, "buy_exact_quote_in_v2"),
    (Route::Legacy, false, false, "buy_exact_sol_in"),
    (Route::Auto, true, false, "buy_exact_quote_in_v2"),
    (Route::Legacy, true, false, "buy_exact_sol_in"),
    (Route::Auto, false, true, "buy_exact_quote_in_v2"),
    (Route::Legacy, false, true, "buy_exact_quote_in"),
    (Route::Auto, true, true, "buy_exact_quote_in"),
];

pub(crate) fn coin(cashback: bool, graduated: bool) -> Coin {
    let mint = Mint(Pubkey([2; 32]));
    let pool = PoolFacts {
        address: PoolId(momentum_pump::address::canonical_pool(&mint.0)),
        creator: Wallet(Pubkey([3; 32])),
        reserves: RESERVES,
    };
    Coin {
        mint,
        token_program: TOKEN_2022,
        creator: Wallet(Pubkey([3; 32])),
        cashback,
        mayhem: false,
        complete: graduated,
        curve: START,
        pool: graduated.then_some(pool),
        as_of: Slot(1),
    }
}

pub(crate) fn terms(route: Route) -> Terms {
    Terms { blockhash: [9; 32], unit_limit: 170_000, tip_to: Some(TIPPED), recipients: recipients(), route }
}

fn recipients() -> Recipients {
    Recipients::tested([Pubkey([4; 32]), Pubkey([5; 32]), Pubkey([6; 32])])
}

pub(crate) fn order(wallet: Wallet, swap: Swap, coin: &Coin) -> Order {
    let liquidity = match &coin.pool {
        Some(pool) => Liquidity::Pool(pool.reserves),
        None => Liquidity::Curve(coin.curve),
    };
    Order {
        attempt: AttemptId { number: 1, ..AttemptId::default() },
        mint: coin.mint,
        wallet,
        swap,
        exit: None,
        bound: Bps(500),
        priority: Lamports(10_000),
        tip: Lamports(10_000),
        urgent: false,
        whole_balance: false,
        draw: 0,
        basis: Basis { liquidity, rates: Rates::default() },
    }
}

fn steps(message: &Message) -> Vec<(String, usize)> {
    let named = |program: Pubkey, data: &[u8]| match Program::at(&program.0) {
        Some(program) => shape(program, data).unwrap().name.to_owned(),
        None => program.to_string(),
    };
    let read = read(message.as_bytes()).unwrap();
    read.instructions.iter().map(|step| (named(step.program, step.data), step.accounts.len())).collect()
}

const WALLET: Wallet = Wallet(Pubkey([1; 32]));

#[test]
fn every_kind_of_trade_is_built_by_its_own_instructions_within_the_size_of_a_transaction() {
    for (route, cashback, graduated, bought_by) in KINDS {
        for swap in [BUY, SELL] {
            let coin = coin(cashback, graduated);
            let message = build(&order(WALLET, swap, &coin), &coin, &terms(route)).unwrap();
            assert!(SIGNATURE_BYTES + message.as_bytes().len() <= TRANSACTION_BYTES);
            let steps = steps(&message);
            let names: Vec<_> = steps.iter().map(|(name, _)| name.as_str()).collect();
            let sold_by = match (bought_by, graduated) {
                ("buy_exact_quote_in_v3", _) => "sell_v3",
                ("buy_exact_quote_in_v2", _) => "sell_v2",
                _ => "sell",
            };
            let name = if swap.side() == Side::Buy { bought_by } else { sold_by };
            assert!(names.contains(&name), "{route:?} {cashback} {graduated}: {names:?}");
            // The budget in front, the tip behind.
            assert!(names[0].starts_with("ComputeBudget") && names[1].starts_with("ComputeBudget"));
            assert_eq!(names.last(), Some(&SYSTEM.to_string().as_str()));
            let closes = names.iter().filter(|name| name.starts_with("Tokenkeg")).count();
            let expected = match (graduated, swap.side()) {
                (false, _) => 0,
                (true, Side::Buy) => 2,
                (true, Side::Sell) => 1,
            };
            assert_eq!(closes, expected, "wrapping and unwrapping: {names:?}");
        }
    }
}

#[test]
fn the_accounts_of_a_message_are_those_that_the_sdk_makes_of_the_same_instructions() {
    let key = |key: &Pubkey| SdkPubkey::from(key.0);
    let theirs = |instruction: &Instruction| SdkInstruction {
        program_id: key(&instruction.program),
        accounts: instruction
            .accounts
            .iter()
            .map(|account| match (account.signer, account.writable) {
                (signer, true) => AccountMeta::new(key(&account.key), signer),
                (signer, false) => AccountMeta::new_readonly(key(&account.key), signer),
            })
            .collect(),
        data: instruction.data.clone(),
    };
    let wrapped = Pubkey([8; 32]);
    let instructions = [
        Plain::UnitLimit(5).instruction(),
        Plain::OpenAccount {
            payer: WALLET.0,
            account: wrapped,
            owner: WALLET.0,
            mint: WRAPPED_SOL,
            token_program: TOKEN,
        }
        .instruction(),
        Plain::Transfer { from: WALLET.0, to: wrapped, lamports: 7 }.instruction(),
        Plain::SyncNative { account: wrapped }.instruction(),
        Plain::CloseAccount { token_program: TOKEN, account: wrapped, to: WALLET.0, owner: WALLET.0 }
            .instruction(),
    ];
    let ours = compile(&WALLET.0, &[9; 32], &instructions).unwrap();
    let sdk = SdkMessage::new_with_blockhash(
        &instructions.each_ref().map(theirs),
        Some(&key(&WALLET.0)),
        &Hash::new_from_array([9; 32]),
    )
    .serialize();
    // The order of keys within a class is free; everything else is not.
    assert_eq!(ours[..4], sdk[..4]);
    assert_eq!(ours.len(), sdk.len());
    let (ours_read, sdk_read) = (read(&ours).unwrap(), read(&sdk).unwrap());
    assert_eq!(ours_read.instructions, sdk_read.instructions);
    assert_eq!(ours_read.blockhash, sdk_read.blockhash);
    let writable = ours_read.keys.len() - usize::from(ours[2]);
    let sorted = |keys: &[[u8; 32]]| {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys
    };
    assert_eq!(sorted(&ours_read.keys[..writable]), sorted(&sdk_read.keys[..writable]));
    assert_eq!(sorted(&ours_read.keys[writable..]), sorted(&sdk_read.keys[writable..]));
}

proptest! {
    #[test]
    fn the_priority_fee_never_exceeds_the_orders(priority in 0_u64..=3_000_000, units in 1_u32..=1_400_000) {
        let [_, price] = super::budget(Lamports(priority), units).try_into().unwrap();
        let Some(Plain::UnitPrice(price)) = Plain::read(&price.program, &[], &price.data) else { panic!() };
        let fee = (u128::from(price) * u128::from(units)).div_ceil(1_000_000);
        prop_assert!(fee <= u128::from(priority));
        prop_assert!(u128::from(priority) - fee <= 2, "and it is no less than it must be: {fee}");
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        drop(read(&bytes));
    }
}

#[test]
fn an_order_is_not_built_where_its_coin_is_not_or_at_any_price() {
    let terms = terms(Route::Auto);
    let here = coin(false, false);
    let gone = coin(false, true);
    let between = Coin { pool: None, ..gone.clone() };
    let of = |swap, coin: &Coin, at: &Coin| build(&order(WALLET, swap, at), coin, &terms).map(drop);
    assert_eq!(of(BUY, &gone, &here), Err(BuildError::Graduated));
    assert_eq!(of(SELL, &gone, &here), Ok(()), "a sale follows its coin to the pool");
    assert_eq!(of(SELL, &between, &here), Err(BuildError::BetweenVenues));
    assert_eq!(of(SELL, &here, &gone), Err(BuildError::NoPool));
    let other = Coin { mint: Mint(Pubkey([8; 32])), ..here.clone() };
    assert_eq!(of(BUY, &other, &here), Err(BuildError::AnotherCoin));
    let any_price = Swap::Sell { tokens: TokenAmount(1), min_lamports: Lamports::ZERO };
    assert_eq!(of(any_price, &here, &here), Err(BuildError::NoBound));
    let cashback = coin(true, false);
    let v3 = Terms { route: Route::V3, ..terms.clone() };
    assert_eq!(build(&order(WALLET, BUY, &cashback), &cashback, &v3), Err(BuildError::Route));
}

#[test]
fn buying_and_selling_back_is_one_transaction_on_every_venue() {
    for (cashback, graduated) in [(false, false), (true, false), (false, true), (true, true)] {
        let coin = coin(cashback, graduated);
        let terms = Terms { unit_limit: 400_000, ..terms(Route::Auto) };
        let message = sell_back(WALLET, &coin, Lamports(100_000_000), &terms);
        let length = message.map(|message| message.unsigned().len());
        assert!(length.is_ok_and(|length| length <= TRANSACTION_BYTES), "{cashback} {graduated}: {length:?}");
    }
}

fn account(owner: Pubkey, data: Vec<u8>) -> Option<Account> {
    Some(Account { owner, lamports: 1, data })
}

fn curve_account(complete: bool) -> Option<Account> {
    let mut data = Vec::new();
    let curve = BondingCurve {
        virtual_token_reserves: START.virtual_token,
        virtual_quote_reserves: START.virtual_quote,
        real_token_reserves: START.real_token,
        real_quote_reserves: START.real_quote,
        token_total_supply: 1_000_000_000_000_000,
        complete,
        creator: Some(Pubkey([3; 32])),
        is_mayhem_mode: Some(false),
        is_cashback_coin: Some(true),
        quote_mint: Some(SYSTEM),
        creator_fee_bps: None,
        can_edit_creator_fee: None,
        is_holder_reward: None,
        creator_fee: None,
        protocol_fees: None,
        depth: None,
        initial_virtual_quote_reserves: None,
        post_complete_base_out: None,
        post_complete_quote_in: None,
        trailing: &[],
    };
    curve.write(&mut data);
    account(PUMP, data)
}

fn vault(mint: Pubkey, amount: u64) -> Vec<u8> {
    write_token_account(&TokenAccount {
        mint: Mint(mint),
        owner: Wallet(SYSTEM),
        amount: TokenAmount(amount),
        frozen: false,
        native_rent: None,
    })
}

#[test]
fn a_coin_is_read_from_its_accounts_of_one_moment() {
    let mint = Mint(Pubkey([2; 32]));
    let facts = momentum_core::event::MintFacts {
        mint_authority: false,
        freeze_authority: false,
        foreign_extension: false,
        supply: TokenAmount(1_000_000_000_000_000),
    };
    let minted = |program| account(program, write_mint(&MintAccount { facts, decimals: 6 }, &SYSTEM));
    let fresh = [minted(TOKEN_2022), curve_account(false), None, None, None, None];
    let read = Coin::read(mint, Slot(7), &fresh).unwrap();
    assert_eq!(read, Coin { as_of: Slot(7), cashback: true, ..coin(false, false) });

    let mut data = Vec::new();
    let pool = Pool {
        pool_bump: 1,
        index: 0,
        creator: SYSTEM,
        base_mint: mint.0,
        quote_mint: WRAPPED_SOL,
        lp_mint: SYSTEM,
        pool_base_token_account: SYSTEM,
        pool_quote_token_account: SYSTEM,
        lp_supply: 1,
        coin_creator: Some(Pubkey([3; 32])),
        is_mayhem_mode: Some(false),
        is_cashback_coin: Some(true),
        virtual_quote_reserves: Some(RESERVES.virtual_quote),
        creator_fee_bps: None,
        can_edit_creator_fee: None,
        is_holder_reward: None,
        protocol_fees: None,
        creator_fees: None,
        trailing: &[],
    };
    pool.write(&mut data);
    let graduated = [
        minted(TOKEN),
        curve_account(true),
        account(PUMP_AMM, data.clone()),
        account(TOKEN, vault(mint.0, RESERVES.base)),
        None,
        account(TOKEN, vault(WRAPPED_SOL, RESERVES.quote_vault)),
    ];
    let read = Coin::read(mint, Slot(1), &graduated).unwrap();
    assert_eq!(read, Coin { token_program: TOKEN, cashback: true, ..coin(false, true) });

    let refused = |at: usize, with: Option<Account>| {
        let mut accounts = graduated.clone();
        accounts[at] = with;
        Coin::read(mint, Slot(1), &accounts).unwrap_err()
    };
    assert_eq!(refused(0, None), Unreadable::Missing("mint"));
    assert_eq!(refused(0, minted(PUMP)), Unreadable::Owner("mint"));
    assert_eq!(refused(1, None), Unreadable::Missing("curve"));
    assert_eq!(refused(1, account(SYSTEM, vec![])), Unreadable::Owner("curve"));
    assert!(matches!(refused(2, account(PUMP_AMM, vec![1; 8])), Unreadable::Malformed("pool", _)));
    assert_eq!(refused(5, None), Unreadable::Missing("pool's vault"));
    assert_eq!(Coin::read(mint, Slot(1), &graduated[..5]), Err(Unreadable::Count));
}
