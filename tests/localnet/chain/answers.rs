//! What only a chain that executes can answer: sending, simulating, and what became of it.

mod accounts;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::{Pubkey, Signature};
use momentum_pump::accounts::{read_mint, read_token_account};
use serde_json::{Value, json};
use solana_sdk::account::ReadableAccount;
use solana_sdk::hash::Hash;
use solana_sdk::message::VersionedMessage;
use solana_sdk::transaction::VersionedTransaction;

use super::landed::Landed;
use super::send::Preflight;
use super::state::{State, shown};
use super::told::{instruction_json, ui_amount};
use crate::rpc::{Account, Commitment, Outcome, Refusal, account_json, invalid, key};

/// Slots back to which a node knows statuses without searching its history.
const RECENT: u64 = 150;
/// Signatures that a node tells of an address at most.
const SIGNATURES: u64 = 1_000;

impl State {
    /// The answer of a node that knows of the chain up to `slot`; `None` for a method that is not answered here.
    pub(crate) fn answer(&mut self, method: &str, params: &Value, slot: u64) -> Option<Outcome> {
        Some(match method {
            "sendTransaction" => self.answer_send(params, slot),
            "simulateTransaction" => self.answer_simulate(params, slot),
            "getFeeForMessage" => self.answer_fee(params, slot),
            "getTransaction" => self.answer_transaction(params, slot),
            "getSignatureStatuses" => self.answer_statuses(params, slot),
            "getSignaturesForAddress" => self.answer_signatures(params, slot),
            "getTokenAccountsByOwner" => self.answer_holdings(params, slot),
            "getTokenAccountBalance" => self.answer_token_balance(params, slot),
            "getProgramAccounts" => self.answer_program_accounts(params, slot),
            "isBlockhashValid" => self.answer_valid(params, slot),
            "getMinimumBalanceForRentExemption" => {
                let length = params[0].as_u64().and_then(|length| usize::try_from(length).ok());
                length
                    .ok_or_else(|| invalid("no length"))
                    .map(|length| json!(self.vm.minimum_balance_for_rent_exemption(length)))
            }
            "getRecentPrioritizationFees" => self.answer_prices(params, slot),
            "requestAirdrop" => self.answer_airdrop(params),
            _ => return None,
        })
    }

    fn answer_send(&mut self, params: &Value, slot: u64) -> Outcome {
        let raw = encoded(&params[0], &params[1])?;
        let unseen = params[1]["skipPreflight"].as_bool().unwrap_or(false);
        match self.send(&raw, (!unseen).then_some(slot)) {
            Ok(name) => Ok(json!(name.to_string())),
            Err(preflight) => {
                let (code, message, data) = preflight.json();
                Err(Refusal { code, message, data })
            }
        }
    }

    fn answer_simulate(&self, params: &Value, slot: u64) -> Outcome {
        let options = &params[1];
        let mut transaction = Self::read(&encoded(&params[0], options)?).map_err(|preflight| {
            let (code, message, data) = preflight.json();
            Refusal { code, message, data }
        })?;
        let mut replaced = Value::Null;
        if options["replaceRecentBlockhash"] == true {
            let (hash, last) = self.hashes.at(self.height_at(slot));
            transaction.message.set_recent_blockhash(Hash::new_from_array(hash));
            replaced = json!({
                "blockhash": bs58::encode(hash).into_string(), "lastValidBlockHeight": last,
            });
        } else if options["sigVerify"] == true && !transaction.verify_with_results().iter().all(|good| *good)
        {
            let (code, message, data) = Preflight::BadSignature.json();
            return Err(Refusal { code, message, data });
        }
        if replaced.is_null() && !self.knows_hash(&transaction.message, slot) {
            return Ok(
                json!({ "err": "BlockhashNotFound", "logs": [], "accounts": null, "unitsConsumed": 0 }),
            );
        }
        let mut told = self.simulated(transaction, options)?;
        told["replacementBlockhash"] = replaced;
        Ok(told)
    }

    /// Whether a node that knows of the chain up to a slot takes the blockhash that a message names.
    fn knows_hash(&self, message: &VersionedMessage, slot: u64) -> bool {
        self.hashes.known_at(&message.recent_blockhash().to_bytes(), self.height_at(slot))
    }

    /// What a message would pay; null where the node does not know its blockhash.
    fn answer_fee(&self, params: &Value, slot: u64) -> Outcome {
        let raw = encoded(&params[0], &json!({ "encoding": "base64" }))?;
        let message = bincode::deserialize::<VersionedMessage>(&raw)
            .map_err(|error| invalid(&format!("failed to deserialize: {error}")))?;
        if !self.knows_hash(&message, slot) {
            return Ok(Value::Null);
        }
        let signers = usize::from(message.header().num_required_signatures);
        let signatures = vec![solana_sdk::signature::Signature::default(); signers];
        let seen = self.vm.simulate_transaction(VersionedTransaction { signatures, message });
        let meta = seen.map(|seen| seen.meta).unwrap_or_else(|failed| failed.meta);
        Ok(json!(meta.fee))
    }

