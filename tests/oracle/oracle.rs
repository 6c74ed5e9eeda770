//! Our quotes against the maths of `pump-rust-client` 0.5.0, the pump team's own package.
//!
//! Each test asks both about [`STATES`] random states. They must give the same answer or both refuse; every
//! difference allowed is one of the named [`Difference`]s, whose condition is computed here from the state by
//! itself, and in each of them it is ours that is stricter. How many there were of each is printed
//! (`--nocapture`).

#![allow(clippy::unwrap_used, reason = "where a test unwraps, a panic is its finding")]
#![allow(
    clippy::field_reassign_with_default,
    reason = "the package's account types are private behind a wrapper"
)]

mod fees;
mod pumpswap;
#[path = "../random_states.rs"]
mod random_states;
#[path = "../recordings.rs"]
mod recordings;
mod the_curve;

use std::collections::BTreeMap;
use std::fmt::Debug;

use momentum_core::quotes::{FeeSchedule, Rates};
use momentum_core::units::Bps;
use pump_rust_client::pump::types::{FeeTier, Fees};
use pump_rust_client::state::FeeConfig;

/// Random states that each test asks about.
const STATES: u64 = 100_000;

/// Why the package quotes what we refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// No token moves: the package answers zero (or, for dust, a price without a token), the programs refuse it
    /// (`BuyZeroAmount`, `SellZeroAmount`, `ZeroBaseAmount`).
    Nothing,
    /// The quote side of the curve is empty: the package prices an exact-out buy at the one unit that is always
    /// added. It refuses the same curve for an exact-in buy.
    NoQuoteSide,
    /// A sale for more than the curve really holds: the package looks at virtual reserves only, the program
    /// would have to take it from `real_quote_reserves`.
    BeyondRealQuote,
    /// A reserve would leave `u64` by this trade: the package prices a trade and never carries it out.
    BeyondU64,
}

/// What a comparison found.
#[derive(Debug, Default)]
struct Tally {
    equal: u64,
    both_refuse: u64,
    ours_refuses: BTreeMap<Difference, u64>,
}

impl Tally {
    /// One comparison. `explanation` is asked where the package has a quote and we have none.
    #[track_caller]
    fn add<T: PartialEq + Debug>(
        &mut self,
        case: impl Debug,
        theirs: Option<T>,
        ours: Option<T>,
        explanation: impl FnOnce(&T) -> Option<Difference>,
    ) {
        match (theirs, ours) {
            (None, None) => self.both_refuse += 1,
            (Some(theirs), Some(ours)) if theirs == ours => self.equal += 1,
            (Some(theirs), None) => match explanation(&theirs) {
                Some(difference) => *self.ours_refuses.entry(difference).or_default() += 1,
                None => panic!("unexplained: {case:?}: theirs {theirs:?}, ours refuses"),
            },
            (theirs, ours) => panic!("unexplained: {case:?}: theirs {theirs:?}, ours {ours:?}"),
        }
    }

    /// Prints the figures; fails where the random states were too odd to show much.
    fn report(&self, what: &str) {
        println!("{what}: {self:?}");
        let explained: u64 = self.ours_refuses.values().sum();
        assert_eq!(self.equal + self.both_refuse + explained, STATES, "{what}");
        assert!(self.equal * 2 > STATES, "{what}: only {} quotes were compared", self.equal);
    }
}

fn their_fees(rates: Rates) -> Fees {
    let [lp_fee_bps, protocol_fee_bps, creator_fee_bps] =
        [rates.lp, rates.protocol, rates.creator].map(|Bps(rate)| rate.into());
    Fees { lp_fee_bps, protocol_fee_bps, creator_fee_bps }
}

fn their_config(schedule: &FeeSchedule) -> FeeConfig {
    let tiers = |tiers: &[momentum_core::quotes::FeeTier]| {
        let theirs = |tier: &momentum_core::quotes::FeeTier| FeeTier {
            market_cap_lamports_threshold: tier.threshold,
            fees: their_fees(tier.rates),
        };
        tiers.iter().map(theirs).collect()
    };
    let mut config = FeeConfig::default();
    config.flat_fees = their_fees(schedule.flat);
    config.fee_tiers = tiers(&schedule.tiers);
    config.stable_fee_tiers = tiers(&schedule.stable_tiers);
    config.exotic_flat_fees = their_fees(schedule.exotic);
    config
}

/// One schedule of these rates at every market cap, for any quote.
fn flat_schedule(rates: Rates) -> FeeSchedule {
    let tier = || vec![momentum_core::quotes::FeeTier { threshold: 0, rates }];
    FeeSchedule { flat: rates, tiers: tier(), stable_tiers: tier(), exotic: rates }
}

/// What enters the reserves of an exact-in buy, in numbers without end.
fn exact_in_net(budget: u64, rates: &Rates) -> u128 {
    let rates = [rates.lp, rates.protocol, rates.creator].map(|Bps(rate)| u128::from(rate));
    let net = u128::from(budget) * 10_000 / (10_000 + rates.iter().sum::<u128>());
    let fees: u128 = rates.iter().map(|rate| (net * rate).div_ceil(10_000)).sum();
    net.min(u128::from(budget).saturating_sub(fees))
}

/// Whether `reserve` cannot take `amount` more.
fn overflows(reserve: u64, amount: u128) -> bool {
    u128::from(reserve) + amount > u64::MAX.into()
}
