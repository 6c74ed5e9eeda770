//! What Market, and the whole engine, cost: per trade over 1 k, 5 k and 100 k tracked tokens, per token in a scoring pass, and in
//! bytes (performance.md §2 and P4, P5).
//!
//! The tape is synthetic: tokens by Zipf's law, a thousand wallets a token, amounts around half a SOL, reserves
//! by the exact curve, 10,000 trades a second of market time, which is the design load. Times are those that the
//! thread was on a processor, so that other work on the machine shows as little as possible.

#![allow(
    unsafe_code,
    missing_docs,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use momentum_core::action::Effects;
use momentum_core::analysis::Analysis;
use momentum_core::config::Config;
use momentum_core::engine::Engine;
use momentum_core::event::{
    Envelope, Event, Launched, MarketEvent, MarketKind, Mode, Quote, Reserves, RunEvent, Side, Started,
    TradeFees, Traded,
};
use momentum_core::ids::{Mint, Pubkey, Seq, Signature, Slot, Wallet};
use momentum_core::market::Market;
use momentum_core::quotes::{Curve, Rates};
use momentum_core::time::{ChainTime, Timestamp};
use momentum_core::units::{Bps, Lamports, TokenAmount};

/// Counts the bytes that are allocated, for the memory a token takes.
struct Counting;

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Nanoseconds that this thread was on a processor.
struct OnProcessor;

impl OnProcessor {
    #[allow(clippy::disallowed_methods, reason = "a bench looks at its clock")]
    fn now() -> u64 {
        let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
        schedstat.split(' ').next().and_then(|ns| ns.parse().ok()).expect("nanoseconds first")
    }
}

impl Measurement for OnProcessor {
    type Intermediate = u64;
    type Value = Duration;

    fn start(&self) -> u64 {
        Self::now()
    }
    fn end(&self, start: u64) -> Duration {
        Duration::from_nanos(Self::now() - start)
    }
    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }
    fn zero(&self) -> Duration {
        Duration::ZERO
    }
    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }
    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

const START: i64 = 1_800_000_000;
const TRADES: usize = 400_000;
const TRADES_PER_SECOND: i64 = 10_000;

/// xorshift64*: any generator will do.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    fn key(&mut self) -> [u8; 32] {
        let mut key = [0; 32];
        key.chunks_exact_mut(8).for_each(|word| word.copy_from_slice(&self.next().to_le_bytes()));
        key
    }
}

fn wallet(token: u64, n: u64) -> Wallet {
    Wallet(Pubkey(Random(token << 20 ^ n ^ 0x9e37_79b9_7f4a_7c15).key()))
}

fn mint(token: u64) -> Mint {
    Mint(Pubkey(Random(token ^ 0x5851_f42d_4c95_7f2d).key()))
}

struct Tape {
    launches: Vec<Envelope>,
    trades: Vec<Envelope>,
}

