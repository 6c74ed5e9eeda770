//! What transactions need to know of coins, read ahead by proofs and kept for their sales.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use momentum_core::action::Order;
use momentum_core::event::Side;
use momentum_core::ids::Mint;
use momentum_core::quotes::Liquidity;

use crate::trade::Coin;

/// Coins that are kept; the one that was read longest ago makes room.
const KEPT: usize = 256;
/// Age up to which an attempt that follows a failed one relies on what is known.
const AGAIN: Duration = Duration::from_secs(2);

/// The coins.
#[derive(Debug, Default)]
pub(super) struct Coins {
    known: BTreeMap<Mint, (Coin, Instant)>,
}

impl Coins {
    /// Takes what was read now.
    pub(super) fn met(&mut self, mint: Mint, coin: Coin) {
        self.known.insert(mint, (coin, Instant::now()));
        if self.known.len() > KEPT
            && let Some(oldest) = self.known.iter().min_by_key(|(_, (_, read))| *read).map(|(mint, _)| *mint)
        {
            self.known.remove(&oldest);
        }
    }

    /// Nothing that was read is true any more.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// What is known of the coin of an order, where that will do. What a sale needs changes almost never, and its
    /// bytes must not wait; but a sale that failed may have failed for it. A buy relies on what is young.
    pub(super) fn for_order(&self, order: &Order, age_max: Duration) -> Option<&Coin> {
        let (coin, read) = self.known.get(&order.mint)?;
        let age = read.elapsed();
        let young = match order.swap.side() {
            Side::Buy => age <= age_max,
            Side::Sell => order.attempt.number == 1 || age <= AGAIN,
        };
        let on_pool = matches!(order.basis.liquidity, Liquidity::Pool(_));
        (young && (coin.pool.is_some() || !on_pool)).then_some(coin)
    }
}
