//! The one task that owns all sources: dials, listens, notices what is lost, goes on elsewhere and comes back.

mod connection;
mod placing;

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use momentum_core::event::{Event, FeedEvent};
use momentum_core::ids::{Mint, PoolId, Slot};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use yellowstone_grpc_proto::geyser::SubscribeUpdateTransaction;

use super::continuity::Continuity;
use super::delivery::Delivery;
use super::health::{StreamHealth, StreamState};
use super::reading::Reading;
use super::{Endpoints, Lost, StreamKeys, Update};
use crate::clock::now;
use crate::{websocket, yellowstone};
use connection::Connection;

/// How often silence is looked for and health is published.
const TICK: Duration = Duration::from_millis(100);
/// Updates taken in one go while there are more, before ticks and wishes are looked at again.
const BATCH: usize = 256;

/// A connection and the place of its endpoint in the order of preference.
type Dialled = (usize, Connection);

/// Why listening ended.
enum Ended {
    Lost(Lost),
    Stopped,
}

/// The supervisor of all sources.
pub(super) struct Supervisor {
    endpoints: Arc<Endpoints>,
    keys: Arc<StreamKeys>,
    follows: watch::Receiver<BTreeSet<Mint>>,
    pools: Arc<Vec<PoolId>>,
    cancel: CancellationToken,
    health: StreamHealth,
    health_out: watch::Sender<StreamHealth>,
    chain: Continuity,
    reading: Reading,
    delivery: Delivery,
    /// Transactions whose slot nothing links yet, and since when the first of them waits.
    unlinked: Vec<(Slot, Box<SubscribeUpdateTransaction>)>,
    unlinked_since: Option<Instant>,
    dead: Vec<(Slot, Option<u64>)>,
    last_message: Instant,
    last_slot: Instant,
    last_ping: Instant,
}

impl Supervisor {
    pub(super) fn new(
        endpoints: Arc<Endpoints>,
        keys: Arc<StreamKeys>,
        delivery: Delivery,
        follows: watch::Receiver<BTreeSet<Mint>>,
        health_out: watch::Sender<StreamHealth>,
        cancel: CancellationToken,
    ) -> Self {
        let now = Instant::now();
        Self {
            endpoints,
            keys,
            follows,
            pools: Arc::default(),
            cancel,
            health: StreamHealth::default(),
            health_out,
            chain: Continuity::default(),
            reading: Reading::default(),
            delivery,
            unlinked: Vec::new(),
            unlinked_since: None,
            dead: Vec::new(),
            last_message: now,
            last_slot: now,
            last_ping: now,
        }
    }

    /// The same, going on behind the newest slot that an earlier process saw.
    pub(super) fn behind(self, seen: Option<Slot>) -> Self {
        Self { chain: Continuity::behind(seen), ..self }
    }

    /// Serves until it is cancelled or nobody takes the events any more.
    pub(super) async fn run(mut self) {
        let mut pauses = self.pauses();
        let mut first = 0;
        while let Some((place, connection)) = self.dial(first, &mut pauses).await {
            let before = self.chain.resume();
            let Ended::Lost(why) = self.listen(place, connection).await else { break };
            tracing::warn!(endpoint = %self.health.name, %why, "stream lost");
            self.health.lost = Some(why);
            self.delivery.give(Event::Feed(FeedEvent::Down)).await;
            // One that told nothing whole is no better than one that cannot be dialled: the next one is tried.
            first = if self.chain.resume() > before {
                pauses = self.pauses();
                0
            } else {
                place + 1
            };
        }
        self.enter(StreamState::Stopped, self.health.endpoint);
    }

    fn pauses(&self) -> ExponentialBackoff {
        let (min, max) = (self.keys.source.pause_min, self.keys.source.pause_max);
        ExponentialBuilder::new()
            .with_min_delay(min)
            .with_max_delay(max)
            .without_max_times()
            .with_jitter()
            .build()
    }

