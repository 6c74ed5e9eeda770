//! A trader, a hand-made market, and an executor that says what the test wants.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::action::{Action, Basis, Effects, Order, Swap};
use crate::analysis::{Analysis, Learned, Metrics, Score};
use crate::codes::RefusalCode;
use crate::config::Config;
use crate::event::{
    Command, Commanded, Event, ExecutionEvent, ExecutionKind, Fill, MarketEvent, MarketKind, Mode,
    NetworkCosts, Quote, RunEvent, Side, Started, Unknown,
};
use crate::fact::{Fact, PositionClosed};
use crate::ids::{AttemptId, Mint, Pubkey, Seq, Signature, Slot, Wallet};
use crate::market::{FeedHealth, TokenView};
use crate::protections::Protections;
use crate::quotes::{Curve, Liquidity, Pool, Rates};
use crate::ratio::Ratio;
use crate::time::{ChainTime, Timestamp};
use crate::trader::positions::Position;
use crate::trader::signals::{EntrySignal, Level};
use crate::trader::{Trader, Turn};
use crate::units::{Bps, Lamports, Points, Thousandths, TokenAmount};

pub(crate) const A: Mint = Mint(Pubkey([1; 32]));
pub(crate) const B: Mint = Mint(Pubkey([2; 32]));
pub(crate) const WALLET: Wallet = Wallet(Pubkey([9; 32]));
pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// 2026-01-01T12:00:00Z.
pub(crate) const NOON: i64 = 1_767_268_800 * SECOND;
pub(crate) const RATES: Rates = Rates { lp: Bps(0), protocol: Bps(95), creator: Bps(30) };

/// The fresh curve bought up to a progress.
pub(crate) fn curve_at(progress: u16) -> Curve {
    Curve::FRESH.at_progress(Curve::FRESH.real_token, Bps(progress)).unwrap()
}

/// A token on its curve with all facts known.
pub(crate) fn token_at(progress: u16) -> TokenView {
    TokenView {
        basis: Ok(Basis { liquidity: Liquidity::Curve(curve_at(progress)), rates: RATES }),
        initial_real_token: Ok(Curve::FRESH.real_token),
        quote: Quote::Sol,
        mayhem: false,
        complete: false,
        graduated: false,
        creator: Ok(Wallet(Pubkey([8; 32]))),
        atr: Err(Unknown::TooYoung),
        hard_fail: None,
        missing: Vec::new(),
        awaited: false,
        stale: false,
        traded: None,
    }
}

/// An evaluation with this score, everything else being good.
pub(crate) fn analysis(mint: Mint, now: Timestamp, score: u16) -> Analysis {
    Analysis {
        mint,
        now,
        at: now.chain(),
        metrics: Metrics {
            volume_5m: Lamports::sol(50),
            volume_15m: Lamports::sol(60),
            volume_1h: Lamports::sol(70),
            velocity: Ok(Ratio::of(2_i64, 1_i64).unwrap()),
            buy_ratio: Ok(Ratio::of(8_i64, 10_i64).unwrap()),
            spike: Ok(false),
            unique_buyers_5m: 100,
            wash_share: Ok(Ratio::of(0_i64, 1_i64).unwrap()),
            bundled_share: Ok(Ratio::of(0_i64, 1_i64).unwrap()),
            holders: Ok(500),
            holder_velocity: Ok(Thousandths(10_000)),
            top10: Ok(Ratio::of(1_i64, 10_i64).unwrap()),
            creator_share: Ok(Ratio::of(1_i64, 100_i64).unwrap()),
            holder_growth_1h: Ok(500),
            progress: Ok(Bps(8_500)),
            real_sol: Ok(Lamports::sol(55)),
            round_trip: Ok(Bps(250)),
            complete: false,
            links: Ok(3),
            members: Err(Unknown::NotConfigured),
            age_seconds: Ok(3_600),
            creator: Ok(Wallet(Pubkey([8; 32]))),
            mint: Err(Unknown::NotSeen),
        },
        learned: Learned { traded: None, mint: None, holders: None, links: None, members: None },
        score: Score {
            total: Points(score),
            complete: true,
            volume: Points(0),
            holders: Points(0),
            liquidity: Points(0),
            social: Points(0),
            safety: Points(1_000),
            flags: Vec::new(),
        },
        hard_fail: None,
        missing: Vec::new(),
        rank: None,
        breadth: Err(Unknown::TooYoung),
    }
}

