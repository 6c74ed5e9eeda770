//! The stages of the pipe `monitor | score - | trade from -`.
//!
//! Each passes on every record that it reads, as it is and in its place, and adds its own behind the event
//! that made them. So the last stage sees what the whole engine would have seen, in the same order.

use std::io::{self, BufRead};

use momentum_core::action::Effects;
use momentum_core::event::{Command, Commanded, Envelope, Event};
use momentum_core::ids::Seq;
use momentum_core::time::Timestamp;
use momentum_sim::driver::{Driver, Processor};
use momentum_store::record::{Eof, Greeting, Malformed, ReadError, Record, RecordReader, RecordWriter};

/// The first stage measures nothing: it only gives events their places.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decoder;

impl Processor for Decoder {
    fn on_event(&mut self, _envelope: &Envelope, _effects: &mut Effects) {}
}

/// What becomes of a line that is no record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// It ends the stage.
    #[default]
    Stop,
    /// It is left out and counted.
    Skip,
}

/// Why a stage cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum PipeError {
    /// A line is no record, or the input failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The stream begins with something else than a hello.
    #[error("line {0}: the stream does not begin with a hello record: pipe `momentum monitor` into this")]
    NoHello(u64),
    /// The stream ended without its last record: whoever wrote it did not come to an end.
    #[error("the stream broke off after line {0}: its eof record is missing")]
    BrokeOff(u64),
    /// The output takes no more.
    #[error("cannot write the records: {0}")]
    Write(#[source] io::Error),
}

/// Reads the records of one stage.
pub struct Piped<R> {
    reader: RecordReader<R>,
    on_error: OnError,
    /// Lines left out so far.
    pub skipped: u64,
    line: u64,
}

/// What a stage does with the records between hello and eof.
pub trait Work {
    /// An event in its place, with the line that it was read from.
    fn event(&mut self, raw: &str, envelope: Envelope);
    /// An entry signal, likewise.
    fn signal(&mut self, raw: &str, seq: Seq, now: Timestamp, command: Command);
    /// A record that no stage acts on.
    fn other(&mut self, raw: &str);
    /// Hands what was written so far on to the next stage.
    ///
    /// # Errors
    /// Where nobody reads any more.
    fn flush(&mut self) -> io::Result<()>;
}

impl<R: BufRead> Piped<R> {
    /// A stage that reads `input`.
    pub const fn new(input: R, on_error: OnError) -> Self {
        Self { reader: RecordReader::new(input), on_error, skipped: 0, line: 0 }
    }

    /// The hello that opens the stream, with its line. What is no record may stand before it, where that is skipped.
    ///
    /// # Errors
    /// Where the stream begins with something else.
    pub fn hello(&mut self) -> Result<(Greeting, String), PipeError> {
        loop {
            match self.reader.next_line() {
                Ok(Some(line)) => {
                    return match line.record {
                        Record::Hello(greeting) => Ok((greeting, line.raw.to_owned())),
                        _ => Err(PipeError::NoHello(line.number)),
                    };
                }
                Ok(None) => return Err(PipeError::NoHello(1)),
                Err(ReadError::Malformed(_)) if self.on_error == OnError::Skip => self.skipped += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Hands every record to `work` up to the eof, which is returned with its line.
    ///
    /// # Errors
    /// [`PipeError`]; what was handed on before it stands.
    pub fn work(&mut self, work: &mut impl Work) -> Result<(Eof, String), PipeError> {
        loop {
            match self.reader.next_line() {
                Ok(None) => return Err(PipeError::BrokeOff(self.line)),
                Ok(Some(line)) => {
                    self.line = line.number;
                    match line.record {
                        Record::Event(envelope) => work.event(line.raw, envelope),
                        Record::Signal { seq, now, signal } => {
                            work.signal(line.raw, seq, now, Command::Signal(signal));
                        }
                        Record::Eof(eof) => return Ok((eof, line.raw.to_owned())),
                        Record::Hello(_) | Record::Other => work.other(line.raw),
                    }
                }
                Err(ReadError::Malformed(Malformed { .. })) if self.on_error == OnError::Skip => {
                    self.skipped += 1;
                }
                Err(error) => return Err(error.into()),
            }
            work.flush().map_err(PipeError::Write)?;
        }
    }
}

/// A stage around a processor: feeds it, and writes what it adds.
pub struct Station<'a, P, S> {
    /// What measures or trades.
    pub driver: &'a mut Driver<P>,
    /// Writes what this stage adds.
    pub writer: RecordWriter,
    /// Lines for the next stage.
    pub lines: Vec<u8>,
    /// Takes the lines; called after every record.
    pub send: S,
    /// Sees all that happens here: the tally of a stage that trades.
    pub see: &'a mut dyn FnMut(&Envelope, &Effects),
}

impl<P: Processor, S: FnMut(&mut Vec<u8>) -> io::Result<()>> Station<'_, P, S> {
    /// Feeds one event of the stream. What the processor adds stands at the place of that event.
    pub fn feed(&mut self, seq: Seq, now: Timestamp, event: Event, passed_on: bool) {
        let Self { driver, writer, lines, see, .. } = self;
        let mut first = passed_on;
        driver.feed(now, event, &mut |envelope: &Envelope, effects: &Effects| {
            see(envelope, effects);
            if !std::mem::take(&mut first) {
                writer.event(&Envelope { seq, now: envelope.now, event: envelope.event.clone() }, lines);
            }
            for fact in &effects.facts {
                writer.fact(seq, envelope.now, fact, lines);
            }
        });
    }
}

impl<P: Processor, S: FnMut(&mut Vec<u8>) -> io::Result<()>> Work for Station<'_, P, S> {
    fn event(&mut self, raw: &str, envelope: Envelope) {
        RecordWriter::pass(raw, &mut self.lines);
        self.feed(envelope.seq, envelope.now, envelope.event, true);
    }

    fn signal(&mut self, raw: &str, seq: Seq, now: Timestamp, command: Command) {
        RecordWriter::pass(raw, &mut self.lines);
        let (who, why) = ("pipe".to_owned(), "an entry signal".to_owned());
        self.feed(seq, now, Event::Command(Box::new(Commanded { who, why, command })), true);
    }

    fn other(&mut self, raw: &str) {
        RecordWriter::pass(raw, &mut self.lines);
    }

    fn flush(&mut self) -> io::Result<()> {
        (self.send)(&mut self.lines)
    }
}
