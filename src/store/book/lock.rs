//! The lock of a book: a `flock` that the system itself ends with the process, and a text that says who it is.
//!
//! The text is for people and for whoever must end a bot that does not answer; the lock alone decides. So a
//! file that outlived its process is no lock, whatever it says.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::thread;
use std::time::Duration;

use momentum_core::time::Timestamp;
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde::{Deserialize, Serialize};

use super::{Book, BookError, BookName, private, wall_clock};

/// A process, told from another one that has its number later by when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// When it began, in ticks since the machine did; unknown where there is no `/proc`.
    pub began: Option<u64>,
}

impl Process {
    /// This one.
    #[must_use]
    pub fn this() -> Self {
        let pid = std::process::id();
        Self { pid, began: began(pid) }
    }

    /// Whether it still is the process that has this number on this machine.
    #[must_use]
    pub fn lives(&self) -> bool {
        self.began.is_some() && self.began == began(self.pid)
    }

    /// Ends it at once, as a power cut would. The number becomes a handle first, and what the handle is of is
    /// compared then: another process that has the number by now is never hit. One that is over is no error.
    ///
    /// # Errors
    /// Where the system does not let us.
    pub fn kill(&self) -> io::Result<()> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        let handle = match pid.map(|pid| pidfd_open(pid, PidfdFlags::empty())) {
            None | Some(Err(Errno::SRCH)) => return Ok(()),
            Some(handle) => handle?,
        };
        if !self.lives() {
            return Ok(());
        }
        match pidfd_send_signal(&handle, Signal::KILL) {
            Ok(()) | Err(Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Field 22 of `/proc/PID/stat`. The second field is the command in brackets, which may hold anything, brackets
/// and spaces too: fields are counted from its last bracket.
fn began(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(19)?.parse().ok()
}

/// Who holds a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The process; none where the holder has not said it yet.
    pub process: Option<Process>,
    /// The machine that it runs on.
    pub host: String,
    /// What it does: `momentum run`.
    pub command: String,
    /// Since when, by its machine's clock.
    pub since: Timestamp,
}

impl Holder {
    pub(super) fn this(command: &str) -> Self {
        let process = Some(Process::this());
        Self { process, host: host(), command: command.to_owned(), since: wall_clock() }
    }

    /// Somebody who has the lock and has not written the text yet.
    fn unnamed() -> Self {
        let command = "another process".to_owned();
        Self { process: None, host: String::new(), command, since: wall_clock() }
    }

    /// Whether the text is of a process of this machine that is over.
    fn died_here(&self) -> bool {
        let dead = |process: Process| process.began.is_some() && !process.lives();
        self.host == host() && self.process.is_some_and(dead)
    }

    /// The process that can be ended from here: one of this machine that is known by when it began.
    #[must_use]
    pub fn here(&self) -> Option<Process> {
        self.process.filter(|process| process.began.is_some() && self.host == host())
    }

    /// Whether the text is of a process that lives on this machine.
    #[must_use]
    pub fn lives_here(&self) -> bool {
        self.host == host() && self.process.is_some_and(|process| process.lives())
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.command)?;
        let Some(process) = self.process else { return Ok(()) };
        write!(f, " (pid {}", process.pid)?;
        if self.host != host() {
            write!(f, " on {}", self.host)?;
        }
        write!(f, ", since {})", self.since)
    }
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// A book that this process holds, until the value is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    book: BookName,
    /// Open as long as the lock is held: closing it is what ends it.
    file: File,
}

impl Drop for Lock {
    /// A lock that is given back names nobody. Where that cannot be written, a name without a lock is left,
    /// which is no lock either.
    fn drop(&mut self) {
        self.file.set_len(0).ok();
    }
}

impl Lock {
    /// The book that is held.
    #[must_use]
    pub const fn book(&self) -> &BookName {
        &self.book
    }
}

/// How long a lock that nobody alive has signed is asked for again: somebody who takes it signs within
/// microseconds, and somebody who only looks (see [`holder`]) has it for microseconds.
const UNSIGNED: Duration = Duration::from_millis(200);

/// Between two such looks.
const PAUSE: Duration = Duration::from_millis(5);

pub(super) fn take(book: &Book, command: &str) -> Result<Lock, BookError> {
    let path = book.lock_file();
    let open = private().read(true).write(true).create(true).truncate(false).open(&path);
    let file = open.map_err(BookError::io(&path))?;
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(BookError::io(&path)(error)),
        }
        let holder = signed(&file).map_err(BookError::io(&path))?;
        if holder.as_ref().is_some_and(Holder::lives_here) || waited >= UNSIGNED {
            let holder = holder.unwrap_or_else(Holder::unnamed);
            return Err(BookError::Held { book: book.name().clone(), holder });
        }
        thread::sleep(PAUSE);
        waited += PAUSE;
    }
    sign(&file, &Holder::this(command)).map_err(BookError::io(&path))?;
    Ok(Lock { book: book.name().clone(), file })
}

/// Looks without taking. A file that names nobody, or nobody alive, is not touched at all: else those who only
/// look could keep a bot from its book. The rest is asked for a shared lock, which whoever holds it refuses.
pub(super) fn holder(book: &Book) -> Result<Option<Holder>, BookError> {
    let path = book.lock_file();
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(BookError::io(&path)(error)),
    };
    let empty = file.metadata().map_err(BookError::io(&path))?.len() == 0;
    let holder = signed(&file).map_err(BookError::io(&path))?;
    if empty || holder.as_ref().is_some_and(Holder::died_here) {
        return Ok(None);
    }
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(Some(holder.unwrap_or_else(Holder::unnamed))),
        Err(TryLockError::Error(error)) => Err(BookError::io(&path)(error)),
    }
}

/// Writes who we are: one write, then the end, so that a reader finds the old text, ours, or none.
fn sign(file: &File, holder: &Holder) -> io::Result<()> {
    let text = serde_json::to_string(holder).map_err(io::Error::other)? + "\n";
    file.write_all_at(text.as_bytes(), 0)?;
    file.set_len(u64::try_from(text.len()).unwrap_or(u64::MAX))?;
    file.sync_data()
}

/// Who the first line says it is; none where it says nothing that can be read.
fn signed(file: &File) -> io::Result<Option<Holder>> {
    let mut text = vec![0; 4_096];
    let length = file.read_at(&mut text, 0)?;
    let line = text[..length].split(|byte| *byte == b'\n').next().unwrap_or_default();
    Ok(serde_json::from_slice(line).ok())
}
