//! One endpoint: its connection, what may be asked of it now, and what is known of its fitness.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::header::RETRY_AFTER;
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use solana_client::rpc_custom_error::JSON_RPC_SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE as PREFLIGHT_FAILURE;
use solana_client::rpc_request::{RpcRequest, RpcResponseErrorData};

use super::breaker::{Breaker, BreakerState, Limits};
use super::failure::{BEHIND, Class, Failure, SecretParts};
use super::latency::Latencies;
use super::{Endpoint, EndpointHealth, RpcKeys, WrongEndpoint};

/// No block is nearly as long; more is not read.
const ANSWER_MAX: usize = 64 << 20;

/// What an endpoint says of its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    /// Not asked yet.
    Unknown,
    /// Ours.
    Ours,
    /// Another: never used.
    Another,
}

/// One endpoint.
pub(super) struct Node {
    pub(super) name: String,
    url: SecretString,
    secrets: SecretParts,
    http: reqwest::Client,
    limiter: DefaultDirectRateLimiter,
    timeout: Duration,
    rest_max: Duration,
    fitness: Mutex<Fitness>,
}

struct Fitness {
    breaker: Breaker,
    /// It asked for patience until then.
    rests_until: Option<Instant>,
    network: Network,
    slot: Option<u64>,
    /// Slots behind the highest known one when its own was read.
    behind: u64,
    /// Its slot was too far ahead of the highest known one to be true.
    implausible: bool,
    answers: u64,
    failures: BTreeMap<Class, u64>,
    latencies: Latencies,
}

impl Node {
    pub(super) fn new(endpoint: Endpoint, keys: &RpcKeys) -> Result<Self, WrongEndpoint> {
        let Endpoint { name, url } = endpoint;
        let parsed =
            Url::parse(url.expose_secret()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(parsed) = parsed else { return Err(WrongEndpoint::Url { name }) };
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .connect_timeout(keys.timeout)
            .build()
            .map_err(|_| WrongEndpoint::Tls)?;
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(keys.rate)).allow_burst(at_least_one(keys.burst));
        let limits = Limits {
            failures: keys.breaker_failures,
            pause: keys.breaker_pause,
            pause_max: keys.breaker_pause_max,
        };
        Ok(Self {
            name,
            secrets: SecretParts::of(&parsed),
            url,
            http,
            limiter: RateLimiter::direct(quota),
            timeout: keys.timeout,
            rest_max: keys.rest_max,
            fitness: Mutex::new(Fitness {
                breaker: Breaker::new(limits),
                rests_until: None,
                network: Network::Unknown,
                slot: None,
                behind: 0,
                implausible: false,
                answers: 0,
                failures: BTreeMap::new(),
                latencies: Latencies::default(),
            }),
        })
    }

    /// Whether another one is asked at the same address, however that is written.
    pub(super) fn answers_where(&self, other: &Self) -> bool {
        let parts = |node: &Self| {
            let url = Url::parse(node.url.expose_secret()).ok()?;
            let host = url.host_str()?.trim_end_matches('.').to_owned();
            let path = url.path().trim_end_matches('/').to_owned();
            let query = url.query().filter(|query| !query.is_empty()).map(str::to_owned);
            Some((host, url.port_or_known_default(), path, query))
        };
        parts(self) == parts(other)
    }

    /// Nothing in here is left half done, so what a panicking thread held is good.
    fn fitness(&self) -> MutexGuard<'_, Fitness> {
        self.fitness.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks it as soon as its rate allows, and takes note of how it went.
    pub(super) async fn ask(&self, request: RpcRequest, params: &Value) -> Result<Value, Failure> {
        // A queue of our own is not the endpoint's fault, so nothing is noted: the next may have room.
        let turn = tokio::time::timeout(self.timeout, self.limiter.until_ready());
        turn.await.map_err(|_| Failure::RateLimited { retry_after: None })?;
        self.ask_at_once(request, params).await
    }

    /// Asks it whatever its rate is, and takes note of how it went.
    pub(super) async fn ask_at_once(&self, request: RpcRequest, params: &Value) -> Result<Value, Failure> {
        let began = Instant::now();
        let asked = tokio::time::timeout(self.timeout, self.exchange(request, params)).await;
        let outcome = asked.unwrap_or(Err(Failure::TimedOut));
        self.note(began, &outcome);
        outcome
    }

    fn note(&self, began: Instant, outcome: &Result<Value, Failure>) {
        let now = Instant::now();
        let mut fitness = self.fitness();
        match outcome {
            Ok(_) => fitness.answers += 1,
            Err(failure) => {
                if let Some(class) = failure.class() {
                    *fitness.failures.entry(class).or_default() += 1;
                }
                if let Failure::RateLimited { retry_after } = failure {
                    let rest = retry_after.unwrap_or(self.rest_max / 4).min(self.rest_max);
                    fitness.rests_until = Some(now + rest);
                }
                if failure.breaks() {
                    let before = fitness.breaker.state(now);
                    fitness.breaker.failed(now);
                    if before == BreakerState::Closed && fitness.breaker.state(now) != before {
                        tracing::warn!(endpoint = self.name, last = %failure, "an RPC endpoint is left alone");
                        // Who knows what stands behind the address when it answers again.
                        if fitness.network == Network::Ours {
                            fitness.network = Network::Unknown;
                        }
                    }
                    return;
                }
            }
        }
        // Even "no" and "not yet" are answers of an endpoint that works.
        fitness.latencies.add(now - began);
        if fitness.breaker.state(now) != BreakerState::Closed {
            tracing::info!(endpoint = self.name, "an RPC endpoint works again");
        }
        fitness.breaker.succeeded();
    }

