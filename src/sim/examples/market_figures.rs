//! What a day of the embedded market is like, without any strategy looking at it: the figures that
//! `src/sim/market/temper.rs` is set by.
//!
//! `cargo run --release -p momentum-sim --example market_figures -- FIRST_SEED LAST_SEED`

#![allow(clippy::disallowed_methods, reason = "a program by itself: it reads its arguments")]

use std::collections::BTreeMap;
use std::time::Duration;

use momentum_core::event::{Event, MarketEvent, MarketKind, Quote, Reserves};
use momentum_core::ids::Mint;
use momentum_core::quotes::Curve;
use momentum_core::units::Price;
use momentum_sim::market::{BEGINNING, EmbeddedMarket, SimKeys};

/// Progress, in basis points, at which coins are looked at; and how long later again.
const MARKS: [u16; 7] = [3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000];
const LATER_S: i64 = 1_200;

/// What is kept of a coin.
#[derive(Default)]
struct Coin {
    launched: i64,
    trades: u64,
    /// An ordinary coin: quoted in SOL, no mayhem.
    ordinary: bool,
    graduated: bool,
    /// For each mark: when it was first reached, the price then, and the price at most `LATER_S` later.
    marks: [Option<(i64, u128, u128)>; MARKS.len()],
    completed_after_s: Option<i64>,
    last: u128,
}

impl Coin {
    fn see(&mut self, event: &MarketEvent) {
        match &event.kind {
            MarketKind::Launched(launched) => {
                self.launched = event.at.0;
                self.ordinary = launched.quote == Quote::Sol && !launched.mayhem;
            }
            MarketKind::Traded(trade) => {
                self.trades += 1;
                if let Reserves::Curve(curve) = trade.reserves {
                    self.price(event.at.0, &curve);
                }
            }
            MarketKind::Completed { .. } => self.completed_after_s = Some(event.at.0 - self.launched),
            MarketKind::Migrated { .. } => self.graduated = true,
            MarketKind::PoolOpened { .. } => {}
        }
    }

    fn price(&mut self, at: i64, curve: &Curve) {
        let progress = curve.progress(Curve::FRESH.real_token).unwrap_or_default().0;
        self.last = Price::of(curve.virtual_quote, curve.virtual_token).unwrap_or_default().0;
        for (mark, seen) in MARKS.iter().zip(&mut self.marks) {
            match seen {
                None if progress >= *mark => *seen = Some((at, self.last, self.last)),
                Some((reached, _, later)) if at - *reached <= LATER_S => *later = self.last,
                _ => {}
            }
        }
    }
}

fn main() {
    let mut seeds = std::env::args().skip(1).filter_map(|seed| seed.parse().ok());
    let first = seeds.next().unwrap_or(1);
    let last = seeds.next().unwrap_or(first);
    for seed in first..=last {
        let mut coins: BTreeMap<Mint, Coin> = BTreeMap::new();
        let market = EmbeddedMarket::new(seed, &SimKeys::default());
        for (_, event) in market.take_while(|(now, _)| *now < BEGINNING + Duration::from_hours(24)) {
            if let Event::Market(event) = event {
                coins.entry(event.mint).or_default().see(&event);
            }
        }
        show(seed, &coins);
    }
}

fn show(seed: u64, coins: &BTreeMap<Mint, Coin>) {
    let count = |which: fn(&Coin) -> bool| coins.values().filter(|coin| which(coin)).count();
    let bps = |part: usize| part * 10_000 / coins.len().max(1);
    println!(
        "seed {seed}: {} launches, {} trades, {} graduated ({} bps), {} bps under ten trades",
        coins.len(),
        coins.values().map(|coin| coin.trades).sum::<u64>(),
        count(|coin| coin.graduated),
        bps(count(|coin| coin.graduated)),
        bps(count(|coin| coin.trades < 10)),
    );
    let mut spans: Vec<i64> = coins.values().filter_map(|coin| coin.completed_after_s).collect();
    spans.sort_unstable();
    let tenths: Vec<_> = (1..10).filter_map(|tenth| spans.get(spans.len() * tenth / 10)).collect();
    println!("  seconds from launch to completion, by tenths: {tenths:?}");
    for (nth, mark) in MARKS.iter().enumerate() {
        let ordinary = coins.values().filter(|coin| coin.ordinary);
        let reached: Vec<_> = ordinary.filter_map(|coin| Some((coin, coin.marks[nth]?))).collect();
        let graduated = reached.iter().filter(|(coin, _)| coin.graduated).count();
        let ratio: u128 = reached.iter().map(|(_, (_, then, later))| later * 10_000 / (*then).max(1)).sum();
        println!(
            "  {} % of the curve: {} coins, {} % of them graduate, mean price {LATER_S} s later {} bps",
            mark / 100,
            reached.len(),
            graduated * 100 / reached.len().max(1),
            ratio / (reached.len() as u128).max(1),
        );
    }
}
