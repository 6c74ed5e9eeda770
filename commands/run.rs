//! `momentum run`: the whole bot.

mod screen;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use momentum_core::action::Effects;
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Mode, OnExit};
use momentum_runtime::book;
use momentum_runtime::pace::Pace;
use momentum_runtime::play::{Audience, play};
use momentum_sim::driver::Driver;
use momentum_sim::venue::{Strictness, Venue};
use momentum_store::record::{RecordWriter, Stage};
use momentum_store::summary::Tally;

use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::record::Recorded;
use crate::source::{SourceArgs, unreadable};
use crate::{stop, summary};
use screen::Screen;

/// How to run.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum run                                          paper, embedded market, until Ctrl-C
  momentum run --seed 7 --speed max --until 24h         a day in less than a minute
  momentum run --mode dry-run --until 12h --json        what would be bought, as records
  momentum run --replay transactions/ -o jsonl          recorded transactions, whole pipeline
  momentum run --record recordings --until 6h           for momentum backtest replay recordings")]
pub(crate) struct Run {
    #[command(flatten)]
    source: SourceArgs,
    /// paper: simulated fills. dry-run: every gate, no orders
    #[arg(long, value_enum, default_value = "paper")]
    mode: ModeWord,
    /// What becomes of open positions at the end
    #[arg(long, value_enum, default_value = "hold")]
    on_exit: OnExitWord,
    /// Record every event and decision, as a session of this folder
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
}

/// A mode, as the command line has it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeWord {
    /// Filled by the simulated venue
    Paper,
    /// No orders: what would be bought is recorded
    DryRun,
}

/// A policy, as the command line has it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnExitWord {
    /// They stay open
    Hold,
    /// They are sold first
    Flatten,
}

/// Longest market time that ending may take: attempts in flight must come to their end.
pub(crate) const END_WITHIN: Duration = Duration::from_secs(600);

/// Runs it.
pub(crate) fn run(global: &Global, run: &Run, out: &mut Out) -> Result<(), Failure> {
    let settings = global.settings(run.source.assignments())?;
    let source = run.source.open(&settings, out)?;
    let mode = match run.mode {
        ModeWord::Paper => Mode::Paper,
        ModeWord::DryRun => Mode::DryRun,
    };
    let on_exit = match run.on_exit {
        OnExitWord::Hold => OnExit::Hold,
        OnExitWord::Flatten => OnExit::Flatten,
    };
    let run_id = book::run_id(&settings, mode, &source);
    let failed = source.failed();
    let mut pace = Pace::new(run.source.speed(&settings), source.warm_until);
    let venue = (mode == Mode::Paper)
        .then(|| Venue::new(settings.paper.clone(), &settings.engine.execution, Strictness::Paper));
    let mut driver = Driver::new(Engine::default(), venue, source.answers);
    greet(out, mode, source.seed);
    let about = || book::about(&settings, &run_id, mode, &source);
    let recorded = Recorded::begin(run.record.as_deref(), about, &settings, out)?;
    let mut watcher = Watcher {
        recorded,
        screen: Screen::new(out, source.begins.zip(source.warm_until)),
        writer: RecordWriter::new(Stage::Run, source.kind, &run_id, settings.hash()),
        tally: Tally::new(&run_id, mode, source.kind, source.seed, settings.hash()),
        records: !out.for_people(),
        lines: Vec::new(),
        out,
        broken: None,
    };
    let stop = stop::on_interrupt();
    let begins = source.begins.unwrap_or_default();
    let first = book::started(&settings, &run_id, mode, source.warm_until);
    driver.feed(begins, first, &mut |envelope: &Envelope, effects: &Effects| watcher.see(envelope, effects));
    play(&mut driver, source.events(run.source.until()), &mut pace, &stop, &mut watcher);
    if !driver.stop(on_exit, END_WITHIN, &mut |envelope: &Envelope, effects: &Effects| watcher.see(envelope, effects)) {
        watcher.out.say("the end came before every attempt had one: what is open is in the summary");
    }
    watcher.finish(driver.processor())?;
    failed.take().map_or(Ok(()), |error| Err(unreadable(&error)))
}

fn greet(out: &Out, mode: Mode, seed: Option<u64>) {
    let market = seed.map_or_else(
        || "a recording".to_owned(),
        |seed| format!("the embedded market, seed {seed}: SIMULATED, nothing of it is real"),
    );
    let mode = if mode == Mode::DryRun { "dry run" } else { "paper" };
    out.say(&format!("{mode} on {market}\nstate is kept in memory only: it ends with this run"));
}

/// Who watches a run: a person, a pipe, and the tally of both.
struct Watcher<'a> {
    recorded: Recorded,
    screen: Screen,
    writer: RecordWriter,
    tally: Tally,
    /// Records go to stdout; else a summary at the end.
    records: bool,
    lines: Vec<u8>,
    out: &'a mut Out,
    /// Why the output can take no more.
    broken: Option<Failure>,
}

impl Watcher<'_> {
    fn finish(self, engine: &Engine) -> Result<(), Failure> {
        self.screen.clear();
        self.recorded.finish(self.out);
        if let Some(broken) = self.broken {
            return Err(broken);
        }
        let summary = self.tally.finish(engine);
        summary::print(&summary, self.out)
    }
}

impl Audience<Engine> for Watcher<'_> {
    fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        self.recorded.see(envelope, effects, self.out);
        self.tally.see(envelope, effects);
        self.screen.see(envelope, effects);
        if self.records {
            self.writer.effects(envelope, effects, &mut self.lines);
        }
    }

    fn after(&mut self, driver: &Driver<Engine>) -> ControlFlow<()> {
        self.screen.status(driver.now(), driver.processor());
        if !self.lines.is_empty() {
            let printed = self.out.lines(&self.lines);
            self.lines.clear();
            if let Err(failure) = printed {
                self.broken = Some(failure);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}
