//! The one registry of codes: every refusal, exit status, error and alert with its sentence and its mend.
//! Command line, metrics, alerts and docs are made from it.

mod exit;
mod refusal;

pub use exit::{EXITS, ErrorCode, Exit};
pub use refusal::RefusalCode;

/// What a code says to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code in records, metrics and docs: `bad_settings`.
    pub name: &'static str,
    /// What it means.
    pub sentence: &'static str,
    /// What to do about it; empty where there is nothing to do.
    pub mend: &'static str,
}

impl Entry {
    /// An entry.
    #[must_use]
    pub const fn new(name: &'static str, sentence: &'static str, mend: &'static str) -> Self {
        Self { name, sentence, mend }
    }
}
