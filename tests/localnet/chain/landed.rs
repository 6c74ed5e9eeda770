//! A transaction that landed, with all that a node tells of it.

use std::collections::HashSet;

use litesvm::types::TransactionMetadata;
use momentum_core::ids::{Pubkey, Signature};
use momentum_core::time::ChainTime;
use momentum_pump::accounts::{read_mint, read_token_account};
use momentum_pump::programs::{TOKEN, TOKEN_2022};
use solana_sdk::account::{AccountSharedData, ReadableAccount};
use solana_sdk::inner_instruction::InnerInstructionsList;
use solana_sdk::instruction::InstructionError;
use solana_sdk::pubkey::Pubkey as Address;
use solana_sdk::transaction::{TransactionError, VersionedTransaction};

use super::send::{Fate, Queued, name};
use super::state::{State, address};

/// Begins the addresses of a lookup table's account.
const TABLE_HEADER: usize = 56;
/// What the programs answer when the price ran away.
const SLIPPAGE: u32 = 6_002;
/// No address is taken for reserved: what transactions say that they write to, they lock.
const NONE_RESERVED: Option<&HashSet<Address>> = None;

/// A transaction that landed.
#[derive(Clone, Debug, PartialEq)]
pub struct Landed {
    /// Its name.
    pub signature: Signature,
    /// Its slot.
    pub slot: u64,
    /// Its place in the block.
    pub index: u64,
    /// The time of the block.
    pub time: ChainTime,
    /// Its bytes as they were sent.
    pub raw: Vec<u8>,
    /// The transaction.
    pub transaction: VersionedTransaction,
    /// Writable addresses that lookup tables gave.
    pub loaded_writable: Vec<Pubkey>,
    /// Read-only addresses that lookup tables gave.
    pub loaded_readonly: Vec<Pubkey>,
    /// Why it failed, if it did: it then did nothing but pay its fee.
    pub error: Option<TransactionError>,
    /// Base and priority fee, in lamports.
    pub fee: u64,
    /// Compute units that it took.
    pub units: u64,
    /// What the programs said.
    pub logs: Vec<String>,
    /// What each instruction called.
    pub inner: InnerInstructionsList,
    /// Lamports of each account before it.
    pub before: Vec<u64>,
    /// Lamports of each account after it.
    pub after: Vec<u64>,
    /// Tokens of each token account before it.
    pub tokens_before: Vec<TokenBalance>,
    /// Tokens of each token account after it.
    pub tokens_after: Vec<TokenBalance>,
}

/// What a token account held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenBalance {
    /// Its index among the transaction's accounts.
    pub account: u8,
    /// Of what.
    pub mint: Pubkey,
    /// Whose it is.
    pub owner: Pubkey,
    /// Its token program.
    pub program: Pubkey,
    /// How much, in base units.
    pub amount: u64,
    /// Digits behind the point.
    pub decimals: u8,
}

impl Landed {
    /// Its accounts: the static ones, then the writable and the read-only ones that were loaded.
    #[must_use]
    pub fn keys(&self) -> Vec<Pubkey> {
        let fixed = self.transaction.message.static_account_keys().iter().map(|key| Pubkey(key.to_bytes()));
        fixed
            .chain(self.loaded_writable.iter().copied())
            .chain(self.loaded_readonly.iter().copied())
            .collect()
    }

    /// The accounts that it locked to write: its payer, other static ones, then those that were loaded.
    pub(super) fn writable(&self) -> impl Iterator<Item = Pubkey> {
        let message = &self.transaction.message;
        let fixed = message.static_account_keys().iter().enumerate();
        let locked = fixed
            .filter(move |(at, _)| message.is_maybe_writable_with_reserved_addresses(*at, NONE_RESERVED));
        locked.map(|(_, key)| Pubkey(key.to_bytes())).chain(self.loaded_writable.iter().copied())
    }

    /// By how much it changed the lamports of an account.
    #[must_use]
    pub fn change(&self, of: &Pubkey) -> i64 {
        let place = self.keys().iter().position(|key| key == of);
        let change = place.map(|at| i128::from(self.after[at]) - i128::from(self.before[at]));
        i64::try_from(change.unwrap_or(0)).unwrap()
    }
}

