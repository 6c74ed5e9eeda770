//! Counts by what was counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How often each of a few things happened, in their order. All of it is one piece of memory: it is copied with each
/// order, beside the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    from = "BTreeMap<K, u64>",
    into = "BTreeMap<K, u64>",
    bound(serialize = "K: Ord + Clone + Serialize")
)]
#[serde(bound(deserialize = "K: Ord + Deserialize<'de>"))]
pub struct Tally<K>(Vec<(K, u64)>);

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord> Tally<K> {
    /// Counts one more of `key`.
    pub fn count(&mut self, key: K) {
        match self.0.binary_search_by(|(counted, _)| counted.cmp(&key)) {
            Ok(place) => self.0[place].1 += 1,
            Err(place) => self.0.insert(place, (key, 1)),
        }
    }

    /// How often all of them happened.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

impl<K: Ord> From<BTreeMap<K, u64>> for Tally<K> {
    fn from(counts: BTreeMap<K, u64>) -> Self {
        Self(counts.into_iter().collect())
    }
}

impl<K: Ord> From<Tally<K>> for BTreeMap<K, u64> {
    fn from(tally: Tally<K>) -> Self {
        tally.0.into_iter().collect()
    }
}
