//! A book: all that one network, mode and instance own on disk, in a folder that nobody else reads.
//!
//! Two bots never share a book: whoever works on it holds its [`Lock`]. What the folder holds is named here
//! and nowhere else.

mod lock;

use std::fmt;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::SystemTime;

use momentum_core::event::Mode;
use momentum_core::ids::Wallet;
use momentum_core::time::Timestamp;
use serde::{Deserialize, Serialize};

pub use lock::{Holder, Lock, Process};

/// Where the market is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// Solana itself.
    Mainnet,
    /// Solana's public test network.
    Devnet,
    /// A chain on this machine.
    Localnet,
    /// The embedded market: nothing of it is real.
    Sim,
}

impl Network {
    /// Every network.
    pub const ALL: [Self; 4] = [Self::Mainnet, Self::Devnet, Self::Localnet, Self::Sim];

    /// Its name in folders and records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mainnet => "mainnet",
            Self::Devnet => "devnet",
            Self::Localnet => "localnet",
            Self::Sim => "sim",
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is wrong with a text that should name a network, an instance or a book.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseBookError {
    /// No such network.
    #[error("`{0}` is no network: mainnet, devnet, localnet or sim")]
    Network(String),
    /// It could not be a part of a folder's name or of a database schema's.
    #[error("`{0}` is no name of an instance: up to 24 of a-z, 0-9 and _, a letter first")]
    Instance(String),
}

impl FromStr for Network {
    type Err = ParseBookError;

    fn from_str(text: &str) -> Result<Self, ParseBookError> {
        let named = Self::ALL.into_iter().find(|network| network.name() == text);
        named.ok_or_else(|| ParseBookError::Network(text.to_owned()))
    }
}

/// The name of an instance: what lets two strategies run side by side.
///
/// It is a part of a folder's name and of a database schema's, so it is short and plain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instance(String);

impl Instance {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Instance {
    type Err = ParseBookError;

    fn from_str(text: &str) -> Result<Self, ParseBookError> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if first && text.len() <= 24 && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseBookError::Instance(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Instance {
    type Error = ParseBookError;

    fn try_from(text: String) -> Result<Self, ParseBookError> {
        text.parse()
    }
}

impl From<Instance> for String {
    fn from(instance: Instance) -> Self {
        instance.0
    }
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What tells one book from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookName {
    /// Where the market is.
    pub network: Network,
    /// Where orders go.
    pub mode: Mode,
    /// A part of the name for a second book of the same network and mode.
    pub instance: Option<Instance>,
}

impl BookName {
    /// The schema of the book in a Postgres database: `momentum_sim_dry_run_second`.
    #[must_use]
    pub fn schema(&self) -> String {
        format!("momentum_{self}").replace('-', "_")
    }
}

/// The word of a mode in folders and records.
#[must_use]
pub const fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::DryRun => "dry-run",
        Mode::Paper => "paper",
        Mode::Live => "live",
    }
}

impl fmt::Display for BookName {
    /// The name of its folder: `sim-paper`, `mainnet-live-second`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.network, mode_name(self.mode))?;
        self.instance.as_ref().map_or(Ok(()), |instance| write!(f, "-{instance}"))
    }
}

impl BookName {
    /// Of the name of a folder.
    fn of_folder(folder: &str) -> Option<Self> {
        let of = |network: Network, mode: Mode| {
            let rest = folder.strip_prefix(&format!("{network}-{}", mode_name(mode)))?;
            let instance = match rest.strip_prefix('-') {
                Some(instance) => Some(instance.parse().ok()?),
                None if rest.is_empty() => None,
                None => return None,
            };
            Some(Self { network, mode, instance })
        };
        let modes = [Mode::Paper, Mode::DryRun, Mode::Live];
        Network::ALL.iter().find_map(|network| modes.iter().find_map(|mode| of(*network, *mode)))
    }
}

/// Why a book cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// Somebody works on it: talk to them, or stop them.
    #[error("{holder} holds the book {book}")]
    Held {
        /// The book.
        book: BookName,
        /// Who holds it.
        holder: Holder,
    },
    /// A file or folder of it cannot be made, read or written: mend its rights or the disk.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file stands where a folder should be.
    #[error("{} should be a folder", .0.display())]
    NoFolder(PathBuf),
    /// It belongs to another user: run as that user, or name another `--data-dir`.
    #[error("{} belongs to the user with the id {uid}", path.display())]
    Foreign {
        /// Which.
        path: PathBuf,
        /// Whose it is.
        uid: u32,
    },
}

impl BookError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, error }
    }
}

/// A book and where it is. Making the value touches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    name: BookName,
    folder: PathBuf,
}

