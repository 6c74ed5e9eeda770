//! Sending: the same bytes to every endpoint at once, whatever shape it is in.
//!
//! Nothing that comes back ends an attempt: an endpoint that refuses bytes may have passed them on before, one that
//! does not answer may have done it too, and one that says no may be behind. Answers are for the log.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::join_all;
use serde_json::json;
use solana_client::rpc_request::RpcRequest;

use super::node::Network;
use super::{Failure, Rpc};

/// What an endpoint said to bytes that it was sent.
#[derive(Debug)]
pub struct Passed {
    /// What people call it.
    pub endpoint: String,
    /// Whether it passed them on, as far as it says.
    pub outcome: Result<(), Failure>,
}

impl Rpc {
    /// Sends a transaction to every endpoint of our network. None is left out for its breaker, its rest or its rate:
    /// a sale that leaves by one of them has left. With `preflight` each runs it first, on its newest state.
    pub async fn send(&self, raw: &[u8], preflight: bool) -> Vec<Passed> {
        let how = json!({
            "encoding": "base64", "skipPreflight": !preflight, "preflightCommitment": "processed", "maxRetries": 0,
        });
        let params = json!([BASE64_STANDARD.encode(raw), how]);
        let ours = self.switch.nodes.iter().filter(|node| node.network() != Network::Another);
        join_all(ours.map(async |node| Passed {
            endpoint: node.name.clone(),
            outcome: node.ask_at_once(RpcRequest::SendTransaction, &params).await.map(|_| ()),
        }))
        .await
    }
}
