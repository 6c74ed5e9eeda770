//! Which accounts were written since the last block: what a stream of accounts tells of.

use std::collections::BTreeMap;

use momentum_core::ids::{Pubkey, Signature};
use solana_sdk::account::ReadableAccount;
use yellowstone_grpc_proto::geyser::SubscribeUpdateAccountInfo;

use super::landed::Landed;
use super::state::State;

/// Accounts, each with the number of its last write and the transaction that it was part of.
pub(super) type LastWrites = BTreeMap<Pubkey, (u64, Option<Signature>)>;

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Writes so far, on whatever fork: each has its number.
    count: u64,
    pub(super) last: LastWrites,
}

impl Written {
    /// Notes that an account was written, by a transaction or by none.
    pub(super) fn note(&mut self, key: Pubkey, by: Option<Signature>) {
        self.count += 1;
        self.last.insert(key, (self.count, by));
    }
}

impl State {
    /// Notes what a transaction wrote: all that it locked to write, be it as it was, and its payer alone where it
    /// failed.
    pub(super) fn note_written(&mut self, landed: &Landed) {
        let most = if landed.error.is_none() { usize::MAX } else { 1 };
        for key in landed.writable().take(most) {
            self.written.note(key, Some(landed.signature));
        }
    }

    /// The accounts that were written since this was asked, each once, as it is now, in the order of their last
    /// writes.
    pub(super) fn take_written(&mut self) -> Vec<SubscribeUpdateAccountInfo> {
        let mut last: Vec<_> = std::mem::take(&mut self.written.last).into_iter().collect();
        last.sort_by_key(|(_, (number, _))| *number);
        let told = last.into_iter().map(|(key, (number, by))| {
            // Of what is closed nothing is left.
            let held = self.held(&key).unwrap_or_default();
            SubscribeUpdateAccountInfo {
                pubkey: key.0.to_vec(),
                lamports: held.lamports(),
                owner: held.owner().to_bytes().to_vec(),
                executable: held.executable(),
                rent_epoch: held.rent_epoch(),
                data: held.data().to_vec(),
                write_version: number,
                txn_signature: by.map(|name| name.0.to_vec()),
            }
        });
        told.collect()
    }
}
