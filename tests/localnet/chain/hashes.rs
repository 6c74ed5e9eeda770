//! The blockhashes that transactions may name: of the last 150 blocks, each with its height.

use std::collections::VecDeque;

use sha2::{Digest, Sha256};

/// Blocks after the one that a transaction names in which it may land.
pub(crate) const LIFE: u64 = 150;

/// The hashes of the last blocks.
#[derive(Clone, Debug)]
pub(crate) struct Hashes {
    /// With their heights, oldest first.
    ring: VecDeque<(u64, [u8; 32])>,
    /// Blocks that forks took back: those in their place have other hashes.
    forgotten: u64,
}

impl Hashes {
    pub(crate) fn new(seed: u64) -> Self {
        Self { ring: VecDeque::from([(0, Sha256::digest(seed.to_le_bytes()).into())]), forgotten: 0 }
    }

    /// Adds the hash of the block at the next height.
    pub(crate) fn grow(&mut self) {
        let (height, last) = self.last();
        let mut next = Sha256::new().chain_update(last).chain_update((height + 1).to_le_bytes());
        if self.forgotten > 0 {
            next.update(self.forgotten.to_le_bytes());
        }
        self.ring.push_back((height + 1, next.finalize().into()));
        // Twice the life: nodes that lag still tell of what their slot knew.
        if self.ring.len() > 2 * 150 {
            self.ring.pop_front();
        }
    }

    /// Forgets the hash of the newest block: a fork took it back.
    pub(crate) fn shrink(&mut self) {
        if self.ring.len() > 1 {
            self.ring.pop_back();
            self.forgotten += 1;
        }
    }

    fn last(&self) -> (u64, [u8; 32]) {
        *self.ring.back().unwrap()
    }

    /// The newest hash and the last height that takes it.
    pub(crate) fn newest(&self) -> ([u8; 32], u64) {
        let (height, hash) = self.last();
        (hash, height + LIFE)
    }

    /// The hash at a height, and the last height that takes it.
    pub(crate) fn at(&self, height: u64) -> ([u8; 32], u64) {
        let found = self.ring.iter().rev().find(|(at, _)| *at <= height);
        let (height, hash) = *found.unwrap_or(&self.ring[0]);
        (hash, height + LIFE)
    }

    /// The last height that takes a hash.
    pub(crate) fn last_height(&self, hash: &[u8; 32]) -> Option<u64> {
        self.ring.iter().rev().find(|(_, known)| known == hash).map(|(at, _)| at + LIFE)
    }

    /// Whether a node that knows of this height and no more takes a transaction that names this hash: it knows the
    /// block, and the next one takes it.
    pub(crate) fn known_at(&self, hash: &[u8; 32], height: u64) -> bool {
        self.good_at(hash, height) && self.good_at(hash, height + 1)
    }

    /// Whether a block at this height takes a transaction that names this hash.
    pub(crate) fn good_at(&self, hash: &[u8; 32], height: u64) -> bool {
        self.last_height(hash).is_some_and(|last| height <= last && height + LIFE >= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_in_the_place_of_one_that_a_fork_took_back_has_another_hash() {
        let mut hashes = Hashes::new(7);
        hashes.grow();
        let (dropped, last) = hashes.newest();
        hashes.shrink();
        assert!(!hashes.good_at(&dropped, 1));
        hashes.grow();
        assert!(hashes.newest().0 != dropped && hashes.newest().1 == last);
        assert!(!hashes.good_at(&dropped, 2));
    }

    #[test]
    fn a_hash_is_good_for_the_150_blocks_behind_it() {
        let mut hashes = Hashes::new(7);
        hashes.grow();
        let (hash, last) = hashes.newest();
        assert_eq!(last, 151);
        for _ in 0..200 {
            hashes.grow();
        }
        assert!(hashes.good_at(&hash, 2));
        assert!(hashes.good_at(&hash, 151));
        assert!(!hashes.good_at(&hash, 152));
        assert!(!hashes.good_at(&[0; 32], 2));
        let known = [0, 1, 150, 151].map(|height| hashes.known_at(&hash, height));
        assert_eq!(known, [false, true, true, false]);
        assert_eq!(hashes.at(1), (hash, 151));
    }
}
