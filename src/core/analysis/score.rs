//! The score: one list of inputs and tiers, judged once for the sum and again for people who ask why.

use std::time::Duration;

use super::explain::Measured;
use super::{Flag, Metrics, Score};
use crate::config::{Condition, Config, Setting, Tier};
use crate::event::{Known, Unknown};
use crate::units::Points;

/// A part of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartName {
    Volume,
    Holders,
    Liquidity,
    Social,
    Safety,
}

/// What an input is learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Trades,
    Mint,
    Holders,
    Links,
    Members,
}

/// Who is told each input with its tiers, in the order of the parts.
pub(super) trait Judge {
    fn input<V: Measured<T>, T: Setting>(
        &mut self,
        part: PartName,
        name: &'static str,
        value: Known<V>,
        tiers: &[Tier<T>],
        origin: Origin,
    );
}

/// The number of safety checks: the safety score is their sum, less flags, through this.
const CHECKS: u32 = 6;

/// Tells `judge` every input of the score (strategy.md §2, safety: §1).
pub(super) fn judge(metrics: &Metrics, config: &Config, judge: &mut impl Judge) {
    use PartName::{Holders, Liquidity, Safety, Social, Volume};
    let (keys, safety) = (&config.score, &config.safety);

    judge.input(Volume, "velocity", metrics.velocity, &keys.velocity, Origin::Trades);
    judge.input(Volume, "buy_ratio", metrics.buy_ratio, &keys.buy_ratio, Origin::Trades);
    let spiked = [Tier { condition: Condition::AtLeast(true), points: keys.spike_points }];
    judge.input(Volume, "spike", metrics.spike, &spiked, Origin::Trades);

    judge.input(Holders, "holder_velocity", metrics.holder_velocity, &keys.holder_velocity, Origin::Trades);
    judge.input(Holders, "top10", metrics.top10, &keys.top10, Origin::Holders);
    judge.input(Holders, "holders", metrics.holders, &keys.holders, Origin::Trades);

    judge.input(Liquidity, "progress", metrics.progress, &keys.progress, Origin::Trades);
    judge.input(Liquidity, "real_sol", metrics.real_sol, &keys.real_sol, Origin::Trades);

    judge.input(Social, "links", metrics.links.map(u32::from), &keys.links, Origin::Links);
    judge.input(Social, "members", metrics.members, &keys.members, Origin::Members);

    let passed = safety.check_points;
    let check = [Tier { condition: Condition::AtLeast(true), points: passed }];
    let revoked = metrics.mint.map(|mint| !mint.mint_authority);
    judge.input(Safety, "mint_authority_revoked", revoked, &check, Origin::Mint);
    let revoked = metrics.mint.map(|mint| !mint.freeze_authority);
    judge.input(Safety, "freeze_authority_revoked", revoked, &check, Origin::Mint);
    let top10 = [Tier { condition: Condition::AtMost(safety.top10_max), points: passed }];
    judge.input(Safety, "top10", metrics.top10, &top10, Origin::Holders);
    let creator = [Tier { condition: Condition::AtMost(safety.creator_max), points: passed }];
    judge.input(Safety, "creator_share", metrics.creator_share, &creator, Origin::Holders);
    let links = [Tier { condition: Condition::AtLeast(u32::from(safety.links_min)), points: passed }];
    judge.input(Safety, "links", metrics.links.map(u32::from), &links, Origin::Links);
    let age = metrics.age_seconds.map(Duration::from_secs);
    judge.input(Safety, "age", age, &safety.age, Origin::Trades);
}

/// Sums the points.
struct Tally {
    complete: bool,
    parts: [u32; 5],
}

impl Judge for Tally {
    fn input<V: Measured<T>, T: Setting>(
        &mut self,
        part: PartName,
        _: &'static str,
        value: Known<V>,
        tiers: &[Tier<T>],
        _: Origin,
    ) {
        match value {
            Ok(value) => {
                let points = Tier::met(tiers, &value).map_or(0, |tier| tier.points.0);
                self.parts[part as usize] += u32::from(points);
            }
            // Nobody is there who could tell: it brings nothing, and the score is as whole as it can be.
            Err(Unknown::NotConfigured) => {}
            Err(_) => self.complete = false,
        }
    }
}

/// Points out of the sum of the safety checks: less the flags, a sixth, floored.
pub(super) fn safety_points(checks: u32, flags: usize, config: &Config) -> Points {
    let taken = u32::from(config.safety.flag_points.0) * u32::try_from(flags).unwrap_or(u32::MAX);
    points(checks.saturating_sub(taken) / CHECKS)
}

fn points(hundredths: u32) -> Points {
    Points(u16::try_from(hundredths).unwrap_or(u16::MAX))
}

impl Score {
    /// Scores measurements. An input that is unknown brings nothing and makes the score incomplete; one whose
    /// source is not configured brings nothing.
    #[must_use]
    pub fn of(metrics: &Metrics, config: &Config) -> Self {
        let mut tally = Tally { complete: true, parts: [0; 5] };
        judge(metrics, config, &mut tally);
        let flags = metrics.flags(config);
        let [volume, holders, liquidity, social, checks] = tally.parts;
        let safety = safety_points(checks, flags.len(), config);
        Self {
            total: points(volume + holders + liquidity + social + u32::from(safety.0)),
            complete: tally.complete,
            volume: points(volume),
            holders: points(holders),
            liquidity: points(liquidity),
            social: points(social),
            safety,
            flags,
        }
    }
}

impl Metrics {
    /// What is known to be suspicious; what is unknown flags nothing.
    #[must_use]
    pub fn flags(&self, config: &Config) -> Vec<Flag> {
        let mut flags = Vec::new();
        if self.wash_share.is_ok_and(|share| share > config.safety.wash_max) {
            flags.push(Flag::WashTrading);
        }
        if self.bundled_share.is_ok_and(|share| share > config.safety.bundled_max) {
            flags.push(Flag::BundledLaunch);
        }
        flags
    }
}
