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
use std::sync::atomic::{AtomicU64, Ordering};

use momentum_core::event::{Event, FeedEvent};
use momentum_core::ids::Slot;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use delivery::{Filler, Filling};
pub use endpoint::{Endpoint, Endpoints, Lost};
pub(crate) use endpoint::{Update, header_value};
pub use follow::FollowHandle;
pub use health::{StreamHealth, StreamState};
pub use keys::{Commitment, GrpcKeys, SourceKeys, StreamKeys};

use delivery::Delivery;
use supervisor::Supervisor;

use crate::tasks::Tasks;

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
/// RPC node to ask. They go on at `after`, the newest slot that an earlier process saw, and maybe half: what came
/// since then comes too, or is told as a gap. They end with `cancel`, and no task outlives them; one that dies is begun
/// again, behind a gap: what it had half told nobody knows.
///
/// # Panics
/// Outside of a Tokio runtime.
#[must_use]
pub fn open(
    endpoints: Endpoints,
    keys: StreamKeys,
    filler: Option<Filler>,
    after: Option<Slot>,
    tasks: &Tasks,
    cancel: &CancellationToken,
) -> Stream {
    // Whoever drops the receiver ends the streams, and nothing else that the token stands for.
    let cancel = cancel.child_token();
    let queue = usize::try_from(keys.source.queue).unwrap_or(usize::MAX);
    let (out, events) = mpsc::channel(queue);
    let (follow, follows) = FollowHandle::new(usize::try_from(keys.source.follow_max).unwrap_or(usize::MAX));
    let (health_out, health) = watch::channel(StreamHealth::default());
    let (endpoints, keys, newest) = (Arc::new(endpoints), Arc::new(keys), Arc::new(AtomicU64::new(0)));
    let mut begun = false;
    let work = move || {
        let told = Slot(newest.load(Ordering::Relaxed));
        let half_told = std::mem::replace(&mut begun, true) && told > Slot(0);
        let delivery = Delivery::new(out.clone(), cancel.clone(), filler.clone(), &keys.source)
            .behind(half_told.then_some(told), Arc::clone(&newest));
        let (endpoints, keys, out) = (Arc::clone(&endpoints), Arc::clone(&keys), out.clone());
        let (follows, health) = (follows.clone(), health_out.clone());
        let supervisor = Supervisor::new(endpoints, keys, delivery, follows, health, cancel.clone());
        let supervisor = supervisor.behind(after.filter(|_| !half_told));
        async move {
            let lost = [FeedEvent::Down, FeedEvent::Gap { from: told, to: told }];
            for tale in lost.into_iter().filter(|_| half_told) {
                if out.send(Event::Feed(tale)).await.is_err() {
                    return;
                }
            }
            drop(out);
            supervisor.run().await;
        }
    };
    let task = tokio::spawn(tasks.clone().keep("stream", work));
    Stream { events, follow, health, task }
}
