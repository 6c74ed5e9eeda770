//! Writes records: one JSON line each, into a buffer of the caller's.

use std::fmt::Write as _;
use std::sync::Arc;

use momentum_core::action::Effects;
use momentum_core::config::Config;
use momentum_core::event::{Command, Envelope, Event, FeedEvent, Fill};
use momentum_core::fact::Fact;
use momentum_core::ids::{Hash, Seq};
use momentum_core::time::Timestamp;
use serde::Serialize;

use super::decision::{
    AttemptEnded, AttemptJournaled, BalanceLow, BalanceRecovered, DayClosed, ExitFired, FillRecord,
    ForeignMoney, GraduationAwaited, Invariant, OrderClosed, OrderOpened, PositionClosed, PositionOpened,
    Refusal, RentReturned, SimulationRecord, StateChanged, StopMoved, Stuck, TokensLeft, VanishedRecord,
    Withdrawn, WouldBuy,
};
use super::fact::FactBody;
use super::feed::{DeadSlot, Dropped, Filled, Gap, Link, SlotSeen, Tick};
use super::market::{MarketBody, Source};
use super::pipe::{Eof, Hello, Signal};
use super::raw::RawEvent;
use super::score::{EnteredTop, ScoreRecord, TokenDropped};
use super::shape::{self, Body};

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
    /// Scores are explained by these settings.
    explains: Option<Arc<Config>>,
    /// Name of the run, as JSON has it.
    run_id: String,
    /// What ends every line: run id and config hash, closing brace, line feed.
    tail: String,
}

impl RecordWriter {
    /// A writer for `stage`, whose events come from `source`.
    #[must_use]
    pub fn new(stage: Stage, source: Source, run_id: &str, config_hash: Hash) -> Self {
        // A run id is made by us; clean it like any text, so that the line stays one line.
        let run_id = serde_json::Value::from(super::clean(run_id)).to_string();
        let tail = tail(&run_id, config_hash);
        Self { stage, source, explains: None, run_id, tail }
    }

    /// Names other settings from here on, where the event brings them.
    pub fn follow(&mut self, event: &Event) {
        if let Event::Command(commanded) = event
            && let Command::Reconfigure(config) = &commanded.command
        {
            self.tail = tail(&self.run_id, config.hash);
        }
    }

    /// Explains each score part by part, by the settings that make them.
    #[must_use]
    pub fn explaining(self, config: Arc<Config>) -> Self {
        Self { explains: Some(config), ..self }
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
        let line = self.line(envelope.seq, envelope.now);
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
                FactBody::Priority(body) => line.write(&body, out),
            },
            _ => {}
        }
    }

    /// One event of the programs as they wrote it: what `monitor --raw` prints.
    pub fn raw<D: Serialize>(&self, seq: Seq, now: Timestamp, raw: &RawEvent<'_, D>, out: &mut Vec<u8>) {
        self.line(seq, now).write(raw, out);
    }

    /// Opens the stream; `now` is the time of its first event.
    pub fn hello(&self, seq: Seq, now: Timestamp, hello: &Hello, out: &mut Vec<u8>) {
        self.line(seq, now).write(hello, out);
    }

    /// Closes the stream.
    pub fn eof(&self, seq: Seq, now: Timestamp, eof: &Eof, out: &mut Vec<u8>) {
        self.line(seq, now).write(eof, out);
    }

    /// One fact of the event `seq`, where this stage tells facts of its kind.
    pub fn fact(&self, seq: Seq, now: Timestamp, fact: &Fact, out: &mut Vec<u8>) {
        let line = self.line(seq, now);
        match self.stage {
            Stage::Monitor => {}
            Stage::Score => {
                self.analysis(line, fact, out);
                signal(line, fact, out);
            }
            Stage::Trade => decision(line, fact, out),
            Stage::Run => {
                signal(line, fact, out);
                decision(line, fact, out);
            }
        }
    }

    fn line(&self, seq: Seq, now: Timestamp) -> Line<'_> {
        Line { seq, now, tail: &self.tail }
    }

    /// What Market tells.
    fn analysis(&self, line: Line<'_>, fact: &Fact, out: &mut Vec<u8>) {
        match *fact {
            Fact::Scored(ref analysis) => {
                line.write(&ScoreRecord::of(analysis, self.explains.as_deref()), out);
            }
            Fact::EnteredTop { mint, rank } => line.write(&EnteredTop { mint, rank }, out),
            Fact::Dropped { mint } => line.write(&TokenDropped { mint }, out),
            _ => {}
        }
    }
}

/// What ends every line.
fn tail(run_id: &str, config_hash: Hash) -> String {
    format!(",\"run_id\":{run_id},\"config_hash\":\"{config_hash}\"}}\n")
}

/// What the entry-signal stage tells.
fn signal(line: Line<'_>, fact: &Fact, out: &mut Vec<u8>) {
    if let Fact::EntrySignalled(signal) = fact {
        line.write_as(signal.level.name(), &Signal::of(signal), out);
    }
}

