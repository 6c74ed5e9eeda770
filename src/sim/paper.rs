//! Settings of the simulated venue.

use std::time::Duration;

use momentum_core::section;
use momentum_core::units::{Bps, Lamports};

section!(
    /// `[paper]`: how the simulated venue fills. All of it counts as a decision: another venue is another run.
    Paper in "paper" {
        /// Lamports that a new paper book starts with.
        capital: Lamports = restart decision no ["0.1 SOL", "100000 SOL"];
        /// What the venue's draws are made from.
        seed: u64 = restart decision no;
        /// Shortest time between sending a transaction and its landing.
        latency_min: Duration = restart decision no ["0 ms", "60 s"];
        /// Longest time between sending a transaction and its landing.
        latency_max: Duration = restart decision no ["0 ms", "60 s"];
        /// Share of the sent transactions that never land.
        lost: Bps = restart decision no ["0 %", "100 %"];
        /// Share of the sent transactions that land but fail; fee and tip are paid.
        failed: Bps = restart decision no ["0 %", "100 %"];
        /// Time after which a transaction that did not land has expired.
        expiry: Duration = restart decision no ["1 s", "10 min"];
        /// Blocks after which it has: the height written into an attempt.
        expiry_slots: u64 = restart decision no ["1", "1000"];
        /// Backtests only: the most that an entry fills worse than the state of its arrival gives.
        entry_slippage_max: Bps = restart decision no ["0 %", "50 %"];
        /// Backtests only: the most that an exit fills worse.
        exit_slippage_max: Bps = restart decision no ["0 %", "50 %"];
    }
);

#[cfg(test)]
impl Default for Paper {
    /// The shipped defaults.
    fn default() -> Self {
        use momentum_core::config::{DEFAULTS, Reader, Section, parse};
        let values = parse(DEFAULTS).values.into_iter().map(|(path, placed)| (path, placed.value)).collect();
        Self::read(&mut Reader::new(&values)).expect("the shipped defaults are right")
    }
}
