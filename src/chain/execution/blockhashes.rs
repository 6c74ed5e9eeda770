//! The newest blockhash, read ahead: signing waits for no node.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::endpoints::{Blockhash, Rpc};

/// Blocks that a blockhash is good for.
pub(super) const LIFE: u64 = 150;

/// The newest blockhash that was read.
#[derive(Clone, Debug)]
pub(super) struct Blockhashes(watch::Receiver<Option<(Blockhash, Instant)>>);

/// Who reads it.
pub(super) struct Reading {
    rpc: Rpc,
    every: Duration,
    newest: watch::Sender<Option<(Blockhash, Instant)>>,
}

impl Blockhashes {
    pub(super) fn read(rpc: Rpc, every: Duration) -> (Self, Reading) {
        let (newest, watched) = watch::channel(None);
        (Self(watched), Reading { rpc, every, newest })
    }

    /// The newest one, where it is no older than this.
    pub(super) fn fresh(&self, age_max: Duration) -> Option<Blockhash> {
        self.0.borrow().as_ref().filter(|(_, read)| read.elapsed() <= age_max).map(|(newest, _)| *newest)
    }

    /// The confirmed block height at which it was read: the chain is there, or further.
    pub(super) fn height(&self) -> Option<u64> {
        self.0.borrow().as_ref().map(|(newest, _)| newest.last_valid_height.saturating_sub(LIFE))
    }
}

impl Reading {
    /// Reads without end.
    pub(super) async fn run(&self) {
        loop {
            let began = Instant::now();
            match self.rpc.latest_blockhash().await {
                Ok((_, newest)) => {
                    // A node that is behind another one must not take the clock back.
                    self.newest.send_if_modified(|known| {
                        let newer = known
                            .is_none_or(|(known, _)| newest.last_valid_height >= known.last_valid_height);
                        if newer {
                            *known = Some((newest, began));
                        }
                        newer
                    });
                }
                Err(why) => tracing::debug!(%why, "no blockhash"),
            }
            tokio::time::sleep(self.every.saturating_sub(began.elapsed())).await;
        }
    }
}
