//! How coins behave: tempers, moods, and the integer tables that drive both.
//!
//! A coin is born with a [`Temper`] and passes through [`Mood`]s, each a Poisson stream of trades with its own
//! rate and its own balance of buyers and sellers, until it fades. The figures are set by hand, to two ends that
//! `examples/market_figures.rs` measures:
//!
//! * the market as a whole agrees with what is publicly known of pump.fun: launches, trades and graduations a
//!   day, most coins dead after a handful of trades;
//! * prices near the end of a curve are about fair. From 80 % of a curve a coin can still rise 2.5 times; if one
//!   that fails falls to a fifth, a fair game lets a third of those that come so far come to the end, and the
//!   mean price twenty minutes later is about today's. Whoever buys there pays his fees for nothing, on the
//!   average, unless he can tell coins apart.
//!
//! None is set to what some strategy earns.

use serde::{Deserialize, Serialize};

/// What is going on with a coin at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Mood {
    /// The minutes after the launch.
    Hype,
    /// Buyers come faster than sellers.
    Push,
    /// Neither side has it.
    Drift,
    /// Profits are taken.
    Pullback,
    /// Next to nothing happens.
    Stall,
    /// Everybody wants out, at once.
    Dump,
    /// Everybody wants out, one after the other.
    Bleed,
    /// The end: trades come ever more slowly and then no more.
    Fade,
}

/// A mood's figures.
pub(super) struct Tone {
    /// Mean time between two trades, in microseconds, at a pace of 100 %.
    pub(super) gap_us: u64,
    /// Share of the trades that are buys, in basis points.
    pub(super) buys_bps: i64,
    /// Mean length in seconds.
    pub(super) length_s: u64,
}

impl Mood {
    /// Those that follow others by chance; `Bleed` is what `Fade` is for a coin that stands high.
    const ALL: [Self; 7] =
        [Self::Hype, Self::Push, Self::Drift, Self::Pullback, Self::Stall, Self::Dump, Self::Fade];

    /// Its figures.
    pub(super) const fn tone(self) -> Tone {
        let (gap_ms, buys_bps, length_s) = match self {
            Self::Hype => (1_000, 6_600, 80),
            Self::Push => (600, 6_400, 180),
            Self::Drift => (4_200, 5_250, 280),
            Self::Pullback => (1_600, 3_700, 60),
            Self::Stall => (20_000, 5_000, 900),
            Self::Dump => (700, 1_200, 30),
            Self::Bleed => (2_500, 2_400, 240),
            Self::Fade => (6_000, 4_000, 86_400),
        };
        Tone { gap_us: gap_ms * 1_000, buys_bps, length_s }
    }
}

/// What a coin was born as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Temper {
    /// Nobody cares.
    Dud,
    /// A minute of machines and hope.
    Flash,
    /// Finds some holders, comes some way.
    Middling,
    /// Comes in waves over many minutes, sometimes to the end of the curve.
    Climber,
    /// Straight up, to the end of the curve or back down.
    Rocket,
    /// A coin after its graduation.
    Graduate,
}

/// A temper's figures.
pub(super) struct Character {
    /// The mood that it begins in.
    pub(super) opening: Mood,
    /// Its own pace: factor on every gap, in percent, least and most.
    pub(super) slowness: (u64, u64),
    /// By how much each gap grows while it fades, in percent.
    pub(super) fading: u64,
    /// Weights of the mood that follows each mood (rows and columns in the order of [`Mood`]).
    follows: [[u16; 7]; 6],
    /// Of how many trades one ends a push that has reached the end of the curve; lower down it is rarer, by the
    /// square of the height, as there is less to take.
    pub(super) surprise_one_in: u64,
    /// Chances in basis points that a launch of this temper has a link of each kind.
    pub(super) links_bps: [u64; 3],
    /// Chance in basis points that the creator buys for several wallets in the creation slot.
    pub(super) bundled_bps: u64,
    /// Chance in basis points that wallets of the creator trade with themselves.
    pub(super) washed_bps: u64,
    /// Machines that buy in the first slots, at most.
    pub(super) snipers: u64,
}

