//! The bot: started step by step, run event by event, ended in order.

mod ending;
mod errand;
mod folding;
mod plan;
mod reloading;
mod restoring;
mod sources;
mod turning;

pub use ending::MADE_TIME;
pub use errand::{Errand, Task};
pub use plan::{Ended, Origin, Plan, StartError};
pub use restoring::seed_of;
pub(crate) use sources::hand_answers;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use momentum_chain::tasks::Tasks;
use momentum_control::api::{self, Api, Socket};
use momentum_control::request::{QUEUE, Request};
use momentum_control::state::{Identity, Published};
use momentum_core::engine::Engine;
use momentum_core::event::{Event, Mode};
use momentum_core::ids::Seq;
use momentum_core::trader::state::Hold;
use momentum_sim::driver::Driver;
use momentum_sim::venue::{Strictness, Venue};
use momentum_store::address::Address;
use momentum_store::book::{Book, Lock, wall_clock};
use momentum_store::exit_journal::ExitJournal;
use momentum_store::journal::{Clock, Journal, Options};
use momentum_store::kill::{KillFile, KillSwitch};
use momentum_store::metrics::Metrics;
use rustix::process::Signal;
use tokio::runtime::Runtime;
use tokio::signal::unix::{self, SignalKind};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::book;
use crate::gate::{Gate, WITHIN, WITHIN_MADE_TIME};
use crate::inbox::Inbox;
use crate::live::{self, Around};
use crate::logs::{self, Logs};
use crate::node::{Node, Parts};
use crate::notify::Notifier;
use crate::orders::StandingOrders;
use crate::play::Audience;
use crate::policy::{CriticalPolicy, Policy, RunKeys};
use crate::reload::{Readings, Reload};
use crate::services::Services;
use crate::timeline::Timeline;
use crate::window::Window;
use turning::Loop;

/// What whoever holds a book to trade says that it does.
pub const TRADING: &str = "run";

/// Tells the steps of a start with what each took.
struct Steps<'a> {
    say: &'a dyn Fn(&str),
    began: Instant,
}

impl Steps<'_> {
    fn done(&mut self, step: &str) {
        let took = self.began.elapsed();
        tracing::info!(step, took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX), "started");
        self.began = Instant::now();
    }

    fn say(&self, line: &str) {
        tracing::info!("{line}");
        (self.say)(line);
    }
}

/// The open book of a running bot, from its lock on.
struct Open {
    book: Book,
    address: Address,
    // In this order: the lock is given back last.
    logs: Option<Logs>,
    _lock: Lock,
}

