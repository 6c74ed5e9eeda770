//! The kill file: what operators have ordered to stop, in a file that is looked at before every send.
//!
//! It works with the bot up, hung or dead, and survives restarts: who writes it needs no bot, and who is about
//! to send needs no database. Each order stands by itself until it is ended; the strictest wins.
//!
//! A file that cannot be read or understood stops buys, and only buys: somebody may have meant to stop
//! something, and a buy that does not happen costs nothing. An exit is held back by an operator's lock and
//! nothing else, so not by garbage. A lock that was read before the file went bad still stands: nobody has
//! ended it.

mod file;

use std::fmt;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use momentum_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::book::wall_clock;

pub use file::{Ended, KillFile, KillFileError};

/// What is to stop, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HaltKind {
    /// No buys.
    Pause,
    /// No buys, and everything is sold.
    Flatten,
    /// Nothing leaves, sells included.
    Lock,
}

impl HaltKind {
    /// Its name in records and commands.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Flatten => "flatten",
            Self::Lock => "lock",
        }
    }
}

impl fmt::Display for HaltKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An order to stop, with its story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// What is to stop.
    pub kind: HaltKind,
    /// Who ordered it.
    pub who: String,
    /// Why.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
    /// When it ends by itself; a pause only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Halt {
    /// Whether it has not ended by itself at `now`, by the clock of whoever reads it.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// What may leave, as far as the kill file goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permits {
    /// Whether buys may leave.
    pub buys: bool,
    /// Whether sells may leave.
    pub exits: bool,
    /// Whether everything is to be sold.
    pub flatten: bool,
    /// The strictest order that stands.
    pub halt: Option<Halt>,
    /// Why the file could not be read, where it could not.
    pub unreadable: Option<String>,
}

/// The reader of the kill file for whoever sends: one `stat` a look while nothing changes.
#[derive(Debug)]
pub struct KillSwitch {
    file: KillFile,
    /// What the file was when it was read last; none where it must be read again whatever it looks like.
    seen: Option<Stamp>,
    halts: Vec<Halt>,
    unreadable: Option<String>,
}

/// What tells one state of the file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    /// Device and inode, size, and both times in nanoseconds; all zero where there is no file.
    of: [i64; 5],
}

/// Times of files are as coarse as the ticks of the kernel's clock, 10 ms at most: of two changes inside one
/// tick the second may leave no trace. A file that changed so recently is read again at the next look.
const TICK: Duration = Duration::from_millis(50);

impl Stamp {
    const NO_FILE: Self = Self { of: [0; 5] };

    fn of(found: &Metadata) -> Self {
        let whole = |seconds: i64, nanos: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(nanos);
        let modified = whole(found.mtime(), found.mtime_nsec());
        let changed = whole(found.ctime(), found.ctime_nsec());
        Self {
            of: [
                found.dev().cast_signed(),
                found.ino().cast_signed(),
                found.size().cast_signed(),
                modified,
                changed,
            ],
        }
    }

    /// Whether a change at `now` would show in it.
    fn settled(&self, now: Timestamp) -> bool {
        let changed = Timestamp(self.of[4] / 1_000);
        *self == Self::NO_FILE || changed + TICK < now
    }
}

impl KillSwitch {
    /// A reader that has not looked yet.
    #[must_use]
    pub const fn new(file: KillFile) -> Self {
        Self { file, seen: None, halts: Vec::new(), unreadable: None }
    }

    /// The file that it reads.
    #[must_use]
    pub const fn file(&self) -> &KillFile {
        &self.file
    }

    /// Looks, and says what may leave at `now` by the caller's clock.
    pub fn look(&mut self, now: Timestamp) -> Permits {
        match self.stamp() {
            Ok(stamp) if self.seen == Some(stamp) => {}
            Ok(stamp) => {
                let settled = stamp.settled(wall_clock());
                match self.file.read() {
                    Ok(halts) => (self.halts, self.unreadable) = (halts, None),
                    Err(error) => self.unreadable = Some(error.to_string()),
                }
                // The file may have changed between the look and the reading: then the stamp is an old one,
                // and the next look reads again.
                self.seen = settled.then_some(stamp);
            }
            Err(error) => (self.seen, self.unreadable) = (None, Some(error.to_string())),
        }
        self.permits(now)
    }

    /// A missing file orders nothing, a missing folder is no such answer: the book is not where it was.
    fn stamp(&self) -> io::Result<Stamp> {
        match fs::metadata(self.file.path()) {
            Ok(found) => Ok(Stamp::of(&found)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::metadata(self.file.folder()).map(|_| Stamp::NO_FILE)
            }
            Err(error) => Err(error),
        }
    }

    fn permits(&self, now: Timestamp) -> Permits {
        let standing = || self.halts.iter().filter(|halt| halt.stands(now));
        let halt = standing().max_by_key(|halt| halt.kind);
        let has = |kind| standing().any(|halt| halt.kind == kind);
        Permits {
            buys: halt.is_none() && self.unreadable.is_none(),
            exits: !has(HaltKind::Lock),
            flatten: has(HaltKind::Flatten),
            halt: halt.cloned(),
            unreadable: self.unreadable.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
