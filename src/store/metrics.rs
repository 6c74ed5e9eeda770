//! Token metrics and scores: the book's second database, on a thread and a connection of its own, never in
//! front of money. What it cannot take in time is dropped and counted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use momentum_core::analysis::Analysis;
use momentum_core::fact::Fact;
use momentum_core::ids::Mint;
use momentum_core::ratio::Ratio;
use momentum_core::time::Timestamp;
use tokio::sync::mpsc;
use tracing::warn;

use crate::address::Address;
use crate::db::{Access, Db, Durability, Value};
use crate::error::StoreError;
use crate::journal::Clock;
use crate::migrations::{self, Series};
use crate::table::Record;
use crate::tables::{MINTS, SCORES, TOKEN_METRICS};

/// Evaluations are kept so long.
pub const KEPT: Duration = Duration::from_hours(7 * 24);

/// Evaluations that may wait on the wall's clock: minutes of them, for they are dropped where there is no room.
const ROOM: usize = 16_384;
/// The same on the market's clock, which waits for room.
const ROOM_OF_MARKET: usize = 2_048;
/// So many are written in one transaction, or as many as came in [`COMPANY`].
const BATCH: usize = 4_096;
const COMPANY: Duration = Duration::from_millis(250);
/// What is too old is looked for each hour of market time.
const SWEEP: Duration = Duration::from_hours(1);

/// The sending end.
#[derive(Debug)]
pub struct Metrics {
    queue: Option<mpsc::Sender<Arc<Analysis>>>,
    clock: Clock,
    dropped: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Metrics {
    /// Opens the database of the book's metrics, whose schema must be up to date, and starts the thread.
    ///
    /// # Errors
    /// A database that does not answer, is damaged, or has another schema.
    pub fn open(book: &Address, clock: Clock) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        let (queue, waiting) = mpsc::channel(match clock {
            Clock::Wall => ROOM,
            Clock::Market => ROOM_OF_MARKET,
        });
        let dropped = Arc::new(AtomicU64::new(0));
        let mut writer =
            Writer { address: book.metrics(), link: None, dropped: Arc::clone(&dropped), swept: None };
        runtime.block_on(writer.link())?;
        let thread = std::thread::Builder::new()
            .name("metrics".to_owned())
            .spawn(move || runtime.block_on(writer.work(waiting)))
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        Ok(Self { queue: Some(queue), clock, dropped, thread: Some(thread) })
    }

