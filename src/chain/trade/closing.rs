//! The message that closes a token account for its rent: nothing else is in it.

use momentum_core::ids::{Mint, Pubkey, Wallet};
use momentum_core::units::Lamports;
use momentum_pump::address::associated_token;
use momentum_pump::instructions::Plain;
use momentum_pump::message::compile;

use super::{BuildError, Message, budget};

/// Compute units that it may take: both token programs need a few thousand.
pub const CLOSE_UNITS: u32 = 30_000;

/// Closes the account that `wallet` has by convention for `mint`, a token of `token_program`; what was locked in it
/// goes to the wallet. It must be empty, which its program sees to.
///
/// # Errors
/// Where the message cannot be made.
pub fn close(
    wallet: Wallet,
    mint: Mint,
    token_program: Pubkey,
    priority: Lamports,
    blockhash: &[u8; 32],
) -> Result<Message, BuildError> {
    let (to, owner) = (wallet.0, wallet.0);
    let account = associated_token(&owner, &mint.0, &token_program);
    let mut instructions = budget(priority, CLOSE_UNITS);
    instructions.push(Plain::CloseAccount { token_program, account, to, owner }.instruction());
    Ok(Message(compile(&owner, blockhash, &instructions)?))
}
