//! Random numbers that stay the same: xoshiro256++ seeded by splitmix64, both by David Blackman and
//! Sebastiano Vigna (public domain, prng.di.unimi.it). Own code on purpose: a crate's upgrade must never
//! change a stream that a seed names. Integers only; distributions are integer tables.

use serde::{Deserialize, Serialize};

/// One step of splitmix64 as a hash: every bit of `value` moves every bit of the result.
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A stream of random numbers: xoshiro256++.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rng {
    state: [u64; 4],
}

/// −ln of 1/2 + i/128 in units of 2⁻¹⁶, for i from 0 to 64: the steps between which [`Rng::exponential`]
/// interpolates. The first is ln 2.
const MINUS_LN: [u64; 65] = [
    45426, 44410, 43409, 42424, 41453, 40496, 39553, 38624, 37707, 36803, 35911, 35032, 34164, 33307, 32461,
    31627, 30802, 29988, 29184, 28390, 27605, 26829, 26063, 25305, 24556, 23815, 23083, 22359, 21643, 20934,
    20233, 19540, 18854, 18174, 17502, 16837, 16178, 15526, 14880, 14241, 13608, 12981, 12360, 11744, 11135,
    10530, 9932, 9339, 8751, 8169, 7591, 7019, 6451, 5889, 5331, 4778, 4230, 3686, 3146, 2611, 2081, 1554,
    1032, 514, 0,
];

impl Rng {
    /// The stream that `seed` and `stream` name; streams of one seed are unrelated.
    #[must_use]
    pub const fn new(seed: u64, stream: u64) -> Self {
        let base = seed ^ mix(stream);
        let step = 0x9e37_79b9_7f4a_7c15_u64;
        let (b, c) = (base.wrapping_add(step), base.wrapping_add(step.wrapping_mul(2)));
        Self { state: [mix(base), mix(b), mix(c), mix(base.wrapping_add(step.wrapping_mul(3)))] }
    }

    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// A number from 0 to `bound` − 1; 0 for a bound of 0. The bias of the multiplication is below
    /// bound / 2⁶⁴.
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `bps` of 10,000 cases.
    pub fn chance(&mut self, bps: u64) -> bool {
        self.below(10_000) < bps
    }

    /// An index into something of this length; 0 where it is empty.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// An index drawn by weight; the last one where all weights are 0.
    pub fn weighted(&mut self, weights: &[u16]) -> usize {
        let mut left = self.below(weights.iter().map(|weight| u64::from(*weight)).sum());
        for (index, weight) in weights.iter().enumerate() {
            let weight = u64::from(*weight);
            if left < weight {
                return index;
            }
            left -= weight;
        }
        weights.len().saturating_sub(1)
    }

    /// A waiting time with this mean and no memory (exponential), floored. With u uniform in (0, 1) it is
    /// −ln u × mean; the leading zeros of the 64 bits are whole halvings of u, the rest is interpolated.
    pub fn exponential(&mut self, mean: u64) -> u64 {
        let bits = self.next() | 1;
        let halvings = u64::from(bits.leading_zeros());
        // 63 bits behind the leading one: 6 choose the step, the next 16 the place inside it.
        let rest = (bits << halvings) << 1;
        let step = usize::try_from(rest >> 58).unwrap_or(0);
        let inside = (rest << 6) >> 48;
        let (upper, lower) = (MINUS_LN[step], MINUS_LN[step + 1]);
        let minus_ln = halvings * MINUS_LN[0] + upper - (((upper - lower) * inside) >> 16);
        u64::try_from((u128::from(mean) * u128::from(minus_ln)) >> 16).unwrap_or(u64::MAX)
    }

    /// A draw from a distribution given by its equally spaced quantiles, straight lines between them.
    pub fn quantile(&mut self, quantiles: &[u64]) -> u64 {
        let Some(steps) = quantiles.len().checked_sub(1).filter(|steps| *steps > 0) else {
            return quantiles.first().copied().unwrap_or(0);
        };
        let step = self.index(steps);
        self.between(quantiles[step], quantiles[step + 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_algorithm() {
        // First outputs of the reference implementation for the state 1, 2, 3, 4.
        let mut rng = Rng { state: [1, 2, 3, 4] };
        let drawn: Vec<u64> = (0..5).map(|_| rng.next()).collect();
        assert_eq!(
            drawn,
            [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205]
        );
        // And of splitmix64 from 0.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn waiting_times_have_their_mean_and_no_memory() {
        let mut rng = Rng::new(1, 0);
        let drawn: Vec<u64> = (0..100_000).map(|_| rng.exponential(1_000_000)).collect();
        let mean = drawn.iter().sum::<u64>() / 100_000;
        assert!((985_000..1_015_000).contains(&mean), "{mean}");
        // e⁻¹ of them are longer than the mean, e⁻³ longer than three means.
        let longer = |than: u64| drawn.iter().filter(|drawn| **drawn > than).count();
        assert!((36_200..37_400).contains(&longer(1_000_000)), "{}", longer(1_000_000));
        assert!((4_700..5_260).contains(&longer(3_000_000)), "{}", longer(3_000_000));
    }

    #[test]
    fn draws_stay_in_their_bounds() {
        let mut rng = Rng::new(2, 0);
        for _ in 0..10_000 {
            assert!(rng.below(7) < 7);
            assert!((3..=5).contains(&rng.between(3, 5)));
            assert!((10..=30).contains(&rng.quantile(&[10, 12, 30])));
            assert_eq!(rng.weighted(&[0, 5, 0]), 1);
        }
        assert_eq!((rng.below(0), rng.index(0), rng.quantile(&[]), rng.quantile(&[9])), (0, 0, 0, 9));
    }

    #[test]
    fn streams_of_one_seed_differ() {
        assert_ne!(Rng::new(1, 0).next(), Rng::new(1, 1).next());
        assert_ne!(Rng::new(1, 0).next(), Rng::new(2, 0).next());
    }
}
