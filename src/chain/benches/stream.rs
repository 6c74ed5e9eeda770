//! How many trades a second the real client takes from a Geyser server on loopback, server and client on the same
//! machine: 20,000 a second for `SECONDS` (60) with none lost, then 50,000 at once, drained in less than 2 s.

use std::env;
use std::time::{Duration, Instant};

use momentum_chain::stream::{Endpoint, Endpoints, Stream, StreamKeys, open};
use momentum_chain::tasks::Tasks;
use momentum_chain::yellowstone::update;
use momentum_core::event::{Event, FeedEvent};
use momentum_localnet::blocks::{Blocks, curve_trade, key, signature};
use momentum_localnet::geyser;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use yellowstone_grpc_proto::geyser::SubscribeUpdateTransaction;

const RATE: u64 = 20_000;
const BURST: u64 = 50_000;
/// A block each 400 ms comes as confirmed ones do: all at once.
const BLOCK: Duration = Duration::from_millis(400);

/// Trades with these numbers, encoded.
fn encoded(
    template: &SubscribeUpdateTransaction,
    numbers: std::ops::Range<u64>,
) -> Vec<SubscribeUpdateTransaction> {
    numbers
        .map(|number| {
            let mut update = template.clone();
            let name = signature(number).0.to_vec();
            if let Some(info) = &mut update.transaction {
                if let Some(body) = &mut info.transaction {
                    body.signatures = vec![name.clone()];
                }
                info.signature = name;
            }
            update
        })
        .collect()
}

/// Takes market events until there were so many, or none for 10 s; says how many.
async fn take(stream: &mut Stream, count: u64) -> u64 {
    let mut taken = 0;
    while taken < count {
        match timeout(Duration::from_secs(10), stream.events.recv()).await {
            Ok(Some(Event::Market(_))) => taken += 1,
            Ok(Some(Event::Feed(FeedEvent::Dropped(dropped)))) => println!("dropped: {dropped}"),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => break,
        }
    }
    taken
}

async fn figures(seconds: u64) {
    let template = update(&curve_trade(0, key(1, 1)));
    let blocks = Blocks::default();
    let server = geyser::serve(blocks.clone(), u64::MAX, None).await;
    let endpoints = Endpoints { grpc: vec![Endpoint::new("loopback", server.url())], websocket: None };
    let cancel = CancellationToken::new();
    let mut stream = open(endpoints, StreamKeys::default(), None, None, &Tasks::default(), &cancel);
    while stream.events.recv().await != Some(Event::Feed(FeedEvent::Up)) {}

    let per_block = RATE * 2 / 5;
    let count = RATE * seconds;
    let source = blocks.clone();
    let first = template.clone();
    let from = Instant::now();
    let teller = tokio::spawn(async move {
        let mut ticks = interval(BLOCK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for block in 0..count / per_block {
            ticks.tick().await;
            source.push_encoded(0, encoded(&first, block * per_block..(block + 1) * per_block));
        }
    });
    let taken = take(&mut stream, count).await;
    let took = from.elapsed();
    println!("sustained: {taken} of {count} trades in {:.2} s, {} lost", took.as_secs_f64(), count - taken);
    teller.abort();

    let burst = encoded(&template, count..count + BURST);
    let from = Instant::now();
    blocks.push_encoded(0, burst);
    let taken = take(&mut stream, BURST).await;
    println!("burst: {taken} of {BURST} trades drained in {:.2} s", from.elapsed().as_secs_f64());
    let health = stream.health.borrow().clone();
    println!("health: {} reconnects, {} dropped, {} gaps", health.reconnects, health.dropped, health.gaps);
    cancel.cancel();
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = env::var("SECONDS").map_or(Ok(60), |text| text.parse())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(figures(seconds));
    Ok(())
}
