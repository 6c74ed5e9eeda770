//! The segment that is being written: two Arrow streams, and a log that says how far they are whole.
//!
//! Once a second both streams get what is new, then the log a line: the length of each stream with the CRC-32
//! of everything before it, the rows so far, and a sum of the line itself. What lies behind the last line is
//! what a crash took, a second at most; a byte that changed in front of it is damage.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, Schema};

use super::manifest::hex;
use super::sealing::Summed;
use super::{Cut, Damaged, RecordError, decisions, events};

/// The names of the files of segment `number`: events, decisions, log.
pub(super) fn names(number: usize) -> [String; 3] {
    [
        format!("events-{number:05}.arrows"),
        format!("decisions-{number:05}.arrows"),
        format!("segment-{number:05}.log"),
    ]
}

/// The open segment, for who writes it.
pub(super) struct OpenSegment {
    events: StreamWriter<Summed>,
    decisions: StreamWriter<Summed>,
    log: File,
    paths: [PathBuf; 3],
    rows: usize,
}

impl OpenSegment {
    /// Begins segment `number`, empty and whole.
    pub(super) fn create(folder: &Path, number: usize) -> Result<Self, RecordError> {
        let paths = names(number).map(|name| folder.join(name));
        let stream = |path: &PathBuf, schema: &Schema| {
            let summed = Summed::create(path).map_err(|error| RecordError::io(path, error))?;
            StreamWriter::try_new(summed, schema).map_err(|error| failed(path, error))
        };
        let log = File::create(&paths[2]).map_err(|error| RecordError::io(&paths[2], error))?;
        let (events, decisions) =
            (stream(&paths[0], &events::SCHEMA)?, stream(&paths[1], &decisions::SCHEMA)?);
        let mut open = Self { events, decisions, log, paths, rows: 0 };
        open.flush()?;
        Ok(open)
    }

    /// Where the files are: a session in the making has another folder.
    pub(super) fn moved(&mut self, folder: &Path) {
        for path in &mut self.paths {
            *path = folder.join(path.file_name().unwrap_or_default());
        }
    }

    /// Appends what is new and makes it whole.
    pub(super) fn write(
        &mut self,
        events: &RecordBatch,
        decisions: Option<&RecordBatch>,
    ) -> Result<(), RecordError> {
        self.events.write(events).map_err(|error| failed(&self.paths[0], error))?;
        if let Some(decisions) = decisions {
            self.decisions.write(decisions).map_err(|error| failed(&self.paths[1], error))?;
        }
        self.rows += events.num_rows();
        self.flush()
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        let mut line = self.rows.to_string();
        for (stream, path) in [&mut self.events, &mut self.decisions].into_iter().zip(&self.paths) {
            stream.flush().map_err(|error| failed(path, error))?;
            let summed = stream.get_ref();
            line += &format!(" {} {}", summed.bytes, summed.sum());
        }
        line += &format!(" {}\n", hex(crc32fast::hash(line.as_bytes())));
        self.log.write_all(line.as_bytes()).map_err(|error| RecordError::io(&self.paths[2], error))
    }

    /// Rows of events so far.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// Bytes of events so far.
    pub(super) fn bytes(&self) -> u64 {
        self.events.get_ref().bytes
    }

    /// Removes it: its rows are sealed elsewhere.
    pub(super) fn remove(self) -> Result<(), RecordError> {
        self.paths
            .iter()
            .try_for_each(|path| fs::remove_file(path).map_err(|error| RecordError::io(path, error)))
    }
}

fn failed(path: &Path, error: ArrowError) -> RecordError {
    match error {
        ArrowError::IoError(_, error) => RecordError::io(path, error),
        error => RecordError::Unwritable { path: path.to_owned(), why: error.to_string() },
    }
}

/// What of an open segment is whole.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    /// Its batches of events.
    pub(super) events: Vec<RecordBatch>,
    /// Its batches of decisions.
    pub(super) decisions: Vec<RecordBatch>,
    /// What was left out behind them.
    pub(super) cut: Option<Cut>,
    /// The file of events.
    pub(super) events_path: PathBuf,
    /// The file of decisions.
    pub(super) decisions_path: PathBuf,
}

