//! `momentum trade`: price a swap, buy and sell by hand, or trade the signals of a pipe.

pub(crate) mod from;
pub(crate) mod hand;
pub(crate) mod quote;

use clap::Subcommand;

use crate::book::BookArgs;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;

/// What `momentum trade` can do.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  momentum trade quote buy 0.5SOL MINT
  momentum trade quote buy 0.5SOL --curve 60e9,536e12,30e9,256e12
  momentum trade buy MINT 0.1SOL
  momentum trade sell MINT --all --urgent
  momentum monitor --source sim --until 6h | momentum score - | momentum trade from -")]
pub(crate) enum Command {
    /// Prices a swap, of a token that the bot tracks or at reserves that you give: exact to the lamport.
    Quote(quote::Quote),
    /// Buys by hand, through every gate.
    Buy(hand::Buy),
    /// Sells by hand.
    Sell(hand::Sell),
    /// What is in flight: attempts that the chain has not ended yet.
    #[command(after_help = "\
Examples:
  momentum trade status
  momentum trade status --json")]
    Status(BookArgs),
    /// Tokens and creators that are never entered.
    #[command(subcommand)]
    Blacklist(hand::Blacklist),
    /// Trades the entry signals of a pipe on paper: the whole engine behind `momentum score -`.
    From(from::From),
}

/// Runs it.
pub(crate) fn run(global: &Global, command: Command, out: &mut Out) -> Result<(), Failure> {
    match command {
        Command::Quote(quote) => quote::run(global, &quote, out),
        Command::Buy(buy) => hand::buy(global, &buy, out),
        Command::Sell(sell) => hand::sell(global, &sell, out),
        Command::Status(book) => hand::status(global, &book, out),
        Command::Blacklist(command) => hand::blacklist(global, &command, out),
        Command::From(from) => from::run(global, &from, out),
    }
}
