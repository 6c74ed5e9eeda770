//! How a transaction comes in: what a node checks of it before it takes it, and what may become of it on its way.

use momentum_core::ids::Signature;
use serde_json::{Value, json};
use solana_sdk::transaction::{TransactionError, VersionedTransaction};

use super::state::State;

/// The longest transaction that a packet carries, in bytes.
const PACKET: usize = 1_232;

/// Why a node does not take a transaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Preflight {
    /// The bytes are no transaction.
    Unreadable(String),
    /// A signature is wrong.
    BadSignature,
    /// It would not land: its blockhash is unknown or too old, it has landed already, nobody pays.
    WouldNotLand(TransactionError),
    /// It would land and fail.
    WouldFail {
        /// With what.
        error: TransactionError,
        /// What the programs said.
        logs: Vec<String>,
        /// Compute units up to there.
        units: u64,
    },
}

impl Preflight {
    /// The error as a node's JSON-RPC tells it: code, message, data.
    #[must_use]
    pub fn json(&self) -> (i64, String, Value) {
        let simulated = |error: &TransactionError, logs: &[String], units: u64| {
            let data = json!({
                "err": error, "logs": logs, "unitsConsumed": units, "accounts": null, "returnData": null,
                "innerInstructions": null, "replacementBlockhash": null,
            });
            (-32002, format!("Transaction simulation failed: {error}"), data)
        };
        match self {
            Self::Unreadable(why) => (-32602, why.clone(), Value::Null),
            Self::BadSignature => {
                (-32003, "Transaction signature verification failure".to_owned(), Value::Null)
            }
            Self::WouldNotLand(error) => simulated(error, &[], 0),
            Self::WouldFail { error, logs, units } => simulated(error, logs, *units),
        }
    }
}

/// What becomes of a transaction that a node took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It runs in the next slot.
    #[default]
    Lands,
    /// It is lost, and no one is told.
    Vanishes,
    /// It runs so many slots later than it would, if its blockhash is still good then.
    Late(u64),
    /// It runs in the last slot that takes its blockhash.
    LastMoment,
    /// It runs in the next slot and fails: the price ran away between the look and the landing.
    Fails,
}

/// A transaction on its way.
#[derive(Clone, Debug)]
pub(crate) struct Queued {
    pub(crate) transaction: VersionedTransaction,
    pub(crate) raw: Vec<u8>,
    pub(crate) fate: Fate,
    /// The height of the block that it is for.
    pub(crate) due: u64,
}

impl State {
    /// Reads a transaction off the wire.
    pub(crate) fn read(raw: &[u8]) -> Result<VersionedTransaction, Preflight> {
        if raw.len() > PACKET {
            let length = raw.len();
            let why = format!(
                "decoded solana_transaction::versioned::VersionedTransaction too large: {length} bytes (max: {PACKET} bytes)"
            );
            return Err(Preflight::Unreadable(why));
        }
        let read = bincode::deserialize::<VersionedTransaction>(raw);
        let transaction =
            read.map_err(|error| Preflight::Unreadable(format!("failed to deserialize: {error}")))?;
        transaction
            .sanitize()
            .map_err(|error| Preflight::Unreadable(format!("invalid transaction: {error}")))?;
        Ok(transaction)
    }

    /// Takes a transaction or says why not; see [`super::Chain::send`]. A node that is to look at it first does so with
    /// what it knows, up to the slot `seen`.
    pub(crate) fn send(&mut self, raw: &[u8], seen: Option<u64>) -> Result<Signature, Preflight> {
        let transaction = Self::read(raw)?;
        let name = name(&transaction);
        if let Some(slot) = seen {
            self.look(&transaction, slot)?;
        }
        if self.landed.contains_key(&name)
            || self.queue.iter().any(|queued| self::name(&queued.transaction) == name)
        {
            return Ok(name);
        }
        let fate = self.fates.pop_front().unwrap_or_default();
        self.enqueue(transaction, raw.to_vec(), fate);
        Ok(name)
    }

    /// Queues a transaction as its fate has it.
    pub(crate) fn enqueue(&mut self, transaction: VersionedTransaction, raw: Vec<u8>, fate: Fate) {
        let next = self.height + 1;
        let due = match fate {
            Fate::Vanishes => return,
            Fate::Lands | Fate::Fails => next,
            Fate::Late(slots) => next + slots,
            Fate::LastMoment => {
                let hash = transaction.message.recent_blockhash().to_bytes();
                self.hashes.last_height(&hash).unwrap_or(next)
            }
        };
        self.queue.push(Queued { transaction, raw, fate, due });
    }

    /// What a node that knows of the chain up to a slot looks at before it takes a transaction. Accounts are as they
    /// are now: what is behind at such a node are blockhashes, and what has landed.
    fn look(&self, transaction: &VersionedTransaction, slot: u64) -> Result<(), Preflight> {
        if !transaction.verify_with_results().iter().all(|good| *good) {
            return Err(Preflight::BadSignature);
        }
        let hash = transaction.message.recent_blockhash().to_bytes();
        if !self.hashes.known_at(&hash, self.height_at(slot)) {
            return Err(Preflight::WouldNotLand(TransactionError::BlockhashNotFound));
        }
        match self.landed.get(&name(transaction)) {
            Some(landed) if landed.slot <= slot => {
                return Err(Preflight::WouldNotLand(TransactionError::AlreadyProcessed));
            }
            // It went through, in a slot that this node has not seen.
            Some(_) => return Ok(()),
            None => {}
        }
        self.vm.simulate_transaction(transaction.clone()).map(drop).map_err(|failed| Preflight::WouldFail {
            error: failed.err,
            logs: failed.meta.logs,
            units: failed.meta.compute_units_consumed,
        })
    }
}

/// The first signature of a transaction, which is its name.
pub(crate) fn name(transaction: &VersionedTransaction) -> Signature {
    let signature = transaction.signatures.first().map(|signature| <[u8; 64]>::from(*signature));
    signature.map(Signature).unwrap_or_default()
}
