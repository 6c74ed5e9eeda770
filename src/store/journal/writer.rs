//! The journal's thread: one transaction after the other, each tried until it is through.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use momentum_core::ids::{AttemptId, Seq};
use momentum_core::time::Timestamp;
use tracing::{debug, error, warn};

use super::item::Run;
use super::queue::{Batch, Shared, same_key};
use super::{Clock, Options, history, kept, wall};
use crate::db::{Access, Db, Durability};
use crate::error::StoreError;
use crate::migrations::{self, Series};
use crate::table::Record;
use crate::tables::{BOT_STATE, RUNS};
use crate::witness::Witness;

/// Pauses between tries of a commit that fails.
const PAUSES: [Duration; 6] = [
    Duration::from_millis(20),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
];

/// After so many commits SQLite's log is moved into the file, once nothing waits.
const FOLD: u32 = 256;
/// After so many it is moved whatever waits: about 60 MB.
const FOLD_AT_LAST: u32 = 1_024;

/// The writing side.
#[derive(Debug)]
pub(super) struct Writer {
    options: Options,
    shared: Arc<Shared>,
    db: Option<Db>,
    /// Commits of the book, ours included; none until the book was looked at.
    commits: Option<i64>,
    status: Option<String>,
    /// The connection was opened after an error: whether the last try came through is not known.
    fresh: bool,
    live: Live,
    /// Attempts whose bytes became durable with the last commit, and when: written with the next one.
    owed: Vec<(AttemptId, Timestamp)>,
    owed_since: Option<Instant>,
    witness: Option<Witness>,
    /// Commits since SQLite's log was moved into the file.
    unfolded: u32,
}

/// Rows of attempts without an end: several writes to one often come in the same commit.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) rows: BTreeMap<AttemptId, Record>,
    /// Those that the database does not have yet.
    pub(super) dirty: BTreeSet<AttemptId>,
    /// Parts of a thing that seldom change with it, as the database has them: by table and key.
    pub(super) parts: BTreeMap<(&'static str, String), Record>,
}

impl Writer {
    pub(super) fn new(options: Options, shared: Arc<Shared>) -> Self {
        let witness = options.address.file().map(Witness::beside);
        Self {
            options,
            shared,
            db: None,
            commits: None,
            status: None,
            live: Live::default(),
            fresh: false,
            owed: Vec::new(),
            owed_since: None,
            witness,
            unfolded: 0,
        }
    }

    /// Commits until it is told to stop.
    pub(super) async fn work(mut self) {
        while let Some(batch) = self.shared.next(self.owed_since).await {
            let mut tries = 0;
            loop {
                let began = Instant::now();
                match self.write(&batch).await {
                    Ok(()) => {
                        self.shared.committed(batch.last.0, began.elapsed());
                        self.fold().await;
                        break;
                    }
                    Err(why) if why.retryable() => {
                        if tries == 0 {
                            warn!(%why, events = batch.items.len(), "a commit failed and is tried again");
                        }
                        self.forget();
                        if !self.shared.failing(why) {
                            return;
                        }
                        self.shared.pause(PAUSES[tries.min(PAUSES.len() - 1)]).await;
                        tries += 1;
                    }
                    Err(why) => {
                        error!(%why, "the journal has stopped");
                        self.forget();
                        return self.shared.stopped(why);
                    }
                }
            }
        }
        if let Some(db) = self.db.take()
            && let Err(why) = db.close().await
        {
            debug!(%why, "the database took no good-bye");
        }
    }

    /// Moves SQLite's log into the file behind a commit, so that none waits for it: it takes as long as ten of them.
    async fn fold(&mut self) {
        self.unfolded += 1;
        let due = if self.shared.is_idle() { FOLD } else { FOLD_AT_LAST };
        let Some(db) = self.db.as_mut().filter(|_| self.unfolded >= due) else { return };
        self.unfolded = 0;
        if let Err(why) = db.fold().await {
            warn!(%why, "the log of the database stays long");
            self.forget();
        }
    }

    /// After an error nothing is believed of the connection.
    fn forget(&mut self) {
        self.db = None;
        self.fresh = true;
        self.live = Live::default();
    }

    /// Opens a connection and finds out how far the book is.
    pub(super) async fn connect(&mut self) -> Result<(), StoreError> {
        let mut db = Db::open(&self.options.address, Durability::Full, Access::Write).await?;
        migrations::check(&mut db, Series::Book).await?;
        db.fold_by_hand().await?;
        let there = match BOT_STATE.get(&mut db, &[1.into()]).await? {
            Some(there) => there,
            None => {
                let first = BOT_STATE
                    .empty()
                    .with("id", 1)
                    .with("commits", 0)
                    .with("last_seq", 0)
                    .with("last_now", 0);
                BOT_STATE.put(&mut db, &first).await?;
                first
            }
        };
        let found = there.int("commits").unwrap_or_default();
        if self.commits.is_none() {
            if let Some(witness) = &self.witness {
                witness.agrees(found)?;
            }
            self.commits = Some(found);
            self.status = there.text("status").map(str::to_owned);
            let last = there.int("last_seq").unwrap_or_default();
            self.shared.lock().committed_seq = Seq(u64::try_from(last).unwrap_or_default());
        }
        self.db = Some(db);
        Ok(())
    }

