//! Settings of the streams. Where they connect to is none of them: addresses carry tokens, so they come from files
//! that only the owner reads.

use std::time::Duration;

use momentum_core::config::{Reader, Section};
use momentum_core::{section, words};
use serde::{Deserialize, Serialize};

/// How sure the chain must be of what the stream tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Commitment {
    /// As soon as one node has executed it: a fork may take it back, which `DeadSlot` then tells.
    Processed,
    /// Once two thirds of the stake have voted for it.
    #[default]
    Confirmed,
}
words!(Commitment { "processed" => Processed, "confirmed" => Confirmed });

section!(
    /// `[source]`: what holds for every live source.
    SourceKeys in "source" checked by source_fits {
        /// Events that may wait for the engine. Beyond it the socket waits, then market events are dropped and counted.
        queue: u32 = restart neither no ["16", "1048576"];
        /// Longest time that the socket waits for the engine before market events are dropped.
        patience: Duration = restart neither no ["0 ms", "30 s"];
        /// Longest time that live events wait for a gap before them to be filled.
        fill_within: Duration = restart neither no ["0 ms", "60 s"];
        /// Live events that may wait for a gap to be filled; beyond it the gap stays open.
        fill_behind: u32 = restart neither no ["0", "1048576"];
        /// First pause after all endpoints failed; it doubles from round to round, with jitter.
        pause_min: Duration = restart neither no ["10 ms", "60 s"];
        /// Longest pause before jitter. Attempts never end.
        pause_max: Duration = restart neither no ["10 ms", "10 min"];
        /// How often a better endpoint is tried while a lesser one serves.
        return_every: Duration = restart neither no ["100 ms", "1 h"];
        /// Tokens whose pools can be followed at once.
        follow_max: u32 = restart neither no ["1", "10000"];
    }
);

section!(
    /// `[grpc]`: how a connection is made and when it counts as lost; the WebSocket heeds the times too.
    GrpcKeys in "grpc" checked by grpc_fits {
        /// Which updates are wanted: `confirmed`, or `processed` for half a second less and forks seen.
        commitment: Commitment = restart neither no;
        /// Longest time from dialling to the first message.
        connect: Duration = restart neither no ["100 ms", "60 s"];
        /// How often the server is pinged.
        ping_every: Duration = restart neither no ["50 ms", "60 s"];
        /// No message of any kind for so long, answers to pings included: the connection is half open and is left.
        silence: Duration = restart neither no ["100 ms", "60 s"];
        /// Messages, but no slot, for so long: the server stands still and is left.
        stall: Duration = restart neither no ["200 ms", "10 min"];
        /// Longest time that trades of a slot wait to learn which slot it follows.
        link_within: Duration = restart neither no ["0 ms", "10 s"];
        /// Largest message that is read, in MiB: whole slots fit.
        message_max: u32 = restart neither no ["1", "1024"];
    }
);

/// All settings of the streams.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamKeys {
    /// `[source]`
    pub source: SourceKeys,
    /// `[grpc]`
    pub grpc: GrpcKeys,
}

impl StreamKeys {
    /// Reads both tables; `None` where a value was wrong.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let (source, grpc) = (SourceKeys::read(reader), GrpcKeys::read(reader));
        Some(Self { source: source?, grpc: grpc? })
    }
}

fn source_fits(source: &SourceKeys, reader: &mut Reader<'_>) {
    if source.pause_min > source.pause_max {
        reader.contradict("source.pause_min", "is longer than source.pause_max");
    }
}

fn grpc_fits(grpc: &GrpcKeys, reader: &mut Reader<'_>) {
    if grpc.ping_every.saturating_mul(2) > grpc.silence {
        reader.contradict("grpc.silence", "is less than two of grpc.ping_every: an answer could be late");
    }
    if grpc.stall < grpc.silence {
        reader.contradict("grpc.stall", "is shorter than grpc.silence");
    }
}

impl Default for StreamKeys {
    /// As shipped.
    fn default() -> Self {
        Self { source: SourceKeys::shipped(), grpc: GrpcKeys::shipped() }
    }
}

#[cfg(test)]
mod tests {
    use momentum_core::config::Values;

    use super::*;

    static NOTHING: Values = Values::new();

    #[test]
    fn times_that_contradict_each_other_are_named() {
        let mut keys = StreamKeys::default();
        let mut reader = Reader::new(&NOTHING);
        source_fits(&keys.source, &mut reader);
        grpc_fits(&keys.grpc, &mut reader);
        assert!(reader.problems.is_empty());
        keys.source.pause_min = keys.source.pause_max * 2;
        keys.grpc.silence = keys.grpc.ping_every;
        keys.grpc.stall = keys.grpc.silence / 2;
        source_fits(&keys.source, &mut reader);
        grpc_fits(&keys.grpc, &mut reader);
        let paths: Vec<_> = reader.problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(paths, ["source.pause_min", "grpc.silence", "grpc.stall"]);
    }

    #[test]
    fn a_half_open_connection_is_left_within_five_seconds_as_shipped() {
        assert!(StreamKeys::default().grpc.silence <= Duration::from_millis(4_500));
    }
}
