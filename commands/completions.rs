//! `momentum completions`: scripts that let a shell complete commands, flags and values.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::output::Out;

/// Prints the completion script of a shell.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum completions bash > ~/.local/share/bash-completion/completions/momentum
  momentum completions zsh > ~/.zfunc/_momentum
  momentum completions fish > ~/.config/fish/completions/momentum.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(command: &Completions, out: &mut Out) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Cli::command(), "momentum", &mut script);
    out.text(&String::from_utf8_lossy(&script))
}
