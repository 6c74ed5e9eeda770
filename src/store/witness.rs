//! A witness of commits, in a small file beside the database.
//!
//! SQLite ends its write-ahead log at the first frame that does not fit, without a word: a flipped byte, or a
//! log that was cut or removed, takes commits away as if they had never been. The witness knows how many were
//! acknowledged. It is written after each commit and not synced: what it says never runs ahead of the database,
//! and after a loss of power it may say less, never more.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use tracing::warn;

use crate::db::Db;
use crate::error::StoreError;
use crate::tables::BOT_STATE;

/// The file beside a database that counts its commits.
#[derive(Debug)]
pub(crate) struct Witness {
    path: PathBuf,
    database: PathBuf,
    file: Option<File>,
}

impl Witness {
    /// The witness of this database file.
    pub(crate) fn beside(database: &Path) -> Self {
        Self { path: file_of(database), database: database.to_owned(), file: None }
    }

    /// Whether the database has all the commits that were acknowledged.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where some are gone, or the witness itself is damaged.
    pub(crate) fn agrees(&self, commits: i64) -> Result<(), StoreError> {
        self.allows(self.seen()?, commits, "its log (-wal) perhaps")
    }

    /// Whether there may be no database at all.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where there was one, or the witness itself is damaged.
    pub(crate) fn allows_none(&self) -> Result<(), StoreError> {
        self.allows(self.seen()?, 0, "and so is the file")
    }

    fn allows(&self, seen: i64, commits: i64, perhaps: &str) -> Result<(), StoreError> {
        if seen <= commits {
            return Ok(());
        }
        let what = format!("commits {} to {seen} were acknowledged and are gone, {perhaps}", commits + 1);
        Err(StoreError::Corrupt { place: self.database.display().to_string(), what })
    }

    /// Commits that were acknowledged, as far as it knows.
    fn seen(&self) -> Result<i64, StoreError> {
        let text = match std::fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(StoreError::file(&self.path, &error)),
        };
        // A loss of power may leave it empty or zeroed: it says nothing then.
        if text.iter().all(|byte| *byte == 0) {
            return Ok(0);
        }
        read(&text).ok_or_else(|| StoreError::Corrupt {
            place: self.path.display().to_string(),
            what: "it does not have its sum; if the database is known to be whole, remove it".to_owned(),
        })
    }

    /// A commit was acknowledged. That it cannot be noted weakens the witness and stops nothing.
    pub(crate) fn note(&mut self, commits: i64) {
        let bytes = written(commits);
        let noted = self.file().and_then(|file| file.write_all_at(&bytes, 0));
        if let Err(error) = noted {
            warn!(%error, "the witness of commits cannot be written");
            self.file = None;
        }
    }

    fn file(&mut self) -> std::io::Result<&File> {
        if self.file.is_none() {
            let mut options = OpenOptions::new();
            options.create(true).write(true).truncate(false).mode(0o600);
            self.file = Some(options.open(&self.path)?);
        }
        self.file.as_ref().ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
}

/// Whether a book's database has all the commits that were acknowledged. Its bot may go on meanwhile: the witness is
/// read first, and never ahead of the database.
///
/// # Errors
/// [`StoreError::Corrupt`] where some are gone, or the witness itself is damaged.
pub async fn acknowledged(db: &mut Db) -> Result<(), StoreError> {
    let Some(witness) = db.file().map(Witness::beside) else { return Ok(()) };
    let seen = witness.seen()?;
    let state = BOT_STATE.get(db, &[1.into()]).await?;
    let commits = state.and_then(|state| state.int("commits")).unwrap_or_default();
    witness.allows(seen, commits, "its log (-wal) perhaps")
}

/// Where the witness of a database file is.
pub(crate) fn file_of(database: &Path) -> PathBuf {
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push("-commits");
    database.with_file_name(name)
}

/// One line of fixed length: a number of twenty digits, its CRC-32.
fn written(commits: i64) -> Vec<u8> {
    let number = format!("{commits:020}");
    format!("{number} {:08x}\n", crc32fast::hash(number.as_bytes())).into_bytes()
}

fn read(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let commits = text.get(..20)?.parse().ok()?;
    (written(commits) == text.as_bytes()).then_some(commits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_of_the_witness_shows() {
        let good = written(1_234);
        assert_eq!(read(&good), Some(1_234));
        for byte in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[byte] ^= 1 << bit;
                assert_eq!(read(&bad), None, "bit {bit} of byte {byte}");
            }
        }
    }
}
