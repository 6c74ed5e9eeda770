//! Reading a session: its envelopes and decisions in order, each file checked before anything of it is used.

use std::collections::VecDeque;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use arrow_array::RecordBatch;
use bytes::Bytes;
use momentum_core::event::Envelope;
use momentum_core::ids::{Hash, Seq};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use sha2::{Digest, Sha256};

use super::decisions::{self, Decided};
use super::events::Rows;
use super::manifest::{Manifest, Sealed, Segment};
use super::open_segment::{self, Whole};
use super::recorder::lock;
use super::{Cut, Damaged};

/// Rows that are decoded at once: few enough that they are still in the processor's cache when they become events.
const BATCH_ROWS: usize = 1_024;

/// One session of a recording.
#[derive(Clone, Debug)]
pub struct Session {
    folder: PathBuf,
    manifest: Manifest,
    /// What was whole of the open segment of a running session when it was opened: envelopes and decisions must
    /// end at the same place, and the files go on growing.
    growing: Option<Arc<Result<Whole, Damaged>>>,
}

impl Session {
    /// Opens the session in `folder`. One that is running is read up to what is whole of it now.
    ///
    /// # Errors
    /// [`Damaged`] where its manifest is not what was written.
    pub fn open(folder: &Path) -> Result<Self, Damaged> {
        loop {
            let manifest = Manifest::read(folder)?;
            let mut session = Self { folder: folder.to_owned(), manifest, growing: None };
            if session.is_running() {
                let whole = session.whole();
                // The segment was sealed between the two readings: the manifest knows it now.
                if whole.is_err() && Manifest::read(folder)? != session.manifest {
                    continue;
                }
                session.growing = Some(Arc::new(whole));
            }
            return Ok(session);
        }
    }

    /// Its name: that of its folder.
    #[must_use]
    pub fn name(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it says of itself.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whether a process is recording it.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.manifest.is_sealed() && lock(&self.folder).is_err()
    }

    /// The state that it began from, where it began from one.
    ///
    /// # Errors
    /// [`Damaged`] where the file is not the one that was written.
    pub fn restored(&self) -> Result<Option<Vec<u8>>, Damaged> {
        let Some(restored) = &self.manifest.restored else { return Ok(None) };
        let path = self.folder.join(&restored.file);
        let state = fs::read(&path).map_err(|error| Damaged::io(&path, &error))?;
        if Hash(Sha256::digest(&state).into()) == restored.sha256 {
            Ok(Some(state))
        } else {
            Err(Damaged::new(&path, "its SHA-256 is not the one of the manifest"))
        }
    }

    /// What a crash took: the end of a session that was never sealed.
    ///
    /// # Errors
    /// [`Damaged`] where its open segment is not what was written.
    pub fn cut(&self) -> Result<Option<Cut>, Damaged> {
        if self.manifest.is_sealed() {
            return Ok(None);
        }
        Ok(self.whole()?.cut)
    }

    /// What is whole of its open segment.
    fn whole(&self) -> Result<Whole, Damaged> {
        match &self.growing {
            Some(whole) => Result::clone(whole),
            None => open_segment::read(&self.folder, self.manifest.segments.len()),
        }
    }

    /// Its envelopes in order; the first damage is the last item.
    #[must_use]
    pub fn envelopes(&self) -> Envelopes {
        Envelopes { batches: self.batches(true), rows: None, nth: 0, last: None }
    }

    /// The same behind an event. Files that were sealed up to there are not even opened.
    pub fn envelopes_behind(&self, seq: Seq) -> impl Iterator<Item = Result<Envelope, Damaged>> + use<> {
        let mut envelopes = self.envelopes();
        let before = self.manifest.segments.iter().take_while(|segment| segment.last.seq <= seq).count();
        envelopes.batches.sealed.drain(..before);
        envelopes.filter(move |envelope| envelope.as_ref().map_or(true, |envelope| envelope.seq > seq))
    }

    /// Its decisions in order; the first damage is the last item.
    #[must_use]
    pub fn decisions(&self) -> Decisions {
        let batches = self.batches(false);
        Decisions { batches, decided: Vec::new().into_iter() }
    }

    fn batches(&self, events: bool) -> Batches {
        let file =
            |segment: &Segment| if events { segment.events.clone() } else { segment.decisions.clone() };
        Batches {
            folder: self.folder.clone(),
            sealed: self.manifest.segments.iter().map(file).collect(),
            open: (!self.manifest.is_sealed()).then(|| self.clone()),
            events,
            reading: None,
            whole: VecDeque::new(),
            path: self.folder.clone(),
        }
    }
}

