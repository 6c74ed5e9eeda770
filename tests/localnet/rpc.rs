//! An RPC node on loopback: real HTTP and JSON-RPC over a [`Ledger`], with faults on demand.
//!
//! What it answers of is behind a trait: here a ledger whose accounts and blocks tests write by hand, and nothing
//! in the server would change for one that executes transactions.

mod faults;
mod ledger;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::{Pubkey, Signature};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use crate::loopback::Server;
pub use faults::{Fault, Faults};
pub use ledger::{Account, Block, GENESIS, Ledger, Written};

/// How settled that must be which a node answers of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Commitment {
    /// Executed.
    Processed,
    /// Voted for.
    Confirmed,
    /// Rooted: what a node answers of where it is not asked for less.
    #[default]
    Finalized,
}

impl Commitment {
    /// What a request asks for.
    pub(crate) fn of(method: &str, params: &Value) -> Self {
        // Statuses say themselves how settled that is which they tell of, and a block's time is asked for by its slot.
        if matches!(method, "getSignatureStatuses" | "getBlockTime") {
            return Self::Processed;
        }
        let parts = params.as_array().into_iter().flatten();
        let mut asked =
            parts.filter_map(|part| part["commitment"].as_str().or(part["preflightCommitment"].as_str()));
        match asked.next_back() {
            Some("processed") => Self::Processed,
            Some("confirmed") => Self::Confirmed,
            _ => Self::Finalized,
        }
    }
}

/// Why a node does not answer what it was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The code of JSON-RPC.
    pub code: i64,
    /// The message.
    pub message: String,
    /// What comes with it, or null.
    pub data: Value,
}

impl Refusal {
    /// A refusal that no data come with.
    #[must_use]
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: Value::Null }
    }
}

/// What a node answers.
pub type Outcome = Result<Value, Refusal>;

/// Methods of a ledger that executes whose answer says which slot it is of.
const AT_SLOT: [&str; 6] = [
    "simulateTransaction",
    "isBlockhashValid",
    "getTokenAccountsByOwner",
    "getSignatureStatuses",
    "getFeeForMessage",
    "getTokenAccountBalance",
];

/// Blocks by which a node that contradicts is behind with its height.
const OLD: u64 = 200;

/// Slots of an epoch.
const EPOCH: u64 = 432_000;

/// A running node; it stops when this is dropped.
pub struct RpcNode<L> {
    server: Server,
    shared: Arc<Shared<L>>,
}

struct Shared<L> {
    ledger: Mutex<L>,
    faults: Faults,
    asked: Mutex<Vec<String>>,
    arrived: Mutex<BTreeMap<Signature, i64>>,
}

impl<L: Ledger> RpcNode<L> {
    /// Starts a node on a free port of loopback.
    ///
    /// # Panics
    /// Where loopback has no free port.
    pub async fn start(ledger: L) -> Self {
        let faults = Faults::default();
        let (asked, arrived) = (Mutex::default(), Mutex::default());
        let shared = Arc::new(Shared { ledger: Mutex::new(ledger), faults, asked, arrived });
        let resetting = |listener| Resetting { listener, faults: shared.faults.clone() };
        let router = Router::new().fallback(post(answer::<L>)).with_state(Arc::clone(&shared));
        Self { server: Server::behind(resetting, router).await, shared }
    }

    /// Where it answers. Any path will do: put a token there.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.server.address)
    }

    /// What goes wrong.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// What it answers of.
    pub fn ledger(&self) -> MutexGuard<'_, L> {
        lock(&self.shared.ledger)
    }

    /// The methods that it was asked, in order, faults included (but those before a request is read).
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        lock(&self.shared.asked).clone()
    }

    /// When a transaction's bytes first came in, whatever was made of them: in microseconds since 1970, by the wall.
    #[must_use]
    pub fn arrived(&self, name: &Signature) -> Option<i64> {
        lock(&self.shared.arrived).get(name).copied()
    }
}

