//! The top of the list: by score, then progress, then mint.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::leaders::Leaders;
use crate::action::Effects;
use crate::config::ScoreKeys;
use crate::fact::Fact;
use crate::ids::Mint;
use crate::units::{Bps, Points};

/// What the ranking goes by, but for the mint: score, then progress (zero where it is unknown).
pub(super) type Standing = (Points, Bps);

/// A token's place in the order: higher score, then higher progress, then lower mint.
type Key = (Standing, Reverse<Mint>);

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
pub(super) struct Ranking {
    first: Leaders<Key>,
    /// The standing of every place of the table in one number, zero where there is none: looking for the first
    /// of a hundred thousand tokens reads these, not the tokens.
    marks: Vec<u32>,
}

impl Ranking {
    /// Gives the token at `place` a standing (none: it is gone), and tells who entered the top by that. Gives
    /// its rank, from 1, where it is in the ranking.
    pub(super) fn change(
        &mut self,
        (place, mint): (usize, Mint),
        new: Option<Standing>,
        mint_at: impl Fn(usize) -> Option<Mint>,
        keys: &ScoreKeys,
        effects: &mut Effects,
    ) -> Option<u16> {
        let (length, top) = (usize::from(keys.ranking.max(keys.top)), usize::from(keys.top));
        if place >= self.marks.len() {
            self.marks.resize(place + 1, 0);
        }
        let key = |standing: Standing| (standing, Reverse(mint));
        let old = unmark(self.marks[place]).map(key);
        let was_top = old.and_then(|old| self.first.place(&old)).is_some_and(|place| place < top);
        self.marks[place] = new.map_or(0, mark);
        let new = new.map(key);
        if self.first.change(old, new, length, CANDIDATES * length) {
            self.rebuild(CANDIDATES * length, mint_at);
        }
        let place = new.and_then(|new| self.first.place(&new));
        let is_top = place.is_some_and(|place| place < top);
        let entered = match (was_top, is_top) {
            (false, true) => place,
            // Somebody left, so the next one moved up into the top.
            (true, false) => Some(top - 1),
            _ => None,
        };
        if let Some((place, key)) = entered.and_then(|place| Some((place, self.first.best().get(place)?))) {
            effects.facts.push(Fact::EnteredTop { mint: key.1.0, rank: rank(place) });
        }
        place.filter(|place| *place < usize::from(keys.ranking)).map(rank)
    }

    fn rebuild(&mut self, keep: usize, mint_at: impl Fn(usize) -> Option<Mint>) {
        let mut ranked: Vec<u32> = self.marks.iter().copied().filter(|mark| *mark > 0).collect();
        // One more than is kept: the largest that is left out is the floor of those that are not.
        let least =
            if ranked.len() > keep { *ranked.select_nth_unstable_by(keep, |a, b| b.cmp(a)).1 } else { 1 };
        let candidate = |(place, mark): (usize, &u32)| {
            let standing = unmark(*mark).filter(|_| *mark >= least)?;
            Some((standing, Reverse(mint_at(place)?)))
        };
        self.first.rebuild(self.marks.iter().enumerate().filter_map(candidate), keep);
    }

    /// The median of the last scores of all tokens that have one; of an even number the lower of the two in the
    /// middle.
    pub(super) fn median(&self) -> Option<Points> {
        let mut marks: Vec<u32> = self.marks.iter().copied().filter(|mark| *mark > 0).collect();
        let middle = marks.len().checked_sub(1)? / 2;
        let (_, mark, _) = marks.select_nth_unstable(middle);
        unmark(*mark).map(|(score, _)| score)
    }

    /// The ranking, best first.
    pub(super) fn list(&self, keys: &ScoreKeys) -> impl Iterator<Item = Ranked> {
        let ranked = |((score, progress), Reverse(mint)): &Key| Ranked {
            mint: *mint,
            score: *score,
            progress: *progress,
        };
        self.first.best().iter().take(usize::from(keys.ranking)).map(ranked)
    }
}

fn rank(place: usize) -> u16 {
    u16::try_from(place + 1).unwrap_or(u16::MAX)
}

/// A standing as one number of the same order, above zero.
fn mark((score, progress): Standing) -> u32 {
    (u32::from(score.0) << 16 | u32::from(progress.0)).saturating_add(1)
}

fn unmark(mark: u32) -> Option<Standing> {
    let standing = mark.checked_sub(1)?;
    let half = |bits: u32| u16::try_from(bits & 0xffff).unwrap_or(u16::MAX);
    Some((Points(half(standing >> 16)), Bps(half(standing))))
}
