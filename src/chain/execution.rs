//! Execution: real orders, from their decision to the end that the chain gives them.
//!
//! One task owns the attempts in flight. An order is built from what was read ahead and signed at once; its bytes
//! leave when the engine, behind its commit, says so: to every endpoint, and again and again until there is an end.
//! Each endpoint is asked by itself what became of them. What landed is read from the transaction itself, never
//! guessed; that nothing can land any more takes what [`ending`] asks for. An error, a refusal or silence of a node
//! ends nothing.

mod attempt;
mod blockhashes;
mod closing;
mod coins;
mod drilling;
pub mod ending;
mod fees;
mod holdings;
mod keys;
mod lanes;
mod programs;
mod protections;
mod proving;
mod queue;
mod settling;
mod simulating;
#[cfg(test)]
mod tests;
mod tracking;
mod withdrawing;
mod workshop;
#[cfg(feature = "planted")]
mod wrong;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use momentum_core::action::{Order, Swap};
use momentum_core::event::{Enriched, Event, ExecutionEvent, ExecutionKind, Side};
use momentum_core::ids::{AttemptId, Mint, Pubkey, Signature, Slot, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::units::{Lamports, TokenAmount};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

pub use attempt::{Bytes, Inherited};
pub use closing::{TokenAccount, token_accounts};
pub use drilling::{Brought, drill};
pub use holdings::tokens_of;
pub use keys::LiveKeys;
pub use lanes::Lane;
pub use programs::{Standing, Sums, Venue, changed_since};
pub use protections::Protection;
pub use settling::Landing;
pub use simulating::{SimulationHandle, Simulator};
pub use workshop::Workshop;
#[cfg(feature = "planted")]
pub use wrong::Wrong;

use crate::endpoints::{BlockEngine, Blockhash, Failure, Looked, Passed, Rpc};
use crate::signer::SendLimits;
use crate::trade::Coin;
use attempt::Attempt;
use blockhashes::{Blockhashes, Reading};
use coins::Coins;
use ending::Witnesses;
use holdings::{Holdings, Read};
use lanes::Lanes;
use programs::{Picture, Watch};
use protections::Protections;
use queue::{Question, Queue, Wish};
use settling::Settling;
use withdrawing::Withdrawal;

/// The lane of bytes that an earlier process may have sent.
const EARLIER: &str = "earlier";
/// Ends and signatures that are remembered, and landings that are looked at: many more than can be on their way.
const ENDED: usize = 1_024;
/// Pause before another blockhash is asked for, where an order would have the bytes of an earlier one.
const OTHER_BYTES: Duration = Duration::from_millis(100);

/// Where the engine's wishes go. Clones want the same.
#[derive(Clone, Debug)]
pub struct ExecutionHandle(Arc<Queue>);

impl ExecutionHandle {
    /// Builds, checks and signs an attempt: answered by `Prepared` or `Refused`.
    pub fn submit(&self, order: &Order) {
        self.0.want(Wish::Submit(Box::new(order.clone())));
    }

    /// Sends the bytes of a prepared attempt. The caller has made them durable.
    pub fn broadcast(&self, attempt: AttemptId) {
        self.0.want(Wish::Broadcast(attempt));
    }

    /// Says what becomes of an attempt, sending nothing more.
    pub fn resolve(&self, attempt: AttemptId) {
        self.0.want(Wish::Resolve(attempt));
    }

    /// Proves that what is bought for this much can be sold again.
    pub fn prove(&self, mint: Mint, size: Lamports, asked: Timestamp) {
        self.0.ask(Question { mint, size, asked });
    }

    /// Remembers a coin that trades: by such ones it is proven that trades go through programs that have changed.
    pub fn met(&self, mint: Mint) {
        self.0.want(Wish::Met(mint));
    }

    /// Signs within these limits from here on.
    pub fn limit(&self, limits: SendLimits) {
        self.0.want(Wish::Limits(limits));
    }

    /// Reads our balances now.
    pub fn refresh(&self) {
        self.0.want(Wish::Refresh);
    }
}

/// Carries out orders.
pub struct Executor {
    rpc: Rpc,
    lanes: Lanes,
    workshop: Arc<Workshop>,
    keys: LiveKeys,
    protections: Protections,
    queue: Arc<Queue>,
    out: mpsc::Sender<Event>,
    blockhashes: Blockhashes,
    coins: Coins,
    attempts: BTreeMap<AttemptId, Attempt>,
    /// Landings that are told and not final.
    settling: BTreeMap<AttemptId, Settling>,
    /// When they are looked at next.
    settle_at: Instant,
    /// Orders that are wanted and have no bytes yet.
    unsigned: BTreeSet<AttemptId>,
    /// The newest attempts whose end is told, though the engine may not have heard of it yet.
    ended: BTreeSet<AttemptId>,
    /// The newest signatures: the chain takes the same bytes once, so each attempt has its own.
    signed: VecDeque<Signature>,
    holdings: Holdings,
    watch: Watch,
    under_way: FuturesUnordered<BoxFuture<'static, Done>>,
    /// What it counts time from.
    began: Instant,
    /// Of each endpoint: it is being asked how far attempts are, and when it is next asked whether they can land.
    looks: Vec<(bool, Instant)>,
    proving: usize,
    /// Tokens whose recent fees are being asked for.
    asking_fees: BTreeSet<Mint>,
    /// What was in flight at any time since the reading of balances that is under way began; none, where none is.
    moving: Option<BTreeSet<(Wallet, Mint)>>,
    balances_at: Instant,
}

/// What an earlier process left to an executor.
#[derive(Clone, Debug, Default)]
pub struct Left {
    /// Attempts without an end.
    pub inherited: Vec<Inherited>,
    /// Landings that may not have been final.
    pub landed: Vec<Landing>,
    /// Tokens that we hold by the book, and as of which slot.
    pub ours: Vec<(Wallet, Mint, TokenAmount, Slot)>,
    /// What the programs were when they were proven last; what they are when they are again is told here.
    pub proven: watch::Sender<Sums>,
}

/// Something that was under way is done.
enum Done {
    /// What an order needs was read.
    Gathered(Box<Order>, Result<(Coin, Blockhash), String>),
    /// The account that an order closes was read.
    Emptied(Box<Order>, Result<(Pubkey, Blockhash), String>),
    /// What an order brings away was sent in a simulation, or not.
    Withdrawable(Box<Order>, Withdrawal, Result<Blockhash, String>),
    /// Bytes were sent.
    Passed(AttemptId, Vec<Passed>),
    /// An endpoint said how far attempts are.
    Looked(usize, Vec<AttemptId>, Result<Looked, Failure>),
    /// A transaction was read.
    Fetched(AttemptId, Result<Option<serde_json::Value>, Failure>),
    /// Of an attempt that can never land, so they say: whether the tokens of its wallet say that it did.
    Doubted(AttemptId, Witnesses, Result<bool, Failure>),
    /// A proof was made, or not; with it what others pay was asked, or not.
    Proved(Question, proving::Proved, Option<proving::Price>),
    /// What others pay was told, or not.
    Fee(fees::Told),
    /// Balances were read, by a reading that began then.
    Balances(Timestamp, Result<Read, String>),
    /// The programs and their settings were read.
    Pictured(Result<Picture, Failure>),
    /// The fees were read that the programs take since they changed.
    Fees(Enriched),
    /// Changed programs were tried with a coin.
    Tried(proving::Proved),
}

impl Executor {
    /// An executor that takes over what an earlier process `left`. Answers go to `out`, and to `standing` how the
    /// programs are, which begin as it says. Nothing is asked or sent before it runs.
    #[must_use]
    pub fn inherit(
        rpc: Rpc,
        workshop: Workshop,
        keys: &LiveKeys,
        left: Left,
        out: mpsc::Sender<Event>,
        standing: watch::Sender<Standing>,
    ) -> (ExecutionHandle, Running) {
        let Left { inherited, landed, ours, proven } = left;
        let queue = Arc::new(Queue::default());
        let (blockhashes, reading) = Blockhashes::read(rpc.clone(), keys.blockhash_every);
        let now = Instant::now();
        let mut holdings = Holdings::new(workshop.wallets());
        let mut watch = Watch::new(standing, proven);
        for (wallet, mint, tokens, slot) in ours {
            holdings.inherit(wallet, mint, tokens, slot);
            watch.met(mint);
        }
        let mut attempts = BTreeMap::new();
        for Inherited { order, bytes } in inherited {
            if let Some(coin) = order.coin() {
                holdings.watch(order.wallet, coin);
            }
            if let Some(bytes) = bytes {
                attempts.insert(order.attempt, Attempt::inherited(order, bytes));
            }
        }
        let executor = Self {
            looks: vec![(false, now); rpc.count()],
            lanes: Lanes::default(),
            rpc,
            workshop: Arc::new(workshop),
            keys: keys.clone(),
            protections: Protections::default(),
            queue: Arc::clone(&queue),
            out,
            blockhashes,
            coins: Coins::default(),
            signed: attempts.values().map(|attempt| attempt.bytes.signature).collect(),
            attempts,
            settling: landed
                .into_iter()
                .map(|landing| (landing.order.attempt, Settling::new(landing)))
                .collect(),
            settle_at: now,
            unsigned: BTreeSet::new(),
            ended: BTreeSet::new(),
            holdings,
            watch,
            under_way: FuturesUnordered::new(),
            began: now,
            proving: 0,
            asking_fees: BTreeSet::new(),
            moving: None,
            balances_at: now,
        };
        (ExecutionHandle(queue), Running { executor, reading })
    }

    /// What was under way when this task died is begun again: nothing of it has ended anything. Orders that were
    /// not signed yet are given up, and that is told: they never left.
    async fn begin_again(&mut self) {
        self.under_way.clear();
        self.asking_fees.clear();
        self.attempts.values_mut().for_each(|attempt| attempt.fetching = false);
        self.looks.iter_mut().for_each(|(busy, _)| *busy = false);
        (self.proving, self.moving) = (0, None);
        self.watch.begin_again();
        for id in std::mem::take(&mut self.unsigned) {
            let why = "whoever was to sign it died before it was signed".to_owned();
            self.tell(id, ExecutionKind::Refused { why }).await;
        }
    }

    /// Works until nobody listens.
    async fn work(&mut self) {
        self.begin_again().await;
        let mut tick = tokio::time::interval(self.keys.track_every);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            while let Some(wish) = self.queue.wish() {
                self.take(wish).await;
            }
            self.prove();
            let queue = Arc::clone(&self.queue);
            tokio::select! {
                biased;
                () = self.out.closed() => return,
                () = queue.wake.notified() => {}
                Some(done) = self.under_way.next() => self.done(done).await,
                _ = tick.tick() => self.look_after(),
            }
        }
    }

    async fn take(&mut self, wish: Wish) {
        match wish {
            Wish::Submit(order) => self.submit(order).await,
            Wish::Broadcast(id) => self.broadcast(id).await,
            Wish::Resolve(id) => self.resolve(id).await,
            Wish::Limits(limits) => self.workshop.limit(limits),
            Wish::Refresh => self.balances_at = Instant::now(),
            Wish::Met(mint) => self.watch.met(mint),
        }
    }

    async fn done(&mut self, done: Done) {
        match done {
            Done::Gathered(order, Ok((coin, blockhash))) => {
                self.coins.met(order.mint, coin.clone());
                if self.unsigned.contains(&order.attempt) {
                    self.prepare(*order, &coin, &blockhash).await;
                }
            }
            Done::Gathered(order, Err(why)) => {
                if self.unsigned.remove(&order.attempt) {
                    self.tell(order.attempt, ExecutionKind::Refused { why }).await;
                }
            }
            Done::Emptied(order, found) => self.emptied(*order, found).await,
            Done::Withdrawable(order, of, tried) => self.withdrawable(*order, of, tried).await,
            Done::Passed(id, passed) => log_passed(id, &passed),
            Done::Looked(nth, of, looked) => self.looked(nth, &of, looked).await,
            Done::Fetched(id, transaction) => self.fetched(id, transaction).await,
            Done::Doubted(id, witnesses, landed) => self.doubted(id, witnesses, landed).await,
            Done::Proved(question, proved, price) => self.proved(question, proved, price).await,
            Done::Fee(told) => self.fee(told).await,
            Done::Balances(began, read) => self.balances(began, read).await,
            Done::Pictured(picture) => self.pictured(picture),
            Done::Fees(fees) => self.took_fees(fees).await,
            Done::Tried(proved) => self.tried(&proved),
        }
    }

    /// What is due by the clock.
    fn look_after(&mut self) {
        let (now, height) = (Instant::now(), self.blockhashes.height());
        let every = self.keys.resend_every;
        let due: Vec<_> = self
            .attempts
            .iter_mut()
            .filter_map(|(id, attempt)| attempt.resend(now, every, height).then_some(*id))
            .collect();
        for id in due {
            self.send(id);
        }
        self.look(now, height);
        self.read_balances(now);
        self.look_over(now);
    }

    /// Builds and signs at once where all that is needed was read ahead; else it is read first.
    async fn submit(&mut self, order: Box<Order>) {
        let id = order.attempt;
        if self.attempts.contains_key(&id) || !self.unsigned.insert(id) {
            return;
        }
        match order.swap {
            Swap::Buy { .. } | Swap::Sell { .. } => {}
            Swap::Close => return self.read_account(order),
            Swap::Withdraw { to, lamports } => return self.try_withdrawal(order, (to, lamports)),
        }
        self.holdings.watch(order.wallet, order.mint);
        let coin = self.coins.for_order(&order, self.keys.coin_age_max).cloned();
        match (coin, self.blockhashes.fresh(self.keys.blockhash_age_max)) {
            (Some(coin), Some(blockhash)) => self.prepare(*order, &coin, &blockhash).await,
            (coin, blockhash) => self.gather(order, coin, blockhash, Duration::ZERO),
        }
    }

    /// Reads what is missing for an order, after a while.
    fn gather(&self, order: Box<Order>, coin: Option<Coin>, blockhash: Option<Blockhash>, after: Duration) {
        let (rpc, workshop) = (self.rpc.clone(), Arc::clone(&self.workshop));
        self.under_way.push(Box::pin(async move {
            // Even a sleep of nothing lasts until the timer's next millisecond.
            if !after.is_zero() {
                tokio::time::sleep(after).await;
            }
            let gathered = gather(&rpc, &workshop, order.mint, coin, blockhash).await;
            Done::Gathered(order, gathered)
        }));
    }

    /// Signs. An order that says what an earlier one said, at the same blockhash, would have its very bytes, and what
    /// became of those would be told of both: it waits for a blockhash of its own.
    async fn prepare(&mut self, order: Order, coin: &Coin, blockhash: &Blockhash) {
        let units = self.coins.unit_limit(&order, coin, self.keys.unit_limit);
        let made = self.workshop.make(&order, coin, blockhash, self.lanes.tip_to(order.attempt), units);
        match made {
            Ok(bytes) if self.signed.contains(&bytes.signature) => {
                self.gather(Box::new(order), Some(coin.clone()), None, OTHER_BYTES);
            }
            made => self.made(order, made).await,
        }
    }

    /// Takes the signed bytes of an order, or why there are none.
    async fn made(&mut self, order: Order, made: Result<Bytes, String>) {
        let id = order.attempt;
        self.unsigned.remove(&id);
        match made {
            Ok(bytes) => {
                let Bytes { signature, last_valid_height, raw } = bytes.clone();
                self.signed.push_back(signature);
                if self.signed.len() > ENDED {
                    self.signed.pop_front();
                }
                self.fly(Attempt::new(order, bytes));
                self.tell(id, ExecutionKind::Prepared { signature, last_valid_height, raw }).await;
            }
            Err(why) => {
                tracing::warn!(attempt = %id, mint = %order.mint, "it does not leave: {why}");
                self.tell(id, ExecutionKind::Refused { why }).await;
            }
        }
    }

    /// An attempt is in flight from here on: what is being read of its wallet and token may be of before it or behind.
    fn fly(&mut self, attempt: Attempt) {
        let Order { wallet, mint, .. } = attempt.order;
        if let Some(moving) = &mut self.moving {
            moving.insert((wallet, mint));
        }
        self.attempts.insert(attempt.order.attempt, attempt);
    }

    /// That bytes have left is told when they leave: whatever becomes of the connection, they may arrive.
    async fn broadcast(&mut self, id: AttemptId) {
        let Some(attempt) = self.attempts.get_mut(&id) else {
            return tracing::error!(attempt = %id, "bytes that nobody has cannot be sent");
        };
        attempt.send_at = Some(Instant::now() + self.keys.resend_every);
        if let Some(lane) = self.send(id) {
            self.tell(id, ExecutionKind::Sent { lane: lane.word().to_owned() }).await;
        }
    }

    /// Sends the bytes of an attempt by the lane that is theirs now.
    fn send(&mut self, id: AttemptId) -> Option<Lane> {
        let attempt = self.attempts.get(&id)?;
        let lane = self.lanes.of(attempt, self.blockhashes.height(), &self.keys);
        let sending = self.lanes.send(attempt, lane, &self.rpc);
        self.under_way.push(Box::pin(async move { Done::Passed(id, sending.await) }));
        Some(lane)
    }

    /// What has bytes is tracked already; what has none never left. A sale that an earlier process signed may have
    /// left: it is told so, else newer bytes for the same tokens would wait until the chain has forgotten it.
    async fn resolve(&mut self, id: AttemptId) {
        match self.attempts.get_mut(&id) {
            Some(attempt) => {
                attempt.send_at = None;
                let told = std::mem::take(&mut attempt.inherited);
                if told && attempt.order.swap.side() == Side::Sell {
                    self.tell(id, ExecutionKind::Sent { lane: EARLIER.to_owned() }).await;
                }
            }
            None if self.unsigned.remove(&id) => {
                self.tell(
                    id,
                    ExecutionKind::Refused { why: "it was given up before it was signed".to_owned() },
                )
                .await;
            }
            None if self.ended.contains(&id) => {}
            None => self.tell(id, ExecutionKind::Refused { why: "it was never signed".to_owned() }).await,
        }
    }

    /// The channel is awaited: an event of an attempt is never lost. `work` ends where nobody listens.
    async fn tell(&mut self, attempt: AttemptId, kind: ExecutionKind) {
        if !matches!(kind, ExecutionKind::Prepared { .. } | ExecutionKind::Sent { .. }) {
            self.ended.insert(attempt);
            if self.ended.len() > ENDED {
                self.ended.pop_first();
            }
        }
        self.say(Event::from(ExecutionEvent { attempt, kind })).await;
    }

    async fn say(&mut self, event: Event) {
        if self.out.send(event).await.is_err() {
            tracing::debug!("nobody listens to executions any more");
        }
    }

    /// Time by a clock that never goes back.
    fn clock(&self) -> Duration {
        self.began.elapsed()
    }
}

