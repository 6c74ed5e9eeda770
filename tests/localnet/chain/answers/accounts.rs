//! Accounts by what they hold: what a token account has, and all accounts of a program that filters let through.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::Pubkey;
use momentum_pump::accounts::{read_mint, read_token_account};
use serde_json::{Value, json};
use solana_sdk::account::ReadableAccount;

use super::super::state::State;
use super::super::told::ui_amount;
use crate::rpc::{Account, Outcome, Refusal, account_json, invalid, key};

/// What an account must be to be told.
enum Filter {
    Size(usize),
    Bytes { offset: usize, bytes: Vec<u8> },
}

impl Filter {
    fn read(asked: &Value) -> Result<Self, Refusal> {
        let length = |length: &Value| length.as_u64().and_then(|length| usize::try_from(length).ok());
        if let Some(size) = length(&asked["dataSize"]) {
            return Ok(Self::Size(size));
        }
        let compared = &asked["memcmp"];
        let text = compared["bytes"].as_str().ok_or_else(|| invalid("a filter that is not known here"))?;
        let bytes = match compared["encoding"].as_str() {
            Some("base64") => BASE64_STANDARD.decode(text).ok(),
            _ => bs58::decode(text).into_vec().ok(),
        };
        let (offset, bytes) = length(&compared["offset"])
            .zip(bytes)
            .ok_or_else(|| invalid("a filter needs an offset and encoded bytes"))?;
        Ok(Self::Bytes { offset, bytes })
    }

    fn takes(&self, account: &Account) -> bool {
        match self {
            Self::Size(size) => account.data.len() == *size,
            Self::Bytes { offset, bytes } => {
                account.data.get(*offset..).is_some_and(|data| data.starts_with(bytes))
            }
        }
    }
}

impl State {
    pub(super) fn answer_token_balance(&self, params: &Value, slot: u64) -> Outcome {
        let account = self.account_as_of(&key(&params[0])?, slot);
        let account = account.ok_or_else(|| invalid("could not find account"))?;
        let held = read_token_account(&account.data).map_err(|_| invalid("not a Token account"))?;
        let mint = self.account_as_of(&held.mint.0, slot);
        let decimals =
            mint.and_then(|mint| read_mint(&account.owner, &mint.data).ok()).map(|mint| mint.decimals);
        Ok(ui_amount(held.amount.0, decimals.ok_or_else(|| invalid("not a Token account"))?))
    }

    /// Those that are there now, as a slot left them, by their addresses.
    pub(super) fn answer_program_accounts(&self, params: &Value, slot: u64) -> Outcome {
        let program = key(&params[0])?;
        let asked = params[1]["filters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let filters = asked.iter().map(Filter::read).collect::<Result<Vec<_>, _>>()?;
        let all = self.vm.accounts_db().inner.iter();
        let theirs = all.filter(|(_, account)| account.owner().to_bytes() == program.0);
        let mut keys: Vec<Pubkey> = theirs.map(|(key, _)| Pubkey(key.to_bytes())).collect();
        // The machine's table has no order of its own.
        keys.sort_unstable();
        let told = keys.iter().filter_map(|key| {
            let account = self.account_as_of(key, slot)?;
            let wanted = account.owner == program && filters.iter().all(|filter| filter.takes(&account));
            wanted.then(|| json!({ "pubkey": key.to_string(), "account": account_json(Some(account)) }))
        });
        Ok(told.collect())
    }
}
