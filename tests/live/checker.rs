//! What the chain did against what the store says: the chain's ledger and the tables of the store are read, and
//! nothing of the engine.
//!
//! It may look at any moment, whether the bot lives or not and whatever is in flight: an attempt that landed while
//! the store still waits for its end is taken for what the store will book. So every comparison is exact, to the
//! token and to the lamport.

mod ledger;
mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use momentum_core::ids::{Pubkey, Signature};
use momentum_localnet::chain::Chain;
use tokio::runtime::Handle;

use super::trading::Stage;
use crate::running::Place;
use ledger::{Ours, fills, holds, known, moved_by};
use store::{Fill, Held, Moved, Name, Store};

/// Compares one book with its chain, look after look.
pub(super) struct Checker {
    chain: Chain,
    database: PathBuf,
    runtime: Handle,
    wallets: Vec<Pubkey>,
    /// Transactions that another hand made with a wallet's key.
    foreign: BTreeSet<Signature>,
    /// Positions that there may be at once.
    most: usize,
    /// What earlier looks saw, none of which may be undone.
    stops: BTreeMap<Held, (i64, i64)>,
    sold: BTreeSet<(Held, i64)>,
    fills: BTreeMap<Name, Fill>,
}

/// What a look saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Positions that are open by the store.
    pub(super) open: usize,
    /// Attempts that may have left and have no end in the store.
    pub(super) in_flight: usize,
    /// Attempts whose bytes are in the store.
    pub(super) journaled: usize,
    /// How often a stop was raised.
    pub(super) raised: usize,
    /// Rungs of ladders that are sold.
    pub(super) rungs_sold: usize,
}

impl Checker {
    /// One for the book of `place` on the chain of `stage`, whose bot may hold `most` positions at once.
    pub(super) fn new(stage: &Stage, place: &Place, most: usize) -> Self {
        Self {
            chain: stage.chain.clone(),
            database: place.book().database(),
            runtime: stage.runtime.handle().clone(),
            wallets: stage.wallets(),
            foreign: BTreeSet::new(),
            most,
            stops: BTreeMap::new(),
            sold: BTreeSet::new(),
            fills: BTreeMap::new(),
        }
    }

    /// Says that this transaction of a wallet is another hand's. Lamports and tokens that it moved may be unknown
    /// to the store for a while: a settled look asks for them all the same.
    #[allow(dead_code, reason = "not every test moves money by hand")]
    pub(super) fn by_hand(&mut self, signature: Signature) {
        self.foreign.insert(signature);
    }

    /// Looks now and panics with every finding.
    pub(super) fn look(&mut self, when: &str) -> Seen {
        let (seen, findings) = self.findings();
        assert!(findings.is_empty(), "{when}:\n  {}", findings.join("\n  "));
        seen
    }

    /// The same where nothing is under way any more: every attempt has its end, and what other hands moved is booked.
    pub(super) fn look_settled(&mut self, when: &str) -> Seen {
        let seen = self.look(when);
        assert_eq!(seen.in_flight, 0, "{when}: attempts without an end");
        let store = self.read();
        for wallet in &self.wallets {
            let balance = self.chain.balance(wallet);
            assert_eq!(store.balance(wallet), i64::try_from(balance).ok(), "{when}: lamports of {wallet}");
        }
        for position in store.open() {
            let (mint, wallet) = (position.name.0.parse().unwrap(), position.wallet.parse().unwrap());
            let held = i64::try_from(self.chain.tokens(&wallet, &mint)).unwrap();
            assert!(position.bought - position.sold <= held, "{when}: a phantom position in {mint}");
        }
        seen
    }

    /// What the store says by now, compared with nothing.
    pub(super) fn seen(&self) -> Seen {
        seen(&self.read())
    }

    /// Transactions of the wallets that landed, failed ones included.
    pub(super) fn landed(&self) -> usize {
        self.chain.history(0).iter().filter(|landed| self.wallets.contains(&landed.keys()[0])).count()
    }

    /// What a look sees, and a sentence for everything that is not as it must be.
    pub(super) fn findings(&mut self) -> (Seen, Vec<String>) {
        // The chain stands still meanwhile: its slots are made by this thread.
        let store = self.read();
        let history = self.chain.history(0);
        let (mut ours, mut others) = (Vec::new(), Vec::new());
        for landed in history {
            let keys = landed.keys();
            if self.wallets.contains(&keys[0]) && !self.foreign.contains(&landed.signature) {
                let attempt = store.signed(&landed.signature.to_string());
                ours.push(Ours { wallet: keys[0], landed, attempt });
            } else if self.wallets.iter().any(|wallet| keys.contains(wallet) || holds(&landed, wallet)) {
                others.push(landed);
            }
        }
        let mut findings = Vec::new();
        let found = &mut findings;
        known(&ours, found);
        self.outcomes(&store, &ours, found);
        self.bought_once(&store, &ours, found);
        fills(&store, &ours, found);
        let moved: BTreeSet<Pubkey> =
            self.wallets.iter().flat_map(|wallet| moved_by(&others, wallet)).collect();
        for wallet in &self.wallets {
            self.tokens(wallet, &store, &ours, &moved, found);
            self.lamports(wallet, &store, &ours, &others, found);
        }
        positions(&store, &moved, found);
        self.not_undone(&store, found);
        (seen(&store), findings)
    }