/// An executor with all that it needs beside it.
pub struct Running {
    executor: Executor,
    reading: Reading,
}

impl Running {
    /// The same with a block engine: it is tipped by every order, and alone gets the private ones.
    #[must_use]
    pub fn with_engine(mut self, engine: BlockEngine) -> Self {
        self.executor.lanes = Lanes::with(engine);
        self
    }

    /// The same without a protection, for a test that shows that it is missed.
    #[cfg(any(test, feature = "planted"))]
    #[must_use]
    pub fn without(mut self, protection: Protection) -> Self {
        self.executor.protections = Protections::without(protection);
        self
    }

    /// Works until it is cancelled, or nobody listens. May be called again when it panicked.
    pub async fn run(&mut self, cancel: &CancellationToken) {
        let working = async {
            tokio::select! {
                biased;
                () = self.executor.work() => {}
                () = self.reading.run() => {}
            }
        };
        cancel.run_until_cancelled(working).await;
    }
}

/// Reads what is missing of a coin and a blockhash.
async fn gather(
    rpc: &Rpc,
    workshop: &Workshop,
    mint: Mint,
    coin: Option<Coin>,
    blockhash: Option<Blockhash>,
) -> Result<(Coin, Blockhash), String> {
    let coin = async {
        match coin {
            Some(coin) => Ok(coin),
            None => workshop.read(rpc, mint).await,
        }
    };
    let (coin, blockhash) = futures_util::future::join(coin, blockhash_or_newest(rpc, blockhash)).await;
    Ok((coin?, blockhash?))
}

/// The blockhash that was read ahead, or the newest.
async fn blockhash_or_newest(rpc: &Rpc, ahead: Option<Blockhash>) -> Result<Blockhash, String> {
    match ahead {
        Some(blockhash) => Ok(blockhash),
        None => rpc.latest_blockhash().await.map(|(_, newest)| newest).map_err(|why| why.to_string()),
    }
}

fn log_passed(id: AttemptId, passed: &[Passed]) {
    for Passed { endpoint, outcome } in passed {
        match outcome {
            Ok(()) => tracing::debug!(attempt = %id, endpoint, "sent"),
            Err(why) => tracing::warn!(attempt = %id, endpoint, "sent, as far as we know: {why}"),
        }
    }
    if passed.iter().all(|passed| passed.outcome.is_err()) {
        tracing::error!(attempt = %id, "no endpoint says that it took the bytes: they are sent again");
    }
}
