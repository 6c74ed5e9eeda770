//! `momentum score`: measures and scores the tokens of a pipe (its second stage), or explains one token.

mod one;

use std::io;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use momentum_core::engine::Scorer;
use momentum_core::event::Mode;
use momentum_core::ids::{Mint, Seq};
use momentum_core::protections::Protections;
use momentum_runtime::book;
use momentum_runtime::pipe::{OnError, PipeError, Piped, Station};
use momentum_sim::driver::{Answers, Driver};
use momentum_store::record::{RecordWriter, Stage};

use crate::book::BookArgs;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::pipe::Gone;

/// What to score.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum score MINT --explain              why the running bot scores it as it does
  momentum monitor --speed max --until 3h | momentum score - > scored.jsonl
  momentum monitor --replay transactions/ | momentum score - --explain | jq 'select(.parts)'
  momentum monitor --speed max --until 6h | momentum score - --signals-only
  momentum monitor --speed max --until 6h | momentum score - | momentum trade from -")]
pub(crate) struct Score {
    /// A token that the running bot tracks, or - for the records of `momentum monitor` on stdin
    #[arg(value_name = "MINT|-", value_parser = input)]
    input: Input,
    /// Each part of each score: inputs, age, source, tier met, distance to the next
    #[arg(long)]
    explain: bool,
    /// Only the entry signals
    #[arg(long)]
    signals_only: bool,
    /// What becomes of a line that is no record
    #[arg(long, value_enum, default_value = "stop")]
    on_error: OnErrorWord,
    #[command(flatten)]
    book: BookArgs,
}

/// What to score.
#[derive(Clone, Copy, Debug)]
enum Input {
    /// The records on stdin.
    Pipe,
    /// One token.
    Token(Mint),
}

fn input(text: &str) -> Result<Input, String> {
    if text == "-" {
        return Ok(Input::Pipe);
    }
    text.parse().map(Input::Token).map_err(|_| "it is neither - nor a mint (a key in base58)".to_owned())
}

/// What becomes of a malformed line, as the command line has it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OnErrorWord {
    /// It is named and ends the work (exit 65)
    Stop,
    /// It is left out and counted
    Skip,
}

impl From<OnErrorWord> for OnError {
    fn from(word: OnErrorWord) -> Self {
        match word {
            OnErrorWord::Stop => Self::Stop,
            OnErrorWord::Skip => Self::Skip,
        }
    }
}

/// Runs it.
pub(crate) fn run(global: &Global, score: &Score, out: &mut Out) -> Result<(), Failure> {
    if let Input::Token(mint) = score.input {
        return one::run(global, score, mint, out);
    }
    let settings = global.settings(Vec::new())?;
    let mut input = Piped::new(io::stdin().lock(), score.on_error.into());
    let (greeting, hello) = input.hello()?;
    let run_id = greeting.run_id.unwrap_or_default();
    let source = greeting.hello.source;
    let mut writer = RecordWriter::new(Stage::Score, source, &run_id, settings.hash());
    if score.explain {
        writer = writer.explaining(Arc::new(settings.engine.clone()));
    }
    let only = score.signals_only;
    let mut driver = Driver::new(Scorer::new(Protections::ALL), None, Answers::NotConfigured);
    let first = book::started(&settings, &run_id, Mode::Paper, greeting.hello.warm_until);
    let mut gone = Gone::default();
    let mut send = |lines: &mut Vec<u8>| {
        if only {
            crate::pipe::keep_signals(lines);
        }
        let printed = out.lines(lines);
        lines.clear();
        gone.note(printed)
    };
    let mut station = Station {
        driver: &mut driver,
        writer,
        lines: format!("{hello}\n").into_bytes(),
        send: &mut send,
        see: &mut |_, _| {},
    };
    station.feed(Seq(0), greeting.now.unwrap_or_default(), first, true);
    let worked = input.work(&mut station);
    let skipped = input.skipped;
    let ended = worked.and_then(|(_, eof)| {
        station.lines.extend_from_slice(eof.as_bytes());
        station.lines.push(b'\n');
        (station.send)(&mut station.lines).map_err(PipeError::Write)
    });
    gone.failure()?;
    if skipped > 0 {
        out.say(&format!("{skipped} lines were no records and are left out"));
    }
    Ok(ended?)
}
