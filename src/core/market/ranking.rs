//! The top of the list: by score, then progress, then mint.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::leaders::Leaders;
use crate::action::Effects;
use crate::config::ScoreKeys;
use crate::fact::Fact;
use crate::ids::Mint;
use crate::units::{Bps, Points};

/// A token's place in the order: higher score, then higher progress, then lower mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Standing {
    pub(super) score: Points,
    pub(super) progress: Bps,
    pub(super) mint: Reverse<Mint>,
}

/// A token of the ranking, as surfaces show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// The token.
    pub mint: Mint,
    /// Its last score.
    pub score: Points,
    /// Progress at that moment; zero where it is unknown.
    pub progress: Bps,
}

/// Candidates kept for each place of the ranking: standings fall all the time, and when only the places
/// themselves are left, all tokens are looked through.
const CANDIDATES: usize = 8;

/// The first of all tracked tokens.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Ranking(Leaders<Standing>);

impl Ranking {
    /// Moves a token from one standing to another (none: it is gone), and tells who entered the top by that.
    /// Gives its rank, from 1, where it is in the ranking. `all` is asked for where too few are left.
    pub(super) fn change<I: Iterator<Item = Standing>>(
        &mut self,
        old: Option<Standing>,
        new: Option<Standing>,
        all: impl FnOnce() -> I,
        keys: &ScoreKeys,
        effects: &mut Effects,
    ) -> Option<u16> {
        let (length, top) = (usize::from(keys.ranking.max(keys.top)), usize::from(keys.top));
        let was_top = old.and_then(|old| self.0.place(&old)).is_some_and(|place| place < top);
        let keep = CANDIDATES * length;
        if self.0.change(old, new, length, keep) {
            self.0.rebuild(all(), keep);
        }
        let place = new.and_then(|new| self.0.place(&new));
        let is_top = place.is_some_and(|place| place < top);
        let entered = match (was_top, is_top) {
            (false, true) => place,
            // Somebody left, so the next one moved up into the top.
            (true, false) => Some(top - 1),
            _ => None,
        };
        if let Some((place, standing)) = entered.and_then(|place| Some((place, self.0.best().get(place)?))) {
            effects.facts.push(Fact::EnteredTop { mint: standing.mint.0, rank: rank(place) });
        }
        place.filter(|place| *place < usize::from(keys.ranking)).map(rank)
    }

    /// The ranking, best first.
    pub(super) fn list(&self, keys: &ScoreKeys) -> impl Iterator<Item = Ranked> {
        let ranked = |standing: &Standing| Ranked {
            mint: standing.mint.0,
            score: standing.score,
            progress: standing.progress,
        };
        self.0.best().iter().take(usize::from(keys.ranking)).map(ranked)
    }
}

fn rank(place: usize) -> u16 {
    u16::try_from(place + 1).unwrap_or(u16::MAX)
}
