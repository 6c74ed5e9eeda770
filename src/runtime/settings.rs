//! Layered settings: defaults, files, profile, environment, flags, composed of every crate's sections.
//!
//! Each layer only says values at paths; the table of [`keys`] says what they mean. Every value of every
//! layer is checked, a masked one too, and everything wrong is reported at once: see [`Problems`].

mod change;
mod layers;
mod nearest;
mod problem;
mod profiles;
mod schema;
mod template;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use momentum_chain::endpoints::RpcKeys;
use momentum_chain::enrich::EnrichKeys;
use momentum_chain::execution::LiveKeys;
use momentum_chain::stream::{GrpcKeys, SourceKeys};
use momentum_chain::wallets::{Ask, WalletKeys};
use momentum_core::config::{self, Config, Key, Reader, Section, Value, Values};
use momentum_core::ids::Hash;
use momentum_sim::market::SimKeys;
use momentum_sim::paper::Paper;
use momentum_store::keys::StoreKeys;
use momentum_store::recording::RecordKeys;

use crate::logs::LogKeys;
use crate::policy::RunKeys;
use crate::secrets::EndpointKeys;

pub use change::{Change, Changed, Masked};
pub use layers::{Assignment, Sources};
pub use problem::{Problem, Problems};
pub use schema::{schema, to_json};
pub use template::template;

/// The name of a settings file where none is named.
pub const FILE_NAME: &str = "momentum.toml";

/// The table of keys: every section of every crate, in the order of the file. Two crates may share a table
/// (`[enrich]`): its keys stand together.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    static KEYS: LazyLock<Vec<&'static Key>> = LazyLock::new(|| {
        let sections = Config::keys().chain(Sections::keys());
        let table = |key: &Key| key.path.split_once('.').map(|(table, _)| table);
        let mut keys: Vec<&'static Key> = Vec::new();
        for key in sections {
            let last = keys.iter().rposition(|other| table(other) == table(key));
            keys.insert(last.map_or(keys.len(), |last| last + 1), key);
        }
        keys
    });
    KEYS.iter().copied()
}

/// The key at `path`.
#[must_use]
pub fn key(path: &str) -> Option<&'static Key> {
    keys().find(|key| key.path == path)
}

/// The key whose path is nearest to `path`, where one is near enough to be meant.
#[must_use]
pub fn nearest_key(path: &str) -> Option<&'static str> {
    nearest::nearest(path, keys().map(|key| key.path))
}

/// Where a value was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The compiled-in file.
    Default {
        /// The line of `config/momentum.toml`.
        line: usize,
    },
    /// A file.
    File {
        /// Its path as it was given.
        path: PathBuf,
        /// The line, from 1; 0 for the file as a whole.
        line: usize,
    },
    /// A compiled-in profile.
    Profile {
        /// Its name.
        name: String,
        /// The line of it.
        line: usize,
    },
    /// An environment variable.
    Variable(String),
    /// A flag, as it was typed.
    Flag(String),
}