/// Now, in microseconds since 1970.
fn micros() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// The name of a transaction that is sent: its first signature.
fn name_of(params: &Value) -> Option<Signature> {
    let text = params[0].as_str()?;
    let raw = match params[1]["encoding"].as_str() {
        Some("base64") => BASE64_STANDARD.decode(text).ok()?,
        _ => bs58::decode(text).into_vec().ok()?,
    };
    // How many there are is one byte.
    raw.get(1..65)?.try_into().ok().map(Signature)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Resets a connection as soon as it is there, where that is the next fault.
struct Resetting {
    listener: TcpListener,
    faults: Faults,
}

impl axum::serve::Listener for Resetting {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            let (stream, from) = axum::serve::Listener::accept(&mut self.listener).await;
            if !self.faults.take_reset() {
                return (stream, from);
            }
            // Dropped with zero linger, it sends RST instead of FIN.
            if let Err(error) = stream.set_zero_linger() {
                eprintln!("the connection is closed, not reset: {error}");
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

async fn answer<L: Ledger>(State(shared): State<Arc<Shared<L>>>, body: Bytes) -> Response {
    let now = micros();
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let method = request["method"].as_str().unwrap_or_default();
    lock(&shared.asked).push(method.to_owned());
    if method == "sendTransaction"
        && let Some(name) = name_of(&request["params"])
    {
        lock(&shared.arrived).entry(name).or_insert(now);
    }
    let fault = shared.faults.take(method);
    let whole = {
        let ledger = lock(&shared.ledger);
        let commitment = Commitment::of(method, &request["params"]);
        let answering = Answering { ledger: &*ledger, fault: &fault, commitment };
        let outcome = match fault {
            // Who is told to wait is not served, and a send that is refused so is not taken, while any other answer
            // that is lost may be one to a request that was carried out.
            Fault::TooMany { .. } => Err(Refusal::new(-32005, "Too many requests")),
            Fault::Status(_) | Fault::Garbage if method == "sendTransaction" => {
                Err(Refusal::new(-32005, "Node is unhealthy"))
            }
            _ => answering.of(method, &request["params"]).map(|told| answering.remembered(method, told)),
        };
        let mut answer = json!({ "jsonrpc": "2.0", "id": request["id"] });
        match outcome {
            Ok(result) => answer["result"] = result,
            Err(Refusal { code, message, data: Value::Null }) => {
                answer["error"] = json!({ "code": code, "message": message });
            }
            Err(Refusal { code, message, data }) => {
                answer["error"] = json!({ "code": code, "message": message, "data": data });
            }
        }
        answer.to_string()
    };
    // Each answer ends its connection, so that a reset meets the next request and no other.
    let close = (header::CONNECTION, "close");
    match fault {
        Fault::Hanging => std::future::pending().await,
        Fault::TooMany { retry_after: Some(seconds) } => {
            let headers = [close, (header::RETRY_AFTER, &*seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, headers).into_response()
        }
        Fault::TooMany { retry_after: None } => (StatusCode::TOO_MANY_REQUESTS, [close]).into_response(),
        Fault::Status(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [close], "no").into_response()
        }
        Fault::Garbage => ([close], "<html>It works!</html>").into_response(),
        Fault::Truncated => {
            let half = whole[..whole.len() / 2].to_owned();
            let cut = std::io::Error::other("cut");
            let pieces = futures_util::stream::iter([Ok(half), Err(cut)]);
            ([close], Body::from_stream(pieces)).into_response()
        }
        _ => ([close, (header::CONTENT_TYPE, "application/json")], whole).into_response(),
    }
}

/// One question to the ledger, as the fault lets it be seen.
struct Answering<'a, L> {
    ledger: &'a L,
    fault: &'a Fault,
    commitment: Commitment,
}

impl<L: Ledger> Answering<'_, L> {
    fn of(&self, method: &str, params: &Value) -> Outcome {
        let ledger = self.ledger;
        let least =
            params.as_array().into_iter().flatten().filter_map(|part| part["minContextSlot"].as_u64()).max();
        if least.is_some_and(|least| least > self.slot()) {
            let data = json!({ "contextSlot": self.slot() });
            let message = "Minimum context slot has not been reached".to_owned();
            return Err(Refusal { code: -32016, message, data });
        }
        if *self.fault == Fault::Contradicting
            && let Some(outcome) = self.contradicted(method, params)
        {
            return outcome;
        }
        if let Some(outcome) = ledger.answer(method, params, self.slot()) {
            let says = AT_SLOT.contains(&method) || params[1]["withContext"] == true;
            let at_slot = |value| if says { self.at_slot(value) } else { value };
            return outcome.map(at_slot);
        }
        Ok(match method {
            "getHealth" => json!("ok"),
            "getSlot" => json!(self.slot()),
            "getBlockHeight" => json!(ledger.height_at(self.slot())),
            "getGenesisHash" => json!(ledger.genesis()),
            "getVersion" => json!({ "solana-core": "4.2.2", "feature-set": 1 }),
            "getAccountInfo" => self.at_slot(account_json(self.account(&params[0])?)),
            "getMultipleAccounts" => {
                let keys = params[0].as_array().ok_or_else(|| invalid("no list of keys"))?;
                let length = params[1]["dataSlice"]["length"].as_u64();
                let length = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(usize::MAX);
                let head = |mut account: Account| {
                    account.data.truncate(length);
                    account
                };
                let accounts = keys.iter().map(|text| Ok(account_json(self.account(text)?.map(head))));
                self.at_slot(Value::Array(accounts.collect::<Result<_, Refusal>>()?))
            }
            "getBalance" => {
                self.at_slot(json!(self.account(&params[0])?.map_or(0, |account| account.lamports)))
            }
            "getTokenLargestAccounts" => {
                let holdings = ledger.largest(&key(&params[0])?);
                let holdings = holdings.iter().map(|(address, amount)| {
                    let mut shown = amount_of(*amount);
                    shown["address"] = json!(address.to_string());
                    shown
                });
                self.at_slot(holdings.collect::<Value>())
            }
            "getTokenSupply" => {
                let supply = ledger.supply(&key(&params[0])?).ok_or_else(|| invalid("not a Token mint"))?;
                self.at_slot(amount_of(supply))
            }
            "getBlocks" => {
                let from = params[0].as_u64().ok_or_else(|| invalid("no slot"))?;
                let to = params[1].as_u64().unwrap_or(u64::MAX).min(self.slot());
                json!(ledger.blocks(from, to))
            }
            "getBlockTime" => {
                let slot = params[0].as_u64().ok_or_else(|| invalid("no slot"))?;
                let block = (slot <= self.slot()).then(|| ledger.block(slot)).flatten();
                block.ok_or_else(|| unavailable(slot))?["blockTime"].take()
            }
            "getBlock" => {
                let slot = params[0].as_u64().ok_or_else(|| invalid("no slot"))?;
                let block = (slot <= self.slot()).then(|| ledger.block(slot)).flatten();
                let mut block = block.ok_or_else(|| unavailable(slot))?;
                if params[1]["transactionDetails"] == "none" {
                    block.as_object_mut().map(|block| block.remove("transactions"));
                }
                block
            }
            "getSignatureStatuses" => {
                let names = params[0].as_array().ok_or_else(|| invalid("no list of signatures"))?;
                let known = |told: &Value| told["slot"].as_u64().is_none_or(|slot| slot <= self.slot());
                let status = |name: &Value| Some(ledger.status(name.as_str()?)).filter(known);
                self.at_slot(names.iter().map(|name| status(name).unwrap_or_default()).collect::<Value>())
            }
            "getLatestBlockhash" => {
                let (hash, last) = ledger.blockhash_as_of(self.slot());
                self.at_slot(json!({ "blockhash": hash, "lastValidBlockHeight": last }))
            }
            "getRecentPrioritizationFees" => json!([{ "slot": self.slot(), "prioritizationFee": 0 }]),
            "getEpochInfo" => {
                let (slot, height) = (self.slot(), ledger.height_at(self.slot()));
                json!({
                    "absoluteSlot": slot, "blockHeight": height, "epoch": slot / EPOCH, "slotIndex": slot % EPOCH,
                    "slotsInEpoch": EPOCH, "transactionCount": null,
                })
            }
            _ => return Err(Refusal::new(-32601, "Method not found")),
        })
    }

    /// An answer without the transactions that the node has forgotten.
    fn remembered(&self, method: &str, mut told: Value) -> Value {
        let Fault::Forgets(from) = *self.fault else { return told };
        let forgotten = |of: &Value| of["slot"].as_u64().is_some_and(|slot| slot >= from);
        match method {
            "getTransaction" if forgotten(&told) => return Value::Null,
            "getSignatureStatuses" => {
                let statuses = told["value"].as_array_mut().into_iter().flatten();
                statuses.filter(|status| forgotten(status)).for_each(|status| *status = Value::Null);
            }
            "getSignaturesForAddress" => {
                if let Some(entries) = told.as_array_mut() {
                    entries.retain(|entry| !forgotten(entry));
                }
            }
            _ => {}
        }
        told
    }

    /// What a node says that contradicts others; `None` for what it says as they do.
    fn contradicted(&self, method: &str, params: &Value) -> Option<Outcome> {
        let of = || key(&params[0]);
        Some(match method {
            "getGenesisHash" => Ok(json!(Pubkey([9; 32]).to_string())),
            "getBlockHeight" => Ok(json!(self.ledger.height_at(self.slot()).saturating_sub(OLD))),
            "getBalance" => of().map(|key| {
                let account = self.ledger.account_as_of(&key, self.slot());
                self.at_slot(json!(account.map_or(0, |account| account.lamports) + 1))
            }),
            "getTokenSupply" => of().and_then(|key| {
                let supply = self.ledger.supply(&key).ok_or_else(|| invalid("not a Token mint"))?;
                Ok(self.at_slot(amount_of(supply + 1)))
            }),
            "getSignatureStatuses" => {
                let names = params[0].as_array().ok_or_else(|| invalid("no list of signatures"));
                names.map(|names| self.at_slot(vec![Value::Null; names.len()]))
            }
            _ => return None,
        })
    }

    fn slot(&self) -> u64 {
        match self.fault {
            Fault::Lagging(slots) => self.ledger.settled(self.commitment).saturating_sub(*slots),
            _ => self.ledger.settled(self.commitment),
        }
    }

    fn account(&self, text: &Value) -> Result<Option<Account>, Refusal> {
        Ok(self.ledger.account_as_of(&key(text)?, self.slot()))
    }

    fn at_slot(&self, value: impl Into<Value>) -> Value {
        json!({ "context": { "slot": self.slot(), "apiVersion": "4.2.2" }, "value": value.into() })
    }
}

pub(crate) fn invalid(what: &str) -> Refusal {
    Refusal::new(-32602, format!("Invalid param: {what}"))
}

fn unavailable(slot: u64) -> Refusal {
    Refusal::new(-32004, format!("Block not available for slot {slot}"))
}

pub(crate) fn key(text: &Value) -> Result<Pubkey, Refusal> {
    text.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| invalid("WrongSize"))
}

/// An account as a node shows it in base64; null for none.
pub(crate) fn account_json(account: Option<Account>) -> Value {
    account.map_or(Value::Null, |Account { lamports, owner, data }| {
        json!({
            "lamports": lamports,
            "owner": owner.to_string(),
            "data": [BASE64_STANDARD.encode(&data), "base64"],
            "executable": false,
            "rentEpoch": u64::MAX,
            "space": data.len(),
        })
    })
}

fn amount_of(amount: u64) -> Value {
    json!({ "amount": amount.to_string(), "decimals": 6, "uiAmount": null, "uiAmountString": amount.to_string() })
}