impl Tape {
    fn new(tokens: u64, trades: usize, zipf: bool) -> Self {
        let mut random = Random(0x1234_5678_9abc_def1 ^ tokens);
        let mut seq = 0;
        let mut envelope = |token: u64, at: i64, micros: i64, random: &mut Random, kind| {
            seq += 1;
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&random.key());
            let slot = Some(Slot(((at - START) as u64) * 5 / 2 + 1_000));
            let event = MarketEvent {
                at: ChainTime(at),
                slot,
                signature: Signature(signature),
                ordinal: 0,
                mint: mint(token),
                kind,
            };
            Envelope { seq: Seq(seq), now: Timestamp(at * 1_000_000 + micros), event: Event::from(event) }
        };
        let launches = (0..tokens)
            .map(|token| {
                let creator = wallet(token, 0);
                let launched = Launched {
                    name: String::new(),
                    symbol: String::new(),
                    uri: String::new(),
                    user: creator,
                    creator,
                    quote: Quote::Sol,
                    curve: Some(Curve::FRESH),
                    supply: Some(TokenAmount(1_000_000_000_000_000)),
                    token_2022: Some(true),
                    mayhem: false,
                    creator_rate: None,
                };
                // Evaluations are spread over their period, as launches are in life.
                let micros = (token * 30_000_000 / tokens) as i64;
                let (at, micros) = (START + micros / 1_000_000, micros % 1_000_000);
                envelope(token, at, micros, &mut random, MarketKind::Launched(Box::new(launched)))
            })
            .collect();
        let weights: Vec<f64> = (1..=tokens)
            .scan(0.0, |sum, rank| {
                *sum += if zipf { 1.0 / rank as f64 } else { 1.0 };
                Some(*sum)
            })
            .collect();
        let whole = weights[weights.len() - 1];
        let free = Rates { lp: Bps(0), protocol: Bps(0), creator: Bps(0) };
        let mut curves = vec![Curve::FRESH; tokens as usize];
        let trades = (0..trades)
            .map(|n| {
                let drawn = random.below(1 << 53) as f64 / (1_u64 << 53) as f64 * whole;
                let token = weights.partition_point(|sum| *sum < drawn).min(tokens as usize - 1);
                let curve = &mut curves[token];
                // Around 70 SOL a curve turns back, so that none is ever complete.
                let buy = random.below(100) < if curve.real_quote > 70_000_000_000 { 20 } else { 55 };
                let lamports = 50_000_000 + random.below(900_000_000);
                let bought = buy.then(|| curve.buy_exact_quote(lamports, &free)).flatten();
                let (side, quote_amount, amount) = match bought {
                    Some(bought) => {
                        *curve = curve.after_buy(&bought);
                        (Side::Buy, bought.net, bought.tokens)
                    }
                    None => {
                        let tokens = (Curve::FRESH.real_token - curve.real_token).min(lamports * 20_000);
                        let sold = curve.sell(tokens, &free).unwrap_or_default();
                        *curve = curve.after_sell(&sold);
                        (Side::Sell, sold.gross, sold.tokens)
                    }
                };
                let traded = Traded {
                    user: wallet(token as u64, random.below(1_000)),
                    side,
                    quote: Quote::Sol,
                    quote_amount,
                    tokens: TokenAmount(amount),
                    reserves: Reserves::Curve(*curve),
                    fees: TradeFees::default(),
                    creator: Some(wallet(token as u64, 0)),
                    creator_rate: Some(Bps(30)),
                    mayhem: false,
                };
                let n = n as i64;
                let at = START + 30 + n / TRADES_PER_SECOND;
                let micros = n % TRADES_PER_SECOND * 1_000_000 / TRADES_PER_SECOND;
                envelope(token as u64, at, micros, &mut random, MarketKind::Traded(traded))
            })
            .collect();
        Self { launches, trades }
    }
}

/// A market with the sinks that its caller keeps, cleared after every event as the loop does.
struct Run {
    market: Market,
    config: Config,
    effects: Effects,
    evaluations: Vec<Arc<Analysis>>,
    evaluated: usize,
}

impl Run {
    fn new(tape: &Tape) -> Self {
        let mut run = Self {
            market: Market::default(),
            config: Config::default(),
            effects: Effects::default(),
            evaluations: Vec::new(),
            evaluated: 0,
        };
        tape.launches.iter().for_each(|envelope| run.apply(envelope));
        run
    }

    fn apply(&mut self, envelope: &Envelope) {
        self.market.on_event(envelope, &self.config, &mut self.effects, &mut self.evaluations);
        self.evaluated += self.evaluations.len();
        self.effects.actions.clear();
        self.effects.facts.clear();
        self.evaluations.clear();
    }
}

