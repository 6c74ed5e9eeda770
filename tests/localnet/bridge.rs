//! Market events as the transactions that would have caused them: what the programs log, in the programs' bytes.
//! The decoder reads the same events out of them again.

use momentum_core::event::{Launched, MarketEvent, MarketKind, MintFacts, Quote, Reserves, Side, Traded};
use momentum_core::ids::{Mint, Pubkey, Slot};
use momentum_core::quotes::{Curve, Pool};
use momentum_core::units::TokenAmount;
use momentum_pump::accounts::{BondingCurve, MintAccount, write_mint};
use momentum_pump::address::{self, canonical_pool};
use momentum_pump::events::{
    BuyEvent, CompleteEvent, CompletePumpAmmMigrationEvent, CreateEvent, CreatePoolEvent, RawEvent,
    SellEvent, TradeEvent,
};
use momentum_pump::instructions::{AccountMeta, Instruction};
use momentum_pump::layout::Shareholders;
use momentum_pump::programs::{PUMP, PUMP_AMM, SYSTEM, TOKEN, TOKEN_2022, WRAPPED_SOL};
use momentum_pump::synthetic::{Call, synthetic_transaction};
use momentum_pump::transaction::OwnedTransaction;

/// The transaction that caused these events: those of one signature, in their order.
#[must_use]
pub fn transaction(events: &[MarketEvent]) -> OwnedTransaction {
    let first = &events[0];
    assert!(events.iter().all(|event| event.signature == first.signature), "events of one transaction");
    let told: Vec<_> = events.iter().map(|event| (instruction(event), logged(event))).collect();
    let calls: Vec<_> = told
        .iter()
        .map(|(instruction, event)| Call { instruction, events: std::slice::from_ref(event) })
        .collect();
    synthetic_transaction(first.signature, first.slot.unwrap_or(Slot(0)), first.at, &calls).unwrap()
}

/// The address of a token's curve.
#[must_use]
pub fn bonding_curve(mint: &Mint) -> Pubkey {
    address::bonding_curve(&mint.0)
}

/// Whether it calls the bonding curve program: streams are subscribed to all of those.
#[must_use]
pub fn on_curve(transaction: &OwnedTransaction) -> bool {
    transaction.keys.contains(&PUMP.0)
}

/// The account of a token's mint: its owner and its data.
#[must_use]
pub fn mint_account(facts: MintFacts) -> (Pubkey, Vec<u8>) {
    (TOKEN_2022, write_mint(&MintAccount { facts, decimals: 6 }, &SYSTEM))
}

