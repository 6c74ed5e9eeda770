//! What becomes of an update: its place in the order of slots, the gap before it, its meaning.

use momentum_core::event::{Event, FeedEvent};
use momentum_core::ids::Slot;
use momentum_core::time::ChainTime;
use tokio::time::Instant;
use yellowstone_grpc_proto::geyser::SubscribeUpdateTransaction;

use super::Supervisor;
use crate::stream::Update;
use crate::stream::continuity::{Gap, Place};
use crate::yellowstone::StreamedTransaction;

/// Transactions that may wait for their slot to be linked.
const UNLINKED: usize = 16_384;
/// Dead banks that are remembered: their late updates are left out.
const DEAD: usize = 64;

impl Supervisor {
    /// Takes one update in its place.
    pub(super) async fn take(&mut self, update: Update) {
        match update {
            Update::Transaction(transaction) => {
                let (slot, bank) = (Slot(transaction.slot), transaction.bank_id);
                self.arrived(slot);
                if self.dead.contains(&(slot, Some(bank).filter(|bank| *bank != 0))) {
                    return;
                }
                match self.chain.transaction(slot) {
                    Place::Here => self.read(&transaction).await,
                    Place::Behind(gap) => {
                        self.gap(gap).await;
                        self.read(&transaction).await;
                    }
                    Place::Unlinked => {
                        self.unlinked_since.get_or_insert_with(Instant::now);
                        self.unlinked.push((slot, transaction));
                        if self.unlinked.len() > UNLINKED {
                            self.place_unlinked(true).await;
                        }
                    }
                }
            }
            Update::Logs(mut transaction) => {
                let slot = transaction.slot.unwrap_or_default();
                self.arrived(slot);
                if let Some(gap) = self.chain.unverified(slot) {
                    self.gap(gap).await;
                }
                transaction.time = self.reading.at();
                for event in self.reading.read(&*transaction).drain(..) {
                    self.delivery.give(Event::from(event)).await;
                }
            }
            Update::Announced { slot, parent } => {
                self.last_slot = Instant::now();
                if let Some(parent) = parent {
                    self.chain.link(slot, parent);
                    self.place_unlinked(false).await;
                }
            }
            Update::Dead { slot, bank } => self.died(slot, bank).await,
            Update::Block { slot, parent, at } => self.block(slot, parent, at).await,
            Update::Alive => {}
        }
    }

    /// Reads a transaction in its place.
    async fn read(&mut self, update: &SubscribeUpdateTransaction) {
        // The slot's own time comes with its end; what is known is that of the slot before.
        let Some(transaction) = StreamedTransaction::new(update, self.reading.at()) else {
            self.reading.counts.malformed += 1;
            return;
        };
        for event in self.reading.read(&transaction).drain(..) {
            self.delivery.give(Event::from(event)).await;
        }
    }

    /// Transactions that wait for their slot's link are looked at again; `at_last`, they pass without it.
    pub(super) async fn place_unlinked(&mut self, at_last: bool) {
        if self.unlinked.is_empty() {
            return;
        }
        for (slot, transaction) in std::mem::take(&mut self.unlinked) {
            let place =
                if at_last { self.chain.transaction_at_last(slot) } else { self.chain.transaction(slot) };
            match place {
                Place::Here => self.read(&transaction).await,
                Place::Behind(gap) => {
                    self.gap(gap).await;
                    self.read(&transaction).await;
                }
                Place::Unlinked => self.unlinked.push((slot, transaction)),
            }
        }
        if self.unlinked.is_empty() {
            self.unlinked_since = None;
        }
    }

    async fn block(&mut self, slot: Slot, parent: Slot, at: Option<ChainTime>) {
        self.arrived(slot);
        // A gap before this slot stands before its transactions.
        let waiting = self.unlinked.iter().any(|(waiting, _)| *waiting <= slot);
        if waiting {
            self.chain.link(slot, parent);
            self.place_unlinked(false).await;
        }
        if let Some(gap) = self.chain.block(slot, parent) {
            self.gap(gap).await;
        }
        if let Some(at) = at {
            self.reading.time(at);
        }
        if let Some(at) = at.or(self.reading.at()) {
            self.delivery.give(Event::Feed(FeedEvent::Slot { slot, at })).await;
        }
    }

    async fn died(&mut self, slot: Slot, bank: Option<u64>) {
        self.unlinked.retain(|(waiting, _)| *waiting != slot);
        if self.dead.contains(&(slot, bank)) {
            return;
        }
        if self.dead.len() >= DEAD {
            self.dead.remove(0);
        }
        if bank.is_some() {
            self.dead.push((slot, bank));
        }
        if self.chain.dead(slot) {
            self.delivery.give(Event::Feed(FeedEvent::DeadSlot(slot))).await;
        }
    }

    async fn gap(&mut self, gap: Gap) {
        tracing::warn!(from = gap.from.0, to = gap.to.0, "slots are missing");
        self.delivery.give(Event::Feed(FeedEvent::Gap { from: gap.from, to: gap.to })).await;
    }

    /// Something of a slot came.
    fn arrived(&mut self, slot: Slot) {
        self.last_slot = self.last_message;
        self.health.slot = self.health.slot.max(Some(slot));
    }
}
