//! Recorded transactions as a source.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use momentum_core::event::{Event, FeedEvent, MarketEvent, MarketKind, Quote, Reserves};
use momentum_core::ids::PoolId;
use momentum_core::time::Timestamp;
use momentum_pump::decode::{Counts, Outcome, PoolMints, decode};
use momentum_pump::programs::WRAPPED_SOL;
use momentum_pump::transaction::{OwnedTransaction, read_transactions};

use super::{FILE_MAX_BYTES, ReplayError, Skipped};

/// Transactions in order, and what they mean.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    transactions: Vec<OwnedTransaction>,
    events: Vec<(Timestamp, Event)>,
    counts: Counts,
}

/// Reads the JSON files of a folder (those below it are others' business).
pub(super) fn read_folder(path: &Path) -> Result<(Vec<Skipped>, Recorded), ReplayError> {
    let failed = |error| ReplayError::io(path, error);
    let mut files = fs::read_dir(path)
        .and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
        })
        .map_err(failed)?;
    files.retain(|file| file.is_file());
    files.sort();
    let (mut skipped, mut found) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if file.extension() != Some(OsStr::new("json")) {
            skipped.push(Skipped { name, why: "its name does not end in .json".to_owned() });
            continue;
        }
        match transactions_of(&file)? {
            Ok(transactions) => found.extend(transactions),
            Err(why) => skipped.push(Skipped { name, why }),
        }
    }
    Ok((skipped, Recorded::new(found)))
}

/// Reads one JSON file.
pub(super) fn read_file(path: &Path) -> Result<(Vec<Skipped>, Recorded), ReplayError> {
    let found = transactions_of(path)?;
    let found = found.map_err(|why| ReplayError::Nothing { path: path.to_owned(), why })?;
    Ok((Vec::new(), Recorded::new(found)))
}

/// The transactions of a file, or why it holds none.
fn transactions_of(path: &Path) -> Result<Result<Vec<OwnedTransaction>, String>, ReplayError> {
    let failed = |error| ReplayError::io(path, error);
    let bytes = fs::metadata(path).map_err(failed)?.len();
    if bytes > FILE_MAX_BYTES {
        return Ok(Err(format!("has {bytes} bytes, more than the {FILE_MAX_BYTES} that are read")));
    }
    let Ok(text) = String::from_utf8(fs::read(path).map_err(failed)?) else {
        return Ok(Err("is not UTF-8".to_owned()));
    };
    Ok(read_transactions(&text).map_err(|why| format!("no transaction: {why}")))
}

impl Recorded {
    /// `transactions` come in the order of file name and place in the file, which the sort keeps.
    fn new(mut transactions: Vec<OwnedTransaction>) -> Self {
        transactions.sort_by_key(|transaction| (transaction.slot.is_none(), transaction.slot));
        let mut recorded = Self::default();
        let mut pools = BTreeMap::new();
        let mut now = Timestamp(i64::MIN);
        let mut slot = None;
        let mut outcomes = Vec::new();
        for transaction in &transactions {
            outcomes.clear();
            decode(transaction, |pool| pools.get(pool).copied(), |outcome| outcomes.push(outcome));
            let first = outcomes.iter().find_map(|outcome| match outcome {
                Outcome::Decoded(event) => Some(event.at),
                _ => None,
            });
            let Some(at) = transaction.time.or(first) else {
                outcomes.iter().for_each(|outcome| recorded.counts.add(outcome));
                continue;
            };
            now = now.max(at.timestamp());
            if recorded.events.is_empty() {
                recorded.events.push((now, Event::Feed(FeedEvent::Up)));
            }
            if let Some(new) = transaction.slot.filter(|new| Some(*new) > slot) {
                slot = Some(new);
                recorded.events.push((now, Event::Feed(FeedEvent::Slot { slot: new, at })));
            }
            for outcome in outcomes.drain(..) {
                recorded.counts.add(&outcome);
                if let Outcome::Decoded(event) = outcome {
                    pools.extend(pool_of(&event));
                    recorded.events.push((now, Event::from(event)));
                }
            }
        }
        recorded.transactions = transactions;
        recorded
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.transactions.is_empty()
    }

    pub(super) const fn counts(&self) -> Counts {
        self.counts
    }

    pub(super) fn event(&self, nth: usize) -> Option<(Timestamp, Event)> {
        self.events.get(nth).cloned()
    }

    pub(super) fn transactions(&self) -> &[OwnedTransaction] {
        &self.transactions
    }
}

/// The pool that an event tells of, with its mints: later transactions may trade there without naming them.
fn pool_of(event: &MarketEvent) -> Option<(PoolId, PoolMints)> {
    let (pool, quote) = match &event.kind {
        MarketKind::PoolOpened { pool, quote, .. } | MarketKind::Migrated { pool, quote, .. } => {
            (*pool, *quote)
        }
        MarketKind::Traded(traded) => match traded.reserves {
            Reserves::Pool { pool, .. } => (pool, traded.quote),
            Reserves::Curve(_) => return None,
        },
        MarketKind::Launched(_) | MarketKind::Completed { .. } => return None,
    };
    let quote = match quote {
        Quote::Sol => WRAPPED_SOL,
        Quote::Other(mint) => mint.0,
    };
    Some((pool, PoolMints { base: event.mint.0, quote }))
}
