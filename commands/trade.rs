//! `momentum trade`: price a swap, or trade the signals of a pipe.

pub(crate) mod from;
pub(crate) mod quote;

use clap::Subcommand;

use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;

/// What `momentum trade` can do.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  momentum trade quote buy 0.5SOL --curve 60e9,536e12,30e9,256e12
  momentum monitor --source sim --until 6h | momentum score - | momentum trade from -")]
pub(crate) enum Command {
    /// Prices a swap from reserves that you give: exact to the lamport, with fees and price impact.
    Quote(quote::Quote),
    /// Trades the entry signals of a pipe on paper: the whole engine behind `momentum score -`.
    From(from::From),
}

/// Runs it.
pub(crate) fn run(global: &Global, command: Command, out: &mut Out) -> Result<(), Failure> {
    match command {
        Command::Quote(quote) => quote::run(&quote, out),
        Command::From(from) => from::run(global, &from, out),
    }
}
