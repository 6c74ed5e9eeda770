//! The journal: what the engine tells and keeps, made durable in the order in which it was told.
//!
//! `append` only queues; a thread of its own commits, several events at a time. Every commit is one transaction
//! that also writes how far the book is, so that what is stored is always the whole state after one event. A
//! commit that fails because of the world is tried again with everything in hand; one that breaks a rule is a
//! bug: the journal stops there and says so, since what came after would stand on it.

mod history;
mod item;
mod kept;
mod queue;
mod writer;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use momentum_core::action::Effects;
use momentum_core::event::{Envelope, Event, FeedEvent};
use momentum_core::fact::Fact;
use momentum_core::ids::{Seq, Slot};
use momentum_core::time::Timestamp;

use crate::address::Address;
use crate::error::StoreError;
use item::{Item, Launches, Run};
use queue::Shared;
use writer::Writer;

pub(crate) use history::{COLD, RENT};

/// Whose time the journal writes for its own moments: decided, committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The clock on the wall: events come as they happen.
    Wall,
    /// The time of the events: they come as fast as they can be computed.
    Market,
}

/// How a journal is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The book's database.
    pub address: Address,
    /// Whose time it writes.
    pub clock: Clock,
    /// So many events that keep something may wait for their commit.
    pub room: usize,
}

impl Options {
    /// As a bot uses it.
    #[must_use]
    pub const fn new(address: Address, clock: Clock) -> Self {
        Self { address, clock, room: 65_536 }
    }
}

/// Why what was appended is not durable (yet).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDurable {
    /// It was not committed in the time given. It is kept and tried on: ask again.
    #[error("not committed yet{}", .0.as_ref().map(|why| format!(": {why}")).unwrap_or_default())]
    Late(Option<StoreError>),
    /// Too much waits for its commit; this event was not taken. Append it again later: none after it may come
    /// first.
    #[error("{0} events wait for their commit, more are not taken")]
    Full(usize),
    /// A rule was broken: nothing will be committed any more.
    #[error("the journal has stopped: {0}")]
    Stopped(StoreError),
}

/// How the journal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Commits come in time.
    Ok,
    /// The last commit took so long.
    Slow(Duration),
    /// No commit came through since then, on the wall clock.
    Failing {
        /// Since when.
        since: Timestamp,
        /// The newest reason.
        why: StoreError,
    },
    /// A rule was broken: see [`NotDurable::Stopped`].
    Stopped(StoreError),
}

/// What other threads see of the journal.
#[derive(Clone, Debug)]
pub struct Watch(Arc<Shared>);

impl Watch {
    /// How it is.
    #[must_use]
    pub fn health(&self) -> Health {
        self.0.lock().health.clone()
    }

    /// Everything up to this event is committed.
    #[must_use]
    pub fn committed(&self) -> Seq {
        self.0.lock().committed_seq
    }

    /// Events that wait for their commit.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.lock().items.len()
    }

    /// Waits until all that was appended so far is committed.
    ///
    /// # Errors
    /// [`NotDurable::Late`] when `timeout` is over, [`NotDurable::Stopped`] where it will never be.
    pub fn flush(&self, timeout: Duration) -> Result<(), NotDurable> {
        self.0.flush(timeout)
    }

    /// Says what the bot does, for `bot_state`: it is written with the next commit.
    pub fn status(&self, status: &'static str) {
        self.0.lock().status = Some(status);
    }
}

/// The engine's end of the journal.
#[derive(Debug)]
pub struct Journal {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    clock: Clock,
    run: Arc<Run>,
    launches: Launches,
    /// The newest slot that the stream has shown.
    slot: Option<Slot>,
}

