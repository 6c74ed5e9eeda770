//! Snapshots: what was measured, and where the embedded market was, so that a restart need not see it all again.
//!
//! A snapshot is no truth: money comes from the store alone, and one that cannot be read is passed over and said.
//! The file is written beside its name, synced and renamed; it names its schema and carries the hash of its body.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use momentum_core::ids::{Hash, Seq};
use momentum_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::embedded::Embedded;

/// First line of every snapshot; another version is another schema.
const SCHEMA: &[u8] = b"momentum.snapshot.v2\n";
/// How the files are called.
const SUFFIX: &str = "snapshot";
/// So many are kept: the newest, and one in case it is broken.
const KEPT: usize = 2;

/// What a snapshot holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// The last event that is in it.
    pub seq: Seq,
    /// Its time.
    pub now: Timestamp,
    /// `Engine::snapshot`.
    pub engine: Vec<u8>,
    /// The embedded market behind that event; none for other sources.
    pub market: Option<Box<Embedded>>,
}

/// Why a snapshot is not used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It cannot be written or read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// It is not what was written.
    #[error("{}: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl Snapshot {
    /// Writes it into `folder` and removes the oldest beyond those that are kept.
    ///
    /// # Errors
    /// Where it cannot be written: the older ones stay.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, SnapshotError> {
        let path = folder.join(format!("{:020}.{SUFFIX}", self.seq.0));
        let failed = |error| SnapshotError::Io { path: path.clone(), error };
        let damaged =
            |error: postcard::Error| SnapshotError::Damaged { path: path.clone(), why: error.to_string() };
        let body = postcard::to_stdvec(self).map_err(damaged)?;
        let part = path.with_extension("part");
        let written = || -> io::Result<()> {
            fs::create_dir_all(folder)?;
            let mut file = File::create(&part)?;
            file.write_all(SCHEMA)?;
            file.write_all(&Sha256::digest(&body))?;
            file.write_all(&body)?;
            file.sync_all()?;
            fs::rename(&part, &path)?;
            File::open(folder)?.sync_all()
        };
        written().map_err(failed)?;
        for old in files(folder).map_err(failed)?.iter().rev().skip(KEPT) {
            fs::remove_file(old).map_err(failed)?;
        }
        Ok(path)
    }

    /// The newest that is whole, and why each newer one is not used.
    ///
    /// # Errors
    /// Where the folder cannot be listed.
    pub fn newest(folder: &Path) -> Result<(Option<Self>, Vec<SnapshotError>), SnapshotError> {
        let mut passed_over = Vec::new();
        let listed = files(folder).map_err(|error| SnapshotError::Io { path: folder.to_owned(), error })?;
        for path in listed.into_iter().rev() {
            match Self::read(&path) {
                Ok(snapshot) => return Ok((Some(snapshot), passed_over)),
                Err(error) => passed_over.push(error),
            }
        }
        Ok((None, passed_over))
    }

    fn read(path: &Path) -> Result<Self, SnapshotError> {
        let bytes = fs::read(path).map_err(|error| SnapshotError::Io { path: path.to_owned(), error })?;
        let damaged = |why: &str| SnapshotError::Damaged { path: path.to_owned(), why: why.to_owned() };
        let rest = bytes.strip_prefix(SCHEMA).ok_or_else(|| damaged("not a snapshot of this version"))?;
        let (hash, body) = rest.split_at_checked(32).ok_or_else(|| damaged("cut off in its head"))?;
        if Hash(Sha256::digest(body).into()).0 != hash {
            return Err(damaged("its hash is another one: it was changed or cut off"));
        }
        postcard::from_bytes(body).map_err(|error| damaged(&error.to_string()))
    }
}

/// The snapshots of a folder, oldest first; none where there is no folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<_> = paths.collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == SUFFIX));
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use momentum_sim::market::SimKeys;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("momentum-snapshot-{name}-{}", std::process::id()));
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        folder
    }

    fn snapshot(seq: u64) -> Snapshot {
        let market = Some(Box::new(Embedded::new(7, &SimKeys::default())));
        Snapshot { seq: Seq(seq), now: Timestamp(5), engine: vec![1, 2, 3], market }
    }

    #[test]
    fn the_newest_whole_one_is_used_and_each_broken_one_is_named() {
        let folder = folder("newest");
        assert!(Snapshot::newest(&folder).unwrap().0.is_none(), "no folder yet");
        for seq in [1, 2, 3] {
            snapshot(seq).write(&folder).unwrap();
        }
        assert_eq!(files(&folder).unwrap().len(), KEPT);
        let newest = files(&folder).unwrap().pop().unwrap();
        let (found, passed_over) = Snapshot::newest(&folder).unwrap();
        assert_eq!((found.unwrap().seq, passed_over.len()), (Seq(3), 0));
        let whole = fs::read(&newest).unwrap();
        // Every hundredth byte flipped, and every cut at such a place: never used, always named.
        for at in (0..whole.len()).step_by(97) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            for broken in [&flipped[..], &whole[..at]] {
                fs::write(&newest, broken).unwrap();
                let (found, passed_over) = Snapshot::newest(&folder).unwrap();
                assert_eq!(found.unwrap().seq, Seq(2), "at {at}");
                assert!(passed_over[0].to_string().contains(newest.file_name().unwrap().to_str().unwrap()));
            }
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
