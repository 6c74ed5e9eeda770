//! `momentum completions`: scripts that let a shell complete commands, flags and values; and man pages.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::Shell;
use momentum_core::codes::ErrorCode;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::output::Out;

/// Prints the completion script of a shell, or writes the man pages.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum completions bash > ~/.local/share/bash-completion/completions/momentum
  momentum completions zsh > ~/.zfunc/_momentum
  momentum completions fish > ~/.config/fish/completions/momentum.fish
  momentum completions man --dir ~/.local/share/man/man1")]
pub(crate) struct Completions {
    /// The shell, or man
    #[arg(value_enum)]
    what: What,
    /// The folder for the man pages, one for each command
    #[arg(long, value_name = "DIR", required_if_eq("what", "man"))]
    dir: Option<PathBuf>,
}

/// What to print.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// For bash
    Bash,
    /// For elvish
    Elvish,
    /// For fish
    Fish,
    /// For PowerShell
    #[value(name = "powershell")]
    PowerShell,
    /// For zsh
    Zsh,
    /// Man pages
    Man,
}

/// Prints the script, or writes the pages.
pub(crate) fn run(command: &Completions, out: &mut Out) -> Result<(), Failure> {
    let shell = match (command.what, &command.dir) {
        (What::Bash, _) => Shell::Bash,
        (What::Elvish, _) => Shell::Elvish,
        (What::Fish, _) => Shell::Fish,
        (What::PowerShell, _) => Shell::PowerShell,
        (What::Zsh, _) => Shell::Zsh,
        (What::Man, Some(folder)) => return pages(folder),
        (What::Man, None) => {
            return Err(Failure::new(ErrorCode::Usage, "man pages need a folder: --dir DIR"));
        }
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "momentum", &mut script);
    out.text(&String::from_utf8_lossy(&script))
}

/// Writes a page for each command: `momentum-positions-list.1`.
fn pages(folder: &Path) -> Result<(), Failure> {
    let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
    written.map_err(|error| Failure::new(ErrorCode::CannotWrite, format!("{}: {error}", folder.display())))
}
