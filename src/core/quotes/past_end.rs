//! A v3 buy past the end of the curve: it completes the curve and buys the rest from the pool that the
//! migration will open.

use super::curve::ExactIn;
use super::{Bought, Curve, Fees, Pool, Rates};

/// What a v3 buy must know of its coin to go on past the end of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastEnd {
    /// Tokens in the curve's own account.
    pub base_account: u64,
    /// Taken off the quote when the curve completes (SOL only; zero for other quotes).
    pub migration_fee: u64,
    /// A mayhem coin's buy stops at the rest of the curve.
    pub mayhem: bool,
    /// A cashback coin takes no v3 trade at all.
    pub cashback: bool,
}

/// A v3 buy, priced: one leg or two, each with fees of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct V3Bought {
    /// What it buys on the curve.
    pub on_curve: Bought,
    /// What it buys past the end.
    pub past_end: Option<Bought>,
}

impl V3Bought {
    /// Tokens of both legs.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        self.sum(|leg| leg.tokens)
    }

    /// What the buyer pays for both legs, fees included.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.sum(|leg| leg.total)
    }

    /// The fees of both legs.
    #[must_use]
    pub fn fees(&self) -> Fees {
        self.past_end.map_or(self.on_curve.fees, |leg| self.on_curve.fees.and(&leg.fees))
    }

    fn sum(&self, of: fn(&Bought) -> u64) -> u64 {
        self.past_end.as_ref().map_or(0, of).saturating_add(of(&self.on_curve))
    }
}

impl Curve {
    /// What a v3 buy of exactly `tokens` costs; more than the curve has left goes past its end.
    #[must_use]
    pub fn buy_exact_tokens_v3(&self, tokens: u64, rates: &Rates, end: &PastEnd) -> Option<V3Bought> {
        if end.cashback {
            return None;
        }
        let on_curve = self.buy_exact_tokens(tokens, rates)?;
        let past = tokens - on_curve.tokens;
        if past == 0 || end.mayhem {
            return Some(V3Bought { on_curve, past_end: None });
        }
        let leg = self.pool_to_be(&on_curve, end)?.buy_exact_tokens(past, &rates.on_curve())?;
        on_curve.total.checked_add(leg.total)?;
        Some(V3Bought { on_curve, past_end: Some(leg) })
    }

    /// What a v3 buy of at most `spend` gets; what the curve's rest leaves of it goes past the end.
    #[must_use]
    pub fn buy_exact_quote_v3(&self, spend: u64, rates: &Rates, end: &PastEnd) -> Option<V3Bought> {
        if end.cashback {
            return None;
        }
        let on_curve = match self.exact_in(spend, rates)? {
            ExactIn::Within(bought) => return Some(V3Bought { on_curve: bought, past_end: None }),
            ExactIn::Rest(rest) => rest,
        };
        let left = spend - on_curve.total;
        if left == 0 || end.mayhem {
            return Some(V3Bought { on_curve, past_end: None });
        }
        let pool = self.pool_to_be(&on_curve, end)?;
        // So that a leg which is not priced is one that buys nothing, never one that overflows.
        pool.quote_vault.checked_add(left)?;
        let past_end = pool.buy_exact_quote(left, &rates.on_curve());
        Some(V3Bought { on_curve, past_end })
    }

    /// The pool that the migration would open after `rest`, the buy that completes the curve.
    fn pool_to_be(&self, rest: &Bought, end: &PastEnd) -> Option<Pool> {
        let base = end.base_account.checked_sub(rest.tokens)?;
        let quote = self.real_quote.checked_add(rest.net)?.checked_sub(end.migration_fee)?;
        (base > 0 && quote > 0).then_some(Pool::new(base, quote, 0))
    }
}
