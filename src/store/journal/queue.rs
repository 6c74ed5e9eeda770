//! What waits for its commit, between the engine's thread and the journal's.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use momentum_core::event::Envelope;
use momentum_core::ids::{AttemptId, Mint, Seq, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::trader::ledger::Row;
use tokio::sync::Notify;

use super::item::Item;
use super::{Health, NotDurable, wall};
use crate::error::StoreError;

/// A commit waits so long for company.
const COMPANY: Duration = Duration::from_millis(5);
/// Or until so many facts wait.
const COMPANY_FACTS: usize = 256;
/// What may wait is committed after so long.
const PATIENCE: Duration = Duration::from_secs(5);
/// A commit that takes longer is slow.
const SLOW: Duration = Duration::from_secs(1);

/// What both threads see.
#[derive(Debug)]
pub(super) struct Shared {
    queue: Mutex<Queue>,
    /// Something waits.
    work: Notify,
    /// Something was committed, or never will be.
    done: Condvar,
}

/// What waits.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) items: VecDeque<Item>,
    pub(super) health: Health,
    pub(super) status: Option<&'static str>,
    pub(super) committed_seq: Seq,
    room: usize,
    /// Facts among the items.
    facts: usize,
    /// When the first of them that cannot wait long came.
    since: Option<Instant>,
    /// When the first of them, or the first event without any, came.
    patient_since: Option<Instant>,
    urgent: bool,
    /// The newest event, whether it left something or not.
    last: (Seq, Timestamp),
    stop: bool,
}

/// What one commit writes.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) items: Vec<Item>,
    pub(super) last: (Seq, Timestamp),
    pub(super) status: Option<&'static str>,
}

impl Shared {
    pub(super) fn new(room: usize) -> Self {
        let queue = Queue {
            items: VecDeque::new(),
            health: Health::Ok,
            status: None,
            committed_seq: Seq(0),
            room,
            facts: 0,
            since: None,
            patient_since: None,
            urgent: false,
            last: (Seq(0), Timestamp(0)),
            stop: false,
        };
        Self { queue: Mutex::new(queue), work: Notify::new(), done: Condvar::new() }
    }

