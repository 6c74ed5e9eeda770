//! What the ledger and the store must agree on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use momentum_core::ids::Pubkey;
use momentum_localnet::chain::Landed;

use super::Checker;
use super::store::{Attempt, Store};

/// One transaction of ours that landed, and the attempt that it is to the store.
pub(super) struct Ours<'s> {
    /// Whose it is.
    pub(super) wallet: Pubkey,
    pub(super) landed: Arc<Landed>,
    pub(super) attempt: Option<&'s Attempt>,
}

impl Ours<'_> {
    fn name(&self) -> String {
        self.landed.signature.to_string()
    }

    /// By how much it changed what its wallet holds of each token.
    fn tokens(&self) -> BTreeMap<Pubkey, i64> {
        let mut changes = BTreeMap::new();
        for (held, sign) in [(&self.landed.tokens_before, -1), (&self.landed.tokens_after, 1)] {
            for held in held.iter().filter(|held| held.owner == self.wallet) {
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
    /// What an attempt is to the store, it is to the chain; and what is over can land no more.
    pub(super) fn outcomes(&self, store: &Store, ours: &[Ours<'_>], found: &mut Vec<String>) {
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
    pub(super) fn bought_once(&self, store: &Store, ours: &[Ours<'_>], found: &mut Vec<String>) {
        let mut held: BTreeMap<Pubkey, i64> = BTreeMap::new();
        for ours in ours.iter().filter(|ours| ours.landed.error.is_none()) {
            for (mint, change) in ours.tokens() {
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
        // Whatever is out may land in the next moment: it takes a place as what is held does.
        let places: BTreeSet<String> =
            held.keys().map(ToString::to_string).chain(out.keys().map(ToString::to_string)).collect();
        if places.len() > self.most {
            let (taken, holds, most) = (places.len(), held.len(), self.most);
            found.push(format!(
                "limits: {holds} held and buys that may land take {taken} places, most {most}"
            ));
        }
        for (mint, attempts) in out {
            let holds = mint.parse().ok().and_then(|mint: Pubkey| held.get(&mint).copied()).unwrap_or(0);
            if attempts.len() > 1 || holds > 0 {
                let attempts = attempts.join(", ");
                found.push(format!("double buy: {attempts} may land in {mint}, of which {holds} are held"));
            }
        }
    }

    /// What a wallet holds on chain, less what the store does not know yet, is what its open positions have left.
    pub(super) fn tokens(
        &self,
        wallet: &Pubkey,
        store: &Store,
        ours: &[Ours<'_>],
        moved: &BTreeSet<Pubkey>,
        found: &mut Vec<String>,
    ) {
        let name = wallet.to_string();
        let mut left: BTreeMap<Pubkey, i64> = BTreeMap::new();
        for position in store.open().filter(|position| position.wallet == name) {
            *left.entry(position.name.0.parse().unwrap()).or_default() += position.bought - position.sold;
        }
        let mut unknown: BTreeMap<Pubkey, i64> = BTreeMap::new();
        for ours in ours.iter().filter(|ours| ours.wallet == *wallet) {
            for (mint, change) in ours.tokens() {
                *unknown.entry(mint).or_default() += if ours.is_open() { change } else { 0 };
            }
        }
        let mints: BTreeSet<Pubkey> = left.keys().chain(unknown.keys()).copied().collect();
        for mint in mints {
            if moved.contains(&mint) {
                continue; // Whether the store knows of it already is asked when all is settled.
            }
            let held = i64::try_from(self.chain.tokens(wallet, &mint)).unwrap();
            let unknown = unknown.get(&mint).copied().unwrap_or(0);
            let left = left.get(&mint).copied().unwrap_or(0);
            if held - unknown != left {
                let what = if held - unknown > left { "a lost position" } else { "a phantom position" };
                found.push(format!("positions: {what}: {left} of {mint} by the store, {held} on chain, {unknown} of them in flight"));
            }
        }
    }

    /// What a wallet has on chain, less what the store does not know yet, is its balance in the books.
    pub(super) fn lamports(
        &self,
        wallet: &Pubkey,
        store: &Store,
        ours: &[Ours<'_>],
        others: &[Arc<Landed>],
        found: &mut Vec<String>,
    ) {
        let Some(booked) = store.balance(wallet) else { return };
        let unknown: i64 =
            ours.iter().filter(|ours| ours.is_open()).map(|ours| ours.landed.change(wallet)).sum();
        let balance = i64::try_from(self.chain.balance(wallet)).unwrap();
        // Of what other hands moved, the newest may not be read yet.
        let mut missing = balance - unknown - booked;
        for other in others.iter().rev() {
            if missing == 0 {
                break;
            }
            missing -= other.change(wallet);
        }
        if missing != 0 {
            found.push(format!(
                "books: {booked} lamports of {wallet}, {balance} on chain, {unknown} of them in flight"
            ));
        }
    }
}

/// What landed was journaled before it left, with its very bytes, as an order of its wallet.
pub(super) fn known(ours: &[Ours<'_>], found: &mut Vec<String>) {
    for ours in ours {
        match ours.attempt {
            None => found.push(format!("journal: {} landed and the store never heard of it", ours.name())),
            Some(attempt) if attempt.raw.as_ref() != Some(&ours.landed.raw) => {
                found.push(format!("journal: the bytes of {} are not those that landed", attempt.told()));
            }
            Some(attempt) if attempt.wallet != ours.wallet.to_string() => {
                let (name, wallet) = (attempt.told(), &attempt.wallet);
                found.push(format!("wallets: {name} is of {wallet} and was paid by {}", ours.wallet));
            }
            Some(_) => {}
        }
    }
}

/// Each attempt that landed has one fill, which is what its transaction did; each that failed cost its fee.
pub(super) fn fills(store: &Store, ours: &[Ours<'_>], found: &mut Vec<String>) {
    for fill in &store.fills {
        let of = store.attempts.iter().find(|attempt| attempt.name == fill.name);
        if !of.is_some_and(|attempt| attempt.is("landed")) {
            found.push(format!("fills: one of {:?}, which did not land", fill.name));
        }
    }
    for (ours, attempt) in ours.iter().filter_map(|ours| Some((ours, ours.attempt?))) {
        let change = ours.landed.change(&ours.wallet);
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
        let moved = ours.tokens().get(&mint).copied().unwrap_or(0);
        if moved != sign * fill.tokens || u64::try_from(fill.slot) != Ok(ours.landed.slot) {
            let (tokens, slot) = (fill.tokens, fill.slot);
            found.push(format!(
                "fills: {name} moved {moved} tokens, booked a {} of {tokens} in slot {slot}",
                fill.side
            ));
        }
    }
}

/// Tokens of the wallet that these transactions moved.
pub(super) fn moved_by(others: &[Arc<Landed>], wallet: &Pubkey) -> BTreeSet<Pubkey> {
    let tokens = others.iter().flat_map(|other| other.tokens_before.iter().chain(&other.tokens_after));
    tokens.filter(|held| held.owner == *wallet).map(|held| held.mint).collect()
}

/// Whether one of its token accounts is the wallet's.
pub(super) fn holds(landed: &Landed, wallet: &Pubkey) -> bool {
    landed.tokens_before.iter().chain(&landed.tokens_after).any(|held| held.owner == *wallet)
}
