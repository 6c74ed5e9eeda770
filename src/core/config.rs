//! Settings: one table of keys drives parsing, ranges, hints, schema, origins and docs.
//!
//! A section is declared once, with [`section!`](crate::section): the struct, its keys and their reading come
//! from that. The defaults are not in code: they are `config/momentum.toml`, compiled in. Each crate owns its
//! sections; `runtime` composes them and layers the sources.

mod sections;
mod value;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use sections::{Execution, Exits, Risk, Safety, ScoreKeys, Signals};
pub use value::{Setting, Value};

use crate::ids::Hash;

/// The shipped defaults: the text of `config/momentum.toml`.
pub const DEFAULTS: &str = include_str!("../../config/momentum.toml");

/// One setting, as the table of keys describes it.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Where it is in the file: `risk.max_position`.
    pub path: &'static str,
    /// What its values look like: `SOL`, `%`, `duration`, …
    pub unit: &'static str,
    /// When a changed value takes effect.
    pub class: Class,
    /// What it can change; decides whether it counts in the config hash.
    pub effect: Effect,
    /// Which direction loosens a limit.
    pub loosens: Loosens,
    /// Smallest and largest value, as the file would write them; empty where there is no bound.
    pub range: (&'static str, &'static str),
    /// What it does, for people.
    pub doc: &'static str,
}

/// When a changed value takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Class {
    /// At once.
    now,
    /// For positions opened from then on.
    new_positions,
    /// At the next start.
    restart,
}

/// What a setting can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Effect {
    /// What Market measures or scores.
    analysis,
    /// What Trader decides, or the simulated venue answers.
    decision,
    /// Neither.
    neither,
}

/// Which direction of a setting loosens a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Loosens {
    /// A larger value.
    up,
    /// A smaller value.
    down,
    /// Any change.
    any,
    /// None.
    no,
}

/// One problem of a setting. All problems are reported at once; whoever knows the file adds place and mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Reads sections out of resolved values and collects every problem on the way.
#[derive(Debug)]
pub struct Reader<'a> {
    values: &'a BTreeMap<String, Value>,
    /// What was wrong so far.
    pub problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// A reader over values by path.
    #[must_use]
    pub const fn new(values: &'a BTreeMap<String, Value>) -> Self {
        Self { values, problems: Vec::new() }
    }

    /// The value of `key`, parsed and in range; `None` (and a problem) where it is not.
    pub fn take<T: Setting>(&mut self, key: &Key) -> Option<T> {
        let result = match self.values.get(key.path) {
            None => Err("is missing".to_owned()),
            Some(value) => T::parse(value).and_then(|parsed| parsed.within(key.range).map(|()| parsed)),
        };
        result.map_err(|message| self.problems.push(Problem { path: key.path.to_owned(), message })).ok()
    }
}

/// A table of the configuration file, as a struct.
pub trait Section: Sized {
    /// Its keys, in the order of the file.
    const KEYS: &'static [Key];
    /// Reads it; `None` where anything was wrong (see [`Reader::problems`]).
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
    /// Its values by path, as the file would write them.
    fn write(&self) -> Vec<(&'static str, Value)>;
}

/// Declares a section: the struct and its keys in one place.
///
/// Each line: doc comment, name, type, then class, effect, what loosens, and the range (or nothing).
#[macro_export]
macro_rules! section {
    ($(#[$doc:meta])* $name:ident in $table:literal {
        $($(#[doc = $field_doc:literal])+ $field:ident: $ty:ty = $class:ident $effect:ident $loosens:ident $([$min:literal, $max:literal])?;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name { $($(#[doc = $field_doc])+ pub $field: $ty,)* }

        impl $crate::config::Section for $name {
            const KEYS: &'static [$crate::config::Key] = &[$($crate::config::Key {
                path: concat!($table, ".", stringify!($field)),
                unit: <$ty as $crate::config::Setting>::UNIT,
                class: $crate::config::Class::$class,
                effect: $crate::config::Effect::$effect,
                loosens: $crate::config::Loosens::$loosens,
                range: $crate::config::range(&[$($min, $max)?]),
                doc: concat!($($field_doc),+),
            },)*];

            fn read(reader: &mut $crate::config::Reader<'_>) -> Option<Self> {
                let mut keys = Self::KEYS.iter();
                $(let $field = keys.next().and_then(|key| reader.take::<$ty>(key));)*
                Some(Self { $($field: $field?,)* })
            }

            fn write(&self) -> Vec<(&'static str, $crate::config::Value)> {
                vec![$((concat!($table, ".", stringify!($field)), $crate::config::Setting::show(&self.$field)),)*]
            }
        }
    };
}

/// The bounds that [`section!`](crate::section) was given, or none.
#[doc(hidden)]
#[must_use]
pub const fn range(bounds: &[&'static str]) -> (&'static str, &'static str) {
    match bounds {
        [min, max] => (min, max),
        _ => ("", ""),
    }
}

/// The settings that the engine reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// `[safety]`
    pub safety: Safety,
    /// `[score]`
    pub score: ScoreKeys,
    /// `[signals]`
    pub signals: Signals,
    /// `[risk]`
    pub risk: Risk,
    /// `[exits]`
    pub exits: Exits,
    /// `[execution]`
    pub execution: Execution,
    /// SHA-256 of all resolved analysis and decision keys of the whole configuration (see [`hash`]): signals
    /// made under another one are refused.
    pub hash: Hash,
}

impl Config {
    /// Reads the engine's sections; the hash is the caller's, who knows all sections.
    pub fn read(reader: &mut Reader<'_>, hash: Hash) -> Option<Self> {
        let (safety, score) = (Safety::read(reader), ScoreKeys::read(reader));
        let (signals, risk) = (Signals::read(reader), Risk::read(reader));
        let (exits, execution) = (Exits::read(reader), Execution::read(reader));
        Some(Self {
            safety: safety?,
            score: score?,
            signals: signals?,
            risk: risk?,
            exits: exits?,
            execution: execution?,
            hash,
        })
    }

    /// The keys of the engine's sections.
    pub fn keys() -> impl Iterator<Item = &'static Key> {
        [Safety::KEYS, ScoreKeys::KEYS, Signals::KEYS, Risk::KEYS, Exits::KEYS, Execution::KEYS]
            .into_iter()
            .flatten()
    }
}

impl Default for Config {
    /// The shipped defaults, with the hash of the engine's keys alone.
    ///
    /// # Panics
    /// Where the compiled-in file is wrong, which a test excludes.
    fn default() -> Self {
        let values = value::parse_defaults(DEFAULTS);
        let hash = hash(Self::keys(), &values);
        let mut reader = Reader::new(&values);
        match Self::read(&mut reader, hash) {
            Some(config) => config,
            None => panic!("config/momentum.toml: {:?}", reader.problems),
        }
    }
}

/// SHA-256 over `path=value` lines, sorted by path, of the keys that can change an analysis or a decision.
pub fn hash<'k>(keys: impl Iterator<Item = &'k Key>, values: &BTreeMap<String, Value>) -> Hash {
    let mut paths: Vec<_> = keys.filter(|key| key.effect != Effect::neither).map(|key| key.path).collect();
    paths.sort_unstable();
    let mut sha = Sha256::new();
    for path in paths {
        if let Some(value) = values.get(path) {
            sha.update(format!("{path}={value}\n"));
        }
    }
    Hash(sha.finalize().into())
}
