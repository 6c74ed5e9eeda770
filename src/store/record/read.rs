//! Reads records: a JSON line becomes what it tells. Whatever it is, it can be passed on verbatim.

use std::borrow::Cow;
use std::io::{self, BufRead};

use momentum_core::event::{Enriched, Envelope, Event, FeedEvent, MarketEvent};
use momentum_core::ids::{Hash, Seq};
use momentum_core::time::Timestamp;
use momentum_core::trader::signals::{EntrySignal, Level};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::fact::{
    CurveFact, FeesFact, HoldersFact, MembersFact, MetadataFact, MintFact, PoolFact, PriorityFact, ProofFact,
};
use super::feed::{DeadSlot, Dropped, Filled, Gap, SlotSeen};
use super::market::{Completed, Contradiction, Launched, Migrated, PoolOpened, Traded};
use super::pipe::{Eof, Hello, Signal};

/// Longest line that is read; ours have less than a kilobyte, and a holders fact some 100 KiB at most.
pub const LINE_MAX_BYTES: usize = 4 << 20;

/// What a line tells.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly every line is an event: a box would cost each of them")]
pub enum Record {
    /// An event, in its place.
    Event(Envelope),
    /// An entry signal, to be applied at its place.
    Signal {
        /// Its place: that of the event that made it.
        seq: Seq,
        /// The time of that event.
        now: Timestamp,
        /// The signal.
        signal: EntrySignal,
    },
    /// The beginning of a stream.
    Hello(Greeting),
    /// Its end.
    Eof(Eof),
    /// Something that no stage acts on: to be passed on.
    Other,
}

/// How a stream begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Greeting {
    /// What it says.
    pub hello: Hello,
    /// The run that it is of.
    pub run_id: Option<String>,
    /// Hash of the settings that made it.
    pub config_hash: Option<Hash>,
    /// Time of its first event.
    pub now: Option<Timestamp>,
}

/// A line that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadLine<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// The line, without its end: what a stage passes on.
    pub raw: &'a str,
    /// What it tells.
    pub record: Record,
}

/// A line that is not a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct Malformed {
    /// Its number, from 1.
    pub line: u64,
    /// Where in the line, in bytes from 1; 1 where the line as a whole is wrong.
    pub column: usize,
    /// What is wrong.
    pub what: String,
}

/// Why there is no next line.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// This line is no record; the next can be read. Bad data (65), unless the user lets such lines be skipped.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The input failed.
    #[error("cannot read the records: {0}")]
    Io(#[from] io::Error),
}

/// Reads the records of a stream, line by line.
#[derive(Debug)]
pub struct RecordReader<R> {
    input: R,
    line: u64,
    bytes: Vec<u8>,
}

impl<R: BufRead> RecordReader<R> {
    /// A reader of `input`.
    pub const fn new(input: R) -> Self {
        Self { input, line: 0, bytes: Vec::new() }
    }

    /// The next line that is not blank; `None` at the end.
    ///
    /// # Errors
    /// [`ReadError`]; after a malformed line the next one can be read.
    pub fn next_line(&mut self) -> Result<Option<ReadLine<'_>>, ReadError> {
        loop {
            self.bytes.clear();
            self.line += 1;
            let limit = u64::try_from(LINE_MAX_BYTES).unwrap_or(u64::MAX);
            let read = io::Read::take(&mut self.input, limit).read_until(b'\n', &mut self.bytes)?;
            if read == 0 {
                return Ok(None);
            }
            if read == LINE_MAX_BYTES && self.bytes.last() != Some(&b'\n') {
                self.input.skip_until(b'\n')?;
                let what = format!("longer than {LINE_MAX_BYTES} bytes");
                return Err(Malformed { line: self.line, column: LINE_MAX_BYTES, what }.into());
            }
            if !self.bytes.trim_ascii().is_empty() {
                break;
            }
        }
        let raw = std::str::from_utf8(self.bytes.trim_ascii_end()).map_err(|error| Malformed {
            line: self.line,
            column: error.valid_up_to() + 1,
            what: "not UTF-8".to_owned(),
        })?;
        let record = parse(raw).map_err(|wrong| wrong.at(self.line))?;
        Ok(Some(ReadLine { number: self.line, raw, record }))
    }
}

/// What every record has.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    schema: Cow<'a, str>,
    seq: Option<Seq>,
    now: Option<Timestamp>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    run_id: Option<Cow<'a, str>>,
    config_hash: Option<Hash>,
}

impl Head<'_> {
    fn place(&self) -> Result<(Seq, Timestamp), Wrong> {
        Ok((self.seq.ok_or(Wrong::Missing("seq"))?, self.now.ok_or(Wrong::Missing("now"))?))
    }

    fn signal(&self, raw: &str, level: Level) -> Result<Record, Wrong> {
        let (seq, now) = self.place()?;
        Ok(Record::Signal { seq, now, signal: body::<Signal>(raw)?.signal(level, self.config_hash)? })
    }
}

