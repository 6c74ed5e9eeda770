//! What brings a wallet's lamports away from somebody who has its key: one transfer of what the order says to the cold
//! address, and nothing beside it but the compute budget. That address stands in the limits as well, and only as long
//! as such a theft does: an order alone opens no way out.

use momentum_core::action::Order;
use momentum_core::ids::Wallet;
use momentum_core::units::Lamports;
use momentum_pump::instructions::Plain;
use momentum_pump::message::Step;
use momentum_pump::programs::SYSTEM;

use super::budget::beside_budget;
use super::{Forbidden, SendLimits};

/// Checks its instructions.
pub(super) fn check(
    order: &Order,
    (cold, ordered): (Wallet, Lamports),
    limits: &SendLimits,
    steps: &[Step<'_>],
) -> Result<(), Forbidden> {
    let (budget, transfers) = beside_budget(steps, &[SYSTEM], |plain, unknown| {
        let Plain::Transfer { from, to, lamports } = plain else { return Err(unknown) };
        if from != order.wallet.0 {
            return Err(Forbidden::From(from));
        }
        if to != cold.0 || limits.cold != Some(cold) {
            return Err(Forbidden::Stranger { to, lamports: Lamports(lamports) });
        }
        if lamports != ordered.0 {
            return Err(Forbidden::Amount { found: lamports, ordered: ordered.0 });
        }
        Ok(())
    })?;
    if transfers != 1 {
        return Err(Forbidden::Transfers(transfers));
    }
    budget.within(order.priority.min(limits.urgent_fee))
}

#[cfg(test)]
mod tests;
