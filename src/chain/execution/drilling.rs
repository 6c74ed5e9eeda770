//! A sale as a drill: built as a real one, simulated on the newest state, never signed.

use momentum_core::action::{Basis, Order, Swap};
use momentum_core::ids::{AttemptId, Mint, OrderId, Seq, Slot, Wallet};
use momentum_core::quotes::{Liquidity, Rates};
use momentum_core::trader::exits::ExitReason;
use momentum_core::units::{Bps, Lamports, TokenAmount};

use super::LiveKeys;
use super::workshop::{logged, read};
use crate::endpoints::Rpc;
use crate::trade::{Route, Terms, build};

/// What a sale would have brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brought {
    /// On the state of this slot.
    pub slot: Slot,
    /// After the venue's fees, before those of the network.
    pub proceeds: Lamports,
    /// Compute units of the transaction.
    pub units: u64,
}

/// What selling `tokens` of `mint` out of `wallet` would bring now, at any price, with this priority fee. No key is
/// needed.
///
/// # Errors
/// Why it could not be sold, or nobody knows what it would bring.
pub async fn drill(
    rpc: &Rpc,
    keys: &LiveKeys,
    (wallet, mint, tokens): (Wallet, Mint, TokenAmount),
    priority: Lamports,
) -> Result<Brought, String> {
    let (coin, recipients) = read(rpc, mint).await?;
    let liquidity = match (&coin.pool, coin.complete) {
        (Some(pool), true) => Liquidity::Pool(pool.reserves),
        _ => Liquidity::Curve(coin.curve),
    };
    let order = Order {
        attempt: AttemptId { order: OrderId { seq: Seq(0), nth: 0 }, number: 1 },
        mint,
        wallet,
        swap: Swap::Sell { tokens, min_lamports: Lamports(1) },
        exit: Some(ExitReason::Kill),
        bound: Bps::WHOLE,
        priority,
        tip: Lamports::ZERO,
        urgent: true,
        whole_balance: true,
        draw: 0,
        basis: Basis { liquidity, rates: Rates::default() },
    };
    let terms = Terms::simulated(keys.unit_limit, recipients, Route::Auto);
    let message = build(&order, &coin, &terms).map_err(|why| why.to_string())?;
    let simulated = rpc.simulate(&message.unsigned()).await.map_err(|why| why.to_string())?.succeeded()?;
    let (_, proceeds) = logged(&simulated.logs, wallet, mint);
    let proceeds = proceeds.ok_or("the programs do not say what it would have brought")?;
    Ok(Brought { slot: simulated.slot, proceeds, units: simulated.units })
}
