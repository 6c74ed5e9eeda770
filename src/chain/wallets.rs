//! The keys that trade: loaded once, from files that nobody else can read or replace, and never told.

mod file;
mod keystore;
mod passphrase;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};

use momentum_core::config::Reader;
use momentum_core::ids::{Pubkey, Signature, Wallet};
use momentum_core::section;
use momentum_pump::address::may_have_a_key;
use momentum_pump::programs::SYSTEM;
use secrecy::zeroize::Zeroizing;
use solana_sdk::signature::{Keypair, Signer};

pub use keystore::KeystoreError;
pub use passphrase::{Ask, Passphrase};

use file::Found;
use keystore::Keystore;

section!(
    /// `[wallets]`: the keys that trade. A name without a folder is looked up among systemd's credentials first.
    WalletKeys in "wallets" checked by cold {
        /// Files of the wallets that trade, as `solana-keygen new` or `momentum config keystore` writes them; nobody but their owner may read them.
        files: Vec<String> = restart neither any;
        /// File with the passphrase of those that are encrypted, in its first line; "" to be asked for it on a terminal.
        passphrase: String = restart neither no;
        /// Public key of a wallet whose key is on another machine, or "". Where lamports or tokens left a wallet by another hand, and `run.critical_policy` sells everything for it, all lamports that are left of that wallet go there once it holds no position that can be sold; each that cannot keeps `risk.exit_reserve` back for its sale.
        cold_address: Option<Wallet> = restart neither any;
    }
);

/// Money goes where somebody holds the key.
fn cold(keys: &WalletKeys, reader: &mut Reader<'_>) {
    if let Some(cold) = keys.cold_address.filter(|cold| cold.0 == SYSTEM || !may_have_a_key(&cold.0)) {
        let message = format!("is {cold}, an address that nobody can hold the key of: name that of a wallet");
        reader.contradict("wallets.cold_address", message);
    }
}

/// Why a wallet cannot be used. No part of its key is in what this says.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// The file cannot be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// Others than its owner may read it.
    #[error(
        "{path}: it holds a key or its passphrase, and others may read it (mode {mode:03o}): `chmod 600 {path}`, and \
         move its money if others could use this machine",
        path = path.display()
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is a link, or no file.
    #[error("{}: not a plain file: name the file itself, not a link to it", .0.display())]
    NotPlain(PathBuf),
    /// It belongs to somebody else.
    #[error(
        "{path}: it belongs to the user with the id {uid}: `chown` it to the user that runs the bot",
        path = path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        uid: u32,
    },
    /// Others may put another file in its place.
    #[error("{folder}: others may replace the key in it (mode {mode:03o}): `chmod go-w {folder}`", folder = folder.display())]
    Folder {
        /// The folder that it is in.
        folder: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is no key.
    #[error("{}: not a key as `solana-keygen new` writes it, an array of 64 numbers", .0.display())]
    NotAKey(PathBuf),
    /// It is an encrypted key, and is not opened.
    #[error("{}: {error}", path.display())]
    Keystore {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: KeystoreError,
    },
    /// Nobody says the passphrase of an encrypted key.
    #[error(
        "{}: it is encrypted, and nobody says its passphrase: name a file with it in wallets.passphrase, or give the \
         command on a terminal",
        .0.display()
    )]
    Locked(PathBuf),
    /// There is no passphrase in its file.
    #[error("{}: no passphrase is in its first line, or the file is too long for one", .0.display())]
    NoPassphrase(PathBuf),
    /// Its two halves do not belong together.
    #[error("{}: its public half is not that of its private half: the file is damaged", .0.display())]
    Halves(PathBuf),
    /// The same wallet twice.
    #[error("{}: the wallet {wallet} is in another file too: name it once", path.display())]
    Twice {
        /// The second file.
        path: PathBuf,
        /// The wallet.
        wallet: Wallet,
    },
    /// What is to be out of reach is not.
    #[error(
        "wallets.cold_address is {0}, which trades here itself: name a wallet whose key is on another machine"
    )]
    NotCold(Wallet),
}

/// The addresses of the wallets of the settings, in their order. An encrypted one tells its own without a
/// passphrase: whoever trades with it finds out whether that is true.
///
/// # Errors
/// The first file that cannot be used, and what to do about it.
pub fn addresses(keys: &WalletKeys) -> Result<Vec<Wallet>, WalletError> {
    let address = |name: &String| {
        file::read(name).map(|(_, found)| match found {
            Found::Plain(key) => address(&key),
            Found::Sealed(sealed) => sealed.wallet,
        })
    };
    let addresses = keys.files.iter().map(address).collect::<Result<Vec<_>, _>>()?;
    out_of_reach(keys, addresses.iter().copied())?;
    Ok(addresses)
}

