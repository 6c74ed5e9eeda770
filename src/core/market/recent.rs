//! The swaps of the last 5 minutes of one token, wallet by wallet: distinct buyers, and wallets that trade with
//! themselves. They are kept as they came and looked through at an evaluation, which meets each of them ten
//! times before it is forgotten.

use std::collections::VecDeque;

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use super::windows::{BUCKET, Window};
use crate::event::Side;

/// Most swaps that are remembered: enough for 3 a second over 5 minutes. Of a busier token the last so many
/// stand for the whole, so that one token never takes more than its share of memory.
const MOST: usize = 1_024;

/// A swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Swap {
    /// Name of the wallet.
    pub(super) wallet: u64,
    /// Quote units.
    pub(super) quote: u64,
    /// Chain time in seconds.
    pub(super) at: u32,
    /// Which side.
    pub(super) side: Side,
}

/// The last swaps of one token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recent {
    swaps: VecDeque<Swap>,
}

/// What the last 5 minutes show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Crowd {
    /// Distinct wallets that bought.
    pub(super) buyers: u32,
    /// Volume of wallets that bought and sold within the time given.
    pub(super) washed: u64,
    /// Volume of all.
    pub(super) volume: u64,
}

/// One wallet while looking through.
#[derive(Debug)]
struct Trader {
    wallet: u64,
    volume: u64,
    bought: Option<u32>,
    sold: Option<u32>,
    washed: bool,
}

/// The tables used while looking through, kept between evaluations for their memory alone: one for each power of two
/// of swaps, so that the few of most tokens are not spread over what the busiest one needed.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    traders: [HashTable<Trader>; MOST.ilog2() as usize + 1],
}

impl Scratch {
    /// An empty table for so many swaps, [`MOST`] at most.
    fn for_swaps(&mut self, swaps: usize) -> &mut HashTable<Trader> {
        let class = swaps.next_power_of_two().ilog2() as usize;
        let table = &mut self.traders[class.min(MOST.ilog2() as usize)];
        table.clear();
        table
    }
}

/// Whether a swap still belongs to the 5 minutes read in bucket `current`.
fn inside(swap: &Swap, current: u32) -> bool {
    let bucket = swap.at / u32::try_from(BUCKET).unwrap_or(1);
    bucket + Window::Five.buckets() > current
}

impl Recent {
    /// Remembers a swap, and forgets what left the window.
    pub(super) fn record(&mut self, swap: Swap, current: u32) {
        while self.swaps.front().is_some_and(|old| !inside(old, current)) {
            self.swaps.pop_front();
        }
        if self.swaps.len() == MOST {
            self.swaps.pop_front();
        }
        self.swaps.push_back(swap);
    }

    /// Takes back the last swap of this wallet at that time and side.
    pub(super) fn take_back(&mut self, wallet: u64, at: u32, side: Side) {
        let same = |swap: &Swap| swap.wallet == wallet && swap.at == at && swap.side == side;
        if let Some(place) = self.swaps.iter().rposition(same) {
            self.swaps.remove(place);
        }
    }

    /// Looks through the swaps of the 5 minutes read in bucket `current`. A wallet that bought and sold at most
    /// `within` seconds apart counts with all that it traded.
    pub(super) fn crowd(&self, current: u32, within: u32, scratch: &mut Scratch) -> Crowd {
        let traders = scratch.for_swaps(self.swaps.len());
        let mut crowd = Crowd::default();
        for swap in self.swaps.iter().filter(|swap| inside(swap, current)) {
            let new = || Trader { wallet: swap.wallet, volume: 0, bought: None, sold: None, washed: false };
            let found =
                traders.entry(swap.wallet, |trader| trader.wallet == swap.wallet, |trader| trader.wallet);
            let mut entry = found.or_insert_with(new);
            let trader = entry.get_mut();
            let other = if swap.side == Side::Buy { trader.sold } else { trader.bought };
            if swap.side == Side::Buy && trader.bought.is_none() {
                crowd.buyers += 1;
            }
            let own = if swap.side == Side::Buy { &mut trader.bought } else { &mut trader.sold };
            *own = Some(own.map_or(swap.at, |at| at.max(swap.at)));
            trader.volume = trader.volume.wrapping_add(swap.quote);
            crowd.volume = crowd.volume.wrapping_add(swap.quote);
            if trader.washed {
                crowd.washed = crowd.washed.wrapping_add(swap.quote);
            } else if other.is_some_and(|other| other.abs_diff(swap.at) <= within) {
                trader.washed = true;
                crowd.washed = crowd.washed.wrapping_add(trader.volume);
            }
        }
        crowd
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(swaps: &[(u64, u32, Side, u64)], current: u32) -> Crowd {
        let mut recent = Recent::default();
        for (wallet, at, side, quote) in swaps {
            recent.record(Swap { wallet: *wallet, quote: *quote, at: *at, side: *side }, at / 10);
        }
        recent.crowd(current, 60, &mut Scratch::default())
    }

    #[test]
    fn a_wallet_that_bought_and_sold_within_a_minute_counts_with_all_its_volume() {
        let swaps = [
            (1, 1_000, Side::Buy, 5),
            (2, 1_000, Side::Buy, 7),
            (1, 1_060, Side::Sell, 3),
            (1, 1_200, Side::Buy, 2),
        ];
        assert_eq!(crowd(&swaps, 120), Crowd { buyers: 2, washed: 10, volume: 17 });
    }

    #[test]
    fn a_second_more_than_a_minute_apart_is_no_wash() {
        let swaps = [(1, 1_000, Side::Buy, 5), (1, 1_061, Side::Sell, 3)];
        assert_eq!(crowd(&swaps, 106), Crowd { buyers: 1, washed: 0, volume: 8 });
    }

    #[test]
    fn buyers_are_distinct_and_leave_with_the_window() {
        let swaps = [
            (1, 1_000, Side::Buy, 1),
            (1, 1_001, Side::Buy, 1),
            (2, 1_010, Side::Buy, 1),
            (3, 1_010, Side::Sell, 1),
        ];
        assert_eq!(crowd(&swaps, 129).buyers, 2);
        assert_eq!(crowd(&swaps, 130).buyers, 1);
        assert_eq!(crowd(&swaps, 131), Crowd::default());
    }

    #[test]
    fn the_busiest_token_is_measured_by_its_last_swaps() {
        let swaps: Vec<_> = (0..2_000).map(|wallet| (wallet, 1_000, Side::Buy, 1)).collect();
        assert_eq!(crowd(&swaps, 100).buyers, 1_024);
    }
}
