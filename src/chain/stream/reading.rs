//! From transactions to market events: each once, with the pools known so far.

use std::collections::HashMap;

use momentum_core::event::{MarketEvent, MarketKind, Quote, Reserves};
use momentum_core::ids::{Mint, PoolId};
use momentum_core::time::ChainTime;
use momentum_pump::address::canonical_pool;
use momentum_pump::decode::{Counts, Outcome, PoolMints, decode};
use momentum_pump::programs::WRAPPED_SOL;
use momentum_pump::transaction::Transaction;

use super::seen::Seen;

/// Pools whose mints are remembered. Beyond it all but the followed ones are forgotten, and learned again as they
/// trade: only logs and routes need them.
const POOLS: usize = 65_536;

/// Reads transactions.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) counts: Counts,
    pub(super) duplicates: u64,
    seen: Seen,
    pools: HashMap<PoolId, PoolMints>,
    followed: HashMap<PoolId, PoolMints>,
    /// Newest chain time of all that came.
    at: Option<ChainTime>,
    events: Vec<MarketEvent>,
}

impl Reading {
    /// The market events of a transaction that did not come before, in their order.
    pub(super) fn read(&mut self, transaction: &impl Transaction) -> &mut Vec<MarketEvent> {
        let Self { counts, duplicates, seen, pools, followed, events, .. } = self;
        events.clear();
        let slot = transaction.slot().unwrap_or_default();
        decode(
            transaction,
            |pool| pools.get(pool).or_else(|| followed.get(pool)).copied(),
            |outcome| {
                counts.add(&outcome);
                if let Outcome::Decoded(event) = outcome {
                    if seen.news(&event.signature, event.ordinal, slot) {
                        events.push(event);
                    } else {
                        *duplicates += 1;
                    }
                }
            },
        );
        self.learn();
        &mut self.events
    }

    /// Whether an event that was not read here (a filled one) is news.
    pub(super) fn news(&mut self, event: &MarketEvent) -> bool {
        let news = self.seen.news(&event.signature, event.ordinal, event.slot.unwrap_or_default());
        self.duplicates += u64::from(!news);
        news
    }

    /// A block told its time.
    pub(super) fn time(&mut self, at: ChainTime) {
        self.at = self.at.max(Some(at));
    }

    /// The newest chain time known: that of a block that has not told its own yet, to the second.
    pub(super) const fn at(&self) -> Option<ChainTime> {
        self.at
    }

    /// The pools of these tokens are followed: their mints are known from here on. Returns the pools.
    pub(super) fn follow<'a>(&mut self, mints: impl IntoIterator<Item = &'a Mint>) -> Vec<PoolId> {
        let pool = |mint: &Mint| {
            let known = self.followed.iter().find(|(_, mints)| mints.base == mint.0);
            let pool = known.map_or_else(|| PoolId(canonical_pool(&mint.0)), |(pool, _)| *pool);
            (pool, PoolMints { base: mint.0, quote: WRAPPED_SOL })
        };
        self.followed = mints.into_iter().map(pool).collect();
        let mut pools: Vec<_> = self.followed.keys().copied().collect();
        pools.sort_unstable();
        pools
    }

    /// Remembers the pools and times that the events tell of.
    fn learn(&mut self) {
        for event in &self.events {
            self.at = self.at.max(Some(event.at));
            if let Some((pool, mints)) = pool_of(event) {
                if self.pools.len() >= POOLS && !self.pools.contains_key(&pool) {
                    self.pools.clear();
                }
                self.pools.insert(pool, mints);
            }
        }
    }
}

/// The pool that an event tells of, with its mints.
fn pool_of(event: &MarketEvent) -> Option<(PoolId, PoolMints)> {
    let (pool, quote) = match &event.kind {
        MarketKind::PoolOpened { pool, quote, .. } | MarketKind::Migrated { pool, quote, .. } => {
            (*pool, *quote)
        }
        MarketKind::Traded(traded) => match traded.reserves {
            Reserves::Pool { pool, .. } => (pool, traded.quote),
            Reserves::Curve(_) => return None,
        },
        MarketKind::Launched(_) | MarketKind::Completed { .. } => return None,
    };
    let quote = match quote {
        Quote::Sol => WRAPPED_SOL,
        Quote::Other(mint) => mint.0,
    };
    Some((pool, PoolMints { base: event.mint.0, quote }))
}
