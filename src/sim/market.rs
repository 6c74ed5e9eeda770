//! The embedded market: a simulated pump.fun, a pure function of (seed, time), blind to our trades.
//!
//! Agents launch, buy, snipe, bundle, wash-trade, rug and graduate coins at rates like the public figures of
//! pump.fun. It begins at 2026-01-01T00:00:00Z for every seed and never ends. What it is *not*: tuned to a
//! strategy. `src/sim/market/temper.rs` says how its figures came about.
//!
//! How it works: an agenda (a heap) of what happens next to whom, in microseconds. Each coin has one entry for
//! its next trade; between slots, which come each 400 ms, the earliest entry is carried out and prints its
//! events on the tape, from which the iterator takes them one by one.

mod climate;
mod coin;
mod keys;
mod launch;
mod names;
mod tape;
mod temper;
#[cfg(test)]
mod tests;

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;

use momentum_core::event::Event;
use momentum_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use climate::Climate;
use coin::{Coin, Next};
pub use keys::{Scenario, SimKeys, Speed};
use launch::{Published, launch};
use tape::{SLOT_US, Tape};

use crate::rng::Rng;

/// When every embedded market begins: 2026-01-01T00:00:00Z.
pub const BEGINNING: Timestamp = tape::BEGINNING;

const DAY_US: u64 = 86_400_000_000;

/// Time between two rugs of the scenario of that name.
const RUGS_EVERY: Duration = Duration::from_mins(10);

/// The market: everything that its future depends on. Serialise it, go on with the copy, get the same stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EmbeddedMarket {
    keys: SimKeys,
    rng: Rng,
    tape: Tape,
    agenda: BinaryHeap<Reverse<Entry>>,
    entries: u64,
    next_slot: Timestamp,
    launches: u64,
    coins: BTreeMap<u64, Box<Coin>>,
}

/// Something that is going to happen. Ordered by time, then by when it was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    due: Timestamp,
    number: u64,
    what: What,
}

/// What is going to happen; coins by the number of their launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum What {
    /// Somebody launches a coin.
    Launch,
    /// A coin trades.
    Trade(u64),
    /// A coin's pool opens.
    Migrate(u64),
    /// A fact becomes known.
    Publish(u64, Published),
    /// The hottest coin's creator leaves (scenario).
    Rug,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.due, self.number).cmp(&(other.due, other.number))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Events with their receive times, which never go back; it has no end.
impl Iterator for EmbeddedMarket {
    type Item = (Timestamp, Event);

    fn next(&mut self) -> Option<(Timestamp, Event)> {
        loop {
            if let Some(printed) = self.tape.take() {
                return Some(printed);
            }
            self.go_on();
        }
    }
}

impl EmbeddedMarket {
    /// The market that this seed names (`keys.seed` is only its default).
    #[must_use]
    pub fn new(seed: u64, keys: &SimKeys) -> Self {
        let mut market = Self {
            keys: SimKeys { seed, ..keys.clone() },
            // Coins take the streams from 1 on.
            rng: Rng::new(seed, 0),
            tape: Tape::new(seed),
            agenda: BinaryHeap::new(),
            entries: 0,
            next_slot: BEGINNING,
            launches: 0,
            coins: BTreeMap::new(),
        };
        market.plan(BEGINNING, What::Launch);
        if keys.scenario == Scenario::Rug {
            market.plan(BEGINNING + keys.scenario_at, What::Rug);
        }
        market
    }

    /// Does what comes next: a slot, or the first entry of the agenda. At the same time the slot is first.
    fn go_on(&mut self) {
        let first = self.agenda.peek().map_or(self.next_slot, |entry| entry.0.due);
        if self.next_slot <= first {
            self.tape.advance(self.next_slot);
            self.tape.slot_seen();
            self.next_slot = Timestamp(self.next_slot.0 + SLOT_US);
        } else if let Some(Reverse(entry)) = self.agenda.pop() {
            self.tape.advance(entry.due);
            self.happen(entry.due, entry.what);
        }
    }

    fn plan(&mut self, due: Timestamp, what: What) {
        self.entries += 1;
        self.agenda.push(Reverse(Entry { due, number: self.entries, what }));
    }

    fn happen(&mut self, now: Timestamp, what: What) {
        match what {
            What::Launch => self.launch(now),
            What::Trade(number) => {
                let climate = Climate::at(now, self.keys.seed, &self.keys);
                if let Some(coin) = self.coins.get_mut(&number) {
                    let next = coin.act(now, climate, &mut self.tape);
                    self.follow(number, next);
                }
            }
            What::Migrate(number) => {
                let climate = Climate::at(now, self.keys.seed, &self.keys);
                if let Some(coin) = self.coins.get_mut(&number) {
                    coin.migrate(now, &mut self.tape);
                    let next = coin.wait(now, climate);
                    self.follow(number, next);
                }
            }
            What::Publish(number, fact) => {
                self.tape.publish(names::mint(self.keys.seed, number), fact.answer());
            }
            What::Rug => self.rug(now),
        }
    }

    fn follow(&mut self, number: u64, next: Next) {
        match next {
            Next::Trade(due) => self.plan(due, What::Trade(number)),
            Next::Migrate(due) => self.plan(due, What::Migrate(number)),
            Next::Over => {
                self.coins.remove(&number);
            }
        }
    }

    fn launch(&mut self, now: Timestamp) {
        let climate = Climate::at(now, self.keys.seed, &self.keys);
        self.launches += 1;
        let number = self.launches;
        let (mut coin, facts) = launch(number, now, &mut self.tape);
        for (due, fact) in facts {
            self.plan(due, What::Publish(number, fact));
        }
        let next = if coin.complete() { Next::Over } else { coin.wait(now, climate) };
        self.coins.insert(number, Box::new(coin));
        self.follow(number, next);
        let mean = DAY_US / self.keys.launches_per_day * 10_000 / (climate.activity * climate.launches);
        let due = now + Duration::from_micros(self.rng.exponential(mean));
        self.plan(due, What::Launch);
    }

    /// The creator of the coin nearest to the end of its curve, of those who still hold any, sells it all.
    fn rug(&mut self, now: Timestamp) {
        let hottest = self.coins.values_mut().filter(|coin| coin.stash > 0 && !coin.complete());
        if let Some(coin) = hottest.max_by_key(|coin| (coin.progress_bps(), Reverse(coin.number))) {
            coin.creator_sells(100, &mut self.tape);
        }
        self.plan(now + RUGS_EVERY, What::Rug);
    }
}