/// The test's bench.
pub(crate) struct Bench {
    pub(crate) trader: Trader,
    pub(crate) config: Config,
    pub(crate) tokens: RefCell<BTreeMap<Mint, TokenView>>,
    pub(crate) feed: FeedHealth,
    pub(crate) now: i64,
    seq: u64,
    /// Facts and actions of the last event.
    pub(crate) effects: Effects,
    /// All facts since the start.
    pub(crate) told: Vec<Fact>,
    /// A broken invariant is what the test wants to see.
    pub(crate) lenient: bool,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(Protections::ALL, Mode::Paper, |_| {})
    }

    pub(crate) fn without(protections: Protections) -> Self {
        Self::with(protections, Mode::Paper, |_| {})
    }

    pub(crate) fn with(protections: Protections, mode: Mode, change: impl Fn(&mut Config)) -> Self {
        let mut config = Config::default();
        change(&mut config);
        let mut bench = Self {
            trader: Trader::new(protections),
            config,
            tokens: RefCell::default(),
            feed: FeedHealth {
                up: true,
                slot: Some(Slot(1_000)),
                slot_received: None,
                highest: Some(Slot(1_000)),
            },
            now: NOON,
            seq: 0,
            effects: Effects::default(),
            told: Vec::new(),
            lenient: false,
        };
        bench.start(mode, &[(WALLET, Lamports::sol(10))]);
        bench.token(A, token_at(8_500));
        bench
    }

    /// A process begins, with these wallets.
    pub(crate) fn start(&mut self, mode: Mode, wallets: &[(Wallet, Lamports)]) {
        let started = Started {
            run_id: "test".to_owned(),
            mode,
            config: std::sync::Arc::default(),
            wallets: wallets.to_vec(),
            warm_until: None,
        };
        self.event(&Event::Run(RunEvent::Started(Box::new(started))));
    }

    pub(crate) fn token(&self, mint: Mint, view: TokenView) {
        self.tokens.borrow_mut().insert(mint, view);
    }

    pub(crate) fn change(&self, mint: Mint, change: impl Fn(&mut TokenView)) {
        if let Some(view) = self.tokens.borrow_mut().get_mut(&mint) {
            change(view);
        }
    }

    /// Runs something inside one turn, as the engine does, with a stream that is fresh.
    fn turn<T>(&mut self, act: impl FnOnce(&mut Trader, &mut Turn<'_>) -> T) -> T {
        self.seq += 1;
        self.effects = Effects::default();
        let feed = FeedHealth { slot_received: Some(Timestamp(self.now)), ..self.feed };
        let tokens = self.tokens.borrow().clone();
        let token = |mint: Mint| tokens.get(&mint).cloned();
        let mut turn = Turn {
            seq: Seq(self.seq),
            now: Timestamp(self.now),
            config: &self.config,
            feed: &feed,
            token: &token,
            effects: &mut self.effects,
        };
        let result = act(&mut self.trader, &mut turn);
        self.trader.end_turn(&mut turn);
        self.told.extend(self.effects.facts.iter().cloned());
        let broken = self.effects.facts.iter().find(|fact| matches!(fact, Fact::InvariantBroken { .. }));
        assert!(self.lenient || broken.is_none(), "{broken:?}");
        result
    }

    /// The next event shares the seq of the last one.
    pub(crate) fn same_seq(&mut self) {
        self.seq -= 1;
    }

    pub(crate) fn event(&mut self, event: &Event) {
        self.turn(|trader, turn| trader.on_event(event, turn));
    }

    pub(crate) fn tick(&mut self) {
        self.event(&Event::Tick);
    }

    /// Ticks until `micros` have passed.
    pub(crate) fn wait(&mut self, micros: i64) {
        let end = self.now + micros;
        while self.now + SECOND / 4 <= end {
            self.now += SECOND / 4;
            self.tick();
        }
        self.now = end;
    }

    pub(crate) fn command(&mut self, who: &str, command: Command) {
        let (who, why) = (who.to_owned(), "test".to_owned());
        self.event(&Event::Command(Box::new(Commanded { who, why, command })));
    }

    /// Somebody trades the token; the reserves after it are those of its view.
    pub(crate) fn trade(&mut self, mint: Mint) {
        let event = MarketEvent {
            at: ChainTime(0),
            slot: None,
            signature: Signature::default(),
            ordinal: 0,
            mint,
            kind: MarketKind::Completed { user: Wallet::default() },
        };
        self.event(&Event::from(event));
    }

    /// The token now stands at this progress, and somebody traded it.
    pub(crate) fn trade_at(&mut self, mint: Mint, progress: u16) {
        let liquidity = Liquidity::Curve(curve_at(progress));
        self.change(mint, |view| view.basis = Ok(Basis { liquidity, rates: RATES }));
        self.trade(mint);
    }

    pub(crate) fn evaluate(&mut self, analysis: &Analysis) {
        self.turn(|trader, turn| trader.evaluated(analysis, turn));
    }

    pub(crate) fn signal(&self, mint: Mint) -> EntrySignal {
        let made = Timestamp(self.now);
        EntrySignal {
            mint,
            level: Level::StrongBuy,
            score: Points(9_000),
            progress: Bps(8_500),
            safety: Points(1_000),
            velocity: Thousandths(2_000),
            made,
            expires: made + self.config.signals.ttl,
            config: self.config.hash,
        }
    }

    pub(crate) fn enter(&mut self, mint: Mint) {
        let signal = self.signal(mint);
        self.turn(|trader, turn| trader.enter(&signal, turn));
    }

    pub(crate) fn told_of(&mut self, attempt: AttemptId, kind: ExecutionKind) {
        self.event(&Event::from(ExecutionEvent { attempt, kind }));
    }

    /// The orders that the last event submitted.
    pub(crate) fn submitted(&self) -> Vec<Order> {
        let order = |action: &Action| match action {
            Action::Submit(order) => Some((**order).clone()),
            _ => None,
        };
        self.effects.actions.iter().filter_map(order).collect()
    }

    /// The only order that the last event submitted.
    pub(crate) fn order(&self) -> Order {
        let orders = self.submitted();
        assert_eq!(orders.len(), 1, "{:?}", self.effects);
        orders[0].clone()
    }

    /// Signs and sends an attempt.
    pub(crate) fn send(&mut self, order: &Order) {
        let kind =
            ExecutionKind::Prepared { signature: Signature::default(), last_valid_height: 1, raw: vec![1] };
        self.told_of(order.attempt, kind);
        assert!(self.effects.actions.contains(&Action::Broadcast(order.attempt)));
        self.told_of(order.attempt, ExecutionKind::Sent { lane: "test".to_owned() });
    }

    /// What the order would fill at now.
    pub(crate) fn fill_of(&self, order: &Order) -> Fill {
        let basis = self.tokens.borrow()[&order.mint].basis.unwrap();
        let costs = NetworkCosts { base: Lamports(5_000), priority: order.priority, tip: order.tip };
        let (side, tokens, lamports, fees) = match order.swap {
            Swap::Buy { spend, .. } => {
                let bought = basis.liquidity.buy_exact_quote(spend.0, &basis.rates).unwrap();
                (Side::Buy, bought.tokens, bought.total, bought.fees)
            }
            Swap::Sell { tokens, .. } => {
                let sold = basis.liquidity.sell(tokens.0, &basis.rates).unwrap();
                (Side::Sell, tokens.0, sold.out, sold.fees)
            }
            Swap::Close | Swap::Withdraw { .. } => panic!("what is no swap is not filled"),
        };
        let rent_locked = Lamports(if side == Side::Buy { 2_074_080 } else { 0 });
        let (tokens, lamports) = (TokenAmount(tokens), Lamports(lamports));
        Fill { side, tokens, lamports, fees, costs, rent_locked, impact: None }
    }

    /// Signs, sends and lands an attempt at the present state.
    pub(crate) fn land(&mut self, order: &Order) -> Fill {
        self.send(order);
        self.land_sent(order)
    }

    /// Lands an attempt that was sent.
    pub(crate) fn land_sent(&mut self, order: &Order) -> Fill {
        let fill = self.fill_of(order);
        self.told_of(order.attempt, ExecutionKind::Landed { slot: Slot(1_001), fill });
        fill
    }

    /// Fails an attempt that was sent.
    pub(crate) fn fail_sent(&mut self, order: &Order) {
        let costs = NetworkCosts { base: Lamports(5_000), priority: order.priority, tip: order.tip };
        let error = "6003".to_owned();
        self.told_of(order.attempt, ExecutionKind::Failed { slot: Slot(1_001), error, costs });
    }

    /// Signs, sends and fails an attempt.
    pub(crate) fn fail(&mut self, order: &Order) {
        self.send(order);
        self.fail_sent(order);
    }

    /// Enters A at the present state and lands the buy.
    pub(crate) fn hold(&mut self) {
        self.hold_of(A);
    }

    pub(crate) fn hold_of(&mut self, mint: Mint) {
        self.enter(mint);
        let order = self.order();
        self.land(&order);
    }

    pub(crate) fn position(&self) -> &Position {
        self.trader.position(A).unwrap()
    }

    /// Codes of the refusals of the last event.
    pub(crate) fn refused(&self) -> Vec<RefusalCode> {
        let code = |fact: &Fact| match fact {
            Fact::Refused(refused) => Some(refused.code),
            _ => None,
        };
        self.effects.facts.iter().filter_map(code).collect()
    }

    /// Positions closed in the last event.
    pub(crate) fn closed(&self) -> Vec<PositionClosed> {
        let closed = |fact: &Fact| match fact {
            Fact::PositionClosed(closed) => Some(closed.clone()),
            _ => None,
        };
        self.effects.facts.iter().filter_map(closed).collect()
    }

    /// How often the last event told what `which` picks.
    pub(crate) fn count(&self, which: impl Fn(&Fact) -> bool) -> usize {
        self.effects.facts.iter().filter(|fact| which(fact)).count()
    }

    /// The token sits on a pool now.
    pub(crate) fn graduate(&self, mint: Mint) {
        let pool = Pool { base: 206_900_000_000_000, quote_vault: 84_990_359_084, virtual_quote: 0 };
        self.change(mint, |view| {
            view.complete = true;
            view.graduated = true;
            let rates = Rates { lp: Bps(2), protocol: Bps(93), creator: Bps(30) };
            view.basis = Ok(Basis { liquidity: Liquidity::Pool(pool), rates });
        });
    }
}
