//! Lanes: by which ways bytes leave.
//!
//! In the open they go to every node, and to the block engine, where there is one. Privately only the block engine
//! gets them, so that nobody trades ahead of them; what it has not landed in time goes the open way after all, as
//! the same bytes. An urgent exit always goes all ways at once.

use std::sync::Arc;

use momentum_core::action::{Order, Swap};
use momentum_core::ids::{AttemptId, Pubkey};
use momentum_core::words;
use serde::{Deserialize, Serialize};

use super::LiveKeys;
use super::attempt::Attempt;
use super::blockhashes::LIFE;
use crate::endpoints::{BlockEngine, Passed, Rpc};

/// Who sees bytes before they land.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Everybody.
    #[default]
    Public,
    /// The block engine.
    Private,
}

words!(Lane { "public" => Public, "private" => Private });

impl Lane {
    /// The word for it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }
}

/// The ways that there are.
pub(super) struct Lanes {
    rpc: Rpc,
    engine: Option<Arc<BlockEngine>>,
    keys: LiveKeys,
}

impl Lanes {
    pub(super) const fn new(rpc: Rpc, engine: Option<Arc<BlockEngine>>, keys: LiveKeys) -> Self {
        Self { rpc, engine, keys }
    }

    /// Who is tipped for an attempt: nobody, where there is no block engine.
    pub(super) fn tip_to(&self, attempt: AttemptId) -> Option<Pubkey> {
        self.engine.as_ref().map(|_| BlockEngine::tip_to(attempt))
    }

    /// The lane of an attempt when the chain is at `height`, where that is known.
    pub(super) fn of(&self, attempt: &Attempt, height: Option<u64>) -> Lane {
        let Order { swap, urgent, .. } = &attempt.order;
        let wished = match swap {
            Swap::Buy { .. } => self.keys.lane_buys,
            Swap::Sell { .. } if !*urgent => self.keys.lane_sells,
            // What closes an account pays no tip: no block engine would take it alone.
            Swap::Sell { .. } | Swap::Close => Lane::Public,
        };
        let until =
            attempt.bytes.last_valid_height.saturating_sub(LIFE) + u64::from(self.keys.lane_private_blocks);
        let over = height.is_some_and(|height| height >= until);
        if self.engine.is_none() || over { Lane::Public } else { wished }
    }

    /// Sends an attempt's bytes by a lane.
    pub(super) fn send(
        &self,
        attempt: &Attempt,
        lane: Lane,
    ) -> impl Future<Output = Vec<Passed>> + Send + use<> {
        let (rpc, engine, raw) = (self.rpc.clone(), self.engine.clone(), attempt.bytes.raw.clone());
        // An exit does not wait for a node's opinion of it.
        let preflight = !matches!(attempt.order.swap, Swap::Sell { .. });
        async move {
            let engine = async {
                match engine {
                    Some(engine) => Some(engine.send(&raw, lane == Lane::Private).await),
                    None => None,
                }
            };
            let nodes = async {
                match lane {
                    Lane::Public => rpc.send(&raw, preflight).await,
                    Lane::Private => Vec::new(),
                }
            };
            let (engine, mut passed) = futures_util::future::join(engine, nodes).await;
            passed.extend(engine);
            passed
        }
    }
}
