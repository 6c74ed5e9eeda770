//! The programs that trades go through, watched: what transactions of ours were made for may be another program
//! tomorrow.
//!
//! When a program was deployed, who takes its fees and how much is read again and again. Where that changes, all
//! that was read ahead is forgotten, the new fees are told, and the programs are unproven, which holds entries
//! back: until buying and selling back works in a simulation, on each venue that the change is of, with one of the
//! coins that were met last. What they were when that was so last is told, and is what the next process begins with.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use momentum_core::event::{Answer, Enriched};
use momentum_core::ids::{Mint, Pubkey, Slot};
use momentum_pump::address::program_data;
use momentum_pump::programs::{
    AMM_FEE_CONFIG, AMM_GLOBAL_CONFIG, FEE_CONFIG, GLOBAL, PUMP, PUMP_AMM, PUMP_FEES,
};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::proving::{Proved, prove};
use super::{Done, Executor};
use crate::endpoints::{Account, Failure, Rpc};
use crate::enrich::fees;

/// Bytes of a program's data up to its code: kind, slot of its deployment, who may deploy it.
const HEAD: usize = 45;
/// Coins that are remembered.
const MET: usize = 64;
/// Stands between what has changed and why that is not proven yet.
const NOT_PROVEN: &str = "; not proven: ";
/// Time in which the fees must be read.
const FEES_WITHIN: Duration = Duration::from_secs(10);

/// Where coins trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Venue {
    /// On bonding curves.
    Curve,
    /// In pools.
    Pool,
}

/// The venues on which something has changed and no simulation has shown yet that buying and selling back works,
/// each with what and why.
pub type Standing = BTreeMap<Venue, String>;

/// What was read of each account that is watched, as a sum, by its name; empty where nothing was yet.
pub type Sums = BTreeMap<String, String>;

/// The venues whose programs are not as these sums have them, or may not be; none where there are no sums.
pub async fn changed_since(rpc: &Rpc, proven: &Sums) -> Standing {
    if proven.is_empty() {
        return Standing::new();
    }
    let untried = |(venue, what): (Venue, String)| (venue, Unproven::new(what, Slot(0)).why());
    match Picture::take(rpc).await {
        Ok(picture) => picture.changes(proven).into_iter().map(untried).collect(),
        Err(why) => {
            let what = format!("whether the programs have changed while no bot ran is not known ({why})");
            [Venue::Curve, Venue::Pool].map(|venue| untried((venue, what.clone()))).into()
        }
    }
}

/// An account that is watched.
struct Watched {
    name: &'static str,
    key: Pubkey,
    venues: &'static [Venue],
}

/// Programs, of which the head is read, then their settings, which are read whole.
fn watched() -> ([Watched; 3], [Watched; 4]) {
    let program = |name, program, venues| Watched { name, key: program_data(&program), venues };
    let setting = |name, key, venues| Watched { name, key, venues };
    let programs = [
        program("the bonding curve program", PUMP, &[Venue::Curve]),
        program("PumpSwap", PUMP_AMM, &[Venue::Pool]),
        program("the fee program", PUMP_FEES, &[Venue::Curve, Venue::Pool]),
    ];
    let settings = [
        setting("the settings of curves", GLOBAL, &[Venue::Curve]),
        setting("the settings of PumpSwap", AMM_GLOBAL_CONFIG, &[Venue::Pool]),
        setting("the fees of curves", FEE_CONFIG, &[Venue::Curve]),
        setting("the fees of PumpSwap", AMM_FEE_CONFIG, &[Venue::Pool]),
    ];
    (programs, settings)
}

/// All of it, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// The older one of both readings' slots.
    slot: Slot,
    /// In the order of [`watched`]: owner and data. Lamports are anybody's to send.
    accounts: Vec<Option<(Pubkey, Vec<u8>)>>,
}

impl Picture {
    async fn take(rpc: &Rpc) -> Result<Self, Failure> {
        let (programs, settings) = watched();
        let (first, heads) = rpc.heads(&programs.map(|watched| watched.key), HEAD).await?;
        let (second, whole) = rpc.accounts(&settings.map(|watched| watched.key)).await?;
        let shown = |account: Option<Account>| account.map(|account| (account.owner, account.data));
        let accounts = heads.into_iter().chain(whole).map(shown).collect();
        Ok(Self { slot: first.min(second), accounts })
    }

