//! What systemd hears: ready, alive, stopping. Without systemd all of it is silence.

use std::time::{Duration, Instant};

use sd_notify::NotifyState;

/// Tells systemd how the service is.
#[derive(Debug)]
pub struct Notifier {
    /// Half of what the watchdog allows; none without one.
    every: Option<Duration>,
    last: Instant,
}

impl Notifier {
    /// By what systemd asks of this process.
    #[must_use]
    pub fn of_environment() -> Self {
        let mut micros = 0;
        let every =
            sd_notify::watchdog_enabled(false, &mut micros).then(|| Duration::from_micros(micros) / 2);
        Self { every, last: Instant::now() }
    }

    fn say(states: &[NotifyState<'_>]) {
        if let Err(error) = sd_notify::notify(false, states) {
            tracing::debug!("systemd does not listen: {error}");
        }
    }

    /// The bot is visible and can be steered; fitness to trade is told by `/readyz`.
    pub fn ready(&self) {
        Self::say(&[NotifyState::Ready]);
    }

    /// The loop came round: its thread, its inbox and the engine work. Trouble outside of the process is never
    /// told here, since a restart would not mend it.
    pub fn alive(&mut self) {
        if self.every.is_some_and(|every| self.last.elapsed() >= every) {
            self.last = Instant::now();
            Self::say(&[NotifyState::Watchdog]);
        }
    }

    /// The bot ends its work.
    pub fn stopping(&self) {
        Self::say(&[NotifyState::Stopping]);
    }
}
