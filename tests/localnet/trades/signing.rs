//! How long an order takes to become signed bytes: built from a coin as it was read, checked instruction by
//! instruction, signed.

#![allow(clippy::unwrap_used, reason = "a bench that cannot run says so by its panic")]

#[allow(dead_code, reason = "the tests of trades use all of it")]
mod stage;

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use momentum_chain::trade::Route;
use momentum_core::action::Swap;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_localnet::programs::Build;

use stage::{SOL, Stage};

/// Orders of which the slowest hundredth is looked for.
const ORDERS: usize = 20_000;

fn signing(criterion: &mut Criterion) {
    let stage = Stage::of("signing", Build::default());
    let mint = stage.launched(false);
    let mut group = criterion.benchmark_group("build and sign");
    for graduated in [false, true] {
        if graduated {
            stage.graduate(&mint);
        }
        let (coin, terms) = (stage.coin(&mint), stage.terms(Route::Auto));
        let buy = Swap::Buy { spend: Lamports(SOL / 2), min_tokens: TokenAmount(1) };
        let sell = Swap::Sell { tokens: TokenAmount(1_000_000), min_lamports: Lamports(1) };
        for (name, swap) in [("buy", buy), ("sell", sell)] {
            let order = stage.order(&coin, swap);
            let name = format!("{name} on the {}", if graduated { "pool" } else { "curve" });
            group.bench_function(&name, |bencher| {
                bencher.iter(|| stage.make(black_box(&order), &coin, &terms));
            });
            let mut took: Vec<_> = (0..ORDERS)
                .map(|_| {
                    let began = Instant::now();
                    black_box(stage.make(black_box(&order), &coin, &terms));
                    began.elapsed()
                })
                .collect();
            took.sort_unstable();
            println!("{name}: p50 {:?}, p99 {:?} of {ORDERS}", took[ORDERS / 2], took[ORDERS * 99 / 100]);
        }
    }
    group.finish();
}

criterion_group!(benches, signing);
criterion_main!(benches);
