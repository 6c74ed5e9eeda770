//! What transactions lately paid for their place in the block.

use momentum_core::ids::Pubkey;
use serde::Deserialize;
use serde_json::json;
use solana_client::rpc_request::RpcRequest;

use super::{Failure, Rpc};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    prioritization_fee: u64,
}

impl Rpc {
    /// Of each of the last slots (a node keeps 150): the lowest price at which a transaction that writes to all of
    /// these accounts, at most 128, landed, in millionths of a lamport a compute unit; zero where none had to pay.
    ///
    /// # Errors
    /// Where no endpoint answers in time, or with garbage.
    pub async fn recent_prices(&self, accounts: &[Pubkey]) -> Result<Vec<u64>, Failure> {
        let keys: Vec<_> = accounts.iter().map(ToString::to_string).collect();
        let answer = self.ask(RpcRequest::GetRecentPrioritizationFees, json!([keys])).await?;
        let shown: Vec<Shown> = serde_json::from_value(answer).map_err(|_| Failure::Garbage)?;
        Ok(shown.into_iter().map(|slot| slot.prioritization_fee).collect())
    }
}
