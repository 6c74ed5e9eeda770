//! `momentum.event.v1`: what happened to tokens on chain. The first fields of a trade are fixed by the
//! product; what came later stands behind `source`, so that no reader of the first form is disturbed.

use std::fmt;
use std::str::FromStr;

use momentum_core::event::{self, MarketEvent, MarketKind, Quote, Side};
use momentum_core::ids::{Mint, PoolId, Signature, Slot, Wallet};
use momentum_core::quotes::{Curve, Pool, USDC};
use momentum_core::time::ChainTime;
use momentum_core::units::{Bps, TokenAmount, from_text};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::clean::clean;
use super::shape::{Schema, Shape, Sol, Text, Tokens};
use super::{mirror, object, record};

/// Where events come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A Yellowstone stream.
    Grpc,
    /// A WebSocket stream of logs.
    Ws,
    /// Files.
    Replay,
    /// The embedded market: nothing of it is real.
    Sim,
}

impl Source {
    /// Its name in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Ws => "ws",
            Self::Replay => "replay",
            Self::Sim => "sim",
        }
    }
}

impl Shape for Source {
    fn schema() -> Schema {
        Schema::Word(&["grpc", "ws", "replay", "sim"])
    }
}

/// Where a trade took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Venue {
    /// The bonding curve.
    Curve,
    /// A PumpSwap pool.
    Pool,
}

impl Shape for Venue {
    fn schema() -> Schema {
        Schema::Word(&["curve", "pool"])
    }
}

/// Which reserves a trade reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReservesAt {
    /// Those after it: the curve.
    After,
    /// Those before it: pools.
    Before,
}

impl Shape for ReservesAt {
    fn schema() -> Schema {
        Schema::Word(&["after", "before"])
    }
}

/// What a token is priced in: `SOL`, `USDC`, or the quote's mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteName(pub Quote);

impl fmt::Display for QuoteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Quote::Sol => f.write_str("SOL"),
            Quote::Other(USDC) => f.write_str("USDC"),
            Quote::Other(mint) => mint.fmt(f),
        }
    }
}

impl FromStr for QuoteName {
    type Err = <Mint as FromStr>::Err;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(match text {
            "SOL" => Quote::Sol,
            "USDC" => Quote::Other(USDC),
            mint => Quote::Other(mint.parse()?),
        }))
    }
}

impl Serialize for QuoteName {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for QuoteName {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        from_text(d)
    }
}

impl Shape for QuoteName {
    fn schema() -> Schema {
        Schema::Text("^[1-9A-HJ-NP-Za-km-z]+$|^SOL$", "SOL, USDC or the quote's mint")
    }
}

impl From<Quote> for QuoteName {
    fn from(quote: Quote) -> Self {
        Self(quote)
    }
}

impl From<QuoteName> for Quote {
    fn from(name: QuoteName) -> Self {
        name.0
    }
}

impl QuoteName {
    /// `amount` in SOL, where that is the quote.
    fn sol(self, amount: u64) -> Option<Sol> {
        (self.0 == Quote::Sol).then(|| Sol::from(momentum_core::units::Lamports(amount)))
    }

    /// `amount` in USDC, where that is the quote.
    fn usdc(self, amount: u64) -> Option<Tokens> {
        (self.0 == Quote::Other(USDC)).then(|| Tokens::from(TokenAmount(amount)))
    }
}

mirror! {
    /// Reserves of a curve.
    CurveReserves of Curve {
        /// Quote that the formula sees.
        virtual_quote: Text<u64> = virtual_quote,
        /// Tokens that the formula sees.
        virtual_token: Text<u64> = virtual_token,
        /// Quote that is really there.
        real_quote: Text<u64> = real_quote,
        /// Tokens left to sell.
        real_token: Text<u64> = real_token,
    }
}

mirror! {
    /// Reserves of a pool.
    PoolReserves of Pool {
        /// Tokens in the base vault.
        base: Text<u64> = base,
        /// Quote in the quote vault.
        quote_vault: Text<u64> = quote_vault,
        /// Quote that the formula adds to it; may be negative.
        virtual_quote: Text<i128> = virtual_quote,
    }
}

