//! Settings of who answers questions about tokens, beside those that decide what is asked.

use std::time::Duration;

use momentum_core::config::Reader;
use momentum_core::section;

section!(
    /// `[enrich]`, the part that decides how questions are answered.
    EnrichKeys in "enrich" checked by fits {
        /// Hosts that a token's metadata may be fetched from; `*.` before a name stands for any name below it.
        hosts: Vec<String> = restart neither any;
        /// Hosts that serve IPFS: tried in turn, always allowed.
        gateways: Vec<String> = restart neither any;
        /// Also from private and loopback addresses, and at any port: on a local network only.
        allow_private: bool = restart neither any;
        /// Longest that one fetch of metadata, or one count of members, takes.
        fetch_timeout: Duration = restart neither no ["10 ms", "60 s"];
        /// Longest metadata that is read, in bytes.
        fetch_bytes: u32 = restart neither up ["1024", "1048576"];
        /// Times that metadata are fetched where that fails.
        fetch_tries: u16 = restart neither no ["1", "10"];
        /// Pause before the second time; doubles each time, with jitter.
        fetch_pause: Duration = restart neither no ["1 ms", "10 s"];
        /// Questions that are answered at once.
        workers: u16 = restart neither no ["1", "256"];
        /// Questions that may wait; the one that was asked longest ago gives way.
        waiting: u32 = restart neither no ["1", "100000"];
        /// Longest that a question waits before it counts as failed.
        wait_max: Duration = restart neither no ["10 ms", "10 min"];
        /// Longest that its answer may take then.
        answer_max: Duration = restart neither no ["10 ms", "10 min"];
        /// Launches whose metadata's place is remembered; for others it is read from the chain.
        remembered: u32 = restart neither no ["0", "1000000"];
        /// Time between two readings of the fee schedules.
        fees_every: Duration = restart neither no ["1 s", "24 h"];
    }
);

/// All tries of a fetch fit into the time that an answer may take.
fn fits(keys: &EnrichKeys, reader: &mut Reader<'_>) {
    if keys.fetch_timeout > keys.answer_max {
        reader.contradict("enrich.fetch_timeout", "is longer than enrich.answer_max");
    }
    if keys.gateways.is_empty() {
        reader.contradict("enrich.gateways", "is empty: most metadata are on IPFS");
    }
}
