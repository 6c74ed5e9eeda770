//! What the chain did against what the store says: the chain's ledger and the tables of the store are read, and
//! nothing of the engine.
//!
//! It may look at any moment, whether the bot lives or not and whatever is in flight: an attempt that landed while
//! the store still waits for its end is taken for what the store will book. So every comparison is exact, to the
//! token and to the lamport.

mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use momentum_core::ids::{Pubkey, Signature};
use momentum_localnet::chain::{Chain, Landed};
use tokio::runtime::Handle;

use super::trading::Stage;
use crate::running::Place;
use store::{Attempt, Fill, Held, Moved, Name, Store};

/// Compares one book with its chain, look after look.
pub(super) struct Checker {
    chain: Chain,
    database: PathBuf,
    runtime: Handle,
    wallet: Pubkey,
    /// Transactions that another hand made with the wallet's key.
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

/// One transaction of ours that landed, and the attempt that it is to the store.
struct Ours<'s> {
    landed: Arc<Landed>,
    attempt: Option<&'s Attempt>,
}

impl Ours<'_> {
    fn name(&self) -> String {
        self.landed.signature.to_string()
    }

    /// By how much it changed what `wallet` holds of each token.
    fn tokens(&self, wallet: &Pubkey) -> BTreeMap<Pubkey, i64> {
        let mut changes = BTreeMap::new();
        for (held, sign) in [(&self.landed.tokens_before, -1), (&self.landed.tokens_after, 1)] {
            for held in held.iter().filter(|held| held.owner == *wallet) {
                *changes.entry(held.mint).or_default() += sign * i64::try_from(held.amount).unwrap();
            }
        }
        changes
    }

    /// Whether the store waits for its end.
    fn is_open(&self) -> bool {
        self.attempt.is_some_and(|attempt| attempt.outcome.is_none())
    }
}

impl Checker {
    /// One for the book of `place` on the chain of `stage`, whose bot may hold `most` positions at once.
    pub(super) fn new(stage: &Stage, place: &Place, most: usize) -> Self {
        Self {
            chain: stage.chain.clone(),
            database: place.book().database(),
            runtime: stage.runtime.handle().clone(),
            wallet: stage.wallet(),
            foreign: BTreeSet::new(),
            most,
            stops: BTreeMap::new(),
            sold: BTreeSet::new(),
            fills: BTreeMap::new(),
        }
    }

