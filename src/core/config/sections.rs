//! The sections that the engine reads. Defaults are in `config/momentum.toml`; every number of the strategy
//! has its key here, none is a literal in code.

use std::time::Duration;

use crate::section;
use crate::units::Bps;

section!(
    /// `[safety]`: what Market checks.
    Safety in "safety" {
        /// Share of supply that the ten largest holders may hold for the safety check to pass.
        top10_max: Bps = now analysis up ["0 %", "100 %"];
    }
);

section!(
    /// `[score]`: tiers and weights.
    ScoreKeys in "score" {
        /// Time between two evaluations of a token.
        every: Duration = now analysis no ["1 s", "10 min"];
    }
);
