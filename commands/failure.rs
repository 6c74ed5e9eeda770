//! How a command fails: one message for people with the next thing to do, or one JSON object, and the status.

use std::io;
use std::process::ExitCode;

use momentum_control::problem::Problem;
use momentum_control::reload::Flaw;
use momentum_core::codes::{ErrorCode, Exit};
use momentum_runtime::settings::Problems;
use momentum_store::book::BookError;
use serde_json::json;

use crate::output::tell;

/// Why a command ends without having done its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read our output has enough: a quiet end.
    ReaderGone,
    /// All was said; only the status is left.
    Status(Exit),
    /// Something is wrong.
    Failed(Box<Failed>),
}

/// What is wrong.
#[derive(Debug)]
pub(crate) struct Failed {
    exit: Exit,
    name: String,
    retryable: bool,
    message: String,
    hint: String,
    problems: Vec<Flaw>,
}

impl Failure {
    /// A failure with the mend of its code as the hint.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Failed(Box::new(Failed::new(code, message.into())))
    }

    /// Another hint: the next command to run.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Failed(failed) = &mut self {
            failed.hint = hint.into();
        }
        self
    }

    /// What is wrong, in one line.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::ReaderGone | Self::Status(_) => String::new(),
            Self::Failed(failed) => failed.message.clone(),
        }
    }

    /// What writing to stdout came to.
    pub(crate) fn of_stdout(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        Self::new(ErrorCode::CannotWrite, format!("the output cannot be written: {error}"))
    }

    /// Prints what clap made of the command line (help and version too) and gives its status.
    pub(crate) fn of_usage(error: &clap::Error) -> ExitCode {
        // The flags could not be parsed, so whether JSON is wanted is read from them as they are.
        let words: Vec<_> = std::env::args().collect();
        let json = words.iter().any(|word| matches!(word.as_str(), "--json" | "-ojson" | "--output=json"))
            || words
                .windows(2)
                .any(|pair| matches!(pair[0].as_str(), "-o" | "--output") && pair[1] == "json");
        if error.use_stderr() && json {
            let text = error.render().to_string();
            let told = |line: &&str| !["tip:", "Usage:", "For more"].iter().any(|end| line.starts_with(end));
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take_while(told);
            let message = lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned();
            let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: "));
            let hint = tip.unwrap_or(ErrorCode::Usage.entry().mend);
            return Self::new(ErrorCode::Usage, message).hint(hint).report(true);
        }
        match error.print() {
            Ok(()) => ExitCode::from(if error.use_stderr() { Exit::USAGE.0 } else { Exit::OK.0 }),
            Err(error) => Self::of_stdout(&error).report(false),
        }
    }

    /// Says it on stderr and gives the exit status.
    pub(crate) fn report(self, json: bool) -> ExitCode {
        let failed = match self {
            Self::ReaderGone => return ExitCode::SUCCESS,
            Self::Status(exit) => return ExitCode::from(exit.0),
            Self::Failed(failed) => failed,
        };
        let text = if json { failed.json() } else { failed.text() };
        tell(&text);
        ExitCode::from(failed.exit.0)
    }
}

impl Failed {
    fn new(code: ErrorCode, message: String) -> Self {
        let entry = code.entry();
        Self {
            exit: code.exit(),
            name: entry.name.to_owned(),
            retryable: code.retryable(),
            message,
            hint: entry.mend.to_owned(),
            problems: Vec::new(),
        }
    }

    fn json(&self) -> String {
        let mut object = json!({
            "code": self.exit.0,
            "name": self.name,
            "message": self.message,
            "hint": self.hint,
            "retryable": self.retryable,
        });
        if !self.problems.is_empty() {
            object["problems"] = json!(self.problems);
        }
        object.to_string()
    }

    fn text(&self) -> String {
        let mut text = format!("error: {}\n", self.message);
        for problem in &self.problems {
            text += &format!("\n{}\n", listed(problem));
        }
        text + &format!("{}hint: {}", if self.problems.is_empty() { "" } else { "\n" }, self.hint)
    }
}

/// A problem of the settings as two indented lines.
pub(crate) fn listed(problem: &Flaw) -> String {
    let key = if problem.key.is_empty() { String::new() } else { format!("`{}` ", problem.key) };
    format!("  {}: {key}{}\n    {}", problem.place, problem.message, problem.mend)
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        let failed = Failed::new(ErrorCode::BadSettings, problems.to_string());
        Self::Failed(Box::new(Failed { problems: problems.0.iter().map(Into::into).collect(), ..failed }))
    }
}

impl From<Problem> for Failure {
    /// What the bot says is wrong, as it says it.
    fn from(problem: Problem) -> Self {
        let Problem { code, name, message, hint, retryable, flaws } = problem;
        Self::Failed(Box::new(Failed { exit: Exit(code), name, retryable, message, hint, problems: flaws }))
    }
}

impl From<BookError> for Failure {
    fn from(error: BookError) -> Self {
        let code = match &error {
            BookError::Held { .. } => ErrorCode::BookHeld,
            BookError::Io { .. } | BookError::NoFolder(_) | BookError::Foreign { .. } => {
                ErrorCode::CannotWrite
            }
        };
        Self::new(code, error.to_string())
    }
}
