//! Settings of the simulated venue.

use std::time::Duration;

use momentum_core::config::Reader;
use momentum_core::ids::Wallet;
use momentum_core::section;
use momentum_core::units::{Bps, Lamports};

section!(
    /// `[paper]`: how the simulated venue fills. All that moves a fill counts as a decision: another venue is another run.
    Paper in "paper" checked by fits {
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
        /// Public key of a funded wallet. With it and RPC nodes, every buy on a live stream is also built as a real one for that wallet and run through simulateTransaction with its sell-back, unsigned and never sent; what that differs by from the quote is kept. Nothing is decided by it.
        simulate_as: Option<Wallet> = restart neither no;
    }
);

/// The draws have a range, and a transaction meets one end only.
fn fits(paper: &Paper, reader: &mut Reader<'_>) {
    if paper.latency_min > paper.latency_max {
        reader.contradict("paper.latency_min", "is longer than paper.latency_max");
    }
    if u32::from(paper.lost.0) + u32::from(paper.failed.0) > u32::from(Bps::WHOLE.0) {
        reader.contradict("paper.lost", "and paper.failed are more than all that is sent");
    }
}

#[cfg(test)]
impl Default for Paper {
    /// As shipped.
    fn default() -> Self {
        momentum_core::config::Section::shipped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_and_shares_that_contradict_are_named() {
        let mut reader = Reader::new(&NOTHING);
        fits(&Paper::default(), &mut reader);
        assert!(reader.problems.is_empty());
        let slow = Paper { latency_min: Duration::from_secs(2), lost: Bps(9_501), ..Paper::default() };
        fits(&slow, &mut reader);
        let paths: Vec<_> = reader.problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(paths, ["paper.latency_min", "paper.lost"]);
    }

    static NOTHING: momentum_core::config::Values = momentum_core::config::Values::new();
}