/// What the rest of Trader tells. What Market tells is the stage's before it; a question is told by its answer.
fn decision(line: Line<'_>, fact: &Fact, out: &mut Vec<u8>) {
    match *fact {
        Fact::Scored(_)
        | Fact::EnteredTop { .. }
        | Fact::Dropped { .. }
        | Fact::Asked { .. }
        | Fact::EntrySignalled(_)
        | Fact::Started { .. } => {}
        Fact::Refused(ref refused) => line.write(&Refusal::of(refused), out),
        Fact::WouldBuy { mint, lamports } => {
            line.write(&WouldBuy { mint, spend_lamports: lamports, spend_sol: lamports.into() }, out);
        }
        Fact::OrderOpened(ref order) => line.write(&OrderOpened::of(order), out),
        Fact::AttemptJournaled { attempt, signature, last_valid_height, .. } => {
            let last_valid_height = shape::Text(last_valid_height);
            line.write(
                &AttemptJournaled { attempt: shape::Text(attempt), signature, last_valid_height },
                out,
            );
        }
        Fact::AttemptEnded { attempt, mint, ref end, costs } => {
            let (kind, body) = AttemptEnded::of(attempt, mint, end, costs);
            line.write_as(kind, &body, out);
        }
        Fact::Filled { attempt, mint, slot, ref fill, exit } => {
            line.write(&FillRecord::of(attempt, mint, slot, fill, exit), out);
        }
        Fact::Vanished { ref order, slot, ref fill } => {
            let Fill { side, tokens, lamports, .. } = *fill;
            let (attempt, mint) = (shape::Text(order.attempt), order.mint);
            line.write(&VanishedRecord { attempt, mint, side, token_amount: tokens, lamports, slot }, out);
        }
        Fact::Simulated(ref simulation) => line.write(&SimulationRecord::of(simulation), out),
        Fact::RentReturned { attempt, mint, wallet, slot, rent, costs } => {
            let (attempt, rent_sol, costs) = (shape::Text(attempt), rent.into(), costs.into());
            let body = RentReturned { wallet, mint, attempt, rent_lamports: rent, rent_sol, costs, slot };
            line.write(&body, out);
        }
        Fact::Withdrawn { attempt, wallet, to, slot, lamports, costs } => {
            let (attempt, sol, costs) = (shape::Text(attempt), lamports.into(), costs.into());
            line.write(&Withdrawn { wallet, to, attempt, lamports, sol, costs, slot }, out);
        }
        Fact::OrderClosed { order, mint, filled } => {
            line.write(&OrderClosed { order: shape::Text(order), mint, filled }, out);
        }
        Fact::PositionOpened { mint, wallet, tokens, cost, stop } => {
            let body = PositionOpened {
                mint,
                wallet,
                token_amount: tokens,
                tokens: tokens.into(),
                cost_lamports: cost,
                cost_sol: cost.into(),
                stop_lamports: stop,
                stop_sol: stop.into(),
            };
            line.write(&body, out);
        }
        Fact::StopMoved { mint, tokens, stop } => {
            let (token_amount, stop_sol) = (tokens, stop.into());
            line.write(&StopMoved { mint, token_amount, stop_lamports: stop, stop_sol }, out);
        }
        Fact::ExitFired { mint, reason, tokens, mark } => {
            let (token_amount, mark_sol) = (tokens, mark.into());
            line.write(&ExitFired { mint, reason, token_amount, mark_lamports: mark, mark_sol }, out);
        }
        Fact::Stuck { mint, reason } => line.write(&Stuck { mint, reason }, out),
        Fact::GraduationAwaited { mint, since } => line.write(&GraduationAwaited { mint, since }, out),
        Fact::PositionClosed(ref closed) => line.write(&PositionClosed::of(closed), out),
        Fact::StateChanged { state, hold, ref who, ref why } => {
            let (who, why) = (super::clean(who).into_owned(), super::clean(why).into_owned());
            line.write(&StateChanged { state, hold, who, why }, out);
        }
        Fact::DayClosed { day, result, equity } => {
            let (result_sol, equity_sol) = (result.into(), equity.into());
            let (result_lamports, equity_lamports) = (result, equity);
            line.write(&DayClosed { day, result_lamports, result_sol, equity_lamports, equity_sol }, out);
        }
        Fact::ForeignMoney { wallet, change } => {
            line.write(&ForeignMoney { wallet, change_lamports: change, change_sol: change.into() }, out);
        }
        Fact::TokensLeft { wallet, mint, tokens } => {
            let body = TokensLeft { wallet, mint, token_amount: tokens, tokens: tokens.into() };
            line.write(&body, out);
        }
        Fact::BalanceLow { wallet, lamports } => {
            line.write(&BalanceLow { wallet, lamports, sol: lamports.into() }, out);
        }
        Fact::BalanceRecovered { wallet, lamports } => {
            line.write(&BalanceRecovered { wallet, lamports, sol: lamports.into() }, out);
        }
        Fact::InvariantBroken { ref what } => {
            line.write(&Invariant { what: super::clean(what).into_owned() }, out);
        }
    }
}

/// What one line has beside its body.
#[derive(Clone, Copy)]
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
        let mut head = Bytes(out);
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
struct Bytes<'a>(&'a mut Vec<u8>);

impl std::fmt::Write for Bytes<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
