//! What an event means for a token.

use momentum_core::event::{Launched, MarketEvent, MarketKind, Quote, Reserves, Side, TradeFees, Traded};
use momentum_core::ids::{Mint, PoolId, Pubkey, Signature, Slot, Wallet};
use momentum_core::quotes::{Curve, Pool};
use momentum_core::time::ChainTime;
use momentum_core::units::{Bps, TokenAmount};

use super::walk::Mints;
use super::{Outcome, PoolMints};
use crate::events::{
    BuyEvent, CompletePumpAmmMigrationEvent, CreateEvent, CreatePoolEvent, RawEvent, SellEvent, TradeEvent,
};
use crate::layout::Malformed;
use crate::programs::{SYSTEM, TOKEN_2022, WRAPPED_SOL};

/// Where the event's transaction stands.
pub(super) struct Place {
    pub(super) slot: Option<Slot>,
    pub(super) signature: Signature,
    pub(super) time: Option<ChainTime>,
}

pub(super) fn of(
    event: &RawEvent<'_>,
    place: &Place,
    ordinal: u16,
    mints: Mints<'_>,
    known_pools: &impl Fn(&PoolId) -> Option<PoolMints>,
) -> Outcome {
    let of_pool = |pool: Pubkey| {
        let pool = PoolId(pool);
        mints.of(&pool).or_else(|| known_pools(&pool))
    };
    let meaning = match event {
        RawEvent::Trade(event) => curve_trade(event),
        RawEvent::Create(event) => launch(event, place.time),
        RawEvent::Complete(event) => Ok(Meaning {
            at: ChainTime(event.timestamp),
            mint: event.mint,
            kind: MarketKind::Completed { user: Wallet(event.user) },
        }),
        RawEvent::Migration(event) => migration(event),
        RawEvent::Buy(event) => match of_pool(event.pool) {
            Some(mints) => pool_buy(event, mints),
            None => return Outcome::PoolUnknown { pool: PoolId(event.pool), ordinal },
        },
        RawEvent::Sell(event) => match of_pool(event.pool) {
            Some(mints) => pool_sell(event, mints),
            None => return Outcome::PoolUnknown { pool: PoolId(event.pool), ordinal },
        },
        RawEvent::CreatePool(event) => pool_opening(event),
        // A purchase past the end of the curve has no market of its own yet: the migration tells its price.
        RawEvent::PostCompleteBuy(_)
        | RawEvent::ExtendAccount(_)
        | RawEvent::InitBoost(_)
        | RawEvent::AmmExtendAccount(_)
        | RawEvent::Other { .. } => return Outcome::Ignored { event: event.name() },
    };
    match meaning {
        Ok(Meaning { at, mint, kind }) => Outcome::Decoded(MarketEvent {
            at,
            slot: place.slot,
            signature: place.signature,
            ordinal,
            mint: Mint(mint),
            kind,
        }),
        Err(why) => Outcome::Malformed { event: Some(event.name()), why },
    }
}

struct Meaning {
    at: ChainTime,
    mint: Pubkey,
    kind: MarketKind,
}

type Meant = Result<Meaning, Malformed>;

/// An amount that the chain could hold: they are BIGINTs in the store.
pub(crate) fn amount(units: u64) -> Result<u64, Malformed> {
    if i64::try_from(units).is_ok() { Ok(units) } else { Err(Malformed::Implausible) }
}

fn amount_or_zero(units: Option<u64>) -> Result<u64, Malformed> {
    amount(units.unwrap_or(0))
}

pub(crate) fn rate(bps: u64) -> Result<Bps, Malformed> {
    match u16::try_from(bps) {
        Ok(bps) if bps <= Bps::WHOLE.0 => Ok(Bps(bps)),
        _ => Err(Malformed::Implausible),
    }
}

/// The creator's rate of a trade; on a cashback coin the trader gets it back instead.
fn creator_rate(creator: Option<u64>, cashback: Option<u64>) -> Result<Option<Bps>, Malformed> {
    match (creator, cashback) {
        (_, Some(bps @ 1..)) | (Some(bps), _) => rate(bps).map(Some),
        (None, _) => Ok(None),
    }
}

fn is_sol(mint: &Pubkey) -> bool {
    *mint == SYSTEM || *mint == WRAPPED_SOL
}

/// The zero key, wrapped SOL and (in older events) no key at all mean SOL.
pub(crate) fn quote_of(mint: Option<Pubkey>) -> Quote {
    match mint {
        Some(mint) if !is_sol(&mint) => Quote::Other(Mint(mint)),
        _ => Quote::Sol,
    }
}

/// A key that is not the zero key.
fn wallet(key: Option<Pubkey>) -> Option<Wallet> {
    key.filter(|key| *key != SYSTEM).map(Wallet)
}

