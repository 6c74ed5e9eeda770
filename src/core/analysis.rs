//! What Market knows of one token, as Trader and people read it.

mod explain;
mod score;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use explain::{Input, Part};

use crate::event::{Known, MintFacts, Unknown};
use crate::ids::{Mint, Wallet};
use crate::ratio::Ratio;
use crate::time::{ChainTime, Timestamp};
use crate::units::{Bps, Lamports, Points, Thousandths};

/// One evaluation of a token: numbers only, since thousands are made each half minute and few are read. What
/// people read of it is made on demand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The token.
    pub mint: Mint,
    /// When it was evaluated.
    pub now: Timestamp,
    /// The chain time that its windows were read at.
    pub at: ChainTime,
    /// Its measurements.
    pub metrics: Metrics,
    /// Where and when that was learned.
    pub learned: Learned,
    /// Its score.
    pub score: Score,
    /// A fact that forbids every entry and ends every position.
    pub hard_fail: Option<HardFail>,
    /// Facts that an entry needs and that are not known, in the order of the list in the strategy.
    pub missing: Vec<(EntryFact, Unknown)>,
    /// Rank by score among tracked tokens, from 1, where it is in the top list.
    pub rank: Option<u16>,
    /// How the market as a whole scored when it was looked at last; unknown until a whole window was seen.
    pub breadth: Known<Breadth>,
}

/// Where the median score of all tracked tokens lies among its own of the window (a day, as shipped).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breadth {
    /// The median of the tokens' last scores.
    pub median: Points,
    /// Share of the window's medians that are lower, floored.
    pub below: Bps,
    /// Share of the window's medians that are higher, floored.
    pub above: Bps,
}

/// The measurements of one token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Lamports traded in the last 5 minutes, both sides.
    pub volume_5m: Lamports,
    /// In the last 15 minutes.
    pub volume_15m: Lamports,
    /// In the last hour.
    pub volume_1h: Lamports,
    /// (volume_5m − mean) / mean, with mean = volume over the span of observation × 5 min / span.
    pub velocity: Known<Ratio>,
    /// Share of bought volume in 5 minutes.
    pub buy_ratio: Known<Ratio>,
    /// The last minute carries more than three fifths of the last five.
    pub spike: Known<bool>,
    /// Distinct buyers in 5 minutes.
    pub unique_buyers_5m: u32,
    /// Share of the 5-minute volume of wallets that bought and sold within 60 s.
    pub wash_share: Known<Ratio>,
    /// Share of supply bought in the creation slot by others than the creator.
    pub bundled_share: Known<Ratio>,
    /// Wallets that hold some.
    pub holders: Known<u32>,
    /// Net new holders per minute over 5 minutes.
    pub holder_velocity: Known<Thousandths>,
    /// Share of supply of the ten largest holders.
    pub top10: Known<Ratio>,
    /// Share of supply of the creator.
    pub creator_share: Known<Ratio>,
    /// Holders gained in the last hour.
    pub holder_growth_1h: Known<i64>,
    /// Share of the curve's tokens that is sold.
    pub progress: Known<Bps>,
    /// Lamports that the curve (or pool) really holds.
    pub real_sol: Known<Lamports>,
    /// Cost of buying our size and selling it back, in basis points of what was spent.
    pub round_trip: Known<Bps>,
    /// The curve is sold out.
    pub complete: bool,
    /// Links in the metadata.
    pub links: Known<u8>,
    /// Members of the Telegram group.
    pub members: Known<u32>,
    /// Seconds since the launch.
    pub age_seconds: Known<u64>,
    /// Who earns the creator fee.
    pub creator: Known<Wallet>,
    /// Authorities and extensions of the mint.
    pub mint: Known<MintFacts>,
}

/// Where the measurements come from and when they were learned, by the receiving clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// The last trade.
    pub traded: Option<Timestamp>,
    /// Authorities: from the create event or the mint account.
    pub mint: Option<(Source, Timestamp)>,
    /// Shares of holders: from trades or the largest accounts.
    pub holders: Option<(Source, Timestamp)>,
    /// Links.
    pub links: Option<Timestamp>,
    /// Members.
    pub members: Option<Timestamp>,
}

/// Who told a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The stream of events.
    Stream,
    /// A reading of accounts.
    Chain,
    /// The metadata JSON.
    Metadata,
    /// The Telegram group.
    Telegram,
}

/// A score with its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The sum of the parts, 0–100 points.
    pub total: Points,
    /// No input was unknown.
    pub complete: bool,
    /// Velocity, buy ratio, spike.
    pub volume: Points,
    /// Holders: how fast they come, how much the largest hold, how many they are.
    pub holders: Points,
    /// Progress and SOL in the curve.
    pub liquidity: Points,
    /// Links and members.
    pub social: Points,
    /// The safety score, 0–10 points.
    pub safety: Points,
    /// What costs safety points.
    pub flags: Vec<Flag>,
}

/// Facts without which nothing is entered, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryFact {
    /// Reserves of the curve.
    Reserves,
    /// Progress along it.
    Progress,
    /// Velocity of volume.
    Velocity,
    /// Share of bought volume.
    BuyRatio,
    /// Mint and freeze authorities, extensions.
    Mint,
    /// Who the creator is and what they sold.
    Creator,
    /// Share of the ten largest holders.
    Top10,
    /// Share of the creator.
    CreatorShare,
}

/// What takes ten safety points each and forbids nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// More than 40 % of the volume is wallets trading with themselves.
    WashTrading,
    /// More than 20 % of supply went to others in the creation slot.
    BundledLaunch,
}

/// What forbids every entry and ends every position: a fact, never an absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HardFail {
    /// A Token-2022 extension other than MetadataPointer and TokenMetadata, or bytes that did not decode.
    ForeignExtension,
    /// Somebody can make more tokens.
    MintAuthority,
    /// Somebody can freeze holdings.
    FreezeAuthority,
    /// The operator listed the mint.
    BlacklistedMint,
    /// The operator listed a creator.
    BlacklistedCreator,
    /// A creator sold more than half of the most they held.
    CreatorSold,
    /// A creator with two recorded rugs or more.
    KnownRugger,
}

impl EntryFact {
    /// Its name in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reserves => "reserves",
            Self::Progress => "progress",
            Self::Velocity => "velocity",
            Self::BuyRatio => "buy_ratio",
            Self::Mint => "mint",
            Self::Creator => "creator",
            Self::Top10 => "top10",
            Self::CreatorShare => "creator_share",
        }
    }
}

impl HardFail {
    /// Its name in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ForeignExtension => "foreign_extension",
            Self::MintAuthority => "mint_authority",
            Self::FreezeAuthority => "freeze_authority",
            Self::BlacklistedMint => "blacklisted_mint",
            Self::BlacklistedCreator => "blacklisted_creator",
            Self::CreatorSold => "creator_sold",
            Self::KnownRugger => "known_rugger",
        }
    }
}
