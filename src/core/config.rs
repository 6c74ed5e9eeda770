//! Settings: one table of keys drives parsing, ranges, hints, schema, origins and docs.
//!
//! A section is declared once, with [`section!`](crate::section): the struct, its keys and their reading come
//! from that. The defaults are not in code: they are `config/momentum.toml`, compiled in. Each crate owns its
//! sections; `runtime` composes them and layers the sources.

mod analysis;
mod checks;
mod setting;
mod tiers;
mod trading;
mod value;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use analysis::{HoldersCheck, Questions, Safety, ScoreKeys};
pub use setting::{Setting, Shape, check};
pub use tiers::{Condition, Tier, Tiers};
pub use trading::{Execution, Exits, LadderCap, OnMigration, Risk, Signals};
pub use value::{Misread, Placed, Text, Value, Values, parse};

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
    /// What its values look like, for the JSON Schema of the file.
    pub shape: Shape,
    /// When a changed value takes effect.
    pub class: Class,
    /// What it can change; decides whether it counts in the config hash.
    pub effect: Effect,
    /// Which direction loosens a limit.
    pub loosens: Loosens,
    /// Smallest and largest value, as the file would write them; empty where there is no bound.
    pub range: (&'static str, &'static str),
    /// Its doc comment, with the space that begins each line.
    #[doc(hidden)]
    pub raw_doc: &'static str,
    /// Parses, checks and rewrites a value of its type: see [`check`].
    #[doc(hidden)]
    pub checked: fn(&Value, (&str, &str)) -> Result<Value, String>,
}

impl Key {
    /// What it does, for people: one paragraph.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.raw_doc.trim()
    }

    /// `value` as the file would canonically write it.
    ///
    /// # Errors
    /// The text for people, without place: what was found and what would be right.
    pub fn check(&self, value: &Value) -> Result<Value, String> {
        (self.checked)(value, self.range)
    }

    /// Whether going from `old` to `new` is in the direction that loosens a limit.
    #[must_use]
    pub fn loosened(&self, old: &Value, new: &Value) -> bool {
        // The range check of the key's own type compares: is `new` outside of what ends or begins at `old`?
        let bound = old.plain();
        match self.loosens {
            Loosens::No => false,
            Loosens::Any => old != new,
            Loosens::Up => (self.checked)(new, ("", &bound)).is_err(),
            Loosens::Down => (self.checked)(new, (&bound, "")).is_err(),
        }
    }
}

/// When a changed value takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// At once.
    Now,
    /// For positions opened from then on.
    NewPositions,
    /// At the next start.
    Restart,
}

impl Class {
    /// Its word in docs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::NewPositions => "new positions",
            Self::Restart => "restart",
        }
    }
}

/// What a setting can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// What Market measures or scores.
    Analysis,
    /// What Trader decides, or the simulated venue answers.
    Decision,
    /// Neither.
    Neither,
}

impl Effect {
    /// Its word in docs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Analysis => "analysis",
            Self::Decision => "decision",
            Self::Neither => "neither",
        }
    }
}

/// Which direction of a setting loosens a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loosens {
    /// A larger value.
    Up,
    /// A smaller value.
    Down,
    /// Any change.
    Any,
    /// None.
    No,
}

impl Loosens {
    /// Its word in docs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Any => "any",
            Self::No => "no",
        }
    }
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
    values: &'a Values,
    /// What was wrong so far.
    pub problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// A reader over values by path.
    #[must_use]
    pub const fn new(values: &'a Values) -> Self {
        Self { values, problems: Vec::new() }
    }

    /// The value of `key`, parsed and in range; `None` (and a problem) where it is not.
    pub fn take<T: Setting>(&mut self, key: &Key) -> Option<T> {
        let result = match self.values.get(key.path) {
            None => Err("is missing".to_owned()),
            Some(value) => T::parse(value).and_then(|parsed| parsed.within(key.range).map(|()| parsed)),
        };
        result.map_err(|message| self.contradict(key.path, message)).ok()
    }

    /// Notes what is wrong with the setting at `path`.
    pub fn contradict(&mut self, path: &str, message: impl Into<String>) {
        self.problems.push(Problem { path: path.to_owned(), message: message.into() });
    }
}

/// A table of the configuration file, as a struct.
pub trait Section: Sized {
    /// Its keys, in the order of the file.
    const KEYS: &'static [Key];
    /// Reads it; `None` where a value was wrong. Values that contradict each other are in
    /// [`Reader::problems`] as well.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;

    /// As shipped.
    ///
    /// # Panics
    /// Where the compiled-in file is wrong, which a test excludes.
    #[must_use]
    fn shipped() -> Self {
        let values = shipped_values(Self::KEYS.iter());
        let mut reader = Reader::new(&values);
        match Self::read(&mut reader) {
            Some(section) if reader.problems.is_empty() => section,
            _ => panic!("config/momentum.toml: {:?}", reader.problems),
        }
    }
}

