//! What holds from the beginning of a scenario, wherever it stands in it.

use std::time::Duration;

use momentum_core::engine::SignalSource;
use momentum_core::event::Mode;
use momentum_core::protections::Protection;

use super::words::{Misread, Words};

const MODES: [(&str, Mode); 3] = [("paper", Mode::Paper), ("live", Mode::Live), ("dry-run", Mode::DryRun)];

const SOURCES: [(&str, SignalSource); 2] = [("own", SignalSource::Own), ("fed", SignalSource::Fed)];

/// What holds from the beginning.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Header {
    /// The protections without which it must fail.
    pub(super) guards: Vec<Protection>,
    /// Where orders go.
    pub(super) mode: Mode,
    /// Where entry signals come from.
    pub(super) signals: SignalSource,
    /// Settings that differ from the defaults.
    pub(super) settings: Vec<(String, String)>,
    /// No entry signal for so long.
    pub(super) warm_up: Option<Duration>,
}

impl Header {
    /// Reads the line that begins with `verb`, if it is one of a header.
    pub(super) fn read(&mut self, verb: &str, words: &Words<'_>) -> Option<Result<(), Misread>> {
        let mut words = words.clone();
        Some(match verb {
            "guards" => guards(words).map(|guards| self.guards.extend(guards)),
            "with" => words.need("a setting").map(|path| {
                let path = path.to_owned();
                self.settings.push((path, words.rest()));
            }),
            "mode" => words.choice(&MODES).map(|mode| self.mode = mode),
            "signals" => words.choice(&SOURCES).map(|source| self.signals = source),
            "warm-up" => words.measure().map(|span| self.warm_up = Some(span)),
            _ => return None,
        })
    }
}

fn guards(words: Words<'_>) -> Result<Vec<Protection>, Misread> {
    let named = |name: &str| {
        let found = Protection::ALL.iter().find(|protection| protection.name() == name);
        found.copied().ok_or_else(|| format!("`{name}` is no protection"))
    };
    words.rest().split([',', ' ']).filter(|name| !name.is_empty()).map(named).collect()
}