    fn read(&self) -> Store {
        self.runtime.block_on(Store::read(&self.database))
    }

    /// Stops rise, rungs that were sold stay sold, fills stay what they were.
    fn not_undone(&mut self, store: &Store, found: &mut Vec<String>) {
        for position in &store.positions {
            let (mint, opened) = &position.name;
            let until = position.closed.unwrap_or(i64::MAX);
            let told = |moved: &&Moved| moved.mint == *mint && (*opened..=until).contains(&moved.at);
            let moves: Vec<(i64, i64)> = store.moved.iter().filter(told).map(|moved| moved.stop).collect();
            // What was told is rounded down to a lamport.
            let rises = |pair: &[(i64, i64)]| is_below(pair[0], (pair[1].0 - 1, pair[1].1));
            for pair in moves.windows(2).filter(|pair| !rises(pair)) {
                found.push(format!("stops: that of {mint} was raised from {:?} to {:?}", pair[0], pair[1]));
            }
            let told = moves.last().map(|(lamports, tokens)| (lamports - 1, *tokens));
            let before = self.stops.insert(position.name.clone(), position.stop);
            if before.into_iter().chain(told).any(|before| is_below(position.stop, before)) {
                found.push(format!("stops: that of {mint} fell to {:?}", position.stop));
            }
        }
        for rung in &store.rungs {
            let name = (rung.of.clone(), rung.nth);
            if rung.done {
                self.sold.insert(name);
            } else if self.sold.contains(&name) {
                found.push(format!("ladder: rung {} of {} was sold and is armed again", rung.nth, rung.of.0));
            }
        }
        for (name, before) in &self.fills {
            if store.fill(*name) != Some(before) {
                found.push(format!("fills: {name:?} is gone or another"));
            }
        }
        self.fills = store.fills.iter().map(|fill| (fill.name, fill.clone())).collect();
    }
}

fn seen(store: &Store) -> Seen {
    Seen {
        open: store.open().count(),
        in_flight: store.in_flight().count(),
        journaled: store.attempts.iter().filter(|attempt| attempt.signature.is_some()).count(),
        raised: store.moved.len(),
        rungs_sold: store.rungs.iter().filter(|rung| rung.done).count(),
    }
}

/// One open position of a coin; each is the sum of its fills, where no other hand moved its tokens, all of them of its
/// wallet; what is closed is sold out; no rung is sold twice.
fn positions(store: &Store, moved: &BTreeSet<Pubkey>, found: &mut Vec<String>) {
    let mut open = BTreeSet::new();
    for position in &store.positions {
        let (mint, opened) = &position.name;
        if position.closed.is_none() && !open.insert(mint) {
            found.push(format!("positions: two of {mint} are open"));
        }
        if position.closed.is_some() && position.bought != position.sold {
            found.push(format!("positions: {mint} is closed, {} of {} sold", position.sold, position.bought));
        }
        let until = position.closed.unwrap_or(i64::MAX);
        let fills =
            store.fills.iter().filter(|fill| fill.mint == *mint && (*opened..=until).contains(&fill.at));
        let fills: Vec<&Fill> = fills.collect();
        if fills.iter().any(|fill| fill.wallet != position.wallet) {
            found.push(format!("wallets: {mint} is held by {}, its fills are {fills:?}", position.wallet));
        }
        let sum = |side| fills.iter().filter(|fill| fill.side == side).map(|fill| fill.tokens).sum::<i64>();
        let (bought, sold) = (sum("buy"), sum("sell"));
        if (position.bought, position.sold) != (bought, sold)
            && !moved.iter().any(|by| by.to_string() == *mint)
        {
            let (has, sells) = (position.bought, position.sold);
            found.push(format!(
                "positions: {mint} bought {has} and sold {sells}, its fills say {bought} and {sold}"
            ));
        }
        let sales = fills.iter().filter(|fill| fill.reason.as_deref() == Some("ladder")).count();
        let done = store.rungs.iter().filter(|rung| rung.of == position.name && rung.done).count();
        if sales > done {
            found.push(format!("ladder: {sales} sales of {mint}, {done} rungs are done"));
        }
    }
}

/// Whether one price is below another, each in lamports for so many tokens.
fn is_below(one: (i64, i64), other: (i64, i64)) -> bool {
    i128::from(one.0) * i128::from(other.1) < i128::from(other.0) * i128::from(one.1)
}