/// The batches of one table of a session: the sealed files, then what is whole of the open segment.
struct Batches {
    folder: PathBuf,
    sealed: VecDeque<Sealed>,
    open: Option<Session>,
    events: bool,
    /// The sealed file at hand, with the rows that are still to come.
    reading: Option<(ParquetRecordBatchReader, u64)>,
    whole: VecDeque<RecordBatch>,
    /// The file at hand.
    path: PathBuf,
}

impl fmt::Debug for Batches {
    /// The file at hand says enough.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Batches {
    /// The next batch; after an error there is none.
    fn next(&mut self) -> Result<Option<RecordBatch>, Damaged> {
        let next = self.read();
        if next.is_err() {
            self.end();
        }
        next
    }

    /// Nothing more is read.
    fn end(&mut self) {
        (self.reading, self.open) = (None, None);
        self.sealed.clear();
        self.whole.clear();
    }

    fn read(&mut self) -> Result<Option<RecordBatch>, Damaged> {
        loop {
            if let Some((reader, left)) = &mut self.reading {
                let rows = |batch: &RecordBatch| u64::try_from(batch.num_rows()).unwrap_or(u64::MAX);
                match reader.next() {
                    Some(Ok(batch)) if rows(&batch) <= *left => {
                        *left -= rows(&batch);
                        return Ok(Some(batch));
                    }
                    None if *left == 0 => self.reading = None,
                    Some(Err(error)) => return Err(self.damaged(error.to_string())),
                    _ => return Err(self.damaged("it has not the rows that it was sealed with")),
                }
            } else if let Some(sealed) = self.sealed.pop_front() {
                self.path = self.folder.join(&sealed.file);
                let bytes = sealed.read(&self.folder)?;
                self.reading = Some((self.parquet(bytes)?, sealed.rows));
            } else if let Some(session) = self.open.take() {
                let whole = session.whole()?;
                (self.path, self.whole) = if self.events {
                    (whole.events_path, whole.events.into())
                } else {
                    (whole.decisions_path, whole.decisions.into())
                };
            } else {
                return Ok(self.whole.pop_front());
            }
        }
    }

    fn parquet(&self, bytes: Bytes) -> Result<ParquetRecordBatchReader, Damaged> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes)
            .map_err(|error| self.damaged(error.to_string()))?;
        builder.with_batch_size(BATCH_ROWS).build().map_err(|error| self.damaged(error.to_string()))
    }

    fn damaged(&self, what: impl Into<String>) -> Damaged {
        Damaged::new(&self.path, what)
    }
}

/// The envelopes of a session.
#[derive(Debug)]
pub struct Envelopes {
    batches: Batches,
    rows: Option<Rows>,
    nth: usize,
    last: Option<Seq>,
}

impl Envelopes {
    fn read(&mut self) -> Result<Option<Envelope>, Damaged> {
        loop {
            if let Some(rows) = self.rows.as_ref().filter(|rows| self.nth < rows.len()) {
                let envelope = rows.envelope(self.nth).map_err(|what| self.batches.damaged(what))?;
                if self.last.is_some_and(|last| envelope.seq <= last) {
                    return Err(self.batches.damaged(format!("seq {} comes out of order", envelope.seq)));
                }
                self.last = Some(envelope.seq);
                self.nth += 1;
                return Ok(Some(envelope));
            }
            let Some(batch) = self.batches.next()? else { return Ok(None) };
            self.rows = Some(Rows::new(&batch).map_err(|what| self.batches.damaged(what))?);
            self.nth = 0;
        }
    }
}

impl Iterator for Envelopes {
    type Item = Result<Envelope, Damaged>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.read();
        if next.is_err() {
            self.rows = None;
            self.batches.end();
        }
        next.transpose()
    }
}

/// The decisions of a session.
#[derive(Debug)]
pub struct Decisions {
    batches: Batches,
    decided: vec::IntoIter<Decided>,
}

impl Iterator for Decisions {
    type Item = Result<Decided, Damaged>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(decided) = self.decided.next() {
                return Some(Ok(decided));
            }
            let batch = match self.batches.next() {
                Ok(batch) => batch?,
                Err(damaged) => return Some(Err(damaged)),
            };
            match decisions::read(&batch) {
                Ok(decided) => self.decided = decided.into_iter(),
                Err(what) => {
                    let damaged = self.batches.damaged(what);
                    self.batches.end();
                    return Some(Err(damaged));
                }
            }
        }
    }
}
