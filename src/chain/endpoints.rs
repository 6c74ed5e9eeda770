//! RPC endpoints: a primary and its backups behind one client that fails over and comes back.
//!
//! A question goes to the first endpoint, in the order in which they were given, that is fit: of our network, not
//! behind, not asked to be left alone, its circuit breaker closed. What one cannot answer the next is asked, then
//! all once more after a pause, until the deadline of the question. Only [`Rpc::watch`] asks a half-open endpoint
//! while another works, so no question of ours pays for the probe; when the primary answers it, it is first again.

mod accounts;
mod block_engine;
mod breaker;
mod count;
mod failure;
mod keys;
mod latency;
mod node;
mod prices;
mod sending;
#[cfg(test)]
mod tests;
mod tracking;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::future::{BoxFuture, join_all};
use momentum_core::ids::Slot;
use secrecy::SecretString;
use serde_json::{Value, json};
use solana_client::client_error::Result as ClientResult;
use solana_client::nonblocking::rpc_client::RpcClient;
use solana_client::rpc_client::RpcClientConfig;
use solana_client::rpc_request::RpcRequest;
use solana_client::rpc_sender::{RpcSender, RpcTransportStats};
use solana_commitment_config::CommitmentConfig;
use tokio_util::sync::CancellationToken;

pub use accounts::Account;
pub use block_engine::BlockEngine;
pub use breaker::{Breaker, BreakerState, Limits};
pub use failure::{Class, Failure};
pub use keys::RpcKeys;
use node::{Network, Node};
pub use sending::Passed;
pub use tracking::{Blockhash, Looked, Simulated, Status};

/// The hash of mainnet's first block.
pub const MAINNET: &str = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";
/// That of devnet's.
pub const DEVNET: &str = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG";
/// That of testnet's.
pub const TESTNET: &str = "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY";

/// Where a node answers. The URL carries a token: it is shown nowhere.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What people call it.
    pub name: String,
    /// Its URL.
    pub url: SecretString,
}

/// Why endpoints cannot be used. The URL is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongEndpoint {
    /// No endpoint at all.
    #[error("no RPC endpoint is given")]
    None,
    /// Not a URL, or not one of HTTP.
    #[error("the URL of RPC endpoint `{name}` is broken, or not one of http or https")]
    Url {
        /// Whose.
        name: String,
    },
    /// The same node twice: it would be its own second witness.
    #[error(
        "the RPC endpoints `{one}` and `{other}` of endpoints.rpc hold the same address: name another node in one of \
         them, or take one away"
    )]
    Same {
        /// The first one.
        one: String,
        /// The second one.
        other: String,
    },
    /// No TLS on this machine.
    #[error("TLS cannot be set up")]
    Tls,
}

/// How an endpoint is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointHealth {
    /// What people call it.
    pub name: String,
    /// Whether a question may go to it now, and it has told that it is of our network.
    pub usable: bool,
    /// Its circuit breaker.
    pub breaker: BreakerState,
    /// It asked for patience: for how long still.
    pub rests_for: Option<Duration>,
    /// It serves another network and is never used.
    pub another_network: bool,
    /// Its slot when it was looked at last.
    pub slot: Option<Slot>,
    /// How far that was behind the highest known one.
    pub slots_behind: u64,
    /// Its slot was so far ahead of all others that it cannot be true.
    pub implausible: bool,
    /// Questions that it answered.
    pub answers: u64,
    /// Questions that it did not, by class.
    pub failures: BTreeMap<Class, u64>,
    /// Half of its last answers took no longer.
    pub latency_p50: Option<Duration>,
    /// 99 % of its last answers took no longer.
    pub latency_p99: Option<Duration>,
}

/// All endpoints behind one client. Clones share everything.
#[derive(Clone)]
pub struct Rpc {
    switch: Arc<Switch>,
    client: Arc<RpcClient>,
}

impl Rpc {
    /// The primary first, then its backups. `genesis` is the hash (base58) that the network's first block must
    /// have; without it the first endpoint that answers says which network this is. Nothing is asked yet.
    ///
    /// # Errors
    /// Where there is no endpoint, one's URL is wrong, or two have the same.
    pub fn new(
        endpoints: Vec<Endpoint>,
        keys: &RpcKeys,
        genesis: Option<String>,
    ) -> Result<Self, WrongEndpoint> {
        Self::of(endpoints, keys, genesis, &[])
    }