/// Declares a section: the struct and its keys in one place.
///
/// Each line: doc comment, name, type, then class, effect, what loosens, and the range (or nothing). Values
/// that must fit each other are `checked by` a function of the section and the reader.
#[macro_export]
macro_rules! section {
    ($(#[$doc:meta])* $name:ident in $table:literal $(checked by $check:path)? {
        $($(#[doc = $field_doc:literal])+ $field:ident: $ty:ty = $class:ident $effect:ident $loosens:ident $([$min:literal, $max:literal])?;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name { $($(#[doc = $field_doc])+ pub $field: $ty,)* }

        impl $crate::config::Section for $name {
            const KEYS: &'static [$crate::config::Key] = &[$($crate::config::Key {
                path: concat!($table, ".", stringify!($field)),
                unit: <$ty as $crate::config::Setting>::UNIT,
                shape: <$ty as $crate::config::Setting>::SHAPE,
                class: $crate::section!(@class $class),
                effect: $crate::section!(@effect $effect),
                loosens: $crate::section!(@loosens $loosens),
                range: $crate::config::range(&[$($min, $max)?]),
                raw_doc: concat!($($field_doc),+),
                checked: $crate::config::check::<$ty>,
            },)*];

            fn read(reader: &mut $crate::config::Reader<'_>) -> Option<Self> {
                let mut keys = Self::KEYS.iter();
                $(let $field = keys.next().and_then(|key| reader.take::<$ty>(key));)*
                let section = Self { $($field: $field?,)* };
                $($check(&section, reader);)?
                Some(section)
            }
        }
    };
    (@class now) => { $crate::config::Class::Now };
    (@class new_positions) => { $crate::config::Class::NewPositions };
    (@class restart) => { $crate::config::Class::Restart };
    (@effect analysis) => { $crate::config::Effect::Analysis };
    (@effect decision) => { $crate::config::Effect::Decision };
    (@effect neither) => { $crate::config::Effect::Neither };
    (@loosens up) => { $crate::config::Loosens::Up };
    (@loosens down) => { $crate::config::Loosens::Down };
    (@loosens any) => { $crate::config::Loosens::Any };
    (@loosens no) => { $crate::config::Loosens::No };
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
    /// `[enrich]`, as far as Market decides what is asked
    pub questions: Questions,
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
        let questions = Questions::read(reader);
        let (signals, risk) = (Signals::read(reader), Risk::read(reader));
        let (exits, execution) = (Exits::read(reader), Execution::read(reader));
        let config = Self {
            safety: safety?,
            score: score?,
            questions: questions?,
            signals: signals?,
            risk: risk?,
            exits: exits?,
            execution: execution?,
            hash,
        };
        checks::across(&config, reader);
        Some(config)
    }

    /// The keys of the engine's sections.
    pub fn keys() -> impl Iterator<Item = &'static Key> {
        [
            Safety::KEYS,
            ScoreKeys::KEYS,
            Questions::KEYS,
            Signals::KEYS,
            Risk::KEYS,
            Exits::KEYS,
            Execution::KEYS,
        ]
        .into_iter()
        .flatten()
    }

    /// What is allowed but surely not meant, for people.
    #[must_use]
    pub fn consequences(&self) -> Vec<Problem> {
        checks::consequences(self)
    }
}

impl Default for Config {
    /// The shipped defaults, with the hash of the engine's keys alone.
    ///
    /// # Panics
    /// Where the compiled-in file is wrong, which a test excludes.
    fn default() -> Self {
        let values = shipped_values(Self::keys());
        let hash = hash(Self::keys(), &values);
        let mut reader = Reader::new(&values);
        match Self::read(&mut reader, hash) {
            Some(config) if reader.problems.is_empty() => config,
            _ => panic!("config/momentum.toml: {:?}", reader.problems),
        }
    }
}

/// The shipped values of these keys; one that is missing or wrong is left out, and so is missed.
fn shipped_values<'k>(keys: impl Iterator<Item = &'k Key>) -> Values {
    let read = parse(DEFAULTS);
    keys.filter_map(|key| Some((key.path.to_owned(), key.check(&read.values.get(key.path)?.value).ok()?)))
        .collect()
}

/// SHA-256 over `path=value` lines, sorted by path, of the keys that can change an analysis or a decision.
/// The values are canonical ones (see [`Key::check`]), so that two ways to write an amount hash alike.
pub fn hash<'k>(keys: impl Iterator<Item = &'k Key>, values: &Values) -> Hash {
    let mut paths: Vec<_> = keys.filter(|key| key.effect != Effect::Neither).map(|key| key.path).collect();
    paths.sort_unstable();
    let mut sha = Sha256::new();
    for path in paths {
        if let Some(value) = values.get(path) {
            sha.update(format!("{path}={value}\n"));
        }
    }
    Hash(sha.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_sentence_and_bounds_that_it_accepts_itself() {
        for key in Config::keys() {
            assert!(key.doc().ends_with('.'), "{}: a doc is sentences", key.path);
            for bound in [key.range.0, key.range.1] {
                let parsed = key.check(&Value::Text(bound.to_owned()));
                assert!(
                    bound.is_empty() || matches!(key.shape, Shape::List(_)) || parsed.is_ok(),
                    "{}",
                    key.path
                );
            }
        }
    }

    #[test]
    fn the_hash_covers_what_analyses_and_decides_and_nothing_else() {
        let defaults: Values =
            parse(DEFAULTS).values.into_iter().map(|(path, placed)| (path, placed.value)).collect();
        let before = hash(Config::keys(), &defaults);
        for key in Config::keys() {
            let mut changed = defaults.clone();
            changed.insert(key.path.to_owned(), Value::Int(1_000_003));
            assert_eq!(
                hash(Config::keys(), &changed) == before,
                key.effect == Effect::Neither,
                "{}",
                key.path
            );
        }
    }

    #[test]
    fn a_missing_and_a_wrong_key_are_both_reported() {
        let values = Values::from([("risk.max_position".to_owned(), Value::Int(3))]);
        let mut reader = Reader::new(&values);
        assert_eq!(Config::read(&mut reader, Hash::default()), None);
        assert_eq!(reader.problems.len(), Config::keys().count());
    }
}