/// One line of the log.
#[derive(Clone, Copy, Default)]
struct Mark {
    rows: usize,
    /// Length and sum of each stream.
    streams: [(usize, u32); 2],
}

impl Mark {
    fn parse(line: &str) -> Option<Self> {
        let (line, sum) = line.rsplit_once(' ')?;
        if hex(crc32fast::hash(line.as_bytes())) != sum {
            return None;
        }
        let mut words = line.split(' ');
        let mut mark = Self { rows: words.next()?.parse().ok()?, ..Self::default() };
        for stream in &mut mark.streams {
            *stream = (words.next()?.parse().ok()?, u32::from_str_radix(words.next()?, 16).ok()?);
        }
        words.next().is_none().then_some(mark)
    }
}

/// Reads what is whole of segment `number`.
///
/// # Errors
/// [`Damaged`] where a file is missing or a byte in front of its whole end is not what was written.
pub(super) fn read(folder: &Path, number: usize) -> Result<Whole, Damaged> {
    let paths = names(number).map(|name| folder.join(name));
    let [events_path, decisions_path, log_path] = &paths;
    let file = |path: &PathBuf| fs::read(path).map_err(|error| Damaged::io(path, &error));
    let (log, streams) = (file(log_path)?, [file(events_path)?, file(decisions_path)?]);
    let mut behind = Vec::new();
    let whole_log = log.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    if whole_log < log.len() {
        behind.push(format!("{} bytes of {}", log.len() - whole_log, name(log_path)));
    }
    let mut mark = Mark::default();
    let mut sums = [crc32fast::Hasher::new(), crc32fast::Hasher::new()];
    for (nth, line) in log[..whole_log].split_inclusive(|byte| *byte == b'\n').enumerate() {
        let next = std::str::from_utf8(&line[..line.len() - 1]).ok().and_then(Mark::parse);
        let next =
            next.ok_or_else(|| Damaged::new(log_path, format!("line {} is not what was written", nth + 1)))?;
        let ends = streams.iter().zip(next.streams);
        if ends.clone().any(|(stream, (end, _))| end > stream.len()) {
            behind.push(format!("{} rows and more", next.rows.saturating_sub(mark.rows)));
            break;
        }
        for (((stream, (end, sum)), (from, _)), (so_far, path)) in
            ends.zip(mark.streams).zip(sums.iter_mut().zip(&paths))
        {
            so_far.update(stream.get(from..end).unwrap_or_default());
            if so_far.clone().finalize() != sum {
                let found = format!("its checksum up to byte {end} is not the one of its log");
                return Err(Damaged::new(path, found));
            }
        }
        mark = next;
    }
    for ((stream, (end, _)), path) in streams.iter().zip(mark.streams).zip(&paths) {
        if stream.len() > end {
            behind.push(format!("{} bytes of {}", stream.len() - end, name(path)));
        }
    }
    let batches = |stream: &[u8], path: &PathBuf| {
        if stream.is_empty() {
            return Ok(Vec::new());
        }
        let reader =
            StreamReader::try_new(stream, None).map_err(|error| Damaged::new(path, error.to_string()))?;
        reader.collect::<Result<Vec<_>, _>>().map_err(|error| Damaged::new(path, error.to_string()))
    };
    let [(events_end, _), (decisions_end, _)] = mark.streams;
    let events = batches(&streams[0][..events_end], events_path)?;
    let rows: usize = events.iter().map(RecordBatch::num_rows).sum();
    if rows != mark.rows {
        return Err(Damaged::new(events_path, format!("{rows} rows, its log has {}", mark.rows)));
    }
    let cut = (!behind.is_empty()).then(|| Cut {
        file: events_path.clone(),
        what: format!("left out as not whole: {}", behind.join(", ")),
    });
    let decisions = batches(&streams[1][..decisions_end], decisions_path)?;
    let [events_path, decisions_path, _] = paths;
    Ok(Whole { events, decisions, cut, events_path, decisions_path })
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
