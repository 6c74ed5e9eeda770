//! Which accounts a client of the stream wants, and how it is told of one, as Yellowstone has it: each named filter
//! asks for all that it says, an update carries the names of the filters that took it, and slices cut its data.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_pump::accounts::read_token_account;
use yellowstone_grpc_proto::geyser::subscribe_request_filter_accounts_filter::Filter;
use yellowstone_grpc_proto::geyser::subscribe_request_filter_accounts_filter_lamports::Cmp;
use yellowstone_grpc_proto::geyser::subscribe_request_filter_accounts_filter_memcmp::Data;
use yellowstone_grpc_proto::geyser::subscribe_update::UpdateOneof;
use yellowstone_grpc_proto::geyser::{
    SubscribeRequest, SubscribeRequestAccountsDataSlice, SubscribeRequestFilterAccounts,
    SubscribeRequestFilterAccountsFilter, SubscribeUpdate, SubscribeUpdateAccount,
    SubscribeUpdateAccountInfo,
};

/// What a client asked for.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    filters: BTreeMap<String, SubscribeRequestFilterAccounts>,
    slices: Vec<SubscribeRequestAccountsDataSlice>,
}

impl Accounts {
    pub(super) fn of(request: &SubscribeRequest) -> Self {
        let filters = request.accounts.iter().map(|(name, filter)| (name.clone(), filter.clone()));
        Self { filters: filters.collect(), slices: request.accounts_data_slice.clone() }
    }

    /// What the client is told of an account that a slot wrote; `None` where no filter takes it.
    pub(super) fn update(&self, slot: u64, account: &SubscribeUpdateAccountInfo) -> Option<SubscribeUpdate> {
        let took = self.filters.iter().filter(|(_, filter)| takes(filter, account));
        let filters: Vec<String> = took.map(|(name, _)| name.clone()).collect();
        if filters.is_empty() {
            return None;
        }
        let account = SubscribeUpdateAccountInfo { data: self.cut(&account.data), ..account.clone() };
        let update = SubscribeUpdateAccount {
            account: Some(account),
            slot,
            // Of the state at a start nobody is told here, only of what changes.
            is_startup: false,
            ..SubscribeUpdateAccount::default()
        };
        let update_oneof = Some(UpdateOneof::Account(update));
        Some(SubscribeUpdate { filters, update_oneof, ..SubscribeUpdate::default() })
    }

    /// The slices of the data that it wants, one behind the other, without those that reach past the end.
    fn cut(&self, data: &[u8]) -> Vec<u8> {
        if self.slices.is_empty() {
            return data.to_vec();
        }
        let parts = self.slices.iter().filter_map(|slice| part(data, slice.offset, slice.length));
        parts.flatten().copied().collect()
    }
}

fn part(data: &[u8], offset: u64, length: u64) -> Option<&[u8]> {
    let (from, length) = (usize::try_from(offset).ok()?, usize::try_from(length).ok()?);
    data.get(from..from.checked_add(length)?)
}

/// Whether an account is all that a filter says; one that says nothing takes every account.
fn takes(filter: &SubscribeRequestFilterAccounts, account: &SubscribeUpdateAccountInfo) -> bool {
    let among = |list: &[String], key: &[u8]| {
        list.is_empty()
            || list.iter().any(|text| bs58::decode(text).into_vec().is_ok_and(|named| named == key))
    };
    among(&filter.account, &account.pubkey)
        && among(&filter.owner, &account.owner)
        && filter.nonempty_txn_signature.is_none_or(|wanted| wanted == account.txn_signature.is_some())
        && filter.filters.iter().all(|condition| holds(condition, account))
}

fn holds(condition: &SubscribeRequestFilterAccountsFilter, account: &SubscribeUpdateAccountInfo) -> bool {
    let SubscribeUpdateAccountInfo { data, lamports, .. } = account;
    match &condition.filter {
        None => true,
        Some(Filter::Datasize(size)) => u64::try_from(data.len()) == Ok(*size),
        Some(Filter::TokenAccountState(wanted)) => !wanted || read_token_account(data).is_ok(),
        Some(Filter::Lamports(asked)) => match &asked.cmp {
            None => true,
            Some(Cmp::Eq(than)) => lamports == than,
            Some(Cmp::Ne(than)) => lamports != than,
            Some(Cmp::Lt(than)) => lamports < than,
            Some(Cmp::Gt(than)) => lamports > than,
        },
        Some(Filter::Memcmp(asked)) => {
            let wanted = match &asked.data {
                None => Some(Vec::new()),
                Some(Data::Bytes(bytes)) => Some(bytes.clone()),
                Some(Data::Base58(text)) => bs58::decode(text).into_vec().ok(),
                Some(Data::Base64(text)) => BASE64_STANDARD.decode(text).ok(),
            };
            wanted.is_some_and(|wanted| {
                let length = u64::try_from(wanted.len()).unwrap();
                part(data, asked.offset, length) == Some(&*wanted)
            })
        }
    }
}
