//! The swaps of the last 5 minutes of one token, wallet by wallet: distinct buyers, and wallets that trade with
//! themselves. They are kept as they came and looked through at an evaluation, which meets each of them ten
//! times before it is forgotten: so a wallet is looked up once, when it swaps, and goes by a number from then on.

use std::collections::VecDeque;

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use super::windows::{BUCKET, Window};
use crate::event::Side;

/// Most swaps that are remembered: enough for 3 a second over 5 minutes. Of a busier token the last so many
/// stand for the whole, so that one token never takes more than its share of memory.
const MOST: usize = 1_024;

/// A swap.
#[derive(Clone, Copy, Debug)]
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

/// A swap as it is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    quote: u64,
    at: u32,
    trader: u16,
    side: Side,
}

/// The last swaps of one token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recent {
    swaps: VecDeque<Kept>,
    traders: Traders,
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
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    volume: u64,
    /// Latest buy and latest sale, a second later than they were; zero where there was none.
    latest: [u32; 2],
    washed: bool,
}

/// The tallies used while looking through, by the trader's number; kept between evaluations for their memory alone.
#[derive(Debug, Default)]
pub(super) struct Scratch(Vec<Tally>);

/// Chain time from which a swap belongs to the 5 minutes read in bucket `current`.
fn window_start(current: u32) -> u32 {
    let first = current.saturating_add(1).saturating_sub(Window::Five.buckets());
    first.saturating_mul(u32::try_from(BUCKET).unwrap_or(1))
}

impl Recent {
    /// Remembers a swap, and forgets what left the window.
    pub(super) fn record(&mut self, swap: Swap, current: u32) {
        let start = window_start(current);
        while self.swaps.front().is_some_and(|old| old.at < start) || self.swaps.len() >= MOST {
            let Some(old) = self.swaps.pop_front() else { break };
            self.traders.leave(old.trader);
        }
        let Swap { wallet, quote, at, side } = swap;
        self.swaps.push_back(Kept { quote, at, trader: self.traders.enter(wallet), side });
    }

    /// Takes back the last swap of this wallet at that time and side.
    pub(super) fn take_back(&mut self, wallet: u64, at: u32, side: Side) {
        let Some(trader) = self.traders.find(wallet) else { return };
        let same = |swap: &Kept| swap.trader == trader && swap.at == at && swap.side == side;
        if let Some(place) = self.swaps.iter().rposition(same) {
            self.swaps.remove(place);
            self.traders.leave(trader);
        }
    }

    /// Looks through the swaps of the 5 minutes read in bucket `current`. A wallet that bought and sold at most
    /// `within` seconds apart counts with all that it traded.
    pub(super) fn crowd(&self, current: u32, within: u32, scratch: &mut Scratch) -> Crowd {
        let (start, tallies) = (window_start(current), &mut scratch.0);
        tallies.clear();
        tallies.resize(self.traders.numbers(), Tally::default());
        // Who buys and who sells cannot be foreseen: nothing in here branches on it.
        self.swaps.iter().filter(|swap| swap.at >= start).for_each(|swap| {
            let tally = &mut tallies[usize::from(swap.trader)];
            let (at, side) = (swap.at.saturating_add(1), swap.side as usize);
            let other = tally.latest[1 - side];
            tally.latest[side] = tally.latest[side].max(at);
            tally.volume = tally.volume.wrapping_add(swap.quote);
            tally.washed |= (other > 0) & (other.abs_diff(at) <= within);
        });
        tallies.iter().fold(Crowd::default(), |crowd, tally| Crowd {
            buyers: crowd.buyers + u32::from(tally.latest[Side::Buy as usize] > 0),
            washed: crowd.washed.wrapping_add(if tally.washed { tally.volume } else { 0 }),
            volume: crowd.volume.wrapping_add(tally.volume),
        })
    }
}

/// The wallets behind the swaps that are remembered. Each has a number for as long as one of its swaps is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Traders {
    list: Vec<Trader>,
    /// Numbers that nobody has now.
    free: Vec<u16>,
    /// Where a wallet of a long list is; made when it is first asked, and of a short list never.
    #[serde(skip)]
    index: Option<Box<HashTable<u16>>>,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Trader {
    wallet: u64,
    /// Zero: its number is free.
    swaps: u16,
}

/// The index says nothing that the list does not.
impl PartialEq for Traders {
    fn eq(&self, other: &Self) -> bool {
        (&self.list, &self.free) == (&other.list, &other.free)
    }
}

impl Eq for Traders {}

impl Traders {
    /// Up to so many are looked through one by one.
    const FEW: usize = 16;

    /// All numbers given lie below this.
    const fn numbers(&self) -> usize {
        self.list.len()
    }

    /// The number of a wallet with one more swap.
    fn enter(&mut self, wallet: u64) -> u16 {
        let number = self.find(wallet).unwrap_or_else(|| self.add(wallet));
        self.list[usize::from(number)].swaps += 1;
        number
    }

