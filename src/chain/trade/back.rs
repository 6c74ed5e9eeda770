//! Buying and selling back as one transaction: for proofs and for buys on paper, simulated and never signed.

use momentum_core::action::Order;
use momentum_core::ids::Wallet;
use momentum_core::quotes::Rates;
use momentum_core::simulation::Expectation;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::instructions::{
    AmmBuy, AmmBuyV2, AmmSell, AmmSellV2, Buy, BuyV2, BuyV3, Instruction, Sell, SellV2, SellV3,
};
use momentum_pump::message::compile;

use super::{BuildError, Coin, Message, PoolFacts, Route, Terms, Trade, Venue, budget, venue};

/// Share of what `size` would buy without fees that is bought: the fees of every schedule fit into the rest.
const BOUGHT_PERCENT: u64 = 90;

/// Buys for at most `size` and sells what was bought, wherever the coin trades now. The amount is fixed, since
/// the sale must name it, and the sale takes any price: the simulation's answer is what is looked at.
///
/// # Errors
/// Where the coin trades nowhere now, or the message cannot be made.
pub fn sell_back(wallet: Wallet, coin: &Coin, size: Lamports, terms: &Terms) -> Result<Message, BuildError> {
    let (at, free) = if !coin.complete {
        (Venue::Curve, coin.curve.buy_exact_quote(size.0, &Rates::default()))
    } else if let Some(pool) = &coin.pool {
        (Venue::Pool(pool), pool.reserves.buy_exact_quote(size.0, &Rates::default()))
    } else {
        return Err(BuildError::BetweenVenues);
    };
    let tokens = TokenAmount(free.map_or(0, |free| free.tokens / 100 * BOUGHT_PERCENT));
    Trade { wallet, coin, terms }.both_ways(&at, tokens, size, Lamports::ZERO)
}

/// Buys what an order counts on, within its bound, and sells it again at any price. The coin must be where the order
/// thinks, as for [`build`](super::build).
///
/// # Errors
/// As [`build`](super::build).
pub fn held_against(
    order: &Order,
    expected: &Expectation,
    coin: &Coin,
    terms: &Terms,
) -> Result<Message, BuildError> {
    if order.mint != coin.mint {
        return Err(BuildError::AnotherCoin);
    }
    let at = venue(order, coin)?;
    let trade = Trade { wallet: order.wallet, coin, terms };
    trade.both_ways(&at, expected.tokens, expected.most, order.priority)
}

impl Trade<'_> {
    fn both_ways(
        &self,
        at: &Venue<'_>,
        tokens: TokenAmount,
        most: Lamports,
        priority: Lamports,
    ) -> Result<Message, BuildError> {
        if tokens.0 == 0 {
            return Err(BuildError::NoBound);
        }
        let mut instructions = budget(priority, self.terms.unit_limit);
        match at {
            Venue::Curve => self.curve_both_ways(tokens, most, &mut instructions)?,
            Venue::Pool(pool) => self.pool_both_ways(pool, tokens, most, &mut instructions)?,
        }
        Ok(Message(compile(&self.wallet.0, &self.terms.blockhash, &instructions)?))
    }

    fn curve_both_ways(
        &self,
        tokens: TokenAmount,
        most: Lamports,
        out: &mut Vec<Instruction>,
    ) -> Result<(), BuildError> {
        let parties = self.parties(self.coin.creator, None);
        let (amount, max_sol_cost, min_sol_output, trailing) = (tokens.0, most.0, 1, &[]);
        out.push(self.open(self.coin.mint.0, self.coin.token_program));
        let (track_volume, partial_fill) = (None, None);
        let both = match self.curve_route()? {
            Route::Legacy => [
                Buy { amount, max_sol_cost, track_volume, partial_fill, trailing }.instruction(&parties),
                Sell { amount, min_sol_output, trailing }.instruction(&parties),
            ],
            Route::V2 => [
                BuyV2 { amount, max_sol_cost, partial_fill, trailing }.instruction(&parties),
                SellV2 { amount, min_sol_output, trailing }.instruction(&parties),
            ],
            Route::Auto | Route::V3 => [
                BuyV3 { amount, max_sol_cost, partial_fill, trailing }.instruction(&parties),
                SellV3 { amount, min_sol_output, trailing }.instruction(&parties),
            ],
        };
        push_both(both, out)
    }

    fn pool_both_ways(
        &self,
        pool: &PoolFacts,
        tokens: TokenAmount,
        most: Lamports,
        out: &mut Vec<Instruction>,
    ) -> Result<(), BuildError> {
        let parties = self.parties(pool.creator, Some(pool.address.0));
        let (amount, max_quote_amount_in, min_quote_amount_out, trailing) = (tokens.0, most.0, 1, &[]);
        out.push(self.open(self.coin.mint.0, self.coin.token_program));
        self.wrap(most, out);
        let both = if self.pool_route()? == Route::Legacy {
            let track_volume = None;
            let buy = AmmBuy { base_amount_out: amount, max_quote_amount_in, track_volume, trailing };
            let sell = AmmSell { base_amount_in: amount, min_quote_amount_out, trailing };
            [buy.instruction(&parties), sell.instruction(&parties)]
        } else {
            let buy = AmmBuyV2 { base_amount_out: amount, max_quote_amount_in, trailing };
            let sell = AmmSellV2 { base_amount_in: amount, min_quote_amount_out, trailing };
            [buy.instruction(&parties), sell.instruction(&parties)]
        };
        push_both(both, out)?;
        self.unwrap(out);
        Ok(())
    }
}

fn push_both(both: [Option<Instruction>; 2], out: &mut Vec<Instruction>) -> Result<(), BuildError> {
    for instruction in both {
        out.push(instruction.ok_or(BuildError::Account)?);
    }
    Ok(())
}
