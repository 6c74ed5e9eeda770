//! Bytes that changed on disk: named, or without any effect; never used.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use momentum_sim::rng::Rng;
use momentum_store::address::Address;
use momentum_store::db::{Access, Desk};
use momentum_store::error::StoreError;
use momentum_store::journal::{Clock, Journal, Options};
use momentum_store::migrations::Series;
use momentum_store::restore::{Restored, restore};
use momentum_store::verify::{Verified, verify};

use crate::place::{Folder, on, up};
use crate::played::{first_fill, played};

/// Files of a database.
const FILES: [&str; 3] = ["momentum.db", "momentum.db-wal", "momentum.db-commits"];

/// A book as a bot that is killed leaves it: the log is not folded in.
fn killed(folder: &Folder) -> PathBuf {
    let (at_work, left) = (folder.0.join("work"), folder.0.join("left"));
    std::fs::create_dir_all(&at_work).unwrap();
    std::fs::create_dir_all(&left).unwrap();
    let address = Address::in_folder(&at_work);
    up(&address);
    let mut journal = Journal::open(Options::new(address, Clock::Market)).unwrap();
    for (envelope, effects) in &played().steps[..=first_fill() + 200] {
        journal.append(envelope, effects).unwrap();
        if effects.facts.len() > 1 {
            journal.flush(Duration::from_secs(60)).unwrap();
        }
    }
    journal.flush(Duration::from_secs(60)).unwrap();
    for file in FILES {
        std::fs::copy(at_work.join(file), left.join(file)).unwrap();
    }
    journal.close(Duration::from_secs(60)).unwrap();
    left
}

/// All that can be read of a book.
fn all(folder: &Path) -> Result<(Option<Restored>, Verified), StoreError> {
    let address = Address::in_folder(folder);
    let restored = Desk::new()?.wait(restore(&address))?;
    Ok((restored, on(&address, Access::Write, async |db| verify(db, Series::Book).await)?))
}

/// What a change to a copy of the book's files comes to. Each copy has a folder of its own: the connection of a
/// try that failed ends in its own time.
fn after(left: &Path, spoil: impl FnOnce(&Path)) -> Result<(Option<Restored>, Verified), StoreError> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let copy = left.with_file_name(format!("copy-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    std::fs::create_dir_all(&copy).unwrap();
    for file in FILES {
        if left.join(file).exists() {
            std::fs::copy(left.join(file), copy.join(file)).unwrap();
        }
    }
    spoil(&copy);
    all(&copy)
}

#[test]
fn flipped_bytes_and_cut_files_are_named_or_harmless() {
    let folder = Folder::of("damage");
    let left = killed(&folder);
    let good = after(&left, |_| {}).unwrap();
    assert!(good.0.as_ref().is_some_and(|restored| !restored.rows.is_empty()));
    // The same once its log is folded in: then the database file holds everything.
    let folded = folder.0.join("folded");
    std::fs::create_dir_all(&folded).unwrap();
    for file in FILES {
        std::fs::copy(left.join(file), folded.join(file)).unwrap();
    }
    assert_eq!(all(&folded).unwrap(), good);
    std::fs::copy(left.join(FILES[2]), folded.join(FILES[2])).unwrap();
    let mut rng = Rng::new(13, 0);
    for (from, file, tries) in
        [(&folded, FILES[0], 120_u64), (&left, FILES[1], 80), (&left, FILES[0], 80), (&left, FILES[2], 20)]
    {
        let length = std::fs::metadata(from.join(file)).unwrap().len();
        let (mut named, mut harmless) = (0, 0);
        for nth in 0..tries {
            let place = rng.below(length);
            let cut = nth % 4 == 3;
            let spoiled = after(from, |copy| {
                let path = copy.join(file);
                let mut bytes = std::fs::read(&path).unwrap();
                if cut {
                    bytes.truncate(usize::try_from(place).unwrap());
                } else {
                    bytes[usize::try_from(place).unwrap()] ^= 1 << rng.below(8);
                }
                std::fs::write(&path, bytes).unwrap();
            });
            match spoiled {
                Err(StoreError::Corrupt { place, what }) => {
                    assert!(!place.is_empty() && !what.is_empty());
                    named += 1;
                }
                Err(StoreError::Edited { .. } | StoreError::Newer { .. } | StoreError::Behind { .. }) => {
                    named += 1;
                }
                Err(other) => panic!("{file}, byte {place}: {other}"),
                Ok(found) => {
                    assert_eq!(found.1, good.1, "{file}, byte {place}, cut {cut}: other rows were read");
                    assert_eq!(found.0, good.0, "{file}, byte {place}, cut {cut}: something else was read");
                    harmless += 1;
                }
            }
        }
        println!("{file} of {}: {named} named, {harmless} harmless", from.file_name().unwrap().display());
        assert!(file == FILES[0] || named > 0);
    }
}

#[test]
fn a_log_that_is_gone_takes_no_commit_with_it_unnoticed() {
    let folder = Folder::of("gone");
    let left = killed(&folder);
    let gone = after(&left, |copy| std::fs::remove_file(copy.join(FILES[1])).unwrap());
    let told = gone.unwrap_err();
    assert!(matches!(told, StoreError::Corrupt { .. } | StoreError::Behind { .. }), "{told}");
}
