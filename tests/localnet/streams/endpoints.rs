//! More than one source: the next one serves where one is lost, and the better one again when it answers.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use momentum_chain::stream::{Endpoint, Endpoints, Lost};
use momentum_core::event::FeedEvent;
use momentum_localnet::blocks::Blocks;
use momentum_localnet::line::Line;
use momentum_localnet::{geyser, pubsub};

use crate::stage::{Client, alone, filler, keys, meaning, trades};

#[tokio::test]
async fn each_source_takes_over_from_the_one_before_and_gives_back() {
    let blocks = Blocks::default();
    let (first, second) =
        (geyser::serve(blocks.clone(), 500, None).await, geyser::serve(blocks.clone(), 500, None).await);
    let (line_1, line_2) = (Line::to(first.address).await, Line::to(second.address).await);
    let socket = pubsub::serve(blocks.clone()).await;
    let endpoints = Endpoints {
        grpc: vec![
            Endpoint::new("first", format!("http://{}", line_1.address)),
            Endpoint::new("second", format!("http://{}", line_2.address)),
        ],
        websocket: Some(Endpoint::new("socket", socket.url())),
    };
    let all = Arc::new(trades(0..1_000));
    let mut client = Client::open(endpoints, keys(), Some(filler(&blocks, &all)));
    let mut number = 0;
    let mut go_on = |count: u64| {
        let mut newest = 0;
        for _ in 0..count {
            newest = blocks.push(1, &trades(number..number + 4));
            number += 4;
        }
        newest
    };
    client.live_at(0).await;
    let newest = go_on(3);
    client.until_slot(newest).await;

    line_1.refuse(true);
    line_1.cut();
    client.live_at(1).await;
    let newest = go_on(3);
    client.until_slot(newest).await;

    line_2.refuse(true);
    line_2.cut();
    // What happens in between is not told to the fallback: it is a gap that gets filled.
    go_on(2);
    client.live_at(2).await;
    go_on(3);
    while client.came.len() < 44 {
        client.next().await;
    }

    line_2.refuse(false);
    client.live_at(1).await;
    let newest = go_on(3);
    client.until_slot(newest).await;

    line_1.refuse(false);
    client.live_at(0).await;
    let newest = go_on(3);
    client.until_slot(newest).await;

    client.came_once(&meaning(&trades(0..68)));
    let downs = client.feed.iter().filter(|feed| **feed == FeedEvent::Down).count();
    assert_eq!(downs, 2, "there is no moment without a source on the way back: {:?}", client.feed);
    client.stop().await;
}

#[tokio::test]
async fn the_fallback_alone_tells_trades_out_of_logs() {
    let blocks = Blocks::default();
    let socket = pubsub::serve(blocks.clone()).await;
    let endpoints = Endpoints { grpc: Vec::new(), websocket: Some(Endpoint::new("socket", socket.url())) };
    let mut client = Client::open(endpoints, keys(), None);
    client.until(FeedEvent::Up).await;
    for nth in 0..10 {
        blocks.push(0, &trades(nth * 10..nth * 10 + 10));
    }
    while client.came.len() < 100 {
        client.next().await;
    }
    client.came_once(&meaning(&trades(0..100)));
    assert_eq!(client.feed, [FeedEvent::Up]);
    client.stop().await;
}

#[tokio::test]
async fn a_wrong_token_is_told_as_such_and_tried_again() {
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), 500, Some("the-right-one")).await;
    let mut endpoints = alone(&server.url());
    endpoints.grpc[0] = endpoints.grpc[0].clone().with_token("the-wrong-one");
    let mut client = Client::open(endpoints.clone(), keys(), None);
    client.health(|health| health.failures >= 3 && health.lost == Some(Lost::Token)).await;
    assert!(server.conduct.tokens_refused.load(Ordering::SeqCst) >= 3);
    let told = format!("{:?} {}", client.stream.health.borrow().clone(), Lost::Token);
    assert!(!told.contains("wrong") && !told.contains("127.0.0.1"), "{told}");
    client.stop().await;
    endpoints.grpc[0] = endpoints.grpc[0].clone().with_token("the-right-one");
    let mut client = Client::open(endpoints, keys(), None);
    client.until(FeedEvent::Up).await;
    let slot = blocks.push(0, &trades(0..3));
    client.until_slot(slot).await;
    client.stop().await;
}

#[tokio::test]
async fn nothing_but_failing_endpoints_is_tried_without_end_and_stops_at_once() {
    let mut endpoints = alone("http://127.0.0.1:1");
    endpoints.grpc.push(Endpoint::new("no address", "::"));
    endpoints.websocket = Some(Endpoint::new("socket", "ws://127.0.0.1:1"));
    let mut keys = keys();
    keys.source.pause_max = Duration::from_millis(20);
    let mut client = Client::open(endpoints, keys, None);
    client.health(|health| health.failures >= 30).await;
    assert_eq!(client.feed, []);
    client.stop().await;
}
