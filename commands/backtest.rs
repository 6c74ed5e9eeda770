//! `momentum backtest`: what the strategy would have done.

mod replay;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use momentum_core::event::Mode;
use momentum_research::backtest;
use momentum_runtime::book;
use momentum_store::record::{RecordWriter, Stage};
use momentum_store::summary::Tally;

use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::source::{SourceArgs, unreadable};
use crate::{stop, summary};

/// What `momentum backtest` can do.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  momentum backtest run --seed 7 --until 24h
  momentum backtest run --replay transactions/ --set signals.buy_score=70 --json
  momentum backtest replay recordings/")]
pub(crate) enum Command {
    /// Plays a source through the strategy as fast as it goes, with fills worse than paper's.
    Run(Run),
    /// Whether a recording replays to the decisions that were made.
    Replay(replay::Replay),
}

/// What to play.
#[derive(Args, Debug)]
#[command(after_help = "\
The venue fills worse than in `momentum run`, by up to paper.entry_slippage_max and
paper.exit_slippage_max: nobody in a recording reacts to our trades.

Examples:
  momentum backtest run --seed 7 --until 24h
  momentum backtest run --seed 7 --until 24h --set exits.take_profit='[\"2\", \"3\"]' --json
  momentum backtest run --replay transactions/")]
pub(crate) struct Run {
    #[command(flatten)]
    source: SourceArgs,
}

/// Runs it.
pub(crate) fn run(global: &Global, command: &Command, out: &mut Out) -> Result<(), Failure> {
    let run = match command {
        Command::Run(run) => run,
        Command::Replay(replay) => return replay::run(replay, out),
    };
    let settings = global.settings(run.source.assignments())?;
    let source = run.source.open(&settings, out)?;
    let run_id = book::run_id(&settings, Mode::Paper, &source);
    let failed = source.failed();
    let begins = source.begins.unwrap_or_default();
    let first = book::started(&settings, &run_id, Mode::Paper, source.warm_until);
    let writer = RecordWriter::new(Stage::Run, source.kind, &run_id, settings.hash());
    let mut tally = Tally::new(&run_id, Mode::Paper, source.kind, source.seed, settings.hash());
    let (people, bar) = (out.for_people(), progress(out));
    let (mut lines, mut printed, mut events) = (Vec::new(), Ok(()), 0_u64);
    let stop = stop::on_interrupt();
    let driver = backtest::run(
        (begins, first),
        source.events(run.source.until()),
        settings.paper.clone(),
        &settings.engine.execution,
        &stop,
        &mut |envelope, effects| {
            tally.see(envelope, effects);
            events += 1;
            if events.is_multiple_of(10_000) {
                bar.set_position(events);
                bar.set_message(envelope.now.to_string());
            }
            if !people && printed.is_ok() {
                writer.effects(envelope, effects, &mut lines);
                printed = out.lines(&lines);
                lines.clear();
            }
        },
    );
    bar.finish_and_clear();
    printed?;
    summary::print(&tally.finish(driver.processor()), out)?;
    failed.take().map_or(Ok(()), |error| Err(unreadable(&error)))
}

fn progress(out: &Out) -> ProgressBar {
    if !out.progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template("{spinner} {msg}  {human_pos} events, {per_sec}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar
}