/// Whether the cold address is none of the wallets that trade.
fn out_of_reach(keys: &WalletKeys, mut wallets: impl Iterator<Item = Wallet>) -> Result<(), WalletError> {
    match wallets.find(|wallet| Some(*wallet) == keys.cold_address) {
        Some(wallet) => Err(WalletError::NotCold(wallet)),
        None => Ok(()),
    }
}

/// Where the file of this name is: among systemd's credentials, or where the name says.
#[must_use]
pub fn place(name: &str) -> PathBuf {
    file::place(name)
}

/// Encrypts the key in a file of `solana-keygen`: its address, and the text of the file to be. What is handed out was
/// opened again.
///
/// # Errors
/// Where the file cannot be used, or is encrypted already.
pub fn seal(name: &str, passphrase: &Passphrase) -> Result<(Wallet, String), WalletError> {
    let (path, found) = file::read(name)?;
    let Found::Plain(key) = found else { return Err(WalletError::NotAKey(path)) };
    let (wallet, bytes) = (address(&key), Zeroizing::new(key.to_bytes()));
    let sealed = || {
        let text = Keystore::seal(&bytes, wallet, passphrase)?.text()?;
        let opened = Keystore::read(text.as_bytes())?.open(passphrase)?;
        if *opened == *bytes { Ok(text) } else { Err(KeystoreError::System) }
    };
    let text = sealed().map_err(|error| WalletError::Keystore { path, error })?;
    Ok((wallet, text))
}

fn address(key: &Keypair) -> Wallet {
    Wallet(Pubkey(key.pubkey().to_bytes()))
}

fn passphrase(keys: &WalletKeys, path: &Path, ask: Option<Ask>) -> Result<Passphrase, WalletError> {
    if !keys.passphrase.is_empty() {
        return Passphrase::read(&keys.passphrase);
    }
    ask.and_then(|ask| ask(path)).ok_or_else(|| WalletError::Locked(path.to_owned()))
}

fn opened(path: &Path, sealed: &Keystore, passphrase: &Passphrase) -> Result<Box<Keypair>, WalletError> {
    let damaged = |error| WalletError::Keystore { path: path.to_owned(), error };
    let key = file::key(path, &*sealed.open(passphrase).map_err(damaged)?)?;
    // The address stands in the open, and is authenticated: another one is a bug of whoever made the file.
    if address(&key) == sealed.wallet { Ok(key) } else { Err(WalletError::Halves(path.to_owned())) }
}

/// The wallets that trade.
#[derive(Default)]
pub struct Wallets {
    keys: Vec<(Wallet, Box<Keypair>)>,
}

impl fmt::Debug for Wallets {
    /// Public keys only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.addresses()).finish()
    }
}

impl Wallets {
    /// Loads the wallets of the settings. The passphrase of encrypted ones comes from its file; where none is named,
    /// a person is asked, if there is one.
    ///
    /// # Errors
    /// The first file that cannot be used, and what to do about it.
    pub fn load(keys: &WalletKeys, ask: Option<Ask>) -> Result<Self, WalletError> {
        let mut wallets = Self::default();
        for name in &keys.files {
            let (path, key) = match file::read(name)? {
                (path, Found::Plain(key)) => (path, key),
                (path, Found::Sealed(sealed)) => {
                    let key = opened(&path, &sealed, &passphrase(keys, &path, ask)?)?;
                    (path, key)
                }
            };
            let wallet = address(&key);
            if wallets.addresses().any(|known| known == wallet) {
                return Err(WalletError::Twice { path, wallet });
            }
            wallets.keys.push((wallet, key));
        }
        out_of_reach(keys, wallets.addresses())?;
        Ok(wallets)
    }

    /// Their addresses, in the order of the settings.
    pub fn addresses(&self) -> impl Iterator<Item = Wallet> {
        self.keys.iter().map(|(wallet, _)| *wallet)
    }

    /// Signs with the key of `wallet`; `None` where it is none of these. What is signed is for the signer to
    /// decide.
    pub(crate) fn sign(&self, wallet: Wallet, message: &[u8]) -> Option<Signature> {
        let (_, key) = self.keys.iter().find(|(known, _)| *known == wallet)?;
        Some(Signature(key.sign_message(message).into()))
    }

    /// Keys that exist in a test only.
    #[cfg(test)]
    pub(crate) fn of(keys: Vec<Keypair>) -> Self {
        let named = |key: Keypair| (Wallet(Pubkey(key.pubkey().to_bytes())), Box::new(key));
        Self { keys: keys.into_iter().map(named).collect() }
    }
}
