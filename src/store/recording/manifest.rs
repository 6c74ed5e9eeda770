//! `manifest.json` of a session: what it is of, and what each of its files must be.
//!
//! Every sealed file stands in it with its length and the CRC-32 of all its bytes, and the manifest carries one
//! of itself. The Parquet library checks the pages that others summed but sums none itself; a sum of the whole
//! file covers its headers and its footer too.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use bytes::Bytes;
use momentum_core::event::Mode;
use momentum_core::ids::{Hash, Seq};
use momentum_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Damaged;
use crate::record::Source;

/// Its name in the folder of the session.
pub(super) const MANIFEST: &str = "manifest.json";

/// The schema that this version writes and reads.
const SCHEMA: &str = "momentum.recording.v1";

/// What a session is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Name of the run.
    pub run_id: String,
    /// The version of momentum that recorded it.
    pub version: String,
    /// Paper, dry run or live.
    pub mode: Mode,
    /// `mainnet`, `devnet`, `localnet` or `sim`; none in a replay.
    pub network: Option<String>,
    /// Where its events came from.
    pub source: Source,
    /// The seed of the embedded market.
    pub seed: Option<u64>,
    /// Every setting at the beginning in its canonical form, by path; a later change is an event of its own.
    pub config: BTreeMap<String, String>,
    /// The hash of those that analyse and decide.
    pub config_hash: Hash,
}

/// The state that a session began from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restored {
    /// Its file in the folder of the session.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: Hash,
}

/// A place in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Of an event.
    pub seq: Seq,
    /// Its time.
    pub now: Timestamp,
}

/// A sealed pair of files: events, and the decisions made at them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Its first event.
    pub first: Place,
    /// Its last event.
    pub last: Place,
    /// The file of events.
    pub events: Sealed,
    /// The file of decisions.
    pub decisions: Sealed,
}

/// A sealed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Its name in the folder of the session.
    pub file: String,
    /// Rows in it.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// CRC-32 of all its bytes, as eight hex digits.
    pub crc32: String,
}

/// What a session is and holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `momentum.recording.v1`.
    pub schema: String,
    /// What it is of.
    pub about: About,
    /// The state that it began from; none where it began from nothing.
    pub restored: Option<Restored>,
    /// Its first event, once it is in a sealed segment.
    pub first: Option<Place>,
    /// The last event of its sealed segments.
    pub last: Option<Place>,
    /// Hash of all its decisions, once the session is over; none while it runs, and where it broke off.
    pub decision_hash: Option<Hash>,
    /// Its sealed segments, in order.
    pub segments: Vec<Segment>,
    /// CRC-32 of this object in its shortest form with an empty sum, as eight hex digits.
    pub crc32: String,
}

impl Manifest {
    pub(super) fn new(about: About, restored: Option<Restored>) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            about,
            restored,
            first: None,
            last: None,
            decision_hash: None,
            segments: Vec::new(),
            crc32: String::new(),
        }
    }

    /// Whether the session is over: nothing will be added to it.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.decision_hash.is_some()
    }

    /// Events in its sealed segments.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.segments.iter().map(|segment| segment.events.rows).sum()
    }

    pub(super) fn add(&mut self, segment: Segment) {
        self.first = self.first.or(Some(segment.first));
        self.last = Some(segment.last);
        self.segments.push(segment);
    }

    fn sum(&self) -> serde_json::Result<String> {
        let unsummed = Self { crc32: String::new(), ..self.clone() };
        Ok(hex(crc32fast::hash(&serde_json::to_vec(&unsummed)?)))
    }

    /// Writes it in place of the one before, in one step.
    pub(super) fn write(&mut self, folder: &Path) -> io::Result<()> {
        self.crc32 = self.sum()?;
        let part = folder.join(format!("{MANIFEST}.part"));
        let mut file = File::create(&part)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&part, folder.join(MANIFEST))
    }

    /// Reads the one of the session in `folder`.
    ///
    /// # Errors
    /// [`Damaged`] where it is not there, cannot be read or is not what was written.
    pub(super) fn read(folder: &Path) -> Result<Self, Damaged> {
        let path = folder.join(MANIFEST);
        let bytes = fs::read(&path).map_err(|error| Damaged::io(&path, &error))?;
        let manifest: Self =
            serde_json::from_slice(&bytes).map_err(|error| Damaged::new(&path, error.to_string()))?;
        if manifest.schema != SCHEMA {
            let found = format!("its schema is `{}`, this version reads {SCHEMA}", manifest.schema);
            return Err(Damaged::new(&path, found));
        }
        match manifest.sum() {
            Ok(sum) if sum == manifest.crc32 => Ok(manifest),
            _ => Err(Damaged::new(&path, "its checksum does not fit what it says")),
        }
    }
}

impl Sealed {
    /// The file in `folder`, if it is still the one that was sealed.
    ///
    /// # Errors
    /// [`Damaged`] where it is not there, cannot be read, or differs.
    pub(super) fn read(&self, folder: &Path) -> Result<Bytes, Damaged> {
        let path = folder.join(&self.file);
        let bytes = fs::read(&path).map_err(|error| Damaged::io(&path, &error))?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length != self.bytes {
            return Err(Damaged::new(&path, format!("{length} bytes, was sealed with {}", self.bytes)));
        }
        if hex(crc32fast::hash(&bytes)) != self.crc32 {
            return Err(Damaged::new(&path, "its checksum is not the one that it was sealed with"));
        }
        Ok(bytes.into())
    }
}

/// A sum as it is written.
pub(super) fn hex(sum: u32) -> String {
    format!("{sum:08x}")
}
