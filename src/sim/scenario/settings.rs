//! The settings that a scenario runs under: the shipped defaults, without chance, and what it sets.

use std::sync::Arc;

use momentum_core::config::{Config, DEFAULTS, Key, Reader, Section, Values, hash, parse};

use super::words::Misread;
use crate::paper::Paper;

/// What every scenario sets first: each attempt lands after one second unless `send` says otherwise.
const WITHOUT_CHANCE: &str = r#"
[paper]
lost = "0 %"
failed = "0 %"
latency_min = "1 s"
latency_max = "1 s"
"#;

/// Values by path, canonical.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    values: Values,
}

fn keys() -> impl Iterator<Item = &'static Key> {
    Config::keys().chain(Paper::KEYS)
}

impl Settings {
    pub(super) fn shipped() -> Result<Self, Misread> {
        let mut settings = Self { values: Values::new() };
        for text in [DEFAULTS, WITHOUT_CHANCE] {
            settings.read(text)?;
        }
        Ok(settings)
    }

    /// Sets `path` to `value`, as the file would write it; the quotes may be missing.
    pub(super) fn set(&mut self, path: &str, value: &str) -> Result<(), Misread> {
        if !keys().any(|key| key.path == path) {
            return Err(format!("`{path}` is no setting of the engine or the venue"));
        }
        let written = value.starts_with(['"', '[']);
        self.read(&if written { format!("{path} = {value}") } else { format!("{path} = \"{value}\"") })
    }

    fn read(&mut self, text: &str) -> Result<(), Misread> {
        let text = parse(text);
        if let Some(misread) = text.misread.first() {
            return Err(misread.message.clone());
        }
        for key in keys() {
            if let Some(placed) = text.values.get(key.path) {
                let value = key.check(&placed.value).map_err(|problem| format!("{} {problem}", key.path))?;
                self.values.insert(key.path.to_owned(), value);
            }
        }
        Ok(())
    }

    /// The engine's settings and the venue's.
    pub(super) fn resolved(&self) -> Result<(Arc<Config>, Paper), Misread> {
        let mut reader = Reader::new(&self.values);
        let config = Config::read(&mut reader, hash(keys(), &self.values));
        let paper = Paper::read(&mut reader);
        match (config, paper) {
            (Some(config), Some(paper)) => Ok((Arc::new(config), paper)),
            _ => Err(format!("{:?}", reader.problems)),
        }
    }
}
