//! What reading the settings again came to, for whoever wished it and for whoever looks later.

use momentum_core::ids::Hash;
use momentum_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing that is wrong with settings, or surely not meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    /// Where it was said: `momentum.toml:3`, `--set risk.max_position`.
    pub place: String,
    /// The line, from 1, where it is one of a file.
    pub line: Option<usize>,
    /// The key; empty where there is none.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

/// A setting that has another value now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its key.
    pub key: String,
    /// What was in force.
    pub from: Value,
    /// What was read.
    pub to: Value,
    /// Where that was said.
    pub origin: String,
    /// When it takes effect: `now`, `new positions`, or at the next start (`restart`) and not before.
    pub takes_effect: String,
    /// Whether it loosens a limit.
    pub loosens: bool,
}

/// A value that is new and changes nothing: something higher says another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masked {
    /// Its key.
    pub key: String,
    /// What was read.
    pub value: Value,
    /// Where it was said.
    pub origin: String,
    /// What is in force.
    pub in_force: Value,
    /// Where that was said.
    pub by: String,
}

/// What reading the settings again changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reloaded {
    /// What this is.
    pub schema: String,
    /// The hash of the settings in force.
    pub config_hash: Hash,
    /// Every key with another value.
    pub changed: Vec<Changed>,
    /// Every value that something higher masks, where it is a new one.
    pub masked: Vec<Masked>,
    /// What is allowed but surely not meant, where it was not so before.
    pub warnings: Vec<Flaw>,
}

/// How the settings were read again last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// When, by this machine's clock.
    pub at: Timestamp,
    /// Who wished it.
    pub who: String,
    /// Keys that had another value.
    pub changed: Vec<String>,
    /// Keys whose new value waits for the next start.
    pub waiting: Vec<String>,
    /// Why everything stayed as it was; empty where the settings were taken over.
    pub problems: Vec<Flaw>,
}