fn curve_trade(event: &TradeEvent<'_>) -> Meant {
    let quote = quote_of(event.quote_mint);
    // Coins priced in another token leave the `sol` fields at zero.
    let (quote_amount, virtual_quote, real_quote) = match quote {
        Quote::Sol => (event.sol_amount, event.virtual_sol_reserves, event.real_sol_reserves),
        Quote::Other(_) => {
            let told = |field: Option<u64>| field.ok_or(Malformed::TooShort);
            (told(event.quote_amount)?, told(event.virtual_quote_reserves)?, told(event.real_quote_reserves)?)
        }
    };
    let traded = Traded {
        user: Wallet(event.user),
        side: if event.is_buy { Side::Buy } else { Side::Sell },
        quote,
        quote_amount: amount(quote_amount)?,
        tokens: TokenAmount(amount(event.token_amount)?),
        reserves: Reserves::Curve(Curve {
            virtual_quote: amount(virtual_quote)?,
            virtual_token: amount(event.virtual_token_reserves)?,
            real_quote: amount(real_quote)?,
            real_token: amount(event.real_token_reserves)?,
        }),
        fees: TradeFees {
            lp: 0,
            protocol: amount_or_zero(event.fee)?,
            creator: amount_or_zero(event.creator_fee)?,
            cashback: amount_or_zero(event.cashback)?,
            buyback: amount_or_zero(event.buyback_fee)?,
        },
        creator: wallet(event.creator),
        creator_rate: creator_rate(event.creator_fee_basis_points, event.cashback_fee_basis_points)?,
        mayhem: event.mayhem_mode.unwrap_or(false),
    };
    Ok(Meaning { at: ChainTime(event.timestamp), mint: event.mint, kind: MarketKind::Traded(traded) })
}

fn launch(event: &CreateEvent<'_>, block_time: Option<ChainTime>) -> Meant {
    let at = event.timestamp.map(ChainTime).or(block_time).ok_or(Malformed::NoTime)?;
    let quote = quote_of(event.quote_mint);
    let virtual_quote = match quote {
        Quote::Sol => event.virtual_sol_reserves,
        Quote::Other(_) => event.virtual_quote_reserves,
    };
    let curve = match (virtual_quote, event.virtual_token_reserves, event.real_token_reserves) {
        (Some(virtual_quote), Some(virtual_token), Some(real_token)) => Some(Curve {
            virtual_quote: amount(virtual_quote)?,
            virtual_token: amount(virtual_token)?,
            real_quote: 0,
            real_token: amount(real_token)?,
        }),
        _ => None,
    };
    let launched = Launched {
        name: event.name.to_owned(),
        symbol: event.symbol.to_owned(),
        uri: event.uri.to_owned(),
        user: Wallet(event.user),
        creator: wallet(event.creator).unwrap_or(Wallet(event.user)),
        quote,
        curve,
        supply: event.token_total_supply.map(amount).transpose()?.map(TokenAmount),
        token_2022: event.token_program.map(|program| program == TOKEN_2022),
        mayhem: event.is_mayhem_mode.unwrap_or(false),
        creator_rate: event.creator_fee_bps.map(rate).transpose()?.filter(|rate| rate.0 > 0),
    };
    Ok(Meaning { at, mint: event.mint, kind: MarketKind::Launched(Box::new(launched)) })
}

fn migration(event: &CompletePumpAmmMigrationEvent<'_>) -> Meant {
    let kind = MarketKind::Migrated {
        pool: PoolId(event.pool),
        tokens: TokenAmount(amount(event.mint_amount)?),
        quote_amount: amount(event.sol_amount)?,
        quote: quote_of(event.quote_mint),
    };
    Ok(Meaning { at: ChainTime(event.timestamp), mint: event.mint, kind })
}

/// A pool seen from its token: pools that strangers open may have SOL as their base, and the token as quote.
#[derive(Clone, Copy)]
struct Sides {
    mint: Pubkey,
    quote: Quote,
    /// Base and quote are swapped.
    turned: bool,
}

impl From<PoolMints> for Sides {
    fn from(PoolMints { base, quote }: PoolMints) -> Self {
        if is_sol(&base) && !is_sol(&quote) {
            Self { mint: quote, quote: Quote::Sol, turned: true }
        } else {
            Self { mint: base, quote: quote_of(Some(quote)), turned: false }
        }
    }
}

impl Sides {
    /// The reserves seen from the token. A turned pool's virtual reserve is of the token: it adds to the base.
    fn pool(self, base: u64, quote: u64, virtual_quote: i128) -> Result<Pool, Malformed> {
        let (base, quote) = (amount(base)?, amount(quote)?);
        let virtual_quote = i64::try_from(virtual_quote).map_err(|_| Malformed::Implausible)?;
        if self.turned {
            let tokens = quote.checked_add_signed(virtual_quote).ok_or(Malformed::Implausible)?;
            Ok(Pool { base: amount(tokens)?, quote_vault: base, virtual_quote: 0 })
        } else {
            Ok(Pool { base, quote_vault: quote, virtual_quote: i128::from(virtual_quote) })
        }
    }
}

