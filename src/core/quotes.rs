//! Exact integer quotes: the bonding curve, its end (v3), PumpSwap pools, and the fee schedules of all three.
//!
//! Every formula is the program's own, in 128 bits, with its rounding; the golden vectors are real trades.

mod curve;
mod fees;
mod past_end;
mod pool;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use curve::Curve;
pub use fees::{
    CreatorRate, FeeSchedule, FeeTier, Fees, QuoteKind, Rates, Schedules, USDC, ceil_bps, slippage_max,
    slippage_min,
};
pub use past_end::{PastEnd, V3Bought};
pub use pool::Pool;

use crate::event::{Impact, Reserves, Traded};
use crate::units::{Bps, Price};

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

impl Bought {
    /// `None` for no tokens, and for a price past `u64::MAX`.
    fn priced(tokens: u64, net: u64, fees: Fees) -> Option<Self> {
        let total = net.checked_add(fees.total()?)?;
        (tokens > 0).then_some(Self { tokens, net, fees, total })
    }

    /// How this buy moves the reserves. Saturates at the ends of `i64`.
    #[must_use]
    pub fn impact(&self) -> Impact {
        Impact { quote: signed(self.net.saturating_add(self.fees.lp)), tokens: -signed(self.tokens) }
    }
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

impl Sold {
    /// `None` for no tokens, and for fees above the price.
    fn priced(tokens: u64, gross: u64, fees: Fees) -> Option<Self> {
        let out = gross.checked_sub(fees.total()?)?;
        (tokens > 0).then_some(Self { tokens, gross, fees, out })
    }

    /// How this sale moves the reserves. Saturates at the ends of `i64`.
    #[must_use]
    pub fn impact(&self) -> Impact {
        Impact { quote: -signed(self.gross.saturating_sub(self.fees.lp)), tokens: signed(self.tokens) }
    }
}

fn signed(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// Constant product: what `amount` more on one side takes out of the other, floored. `None` where a side is
/// empty, so that there is no price.
fn swap_in(amount: u64, into: u64, out_of: u64) -> Option<u64> {
    if into == 0 || out_of == 0 {
        return None;
    }
    let taken = u128::from(amount) * u128::from(out_of) / (u128::from(into) + u128::from(amount));
    u64::try_from(taken).ok()
}

/// Buying and selling straight back, priced: what a position of this size costs before the market has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundTrip {
    /// The way in.
    pub bought: Bought,
    /// The way out, from the reserves that the way in leaves.
    pub back: Sold,
    /// What is lost on the way, as a share of what was paid, rounded up. Network costs come beside it.
    pub cost_bps: Bps,
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

    /// Buying for at most `spend` and selling all of it straight back. `None` where either way is refused; so a
    /// buy of the curve's last token, after which nothing can be sold.
    #[must_use]
    pub fn round_trip(&self, spend: u64, rates: &Rates) -> Option<RoundTrip> {
        let bought = self.buy_exact_quote(spend, rates)?;
        let after = self.after_buy(&bought);
        if matches!(after, Self::Curve(Curve { real_token: 0, .. })) {
            return None;
        }
        let back = after.sell(bought.tokens, rates)?;
        let lost = bought.total.saturating_sub(back.out);
        let cost = (u128::from(lost) * u128::from(Bps::WHOLE.0)).div_ceil(u128::from(bought.total));
        Some(RoundTrip { bought, back, cost_bps: Bps(u16::try_from(cost).ok()?) })
    }

    /// The spot price: what an endlessly small trade would pay, fees aside. `None` without reserves.
    #[must_use]
    pub fn spot(&self) -> Option<Price> {
        match self {
            Self::Curve(curve) => Price::of(curve.virtual_quote, curve.virtual_token),
            Self::Pool(pool) => Price::of(pool.quote()?, pool.base),
        }
    }

    /// The reserves after a trade of the stream: a curve's event tells them, a pool's tells those before it.
    #[must_use]
    pub fn after(traded: &Traded) -> Self {
        match traded.reserves {
            Reserves::Curve(after) => Self::Curve(after),
            Reserves::Pool { before, .. } => {
                Self::Pool(before.after(traded.side, traded.quote_amount, traded.fees.lp, traded.tokens.0))
            }
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
