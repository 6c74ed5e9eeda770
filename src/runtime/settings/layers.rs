//! The layers, lowest first: defaults, `/etc`, XDG, `-c` files or `./momentum.toml`, profile, environment,
//! flags. What each says and what of it is no settings text at all; what the keys mean is not decided here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use momentum_chain::wallets::Ask;
use momentum_core::config::{self, Text, Value};

use super::profiles::PROFILES;
use super::{FILE_NAME, Place, Problem, key, keys, nearest::nearest, problem, profile_file};

/// Before the name of a key in the environment: `MOMENTUM__RISK__MAX_POSITION`.
const PREFIX: &str = "MOMENTUM__";

/// Where settings come from. A value, so that tests need no process of their own.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// `-c`, in order; a later one is stronger. Where there are none, `momentum.toml` in `folder` is read.
    pub files: Vec<PathBuf>,
    /// `-p`.
    pub profile: Option<String>,
    /// `--set` and the flags that stand for a key, in order; a later one is stronger.
    pub flags: Vec<Assignment>,
    /// The environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The folder of the command.
    pub folder: PathBuf,
    /// Files that may be there, weakest first: that of `/etc`, that of XDG.
    pub standing: Vec<PathBuf>,
    /// Files that must be there and say something, because they did before: see [`Self::again`].
    pub expected: Vec<PathBuf>,
    /// How a person is asked for the passphrase of an encrypted wallet; nobody is, if none.
    pub ask: Option<Ask>,
}

impl Sources {
    /// Those of this process, without flags.
    #[must_use]
    pub fn of_process() -> Self {
        let environment: Vec<_> = std::env::vars_os().collect();
        let var = |name: &str| {
            let found = environment.iter().find(|(var, value)| var == name && !value.is_empty());
            found.map(|(_, value)| PathBuf::from(value))
        };
        let home = var("XDG_CONFIG_HOME").or_else(|| Some(var("HOME")?.join(".config")));
        let standing = [Some(PathBuf::from("/etc")), home].into_iter().flatten();
        let standing = standing.map(|folder| folder.join("momentum").join(FILE_NAME)).collect();
        Self { environment, standing, ..Self::default() }
    }

    /// The same, to be read again later: a file that is there now and then is gone, or empty, is one that somebody
    /// is about to write, and not the wish for every default.
    #[must_use]
    pub fn again(&self) -> Self {
        Self { expected: self.found(), ..self.clone() }
    }

    /// The files that are read, weakest first.
    fn found(&self) -> Vec<PathBuf> {
        let there = |file: &PathBuf| file.exists() || self.expected.contains(file);
        let local = self.files.is_empty().then(|| self.folder.join(FILE_NAME));
        let mut files: Vec<_> = self.standing.iter().cloned().chain(local).filter(there).collect();
        files.extend(self.files.iter().map(|file| self.folder.join(file)));
        files
    }
}

/// A value given by a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The key's path.
    pub path: String,
    /// The value as it was typed.
    pub value: String,
    /// The flag as it was typed, for people: `--set risk.max_position`, `--seed`.
    pub flag: String,
}

impl FromStr for Assignment {
    type Err = &'static str;

    /// Reads `KEY=VALUE`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, value) = text.split_once('=').ok_or("should be KEY=VALUE, as risk.max_position=0.2SOL")?;
        let path = path.trim().to_owned();
        Ok(Self { flag: format!("--set {path}"), path, value: value.trim().to_owned() })
    }
}

/// One source: what it says, and what of it cannot be read.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub(super) values: Vec<(String, Value, Place)>,
    pub(super) problems: Vec<Problem>,
}

/// All layers, lowest first.
pub(super) fn read(sources: &Sources) -> Vec<Layer> {
    let mut layers = vec![text_layer(config::DEFAULTS, &|line| Place::Default { line })];
    let files = sources.found();
    layers.extend(files.iter().map(|file| file_layer(file, sources)));
    layers.extend(sources.profile.as_deref().map(|name| profile_layer(name, &files, sources)));
    layers.push(environment_layer(&sources.environment));
    layers.push(flag_layer(&sources.flags));
    layers
}

