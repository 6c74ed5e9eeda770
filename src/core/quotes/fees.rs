//! What a trade costs beside its price: rates, schedules, and the bounds that slippage allows.

use serde::{Deserialize, Serialize};

use super::{Curve, Liquidity, Pool};
use crate::event::Quote;
use crate::ids::{Mint, Pubkey};
use crate::units::{Bps, mul_div, mul_div_ceil};

/// Fees of one trade, in quote units. Buyback is a part of `protocol`; for a cashback coin `creator` is what
/// the trader gets back later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fees {
    /// To the pool's liquidity (PumpSwap; zero on a curve).
    pub lp: u64,
    /// To the protocol.
    pub protocol: u64,
    /// To the creator.
    pub creator: u64,
}

impl Fees {
    /// All three together; `None` past `u64::MAX`.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.lp.checked_add(self.protocol)?.checked_add(self.creator)
    }

    /// Each fee of both, saturating.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            lp: self.lp.saturating_add(other.lp),
            protocol: self.protocol.saturating_add(other.protocol),
            creator: self.creator.saturating_add(other.creator),
        }
    }
}

/// Fee rates of one trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// To the pool's liquidity.
    pub lp: Bps,
    /// To the protocol.
    pub protocol: Bps,
    /// To the creator.
    pub creator: Bps,
}

impl Rates {
    /// These rates in basis points: lp, protocol, creator.
    #[must_use]
    pub const fn bps(lp: u16, protocol: u16, creator: u16) -> Self {
        Self { lp: Bps(lp), protocol: Bps(protocol), creator: Bps(creator) }
    }

    /// The fees on `amount`, each rounded up by itself.
    #[must_use]
    pub fn on(&self, amount: u64) -> Fees {
        Fees {
            lp: ceil_bps(amount, self.lp),
            protocol: ceil_bps(amount, self.protocol),
            creator: ceil_bps(amount, self.creator),
        }
    }

    /// How an exact-in buy parts its budget: what enters the reserves, and the fees.
    ///
    /// The net is floored; the fees are those of this net; where both together overshoot the budget the net
    /// alone gives way, the fees stay (chain.md §6). `None`: the budget does not outlast its own fees.
    pub(super) fn split(&self, budget: u64) -> Option<(u64, Fees)> {
        let sum = u64::from(self.lp.0) + u64::from(self.protocol.0) + u64::from(self.creator.0);
        let whole = u64::from(Bps::WHOLE.0);
        let net = mul_div(budget, whole, whole + sum);
        let fees = self.on(net);
        // At most two units over: each of three fees is rounded up by less than one.
        let wanted = u128::from(net) + u128::from(fees.total()?);
        let excess = u64::try_from(wanted.saturating_sub(budget.into())).ok()?;
        let net = net.checked_sub(excess).filter(|net| *net > 0)?;
        Some((net, fees))
    }

    /// The same without a part for liquidity providers, which a curve does not have.
    pub(super) fn on_curve(&self) -> Self {
        Self { lp: Bps(0), ..*self }
    }
}

/// How the fee program tells quotes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuoteKind {
    /// SOL.
    Sol,
    /// The one stable coin with tiers of its own, USDC.
    Stable,
    /// Anything else.
    Exotic,
}

/// The USDC mint, `EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v`.
pub const USDC: Mint = Mint(Pubkey([
    198, 250, 122, 243, 190, 219, 173, 58, 61, 101, 243, 106, 171, 201, 116, 49, 177, 187, 228, 194, 210,
    246, 224, 228, 124, 166, 2, 3, 69, 47, 93, 97,
]));

impl From<Quote> for QuoteKind {
    fn from(quote: Quote) -> Self {
        match quote {
            Quote::Sol => Self::Sol,
            Quote::Other(USDC) => Self::Stable,
            Quote::Other(_) => Self::Exotic,
        }
    }
}

/// One step of a schedule: these rates from this market cap on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeTier {
    /// Market cap in quote units from which it holds.
    pub threshold: u128,
    /// The rates.
    pub rates: Rates,
}

/// A fee configuration account (pump_fees `FeeConfig`), typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeSchedule {
    /// Rates where no tier applies: pools that pump did not create.
    pub flat: Rates,
    /// SOL quotes, by market cap, lowest threshold first.
    pub tiers: Vec<FeeTier>,
    /// Stable quotes, by market cap, lowest threshold first.
    pub stable_tiers: Vec<FeeTier>,
    /// Other quotes; all zero means `flat`.
    pub exotic: Rates,
}

impl FeeSchedule {
    /// The rates of a curve or of one of pump's own pools at this market cap: the highest tier at or below it,
    /// the first tier below them all. `None` for an empty table, which the programs refuse.
    #[must_use]
    pub fn rates(&self, kind: QuoteKind, market_cap: u128) -> Option<Rates> {
        let tiers = match kind {
            QuoteKind::Sol => &self.tiers,
            QuoteKind::Stable => &self.stable_tiers,
            QuoteKind::Exotic if self.exotic == Rates::default() => return Some(self.flat),
            QuoteKind::Exotic => return Some(self.exotic),
        };
        let reached = tiers.iter().rev().find(|tier| tier.threshold <= market_cap);
        reached.or(tiers.first()).map(|tier| tier.rates)
    }
}

/// What is known of a coin's creator rate (of its cashback, for a cashback coin: the same rate).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CreatorRate {
    /// Nothing beyond the schedule.
    #[default]
    Scheduled,
    /// The coin's own rate, as its create event or account tells it: replaces the schedule's while the
    /// programs' gate is on and the rate is not zero.
    Own(Bps),
    /// The rate that its last trade at this venue paid: a fact, even when it is zero.
    Seen(Bps),
}

