//! The flags that every command has, and the settings that they lead to.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use momentum_core::config::{Setting, Value};
use momentum_core::units::{Lamports, TokenAmount};
use momentum_runtime::settings::{Assignment, FILE_NAME, Settings, Sources};
use momentum_store::book::Instance;

use crate::confirm;
use crate::failure::Failure;

/// Flags of every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Settings file; repeatable [default: momentum.toml here, if there is one]
    #[arg(short, long, value_name = "FILE", global = true)]
    config: Vec<PathBuf>,
    /// Profile of settings: cautious, or profiles/NAME.toml beside a settings file
    #[arg(short, long, value_name = "NAME", global = true, hide_short_help = true)]
    profile: Option<String>,
    /// One setting, over all files: risk.max_position=0.2SOL; repeatable
    #[arg(long, value_name = "KEY=VALUE", global = true)]
    set: Vec<Assignment>,
    /// Folder of the books [default: momentum in the folder of your data, ~/.local/share]
    #[arg(long, value_name = "DIR", global = true, hide_short_help = true)]
    pub(crate) data_dir: Option<PathBuf>,
    /// Database of the book: sqlite:FILE, or postgres://HOST/NAME without a password [default: a file in its folder]
    #[arg(long, value_name = "URL", global = true, hide_short_help = true)]
    pub(crate) db: Option<String>,
    /// Which of several bots on the same network and in the same mode
    #[arg(long, value_name = "NAME", global = true, hide_short_help = true)]
    pub(crate) instance: Option<Instance>,
    /// Form of the output
    #[arg(short, long, value_name = "FORM", global = true)]
    pub(crate) output: Option<Format>,
    /// The same as -o json, errors too
    #[arg(long, global = true, conflicts_with = "output")]
    pub(crate) json: bool,
    /// Only these fields of each record, as kind,mint,reserves.real_quote
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',', global = true, hide_short_help = true)]
    pub(crate) fields: Vec<String>,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Colour; auto heeds NO_COLOR and uses it on a terminal only
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, hide_short_help = true)]
    pub(crate) color: When,
    /// Yes to what is asked with y/N
    #[arg(short, long, global = true, hide_short_help = true)]
    pub(crate) yes: bool,
    /// The text that would have to be typed
    #[arg(long, value_name = "TEXT", global = true, hide_short_help = true)]
    pub(crate) confirm: Option<String>,
    /// Ask nothing: what would be asked is an error
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) no_input: bool,
    /// How long a running bot may take to answer
    #[arg(long, value_name = "DUR", default_value = "10s", value_parser = span, global = true, hide_short_help = true)]
    pub(crate) timeout: Duration,
    /// No progress bars
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) no_progress: bool,
}

/// A form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, as wide as the terminal
    Table,
    /// The same with all columns, nothing shortened
    Wide,
    /// One JSON value; a stream is one object a line
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated, with a head line
    Csv,
    /// Only the name of each record
    Name,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Global {
    /// The form that the flags ask for.
    pub(crate) fn format(&self) -> Option<Format> {
        if self.json { Some(Format::Json) } else { self.output }
    }

    /// The settings, with the command's own flags that stand for keys (see [`assign`]): stronger than `--set`.
    pub(crate) fn settings(&self, flags: Vec<Assignment>) -> Result<Settings, Failure> {
        Ok(Settings::load(&self.sources_with(flags))?)
    }

    /// Where settings come from, with the command's own flags that stand for keys.
    pub(crate) fn sources_with(&self, flags: Vec<Assignment>) -> Sources {
        let mut sources = self.sources();
        sources.flags.extend(flags);
        sources
    }

    /// The settings file that a change goes to: the last one of `-c`, or the one here.
    pub(crate) fn file(&self) -> PathBuf {
        self.config.last().cloned().unwrap_or_else(|| PathBuf::from(FILE_NAME))
    }

    /// Where settings come from.
    pub(crate) fn sources(&self) -> Sources {
        Sources {
            files: self.config.clone(),
            profile: self.profile.clone(),
            flags: self.set.clone(),
            ask: confirm::ask(self),
            ..Sources::of_process()
        }
    }
}

/// The value of a flag of a command that stands for the key at `path`.
#[allow(dead_code, reason = "for the commands with flags that stand for keys")]
pub(crate) fn assign(flag: &str, path: &str, value: &dyn ToString) -> Assignment {
    Assignment { path: path.to_owned(), value: value.to_string(), flag: flag.to_owned() }
}

/// Reads a span of time: `90s`, `12h`.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    Duration::parse(&Value::Text(text.to_owned()))
}

/// Reads an amount of SOL: `0.5SOL`.
pub(crate) fn sol(text: &str) -> Result<Lamports, String> {
    Lamports::parse(&Value::Text(text.to_owned()))
}

/// Reads an amount of tokens: `1000` or `35.5` whole ones, and not none.
pub(crate) fn tokens(text: &str) -> Result<TokenAmount, String> {
    let wrong = || format!("`{text}` is no amount of tokens like 1000 or 35.5");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 6 || !digits(whole) || !digits(fraction) {
        return Err(wrong());
    }
    match format!("{whole}{fraction:0<6}").parse() {
        Ok(0) => Err("it is none: name a number of tokens, or leave it away for all of them".to_owned()),
        Ok(units) => Ok(TokenAmount(units)),
        Err(_) => Err(wrong()),
    }
}
