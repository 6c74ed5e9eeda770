//! A PumpSwap pool: constant product over what the vaults hold and a virtual quote beside it.

use serde::{Deserialize, Serialize};

use super::{Bought, Rates, Sold, swap_in};
use crate::event::{Impact, Side};

/// Reserves of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Tokens in the base vault.
    pub base: u64,
    /// Quote in the quote vault that can be paid out. Trade events tell the whole vault; fees of earlier trades
    /// that still lie in it are known from the pool's account only, see [`Pool::less_unswept`].
    pub quote_vault: u64,
    /// Quote that the formula adds to it; may be negative.
    pub virtual_quote: i128,
}

impl Pool {
    /// A pool with these reserves.
    #[must_use]
    pub const fn new(base: u64, quote_vault: u64, virtual_quote: i128) -> Self {
        Self { base, quote_vault, virtual_quote }
    }

    /// The pool with `fees` in its vault (the account's `protocol_fees` and `creator_fees`) that belong to
    /// others and can pay no seller. The account's virtual quote is less by as much already, so the price stays.
    /// `None` where the vault does not hold them.
    #[must_use]
    pub fn less_unswept(&self, fees: u64) -> Option<Self> {
        let quote_vault = self.quote_vault.checked_sub(fees)?;
        let virtual_quote = self.virtual_quote.checked_add(fees.into())?;
        Some(Self { quote_vault, virtual_quote, ..*self })
    }

    /// The quote that the formula sees: vault + virtual; `None` below zero or past `u64`.
    #[must_use]
    pub fn quote(&self) -> Option<u64> {
        i128::from(self.quote_vault).checked_add(self.virtual_quote)?.try_into().ok()
    }

    /// What spending at most `spend` buys. `None` where not one token would come, which the program refuses.
    #[must_use]
    pub fn buy_exact_quote(&self, spend: u64, rates: &Rates) -> Option<Bought> {
        let quote = self.quote()?;
        let (net, fees) = rates.split(spend)?;
        quote.checked_add(net)?.checked_add(fees.lp)?;
        Bought::priced(swap_in(net - 1, quote, self.base)?, net, fees)
    }

    /// What exactly `tokens` cost, rounded up. `None` for all that the pool has, or more.
    #[must_use]
    pub fn buy_exact_tokens(&self, tokens: u64, rates: &Rates) -> Option<Bought> {
        let quote = self.quote().filter(|quote| *quote > 0)?;
        let left = self.base.checked_sub(tokens).filter(|left| *left > 0)?;
        let net = u64::try_from((u128::from(quote) * u128::from(tokens)).div_ceil(u128::from(left))).ok()?;
        let fees = rates.on(net);
        quote.checked_add(net)?.checked_add(fees.lp)?;
        Bought::priced(tokens, net, fees)
    }

    /// What exactly `tokens` bring. `None` for none, and where the vault cannot pay it: the virtual quote
    /// prices but does not pay (the program's error 6063).
    #[must_use]
    pub fn sell(&self, tokens: u64, rates: &Rates) -> Option<Sold> {
        self.base.checked_add(tokens)?;
        let gross = swap_in(tokens, self.base, self.quote()?)?;
        let fees = rates.on(gross);
        if self.quote_vault < gross.checked_sub(fees.lp)? {
            return None;
        }
        Sold::priced(tokens, gross, fees)
    }

    /// The pool after this buy.
    #[must_use]
    pub fn after_buy(&self, bought: &Bought) -> Self {
        self.after(Side::Buy, bought.net, bought.fees.lp, bought.tokens)
    }

    /// The pool after this sale.
    #[must_use]
    pub fn after_sell(&self, sold: &Sold) -> Self {
        self.after(Side::Sell, sold.gross, sold.fees.lp, sold.tokens)
    }

    /// The pool after a trade that moved `quote` (fees aside) and `tokens`: the lp fee stays in the pool.
    #[must_use]
    pub fn after(&self, side: Side, quote: u64, lp_fee: u64, tokens: u64) -> Self {
        let (base, quote_vault) = match side {
            Side::Buy => (
                self.base.saturating_sub(tokens),
                self.quote_vault.saturating_add(quote).saturating_add(lp_fee),
            ),
            Side::Sell => (
                self.base.saturating_add(tokens),
                self.quote_vault.saturating_sub(quote.saturating_sub(lp_fee)),
            ),
        };
        Self { base, quote_vault, ..*self }
    }

    /// The pool moved by fills that the stream does not show. They move the price; the vault pays no more than
    /// the stream's holds (what came in counts as virtual), and no move takes more than the stream's reserves.
    #[must_use]
    pub fn moved(&self, impact: Impact) -> Self {
        let change = i128::from(impact.quote).max(-i128::from(self.quote_vault));
        let taken = u64::try_from(-change).unwrap_or(0);
        Self {
            base: self.base.saturating_add_signed(impact.tokens),
            quote_vault: self.quote_vault - taken,
            virtual_quote: self.virtual_quote.saturating_add(change.max(0)),
        }
    }
}