/// The account of a token's curve: its owner and its data.
#[must_use]
pub fn curve_account(curve: &Curve, supply: TokenAmount, launched: &Launched) -> (Pubkey, Vec<u8>) {
    let account = BondingCurve {
        virtual_token_reserves: curve.virtual_token,
        virtual_quote_reserves: curve.virtual_quote,
        real_token_reserves: curve.real_token,
        real_quote_reserves: curve.real_quote,
        token_total_supply: supply.0,
        complete: curve.real_token == 0,
        creator: Some(launched.creator.0),
        is_mayhem_mode: Some(launched.mayhem),
        is_cashback_coin: Some(false),
        quote_mint: Some(quote_mint(launched.quote)),
        creator_fee_bps: Some(launched.creator_rate.unwrap_or_default().0.into()),
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
    let mut data = Vec::new();
    account.write(&mut data);
    (PUMP, data)
}

/// Who takes part, as far as the decoder looks.
fn instruction(event: &MarketEvent) -> Instruction {
    let mint = event.mint.0;
    let (program, accounts) = match &event.kind {
        MarketKind::Traded(Traded { reserves: Reserves::Pool { pool, .. }, user, quote, .. }) => {
            (PUMP_AMM, vec![pool.0, user.0, mint, mint, quote_mint(*quote)])
        }
        MarketKind::PoolOpened { pool, quote, .. } => {
            (PUMP_AMM, vec![pool.0, mint, mint, mint, quote_mint(*quote)])
        }
        _ => (PUMP, vec![mint, address::bonding_curve(&mint)]),
    };
    let account = |key: Pubkey| AccountMeta { key, signer: false, writable: true };
    Instruction { program, accounts: accounts.into_iter().map(account).collect(), data: vec![7; 24] }
}

fn logged(event: &MarketEvent) -> RawEvent<'_> {
    let (mint, timestamp) = (event.mint.0, event.at.0);
    let curve = address::bonding_curve(&mint);
    match &event.kind {
        MarketKind::Launched(launched) => RawEvent::Create(created(launched, mint, timestamp)),
        MarketKind::Traded(traded) => match traded.reserves {
            Reserves::Curve(_) => RawEvent::Trade(curve_trade(traded, mint, timestamp)),
            Reserves::Pool { pool, before } => match traded.side {
                Side::Buy => RawEvent::Buy(pool_buy(traded, pool.0, &before, timestamp)),
                Side::Sell => RawEvent::Sell(pool_sell(traded, pool.0, &before, timestamp)),
            },
        },
        MarketKind::Completed { user } => RawEvent::Complete(CompleteEvent {
            user: user.0,
            mint,
            bonding_curve: curve,
            timestamp,
            quote_mint: None,
            trailing: &[],
        }),
        MarketKind::PoolOpened { pool, reserves, quote } => RawEvent::CreatePool(CreatePoolEvent {
            timestamp,
            base_mint: mint,
            quote_mint: quote_mint(*quote),
            pool_base_amount: reserves.base,
            pool_quote_amount: reserves.quote_vault,
            pool: pool.0,
            ..CreatePoolEvent::read(&[0; 293]).unwrap()
        }),
        MarketKind::Migrated { pool, tokens, quote_amount, quote } => {
            RawEvent::Migration(CompletePumpAmmMigrationEvent {
                user: canonical_pool(&mint),
                mint,
                mint_amount: tokens.0,
                sol_amount: *quote_amount,
                pool_migration_fee: 0,
                bonding_curve: curve,
                timestamp,
                pool: pool.0,
                quote_mint: Some(quote_mint(*quote)),
                trailing: &[],
            })
        }
    }
}

/// The mint that a coin is priced in, as accounts and events name it.
fn quote_mint(quote: Quote) -> Pubkey {
    match quote {
        Quote::Sol => WRAPPED_SOL,
        Quote::Other(mint) => mint.0,
    }
}

fn created<'a>(launched: &'a Launched, mint: Pubkey, timestamp: i64) -> CreateEvent<'a> {
    let curve = launched.curve.unwrap();
    CreateEvent {
        name: &launched.name,
        symbol: &launched.symbol,
        uri: &launched.uri,
        mint,
        bonding_curve: address::bonding_curve(&mint),
        user: launched.user.0,
        creator: Some(launched.creator.0),
        timestamp: Some(timestamp),
        virtual_token_reserves: Some(curve.virtual_token),
        virtual_sol_reserves: Some(curve.virtual_quote),
        real_token_reserves: Some(curve.real_token),
        token_total_supply: Some(launched.supply.unwrap().0),
        token_program: Some(if launched.token_2022 == Some(false) { TOKEN } else { TOKEN_2022 }),
        is_mayhem_mode: Some(launched.mayhem),
        is_cashback_enabled: Some(false),
        quote_mint: Some(quote_mint(launched.quote)),
        virtual_quote_reserves: Some(curve.virtual_quote),
        creator_fee_bps: Some(launched.creator_rate.unwrap_or_default().0.into()),
        is_holder_reward: None,
        depth: None,
        trailing: &[],
    }
}

