//! Accounts, several read together so that they are of one slot.
//!
//! The client's own methods panic where a node sends other data than were asked for, and unpack what it packed
//! without a bound; here they are asked for in plain base64, and what is not that is garbage.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::{Pubkey, Slot};
use serde::Deserialize;
use serde_json::{Value, json};
use solana_client::rpc_request::RpcRequest;

use super::count::count;
use super::{Failure, Rpc};

/// An account as a node has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The program whose it is.
    pub owner: Pubkey,
    /// What it holds.
    pub lamports: u64,
    /// Its data.
    pub data: Vec<u8>,
}

#[derive(Deserialize)]
struct Answer {
    context: Context,
    value: Vec<Option<Shown>>,
}

#[derive(Deserialize)]
struct Keyed {
    value: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    pubkey: Pubkey,
    account: Shown,
}

#[derive(Deserialize)]
struct Context {
    #[serde(deserialize_with = "count")]
    slot: u64,
}

#[derive(Deserialize)]
struct Shown {
    owner: Pubkey,
    #[serde(deserialize_with = "count")]
    lamports: u64,
    /// The data, and how they are encoded.
    data: (String, String),
}

impl Rpc {
    /// Up to 100 accounts in the order of their keys, `None` where there is none, and the slot that they are of.
    ///
    /// # Errors
    /// Where no endpoint answers in time, or with garbage.
    pub async fn accounts(&self, keys: &[Pubkey]) -> Result<(Slot, Vec<Option<Account>>), Failure> {
        self.accounts_with(keys, json!({ "encoding": "base64", "commitment": "confirmed" })).await
    }

    /// The same with no more than the first `length` bytes of each one's data.
    ///
    /// # Errors
    /// Where no endpoint answers in time, or with garbage.
    pub async fn heads(
        &self,
        keys: &[Pubkey],
        length: usize,
    ) -> Result<(Slot, Vec<Option<Account>>), Failure> {
        let slice = json!({ "offset": 0, "length": length });
        let how = json!({ "encoding": "base64", "commitment": "confirmed", "dataSlice": slice });
        let (slot, mut accounts) = self.accounts_with(keys, how).await?;
        // A node that knows no slices tells the whole.
        accounts.iter_mut().flatten().for_each(|account| account.data.truncate(length));
        Ok((slot, accounts))
    }

    /// The accounts of `owner` that are of a token program, with their addresses.
    ///
    /// # Errors
    /// Where no endpoint answers in time, or with garbage.
    pub async fn token_accounts(
        &self,
        owner: &Pubkey,
        program: &Pubkey,
    ) -> Result<Vec<(Pubkey, Account)>, Failure> {
        let how = json!({ "encoding": "base64", "commitment": "confirmed" });
        let params = json!([owner.to_string(), { "programId": program.to_string() }, how]);
        read_keyed(self.ask(RpcRequest::GetTokenAccountsByOwner, params).await?)
    }

    async fn accounts_with(
        &self,
        keys: &[Pubkey],
        how: Value,
    ) -> Result<(Slot, Vec<Option<Account>>), Failure> {
        let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
        read(self.ask(RpcRequest::GetMultipleAccounts, json!([keys, how])).await?, keys.len())
    }
}

fn read(answer: Value, count: usize) -> Result<(Slot, Vec<Option<Account>>), Failure> {
    let answer: Answer = serde_json::from_value(answer).map_err(|_| Failure::Garbage)?;
    if answer.value.len() != count {
        return Err(Failure::Garbage);
    }
    let accounts = answer.value.into_iter().map(|shown| shown.map(account).transpose());
    Ok((Slot(answer.context.slot), accounts.collect::<Result<_, Failure>>()?))
}

fn read_keyed(answer: Value) -> Result<Vec<(Pubkey, Account)>, Failure> {
    let answer: Keyed = serde_json::from_value(answer).map_err(|_| Failure::Garbage)?;
    answer.value.into_iter().map(|named| Ok((named.pubkey, account(named.account)?))).collect()
}

fn account(shown: Shown) -> Result<Account, Failure> {
    let Shown { owner, lamports, data: (data, encoding) } = shown;
    let data = Some(data).filter(|_| encoding == "base64");
    let data = data.and_then(|data| BASE64_STANDARD.decode(data).ok()).ok_or(Failure::Garbage)?;
    Ok(Account { owner, lamports, data })
}

#[cfg(test)]
mod tests {
    use super::super::count::MOST;
    use super::*;

    #[test]
    fn accounts_that_are_not_what_was_asked_for_are_garbage() {
        let owner = Pubkey([7; 32]).to_string();
        let answer = |data: Value| {
            let account = json!({ "owner": owner, "lamports": 5, "data": data, "executable": false });
            json!({ "context": { "slot": 9 }, "value": [null, account] })
        };
        let account = Account { owner: Pubkey([7; 32]), lamports: 5, data: vec![1, 2] };
        let good = answer(json!(["AQI=", "base64"]));
        assert_eq!(read(good.clone(), 2).unwrap(), (Slot(9), vec![None, Some(account)]));
        let wrong = [
            json!(["AQI=", "base64+zstd"]),
            json!(["A?I=", "base64"]),
            json!(["AQI="]),
            json!("AQI="),
            json!({ "program": "spl-token", "parsed": {} }),
            json!(null),
        ];
        let named = |data: Value| {
            let account = json!({ "owner": owner, "lamports": 5, "data": data, "executable": false });
            json!({ "context": { "slot": 9 }, "value": [{ "pubkey": owner, "account": account }] })
        };
        let one = read_keyed(named(json!(["AQI=", "base64"]))).unwrap();
        assert_eq!((one.len(), one[0].0, &one[0].1.data), (1, Pubkey([7; 32]), &vec![1, 2]));
        assert!(matches!(read_keyed(json!({ "value": [{ "pubkey": owner }] })), Err(Failure::Garbage)));
        for data in wrong {
            assert!(matches!(read(answer(data.clone()), 2), Err(Failure::Garbage)), "{data}");
            assert!(matches!(read_keyed(named(data.clone())), Err(Failure::Garbage)), "{data}");
        }
        assert!(matches!(read(good.clone(), 1), Err(Failure::Garbage)), "an account too many");
        assert!(matches!(read(json!({ "context": { "slot": -1 }, "value": [] }), 0), Err(Failure::Garbage)));
        assert!(matches!(read(Value::Null, 0), Err(Failure::Garbage)));
        for path in ["/context/slot", "/value/1/lamports"] {
            let with = |number: u64| {
                let mut told = good.clone();
                *told.pointer_mut(path).unwrap() = json!(number);
                read(told, 2)
            };
            assert!(with(MOST).is_ok(), "{path}");
            for absurd in [MOST + 1, u64::MAX] {
                assert!(matches!(with(absurd), Err(Failure::Garbage)), "{path} {absurd}");
            }
        }
    }
}
