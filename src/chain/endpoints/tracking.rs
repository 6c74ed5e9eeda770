//! What a node says of transactions of ours, and of the blocks that they are good for.
//!
//! To learn how far transactions are, each endpoint is asked by itself: what one does not know, or lies about,
//! another one may tell, and what ends an attempt is what several of them say.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::{Pubkey, Signature, Slot};
use serde::Deserialize;
use serde_json::{Value, json};
use solana_client::rpc_request::RpcRequest;

use super::count::{MOST, count};
use super::{Failure, Rpc};

/// Signatures that a node takes at a time.
const STATUSES_MAX: usize = 256;
/// Of an account's transactions, how many are asked for.
const NEWEST: usize = 100;

/// What a transaction is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blockhash {
    /// The hash.
    pub hash: Pubkey,
    /// The last block height at which a transaction with it may land.
    pub last_valid_height: u64,
}

/// What a node knows of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where it landed.
    pub slot: Slot,
    /// Whether that is confirmed: what is only processed may vanish again.
    pub confirmed: bool,
    /// Whether that is final: what is only confirmed may still vanish, with a fork that most had voted for.
    pub finalized: bool,
}

/// What one node said, in this order: its finalized block height where that was asked for, then what it knows of
/// each transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// Its own finalized block height.
    pub finalized: Option<u64>,
    /// The slot that it is at itself; none where it was asked for nothing.
    pub slot: Option<Slot>,
    /// Of each signature, in their order.
    pub statuses: Vec<Option<Status>>,
}

#[derive(Deserialize)]
struct AtSlot<T> {
    context: Context,
    value: T,
}

