//! The exit journal: attempts to sell that the database could not take in time, made durable all the same.
//!
//! An exit waits for its commit for a quarter of a second and no longer. Then its bytes come here, and leave
//! once they are on the disk. The file has its full length from the beginning, every byte of it written once,
//! so that a full disk cannot refuse a sale. Recovery folds what it finds into the database before anything
//! else, and only then are the slots free again.
//!
//! A slot is written whole and ends in a checksum of all of it. One that is neither a whole entry nor free is
//! *damaged*: a write that a crash cut off, or a disk that lies. It is told, never skipped over silently.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use momentum_core::event::Side;
use momentum_core::ids::Signature;
use momentum_core::trader::orders::Attempt;
use serde::{Deserialize, Serialize};

use crate::book::private;

/// Bytes of a slot: an attempt with the largest transaction, in base 16, takes about half of it.
pub const SLOT_BYTES: usize = 8_192;

/// Slots of a journal: more sales than a book may have positions, each with some attempts.
pub const SLOTS: u32 = 256;

/// How a slot with an entry begins.
const TAKEN: [u8; 8] = *b"momexit1";
/// How a slot without one begins.
const FREE: [u8; 8] = *b"momfree1";
/// Beginning, number, length; the entry follows, and the checksum is the last thing in the slot.
const HEAD_BYTES: usize = 8 + 8 + 4;
const CHECK_BYTES: usize = 4;

/// One attempt in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub slot: u32,
    /// Its place in the order in which attempts were recorded, from 1.
    pub number: u64,
    /// The attempt.
    pub attempt: Attempt,
    /// Its transaction, which may have left.
    pub signed: Signed,
}

/// A signed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its signature.
    pub signature: Signature,
    /// Block height after which it cannot land.
    pub last_valid_height: u64,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// A slot that holds neither an entry nor nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Which.
    pub slot: u32,
}

/// What the database has not taken over yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unfolded {
    /// Whole entries, in the order in which they were recorded.
    pub entries: Vec<Entry>,
    /// Slots whose content is lost. An entry cut off by a crash was never sent: sending waits for the disk.
    pub damaged: Vec<Damaged>,
}

/// Why an attempt is not in the journal.
#[derive(Debug, thiserror::Error)]
pub enum ExitJournalError {
    /// The disk does not take it: send a full-balance sale from memory, and shout.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is no journal of this version: move it away after looking at it.
    #[error("{} is no exit journal of this version: {why}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// Every slot holds an attempt that the database has not taken over: the same as [`Self::Io`].
    #[error("all {0} slots of the exit journal are taken")]
    Full(u32),
    /// It does not fit into a slot: the same as [`Self::Io`].
    #[error("an attempt of {bytes} bytes does not fit into the exit journal")]
    TooLarge {
        /// How large it is.
        bytes: usize,
    },
    /// A buy waits for the database, without exception: a bug of the caller.
    #[error("a buy does not go into the exit journal")]
    NotAnExit,
}

/// The journal of a book, open for the process that holds its lock.
#[derive(Debug)]
pub struct ExitJournal {
    path: PathBuf,
    file: File,
    /// What is in each slot.
    slots: Vec<Slot>,
    /// The highest number given out.
    last: u64,
}

/// What is in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Free,
    Taken,
    Damaged,
}

/// An entry as it is written.
#[derive(Serialize, Deserialize)]
struct Written<A> {
    attempt: A,
    signature: Signature,
    last_valid_height: u64,
    /// The bytes in base 16: an entry is text that a person can read in an emergency.
    raw: String,
}

impl ExitJournal {
    /// Opens the journal at `path`, or makes it with every byte of its length written and on the disk.
    ///
    /// # Errors
    /// Where it cannot be made, or is none of this version.
    pub fn open(path: &Path) -> Result<Self, ExitJournalError> {
        Self::with_slots(path, SLOTS)
    }

    fn with_slots(path: &Path, slots: u32) -> Result<Self, ExitJournalError> {
        let io = |error| ExitJournalError::Io { path: path.to_owned(), error };
        if !path.try_exists().map_err(io)? {
            make(path, slots).map_err(io)?;
        }
        let file = private().read(true).write(true).open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        if length != u64::from(slots) * SLOT_BYTES as u64 {
            let why = format!("it has {length} bytes, not {slots} slots of {SLOT_BYTES}");
            return Err(ExitJournalError::Foreign { path: path.to_owned(), why });
        }
        let mut journal = Self { path: path.to_owned(), file, slots: Vec::new(), last: 0 };
        for slot in 0..slots {
            let (state, number) = match journal.read(slot).map_err(io)? {
                Read::Free => (Slot::Free, 0),
                Read::Entry(entry) => (Slot::Taken, entry.number),
                Read::Damaged => (Slot::Damaged, 0),
            };
            journal.slots.push(state);
            journal.last = journal.last.max(number);
        }
        Ok(journal)
    }

