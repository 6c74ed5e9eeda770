//! Seeded random states of curves and pools, for comparing our quotes with somebody else's. Shared by the main
//! test binary and by `tests/oracle`.

use momentum_core::quotes::{Curve, Pool, Rates};
use momentum_core::units::Bps;

/// SplitMix64: the same numbers from the same seed, everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`, which is not zero.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// One time in `times`.
    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn bps(&mut self, most: u16) -> Bps {
        Bps(u16::try_from(self.below(u64::from(most) + 1)).unwrap())
    }

    /// Any magnitude up to `bits` bits as likely as any other.
    pub(crate) fn magnitude(&mut self, bits: u64) -> u64 {
        let bits = self.below(bits + 1);
        if bits == 0 { 0 } else { self.next() >> (64 - bits) }
    }

    /// An amount to trade: mostly of a size that the reserve knows, sometimes anything.
    pub(crate) fn amount(&mut self, reserve: u64) -> u64 {
        match self.below(8) {
            0 => self.magnitude(64),
            1 => self.below(100),
            2 => reserve.saturating_add(self.below(1_000)).saturating_sub(500),
            _ => {
                let share = self.magnitude(30);
                let wide = (u128::from(reserve) * u128::from(share)) >> 29;
                u64::try_from(wide).unwrap_or(u64::MAX)
            }
        }
    }

    /// Rates that a fee schedule could hold, or (one time in eight) any up to the whole.
    pub(crate) fn rates(&mut self) -> Rates {
        let most = if self.one_in(8) { [10_000; 3] } else { [25, 100, 300] };
        let [lp, protocol, creator] = most.map(|most| if self.one_in(6) { Bps(0) } else { self.bps(most) });
        Rates { lp, protocol, creator }
    }

    /// A curve: mostly an ordinary one somewhere in its life, else one of any magnitudes.
    pub(crate) fn curve(&mut self) -> Curve {
        if self.one_in(3) {
            let [real_quote, real_token] = [self.magnitude(63), self.magnitude(63)];
            return Curve {
                virtual_quote: real_quote.saturating_add(self.magnitude(62)),
                virtual_token: real_token.saturating_add(self.magnitude(62)),
                real_quote,
                real_token,
            };
        }
        let left = self.below(Curve::FRESH.real_token + 1);
        let bought = Curve::FRESH.buy_exact_tokens(Curve::FRESH.real_token - left, &Rates::default());
        let mut curve = bought.map_or(Curve::FRESH, |bought| Curve::FRESH.after_buy(&bought));
        // Each trade of a real life leaves the quote a unit above the formula.
        let dust = self.below(5_000);
        curve.virtual_quote += dust;
        curve.real_quote += dust;
        curve
    }

    /// Tokens to ask of a v3 buy: half the time more than the curve has left, and mostly no more than the pool
    /// past its end would have.
    pub(crate) fn tokens_past(&mut self, real_token: u64, base_account: u64) -> u64 {
        if self.one_in(2) {
            return self.amount(real_token);
        }
        let past_end = self.amount(base_account - real_token);
        real_token.saturating_add(past_end)
    }

    /// A pool: mostly near the opening of an ordinary one, else one of any magnitudes; its virtual quote may be
    /// negative.
    pub(crate) fn pool(&mut self) -> Pool {
        if self.one_in(3) {
            let vault = self.magnitude(63);
            let virtual_quote = i128::from(self.magnitude(62));
            let virtual_quote = if self.one_in(2) { -virtual_quote } else { virtual_quote };
            return Pool::new(self.magnitude(63), vault, virtual_quote);
        }
        // The product of an ordinary pool, at 1/64 to 64 times its opening price.
        let base = 206_900_000_000_000 / 8 + self.below(206_900_000_000_000 * 8);
        let product = 206_900_000_000_000_u128 * 84_990_359_084;
        let quote = u64::try_from(product / u128::from(base)).unwrap();
        let vault = self.below(quote * 2 + 1);
        Pool::new(base, vault, i128::from(quote) - i128::from(vault))
    }
}
