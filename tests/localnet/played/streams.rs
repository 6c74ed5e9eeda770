//! What the streams tell of a coin's life: as the decoder reads it, by Geyser and by WebSocket.

use momentum_chain::stream::{Endpoint, Endpoints};
use momentum_core::event::{Event, FeedEvent, MarketKind, Side};
use momentum_localnet::chain::{Chain, Coin, Options, Way};

use crate::stage::{Client, alone, keys};

const SOL: u64 = 1_000_000_000;

/// Plays a coin's life and tells what the client heard of it.
async fn heard(endpoints: impl Fn(&str, &str) -> Endpoints, count: usize) -> Vec<&'static str> {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let mut client = Client::open(endpoints(&surfaces.grpc_url, &surfaces.ws_url), keys(), None);
    client.until(FeedEvent::Up).await;
    let agent = chain.agent();
    let (mint, launched) = agent.launch(&Coin::default());
    agent.done(launched);
    agent.done(agent.buy(&mint, SOL, Way::V3));
    // What fails tells nothing.
    agent.done(agent.sell(&mint, 1 << 60, Way::V3));
    agent.done(agent.sell(&mint, 5_000_000_000_000, Way::Legacy));
    agent.done(agent.buy(&mint, 90 * SOL, Way::V3));
    agent.done(agent.migrate(&mint));
    let mut heard = Vec::new();
    while heard.len() < count {
        let Event::Market(event) = client.next().await else { continue };
        heard.push(match event.kind {
            MarketKind::Launched(_) => "launched",
            MarketKind::Traded(traded) if traded.side == Side::Buy => "bought",
            MarketKind::Traded(_) => "sold",
            MarketKind::Completed { .. } => "completed",
            MarketKind::PoolOpened { .. } => "pool opened",
            MarketKind::Migrated { .. } => "migrated",
        });
    }
    client.stop().await;
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn geyser_tells_a_coins_life() {
    let heard = heard(|grpc, _| alone(grpc), 7).await;
    assert_eq!(heard, ["launched", "bought", "sold", "bought", "completed", "pool opened", "migrated"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_websocket_tells_a_coins_life() {
    let endpoints =
        |_: &str, ws: &str| Endpoints { grpc: Vec::new(), websocket: Some(Endpoint::new("logs", ws)) };
    let heard = heard(endpoints, 4).await;
    assert_eq!(heard, ["launched", "bought", "sold", "bought"]);
}
