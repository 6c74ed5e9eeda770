//! The keys that trade: loaded once, from files that nobody else can read or replace, and never told.

mod file;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;

use momentum_core::ids::{Pubkey, Signature, Wallet};
use momentum_core::section;
use solana_sdk::signature::{Keypair, Signer};

section!(
    /// `[wallets]`: the keys that trade. A name without a folder is looked up among systemd's credentials first.
    WalletKeys in "wallets" {
        /// Files of the wallets that trade, as `solana-keygen new` writes them; nobody but their owner may read them.
        files: Vec<String> = restart neither any;
    }
);

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
        "{path}: it holds a key, and others may read it (mode {mode:03o}): `chmod 600 {path}`, and move its money \
         if others could use this machine",
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
}

/// The wallets that trade.
#[derive(Default)]
pub struct Wallets {
    keys: Vec<(Wallet, Keypair)>,
}

impl fmt::Debug for Wallets {
    /// Public keys only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.addresses()).finish()
    }
}

impl Wallets {
    /// Loads the wallets of the settings.
    ///
    /// # Errors
    /// The first file that cannot be used, and what to do about it.
    pub fn load(keys: &WalletKeys) -> Result<Self, WalletError> {
        let mut wallets = Self::default();
        for name in &keys.files {
            let (path, key) = file::read(name)?;
            let wallet = Wallet(Pubkey(key.pubkey().to_bytes()));
            if wallets.addresses().any(|known| known == wallet) {
                return Err(WalletError::Twice { path, wallet });
            }
            wallets.keys.push((wallet, key));
        }
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
        let named = |key: Keypair| (Wallet(Pubkey(key.pubkey().to_bytes())), key);
        Self { keys: keys.into_iter().map(named).collect() }
    }
}