/// Runs a bot from its first step to its last log line. `stop` ends it in order; `begun` is called with what the
/// run is once it is known, before the first event; `reload` brings other settings to it.
///
/// # Errors
/// [`StartError`]: nothing was traded.
pub fn run<A: Audience<Engine>>(
    plan: &Plan<'_>,
    stop: &AtomicBool,
    reload: Option<Reload>,
    audience: impl FnOnce(&book::Begun) -> A,
) -> Result<(Ended, A), StartError> {
    let mut steps = Steps { say: plan.say, began: Instant::now() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    heed_file_size_limits(&runtime);
    let open = plan.book.as_ref().map(|(book, address)| open(plan, book, address, &mut steps)).transpose()?;
    let ready = (plan.mode == Mode::Live).then(|| live::prepare(plan)).transpose()?;
    let (cancel, tasks) = (CancellationToken::new(), Tasks::default());
    let inbox = Arc::new(Inbox::default());
    let notifier = Notifier::of_environment();

    let restored = restoring::restore(plan, open.as_ref(), &runtime, &mut steps)?;
    if let Some(lock) = restored.engine.view().trader.holds.iter().find(|held| held.hold == Hold::Lock) {
        return Err(StartError::Locked { who: lock.who.clone(), why: lock.why.clone() });
    }
    let around = Around { runtime: &runtime, inbox: &inbox, tasks: &tasks, cancel: &cancel, stop };
    let mut services = Services::default();
    let (timeline, mut asking, begun) = sources::open(plan, &restored, &around, &mut services, &mut steps)?;
    let live = ready.map(|ready| {
        let live = live::open(plan, ready, restored.live.clone(), services.rpc.as_ref(), &around);
        live.inspect(|_| steps.done("wallets and execution"))
    });
    let live = live.transpose()?;
    asking.execution = live.as_ref().map(|live| live.execution.clone());
    services.programs = live.as_ref().map(|live| live.programs.clone());
    services.live = live.is_some();
    let readings = match (&plan.errand, &asking.enrich) {
        (Some(_), Some(enrich)) => {
            let readings = errand::read(enrich, errand::held(&restored.engine), &around);
            steps.done("where it trades");
            readings
        }
        _ => Vec::new(),
    };
    let mut audience = audience(&begun);
    let recorder = sources::recorder(plan, &restored, &begun, open.as_ref())?;
    let made = matches!(timeline, Timeline::Made(_));

    let identity = open.as_ref().map(|open| Identity {
        book: open.book.name().clone(),
        run_id: begun.run_id.clone(),
        config_hash: plan.settings.hash(),
        started_at: wall_clock(),
    });
    let gate = open.as_ref().map(|open| gate(open, made, &mut steps)).transpose()?;
    let metrics = open.as_ref().and_then(|open| metrics(open, made, &steps));
    let venue = (plan.mode == Mode::Paper).then(|| {
        let execution = &plan.settings.engine.execution;
        let mut venue = Venue::new(plan.settings.paper.clone(), execution, Strictness::Paper);
        venue.inherit(restored.now.unwrap_or_default(), restored.estate.clone());
        venue
    });
    let (seq, now) = (restored.seq, restored.now.unwrap_or(begun.begins));
    let mut driver = if seq == Seq(0) {
        Driver::new(restored.engine, venue, begun.answers)
    } else {
        Driver::resume(restored.engine, venue, begun.answers, seq, now)
    };
    let first = match &live {
        Some(live) => {
            let wallets = live.wallets.clone();
            book::started_with(plan.settings, &begun.run_id, plan.mode, begun.warm_until, wallets)
        }
        None => book::started(plan.settings, &begun.run_id, plan.mode, begun.warm_until),
    };
    let window =
        identity.map(|identity| Window::open(identity, begun.warm_until, services, driver.processor(), now));
    let watched = window.as_ref().map(Window::watched);
    let parts = Parts { gate, recorder, metrics, asking, window };
    let mut node = Node::new(parts, &mut audience);
    driver.feed(now, first, &mut node);
    for key in &restored.blacklist {
        if !driver.processor().market().blacklist().any(|listed| listed == *key) {
            driver.feed(now, book::listed(*key), &mut node);
        }
    }
    for reading in readings {
        driver.feed(begun.begins, reading, &mut node);
    }
    let trades = plan.errand.is_none();
    let obeys = plan.errand.as_ref().is_none_or(|errand| errand.task.sells());
    let mut orders =
        open.as_ref().filter(|_| obeys).map(|open| StandingOrders::new(KillFile::of(&open.book)));
    // Who is answered by the socket is answered by a bot that knows what was ordered before.
    if let Some(orders) = orders.as_mut().filter(|_| trades) {
        for commanded in orders.changed(driver.processor()) {
            driver.feed(now, Event::Command(Box::new(commanded)), &mut node);
        }
        node.publish(&driver, true);
    }
    if let (Some(open), Some(watched)) = (&open, watched) {
        serve(open, watched, &begun, &runtime, &inbox, &cancel, &mut steps);
        notifier.ready();
    }
    steps.done("engine");

    let critical = if trades { plan.settings.run.critical_policy } else { CriticalPolicy::Hold };
    let cold = plan.settings.wallets.cold_address.filter(|_| live.is_some() && trades);
    let keyed = live.iter().flat_map(|live| &live.wallets).map(|(wallet, _)| *wallet).collect();
    let mut work = Loop {
        driver,
        node,
        timeline,
        inbox: &inbox,
        stop,
        notifier,
        orders,
        policy: Policy::new(&RunKeys { critical_policy: critical }, cold, keyed),
        refuge: None,
        tasks,
        arming: live.as_ref().filter(|_| trades).map(|live| live.arming.clone()),
        // Due at once: what is down from the start holds entries back from the start.
        looked: Instant::now().checked_sub(turning::LOOK_EVERY).unwrap_or_else(Instant::now),
        // What an errand has not measured must not stand for what the bot has.
        snapshots: open.as_ref().filter(|_| trades || made).map(|open| open.book.snapshots()),
        snapshot_at: Instant::now(),
        settings: plan.settings.clone(),
        readings: Readings::new(reload),
        logs: open.as_ref().and_then(|open| open.logs.as_ref()),
        say: plan.say,
    };
    let finished = match &plan.errand {
        Some(errand) => work.carry_out(errand),
        None => {
            let interrupted = work.play();
            work.end(plan.on_exit, interrupted)
        }
    };
    let (engine, durable) = work.close();
    cancel.cancel();
    runtime.shutdown_timeout(Duration::from_secs(2));
    let broken = begun.failed.as_ref().and_then(crate::source::Failed::take);
    tracing::info!(finished, durable, "ended");
    if let Some(Open { logs, .. }) = open {
        drop(logs);
    }
    Ok((Ended { engine, finished, durable, broken }, audience))
}

/// A write past a limit on file sizes fails as one on a full disk does; unheard, its signal would end the process.
fn heed_file_size_limits(runtime: &Runtime) {
    let _guard = runtime.enter();
    // What the signal means is told to each write: nobody waits for it.
    if let Err(error) = unix::signal(SignalKind::from_raw(Signal::XFSZ.as_raw())) {
        tracing::warn!("a limit on file sizes would end this process: {error}");
    }
}

/// Steps 2 to 4: folder, lock, logs, and the kill file, which may forbid the start.
fn open(plan: &Plan<'_>, book: &Book, address: &Address, steps: &mut Steps<'_>) -> Result<Open, StartError> {
    book.create()?;
    let lock = book.lock(plan.errand.as_ref().map_or(TRADING, |errand| errand.task.name()))?;
    let logs = match logs::begin(&book.logs(), &plan.settings.logs) {
        Ok(logs) => Some(logs),
        Err(error) => {
            steps.say(&format!("goes on without logs: {error}"));
            None
        }
    };
    steps.done("lock and logs");
    let permits = KillSwitch::new(KillFile::of(book)).look(wall_clock());
    if let (false, Some(halt)) = (permits.exits, permits.halt) {
        return Err(StartError::Locked { who: halt.who, why: halt.why });
    }
    if let Some(why) = permits.unreadable {
        steps.say(&format!("nothing is bought until the kill file can be read: {why}"));
    }
    steps.done("kill file");
    Ok(Open { book: book.clone(), address: address.clone(), logs, _lock: lock })
}

/// What stands before every broadcast.
fn gate(open: &Open, made: bool, steps: &mut Steps<'_>) -> Result<Gate, StartError> {
    let clock = if made { Clock::Market } else { Clock::Wall };
    let journal = Journal::open(Options::new(open.address.clone(), clock))?;
    let exits = ExitJournal::open(&open.book.exit_journal()).map_err(StartError::ExitJournal)?;
    let kill = KillSwitch::new(KillFile::of(&open.book));
    steps.done("journal");
    Ok(Gate::new(journal, exits, kill, if made { WITHIN_MADE_TIME } else { WITHIN }))
}

/// Scores and measures are no money: without them the bot trades all the same.
fn metrics(open: &Open, made: bool, steps: &Steps<'_>) -> Option<Metrics> {
    let clock = if made { Clock::Market } else { Clock::Wall };
    let opened = Metrics::open(&open.address, clock);
    opened.inspect_err(|error| steps.say(&format!("goes on without keeping scores: {error}"))).ok()
}

/// Step 6: the socket. A bot that cannot be steered by it trades all the same: the kill file steers it too.
fn serve(
    open: &Open,
    published: watch::Receiver<Arc<Published>>,
    begun: &book::Begun,
    runtime: &Runtime,
    inbox: &Arc<Inbox>,
    cancel: &CancellationToken,
    steps: &mut Steps<'_>,
) {
    let (requests, mut asked) = mpsc::channel::<Request>(QUEUE);
    let (kill, database) = (KillFile::of(&open.book), open.address.clone());
    let api = Api { published, requests, kill, database, source: begun.kind };
    let _guard = runtime.enter();
    match Socket::bind(&open.book) {
        Ok(socket) => {
            let ended = cancel.clone().cancelled_owned();
            runtime.spawn(async move {
                if let Err(error) = api::serve(socket, api, ended).await {
                    tracing::error!("the socket is gone: {error}");
                }
            });
        }
        Err(error) => steps.say(&format!("cannot be steered by its socket: {error}")),
    }
    let inbox = Arc::clone(inbox);
    runtime.spawn(async move {
        while let Some(request) = asked.recv().await {
            if inbox.ask(request).is_err() {
                tracing::warn!("too many operators at once: a request is not heard");
            }
        }
    });
    steps.done("socket");
}
