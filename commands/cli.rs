//! The command line as a whole.

use clap::{Parser, Subcommand};

use crate::global::Global;
use crate::{
    backtest, completions, config, health, killswitch, migrate, monitor, positions, run, score, trade,
};

/// Trades the momentum of pump.fun tokens.
///
/// With no settings at all it trades on paper, on a simulated market: no key, no account, no money.
#[derive(Debug, Parser)]
#[command(name = "momentum", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  momentum run                             trade on paper on the embedded market
  momentum config init                     write a settings file, every key explained
  momentum config show --origin            what is in force, and where it was said

Every command has examples: momentum COMMAND -h. All global options: momentum --help")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands, in the order of the help.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The whole bot: streams, scores, trades on paper.
    Run(run::Run),
    /// What happens on chain, as records: the first stage of the pipe.
    Monitor(monitor::Monitor),
    /// Scores the tokens of a pipe (its second stage), or explains the score of one token.
    Score(score::Score),
    /// Prices a swap, buys and sells by hand, trades the signals of a pipe.
    #[command(subcommand)]
    Trade(trade::Command),
    /// What is held, and what you want of it.
    #[command(subcommand)]
    Positions(positions::Command),
    /// Stops buying, sells everything, or stops all: with the bot up, hung or dead.
    #[command(subcommand)]
    Killswitch(killswitch::Command),
    /// Whether the bot does its work, by words and by exit status.
    Health(health::Health),
    /// What the strategy would have done.
    #[command(subcommand)]
    Backtest(backtest::Command),
    /// The database: its schema, backups, whether it is whole.
    #[command(subcommand)]
    Migrate(migrate::Command),
    /// Settings: write a file, see what is in force and why, check.
    #[command(subcommand)]
    Config(config::Command),
    /// Completion scripts for shells, and man pages.
    Completions(completions::Completions),
}
