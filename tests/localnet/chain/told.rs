//! A landed transaction as the surfaces tell it: as a Geyser update, and as a node's JSON.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::Pubkey;
use serde_json::{Value, json};
use solana_sdk::message::compiled_instruction::CompiledInstruction as Compiled;
use solana_sdk::transaction::TransactionVersion;
use yellowstone_grpc_proto::geyser::{SubscribeUpdateTransaction, SubscribeUpdateTransactionInfo};
use yellowstone_grpc_proto::solana::storage::confirmed_block::{
    CompiledInstruction, InnerInstruction, InnerInstructions, Message, MessageAddressTableLookup,
    MessageHeader, TokenBalance as ToldBalance, Transaction, TransactionError, TransactionStatusMeta,
    UiTokenAmount,
};

use super::landed::{Landed, TokenBalance};

/// An amount as people read it: no float is between.
#[must_use]
pub(crate) fn amount_text(amount: u64, decimals: u8) -> String {
    let digits = usize::from(decimals);
    let text = format!("{amount:0>width$}", width = digits + 1);
    let (whole, part) = text.split_at(text.len() - digits);
    match part.trim_end_matches('0') {
        "" => whole.to_owned(),
        part => format!("{whole}.{part}"),
    }
}

impl Landed {
    fn is_versioned(&self) -> bool {
        self.transaction.version() != TransactionVersion::LEGACY
    }

    /// The update in which a stream brings it.
    #[must_use]
    pub fn update(&self) -> SubscribeUpdateTransaction {
        let signatures = self.transaction.signatures.iter().map(|name| name.as_ref().to_vec()).collect();
        let info = SubscribeUpdateTransactionInfo {
            signature: self.signature.0.to_vec(),
            transaction: Some(Transaction { signatures, message: Some(self.told_message()) }),
            meta: Some(self.told_meta()),
            index: self.index,
            ..SubscribeUpdateTransactionInfo::default()
        };
        SubscribeUpdateTransaction {
            transaction: Some(info),
            slot: self.slot,
            ..SubscribeUpdateTransaction::default()
        }
    }

    fn told_message(&self) -> Message {
        let message = &self.transaction.message;
        let header = message.header();
        let lookups = message.address_table_lookups().unwrap_or_default().iter();
        Message {
            header: Some(MessageHeader {
                num_required_signatures: u32::from(header.num_required_signatures),
                num_readonly_signed_accounts: u32::from(header.num_readonly_signed_accounts),
                num_readonly_unsigned_accounts: u32::from(header.num_readonly_unsigned_accounts),
            }),
            account_keys: message.static_account_keys().iter().map(|key| key.to_bytes().to_vec()).collect(),
            recent_blockhash: message.recent_blockhash().to_bytes().to_vec(),
            instructions: message.instructions().iter().map(told_instruction).collect(),
            versioned: self.is_versioned(),
            address_table_lookups: lookups
                .map(|lookup| MessageAddressTableLookup {
                    account_key: lookup.account_key.to_bytes().to_vec(),
                    writable_indexes: lookup.writable_indexes.clone(),
                    readonly_indexes: lookup.readonly_indexes.clone(),
                })
                .collect(),
            ..Message::default()
        }
    }

    fn told_meta(&self) -> TransactionStatusMeta {
        let raw = |keys: &[Pubkey]| keys.iter().map(|key| key.0.to_vec()).collect();
        let error =
            self.error.as_ref().map(|error| TransactionError { err: bincode::serialize(error).unwrap() });
        TransactionStatusMeta {
            err: error,
            fee: self.fee,
            pre_balances: self.before.clone(),
            post_balances: self.after.clone(),
            inner_instructions: self.told_inner(),
            log_messages: self.logs.clone(),
            pre_token_balances: self.tokens_before.iter().map(told_balance).collect(),
            post_token_balances: self.tokens_after.iter().map(told_balance).collect(),
            loaded_writable_addresses: raw(&self.loaded_writable),
            loaded_readonly_addresses: raw(&self.loaded_readonly),
            return_data_none: true,
            compute_units_consumed: Some(self.units),
            ..TransactionStatusMeta::default()
        }
    }

    fn told_inner(&self) -> Vec<InnerInstructions> {
        let sets = (0_u32..).zip(&self.inner).filter(|(_, set)| !set.is_empty());
        sets.map(|(index, set)| {
            let instructions = set.iter().map(|inner| InnerInstruction {
                program_id_index: u32::from(inner.instruction.program_id_index),
                accounts: inner.instruction.accounts.clone(),
                data: inner.instruction.data.clone(),
                stack_height: Some(u32::from(inner.stack_height)),
            });
            InnerInstructions { index, instructions: instructions.collect() }
        })
        .collect()
    }

