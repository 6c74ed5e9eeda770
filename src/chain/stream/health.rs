//! How the streams are, for whoever looks: published on change, and ten times a second while one serves.

use std::sync::Arc;

use momentum_core::ids::Slot;
use momentum_core::time::Timestamp;
use momentum_pump::decode::Counts;

use super::Lost;

/// What the streams are doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StreamState {
    /// Dialling, one endpoint after the other.
    #[default]
    Connecting,
    /// An endpoint serves.
    Live,
    /// All endpoints failed; the next round comes after a pause.
    Pausing,
    /// Stopped by whoever opened it.
    Stopped,
}

/// How the streams are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamHealth {
    /// What they are doing.
    pub state: StreamState,
    /// The endpoint that serves or is dialled: its place in the order of preference, from 0.
    pub endpoint: usize,
    /// Its name.
    pub name: Arc<str>,
    /// Since when they are in this state, at this endpoint.
    pub since: Timestamp,
    /// When the last message of any kind came.
    pub last_message: Option<Timestamp>,
    /// The newest slot of which anything came.
    pub slot: Option<Slot>,
    /// Connections made after the first.
    pub reconnects: u64,
    /// Failed attempts to connect since the start.
    pub failures: u64,
    /// Why the last connection was lost or could not be made; never with an address or a token.
    pub lost: Option<Lost>,
    /// Gaps told.
    pub gaps: u64,
    /// Gaps filled.
    pub filled: u64,
    /// Market events dropped, since the engine did not take them.
    pub dropped: u64,
    /// Market events that came again and were left out.
    pub duplicates: u64,
    /// What became of the events of the transactions.
    pub counts: Counts,
}