    /// Takes the evaluations among the facts, of tokens that traded. On the wall clock it never waits: what finds
    /// no room is dropped and counted. On the market's clock it waits for room.
    pub fn append(&self, facts: &[Fact]) {
        let Some(queue) = &self.queue else { return };
        for fact in facts {
            let Fact::Scored(analysis) = fact else { continue };
            if analysis.learned.traded.is_none() {
                continue;
            }
            let taken = match self.clock {
                Clock::Wall => queue.try_send(Arc::clone(analysis)).is_ok(),
                Clock::Market => queue.blocking_send(Arc::clone(analysis)).is_ok(),
            };
            if !taken {
                self.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Evaluations that were not written.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Writes what waits and ends the thread.
    pub fn close(mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            warn!("the thread of the metrics panicked");
        }
    }
}

/// The writing end.
#[derive(Debug)]
struct Writer {
    address: Address,
    link: Option<Link>,
    dropped: Arc<AtomicU64>,
    /// When what is too old was removed last, by market time.
    swept: Option<Timestamp>,
}

/// A connection and what is known of the tables behind it.
#[derive(Debug)]
struct Link {
    db: Db,
    next: i64,
    next_mint: i64,
    /// Numbers of the tokens that were scored lately, and when: those of others are looked up.
    mints: BTreeMap<Mint, (i64, Timestamp)>,
}

impl Link {
    /// The number of a token; one that has none gets the next, and a row in `new`.
    async fn number(&mut self, of: &Analysis, new: &mut Vec<Record>) -> Result<i64, StoreError> {
        let known = match self.mints.get(&of.mint) {
            Some((id, _)) => Some(*id),
            None => {
                let mint = [Value::Text(of.mint.to_string())];
                let row = self.db.row("SELECT id FROM mints WHERE mint = $1", &mint).await?;
                row.and_then(|line| line.int(0))
            }
        };
        let id = known.unwrap_or_else(|| {
            let id = self.next_mint;
            self.next_mint += 1;
            new.push(MINTS.empty().with("id", id).with("mint", of.mint.to_string()));
            id
        });
        self.mints.insert(of.mint, (id, of.now));
        Ok(id)
    }
}

impl Writer {
    async fn work(mut self, mut waiting: mpsc::Receiver<Arc<Analysis>>) {
        let mut batch = Vec::with_capacity(BATCH);
        while waiting.recv_many(&mut batch, BATCH).await > 0 {
            let more =
                async { while batch.len() < BATCH && waiting.recv_many(&mut batch, BATCH).await > 0 {} };
            if tokio::time::timeout(COMPANY, more).await.is_err() {
                // Company has come or not: what is here is written.
            }
            let written = match self.write(&batch).await {
                Err(why) if why.retryable() => {
                    self.link = None;
                    self.write(&batch).await
                }
                written => written,
            };
            if let Err(why) = written {
                self.link = None;
                self.dropped.fetch_add(batch.len() as u64, Ordering::Relaxed);
                warn!(%why, evaluations = batch.len(), "evaluations were dropped");
            }
            batch.clear();
        }
    }

    async fn link(&mut self) -> Result<Link, StoreError> {
        if let Some(link) = self.link.take() {
            return Ok(link);
        }
        let mut db = Db::open(&self.address, Durability::Process, Access::Write).await?;
        migrations::check(&mut db, Series::Metrics).await?;
        let newest =
            "SELECT (SELECT COALESCE(MAX(id), 0) FROM scores), (SELECT COALESCE(MAX(id), 0) FROM mints)";
        let newest = db.row(newest, &[]).await?;
        let after = |nth| newest.as_ref().and_then(|line| line.int(nth)).unwrap_or_default() + 1;
        Ok(Link { next: after(0), next_mint: after(1), db, mints: BTreeMap::new() })
    }

    async fn write(&mut self, batch: &[Arc<Analysis>]) -> Result<(), StoreError> {
        let mut link = self.link().await?;
        link.db.begin().await?;
        let (mut new, mut scores, mut metrics) = (Vec::new(), Vec::new(), Vec::new());
        for analysis in batch {
            let mint = link.number(analysis, &mut new).await?;
            scores.push(score(link.next, mint, analysis));
            metrics.push(measured(link.next, analysis));
            link.next += 1;
        }
        MINTS.append(&mut link.db, &new).await?;
        SCORES.append(&mut link.db, &scores).await?;
        TOKEN_METRICS.append(&mut link.db, &metrics).await?;
        let newest = batch.iter().map(|analysis| analysis.now).max();
        if let Some(now) = newest.filter(|now| self.swept.is_none_or(|swept| now.since(swept) >= SWEEP)) {
            sweep(&mut link, now).await?;
            self.swept = Some(now);
        }
        link.db.commit().await?;
        self.link = Some(link);
        Ok(())
    }
}

/// Removes what is too old; ids grow with time, so the oldest id that stays tells.
async fn sweep(link: &mut Link, now: Timestamp) -> Result<(), StoreError> {
    link.mints.retain(|_, (_, scored)| now.since(*scored) < SWEEP);
    let oldest = [Value::Int((now - KEPT).0)];
    let db = &mut link.db;
    if db.execute("DELETE FROM scores WHERE scored_at < $1", &oldest).await? == 0 {
        return Ok(());
    }
    db.execute("DELETE FROM token_metrics WHERE id < (SELECT COALESCE(MIN(id), 0) FROM scores)", &[]).await?;
    db.execute("DELETE FROM mints WHERE id NOT IN (SELECT mint_id FROM scores)", &[]).await?;
    Ok(())
}

/// The row of a score.
#[must_use]
pub fn score(id: i64, mint: i64, analysis: &Analysis) -> Record {
    let score = &analysis.score;
    SCORES
        .empty()
        .with("id", id)
        .with("mint_id", mint)
        .with("scored_at", analysis.now.0)
        .with("total", i64::from(score.total.0))
        .with("volume", i64::from(score.volume.0))
        .with("holders", i64::from(score.holders.0))
        .with("liquidity", i64::from(score.liquidity.0))
        .with("social", i64::from(score.social.0))
        .with("safety", i64::from(score.safety.0))
        .with("complete", i64::from(score.complete))
        .with("hard_fail", analysis.hard_fail.map(|fail| fail.name().to_owned()))
}

/// The row of what a score was made of.
#[must_use]
pub fn measured(id: i64, analysis: &Analysis) -> Record {
    let metrics = &analysis.metrics;
    let capped = |amount: u64| i64::try_from(amount).unwrap_or(i64::MAX);
    let ratio = |ratio: Result<Ratio, _>| ratio.ok().map(|ratio| ratio.thousandths().0);
    TOKEN_METRICS
        .empty()
        .with("id", id)
        .with("volume_5m", capped(metrics.volume_5m.0))
        .with("velocity", ratio(metrics.velocity))
        .with("buy_ratio", ratio(metrics.buy_ratio))
        .with("unique_buyers_5m", i64::from(metrics.unique_buyers_5m))
        .with("holders", metrics.holders.ok().map(i64::from))
        .with("top10", ratio(metrics.top10))
        .with("progress", metrics.progress.ok().map(|progress| i64::from(progress.0)))
        .with("real_sol", metrics.real_sol.ok().map(|lamports| capped(lamports.0)))
        .with("round_trip", metrics.round_trip.ok().map(|cost| i64::from(cost.0)))
        .with("age_seconds", metrics.age_seconds.ok().map(capped))
}
