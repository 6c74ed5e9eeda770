//! Live streams that lose nothing and never die quietly.
//!
//! One supervisor owns all sources: the Yellowstone endpoints in their order, then a WebSocket, then endless
//! attempts with growing pauses; back to a better one as soon as it answers again, without a hole between the two.
//! Whatever it may have missed it says: a [`FeedEvent::Gap`] stands in the order where slots are missing, a
//! [`FeedEvent::Dropped`] where the engine did not take what came.
//!
//! ```text
//!  yellowstone ──┐                    ┌ continuity: whole slots, links, gaps
//!  yellowstone ──┼─► supervisor ─────►│ reading: decode, once each            ─► delivery ─► Event
//!  websocket ────┘   (dial, probe)    └ filler: what a gap held                   (bounded)
//! ```
//!
//! [`FeedEvent::Gap`]: momentum_core::event::FeedEvent::Gap
//! [`FeedEvent::Dropped`]: momentum_core::event::FeedEvent::Dropped

pub(crate) mod continuity;
mod delivery;
mod endpoint;
mod follow;
mod health;
mod keys;
mod reading;
mod seen;
mod supervisor;

use std::sync::Arc;

use momentum_core::event::Event;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use delivery::{Filler, Filling};
pub use endpoint::{Endpoint, Endpoints, Lost};
pub(crate) use endpoint::{Update, header_value};
pub use follow::FollowHandle;
pub use health::{StreamHealth, StreamState};
pub use keys::{Commitment, GrpcKeys, SourceKeys, StreamKeys};

use supervisor::Supervisor;

/// Open streams.
#[derive(Debug)]
pub struct Stream {
    /// Market and feed events in the order of their arrival. Dropping it ends the streams.
    pub events: mpsc::Receiver<Event>,
    /// Says which tokens' pools are wanted.
    pub follow: FollowHandle,
    /// How the streams are.
    pub health: watch::Receiver<StreamHealth>,
    /// The one task; it ends soon after `cancel` was called.
    pub task: JoinHandle<()>,
}

/// Opens the streams on the runtime that this is called in. `filler` fetches what a gap held, where there is an
/// RPC node to ask. They end with `cancel`, and no task outlives them.
///
/// # Panics
/// Outside of a Tokio runtime.
#[must_use]
pub fn open(
    endpoints: Endpoints,
    keys: StreamKeys,
    filler: Option<Filler>,
    cancel: &CancellationToken,
) -> Stream {
    // Whoever drops the receiver ends the streams, and nothing else that the token stands for.
    let cancel = cancel.child_token();
    let queue = usize::try_from(keys.source.queue).unwrap_or(usize::MAX);
    let (out, events) = mpsc::channel(queue);
    let (follow, follows) = FollowHandle::new(usize::try_from(keys.source.follow_max).unwrap_or(usize::MAX));
    let (health_out, health) = watch::channel(StreamHealth::default());
    let supervisor =
        Supervisor::new(Arc::new(endpoints), Arc::new(keys), filler, out, follows, health_out, cancel);
    let task = tokio::spawn(supervisor.run());
    Stream { events, follow, health, task }
}