    /// Says that this transaction of the wallet is another hand's. Lamports and tokens that it moved may be unknown
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
        let balance = self.chain.balance(&self.wallet);
        let booked = store.balances.iter().find(|(wallet, _)| *wallet == self.wallet.to_string());
        let booked = booked.map(|(_, lamports)| *lamports);
        assert_eq!(booked, i64::try_from(balance).ok(), "{when}: lamports of the wallet");
        for position in store.open() {
            let mint = position.name.0.parse().unwrap();
            let held = i64::try_from(self.chain.tokens(&self.wallet, &mint)).unwrap();
            assert!(position.bought - position.sold <= held, "{when}: a phantom position in {mint}");
        }
        seen
    }

    /// What the store says by now, compared with nothing.
    pub(super) fn seen(&self) -> Seen {
        seen(&self.read())
    }

    /// Transactions of the wallet that landed, failed ones included.
    pub(super) fn landed(&self) -> usize {
        self.chain.history(0).iter().filter(|landed| landed.keys().first() == Some(&self.wallet)).count()
    }

    /// What a look sees, and a sentence for everything that is not as it must be.
    pub(super) fn findings(&mut self) -> (Seen, Vec<String>) {
        // The chain stands still meanwhile: its slots are made by this thread.
        let store = self.read();
        let history = self.chain.history(0);
        let (mut ours, mut others) = (Vec::new(), Vec::new());
        for landed in history {
            let keys = landed.keys();
            if keys.first() == Some(&self.wallet) && !self.foreign.contains(&landed.signature) {
                let attempt = store.signed(&landed.signature.to_string());
                ours.push(Ours { landed, attempt });
            } else if keys.contains(&self.wallet) || holds(&landed, &self.wallet) {
                others.push(landed);
            }
        }
        let mut findings = Vec::new();
        let found = &mut findings;
        known(&ours, found);
        self.outcomes(&store, &ours, found);
        self.bought_once(&store, &ours, found);
        self.fills(&store, &ours, found);
        self.tokens(&store, &ours, &others, found);
        self.lamports(&store, &ours, &others, found);
        positions(&store, found);
        self.not_undone(&store, found);
        (seen(&store), findings)
    }

    fn read(&self) -> Store {
        self.runtime.block_on(Store::read(&self.database))
    }

    /// What an attempt is to the store, it is to the chain; and what is over can land no more.
    fn outcomes(&self, store: &Store, ours: &[Ours<'_>], found: &mut Vec<String>) {
        let landed: BTreeMap<String, bool> =
            ours.iter().map(|ours| (ours.name(), ours.landed.error.is_none())).collect();
        let height = self.chain.height();
        for attempt in &store.attempts {
            let on_chain = attempt.signature.as_ref().and_then(|signature| landed.get(signature));
            let right = match attempt.outcome.as_deref() {
                None => true,
                Some("landed") => on_chain == Some(&true),
                Some("failed") => on_chain == Some(&false),
                Some(_) => on_chain.is_none(),
            };
            if !right {
                let outcome = attempt.outcome.as_deref().unwrap_or_default();
                let chain = match on_chain {
                    Some(true) => "it landed",
                    Some(false) => "it failed",
                    None => "it never landed",
                };
                found
                    .push(format!("outcome: {} is {outcome} to the store, on chain {chain}", attempt.told()));
            }
            if attempt.is("expired") && attempt.last_valid_height >= height {
                let last = attempt.last_valid_height;
                found.push(format!(
                    "outcome: {} is expired to the store at height {height} and may land up to {last}",
                    attempt.told()
                ));
            }
        }
    }

    /// A coin is bought once at a time: no second buy lands, and none that could land is out beside what is held.
    fn bought_once(&self, store: &Store, ours: &[Ours<'_>], found: &mut Vec<String>) {
        let mut held: BTreeMap<Pubkey, i64> = BTreeMap::new();
        for ours in ours.iter().filter(|ours| ours.landed.error.is_none()) {
            for (mint, change) in ours.tokens(&self.wallet) {
                let holds = held.entry(mint).or_default();
                if change > 0 && *holds > 0 {
                    found.push(format!(
                        "double buy: {} bought {mint}, of which {holds} were held",
                        ours.name()
                    ));
                }
                *holds += change;
            }
            held.retain(|_, tokens| *tokens > 0);
            if held.len() > self.most {
                let (now, most) = (held.len(), self.most);
                found.push(format!("limits: {now} positions at once behind {}, most {most}", ours.name()));
            }
        }
        let mut orders = BTreeMap::new();
        for attempt in ours.iter().filter(|ours| ours.landed.error.is_none()).filter_map(|ours| ours.attempt)
        {
            if attempt.buys() {
                let (seq, nth, _) = attempt.name;
                *orders.entry((seq, nth)).or_insert(0) += 1;
            }
        }
        for ((seq, nth), count) in orders.into_iter().filter(|(_, count)| *count > 1) {
            found.push(format!("double buy: {count} buys of order {seq}.{nth} landed"));
        }
        let landed: BTreeSet<String> = ours.iter().map(Ours::name).collect();
        let height = self.chain.height();
        let may_land = |attempt: &&Attempt| {
            let signature = attempt.signature.as_ref();
            attempt.buys()
                && !attempt.is("refused")
                && attempt.last_valid_height > height
                && signature.is_some_and(|signature| !landed.contains(signature))
        };
        let mut out: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for attempt in store.attempts.iter().filter(may_land) {
            out.entry(&attempt.mint).or_default().push(attempt.told());
        }
        for (mint, attempts) in out {
            let holds = mint.parse().ok().and_then(|mint: Pubkey| held.get(&mint).copied()).unwrap_or(0);
            if attempts.len() > 1 || holds > 0 {
                let attempts = attempts.join(", ");
                found.push(format!("double buy: {attempts} may land in {mint}, of which {holds} are held"));
            }
        }
    }

    /// Each attempt that landed has one fill, which is what its transaction did; each that failed cost its fee.
    fn fills(&self, store: &Store, ours: &[Ours<'_>], found: &mut Vec<String>) {
        for fill in &store.fills {
            let of = store.attempts.iter().find(|attempt| attempt.name == fill.name);
            if !of.is_some_and(|attempt| attempt.is("landed")) {
                found.push(format!("fills: one of {:?}, which did not land", fill.name));
            }
        }
        for (ours, attempt) in ours.iter().filter_map(|ours| Some((ours, ours.attempt?))) {
            let change = ours.landed.change(&self.wallet);
            let name = attempt.told();
            if attempt.is("failed") && change != -attempt.costs {
                found.push(format!("fills: {name} failed and cost {}, booked {}", -change, attempt.costs));
            }
            if !attempt.is("landed") {
                continue;
            }
            let Some(fill) = store.fill(attempt.name) else {
                found.push(format!("fills: {name} landed without one"));
                continue;
            };
            let sign = if fill.side == "buy" { 1 } else { -1 };
            let booked = -sign * fill.lamports - fill.costs - fill.rent;
            if booked != change {
                found.push(format!("fills: {name} changed the wallet by {change} lamports, booked {booked}"));
            }
            let mint = fill.mint.parse().unwrap();
            let moved = ours.tokens(&self.wallet).get(&mint).copied().unwrap_or(0);
            if moved != sign * fill.tokens || u64::try_from(fill.slot) != Ok(ours.landed.slot) {
                let (tokens, slot) = (fill.tokens, fill.slot);
                found.push(format!(
                    "fills: {name} moved {moved} tokens, booked a {} of {tokens} in slot {slot}",
                    fill.side
                ));
            }
        }
    }

    /// What is held on chain, less what the store does not know yet, is what its open positions have left.
    fn tokens(&self, store: &Store, ours: &[Ours<'_>], others: &[Arc<Landed>], found: &mut Vec<String>) {
        let wallet = self.wallet.to_string();
        let mut left: BTreeMap<Pubkey, i64> = BTreeMap::new();
        for position in store.open().filter(|position| position.wallet == wallet) {
            *left.entry(position.name.0.parse().unwrap()).or_default() += position.bought - position.sold;
        }
        let mut unknown: BTreeMap<Pubkey, i64> = BTreeMap::new();
        for ours in ours {
            for (mint, change) in ours.tokens(&self.wallet) {
                *unknown.entry(mint).or_default() += if ours.is_open() { change } else { 0 };
            }
        }
        let mints: BTreeSet<Pubkey> = left.keys().chain(unknown.keys()).copied().collect();
        for mint in mints {
            let moved = |landed: &Arc<Landed>| {
                let tokens = landed.tokens_before.iter().chain(&landed.tokens_after);
                tokens.clone().any(|held| held.owner == self.wallet && held.mint == mint)
            };
            if others.iter().any(moved) {
                continue; // Other hands moved some: whether that is known already is asked when all is settled.
            }
            let held = i64::try_from(self.chain.tokens(&self.wallet, &mint)).unwrap();
            let unknown = unknown.get(&mint).copied().unwrap_or(0);
            let left = left.get(&mint).copied().unwrap_or(0);
            if held - unknown != left {
                let what = if held - unknown > left { "a lost position" } else { "a phantom position" };
                found.push(format!("positions: {what}: {left} of {mint} by the store, {held} on chain, {unknown} of them in flight"));
            }
        }
    }

    /// What the wallet has on chain, less what the store does not know yet, is its balance in the books.
    fn lamports(&self, store: &Store, ours: &[Ours<'_>], others: &[Arc<Landed>], found: &mut Vec<String>) {
        let wallet = self.wallet.to_string();
        let Some((_, booked)) = store.balances.iter().find(|(of, _)| *of == wallet) else { return };
        let unknown: i64 =
            ours.iter().filter(|ours| ours.is_open()).map(|ours| ours.landed.change(&self.wallet)).sum();
        let balance = i64::try_from(self.chain.balance(&self.wallet)).unwrap();
        // Of what other hands moved, the newest may not be read yet.
        let mut missing = balance - unknown - booked;
        for other in others.iter().rev() {
            if missing == 0 {
                break;
            }
            missing -= other.change(&self.wallet);
        }
        if missing != 0 {
            found.push(format!("books: {booked} lamports, {balance} on chain, {unknown} of them in flight"));
        }
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

/// What landed was journaled before it left, with its very bytes.
fn known(ours: &[Ours<'_>], found: &mut Vec<String>) {
    for ours in ours {
        match ours.attempt {
            None => found.push(format!("journal: {} landed and the store never heard of it", ours.name())),
            Some(attempt) if attempt.raw.as_ref() != Some(&ours.landed.raw) => {
                found.push(format!("journal: the bytes of {} are not those that landed", attempt.told()));
            }
            Some(_) => {}
        }
    }
}

/// One open position of a coin; what is closed is sold out; no rung is sold twice.
fn positions(store: &Store, found: &mut Vec<String>) {
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
        let ladder = |fill: &&Fill| {
            fill.mint == *mint
                && (*opened..=until).contains(&fill.at)
                && fill.side == "sell"
                && fill.reason.as_deref() == Some("ladder")
        };
        let sales = store.fills.iter().filter(ladder).count();
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

fn holds(landed: &Landed, wallet: &Pubkey) -> bool {
    landed.tokens_before.iter().chain(&landed.tokens_after).any(|held| held.owner == *wallet)
}
