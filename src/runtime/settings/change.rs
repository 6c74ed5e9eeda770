//! What becomes of the settings in force when others are read: key by key, what takes effect and what waits.

use std::fmt;

use momentum_control::reload;
use momentum_core::config::{Class, Key, Value};

use super::{Effective, Place, Problem, Problems, Said, Settings, to_json};

/// What reading the settings again comes to.
#[derive(Clone, Debug)]
pub struct Change {
    /// The settings in force from here on: those that were read, but for keys whose change waits for the next
    /// start.
    pub settings: Settings,
    /// Every key with another value.
    pub changed: Vec<Changed>,
    /// Every new value that changes nothing, since something higher says another.
    pub masked: Vec<Masked>,
    /// What is allowed but surely not meant, where it was not so before.
    pub warnings: Vec<Problem>,
}

/// A key with another value.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The key.
    pub key: &'static Key,
    /// What was in force.
    pub from: Value,
    /// What was read.
    pub to: Said,
}

impl Changed {
    /// Whether what was in force stays in force until the next start.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.key.class == Class::Restart
    }

    /// Whether it loosens a limit.
    #[must_use]
    pub fn loosens(&self) -> bool {
        self.key.loosened(&self.from, &self.to.value)
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from.plain(), self.to.value.plain());
        write!(f, "{}: {from} → {to} ({}), ", self.key.path, self.to.place)?;
        match self.key.class {
            Class::Now => f.write_str("now")?,
            Class::NewPositions => f.write_str("for new positions")?,
            Class::Restart => write!(f, "at the next start: {from} until then")?,
        }
        if self.loosens() { f.write_str("; it LOOSENS a limit") } else { Ok(()) }
    }
}

impl From<&Changed> for reload::Changed {
    fn from(changed: &Changed) -> Self {
        Self {
            key: changed.key.path.to_owned(),
            from: to_json(&changed.from),
            to: to_json(&changed.to.value),
            origin: changed.to.place.to_string(),
            takes_effect: changed.key.class.word().to_owned(),
            loosens: changed.loosens(),
        }
    }
}

/// A value that is new and changes nothing.
#[derive(Clone, Debug)]
pub struct Masked {
    /// The key.
    pub key: &'static Key,
    /// What was read.
    pub said: Said,
    /// What is in force.
    pub by: Said,
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (said, by) = (&self.said, &self.by);
        write!(
            f,
            "{}: {} ({}) is masked: {} says {}",
            self.key.path,
            said.value.plain(),
            said.place,
            by.place,
            by.value.plain()
        )
    }
}

impl From<&Masked> for reload::Masked {
    fn from(masked: &Masked) -> Self {
        Self {
            key: masked.key.path.to_owned(),
            value: to_json(&masked.said.value),
            origin: masked.said.place.to_string(),
            in_force: to_json(&masked.by.value),
            by: masked.by.place.to_string(),
        }
    }
}

impl Settings {
    /// What these settings become when `read` was read: all of it or nothing. A key whose change takes effect at
    /// the next start keeps its value, and its part in the hash.
    ///
    /// # Errors
    /// Where what is read contradicts what must stay as it is until the next start.
    pub fn turned_into(&self, read: &Self) -> Result<Change, Problems> {
        let (mut effective, mut changed, mut masked) = (Vec::new(), Vec::new(), Vec::new());
        // Every key is in both, in the order of the table: the defaults name them all.
        for (old, new) in self.effective.iter().zip(&read.effective) {
            let hidden = new.masked.iter().filter(|said| !is_known(said, old));
            masked.extend(hidden.map(|said| Masked {
                key: new.key,
                said: said.clone(),
                by: new.said.clone(),
            }));
            if old.said.value == new.said.value {
                effective.push(new.clone());
                continue;
            }
            let change = Changed { key: new.key, from: old.said.value.clone(), to: new.said.clone() };
            effective.push(if change.waits() { old.clone() } else { new.clone() });
            changed.push(change);
        }
        let settings = Self::compose(effective, Vec::new())?;
        let is_new = |warning: &&Problem| {
            let same = |old: &Problem| (&old.key, &old.message) == (&warning.key, &warning.message);
            !self.warnings.iter().any(same)
        };
        let warnings = settings.warnings.iter().filter(is_new).cloned().collect();
        Ok(Change { settings, changed, masked, warnings })
    }
}

/// Whether that was said there before. Lines move when a file is written.
fn is_known(said: &Said, old: &Effective) -> bool {
    let mut before = std::iter::once(&old.said).chain(&old.masked);
    before.any(|old| old.value == said.value && same_source(&old.place, &said.place))
}

fn same_source(old: &Place, new: &Place) -> bool {
    match (old, new) {
        (Place::File { path: old, .. }, Place::File { path: new, .. }) => old == new,
        (Place::Profile { name: old, .. }, Place::Profile { name: new, .. }) => old == new,
        (Place::Default { .. }, Place::Default { .. }) => true,
        (old, new) => old == new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Assignment, Sources};

    fn with(flags: &[&str]) -> Settings {
        let flags = flags.iter().map(|flag| flag.parse::<Assignment>().unwrap()).collect();
        Settings::load(&Sources { flags, ..Sources::default() }).unwrap()
    }

    fn told<T: fmt::Display>(all: &[T]) -> Vec<String> {
        all.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_change_is_told_with_its_moment_and_what_waits_is_kept_with_its_part_in_the_hash() {
        let before = with(&["paper.lost=4%"]);
        let read = with(&["paper.lost=5%", "risk.max_position=0.6SOL", "exits.stop_max=20%", "rpc.rate=30"]);
        let change = before.turned_into(&read).unwrap();
        let expected = [
            "risk.max_position: 0.5 SOL → 0.6 SOL (--set risk.max_position), now; it LOOSENS a limit",
            "exits.stop_max: 30 % → 20 % (--set exits.stop_max), for new positions",
            "paper.lost: 4 % → 5 % (--set paper.lost), at the next start: 4 % until then",
            "rpc.rate: 25 → 30 (--set rpc.rate), at the next start: 25 until then",
        ];
        assert_eq!(told(&change.changed), expected);
        let half = with(&["paper.lost=4%", "risk.max_position=0.6SOL", "exits.stop_max=20%"]);
        assert_eq!(change.settings.hash(), half.hash());
        assert_eq!((&change.settings.engine, &change.settings.paper), (&half.engine, &before.paper));
        let again = change.settings.turned_into(&read).unwrap();
        assert_eq!(told(&again.changed), expected[2..], "what waits is told each time");
        let back = change.settings.turned_into(&before).unwrap();
        assert_eq!(back.settings.hash(), before.hash());
    }

    #[test]
    fn a_new_value_that_something_higher_masks_is_told_once() {
        let sources = |value: &str| Sources {
            environment: vec![("MOMENTUM__RISK__MAX_POSITION".into(), value.into())],
            flags: vec!["risk.max_position=0.2SOL".parse().unwrap()],
            ..Sources::default()
        };
        let load = |value: &str| Settings::load(&sources(value)).unwrap();
        let change = load("0.3 SOL").turned_into(&load("0.4 SOL")).unwrap();
        assert!(change.changed.is_empty());
        let masked = "risk.max_position: 0.4 SOL (MOMENTUM__RISK__MAX_POSITION) is masked: --set risk.max_position \
                      says 0.2 SOL";
        assert_eq!(told(&change.masked), [masked]);
        let again = change.settings.turned_into(&load("0.4 SOL")).unwrap();
        assert!(again.masked.is_empty() && again.changed.is_empty());
    }
}
