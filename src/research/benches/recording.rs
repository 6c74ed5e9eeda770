//! Reading recordings back: envelopes a second out of Parquet, and a whole backtest from it, on one core.
//!
//! The session is six hours of the embedded market as `momentum run --record` records it. Bytes are printed
//! once, of a trade and of any event.

#![allow(clippy::unwrap_used, reason = "a bench that cannot measure ends")]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use momentum_core::config::{Config, Section};
use momentum_core::engine::Engine;
use momentum_core::event::{Event, MarketKind, Mode, RunEvent, Started};
use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::units::Lamports;
use momentum_research::{backtest, replay};
use momentum_sim::clocked::Clocked;
use momentum_sim::driver::{Answers, Driver};
use momentum_sim::market::{BEGINNING, EmbeddedMarket, SimKeys};
use momentum_sim::paper::Paper;
use momentum_sim::venue::{Strictness, Venue};
use momentum_store::record::Source;
use momentum_store::recording::{About, Patience, RecordKeys, Recorder, Session};

/// Market time that is recorded.
const SPAN: Duration = Duration::from_secs(6 * 3_600);

fn started(config: &Arc<Config>) -> Event {
    Event::Run(RunEvent::Started(Box::new(Started {
        run_id: "bench".to_owned(),
        mode: Mode::Paper,
        config: Arc::clone(config),
        wallets: vec![(Wallet(Pubkey([1; 32])), Lamports(10_000_000_000))],
        warm_until: None,
    })))
}

/// Records the session and gives it with its events and trades.
fn recorded(folder: &Path, config: &Arc<Config>) -> (Session, u64, u64) {
    let about = About {
        run_id: "bench".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: Mode::Paper,
        network: Some("sim".to_owned()),
        source: Source::Sim,
        seed: Some(7),
        config: Default::default(),
        config_hash: config.hash,
    };
    let mut recorder =
        Recorder::create(folder, about, None, &RecordKeys::shipped(), Patience::Endless).unwrap();
    let (mut events, mut trades) = (0, 0);
    let venue = Venue::new(Paper::shipped(), &config.execution, Strictness::Paper);
    let mut driver = Driver::new(Engine::default(), Some(venue), Answers::NotConfigured);
    let mut sink = |envelope: &_, effects: &momentum_core::action::Effects| {
        let envelope: &momentum_core::event::Envelope = envelope;
        events += 1;
        if let Event::Market(market) = &envelope.event {
            trades += u64::from(matches!(market.kind, MarketKind::Traded(_)));
        }
        recorder.append(envelope, &effects.facts).unwrap();
    };
    driver.feed(BEGINNING, started(config), &mut sink);
    let market = EmbeddedMarket::new(7, &SimKeys::shipped());
    for (now, event) in Clocked::new(market).take_while(|(now, _)| *now < BEGINNING + SPAN) {
        driver.feed(now, event, &mut sink);
    }
    let session = recorder.session().to_owned();
    recorder.finish().unwrap();
    (Session::open(&session).unwrap(), events, trades)
}

fn recording(criterion: &mut Criterion) {
    let folder: PathBuf = std::env::temp_dir().join(format!("momentum-bench-{}", std::process::id()));
    let config = Arc::new(Config::default());
    let (session, events, trades) = recorded(&folder, &config);
    let bytes: u64 = session.manifest().segments.iter().map(|segment| segment.events.bytes).sum();
    println!("{events} events, {trades} trades: {} B a trade, {} B an event", bytes / trades, bytes / events);
    let mut group = criterion.benchmark_group("recording");
    group.sample_size(10).throughput(Throughput::Elements(events));
    group.bench_function("envelopes", |bencher| {
        bencher.iter(|| session.envelopes().map(|envelope| black_box(envelope.unwrap()).seq.0).sum::<u64>());
    });
    group.bench_function("replay", |bencher| {
        let go_on = AtomicBool::new(false);
        bencher.iter(|| replay::compare(&session, &go_on, &mut |_| ()).unwrap().decisions);
    });
    group.bench_function("backtest", |bencher| {
        let go_on = AtomicBool::new(false);
        bencher.iter_batched(
            || started(&config),
            |first| {
                let told =
                    session.envelopes().map(Result::unwrap).filter_map(|envelope| match &envelope.event {
                        Event::Market(_) | Event::Enriched(_) | Event::Feed(_) => {
                            Some((envelope.now, envelope.event))
                        }
                        _ => None,
                    });
                let (paper, execution) = (Paper::shipped(), &config.execution);
                let events = Clocked::new(told);
                backtest::run((BEGINNING, first), events, paper, execution, &go_on, &mut |_, _| ()).now()
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
    fs::remove_dir_all(folder).unwrap();
}

criterion_group!(benches, recording);
criterion_main!(benches);
