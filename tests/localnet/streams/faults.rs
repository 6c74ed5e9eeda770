//! Servers that misbehave, an engine that does not keep up, and filters edited on the open stream.

use std::sync::atomic::Ordering;
use std::time::Duration;

use momentum_chain::stream::{Commitment, Endpoint, Endpoints, Lost};
use momentum_core::event::{Event, FeedEvent};
use momentum_core::ids::{Mint, Slot};
use momentum_localnet::blocks::{Blocks, pool_trade};
use momentum_localnet::geyser;
use momentum_localnet::line::Line;
use momentum_pump::address::canonical_pool;

use crate::stage::{Client, alone, keys, meaning, mint, trades};

#[tokio::test]
async fn a_half_open_connection_is_noticed_and_what_it_kept_back_arrives() {
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), 500, None).await;
    let line = Line::to(server.address).await;
    let mut keys = keys();
    keys.grpc.silence = Duration::from_secs(1);
    keys.grpc.connect = Duration::from_secs(2);
    let mut client = Client::open(alone(&format!("http://{}", line.address)), keys, None);
    client.until(FeedEvent::Up).await;
    let slot = blocks.push(0, &trades(0..5));
    client.until_slot(slot).await;
    line.freeze(true);
    let slot = blocks.push(0, &trades(5..10));
    client.until(FeedEvent::Down).await;
    // Keep-alive and silence say the same, whichever is first.
    let lost = client.stream.health.borrow().lost;
    assert!(matches!(lost, Some(Lost::Silent | Lost::Transport | Lost::Deadline)), "{lost:?}");
    line.freeze(false);
    client.until_slot(slot).await;
    client.came_once(&meaning(&trades(0..10)));
    client.stop().await;
}

#[tokio::test]
async fn a_server_whose_slots_stand_still_is_left_for_the_next() {
    let blocks = Blocks::default();
    let (first, second) =
        (geyser::serve(blocks.clone(), 500, None).await, geyser::serve(blocks.clone(), 500, None).await);
    let endpoints = Endpoints {
        grpc: vec![Endpoint::new("first", first.url()), Endpoint::new("second", second.url())],
        websocket: None,
    };
    let mut keys = keys();
    keys.grpc.stall = Duration::from_secs(1);
    keys.grpc.connect = Duration::from_secs(1);
    keys.source.return_every = Duration::from_secs(600);
    let mut client = Client::open(endpoints, keys, None);
    client.until(FeedEvent::Up).await;
    let slot = blocks.push(0, &trades(0..5));
    client.until_slot(slot).await;
    first.conduct.stands_still.store(true, Ordering::SeqCst);
    let slot = blocks.push(0, &trades(5..10));
    client.until_slot(slot).await;
    assert_eq!(client.stream.health.borrow().endpoint, 1);
    assert!(first.conduct.pings.load(Ordering::SeqCst) > 0, "it answered pings all the while");
    client.came_once(&meaning(&trades(0..10)));
    client.stop().await;
}

#[tokio::test]
async fn doubled_and_reordered_transactions_come_once_each() {
    for (doubles, reorders) in [(true, false), (false, true), (true, true)] {
        let blocks = Blocks::default();
        let server = geyser::serve(blocks.clone(), 500, None).await;
        server.conduct.doubles.store(doubles, Ordering::SeqCst);
        server.conduct.reorders.store(reorders, Ordering::SeqCst);
        let mut client = Client::open(alone(&server.url()), keys(), None);
        client.until(FeedEvent::Up).await;
        // Before the first slot there is nothing to resume from.
        let mut slot = blocks.push(0, &[]);
        client.until_slot(slot).await;
        for nth in 0..20 {
            slot = blocks.push(0, &trades(nth * 20..nth * 20 + 20));
            if nth % 5 == 0 {
                server.cut();
            }
        }
        client.until_slot(slot).await;
        client.came_once(&meaning(&trades(0..400)));
        client.health(|health| !doubles || health.duplicates >= 400).await;
        client.stop().await;
    }
}

/// A stream of some accounts tells neither how many of its transactions are in a block nor which one comes before
/// another: that one is missing can nobody know who has nothing but the stream. So nothing is told of it, not even a
/// gap; what depends on it must be right by other means, which the tests of real orders hold: balances are read,
/// and a landing is found by its signature.
#[tokio::test]
async fn a_single_transaction_that_the_server_loses_shows_nowhere_and_takes_no_other_with_it() {
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), 500, None).await;
    let mut client = Client::open(alone(&server.url()), keys(), None);
    client.until(FeedEvent::Up).await;
    server.conduct.loses.store(7, Ordering::SeqCst);
    let mut slot = 0;
    for nth in 0..10 {
        slot = blocks.push(nth % 2, &trades(nth * 5..nth * 5 + 5));
    }
    client.until_slot(slot).await;
    let told: Vec<_> =
        trades(0..50).into_iter().enumerate().filter(|(nth, _)| nth % 7 != 6).map(|(_, told)| told).collect();
    assert_eq!(server.conduct.lost.load(Ordering::SeqCst), 7);
    client.came_once(&meaning(&told));
    assert_eq!(client.feed, [FeedEvent::Up], "no gap: nobody can know");
    // From here on all comes again.
    server.conduct.loses.store(0, Ordering::SeqCst);
    let slot = blocks.push(0, &trades(50..60));
    client.until_slot(slot).await;
    client.came_once(&meaning(&[told, trades(50..60)].concat()));
    client.stop().await;
}

