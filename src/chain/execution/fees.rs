//! What others pay for a place in the block where a token trades: told with each proof of it, for the units that it
//! took, and as long as we may hold it, so that neither a buy nor an exit waits for a node.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use momentum_core::event::{Answer, Enriched, Event, Unknown};
use momentum_core::ids::{Mint, Pubkey};
use momentum_core::time::Timestamp;
use momentum_core::units::{Bps, Lamports, mul_div_ceil};
use momentum_pump::address::{associated_token, bonding_curve, canonical_pool};
use momentum_pump::programs::{TOKEN, TOKEN_2022, WRAPPED_SOL};

use super::{Done, Executor};
use crate::endpoints::Failure;

/// Millionths of a lamport in one.
const MICRO: u64 = 1_000_000;

/// What was told of a token's fees: a price in millionths of a lamport a unit.
pub(super) struct Told {
    mint: Mint,
    asked: Timestamp,
    price: Result<u64, Failure>,
}

/// A question for it.
pub(super) type Asking = BoxFuture<'static, Told>;

impl Executor {
    /// Asks what others pay where this token trades, unless that is being asked.
    pub(super) fn ask_fee(&mut self, mint: Mint, asked: Timestamp) {
        if self.asking_fees.insert(mint) {
            let asking = self.asking(mint, asked);
            self.wait_for(asking);
        }
    }

    /// The question.
    pub(super) fn asking(&self, mint: Mint, asked: Timestamp) -> Asking {
        let (rpc, share) = (self.rpc.clone(), self.keys.priority_share);
        Box::pin(async move {
            let prices = rpc.recent_prices(&contested(mint)).await;
            let price = prices.and_then(|prices| percentile(prices, share).ok_or(Failure::Garbage));
            Told { mint, asked, price }
        })
    }

    /// Tells it once it is answered.
    pub(super) fn wait_for(&self, asking: Asking) {
        self.under_way.push(Box::pin(asking.map(Done::Fee)));
    }

    /// Tells what the token's next transaction would pay, by the units that are known of it now. It is true of no one
    /// slot.
    pub(super) async fn fee(&mut self, Told { mint, asked, price }: Told) {
        self.asking_fees.remove(&mint);
        let units = self.coins.next_limit(mint, self.keys.unit_limit);
        let fee = price.map(|price| Lamports(mul_div_ceil(price, u64::from(units), MICRO))).map_err(|why| {
            tracing::debug!(%mint, %why, "what others pay is not known");
            Unknown::Failed
        });
        self.say(Event::from(Enriched { mint, asked, as_of: None, answer: Answer::Priority(fee) })).await;
    }
}

/// What every trade of the token writes to, and no other trade does: its curve and its pool with their accounts, of
/// whichever token program. Those that are not there cost nothing.
fn contested(mint: Mint) -> Vec<Pubkey> {
    let (curve, pool) = (bonding_curve(&mint.0), canonical_pool(&mint.0));
    let accounts =
        |owner: Pubkey| [TOKEN, TOKEN_2022].map(|program| associated_token(&owner, &mint.0, &program));
    let quote = associated_token(&pool, &WRAPPED_SOL, &TOKEN);
    [curve, pool, quote].into_iter().chain(accounts(curve)).chain(accounts(pool)).collect()
}

/// The smallest of them that is at least as large as this share of them all; none of none.
fn percentile(mut prices: Vec<u64>, share: Bps) -> Option<u64> {
    prices.sort_unstable();
    let rank = (prices.len() * usize::from(share.0)).div_ceil(usize::from(Bps::WHOLE.0));
    prices.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_prices_and_no_less_than_its_share_of_them() {
        let of = |prices: &[u64], share| percentile(prices.to_vec(), Bps(share));
        assert_eq!(of(&[], 7_500), None);
        assert_eq!(of(&[7], 7_500), Some(7));
        assert_eq!(of(&[40, 10, 30, 20], 7_500), Some(30));
        assert_eq!(of(&[40, 10, 30, 20], 7_501), Some(40));
        assert_eq!(of(&[0, 0, 0, 9], 7_500), Some(0), "slots in which nobody paid count");
        assert_eq!(of(&[1, 2, 3], 10_000), Some(3));
        assert_eq!(of(&[1, 2, 3], 0), Some(1));
    }

    #[test]
    fn a_token_is_contested_on_its_curve_and_its_pool_within_what_a_node_takes() {
        let keys = contested(Mint(Pubkey([1; 32])));
        let other = contested(Mint(Pubkey([2; 32])));
        assert!(keys.len() <= 128);
        assert!(keys.iter().all(|key| !other.contains(key)), "no account of all tokens");
    }
}
