//! Where the metadata of the latest tokens are, and what was read there: so many, the oldest forgotten first.

use std::collections::{HashMap, VecDeque};

use momentum_core::ids::Mint;

use super::links::Social;

/// A longer URI is none that would be fetched.
const URI_MAX: usize = 512;

/// What is remembered.
#[derive(Debug)]
pub(super) struct Remembered {
    coins: HashMap<Mint, Coin>,
    order: VecDeque<Mint>,
    most: usize,
}

#[derive(Debug)]
struct Coin {
    uri: Box<str>,
    social: Option<Social>,
}

impl Remembered {
    /// With room for `most` tokens.
    pub(super) fn new(most: usize) -> Self {
        Self { coins: HashMap::new(), order: VecDeque::new(), most }
    }

    /// A token was launched; its first launch counts.
    pub(super) fn launched(&mut self, mint: Mint, uri: &str) {
        if self.most == 0 || uri.len() > URI_MAX || self.coins.contains_key(&mint) {
            return;
        }
        if self.order.len() == self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.coins.remove(&oldest);
        }
        self.order.push_back(mint);
        self.coins.insert(mint, Coin { uri: uri.into(), social: None });
    }

    /// The metadata of a token were read.
    pub(super) fn met(&mut self, mint: Mint, uri: &str, social: &Social) {
        self.launched(mint, uri);
        if let Some(coin) = self.coins.get_mut(&mint) {
            coin.social = Some(social.clone());
        }
    }

    /// Where the metadata of a token are.
    pub(super) fn uri(&self, mint: &Mint) -> Option<String> {
        self.coins.get(mint).map(|coin| coin.uri.to_string())
    }

    /// What its metadata said.
    pub(super) fn social(&self, mint: &Mint) -> Option<Social> {
        self.coins.get(mint)?.social.clone()
    }
}

#[cfg(test)]
mod tests {
    use momentum_core::ids::Pubkey;

    use super::*;

    #[test]
    fn the_oldest_is_forgotten_and_the_first_launch_counts() {
        let mint = |n| Mint(Pubkey([n; 32]));
        let mut remembered = Remembered::new(2);
        for (n, uri) in [(1, "a"), (2, "b"), (2, "other"), (3, "c")] {
            remembered.launched(mint(n), uri);
        }
        remembered.launched(mint(4), &"x".repeat(600));
        assert_eq!(
            [1, 2, 3, 4].map(|n| remembered.uri(&mint(n))),
            [None, Some("b".into()), Some("c".into()), None]
        );
        remembered.met(mint(3), "c", &Social::default());
        assert_eq!(remembered.social(&mint(3)), Some(Social::default()));
        assert_eq!(remembered.social(&mint(2)), None);
        assert_eq!(remembered.coins.len(), remembered.order.len());
    }
}
