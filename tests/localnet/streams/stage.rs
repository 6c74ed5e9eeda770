//! What the tests share: a client with quick settings, and what came out of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use momentum_chain::stream::{
    Endpoint, Endpoints, Filler, Stream, StreamHealth, StreamKeys, StreamState, open,
};
use momentum_chain::tasks::Tasks;
use momentum_core::event::{Event, FeedEvent, MarketEvent};
use momentum_core::ids::{Pubkey, Signature, Slot};
use momentum_localnet::blocks::{Blocks, curve_trade, key};
use momentum_pump::decode::{Outcome, decode};
use momentum_pump::transaction::OwnedTransaction;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Longest wait for anything that must come.
const DEADLINE: Duration = Duration::from_secs(60);

/// Settings that notice faults soon and never give up too early on a busy machine.
pub(crate) fn keys() -> StreamKeys {
    let mut keys = StreamKeys::default();
    keys.source.patience = Duration::from_secs(60);
    keys.source.pause_min = Duration::from_millis(20);
    keys.source.pause_max = Duration::from_millis(200);
    keys.source.return_every = Duration::from_millis(200);
    keys.source.fill_within = Duration::from_secs(60);
    keys.grpc.connect = Duration::from_secs(20);
    keys.grpc.silence = Duration::from_secs(20);
    keys.grpc.stall = Duration::from_secs(40);
    keys.grpc.ping_every = Duration::from_millis(100);
    keys
}

/// One gRPC endpoint.
pub(crate) fn alone(url: &str) -> Endpoints {
    Endpoints { grpc: vec![Endpoint::new("first", url)], websocket: None }
}

/// The token that most tests trade.
pub(crate) fn mint() -> Pubkey {
    key(1, 1)
}

/// Purchases on the curve with these numbers.
pub(crate) fn trades(numbers: std::ops::Range<u64>) -> Vec<OwnedTransaction> {
    numbers.map(|number| curve_trade(number, mint())).collect()
}

/// An event's name.
pub(crate) type Key = (Signature, u16);

/// The market events of transactions.
pub(crate) fn meaning(transactions: &[OwnedTransaction]) -> Vec<MarketEvent> {
    let mut events = Vec::new();
    for transaction in transactions {
        decode(
            transaction,
            |_| None,
            |outcome| {
                if let Outcome::Decoded(event) = outcome {
                    events.push(event);
                }
            },
        );
    }
    events
}

/// A filler that reads the chain itself, as an RPC node would.
pub(crate) fn filler(blocks: &Blocks, all: &Arc<Vec<OwnedTransaction>>) -> Filler {
    let by_signature: Arc<BTreeMap<Signature, OwnedTransaction>> =
        Arc::new(all.iter().map(|transaction| (transaction.signature, transaction.clone())).collect());
    let blocks = blocks.clone();
    Arc::new(move |from: Slot, to: Slot| {
        let (blocks, by_signature) = (blocks.clone(), by_signature.clone());
        Box::pin(async move {
            let mut events = Vec::new();
            for place in blocks.place(from.0)..blocks.place(to.0 + 1) {
                let block = blocks.get(place).unwrap();
                for told in &block.transactions {
                    let signature = &told.transaction.as_ref().unwrap().signature;
                    let signature = Signature(signature.as_slice().try_into().unwrap());
                    let mut transaction = by_signature[&signature].clone();
                    transaction.slot = Some(Slot(block.slot));
                    events.extend(meaning(&[transaction]).into_iter().map(Event::from));
                }
            }
            Ok(events)
        })
    })
}

/// A running client and what came out of it so far.
pub(crate) struct Client {
    pub(crate) stream: Stream,
    pub(crate) came: BTreeMap<Key, usize>,
    pub(crate) feed: Vec<FeedEvent>,
    /// Slots of the market events in their order.
    pub(crate) slots: Vec<u64>,
    pub(crate) cancel: CancellationToken,
}

impl Client {
    pub(crate) fn open(endpoints: Endpoints, keys: StreamKeys, filler: Option<Filler>) -> Self {
        let cancel = CancellationToken::new();
        let stream = open(endpoints, keys, filler, None, &Tasks::default(), &cancel);
        Self { stream, came: BTreeMap::new(), feed: Vec::new(), slots: Vec::new(), cancel }
    }

    /// The next event.
    pub(crate) async fn next(&mut self) -> Event {
        let next = timeout(DEADLINE, self.stream.events.recv()).await;
        let health = self.stream.health.borrow().clone();
        let event = next.unwrap_or_else(|_| panic!("nothing came: {:?}, {health:?}", self.feed)).unwrap();
        match &event {
            Event::Market(event) => {
                *self.came.entry((event.signature, event.ordinal)).or_default() += 1;
                self.slots.push(event.slot.unwrap().0);
            }
            Event::Feed(feed) => {
                // A slot a block is no news here.
                if !matches!(feed, FeedEvent::Slot { .. }) {
                    self.feed.push(*feed);
                }
            }
            other => panic!("{other:?}"),
        }
        event
    }

    /// Takes events until this one of the stream itself came.
    pub(crate) async fn until(&mut self, wanted: FeedEvent) {
        while self.next().await != Event::Feed(wanted) {}
    }

    /// Takes events until the end of this slot came.
    pub(crate) async fn until_slot(&mut self, wanted: u64) {
        loop {
            if let Event::Feed(FeedEvent::Slot { slot, .. }) = self.next().await
                && slot.0 >= wanted
            {
                return;
            }
        }
    }

    /// Waits until the streams are well at this endpoint.
    pub(crate) async fn live_at(&mut self, endpoint: usize) {
        self.health(|health| health.state == StreamState::Live && health.endpoint == endpoint).await;
    }

    /// Waits for a state of the streams; events are taken meanwhile.
    pub(crate) async fn health(&mut self, wanted: impl Fn(&StreamHealth) -> bool) {
        let mut health = self.stream.health.clone();
        let seen = timeout(DEADLINE, health.wait_for(wanted)).await;
        assert!(seen.is_ok(), "{:?}, {:?}", self.stream.health.borrow().clone(), self.feed);
    }

    /// Asserts that exactly these came, each once.
    pub(crate) fn came_once(&self, expected: &[MarketEvent]) {
        let expected: BTreeMap<Key, usize> =
            expected.iter().map(|event| ((event.signature, event.ordinal), 1)).collect();
        let missing = expected.keys().filter(|key| !self.came.contains_key(*key)).count();
        let doubled = self.came.values().filter(|count| **count > 1).count();
        let strange = self.came.keys().filter(|key| !expected.contains_key(*key)).count();
        assert_eq!((missing, doubled, strange), (0, 0, 0), "missing, doubled, strange; {:?}", self.feed);
    }

    /// Stops the streams; their task ends.
    pub(crate) async fn stop(self) {
        self.cancel.cancel();
        timeout(DEADLINE, self.stream.task).await.unwrap().unwrap();
        assert_eq!(self.stream.health.borrow().state, StreamState::Stopped);
    }
}
