//! The window: what every surface sees of the bot, published on change and at most ten times a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use momentum_control::reload::Reading;
use momentum_control::state::{BotState, Identity, Published, Status, Surroundings};
use momentum_core::action::Effects;
use momentum_core::engine::Engine;
use momentum_core::event::{Command, Envelope, Event, WalletEvent};
use momentum_core::fact::{AttemptEnd, Fact};
use momentum_core::time::Timestamp;
use momentum_core::trader::state::Hold;
use momentum_sim::driver::Driver;
use momentum_store::journal::Journal;
use tokio::sync::watch;

use crate::services::Services;

/// Time between two publications.
const EVERY: Duration = Duration::from_millis(100);

/// Where the state is shown.
pub struct Window {
    identity: Identity,
    warm_until: Option<Timestamp>,
    services: Services,
    published: watch::Sender<Arc<Published>>,
    shown: Instant,
    last_trade: Option<Timestamp>,
    balances_read: Option<Timestamp>,
    errors: BTreeMap<String, u64>,
    ending: bool,
    reading: Option<Reading>,
}

impl Window {
    /// A window that shows a bot that is starting at `now`: its driver has no time before the first event.
    pub fn open(
        identity: Identity,
        warm_until: Option<Timestamp>,
        services: Services,
        engine: &Engine,
        now: Timestamp,
    ) -> Self {
        let view = engine.view();
        let around = Surroundings {
            status: Status::Initializing,
            now,
            slot: None,
            lag_slots: None,
            last_trade: None,
            balances_read: None,
            errors: BTreeMap::new(),
            services: Vec::new(),
            arm: None,
            reading: None,
        };
        let state = BotState::of(&identity, &view, &around);
        let (published, _) = watch::channel(Arc::new(Published { state, view }));
        Self {
            identity,
            warm_until,
            services,
            published,
            shown: Instant::now(),
            last_trade: None,
            balances_read: None,
            errors: BTreeMap::new(),
            ending: false,
            reading: None,
        }
    }

    /// For those who look.
    pub fn watched(&self) -> watch::Receiver<Arc<Published>> {
        self.published.subscribe()
    }

    /// What was shown last.
    pub fn shown(&self) -> Arc<Published> {
        Arc::clone(&self.published.borrow())
    }

    /// The run is ending.
    pub const fn ending(&mut self) {
        self.ending = true;
    }

    /// The settings were read again.
    pub fn read_again(&mut self, reading: Reading) {
        self.reading = Some(reading);
    }

    /// Counts what went wrong, and knows which settings are in force.
    pub fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        if let Event::Command(commanded) = &envelope.event
            && let Command::Reconfigure(config) = &commanded.command
        {
            self.identity.config_hash = config.hash;
        }
        if let Event::Wallet(WalletEvent::Read { began }) = envelope.event {
            self.balances_read = Some(began);
        }
        for fact in &effects.facts {
            let class = match fact {
                Fact::Filled { .. } => {
                    self.last_trade = Some(envelope.now);
                    continue;
                }
                Fact::AttemptEnded { end, .. } => match end {
                    AttemptEnd::Refused { .. } => "attempt_refused",
                    AttemptEnd::Failed { .. } => "attempt_failed",
                    AttemptEnd::Expired => "attempt_expired",
                },
                Fact::Vanished { .. } => "landing_vanished",
                Fact::InvariantBroken { .. } => "invariant",
                _ => continue,
            };
            *self.errors.entry(class.to_owned()).or_default() += 1;
        }
    }

    /// Shows the state as it is, unless that was done just now.
    pub fn show(&mut self, driver: &Driver<Engine>, journal: Option<&Journal>, at_once: bool) {
        if !at_once && self.shown.elapsed() < EVERY {
            return;
        }
        self.shown = Instant::now();
        let engine = driver.processor();
        let view = engine.view();
        let status = if view.trader.holds.iter().any(|held| held.hold == Hold::Invariant) {
            Status::Error
        } else if self.ending {
            Status::ShuttingDown
        } else if self.warm_until.is_some_and(|until| driver.now() < until) {
            Status::Warming
        } else {
            Status::Running
        };
        let feed = engine.market().feed();
        let lag = feed.highest.zip(feed.slot).map(|(highest, slot)| highest.0.saturating_sub(slot.0));
        let around = Surroundings {
            status,
            now: driver.now(),
            slot: feed.slot,
            lag_slots: lag,
            last_trade: self.last_trade,
            balances_read: self.balances_read,
            errors: self.errors.clone(),
            services: self.services.now(journal, feed.slot),
            arm: view.trader.arm,
            reading: self.reading.clone(),
        };
        let state = BotState::of(&self.identity, &view, &around);
        self.published.send_replace(Arc::new(Published { state, view }));
    }
}
