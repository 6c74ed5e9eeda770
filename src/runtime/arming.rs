//! Arming: the permission to trade with real money, as an operator gave it for one book, its wallets and its limits.
//!
//! It is a file of the book. One that was given for other wallets, has ended, or under which a limit is looser now
//! than it was when it was given, is none.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use momentum_chain::wallets::{WalletError, addresses};
use momentum_core::config::{Loosens, Value};
use momentum_core::engine::Engine;
use momentum_core::event::{Command, Commanded};
use momentum_core::ids::Wallet;
use momentum_core::time::Timestamp;
use momentum_core::trader::state::Held;
use momentum_core::units::Lamports;
use momentum_store::book::{Book, wall_clock};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use crate::live::keep_memory_to_ourselves;
use crate::settings::Settings;

/// A permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Armed {
    /// When it was given.
    pub given: Timestamp,
    /// Who gave it.
    pub who: String,
    /// When it ends; by hand alone, if none.
    pub until: Option<Timestamp>,
    /// Most that may be lost.
    pub max_loss: Lamports,
    /// For which wallets.
    pub wallets: Vec<Wallet>,
    /// Under which limits: every key that a change could loosen.
    pub limits: BTreeMap<String, String>,
}

/// Why a book is not armed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unarmed {
    /// Nobody gave a permission.
    #[error("live trading is not armed")]
    Never,
    /// Its time is over.
    #[error("the arming has ended at {0}")]
    Ended(Timestamp),
    /// It was given for other wallets.
    #[error("the arming is for other wallets than those of the settings")]
    OtherWallets,
    /// A limit is looser now.
    #[error("{key} is {now}, looser than the {then} that it was armed with")]
    Loosened {
        /// The limit.
        key: String,
        /// What it was.
        then: String,
        /// What it is.
        now: String,
    },
    /// Its file cannot be read.
    #[error("the arming cannot be read: {0}")]
    Unreadable(String),
}

impl Armed {
    /// A permission for these wallets under these settings, from now on.
    #[must_use]
    pub fn give(
        settings: &Settings,
        mut wallets: Vec<Wallet>,
        who: String,
        max_loss: Lamports,
        span: Option<Duration>,
    ) -> Self {
        let given = wall_clock();
        wallets.sort_unstable();
        let until = span.map(|span| given + span);
        Self { given, who, until, max_loss, wallets, limits: limits(settings) }
    }

