//! The passphrase of encrypted keys: wiped when it is dropped, and never told.

use std::fmt;
use std::path::Path;

use secrecy::zeroize::Zeroizing;

use super::WalletError;
use super::file;

/// A passphrase.
pub struct Passphrase(Zeroizing<Vec<u8>>);

/// How a person is asked for the passphrase of the key in a file; `None` where none is given.
pub type Ask = fn(&Path) -> Option<Passphrase>;

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl From<String> for Passphrase {
    fn from(typed: String) -> Self {
        Self(Zeroizing::new(typed.into_bytes()))
    }
}

impl Passphrase {
    /// The passphrase in a file that nobody else can have read: its first line.
    ///
    /// # Errors
    /// Where the file cannot be read, others could, or nothing is in it.
    pub fn read(name: &str) -> Result<Self, WalletError> {
        let (path, text) = file::text(name)?;
        let text = text.ok_or_else(|| WalletError::NoPassphrase(path.clone()))?;
        let line = text[..].split(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // What the file does not fill is blank.
        let end = line.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
        if end == 0 {
            return Err(WalletError::NoPassphrase(path));
        }
        Ok(Self(Zeroizing::new(line[..end].to_vec())))
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `other` is the same.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
