//! Who holds how much of one token, as its trades tell.
//!
//! Balances lie densely in the order in which wallets came, so that nothing depends on the order of a hash
//! table; few of them are searched through, many get an index.

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use super::leaders::Leaders;
use crate::event::Side;

/// Largest holders that the shares are about.
pub(super) const LARGEST: usize = 10;
/// Candidates kept for them.
const CANDIDATES: usize = 2 * LARGEST;
/// Balances up to which looking through all is cheaper than an index.
const FEW: usize = 16;
/// Balances from which the largest are kept sorted.
const MANY: usize = 32;

/// A balance. The wallet is named by a hash of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Holding {
    tokens: u64,
    wallet: u64,
}

/// The balances of one token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Holders {
    list: Vec<Holding>,
    /// Places in `list` by wallet, once there are more than a few. Made anew where it is missing.
    #[serde(skip)]
    index: Option<Box<HashTable<u32>>>,
    /// The largest, once there are many.
    largest: Option<Box<Leaders<Holding>>>,
    /// A wallet sold more than it was known to hold: not every balance is known.
    clamped: bool,
}

/// What a change of a balance did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Tokens held before.
    pub(super) before: u64,
    /// Tokens held after.
    pub(super) after: u64,
}

impl Change {
    /// Change of the number of holders.
    pub(super) const fn holders(self) -> i32 {
        (self.after > 0) as i32 - (self.before > 0) as i32
    }
}

impl Holders {
    /// Follows a trade. A sale above the known balance clamps to zero, and the balances are no longer whole.
    pub(super) fn trade(&mut self, wallet: u64, side: Side, tokens: u64) -> Change {
        self.change(wallet, |before| match side {
            Side::Buy => (before.saturating_add(tokens), false),
            Side::Sell => (before.saturating_sub(tokens), tokens > before),
        })
    }

    /// Takes a balance from a reading of the chain.
    pub(super) fn set(&mut self, wallet: u64, tokens: u64) -> Change {
        self.change(wallet, |_| (tokens, false))
    }

    /// What a wallet is known to hold.
    pub(super) fn of(&self, wallet: u64) -> u64 {
        self.place(wallet).map_or(0, |place| self.list[place].tokens)
    }

