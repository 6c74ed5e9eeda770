//! Live trading: what a bot needs beside the rest before a real order may leave.
//!
//! First what needs no network, so that a start that may not be fails at once: rights, wallets and their locks,
//! arming. Then the chain: nodes of the right network, what the wallets hold, and the executor, which takes over
//! every attempt that an earlier process left without an end.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use momentum_chain::endpoints::{BlockEngine, DEVNET, Endpoint, MAINNET, Rpc, RpcKeys};
use momentum_chain::execution::{
    Bytes, ExecutionHandle, Executor, Inherited, Landing, Left, Standing, Sums, Workshop, changed_since,
};
use momentum_chain::signer::SendLimits;
use momentum_chain::tasks::Tasks;
use momentum_chain::wallets::{Wallets, place};
use momentum_core::ids::{Mint, Pubkey, Slot, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::trader::ledger::Row;
use momentum_core::trader::state::{Held, Hold};
use momentum_core::units::{Lamports, TokenAmount};
use momentum_store::book::{Book, Network};
use momentum_store::restore::{Landed, Unended};
use rustix::io::Errno;
use rustix::process::{self, DumpableBehavior, Resource, Rlimit};
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::arming::{Armed, Arming};
use crate::bot::{Plan, StartError, hand_answers};
use crate::inbox::Inbox;
use crate::planted::{self, Point, When};
use crate::services::venue_of;

/// Answers of the executor that may wait for the inbox.
const ANSWERS: usize = 1_024;
/// Pause between two looks at nodes that do not answer.
const PAUSE: Duration = Duration::from_secs(1);

/// The RPC nodes of a network; of any, where none is named.
pub(crate) fn rpc(nodes: Vec<Endpoint>, keys: &RpcKeys, network: Option<Network>) -> Result<Rpc, StartError> {
    let rpc = match network {
        Some(Network::Mainnet) => Rpc::new(nodes, keys, Some(MAINNET.to_owned())),
        Some(Network::Devnet) => Rpc::new(nodes, keys, Some(DEVNET.to_owned())),
        Some(Network::Localnet) => Rpc::local(nodes, keys),
        Some(Network::Sim) | None => Rpc::new(nodes, keys, None),
    };
    rpc.map_err(|error| StartError::Chain(error.to_string()))
}

/// Time after which no fork takes a landing back. A node that no longer knows an older one has forgotten it.
const SETTLED_BY: Duration = Duration::from_secs(600);

/// What an earlier process left of real orders.
#[derive(Clone, Debug, Default)]
pub(crate) struct Estate {
    /// Attempts without an end.
    inherited: Vec<Inherited>,
    /// Landings that may not be final.
    landed: Vec<Landing>,
    /// Tokens that we hold by the book, and as of which slot.
    ours: Vec<(Wallet, Mint, TokenAmount, Slot)>,
    /// Venues whose programs it waited to see proven.
    standing: Standing,
}

impl Estate {
    /// That of a restored book, as it is `now`.
    pub(crate) fn of(rows: &[Row], unended: &[Unended], landed: &[Landed], now: Timestamp) -> Self {
        let told = |landed: &&Landed| now.since(landed.at) < SETTLED_BY;
        let landed = landed.iter().filter(told).map(|landed| {
            let Landed { order, raw, signature, last_valid_height, slot, fill, at: _ } = landed.clone();
            Landing { order, bytes: Bytes { signature, last_valid_height, raw }, slot, fill }
        });
        let mut estate = Self { landed: landed.collect(), ..Self::default() };
        let slot = |of: Wallet| {
            rows.iter().find_map(|row| match row {
                Row::Account { wallet, account } if *wallet == of => Some(account.moved),
                _ => None,
            })
        };
        for row in rows {
            match row {
                Row::Position(position) | Row::Marked(position) => {
                    let (wallet, mint) = (position.wallet, position.mint);
                    estate.ours.push((wallet, mint, position.remaining(), slot(wallet).unwrap_or_default()));
                }
                Row::Attempt(attempt) => {
                    let order = attempt.order.clone();
                    let told = unended.iter().find(|unended| unended.attempt == order.attempt);
                    estate.inherited.push(Inherited { order, bytes: told.and_then(bytes) });
                }
                Row::Desk(desk) => {
                    let paused = desk.holds.iter().filter(|held| held.hold == Hold::Pause);
                    let venue = |held: &Held| Some((venue_of(&held.who)?, held.why.clone()));
                    estate.standing = paused.filter_map(venue).collect();
                }
                _ => {}
            }
        }
        estate
    }
}

fn bytes(unended: &Unended) -> Option<Bytes> {
    let Unended { raw, signature, last_valid_height, .. } = unended;
    Some(Bytes { signature: (*signature)?, last_valid_height: (*last_valid_height)?, raw: raw.clone()? })
}

/// Wallets that may trade, and the locks of their keys, held as long as this is.
pub(crate) struct Ready {
    wallets: Wallets,
    addresses: Vec<Wallet>,
    _locks: Vec<File>,
}

/// All that needs no network.
pub(crate) fn prepare(plan: &Plan<'_>) -> Result<Ready, StartError> {
    let Some((book, _)) = &plan.book else { return Err(StartError::NoBook) };
    if book.name().network == Network::Mainnet && process::geteuid().is_root() {
        return Err(StartError::Root);
    }
    keep_memory_to_ourselves().map_err(|error| StartError::Threads(error.into()))?;
    let wallets = Wallets::load(&plan.settings.wallets, plan.settings.ask).map_err(StartError::Wallet)?;
    let addresses: Vec<Wallet> = wallets.addresses().collect();
    if addresses.is_empty() {
        return Err(StartError::NoWallet);
    }
    // The file alone would not do: a credential of systemd is a copy of each unit's own.
    let files = plan
        .settings
        .wallets
        .files
        .iter()
        .map(|name| File::open(place(name)).map(|file| (place(name), file)));
    let names = addresses.iter().map(|wallet| {
        let path = book.wallet_lock(*wallet);
        File::options().create(true).truncate(false).write(true).open(&path).map(|file| (path, file))
    });
    let locks = files
        .chain(names)
        .map(|opened| lock(opened.map_err(StartError::Threads)?))
        .collect::<Result<_, _>>()?;
    // Who only gets out of something needs no permission to get in.
    if plan.errand.is_none() {
        Armed::of(book, plan.settings, &addresses).map_err(StartError::Unarmed)?;
    }
    Ok(Ready { wallets, addresses, _locks: locks })
}

/// A process that dies leaves no image of its memory, and nobody but root looks into it: keys are in there.
pub(crate) fn keep_memory_to_ourselves() -> Result<(), Errno> {
    process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    process::set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

/// A key trades for one bot at a time, whatever books there are.
fn lock((path, file): (PathBuf, File)) -> Result<File, StartError> {
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::KeyHeld(path)),
        Err(TryLockError::Error(error)) => Err(StartError::Threads(error)),
    }
}

