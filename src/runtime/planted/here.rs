//! What the environment asks for. A wish that cannot be read is a test that tests nothing: it ends the process.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::iter;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use momentum_chain::execution::{Protection, Running, Workshop, Wrong};
use momentum_core::action::Effects;
use momentum_core::event::{Event, ExecutionKind};
use momentum_core::fact::Fact;
use momentum_core::ids::AttemptId;
use momentum_core::trader::ledger::Row;
use momentum_core::trader::positions::{Leg, Position};
use momentum_core::units::Lamports;
use rustix::process::{Signal, getpid, kill_process};

use super::{Fault, Point, When};

/// The fault that is planted.
static FAULT: LazyLock<Option<Fault>> = LazyLock::new(|| {
    let fault = match wish("MOMENTUM_PLANTED")?.as_str() {
        "broadcast before commit" => Fault::BroadcastBeforeCommit,
        "journal skipped" => Fault::JournalSkipped,
        "commits stop" => Fault::CommitsStop,
        "commits stop behind decision" => Fault::CommitsStopBehindDecision,
        "exit journal unread" => Fault::ExitJournalUnread,
        "reservation forgotten" => Fault::ReservationForgotten,
        "fill applied twice" => Fault::FillAppliedTwice,
        "stop level lost" => Fault::StopLevelLost,
        "exit leg armed again" => Fault::ExitLegArmedAgain,
        "signed again before expiry" => Fault::SignedAgainBeforeExpiry,
        "error ignored" => Fault::ErrorIgnored,
        "foreign program" => Fault::ForeignProgram,
        "approval" => Fault::Approval,
        "priority above cap" => Fault::PriorityAboveCap,
        "tip above cap" => Fault::TipAboveCap,
        other => unreadable("MOMENTUM_PLANTED", other),
    };
    Some(fault)
});

/// Where the process dies, and at which passing.
static DEATH: LazyLock<Option<(String, u32)>> = LazyLock::new(|| passing("MOMENTUM_FAIL_AT"));

/// Where it stands still, as one that hangs, and at which passing.
static STANDSTILL: LazyLock<Option<(String, u32)>> = LazyLock::new(|| passing("MOMENTUM_HANG_AT"));

fn passing(variable: &str) -> Option<(String, u32)> {
    let said = wish(variable)?;
    let (point, passing) = said.split_once(':').unwrap_or((&said, "1"));
    let passing = passing.parse().unwrap_or_else(|_| unreadable(variable, &said));
    Some((point.to_owned(), passing))
}

/// How often each point was passed.
static PASSED: Mutex<BTreeMap<String, u32>> = Mutex::new(BTreeMap::new());

/// Whether an exit fired in this process.
static EXIT_FIRED: AtomicBool = AtomicBool::new(false);

fn wish(name: &str) -> Option<String> {
    env::var(name).ok().filter(|said| !said.is_empty())
}

fn unreadable(name: &str, said: &str) -> ! {
    tracing::error!("{name}: there is no {said:?}");
    process::abort()
}

/// Whether this protection is taken away.
pub(crate) fn has(fault: Fault) -> bool {
    *FAULT == Some(fault)
}

/// Ends the process here, as a power cut would, or stops it, where that is wished.
pub(crate) fn dies(when: When, point: Point) {
    if DEATH.is_none() && STANDSTILL.is_none() {
        return;
    }
    let name = format!(
        "{} {}",
        match when {
            When::Before => "before",
            When::After => "after",
        },
        match point {
            Point::Append => "append",
            Point::Commit => "commit",
            Point::ExitJournal => "exit journal",
            Point::KillFile => "kill file",
            Point::Broadcast => "broadcast",
            Point::Signed => "signed",
            Point::Sent => "sent",
            Point::Receipt => "receipt",
            Point::Landed => "landed",
            Point::PositionOpened => "position opened",
            Point::ExitFired => "exit fired",
            Point::Snapshot => "snapshot",
            Point::MarketNamed => "market named",
            Point::TakenOver => "taken over",
        }
    );
    let behind = EXIT_FIRED.load(Ordering::Relaxed).then(|| format!("{name} behind an exit"));
    let mut passed = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
    for name in iter::once(name).chain(behind) {
        let times = passed.entry(name.clone()).or_default();
        *times += 1;
        let now = |wished: &Option<(String, u32)>| *wished == Some((name.clone(), *times));
        if now(&DEATH) {
            process::abort();
        }
        if now(&STANDSTILL)
            && let Err(error) = kill_process(getpid(), Signal::STOP)
        {
            unreadable("MOMENTUM_HANG_AT", &error.to_string());
        }
    }
}

