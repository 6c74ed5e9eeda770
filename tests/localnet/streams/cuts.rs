//! Cuts at any byte: everything arrives, once, and no gap is claimed where there is none.
//!
//! `CUTS` and `SEED` choose how many and where; the seed is printed. Many cuts are many seeds.

use std::fs;
use std::time::Duration;

use momentum_core::event::{Event, FeedEvent};
use momentum_core::ids::Slot;
use momentum_localnet::blocks::{Blocks, FIRST, time_of};
use momentum_localnet::geyser;
use momentum_localnet::line::Line;
use momentum_pump::programs::PUMP;
use momentum_pump::transaction::{OwnedTransaction, read_transactions};
use momentum_sim::rng::Rng;

use crate::recordings;
use crate::stage::{Client, alone, keys, meaning, trades};

const TRADES: u64 = 100_000;
/// Bytes of two slots: a stream that is cut more often than that gets nowhere.
const LEAST: u64 = 50_000;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// The real transactions that a client of the curve program is sent.
fn recorded() -> Vec<OwnedTransaction> {
    let Some(folder) = recordings::folder() else { return Vec::new() };
    let mut files: Vec<_> = fs::read_dir(folder.join("fixtures/transactions"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    // The file of expected values among them is no transaction.
    let found = texts.filter_map(|text| read_transactions(&text).ok()).flatten();
    let mut found: Vec<_> = found.filter(|transaction| transaction.keys.contains(&PUMP.0)).collect();
    found.iter_mut().for_each(|transaction| transaction.time = Some(time_of(FIRST)));
    assert!(found.len() >= 5, "{}", found.len());
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cuts_at_any_byte_lose_nothing_and_double_nothing() {
    let (cuts, seed) = (setting("CUTS", 50), setting("SEED", 1));
    println!("CUTS={cuts} SEED={seed}");
    let mut rng = Rng::new(seed, 0);
    let mut all = trades(0..TRADES);
    let real = recorded();
    for transaction in real {
        let place = usize::try_from(rng.below(u64::try_from(all.len()).unwrap())).unwrap();
        all.insert(place, transaction);
    }
    let expected = meaning(&all);
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), u64::MAX, None).await;
    let line = Line::to(server.address).await;
    let mut keys = keys();
    keys.source.pause_max = Duration::from_millis(40);
    let mut client = Client::open(alone(&format!("http://{}", line.address)), keys, None);
    client.until(FeedEvent::Up).await;
    // Before the first slot there is nothing to resume from.
    client.until_slot(blocks.push(0, &[])).await;
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        let count = rest.len().min(usize::try_from(rng.between(1, 40)).unwrap());
        blocks.push(if rng.below(20) == 0 { 3 } else { 0 }, &rest[..count]);
        rest = &rest[count..];
    }
    let last = blocks.get(blocks.count() - 1).unwrap().slot;
    // A transaction is some 700 bytes: the last cut is made well before the end.
    let most = TRADES * 250 / cuts.max(1);
    assert!(most >= LEAST, "so many cuts leave no room for two slots between them: use more seeds");
    line.cut_after((0..cuts).map(|_| rng.between(1, most)));
    loop {
        if let Event::Feed(FeedEvent::Slot { slot: Slot(slot), .. }) = client.next().await
            && slot == last
        {
            break;
        }
    }
    client.came_once(&expected);
    assert!(!client.feed.iter().any(|feed| matches!(feed, FeedEvent::Gap { .. } | FeedEvent::Dropped(_))));
    assert!(client.slots.is_sorted(), "events came out of the order of their slots");
    let (made, health) = (*line.cuts().borrow(), client.stream.health.borrow().clone());
    println!("{made} cuts, {} events, {} came again and were left out", expected.len(), health.duplicates);
    assert_eq!(made, cuts);
    client.stop().await;
}
