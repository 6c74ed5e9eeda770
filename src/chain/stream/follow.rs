//! Which tokens' pools are wanted beside the bonding curves: edited live.

use std::collections::BTreeSet;

use momentum_core::ids::Mint;
use tokio::sync::watch;

/// Says which tokens' pools are wanted. Clones speak of the same set.
#[derive(Clone, Debug)]
pub struct FollowHandle {
    mints: watch::Sender<BTreeSet<Mint>>,
    most: usize,
}

impl FollowHandle {
    pub(super) fn new(most: usize) -> (Self, watch::Receiver<BTreeSet<Mint>>) {
        let (mints, follows) = watch::channel(BTreeSet::new());
        (Self { mints, most }, follows)
    }

    /// Streams this token's pool too. `false` where `source.follow_max` are followed already.
    pub fn follow(&self, mint: Mint) -> bool {
        let mut room = true;
        self.mints.send_if_modified(|mints| {
            room = mints.len() < self.most || mints.contains(&mint);
            room && mints.insert(mint)
        });
        room
    }

    /// No longer.
    pub fn unfollow(&self, mint: Mint) {
        self.mints.send_if_modified(|mints| mints.remove(&mint));
    }

    /// How many are followed.
    #[must_use]
    pub fn count(&self) -> usize {
        self.mints.borrow().len()
    }
}

#[cfg(test)]
mod tests {
    use momentum_core::ids::Pubkey;

    use super::*;

    #[test]
    fn no_more_are_followed_than_there_is_room_for() {
        let (follow, mut follows) = FollowHandle::new(2);
        let mint = |n| Mint(Pubkey([n; 32]));
        assert!(follow.follow(mint(1)) && follow.follow(mint(2)));
        assert!(follow.follow(mint(2)), "followed already");
        assert!(!follow.follow(mint(3)));
        follows.mark_unchanged();
        follow.unfollow(mint(3));
        assert!(!follows.has_changed().unwrap(), "nothing changed");
        follow.unfollow(mint(1));
        assert!(follows.has_changed().unwrap());
        assert!(follow.clone().follow(mint(3)));
        assert_eq!(follow.count(), 2);
    }
}
