//! How long recordings are kept: by age and by size, the oldest first, one that runs never.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::manifest::MANIFEST;
use super::recorder::lock;
use super::{RecordError, RecordKeys, session_folders};

/// A session that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Its folder.
    pub session: PathBuf,
    /// Its bytes.
    pub bytes: u64,
}

/// Removes the sessions in the folder of recordings that are too old or too much at `now`. A session's age
/// counts from the last writing of its manifest.
///
/// # Errors
/// [`RecordError`] with the folder that cannot be read or removed; what was removed before stays so.
pub fn retain(recordings: &Path, keys: &RecordKeys, now: SystemTime) -> Result<Vec<Removed>, RecordError> {
    let folders = session_folders(recordings).map_err(|error| RecordError::io(recordings, error))?;
    let mut kept = Vec::new();
    for folder in folders {
        let read = size(&folder).and_then(|bytes| Ok((bytes, written(&folder)?)));
        let (bytes, written) = read.map_err(|error| RecordError::io(&folder, error))?;
        kept.push((folder, bytes, written));
    }
    let mut total: u64 = kept.iter().map(|(_, bytes, _)| bytes).sum();
    let mut removed = Vec::new();
    for (session, bytes, written) in kept {
        let old = now.duration_since(written).is_ok_and(|age| age > keys.keep_time);
        if !old && total <= keys.keep_bytes() {
            continue;
        }
        // Whoever records it holds the lock.
        let Ok(_lock) = lock(&session) else { continue };
        fs::remove_dir_all(&session).map_err(|error| RecordError::io(&session, error))?;
        total -= bytes;
        removed.push(Removed { session, bytes });
    }
    Ok(removed)
}

fn size(folder: &Path) -> io::Result<u64> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.metadata()?.len())).sum()
}

fn written(folder: &Path) -> io::Result<SystemTime> {
    fs::metadata(folder.join(MANIFEST)).or_else(|_| fs::metadata(folder))?.modified()
}