object! {
    /// Reserves of a curve (the first four) or of a pool (`virtual_quote`, `base`, `quote_vault`).
    TradeReserves {
        /// Quote that the formula sees (curve) or adds to the vault (pool; may be negative).
        virtual_quote: Text<i128>,
        /// Tokens that the curve's formula sees.
        virtual_token: Option<Text<u64>>,
        /// Quote that is really on the curve.
        real_quote: Option<Text<u64>>,
        /// Tokens left to sell on the curve.
        real_token: Option<Text<u64>>,
        /// Tokens in the pool's base vault.
        base: Option<Text<u64>>,
        /// Quote in the pool's quote vault.
        quote_vault: Option<Text<u64>>,
    }
}

mirror! {
    /// Fees of a trade, in quote units.
    TradeFees of event::TradeFees {
        /// To the pool's liquidity.
        lp: Text<u64> = lp,
        /// To the protocol, buyback included.
        protocol: Text<u64> = protocol,
        /// To the creator.
        creator: Text<u64> = creator,
        /// Back to the trader, in place of the creator's fee.
        cashback: Text<u64> = cashback,
        /// The part of the protocol fee that buys back.
        buyback: Text<u64> = buyback,
    }
}

/// Declares a record of a market event: its own fields, then where it was found, then what came later.
macro_rules! market {
    ($(#[doc = $doc:literal])+ $name:ident as $kind:literal { $($own:tt)* } later { $($later:tt)* }) => {
        record! {
            $(#[doc = $doc])+
            $name in "momentum.event.v1" as [$kind] {
                $($own)*
                /// Chain time, seconds.
                at: ChainTime,
                /// Slot of the transaction, where the source tells.
                slot: Option<Slot>,
                /// The transaction.
                signature: Signature,
                /// Place among the pump and PumpSwap events of the transaction, from 0.
                index: u16,
                /// Where the event came from.
                source: Source,
                $($later)*
            }
        }

        impl $name {
            fn market(&self, kind: MarketKind) -> MarketEvent {
                MarketEvent {
                    at: self.at,
                    slot: self.slot,
                    signature: self.signature,
                    ordinal: self.index,
                    mint: self.mint,
                    kind,
                }
            }
        }
    };
}

market! {
    /// A token was created on the bonding curve.
    Launched as "launched" {
        /// The token.
        mint: Mint,
        /// Its name, chosen by the creator; control and direction characters are stripped.
        name: String,
        /// Its ticker symbol, stripped likewise.
        symbol: String,
        /// Where its metadata should be, stripped likewise.
        uri: String,
        /// Who signed the creation.
        user: Wallet,
        /// Who earns the creator fee.
        creator: Wallet,
        /// What it is priced in.
        quote: QuoteName,
        /// Reserves at the start.
        reserves: Option<CurveReserves>,
        /// Tokens in existence.
        supply: Option<TokenAmount>,
        /// Whether its mint is a Token-2022 mint.
        token_2022: Option<bool>,
    } later {
        /// The coin's own creator rate.
        creator_rate_bps: Option<Bps>,
        /// Present and true for a mayhem coin.
        mayhem: Option<bool>,
    }
}

market! {
    /// A token was bought or sold.
    Traded as "traded" {
        /// Where.
        venue: Venue,
        /// The token.
        mint: Mint,
        /// Who traded.
        user: Wallet,
        /// Bought or sold.
        side: Side,
        /// What it is priced in.
        quote: QuoteName,
        /// Quote that moved, fees aside, in base units.
        quote_amount: Text<u64>,
        /// The same in SOL, where that is the quote.
        quote_sol: Option<Sol>,
        /// The same in USDC, where that is the quote.
        quote_usdc: Option<Tokens>,
        /// Tokens that moved, in base units.
        token_amount: TokenAmount,
        /// Whether the reserves are those after the trade (curve) or before it (pool).
        reserves_at: ReservesAt,
        /// The venue's reserves.
        reserves: TradeReserves,
        /// What it cost beside the price.
        fees: TradeFees,
    } later {
        /// The pool, where it was one.
        pool: Option<PoolId>,
        /// Who earns the creator fee now.
        creator: Option<Wallet>,
        /// Creator (or cashback) rate of this trade.
        creator_rate_bps: Option<Bps>,
        /// Present and true for a mayhem coin.
        mayhem: Option<bool>,
    }
}

market! {
    /// A curve is sold out; nothing trades until its pool opens.
    Completed as "completed" {
        /// The token.
        mint: Mint,
        /// Who bought the rest.
        user: Wallet,
    } later {}
}

market! {
    /// A PumpSwap pool was created.
    PoolOpened as "pool_opened" {
        /// The token.
        mint: Mint,
        /// The pool.
        pool: PoolId,
        /// What it is priced in.
        quote: QuoteName,
        /// Its reserves at opening.
        reserves: PoolReserves,
    } later {}
}

market! {
    /// A curve's liquidity moved to a PumpSwap pool: graduation.
    Migrated as "migrated" {
        /// The token.
        mint: Mint,
        /// The pool.
        pool: PoolId,
        /// What it is priced in.
        quote: QuoteName,
        /// Quote moved, after the migration fee, in base units.
        quote_amount: Text<u64>,
        /// The same in SOL, where that is the quote.
        quote_sol: Option<Sol>,
        /// The same in USDC, where that is the quote.
        quote_usdc: Option<Tokens>,
        /// Tokens moved, in base units.
        token_amount: TokenAmount,
    } later {}
}

/// Why a record that is good JSON tells no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// A trade on the curve without its reserves.
    #[error(
        "a trade on the curve needs virtual_quote (not negative), virtual_token, real_quote and real_token"
    )]
    CurveReserves,
    /// A trade on a pool without its reserves.
    #[error("a trade on a pool needs pool, base, quote_vault and virtual_quote")]
    PoolReserves,
    /// A fact that is both known and unknown, or neither.
    #[error("a fact has either answer or unknown")]
    Answer,
    /// A signal without the hash of the settings that made it.
    #[error("a signal needs config_hash")]
    ConfigHash,
    /// A score, safety or velocity that none can be.
    #[error("a score, safety or velocity out of range")]
    OutOfRange,
}

