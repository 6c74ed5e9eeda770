//! (Stand-in until wallets sign.)

use std::path::PathBuf;

use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::section;

section!(
    /// `[wallets]`: the keys that trade.
    WalletKeys in "wallets" {
        /// Files of keys.
        keys: Vec<String> = restart neither any;
    }
);

/// Why a wallet cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// Its file is none.
    #[error("{}: no key", .0.display())]
    NoKey(PathBuf),
}

/// The wallets.
#[derive(Debug, Default)]
pub struct Wallets(Vec<Wallet>);

impl Wallets {
    /// Reads them.
    ///
    /// # Errors
    /// The first that cannot be used.
    pub fn load(keys: &WalletKeys) -> Result<Self, WalletError> {
        let read = |name: &String| {
            let wrong = || WalletError::NoKey(PathBuf::from(name));
            let text = std::fs::read_to_string(name).map_err(|_| wrong())?;
            let bytes: Vec<u8> = serde_json::from_str(&text).map_err(|_| wrong())?;
            let public = bytes.get(32..64).and_then(|bytes| bytes.try_into().ok()).ok_or_else(wrong)?;
            Ok(Wallet(Pubkey(public)))
        };
        keys.keys.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Their addresses.
    pub fn addresses(&self) -> impl Iterator<Item = Wallet> {
        self.0.iter().copied()
    }
}