impl Place {
    /// The line, from 1, where it is one of a file.
    #[must_use]
    pub const fn line(&self) -> Option<usize> {
        match self {
            Self::File { line: 0, .. } | Self::Variable(_) | Self::Flag(_) => None,
            Self::Default { line } | Self::File { line, .. } | Self::Profile { line, .. } => Some(*line),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default { .. } => f.write_str("default"),
            Self::File { path, line: 0 } => path.display().fmt(f),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Profile { name, line } => write!(f, "profile {name}:{line}"),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value and where it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The value in its canonical form.
    pub value: Value,
    /// Where.
    pub place: Place,
}

/// The value of a key that is in force, and what it masks.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The key.
    pub key: &'static Key,
    /// What is in force.
    pub said: Said,
    /// What was said below it, highest first.
    pub masked: Vec<Said>,
}

/// One field for each section that is not the engine's: its table of keys, and how it is read.
macro_rules! sections {
    ($($(#[doc = $doc:literal])+ $field:ident: $section:ty,)*) => {
        /// The sections of every crate around the engine.
        #[derive(Clone, Debug)]
        pub struct Sections { $($(#[doc = $doc])+ pub $field: $section,)* }

        impl Sections {
            fn keys() -> impl Iterator<Item = &'static Key> {
                std::iter::empty()$(.chain(<$section>::KEYS))*
            }

            /// All are read before any is missed: every problem is told at once.
            fn read(reader: &mut Reader<'_>) -> Option<Self> {
                $(let $field = <$section>::read(reader);)*
                Some(Self { $($field: $field?,)* })
            }
        }
    };
}

sections! {
    /// `[paper]`
    paper: Paper,
    /// `[sim]`
    sim: SimKeys,
    /// `[record]`
    record: RecordKeys,
    /// `[rpc]`
    rpc: RpcKeys,
    /// `[enrich]`, as far as it decides how questions are answered
    enrich: EnrichKeys,
    /// `[live]`
    live: LiveKeys,
    /// `[source]`
    source: SourceKeys,
    /// `[grpc]`
    grpc: GrpcKeys,
    /// `[endpoints]`
    endpoints: EndpointKeys,
    /// `[wallets]`
    wallets: WalletKeys,
    /// `[store]`
    store: StoreKeys,
    /// `[logs]`
    logs: LogKeys,
    /// `[run]`
    run: RunKeys,
}

/// The resolved settings; the sections around the engine are read as if they were its own fields.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The engine's sections, with the hash of the whole configuration.
    pub engine: Config,
    /// Every other section.
    pub sections: Sections,
    /// Every key with its value and origin, in the order of the file.
    pub effective: Vec<Effective>,
    /// What is allowed but surely not meant: `config validate` and `run` say it.
    pub warnings: Vec<Problem>,
    /// How a person is asked for the passphrase of an encrypted wallet; nobody is, if none.
    pub ask: Option<Ask>,
}

impl Deref for Settings {
    type Target = Sections;

    fn deref(&self) -> &Sections {
        &self.sections
    }
}

impl Settings {
    /// Resolves all layers.
    ///
    /// # Errors
    /// All problems of all layers at once, lowest layer first, each in the order of its lines.
    pub fn load(sources: &Sources) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let mut stacks: BTreeMap<&'static str, Vec<Said>> = BTreeMap::new();
        for layer in layers::read(sources) {
            let mut found = layer.problems;
            for (path, value, place) in layer.values {
                match key(&path) {
                    None => found.push(problem::unknown_key(&path, place)),
                    Some(key) => match key.check(&value) {
                        Ok(value) => stacks.entry(key.path).or_default().insert(0, Said { value, place }),
                        Err(message) => found.push(problem::wrong_value(key, message, place)),
                    },
                }
            }
            found.sort_by_key(|problem| problem.place.line());
            problems.extend(found);
        }
        let mut effective = Vec::new();
        for key in keys() {
            let mut stack = stacks.remove(key.path).unwrap_or_default().into_iter();
            if let Some(said) = stack.next() {
                effective.push(Effective { key, said, masked: stack.collect() });
            }
        }
        Ok(Self { ask: sources.ask, ..Self::compose(effective, problems)? })
    }

    /// Reads the typed sections out of what is in force and checks them against each other.
    fn compose(effective: Vec<Effective>, mut problems: Vec<Problem>) -> Result<Self, Problems> {
        let values: Values =
            effective.iter().map(|e| (e.key.path.to_owned(), e.said.value.clone())).collect();
        let mut reader = Reader::new(&values);
        let engine = Config::read(&mut reader, config::hash(keys(), &values));
        let sections = Sections::read(&mut reader);
        let place = |path: &str| {
            let found = effective.iter().find(|e| e.key.path == path);
            found.map_or(Place::Default { line: 0 }, |e| e.said.place.clone())
        };
        // For a key whose value was wrong, the value below it stands in here: what that contradicts (and
        // names, as every contradiction does) is no news.
        let wrong_keys: Vec<_> =
            problems.iter().map(|p| p.key.clone()).filter(|key| !key.is_empty()).collect();
        let stands_in = |found: &config::Problem| {
            wrong_keys.iter().any(|key| found.path == *key || found.message.contains(key))
        };
        let contradictions = reader.problems.into_iter().filter(|found| !stands_in(found));
        problems.extend(contradictions.map(|found| problem::at(found, &place)));
        let (Some(engine), Some(sections), true) = (engine, sections, problems.is_empty()) else {
            return Err(Problems(problems));
        };
        let unmeant = engine.consequences().into_iter().chain(too_poor(&engine, &sections.paper));
        let warnings = unmeant.map(|unmeant| problem::at(unmeant, &place)).collect();
        Ok(Self { engine, sections, effective, warnings, ask: None })
    }

    /// The hash of the configuration: see [`config::hash`].
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.engine.hash
    }
}

/// A paper book of which no position may take enough to be opened.
fn too_poor(engine: &Config, paper: &Paper) -> Option<config::Problem> {
    let risk = &engine.risk;
    let available = paper.capital.saturating_sub(risk.wallet_floor).saturating_sub(risk.exit_reserve);
    let message = format!(
        "is {}, of which a position may take {}, less than risk.min_position ({}): nothing is ever bought",
        paper.capital,
        available.share(risk.capital_share),
        risk.min_position
    );
    (available.share(risk.capital_share) < risk.min_position)
        .then(|| config::Problem { path: "paper.capital".to_owned(), message })
}

/// The folders where a profile may be, highest first: `profiles` beside each settings file.
fn profile_file(name: &str, files: &[PathBuf]) -> Option<PathBuf> {
    let beside =
        |file: &PathBuf| file.parent().unwrap_or(Path::new("")).join("profiles").join(format!("{name}.toml"));
    files.iter().rev().map(beside).find(|path| path.is_file())
}

#[cfg(test)]
mod tests;