fn trades(c: &mut Criterion<OnProcessor>) {
    let mut group = c.benchmark_group("market/trade");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(8))
        .throughput(Throughput::Elements(TRADES as u64));
    for (name, tokens, zipf) in [
        ("zipf/1k", 1_000, true),
        ("zipf/5k", 5_000, true),
        ("zipf/100k", 100_000, true),
        ("uniform/100k", 100_000, false),
    ] {
        let tape = Tape::new(tokens, TRADES, zipf);
        let before = ALLOCATED.load(Ordering::Relaxed);
        let mut run = Run::new(&tape);
        let launched = ALLOCATED.load(Ordering::Relaxed) - before;
        tape.trades.iter().for_each(|envelope| run.apply(envelope));
        let traded = ALLOCATED.load(Ordering::Relaxed) - before;
        println!(
            "market/bytes/{name}: {} tracked, {} B a token as launched, {} B after the tape, {} evaluations",
            run.market.tracked(),
            launched / tokens as usize,
            traded / tokens as usize,
            run.evaluated
        );
        drop(run);
        group.bench_function(name, |b| {
            b.iter_batched(
                || Run::new(&tape),
                |mut run| {
                    tape.trades.iter().for_each(|envelope| run.apply(envelope));
                    run
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// The same tape through Market and Trader, as a run on paper has them: the whole engine a trade.
fn engine(c: &mut Criterion<OnProcessor>) {
    let mut group = c.benchmark_group("engine/trade");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(8))
        .throughput(Throughput::Elements(TRADES as u64));
    for (name, tokens) in [("zipf/1k", 1_000), ("zipf/5k", 5_000), ("zipf/100k", 100_000)] {
        let tape = Tape::new(tokens, TRADES, true);
        let fresh = || {
            let (mut engine, mut effects) = (Engine::default(), Effects::default());
            let started = Started {
                run_id: String::new(),
                mode: Mode::Paper,
                config: Arc::default(),
                wallets: vec![(wallet(0, 0), Lamports::sol(10))],
                warm_until: None,
            };
            let started = Event::Run(RunEvent::Started(Box::new(started)));
            let now = Timestamp(START * 1_000_000);
            engine.on_event(&Envelope { seq: Seq(0), now, event: started }, &mut effects);
            for envelope in &tape.launches {
                engine.on_event(envelope, &mut effects);
                effects.actions.clear();
                effects.facts.clear();
            }
            (engine, effects)
        };
        group.bench_function(name, |b| {
            b.iter_batched(
                fresh,
                |(mut engine, mut effects)| {
                    for envelope in &tape.trades {
                        engine.on_event(envelope, &mut effects);
                        effects.actions.clear();
                        effects.facts.clear();
                    }
                    engine
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// Bytes of one busy token: 500 holders, trades in 60 of its buckets. What Market remembers of every event to know
/// it again is not the token's: the same events, of a token that is not tracked, take that much.
fn active_token(_: &mut Criterion<OnProcessor>) {
    for (name, trades, seconds) in
        [("19 trades", 19, 60), ("500 holders", 2_000, 600), ("an hour", 20_000, 3_600)]
    {
        let mut tape = Tape::new(1, trades, true);
        for (nth, envelope) in tape.trades.iter_mut().enumerate() {
            if let Event::Market(event) = &mut envelope.event {
                let passed = nth as u64 * seconds / trades as u64;
                event.at = ChainTime(START + passed as i64);
                event.slot = Some(Slot(1_000 + nth as u64 * seconds * 5 / 2 / trades as u64));
                envelope.now = event.at.timestamp();
                if let MarketKind::Traded(trade) = &mut event.kind {
                    trade.user = wallet(0, nth as u64 % 500);
                    (trade.side, trade.tokens) = (Side::Buy, TokenAmount(1 + nth as u64));
                }
            }
        }
        let mut strangers = tape.trades.clone();
        for envelope in &mut strangers {
            if let Event::Market(event) = &mut envelope.event {
                let user = wallet(0, 0);
                (event.mint, event.kind) = (mint(1), MarketKind::Completed { user });
            }
        }
        let bytes = |events: &[Envelope]| {
            let mut run = Run::new(&tape);
            let before = ALLOCATED.load(Ordering::Relaxed);
            events.iter().for_each(|envelope| run.apply(envelope));
            ALLOCATED.load(Ordering::Relaxed) - before
        };
        let (all, seen) = (bytes(&tape.trades), bytes(&strangers));
        println!("market/bytes/one token, {name}: {} B, and {seen} B to know its events again", all - seen);
    }
}

fn scoring(c: &mut Criterion<OnProcessor>) {
    const TOKENS: u64 = 100_000;
    let mut group = c.benchmark_group("market/score");
    group.sample_size(10).measurement_time(Duration::from_secs(8)).throughput(Throughput::Elements(TOKENS));
    let mut tape = Tape::new(TOKENS, 4 * TOKENS as usize, false);
    // Launches are spread over the first half minute and all trades come at its end, so that the ticks of the
    // second one find every token due, a few hundred at a time as in life.
    for envelope in &mut tape.trades {
        envelope.now = Timestamp((START + 30) * 1_000_000 - 1);
    }
    let ticks: Vec<Envelope> = (0..=120)
        .map(|nth| Envelope {
            seq: Seq(0),
            now: Timestamp((START + 30) * 1_000_000 + nth * 250_000),
            event: Event::Tick,
        })
        .collect();
    group.bench_function("100k", |b| {
        b.iter_batched(
            || {
                let mut run = Run::new(&tape);
                tape.trades.iter().for_each(|envelope| run.apply(envelope));
                run.evaluated = 0;
                run
            },
            |mut run| {
                ticks.iter().for_each(|tick| run.apply(black_box(tick)));
                assert!(run.evaluated > TOKENS as usize * 9 / 10, "{}", run.evaluated);
                run
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group! {
    name = market;
    config = Criterion::default().with_measurement(OnProcessor);
    targets = active_token, trades, engine, scoring
}
criterion_main!(market);