/// A swap as its event tells it, before the pool's sides are looked at.
struct Swap {
    at: i64,
    pool: Pubkey,
    user: Pubkey,
    side: Side,
    base: u64,
    /// Quote that moved, all fees aside.
    quote: u64,
    /// Quote that moved into or out of the vault: with the liquidity fee.
    quote_with_lp: u64,
    reserves: (u64, u64, Option<i128>),
    fees: TradeFees,
    creator: Option<Pubkey>,
    creator_rate: Option<Bps>,
}

fn swap_meaning(swap: &Swap, sides: Sides) -> Meant {
    let (base, quote, virtual_quote) = swap.reserves;
    let before = sides.pool(base, quote, virtual_quote.unwrap_or(0))?;
    // Turned, the swap's fees are taken in the token: the liquidity's part moves with the tokens, the quote
    // (SOL) bears none.
    let (side, tokens, quote_amount, fees) = match (sides.turned, swap.side) {
        (false, side) => (side, swap.base, swap.quote, swap.fees),
        (true, Side::Buy) => (Side::Sell, swap.quote_with_lp, swap.base, TradeFees::default()),
        (true, Side::Sell) => (Side::Buy, swap.quote_with_lp, swap.base, TradeFees::default()),
    };
    let traded = Traded {
        user: Wallet(swap.user),
        side,
        quote: sides.quote,
        quote_amount: amount(quote_amount)?,
        tokens: TokenAmount(amount(tokens)?),
        reserves: Reserves::Pool { pool: PoolId(swap.pool), before },
        fees,
        creator: wallet(swap.creator),
        creator_rate: swap.creator_rate,
        mayhem: false,
    };
    Ok(Meaning { at: ChainTime(swap.at), mint: sides.mint, kind: MarketKind::Traded(traded) })
}

fn pool_buy(event: &BuyEvent<'_>, mints: PoolMints) -> Meant {
    // The two fields are swapped between `buy` and `buy_exact_quote_in`; the net is the smaller in both.
    let net = amount(event.quote_amount_in.min(event.user_quote_amount_in))?;
    let swap = Swap {
        at: event.timestamp,
        pool: event.pool,
        user: event.user,
        side: Side::Buy,
        base: event.base_amount_out,
        quote: net,
        quote_with_lp: amount(event.quote_amount_in_with_lp_fee)?,
        reserves: (
            event.pool_base_token_reserves,
            event.pool_quote_token_reserves,
            event.virtual_quote_reserves,
        ),
        fees: TradeFees {
            lp: amount(event.lp_fee)?,
            protocol: amount(event.protocol_fee)?,
            creator: amount_or_zero(event.coin_creator_fee)?,
            cashback: amount_or_zero(event.cashback)?,
            buyback: amount_or_zero(event.buyback_fee)?,
        },
        creator: event.coin_creator,
        creator_rate: creator_rate(event.coin_creator_fee_basis_points, event.cashback_fee_basis_points)?,
    };
    swap_meaning(&swap, mints.into())
}

fn pool_sell(event: &SellEvent<'_>, mints: PoolMints) -> Meant {
    let swap = Swap {
        at: event.timestamp,
        pool: event.pool,
        user: event.user,
        side: Side::Sell,
        base: event.base_amount_in,
        quote: amount(event.quote_amount_out)?,
        quote_with_lp: amount(event.quote_amount_out_without_lp_fee)?,
        reserves: (
            event.pool_base_token_reserves,
            event.pool_quote_token_reserves,
            event.virtual_quote_reserves,
        ),
        fees: TradeFees {
            lp: amount(event.lp_fee)?,
            protocol: amount(event.protocol_fee)?,
            creator: amount_or_zero(event.coin_creator_fee)?,
            cashback: amount_or_zero(event.cashback)?,
            buyback: amount_or_zero(event.buyback_fee)?,
        },
        creator: event.coin_creator,
        creator_rate: creator_rate(event.coin_creator_fee_basis_points, event.cashback_fee_basis_points)?,
    };
    swap_meaning(&swap, mints.into())
}

fn pool_opening(event: &CreatePoolEvent<'_>) -> Meant {
    let sides = Sides::from(PoolMints { base: event.base_mint, quote: event.quote_mint });
    let kind = MarketKind::PoolOpened {
        pool: PoolId(event.pool),
        reserves: sides.pool(event.pool_base_amount, event.pool_quote_amount, 0)?,
        quote: sides.quote,
    };
    Ok(Meaning { at: ChainTime(event.timestamp), mint: sides.mint, kind })
}
