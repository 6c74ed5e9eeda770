//! Prices that keep their amounts.

use serde::{Deserialize, Serialize};

use crate::units::{Bps, Lamports, Thousandths, TokenAmount, mul_div};

/// Lamports for so many tokens: entry, mark, stop and rungs of a position. Two of them compare by
/// cross-multiplication, so that one lamport more or less counts whatever the amounts are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worth {
    /// What the tokens bring or cost together.
    pub lamports: Lamports,
    /// How many they are.
    pub tokens: TokenAmount,
}

impl Worth {
    /// `lamports` for `tokens`.
    #[must_use]
    pub const fn new(lamports: Lamports, tokens: TokenAmount) -> Self {
        Self { lamports, tokens }
    }

    /// Whether a token is worth more in `self` than in `other`. The products of two 64-bit numbers fit.
    #[must_use]
    pub fn above(self, other: Self) -> bool {
        u128::from(self.lamports.0) * u128::from(other.tokens.0)
            > u128::from(other.lamports.0) * u128::from(self.tokens.0)
    }

    /// Whether a token is worth at least as much in `self` as in `other`.
    #[must_use]
    pub fn at_least(self, other: Self) -> bool {
        !other.above(self)
    }

    /// The higher of two.
    #[must_use]
    pub fn higher(self, other: Self) -> Self {
        if other.above(self) { other } else { self }
    }

    /// A share of it, floored to the lamport.
    #[must_use]
    pub fn share(self, share: Bps) -> Self {
        Self { lamports: self.lamports.share(share), ..self }
    }

    /// A multiple of it, floored to the lamport; nothing below zero.
    #[must_use]
    pub fn times(self, factor: Thousandths) -> Self {
        let factor = u64::try_from(factor.0).unwrap_or(0);
        Self { lamports: Lamports(mul_div(self.lamports.0, factor, 1_000)), ..self }
    }

    /// What `tokens` are worth at it, floored; nothing where it knows no amount.
    #[must_use]
    pub fn of(self, tokens: TokenAmount) -> Lamports {
        match self.tokens.0 {
            0 => Lamports::ZERO,
            whole => Lamports(mul_div(self.lamports.0, tokens.0, whole)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn worth(lamports: u64, tokens: u64) -> Worth {
        Worth::new(Lamports(lamports), TokenAmount(tokens))
    }

    #[test]
    fn one_lamport_decides_whatever_the_amounts_are() {
        let two_each = worth(2_000_000_000_000, 1_000_000_000_000);
        assert!(two_each.at_least(worth(2, 1)) && worth(2, 1).at_least(two_each));
        assert!(worth(2_000_000_000_001, 1_000_000_000_000).above(worth(2, 1)));
        assert!(worth(2, 1).above(worth(1_999_999_999_999, 1_000_000_000_000)));
        assert!(worth(u64::MAX, 1).above(worth(u64::MAX - 1, 1)));
    }

    #[test]
    fn shares_and_multiples_are_floored_to_the_lamport() {
        assert_eq!(worth(999, 7).share(Bps(9_200)), worth(919, 7));
        assert_eq!(worth(999, 7).times(Thousandths(1_250)), worth(1_248, 7));
        assert_eq!(worth(999, 7).times(Thousandths(-1)), worth(0, 7));
        assert_eq!(worth(999, 7).of(TokenAmount(3)), Lamports(428));
        assert_eq!(worth(999, 0).of(TokenAmount(3)), Lamports(0));
    }

    proptest! {
        #[test]
        fn higher_is_the_higher(a in any::<(u64, u64)>(), b in any::<(u64, u64)>()) {
            let (a, b) = (worth(a.0, a.1), worth(b.0, b.1));
            let high = a.higher(b);
            prop_assert!(high.at_least(a) && high.at_least(b));
        }
    }
}
