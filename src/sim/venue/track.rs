//! The reserves of a token that we trade: the stream's, and what our own simulated fills add to them.

use momentum_core::action::{Basis, Order, Swap};
use momentum_core::event::{
    Fill, Impact, MarketEvent, MarketKind, NetworkCosts, Quote, Reserves, Side, Traded,
};
use momentum_core::ids::PoolId;
use momentum_core::quotes::{Curve, Fees, Liquidity, Pool};
use momentum_core::trader::positions::Impacts;
use momentum_core::units::{Bps, Lamports, TokenAmount};
use serde::{Deserialize, Serialize};

/// Why the simulated program refuses a swap, in the words of the real ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Rejection {
    #[error("6042 BuySlippageBelowMinTokensOut")]
    FewerTokensThanMin,
    #[error("6003 TooLittleSolReceived")]
    LessSolThanMin,
    #[error("6004 ExceededSlippage")]
    PoolSlippage,
    #[error("6005 BondingCurveComplete")]
    Complete,
    #[error("6021 NotEnoughTokensToBuy")]
    NothingToBuy,
    #[error("6023 NotEnoughTokensToSell")]
    TokensNotHeld,
    #[error("6024 Overflow")]
    Overflow,
    #[error("6063 InsufficientRealQuoteReserves")]
    VaultTooSmall,
}

/// A token that we trade, as the venue sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Track {
    /// The curve after the stream's last trade on it.
    curve: Option<Curve>,
    /// The stream said that the curve is sold out; our own fills never complete it.
    complete: bool,
    /// The pool after the stream's last trade on it.
    pool: Option<Pool>,
    /// Which pool, where the stream told: anybody may open another one for the same token.
    pool_id: Option<PoolId>,
    /// Sum of our own fills on the curve.
    on_curve: Impact,
    /// Sum of our own fills on the pool.
    on_pool: Impact,
    /// Attempts without an end.
    pub(super) live: u32,
}

impl Track {
    /// Whether there is anything to remember about it.
    pub(super) fn idle(&self) -> bool {
        self.live == 0 && self.on_curve == Impact::default() && self.on_pool == Impact::default()
    }

    /// Takes over sums of our own fills.
    pub(super) const fn inherit(&mut self, impacts: Impacts) {
        (self.on_curve, self.on_pool) = impacts.both();
    }

    /// Takes the reserves that an order was quoted on: the freshest that the engine has.
    pub(super) fn start_from(&mut self, basis: &Basis) {
        match basis.liquidity {
            Liquidity::Curve(curve) => self.curve = Some(curve),
            Liquidity::Pool(pool) => self.pool = Some(pool),
        }
    }

    /// Follows the stream.
    pub(super) fn observe(&mut self, event: &MarketEvent) {
        match &event.kind {
            MarketKind::Launched(launched) => self.curve = launched.curve.or(self.curve),
            MarketKind::Traded(traded) => self.traded(traded),
            MarketKind::Completed { .. } => self.complete = true,
            MarketKind::PoolOpened { pool, reserves, quote: Quote::Sol } => {
                if self.pool_id.is_none() {
                    self.pool_id = Some(*pool);
                    self.pool = Some(*reserves);
                }
            }
            MarketKind::Migrated { pool, tokens, quote_amount, quote: Quote::Sol } => {
                self.complete = true;
                if self.pool_id != Some(*pool) {
                    self.pool_id = Some(*pool);
                    // The migration event tells no split into vault and virtual quote: what counts is the sum.
                    self.pool = Some(Pool { base: tokens.0, quote_vault: *quote_amount, virtual_quote: 0 });
                }
            }
            MarketKind::PoolOpened { .. } | MarketKind::Migrated { .. } => {}
        }
    }

    fn traded(&mut self, traded: &Traded) {
        match traded.reserves {
            Reserves::Curve(curve) => {
                self.curve = Some(curve);
                self.complete |= curve.real_token == 0;
            }
            Reserves::Pool { pool, before } if *self.pool_id.get_or_insert(pool) == pool => {
                self.pool =
                    Some(before.after(traded.side, traded.quote_amount, traded.fees.lp, traded.tokens.0));
            }
            Reserves::Pool { .. } => {}
        }
    }

