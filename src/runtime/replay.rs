//! `--replay PATH`: recorded transactions or event records as a source of events.
//!
//! A folder (or a file) of what `getTransaction` answered, in any encoding and wrapper that
//! [`momentum_pump::transaction`] reads, is played in the order of slot, file name and place in the file; those
//! without a slot come last. A file of JSON lines that `momentum monitor` printed is played as it stands: its
//! market events, feed and facts, ticks left out, since whoever plays makes them anew. A recording is played
//! like such a file, its sessions one after another.
//!
//! `now` of a transaction is its block time, else the event's own; it never goes back.

mod lines;
mod raw;
mod sessions;
mod transactions;

use std::fmt;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use momentum_core::event::Event;
use momentum_core::time::Timestamp;
use momentum_pump::decode::Counts;
use momentum_sim::driver::Answers;
use momentum_store::record::{Malformed, ReadError, RecordWriter, clean};
use momentum_store::recording::{Damaged, OpenError, Recording};

use lines::Lines;
use sessions::Sessions;
use transactions::Recorded;

/// Largest JSON file that is read whole: some ten blocks with all their transactions.
pub const FILE_MAX_BYTES: u64 = 256 << 20;

/// Why nothing (more) can be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// There is no such file or folder.
    #[error("{}: no such file or folder", path.display())]
    NotFound {
        /// What was asked for.
        path: PathBuf,
    },
    /// It is there and cannot be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// What was read.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// It holds no transaction and no event record.
    #[error("{}: nothing to replay: {why}", path.display())]
    Nothing {
        /// What was read.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A line is no record.
    #[error("{}: {malformed}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Which line, and why.
        malformed: Malformed,
    },
    /// A file of a recording is not what was written.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// There is no recording.
    #[error(transparent)]
    Recording(#[from] OpenError),
}

impl ReplayError {
    /// Whether it is that nothing is there (exit 66), not that something is wrong with it (65).
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. } | Self::Recording(OpenError::NotFound { .. }))
    }

    fn io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        if error.kind() == io::ErrorKind::NotFound {
            Self::NotFound { path }
        } else {
            Self::Io { path, error }
        }
    }
}

/// A file of a folder that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", clean(&self.name), clean(&self.why))
    }
}

/// A recording, opened.
#[derive(Debug)]
pub struct Replay {
    skipped: Vec<Skipped>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Transactions(Recorded),
    Lines(Lines<BufReader<fs::File>>),
    Sessions(Box<Sessions>),
}

impl Replay {
    /// Opens a recording, a folder of transactions, a file of them, or a file of event records. A JSON file in a folder that
    /// is no transaction is left out and named in [`Self::skipped`].
    ///
    /// # Errors
    /// [`ReplayError`]: nothing there, not readable, or nothing in it to replay.
    pub fn open(path: &Path) -> Result<Self, ReplayError> {
        let found = fs::metadata(path).map_err(|error| ReplayError::io(path, error))?;
        if found.is_dir() && Recording::is_at(path) {
            let (sessions, skipped) = Sessions::open(&Recording::open(path)?)?;
            return Ok(Self { skipped, kind: Kind::Sessions(Box::new(sessions)) });
        }
        let (skipped, recorded) = if found.is_dir() {
            transactions::read_folder(path)?
        } else {
            let file = fs::File::open(path).map_err(|error| ReplayError::io(path, error))?;
            let mut file = BufReader::new(file);
            let begins = file.fill_buf().map_err(|error| ReplayError::io(path, error))?;
            if lines::are_records(begins) {
                let kind = Kind::Lines(Lines::new(path.to_owned(), file));
                return Ok(Self { skipped: Vec::new(), kind });
            }
            transactions::read_file(path)?
        };
        if recorded.is_empty() {
            let why = skipped.first().map_or_else(|| "no JSON file in it".to_owned(), ToString::to_string);
            return Err(ReplayError::Nothing { path: path.to_owned(), why });
        }
        Ok(Self { skipped, kind: Kind::Transactions(recorded) })
    }

    /// What was left out, in the order of its names.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// What became of the events of the transactions; all zero for event records, which are decoded already.
    #[must_use]
    pub fn counts(&self) -> Counts {
        match &self.kind {
            Kind::Transactions(recorded) => recorded.counts(),
            Kind::Lines(_) | Kind::Sessions(_) => Counts::default(),
        }
    }

    /// The programs' own events as records, in order, one `write` each: what `monitor --raw` prints. Event
    /// records hold none.
    ///
    /// # Errors
    /// Whatever `write` returns ends it.
    pub fn raw<E>(&self, writer: &RecordWriter, write: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        match &self.kind {
            Kind::Transactions(recorded) => raw::write_raw(recorded.transactions(), writer, write),
            Kind::Lines(_) | Kind::Sessions(_) => Ok(()),
        }
    }

    /// Who answers what is asked about tokens: a recording holds the answers that were given.
    #[must_use]
    pub const fn answers(&self) -> Answers {
        match &self.kind {
            Kind::Sessions(_) => Answers::FromSource,
            Kind::Transactions(_) | Kind::Lines(_) => Answers::NotConfigured,
        }
    }

    /// No entry signals before: the warm-up of a recorded run.
    #[must_use]
    pub const fn warm_until(&self) -> Option<Timestamp> {
        match &self.kind {
            Kind::Sessions(sessions) => sessions.warm_until(),
            Kind::Transactions(_) | Kind::Lines(_) => None,
        }
    }

    /// Its events in order. A malformed line of event records ends them with its number.
    #[must_use]
    pub fn events(self) -> Events {
        Events { kind: self.kind, nth: 0 }
    }
}

/// The events of a replay, with the times that the loop stamps.
#[derive(Debug)]
pub struct Events {
    kind: Kind,
    nth: usize,
}

impl Iterator for Events {
    type Item = Result<(Timestamp, Event), ReplayError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.kind {
            Kind::Transactions(recorded) => {
                let event = recorded.event(self.nth)?;
                self.nth += 1;
                Some(Ok(event))
            }
            Kind::Lines(lines) => lines.next(),
            Kind::Sessions(sessions) => sessions.next(),
        }
    }
}

fn read_error(path: &Path, error: ReadError) -> ReplayError {
    match error {
        ReadError::Malformed(malformed) => ReplayError::Line { path: path.to_owned(), malformed },
        ReadError::Io(error) => ReplayError::io(path, error),
    }
}

#[cfg(test)]
mod tests;