    /// Those of a chain of one's own: the first endpoint that answers says which, and none is of a public network,
    /// where money is real.
    ///
    /// # Errors
    /// As [`Rpc::new`].
    pub fn local(endpoints: Vec<Endpoint>, keys: &RpcKeys) -> Result<Self, WrongEndpoint> {
        Self::of(endpoints, keys, None, &[MAINNET, DEVNET, TESTNET])
    }

    fn of(
        endpoints: Vec<Endpoint>,
        keys: &RpcKeys,
        genesis: Option<String>,
        never: &'static [&'static str],
    ) -> Result<Self, WrongEndpoint> {
        let nodes: Vec<Node> =
            endpoints.into_iter().map(|endpoint| Node::new(endpoint, keys)).collect::<Result<_, _>>()?;
        if nodes.is_empty() {
            return Err(WrongEndpoint::None);
        }
        for (nth, other) in nodes.iter().enumerate() {
            if let Some(one) = nodes.iter().take(nth).find(|one| one.answers_where(other)) {
                return Err(WrongEndpoint::Same { one: one.name.clone(), other: other.name.clone() });
            }
        }
        let switch = Arc::new(Switch {
            nodes,
            keys: keys.clone(),
            genesis: Mutex::new(genesis),
            never,
            seen: AtomicU64::new(0),
        });
        let config = RpcClientConfig::with_commitment(CommitmentConfig::confirmed());
        let client = RpcClient::new_sender(Line(Arc::clone(&switch)), config);
        Ok(Self { switch, client: Arc::new(client) })
    }

    /// The client: each of its methods goes through the endpoints, with `confirmed` where it names no commitment.
    /// Accounts are read by [`Rpc::accounts`]: what the client does with wrong ones is no error.
    #[must_use]
    pub fn client(&self) -> &RpcClient {
        &self.client
    }

    /// Asks with any method and parameters.
    ///
    /// # Errors
    /// Where no endpoint answers in time, or the node says no.
    pub async fn ask(&self, request: RpcRequest, params: Value) -> Result<Value, Failure> {
        self.switch.ask(request, &params).await
    }

    /// Takes note of a slot that was seen elsewhere (the stream): endpoints behind it are behind.
    pub fn saw(&self, slot: Slot) {
        self.switch.seen.fetch_max(slot.0, Ordering::Relaxed);
    }

    /// How each endpoint is, in their order.
    #[must_use]
    pub fn health(&self) -> Vec<EndpointHealth> {
        let now = Instant::now();
        let behind_max = self.switch.keys.slots_behind_max;
        self.switch.nodes.iter().map(|node| node.health(behind_max, now)).collect()
    }

    /// Looks at every endpoint once: its network, its slot. This is what brings one back whose breaker is
    /// half-open, and what finds one that lags.
    pub async fn check(&self) {
        let switch = &self.switch;
        let slots = join_all(switch.nodes.iter().map(|node| switch.slot_of(node))).await;
        let seen = Some(switch.seen.load(Ordering::Relaxed)).filter(|seen| *seen > 0);
        let most = switch.keys.slots_behind_max;
        let highest = highest(slots.iter().flatten().copied().chain(seen), most);
        for (node, slot) in switch.nodes.iter().zip(slots) {
            if let Some(slot) = slot {
                node.is_at(slot, highest, most);
            }
        }
    }

    /// Looks at every endpoint again and again until it is cancelled.
    pub async fn watch(&self, cancel: CancellationToken) {
        let looking = async {
            loop {
                self.check().await;
                tokio::time::sleep(self.switch.keys.check_every).await;
            }
        };
        cancel.run_until_cancelled(looking).await;
    }
}

/// The highest slot of several that were told at about the same time; zero of none. One alone that is more than
/// `most` ahead of two that agree is wrong: a lie, or another chain. Of two the higher one counts, since lagging is
/// common and running ahead impossible.
fn highest(told: impl Iterator<Item = u64>, most: u64) -> u64 {
    let mut told: Vec<_> = told.collect();
    told.sort_unstable_by(|one, other| other.cmp(one));
    match told[..] {
        [first, second, third, ..] if first - second > most && second - third <= most => second,
        [first, ..] => first,
        [] => 0,
    }
}

/// The endpoints and what they have in common.
struct Switch {
    nodes: Vec<Node>,
    keys: RpcKeys,
    /// The hash of the network's first block, once known.
    genesis: Mutex<Option<String>>,
    /// Hashes that it never is.
    never: &'static [&'static str],
    /// The highest slot that was seen elsewhere.
    seen: AtomicU64,
}

