//! Which transactions a client of the stream wants, as Yellowstone has it: each named filter asks for all that it says.

use std::collections::HashSet;

use yellowstone_grpc_proto::geyser::{
    SubscribeRequest, SubscribeUpdateTransaction, SubscribeUpdateTransactionInfo,
};

/// What a client asked for.
#[derive(Debug, Default)]
pub(super) struct Transactions(Vec<Filter>);

#[derive(Debug)]
struct Filter {
    /// Accounts as raw keys, one of which it must name; any will do where there are none.
    accounts: HashSet<Vec<u8>>,
    /// Whether it must have failed, or must not; or a vote's.
    failed: Option<bool>,
    vote: Option<bool>,
}

impl Transactions {
    pub(super) fn of(request: &SubscribeRequest) -> Self {
        let filters = request.transactions.values().map(|filter| Filter {
            accounts: filter
                .account_include
                .iter()
                .map(|key| bs58::decode(key).into_vec().unwrap())
                .collect(),
            failed: filter.failed,
            vote: filter.vote,
        });
        Self(filters.collect())
    }

    /// Whether one of the filters takes it.
    pub(super) fn take(&self, update: &SubscribeUpdateTransaction) -> bool {
        update.transaction.as_ref().is_some_and(|info| self.0.iter().any(|filter| filter.takes(info)))
    }
}

impl Filter {
    fn takes(&self, info: &SubscribeUpdateTransactionInfo) -> bool {
        let failed = info.meta.as_ref().is_some_and(|meta| meta.err.is_some());
        let message = info.transaction.as_ref().and_then(|transaction| transaction.message.as_ref());
        let named = |key: &Vec<u8>| self.accounts.contains(key);
        self.failed.is_none_or(|wanted| wanted == failed)
            && self.vote.is_none_or(|wanted| wanted == info.is_vote)
            && (self.accounts.is_empty()
                || message.is_some_and(|message| message.account_keys.iter().any(named)))
    }
}
