//! Chance without a generator: each draw is a hash of what it is about.
//!
//! A running generator would let an order of one token change the luck of another, and a restart change the
//! luck of all. These draws depend on the seed, the token, the side and how often we tried it, on nothing else.

use std::time::Duration;

use momentum_core::action::Order;
use momentum_core::event::Side;
use momentum_core::units::Bps;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::paper::Paper;

/// What becomes of a sent transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It lands after this time.
    Lands(Duration),
    /// It lands after this time and fails.
    Fails(Duration),
    /// It never lands.
    Lost,
}

/// The draws of one attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draws<'a> {
    paper: &'a Paper,
    order: &'a Order,
}

impl<'a> Draws<'a> {
    pub(super) const fn new(paper: &'a Paper, order: &'a Order) -> Self {
        Self { paper, order }
    }

    /// What becomes of the transaction once sent.
    pub(super) fn fate(&self) -> Fate {
        let chance = self.below("fate", 10_000);
        let (lost, failed) = (u64::from(self.paper.lost.0), u64::from(self.paper.failed.0));
        if chance < lost {
            Fate::Lost
        } else if chance < lost + failed {
            Fate::Fails(self.latency())
        } else {
            Fate::Lands(self.latency())
        }
    }

    /// How much worse than the state of arrival a backtest fills it.
    pub(super) fn slippage(&self) -> Bps {
        let most = match self.order.swap.side() {
            Side::Buy => self.paper.entry_slippage_max,
            Side::Sell => self.paper.exit_slippage_max,
        };
        // The draw is at most `most`, so it fits.
        Bps(u16::try_from(self.below("slippage", u64::from(most.0) + 1)).unwrap_or(most.0))
    }

    fn latency(&self) -> Duration {
        let spread = self.paper.latency_max.saturating_sub(self.paper.latency_min);
        let micros = u64::try_from(spread.as_micros()).unwrap_or(u64::MAX - 1);
        self.paper.latency_min + Duration::from_micros(self.below("latency", micros + 1))
    }

    /// An even draw in `0..end`: the hash's first 64 bits as a fraction of 2⁶⁴, times `end`, floored.
    fn below(&self, what: &str, end: u64) -> u64 {
        let mut sha = Sha256::new();
        sha.update(self.paper.seed.to_le_bytes());
        sha.update(self.order.mint.0.as_bytes());
        sha.update([match self.order.swap.side() {
            Side::Buy => 0,
            Side::Sell => 1,
        }]);
        sha.update(self.order.draw.to_le_bytes());
        sha.update(what);
        let hash: [u8; 32] = sha.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        let draw = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        // The product's upper half is below `end`, which is a u64.
        u64::try_from((u128::from(draw) * u128::from(end)) >> 64).unwrap_or(0)
    }
}
