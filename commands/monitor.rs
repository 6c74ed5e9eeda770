//! `momentum monitor`: what happens on chain, as records. The first stage of the pipe.

use std::ops::ControlFlow;

use clap::Args;
use momentum_core::action::Effects;
use momentum_core::codes::ErrorCode;
use momentum_core::event::{Envelope, Event, Mode};
use momentum_core::ids::Seq;
use momentum_core::time::Timestamp;
use momentum_runtime::book;
use momentum_runtime::pace::Pace;
use momentum_runtime::pipe::Decoder;
use momentum_runtime::play::{Audience, play};
use momentum_runtime::replay::Replay;
use momentum_runtime::settings::Settings;
use momentum_sim::driver::{Answers, Driver};
use momentum_store::record::{Eof, Hello, RecordWriter, Source, Stage, Text};

use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::source::{SourceArgs, unreadable};
use crate::stop;

/// What to watch.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum monitor                                            the embedded market, as it happens
  momentum monitor --speed max --until 3h -o jsonl > day.jsonl
  momentum monitor --replay transactions/ --raw               the programs' own events
  momentum monitor --speed max --until 6h | momentum score - | momentum trade from -")]
pub(crate) struct Monitor {
    #[command(flatten)]
    source: SourceArgs,
    /// The programs' own events, every field as it is on chain (needs --replay of transactions)
    #[arg(long, requires = "replay")]
    raw: bool,
}

/// Runs it.
pub(crate) fn run(global: &Global, monitor: &Monitor, out: &mut Out) -> Result<(), Failure> {
    let settings = global.settings(monitor.source.assignments())?;
    if monitor.raw {
        return raw(&settings, monitor, out);
    }
    let source = monitor.source.open(&settings, out)?;
    let run_id = book::run_id(&settings, Mode::Paper, &source);
    let writer = RecordWriter::new(Stage::Monitor, source.kind, &run_id, settings.hash());
    let failed = source.failed();
    let mut pace = Pace::new(monitor.source.speed(&settings), source.warm_until);
    let mut driver = Driver::new(Decoder, None, Answers::FromSource);
    let hello = Hello {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        source: source.kind,
        network: source.seed.map(|_| "sim".to_owned()),
        mode: None,
        seed: source.seed.map(Text),
        warm_until: source.warm_until,
    };
    let mut teller = Teller { writer, lines: Vec::new(), events: 0, seq: Seq(0), out, broken: None };
    let begins = source.begins.unwrap_or_default();
    teller.writer.hello(Seq(0), begins, &hello, &mut teller.lines);
    let stop = stop::on_interrupt();
    play(&mut driver, source.events(monitor.source.until()), &mut pace, &stop, &mut teller);
    teller.finish(driver.now().max(begins))?;
    failed.take().map_or(Ok(()), |error| Err(unreadable(&error)))
}

/// The programs' own events, each field as it is on chain.
fn raw(settings: &Settings, monitor: &Monitor, out: &mut Out) -> Result<(), Failure> {
    let Some(path) = monitor.source.replay() else {
        return Err(Failure::new(ErrorCode::Usage, "--raw needs --replay PATH"));
    };
    let replay = Replay::open(path).map_err(|error| unreadable(&error))?;
    for skipped in replay.skipped() {
        out.say(&format!("skipped: {skipped}"));
    }
    let writer = RecordWriter::new(Stage::Monitor, Source::Replay, "raw", settings.hash());
    replay.raw(&writer, |line| out.lines(line))
}

/// Prints the records of the first stage.
struct Teller<'a> {
    writer: RecordWriter,
    lines: Vec<u8>,
    events: u64,
    seq: Seq,
    out: &'a mut Out,
    /// Why the output can take no more.
    broken: Option<Failure>,
}

impl Teller<'_> {
    fn finish(mut self, now: Timestamp) -> Result<(), Failure> {
        if let Some(broken) = self.broken {
            return Err(broken);
        }
        let eof = Eof { events: Text(self.events), skipped: Text(0) };
        self.writer.eof(Seq(self.seq.0 + 1), now, &eof, &mut self.lines);
        self.out.lines(&self.lines)
    }
}

impl<P> Audience<P> for Teller<'_> {
    fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        self.seq = envelope.seq;
        self.events += u64::from(!matches!(envelope.event, Event::Tick));
        self.writer.effects(envelope, effects, &mut self.lines);
    }

    fn after(&mut self, _driver: &Driver<P>) -> ControlFlow<()> {
        let printed = self.out.lines(&self.lines);
        self.lines.clear();
        match printed {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                self.broken = Some(failure);
                ControlFlow::Break(())
            }
        }
    }
}
