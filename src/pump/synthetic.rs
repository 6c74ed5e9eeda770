//! Whole transactions made of instructions and the events that they emit, as a stream would carry them: for
//! tests, benches and the loopback stream.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::{Pubkey, Signature, Slot};
use momentum_core::time::ChainTime;

use crate::events::{EVENT_TAG, RawEvent};
use crate::instructions::Instruction;
use crate::programs::{AMM_EVENT_AUTHORITY, EVENT_AUTHORITY, PUMP_AMM};
use crate::transaction::{OwnedTransaction, TooLarge};

/// A top-level instruction and the events that its program emits while it runs.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The instruction.
    pub instruction: &'a Instruction,
    /// Its events in order.
    pub events: &'a [RawEvent<'a>],
}

/// The transaction in which these calls happened, with inner instructions and logs that tell the same.
///
/// # Errors
/// Where it names more than 256 accounts, or an instruction is longer than any on chain.
pub fn synthetic_transaction(
    signature: Signature,
    slot: Slot,
    time: ChainTime,
    calls: &[Call<'_>],
) -> Result<OwnedTransaction, TooLarge> {
    let mut transaction = OwnedTransaction::default();
    transaction.signature = signature;
    transaction.slot = Some(slot);
    transaction.time = Some(time);
    transaction.carries_inner = true;
    let mut payload = Vec::new();
    for Call { instruction, events } in calls {
        let program = index(&mut transaction.keys, &instruction.program)?;
        let accounts = instruction
            .accounts
            .iter()
            .map(|account| index(&mut transaction.keys, &account.key))
            .collect::<Result<Vec<u8>, TooLarge>>()?;
        transaction.push_instruction(program, &accounts, &instruction.data, Some(1))?;
        transaction.push_log(&format!("Program {} invoke [1]", instruction.program));
        let authority = if instruction.program == PUMP_AMM { AMM_EVENT_AUTHORITY } else { EVENT_AUTHORITY };
        let authority = index(&mut transaction.keys, &authority)?;
        for event in *events {
            payload.clear();
            payload.extend_from_slice(&EVENT_TAG);
            event.write(&mut payload);
            let body = payload.get(EVENT_TAG.len()..).unwrap_or_default();
            transaction.push_log(&format!("Program data: {}", BASE64_STANDARD.encode(body)));
            transaction.push_instruction(program, &[authority], &payload, Some(2))?;
            transaction.push_log(&format!("Program {} invoke [2]", instruction.program));
            transaction.push_log(&format!("Program {} success", instruction.program));
        }
        transaction.push_log(&format!("Program {} success", instruction.program));
    }
    Ok(transaction)
}

fn index(keys: &mut Vec<[u8; 32]>, key: &Pubkey) -> Result<u8, TooLarge> {
    let index = keys.iter().position(|known| *known == key.0).unwrap_or_else(|| {
        keys.push(key.0);
        keys.len() - 1
    });
    u8::try_from(index).map_err(|_| TooLarge)
}