/// Passes the point of an answer on its way to the engine.
pub(crate) fn answered(when: When, answer: &Event) {
    let Event::Execution(told) = answer else { return };
    match told.kind {
        ExecutionKind::Prepared { .. } => dies(when, Point::Signed),
        ExecutionKind::Sent { .. } => dies(when, Point::Sent),
        ExecutionKind::Landed { .. }
        | ExecutionKind::Closed { .. }
        | ExecutionKind::Withdrawn { .. }
        | ExecutionKind::Failed { .. }
        | ExecutionKind::Expired => {
            dies(when, Point::Receipt);
        }
        ExecutionKind::Refused { .. } | ExecutionKind::Vanished { .. } => {}
    }
}

/// The executor of real orders, without what the fault takes away of it.
pub(crate) fn unprotected(running: Running) -> Running {
    match *FAULT {
        Some(Fault::SignedAgainBeforeExpiry) => running.without(Protection::Expiry),
        Some(Fault::ErrorIgnored) => running.without(Protection::Failure),
        _ => running,
    }
}

/// Where real orders become bytes, with what the fault has it do wrong.
pub(crate) fn workshop(workshop: Workshop) -> Workshop {
    match *FAULT {
        Some(Fault::ForeignProgram) => workshop.wrongly(Wrong::ForeignProgram),
        Some(Fault::Approval) => workshop.wrongly(Wrong::Approval),
        Some(Fault::PriorityAboveCap) => workshop.wrongly(Wrong::PriorityAboveCap),
        Some(Fault::TipAboveCap) => workshop.wrongly(Wrong::TipAboveCap),
        _ => workshop,
    }
}

/// Tells the wire's log that an attempt leaves.
pub(crate) fn left(attempt: AttemptId) {
    let Some(path) = wish("MOMENTUM_WIRE") else { return };
    let told = OpenOptions::new().create(true).append(true).open(&path);
    if let Err(error) = told.and_then(|mut wire| writeln!(wire, "{attempt}")) {
        unreadable("MOMENTUM_WIRE", &error.to_string());
    }
}

/// What a restart is told of its books.
pub(crate) fn recovered(mut rows: Vec<Row>) -> Vec<Row> {
    for row in &mut rows {
        match row {
            Row::Buy { buying, .. } if has(Fault::ReservationForgotten) => buying.reserved = Lamports::ZERO,
            Row::Position(position) | Row::Marked(position) => misread(position),
            _ => {}
        }
    }
    rows
}

fn misread(position: &mut Position) {
    if has(Fault::FillAppliedTwice) {
        position.bought.0 *= 2;
        position.cost.0 *= 2;
    }
    if has(Fault::StopLevelLost) {
        position.stop = position.first_stop;
    }
    if has(Fault::ExitLegArmedAgain) {
        for rung in &mut position.rungs {
            rung.leg = Leg::Armed;
        }
    }
}

/// What of an event reaches the journal.
pub(crate) fn unjournaled(effects: &Effects) -> Cow<'_, Effects> {
    if !has(Fault::JournalSkipped) {
        return Cow::Borrowed(effects);
    }
    let mut effects = effects.clone();
    effects.facts.retain(|fact| !matches!(fact, Fact::AttemptJournaled { .. }));
    Cow::Owned(effects)
}

/// Whether nothing is committed any more: from the first exit on, which `effects` may tell, or from the next bytes.
pub(crate) fn commits_stop(effects: Option<&Effects>) -> bool {
    static STOPPED: AtomicBool = AtomicBool::new(false);
    let told = |is: fn(&Fact) -> bool| effects.is_some_and(|effects| effects.facts.iter().any(is));
    let signed =
        EXIT_FIRED.load(Ordering::Relaxed) && told(|fact| matches!(fact, Fact::AttemptJournaled { .. }));
    let fired = told(|fact| matches!(fact, Fact::ExitFired { .. }));
    EXIT_FIRED.fetch_or(fired, Ordering::Relaxed);
    if has(Fault::CommitsStop) && fired || has(Fault::CommitsStopBehindDecision) && signed {
        STOPPED.store(true, Ordering::Relaxed);
    }
    STOPPED.load(Ordering::Relaxed)
}

/// Time between two snapshots.
pub(crate) fn snapshot_every(usual: Duration) -> Duration {
    time("MOMENTUM_SNAPSHOT_MS", usual)
}

/// How long a part may be down before that is critical.
pub(crate) fn critical_after(usual: Duration) -> Duration {
    time("MOMENTUM_CRITICAL_MS", usual)
}

fn time(name: &str, usual: Duration) -> Duration {
    let Some(said) = wish(name) else { return usual };
    let parsed = said.parse().map(Duration::from_millis);
    parsed.unwrap_or_else(|_| unreadable(name, &said))
}