#[derive(Deserialize)]
struct Context {
    #[serde(deserialize_with = "count")]
    slot: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShownBlockhash {
    blockhash: Pubkey,
    #[serde(deserialize_with = "count")]
    last_valid_block_height: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShownStatus {
    #[serde(deserialize_with = "count")]
    slot: u64,
    confirmation_status: Option<String>,
}

#[derive(Deserialize)]
struct ShownEntry {
    signature: Signature,
    #[serde(deserialize_with = "count")]
    slot: u64,
    err: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShownSimulation {
    err: Option<Value>,
    logs: Option<Vec<String>>,
    units_consumed: Option<u64>,
}

/// What a transaction would have done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// On the state of this slot.
    pub slot: Slot,
    /// Why it would have failed.
    pub error: Option<String>,
    /// What the programs logged.
    pub logs: Vec<String>,
    /// Compute units of the whole.
    pub units: u64,
}

impl Simulated {
    /// The same, where it would have succeeded.
    ///
    /// # Errors
    /// Why it would have failed, with what the programs said last.
    pub fn succeeded(self) -> Result<Self, String> {
        match (self.error, self.logs.last()) {
            (Some(error), Some(said)) => Err(format!("{error} ({said})")),
            (Some(error), None) => Err(error),
            (None, _) => Ok(Self { error: None, ..self }),
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(answer: Value) -> Result<T, Failure> {
    serde_json::from_value(answer).map_err(|_| Failure::Garbage)
}

impl Rpc {
    /// How many endpoints there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.switch.nodes.len()
    }

    /// The newest confirmed blockhash, and the slot at which it was that.
    ///
    /// # Errors
    /// Where no endpoint answers in time, or with garbage.
    pub async fn latest_blockhash(&self) -> Result<(Slot, Blockhash), Failure> {
        let confirmed = json!([{ "commitment": "confirmed" }]);
        let answer: AtSlot<ShownBlockhash> =
            read(self.ask(RpcRequest::GetLatestBlockhash, confirmed).await?)?;
        let ShownBlockhash { blockhash, last_valid_block_height } = answer.value;
        let hash = Blockhash { hash: blockhash, last_valid_height: last_valid_block_height };
        Ok((Slot(answer.context.slot), hash))
    }

    /// Asks the `nth` endpoint, and no other, what it knows of transactions, in its whole history where that is
    /// wished. With `finalized` it says first which block is final to it: what was asked for before it said so would
    /// prove nothing.
    ///
    /// # Errors
    /// Where it is not to be asked now, or does not answer in time, or with garbage.
    pub async fn look(
        &self,
        nth: usize,
        of: &[Signature],
        finalized: bool,
        history: bool,
    ) -> Result<Looked, Failure> {
        let node = self.switch.one(nth).await?;
        let height = if finalized {
            let height =
                node.ask(RpcRequest::GetBlockHeight, &json!([{ "commitment": "finalized" }])).await?;
            Some(height.as_u64().filter(|height| *height <= MOST).ok_or(Failure::Garbage)?)
        } else {
            None
        };
        let (mut statuses, mut slot) = (Vec::with_capacity(of.len()), None::<u64>);
        for some in of.chunks(STATUSES_MAX) {
            let names: Vec<_> = some.iter().map(ToString::to_string).collect();
            let params = json!([names, { "searchTransactionHistory": history }]);
            let answer = node.ask(RpcRequest::GetSignatureStatuses, &params).await?;
            let shown: AtSlot<Vec<Option<ShownStatus>>> = read(answer)?;
            if shown.value.len() != some.len() {
                return Err(Failure::Garbage);
            }
            slot = Some(slot.map_or(shown.context.slot, |before| before.min(shown.context.slot)));
            statuses.extend(shown.value.into_iter().map(|status| status.map(Status::from)));
        }
        Ok(Looked { finalized: height, slot: slot.map(Slot), statuses })
    }

    /// A confirmed transaction with what it did, as the first endpoint that has it tells; `None` where none has it
    /// yet.
    ///
    /// # Errors
    /// Where none has it, and one did not answer.
    pub async fn transaction(&self, signature: &Signature) -> Result<Option<Value>, Failure> {
        let commitment =
            json!({ "encoding": "base64", "commitment": "confirmed", "maxSupportedTransactionVersion": 0 });
        let params = json!([signature.to_string(), commitment]);
        let mut failed = None;
        for nth in 0..self.count() {
            let asked = match self.switch.one(nth).await {
                Ok(node) => node.ask(RpcRequest::GetTransaction, &params).await,
                Err(failure) => Err(failure),
            };
            match asked {
                Ok(Value::Null) => {}
                Ok(transaction) => return Ok(Some(transaction)),
                Err(failure) => failed = Some(failure),
            }
        }
        failed.map_or(Ok(None), Err)
    }

    /// The newest transactions that an account was in and that did not fail, as all endpoints that answer know them.
    ///
    /// # Errors
    /// Where none knows any, and one did not answer.
    pub async fn history(&self, account: &Pubkey) -> Result<Vec<(Slot, Signature)>, Failure> {
        let params = json!([account.to_string(), { "commitment": "confirmed", "limit": NEWEST }]);
        let (mut known, mut failed) = (Vec::new(), None);
        for nth in 0..self.count() {
            let asked = match self.switch.one(nth).await {
                Ok(node) => node.ask(RpcRequest::GetSignaturesForAddress, &params).await,
                Err(failure) => Err(failure),
            };
            match asked.and_then(read::<Vec<ShownEntry>>) {
                Ok(told) => {
                    let good = told.into_iter().filter(|entry| entry.err.is_none());
                    known.extend(good.map(|entry| (Slot(entry.slot), entry.signature)));
                }
                Err(failure) => failed = Some(failure),
            }
        }
        failed.filter(|_| known.is_empty()).map_or(Ok(known), Err)
    }

    /// What a transaction, which need not be signed, would do now.
    ///
    /// # Errors
    /// Where no endpoint answers in time, or with garbage.
    pub async fn simulate(&self, raw: &[u8]) -> Result<Simulated, Failure> {
        let how = json!({
            "encoding": "base64", "commitment": "confirmed", "sigVerify": false, "replaceRecentBlockhash": true,
        });
        let params = json!([BASE64_STANDARD.encode(raw), how]);
        let answer: AtSlot<ShownSimulation> = read(self.ask(RpcRequest::SimulateTransaction, params).await?)?;
        let shown = answer.value;
        Ok(Simulated {
            slot: Slot(answer.context.slot),
            error: shown.err.map(|error| error.to_string()),
            logs: shown.logs.unwrap_or_default(),
            units: shown.units_consumed.unwrap_or_default(),
        })
    }
}

impl From<ShownStatus> for Status {
    /// A status without a word for it is of a node that is older than the word: rooted.
    fn from(shown: ShownStatus) -> Self {
        let word = shown.confirmation_status;
        let confirmed = word.as_deref().is_none_or(|word| word != "processed");
        let finalized = word.is_none_or(|word| word == "finalized");
        Self { slot: Slot(shown.slot), confirmed, finalized }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_and_slots_that_cannot_be_are_garbage() {
        let hash = Pubkey([7; 32]).to_string();
        let blockhash = |slot: u64, height: u64| {
            let value = json!({ "blockhash": hash, "lastValidBlockHeight": height });
            read::<AtSlot<ShownBlockhash>>(json!({ "context": { "slot": slot }, "value": value })).is_ok()
        };
        let most =
            [blockhash(MOST, MOST), blockhash(MOST + 1, 1), blockhash(1, MOST + 1), blockhash(1, u64::MAX)];
        assert_eq!(most, [true, false, false, false]);
        let status =
            |slot: u64| read::<ShownStatus>(json!({ "slot": slot, "confirmationStatus": null })).is_ok();
        assert_eq!([MOST, MOST + 1].map(status), [true, false]);
    }
}
