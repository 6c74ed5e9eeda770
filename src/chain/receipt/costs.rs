//! What the network took, and what a block engine got: read from the bytes, checked against the node's fee.

use momentum_core::action::Order;
use momentum_core::event::NetworkCosts;
use momentum_core::ids::Pubkey;
use momentum_core::units::Lamports;
use momentum_pump::address::associated_token;
use momentum_pump::instructions::Plain;
use momentum_pump::programs::{TOKEN, WRAPPED_SOL};
use momentum_pump::transaction::{Instruction, Transaction};

use super::ReceiptError;

/// Compute units of an instruction, where no limit is set.
const UNITS_EACH: u64 = 200_000;

/// The costs of a transaction that landed whole.
pub(super) fn of(
    order: &Order,
    transaction: &impl Transaction,
    fee: Lamports,
) -> Result<NetworkCosts, ReceiptError> {
    let (mut limit, mut price, mut count, mut last) = (None, 0, 0, None);
    for instruction in transaction.instructions().filter(|instruction| instruction.height == Some(1)) {
        count += 1;
        last = plain(transaction, &instruction);
        match last {
            Some(Plain::UnitLimit(units)) => limit = Some(u64::from(units)),
            Some(Plain::UnitPrice(micro_lamports)) => price = micro_lamports,
            _ => {}
        }
    }
    let units = u128::from(limit.unwrap_or(UNITS_EACH * count));
    let priority = u64::try_from((units * u128::from(price)).div_ceil(1_000_000)).unwrap_or(u64::MAX);
    let priority = Lamports(priority);
    let base = fee.0.checked_sub(priority.0).filter(|base| *base > 0);
    let base = base.map(Lamports).ok_or(ReceiptError::Fee { fee, priority })?;
    let wrapped = associated_token(&order.wallet.0, &WRAPPED_SOL, &TOKEN);
    let tip = match last {
        Some(Plain::Transfer { from, to, lamports }) if from == order.wallet.0 && to != wrapped => {
            Lamports(lamports)
        }
        _ => Lamports::ZERO,
    };
    Ok(NetworkCosts { base, priority, tip })
}

/// An instruction of Solana's own programs.
fn plain(transaction: &impl Transaction, instruction: &Instruction<'_>) -> Option<Plain> {
    let key = |index: usize| transaction.key(index).map(|key| Pubkey(*key));
    let accounts: Option<Vec<_>> =
        instruction.accounts.iter().map(|index| key(usize::from(*index))).collect();
    Plain::read(&key(instruction.program)?, &accounts?, instruction.data)
}
