//! Fills a small gap in the stream block by block, and proves that it is whole: each block names the slot of the
//! one before, so a block that a node leaves out is missed. A larger gap is refused; its tokens stay stale until
//! their accounts are read.

#[cfg(test)]
mod tests;

use futures_util::StreamExt;
use futures_util::stream;
use momentum_core::event::Event;
use momentum_core::ids::Slot;
use momentum_pump::decode::{Counts, Outcome, decode};
use momentum_pump::programs::{PUMP, PUMP_AMM};
use momentum_pump::transaction::{ReadError, read_transactions};
use serde_json::{Value, json};
use solana_client::rpc_request::RpcRequest;

use crate::endpoints::{Failure, Rpc, RpcKeys};

/// Slots past the end of the gap in which a block is looked for that shows what was skipped before it.
const BEYOND: u64 = 32;
/// Blocks that are fetched at once; each has some megabytes.
const AT_ONCE: usize = 4;
/// The newest version of transactions that the chain has. A block with a newer one is refused by the node, and its
/// gap stays one.
const NEWEST_VERSION: u8 = 1;

/// Why a gap was not filled. Nothing of it is told then: the gap stays open as a whole.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// It is longer than `rpc.fill_slots_max`: read its tokens' accounts instead.
    #[error("the gap has {slots} slots, more than the {most} that are filled")]
    TooLong {
        /// Its slots.
        slots: u64,
        /// What is filled at most.
        most: u64,
    },
    /// No node has a block past its end yet: try again in a moment.
    #[error("no block at or past slot {to} is there yet")]
    NotYet {
        /// The end of the gap.
        to: Slot,
    },
    /// A node left a block out, or its blocks are of two forks: try again in a moment.
    #[error("the block of slot {slot} does not follow on the one before: one is missing")]
    Broken {
        /// Where.
        slot: Slot,
    },
    /// A transaction of our programs cannot be read.
    #[error("a transaction in slot {slot} cannot be read: {why}")]
    Unreadable {
        /// Where.
        slot: Slot,
        /// Why.
        why: ReadError,
    },
    /// No endpoint answered.
    #[error(transparent)]
    Rpc(#[from] Failure),
}

/// Fills gaps.
#[derive(Clone)]
pub struct Filler {
    rpc: Rpc,
    slots_max: u64,
}

/// A block as it came.
struct Block {
    slot: u64,
    parent: u64,
    body: Value,
}

impl Filler {
    /// A filler that asks these endpoints.
    #[must_use]
    pub const fn new(rpc: Rpc, keys: &RpcKeys) -> Self {
        Self { rpc, slots_max: keys.fill_slots_max }
    }

    /// The market events of all blocks from one slot to another, both included, in the order of the chain. Trades
    /// of every pool are among them, not only of followed ones.
    ///
    /// # Errors
    /// Where the gap is too long, or not all of it could be had and read.
    pub async fn fill(&self, from: Slot, to: Slot) -> Result<Vec<Event>, FillError> {
        let slots = to.0.saturating_sub(from.0).saturating_add(1);
        if to < from {
            return Ok(Vec::new());
        }
        if slots > self.slots_max {
            return Err(FillError::TooLong { slots, most: self.slots_max });
        }
        let mut blocks = self.slots(from, to).await?;
        // The last one may stand past the end: then it only shows that the slots before it were skipped.
        let end = blocks.iter().position(|slot| *slot >= to.0).ok_or(FillError::NotYet { to })?;
        blocks.truncate(end + 1);
        let mut blocks = stream::iter(blocks).map(|slot| self.block(slot, slot <= to.0)).buffered(AT_ONCE);
        let (mut events, mut counts) = (Vec::new(), Counts::default());
        let mut before: Option<u64> = None;
        while let Some(block) = blocks.next().await {
            let block = block?;
            let slot = Slot(block.slot);
            if before.map_or(block.parent >= from.0, |before| block.parent != before) {
                return Err(FillError::Broken { slot });
            }
            before = Some(block.slot);
            if slot <= to {
                read(&block, &mut events, &mut counts)?;
            }
        }
        tracing::debug!(%from, %to, events = events.len(), ?counts, "gap filled");
        Ok(events)
    }

    /// Slots with a block, from the beginning of the gap to a little past its end.
    async fn slots(&self, from: Slot, to: Slot) -> Result<Vec<u64>, FillError> {
        let params = json!([from.0, to.0.saturating_add(BEYOND), { "commitment": "confirmed" }]);
        let slots = self.rpc.ask(RpcRequest::GetBlocks, params).await?;
        let slots: Vec<u64> = serde_json::from_value(slots).map_err(|_| Failure::Garbage)?;
        let rising = slots.windows(2).all(|pair| pair[0] < pair[1]);
        if rising && slots.first().is_none_or(|first| *first >= from.0) {
            Ok(slots)
        } else {
            Err(Failure::Garbage)?
        }
    }

    async fn block(&self, slot: u64, whole: bool) -> Result<Block, FillError> {
        let params = json!([slot, {
            "encoding": "json",
            "transactionDetails": if whole { "full" } else { "none" },
            "rewards": false,
            "maxSupportedTransactionVersion": NEWEST_VERSION,
            "commitment": "confirmed",
        }]);
        let body = self.rpc.ask(RpcRequest::GetBlock, params).await?;
        let parent = body["parentSlot"].as_u64().ok_or(Failure::Garbage)?;
        Ok(Block { slot, parent, body })
    }
}

/// Adds the events of a block. Only transactions that name one of our programs are read: most are votes.
fn read(block: &Block, events: &mut Vec<Event>, counts: &mut Counts) -> Result<(), FillError> {
    let ours = [PUMP.to_string(), PUMP_AMM.to_string()];
    let transactions = block.body["transactions"].as_array().ok_or(Failure::Garbage)?;
    for transaction in transactions {
        let text = json!({
            "slot": block.slot,
            "blockTime": block.body["blockTime"],
            "transaction": transaction["transaction"],
            "meta": transaction["meta"],
        })
        .to_string();
        if !ours.iter().any(|program| text.contains(program)) {
            continue;
        }
        let slot = Slot(block.slot);
        let read = read_transactions(&text).map_err(|why| FillError::Unreadable { slot, why })?;
        for transaction in &read {
            decode(
                transaction,
                |_| None,
                |outcome| {
                    counts.add(&outcome);
                    if let Outcome::Decoded(event) = outcome {
                        events.push(Event::from(event));
                    }
                },
            );
        }
    }
    Ok(())
}
