//! Writes records: one JSON line each, into a buffer of the caller's.

use std::fmt::Write as _;

use momentum_core::action::Effects;
use momentum_core::event::{Envelope, Event, FeedEvent};
use momentum_core::fact::Fact;
use momentum_core::ids::{Hash, Seq};
use momentum_core::time::Timestamp;
use serde::Serialize;

use super::Body;
use super::fact::FactBody;
use super::feed::{DeadSlot, Dropped, Filled, Gap, Link, SlotSeen, Tick};
use super::market::{MarketBody, Source};
use super::raw::RawEvent;

/// What a stage of the pipe adds to what it passes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The decoder: events, ticks, feed, and the facts that the source publishes itself.
    Monitor,
    /// Market and the entry-signal stage: facts that it asked for, scores, entry signals.
    Score,
    /// The whole engine behind the pipe: orders, refusals, attempts, fills, positions.
    Trade,
    /// The whole engine on a source of its own: as `Trade`, and the entry signals.
    Run,
}

/// Writes the records of one stream. Lines end with a line feed.
#[derive(Clone, Debug)]
pub struct RecordWriter {
    stage: Stage,
    source: Source,
    /// What ends every line: run id and config hash, closing brace, line feed.
    tail: String,
}

impl RecordWriter {
    /// A writer for `stage`, whose events come from `source`.
    #[must_use]
    pub fn new(stage: Stage, source: Source, run_id: &str, config_hash: Hash) -> Self {
        // A run id is made by us; clean it like any text, so that the line stays one line.
        let run_id = serde_json::Value::from(super::clean(run_id));
        Self { stage, source, tail: format!(",\"run_id\":{run_id},\"config_hash\":\"{config_hash}\"}}\n") }
    }

    /// Passes on a line that was read, as it was.
    pub fn pass(raw: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(raw.as_bytes());
        out.push(b'\n');
    }

    /// All that this stage tells about one event: the event, where it is of this stage, then its facts.
    pub fn effects(&self, envelope: &Envelope, effects: &Effects, out: &mut Vec<u8>) {
        self.event(envelope, out);
        for fact in &effects.facts {
            self.fact(envelope.seq, envelope.now, fact, out);
        }
    }

    /// One event, where this stage tells events of its kind.
    pub fn event(&self, envelope: &Envelope, out: &mut Vec<u8>) {
        let line = Line { seq: envelope.seq, now: envelope.now, tail: &self.tail };
        match (&envelope.event, self.stage) {
            (Event::Market(event), Stage::Monitor) => match MarketBody::of(event, self.source) {
                MarketBody::Launched(body) => line.write(&body, out),
                MarketBody::Traded(body) => line.write(&body, out),
                MarketBody::Completed(body) => line.write(&body, out),
                MarketBody::PoolOpened(body) => line.write(&body, out),
                MarketBody::Migrated(body) => line.write(&body, out),
            },
            (Event::Tick, Stage::Monitor) => line.write(&Tick {}, out),
            (Event::Feed(feed), Stage::Monitor) => match *feed {
                FeedEvent::Up => line.write_as("up", &Link {}, out),
                FeedEvent::Down => line.write_as("down", &Link {}, out),
                FeedEvent::Slot { slot, at } => line.write(&SlotSeen { slot, at }, out),
                FeedEvent::Gap { from, to } => line.write(&Gap { from, to }, out),
                FeedEvent::Filled { from, to } => line.write(&Filled { from, to }, out),
                FeedEvent::DeadSlot(slot) => line.write(&DeadSlot { slot }, out),
                FeedEvent::Dropped(count) => line.write(&Dropped { count }, out),
            },
            (Event::Enriched(enriched), Stage::Monitor | Stage::Score) => match FactBody::of(enriched) {
                FactBody::Mint(body) => line.write(&body, out),
                FactBody::Curve(body) => line.write(&body, out),
                FactBody::Holders(body) => line.write(&body, out),
                FactBody::Metadata(body) => line.write(&body, out),
                FactBody::Members(body) => line.write(&body, out),
                FactBody::Pool(body) => line.write(&body, out),
                FactBody::Fees(body) => line.write(&*body, out),
                FactBody::Proof(body) => line.write(&body, out),
            },
            _ => {}
        }
    }

    /// One event of the programs as they wrote it: what `monitor --raw` prints.
    pub fn raw<D: Serialize>(&self, seq: Seq, now: Timestamp, raw: &RawEvent<'_, D>, out: &mut Vec<u8>) {
        Line { seq, now, tail: &self.tail }.write(raw, out);
    }

    /// One fact of the event `seq`, where this stage tells facts of its kind.
    pub fn fact(&self, _seq: Seq, _now: Timestamp, _fact: &Fact, _out: &mut Vec<u8>) {}
}

/// What one line has beside its body.
struct Line<'a> {
    seq: Seq,
    now: Timestamp,
    tail: &'a str,
}

impl Line<'_> {
    /// Writes a body of one kind.
    fn write<B: Body>(&self, body: &B, out: &mut Vec<u8>) {
        match B::KINDS.first() {
            None => self.line(B::SCHEMA, "", body, out),
            Some(kind) => self.write_as(kind, body, out),
        }
    }

    /// Writes a body as one of its kinds.
    fn write_as<B: Body>(&self, kind: &str, body: &B, out: &mut Vec<u8>) {
        self.line(B::SCHEMA, kind, body, out);
    }

    /// Head, body and tail are joined as text: a flattened struct would cost more than the whole rest.
    fn line<B: Body>(&self, schema: &str, kind: &str, body: &B, out: &mut Vec<u8>) {
        let mut head = Text(out);
        // Writing to memory cannot fail, nor can our bodies: their keys are texts. Whoever broke that sees a
        // line that no reader takes.
        let mut written = write!(head, r#"{{"schema":"{schema}","seq":"{}","now":"{}""#, self.seq, self.now);
        if !kind.is_empty() {
            written = written.and(write!(head, r#","kind":"{kind}""#));
        }
        debug_assert!(written.is_ok());
        let body_at = out.len();
        let written = serde_json::to_writer(&mut *out, body);
        debug_assert!(written.is_ok());
        // `{…}` behind the head becomes `,…`; `{}` becomes nothing.
        out.pop();
        if out.len() > body_at + 1 {
            out[body_at] = b',';
        } else {
            out.truncate(body_at);
        }
        out.extend_from_slice(self.tail.as_bytes());
    }
}

/// Formats into bytes.
struct Text<'a>(&'a mut Vec<u8>);

impl std::fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