/// `$XDG_DATA_HOME/momentum`, else `~/.local/share/momentum`; none without a home.
#[must_use]
pub fn default_data_dir() -> Option<PathBuf> {
    let var = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")))?;
    Some(data.join("momentum"))
}

/// This machine's clock: for what has to do with processes and people, never with the market.
#[must_use]
pub fn wall_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl Book {
    /// The book of that name under `data_dir`.
    #[must_use]
    pub fn at(data_dir: &Path, name: BookName) -> Self {
        Self { folder: data_dir.join(name.to_string()), name }
    }

    /// The book of that name in a folder of another name: where an operator keeps its database elsewhere.
    #[must_use]
    pub fn in_folder(folder: &Path, name: BookName) -> Self {
        Self { folder: folder.to_owned(), name }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &BookName {
        &self.name
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The database of everything that is money, where that is SQLite.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.join("momentum.db")
    }

    /// The database of measurements.
    #[must_use]
    pub fn metrics(&self) -> PathBuf {
        self.folder.join("metrics.db")
    }

    /// The file that the holder locks.
    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// The file that is locked, beside the books of one folder, by the one that trades with this wallet.
    #[must_use]
    pub fn wallet_lock(&self, wallet: Wallet) -> PathBuf {
        self.folder.with_file_name(format!("{wallet}.lock"))
    }

    /// Its permission to trade with real money.
    #[must_use]
    pub fn armed(&self) -> PathBuf {
        self.folder.join("armed.json")
    }

    /// What the programs were that it trades through when they were proven last.
    #[must_use]
    pub fn programs(&self) -> PathBuf {
        self.folder.join("programs.json")
    }

    /// The file of the kill switch.
    #[must_use]
    pub fn kill_file(&self) -> PathBuf {
        self.folder.join("kill.json")
    }

    /// The socket of the running bot.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder.join("control.sock")
    }

    /// The attempts to sell that the database could not take in time.
    #[must_use]
    pub fn exit_journal(&self) -> PathBuf {
        self.folder.join("exits.journal")
    }

    /// What was received and decided, for replays.
    #[must_use]
    pub fn recordings(&self) -> PathBuf {
        self.folder.join("recordings")
    }

    /// The market as it was, for restarts.
    #[must_use]
    pub fn snapshots(&self) -> PathBuf {
        self.folder.join("snapshots")
    }

    /// Logs.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// Makes its folders where they are missing, for our eyes only.
    ///
    /// # Errors
    /// Where that cannot be done, or where the folder is another user's.
    pub fn create(&self) -> Result<(), BookError> {
        for folder in [&self.folder, &self.recordings(), &self.snapshots(), &self.logs()] {
            private_folder(folder)?;
        }
        Ok(())
    }

    /// Takes the book for this process, at once or not at all. `command` is told to whoever finds it taken.
    /// Makes the folder where it is missing.
    ///
    /// # Errors
    /// [`BookError::Held`] names who has it.
    pub fn lock(&self, command: &str) -> Result<Lock, BookError> {
        private_folder(&self.folder)?;
        lock::take(self, command)
    }

    /// The other books of its folder that somebody holds, by name. What cannot be read is none.
    #[must_use]
    pub fn held_beside(&self) -> Vec<BookName> {
        let data = self.folder.parent().unwrap_or(&self.folder);
        let folders = fs::read_dir(data).into_iter().flatten().flatten();
        let names = folders.filter_map(|entry| BookName::of_folder(entry.file_name().to_str()?));
        let held = |name: &BookName| {
            *name != self.name && Self::at(data, name.clone()).holder().is_ok_and(|holder| holder.is_some())
        };
        let mut names: Vec<_> = names.filter(held).collect();
        names.sort_by_key(ToString::to_string);
        names
    }

    /// Who holds it now, if anybody does. A file that a dead process left is no lock.
    ///
    /// # Errors
    /// Where the lock file cannot be read.
    pub fn holder(&self) -> Result<Option<Holder>, BookError> {
        lock::holder(self)
    }
}

/// Makes a folder that only we can enter, or takes ours as it is with its rights tightened.
fn private_folder(folder: &Path) -> Result<(), BookError> {
    let io = || BookError::io(folder);
    match fs::metadata(folder) {
        Ok(found) if !found.is_dir() => Err(BookError::NoFolder(folder.to_owned())),
        Ok(found) => {
            let us = rustix::process::geteuid().as_raw();
            if found.uid() != us && us != 0 {
                return Err(BookError::Foreign { path: folder.to_owned(), uid: found.uid() });
            }
            if found.permissions().mode() & 0o077 != 0 {
                fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(io())?;
            }
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io())
        }
        Err(error) => Err(io()(error)),
    }
}

/// Options that make files for our eyes only.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(test)]
pub(crate) mod tests;
