//! Recordings: every event of a run with every decision, in files that any reader of Parquet takes as they are.
//!
//! A recording is a folder of sessions, one for each start of the process:
//!
//! ```text
//! D/20260101T000000Z-000000-RUN/
//!   manifest.json             what it is of; every sealed file with its length and its sum
//!   events-00000.parquet      sealed: one wide table of events
//!   decisions-00000.parquet   sealed: the lines of the decision hash, with their seq
//!   events-00001.arrows       open: an Arrow stream of the same columns, whole once a second
//!   decisions-00001.arrows
//!   segment-00001.log         how far the two are whole
//!   state.postcard            the state that it began from, where it did not begin from nothing
//! ```
//!
//! [`Recorder`] writes a session, [`Recording`] reads them. Nothing is used that is not what was written: every
//! file is checked before its first row is given, and what is wrong is named as [`Damaged`] with its file. Only
//! the end of a session that broke off may be missing, a second at most; [`Session::cut`] says so.

mod decisions;
mod events;
mod keys;
mod manifest;
mod open_segment;
mod recorder;
mod retention;
mod rewrite;
mod row;
mod sealing;
mod session;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use decisions::Decided;
pub use keys::RecordKeys;
pub use manifest::{About, Manifest, Place, Restored, Sealed, Segment};
pub use recorder::{Patience, Recorder};
pub use retention::{Removed, retain};
pub use rewrite::{RewriteError, rewrite};
pub use session::{Decisions, Envelopes, Session};

/// Why a recording cannot be written (on). The run goes on without it.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The disk is full, or no more of it may be used.
    #[error("{}: the disk is full: make room, or lower record.keep_megabytes", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("{}: {error}: check the folder and its rights", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// Rows cannot be made into a file: a fault of momentum.
    #[error("{}: cannot be written: {why}: report it with this message", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// The disk did not keep up.
    #[error("{}: the disk did not keep up for {patience:?}: give record.folder a faster one", path.display())]
    Behind {
        /// The session.
        path: PathBuf,
        /// How long it was waited for.
        patience: Duration,
    },
    /// The recording ended before: that was said.
    #[error("{}: the recording ended before", path.display())]
    Ended {
        /// The session.
        path: PathBuf,
    },
}

impl RecordError {
    fn io(path: &Path, error: io::Error) -> Self {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        let path = path.to_owned();
        match error.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => Self::Full { path },
            _ => Self::Io { path, error },
        }
    }
}

/// A file of a recording is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: damaged: {what}", file.display())]
pub struct Damaged {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub what: String,
}

impl Damaged {
    fn new(file: &Path, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), what: what.into() }
    }

    fn io(file: &Path, error: &io::Error) -> Self {
        let missing = error.kind() == io::ErrorKind::NotFound;
        Self::new(file, if missing { "it is missing".to_owned() } else { error.to_string() })
    }
}

/// The end of a session that broke off: what was not whole is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The file of events.
    pub file: PathBuf,
    /// What was left out.
    pub what: String,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.what)
    }
}

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no such folder.
    #[error("{}: no such folder", path.display())]
    NotFound {
        /// What was asked for.
        path: PathBuf,
    },
    /// There is no session in it.
    #[error("{}: no session of a recording in it", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

/// A folder of sessions.
#[derive(Clone, Debug)]
pub struct Recording {
    sessions: Vec<Result<Session, Damaged>>,
}

impl Recording {
    /// Opens a folder of sessions, or the folder of one.
    ///
    /// # Errors
    /// [`OpenError`] where there is no session. One whose manifest is damaged is among [`Self::sessions`].
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let path = || folder.to_owned();
        let folders = if is_session(folder) {
            vec![path()]
        } else {
            session_folders(folder).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => OpenError::NotFound { path: path() },
                _ => OpenError::Io { path: path(), error },
            })?
        };
        if folders.is_empty() {
            return Err(OpenError::Empty { path: path() });
        }
        Ok(Self { sessions: folders.iter().map(|folder| Session::open(folder)).collect() })
    }

    /// Whether there is a recording, or a session of one, at `path`.
    #[must_use]
    pub fn is_at(path: &Path) -> bool {
        is_session(path) || session_folders(path).is_ok_and(|folders| !folders.is_empty())
    }

    /// Its sessions, oldest first.
    pub fn sessions(&self) -> &[Result<Session, Damaged>] {
        &self.sessions
    }
}

/// Whether a folder is a session, damaged ones too: it has a manifest or a segment.
fn is_session(folder: &Path) -> bool {
    let ours = |name: &str| {
        name == manifest::MANIFEST
            || (name.starts_with("events-") && name.contains(".parquet"))
            || (name.starts_with("segment-") && name.ends_with(".log"))
    };
    fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_str().is_some_and(ours)))
}

/// The folders of the sessions in a folder of recordings, oldest first. One that begins with a point is still
/// in the making.
fn session_folders(recordings: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(recordings)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.file_type()?.is_dir() && is_session(&entry.path()) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests;