    fn simulated(&self, transaction: VersionedTransaction, options: &Value) -> Outcome {
        let wanted = options["accounts"]["addresses"].as_array();
        let wanted = wanted.map(|list| list.iter().map(key).collect::<Result<Vec<_>, _>>()).transpose()?;
        let (error, meta, after) = match self.vm.simulate_transaction(transaction) {
            Ok(done) => (Value::Null, done.meta, done.post_accounts),
            Err(failed) => (json!(failed.err), failed.meta, Vec::new()),
        };
        let as_left = |wanted: &Pubkey| {
            let left = after.iter().find(|(key, _)| key.to_bytes() == wanted.0);
            let account = left.map(|(_, account)| shown(account)).or_else(|| self.account(wanted));
            account_json(account.filter(|account| account.lamports > 0))
        };
        let accounts = match &wanted {
            Some(wanted) if error.is_null() => Value::Array(wanted.iter().map(as_left).collect()),
            Some(wanted) => Value::Array(vec![Value::Null; wanted.len()]),
            None => Value::Null,
        };
        let inner = meta.inner_instructions.iter().enumerate().filter(|(_, set)| !set.is_empty());
        let inner = inner.map(|(index, set)| {
            let told = set.iter().map(|inner| instruction_json(&inner.instruction, inner.stack_height));
            json!({ "index": index, "instructions": told.collect::<Vec<_>>() })
        });
        let inner = if options["innerInstructions"] == true { inner.collect() } else { Value::Null };
        Ok(json!({
            "err": error,
            "logs": meta.logs,
            "accounts": accounts,
            "unitsConsumed": meta.compute_units_consumed,
            "fee": meta.fee,
            "returnData": null,
            "innerInstructions": inner,
        }))
    }

    fn answer_transaction(&self, params: &Value, slot: u64) -> Outcome {
        let name = signature(&params[0])?;
        let Some(landed) = self.landed.get(&name).filter(|landed| landed.slot <= slot) else {
            return Ok(Value::Null);
        };
        let encoding = params[1]["encoding"].as_str().or(params[1].as_str()).unwrap_or("json");
        let mut told = landed.json(encoding == "base64");
        if told["version"] == 0 && params[1]["maxSupportedTransactionVersion"].is_null() {
            let message = "Transaction version (0) is not supported by the requesting client. Please try the \
                           request again with the following configuration parameter: \
                           \"maxSupportedTransactionVersion\": 0";
            return Err(Refusal::new(-32015, message));
        }
        told["slot"] = json!(landed.slot);
        told["blockTime"] = json!(landed.time.0);
        told["transactionIndex"] = json!(landed.index);
        Ok(told)
    }

    fn answer_statuses(&self, params: &Value, slot: u64) -> Outcome {
        let names = params[0].as_array().ok_or_else(|| invalid("no list of signatures"))?;
        let searches = params[1]["searchTransactionHistory"] == true;
        // A slot that was left has no block, and settles those before it all the same.
        let as_of = self.slot - self.settled(0).saturating_sub(slot);
        let status = |name: &Value| self.status(name.as_str().unwrap_or_default(), searches, as_of);
        Ok(names.iter().map(status).collect())
    }

    /// What became of a transaction, as a node tells it that knows of the chain up to a slot; null for one that it
    /// does not know.
    pub(crate) fn status(&self, name: &str, searches: bool, as_of: u64) -> Value {
        let landed = name.parse().ok().and_then(|name: Signature| self.landed.get(&name));
        let landed =
            landed.filter(|landed| landed.slot <= as_of && (searches || landed.slot + RECENT >= as_of));
        landed.map_or(Value::Null, |landed| {
            let commitment = self.commitment(landed, as_of);
            let confirmations = match commitment {
                "finalized" => Value::Null,
                _ => json!(self.height_at(as_of) - self.height_at(landed.slot)),
            };
            let outcome =
                landed.error.as_ref().map_or(json!({ "Ok": null }), |error| json!({ "Err": error }));
            json!({
                "slot": landed.slot,
                "confirmations": confirmations,
                "err": landed.error,
                "status": outcome,
                "confirmationStatus": commitment,
            })
        })
    }