fn text_layer(text: &str, place: &dyn Fn(usize) -> Place) -> Layer {
    let Text { values, tables, misread } = config::parse(text);
    let mut layer = Layer::default();
    for wrong in misread {
        layer.problems.push(Problem {
            place: place(wrong.line),
            key: wrong.path.unwrap_or_default(),
            message: wrong.message,
            mend: "see https://toml.io for how values are written".to_owned(),
        });
    }
    let known = |table: &str| {
        keys().any(|key| key.path.strip_prefix(table).is_some_and(|rest| rest.starts_with('.')))
    };
    // Of a table that does not exist, its keys need no naming one by one.
    let strangers: Vec<_> = tables.iter().filter(|(table, _)| !known(table)).collect();
    for (table, line) in &strangers {
        layer.problems.push(problem::unknown_table(table, place(**line)));
    }
    let of_stranger = |path: &str| {
        strangers
            .iter()
            .any(|(table, _)| path.strip_prefix(table.as_str()).is_some_and(|rest| rest.starts_with('.')))
    };
    for (path, placed) in values.into_iter().filter(|(path, _)| !of_stranger(path)) {
        layer.values.push((path, placed.value, place(placed.line)));
    }
    layer
}

fn file_layer(file: &Path, sources: &Sources) -> Layer {
    // Shown as a person in that folder would write it.
    let path = file.strip_prefix(&sources.folder).unwrap_or(file).to_owned();
    match std::fs::read_to_string(file) {
        Ok(text) if text.is_empty() && sources.expected.iter().any(|expected| expected == file) => {
            let mend = "write it whole; one that is to say nothing holds a comment".to_owned();
            let (place, message) = (Place::File { path, line: 0 }, "the file is empty".to_owned());
            Layer { problems: vec![Problem { place, key: String::new(), message, mend }], ..Layer::default() }
        }
        Ok(text) => text_layer(&text, &|line| Place::File { path: path.clone(), line }),
        Err(error) => {
            let mend =
                format!("check the path, or write the file with `momentum config init {}`", path.display());
            let place = Place::File { path, line: 0 };
            let message = format!("the file cannot be read: {error}");
            Layer { problems: vec![Problem { place, key: String::new(), message, mend }], ..Layer::default() }
        }
    }
}

fn profile_layer(name: &str, files: &[PathBuf], sources: &Sources) -> Layer {
    if let Some(file) = profile_file(name, files) {
        return file_layer(&file, sources);
    }
    if let Some((_, text)) = PROFILES.iter().find(|(known, _)| *known == name) {
        return text_layer(text, &|line| Place::Profile { name: name.to_owned(), line });
    }
    let known: Vec<_> = PROFILES.iter().map(|(name, _)| *name).collect();
    let problem = Problem {
        place: Place::Flag(format!("--profile {name}")),
        key: String::new(),
        message: format!("there is no profile `{name}`"),
        mend: format!(
            "compiled in: {}; others are profiles/NAME.toml beside a settings file",
            known.join(", ")
        ),
    };
    Layer { problems: vec![problem], ..Layer::default() }
}

fn environment_layer(environment: &[(OsString, OsString)]) -> Layer {
    let mut layer = Layer::default();
    for (name, value) in environment {
        let name = name.to_string_lossy();
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let path = rest.to_ascii_lowercase().replace("__", ".");
        let place = Place::Variable(name.clone().into_owned());
        match (key(&path), value.to_str()) {
            (Some(_), Some(value)) => layer.values.push((path, Value::from_argument(value), place)),
            (Some(key), None) => {
                let message = "is no text in UTF-8".to_owned();
                layer.problems.push(problem::wrong_value(key, message, place));
            }
            (None, _) => layer.problems.push(Problem {
                place,
                message: "is the variable of no key of momentum".to_owned(),
                mend: match nearest(&path, keys().map(|key| key.path)) {
                    Some(near) => format!("did you mean {}?", variable(near)),
                    None => format!(
                        "unset it; `momentum config show` lists every key, {PREFIX}SECTION__KEY sets one"
                    ),
                },
                key: path,
            }),
        }
    }
    layer.values.sort_by(|a, b| a.0.cmp(&b.0));
    layer
}

/// The environment variable of the key at `path`.
fn variable(path: &str) -> String {
    format!("{PREFIX}{}", path.to_ascii_uppercase().replace('.', "__"))
}

fn flag_layer(flags: &[Assignment]) -> Layer {
    let value = |flag: &Assignment| {
        (flag.path.clone(), Value::from_argument(&flag.value), Place::Flag(flag.flag.clone()))
    };
    Layer { values: flags.iter().map(value).collect(), ..Layer::default() }
}
