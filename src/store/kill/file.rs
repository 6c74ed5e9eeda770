//! The file itself: read whole, replaced whole. What was written before a loss of power is there after it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Halt, HaltKind};
use crate::book::{Book, private, wall_clock};

/// What the file says it is.
const SCHEMA: &str = "momentum.kill.v1";

/// No kill file is longer; what is, is none of ours.
const MOST_BYTES: u64 = 64 * 1_024;

/// What is in the file.
#[derive(Debug, Serialize, Deserialize)]
struct Content {
    schema: String,
    halts: Vec<Halt>,
}

/// Why the kill file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KillFileError {
    /// It is none, or a newer version's: look at it, then `momentum killswitch reset`.
    #[error("{} is no kill file of this version: {why}", path.display())]
    Garbage {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The system does not let us: mend rights or disk.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Somebody else has been writing it for too long: try again.
    #[error("{} is being written by somebody else", .0.display())]
    Busy(PathBuf),
}

/// Which orders are over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The pause of this operator, and of nobody else.
    PauseOf(String),
    /// All orders of a kind.
    Kind(HaltKind),
    /// Everything, garbage too.
    All,
}

impl Ended {
    /// Whether it ends this order.
    #[must_use]
    pub fn is_of(&self, halt: &Halt) -> bool {
        match self {
            Self::PauseOf(who) => halt.kind == HaltKind::Pause && halt.who == *who,
            Self::Kind(kind) => halt.kind == *kind,
            Self::All => true,
        }
    }
}

/// The kill file of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KillFile {
    path: PathBuf,
    folder: PathBuf,
}

impl KillFile {
    /// That of `book`.
    #[must_use]
    pub fn of(book: &Book) -> Self {
        Self { path: book.kill_file(), folder: book.folder().to_owned() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of its book.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All orders, those that have ended by themselves included; none where there is no file.
    ///
    /// # Errors
    /// Where it cannot be read or is none of ours.
    pub fn read(&self) -> Result<Vec<Halt>, KillFileError> {
        let garbage = |why: String| KillFileError::Garbage { path: self.path.clone(), why };
        let found = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.io(error)),
        };
        let mut text = String::new();
        match io::Read::read_to_string(&mut io::Read::take(found, MOST_BYTES + 1), &mut text) {
            Ok(length) if length as u64 > MOST_BYTES => return Err(garbage("it is too long".to_owned())),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(garbage("it is no text".to_owned()));
            }
            Err(error) => return Err(self.io(error)),
        }
        let content: Content = serde_json::from_str(&text).map_err(|error| garbage(error.to_string()))?;
        if content.schema == SCHEMA {
            Ok(content.halts)
        } else {
            Err(garbage(format!("its schema is not {SCHEMA}")))
        }
    }

    /// Adds an order; one of the same kind and operator is replaced, but keeps since when it stands. What is
    /// garbage is replaced too. Once this returns the order is on the disk.
    ///
    /// # Errors
    /// Where it cannot be written: then nothing has changed.
    pub fn order(&self, mut halt: Halt) -> Result<Vec<Halt>, KillFileError> {
        // Somebody who stops in the middle of his writing must not keep others from stopping the bot.
        let _guard = match self.guard() {
            Err(KillFileError::Busy(_)) => None,
            guard => Some(guard?),
        };
        let mut halts = match self.read() {
            Err(KillFileError::Garbage { .. }) => Vec::new(),
            halts => halts?,
        };
        let now = wall_clock();
        halts.retain(|old| old.stands(now));
        let same = |old: &Halt| (old.kind, &old.who) == (halt.kind, &halt.who);
        if let Some(old) = halts.iter().position(same) {
            halt.since = halts.remove(old).since;
        }
        halts.push(halt);
        halts.sort_by_key(|halt| halt.kind);
        self.write(&halts)?;
        Ok(halts)
    }

    /// Ends orders, and gives those that still stand; with the last one the file goes.
    ///
    /// # Errors
    /// Where it cannot be read or written: then nothing has changed.
    pub fn end(&self, ended: &Ended) -> Result<Vec<Halt>, KillFileError> {
        let _guard = self.guard()?;
        let mut halts = if *ended == Ended::All { Vec::new() } else { self.read()? };
        let now = wall_clock();
        halts.retain(|halt| halt.stands(now) && !ended.is_of(halt));
        if !halts.is_empty() {
            self.write(&halts)?;
            return Ok(halts);
        }
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.io(error)),
            _ => {}
        }
        self.sync_folder()?;
        Ok(halts)
    }

    /// Replaces the file whole: a new one, made durable, takes its name, and the name is made durable.
    fn write(&self, halts: &[Halt]) -> Result<(), KillFileError> {
        static WRITTEN: AtomicU64 = AtomicU64::new(0);
        let content = Content { schema: SCHEMA.to_owned(), halts: halts.to_vec() };
        let text = serde_json::to_string_pretty(&content).map_err(|error| self.io(error.into()))? + "\n";
        let nth = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let new = self.folder.join(format!("kill.json.{}.{nth}.new", std::process::id()));
        let written = private().write(true).create(true).truncate(true).open(&new).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            self.give_to_owner(&file)?;
            file.sync_all()?;
            fs::rename(&new, &self.path)
        });
        if let Err(error) = written {
            // What is left of the new file orders nothing; that it could not be written is what is told.
            fs::remove_file(&new).ok();
            return Err(self.io(error));
        }
        self.sync_folder()
    }

    /// The bot must be able to read what root has ordered.
    fn give_to_owner(&self, file: &File) -> io::Result<()> {
        let folder = fs::metadata(&self.folder)?;
        if rustix::process::geteuid().is_root() && folder.uid() != 0 {
            fchown(file, Some(folder.uid()), Some(folder.gid()))?;
        }
        Ok(())
    }

    fn sync_folder(&self) -> Result<(), KillFileError> {
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(|error| self.io(error))
    }

    /// Two operators must not lose each other's orders: who writes holds this lock while it lasts, which is
    /// as long as the disk takes.
    fn guard(&self) -> Result<File, KillFileError> {
        const TRIES: u32 = 600;
        const PAUSE: Duration = Duration::from_millis(5);
        let path = self.folder.join("kill.lock");
        let opened = private().write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(|error| KillFileError::Io { path: path.clone(), error })?;
        self.give_to_owner(&file).map_err(|error| self.io(error))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(KillFileError::Io { path, error }),
            }
        }
        Err(KillFileError::Busy(self.path.clone()))
    }

    fn io(&self, error: io::Error) -> KillFileError {
        KillFileError::Io { path: self.path.clone(), error }
    }
}
