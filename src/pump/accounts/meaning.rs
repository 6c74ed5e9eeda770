//! What accounts mean in the words of the core.

use momentum_core::event::{CurveFacts, MintFacts, Quote};
use momentum_core::ids::Wallet;
use momentum_core::quotes::{Curve, FeeSchedule, FeeTier, Pool as Reserves, Rates};

use super::{BondingCurve, FeeConfig, Pool};
use crate::decode::{PoolMints, amount, quote_of, rate};
use crate::layout::{FeeBps, FeeTiers, Malformed};

/// A mint account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MintAccount {
    /// What matters to the safety of a token.
    pub facts: MintFacts,
    /// Digits behind the point.
    pub decimals: u8,
}

impl BondingCurve<'_> {
    /// The curve as the core knows it.
    ///
    /// # Errors
    /// Where an amount or a rate is implausible.
    pub fn facts(&self) -> Result<CurveFacts, Malformed> {
        Ok(CurveFacts {
            curve: Curve {
                virtual_quote: amount(self.virtual_quote_reserves)?,
                virtual_token: amount(self.virtual_token_reserves)?,
                real_quote: amount(self.real_quote_reserves)?,
                real_token: amount(self.real_token_reserves)?,
            },
            complete: self.complete,
            creator: Wallet(self.creator.unwrap_or_default()),
            quote: quote_of(self.quote_mint),
            mayhem: self.is_mayhem_mode.unwrap_or(false),
            creator_rate: self.creator_fee_bps.map(rate).transpose()?.filter(|rate| rate.0 > 0),
        })
    }
}

impl Pool<'_> {
    /// Its two sides.
    #[must_use]
    pub const fn mints(&self) -> PoolMints {
        PoolMints { base: self.base_mint, quote: self.quote_mint }
    }

    /// Its reserves, given what its two vaults hold: a pool's account does not repeat that.
    ///
    /// # Errors
    /// Where an amount is implausible.
    pub fn reserves(&self, base_vault: u64, quote_vault: u64) -> Result<Reserves, Malformed> {
        let virtual_quote = self.virtual_quote_reserves.unwrap_or(0);
        i64::try_from(virtual_quote).map_err(|_| Malformed::Implausible)?;
        Ok(Reserves { base: amount(base_vault)?, quote_vault: amount(quote_vault)?, virtual_quote })
    }

    /// What it is priced in.
    #[must_use]
    pub fn quote(&self) -> Quote {
        quote_of(Some(self.quote_mint))
    }
}

impl FeeConfig<'_> {
    /// The schedule as the core knows it.
    ///
    /// # Errors
    /// Where a rate is implausible.
    pub fn schedule(&self) -> Result<FeeSchedule, Malformed> {
        Ok(FeeSchedule {
            flat: rates(self.flat_fees)?,
            tiers: tiers(self.fee_tiers)?,
            stable_tiers: tiers(self.stable_fee_tiers.unwrap_or_default())?,
            exotic: rates(self.exotic_flat_fees.unwrap_or_default())?,
        })
    }
}

fn rates(fees: FeeBps) -> Result<Rates, Malformed> {
    Ok(Rates {
        lp: rate(fees.lp_fee_bps)?,
        protocol: rate(fees.protocol_fee_bps)?,
        creator: rate(fees.creator_fee_bps)?,
    })
}

fn tiers(tiers: FeeTiers<'_>) -> Result<Vec<FeeTier>, Malformed> {
    let mut schedule = Vec::with_capacity(tiers.len());
    for tier in tiers.iter() {
        schedule.push(FeeTier { threshold: tier.market_cap_lamports_threshold, rates: rates(tier.fees)? });
    }
    Ok(schedule)
}
