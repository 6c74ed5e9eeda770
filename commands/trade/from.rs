//! `momentum trade from -`: the whole engine behind a pipe, fed with the entry signals of another stage.

use std::io;

use clap::Args;
use momentum_core::action::Effects;
use momentum_core::engine::{Engine, SignalSource};
use momentum_core::event::{Envelope, Mode, OnExit};
use momentum_core::ids::Seq;
use momentum_core::protections::Protections;
use momentum_runtime::book;
use momentum_runtime::bot::MADE_TIME;
use momentum_runtime::pipe::{PipeError, Piped, Station};
use momentum_sim::driver::{Answers, Driver};
use momentum_sim::venue::{Strictness, Venue};
use momentum_store::record::{RecordWriter, Stage};
use momentum_store::summary::Tally;

use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::pipe::Gone;
use crate::score::OnErrorWord;

/// What to trade.
#[derive(Args, Debug)]
#[command(after_help = "\
The records of the pipe are passed on, with orders, refusals, fills and positions; the last
one is the summary, whose decision_hash is that of `momentum run` on the same source.

Examples:
  momentum monitor --speed max --until 6h | momentum score - | momentum trade from -
  … | momentum trade from - | tail -1 | jq .decision_hash
  … | momentum trade from - --json | jq 'select(.schema == \"momentum.position.v1\")'")]
pub(crate) struct From {
    /// - for the records of `momentum score -` on stdin
    #[arg(value_name = "-", value_parser = ["-"])]
    input: String,
    /// What becomes of a line that is no record
    #[arg(long, value_enum, default_value = "stop")]
    on_error: OnErrorWord,
}

/// Runs it.
pub(crate) fn run(global: &Global, from: &From, out: &mut Out) -> Result<(), Failure> {
    let settings = global.settings(Vec::new())?;
    let mut input = Piped::new(io::stdin().lock(), from.on_error.into());
    let (greeting, hello) = input.hello()?;
    let run_id = greeting.run_id.unwrap_or_default();
    let source = greeting.hello.source;
    let seed = greeting.hello.seed.map(|seed| seed.0);
    let venue = Venue::new(settings.paper.clone(), &settings.engine.execution, Strictness::Paper);
    let engine = Engine::new(SignalSource::Fed, Protections::ALL);
    let mut driver = Driver::new(engine, Some(venue), Answers::FromSource);
    let mut tally = Tally::new(&run_id, Mode::Paper, source, seed, settings.hash());
    let first = book::started(&settings, &run_id, Mode::Paper, greeting.hello.warm_until);
    let people = out.for_people();
    let mut gone = Gone::default();
    let mut send = |lines: &mut Vec<u8>| {
        let printed = if people { Ok(()) } else { out.lines(lines) };
        lines.clear();
        gone.note(printed)
    };
    let mut station = Station {
        driver: &mut driver,
        writer: RecordWriter::new(Stage::Trade, source, &run_id, settings.hash()),
        lines: format!("{hello}\n").into_bytes(),
        send: &mut send,
        see: &mut |envelope, effects| tally.see(envelope, effects),
    };
    station.feed(Seq(0), greeting.now.unwrap_or_default(), first, true);
    let worked = input.work(&mut station);
    let skipped = input.skipped;
    let ended = worked.and_then(|(_, eof)| {
        let Station { driver, writer, lines, send, see } = &mut station;
        driver.stop(OnExit::Hold, MADE_TIME, &mut |envelope: &Envelope, effects: &Effects| {
            see(envelope, effects);
            writer.effects(envelope, effects, lines);
        });
        RecordWriter::pass(&eof, lines);
        send(lines).map_err(PipeError::Write)
    });
    gone.failure()?;
    if skipped > 0 {
        out.say(&format!("{skipped} lines were no records and are left out"));
    }
    ended?;
    crate::summary::print(&tally.finish(driver.processor()), out)
}
