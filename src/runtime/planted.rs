//! Faults on purpose: a death at a named point of an order's life, and protections of recovery taken away.
//!
//! Tests that kill the bot must be able to fail: they take a protection away and see that it is missed. All of it
//! exists only under the feature `planted`, which a test of the house forbids in what is shipped; without it each
//! question here is answered by a constant. The environment chooses:
//! - `MOMENTUM_FAIL_AT=POINT[:N]` aborts the process at the N-th passing of a point;
//! - `MOMENTUM_HANG_AT=POINT[:N]` stops it there, as SIGSTOP does;
//! - either counts only from the first exit of the process on where it says `POINT behind an exit`;
//! - `MOMENTUM_PLANTED=NAME` plants a fault;
//! - `MOMENTUM_WIRE=FILE` is told every attempt that leaves, as it leaves: what the world saw of a bot that died;
//! - `MOMENTUM_SNAPSHOT_MS=N` writes snapshots more often;
//! - `MOMENTUM_CRITICAL_MS=N` calls a part critical that is down for so long.

#[cfg(feature = "planted")]
mod here;
#[cfg(not(feature = "planted"))]
mod nowhere;

#[cfg(feature = "planted")]
pub(crate) use here::{
    answered, commits_stop, critical_after, dies, has, left, recovered, snapshot_every, unjournaled,
    unprotected, workshop,
};
#[cfg(not(feature = "planted"))]
pub(crate) use nowhere::{
    answered, commits_stop, critical_after, dies, has, left, recovered, snapshot_every, unjournaled,
    unprotected, workshop,
};

/// A protection that can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "planted"),
    allow(dead_code, reason = "what is shipped asks for none of them by name")
)]
pub(crate) enum Fault {
    /// A broadcast waits for no commit.
    BroadcastBeforeCommit,
    /// The bytes of an attempt are not journaled.
    JournalSkipped,
    /// From the first exit on nothing is committed: a sale leaves by the exit journal. No protection is gone yet.
    CommitsStop,
    /// The same from the first bytes behind it on: the decision to sell is in the book, that it was signed is not.
    CommitsStopBehindDecision,
    /// A restart does not look into the exit journal.
    ExitJournalUnread,
    /// A restart forgets what live buys have reserved.
    ReservationForgotten,
    /// A restart counts the fill that opened a position once more.
    FillAppliedTwice,
    /// A restart has the stop that a position was opened with.
    StopLevelLost,
    /// A restart arms the rungs that were sold.
    ExitLegArmedAgain,
    /// A real attempt is over, and signed anew, as soon as a node does not know it.
    SignedAgainBeforeExpiry,
    /// A real transaction that failed on the chain is taken for what was ordered.
    ErrorIgnored,
    /// Real trades call a program that no trade needs.
    ForeignProgram,
    /// Real trades let a stranger take the order's tokens.
    Approval,
    /// Real orders want a priority fee above every cap.
    PriorityAboveCap,
    /// Real orders want a tip above every cap.
    TipAboveCap,
}

/// A point at which a process can die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "planted"),
    allow(dead_code, reason = "what is shipped passes some of them nowhere")
)]
pub(crate) enum Point {
    /// An event that left something is given to the journal.
    Append,
    /// The commit that a broadcast waits for.
    Commit,
    /// A sale's bytes are given to the exit journal.
    ExitJournal,
    /// The look at the kill file.
    KillFile,
    /// The bytes leave.
    Broadcast,
    /// The executor's word that it signed is handed to the engine.
    Signed,
    /// The executor's word that the bytes are on their way is handed to the engine.
    Sent,
    /// What the chain made of an attempt is handed to the engine.
    Receipt,
    /// A fill is given to the journal.
    Landed,
    /// A position that was opened is given to the journal.
    PositionOpened,
    /// An exit that fired is given to the journal.
    ExitFired,
    /// A snapshot is written.
    Snapshot,
    /// A new book is given the name of its market.
    MarketNamed,
    /// The executor takes over what an earlier process left.
    TakenOver,
}

/// Which side of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Right before.
    Before,
    /// Right after.
    After,
}