    /// A thread that panicked while it held the lock left plain values behind, each of them whole.
    pub(super) fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues what an event left.
    pub(super) fn push(&self, envelope: &Envelope, item: Option<Item>) -> Result<(), NotDurable> {
        let mut queue = self.lock();
        if let Health::Stopped(why) = &queue.health {
            return Err(NotDurable::Stopped(why.clone()));
        }
        if envelope.seq <= queue.committed_seq && queue.committed_seq > Seq(0) {
            return Ok(());
        }
        let Some(item) = item else {
            queue.last = (envelope.seq, envelope.now);
            queue.patient_since.get_or_insert_with(Instant::now);
            return Ok(());
        };
        // An event that only moves marks takes no room where the one before it did the same.
        let merged = item.patient && queue.items.back_mut().is_some_and(|before| merge(before, &item));
        if !merged && queue.items.len() >= queue.room {
            return Err(NotDurable::Full(queue.items.len()));
        }
        queue.last = (envelope.seq, envelope.now);
        queue.patient_since.get_or_insert_with(Instant::now);
        if merged {
            return Ok(());
        }
        let was_due = queue.urgent || queue.facts >= COMPANY_FACTS;
        queue.facts += item.facts.len();
        queue.urgent |= item.urgent;
        let wakes = !item.patient && queue.since.is_none();
        if wakes {
            queue.since = Some(Instant::now());
        }
        let due = queue.urgent || queue.facts >= COMPANY_FACTS;
        queue.items.push_back(item);
        drop(queue);
        if wakes || (due && !was_due) {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Waits until all that was appended is committed.
    pub(super) fn flush(&self, timeout: Duration) -> Result<(), NotDurable> {
        let until = Instant::now() + timeout;
        let mut queue = self.lock();
        let wanted = queue.last.0;
        if queue.committed_seq < wanted && !queue.urgent {
            queue.urgent = true;
            self.work.notify_one();
        }
        loop {
            if queue.committed_seq >= wanted {
                return Ok(());
            }
            if let Health::Stopped(why) = &queue.health {
                return Err(NotDurable::Stopped(why.clone()));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let why = match &queue.health {
                    Health::Failing { why, .. } => Some(why.clone()),
                    _ => None,
                };
                return Err(NotDurable::Late(why));
            }
            let waited = self.done.wait_timeout(queue, left);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for what the next commit writes; `None` when the journal is to stop.
    pub(super) async fn next(&self, owed: Option<Instant>) -> Option<Batch> {
        loop {
            let wait = {
                let mut queue = self.lock();
                match queue.due(owed) {
                    Some(wait) if wait.is_zero() => return Some(queue.take()),
                    _ if queue.stop => return None,
                    wait => wait,
                }
            };
            match wait {
                Some(wait) => tokio::select! {
                    biased;
                    () = self.work.notified() => {}
                    () = tokio::time::sleep(wait) => {}
                },
                // Marks wake nobody: they are looked for.
                None => tokio::select! {
                    biased;
                    () = self.work.notified() => {}
                    () = tokio::time::sleep(PATIENCE) => {}
                },
            }
        }
    }

    /// A batch is committed.
    pub(super) fn committed(&self, seq: Seq, took: Duration) {
        let mut queue = self.lock();
        queue.committed_seq = seq;
        queue.health = if took > SLOW { Health::Slow(took) } else { Health::Ok };
        self.done.notify_all();
    }

    /// Whether nothing waits.
    pub(super) fn is_idle(&self) -> bool {
        self.lock().items.is_empty()
    }

    /// A commit failed and will be tried again; whether it should be.
    pub(super) fn failing(&self, why: StoreError) -> bool {
        let mut queue = self.lock();
        let since = match &queue.health {
            Health::Failing { since, .. } => *since,
            _ => wall(),
        };
        queue.health = Health::Failing { since, why };
        !queue.stop
    }

    /// Nothing will be committed any more.
    pub(super) fn stopped(&self, why: StoreError) {
        self.lock().health = Health::Stopped(why);
        self.done.notify_all();
    }

    /// The thread is to end once nothing waits, or a try fails.
    pub(super) fn stop(&self) {
        self.lock().stop = true;
        self.work.notify_one();
    }

    /// Waits before another try; a wish to stop ends it.
    pub(super) async fn pause(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

impl Queue {
    /// When the next commit is due: zero for now, none where nothing waits. `owed`: since when times of attempts
    /// wait too.
    fn due(&self, owed: Option<Instant>) -> Option<Duration> {
        if self.urgent
            || self.facts >= COMPANY_FACTS
            || (self.stop && (owed.is_some() || !self.items.is_empty()))
        {
            return Some(Duration::ZERO);
        }
        let company = self.since.map(|since| COMPANY.saturating_sub(since.elapsed()));
        let patient = |since: Instant| PATIENCE.saturating_sub(since.elapsed());
        [company, self.patient_since.map(patient), owed.map(patient)].into_iter().flatten().min()
    }

    fn take(&mut self) -> Batch {
        self.facts = 0;
        self.since = None;
        self.patient_since = None;
        self.urgent = false;
        Batch { items: self.items.drain(..).collect(), last: self.last, status: self.status.take() }
    }
}

/// Lets the rows of `item` stand in place of those of the same key in `before`, where both only move marks.
fn merge(before: &mut Item, item: &Item) -> bool {
    if !before.patient {
        return false;
    }
    for row in &item.rows {
        match before.rows.iter_mut().find(|old| same_key(old, row)) {
            Some(old) => *old = row.clone(),
            None => before.rows.push(row.clone()),
        }
    }
    (before.seq, before.now) = (item.seq, item.now);
    true
}

/// Whether two rows are states of one thing.
pub(super) fn same_key(one: &Row, other: &Row) -> bool {
    key(one) == key(other)
}

/// What a row is a state of.
#[derive(PartialEq, Eq)]
enum Key {
    Account(Wallet),
    Position(Mint),
    Buy(Mint),
    Attempt(AttemptId),
    Past(Mint),
    Desk,
}

fn key(row: &Row) -> Key {
    match row {
        Row::Account { wallet, .. } => Key::Account(*wallet),
        Row::Position(position) | Row::Marked(position) => Key::Position(position.mint),
        Row::PositionOver(mint) => Key::Position(*mint),
        Row::Buy { mint, .. } | Row::BuyOver(mint) => Key::Buy(*mint),
        Row::Attempt(attempt) => Key::Attempt(attempt.order.attempt),
        Row::AttemptOver(id) => Key::Attempt(*id),
        Row::Past { mint, .. } => Key::Past(*mint),
        Row::Desk(_) => Key::Desk,
    }
}
