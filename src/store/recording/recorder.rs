//! Recording a run: columns are filled on the caller's thread, files are written on a thread of their own.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use arrow_array::RecordBatch;
use momentum_core::engine::{Decision, DecisionHasher};
use momentum_core::event::Envelope;
use momentum_core::fact::Fact;
use momentum_core::ids::{Hash, Seq};
use momentum_core::time::Timestamp;
use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256};

use super::decisions::Decided;
use super::events::Columns;
use super::manifest::{About, Manifest, Place, Restored, Segment};
use super::open_segment::OpenSegment;
use super::row::Row;
use super::sealing::Sealing;
use super::{RecordError, RecordKeys, decisions, events};

/// What is new goes to the file so often.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// Rows after which it goes earlier.
const BATCH_ROWS: usize = 8_192;

/// Batches that may wait for the disk: some 20 MB.
const QUEUE: usize = 8;

/// The file of the state that a session began from.
const STATE: &str = "state.postcard";

/// What happens when the disk does not keep up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// The caller waits: in virtual time nobody is late.
    Endless,
    /// The caller waits so long, then the recording ends: exits come first.
    AtMost(Duration),
}

/// Records one session. Dropped without [`Self::finish`], it leaves what a crash would.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    patience: Patience,
    columns: Columns,
    decisions: Vec<Decided>,
    /// First and last event of what waits in the columns.
    waiting: Option<(Place, Place)>,
    flushed: Instant,
    queue: Option<SyncSender<Batch>>,
    writer: Option<JoinHandle<Result<Manifest, RecordError>>>,
    /// Held while the session runs: what is locked is not removed.
    _lock: File,
}

/// What goes to the writer.
struct Batch {
    events: RecordBatch,
    decisions: Vec<Decided>,
    first: Place,
    last: Place,
    /// Whether it is the last one.
    ends: bool,
}

impl Recorder {
    /// Begins a session of its own in the folder of recordings, from the state `restored` (what
    /// `Engine::snapshot` gave) or from nothing.
    ///
    /// # Errors
    /// [`RecordError`], with the file that cannot be written: the run can go on without a recording.
    pub fn create(
        recordings: &Path,
        about: About,
        restored: Option<&[u8]>,
        keys: &RecordKeys,
        patience: Patience,
    ) -> Result<Self, RecordError> {
        let name = session_name(&about.run_id);
        let (making, folder) = (recordings.join(format!(".{name}")), recordings.join(name));
        fs::create_dir_all(&making).map_err(|error| RecordError::io(&making, error))?;
        let lock = lock(&making).map_err(|error| RecordError::io(&making, error))?;
        let restored = restored.map(|state| {
            let path = making.join(STATE);
            let written = fs::write(&path, state).and_then(|()| File::open(&path)?.sync_all());
            written.map_err(|error| RecordError::io(&path, error))?;
            Ok(Restored { file: STATE.to_owned(), sha256: Hash(Sha256::digest(state).into()) })
        });
        let mut manifest = Manifest::new(about, restored.transpose()?);
        let mut segment = SegmentInTheMaking::create(&making, 0)?;
        manifest.write(&making).map_err(|error| RecordError::io(&making, error))?;
        fs::rename(&making, &folder).map_err(|error| RecordError::io(&folder, error))?;
        segment.moved(&folder);
        let (queue, batches) = sync_channel(QUEUE);
        let writer = Writer {
            folder: folder.clone(),
            keys: keys.clone(),
            manifest,
            hasher: DecisionHasher::default(),
            segment,
        };
        let thread = thread::Builder::new().name("recorder".to_owned());
        let writer =
            thread.spawn(move || writer.work(&batches)).map_err(|error| RecordError::io(&folder, error))?;
        Ok(Self {
            folder,
            patience,
            columns: Columns::default(),
            decisions: Vec::new(),
            waiting: None,
            flushed: Instant::now(),
            queue: Some(queue),
            writer: Some(writer),
            _lock: lock,
        })
    }

