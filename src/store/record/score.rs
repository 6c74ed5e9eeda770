//! `momentum.score.v1`, `momentum.token.v1`: what Market measures and ranks.

use std::collections::BTreeMap;

use momentum_core::analysis::{self, Analysis, Breadth, Flag, HardFail, Metrics};
use momentum_core::config::{Config, Signals};
use momentum_core::event::{Known, Unknown};
use momentum_core::ids::{Mint, Wallet};
use momentum_core::ratio::Ratio;
use momentum_core::time::ChainTime;
use momentum_core::trader::signals::Level;
use momentum_core::units::{Bps, Lamports};

use super::decision::UnknownFact;
use super::shape::{Decimal, Sol};
use super::{object, record};

object! {
    /// Points of the five parts, which add up to the score.
    PartPoints {
        /// Velocity, buy ratio, spike.
        volume: Decimal<2>,
        /// How fast holders come, how much the largest hold, how many they are.
        holders: Decimal<2>,
        /// Progress and SOL in the curve.
        liquidity: Decimal<2>,
        /// Links and members.
        social: Decimal<2>,
        /// The safety score.
        safety: Decimal<2>,
    }
}

object! {
    /// The measurements of one token; those not known are named in `unknown`, with why.
    MetricsObject {
        /// Traded in the last 5 minutes, both sides, in lamports.
        volume_5m_lamports: Lamports,
        /// The same in SOL.
        volume_5m_sol: Sol,
        /// In the last 15 minutes.
        volume_15m_lamports: Lamports,
        /// In the last hour.
        volume_1h_lamports: Lamports,
        /// Velocity of volume, floored.
        velocity: Option<Decimal<3>>,
        /// Share of bought volume in 5 minutes.
        buy_ratio_bps: Option<Bps>,
        /// The last minute carries more than three fifths of the last five.
        spike: Option<bool>,
        /// Distinct buyers in 5 minutes.
        unique_buyers_5m: u32,
        /// Share of the 5-minute volume of wallets that bought and sold within 60 s.
        wash_share_bps: Option<Bps>,
        /// Share of supply bought in the creation slot by others than the creator.
        bundled_share_bps: Option<Bps>,
        /// Wallets that hold some.
        holders: Option<u32>,
        /// Net new holders per minute over 5 minutes.
        holder_velocity: Option<Decimal<3>>,
        /// Share of supply of the ten largest holders.
        top10_bps: Option<Bps>,
        /// Share of supply of the creator.
        creator_share_bps: Option<Bps>,
        /// Holders gained in the last hour.
        holder_growth_1h: Option<i64>,
        /// Share of the curve's tokens that is sold.
        progress_bps: Option<Bps>,
        /// What the curve (or pool) really holds, in lamports.
        real_lamports: Option<Lamports>,
        /// The same in SOL.
        real_sol: Option<Sol>,
        /// Cost of buying our size and selling it back.
        round_trip_bps: Option<Bps>,
        /// The curve is sold out.
        complete: bool,
        /// Links in the metadata.
        links: Option<u8>,
        /// Members of the Telegram group.
        members: Option<u32>,
        /// Seconds since the launch.
        age_seconds: Option<u64>,
        /// Who earns the creator fee.
        creator: Option<Wallet>,
        /// What is not known, and why.
        unknown: BTreeMap<String, Unknown>,
    }
}

object! {
    /// One input of a part.
    InputObject {
        /// Its name.
        name: String,
        /// Its value for people, with its unit.
        value: Option<String>,
        /// Why it has none.
        unknown: Option<Unknown>,
        /// Points that it brought; of a safety check, before the sixth is taken.
        points: Decimal<2>,
        /// The tier met, as the settings write it.
        tier: Option<String>,
        /// The next better tier.
        next: Option<String>,
        /// How far the value is from it.
        distance: Option<String>,
        /// Who told: stream, chain, metadata, telegram.
        source: Option<analysis::Source>,
        /// Seconds since it was learned.
        age_seconds: Option<u64>,
    }
}

object! {
    /// One part of the score, explained.
    PartObject {
        /// Its name.
        name: String,
        /// Points reached.
        points: Decimal<2>,
        /// Most that it can reach.
        max: Decimal<2>,
        /// What went into it.
        inputs: Vec<InputObject>,
    }
}

object! {
    /// Where the median score of all tracked tokens lies among its own of the window.
    BreadthObject {
        /// The median of the tokens' last scores.
        median: Decimal<2>,
        /// Share of the window's medians that are lower.
        below_bps: Bps,
        /// Share of the window's medians that are higher.
        above_bps: Bps,
    }
}

object! {
    /// The scores from which the levels are entered.
    Thresholds {
        /// Score from which it is a `buy`: more in a high market and less in a low one, where it follows the market.
        buy: Decimal<2>,
        /// What the settings say of it.
        buy_set: Decimal<2>,
        /// Score from which it is a `strong_buy`.
        strong_buy: Decimal<2>,
    }
}

record! {
    /// One evaluation of a token.
    ScoreRecord in "momentum.score.v1" as [] {
        /// The token.
        mint: Mint,
        /// Chain time that its windows were read at, seconds.
        at: ChainTime,
        /// The score, 0–100 points.
        score: Decimal<2>,
        /// No input was unknown.
        complete: bool,
        /// Points of its parts.
        parts: PartPoints,
        /// What costs safety points.
        flags: Vec<Flag>,
        /// A fact that forbids every entry and ends every position.
        hard_fail: Option<HardFail>,
        /// Facts that an entry needs and that are not known.
        missing: Vec<UnknownFact>,
        /// Rank among tracked tokens, from 1, where it is in the top list.
        rank: Option<u16>,
        /// The measurements.
        metrics: MetricsObject,
        /// Each part with its inputs, tiers and distances.
        explained: Option<Vec<PartObject>>,
        /// How the market as a whole scores, once it was seen for long enough.
        breadth: Option<BreadthObject>,
        /// What each level asks of the score now, where the score is explained.
        thresholds: Option<Thresholds>,
    }
}

