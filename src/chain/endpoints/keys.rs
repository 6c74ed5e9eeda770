//! Settings of the endpoints. Their URLs are none of these: they carry tokens, so they come from files.

use std::time::Duration;

use momentum_core::config::Reader;
use momentum_core::section;

section!(
    /// `[rpc]`: how RPC endpoints are asked.
    RpcKeys in "rpc" checked by fits {
        /// Longest wait for one answer of one endpoint.
        timeout: Duration = restart neither no ["50 ms", "60 s"];
        /// Longest that a question may take, with all its tries at all endpoints.
        deadline: Duration = restart neither no ["50 ms", "5 min"];
        /// Times that the endpoints are gone through once more with a question that none of them answered.
        retries: u16 = restart neither no ["0", "10"];
        /// Pause before that; doubles each time, with jitter.
        backoff: Duration = restart neither no ["1 ms", "10 s"];
        /// Longest such pause.
        backoff_max: Duration = restart neither no ["1 ms", "60 s"];
        /// Longest time for which an endpoint that asks for patience (status 429) is left alone.
        rest_max: Duration = restart neither no ["10 ms", "10 min"];
        /// Requests a second that one endpoint gets.
        rate: u32 = restart neither no ["1", "10000"];
        /// Requests that it may get at once.
        burst: u32 = restart neither no ["1", "10000"];
        /// Failures in a row from which an endpoint is left alone: its circuit breaker opens.
        breaker_failures: u16 = restart neither no ["1", "1000"];
        /// Time until it is tried again; doubles with each failed try.
        breaker_pause: Duration = restart neither no ["10 ms", "10 min"];
        /// Longest such time.
        breaker_pause_max: Duration = restart neither no ["10 ms", "1 h"];
        /// Time between two looks at the slot of every endpoint.
        check_every: Duration = restart neither no ["50 ms", "10 min"];
        /// Slots behind the highest known one from which an endpoint is not asked.
        slots_behind_max: u64 = restart neither up ["1", "10000"];
        /// Slots of a gap in the stream that are filled block by block; after a longer gap tokens stay stale until they are read again.
        fill_slots_max: u64 = restart neither no ["0", "10000"];
    }
);

/// Each of two bounds fits into the other.
fn fits(keys: &RpcKeys, reader: &mut Reader<'_>) {
    for (path, shorter, longer, named) in [
        ("rpc.timeout", keys.timeout, keys.deadline, "rpc.deadline"),
        ("rpc.backoff", keys.backoff, keys.backoff_max, "rpc.backoff_max"),
        ("rpc.breaker_pause", keys.breaker_pause, keys.breaker_pause_max, "rpc.breaker_pause_max"),
    ] {
        if shorter > longer {
            reader.contradict(path, format!("is longer than {named}"));
        }
    }
}