    /// Makes an attempt to sell durable: once this returns, its bytes may leave. Gives its slot.
    ///
    /// # Errors
    /// Where they may not: see the variants.
    pub fn record(&mut self, attempt: &Attempt, signed: &Signed) -> Result<u32, ExitJournalError> {
        if attempt.order.swap.side() == Side::Buy {
            return Err(ExitJournalError::NotAnExit);
        }
        let free = self.slots.iter().position(|slot| *slot == Slot::Free);
        let full = ExitJournalError::Full(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        let index = free.ok_or(full)?;
        let slot = u32::try_from(index).unwrap_or(u32::MAX);
        let written = Written {
            attempt,
            signature: signed.signature,
            last_valid_height: signed.last_valid_height,
            raw: base16(&signed.raw),
        };
        let text = serde_json::to_vec(&written).map_err(|error| self.io(error.into()))?;
        let number = self.last + 1;
        let bytes = framed(TAKEN, number, &text).ok_or(ExitJournalError::TooLarge { bytes: text.len() })?;
        // Until it is known to be on the disk, nobody knows what is in the slot.
        self.slots[index] = Slot::Damaged;
        let place = u64::from(slot) * SLOT_BYTES as u64;
        let written = self.file.write_all_at(&bytes, place).and_then(|()| self.file.sync_data());
        written.map_err(|error| self.io(error))?;
        self.last = number;
        self.slots[index] = Slot::Taken;
        Ok(slot)
    }

    /// What the database has not taken over yet.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn unfolded(&self) -> Result<Unfolded, ExitJournalError> {
        let mut unfolded = Unfolded::default();
        for slot in 0..u32::try_from(self.slots.len()).unwrap_or(u32::MAX) {
            match self.read(slot).map_err(|error| self.io(error))? {
                Read::Free => {}
                Read::Entry(entry) => unfolded.entries.push(*entry),
                Read::Damaged => unfolded.damaged.push(Damaged { slot }),
            }
        }
        unfolded.entries.sort_by_key(|entry| entry.number);
        Ok(unfolded)
    }

    /// Frees slots whose content the database has taken over (or whose damage was told): after the commit,
    /// never before it. A crash in between folds an entry twice, which the database must not mind.
    ///
    /// # Errors
    /// Where the file cannot be written: the slots stay taken.
    pub fn fold(&mut self, slots: &[u32]) -> Result<(), ExitJournalError> {
        let free = framed(FREE, self.last, b"").unwrap_or_default();
        for slot in slots {
            let place = u64::from(*slot) * SLOT_BYTES as u64;
            self.file.write_all_at(&free, place).map_err(|error| self.io(error))?;
        }
        self.file.sync_data().map_err(|error| self.io(error))?;
        for slot in slots {
            if let Some(state) = self.slots.get_mut(*slot as usize) {
                *state = Slot::Free;
            }
        }
        Ok(())
    }

    /// How many slots are free.
    #[must_use]
    pub fn free(&self) -> usize {
        self.slots.iter().filter(|slot| **slot == Slot::Free).count()
    }

    fn read(&self, slot: u32) -> io::Result<Read> {
        let mut bytes = vec![0; SLOT_BYTES];
        self.file.read_exact_at(&mut bytes, u64::from(slot) * SLOT_BYTES as u64)?;
        Ok(unframed(&bytes).map_or(Read::Damaged, |(kind, number, text)| match kind {
            FREE if text.is_empty() => Read::Free,
            TAKEN => entry(slot, number, text).map_or(Read::Damaged, |entry| Read::Entry(Box::new(entry))),
            _ => Read::Damaged,
        }))
    }

    fn io(&self, error: io::Error) -> ExitJournalError {
        ExitJournalError::Io { path: self.path.clone(), error }
    }
}

/// What reading a slot gives.
enum Read {
    Free,
    Entry(Box<Entry>),
    Damaged,
}

/// Makes a journal under another name first: one that is there is whole.
fn make(path: &Path, slots: u32) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = private().write(true).create(true).truncate(true).open(&new)?;
    let free = framed(FREE, 0, b"").unwrap_or_default();
    for _ in 0..slots {
        file.write_all(&free)?;
    }
    file.sync_all()?;
    fs::rename(&new, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// A slot's bytes; none where the text is too long for them. What follows the text is no zeros: a file system
/// that leaves those out would have nothing reserved.
fn framed(kind: [u8; 8], number: u64, text: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(text.len()).ok()?;
    let mut bytes = Vec::with_capacity(SLOT_BYTES);
    bytes.extend_from_slice(&kind);
    bytes.extend_from_slice(&number.to_le_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(text);
    let room = (SLOT_BYTES - CHECK_BYTES).checked_sub(bytes.len())?;
    bytes.resize(bytes.len() + room, b'-');
    let check = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&check.to_le_bytes());
    Some(bytes)
}

/// How a slot begins, its number and its text; none where the checksum is not that of its bytes.
fn unframed(bytes: &[u8]) -> Option<([u8; 8], u64, &[u8])> {
    let (checked, check) = bytes.split_at_checked(SLOT_BYTES - CHECK_BYTES)?;
    if crc32fast::hash(checked) != u32::from_le_bytes(check.try_into().ok()?) {
        return None;
    }
    let kind = checked[..8].try_into().ok()?;
    let number = u64::from_le_bytes(checked[8..16].try_into().ok()?);
    let length = u32::from_le_bytes(checked[16..HEAD_BYTES].try_into().ok()?);
    Some((kind, number, checked.get(HEAD_BYTES..HEAD_BYTES + length as usize)?))
}

fn entry(slot: u32, number: u64, text: &[u8]) -> Option<Entry> {
    let written: Written<Attempt> = serde_json::from_slice(text).ok()?;
    let Written { attempt, signature, last_valid_height, raw } = written;
    let signed = Signed { signature, last_valid_height, raw: of_base16(&raw)? };
    Some(Entry { slot, number, attempt, signed })
}

fn base16(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a `String` cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

fn of_base16(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests;