impl Journal {
    /// Opens the book, whose schema must be up to date, and starts the thread.
    ///
    /// # Errors
    /// A database that does not answer, is damaged, or has another schema.
    pub fn open(options: Options) -> Result<Self, StoreError> {
        let clock = options.clock;
        let shared = Arc::new(Shared::new(options.room));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        let mut writer = Writer::new(options, Arc::clone(&shared));
        runtime.block_on(writer.connect())?;
        let run = runtime.block_on(writer.newest_run())?;
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || runtime.block_on(writer.work()))
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        let (run, launches) = (Arc::new(run), Launches::default());
        Ok(Self { shared, thread: Some(thread), clock, run, launches, slot: None })
    }

    /// For other threads.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch(Arc::clone(&self.shared))
    }

    /// Takes what one event made. It returns at once; an event that was taken before (at or below the last
    /// committed one) is passed over.
    ///
    /// # Errors
    /// [`NotDurable::Full`]: nothing of this event was taken. [`NotDurable::Stopped`]: nothing will be.
    pub fn append(&mut self, envelope: &Envelope, effects: &Effects) -> Result<(), NotDurable> {
        let decided = match self.clock {
            Clock::Wall => wall(),
            Clock::Market => envelope.now,
        };
        if let Some(run) = Run::changed(&self.run, &envelope.event) {
            self.run = Arc::new(run);
        }
        self.launches.see(envelope, &effects.facts);
        self.slot = self.slot.max(shown(&envelope.event));
        let item = Item::of(envelope, effects, decided, self.slot, &self.run, &self.launches);
        self.shared.push(envelope, item)
    }

    /// Whether an event means anything to a journal: it leaves something, or its token is one to be remembered.
    #[must_use]
    pub fn heeds(envelope: &Envelope, effects: &Effects) -> bool {
        Launches::heed(envelope, &effects.facts) || Item::is_left(envelope, effects)
    }

    /// Waits until all that was appended is committed: what a broadcast waits for.
    ///
    /// # Errors
    /// [`NotDurable::Late`] when `timeout` is over: it is tried on. [`NotDurable::Stopped`]: it never will be.
    pub fn flush(&self, timeout: Duration) -> Result<(), NotDurable> {
        self.shared.flush(timeout)
    }

    /// Commits what waits and ends the thread.
    ///
    /// # Errors
    /// As [`Journal::flush`]: what is not committed by then is lost.
    pub fn close(mut self, timeout: Duration) -> Result<(), NotDurable> {
        let began = Instant::now();
        let flushed = self.shared.flush(timeout);
        self.shared.stop();
        if let Some(thread) = self.thread.take() {
            // The thread looks at the wish to stop between two tries, each of which has a deadline.
            while !thread.is_finished() && (flushed.is_ok() || began.elapsed() < timeout) {
                std::thread::park_timeout(Duration::from_millis(1));
            }
            if thread.is_finished() && thread.join().is_err() {
                return Err(NotDurable::Stopped(StoreError::Refused(
                    "the journal's thread panicked".to_owned(),
                )));
            }
        }
        flushed
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.shared.stop();
    }
}

/// The slot that an event of the stream shows.
const fn shown(event: &Event) -> Option<Slot> {
    match event {
        Event::Market(market) => market.slot,
        Event::Feed(FeedEvent::Slot { slot, .. }) => Some(*slot),
        _ => None,
    }
}

/// The clock on the wall.
pub(crate) fn wall() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(now.as_micros()).unwrap_or(i64::MAX))
}

/// Facts that go into tables of the book; the others are the metrics' or nobody's.
const fn is_kept(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::EntrySignalled(_)
            | Fact::Refused(_)
            | Fact::OrderOpened(_)
            | Fact::AttemptJournaled { .. }
            | Fact::AttemptEnded { .. }
            | Fact::Filled { .. }
            | Fact::Vanished { .. }
            | Fact::Simulated(_)
            | Fact::RentReturned { .. }
            | Fact::Withdrawn { .. }
            | Fact::OrderClosed { .. }
            | Fact::PositionOpened { .. }
            | Fact::StopMoved { .. }
            | Fact::ExitFired { .. }
            | Fact::PositionClosed(_)
            | Fact::StateChanged { .. }
            | Fact::DayClosed { .. }
            | Fact::ForeignMoney { .. }
            | Fact::TokensLeft { .. }
            | Fact::InvariantBroken { .. }
    )
}