    /// The sum of each.
    fn sums(&self) -> Sums {
        let (programs, settings) = watched();
        let sum = |account: &Option<(Pubkey, Vec<u8>)>| {
            let Some((owner, data)) = account else { return String::new() };
            bs58::encode(Sha256::digest([&owner.0[..], &data[..]].concat())).into_string()
        };
        let named = programs.iter().chain(&settings).map(|watched| watched.name.to_owned());
        named.zip(self.accounts.iter().map(sum)).collect()
    }

    /// What is not as it was, by venue.
    fn changes(&self, before: &Sums) -> BTreeMap<Venue, String> {
        let ((programs, settings), now) = (watched(), self.sums());
        let mut names = BTreeMap::<_, Vec<_>>::new();
        for watched in programs.iter().chain(&settings) {
            let differs = !before.is_empty() && before.get(watched.name) != now.get(watched.name);
            for venue in watched.venues.iter().filter(|_| differs) {
                names.entry(*venue).or_default().push(watched.name);
            }
        }
        let told = |(venue, names): (Venue, Vec<&str>)| {
            (venue, format!("{} changed in slot {} or a little before", names.join(", "), self.slot))
        };
        names.into_iter().map(told).collect()
    }
}

/// The watch.
#[derive(Debug)]
pub(super) struct Watch {
    /// The newest picture.
    newest: Option<Picture>,
    /// One is being taken.
    looking: bool,
    look_at: Instant,
    unproven: BTreeMap<Venue, Unproven>,
    /// Coins that trade, newest first.
    met: VecDeque<Mint>,
    /// Those to try until the next look.
    untried: Vec<Mint>,
    trying: bool,
    standing: watch::Sender<Standing>,
    /// What the programs were when nothing was unproven last, in an earlier process perhaps.
    proven: watch::Sender<Sums>,
}

/// A change of a venue that nothing has proven yet.
#[derive(Debug)]
struct Unproven {
    what: String,
    /// The slot in which it was seen: what was read before proves nothing.
    since: Slot,
    /// Buying and selling back worked since.
    works: bool,
    /// The fees were read since.
    fees: bool,
    /// Why the last coin did not prove it.
    failed: Option<String>,
}

impl Unproven {
    const fn new(what: String, since: Slot) -> Self {
        Self { what, since, works: false, fees: false, failed: None }
    }

    fn why(&self) -> String {
        let Self { what, works, failed, .. } = self;
        let missing = failed.as_deref().unwrap_or("no coin was tried yet");
        let missing = if *works { "the fees are not read yet" } else { missing };
        format!("{what}{NOT_PROVEN}{missing}")
    }
}

impl Watch {
    pub(super) fn new(standing: watch::Sender<Standing>, proven: watch::Sender<Sums>) -> Self {
        let unproven = |(venue, why): (&Venue, &String)| {
            let what = why.split(NOT_PROVEN).next().unwrap_or_default();
            (*venue, Unproven::new(what.to_owned(), Slot(0)))
        };
        let unproven = standing.borrow().iter().map(unproven).collect();
        Self {
            newest: None,
            looking: false,
            look_at: Instant::now(),
            unproven,
            met: VecDeque::new(),
            untried: Vec::new(),
            trying: false,
            standing,
            proven,
        }
    }

    /// Nothing is under way any more.
    pub(super) const fn begin_again(&mut self) {
        (self.looking, self.trying) = (false, false);
    }

    /// Remembers a coin that trades.
    pub(super) fn met(&mut self, mint: Mint) {
        self.met.retain(|known| *known != mint);
        self.met.push_front(mint);
        self.met.truncate(MET);
    }

    /// Takes a picture; whether it shows a change. One that is older than the one before is a node's that lags.
    fn sees(&mut self, picture: Picture) -> bool {
        if self.newest.as_ref().is_some_and(|before| before.slot > picture.slot) {
            return false;
        }
        let slot = picture.slot;
        // The first one of this process is held against what an earlier one left.
        let before = self.newest.as_ref().map_or_else(|| self.proven.borrow().clone(), Picture::sums);
        let changes = picture.changes(&before);
        self.newest = Some(picture);
        let changed = !changes.is_empty();
        for (venue, what) in changes {
            self.unproven.insert(venue, Unproven::new(what, slot));
        }
        self.tell();
        changed
    }