/// The schedules in force for curves and pools.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedules {
    /// Of the bonding curve program.
    pub curve: FeeSchedule,
    /// Of PumpSwap.
    pub pool: FeeSchedule,
    /// Whether a coin's own creator rate replaces the schedule's (Global.creator_fee_configurable).
    pub creator_fee_configurable: bool,
}

impl Schedules {
    /// What the next trade of a pump coin with this `supply` pays at this state. `None` without reserves to
    /// price it by.
    #[must_use]
    pub fn rates(
        &self,
        liquidity: &Liquidity,
        supply: u64,
        kind: QuoteKind,
        creator: CreatorRate,
    ) -> Option<Rates> {
        let schedule = match liquidity {
            Liquidity::Curve(_) => &self.curve,
            Liquidity::Pool(_) => &self.pool,
        };
        let scheduled = schedule.rates(kind, liquidity.market_cap(supply)?)?;
        Some(match creator {
            CreatorRate::Seen(rate) => Rates { creator: rate, ..scheduled },
            CreatorRate::Own(rate) if self.creator_fee_configurable && rate.0 != 0 => {
                Rates { creator: rate, ..scheduled }
            }
            CreatorRate::Own(_) | CreatorRate::Scheduled => scheduled,
        })
    }

    /// The schedules as both `FeeConfig` accounts and `Global` held them on 2026-10-10: in force until the
    /// chain tells others.
    #[must_use]
    pub fn of_2026_10_10() -> Self {
        const CURVE: Rates = Rates::bps(0, 95, 30);
        let one = || vec![FeeTier { threshold: 0, rates: CURVE }];
        Self {
            curve: FeeSchedule { flat: CURVE, tiers: one(), stable_tiers: one(), exotic: CURVE },
            pool: FeeSchedule {
                flat: Rates::bps(25, 5, 0),
                tiers: pool_tiers(&POOL_SOL_THRESHOLDS, 1_000_000_000),
                stable_tiers: pool_tiers(&POOL_USDC_THRESHOLDS, 1_000_000),
                exotic: Rates::bps(20, 5, 5),
            },
            creator_fee_configurable: true,
        }
    }
}

/// PumpSwap's creator rates, tier by tier after the first, on 2026-10-10: the same for SOL and USDC.
const POOL_CREATOR_BPS: [u16; 24] =
    [95, 90, 85, 80, 75, 70, 65, 60, 55, 50, 45, 40, 35, 30, 28, 25, 23, 20, 18, 15, 13, 10, 8, 5];

/// Market caps in whole SOL from which each of them holds, on 2026-10-10.
const POOL_SOL_THRESHOLDS: [u64; 24] = [
    420, 1_470, 2_460, 3_440, 4_420, 9_820, 14_740, 19_650, 24_560, 29_470, 34_380, 39_300, 44_210, 49_120,
    54_030, 58_940, 63_860, 68_770, 73_681, 78_590, 83_500, 88_400, 93_330, 98_240,
];

/// The same in whole USDC.
const POOL_USDC_THRESHOLDS: [u64; 24] = [
    59_000, 300_000, 500_000, 700_000, 900_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000, 6_000_000,
    7_000_000, 8_000_000, 9_000_000, 10_000_000, 11_000_000, 12_000_000, 13_000_000, 14_000_000, 15_000_000,
    16_000_000, 17_000_000, 18_000_000, 19_000_000, 20_000_000,
];

fn pool_tiers(thresholds: &[u64; 24], unit: u128) -> Vec<FeeTier> {
    let first = FeeTier { threshold: 0, rates: Rates::bps(2, 93, 30) };
    let later = thresholds.iter().zip(POOL_CREATOR_BPS).map(|(threshold, creator)| FeeTier {
        threshold: u128::from(*threshold) * unit,
        rates: Rates::bps(20, 5, creator),
    });
    std::iter::once(first).chain(later).collect()
}

impl Liquidity {
    /// What all `supply` is worth at the spot price, in quote units, floored: what fee tiers go by. `None`
    /// without reserves.
    #[must_use]
    pub fn market_cap(&self, supply: u64) -> Option<u128> {
        let (quote, token) = match self {
            Self::Curve(Curve { virtual_quote, virtual_token, .. }) => (*virtual_quote, *virtual_token),
            Self::Pool(pool @ Pool { base, .. }) => (pool.quote()?, *base),
        };
        (u128::from(quote) * u128::from(supply)).checked_div(u128::from(token))
    }
}

/// `amount × rate / 10_000`, rounded up: what the programs charge. Saturates at `u64::MAX`, which no rate up to
/// the whole can reach.
#[must_use]
pub fn ceil_bps(amount: u64, rate: Bps) -> u64 {
    mul_div_ceil(amount, u64::from(rate.0), u64::from(Bps::WHOLE.0))
}

/// `amount × (10_000 + slippage) / 10_000`, floored: the most that a buy may cost. Saturates at `u64::MAX`.
#[must_use]
pub fn slippage_max(amount: u64, slippage: Bps) -> u64 {
    let whole = u64::from(Bps::WHOLE.0);
    mul_div(amount, whole + u64::from(slippage.0), whole)
}

/// `amount × (10_000 − slippage) / 10_000`, floored: the least that a trade must bring. Zero from the whole on.
#[must_use]
pub fn slippage_min(amount: u64, slippage: Bps) -> u64 {
    let whole = u64::from(Bps::WHOLE.0);
    mul_div(amount, whole.saturating_sub(u64::from(slippage.0)), whole)
}
