//! Reading the settings again while the bot works.
//!
//! They are read and checked on a thread of their own, since a disk may be slow and a file may be a pipe; the loop
//! takes them over between two events, or keeps what it has. What is wished while they are being read is a wish
//! for another reading: the one under way may have seen the file as it was before.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::thread;

use momentum_control::problem::Problem;
use momentum_control::reload::Reloaded;
use momentum_sim::market::Speed;
use tokio::sync::oneshot;

use crate::policy::CriticalPolicy;
use crate::settings::{self, Place, Problems, Settings};

/// What a reading comes to.
type Outcome = Result<Settings, Problems>;

/// How a run comes to other settings.
pub struct Reload {
    /// Whether they are to be read again: asked a few times a second, a wish is told once.
    pub wished: Box<dyn Fn() -> bool>,
    /// Reads all layers again.
    pub read: Arc<dyn Fn() -> Result<Settings, Problems> + Send + Sync>,
}

/// Who wants the settings to be read again.
#[derive(Debug)]
pub(crate) struct Wish {
    pub(crate) who: String,
    pub(crate) why: String,
    /// For what came of it; none for a signal.
    pub(crate) reply: Option<oneshot::Sender<Result<Reloaded, Problem>>>,
}

/// What was read, and for whom.
pub(crate) struct Read {
    pub(crate) wishes: Vec<Wish>,
    pub(crate) settings: Result<Settings, Problems>,
}

/// Wishes, and the reading that is under way.
#[derive(Default)]
pub(crate) struct Readings {
    reload: Option<Reload>,
    wishes: Vec<Wish>,
    under_way: Option<(Vec<Wish>, Receiver<Outcome>)>,
}

impl Readings {
    pub(crate) fn new(reload: Option<Reload>) -> Self {
        Self { reload, ..Self::default() }
    }

    /// Takes a wish.
    pub(crate) fn ask(&mut self, wish: Wish) {
        // Of a file that cannot be read to its end, whoever has stopped waiting is forgotten.
        self.wishes.retain(|wish| wish.reply.as_ref().is_none_or(|reply| !reply.is_closed()));
        self.wishes.push(wish);
    }

    /// Hears a signal.
    pub(crate) fn hear(&mut self) {
        if self.reload.as_ref().is_some_and(|reload| (reload.wished)()) {
            let (who, why) = ("SIGHUP".to_owned(), "a signal to read the settings again".to_owned());
            self.ask(Wish { who, why, reply: None });
        }
    }

    /// What has been read since, and begins what is wished.
    pub(crate) fn next(&mut self) -> Option<Read> {
        if let Some((wishes, result)) = self.under_way.take() {
            let settings = match result.try_recv() {
                Ok(settings) => settings,
                Err(TryRecvError::Empty) => {
                    self.under_way = Some((wishes, result));
                    return None;
                }
                Err(TryRecvError::Disconnected) => {
                    Err(nowhere("reading them has ended without a result: a bug"))
                }
            };
            return Some(Read { wishes, settings });
        }
        if self.wishes.is_empty() {
            return None;
        }
        let wishes = std::mem::take(&mut self.wishes);
        let Some(reload) = &self.reload else {
            return Some(Read { wishes, settings: Err(nowhere("this run cannot read them again")) });
        };
        let (done, result) = sync_channel(1);
        let read = Arc::clone(&reload.read);
        let work = move || {
            if done.send(read()).is_err() {
                tracing::debug!("settings were read for a run that has ended");
            }
        };
        let begun = thread::Builder::new().name("settings".to_owned()).spawn(work);
        match begun {
            Ok(_) => {
                self.under_way = Some((wishes, result));
                None
            }
            Err(error) => Some(Read { wishes, settings: Err(nowhere(&format!("no thread: {error}"))) }),
        }
    }
}

/// A problem that is not one of a file.
fn nowhere(what: &str) -> Problems {
    Problems(vec![settings::Problem {
        place: Place::Flag("reload".to_owned()),
        key: String::new(),
        message: what.to_owned(),
        mend: "start the bot anew to have other settings".to_owned(),
    }])
}

/// What of the settings the loop follows while it runs, beside what the engine decides by. A key of the table that
/// takes effect at once is in the engine's part or in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Followed {
    pub(crate) speed: Speed,
    pub(crate) level: String,
    pub(crate) critical_policy: CriticalPolicy,
}

impl Followed {
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            speed: settings.sim.speed,
            level: settings.logs.level.clone(),
            critical_policy: settings.run.critical_policy,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

    use momentum_core::config::{Class, Config, Key, Shape, Value};

    use super::*;
    use crate::settings::{Assignment, Sources, keys, to_json};

    fn with(path: &str, value: &str) -> Result<Settings, Problems> {
        let flag = Assignment { path: path.to_owned(), value: value.to_owned(), flag: "--set".to_owned() };
        Settings::load(&Sources { flags: vec![flag], ..Sources::default() })
    }