/// What live trading adds to a bot.
pub(crate) struct Live {
    pub(crate) execution: ExecutionHandle,
    pub(crate) programs: watch::Receiver<Standing>,
    pub(crate) wallets: Vec<(Wallet, Lamports)>,
    pub(crate) arming: Arming,
    _ready: Vec<File>,
}

/// What the parts of a bot that speak to the chain are opened with.
pub(crate) struct Around<'a> {
    pub(crate) runtime: &'a Runtime,
    pub(crate) inbox: &'a Arc<Inbox>,
    pub(crate) tasks: &'a Tasks,
    pub(crate) cancel: &'a CancellationToken,
    pub(crate) stop: &'a AtomicBool,
}

/// Waits for nodes of the right network, reads what the wallets hold, and starts the executor.
pub(crate) fn open(
    plan: &Plan<'_>,
    ready: Ready,
    estate: Estate,
    rpc: Option<&Rpc>,
    around: &Around<'_>,
) -> Result<Live, StartError> {
    let rpc = rpc.ok_or(StartError::NoNode)?;
    let Some((book, _)) = &plan.book else { return Err(StartError::NoBook) };
    if rpc.count() < 2 {
        (plan.say)(
            "one RPC node alone: what it says of attempts that never landed has no second witness (single_witness), \
             and no sale leaves without it",
        );
    }
    reach(plan, rpc, around)?;
    let Ready { wallets, addresses, _locks } = ready;
    let held = balances(plan, rpc, &addresses, around)?;
    let (out, events) = mpsc::channel(ANSWERS);
    let Estate { inherited, landed, ours, standing } = estate;
    let sums = proven(book);
    let standing = match &plan.errand {
        // Who only gets out waits for no proof.
        Some(_) => standing,
        None => around.runtime.block_on(changed_since(rpc, &sums)).into_iter().chain(standing).collect(),
    };
    let (standing, programs) = watch::channel(standing);
    let (proven, kept) = watch::channel(sums);
    keep_proven(kept, book, around.runtime);
    let keys = &plan.settings.live;
    let engine = &plan.settings.engine;
    let limits = SendLimits::new(&engine.risk, &engine.execution);
    let workshop = planted::workshop(Workshop::new(wallets, limits, keys));
    let left = Left { inherited, landed, ours, proven };
    let (execution, running) = Executor::inherit(rpc.clone(), workshop, keys, left, out, standing);
    let running = match plan.settings.endpoints.block_engine()? {
        Some(endpoint) => running.with_engine(
            BlockEngine::new(&endpoint, &plan.settings.rpc)
                .map_err(|error| StartError::Chain(error.to_string()))?,
        ),
        None => running,
    };
    planted::dies(When::Before, Point::TakenOver);
    let (running, cancel) = (Arc::new(Mutex::new(planted::unprotected(running))), around.cancel.clone());
    let work = move || {
        let (running, cancel) = (Arc::clone(&running), cancel.clone());
        async move { running.lock().await.run(&cancel).await }
    };
    around.runtime.spawn(around.tasks.clone().keep("execution", work));
    planted::dies(When::After, Point::TakenOver);
    hand_answers(events, around.inbox, around.runtime);
    let arming = Arming::new(book.clone(), plan.settings.clone(), addresses);
    Ok(Live { execution, programs, wallets: held, arming, _ready: _locks })
}

