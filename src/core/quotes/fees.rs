//! Fee rates and schedules.

use serde::{Deserialize, Serialize};

use crate::units::Bps;

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
    /// SOL quotes, by market cap.
    pub tiers: Vec<FeeTier>,
    /// Stable quotes, by market cap.
    pub stable_tiers: Vec<FeeTier>,
    /// Other quotes; all zero means `flat`.
    pub exotic: Rates,
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

/// `amount × rate / 10_000`, rounded up: what the programs charge.
#[must_use]
pub fn ceil_bps(_amount: u64, _rate: Bps) -> u64 {
    unimplemented!()
}
/// `amount × (10_000 + slippage) / 10_000`, floored.
#[must_use]
pub fn slippage_max(_amount: u64, _slippage: Bps) -> u64 {
    unimplemented!()
}
/// `amount × (10_000 − slippage) / 10_000`, floored.
#[must_use]
pub fn slippage_min(_amount: u64, _slippage: Bps) -> u64 {
    unimplemented!()
}
