//! The tokens of a run that sent no entry signal, each with the entry condition that kept it out.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use momentum_core::analysis::Analysis;
use momentum_core::config::Config;
use momentum_core::ids::Mint;
use momentum_core::trader::missed::{Missed, missed_first};

/// Most tokens that are remembered, and most that are told.
const REMEMBERED: usize = 100_000;
const TOLD: usize = 100;

/// What kept each token out, at the evaluation that came furthest; nothing where there was none.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptOut {
    tokens: BTreeMap<Mint, Option<Missed>>,
    forgotten: u64,
    signalled: bool,
}

impl KeptOut {
    /// A token was seen.
    pub(super) fn traded(&mut self, mint: Mint) {
        if self.signalled || self.tokens.contains_key(&mint) {
            return;
        }
        if self.tokens.len() < REMEMBERED {
            self.tokens.insert(mint, None);
        } else {
            self.forgotten += 1;
        }
    }

    /// A token was evaluated. Of several evaluations the one that came furthest is kept, the later of equals.
    pub(super) fn scored(&mut self, analysis: &Analysis, config: &Config) {
        if let Some(kept) = self.tokens.get_mut(&analysis.mint)
            && let Some(missed) = missed_first(analysis, &config.signals)
            && kept.is_none_or(|kept| missed.met() >= kept.met())
        {
            *kept = Some(missed);
        }
    }

    /// A signal was sent: what kept others out is told by refusals from here.
    pub(super) fn signalled(&mut self) {
        *self = Self { signalled: true, ..Self::default() };
    }

    /// A line for each token, those that came furthest first. `now` tells what keeps a token out at the end: for
    /// those that the run ended too early to evaluate.
    pub(super) fn lines(&self, now: impl Fn(Mint) -> Option<Missed>) -> Vec<String> {
        let latest = |(mint, missed): (&Mint, &Option<Missed>)| (*mint, missed.or_else(|| now(*mint)));
        let mut tokens: Vec<_> = self.tokens.iter().map(latest).collect();
        tokens.sort_by_key(|(_, missed)| Reverse(missed.map(|missed| missed.met())));
        let more = tokens.len().saturating_sub(TOLD);
        let line = |(mint, missed): &(Mint, Option<Missed>)| match missed {
            Some(missed) => format!("{mint}: {missed}"),
            None => format!("{mint}: no longer tracked when it could have been evaluated"),
        };
        let mut lines: Vec<_> = tokens.iter().take(TOLD).map(line).collect();
        if more > 0 || self.forgotten > 0 {
            lines.push(format!(
                "and {} tokens more",
                u64::try_from(more).unwrap_or(u64::MAX) + self.forgotten
            ));
        }
        lines
    }
}
