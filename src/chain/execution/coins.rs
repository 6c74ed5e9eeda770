//! What transactions need to know of coins, read ahead by proofs and kept for their sales; and how much of a block they
//! take, which the proofs have measured.

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

/// So much more than a proof took a transaction may take, in percent: what it does on the chain is never quite the same.
const UNITS_PERCENT: u64 = 120;

/// The coins.
#[derive(Debug, Default)]
pub(super) struct Coins {
    known: BTreeMap<Mint, Known>,
}

#[derive(Debug)]
struct Known {
    coin: Coin,
    read: Instant,
    /// Compute units of the newest proof, and whether the curve was sold out then: what is traded elsewhere takes others.
    proven: Option<(u32, bool)>,
}

impl Coins {
    /// Takes what was read now.
    pub(super) fn met(&mut self, mint: Mint, coin: Coin) {
        let proven = self.known.get(&mint).and_then(|known| known.proven);
        self.known.insert(mint, Known { coin, read: Instant::now(), proven });
        if self.known.len() > KEPT
            && let Some(oldest) = self.known.iter().min_by_key(|(_, known)| known.read).map(|(mint, _)| *mint)
        {
            self.known.remove(&oldest);
        }
    }

    /// Takes how many units buying it and selling it back took, as it was read last.
    pub(super) fn proven(&mut self, mint: Mint, units: u64) {
        if let Some(known) = self.known.get_mut(&mint) {
            // Of a node that does not tell them nothing is known.
            let told = u32::try_from(units).ok().filter(|units| *units > 0);
            known.proven = told.map(|units| (units, known.coin.complete));
        }
    }

    /// The limit of units for an order whose coin is where its proof was made: what both ways took, and a fifth. The
    /// same money buys a better place with it than with `most`, which all others get, and whatever follows a failure.
    pub(super) fn unit_limit(&self, order: &Order, coin: &Coin, most: u32) -> u32 {
        let on_pool = coin.complete || matches!(order.basis.liquidity, Liquidity::Pool(_));
        if order.attempt.number == 1 { self.proven_limit(order.mint, on_pool, most) } else { most }
    }

    /// The same for the next order, whichever it will be.
    pub(super) fn next_limit(&self, mint: Mint, most: u32) -> u32 {
        self.known.get(&mint).map_or(most, |known| self.proven_limit(mint, known.coin.complete, most))
    }

    fn proven_limit(&self, mint: Mint, on_pool: bool, most: u32) -> u32 {
        let proven = self.known.get(&mint).and_then(|known| known.proven).filter(|(_, at)| *at == on_pool);
        let with_margin = |(units, _)| u32::try_from(u64::from(units) * UNITS_PERCENT / 100).unwrap_or(most);
        proven.map_or(most, with_margin).min(most)
    }

    /// Nothing that was read is true any more.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// What is known of the coin of an order, where that will do. What a sale needs changes almost never, and its
    /// bytes must not wait; but a sale that failed may have failed for it. A buy relies on what is young.
    pub(super) fn for_order(&self, order: &Order, age_max: Duration) -> Option<&Coin> {
        let Known { coin, read, .. } = self.known.get(&order.mint)?;
        let age = read.elapsed();
        let young = match order.swap.side() {
            Side::Buy => age <= age_max,
            Side::Sell => order.attempt.number == 1 || age <= AGAIN,
        };
        let on_pool = matches!(order.basis.liquidity, Liquidity::Pool(_));
        (young && (coin.pool.is_some() || !on_pool)).then_some(coin)
    }
}

#[cfg(test)]
mod tests {
    use momentum_core::ids::{AttemptId, Slot, Wallet};
    use momentum_core::quotes::Curve;
    use momentum_pump::programs::TOKEN_2022;

    use super::super::tests::order;
    use super::*;

    fn coin(order: &Order, complete: bool) -> Coin {
        Coin {
            mint: order.mint,
            token_program: TOKEN_2022,
            creator: Wallet::default(),
            cashback: false,
            mayhem: false,
            complete,
            curve: Curve::FRESH,
            pool: None,
            as_of: Slot(1),
        }
    }

    #[test]
    fn a_first_attempt_takes_the_units_of_its_proof_and_a_fifth_and_all_others_the_whole() {
        let (first, mut coins) = (order(), Coins::default());
        let (curve, sold_out) = (coin(&first, false), coin(&first, true));
        let again = Order { attempt: AttemptId { number: 2, ..first.attempt }, ..first.clone() };
        coins.proven(first.mint, 150_000);
        coins.met(first.mint, curve.clone());
        assert_eq!(coins.unit_limit(&first, &curve, 400_000), 400_000, "nothing is proven");
        coins.proven(first.mint, 150_000);
        coins.met(first.mint, curve.clone());
        assert_eq!(coins.unit_limit(&first, &curve, 400_000), 180_000, "a reading does not forget it");
        assert_eq!(coins.next_limit(first.mint, 400_000), 180_000);
        assert_eq!(coins.unit_limit(&first, &curve, 100_000), 100_000, "the setting is the most");
        assert_eq!(coins.unit_limit(&again, &curve, 400_000), 400_000, "the first may have failed for it");
        assert_eq!(coins.unit_limit(&first, &sold_out, 400_000), 400_000, "the proof was made on the curve");
        coins.proven(first.mint, 0);
        assert_eq!(coins.unit_limit(&first, &curve, 400_000), 400_000, "its node told no units");
    }
}
