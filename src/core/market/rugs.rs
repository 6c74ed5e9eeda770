//! Creators who left their buyers with nothing, and how often.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::ids::Wallet;

/// Creators remembered; beyond that the one first recorded is forgotten.
const CREATORS: usize = 100_000;

/// Rugs by creator.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Rugs {
    counts: BTreeMap<Wallet, u32>,
    /// Creators in the order of their first rug.
    order: VecDeque<Wallet>,
}

impl Rugs {
    /// Records one; says how many it makes.
    pub(super) fn record(&mut self, creator: Wallet) -> u32 {
        let count = self.counts.entry(creator).or_insert(0);
        *count = count.saturating_add(1);
        let count = *count;
        if count == 1 {
            self.order.push_back(creator);
            if self.order.len() > CREATORS
                && let Some(first) = self.order.pop_front()
            {
                self.counts.remove(&first);
            }
        }
        count
    }

    /// How many are recorded.
    pub(super) fn of(&self, creator: &Wallet) -> u32 {
        self.counts.get(creator).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Pubkey;

    #[test]
    fn the_table_of_creators_is_bounded_and_forgets_the_first() {
        let creator = |n: usize| {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&n.to_le_bytes());
            Wallet(Pubkey(key))
        };
        let mut rugs = Rugs::default();
        for n in 0..=CREATORS {
            assert_eq!(rugs.record(creator(n)), 1);
        }
        assert_eq!(rugs.of(&creator(0)), 0);
        assert_eq!(rugs.record(creator(CREATORS)), 2);
        assert_eq!(rugs.counts.len(), CREATORS);
    }
}