    /// The run that wrote last: what comes before the next one begins is still its own.
    pub(super) async fn newest_run(&mut self) -> Result<Run, StoreError> {
        let Some(db) = &mut self.db else { return Ok(Run::default()) };
        let newest = RUNS.all(db, "ORDER BY first_seq DESC LIMIT 1", &[]).await?;
        let of = |name: &str| newest.first().and_then(|row| row.text(name)).unwrap_or_default().to_owned();
        Ok(Run { run_id: of("run_id"), config_hash: of("config_hash") })
    }

    /// One commit. A try before may have come through without our knowing: the count of commits tells.
    async fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if self.db.is_none() {
            self.connect().await?;
        }
        let Some(mut db) = self.db.take() else {
            return Err(StoreError::Unreachable("no connection".to_owned()));
        };
        let written = self.transaction(&mut db, batch).await;
        if written.is_ok() {
            self.db = Some(db);
        }
        written
    }

    async fn transaction(&mut self, db: &mut Db, batch: &Batch) -> Result<(), StoreError> {
        let ours = self.commits.unwrap_or_default();
        let last_seq = i64::try_from(batch.last.0.0).map_err(|_| StoreError::TooLarge("seq".to_owned()))?;
        if !(self.fresh && came_through(db, ours, last_seq).await?) {
            db.begin().await?;
            self.batch(db, batch).await?;
            self.advance(db, ours, last_seq, batch).await?;
            db.commit().await?;
        }
        self.fresh = false;
        self.commits = Some(ours + 1);
        self.owe(batch);
        if let Some(witness) = &mut self.witness {
            witness.note(ours + 1);
        }
        Ok(())
    }

    /// The rows of a batch, in the order in which they were told. Where a newer state of the same thing comes
    /// later in it, only that one is written.
    async fn batch(&mut self, db: &mut Db, batch: &Batch) -> Result<(), StoreError> {
        for (attempt, at) in &self.owed {
            history::stamp(db, &mut self.live, *attempt, "committed_at", *at).await?;
        }
        let mut rows: Vec<(usize, &_)> = Vec::new();
        for (nth, item) in batch.items.iter().enumerate() {
            rows.extend(item.rows.iter().map(|row| (nth, row)));
        }
        let mut rows = rows.iter().enumerate().peekable();
        let all: Vec<_> = batch.items.iter().flat_map(|item| &item.rows).collect();
        for (nth, item) in batch.items.iter().enumerate() {
            history::write(db, &mut self.live, item).await?;
            while let Some((place, (_, row))) = rows.next_if(|(_, (of, _))| *of == nth) {
                let newer = all[place + 1..].iter().find(|other| same_key(other, row));
                if newer.is_none_or(|newer| kept::is_over(newer)) {
                    kept::write(db, &mut self.live, row, item).await?;
                }
            }
        }
        history::settle(db, &mut self.live).await
    }

    /// How far the book is. The condition on `commits` is what two writers of one book fail at.
    async fn advance(&mut self, db: &mut Db, ours: i64, seq: i64, batch: &Batch) -> Result<(), StoreError> {
        if let Some(status) = batch.status {
            self.status = Some(status.to_owned());
        }
        let state = BOT_STATE
            .empty()
            .with("id", 1)
            .with("commits", ours + 1)
            .with("last_seq", seq)
            .with("last_now", batch.last.1.0)
            .with("status", self.status.clone());
        if BOT_STATE.replace(db, &state, "commits", ours).await? {
            Ok(())
        } else {
            Err(StoreError::NotAlone { found: ours + 1, ours })
        }
    }

    /// Notes when the bytes of the attempts in this batch became durable.
    fn owe(&mut self, batch: &Batch) {
        let at = match self.options.clock {
            Clock::Wall => wall(),
            Clock::Market => batch.last.1,
        };
        self.owed = history::journaled(batch).map(|attempt| (attempt, at)).collect();
        self.owed_since = (!self.owed.is_empty()).then(Instant::now);
        self.live.rows.retain(|_, row| row.int("ended_at").is_none());
    }
}

/// Whether the commit that was tried last is in the book: the count of commits tells.
async fn came_through(db: &mut Db, ours: i64, last_seq: i64) -> Result<bool, StoreError> {
    let there = BOT_STATE.get(db, &[1.into()]).await?;
    let of = |name: &str| there.as_ref().and_then(|there| there.int(name)).unwrap_or_default();
    match of("commits") {
        commits if commits == ours => Ok(false),
        commits if (commits, of("last_seq")) == (ours + 1, last_seq) => Ok(true),
        found => Err(StoreError::NotAlone { found, ours }),
    }
}
