//! The sections that the engine reads. Defaults are in `config/momentum.toml`; every number of the strategy
//! has its key here, none is a literal in code.

use std::time::Duration;

use crate::section;
use crate::units::{Bps, Lamports, Points, Thousandths};

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

section!(
    /// `[signals]`: what makes a signal.
    Signals in "signals" {
        /// Score from which a token is a `buy`.
        buy_score: Points = now decision down ["0", "100"];
        /// Velocity above which a token is a `buy`.
        buy_velocity: Thousandths = now decision down ["-1", "100"];
    }
);

section!(
    /// `[risk]`: limits of every buy.
    Risk in "risk" {
        /// Most that one position may cost.
        max_position: Lamports = now decision up ["0.05 SOL", "1000 SOL"];
    }
);

section!(
    /// `[exits]`: when a position is sold.
    Exits in "exits" {
        /// Farthest that the stop may be below the mark.
        stop_max: Bps = new_positions decision up ["1 %", "90 %"];
    }
);

section!(
    /// `[execution]`: how orders are carried out.
    Execution in "execution" {
        /// Slippage bound of a buy and of the first sale.
        slippage: Bps = now decision up ["0.1 %", "50 %"];
    }
);
