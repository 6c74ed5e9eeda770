//! The bonding curve.

use serde::{Deserialize, Serialize};

use super::{Bought, Rates, Sold};
use crate::event::Impact;
use crate::units::Bps;

/// Reserves of a bonding curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curve {
    /// Quote that the formula sees, in quote units.
    pub virtual_quote: u64,
    /// Tokens that the formula sees, in base units.
    pub virtual_token: u64,
    /// Quote that is really there.
    pub real_quote: u64,
    /// Tokens that are left to sell.
    pub real_token: u64,
}

/// What a v3 buy needs to go on past the end of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastEnd {
    /// Tokens in the curve's own account.
    pub base_account: u64,
    /// Taken off the quote when the curve completes (SOL only).
    pub migration_fee: u64,
}

impl Curve {
    /// A fresh SOL curve.
    pub const FRESH: Self = Self {
        virtual_quote: 30_000_000_000,
        virtual_token: 1_073_000_000_000_000,
        real_quote: 0,
        real_token: 793_100_000_000_000,
    };
    /// What spending at most `spend` buys.
    #[must_use]
    pub fn buy_exact_quote(&self, _spend: u64, _rates: &Rates) -> Option<Bought> {
        unimplemented!()
    }
    /// What exactly `tokens` cost.
    #[must_use]
    pub fn buy_exact_tokens(&self, _tokens: u64, _rates: &Rates) -> Option<Bought> {
        unimplemented!()
    }
    /// What exactly `tokens` bring.
    #[must_use]
    pub fn sell(&self, _tokens: u64, _rates: &Rates) -> Option<Sold> {
        unimplemented!()
    }
    /// The curve after this buy.
    #[must_use]
    pub fn after_buy(&self, _bought: &Bought) -> Self {
        unimplemented!()
    }
    /// The curve after this sale.
    #[must_use]
    pub fn after_sell(&self, _sold: &Sold) -> Self {
        unimplemented!()
    }
    /// The curve moved by fills that the stream does not show; never more real reserves than the stream's.
    #[must_use]
    pub fn moved(&self, _impact: Impact) -> Self {
        unimplemented!()
    }
    /// The curve at a progress, keeping its invariant product: for bounds and ladder caps.
    #[must_use]
    pub fn at_progress(&self, _initial_real_token: u64, _progress: Bps) -> Option<Self> {
        unimplemented!()
    }
    /// Share of `initial_real_token` that is sold, floored.
    #[must_use]
    pub fn progress(&self, _initial_real_token: u64) -> Option<Bps> {
        unimplemented!()
    }
}
