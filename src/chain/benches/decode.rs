//! How long the decoding of a recorded transaction takes, out of the protobuf structs that a stream brings.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::{env, fs};

use criterion::{Criterion, criterion_group, criterion_main};
use momentum_chain::yellowstone::{StreamedTransaction, update};
use momentum_pump::decode::{Outcome, decode};
use momentum_pump::transaction::read_transactions;

/// The recorded transactions by file name.
fn recorded(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<(String, String)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            Some((name, fs::read_to_string(path).ok()?))
        })
        .collect();
    files.sort();
    files
}

fn decode_recorded(criterion: &mut Criterion) {
    let data = env::var_os("MOMENTUM_TEST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/pumpfun")),
        PathBuf::from,
    );
    let folder = data.join("fixtures/transactions");
    let files = recorded(&folder);
    if files.is_empty() {
        println!("skipped: no recorded transactions in {}", folder.display());
    }
    let mut group = criterion.benchmark_group("decode");
    for (name, text) in files {
        // The file of expected values among them is no transaction.
        let Ok(transactions) = read_transactions(&text) else { continue };
        for transaction in &transactions {
            let update = update(transaction);
            let mut outcomes: Vec<Outcome> = Vec::with_capacity(64);
            group.bench_function(&name, |bencher| {
                bencher.iter(|| {
                    outcomes.clear();
                    if let Some(streamed) = StreamedTransaction::new(black_box(&update), None) {
                        decode(&streamed, |_| None, |outcome| outcomes.push(outcome));
                    }
                    black_box(outcomes.len())
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, decode_recorded);
criterion_main!(benches);