    fn commitment(&self, landed: &Landed, as_of: u64) -> &'static str {
        if landed.slot + self.options.finalized_after <= as_of {
            "finalized"
        } else if landed.slot + self.options.confirmed_after <= as_of {
            "confirmed"
        } else {
            "processed"
        }
    }

    /// Newest first, without `before` and what is newer, up to `until` and without it.
    fn answer_signatures(&self, params: &Value, slot: u64) -> Outcome {
        let (of, options) = (key(&params[0])?, &params[1]);
        let commitment = Commitment::of("getSignaturesForAddress", params);
        if commitment == Commitment::Processed {
            return Err(Refusal::new(-32602, "Method does not support commitment below `confirmed`"));
        }
        let limit = options["limit"].as_u64().unwrap_or(SIGNATURES);
        if !(1..=SIGNATURES).contains(&limit) {
            return Err(Refusal::new(-32602, format!("Invalid limit; max {SIGNATURES}")));
        }
        let named = |place: &Value| (!place.is_null()).then(|| signature(place)).transpose();
        let (before, until) = (named(&options["before"])?, named(&options["until"])?);
        // A node that lags knows of final blocks as much later.
        let behind = self.settled_at(commitment).saturating_sub(slot);
        let last_final = self.settled_at(Commitment::Finalized).saturating_sub(behind);
        let newest_first = self.made.range(..=slot).rev().flat_map(|(_, made)| made.signatures.iter().rev());
        let asked = newest_first
            .take_while(|name| Some(**name) != until)
            .skip_while(|name| before.is_some_and(|before| **name != before))
            .skip(usize::from(before.is_some()));
        let theirs = asked.map(|name| &self.landed[name]).filter(|landed| landed.keys().contains(&of));
        let told = theirs.take(usize::try_from(limit).unwrap()).map(|landed| {
            json!({
                "signature": landed.signature.to_string(),
                "slot": landed.slot,
                "err": landed.error,
                "memo": null,
                "blockTime": landed.time.0,
                "confirmationStatus": if landed.slot <= last_final { "finalized" } else { "confirmed" },
            })
        });
        Ok(told.collect())
    }

    fn answer_holdings(&self, params: &Value, slot: u64) -> Outcome {
        let owner = key(&params[0])?;
        let filter = &params[1];
        let mint = filter["mint"].is_string().then(|| key(&filter["mint"])).transpose()?;
        let program = filter["programId"].is_string().then(|| key(&filter["programId"])).transpose()?;
        let parsed = params[2]["encoding"] == "jsonParsed";
        let keys = self.holdings.get(&owner).into_iter().flatten();
        let told = keys.filter_map(|key| {
            let account = self.account_as_of(key, slot)?;
            let held = read_token_account(&account.data).ok()?;
            let wanted = held.owner.0 == owner
                && mint.is_none_or(|mint| held.mint.0 == mint)
                && program.is_none_or(|program| account.owner == program);
            let told = if parsed { self.parsed(&account)? } else { account_json(Some(account)) };
            wanted.then(|| json!({ "pubkey": key.to_string(), "account": told }))
        });
        Ok(told.collect())
    }

    /// A token account as `jsonParsed` shows it.
    fn parsed(&self, account: &Account) -> Option<Value> {
        let held = read_token_account(&account.data).ok()?;
        let mint = self.held(&held.mint.0)?;
        let decimals = read_mint(&account.owner, mint.data()).ok()?.decimals;
        let mut told = account_json(Some(account.clone()));
        told["data"] = json!({
            "program": "spl-token",
            "parsed": {
                "type": "account",
                "info": {
                    "mint": held.mint.to_string(),
                    "owner": held.owner.to_string(),
                    "state": if held.frozen { "frozen" } else { "initialized" },
                    "isNative": held.native_rent.is_some(),
                    "tokenAmount": ui_amount(held.amount.0, decimals),
                },
            },
            "space": account.data.len(),
        });
        Some(told)
    }

    fn answer_valid(&self, params: &Value, slot: u64) -> Outcome {
        let hash = key(&params[0])?;
        Ok(json!(self.hashes.good_at(&hash.0, self.height_at(slot))))
    }

    fn answer_airdrop(&mut self, params: &Value) -> Outcome {
        let wallet = key(&params[0])?;
        let lamports = params[1].as_u64().ok_or_else(|| invalid("no lamports"))?;
        self.fund(&wallet, lamports);
        // Out of nothing, so that no transaction tells of it.
        Ok(json!(Signature::default().to_string()))
    }
}

fn signature(text: &Value) -> Result<Signature, Refusal> {
    text.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| invalid("WrongSize"))
}

/// The bytes of a transaction, encoded as the options say; base58 where they say nothing.
fn encoded(text: &Value, options: &Value) -> Result<Vec<u8>, Refusal> {
    let text = text.as_str().ok_or_else(|| invalid("no transaction"))?;
    match options["encoding"].as_str() {
        Some("base64") => {
            BASE64_STANDARD.decode(text).map_err(|error| invalid(&format!("invalid base64: {error}")))
        }
        _ => bs58::decode(text).into_vec().map_err(|error| invalid(&format!("invalid base58: {error}"))),
    }
}
