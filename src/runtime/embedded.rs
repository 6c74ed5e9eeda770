//! The embedded market as a source that a snapshot can hold, whatever was taken out of it and not yet played.

use momentum_core::event::Event;
use momentum_core::time::Timestamp;
use momentum_sim::clocked::Clocked;
use momentum_sim::market::{EmbeddedMarket, SimKeys};
use serde::{Deserialize, Serialize};

/// The market with its ticks, and what was looked at ahead.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Embedded {
    market: Clocked<EmbeddedMarket>,
    ahead: Option<(Timestamp, Event)>,
}

impl Embedded {
    /// The market that this seed names, from its beginning.
    #[must_use]
    pub fn new(seed: u64, keys: &SimKeys) -> Self {
        Self { market: Clocked::new(EmbeddedMarket::new(seed, keys)), ahead: None }
    }

    /// The next event, where it is wanted at its time; else it stays.
    pub fn next_if(&mut self, wanted: impl FnOnce(Timestamp) -> bool) -> Option<(Timestamp, Event)> {
        let next = self.ahead.take().or_else(|| self.market.next())?;
        if wanted(next.0) {
            return Some(next);
        }
        self.ahead = Some(next);
        None
    }

    /// Puts back what was taken out last.
    pub fn put_back(&mut self, event: (Timestamp, Event)) {
        self.ahead = Some(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_wanted_or_put_back_is_the_next_all_the_same() {
        let (mut plain, mut other) =
            (Embedded::new(7, &SimKeys::default()), Embedded::new(7, &SimKeys::default()));
        for nth in 0..500 {
            let expected = plain.next_if(|_| true).unwrap();
            assert_eq!(other.next_if(|_| false), None);
            if nth % 3 == 0 {
                let taken = other.next_if(|_| true).unwrap();
                other.put_back(taken);
            }
            if nth % 50 == 0 {
                other = postcard::from_bytes(&postcard::to_stdvec(&other).unwrap()).unwrap();
            }
            assert_eq!(other.next_if(|_| true), Some(expected));
        }
    }
}
