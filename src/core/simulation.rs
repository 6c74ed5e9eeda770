//! Buys on paper held against the chain: each is also built as a real one and run with its sell-back on the chain's
//! own state, unsigned and never sent. What that differs by from the venue's quote is told and kept. Nothing is
//! decided by it.

use serde::{Deserialize, Serialize};

use crate::action::{Order, Swap};
use crate::ids::{AttemptId, Mint, Slot};
use crate::quotes::{Curve, Liquidity};
use crate::units::{Bps, Lamports, LamportsDelta, TokenAmount, mul_div};

/// What buying and selling straight back costs and brings, fees of the venue included, those of the network not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// Lamports that the buy takes.
    pub paid: Lamports,
    /// Lamports that the sale of all of it brings.
    pub back: Lamports,
}

impl Trip {
    /// What it brings less what it takes.
    fn result(&self) -> LamportsDelta {
        self.back.minus(self.paid)
    }
}

/// What a buy counts on, by the quote that it was decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Tokens that its money buys.
    pub tokens: TokenAmount,
    /// The most that they may cost within its bound, rounded down.
    pub most: Lamports,
    /// What exactly so many tokens cost and bring back; nothing back where the curve would be sold out.
    pub trip: Trip,
}

impl Expectation {
    /// That of an order: by the stream's reserves, without our own fills on paper, of which the chain knows nothing.
    /// `None` for a sale, and for a buy that its own quote gives nothing for.
    #[must_use]
    pub fn of(order: &Order) -> Option<Self> {
        let Swap::Buy { spend, min_tokens } = order.swap else { return None };
        let (liquidity, rates) = (&order.basis.liquidity, &order.basis.rates);
        let tokens = liquidity.buy_exact_quote(spend.0, rates)?.tokens;
        let bought = liquidity.buy_exact_tokens(tokens, rates)?;
        let after = liquidity.after_buy(&bought);
        let sold_out = matches!(after, Liquidity::Curve(Curve { real_token: 0, .. }));
        let back = after.sell(tokens, rates).filter(|_| !sold_out).map_or(0, |sold| sold.out);
        Some(Self {
            tokens: TokenAmount(tokens),
            most: Lamports(mul_div(spend.0, tokens, min_tokens.0.max(1))),
            trip: Trip { paid: Lamports(bought.total), back: Lamports(back) },
        })
    }
}

/// A buy on paper, run on the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Simulation {
    /// The attempt that the simulated venue filled, or did not.
    pub attempt: AttemptId,
    /// The token.
    pub mint: Mint,
    /// Tokens bought and sold back.
    pub tokens: TokenAmount,
    /// What they should cost and bring back, by the quote of the decision.
    pub expected: Trip,
    /// What they did, or why they could not be bought and sold back.
    pub outcome: Result<Simulated, String>,
}

/// What a simulated transaction did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Simulated {
    /// On the state of this slot.
    pub slot: Slot,
    /// What it paid and got back, by what the programs logged.
    pub trip: Trip,
    /// Compute units of the whole.
    pub units: u64,
}

impl Simulation {
    /// How much better the chain was than the quote: negative where it was worse. `None` where it failed.
    #[must_use]
    pub fn difference(&self) -> Option<LamportsDelta> {
        let simulated = self.outcome.as_ref().ok()?;
        Some(LamportsDelta(simulated.trip.result().0.saturating_sub(self.expected.result().0)))
    }

    /// The same in basis points of what the buy should cost, floored.
    #[must_use]
    pub fn difference_bps(&self) -> Option<i64> {
        let difference = i128::from(self.difference()?.0) * i128::from(Bps::WHOLE.0);
        let bps = difference.checked_div_euclid(i128::from(self.expected.paid.0))?;
        Some(i64::try_from(bps).unwrap_or(if bps < 0 { i64::MIN } else { i64::MAX }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Basis;
    use crate::ids::Wallet;
    use crate::quotes::Rates;

    const RATES: Rates = Rates { lp: Bps(0), protocol: Bps(95), creator: Bps(30) };

    fn order(swap: Swap) -> Order {
        Order {
            attempt: AttemptId { number: 1, ..AttemptId::default() },
            mint: Mint::default(),
            wallet: Wallet::default(),
            swap,
            exit: None,
            bound: Bps(500),
            priority: Lamports::ZERO,
            tip: Lamports::ZERO,
            urgent: false,
            whole_balance: false,
            draw: 0,
            basis: Basis { liquidity: Liquidity::Curve(Curve::FRESH), rates: RATES },
        }
    }

    fn simulation(expected: (u64, u64), got: (u64, u64)) -> Simulation {
        let trip = |(paid, back)| Trip { paid: Lamports(paid), back: Lamports(back) };
        Simulation {
            attempt: AttemptId::default(),
            mint: Mint::default(),
            tokens: TokenAmount(1),
            expected: trip(expected),
            outcome: Ok(Simulated { slot: Slot(1), trip: trip(got), units: 1 }),
        }
    }

    #[test]
    fn a_buy_counts_on_the_tokens_of_its_quote_at_their_own_price_and_on_what_they_bring_back() {
        let spend = Lamports(500_000_000);
        let tokens = Curve::FRESH.buy_exact_quote(spend.0, &RATES).unwrap().tokens;
        let least = TokenAmount(tokens / 100 * 95);
        let expected = Expectation::of(&order(Swap::Buy { spend, min_tokens: least })).unwrap();
        assert_eq!(expected.tokens.0, tokens);
        let Trip { paid, back } = expected.trip;
        assert!(paid <= spend && spend.0 - paid.0 < 5, "{paid} of {spend} for the very same tokens");
        // Two fees of 1.25 %, and what rounding takes.
        assert!(back.0 < paid.0 * 976 / 1_000 && back.0 > paid.0 * 974 / 1_000, "{back} of {paid}");
        assert_eq!(expected.most.0, mul_div(spend.0, tokens, least.0), "the bound is one on the price");
    }

    #[test]
    fn a_sale_counts_on_nothing_and_a_buy_of_the_whole_curve_on_nothing_back() {
        let sale = Swap::Sell { tokens: TokenAmount(1), min_lamports: Lamports(1) };
        assert_eq!(Expectation::of(&order(sale)), None);
        let all = Swap::Buy { spend: Lamports::sol(100), min_tokens: TokenAmount(1) };
        let expected = Expectation::of(&order(all)).unwrap();
        assert_eq!(expected.tokens.0, Curve::FRESH.real_token);
        assert_eq!(expected.trip.back, Lamports::ZERO, "nothing can be sold on a complete curve");
    }

    #[test]
    fn the_difference_is_what_the_chain_was_better_by_and_its_share_is_floored() {
        let better = simulation((1_000, 950), (990, 960));
        assert_eq!((better.difference(), better.difference_bps()), (Some(LamportsDelta(20)), Some(200)));
        let worse = simulation((30_000, 29_000), (30_001, 29_000));
        assert_eq!((worse.difference(), worse.difference_bps()), (Some(LamportsDelta(-1)), Some(-1)));
        let same = simulation((1_000, 950), (1_000, 950));
        assert_eq!((same.difference(), same.difference_bps()), (Some(LamportsDelta(0)), Some(0)));
        let failed = Simulation { outcome: Err("AccountNotFound".to_owned()), ..better };
        assert_eq!((failed.difference(), failed.difference_bps()), (None, None));
    }
}
