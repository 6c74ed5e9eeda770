//! Receipts from a stream's own update: earlier than any node is asked.

use momentum_core::action::Order;
use serde_json::{Value, json};
use yellowstone_grpc_proto::geyser::SubscribeUpdateTransaction;
use yellowstone_grpc_proto::solana::storage::confirmed_block::{TokenBalance, TransactionStatusMeta};

use super::{Held, HeldAmount, Meta, Receipt, ReceiptError, of};
use crate::yellowstone::StreamedTransaction;

/// The receipt of an order from the update in which a stream brought its transaction.
///
/// # Errors
/// Where that is not understood to the lamport.
pub fn read_update(order: &Order, update: &SubscribeUpdateTransaction) -> Result<Receipt, ReceiptError> {
    let meta = update.transaction.as_ref().and_then(|info| info.meta.as_ref());
    let meta = meta.ok_or(ReceiptError::NoBalance)?;
    let transaction = StreamedTransaction::new(update, None).ok_or(ReceiptError::NoBalance)?;
    of(order, &transaction, &told(meta))
}

fn told(meta: &TransactionStatusMeta) -> Meta {
    let held = |balances: &[TokenBalance]| balances.iter().map(held).collect();
    Meta {
        err: meta.err.as_ref().map_or(Value::Null, |_| reason(&meta.log_messages)),
        fee: meta.fee,
        pre_balances: meta.pre_balances.clone(),
        post_balances: meta.post_balances.clone(),
        pre_token_balances: Some(held(&meta.pre_token_balances)),
        post_token_balances: Some(held(&meta.post_token_balances)),
    }
}

fn held(balance: &TokenBalance) -> Held {
    let amount = balance.ui_token_amount.as_ref().map(|amount| amount.amount.clone()).unwrap_or_default();
    Held {
        account_index: usize::try_from(balance.account_index).unwrap_or(usize::MAX),
        mint: balance.mint.clone(),
        owner: Some(balance.owner.clone()).filter(|owner| !owner.is_empty()),
        ui_token_amount: HeldAmount { amount },
    }
}

/// The error, which the update has only in the node's own encoding, by what the programs logged of it.
fn reason(logs: &[String]) -> Value {
    let code = logs.iter().find_map(|line| {
        let (_, code) = line.split_once("failed: custom program error: 0x")?;
        u32::from_str_radix(code, 16).ok()
    });
    match code {
        Some(code) => json!({ "InstructionError": [null, { "Custom": code }] }),
        None => {
            let line = logs.iter().find(|line| line.contains(" failed: "));
            let why = line.and_then(|line| line.split_once(" failed: ")).map_or("it failed", |(_, why)| why);
            json!({ "InstructionError": [null, why] })
        }
    }
}
