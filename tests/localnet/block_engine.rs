//! A block engine on loopback: it lands what tips it, and tells nobody of it before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::{Pubkey, Signature};
use momentum_pump::programs::{SYSTEM, TIP_ACCOUNTS};
use serde_json::{Value, json};
use solana_sdk::transaction::VersionedTransaction;

use crate::chain::{Chain, name};
use crate::loopback::Server;

/// The least tip that it works for, in lamports (chain.md §7).
pub const TIP_MIN: u64 = 1_000;

/// What it does with what it is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conduct {
    /// It lands it.
    #[default]
    Works,
    /// It says that it has no time (503).
    Refuses,
    /// It takes it, and nothing comes of it.
    Swallows,
}

impl Conduct {
    /// By its word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "works" => Some(Self::Works),
            "refuses" => Some(Self::Refuses),
            "swallows" => Some(Self::Swallows),
            _ => None,
        }
    }
}

/// A running block engine; it stops when this is dropped.
pub struct BlockEngine {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    chain: Chain,
    conduct: Mutex<Conduct>,
    given: Mutex<Vec<Given>>,
}

/// Something that it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The name of the transaction.
    pub signature: Signature,
    /// The newest slot when it came.
    pub slot: u64,
    /// Whether it was to land by it alone.
    pub alone: bool,
    /// The tip, in lamports.
    pub tip: u64,
}

impl BlockEngine {
    /// Starts one on a free port of loopback.
    ///
    /// # Panics
    /// Where loopback has no free port.
    pub async fn start(chain: Chain) -> Self {
        let shared = Arc::new(Shared { chain, conduct: Mutex::default(), given: Mutex::default() });
        let router = Router::new().route("/api/v1/transactions", post(take)).with_state(Arc::clone(&shared));
        Self { server: Server::start(router).await, shared }
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.server.address)
    }

    /// What it does from now on.
    pub fn behaves(&self, conduct: Conduct) {
        *lock(&self.shared.conduct) = conduct;
    }

    /// What it was given, in order, the same bytes as often as they came.
    #[must_use]
    pub fn given(&self) -> Vec<Given> {
        lock(&self.shared.given).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn take(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    Json(request): Json<Value>,
) -> Response {
    let refused = |code: i64, message: &str| {
        Json(json!({ "jsonrpc": "2.0", "id": request["id"], "error": { "code": code, "message": message } }))
            .into_response()
    };
    let encoded = request["params"][0].as_str().filter(|_| request["method"] == "sendTransaction");
    let raw = encoded.and_then(|text| BASE64_STANDARD.decode(text).ok());
    let Some(raw) = raw.filter(|_| request["params"][1]["encoding"] == "base64") else {
        return refused(-32602, "no transaction in base64");
    };
    let Ok(transaction) = bincode::deserialize::<VersionedTransaction>(&raw) else {
        return refused(-32602, "transaction could not be decoded");
    };
    let alone = query.is_some_and(|query| query.split('&').any(|pair| pair == "bundleOnly=true"));
    let tip = tip(&transaction);
    let (signature, slot) = (name(&transaction), shared.chain.slot());
    lock(&shared.given).push(Given { signature, slot, alone, tip });
    if alone && tip < TIP_MIN {
        return refused(-32602, "a bundle must write lock at least one tip account");
    }
    let conduct = *lock(&shared.conduct);
    match conduct {
        Conduct::Refuses => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Conduct::Swallows => {}
        Conduct::Works => {
            if let Err(why) = shared.chain.send_unseen(&raw) {
                let (code, message, _) = why.json();
                return refused(code, &message);
            }
        }
    }
    Json(json!({ "jsonrpc": "2.0", "id": request["id"], "result": signature.to_string() })).into_response()
}

/// What a transaction transfers to tip accounts, by its own instructions, in lamports.
fn tip(transaction: &VersionedTransaction) -> u64 {
    let keys = transaction.message.static_account_keys();
    let key = |index: u8| keys.get(usize::from(index)).map(|key| Pubkey(key.to_bytes()));
    let transfers = transaction.message.instructions().iter().filter_map(|instruction| {
        let to = key(*instruction.accounts.get(1)?)?;
        let lamports = instruction.data.strip_prefix(&[2, 0, 0, 0])?.try_into().ok()?;
        (key(instruction.program_id_index) == Some(SYSTEM) && TIP_ACCOUNTS.contains(&to))
            .then(|| u64::from_le_bytes(lamports))
    });
    transfers.sum()
}
