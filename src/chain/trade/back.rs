//! Buying and selling back as one transaction: for proofs, which are simulated and never signed.

use momentum_core::ids::Wallet;
use momentum_core::quotes::Rates;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::instructions::{
    AmmBuy, AmmBuyV2, AmmSell, AmmSellV2, Buy, BuyV2, BuyV3, Instruction, Sell, SellV2, SellV3,
};
use momentum_pump::message::compile;

use super::{BuildError, Coin, Message, PoolFacts, Route, Terms, Trade, budget};

/// Share of what `size` would buy without fees that is bought: the fees of every schedule fit into the rest.
const BOUGHT_PERCENT: u64 = 90;

/// Buys for at most `size` and sells what was bought, wherever the coin trades now. The amount is fixed, since
/// the sale must name it, and the sale takes any price: the simulation's answer is what is looked at.
///
/// # Errors
/// Where the coin trades nowhere now, or the message cannot be made.
pub fn sell_back(wallet: Wallet, coin: &Coin, size: Lamports, terms: &Terms) -> Result<Message, BuildError> {
    let trade = Trade { wallet, coin, terms };
    let mut instructions = budget(Lamports::ZERO, terms.unit_limit);
    if !coin.complete {
        trade.curve_both_ways(size, &mut instructions)?;
    } else if let Some(pool) = &coin.pool {
        trade.pool_both_ways(pool, size, &mut instructions)?;
    } else {
        return Err(BuildError::BetweenVenues);
    }
    Ok(Message(compile(&wallet.0, &terms.blockhash, &instructions)?))
}

impl Trade<'_> {
    fn curve_both_ways(&self, size: Lamports, out: &mut Vec<Instruction>) -> Result<(), BuildError> {
        let parties = self.parties(self.coin.creator, None);
        let free = self.coin.curve.buy_exact_quote(size.0, &Rates::default());
        let tokens = part(free.map(|bought| TokenAmount(bought.tokens)))?;
        let (amount, max_sol_cost, min_sol_output, trailing) = (tokens.0, size.0, 1, &[]);
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
        size: Lamports,
        out: &mut Vec<Instruction>,
    ) -> Result<(), BuildError> {
        let parties = self.parties(pool.creator, Some(pool.address.0));
        let free = pool.reserves.buy_exact_quote(size.0, &Rates::default());
        let tokens = part(free.map(|bought| TokenAmount(bought.tokens)))?;
        let (amount, max_quote_amount_in, min_quote_amount_out, trailing) = (tokens.0, size.0, 1, &[]);
        out.push(self.open(self.coin.mint.0, self.coin.token_program));
        self.wrap(size, out);
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

fn part(free: Option<TokenAmount>) -> Result<TokenAmount, BuildError> {
    let tokens = free.map_or(0, |tokens| tokens.0 / 100 * BOUGHT_PERCENT);
    if tokens == 0 { Err(BuildError::NoBound) } else { Ok(TokenAmount(tokens)) }
}
