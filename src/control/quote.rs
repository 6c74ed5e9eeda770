//! What a swap would give at known reserves, as one record on every surface.

use momentum_core::event::Side;
use momentum_core::quotes::{Liquidity, Rates};
use momentum_core::units::{Lamports, TokenAmount, decimal};
use serde_json::{Value, json};

/// How much is swapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So much quote is spent: lamports, fees of the venue included.
    Quote(u64),
    /// So many tokens are bought or sold, in base units.
    Tokens(u64),
}

/// The swap at these reserves and rates; none where no program would take it: too little, more than the
/// reserves hold, or a sale that names no tokens.
#[must_use]
pub fn priced(side: Side, amount: Amount, liquidity: &Liquidity, rates: &Rates) -> Option<Value> {
    let (tokens, net, fees, total, after) = match (side, amount) {
        (Side::Buy, amount) => {
            let bought = match amount {
                Amount::Quote(spend) => liquidity.buy_exact_quote(spend, rates),
                Amount::Tokens(tokens) => liquidity.buy_exact_tokens(tokens, rates),
            };
            let bought = bought.filter(|bought| bought.tokens > 0)?;
            (bought.tokens, bought.net, bought.fees, bought.total, liquidity.after_buy(&bought))
        }
        (Side::Sell, Amount::Tokens(tokens)) => {
            let sold = liquidity.sell(tokens, rates)?;
            (sold.tokens, sold.gross, sold.fees, sold.out, liquidity.after_sell(&sold))
        }
        (Side::Sell, Amount::Quote(_)) => return None,
    };
    let impact = match (liquidity.spot(), after.spot()) {
        (Some(before), Some(after)) => moved(before.0, after.0),
        _ => None,
    };
    Some(json!({
        "schema": "momentum.quote.v1",
        "side": side,
        "venue": if matches!(liquidity, Liquidity::Curve(_)) { "curve" } else { "pool" },
        "token_amount": TokenAmount(tokens),
        "tokens": TokenAmount(tokens).to_string(),
        "quote_amount": Lamports(net),
        "quote_sol": decimal(i128::from(net), 9),
        "fees": {"lp": Lamports(fees.lp), "protocol": Lamports(fees.protocol), "creator": Lamports(fees.creator)},
        "rates_bps": {"lp": rates.lp, "protocol": rates.protocol, "creator": rates.creator},
        "total_amount": Lamports(total),
        "total_sol": decimal(i128::from(total), 9),
        "price_impact_bps": impact,
        "reserves_after": reserves(&after),
    }))
}

fn reserves(liquidity: &Liquidity) -> Value {
    match liquidity {
        Liquidity::Curve(curve) => json!({
            "virtual_quote": curve.virtual_quote.to_string(),
            "virtual_token": curve.virtual_token.to_string(),
            "real_quote": curve.real_quote.to_string(),
            "real_token": curve.real_token.to_string(),
        }),
        Liquidity::Pool(pool) => json!({
            "base": pool.base.to_string(),
            "quote_vault": pool.quote_vault.to_string(),
            "virtual_quote": pool.virtual_quote.to_string(),
        }),
    }
}

/// How far the spot price moved, in basis points, floored: a small pool may move by more than fits [`Bps`].
fn moved(before: u128, after: u128) -> Option<u64> {
    // Both are Q64.64 of the same kind: their upper halves are enough for basis points of any real price.
    let shift = 64_u32.saturating_sub(before.max(after).leading_zeros());
    let (before, after) = (u64::try_from(before >> shift).ok()?, u64::try_from(after >> shift).ok()?);
    let bps = (u128::from(before.abs_diff(after)) * 10_000).checked_div(u128::from(before))?;
    u64::try_from(bps).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impact_is_the_way_of_the_spot_price() {
        assert_eq!(moved(1 << 64, 11 << 60), Some(3_125));
        assert_eq!(moved(1_000, 1_100), Some(1_000));
        assert_eq!(moved(1_000, 101_000), Some(1_000_000), "a hundredfold is told as it is");
    }
}