    /// The folder of the session.
    #[must_use]
    pub fn session(&self) -> &Path {
        &self.folder
    }

    /// Records an event and what was decided at it. What is older than a second is on its way to the file.
    ///
    /// # Errors
    /// [`RecordError`]: the recording has ended, what is whole of it stays. The caller drops the recorder, says
    /// so once and goes on.
    pub fn append(&mut self, envelope: &Envelope, facts: &[Fact]) -> Result<(), RecordError> {
        for decision in facts.iter().filter_map(|fact| Decision::of(envelope.now, fact)) {
            self.decided(Decided { seq: envelope.seq, decision });
        }
        self.event(envelope)
    }

    /// Takes a decision that was made at the next event.
    pub(super) fn decided(&mut self, decided: Decided) {
        self.decisions.push(decided);
    }

    /// Takes an event.
    pub(super) fn event(&mut self, envelope: &Envelope) -> Result<(), RecordError> {
        let unwritable = |why: String| RecordError::Unwritable {
            path: self.folder.clone(),
            why: format!("an event: {why}"),
        };
        let row = Row::of(envelope).map_err(|error| unwritable(error.to_string()))?;
        self.columns.push(&row).map_err(|error| unwritable(error.to_string()))?;
        let place = Place { seq: envelope.seq, now: envelope.now };
        self.waiting = Some((self.waiting.map_or(place, |(first, _)| first), place));
        if self.columns.rows() >= BATCH_ROWS || self.flushed.elapsed() >= FLUSH_EVERY {
            self.flush(false)?;
        }
        Ok(())
    }

    /// Seals the session: nothing can be added to it.
    ///
    /// # Errors
    /// [`RecordError`]: it stays as a crash would leave it.
    pub fn finish(mut self) -> Result<Manifest, RecordError> {
        self.flush(true)?;
        self.queue = None;
        self.ended()
    }

    /// Ends as a crash does, for tests: what was flushed is written, nothing is sealed.
    #[cfg(test)]
    pub(super) fn crash(mut self) {
        assert!(matches!(self.ended(), Err(RecordError::Ended { .. })));
    }

    /// Hands what waits to the writer.
    pub(super) fn flush(&mut self, ends: bool) -> Result<(), RecordError> {
        self.flushed = Instant::now();
        let events = self.columns.take();
        let events = events
            .map_err(|error| RecordError::Unwritable { path: self.folder.clone(), why: error.to_string() })?;
        let nowhere = Place { seq: Seq(0), now: Timestamp(0) };
        let (first, last) = self.waiting.take().unwrap_or((nowhere, nowhere));
        let decisions = std::mem::take(&mut self.decisions);
        self.send(Batch { events, decisions, first, last, ends })
    }

    fn send(&mut self, mut batch: Batch) -> Result<(), RecordError> {
        let Some(queue) = &self.queue else { return Err(RecordError::Ended { path: self.folder.clone() }) };
        let Patience::AtMost(patience) = self.patience else {
            return match queue.send(batch) {
                Ok(()) => Ok(()),
                Err(_) => self.ended().map(drop),
            };
        };
        let asked = Instant::now();
        loop {
            match queue.try_send(batch) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Disconnected(_)) => return self.ended().map(drop),
                Err(TrySendError::Full(back)) if asked.elapsed() < patience => {
                    batch = back;
                    thread::sleep(Duration::from_millis(1));
                }
                Err(TrySendError::Full(_)) => {
                    self.queue = None;
                    return Err(RecordError::Behind { path: self.folder.clone(), patience });
                }
            }
        }
    }

    /// How the writer ended.
    fn ended(&mut self) -> Result<Manifest, RecordError> {
        self.queue = None;
        let ended = || RecordError::Ended { path: self.folder.clone() };
        self.writer.take().ok_or_else(ended)?.join().map_err(|_| ended())?
    }
}

/// A lock of a folder, where nobody else holds it.
pub(super) fn lock(folder: &Path) -> io::Result<File> {
    let file = File::open(folder)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    Ok(file)
}