fn curve_trade(traded: &Traded, mint: Pubkey, timestamp: i64) -> TradeEvent<'static> {
    let Reserves::Curve(curve) = traded.reserves else { panic!("a trade on a curve") };
    let in_sol = |amount: u64| if traded.quote == Quote::Sol { amount } else { 0 };
    let fees = &traded.fees;
    let rate = traded.creator_rate.unwrap_or_default().0.into();
    // A cashback coin gives the creator's part back to the trader.
    let (creator_rate, cashback_rate) = if fees.cashback > 0 { (0, rate) } else { (rate, 0) };
    TradeEvent {
        mint,
        sol_amount: in_sol(traded.quote_amount),
        token_amount: traded.tokens.0,
        is_buy: traded.side == Side::Buy,
        user: traded.user.0,
        timestamp,
        virtual_sol_reserves: in_sol(curve.virtual_quote),
        virtual_token_reserves: curve.virtual_token,
        real_sol_reserves: in_sol(curve.real_quote),
        real_token_reserves: curve.real_token,
        fee_recipient: Some(Pubkey::default()),
        fee_basis_points: Some(0),
        fee: Some(fees.protocol),
        creator: Some(traded.creator.map_or(Pubkey::default(), |creator| creator.0)),
        creator_fee_basis_points: Some(creator_rate),
        creator_fee: Some(fees.creator),
        track_volume: Some(false),
        total_unclaimed_tokens: Some(0),
        total_claimed_tokens: Some(0),
        current_sol_volume: Some(0),
        last_update_timestamp: Some(timestamp),
        ix_name: Some(if traded.side == Side::Buy { "buy" } else { "sell" }),
        mayhem_mode: Some(traded.mayhem),
        cashback_fee_basis_points: Some(cashback_rate),
        cashback: Some(fees.cashback),
        buyback_fee_basis_points: Some(0),
        buyback_fee: Some(fees.buyback),
        shareholders: Some(Shareholders::default()),
        quote_mint: Some(quote_mint(traded.quote)),
        quote_amount: Some(traded.quote_amount),
        virtual_quote_reserves: Some(curve.virtual_quote),
        real_quote_reserves: Some(curve.real_quote),
        ..TradeEvent::read(&[0; 121]).unwrap()
    }
}

fn pool_buy(traded: &Traded, pool: Pubkey, before: &Pool, timestamp: i64) -> BuyEvent<'static> {
    let fees = &traded.fees;
    let gross = traded.quote_amount + fees.lp + fees.protocol + fees.creator;
    BuyEvent {
        timestamp,
        base_amount_out: traded.tokens.0,
        pool_base_token_reserves: before.base,
        pool_quote_token_reserves: before.quote_vault,
        quote_amount_in: traded.quote_amount,
        lp_fee: fees.lp,
        protocol_fee: fees.protocol,
        quote_amount_in_with_lp_fee: traded.quote_amount + fees.lp,
        user_quote_amount_in: gross,
        pool,
        user: traded.user.0,
        coin_creator: Some(traded.creator.map_or(Pubkey::default(), |creator| creator.0)),
        coin_creator_fee_basis_points: Some(traded.creator_rate.unwrap_or_default().0.into()),
        coin_creator_fee: Some(fees.creator),
        track_volume: Some(false),
        total_unclaimed_tokens: Some(0),
        total_claimed_tokens: Some(0),
        current_sol_volume: Some(0),
        last_update_timestamp: Some(timestamp),
        min_base_amount_out: Some(0),
        ix_name: Some("buy"),
        cashback_fee_basis_points: Some(0),
        cashback: Some(fees.cashback),
        buyback_fee_basis_points: Some(0),
        buyback_fee: Some(fees.buyback),
        virtual_quote_reserves: Some(before.virtual_quote),
        ..BuyEvent::read(&[0; 304]).unwrap()
    }
}

fn pool_sell(traded: &Traded, pool: Pubkey, before: &Pool, timestamp: i64) -> SellEvent<'static> {
    let fees = &traded.fees;
    SellEvent {
        timestamp,
        base_amount_in: traded.tokens.0,
        pool_base_token_reserves: before.base,
        pool_quote_token_reserves: before.quote_vault,
        quote_amount_out: traded.quote_amount,
        lp_fee: fees.lp,
        protocol_fee: fees.protocol,
        quote_amount_out_without_lp_fee: traded.quote_amount.saturating_sub(fees.lp),
        user_quote_amount_out: traded.quote_amount.saturating_sub(fees.lp + fees.protocol + fees.creator),
        pool,
        user: traded.user.0,
        coin_creator: Some(traded.creator.map_or(Pubkey::default(), |creator| creator.0)),
        coin_creator_fee_basis_points: Some(traded.creator_rate.unwrap_or_default().0.into()),
        coin_creator_fee: Some(fees.creator),
        cashback_fee_basis_points: Some(0),
        cashback: Some(fees.cashback),
        buyback_fee_basis_points: Some(0),
        buyback_fee: Some(fees.buyback),
        virtual_quote_reserves: Some(before.virtual_quote),
        ..SellEvent::read(&[0; 304]).unwrap()
    }
}