/// What the programs were when they were proven last. What cannot be read is nothing that they are.
fn proven(book: &Book) -> Sums {
    let read = match fs::read_to_string(book.programs()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Sums::new(),
        read => read.and_then(|text| Ok(serde_json::from_str(&text)?)),
    };
    read.unwrap_or_else(|error| {
        tracing::warn!("{}: {error}: the programs must be proven anew", book.programs().display());
        Sums::from([("unreadable".to_owned(), String::new())])
    })
}

/// Keeps what the programs are whenever they are proven. A file that is behind costs one proof more.
fn keep_proven(mut kept: watch::Receiver<Sums>, book: &Book, runtime: &Runtime) {
    let path = book.programs();
    runtime.spawn(async move {
        while kept.changed().await.is_ok() {
            let (path, sums) = (path.clone(), kept.borrow_and_update().clone());
            let write = move || {
                let new = path.with_extension("new");
                fs::write(&new, serde_json::to_string_pretty(&sums)? + "\n")?;
                File::open(&new)?.sync_all()?;
                fs::rename(new, path)
            };
            let written = tokio::task::spawn_blocking(write).await.map_err(io::Error::other);
            if let Err(error) = written.flatten() {
                tracing::warn!("what the programs are is not kept: {error}");
            }
        }
    });
}

/// Waits until a node answers. One of another network is a mistake that no waiting mends.
fn reach(plan: &Plan<'_>, rpc: &Rpc, around: &Around<'_>) -> Result<(), StartError> {
    let mut told = false;
    loop {
        around.runtime.block_on(rpc.check());
        let health = rpc.health();
        if let Some(wrong) = health.iter().find(|endpoint| endpoint.another_network) {
            return Err(StartError::OtherNetwork(wrong.name.clone()));
        }
        if health.iter().any(|endpoint| endpoint.usable) {
            return Ok(());
        }
        wait(plan, "no RPC node answers", &mut told, around)?;
    }
}

fn balances(
    plan: &Plan<'_>,
    rpc: &Rpc,
    addresses: &[Wallet],
    around: &Around<'_>,
) -> Result<Vec<(Wallet, Lamports)>, StartError> {
    let keys: Vec<Pubkey> = addresses.iter().map(|wallet| wallet.0).collect();
    let mut told = false;
    loop {
        match around.runtime.block_on(rpc.accounts(&keys)) {
            Ok((_, accounts)) => {
                let held =
                    accounts.into_iter().map(|found| Lamports(found.map_or(0, |found| found.lamports)));
                return Ok(addresses.iter().copied().zip(held).collect());
            }
            Err(why) => wait(plan, &why.to_string(), &mut told, around)?,
        }
    }
}

fn wait(plan: &Plan<'_>, why: &str, told: &mut bool, around: &Around<'_>) -> Result<(), StartError> {
    if !std::mem::replace(told, true) {
        tracing::warn!("waits: {why}");
        (plan.say)(&format!("waits: {why}"));
    }
    if around.stop.load(Ordering::Relaxed) {
        return Err(StartError::GivenUp);
    }
    if plan.errand.as_ref().is_some_and(|errand| Instant::now() >= errand.until) {
        return Err(StartError::NodesAway(why.to_owned()));
    }
    thread::sleep(PAUSE);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use momentum_core::action::{Basis, Order, Swap};
    use momentum_core::event::{Fill, NetworkCosts, Side};
    use momentum_core::ids::{AttemptId, Signature};
    use momentum_core::quotes::{Curve, Fees, Liquidity, Rates};
    use momentum_core::units::Bps;

    fn landed(at: Timestamp) -> Landed {
        let (tokens, lamports) = (TokenAmount(5), Lamports(7));
        Landed {
            order: Order {
                attempt: AttemptId::default(),
                mint: Mint(Pubkey([1; 32])),
                wallet: Wallet(Pubkey([2; 32])),
                swap: Swap::Sell { tokens, min_lamports: lamports },
                exit: None,
                bound: Bps(500),
                priority: Lamports(10_000),
                tip: Lamports(10_000),
                urgent: false,
                whole_balance: true,
                draw: 0,
                basis: Basis { liquidity: Liquidity::Curve(Curve::FRESH), rates: Rates::default() },
            },
            raw: vec![1; 100],
            signature: Signature([7; 64]),
            last_valid_height: 1_000,
            slot: Slot(9),
            at,
            fill: Fill {
                side: Side::Sell,
                tokens,
                lamports,
                fees: Fees::default(),
                costs: NetworkCosts::default(),
                rent_locked: Lamports::ZERO,
                impact: None,
            },
        }
    }

    #[test]
    fn a_landing_of_long_ago_is_not_looked_at_since_nodes_forget_it() {
        let now = Timestamp(1_800_000_000_000_000);
        let ages =
            [Duration::ZERO, SETTLED_BY - Duration::from_secs(1), SETTLED_BY, Duration::from_hours(24)];
        let told = ages.map(|age| landed(now - age));
        let estate = Estate::of(&[], &[], &told, now);
        assert_eq!(estate.landed.len(), 2);
    }
}