/// The name of a session that begins now; sorted by name, sessions are sorted by their beginning.
fn session_name(run_id: &str) -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let began = Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)).to_string();
    let word = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let (second, fraction) = began.split_once('.').unwrap_or((&began, ""));
    format!("{}-{}-{}", word(second), word(fraction), word(run_id))
}

/// The segment that is being written, once for readers of now and once for those of later.
struct SegmentInTheMaking {
    open: OpenSegment,
    events: Sealing,
    decisions: Sealing,
    first: Option<Place>,
    last: Option<Place>,
    began: Instant,
}

impl SegmentInTheMaking {
    fn create(folder: &Path, number: usize) -> Result<Self, RecordError> {
        Ok(Self {
            open: OpenSegment::create(folder, number)?,
            events: Sealing::create(folder, format!("events-{number:05}.parquet"), &events::SCHEMA)?,
            decisions: Sealing::create(folder, format!("decisions-{number:05}.parquet"), &decisions::SCHEMA)?,
            first: None,
            last: None,
            began: Instant::now(),
        })
    }

    fn moved(&mut self, folder: &Path) {
        self.open.moved(folder);
        self.events.moved(folder);
        self.decisions.moved(folder);
    }

    fn write(&mut self, batch: &Batch) -> Result<(), RecordError> {
        let decisions = (!batch.decisions.is_empty()).then(|| decisions::batch(&batch.decisions)).transpose();
        let decisions = decisions.map_err(|error| RecordError::Unwritable {
            path: PathBuf::from("decisions"),
            why: error.to_string(),
        })?;
        self.open.write(&batch.events, decisions.as_ref())?;
        self.events.write(&batch.events)?;
        if let Some(decisions) = &decisions {
            self.decisions.write(decisions)?;
        }
        self.first = self.first.or(Some(batch.first));
        self.last = Some(batch.last);
        Ok(())
    }

    fn is_due(&self, keys: &RecordKeys) -> bool {
        u64::try_from(self.open.rows()).unwrap_or(u64::MAX) >= keys.segment_rows
            || self.open.bytes() >= keys.segment_bytes()
            || self.began.elapsed() >= keys.segment_time
    }
}

/// Writes the files of a session.
struct Writer {
    folder: PathBuf,
    keys: RecordKeys,
    manifest: Manifest,
    hasher: DecisionHasher,
    segment: SegmentInTheMaking,
}

impl Writer {
    fn work(mut self, batches: &Receiver<Batch>) -> Result<Manifest, RecordError> {
        for batch in batches {
            if batch.events.num_rows() > 0 {
                batch.decisions.iter().for_each(|decided| self.hasher.decision(&decided.decision));
                self.segment.write(&batch)?;
            }
            if batch.ends {
                return self.finish();
            }
            if self.segment.is_due(&self.keys) {
                let next = SegmentInTheMaking::create(&self.folder, self.manifest.segments.len() + 1)?;
                let full = std::mem::replace(&mut self.segment, next);
                seal(full, &mut self.manifest, &self.folder, None)?;
            }
        }
        Err(RecordError::Ended { path: self.folder })
    }

    fn finish(mut self) -> Result<Manifest, RecordError> {
        let hash = self.hasher.finish();
        seal(self.segment, &mut self.manifest, &self.folder, Some(hash))?;
        Ok(self.manifest)
    }
}

/// Puts a segment in its place, then into the manifest, then away with its streams: at every moment the rows
/// are whole in one of the two.
fn seal(
    segment: SegmentInTheMaking,
    manifest: &mut Manifest,
    folder: &Path,
    hash: Option<Hash>,
) -> Result<(), RecordError> {
    let SegmentInTheMaking { open, events, decisions, first, last, .. } = segment;
    let (events, decisions) = (events.seal()?, decisions.seal()?);
    if let (Some(first), Some(last)) = (first, last) {
        manifest.add(Segment { first, last, events, decisions });
    }
    manifest.decision_hash = hash;
    manifest.write(folder).map_err(|error| RecordError::io(folder, error))?;
    open.remove()
}
