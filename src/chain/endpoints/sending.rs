//! Sending: the same bytes to every endpoint at once, whatever shape it is in.
//!
//! Nothing that comes back ends an attempt: an endpoint that refuses bytes may have passed them on before, one that
//! does not answer may have done it too, and one that says no may be behind. Answers are for the log.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::join_all;
use serde_json::{Value, json};
use solana_client::rpc_request::{RpcRequest, RpcResponseErrorData};
use solana_sdk::transaction::TransactionError;

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
            outcome: taken(node.ask_at_once(RpcRequest::SendTransaction, &params).await),
        }))
        .await
    }
}

/// One that has run the bytes already says no to them: they need not be passed on again.
fn taken(said: Result<Value, Failure>) -> Result<(), Failure> {
    match said {
        Err(Failure::Method { data, .. }) if has_run(&data) => Ok(()),
        said => said.map(drop),
    }
}

fn has_run(data: &RpcResponseErrorData) -> bool {
    let RpcResponseErrorData::SendTransactionPreflightFailure(said) = data else { return false };
    said.err.clone().is_some_and(|error| TransactionError::from(error) == TransactionError::AlreadyProcessed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(error: &str) -> Result<Value, Failure> {
        let said =
            json!({ "err": error, "logs": [], "accounts": null, "unitsConsumed": 0, "returnData": null });
        let data = serde_json::from_value(said).map(RpcResponseErrorData::SendTransactionPreflightFailure);
        Err(Failure::Method { code: -32002, message: error.to_owned(), data: Box::new(data.unwrap()) })
    }

    #[test]
    fn a_node_that_has_run_the_bytes_already_has_taken_them() {
        assert!(taken(Ok(json!("a signature"))).is_ok());
        assert!(taken(refused("AlreadyProcessed")).is_ok());
        assert!(matches!(taken(refused("BlockhashNotFound")), Err(Failure::Method { code: -32002, .. })));
        assert!(matches!(taken(Err(Failure::TimedOut)), Err(Failure::TimedOut)));
    }
}
