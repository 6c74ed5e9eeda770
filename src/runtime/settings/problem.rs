//! What is wrong with settings: place, key, what is wrong, and the mend, for each problem; all at once.

use std::fmt;

use momentum_control::reload::Flaw;
use momentum_core::config::{self, Key};

use super::{Place, keys, nearest::nearest};

/// One thing that is wrong, or surely not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it was said.
    pub place: Place,
    /// The key; empty where there is none, as in a text that is no TOML.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

impl From<&Problem> for Flaw {
    /// As surfaces show it.
    fn from(problem: &Problem) -> Self {
        Self {
            place: problem.place.to_string(),
            line: problem.place.line(),
            key: problem.key.clone(),
            message: problem.message.clone(),
            mend: problem.mend.clone(),
        }
    }
}

/// All that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("1 setting is wrong"),
            n => write!(f, "{n} settings are wrong"),
        }
    }
}

/// A key that is not in the table.
pub(super) fn unknown_key(path: &str, place: Place) -> Problem {
    let mend = match nearest(path, keys().map(|key| key.path)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "remove it; `momentum config show` lists every key".to_owned(),
    };
    Problem { place, key: path.to_owned(), message: "is no key of momentum".to_owned(), mend }
}

/// A table that holds no keys of ours.
pub(super) fn unknown_table(path: &str, place: Place) -> Problem {
    let tables = keys().filter_map(|key| Some(key.path.rsplit_once('.')?.0));
    let mend = match (keys().any(|key| key.path == path), nearest(path, tables)) {
        (true, _) => format!("write a value: `{path} = …`"),
        (false, Some(near)) => format!("did you mean `[{near}]`?"),
        (false, None) => "remove it; `momentum config show` lists every key".to_owned(),
    };
    Problem { place, key: path.to_owned(), message: "is no table of momentum's settings".to_owned(), mend }
}

/// A value that its key does not accept.
pub(super) fn wrong_value(key: &Key, message: String, place: Place) -> Problem {
    let example = default(key).map_or(String::new(), |default| format!("`{default}` is the default: "));
    Problem { place, key: key.path.to_owned(), message, mend: example + key.doc() }
}

/// A problem that several settings make together, at the place where the named one was said.
pub(super) fn at(problem: config::Problem, place: &dyn Fn(&str) -> Place) -> Problem {
    let section = problem.path.split('.').next().unwrap_or_default();
    let mend = format!("see `momentum config show {section} --origin` for what it stands against");
    Problem { place: place(&problem.path), key: problem.path, message: problem.message, mend }
}

fn default(key: &Key) -> Option<config::Value> {
    config::parse(config::DEFAULTS).values.remove(key.path).map(|placed| placed.value)
}
