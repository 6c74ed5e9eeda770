//! What a node answers of, and the ledger that tests write by hand.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use momentum_core::ids::Pubkey;
use momentum_core::time::ChainTime;
use momentum_pump::accounts::{read_mint, read_token_account};
use momentum_pump::programs::{TOKEN, TOKEN_2022};
use momentum_pump::transaction::{Instruction, OwnedTransaction, Transaction};
use serde_json::{Value, json};

use super::{Commitment, Outcome};

/// Blocks that a transaction's blockhash is good for.
const BLOCKHASH_LIFE: u64 = 150;
/// Hash of the first block.
pub const GENESIS: &str = "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR9";
/// Holders that a node tells of.
const LARGEST: usize = 20;

/// The state of a chain, as a node reads it.
pub trait Ledger: Send + 'static {
    /// The newest slot.
    fn slot(&self) -> u64;
    /// Blocks up to it.
    fn block_height(&self) -> u64;
    /// Hash of the first block, in base58.
    fn genesis(&self) -> String {
        GENESIS.to_owned()
    }
    /// The newest slot that is this settled.
    fn settled(&self, _: Commitment) -> u64 {
        self.slot()
    }
    /// Blocks up to a slot.
    fn height_at(&self, _slot: u64) -> u64 {
        self.block_height()
    }
    /// An account.
    fn account(&self, key: &Pubkey) -> Option<Account>;
    /// An account as a slot left it, where the ledger remembers.
    fn account_as_of(&self, key: &Pubkey, _slot: u64) -> Option<Account> {
        self.account(key)
    }
    /// The largest token accounts of a mint, largest first, at most 20.
    fn largest(&self, mint: &Pubkey) -> Vec<(Pubkey, u64)>;
    /// Slots from here to there, both included, that have a block.
    fn blocks(&self, from: u64, to: u64) -> Vec<u64>;
    /// A block as `getBlock` answers it with all transactions as JSON.
    fn block(&self, slot: u64) -> Option<Value>;
    /// What became of a transaction, as `getSignatureStatuses` answers it; null for one that is not known.
    fn status(&self, signature: &str) -> Value;
    /// The newest blockhash, in base58.
    fn blockhash(&self) -> String;
    /// The blockhash of a slot, in base58, and the last height of a block that takes it.
    fn blockhash_as_of(&self, slot: u64) -> (String, u64) {
        (self.blockhash(), self.height_at(slot) + BLOCKHASH_LIFE)
    }
    /// The answer to a method that only a ledger knows which executes, by a node that knows of it up to `slot`.
    fn answer(&self, _method: &str, _params: &Value, _slot: u64) -> Option<Outcome> {
        None
    }

    /// Tokens of a mint in existence.
    fn supply(&self, mint: &Pubkey) -> Option<u64> {
        let account = self.account(mint)?;
        read_mint(&account.owner, &account.data).ok().map(|mint| mint.facts.supply.0)
    }
}

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// What it holds.
    pub lamports: u64,
    /// The program whose it is.
    pub owner: Pubkey,
    /// Its data.
    pub data: Vec<u8>,
}

/// A block.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The slot of the block before.
    pub parent: u64,
    /// Its time.
    pub time: ChainTime,
    /// Its transactions.
    pub transactions: Vec<OwnedTransaction>,
}

/// A ledger that is written by hand.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The newest slot.
    pub slot: u64,
    /// Accounts by address.
    pub accounts: BTreeMap<Pubkey, Account>,
    /// Blocks by slot; slots without one were skipped.
    pub blocks: BTreeMap<u64, Block>,
    /// Statuses by signature, in base58.
    pub statuses: BTreeMap<String, Value>,
}

impl Written {
    /// Puts an account with a lamport in it.
    pub fn put(&mut self, key: Pubkey, owner: Pubkey, data: Vec<u8>) {
        self.accounts.insert(key, Account { lamports: 1, owner, data });
    }
}

impl Ledger for Written {
    fn slot(&self) -> u64 {
        self.slot
    }

    fn block_height(&self) -> u64 {
        self.slot
    }

    fn account(&self, key: &Pubkey) -> Option<Account> {
        self.accounts.get(key).cloned()
    }

    fn largest(&self, mint: &Pubkey) -> Vec<(Pubkey, u64)> {
        let of_tokens =
            self.accounts.iter().filter(|(_, account)| matches!(account.owner, TOKEN | TOKEN_2022));
        let read =
            of_tokens.filter_map(|(key, account)| Some((*key, read_token_account(&account.data).ok()?)));
        let mut largest: Vec<_> =
            read.filter(|(_, held)| held.mint.0 == *mint).map(|(key, held)| (key, held.amount.0)).collect();
        largest.sort_by_key(|(_, amount)| Reverse(*amount));
        largest.truncate(LARGEST);
        largest
    }

    fn blocks(&self, from: u64, to: u64) -> Vec<u64> {
        if from > to { Vec::new() } else { self.blocks.range(from..=to).map(|(slot, _)| *slot).collect() }
    }

    fn block(&self, slot: u64) -> Option<Value> {
        let block = self.blocks.get(&slot)?;
        Some(json!({
            "blockhash": Pubkey([1; 32]).to_string(),
            "previousBlockhash": Pubkey([2; 32]).to_string(),
            "parentSlot": block.parent,
            "blockHeight": slot,
            "blockTime": block.time.0,
            "rewards": null,
            "transactions": block.transactions.iter().map(shown).collect::<Vec<_>>(),
        }))
    }

    fn status(&self, signature: &str) -> Value {
        self.statuses.get(signature).cloned().unwrap_or_default()
    }

    fn blockhash(&self) -> String {
        Pubkey([1; 32]).to_string()
    }
}

/// A transaction as a node shows it inside a block; all its addresses are static ones there.
fn shown(transaction: &OwnedTransaction) -> Value {
    let keys: Vec<_> = transaction.keys.iter().map(|key| Pubkey(*key).to_string()).collect();
    let (mut top, mut sets): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for Instruction { program, accounts, data, height } in transaction.instructions() {
        let shown = json!({
            "programIdIndex": program,
            "accounts": accounts,
            "data": bs58::encode(data).into_string(),
            "stackHeight": height,
        });
        if height == Some(1) {
            top.push(shown);
            continue;
        }
        let index = top.len().saturating_sub(1);
        let set = sets.last_mut().filter(|set| set["index"] == index);
        match set.and_then(|set| set["instructions"].as_array_mut()) {
            Some(inner) => inner.push(shown),
            None => sets.push(json!({ "index": index, "instructions": [shown] })),
        }
    }
    json!({
        "version": 0,
        "transaction": {
            "signatures": [transaction.signature.to_string()],
            "message": { "accountKeys": keys, "instructions": top, "recentBlockhash": Pubkey([1; 32]).to_string() },
        },
        "meta": {
            "err": transaction.failed.then(|| json!({ "InstructionError": [0, { "Custom": 6002 }] })),
            "innerInstructions": if transaction.carries_inner { Value::Array(sets) } else { Value::Null },
            "logMessages": transaction.logs().collect::<Vec<_>>(),
            "loadedAddresses": { "writable": [], "readonly": [] },
            "fee": 5000,
        },
    })
}