    /// How many hold some.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.list.len()).unwrap_or(u32::MAX)
    }

    /// Whether some sale was larger than the balance known.
    pub(super) const fn clamped(&self) -> bool {
        self.clamped
    }

    /// Sum of the ten largest balances.
    pub(super) fn largest(&self) -> u64 {
        let sum = |sum: u64, holding: &Holding| sum.saturating_add(holding.tokens);
        if let Some(largest) = &self.largest {
            return largest.best().iter().take(LARGEST).fold(0, sum);
        }
        let mut few = [0; MANY];
        for (slot, holding) in few.iter_mut().zip(&self.list) {
            *slot = holding.tokens;
        }
        let few = &mut few[..self.list.len().min(MANY)];
        if few.len() > LARGEST {
            few.select_nth_unstable_by(LARGEST, |a, b| b.cmp(a));
        }
        few.iter().take(LARGEST).fold(0, |sum, tokens| sum.saturating_add(*tokens))
    }

    fn change(&mut self, wallet: u64, change: impl FnOnce(u64) -> (u64, bool)) -> Change {
        if self.index.is_none() && self.list.len() > FEW {
            self.index_all();
        }
        let place = self.place(wallet);
        let before = place.map_or(0, |place| self.list[place].tokens);
        let (after, clamped) = change(before);
        self.clamped |= clamped;
        match place {
            Some(place) if after == 0 => self.remove(place),
            Some(place) => self.list[place].tokens = after,
            None if after == 0 => {}
            None => self.insert(Holding { wallet, tokens: after }),
        }
        self.rank(wallet, before, after);
        Change { before, after }
    }

    fn rank(&mut self, wallet: u64, before: u64, after: u64) {
        let held = |tokens: u64| (tokens > 0).then_some(Holding { tokens, wallet });
        match &mut self.largest {
            None if self.list.len() <= MANY => {}
            None => {
                let mut largest = Box::<Leaders<Holding>>::default();
                largest.rebuild(self.list.iter().copied(), CANDIDATES);
                self.largest = Some(largest);
            }
            Some(largest) => {
                if largest.change(held(before), held(after), LARGEST, CANDIDATES) {
                    largest.rebuild(self.list.iter().copied(), CANDIDATES);
                }
            }
        }
    }

    fn place(&self, wallet: u64) -> Option<usize> {
        match &self.index {
            Some(index) => {
                let place = index.find(wallet, |place| self.list[*place as usize].wallet == wallet)?;
                Some(*place as usize)
            }
            None => self.list.iter().position(|holding| holding.wallet == wallet),
        }
    }

    fn insert(&mut self, holding: Holding) {
        let Ok(place) = u32::try_from(self.list.len()) else { return };
        self.list.push(holding);
        if let Some(index) = &mut self.index {
            let list = &self.list;
            index.insert_unique(holding.wallet, place, |place| list[*place as usize].wallet);
        } else if self.list.len() > FEW {
            self.index_all();
        }
    }

    fn remove(&mut self, place: usize) {
        let last = self.list.len() - 1;
        if let Some(index) = &mut self.index {
            let list = &self.list;
            let at = |wanted: usize| move |place: &u32| *place as usize == wanted;
            if let Ok(entry) = index.find_entry(list[place].wallet, at(place)) {
                entry.remove();
            }
            // The last balance takes the free place.
            if let (true, Some(moved)) = (last != place, index.find_mut(list[last].wallet, at(last))) {
                *moved = u32::try_from(place).unwrap_or(u32::MAX);
            }
        }
        self.list.swap_remove(place);
    }

    fn index_all(&mut self) {
        let list = &self.list;
        let mut index = HashTable::with_capacity(list.len());
        for (holding, place) in list.iter().zip(0_u32..) {
            index.insert_unique(holding.wallet, place, |place| list[*place as usize].wallet);
        }
        self.index = Some(Box::new(index));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sale_above_the_known_balance_clamps_and_says_so() {
        let mut holders = Holders::default();
        holders.trade(1, Side::Buy, 100);
        assert_eq!(holders.trade(1, Side::Sell, 100), Change { before: 100, after: 0 });
        assert!(!holders.clamped());
        holders.trade(1, Side::Buy, 100);
        assert_eq!(holders.trade(1, Side::Sell, 101), Change { before: 100, after: 0 });
        assert!(holders.clamped());
    }

    proptest! {
        #[test]
        fn balances_and_the_ten_largest_equal_a_naive_recomputation(
            trades in prop::collection::vec((0_u64..70, any::<bool>(), 1_u64..1_000), 1..400)
        ) {
            let (mut holders, mut naive) = (Holders::default(), BTreeMap::<u64, u64>::new());
            for (step, (wallet, buy, tokens)) in trades.into_iter().enumerate() {
                let wallet = wallet.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let side = if buy { Side::Buy } else { Side::Sell };
                let before = naive.remove(&wallet).unwrap_or(0);
                let after = if buy { before + tokens } else { before.saturating_sub(tokens) };
                if after > 0 {
                    naive.insert(wallet, after);
                }
                prop_assert_eq!(holders.trade(wallet, side, tokens), Change { before, after });
                if step % 50 == 49 {
                    // A snapshot brings everything but the index, which makes itself anew.
                    holders = postcard::from_bytes(&postcard::to_stdvec(&holders).unwrap()).unwrap();
                }
                let mut largest: Vec<u64> = naive.values().copied().collect();
                largest.sort_unstable_by(|a, b| b.cmp(a));
                prop_assert_eq!(holders.largest(), largest.iter().take(10).sum::<u64>());
                prop_assert_eq!(holders.count() as usize, naive.len());
                prop_assert_eq!(holders.of(wallet), after);
            }
        }
    }
}
