//! Proofs of exit, live only: for tokens that may soon be entered the engine asks ahead whether buying and
//! selling back works.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Turn;
use super::risk::Proven;
use crate::action::Action;
use crate::analysis::Analysis;
use crate::config::Config;
use crate::event::{Enriched, Known, Proof};
use crate::ids::Mint;
use crate::time::Timestamp;
use crate::units::Lamports;

const SECOND: Duration = Duration::from_secs(1);

/// Tokens that proofs are made for, and the newest proof of each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Proofs {
    /// When each was last asked for.
    wanted: BTreeMap<Mint, Option<Timestamp>>,
    newest: BTreeMap<Mint, Proven>,
    /// Times of the questions of the last second.
    recent: VecDeque<Timestamp>,
}

impl Proofs {
    /// The newest proof of a token.
    pub(super) fn newest(&self, mint: Mint) -> Option<Proven> {
        self.newest.get(&mint).copied()
    }

    /// One evaluation says whether proofs of the token are wanted.
    pub(super) fn evaluated(&mut self, analysis: &Analysis, config: &Config) {
        let risk = &config.risk;
        let in_range = |progress| progress >= risk.proof_progress_min && progress < risk.proof_progress_max;
        if analysis.score.total >= risk.proof_score && analysis.metrics.progress.is_ok_and(in_range) {
            self.wanted.entry(analysis.mint).or_default();
        } else {
            self.wanted.remove(&analysis.mint);
            self.newest.remove(&analysis.mint);
        }
    }

    /// An answer. One without a slot proves nothing of any state.
    pub(super) fn answered(&mut self, enriched: &Enriched, proof: &Known<Proof>) {
        match (proof, enriched.as_of) {
            (Ok(proof), Some(slot)) if self.wanted.contains_key(&enriched.mint) => {
                let Proof { size, proceeds, creator, .. } = *proof;
                self.newest.insert(enriched.mint, Proven { size, proceeds, slot, creator });
            }
            _ => {
                self.newest.remove(&enriched.mint);
            }
        }
    }

    /// Asks for what is due, the longest unasked first, so many in a second, of the largest `size` that may be bought.
    pub(super) fn ask(&mut self, size: Lamports, turn: &mut Turn<'_>) {
        let risk = &turn.config.risk;
        while self.recent.front().is_some_and(|then| turn.now.since(*then) >= SECOND) {
            self.recent.pop_front();
        }
        let due =
            |asked: Option<Timestamp>| asked.is_none_or(|then| turn.now.since(then) >= risk.proof_every);
        let mut mints: Vec<_> = self.wanted.iter().filter(|(_, asked)| due(**asked)).collect();
        mints.sort_by_key(|(mint, asked)| (**asked, **mint));
        let left =
            usize::try_from(risk.proofs_a_second).unwrap_or(usize::MAX).saturating_sub(self.recent.len());
        let mints: Vec<Mint> = mints.into_iter().take(left).map(|(mint, _)| *mint).collect();
        for mint in mints {
            self.wanted.insert(mint, Some(turn.now));
            self.recent.push_back(turn.now);
            turn.effects.actions.push(Action::Prove(mint, size));
        }
    }
}
