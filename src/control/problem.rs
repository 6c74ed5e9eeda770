//! What went wrong with a request, as an object that says what to do: the same one that commands print.

use momentum_core::codes::{ErrorCode, RefusalCode};
use momentum_core::fact::Refused;
use serde::{Deserialize, Serialize};

use crate::reload::Flaw;

/// An error of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// The exit status of a command that ends with it.
    pub code: u8,
    /// Its name in the registry of codes.
    pub name: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// Whether the same request may work later, with nothing changed.
    pub retryable: bool,
    /// All that is wrong, where settings are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<Flaw>,
}

impl Problem {
    /// A problem of this kind, with the mend of its kind.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let entry = code.entry();
        Self {
            code: code.exit().0,
            name: entry.name.to_owned(),
            message: message.into(),
            hint: entry.mend.to_owned(),
            retryable: code.retryable(),
            flaws: Vec::new(),
        }
    }

    /// Settings that are wrong, with all that is.
    #[must_use]
    pub fn flawed(message: impl Into<String>, flaws: Vec<Flaw>) -> Self {
        Self { flaws, ..Self::new(ErrorCode::BadSettings, message) }
    }

    /// Another hint than that of its kind.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// A gate said no: its code is the name. What is not there is no gate's matter.
    #[must_use]
    pub fn refused(refused: &Refused) -> Self {
        if refused.code == RefusalCode::NoPosition {
            return Self::new(ErrorCode::NotFound, format!("there is no position in {}", refused.mint));
        }
        let entry = refused.code.entry();
        let figures =
            if refused.figures.is_empty() { String::new() } else { format!(" ({})", refused.figures) };
        let unknown: Vec<_> =
            refused.unknown.iter().map(|(fact, why)| format!("{fact:?} is {why}")).collect();
        let unknown = if unknown.is_empty() { String::new() } else { format!(": {}", unknown.join(", ")) };
        let message = format!("{}{figures}{unknown}", entry.sentence.trim_end_matches('.'));
        let problem = Self::new(ErrorCode::Refused, message).hint(entry.mend);
        Self { name: entry.name.to_owned(), ..problem }
    }
}
