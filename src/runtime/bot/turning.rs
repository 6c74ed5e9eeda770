//! The loop: one event after the other, and what is due by the wall's clock in between.

use std::iter;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use momentum_chain::tasks::Tasks;
use momentum_control::request::Request;
use momentum_core::engine::Engine;
use momentum_core::event::{Commanded, Event};
use momentum_core::ids::Wallet;
use momentum_core::time::Timestamp;
use momentum_sim::driver::Driver;

use crate::arming::Arming;
use crate::inbox::Inbox;
use crate::logs::Logs;
use crate::node::Node;
use crate::notify::Notifier;
use crate::orders::StandingOrders;
use crate::planted::{self, Point, When};
use crate::play::Audience;
use crate::policy::{Finder, Policy};
use crate::reload::{Readings, Wish};
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::timeline::{Next, Timeline};

/// Time between two snapshots, by the wall.
const SNAPSHOT_EVERY: Duration = Duration::from_secs(60);
/// Time between two looks at the kill file and at how the parts are.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(250);

/// The loop and all that it looks after.
pub(super) struct Loop<'a, 'n, A> {
    pub(super) driver: Driver<Engine>,
    pub(super) node: Node<'n, A>,
    pub(super) timeline: Timeline<'static>,
    pub(super) inbox: &'a Inbox,
    pub(super) stop: &'a AtomicBool,
    pub(super) notifier: Notifier,
    pub(super) orders: Option<StandingOrders>,
    pub(super) policy: Policy,
    /// Where all lamports may go now, as real orders are signed.
    pub(super) refuge: Option<Wallet>,
    pub(super) tasks: Tasks,
    /// None but in live.
    pub(super) arming: Option<Arming>,
    pub(super) looked: Instant,
    pub(super) snapshots: Option<PathBuf>,
    pub(super) snapshot_at: Instant,
    /// The settings in force.
    pub(super) settings: Settings,
    pub(super) readings: Readings,
    pub(super) logs: Option<&'a Logs>,
    pub(super) say: &'a dyn Fn(&str),
}

impl<A: Audience<Engine>> Loop<'_, '_, A> {
    /// Plays until the source ends, the audience has enough, or an interrupt comes; whether it was one.
    pub(super) fn play(&mut self) -> bool {
        loop {
            let next = self.timeline.next(self.inbox, self.driver.next_due(), self.stop);
            if !self.turn(next) || self.node.audience().after(&self.driver).is_break() {
                return self.stop.load(Ordering::Relaxed);
            }
        }
    }

    /// One event, one request, or a moment of nothing. `false` where there is nothing more to come.
    pub(super) fn turn(&mut self, next: Next) -> bool {
        match next {
            Next::Event(now, event) => {
                let (inbox, timeline) = (self.inbox, &self.timeline);
                let signed = || inbox.signed().map(|event| (timeline.now().unwrap_or(now), event));
                let events = iter::once((now, event)).chain(iter::from_fn(signed));
                self.driver.feed_all(events, &mut self.node);
            }
            Next::Request(Request::Reload { who, why, reply }) => {
                self.readings.ask(Wish { who, why, reply: Some(reply) });
            }
            Next::Request(request) => {
                let now = self.now();
                self.node.obey(request, now, &mut self.driver);
            }
            Next::Idle => {
                if let Some(now) = self.timeline.now() {
                    self.driver.advance(now, &mut self.node);
                }
            }
            Next::Ended | Next::Interrupted => return false,
        }
        self.tell_of_thefts();
        self.look_after();
        true
    }

    /// Market time of this moment.
    pub(super) fn now(&self) -> Timestamp {
        self.timeline.now().unwrap_or_else(|| self.driver.now())
    }

    /// What left by another hand is critical behind the very event that showed it: what the book does not know of, the
    /// next process would not either.
    fn tell_of_thefts(&mut self) {
        for (wallet, lost) in self.node.taken() {
            let found = self.policy.found(Finder::Wallet(wallet), &lost);
            let now = self.now();
            self.driver.feed(now, Event::Command(Box::new(found)), &mut self.node);
        }
    }

    /// What is due by the wall's clock.
    fn look_after(&mut self) {
        self.node.publish(&self.driver, false);
        self.reload();
        if self.looked.elapsed() < LOOK_EVERY {
            return;
        }
        self.looked = Instant::now();
        self.notifier.alive();
        self.readings.hear();
        let mut commands = Vec::new();
        if let Some(orders) = &mut self.orders {
            commands.extend(orders.changed(self.driver.processor()));
        }
        if let Some(shown) = self.node.shown() {
            commands.extend(self.policy.apply(&shown.state.services, &shown.view.trader.holds));
        }
        if let Some(arming) = &self.arming {
            commands.extend(arming.changed(self.driver.processor()));
        }
        commands.extend(self.leave());
        commands.extend(self.tasks.failing().map(|dying| self.policy.found(Finder::Tasks, &dying)));
        for commanded in commands {
            let now = self.now();
            self.driver.feed(now, Event::Command(Box::new(commanded)), &mut self.node);
        }
        if self.snapshot_at.elapsed() >= planted::snapshot_every(SNAPSHOT_EVERY) {
            self.snapshot();
        }
    }

    /// Whether something is on its way to the cold address, or about to be.
    pub(super) fn withdraws(&self) -> bool {
        let engine = self.driver.processor();
        self.policy.withdraws(engine.trader(), engine.config())
    }

    /// Brings what is left of wallets whose key somebody else has to the cold address: the way there is open as long as
    /// that stands.
    fn leave(&mut self) -> Vec<Commanded> {
        let engine = self.driver.processor();
        let refuge = self.policy.refuge(engine.trader());
        if refuge != self.refuge {
            self.refuge = refuge;
            self.node.limit(&self.settings.engine, refuge);
        }
        self.policy.withdraw(engine.trader(), engine.config(), self.looked)
    }

    /// Writes what was measured down, behind everything that is durable: the store is never older.
    pub(super) fn snapshot(&mut self) {
        self.snapshot_at = Instant::now();
        let Some(folder) = &self.snapshots else { return };
        if let Some(gate) = &mut self.node.gate
            && let Err(why) = gate.flush(Duration::from_secs(5))
        {
            tracing::warn!("no snapshot: {why}");
            return;
        }
        let engine = match self.driver.processor().snapshot() {
            Ok(engine) => engine,
            Err(error) => return tracing::error!("no snapshot: {error}"),
        };
        let market = self.timeline.embedded().cloned().map(Box::new);
        let snapshot = Snapshot { seq: self.driver.seq(), now: self.driver.now(), engine, market };
        planted::dies(When::Before, Point::Snapshot);
        if let Err(error) = snapshot.write(folder) {
            tracing::error!("no snapshot: {error}");
        }
        planted::dies(When::After, Point::Snapshot);
    }
}