#[tokio::test]
async fn a_slot_that_dies_is_not_told_to_who_wants_what_is_confirmed() {
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), 500, None).await;
    let mut client = Client::open(alone(&server.url()), keys(), None);
    client.until(FeedEvent::Up).await;
    blocks.push(0, &trades(0..5));
    blocks.push_dead(&trades(5..10));
    let slot = blocks.push(0, &trades(5..8));
    client.until_slot(slot).await;
    client.came_once(&meaning(&trades(0..8)));
    assert_eq!(client.feed, [FeedEvent::Up]);
    client.stop().await;
}

#[tokio::test]
async fn what_the_engine_does_not_take_is_counted_in_its_place() {
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), 500, None).await;
    let mut keys = keys();
    keys.source.queue = 16;
    keys.source.patience = Duration::from_millis(10);
    let mut client = Client::open(alone(&server.url()), keys, None);
    client.live_at(0).await;
    blocks.push(0, &trades(0..200));
    // One place is taken by `Up`.
    client.health(|health| health.dropped == 185).await;
    client.until(FeedEvent::Dropped(185)).await;
    assert_eq!(client.came.len(), 15);
    let slot = blocks.push(0, &trades(200..205));
    client.until_slot(slot).await;
    assert_eq!(client.came.len(), 20);
    assert_eq!(client.feed, [FeedEvent::Up, FeedEvent::Dropped(185)]);
    client.stop().await;
}

#[tokio::test]
async fn following_a_token_edits_the_filter_on_the_open_stream() {
    let blocks = Blocks::default();
    let mut server = geyser::serve(blocks.clone(), 500, None).await;
    let mut client = Client::open(alone(&server.url()), keys(), None);
    client.until(FeedEvent::Up).await;
    let pool = canonical_pool(&mint());
    let pool_trades = |from: u64| (from..from + 3).map(|n| pool_trade(n, mint(), pool)).collect::<Vec<_>>();
    let slot = blocks.push(0, &pool_trades(0));
    client.until_slot(slot).await;
    assert!(client.came.is_empty(), "of a pool that is not followed nothing comes");

    assert!(client.stream.follow.follow(Mint(mint())));
    server.filters.wait_for(|pools| *pools == [pool.to_string()]).await.unwrap();
    let slot = blocks.push(0, &pool_trades(10));
    client.until_slot(slot).await;
    client.came_once(&meaning(&pool_trades(10)));

    // A reconnect follows too.
    server.cut();
    client.until(FeedEvent::Up).await;
    let slot = blocks.push(0, &pool_trades(20));
    client.until_slot(slot).await;
    client.came_once(&meaning(&[pool_trades(10), pool_trades(20)].concat()));

    client.stream.follow.unfollow(Mint(mint()));
    server.filters.wait_for(Vec::is_empty).await.unwrap();
    let slot = blocks.push(0, &[pool_trades(30), trades(40..41)].concat());
    client.until_slot(slot).await;
    client.came_once(&meaning(&[pool_trades(10), pool_trades(20), trades(40..41)].concat()));
    assert_eq!(server.conduct.subscriptions.load(Ordering::SeqCst), 2, "edited, not made anew");
    client.stop().await;
}

#[tokio::test]
async fn a_slot_that_dies_is_told_and_its_transactions_come_again_where_they_land() {
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), 500, None).await;
    let mut keys = keys();
    keys.grpc.commitment = Commitment::Processed;
    let mut client = Client::open(alone(&server.url()), keys, None);
    client.until(FeedEvent::Up).await;
    blocks.push(0, &trades(0..5));
    let dead = blocks.push_dead(&trades(5..10));
    client.until(FeedEvent::DeadSlot(Slot(dead))).await;
    assert_eq!(client.came.len(), 10);
    let again = blocks.push(0, &trades(5..8));
    client.until_slot(again).await;
    assert_eq!(client.came.values().filter(|count| **count == 2).count(), 3, "news in their new slot");
    assert_eq!(client.feed, [FeedEvent::Up, FeedEvent::DeadSlot(Slot(dead))], "a fork is no gap");
    client.stop().await;
}

#[tokio::test]
async fn dropping_the_receiver_ends_the_streams() {
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), 500, None).await;
    let mut client = Client::open(alone(&server.url()), keys(), None);
    assert_eq!(client.next().await, Event::Feed(FeedEvent::Up));
    let Client { stream, .. } = client;
    drop(stream.events);
    blocks.push(0, &trades(0..1));
    tokio::time::timeout(Duration::from_secs(60), stream.task).await.unwrap().unwrap();
}
