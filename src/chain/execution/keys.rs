//! Settings of live execution.

use std::time::Duration;

use momentum_core::config::Reader;
use momentum_core::section;
use momentum_core::units::Bps;

use super::lanes::Lane;
use crate::trade::Route;

section!(
    /// `[live]`: how real orders are carried out.
    LiveKeys in "live" checked by fits {
        /// Time between two looks at how far attempts are.
        track_every: Duration = restart neither no ["50 ms", "10 s"];
        /// Time after which the same bytes are sent once more.
        resend_every: Duration = restart neither no ["200 ms", "60 s"];
        /// Time between two looks at whether an attempt can still land, once its blockhash is too old.
        witness_every: Duration = restart neither no ["50 ms", "60 s"];
        /// Time between two readings of the newest blockhash.
        blockhash_every: Duration = restart neither no ["50 ms", "10 s"];
        /// Age from which a blockhash is read anew before it is signed on.
        blockhash_age_max: Duration = restart neither up ["1 s", "50 s"];
        /// Age from which what is known of a coin is read anew before it is bought.
        coin_age_max: Duration = restart neither up ["1 s", "10 min"];
        /// Time between two readings of our balances.
        balances_every: Duration = restart neither no ["200 ms", "10 min"];
        /// Time between two looks at whether the programs or their settings have changed.
        programs_every: Duration = restart neither no ["200 ms", "10 min"];
        /// Instructions that trades go by: the newest that a coin takes, or one generation of them. A coin that does not take that one goes by the newest that it takes.
        route: Route = restart neither no;
        /// By which lane buys leave, where there is a block engine: in the open to all nodes and to it, or to it alone.
        lane_buys: Lane = restart neither no;
        /// The same of sales that are not urgent. Urgent ones go all ways at once.
        lane_sells: Lane = restart neither no;
        /// Blocks for which a private order waits for the block engine, of the 150 that its blockhash is good for; then the same bytes go to the nodes too. With 150 they never do.
        lane_private_blocks: u16 = restart neither no ["0", "150"];
        /// Compute units that a transaction may take. The first one of an order whose coin was proven to be sellable may take what the proof took, and a fifth.
        unit_limit: u32 = restart neither no ["50000", "1400000"];
        /// Proofs of exit that are made at once.
        proofs_at_once: u16 = restart neither no ["1", "64"];
        /// Share of the last slots whose price for a place, where a token trades, others did not exceed.
        priority_share: Bps = restart neither no ["1 %", "100 %"];
    }
);

/// A blockhash is read more often than it grows old.
fn fits(keys: &LiveKeys, reader: &mut Reader<'_>) {
    if keys.blockhash_every >= keys.blockhash_age_max {
        reader.contradict("live.blockhash_every", "is not shorter than live.blockhash_age_max".to_owned());
    }
}
