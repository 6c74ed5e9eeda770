//! What clients reach of the chain: RPC, WebSocket and Geyser, on loopback.

use std::time::Duration;

use momentum_core::time::ChainTime;
use tokio::task::JoinHandle;

use super::Chain;
use crate::block_engine::BlockEngine;
use crate::geyser::{self, GeyserServerHandle};
use crate::line::Line;
use crate::pubsub::{self, PubsubHandle};
use crate::rpc::RpcNode;

/// Slots that the stream can replay.
const WINDOW: u64 = 150;

/// The servers of a chain; they end when this is dropped.
pub struct Surfaces {
    /// Where JSON-RPC is.
    pub rpc_url: String,
    /// Where a second node of the same chain is: exits go through it where the first one fails.
    pub backup_url: String,
    /// Where the WebSocket is.
    pub ws_url: String,
    /// Where Geyser is.
    pub grpc_url: String,
    /// The node, its faults, and what it was asked.
    pub rpc: RpcNode<Chain>,
    /// The second node.
    pub backup: RpcNode<Chain>,
    /// The block engine, and what it was given.
    pub engine: BlockEngine,
    /// The line that clients of the stream come by: it can be cut, frozen, refused.
    pub line: Line,
    /// The stream and its faults.
    pub grpc: GeyserServerHandle,
    /// The WebSocket.
    pub ws: PubsubHandle,
}

/// Makes slots until it is dropped.
pub struct Clock(JoinHandle<()>);

impl Drop for Clock {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Chain {
    /// Serves the chain on free ports of loopback.
    pub async fn serve(&self) -> Surfaces {
        let (rpc, backup) = (RpcNode::start(self.clone()).await, RpcNode::start(self.clone()).await);
        let grpc = geyser::serve(self.blocks.clone(), WINDOW, None).await;
        let ws = pubsub::serve(self.blocks.clone()).await;
        let engine = BlockEngine::start(self.clone()).await;
        let line = Line::to(grpc.address).await;
        let (rpc_url, backup_url) = (rpc.url(), backup.url());
        let grpc_url = format!("http://{}", line.address);
        Surfaces { rpc_url, backup_url, ws_url: ws.url(), grpc_url, rpc, backup, engine, line, grpc, ws }
    }

    /// Makes a slot each `period`, stamped with the time of day.
    #[must_use]
    pub fn clock(&self, period: Duration) -> Clock {
        let chain = self.clone();
        Clock(tokio::spawn(async move {
            let mut ticks = tokio::time::interval(period);
            // A machine that was busy makes fewer slots, not the same ones in a rush.
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let chain = chain.clone();
                // Programs run in it, for tens of milliseconds where much is queued.
                let made = tokio::task::spawn_blocking(move || chain.step_at(now()));
                if made.await.is_err() {
                    return;
                }
            }
        }))
    }
}

/// The time of day, which block times are.
#[must_use]
pub fn now() -> ChainTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    ChainTime(since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap()))
}