    /// Values of the key that it might accept beside its default.
    fn others(key: &Key) -> Vec<String> {
        let bounds = [key.range.0.to_owned(), key.range.1.to_owned()];
        let shape = match key.shape {
            Shape::Bool => vec!["true".to_owned(), "false".to_owned()],
            Shape::Words(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            Shape::OrWord(word, _) => vec![word.to_owned(), "a file".to_owned()],
            Shape::Text => vec!["debug".to_owned()],
            Shape::Whole | Shape::Number => vec!["5".to_owned(), "7".to_owned()],
            Shape::Unit(_) | Shape::List(_) => Vec::new(),
        };
        let all = bounds.into_iter().chain(shape);
        all.filter(|value| !value.is_empty()).collect()
    }

    /// The settings with another value of this key than the shipped one, where one is accepted.
    fn another(shipped: &Settings, key: &Key) -> Option<Settings> {
        let value = |settings: &Settings| {
            let found = settings.effective.iter().find(|effective| effective.key.path == key.path);
            found.map(|effective| effective.said.value.clone())
        };
        let mut loaded = others(key).into_iter().filter_map(|other| with(key.path, &other).ok());
        loaded.find(|settings| value(settings) != value(shipped))
    }

    #[test]
    fn every_key_that_takes_effect_while_the_bot_runs_is_followed_and_no_other() {
        let shipped = Settings::load(&Sources::default()).unwrap();
        let engine = |path: &str| Config::keys().any(|key| key.path == path);
        let mut tried = 0;
        for key in keys().filter(|key| !engine(key.path)) {
            let other = another(&shipped, key);
            let waits = key.class == Class::Restart;
            assert!(other.is_some() || waits, "{}: no other value is tried", key.path);
            let Some(other) = other else { continue };
            tried += 1;
            let followed = Followed::of(&other) != Followed::of(&shipped);
            assert_eq!(followed, !waits, "{} says `{}`", key.path, key.class.word());
        }
        assert!(tried > 30, "{tried}");
    }

    #[test]
    fn every_key_of_the_engine_reaches_it_with_its_change() {
        let shipped = Settings::load(&Sources::default()).unwrap();
        for key in Config::keys() {
            assert_ne!(key.class, Class::Restart, "{}: the engine takes all of its settings", key.path);
            let Some(other) = another(&shipped, key) else { continue };
            let change = shipped.turned_into(&other).unwrap();
            let paths: Vec<_> = change.changed.iter().map(|changed| changed.key.path).collect();
            assert_eq!(paths, [key.path]);
            assert_ne!(change.settings.engine, shipped.engine, "{}", key.path);
            assert_eq!(change.settings.engine, other.engine, "{}", key.path);
        }
    }

    fn next(readings: &mut Readings) -> Read {
        loop {
            if let Some(read) = readings.next() {
                return read;
            }
            thread::yield_now();
        }
    }

    fn wish(who: &str) -> Wish {
        Wish { who: who.to_owned(), why: String::new(), reply: None }
    }

    #[test]
    fn a_wish_that_comes_while_settings_are_read_has_them_read_again() {
        let (times, go) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let read = {
            let (times, go) = (Arc::clone(&times), Arc::clone(&go));
            move || {
                let nth = times.fetch_add(1, Ordering::SeqCst) + 1;
                while !go.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
                with("risk.max_concurrent_positions", &nth.to_string())
            }
        };
        let wished = Box::new(|| false);
        let mut readings = Readings::new(Some(Reload { wished, read: Arc::new(read) }));
        assert!(readings.next().is_none(), "nobody wished it");
        readings.ask(wish("first"));
        assert!(readings.next().is_none());
        for who in ["second", "third"] {
            readings.ask(wish(who));
        }
        assert!(readings.next().is_none());
        go.store(true, Ordering::SeqCst);
        let mut told = Vec::new();
        for _ in 0..2 {
            let Read { wishes, settings } = next(&mut readings);
            let whom: Vec<_> = wishes.into_iter().map(|wish| wish.who).collect();
            told.push((whom.join(" "), settings.unwrap().engine.risk.max_concurrent_positions));
        }
        assert_eq!(told, [("first".to_owned(), 1), ("second third".to_owned(), 2)]);
        assert!(readings.next().is_none() && times.load(Ordering::SeqCst) == 2);
    }

    #[test]
    fn a_reading_that_dies_is_a_problem_and_the_next_one_works() {
        let died = AtomicBool::new(false);
        let read = move || {
            assert!(died.swap(true, Ordering::SeqCst), "on purpose");
            with("logs.level", "debug")
        };
        let mut readings = Readings::new(Some(Reload { wished: Box::new(|| false), read: Arc::new(read) }));
        readings.ask(wish("one"));
        assert!(next(&mut readings).settings.unwrap_err().0[0].message.contains("a bug"));
        readings.ask(wish("two"));
        let settings = next(&mut readings).settings.unwrap();
        assert_eq!(Followed::of(&settings).level, "debug");
        let level = settings.effective.iter().find(|effective| effective.key.path == "logs.level").unwrap();
        assert_eq!(to_json(&level.said.value), Value::Text("debug".to_owned()).plain());
    }
}
