//! Rent that a transaction paid or brought back: what its accounts gained beside what the swap put into them.
//!
//! Not what they hold: anybody may have sent lamports to the address of an account before it was opened, and those
//! paid for a part of it.
//!
//! What the wallet's own accounts hold is the wallet's until they are closed. The vault of a creator who never
//! earned before is opened at the trader's cost, and nobody gives that back: it is a fee.

use momentum_core::action::Order;
use momentum_core::ids::Pubkey;
use momentum_core::units::Lamports;
use momentum_pump::address::{associated_token, user_volume_accumulator};
use momentum_pump::instructions::shape;
use momentum_pump::programs::{Program, TOKEN, TOKEN_2022, WRAPPED_SOL};
use momentum_pump::transaction::Transaction;

use super::legs::Swapped;
use super::{Accounts, Held, ReceiptError};

/// The rent that is the wallet's until those accounts are closed.
pub(super) fn locked(
    order: &Order,
    accounts: &Accounts<'_, impl Transaction>,
    swapped: &Swapped,
) -> Result<Lamports, ReceiptError> {
    let (wallet, mint) = (order.wallet.0, order.mint.0);
    let volumes = [Program::Pump, Program::PumpSwap].map(|program| user_volume_accumulator(program, &wallet));
    let [on_curve, _] = volumes;
    // Cashback collects in these: as lamports on the curve, wrapped on a pool.
    let mut locked = accounts.gained(&on_curve)?.saturating_sub(swapped.cashback);
    let others = volumes.into_iter().skip(1);
    let others = others.chain(volumes.map(|volume| associated_token(&volume, &WRAPPED_SOL, &TOKEN)));
    for key in others.chain([TOKEN, TOKEN_2022].map(|program| associated_token(&wallet, &mint, &program))) {
        locked = locked.saturating_add(accounts.gained(&key)?);
    }
    Ok(Lamports(locked))
}

/// What the order's account of its token held in lamports before it was closed.
pub(super) fn returned(
    order: &Order,
    accounts: &Accounts<'_, impl Transaction>,
) -> Result<Lamports, ReceiptError> {
    let mut returned: u64 = 0;
    for program in [TOKEN, TOKEN_2022] {
        let account = associated_token(&order.wallet.0, &order.mint.0, &program);
        let Some(place) = accounts.place(&account.0) else { continue };
        if let [before, 0] = accounts.balances(place)? {
            returned = returned.saturating_add(before);
        }
    }
    Ok(Lamports(returned))
}

/// The rent that opened a creator's vault.
pub(super) fn given_away(
    accounts: &Accounts<'_, impl Transaction>,
    swapped: &Swapped,
) -> Result<Lamports, ReceiptError> {
    let transaction = accounts.transaction;
    let mut given: u64 = 0;
    for step in transaction.instructions().filter(|step| step.height == Some(1)) {
        let program = transaction.key(step.program).and_then(Program::at);
        let Some(shape) = program.and_then(|program| shape(program, step.data)) else { continue };
        for (role, index) in shape.roles(step.accounts.len()).zip(step.accounts) {
            let Some(key) = transaction.key(usize::from(*index)).map(|key| Pubkey(*key)) else { continue };
            let gained = match role.name {
                // It is a plain account: one that was there had its rent already, and gains what is the creator's.
                "creator_vault" if accounts.is_new(&key)? => {
                    accounts.gained(&key)?.saturating_sub(swapped.creator)
                }
                "associated_creator_vault" | "coin_creator_vault_ata" => accounts.gained(&key)?,
                _ => 0,
            };
            given = given.saturating_add(gained);
        }
    }
    Ok(Lamports(given))
}

impl<T: Transaction> Accounts<'_, T> {
    /// Whether an account held nothing before the transaction.
    fn is_new(&self, key: &Pubkey) -> Result<bool, ReceiptError> {
        let Some(place) = self.place(&key.0) else { return Ok(false) };
        Ok(self.balances(place)?[0] == 0)
    }

    /// Lamports that an account gained, less the wrapped SOL among them.
    fn gained(&self, key: &Pubkey) -> Result<u64, ReceiptError> {
        let Some(place) = self.place(&key.0) else { return Ok(0) };
        let wrapped = |list: &Option<Vec<Held>>| {
            let mint = WRAPPED_SOL.to_string();
            let held = list.iter().flatten().filter(|held| held.account_index == place && held.mint == mint);
            held.filter_map(|held| held.ui_token_amount.amount.parse::<i128>().ok()).sum::<i128>()
        };
        let put = wrapped(&self.meta.post_token_balances) - wrapped(&self.meta.pre_token_balances);
        Ok(u64::try_from(self.change(place)? - put).unwrap_or(0))
    }
}