/// Of 10,000 launches, how many are born with each temper (in the order of [`Temper`]).
const SHARES: [u16; 5] = [7_230, 1_640, 750, 205, 175];

impl Temper {
    /// The temper that `index` of [`Self::shares`] means.
    pub(super) const fn nth(index: usize) -> Self {
        match index {
            0 => Self::Dud,
            1 => Self::Flash,
            2 => Self::Middling,
            3 => Self::Climber,
            _ => Self::Rocket,
        }
    }

    /// Weights of the tempers of a launch.
    pub(super) const fn shares() -> &'static [u16] {
        &SHARES
    }

    /// Its figures.
    pub(super) const fn character(self) -> &'static Character {
        match self {
            Self::Dud => &DUD,
            Self::Flash => &FLASH,
            Self::Middling => &MIDDLING,
            Self::Climber => &CLIMBER,
            Self::Rocket => &ROCKET,
            Self::Graduate => &GRADUATE,
        }
    }
}

impl Character {
    /// Weights of what follows `mood`, and the moods that they are for.
    pub(super) const fn after(&self, mood: Mood) -> (&[u16; 7], &'static [Mood; 7]) {
        const END: [u16; 7] = [0, 0, 0, 0, 0, 0, 1];
        let row = match mood {
            Mood::Hype => &self.follows[0],
            Mood::Push => &self.follows[1],
            Mood::Drift => &self.follows[2],
            Mood::Pullback => &self.follows[3],
            Mood::Stall => &self.follows[4],
            Mood::Dump => &self.follows[5],
            Mood::Bleed | Mood::Fade => &END,
        };
        (row, &Mood::ALL)
    }
}

const DUD: Character = Character {
    opening: Mood::Fade,
    slowness: (150, 900),
    fading: 180,
    follows: [[0, 0, 0, 0, 0, 0, 1]; 6],
    surprise_one_in: 200,
    links_bps: [2_200, 4_500, 1_500],
    bundled_bps: 200,
    washed_bps: 0,
    snipers: 2,
};

const FLASH: Character = Character {
    opening: Mood::Hype,
    slowness: (120, 380),
    fading: 114,
    //        Hype Push Drift Pull Stall Dump Fade
    follows: [
        [0, 3, 12, 10, 0, 40, 35],
        [0, 0, 20, 20, 0, 40, 20],
        [0, 6, 0, 14, 5, 25, 50],
        [0, 5, 15, 0, 0, 20, 60],
        [0, 5, 5, 0, 0, 0, 90],
        [0, 2, 8, 0, 0, 0, 90],
    ],
    surprise_one_in: 200,
    links_bps: [4_000, 6_500, 2_500],
    bundled_bps: 1_500,
    washed_bps: 300,
    snipers: 8,
};

const MIDDLING: Character = Character {
    opening: Mood::Hype,
    slowness: (160, 440),
    fading: 112,
    follows: [
        [0, 15, 45, 25, 5, 10, 0],
        [0, 10, 35, 35, 0, 15, 5],
        [0, 20, 0, 25, 25, 10, 20],
        [0, 15, 45, 0, 15, 5, 20],
        [0, 10, 25, 5, 0, 0, 60],
        [0, 5, 25, 0, 20, 0, 50],
    ],
    surprise_one_in: 200,
    links_bps: [6_000, 8_000, 4_500],
    bundled_bps: 1_200,
    washed_bps: 600,
    snipers: 10,
};

const CLIMBER: Character = Character {
    opening: Mood::Hype,
    slowness: (60, 170),
    fading: 112,
    follows: [
        [0, 20, 50, 25, 5, 0, 0],
        [0, 16, 33, 34, 13, 4, 0],
        [0, 48, 0, 20, 22, 3, 7],
        [0, 42, 40, 0, 6, 4, 8],
        [0, 35, 35, 0, 0, 0, 30],
        [0, 12, 30, 0, 18, 0, 40],
    ],
    surprise_one_in: 200,
    links_bps: [8_000, 9_200, 7_000],
    bundled_bps: 1_000,
    washed_bps: 500,
    snipers: 12,
};