impl State {
    /// Runs a transaction for good. `None` for one that does not land, because nobody pays for it.
    pub(crate) fn execute(&mut self, queued: &Queued, index: u64) -> Option<Landed> {
        let transaction = &queued.transaction;
        let (loaded_writable, loaded_readonly) = self.lookups(transaction)?;
        let fixed = transaction.message.static_account_keys().iter().copied();
        let keys: Vec<Address> =
            fixed.chain(loaded_writable.iter().chain(&loaded_readonly).map(address)).collect();
        self.remember(&keys);
        let before = self.picture(&keys);
        let (error, meta) = self.run_one(queued);
        let after = self.picture(&keys);
        let lamports = |picture: &[Option<AccountSharedData>]| -> Vec<u64> {
            picture.iter().map(|account| account.as_ref().map_or(0, ReadableAccount::lamports)).collect()
        };
        let (lamports_before, lamports_after) = (lamports(&before), lamports(&after));
        // A transaction that lands pays, be it that it fails.
        if error.is_some() && lamports_before.first() == lamports_after.first() {
            return None;
        }
        for (key, account) in keys.iter().zip(&after) {
            if let Some(account) = account {
                self.note_holding(
                    &Pubkey(key.to_bytes()),
                    &Pubkey(account.owner().to_bytes()),
                    account.data(),
                );
            }
        }
        Some(Landed {
            signature: name(transaction),
            slot: self.slot,
            index,
            time: self.time(),
            raw: queued.raw.clone(),
            transaction: transaction.clone(),
            loaded_writable,
            loaded_readonly,
            error,
            fee: meta.fee,
            units: meta.compute_units_consumed,
            logs: meta.logs,
            inner: meta.inner_instructions,
            before: lamports_before,
            after: lamports_after,
            tokens_before: self.tokens(&before),
            tokens_after: self.tokens(&after),
        })
    }

    fn run_one(&mut self, queued: &Queued) -> (Option<TransactionError>, TransactionMetadata) {
        let transaction = queued.transaction.clone();
        if queued.fate == Fate::Fails {
            return self.run_to_fail(queued);
        }
        match self.vm.send_transaction(transaction) {
            Ok(meta) => (None, meta),
            Err(failed) => (Some(failed.err), failed.meta),
        }
    }

    /// Takes a transaction's fee and nothing else, as if its last instruction had met a price that ran away.
    fn run_to_fail(&mut self, queued: &Queued) -> (Option<TransactionError>, TransactionMetadata) {
        let seen = self.vm.simulate_transaction(queued.transaction.clone());
        let meta = seen.map(|seen| seen.meta).unwrap_or_else(|failed| failed.meta);
        let message = &queued.transaction.message;
        if let Some(payer) = message.static_account_keys().first() {
            let mut account = self.vm.get_account(payer).unwrap_or_default();
            account.lamports = account.lamports.saturating_sub(meta.fee);
            self.vm.set_account(*payer, account).unwrap();
        }
        let place = u8::try_from(message.instructions().len().saturating_sub(1)).unwrap_or(u8::MAX);
        let error = TransactionError::InstructionError(place, InstructionError::Custom(SLIPPAGE));
        (Some(error), TransactionMetadata { inner_instructions: Vec::new(), ..meta })
    }

    fn picture(&self, keys: &[Address]) -> Vec<Option<AccountSharedData>> {
        keys.iter().map(|key| self.vm.accounts_db().get_account(key)).collect()
    }

    /// The addresses that a transaction takes from lookup tables, if the tables have them.
    fn lookups(&self, transaction: &VersionedTransaction) -> Option<(Vec<Pubkey>, Vec<Pubkey>)> {
        let (mut writable, mut readonly) = (Vec::new(), Vec::new());
        for lookup in transaction.message.address_table_lookups().unwrap_or_default() {
            let table = self.vm.accounts_db().get_account(&lookup.account_key)?;
            let addresses = table.data().get(TABLE_HEADER..)?.as_chunks::<32>().0;
            let take = |index: &u8| addresses.get(usize::from(*index)).map(|key| Pubkey(*key));
            for (indexes, to) in
                [(&lookup.writable_indexes, &mut writable), (&lookup.readonly_indexes, &mut readonly)]
            {
                to.append(&mut indexes.iter().map(take).collect::<Option<Vec<_>>>()?);
            }
        }
        Some((writable, readonly))
    }

    fn tokens(&self, picture: &[Option<AccountSharedData>]) -> Vec<TokenBalance> {
        let places = (0_u8..).zip(picture);
        places.filter_map(|(place, account)| self.token_balance(place, account.as_ref()?)).collect()
    }

    fn token_balance(&self, account: u8, held: &AccountSharedData) -> Option<TokenBalance> {
        let program = Pubkey(held.owner().to_bytes());
        if program != TOKEN && program != TOKEN_2022 {
            return None;
        }
        let read = read_token_account(held.data()).ok()?;
        let mint = self.held(&read.mint.0)?;
        let decimals = read_mint(&program, mint.data()).ok()?.decimals;
        let (mint, owner, amount) = (read.mint.0, read.owner.0, read.amount.0);
        Some(TokenBalance { account, mint, owner, program, amount, decimals })
    }
}
