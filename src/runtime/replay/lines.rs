//! Event records as a source.

use std::io::BufRead;
use std::path::PathBuf;

use momentum_core::event::{Envelope, Event};
use momentum_core::time::Timestamp;
use momentum_store::record::{Record, RecordReader};

use super::{ReplayError, read_error};

/// Whether a file that begins so holds records: its first line is an object that names a schema of ours. What
/// `getTransaction` answers has no such field.
pub(super) fn are_records(begins: &[u8]) -> bool {
    let line = begins.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.starts_with(b"{") && line.windows(10).any(|text| text == b"\"momentum.")
}

/// Reads records one by one, and keeps what a source tells: ticks and decisions are made anew.
#[derive(Debug)]
pub(super) struct Lines<R> {
    path: PathBuf,
    reader: RecordReader<R>,
    now: Timestamp,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) const fn new(path: PathBuf, input: R) -> Self {
        Self { path, reader: RecordReader::new(input), now: Timestamp(i64::MIN), ended: false }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<(Timestamp, Event), ReplayError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.reader.next_line() {
                Ok(Some(line)) => {
                    if let Record::Event(Envelope { now, event, .. }) = line.record
                        && matches!(event, Event::Market(_) | Event::Enriched(_) | Event::Feed(_))
                    {
                        self.now = self.now.max(now);
                        return Some(Ok((self.now, event)));
                    }
                }
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(read_error(&self.path, error)));
                }
            }
        }
        None
    }
}