    /// A proof of exit, whoever asked for it, proves its venue.
    pub(super) fn proved(&mut self, proved: &Proved) {
        let Some(coin) = &proved.coin else { return };
        let venue = if coin.complete { Venue::Pool } else { Venue::Curve };
        if let Some(unproven) = self.unproven.get_mut(&venue) {
            match &proved.outcome {
                Ok((slot, _)) => unproven.works |= *slot >= unproven.since,
                Err(why) => unproven.failed = Some(why.clone()),
            }
        }
        self.tell();
    }

    /// Takes the fees as of a slot.
    fn knows_fees(&mut self, as_of: Slot) {
        for unproven in self.unproven.values_mut() {
            unproven.fees |= as_of >= unproven.since;
        }
        self.tell();
    }

    fn tell(&mut self) {
        self.unproven.retain(|_, unproven| {
            let proven = unproven.works && unproven.fees;
            if proven {
                tracing::warn!("buying and selling back works: {}", unproven.what);
            }
            !proven
        });
        let standing = self.unproven.iter().map(|(venue, unproven)| (*venue, unproven.why())).collect();
        self.standing.send_if_modified(|known| {
            let news = *known != standing;
            *known = standing;
            news
        });
        if let Some(newest) = self.newest.as_ref().filter(|_| self.unproven.is_empty()) {
            let sums = newest.sums();
            self.proven.send_if_modified(|known| {
                let news = *known != sums;
                *known = sums;
                news
            });
        }
    }

    /// The next coin to try where there is something to prove.
    fn next(&mut self) -> Option<Mint> {
        let mint = self.untried.pop_if(|_| !self.trying && !self.unproven.is_empty())?;
        self.trying = true;
        Some(mint)
    }
}

impl Executor {
    /// Looks at the programs where that is due. What is not proven is tried anew with every coin.
    pub(super) fn look_over(&mut self, now: Instant) {
        let watch = &mut self.watch;
        if watch.looking || watch.look_at > now {
            return;
        }
        (watch.looking, watch.look_at) = (true, now + self.keys.programs_every);
        let rpc = self.rpc.clone();
        self.under_way.push(Box::pin(async move { Done::Pictured(Picture::take(&rpc).await) }));
        watch.untried = watch.met.iter().rev().copied().collect();
        if watch.unproven.values().any(|unproven| !unproven.fees) {
            let rpc = self.rpc.clone();
            self.under_way.push(Box::pin(async move { Done::Fees(fees(&rpc, FEES_WITHIN).await) }));
        }
        self.try_next();
    }

    /// Takes what was read.
    pub(super) fn pictured(&mut self, picture: Result<Picture, Failure>) {
        self.watch.looking = false;
        let changed = match picture {
            Ok(picture) => self.watch.sees(picture),
            Err(why) => return tracing::warn!("whether the programs have changed is not known: {why}"),
        };
        if changed {
            self.coins.forget();
            self.watch.look_at = Instant::now();
        }
    }

    /// Tells the fees that are taken since.
    pub(super) async fn took_fees(&mut self, fees: Enriched) {
        if let (Answer::Fees(Ok(_)), Some(as_of)) = (&fees.answer, fees.as_of) {
            self.watch.knows_fees(as_of);
        }
        self.say(fees.into()).await;
    }

    /// Takes how it went with one coin, and tries the next.
    pub(super) fn tried(&mut self, proved: &Proved) {
        self.watch.trying = false;
        self.watch.proved(proved);
        self.try_next();
    }

    fn try_next(&mut self) {
        let Some(mint) = self.watch.next() else { return };
        let (rpc, workshop) = (self.rpc.clone(), Arc::clone(&self.workshop));
        let (wallet, size) = (self.holdings.richest(), self.workshop.largest());
        self.under_way
            .push(Box::pin(async move { Done::Tried(prove(&rpc, &workshop, wallet, mint, size).await) }));
    }
}

#[cfg(test)]
mod tests;
