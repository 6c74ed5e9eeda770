//! The chain as an RPC node reads it.

use std::cmp::Reverse;

use momentum_core::ids::Pubkey;
use momentum_pump::accounts::read_token_account;
use momentum_pump::programs::{TOKEN, TOKEN_2022};
use serde_json::{Value, json};
use solana_sdk::account::ReadableAccount;

use super::Chain;
use super::state::State;
use crate::rpc::{Account, Commitment, Ledger, Outcome};

/// Holders that a node tells of.
const LARGEST: usize = 20;

impl State {
    /// The newest slot that a node tells of where it is asked for what is this settled.
    pub(crate) fn settled_at(&self, commitment: Commitment) -> u64 {
        self.settled(match commitment {
            Commitment::Processed => 0,
            Commitment::Confirmed => self.options.confirmed_after,
            Commitment::Finalized => self.options.finalized_after,
        })
    }

    /// The number of blocks up to a slot.
    pub(crate) fn height_at(&self, slot: u64) -> u64 {
        self.made.range(..=slot).next_back().map_or(0, |(_, made)| made.height)
    }
}

impl Ledger for Chain {
    fn slot(&self) -> u64 {
        self.state().slot
    }

    fn block_height(&self) -> u64 {
        self.state().height
    }

    fn settled(&self, commitment: Commitment) -> u64 {
        self.state().settled_at(commitment)
    }

    fn height_at(&self, slot: u64) -> u64 {
        self.state().height_at(slot)
    }

    fn account(&self, key: &Pubkey) -> Option<Account> {
        self.state().account(key)
    }

    fn account_as_of(&self, key: &Pubkey, slot: u64) -> Option<Account> {
        self.state().account_as_of(key, slot)
    }

    fn largest(&self, mint: &Pubkey) -> Vec<(Pubkey, u64)> {
        let state = self.state();
        let accounts = state.vm.accounts_db();
        let of_tokens = accounts.inner.iter().filter(|(_, account)| {
            let owner = account.owner().to_bytes();
            owner == TOKEN.0 || owner == TOKEN_2022.0
        });
        let mut largest: Vec<_> = of_tokens
            .filter_map(|(key, account)| {
                let held = read_token_account(account.data()).ok()?;
                (held.mint.0 == *mint).then_some((Pubkey(key.to_bytes()), held.amount.0))
            })
            .collect();
        // The machine's table has no order of its own.
        largest.sort_by_key(|(key, amount)| (Reverse(*amount), *key));
        largest.truncate(LARGEST);
        largest
    }

    fn blocks(&self, from: u64, to: u64) -> Vec<u64> {
        if from > to {
            Vec::new()
        } else {
            self.state().made.range(from..=to).map(|(slot, _)| *slot).collect()
        }
    }

    fn block(&self, slot: u64) -> Option<Value> {
        let state = self.state();
        let made = state.made.get(&slot)?;
        let parent = state.made.get(&made.parent).map(|parent| parent.hash).unwrap_or_default();
        let transactions = made.signatures.iter().map(|name| state.landed[name].json(false));
        Some(json!({
            "blockhash": bs58::encode(made.hash).into_string(),
            "previousBlockhash": bs58::encode(parent).into_string(),
            "parentSlot": made.parent,
            "blockHeight": made.height,
            "blockTime": made.time.0,
            "rewards": null,
            "transactions": transactions.collect::<Vec<_>>(),
        }))
    }

    fn status(&self, signature: &str) -> Value {
        let state = self.state();
        state.status(signature, true, state.slot)
    }

    fn blockhash(&self) -> String {
        bs58::encode(self.blockhash().0).into_string()
    }

    fn blockhash_as_of(&self, slot: u64) -> (String, u64) {
        let state = self.state();
        let (hash, last) = state.hashes.at(state.height_at(slot));
        (bs58::encode(hash).into_string(), last)
    }

    fn answer(&self, method: &str, params: &Value, slot: u64) -> Option<Outcome> {
        self.state().answer(method, params, slot)
    }
}
