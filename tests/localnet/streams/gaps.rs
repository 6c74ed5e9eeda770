//! Cuts past the server's replay window: the gap is told exactly, once, in its place; and filled where it can be.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use momentum_chain::stream::Filler;
use momentum_core::event::{Event, FeedEvent};
use momentum_core::ids::Slot;
use momentum_localnet::blocks::Blocks;
use momentum_localnet::geyser::{self, GeyserServerHandle};
use momentum_localnet::line::Line;

use crate::stage::{Client, alone, filler, keys, meaning, trades};

/// Cuts past the window.
const CUTS: u64 = 6;
/// Slots that can be replayed.
const WINDOW: u64 = 5;

/// Slots from a first to a last one.
fn slots(from: u64, to: u64) -> (Slot, Slot) {
    (Slot(from), Slot(to))
}

/// What happens while the line is down: so many blocks, some slots skipped, more than the window holds. Returns the
/// gap that must be told, and the events in it and behind it.
fn go_on_without(blocks: &Blocks, from: &mut u64, last: u64) -> (Slot, Slot) {
    for nth in 0..12 {
        blocks.push(nth % 3, &trades(*from..*from + 5));
        *from += 5;
    }
    let newest = blocks.get(blocks.count() - 1).unwrap().slot;
    let first = blocks.get(blocks.place(newest - WINDOW)).unwrap();
    slots(last + 1, first.parent)
}

async fn stage() -> (Blocks, GeyserServerHandle, Line) {
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), WINDOW, None).await;
    let line = Line::to(server.address).await;
    (blocks, server, line)
}

#[tokio::test]
async fn a_cut_past_the_window_is_a_gap_and_the_stream_goes_on_behind_it() {
    let (blocks, server, line) = stage().await;
    let mut client = Client::open(alone(&format!("http://{}", line.address)), keys(), None);
    client.until(FeedEvent::Up).await;
    let mut number = 0;
    for _ in 0..CUTS {
        let last = blocks.push(0, &trades(number..number + 5));
        number += 5;
        client.until_slot(last).await;
        line.refuse(true);
        line.cut();
        client.until(FeedEvent::Down).await;
        let (from, to) = go_on_without(&blocks, &mut number, last);
        line.refuse(false);
        // Nothing of a later slot comes before the gap.
        let come = client.slots.len();
        client.until(FeedEvent::Gap { from, to }).await;
        assert_eq!(client.slots.len(), come);
        let newest = blocks.push(2, &trades(number..number + 5));
        number += 5;
        client.until_slot(newest).await;
        assert!(client.slots[come..].iter().all(|slot| *slot > to.0), "only what is behind the gap came");
        let behind = blocks.place(to.0 + 1)..blocks.count();
        let sent: usize = behind.map(|place| blocks.get(place).unwrap().transactions.len()).sum();
        assert_eq!(client.slots.len() - come, sent);
    }
    let gaps = client.feed.iter().filter(|feed| matches!(feed, FeedEvent::Gap { .. })).count();
    assert_eq!(gaps, usize::try_from(CUTS).unwrap(), "each once: {:?}", client.feed);
    assert!(server.conduct.too_old.load(Ordering::SeqCst) >= CUTS);
    client.stop().await;
}

#[tokio::test]
async fn a_filled_gap_loses_nothing_and_keeps_the_order() {
    let (blocks, _server, line) = stage().await;
    let all = Arc::new(trades(0..1_000));
    let filler = filler(&blocks, &all);
    let mut client = Client::open(alone(&format!("http://{}", line.address)), keys(), Some(filler));
    client.until(FeedEvent::Up).await;
    let mut number = 0;
    for _ in 0..CUTS {
        let last = blocks.push(0, &trades(number..number + 5));
        number += 5;
        client.until_slot(last).await;
        line.refuse(true);
        line.cut();
        client.until(FeedEvent::Down).await;
        let (from, to) = go_on_without(&blocks, &mut number, last);
        line.refuse(false);
        client.until(FeedEvent::Gap { from, to }).await;
        client.until(FeedEvent::Filled { from, to }).await;
        let newest = blocks.push(0, &trades(number..number + 5));
        number += 5;
        client.until_slot(newest).await;
    }
    client.came_once(&meaning(&trades(0..number)));
    assert!(client.slots.is_sorted());
    client.stop().await;
}

