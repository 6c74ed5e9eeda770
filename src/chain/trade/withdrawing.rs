//! The message that sends all lamports of a wallet away: nothing else is in it.

use momentum_core::ids::Wallet;
use momentum_core::units::Lamports;
use momentum_pump::instructions::Plain;
use momentum_pump::message::compile;

use super::{BuildError, Message, budget};

/// Compute units that it may take: three instructions of the network's own need 450.
pub const WITHDRAW_UNITS: u32 = 1_000;

/// Sends `lamports` from `wallet` to `to`.
///
/// # Errors
/// Where the message cannot be made.
pub fn withdraw(
    wallet: Wallet,
    to: Wallet,
    lamports: Lamports,
    priority: Lamports,
    blockhash: &[u8; 32],
) -> Result<Message, BuildError> {
    let mut instructions = budget(priority, WITHDRAW_UNITS);
    let transfer = Plain::Transfer { from: wallet.0, to: to.0, lamports: lamports.0 };
    instructions.push(transfer.instruction());
    Ok(Message(compile(&wallet.0, blockhash, &instructions)?))
}
