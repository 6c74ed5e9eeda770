//! Transactions as a Yellowstone Geyser stream brings them: decoded out of the protobuf structs themselves,
//! nothing copied. The connection that brings them is in `client`.

pub(crate) mod client;

use momentum_core::ids::{Signature, Slot};
use momentum_core::time::ChainTime;
use momentum_pump::transaction::{Instruction, Transaction};
use yellowstone_grpc_proto::geyser::{SubscribeUpdateTransaction, SubscribeUpdateTransactionInfo};
use yellowstone_grpc_proto::solana::storage::confirmed_block::{
    CompiledInstruction, InnerInstruction, InnerInstructions, Message, Transaction as Body, TransactionError,
    TransactionStatusMeta,
};

/// A transaction of a stream.
#[derive(Clone, Copy, Debug)]
pub struct StreamedTransaction<'a> {
    info: &'a SubscribeUpdateTransactionInfo,
    message: &'a Message,
    meta: &'a TransactionStatusMeta,
    slot: Slot,
    time: Option<ChainTime>,
}

impl<'a> StreamedTransaction<'a> {
    /// The transaction of an update. A stream tells no block times with its transactions; `time` is what the
    /// caller knows of its slot. `None` for an update without message or outcome, which no server sends.
    #[must_use]
    pub fn new(update: &'a SubscribeUpdateTransaction, time: Option<ChainTime>) -> Option<Self> {
        let info = update.transaction.as_ref()?;
        let message = info.transaction.as_ref()?.message.as_ref()?;
        let meta = info.meta.as_ref()?;
        Some(Self { info, message, meta, slot: Slot(update.slot), time })
    }
}

impl Transaction for StreamedTransaction<'_> {
    fn signature(&self) -> Signature {
        self.info.signature.first_chunk().map(|bytes| Signature(*bytes)).unwrap_or_default()
    }

    fn slot(&self) -> Option<Slot> {
        Some(self.slot)
    }

    fn time(&self) -> Option<ChainTime> {
        self.time
    }

    fn failed(&self) -> bool {
        self.meta.err.is_some()
    }

    fn key(&self, index: usize) -> Option<&[u8; 32]> {
        let lists = [
            &self.message.account_keys,
            &self.meta.loaded_writable_addresses,
            &self.meta.loaded_readonly_addresses,
        ];
        let mut index = index;
        for list in lists {
            if let Some(key) = list.get(index) {
                return key.as_slice().try_into().ok();
            }
            index -= list.len();
        }
        None
    }

    fn carries_inner(&self) -> bool {
        !self.meta.inner_instructions_none
    }

    fn instructions(&self) -> impl Iterator<Item = Instruction<'_>> {
        // Indexes are 32 bits wide on the wire; none that is past `usize` finds a key.
        let index = |index: u32| usize::try_from(index).unwrap_or(usize::MAX);
        let top = self.message.instructions.iter().enumerate();
        top.flat_map(move |(place, top)| {
            let inner = self
                .meta
                .inner_instructions
                .iter()
                .filter(move |set| index(set.index) == place)
                .flat_map(|set| &set.instructions)
                .map(move |inner| Instruction {
                    program: index(inner.program_id_index),
                    accounts: &inner.accounts,
                    data: &inner.data,
                    height: inner.stack_height,
                });
            let top = Instruction {
                program: index(top.program_id_index),
                accounts: &top.accounts,
                data: &top.data,
                height: Some(1),
            };
            std::iter::once(top).chain(inner)
        })
    }

    fn logs(&self) -> impl Iterator<Item = &str> {
        self.meta.log_messages.iter().map(String::as_str)
    }
}

/// The update in which a stream would bring a transaction: for benches and the loopback stream. All its addresses
/// are static ones there; a transaction without a slot gets slot 0.
#[must_use]
pub fn update(transaction: &impl Transaction) -> SubscribeUpdateTransaction {
    let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let keys = (0..).map_while(|at| transaction.key(at).map(|key| key.to_vec())).collect();
    let mut message = Message { account_keys: keys, versioned: true, ..Message::default() };
    let mut meta = TransactionStatusMeta {
        err: transaction.failed().then(TransactionError::default),
        inner_instructions_none: !transaction.carries_inner(),
        log_messages: transaction.logs().map(str::to_owned).collect(),
        ..TransactionStatusMeta::default()
    };
    for Instruction { program, accounts, data, height } in transaction.instructions() {
        let (program_id_index, accounts, data) = (index(program), accounts.to_vec(), data.to_vec());
        if height == Some(1) {
            message.instructions.push(CompiledInstruction { program_id_index, accounts, data });
            continue;
        }
        let enclosing = index(message.instructions.len().saturating_sub(1));
        let inner = InnerInstruction { program_id_index, accounts, data, stack_height: height };
        match meta.inner_instructions.last_mut().filter(|set| set.index == enclosing) {
            Some(set) => set.instructions.push(inner),
            None => meta
                .inner_instructions
                .push(InnerInstructions { index: enclosing, instructions: vec![inner] }),
        }
    }
    let signature = transaction.signature().as_bytes().to_vec();
    SubscribeUpdateTransaction {
        transaction: Some(SubscribeUpdateTransactionInfo {
            signature: signature.clone(),
            transaction: Some(Body { signatures: vec![signature], message: Some(message) }),
            meta: Some(meta),
            ..SubscribeUpdateTransactionInfo::default()
        }),
        slot: transaction.slot().map_or(0, |slot| slot.0),
        ..SubscribeUpdateTransaction::default()
    }
}