/// The body of a market event, ready to be written.
pub(super) enum MarketBody {
    Launched(Launched),
    Traded(Traded),
    Completed(Completed),
    PoolOpened(PoolOpened),
    Migrated(Migrated),
}

impl MarketBody {
    /// What `event`, which came from `source`, looks like.
    pub(super) fn of(event: &MarketEvent, source: Source) -> Self {
        let MarketEvent { at, slot, signature, ordinal: index, mint, ref kind } = *event;
        match kind {
            MarketKind::Launched(launched) => Self::Launched(Launched {
                mint,
                name: clean(&launched.name).into_owned(),
                symbol: clean(&launched.symbol).into_owned(),
                uri: clean(&launched.uri).into_owned(),
                user: launched.user,
                creator: launched.creator,
                quote: launched.quote.into(),
                reserves: launched.curve.map(Into::into),
                supply: launched.supply,
                token_2022: launched.token_2022,
                at,
                slot,
                signature,
                index,
                source,
                creator_rate_bps: launched.creator_rate,
                mayhem: launched.mayhem.then_some(true),
            }),
            MarketKind::Traded(traded) => {
                let quote = QuoteName(traded.quote);
                let (venue, reserves_at, pool, reserves) = reserves_of(&traded.reserves);
                Self::Traded(Traded {
                    venue,
                    mint,
                    user: traded.user,
                    side: traded.side,
                    quote,
                    quote_amount: Text(traded.quote_amount),
                    quote_sol: quote.sol(traded.quote_amount),
                    quote_usdc: quote.usdc(traded.quote_amount),
                    token_amount: traded.tokens,
                    reserves_at,
                    reserves,
                    fees: traded.fees.into(),
                    at,
                    slot,
                    signature,
                    index,
                    source,
                    pool,
                    creator: traded.creator,
                    creator_rate_bps: traded.creator_rate,
                    mayhem: traded.mayhem.then_some(true),
                })
            }
            MarketKind::Completed { user } => {
                Self::Completed(Completed { mint, user: *user, at, slot, signature, index, source })
            }
            MarketKind::PoolOpened { pool, reserves, quote } => Self::PoolOpened(PoolOpened {
                mint,
                pool: *pool,
                quote: (*quote).into(),
                reserves: (*reserves).into(),
                at,
                slot,
                signature,
                index,
                source,
            }),
            MarketKind::Migrated { pool, tokens, quote_amount, quote } => {
                let quote = QuoteName(*quote);
                Self::Migrated(Migrated {
                    mint,
                    pool: *pool,
                    quote,
                    quote_amount: Text(*quote_amount),
                    quote_sol: quote.sol(*quote_amount),
                    quote_usdc: quote.usdc(*quote_amount),
                    token_amount: *tokens,
                    at,
                    slot,
                    signature,
                    index,
                    source,
                })
            }
        }
    }
}

