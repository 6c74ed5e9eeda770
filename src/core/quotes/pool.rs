//! A PumpSwap pool.

use serde::{Deserialize, Serialize};

use super::{Bought, Rates, Sold};
use crate::event::Impact;

/// Reserves of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Tokens in the base vault.
    pub base: u64,
    /// Quote in the quote vault.
    pub quote_vault: u64,
    /// Quote that the formula adds to it; may be negative.
    pub virtual_quote: i128,
}

impl Pool {
    /// The quote that the formula sees: vault + virtual; `None` below zero or past `u64`.
    #[must_use]
    pub fn quote(&self) -> Option<u64> {
        unimplemented!()
    }
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
    /// The pool after this buy.
    #[must_use]
    pub fn after_buy(&self, _bought: &Bought) -> Self {
        unimplemented!()
    }
    /// The pool after this sale.
    #[must_use]
    pub fn after_sell(&self, _sold: &Sold) -> Self {
        unimplemented!()
    }
    /// The pool moved by fills that the stream does not show.
    #[must_use]
    pub fn moved(&self, _impact: Impact) -> Self {
        unimplemented!()
    }
}
