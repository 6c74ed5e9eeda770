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

/// The ways that there are beside the nodes: a block engine, or none.
#[derive(Default)]
pub(super) struct Lanes(Option<Arc<BlockEngine>>);

impl Lanes {
    pub(super) fn with(engine: BlockEngine) -> Self {
        Self(Some(Arc::new(engine)))
    }

    /// Who is tipped for an attempt: nobody, where there is no block engine.
    pub(super) fn tip_to(&self, attempt: AttemptId) -> Option<Pubkey> {
        self.0.as_ref().map(|_| BlockEngine::tip_to(attempt))
    }

    /// The lane of an attempt when the chain is at `height`, where that is known.
    pub(super) fn of(&self, attempt: &Attempt, height: Option<u64>, keys: &LiveKeys) -> Lane {
        let Order { swap, urgent, .. } = &attempt.order;
        let wished = match swap {
            Swap::Buy { .. } => keys.lane_buys,
            Swap::Sell { .. } if !*urgent => keys.lane_sells,
            // What is no swap pays no tip: no block engine would take it alone.
            Swap::Sell { .. } | Swap::Close | Swap::Withdraw { .. } => Lane::Public,
        };
        let blocks = u64::from(keys.lane_private_blocks);
        let until = attempt.bytes.last_valid_height.saturating_sub(LIFE) + blocks;
        let over = blocks < LIFE && height.is_some_and(|height| height >= until);
        if self.0.is_none() || over { Lane::Public } else { wished }
    }

    /// Sends an attempt's bytes by a lane.
    pub(super) fn send(
        &self,
        attempt: &Attempt,
        lane: Lane,
        rpc: &Rpc,
    ) -> impl Future<Output = Vec<Passed>> + Send + use<> {
        let (rpc, engine, raw) = (rpc.clone(), self.0.clone(), attempt.bytes.raw.clone());
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

#[cfg(test)]
mod tests {
    use momentum_core::config::Section;
    use momentum_core::units::{Lamports, TokenAmount};

    use super::super::attempt::Bytes;
    use super::super::tests::order;
    use super::*;
    use crate::endpoints::{Endpoint, RpcKeys};

    #[test]
    fn what_is_private_is_so_for_its_blocks_and_urgent_exits_never_are() {
        let endpoint = Endpoint { name: "engine".to_owned(), url: "http://127.0.0.1:1".into() };
        let lanes = Lanes::with(BlockEngine::new(&endpoint, &RpcKeys::shipped()).unwrap());
        let sale = order();
        let buy = Order {
            swap: Swap::Buy { spend: Lamports(1), min_tokens: TokenAmount(1) },
            urgent: false,
            ..order()
        };
        let closing = Order { swap: Swap::Close, urgent: false, ..order() };
        let of = |order: &Order, height: Option<u64>, blocks: u16, lanes: &Lanes| {
            let (signature, raw) = (momentum_core::ids::Signature([1; 64]), vec![1]);
            let bytes = Bytes { signature, last_valid_height: 1_150, raw };
            let private = Lane::Private;
            let keys = LiveKeys {
                lane_buys: private,
                lane_sells: private,
                lane_private_blocks: blocks,
                ..LiveKeys::shipped()
            };
            lanes.of(&Attempt::new(order.clone(), bytes), height, &keys)
        };
        assert_eq!(of(&buy, None, 75, &lanes), Lane::Private);
        assert_eq!(of(&buy, Some(1_074), 75, &lanes), Lane::Private);
        assert_eq!(of(&buy, Some(1_075), 75, &lanes), Lane::Public);
        assert_eq!(of(&buy, Some(1_000), 0, &lanes), Lane::Public);
        assert_eq!(of(&buy, Some(1_150), 150, &lanes), Lane::Private, "with 150 never");
        assert_eq!(of(&buy, None, 75, &Lanes::default()), Lane::Public, "there is nobody to give it to");
        assert_eq!(of(&Order { urgent: true, ..sale.clone() }, None, 75, &lanes), Lane::Public);
        assert_eq!(of(&Order { urgent: false, ..sale }, None, 75, &lanes), Lane::Private);
        assert_eq!(of(&closing, None, 75, &lanes), Lane::Public, "it pays no tip");
    }
}
