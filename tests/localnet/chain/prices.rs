//! What transactions paid for their place: what `getRecentPrioritizationFees` is answered with.

use momentum_core::ids::Pubkey;
use momentum_pump::instructions::Plain;
use serde_json::{Value, json};

use super::landed::Landed;
use super::state::State;
use crate::rpc::{Outcome, invalid, key};

/// Slots that a node keeps prices of.
const KEPT: usize = 150;
/// Accounts that a node takes at most.
const ACCOUNTS: usize = 128;

impl State {
    /// Of each of the last slots the lowest price at which a transaction could have landed that writes to all of
    /// the accounts: the highest of what the cheapest one paid that wrote to each.
    pub(crate) fn answer_prices(&self, params: &Value, slot: u64) -> Outcome {
        let accounts = params[0].as_array().map(Vec::as_slice).unwrap_or_default();
        let accounts: Vec<Pubkey> = accounts.iter().map(key).collect::<Result<_, _>>()?;
        if accounts.len() > ACCOUNTS {
            return Err(invalid("too many accounts"));
        }
        let blocks = self.made.range(..=slot).rev().take(KEPT);
        let told = blocks.map(|(slot, block)| {
            let landed: Vec<&Landed> = block.signatures.iter().map(|name| &*self.landed[name]).collect();
            let cheapest = |account: &Pubkey| {
                landed.iter().filter(|landed| landed.writes(account)).map(|landed| landed.price()).min()
            };
            let price = accounts.iter().filter_map(cheapest).max().unwrap_or(0);
            json!({ "slot": slot, "prioritizationFee": price })
        });
        Ok(told.collect())
    }
}

impl Landed {
    fn writes(&self, account: &Pubkey) -> bool {
        self.writable().any(|key| key == *account)
    }

    /// In millionths of a lamport a compute unit.
    fn price(&self) -> u64 {
        let message = &self.transaction.message;
        let keys = message.static_account_keys();
        let price = message.instructions().iter().find_map(|one| {
            let program = keys.get(usize::from(one.program_id_index))?;
            match Plain::read(&Pubkey(program.to_bytes()), &[], &one.data) {
                Some(Plain::UnitPrice(price)) => Some(price),
                _ => None,
            }
        });
        price.unwrap_or(0)
    }
}