impl Switch {
    async fn ask(&self, request: RpcRequest, params: &Value) -> Result<Value, Failure> {
        let mut last = Failure::NoEndpoint;
        let rounds = self.rounds(request, params, &mut last);
        match tokio::time::timeout(self.keys.deadline, rounds).await {
            Ok(Some(answer)) => answer,
            Ok(None) => Err(last),
            Err(_) if matches!(last, Failure::NoEndpoint) => Err(Failure::TimedOut),
            Err(_) => Err(last),
        }
    }

    /// Goes through the endpoints until one answers; `None` when that was often enough, `last` says why.
    async fn rounds(
        &self,
        request: RpcRequest,
        params: &Value,
        last: &mut Failure,
    ) -> Option<Result<Value, Failure>> {
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(self.keys.backoff)
            .with_max_delay(self.keys.backoff_max)
            .with_max_times(usize::from(self.keys.retries))
            .with_jitter()
            .build();
        loop {
            for node in self.fit() {
                match self.ask_one(node, request, params).await {
                    Err(failure) if !failure.is_final() => *last = failure,
                    answer => return Some(answer),
                }
            }
            let pause = pauses.next()?;
            tokio::time::sleep(pause.max(self.shortest_rest().unwrap_or_default())).await;
        }
    }

    /// The endpoints to ask now, in order: those that work, else those that may be probed.
    fn fit(&self) -> Vec<&Node> {
        let now = Instant::now();
        let fit = self.nodes.iter().filter(|node| node.is_fit(self.keys.slots_behind_max, now));
        let (closed, others): (Vec<_>, Vec<_>) =
            fit.partition(|node| node.breaker_state(now) == BreakerState::Closed);
        if !closed.is_empty() {
            return closed;
        }
        others.into_iter().filter(|node| node.admits(now)).collect()
    }

    /// How long to wait at least where all endpoints that could be asked want to be left alone.
    fn shortest_rest(&self) -> Option<Duration> {
        let now = Instant::now();
        let rests: Vec<_> = self.nodes.iter().map(|node| node.rest(now)).collect();
        rests.into_iter().collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// The `nth` endpoint, where it may be asked now and is of our network.
    async fn one(&self, nth: usize) -> Result<&Node, Failure> {
        let now = Instant::now();
        let node = self.nodes.get(nth).ok_or(Failure::NoEndpoint)?;
        if node.rest(now).is_some() || !node.admits(now) {
            return Err(Failure::NoEndpoint);
        }
        match node.network() {
            Network::Ours => {}
            Network::Unknown => self.identify(node).await?,
            Network::Another => return Err(Failure::AnotherNetwork),
        }
        Ok(node)
    }

    async fn ask_one(&self, node: &Node, request: RpcRequest, params: &Value) -> Result<Value, Failure> {
        if node.network() == Network::Unknown {
            self.identify(node).await?;
        }
        node.ask(request, params).await
    }

    /// Asks an endpoint for its network. One that serves another is never asked anything else.
    async fn identify(&self, node: &Node) -> Result<(), Failure> {
        let answer = node.ask(RpcRequest::GetGenesisHash, &Value::Null).await?;
        let hash = answer.as_str().ok_or(Failure::Garbage)?;
        let ours = !self.never.contains(&hash) && {
            let mut genesis = self.genesis.lock().unwrap_or_else(PoisonError::into_inner);
            genesis.get_or_insert_with(|| hash.to_owned()) == hash
        };
        node.is_of(if ours { Network::Ours } else { Network::Another });
        if ours { Ok(()) } else { Err(Failure::AnotherNetwork) }
    }

    /// The slot of an endpoint that may be looked at now.
    async fn slot_of(&self, node: &Node) -> Option<u64> {
        let now = Instant::now();
        if node.rest(now).is_some() || !node.admits(now) {
            return None;
        }
        if node.network() != Network::Ours {
            self.identify(node).await.ok()?;
        }
        let confirmed = json!([{ "commitment": "confirmed" }]);
        node.ask(RpcRequest::GetSlot, &confirmed).await.ok()?.as_u64()
    }
}

/// What the client speaks through.
struct Line(Arc<Switch>);

impl RpcSender for Line {
    fn send<'life0, 'async_trait>(
        &'life0 self,
        request: RpcRequest,
        params: Value,
    ) -> BoxFuture<'async_trait, ClientResult<Value>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move { Ok(self.0.ask(request, &params).await?) })
    }

    /// The endpoints' health says more.
    fn get_transport_stats(&self) -> RpcTransportStats {
        RpcTransportStats::default()
    }

    /// There are several, and none is shown.
    fn url(&self) -> String {
        "rpc".to_owned()
    }
}
