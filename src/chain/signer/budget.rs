//! What a message says of its compute units: one limit and one price, and what both come to.

use momentum_core::ids::Pubkey;
use momentum_core::units::Lamports;
use momentum_pump::instructions::Plain;
use momentum_pump::message::Step;
use momentum_pump::programs::COMPUTE_BUDGET;

use super::{Forbidden, UNITS_MAX};

/// What was seen of it so far.
#[derive(Debug, Default)]
pub(super) struct Budget {
    limit: Option<u32>,
    price: Option<u64>,
}

/// Reads a message in which nothing but instructions of `programs` may stand beside the compute budget; `check` judges
/// each of those, with the verdict on one that it does not know. Their number.
pub(super) fn beside_budget(
    steps: &[Step<'_>],
    programs: &[Pubkey],
    mut check: impl FnMut(Plain, Forbidden) -> Result<(), Forbidden>,
) -> Result<(Budget, usize), Forbidden> {
    let (mut budget, mut others) = (Budget::default(), 0);
    for step in steps {
        if step.program != COMPUTE_BUDGET && !programs.contains(&step.program) {
            return Err(Forbidden::Program(step.program));
        }
        let unknown = Forbidden::Instruction(step.program);
        let plain = Plain::read(&step.program, &step.accounts, step.data).ok_or(unknown.clone())?;
        if !budget.take(&plain)? {
            check(plain, unknown)?;
            others += 1;
        }
    }
    Ok((budget, others))
}

impl Budget {
    /// Takes an instruction of the compute budget; whether it was one.
    pub(super) fn take(&mut self, plain: &Plain) -> Result<bool, Forbidden> {
        match *plain {
            Plain::UnitLimit(units) if units <= UNITS_MAX && self.limit.is_none() => self.limit = Some(units),
            Plain::UnitPrice(price) if self.price.is_none() => self.price = Some(price),
            Plain::UnitLimit(_) | Plain::UnitPrice(_) => return Err(Forbidden::Budget),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The priority fee that both come to must not be above `allowed`.
    pub(super) fn within(&self, allowed: Lamports) -> Result<(), Forbidden> {
        let (Some(limit), Some(price)) = (self.limit, self.price) else {
            return Err(Forbidden::Budget);
        };
        // The network rounds up.
        let priority = (u128::from(limit) * u128::from(price)).div_ceil(1_000_000);
        let priority = Lamports(u64::try_from(priority).unwrap_or(u64::MAX));
        if priority > allowed { Err(Forbidden::Priority { priority, allowed }) } else { Ok(()) }
    }
}