const ROCKET: Character = Character {
    opening: Mood::Push,
    slowness: (25, 70),
    fading: 108,
    follows: [
        [0, 70, 10, 15, 0, 5, 0],
        [0, 55, 10, 20, 0, 15, 0],
        [0, 50, 0, 20, 0, 15, 15],
        [0, 50, 25, 0, 0, 15, 10],
        [0, 40, 20, 0, 0, 0, 40],
        [0, 10, 25, 0, 15, 0, 50],
    ],
    surprise_one_in: 600,
    links_bps: [7_500, 9_000, 6_000],
    bundled_bps: 3_500,
    washed_bps: 300,
    snipers: 16,
};

const GRADUATE: Character = Character {
    opening: Mood::Dump,
    slowness: (70, 220),
    fading: 109,
    follows: [
        [0, 20, 30, 20, 0, 30, 0],
        [0, 10, 30, 40, 0, 20, 0],
        [0, 15, 0, 25, 10, 20, 30],
        [0, 15, 40, 0, 5, 10, 30],
        [0, 5, 15, 0, 0, 0, 80],
        [0, 20, 35, 0, 10, 0, 35],
    ],
    surprise_one_in: 200,
    links_bps: [0; 3],
    bundled_bps: 0,
    washed_bps: 0,
    snipers: 0,
};

/// Buys and sales in lamports, by equally spaced quantiles: many small ones, some whole SOL.
pub(super) const TRADE_LAMPORTS: [u64; 17] = [
    1_000_000,
    3_000_000,
    6_000_000,
    10_000_000,
    15_000_000,
    20_000_000,
    30_000_000,
    50_000_000,
    70_000_000,
    100_000_000,
    150_000_000,
    200_000_000,
    300_000_000,
    500_000_000,
    800_000_000,
    1_400_000_000,
    3_000_000_000,
];

/// What a creator buys of his own coin, in lamports (when he buys at all): 3 SOL are 9 % of the supply.
pub(super) const CREATOR_LAMPORTS: [u64; 9] = [
    10_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    1_500_000_000,
    2_000_000_000,
    3_300_000_000,
];

/// What one wallet of a bundle buys, in lamports.
pub(super) const BUNDLE_LAMPORTS: [u64; 5] =
    [100_000_000, 250_000_000, 500_000_000, 900_000_000, 1_600_000_000];

/// What a machine buys of a launch, in lamports.
pub(super) const SNIPE_LAMPORTS: [u64; 5] = [20_000_000, 50_000_000, 100_000_000, 250_000_000, 700_000_000];

/// Members of a Telegram group.
pub(super) const MEMBERS: [u64; 9] = [3, 12, 30, 60, 110, 220, 450, 1_000, 6_000];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coin_that_has_begun_to_fade_goes_on_fading() {
        for temper in (0..5).map(Temper::nth).chain([Temper::Graduate]) {
            let (weights, moods) = temper.character().after(Mood::Fade);
            assert_eq!(
                weights.iter().position(|weight| *weight > 0),
                moods.iter().position(|mood| *mood == Mood::Fade)
            );
            assert!(temper.character().fading > 100);
        }
    }

    #[test]
    fn from_every_mood_the_end_can_be_reached() {
        for temper in (0..5).map(Temper::nth).chain([Temper::Graduate]) {
            for mood in Mood::ALL.into_iter().chain([Mood::Bleed]) {
                let (mut reached, character) = (vec![mood], temper.character());
                for _ in 0..Mood::ALL.len() {
                    for from in reached.clone() {
                        let (weights, moods) = character.after(from);
                        let next = moods.iter().zip(weights).filter(|(_, weight)| **weight > 0);
                        reached.extend(next.map(|(mood, _)| *mood));
                    }
                    reached.sort_unstable_by_key(|mood| *mood as u8);
                    reached.dedup();
                }
                assert!(reached.contains(&Mood::Fade), "{temper:?} from {mood:?}");
            }
        }
    }

    #[test]
    fn of_ten_thousand_launches_each_has_one_temper() {
        assert_eq!(Temper::shares().iter().map(|share| u32::from(*share)).sum::<u32>(), 10_000);
    }
}