    /// It as `getTransaction` tells it, or `getBlock` inside of a block (then without slot and time).
    #[must_use]
    pub fn json(&self, base64: bool) -> Value {
        let transaction = if base64 {
            json!([BASE64_STANDARD.encode(&self.raw), "base64"])
        } else {
            json!({ "signatures": self.names(), "message": self.message_json() })
        };
        let version = if self.is_versioned() { json!(0) } else { json!("legacy") };
        json!({ "version": version, "transaction": transaction, "meta": self.meta_json() })
    }

    fn names(&self) -> Vec<String> {
        self.transaction.signatures.iter().map(ToString::to_string).collect()
    }

    fn message_json(&self) -> Value {
        let message = &self.transaction.message;
        let header = message.header();
        let keys = message.static_account_keys().iter().map(ToString::to_string);
        let mut told = json!({
            "header": {
                "numRequiredSignatures": header.num_required_signatures,
                "numReadonlySignedAccounts": header.num_readonly_signed_accounts,
                "numReadonlyUnsignedAccounts": header.num_readonly_unsigned_accounts,
            },
            "accountKeys": keys.collect::<Vec<_>>(),
            "recentBlockhash": message.recent_blockhash().to_string(),
            "instructions": message.instructions().iter().map(|one| instruction_json(one, 1)).collect::<Vec<_>>(),
        });
        if let Some(lookups) = message.address_table_lookups() {
            let lookups = lookups.iter().map(|lookup| {
                json!({
                    "accountKey": lookup.account_key.to_string(),
                    "writableIndexes": lookup.writable_indexes,
                    "readonlyIndexes": lookup.readonly_indexes,
                })
            });
            told["addressTableLookups"] = lookups.collect();
        }
        told
    }

    /// Its outcome as a node tells it.
    #[must_use]
    pub fn meta_json(&self) -> Value {
        let texts = |keys: &[Pubkey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
        let sets = self.inner.iter().enumerate().filter(|(_, set)| !set.is_empty()).map(|(index, set)| {
            let told = set.iter().map(|inner| instruction_json(&inner.instruction, inner.stack_height));
            json!({ "index": index, "instructions": told.collect::<Vec<_>>() })
        });
        let status = self.error.as_ref().map_or(json!({ "Ok": null }), |error| json!({ "Err": error }));
        json!({
            "err": self.error,
            "status": status,
            "fee": self.fee,
            "preBalances": self.before,
            "postBalances": self.after,
            "innerInstructions": sets.collect::<Vec<_>>(),
            "logMessages": self.logs,
            "preTokenBalances": self.tokens_before.iter().map(balance_json).collect::<Vec<_>>(),
            "postTokenBalances": self.tokens_after.iter().map(balance_json).collect::<Vec<_>>(),
            "rewards": [],
            "loadedAddresses": {
                "writable": texts(&self.loaded_writable), "readonly": texts(&self.loaded_readonly),
            },
            "computeUnitsConsumed": self.units,
        })
    }
}

fn told_instruction(compiled: &Compiled) -> CompiledInstruction {
    CompiledInstruction {
        program_id_index: u32::from(compiled.program_id_index),
        accounts: compiled.accounts.clone(),
        data: compiled.data.clone(),
    }
}

fn told_balance(balance: &TokenBalance) -> ToldBalance {
    let amount = UiTokenAmount {
        decimals: u32::from(balance.decimals),
        amount: balance.amount.to_string(),
        ui_amount_string: amount_text(balance.amount, balance.decimals),
        ..UiTokenAmount::default()
    };
    ToldBalance {
        account_index: u32::from(balance.account),
        mint: balance.mint.to_string(),
        ui_token_amount: Some(amount),
        owner: balance.owner.to_string(),
        program_id: balance.program.to_string(),
    }
}

pub(crate) fn instruction_json(compiled: &Compiled, height: u8) -> Value {
    json!({
        "programIdIndex": compiled.program_id_index,
        "accounts": compiled.accounts,
        "data": bs58::encode(&compiled.data).into_string(),
        "stackHeight": height,
    })
}

fn balance_json(balance: &TokenBalance) -> Value {
    json!({
        "accountIndex": balance.account,
        "mint": balance.mint.to_string(),
        "owner": balance.owner.to_string(),
        "programId": balance.program.to_string(),
        "uiTokenAmount": ui_amount(balance.amount, balance.decimals),
    })
}

/// An amount of tokens as a node tells it.
pub(crate) fn ui_amount(amount: u64, decimals: u8) -> Value {
    let text = amount_text(amount, decimals);
    let float: f64 = text.parse().unwrap_or_default();
    json!({ "amount": amount.to_string(), "decimals": decimals, "uiAmount": float, "uiAmountString": text })
}

#[cfg(test)]
mod tests {
    use super::amount_text;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(amount_text(1_500_000, 6), "1.5");
        assert_eq!(amount_text(5, 9), "0.000000005");
        assert_eq!(amount_text(0, 6), "0");
        assert_eq!(amount_text(17, 0), "17");
    }
}