fn reserves_of(reserves: &event::Reserves) -> (Venue, ReservesAt, Option<PoolId>, TradeReserves) {
    match *reserves {
        event::Reserves::Curve(curve) => {
            let reserves = TradeReserves {
                virtual_quote: Text(i128::from(curve.virtual_quote)),
                virtual_token: Some(Text(curve.virtual_token)),
                real_quote: Some(Text(curve.real_quote)),
                real_token: Some(Text(curve.real_token)),
                base: None,
                quote_vault: None,
            };
            (Venue::Curve, ReservesAt::After, None, reserves)
        }
        event::Reserves::Pool { pool, before } => {
            let reserves = TradeReserves {
                virtual_quote: Text(before.virtual_quote),
                virtual_token: None,
                real_quote: None,
                real_token: None,
                base: Some(Text(before.base)),
                quote_vault: Some(Text(before.quote_vault)),
            };
            (Venue::Pool, ReservesAt::Before, Some(pool), reserves)
        }
    }
}

impl From<Launched> for MarketEvent {
    fn from(record: Launched) -> Self {
        record.market(MarketKind::Launched(Box::new(event::Launched {
            user: record.user,
            creator: record.creator,
            quote: record.quote.0,
            curve: record.reserves.clone().map(Into::into),
            supply: record.supply,
            token_2022: record.token_2022,
            mayhem: record.mayhem.unwrap_or_default(),
            creator_rate: record.creator_rate_bps,
            name: record.name.clone(),
            symbol: record.symbol.clone(),
            uri: record.uri.clone(),
        })))
    }
}

impl TryFrom<Traded> for MarketEvent {
    type Error = Contradiction;
    fn try_from(record: Traded) -> Result<Self, Contradiction> {
        let told = &record.reserves;
        let reserves = match record.venue {
            Venue::Curve => {
                let curve = || {
                    Some(Curve {
                        virtual_quote: u64::try_from(told.virtual_quote.0).ok()?,
                        virtual_token: told.virtual_token?.0,
                        real_quote: told.real_quote?.0,
                        real_token: told.real_token?.0,
                    })
                };
                event::Reserves::Curve(curve().ok_or(Contradiction::CurveReserves)?)
            }
            Venue::Pool => {
                let pool = || {
                    let (base, quote_vault) = (told.base?.0, told.quote_vault?.0);
                    let before = Pool { base, quote_vault, virtual_quote: told.virtual_quote.0 };
                    Some(event::Reserves::Pool { pool: record.pool?, before })
                };
                pool().ok_or(Contradiction::PoolReserves)?
            }
        };
        Ok(record.market(MarketKind::Traded(event::Traded {
            user: record.user,
            side: record.side,
            quote: record.quote.0,
            quote_amount: record.quote_amount.0,
            tokens: record.token_amount,
            reserves,
            fees: record.fees.clone().into(),
            creator: record.creator,
            creator_rate: record.creator_rate_bps,
            mayhem: record.mayhem.unwrap_or_default(),
        })))
    }
}

impl From<Completed> for MarketEvent {
    fn from(record: Completed) -> Self {
        record.market(MarketKind::Completed { user: record.user })
    }
}

impl From<PoolOpened> for MarketEvent {
    fn from(record: PoolOpened) -> Self {
        record.market(MarketKind::PoolOpened {
            pool: record.pool,
            reserves: record.reserves.clone().into(),
            quote: record.quote.0,
        })
    }
}

impl From<Migrated> for MarketEvent {
    fn from(record: Migrated) -> Self {
        record.market(MarketKind::Migrated {
            pool: record.pool,
            tokens: record.token_amount,
            quote_amount: record.quote_amount.0,
            quote: record.quote.0,
        })
    }
}
