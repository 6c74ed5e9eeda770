//! The sections that Market reads: what it checks, how it scores, when it asks. All are of effect `analysis`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Tiers, checks};
use crate::units::{Bps, Lamports, Points, Thousandths};
use crate::{section, words};

/// What must agree before the holders of a token count as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HoldersCheck {
    /// Balances followed from creation do; the chain is asked where they are not whole.
    Prefer,
    /// A fresh reading of the chain.
    Require,
}

words!(HoldersCheck { "prefer" => Prefer, "require" => Require });

section!(
    /// `[safety]`: the six checks, the flags and the hard fails.
    Safety in "safety" {
        /// Points of each of the six checks; the safety score is a sixth of their sum.
        check_points: Points = now analysis no ["0", "10"];
        /// Points that each flag takes.
        flag_points: Points = now analysis no ["0", "60"];
        /// Share of supply that the ten largest holders may hold for the check to pass.
        top10_max: Bps = now analysis up ["0 %", "100 %"];
        /// Share of supply that the creator may hold for the check to pass.
        creator_max: Bps = now analysis up ["0 %", "100 %"];
        /// Social links that the check asks for.
        links_min: u8 = now analysis down ["0", "3"];
        /// Points of the check of age.
        age: Tiers<Duration> = now analysis no;
        /// Share of the 5-minute volume by wallets that trade with themselves above which `wash_trading` is flagged.
        wash_max: Bps = now analysis up ["0 %", "100 %"];
        /// Time within which a wallet's buy and sale count as trading with itself.
        wash_within: Duration = now analysis no ["1 s", "5 min"];
        /// Share of supply bought by others in the creation slot above which `bundled_launch` is flagged.
        bundled_max: Bps = now analysis up ["0 %", "100 %"];
        /// Share of the most that a creator held which they may sell; more is a hard fail.
        creator_sold_max: Bps = now analysis up ["0 %", "100 %"];
        /// Recorded rugs of a creator from which every token of theirs is a hard fail.
        rugs: u32 = now analysis up ["1", "100"];
        /// Fall of the price above which it was a rug, once the creator sold.
        rug_fall: Bps = now analysis up ["10 %", "100 %"];
        /// Time within which the price must fall for it to be a rug.
        rug_within: Duration = now analysis down ["1 min", "1 h"];
        /// `prefer`: balances followed from creation are enough; `require`: the chain must have been read.
        holders_check: HoldersCheck = now analysis any;
        /// Age from which a reading of the largest holders no longer counts.
        holders_fresh: Duration = now analysis up ["1 s", "1 h"];
    }
);

section!(
    /// `[score]`: when a token is scored, and the tiers.
    ScoreKeys in "score" checked by checks::score {
        /// Time between two evaluations of a token, from its first event on.
        every: Duration = now analysis no ["1 s", "10 min"];
        /// Time since its last trade for which a token is evaluated.
        active: Duration = now analysis no ["5 min", "1 h"];
        /// Time without a trade after which a token is dropped.
        forget: Duration = now analysis no ["5 min", "24 h"];
        /// Points for velocity of volume.
        velocity: Tiers<Thousandths> = now analysis no;
        /// Points for the share of bought volume.
        buy_ratio: Tiers<Bps> = now analysis no;
        /// Share of the 5-minute volume in the last minute above which it is a spike.
        spike_share: Bps = now analysis no ["20 %", "100 %"];
        /// Points for a spike.
        spike_points: Points = now analysis no ["0", "100"];
        /// Points for new holders a minute.
        holder_velocity: Tiers<Thousandths> = now analysis no;
        /// Points for the share of supply of the ten largest holders.
        top10: Tiers<Bps> = now analysis no;
        /// Points for the number of holders.
        holders: Tiers<u32> = now analysis no;
        /// Points for progress along the curve; crossing a tier evaluates at once.
        progress: Tiers<Bps> = now analysis no;
        /// Points for SOL in the curve.
        real_sol: Tiers<Lamports> = now analysis no;
        /// Points for social links.
        links: Tiers<u32> = now analysis no;
        /// Points for members of the Telegram group.
        members: Tiers<u32> = now analysis no;
        /// Size that the cost of a round trip is measured with.
        round_trip_size: Lamports = now analysis no ["0.001 SOL", "1000 SOL"];
        /// Length of the ranking.
        ranking: u16 = now analysis no ["1", "100"];
        /// Rank from which a token counts as at the top.
        top: u16 = now analysis no ["1", "100"];
        /// One-minute bars that the average true range goes back.
        atr_bars: u32 = now analysis no ["2", "60"];
        /// Bars with a trade in them without which there is no average true range.
        atr_traded_min: u32 = now analysis no ["1", "60"];
    }
);

section!(
    /// `[enrich]`, the part that decides what is asked about a token and when.
    Questions in "enrich" checked by checks::questions {
        /// Score above which the largest holders are compared with the chain.
        check_above: Points = now analysis no ["0", "100"];
        /// Time between two such comparisons.
        check_every: Duration = now analysis no ["1 s", "1 h"];
        /// Score from which they are compared more often.
        check_close_from: Points = now analysis no ["0", "100"];
        /// Time between two such comparisons.
        check_close_every: Duration = now analysis no ["1 s", "1 h"];
        /// Score from which social links and members are asked for.
        social_from: Points = now analysis no ["0", "100"];
        /// Progress from which the coming pool of a token is followed.
        follow_from: Bps = now analysis no ["0 %", "100 %"];
        /// Pause before an unanswered question is asked again; doubles each time.
        retry: Duration = now analysis no ["1 s", "1 h"];
        /// Longest such pause.
        retry_max: Duration = now analysis no ["1 s", "24 h"];
    }
);