    async fn exchange(&self, request: RpcRequest, params: &Value) -> Result<Value, Failure> {
        let body = request.build_request_json(1, params.clone()).to_string();
        let post =
            self.http.post(self.url.expose_secret()).header("content-type", "application/json").body(body);
        let mut response = post.send().await.map_err(|error| Failure::of_exchange(&error))?;
        match response.status() {
            status if status.is_success() => {}
            StatusCode::TOO_MANY_REQUESTS => {
                let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                let seconds = seconds.and_then(|seconds| seconds.trim().parse().ok());
                return Err(Failure::RateLimited { retry_after: seconds.map(Duration::from_secs) });
            }
            status if status.is_server_error() => return Err(Failure::Server { status: status.as_u16() }),
            status => return Err(Failure::Forbidden { status: status.as_u16() }),
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| Failure::of_exchange(&error))? {
            if body.len() + piece.len() > ANSWER_MAX {
                return Err(Failure::Garbage);
            }
            body.extend_from_slice(&piece);
        }
        self.read(&body)
    }

    fn read(&self, body: &[u8]) -> Result<Value, Failure> {
        let mut answer: Value = serde_json::from_slice(body).map_err(|_| Failure::Garbage)?;
        let answer = answer.as_object_mut().ok_or(Failure::Garbage)?;
        if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
            let code = error["code"].as_i64().ok_or(Failure::Garbage)?;
            if BEHIND.contains(&code) {
                return Err(Failure::Behind { code });
            }
            let data = match code {
                PREFLIGHT_FAILURE => serde_json::from_value(error["data"].clone()).map_or(
                    RpcResponseErrorData::Empty,
                    RpcResponseErrorData::SendTransactionPreflightFailure,
                ),
                _ => RpcResponseErrorData::Empty,
            };
            let message = self.secrets.cleaned(error["message"].as_str().unwrap_or_default());
            return Err(Failure::Method { code, message, data: Box::new(data) });
        }
        answer.remove("result").ok_or(Failure::Garbage)
    }

    /// Whether it may be asked at all: right network, a slot that can be and is not behind, no rest.
    pub(super) fn is_fit(&self, slots_behind_max: u64, now: Instant) -> bool {
        let fitness = self.fitness();
        fitness.network != Network::Another
            && fitness.behind <= slots_behind_max
            && !fitness.implausible
            && fitness.rests_until.is_none_or(|until| until <= now)
    }

    /// How long it still rests.
    pub(super) fn rest(&self, now: Instant) -> Option<Duration> {
        self.fitness()
            .rests_until
            .map(|until| until.saturating_duration_since(now))
            .filter(|rest| !rest.is_zero())
    }

    pub(super) fn breaker_state(&self, now: Instant) -> BreakerState {
        self.fitness().breaker.state(now)
    }

    /// See [`Breaker::admits`].
    pub(super) fn admits(&self, now: Instant) -> bool {
        self.fitness().breaker.admits(now)
    }

    pub(super) fn network(&self) -> Network {
        self.fitness().network
    }

    /// Takes note of its network; another one than ours counts as a failure.
    pub(super) fn is_of(&self, network: Network) {
        let mut fitness = self.fitness();
        if network == Network::Another && fitness.network != network {
            *fitness.failures.entry(Class::AnotherNetwork).or_default() += 1;
            tracing::error!(endpoint = self.name, "an RPC endpoint serves another network: it is not used");
        }
        fitness.network = network;
    }

    /// Takes note of its slot: how far it is behind the highest known one, or that it is more than `most` ahead.
    pub(super) fn is_at(&self, slot: u64, highest: u64, most: u64) {
        let mut fitness = self.fitness();
        fitness.slot = Some(slot);
        fitness.behind = highest.saturating_sub(slot);
        fitness.implausible = slot.saturating_sub(highest) > most;
        if fitness.implausible {
            *fitness.failures.entry(Class::Garbage).or_default() += 1;
            tracing::warn!(
                endpoint = self.name,
                slot,
                highest,
                "an RPC endpoint tells a slot that cannot be"
            );
        }
    }

    pub(super) fn health(&self, slots_behind_max: u64, now: Instant) -> EndpointHealth {
        let fit = self.is_fit(slots_behind_max, now);
        let rests_for = self.rest(now);
        let fitness = self.fitness();
        let breaker = fitness.breaker.state(now);
        let percentiles = fitness.latencies.percentiles();
        EndpointHealth {
            name: self.name.clone(),
            usable: fit && breaker == BreakerState::Closed && fitness.network == Network::Ours,
            breaker,
            rests_for,
            another_network: fitness.network == Network::Another,
            slot: fitness.slot.map(momentum_core::ids::Slot),
            slots_behind: fitness.behind,
            implausible: fitness.implausible,
            answers: fitness.answers,
            failures: fitness.failures.clone(),
            latency_p50: percentiles.map(|(p50, _)| p50),
            latency_p99: percentiles.map(|(_, p99)| p99),
        }
    }
}