#[cfg(test)]
mod tests {
    use momentum_core::ids::Pubkey;
    use momentum_pump::decode::{Outcome, decode};
    use momentum_pump::events::{CompleteEvent, ExtendAccountEvent, RawEvent};
    use momentum_pump::instructions::{AccountMeta, Instruction};
    use momentum_pump::programs::PUMP;
    use momentum_pump::synthetic::{Call, synthetic_transaction};
    use momentum_pump::transaction::OwnedTransaction;

    use super::*;

    fn transaction() -> OwnedTransaction {
        let key = Pubkey([1; 32]);
        let account = AccountMeta { key, signer: true, writable: true };
        let instruction = Instruction { program: PUMP, accounts: vec![account], data: vec![1; 24] };
        let extended = ExtendAccountEvent {
            account: key,
            user: key,
            current_size: 1,
            new_size: 2,
            timestamp: 3,
            trailing: &[],
        };
        let completed = CompleteEvent {
            user: key,
            mint: Pubkey([2; 32]),
            bonding_curve: key,
            timestamp: 4,
            quote_mint: None,
            trailing: &[],
        };
        let events = [RawEvent::ExtendAccount(extended), RawEvent::Complete(completed)];
        let calls = [
            Call { instruction: &instruction, events: &[] },
            Call { instruction: &instruction, events: &events },
        ];
        synthetic_transaction(Signature([7; 64]), Slot(9), ChainTime(5), &calls).unwrap()
    }

    fn outcomes(transaction: &impl Transaction) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        decode(transaction, |_| None, |outcome| outcomes.push(outcome));
        outcomes
    }

    #[test]
    fn a_streamed_transaction_means_what_the_same_means_elsewhere() {
        let mut owned = transaction();
        let expected = outcomes(&owned);
        assert_eq!(expected.len(), 2);
        let update = update(&owned);
        let streamed = StreamedTransaction::new(&update, owned.time).unwrap();
        assert_eq!(outcomes(&streamed), expected);
        assert_eq!(streamed.signature(), owned.signature);
        assert!(streamed.instructions().eq(owned.instructions()));
        assert!(streamed.logs().eq(owned.logs()));
        // The same from logs, where the stream carries no inner instructions.
        owned.carries_inner = false;
        let update = super::update(&owned);
        assert_eq!(outcomes(&StreamedTransaction::new(&update, None).unwrap()), expected);
    }

    #[test]
    fn loaded_addresses_stand_behind_the_static_ones() {
        let mut update = update(&transaction());
        let info = update.transaction.as_mut().unwrap();
        let meta = info.meta.as_mut().unwrap();
        meta.loaded_writable_addresses = vec![vec![8; 32]];
        meta.loaded_readonly_addresses = vec![vec![9; 32], vec![9; 31]];
        let count = info.transaction.as_ref().unwrap().message.as_ref().unwrap().account_keys.len();
        let streamed = StreamedTransaction::new(&update, None).unwrap();
        assert_eq!(streamed.key(count), Some(&[8; 32]));
        assert_eq!(streamed.key(count + 1), Some(&[9; 32]));
        assert_eq!(streamed.key(count + 2), None, "no key has 31 bytes");
        assert_eq!(streamed.key(usize::MAX), None);
    }

    #[test]
    fn a_failed_or_empty_update_gives_nothing() {
        let mut update = update(&transaction());
        update.transaction.as_mut().unwrap().meta.as_mut().unwrap().err = Some(TransactionError::default());
        assert_eq!(outcomes(&StreamedTransaction::new(&update, None).unwrap()), []);
        assert!(StreamedTransaction::new(&SubscribeUpdateTransaction::default(), None).is_none());
    }
}
