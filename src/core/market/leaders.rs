//! The largest few of many, kept sorted without looking at the many: ten largest holders, top tokens.
//!
//! Only candidates are kept, and the largest key that ever fell out since the last rebuild (`floor`): whatever
//! is not a candidate is at most that. A change below the floor costs one comparison. When too few candidates
//! are left to answer, the caller rebuilds from all, which is rare since a rebuild takes in `keep` of them.

use serde::{Deserialize, Serialize};

/// The largest keys of a changing set. Keys are unique: they end with the identity of what they stand for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leaders<K> {
    /// Candidates, largest first.
    best: Vec<K>,
    /// Everything that is no candidate is at most this; none where everything is a candidate.
    floor: Option<K>,
}

impl<K> Default for Leaders<K> {
    fn default() -> Self {
        Self { best: Vec::new(), floor: None }
    }
}

impl<K: Ord + Copy> Leaders<K> {
    /// Replaces one key by another (or adds, or removes). `true`: fewer than `need` candidates are left though
    /// there are others: rebuild before reading.
    pub(super) fn change(&mut self, old: Option<K>, new: Option<K>, need: usize, keep: usize) -> bool {
        if let Some(place) = old.and_then(|old| self.place(&old)) {
            self.best.remove(place);
        }
        if let Some(new) = new.filter(|new| self.floor.is_none_or(|floor| *new > floor)) {
            let place = self.best.partition_point(|key| *key > new);
            self.best.insert(place, new);
            if self.best.len() > keep {
                self.floor = self.best.pop();
            }
        } else if new.is_none() && old.is_none() {
            return false;
        }
        self.best.len() < need && self.floor.is_some()
    }

    /// Starts again from everything there is.
    pub(super) fn rebuild(&mut self, all: impl Iterator<Item = K>, keep: usize) {
        self.best.clear();
        self.best.extend(all);
        self.floor = None;
        if self.best.len() > keep {
            let (_, largest_left, _) = self.best.select_nth_unstable_by(keep, |a, b| b.cmp(a));
            self.floor = Some(*largest_left);
            self.best.truncate(keep);
            self.best.shrink_to_fit();
        }
        self.best.sort_unstable_by(|a, b| b.cmp(a));
    }

    /// The candidates, largest first.
    pub(super) fn best(&self) -> &[K] {
        &self.best
    }

    /// The place of `key`, from 0.
    pub(super) fn place(&self, key: &K) -> Option<usize> {
        self.best.binary_search_by(|probe| key.cmp(probe)).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn leaders_are_the_largest_of_all_whatever_changes(
            changes in prop::collection::vec((0_u8..30, prop::option::of(0_u16..50)), 1..200)
        ) {
            let (need, keep) = (3, 6);
            let mut leaders = Leaders::default();
            let mut all: BTreeMap<u8, u16> = BTreeMap::new();
            for (id, value) in changes {
                let old = match value {
                    Some(value) => all.insert(id, value),
                    None => all.remove(&id),
                };
                if leaders.change(old.map(|v| (v, id)), value.map(|v| (v, id)), need, keep) {
                    leaders.rebuild(all.iter().map(|(id, v)| (*v, *id)), keep);
                }
                let mut expected: Vec<_> = all.iter().map(|(id, v)| (*v, *id)).collect();
                expected.sort_unstable_by(|a, b| b.cmp(a));
                let read = |keys: &[(u16, u8)]| keys.iter().take(need).copied().collect::<Vec<_>>();
                prop_assert_eq!(read(leaders.best()), read(&expected));
            }
        }
    }
}
