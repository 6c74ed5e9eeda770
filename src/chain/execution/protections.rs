//! Protections of execution that a test takes away, to show that it is missed.
//!
//! The shipped binary knows one value, all on: the constructor of any other exists only under `cfg(test)` or the
//! feature `planted`, and a test of the house forbids that feature in what is shipped.

use momentum_core::action::{Order, Swap};
use momentum_core::event::{ExecutionKind, Fill, NetworkCosts};
use momentum_core::ids::Slot;
use momentum_core::quotes::Fees;
use momentum_core::units::Lamports;

use super::ending::{Verdict, Witnesses};

/// A protection of execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// An attempt is over only when its bytes can land no more.
    Expiry,
    /// What failed on the chain is a failure.
    Failure,
}

/// Which protections are on. There is one value outside tests: all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Protections {
    off: Option<Protection>,
}

impl Protections {
    /// All but `protection`.
    #[cfg(any(test, feature = "planted"))]
    pub(super) const fn without(protection: Protection) -> Self {
        Self { off: Some(protection) }
    }

    /// What becomes of an attempt that one endpoint knows or not, where all together say `verdict`.
    pub(super) fn verdict(self, known: bool, verdict: Verdict) -> Verdict {
        let early = self.off == Some(Protection::Expiry) && !known;
        verdict.or(early.then_some(Witnesses::Single))
    }

    /// What an attempt is that failed on the chain.
    pub(super) fn failed(
        self,
        order: &Order,
        slot: Slot,
        error: String,
        costs: NetworkCosts,
    ) -> ExecutionKind {
        if self.off != Some(Protection::Failure) {
            return ExecutionKind::Failed { slot, error, costs };
        }
        let (side, fees) = (order.swap.side(), Fees::default());
        let (tokens, lamports) = match order.swap {
            Swap::Buy { spend, min_tokens } => (min_tokens, spend),
            Swap::Sell { tokens, min_lamports } => (tokens, min_lamports),
            Swap::Close | Swap::Withdraw { .. } => return ExecutionKind::Failed { slot, error, costs },
        };
        let fill = Fill { side, tokens, lamports, fees, costs, rent_locked: Lamports::ZERO, impact: None };
        ExecutionKind::Landed { slot, fill }
    }
}
