//! The agents' market: something happens on it, and the same for the same seed.

use momentum_core::ids::Signature;
use momentum_localnet::chain::{Chain, Options};
use momentum_localnet::market::Market;

struct Played {
    names: Vec<Signature>,
    failed: usize,
    /// Percent of the curve of the coin that came furthest.
    most_sold: u64,
}

/// Plays so many slots.
fn play(slots: u64) -> Played {
    let chain = Chain::new(Options::default());
    let begins = chain.slot();
    let mut market = Market::new(&chain, 5, "http://127.0.0.1:1/");
    let mut most_sold = 0;
    for _ in 0..slots {
        market.act();
        chain.step();
        most_sold = most_sold.max(market.most_sold());
    }
    let history = chain.history(begins);
    let failed = history.iter().filter(|landed| landed.error.is_some()).count();
    Played { names: history.iter().map(|landed| landed.signature).collect(), failed, most_sold }
}

#[test]
fn a_coin_gains_momentum_and_its_curve_sells_out_or_falls_back() {
    let Played { names, failed, most_sold } = play(170);
    assert!(names.len() > 150, "{}", names.len());
    assert!(failed * 20 < names.len(), "{failed} of {} failed", names.len());
    assert!(most_sold >= 80, "{most_sold} % of the best coin's curve were sold");
}

#[test]
fn the_same_seed_plays_the_same() {
    assert_eq!(play(12).names, play(12).names);
}