    /// One swap of the wallet of this number is forgotten.
    fn leave(&mut self, number: u16) {
        let trader = &mut self.list[usize::from(number)];
        trader.swaps -= 1;
        if trader.swaps > 0 {
            return;
        }
        if let Some(index) = &mut self.index
            && let Ok(entry) = index.find_entry(trader.wallet, |known| *known == number)
        {
            entry.remove();
        }
        self.free.push(number);
        if self.free.len() == self.list.len() {
            *self = Self::default();
        }
    }

    /// The number of a wallet that has one.
    fn find(&mut self, wallet: u64) -> Option<u16> {
        if self.list.len() <= Self::FEW {
            let place = self.list.iter().position(|trader| trader.swaps > 0 && trader.wallet == wallet)?;
            return u16::try_from(place).ok();
        }
        let list = &self.list;
        let same = |number: &u16| list[usize::from(*number)].wallet == wallet;
        self.index.get_or_insert_with(|| Self::indexed(list)).find(wallet, same).copied()
    }

    fn add(&mut self, wallet: u64) -> u16 {
        let trader = Trader { wallet, swaps: 0 };
        let number = if let Some(number) = self.free.pop() {
            self.list[usize::from(number)] = trader;
            number
        } else {
            self.list.push(trader);
            // No more of them than swaps.
            u16::try_from(self.list.len() - 1).unwrap_or(u16::MAX)
        };
        if let Some(index) = &mut self.index {
            let list = &self.list;
            index.insert_unique(wallet, number, |number| list[usize::from(*number)].wallet);
        }
        number
    }

    /// Names are hashes already.
    fn indexed(list: &[Trader]) -> Box<HashTable<u16>> {
        let mut index = HashTable::with_capacity(2 * list.len());
        for (number, trader) in (0..).zip(list).filter(|(_, trader)| trader.swaps > 0) {
            index.insert_unique(trader.wallet, number, |known: &u16| list[usize::from(*known)].wallet);
        }
        Box::new(index)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

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

    /// What `crowd` means, from a plain list in the order of arrival.
    fn naive(swaps: &[Swap], current: u32, within: u32) -> Crowd {
        let inside = || swaps.iter().filter(|swap| swap.at / 10 + 30 > current);
        let mut of: BTreeMap<u64, Vec<Swap>> = BTreeMap::new();
        inside().for_each(|swap| of.entry(swap.wallet).or_default().push(*swap));
        let latest = |earlier: &[Swap], side| {
            earlier.iter().filter(|swap| swap.side == side).map(|swap| swap.at).max()
        };
        let washed = |swaps: &&Vec<Swap>| {
            swaps.iter().enumerate().any(|(nth, swap)| {
                let other = if swap.side == Side::Buy { Side::Sell } else { Side::Buy };
                latest(&swaps[..nth], other).is_some_and(|at| at.abs_diff(swap.at) <= within)
            })
        };
        let buyers: BTreeSet<u64> =
            inside().filter(|swap| swap.side == Side::Buy).map(|swap| swap.wallet).collect();
        Crowd {
            buyers: u32::try_from(buyers.len()).unwrap(),
            washed: of.values().filter(washed).flatten().map(|swap| swap.quote).sum(),
            volume: inside().map(|swap| swap.quote).sum(),
        }
    }

    proptest! {
        /// Late swaps, silences, swaps taken back, a snapshot in between, few wallets and many: what is seen is
        /// what a plain list shows.
        #[test]
        fn the_crowd_equals_a_naive_recomputation(
            wallets in prop::sample::select(vec![3_u64, 16, 17, 60, 600]),
            steps in prop::collection::vec((any::<u64>(), 0_u32..100, 0_u32..50, any::<bool>(), 0_u32..12), 1..400),
        ) {
            let (mut recent, mut list, mut scratch) = (Recent::default(), Vec::new(), Scratch::default());
            let mut now = 10_000;
            for (nth, (wallet, ahead, late, buy, back)) in steps.into_iter().enumerate() {
                now += match ahead { 0 => 400, 1..50 => 0, _ => ahead % 5 };
                let side = if buy { Side::Buy } else { Side::Sell };
                let swap = Swap { wallet: wallet % wallets, quote: wallet >> 40, at: now - late, side };
                recent.record(swap, now / 10);
                list.push(swap);
                if back == 0 {
                    recent.take_back(swap.wallet, swap.at, swap.side);
                    list.pop();
                }
                if nth % 50 == 49 {
                    let snapshot = postcard::to_allocvec(&recent).unwrap();
                    let restored = postcard::from_bytes(&snapshot).unwrap();
                    prop_assert_eq!(&recent, &restored);
                    recent = restored;
                }
                prop_assert_eq!(recent.crowd(now / 10, 60, &mut scratch), naive(&list, now / 10, 60));
                prop_assert_eq!(recent.crowd(now / 10 + 7, 60, &mut scratch), naive(&list, now / 10 + 7, 60));
            }
        }
    }
}