impl ScoreRecord {
    /// `analysis`, explained by the settings that it was made under, where they are given.
    pub(super) fn of(analysis: &Analysis, config: Option<&Config>) -> Self {
        let score = &analysis.score;
        Self {
            mint: analysis.mint,
            at: analysis.at,
            score: score.total.into(),
            complete: score.complete,
            parts: PartPoints {
                volume: score.volume.into(),
                holders: score.holders.into(),
                liquidity: score.liquidity.into(),
                social: score.social.into(),
                safety: score.safety.into(),
            },
            flags: score.flags.clone(),
            hard_fail: analysis.hard_fail,
            missing: analysis.missing.iter().map(Into::into).collect(),
            rank: analysis.rank,
            metrics: MetricsObject::of(&analysis.metrics),
            explained: config
                .map(|config| analysis.explain(config).into_iter().map(PartObject::from).collect()),
            breadth: analysis.breadth.ok().map(Into::into),
            thresholds: config.map(|config| Thresholds::of(&config.signals, analysis.breadth)),
        }
    }
}

impl From<Breadth> for BreadthObject {
    fn from(Breadth { median, below, above }: Breadth) -> Self {
        Self { median: median.into(), below_bps: below, above_bps: above }
    }
}

impl Thresholds {
    fn of(keys: &Signals, breadth: Known<Breadth>) -> Self {
        Self {
            buy: Level::Buy.score(keys, breadth).into(),
            buy_set: keys.buy_score.into(),
            strong_buy: Level::StrongBuy.score(keys, breadth).into(),
        }
    }
}

impl MetricsObject {
    fn of(metrics: &Metrics) -> Self {
        let mut unknown = BTreeMap::new();
        let mut told = Told(&mut unknown);
        let real_lamports = told.value("real_lamports", &metrics.real_sol);
        Self {
            volume_5m_lamports: metrics.volume_5m,
            volume_5m_sol: metrics.volume_5m.into(),
            volume_15m_lamports: metrics.volume_15m,
            volume_1h_lamports: metrics.volume_1h,
            velocity: told
                .value("velocity", &metrics.velocity)
                .map(|velocity| Decimal(i128::from(velocity.thousandths().0))),
            buy_ratio_bps: told.share("buy_ratio_bps", &metrics.buy_ratio),
            spike: told.value("spike", &metrics.spike),
            unique_buyers_5m: metrics.unique_buyers_5m,
            wash_share_bps: told.share("wash_share_bps", &metrics.wash_share),
            bundled_share_bps: told.share("bundled_share_bps", &metrics.bundled_share),
            holders: told.value("holders", &metrics.holders),
            holder_velocity: told
                .value("holder_velocity", &metrics.holder_velocity)
                .map(|velocity| Decimal(i128::from(velocity.0))),
            top10_bps: told.share("top10_bps", &metrics.top10),
            creator_share_bps: told.share("creator_share_bps", &metrics.creator_share),
            holder_growth_1h: told.value("holder_growth_1h", &metrics.holder_growth_1h),
            progress_bps: told.value("progress_bps", &metrics.progress),
            real_lamports,
            real_sol: real_lamports.map(Into::into),
            round_trip_bps: told.value("round_trip_bps", &metrics.round_trip),
            complete: metrics.complete,
            links: told.value("links", &metrics.links),
            members: told.value("members", &metrics.members),
            age_seconds: told.value("age_seconds", &metrics.age_seconds),
            creator: told.value("creator", &metrics.creator),
            unknown,
        }
    }
}

/// Notes which measurements are not known.
struct Told<'a>(&'a mut BTreeMap<String, Unknown>);

impl Told<'_> {
    fn value<T: Copy>(&mut self, name: &str, known: &Known<T>) -> Option<T> {
        known.map_err(|why| self.0.insert(name.to_owned(), why)).ok()
    }

    fn share(&mut self, name: &str, known: &Known<Ratio>) -> Option<Bps> {
        self.value(name, known).map(Ratio::bps)
    }
}

impl From<analysis::Part> for PartObject {
    fn from(part: analysis::Part) -> Self {
        Self {
            name: part.name,
            points: part.points.into(),
            max: part.max.into(),
            inputs: part.inputs.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<analysis::Input> for InputObject {
    fn from(input: analysis::Input) -> Self {
        Self {
            name: input.name,
            unknown: input.value.as_ref().err().copied(),
            value: input.value.ok(),
            points: input.points.into(),
            tier: input.tier,
            next: input.next,
            distance: input.distance,
            source: input.source,
            age_seconds: input.age_seconds,
        }
    }
}

record! {
    /// A token entered the top ranks.
    EnteredTop in "momentum.token.v1" as ["entered_top"] {
        /// The token.
        mint: Mint,
        /// Its rank, from 1.
        rank: u16,
    }
}

record! {
    /// A token is no longer tracked.
    TokenDropped in "momentum.token.v1" as ["dropped"] {
        /// The token.
        mint: Mint,
    }
}
