//! What closes an account for its rent: the wallet's own account of the order's token, to the wallet, and nothing
//! beside it but the compute budget. That the account is empty no bytes can show: its program closes no other.

use momentum_core::action::Order;
use momentum_pump::address::associated_token;
use momentum_pump::instructions::Plain;
use momentum_pump::message::Step;
use momentum_pump::programs::{TOKEN, TOKEN_2022, WRAPPED_SOL};

use super::budget::beside_budget;
use super::{Forbidden, SendLimits};

/// Checks its instructions.
pub(super) fn check(order: &Order, limits: &SendLimits, steps: &[Step<'_>]) -> Result<(), Forbidden> {
    let (wallet, mint) = (order.wallet.0, order.mint.0);
    // An account of wrapped SOL is closed whatever is in it: that is money, and no rent.
    if mint == WRAPPED_SOL {
        return Err(Forbidden::Mint(mint));
    }
    let (budget, closed) = beside_budget(steps, &[TOKEN, TOKEN_2022], |plain, unknown| {
        let Plain::CloseAccount { token_program, account, to, owner } = plain else { return Err(unknown) };
        let own = account == associated_token(&wallet, &mint, &token_program);
        if !own || to != wallet || owner != wallet {
            return Err(Forbidden::TokenAccount(account));
        }
        Ok(())
    })?;
    if closed != 1 {
        return Err(Forbidden::Closings(closed));
    }
    budget.within(order.priority.min(limits.fee))
}

#[cfg(test)]
mod tests;
