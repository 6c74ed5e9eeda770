//! The `momentum` binary: parse, call the library, print, exit. Nothing is decided here.

mod backtest;
mod book;
mod cli;
mod columns;
mod completions;
mod config;
mod confirm;
mod database;
mod done;
mod errand;
mod failure;
mod global;
mod health;
mod killswitch;
mod migrate;
mod monitor;
mod output;
mod pipe;
mod positions;
mod run;
mod score;
mod source;
mod stop;
mod stored;
mod summary;
mod trade;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::failure::Failure;
use crate::output::Out;

/// On the heap of the C library the same work takes more memory in each quarter of a day; on this one it does not, and
/// takes less time.
#[global_allocator]
static HEAP: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return Failure::of_usage(&error),
    };
    let mut out = Out::new(&cli.global);
    let done = match cli.command {
        Command::Run(run) => run::run(&cli.global, &run, &mut out),
        Command::Monitor(monitor) => monitor::run(&cli.global, &monitor, &mut out),
        Command::Score(score) => score::run(&cli.global, &score, &mut out),
        Command::Trade(command) => trade::run(&cli.global, command, &mut out),
        Command::Positions(command) => positions::run(&cli.global, command, &mut out),
        Command::Killswitch(command) => killswitch::run(&cli.global, command, &mut out),
        Command::Health(health) => health::run(&cli.global, &health, &mut out),
        Command::Backtest(command) => backtest::run(&cli.global, &command, &mut out),
        Command::Migrate(command) => migrate::run(&cli.global, command, &mut out),
        Command::Config(command) => config::run(&cli.global, command, &mut out),
        Command::Completions(command) => completions::run(&command, &mut out),
    };
    match done.and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(out.json()),
    }
}
