//! The agents' market: coins are launched, traded, rugged and graduated on it, and the same for the same seed.

use std::collections::BTreeMap;
use std::thread;

use momentum_chain::yellowstone::StreamedTransaction;
use momentum_core::event::{MarketEvent, MarketKind, Reserves, Side, Traded};
use momentum_core::ids::{Mint, Signature, Wallet};
use momentum_localnet::chain::{Chain, Landed, Options};
use momentum_localnet::market::Market;
use momentum_pump::decode::{Outcome, decode};

struct Played {
    names: Vec<Signature>,
    failed: usize,
    /// Percent of the curve of the coin that came furthest.
    most_sold: u64,
    /// What the programs told of it.
    events: Vec<MarketEvent>,
}

/// Plays so many slots.
fn play(seed: u64, slots: u64) -> Played {
    let chain = Chain::new(Options::default());
    let begins = chain.slot();
    let mut market = Market::new(&chain, seed, "http://127.0.0.1:1/");
    let mut most_sold = 0;
    for _ in 0..slots {
        market.act();
        chain.step();
        most_sold = most_sold.max(market.most_sold());
    }
    let history = chain.history(begins);
    let failed = history.iter().filter(|landed| landed.error.is_some()).count();
    let names = history.iter().map(|landed| landed.signature).collect();
    Played { names, failed, most_sold, events: history.iter().flat_map(|landed| told(landed)).collect() }
}

fn told(landed: &Landed) -> Vec<MarketEvent> {
    let (update, mut events) = (landed.update(), Vec::new());
    let transaction = StreamedTransaction::new(&update, Some(landed.time)).unwrap();
    decode(
        &transaction,
        |_| None,
        |outcome| {
            if let Outcome::Decoded(event) = outcome {
                events.push(event);
            }
        },
    );
    events
}

#[test]
fn a_coin_gains_momentum_and_its_curve_sells_out_or_falls_back() {
    let Played { names, failed, most_sold, .. } = play(5, 170);
    assert!(names.len() > 150, "{}", names.len());
    assert!(failed * 20 < names.len(), "{failed} of {} failed", names.len());
    assert!(most_sold >= 80, "{most_sold} % of the best coin's curve were sold");
}

/// What became of a coin.
#[derive(Debug, Default)]
struct Life {
    creator: Wallet,
    /// Percent of its curve that is sold.
    sold: u64,
    /// Buys and sales on its curve.
    on_curve: [usize; 2],
    /// Its creator sold when most of it was sold.
    rugged: bool,
    /// It was completed, then its pool was opened, then it was said to have migrated.
    migrating: Vec<&'static str>,
    /// Buys and sales on its pool.
    on_pool: [usize; 2],
}

impl Life {
    fn take(&mut self, kind: MarketKind) {
        let counted = |count: &mut [usize; 2], side: Side| count[usize::from(side == Side::Sell)] += 1;
        match kind {
            MarketKind::Launched(launched) => self.creator = launched.user,
            MarketKind::Traded(Traded { user, side, reserves: Reserves::Curve(curve), .. }) => {
                counted(&mut self.on_curve, side);
                self.rugged |= side == Side::Sell && user == self.creator && self.sold >= 80;
                self.sold = 100 - curve.real_token / 7_931_000_000_000;
            }
            MarketKind::Traded(Traded { side, .. }) => counted(&mut self.on_pool, side),
            MarketKind::Completed { .. } => self.migrating.push("completed"),
            MarketKind::PoolOpened { .. } => self.migrating.push("pool opened"),
            MarketKind::Migrated { .. } => self.migrating.push("migrated"),
        }
    }
}

#[test]
fn coins_are_launched_traded_rugged_and_graduated_and_the_same_seed_gives_the_same_history() {
    // Of this seed the first coin with momentum is rugged and the second graduates.
    let [one, other] = thread::scope(|threads| {
        [(); 2].map(|()| threads.spawn(|| play(19, 300))).map(|played| played.join().unwrap())
    });
    assert_eq!(one.names, other.names);
    let mut coins = BTreeMap::<Mint, Life>::new();
    for event in one.events {
        coins.entry(event.mint).or_default().take(event.kind);
    }
    let traded = coins.values().filter(|coin| coin.on_curve.iter().all(|count| *count > 0)).count();
    assert!(coins.len() > 12 && traded * 2 > coins.len(), "{coins:#?}");
    let rugged = |coin: &Life| coin.rugged && coin.sold < 50 && coin.migrating.is_empty();
    assert!(coins.values().any(rugged), "no coin was rugged: {coins:#?}");
    let graduated = |coin: &Life| {
        coin.migrating == ["completed", "pool opened", "migrated"]
            && coin.on_pool.iter().all(|count| *count > 0)
    };
    assert!(coins.values().any(graduated), "no coin graduated: {coins:#?}");
}
