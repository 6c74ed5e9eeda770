//! The bonding curve: constant product over virtual reserves, real reserves as its ends.

use serde::{Deserialize, Serialize};

use super::{Bought, Rates, Sold, swap_in};
use crate::event::Impact;
use crate::units::{Bps, mul_div, ratio_bps};

/// Reserves of a bonding curve. `virtual_quote − real_quote` and `virtual_token − real_token` never change in
/// the life of a coin.
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

impl Curve {
    /// A fresh SOL curve (Global of 2026-10-10).
    pub const FRESH: Self = Self {
        virtual_quote: 30_000_000_000,
        virtual_token: 1_073_000_000_000_000,
        real_quote: 0,
        real_token: 793_100_000_000_000,
    };

    /// What spending at most `spend` buys. A budget past the end takes the rest, at its exact price. `None`
    /// where not one token would come, which the program refuses.
    #[must_use]
    pub fn buy_exact_quote(&self, spend: u64, rates: &Rates) -> Option<Bought> {
        match self.exact_in(spend, rates)? {
            ExactIn::Within(bought) | ExactIn::Rest(bought) => Some(bought),
        }
    }

    pub(super) fn exact_in(&self, spend: u64, rates: &Rates) -> Option<ExactIn> {
        let (net, fees) = rates.on_curve().split(spend)?;
        let tokens = swap_in(net - 1, self.virtual_quote, self.virtual_token)?;
        if tokens > self.real_token {
            let rest = self.buy_exact_tokens(self.real_token, rates)?;
            return (rest.total <= spend).then_some(ExactIn::Rest(rest));
        }
        self.virtual_quote.checked_add(net)?;
        Bought::priced(tokens, net, fees).map(ExactIn::Within)
    }

    /// What exactly `tokens` cost, or all that are left if they are fewer: the cost is floored, then one more.
    #[must_use]
    pub fn buy_exact_tokens(&self, tokens: u64, rates: &Rates) -> Option<Bought> {
        let tokens = tokens.min(self.real_token);
        let left = self.virtual_token.checked_sub(tokens).filter(|left| *left > 0)?;
        if self.virtual_quote == 0 {
            return None;
        }
        let cost = u128::from(tokens) * u128::from(self.virtual_quote) / u128::from(left) + 1;
        let net = u64::try_from(cost).ok()?;
        self.virtual_quote.checked_add(net)?;
        Bought::priced(tokens, net, rates.on_curve().on(net))
    }

    /// What exactly `tokens` bring. `None` for none, and for more than the curve really holds quote for.
    ///
    /// A complete curve has a price here too (the ladder's caps are made of it), though nothing can be sold
    /// on it.
    #[must_use]
    pub fn sell(&self, tokens: u64, rates: &Rates) -> Option<Sold> {
        self.virtual_token.checked_add(tokens)?;
        let gross = swap_in(tokens, self.virtual_token, self.virtual_quote)?;
        if gross > self.real_quote {
            return None;
        }
        Sold::priced(tokens, gross, rates.on_curve().on(gross))
    }

    /// The curve after this buy.
    #[must_use]
    pub fn after_buy(&self, bought: &Bought) -> Self {
        Self {
            virtual_quote: self.virtual_quote.saturating_add(bought.net),
            virtual_token: self.virtual_token.saturating_sub(bought.tokens),
            real_quote: self.real_quote.saturating_add(bought.net),
            real_token: self.real_token.saturating_sub(bought.tokens),
        }
    }

    /// The curve after this sale.
    #[must_use]
    pub fn after_sell(&self, sold: &Sold) -> Self {
        Self {
            virtual_quote: self.virtual_quote.saturating_sub(sold.gross),
            virtual_token: self.virtual_token.saturating_add(sold.tokens),
            real_quote: self.real_quote.saturating_sub(sold.gross),
            real_token: self.real_token.saturating_add(sold.tokens),
        }
    }

    /// The curve moved by fills that the stream does not show. They move the price; what can really be taken is
    /// never more than the stream's reserves hold, and no move takes more than that either.
    #[must_use]
    pub fn moved(&self, impact: Impact) -> Self {
        let quote = Clamped::new(self.real_quote, impact.quote);
        let token = Clamped::new(self.real_token, impact.tokens);
        Self {
            virtual_quote: self.virtual_quote.saturating_add_signed(quote.change),
            virtual_token: self.virtual_token.saturating_add_signed(token.change),
            real_quote: quote.real,
            real_token: token.real,
        }
    }

    /// The curve after the one trade that brings it to `progress`, in either direction: for bounds and ladder
    /// caps. The tokens left are floored. `None` past the whole, or where no such trade is possible.
    #[must_use]
    pub fn at_progress(&self, initial_real_token: u64, progress: Bps) -> Option<Self> {
        let whole = Bps::WHOLE.0;
        let left = mul_div(initial_real_token, whole.checked_sub(progress.0)?.into(), whole.into());
        let free = Rates::default();
        match (self.real_token.checked_sub(left), left.checked_sub(self.real_token)) {
            (Some(0), _) => Some(*self),
            (Some(bought), _) => Some(self.after_buy(&self.buy_exact_tokens(bought, &free)?)),
            (None, Some(sold)) => Some(self.after_sell(&self.sell(sold, &free)?)),
            (None, None) => None,
        }
    }

    /// The reserves at completion, when the last token has been bought.
    #[must_use]
    pub fn completed(&self) -> Option<Self> {
        self.at_progress(0, Bps::WHOLE)
    }

    /// Share of `initial_real_token` that is sold, floored. `None` where that is zero or less than what is left.
    #[must_use]
    pub fn progress(&self, initial_real_token: u64) -> Option<Bps> {
        ratio_bps(initial_real_token.checked_sub(self.real_token)?, initial_real_token)
    }
}

/// An exact-in buy, priced.
pub(super) enum ExactIn {
    /// The budget ends on the curve.
    Within(Bought),
    /// The budget would buy more than is left: this is the price of the rest.
    Rest(Bought),
}

/// A change of a reserve by fills that the stream does not show.
struct Clamped {
    /// The change, at most as far down as the reserve really goes.
    change: i64,
    /// What can really be taken after it: never more than before.
    real: u64,
}

impl Clamped {
    fn new(real: u64, change: i64) -> Self {
        let floor = i64::try_from(real).map_or(i64::MIN, |real| -real);
        let change = change.max(floor);
        Self { change, real: real.saturating_add_signed(change).min(real) }
    }
}
