//! Exact integer quotes: the bonding curve, its end (v3), PumpSwap pools, and the fee schedules of all three.
//!
//! Every formula is the program's own, in 128 bits, with its rounding; the golden vectors are real trades.

mod curve;
mod fees;
mod pool;

use serde::{Deserialize, Serialize};

pub use curve::{Curve, PastEnd};
pub use fees::{FeeSchedule, FeeTier, Fees, Rates, Schedules, ceil_bps, slippage_max, slippage_min};
pub use pool::Pool;

use crate::event::Impact;

/// A buy, priced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// Tokens that come, in base units.
    pub tokens: u64,
    /// Quote that enters the reserves' price (lp fee aside).
    pub net: u64,
    /// The venue's fees on it.
    pub fees: Fees,
    /// What the buyer pays in all: `net` and all fees.
    pub total: u64,
}

/// A sale, priced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    /// Tokens that go, in base units.
    pub tokens: u64,
    /// Quote that leaves the reserves' price, before fees.
    pub gross: u64,
    /// The venue's fees on it.
    pub fees: Fees,
    /// What the seller gets: `gross` less all fees.
    pub out: u64,
}

/// Where a token trades, with the reserves that price it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Liquidity {
    /// On its bonding curve.
    Curve(Curve),
    /// On its PumpSwap pool.
    Pool(Pool),
}

impl Liquidity {
    /// What spending at most `spend` (fees included) buys. `None`: nothing, or numbers no program would take.
    #[must_use]
    pub fn buy_exact_quote(&self, spend: u64, rates: &Rates) -> Option<Bought> {
        match self {
            Self::Curve(curve) => curve.buy_exact_quote(spend, rates),
            Self::Pool(pool) => pool.buy_exact_quote(spend, rates),
        }
    }

    /// What buying exactly `tokens` costs.
    #[must_use]
    pub fn buy_exact_tokens(&self, tokens: u64, rates: &Rates) -> Option<Bought> {
        match self {
            Self::Curve(curve) => curve.buy_exact_tokens(tokens, rates),
            Self::Pool(pool) => pool.buy_exact_tokens(tokens, rates),
        }
    }

    /// What selling exactly `tokens` brings.
    #[must_use]
    pub fn sell(&self, tokens: u64, rates: &Rates) -> Option<Sold> {
        match self {
            Self::Curve(curve) => curve.sell(tokens, rates),
            Self::Pool(pool) => pool.sell(tokens, rates),
        }
    }

    /// The reserves after this buy.
    #[must_use]
    pub fn after_buy(&self, bought: &Bought) -> Self {
        match self {
            Self::Curve(curve) => Self::Curve(curve.after_buy(bought)),
            Self::Pool(pool) => Self::Pool(pool.after_buy(bought)),
        }
    }

    /// The reserves after this sale.
    #[must_use]
    pub fn after_sell(&self, sold: &Sold) -> Self {
        match self {
            Self::Curve(curve) => Self::Curve(curve.after_sell(sold)),
            Self::Pool(pool) => Self::Pool(pool.after_sell(sold)),
        }
    }

    /// The reserves moved by fills that the stream does not show, clamped at what the stream's reserves hold.
    #[must_use]
    pub fn moved(&self, impact: Impact) -> Self {
        match self {
            Self::Curve(curve) => Self::Curve(curve.moved(impact)),
            Self::Pool(pool) => Self::Pool(pool.moved(impact)),
        }
    }
}