#[tokio::test]
async fn a_filler_that_fails_leaves_the_gap_open_and_the_stream_goes_on() {
    let (blocks, _server, line) = stage().await;
    let refusal: momentum_chain::stream::Filler =
        Arc::new(|_, _| Box::pin(async { Err("no node has these slots".into()) }));
    let mut client = Client::open(alone(&format!("http://{}", line.address)), keys(), Some(refusal));
    client.until(FeedEvent::Up).await;
    let last = blocks.push(0, &trades(0..5));
    client.until_slot(last).await;
    line.refuse(true);
    line.cut();
    client.until(FeedEvent::Down).await;
    let (from, to) = go_on_without(&blocks, &mut 5, last);
    line.refuse(false);
    client.until(FeedEvent::Gap { from, to }).await;
    let newest = blocks.push(0, &trades(100..105));
    client.until_slot(newest).await;
    assert!(!client.feed.iter().any(|feed| matches!(feed, FeedEvent::Filled { .. })));
    client.stop().await;
}

#[tokio::test]
async fn a_slot_that_the_server_leaves_out_in_silence_is_a_gap_in_its_place() {
    for announces_not in [false, true] {
        let (blocks, server, line) = stage().await;
        server.conduct.announces_not.store(announces_not, Ordering::SeqCst);
        let mut client = Client::open(alone(&format!("http://{}", line.address)), keys(), None);
        client.until(FeedEvent::Up).await;
        let first = blocks.push(0, &trades(0..5));
        client.until_slot(first).await;
        server.conduct.leaves_out.store(first + 1, Ordering::SeqCst);
        assert_eq!(blocks.push(0, &trades(5..10)), first + 1);
        let third = blocks.push(4, &trades(10..15));
        let gap = FeedEvent::Gap { from: Slot(first + 1), to: Slot(first + 1) };
        assert_eq!(client.next().await, Event::Feed(gap));
        client.until_slot(third).await;
        client.came_once(&meaning(&[trades(0..5), trades(10..15)].concat()));
        client.stop().await;
    }
}

#[tokio::test]
async fn a_task_that_dies_in_the_middle_is_begun_again_behind_a_gap() {
    let (blocks, _server, line) = stage().await;
    let deadly: Filler = Arc::new(|_, _| panic!("a filler that nobody foresaw"));
    let endpoints = alone(&format!("http://{}", line.address));
    let mut client = Client::open(endpoints, keys(), Some(deadly));
    client.until(FeedEvent::Up).await;
    let last = blocks.push(0, &trades(0..5));
    client.until_slot(last).await;
    line.refuse(true);
    line.cut();
    client.until(FeedEvent::Down).await;
    let mut number = 5;
    let (from, to) = go_on_without(&blocks, &mut number, last);
    line.refuse(false);
    client.until(FeedEvent::Gap { from, to }).await;
    // What it had half told of its last slot nobody knows.
    client.until(FeedEvent::Down).await;
    let (from, to) = slots(last, last);
    client.until(FeedEvent::Gap { from, to }).await;
    client.until(FeedEvent::Up).await;
    let come = client.slots.len();
    let next = blocks.push(0, &trades(number..number + 5));
    client.until_slot(next).await;
    let (from, to) = slots(last + 1, next - 1);
    assert_eq!(client.feed.last(), Some(&FeedEvent::Gap { from, to }));
    assert!(client.slots[come..].iter().all(|slot| *slot == next), "nothing came before the gap");
    client.stop().await;
}
