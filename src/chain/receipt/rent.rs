//! Rent that a transaction locked: what the accounts of the wallet that it opened hold beside their tokens.

use momentum_core::action::Order;
use momentum_core::units::Lamports;
use momentum_pump::address::{associated_token, user_volume_accumulator};
use momentum_pump::programs::{Program, TOKEN, TOKEN_2022, WRAPPED_SOL};
use momentum_pump::transaction::Transaction;

use super::{Accounts, ReceiptError};

/// The rent that is ours until those accounts are closed.
pub(super) fn of(order: &Order, accounts: &Accounts<'_, impl Transaction>) -> Result<Lamports, ReceiptError> {
    let (wallet, mint) = (order.wallet.0, order.mint.0);
    let volumes = [Program::Pump, Program::PumpSwap].map(|program| user_volume_accumulator(program, &wallet));
    let cashback = volumes.map(|volume| associated_token(&volume, &WRAPPED_SOL, &TOKEN));
    let tokens = [TOKEN, TOKEN_2022].map(|program| associated_token(&wallet, &mint, &program));
    let mut locked: u64 = 0;
    for key in volumes.into_iter().chain(cashback).chain(tokens) {
        let Some(place) = accounts.place(&key.0) else { continue };
        if let [0, after] = accounts.balances(place)? {
            // Cashback comes as wrapped SOL: it is not rent.
            let inside = if cashback.contains(&key) { accounts.inside(place) } else { 0 };
            locked = locked.saturating_add(after.saturating_sub(inside));
        }
    }
    Ok(Lamports(locked))
}

impl<T: Transaction> Accounts<'_, T> {
    /// What the token account at a place holds afterwards.
    fn inside(&self, place: usize) -> u64 {
        let after = self.meta.post_token_balances.as_deref().unwrap_or_default();
        let held = after.iter().find(|held| held.account_index == place);
        held.and_then(|held| held.ui_token_amount.amount.parse().ok()).unwrap_or(0)
    }
}