/// What is wrong with a line whose number is not known here.
enum Wrong {
    Json(serde_json::Error),
    Contradiction(Contradiction),
    Missing(&'static str),
    Newer(String),
}

impl From<serde_json::Error> for Wrong {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl From<Contradiction> for Wrong {
    fn from(contradiction: Contradiction) -> Self {
        Self::Contradiction(contradiction)
    }
}

impl Wrong {
    fn at(self, line: u64) -> Malformed {
        let (column, what) = match self {
            Self::Json(error) => {
                // The place is told beside it; the text's own has always line 1.
                let text = error.to_string();
                let text = text.split(" at line ").next().unwrap_or_default();
                (error.column().max(1), text.to_owned())
            }
            Self::Contradiction(contradiction) => (1, contradiction.to_string()),
            Self::Missing(field) => (1, format!("missing field `{field}`")),
            Self::Newer(schema) => {
                (1, format!("schema `{}` is of another version of momentum", super::clean(&schema)))
            }
        };
        Malformed { line, column, what }
    }
}

/// Reads one line.
fn parse(raw: &str) -> Result<Record, Wrong> {
    let head: Head<'_> = serde_json::from_str(raw)?;
    let kind = head.kind.as_deref().unwrap_or_default();
    let event = match (&*head.schema, kind) {
        ("momentum.event.v1", "traded") => Event::from(MarketEvent::try_from(body::<Traded>(raw)?)?),
        ("momentum.event.v1", "launched") => market::<Launched>(raw)?,
        ("momentum.event.v1", "completed") => market::<Completed>(raw)?,
        ("momentum.event.v1", "pool_opened") => market::<PoolOpened>(raw)?,
        ("momentum.event.v1", "migrated") => market::<Migrated>(raw)?,
        ("momentum.tick.v1", _) => Event::Tick,
        ("momentum.feed.v1", "up") => Event::Feed(FeedEvent::Up),
        ("momentum.feed.v1", "down") => Event::Feed(FeedEvent::Down),
        ("momentum.feed.v1", "slot") => body::<SlotSeen>(raw)?.into(),
        ("momentum.feed.v1", "filled") => body::<Filled>(raw)?.into(),
        ("momentum.feed.v1", "dead_slot") => body::<DeadSlot>(raw)?.into(),
        ("momentum.feed.v1", "dropped") => body::<Dropped>(raw)?.into(),
        ("momentum.gap.v1", _) => body::<Gap>(raw)?.into(),
        ("momentum.fact.v1", "mint") => fact::<MintFact>(raw)?,
        ("momentum.fact.v1", "curve") => fact::<CurveFact>(raw)?,
        ("momentum.fact.v1", "holders") => fact::<HoldersFact>(raw)?,
        ("momentum.fact.v1", "metadata") => fact::<MetadataFact>(raw)?,
        ("momentum.fact.v1", "members") => fact::<MembersFact>(raw)?,
        ("momentum.fact.v1", "pool") => fact::<PoolFact>(raw)?,
        ("momentum.fact.v1", "fees") => fact::<FeesFact>(raw)?,
        ("momentum.fact.v1", "proof") => fact::<ProofFact>(raw)?,
        ("momentum.fact.v1", "priority") => fact::<PriorityFact>(raw)?,
        ("momentum.signal.v1", "buy") => return head.signal(raw, Level::Buy),
        ("momentum.signal.v1", "strong_buy") => return head.signal(raw, Level::StrongBuy),
        ("momentum.hello.v1", _) => {
            let run_id = head.run_id.map(Cow::into_owned);
            let (config_hash, now) = (head.config_hash, head.now);
            return Ok(Record::Hello(Greeting { hello: body(raw)?, run_id, config_hash, now }));
        }
        ("momentum.eof.v1", _) => return Ok(Record::Eof(body(raw)?)),
        (schema, _) if newer(schema) => return Err(Wrong::Newer(schema.to_owned())),
        _ => return Ok(Record::Other),
    };
    let (seq, now) = head.place()?;
    Ok(Record::Event(Envelope { seq, now, event }))
}

/// A schema that this stage would have to understand, in a major version that it does not know.
fn newer(schema: &str) -> bool {
    let understood = ["event", "tick", "feed", "gap", "fact", "signal", "hello", "eof"];
    let parts = schema.strip_prefix("momentum.").and_then(|rest| rest.rsplit_once(".v"));
    parts.is_some_and(|(name, version)| understood.contains(&name) && version != "1")
}

fn body<B: DeserializeOwned>(raw: &str) -> Result<B, Wrong> {
    Ok(serde_json::from_str(raw)?)
}

fn market<B: DeserializeOwned + Into<MarketEvent>>(raw: &str) -> Result<Event, Wrong> {
    let event: MarketEvent = body::<B>(raw)?.into();
    Ok(event.into())
}

fn fact<B: DeserializeOwned + TryInto<Enriched, Error = Contradiction>>(raw: &str) -> Result<Event, Wrong> {
    let enriched: Enriched = body::<B>(raw)?.try_into()?;
    Ok(enriched.into())
}
