//! (Stand-in until receipts are read.)

use momentum_core::event::{Fill, NetworkCosts};
use momentum_core::ids::Slot;

/// What a landed transaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// What it should.
    Landed {
        /// Where.
        slot: Slot,
        /// What it did.
        fill: Fill,
    },
    /// It failed.
    Failed {
        /// Where.
        slot: Slot,
        /// Why.
        error: String,
        /// What it cost.
        costs: NetworkCosts,
    },
}