    /// Dials one endpoint after the other, from the `first` on, with a pause after each round, until one serves.
    /// `None` when stopped.
    async fn dial(&mut self, first: usize, pauses: &mut ExponentialBackoff) -> Option<Dialled> {
        let mut place = first;
        loop {
            while place < self.endpoints.count() {
                self.enter(StreamState::Connecting, place);
                self.look_at_follows();
                match self.apart(self.connect(place)).await? {
                    Ok(connection) => return Some((place, connection)),
                    Err(why) => {
                        tracing::warn!(endpoint = %self.health.name, %why, "no stream from this endpoint");
                        self.health.failures += 1;
                        self.health.lost = Some(why);
                        place += 1;
                    }
                }
            }
            let pause = pauses.next().unwrap_or(self.keys.source.pause_max);
            self.enter(StreamState::Pausing, self.health.endpoint);
            self.apart(sleep(pause)).await?;
            place = 0;
        }
    }

    /// Connects to the endpoint at a place, from the last whole slot on.
    fn connect(&self, place: usize) -> BoxFuture<'static, Result<Connection, Lost>> {
        let (endpoints, keys, pools) = (self.endpoints.clone(), self.keys.clone(), self.pools.clone());
        let from = self.chain.resume();
        Box::pin(async move {
            let Some((endpoint, websocket)) = endpoints.get(place) else { return Err(Lost::Address) };
            Ok(if websocket {
                Connection::WebSocket(Box::new(websocket::connect(endpoint, &keys.grpc).await?))
            } else {
                let connection = yellowstone::client::connect(endpoint, &keys.grpc, &pools, from).await?;
                Connection::Yellowstone(Box::new(connection))
            })
        })
    }

    /// Waits for something that is not a connection's, while gaps are filled. `None` when stopped.
    async fn apart<T>(&mut self, wait: impl Future<Output = T>) -> Option<T> {
        tokio::pin!(wait);
        loop {
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return None,
                answer = self.delivery.answered() => self.delivery.fill(answer, &mut self.reading).await,
                done = &mut wait => return Some(done),
            }
        }
    }

    /// Listens to a connection, and to a better one as soon as it answers, until there is none.
    async fn listen(&mut self, place: usize, connection: Connection) -> Ended {
        let (mut place, mut connection) = (place, connection);
        if self.health.last_message.is_some() {
            self.health.reconnects += 1;
        }
        self.serve(place, &connection);
        self.delivery.give(Event::Feed(FeedEvent::Up)).await;
        let cancelled = self.cancel.clone().cancelled_owned();
        tokio::pin!(cancelled);
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut better: Option<BoxFuture<'static, Option<Dialled>>> = None;
        let mut asked = Instant::now();
        loop {
            tokio::select! {
                biased;
                () = &mut cancelled => return Ended::Stopped,
                _ = ticks.tick() => {
                    if let Err(why) = self.tick(&mut connection).await {
                        return Ended::Lost(why);
                    }
                    if place > 0 && better.is_none() && asked.elapsed() >= self.keys.source.return_every {
                        better = Some(self.better_than(place));
                    }
                }
                Ok(()) = self.follows.changed() => {
                    self.look_at_follows();
                    let pools = self.pools.clone();
                    if let Err(why) = within_deadline(&self.keys, connection.follow(&pools)).await {
                        return Ended::Lost(why);
                    }
                }
                answer = self.delivery.answered() => {
                    let from = Instant::now();
                    self.delivery.fill(answer, &mut self.reading).await;
                    self.was_busy(from);
                }
                found = poll(&mut better) => {
                    (better, asked) = (None, Instant::now());
                    if let Some(found) = found {
                        (place, connection) = found;
                        tracing::info!(endpoint = %self.health.name, "a better stream answers again");
                        self.health.reconnects += 1;
                        self.serve(place, &connection);
                    }
                }
                update = connection.next() => match self.take_all(update, &mut connection).await {
                    Ok(()) => {}
                    Err(why) => return Ended::Lost(why),
                },
            }
        }
    }

    /// The first of the endpoints before `place` that answers, if one does.
    fn better_than(&self, place: usize) -> BoxFuture<'static, Option<Dialled>> {
        let attempts: Vec<_> = (0..place).map(|place| (place, self.connect(place))).collect();
        Box::pin(async move {
            for (place, attempt) in attempts {
                if let Ok(connection) = attempt.await {
                    return Some((place, connection));
                }
            }
            None
        })
    }

    /// A connection serves from here on.
    fn serve(&mut self, place: usize, connection: &Connection) {
        self.chain.joined(connection.joined());
        self.unlinked.clear();
        self.unlinked_since = None;
        let now = Instant::now();
        (self.last_message, self.last_slot, self.last_ping) = (now, now, now);
        self.enter(StreamState::Live, place);
        tracing::info!(endpoint = %self.health.name, joined = ?connection.joined(), "stream live");
    }

    /// Takes an update and all that came with it.
    async fn take_all(
        &mut self,
        mut update: Result<Update, Lost>,
        connection: &mut Connection,
    ) -> Result<(), Lost> {
        let from = Instant::now();
        self.last_message = from;
        for taken in 1.. {
            self.take(update?).await;
            if taken == BATCH {
                break;
            }
            match connection.next().now_or_never() {
                Some(next) => update = next,
                None => break,
            }
        }
        self.was_busy(from);
        Ok(())
    }

    /// Time in which the engine took nothing is no silence of the server.
    fn was_busy(&mut self, from: Instant) {
        let busy = from.elapsed();
        self.last_message += busy;
        self.last_slot += busy;
    }

    /// What is due by time.
    async fn tick(&mut self, connection: &mut Connection) -> Result<(), Lost> {
        let keys = self.keys.clone();
        if self.last_message.elapsed() >= keys.grpc.silence {
            return Err(Lost::Silent);
        }
        if self.last_slot.elapsed() >= keys.grpc.stall {
            return Err(Lost::Stalled);
        }
        if self.last_ping.elapsed() >= keys.grpc.ping_every {
            self.last_ping = Instant::now();
            within_deadline(&keys, connection.ping()).await?;
        }
        if self.unlinked_since.is_some_and(|since| since.elapsed() >= keys.grpc.link_within) {
            self.place_unlinked(true).await;
        }
        self.delivery.catch_up();
        self.publish();
        Ok(())
    }

    /// The pools of the followed tokens, as they are wanted now.
    fn look_at_follows(&mut self) {
        let mints = self.follows.borrow_and_update();
        self.pools = Arc::new(self.reading.follow(&*mints));
    }

    fn enter(&mut self, state: StreamState, place: usize) {
        self.health.state = state;
        self.health.endpoint = place;
        if let Some((endpoint, _)) = self.endpoints.get(place) {
            self.health.name = endpoint.name.clone();
        }
        self.health.since = now();
        self.publish();
    }

    fn publish(&mut self) {
        let health = &mut self.health;
        if health.state == StreamState::Live {
            let ago = i64::try_from(self.last_message.elapsed().as_micros()).unwrap_or(i64::MAX);
            health.last_message = Some(momentum_core::time::Timestamp(now().0.saturating_sub(ago)));
        }
        health.counts = self.reading.counts;
        health.duplicates = self.reading.duplicates;
        (health.gaps, health.filled) = (self.delivery.gaps, self.delivery.filled);
        health.dropped = self.delivery.dropped;
        self.health_out.send_if_modified(|published| {
            let changed = *published != *health;
            if changed {
                published.clone_from(health);
            }
            changed
        });
    }
}

/// Waits for what is being dialled; for ever where nothing is.
async fn poll(dialling: &mut Option<BoxFuture<'static, Option<Dialled>>>) -> Option<Dialled> {
    match dialling {
        Some(dialling) => dialling.await,
        None => std::future::pending().await,
    }
}

/// A word to the server has a deadline as well: its request window may be closed for ever.
async fn within_deadline(
    keys: &StreamKeys,
    word: impl Future<Output = Result<(), Lost>>,
) -> Result<(), Lost> {
    timeout(keys.grpc.silence, word).await.unwrap_or(Err(Lost::Silent))
}