    /// Swaps at the present state, moved by our own earlier fills and made `worse` by so much; remembers the
    /// impact.
    pub(super) fn fill(
        &mut self,
        order: &Order,
        held: TokenAmount,
        worse: Bps,
    ) -> Result<Swapped, Rejection> {
        let (liquidity, sum) = match order.basis.liquidity {
            Liquidity::Curve(_) if self.complete => return Err(Rejection::Complete),
            Liquidity::Curve(quoted) => {
                (Liquidity::Curve(self.curve.unwrap_or(quoted)).moved(self.on_curve), &mut self.on_curve)
            }
            Liquidity::Pool(quoted) => {
                (Liquidity::Pool(self.pool.unwrap_or(quoted)).moved(self.on_pool), &mut self.on_pool)
            }
        };
        let swapped = Swapped::at(&liquidity, order, held, worse)?;
        *sum = *sum + swapped.impact;
        Ok(swapped)
    }
}

/// A swap that the program would carry out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Swapped {
    side: Side,
    tokens: TokenAmount,
    lamports: Lamports,
    fees: Fees,
    impact: Impact,
}

impl Swapped {
    /// The order's swap at `liquidity`, made `worse` by so much, within its bound. What it is worse by stays
    /// in the reserves: quote and tokens are conserved.
    fn at(liquidity: &Liquidity, order: &Order, held: TokenAmount, worse: Bps) -> Result<Self, Rejection> {
        let left = Bps(Bps::WHOLE.0.saturating_sub(worse.0));
        let on = |curve, pool| if matches!(liquidity, Liquidity::Pool(_)) { pool } else { curve };
        let (tokens, lamports, fees, impact) = match order.swap {
            Swap::Buy { spend, min_tokens } => {
                let bought = liquidity.buy_exact_quote(spend.0, &order.basis.rates);
                let bought = bought.filter(|bought| bought.tokens > 0).ok_or(Rejection::NothingToBuy)?;
                let tokens = TokenAmount(bought.tokens).share(left);
                if tokens < min_tokens {
                    return Err(on(Rejection::FewerTokensThanMin, Rejection::PoolSlippage));
                }
                let kept = signed(bought.tokens - tokens.0);
                let impact = bought.impact() + Impact { quote: 0, tokens: kept };
                (tokens, Lamports(bought.total), bought.fees, impact)
            }
            Swap::Sell { tokens, min_lamports } => {
                if tokens > held || tokens == TokenAmount::ZERO {
                    return Err(Rejection::TokensNotHeld);
                }
                let sold = liquidity.sell(tokens.0, &order.basis.rates);
                let sold = sold.ok_or(on(Rejection::Overflow, Rejection::VaultTooSmall))?;
                let out = Lamports(sold.out).share(left);
                if out < min_lamports {
                    return Err(on(Rejection::LessSolThanMin, Rejection::PoolSlippage));
                }
                let kept = signed(sold.out - out.0);
                (tokens, out, sold.fees, sold.impact() + Impact { quote: kept, tokens: 0 })
            }
            // A simulated wallet has no accounts, and nobody steals from it.
            Swap::Close | Swap::Withdraw { .. } => return Err(Rejection::TokensNotHeld),
        };
        Ok(Self { side: order.swap.side(), tokens, lamports, fees, impact })
    }

    /// What an account that held `before` holds after it.
    pub(super) const fn balance(&self, before: TokenAmount) -> TokenAmount {
        match self.side {
            Side::Buy => TokenAmount(before.0.saturating_add(self.tokens.0)),
            Side::Sell => before.saturating_sub(self.tokens),
        }
    }

    /// The fill that it is, with what the transaction cost beside it.
    pub(super) const fn fill(&self, costs: NetworkCosts, rent_locked: Lamports) -> Fill {
        Fill {
            side: self.side,
            tokens: self.tokens,
            lamports: self.lamports,
            fees: self.fees,
            costs,
            rent_locked,
            impact: Some(self.impact),
        }
    }
}

fn signed(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}