    /// Reads the permission of a book, and whether it holds for these wallets, these settings and this moment.
    ///
    /// # Errors
    /// Why it does not.
    pub fn of(book: &Book, settings: &Settings, wallets: &[Wallet]) -> Result<Self, Unarmed> {
        let text = match fs::read_to_string(book.armed()) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unarmed::Never),
            Err(error) => return Err(Unarmed::Unreadable(error.to_string())),
        };
        let armed: Self =
            serde_json::from_str(&text).map_err(|error| Unarmed::Unreadable(error.to_string()))?;
        armed.holds(settings, wallets, wall_clock())?;
        Ok(armed)
    }

    fn holds(&self, settings: &Settings, wallets: &[Wallet], now: Timestamp) -> Result<(), Unarmed> {
        if let Some(until) = self.until.filter(|until| *until <= now) {
            return Err(Unarmed::Ended(until));
        }
        let mut wallets = wallets.to_vec();
        wallets.sort_unstable();
        if wallets != self.wallets {
            return Err(Unarmed::OtherWallets);
        }
        for effective in &settings.effective {
            let (key, now) = (effective.key, &effective.said.value);
            let then = match self.limits.get(key.path) {
                Some(then) => then.clone(),
                // A key that was not known then: what it opens was as it is shipped.
                None if key.loosens == Loosens::Any => {
                    effective.masked.last().unwrap_or(&effective.said).value.to_string()
                }
                // A limit that was not known has no value that could have been looser.
                None => continue,
            };
            let looser = match key.loosens {
                Loosens::Any => then != now.to_string(),
                _ => key.loosened(&Value::from_argument(&then), now),
            };
            if looser {
                let (key, now) = (key.path.to_owned(), now.to_string());
                return Err(Unarmed::Loosened { key, then, now });
            }
        }
        Ok(())
    }

    /// Writes it: whole, or not at all.
    ///
    /// # Errors
    /// Where the book's folder does not take it.
    pub fn write(&self, book: &Book) -> io::Result<()> {
        let path = book.armed();
        let new = path.with_extension("new");
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)? + "\n";
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(new, path)
    }

    /// Takes the permission of a book back; whether there was one.
    ///
    /// # Errors
    /// Where its file stays.
    pub fn take_back(book: &Book) -> io::Result<bool> {
        match fs::remove_file(book.armed()) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The wallets of these settings. Their keys are read for it: from here on nobody looks into our memory.
///
/// # Errors
/// The first that cannot be used.
pub fn wallets(settings: &Settings) -> Result<Vec<Wallet>, WalletError> {
    let io = |error: Errno| WalletError::Io { path: "wallets.files".into(), error: error.into() };
    keep_memory_to_ourselves().map_err(io)?;
    addresses(&settings.wallets)
}

/// Every key that a change could loosen, as it is.
fn limits(settings: &Settings) -> BTreeMap<String, String> {
    let loosens = settings.effective.iter().filter(|effective| effective.key.loosens != Loosens::No);
    loosens.map(|effective| (effective.key.path.to_owned(), effective.said.value.to_string())).collect()
}

/// Keeps the engine's permission as the book's file has it.
#[derive(Clone, Debug)]
pub struct Arming {
    book: Book,
    settings: Settings,
    wallets: Vec<Wallet>,
}

impl Arming {
    /// Of this book, with these wallets.
    #[must_use]
    pub const fn new(book: Book, settings: Settings, wallets: Vec<Wallet>) -> Self {
        Self { book, settings, wallets }
    }

    /// Compares with these settings from here on.
    pub fn follow(&mut self, settings: &Settings) {
        self.settings = settings.clone();
    }

    /// The command that makes the engine agree with the file; none where it does.
    #[must_use]
    pub fn changed(&self, engine: &Engine) -> Option<Commanded> {
        let view = engine.view().trader;
        let (known, ended) = (view.arm, view.holds.iter().any(Held::is_of_an_arming));
        match Armed::of(&self.book, &self.settings, &self.wallets) {
            Ok(Armed { given, who, max_loss, until, .. }) => {
                let new = ended || known.is_none_or(|arm| arm.given != given);
                let command = Command::Arm { given, max_loss, until };
                new.then(|| Commanded { who, why: "it was armed".to_owned(), command })
            }
            Err(why) => {
                let (who, why) = ("arming".to_owned(), why.to_string());
                known.filter(|_| !ended).map(|_| Commanded { who, why, command: Command::Disarm })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Assignment, Sources};
    use momentum_core::ids::Pubkey;

    const WALLET: Wallet = Wallet(Pubkey([7; 32]));

    fn settings(set_all: &[(&str, &str)]) -> Settings {
        let set = |(path, value): &(&str, &str)| Assignment {
            path: (*path).to_owned(),
            value: (*value).to_owned(),
            flag: "--set".to_owned(),
        };
        Settings::load(&Sources { flags: set_all.iter().map(set).collect(), ..Sources::default() }).unwrap()
    }

    fn armed() -> Armed {
        let hour = Some(Duration::from_hours(1));
        Armed::give(&settings(&[]), vec![WALLET], "ann".to_owned(), Lamports::sol(1), hour)
    }

    fn holds(set: &[(&str, &str)]) -> Result<(), Unarmed> {
        let armed = armed();
        armed.holds(&settings(set), &[WALLET], armed.given)
    }

    #[test]
    fn a_tighter_limit_keeps_the_arming_and_a_looser_one_ends_it() {
        assert_eq!(holds(&[]), Ok(()));
        assert_eq!(holds(&[("risk.max_position", "0.2 SOL"), ("risk.wallet_floor", "0.1 SOL")]), Ok(()));
        let loosened = |set| matches!(holds(set), Err(Unarmed::Loosened { .. }));
        assert!(loosened(&[("risk.max_position", "0.6 SOL")]));
        assert!(loosened(&[("risk.wallet_floor", "0.01 SOL")]));
        assert!(loosened(&[("exits.on_migration", "hold")]));
        let cold = "7e5pxK83ceXb2iWXBizF1U8MdL7C5VcVBBXpDWaYo3x1";
        assert!(loosened(&[("wallets.cold_address", cold)]), "money has another way out");
    }

    #[test]
    fn it_ends_at_its_time_and_is_for_its_wallets_alone() {
        let armed = armed();
        let until = armed.until.unwrap();
        let at = |now| armed.holds(&settings(&[]), &[WALLET], now);
        assert_eq!(at(Timestamp(until.0 - 1)), Ok(()));
        assert_eq!(at(until), Err(Unarmed::Ended(until)));
        let other = Wallet(Pubkey([8; 32]));
        let none = armed.holds(&settings(&[]), &[WALLET, other], armed.given);
        assert_eq!(none, Err(Unarmed::OtherWallets));
    }
}
