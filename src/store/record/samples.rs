//! One of each record that a writer makes, for the tests of forms and schemas.

use std::sync::Arc;

use momentum_core::action::{Basis, Order, Swap};
use momentum_core::analysis::{Analysis, Breadth, EntryFact, Flag, HardFail, Learned, Metrics, Score};
use momentum_core::codes::RefusalCode;
use momentum_core::config::Config;
use momentum_core::event::{
    Answer, CurveFacts, Enriched, Envelope, Event, FeedEvent, Fill, Launched, Links, MarketEvent, MarketKind,
    MintFacts, Mode, NetworkCosts, Proof, Quote, Reserves, Side, TradeFees, Traded, Unknown,
};
use momentum_core::fact::{AttemptEnd, Fact, PositionClosed, Refused};
use momentum_core::ids::{AttemptId, Hash, Mint, OrderId, PoolId, Pubkey, Seq, Signature, Slot, Wallet};
use momentum_core::quotes::{Curve, FeeSchedule, FeeTier, Fees, Liquidity, Pool, Rates, Schedules, USDC};
use momentum_core::simulation::{Simulated, Simulation, Trip};
use momentum_core::time::{ChainTime, Timestamp};
use momentum_core::trader::exits::ExitReason;
use momentum_core::trader::signals::{EntrySignal, Level};
use momentum_core::trader::state::{Hold, TradingState};
use momentum_core::units::{Bps, Lamports, LamportsDelta, Points, Thousandths, TokenAmount};

use super::{Eof, Hello, RawEvent, RecordWriter, Source, Stage, Text};

pub(crate) const MINT: Mint = Mint(Pubkey([1; 32]));
const WALLET: Wallet = Wallet(Pubkey([2; 32]));
pub(crate) const NOW: Timestamp = Timestamp(1_785_327_618_000_000);
pub(crate) const BOUGHT: Swap =
    Swap::Buy { spend: Lamports(450_000_000), min_tokens: TokenAmount(1_400_000) };
const ATTEMPT: AttemptId = AttemptId { order: OrderId { seq: Seq(17), nth: 0 }, number: 1 };

pub(crate) fn writer(stage: Stage) -> RecordWriter {
    RecordWriter::new(stage, Source::Replay, "run-1", Hash([0xab; 32]))
}

fn curve() -> Curve {
    Curve {
        virtual_quote: 32_962_962_962,
        virtual_token: 976_550_561_855_907,
        real_quote: 2_962_962_962,
        real_token: 696_650_561_855_907,
    }
}

fn market(kind: MarketKind) -> Event {
    Event::from(MarketEvent {
        at: ChainTime(1_785_327_618),
        slot: Some(Slot(435_946_190)),
        signature: Signature([7; 64]),
        ordinal: 2,
        mint: MINT,
        kind,
    })
}

/// The trade of the product's example.
pub(crate) fn trade(change: impl FnOnce(&mut Traded)) -> Event {
    let mut trade = Traded {
        user: WALLET,
        side: Side::Buy,
        quote: Quote::Sol,
        quote_amount: 2_962_962_962,
        tokens: TokenAmount(96_449_438_144_093),
        reserves: Reserves::Curve(curve()),
        fees: TradeFees { lp: 0, protocol: 28_148_149, creator: 0, cashback: 8_888_889, buyback: 14_074_074 },
        creator: None,
        creator_rate: None,
        mayhem: false,
    };
    change(&mut trade);
    market(MarketKind::Traded(trade))
}

pub(crate) fn launch(name: &str) -> Event {
    market(MarketKind::Launched(Box::new(Launched {
        name: name.to_owned(),
        symbol: "\"S\\".to_owned(),
        uri: "https://x\u{7f}".to_owned(),
        user: WALLET,
        creator: WALLET,
        quote: Quote::Sol,
        curve: Some(curve()),
        supply: Some(TokenAmount(1_000_000_000_000_000)),
        token_2022: Some(true),
        mayhem: true,
        creator_rate: Some(Bps(30)),
    })))
}

pub(crate) fn enriched(answer: Answer) -> Event {
    Event::from(Enriched { mint: MINT, asked: NOW, as_of: Some(Slot(1)), answer })
}

fn events() -> Vec<Event> {
    let pool = Pool { base: 1, quote_vault: 2, virtual_quote: -3 };
    let pool_id = PoolId(Pubkey([3; 32]));
    let rates = Rates { lp: Bps(20), protocol: Bps(5), creator: Bps(30) };
    let tiers = vec![FeeTier { threshold: 420_000_000_000, rates }];
    let schedule = FeeSchedule { flat: rates, tiers: tiers.clone(), stable_tiers: tiers, exotic: rates };
    let schedules = Schedules { curve: schedule.clone(), pool: schedule, creator_fee_configurable: true };
    let mint = MintFacts {
        mint_authority: false,
        freeze_authority: false,
        foreign_extension: false,
        supply: TokenAmount(5),
    };
    let curve_facts = CurveFacts {
        curve: curve(),
        complete: false,
        creator: WALLET,
        quote: Quote::Sol,
        mayhem: false,
        creator_rate: None,
    };
    let proof = Proof { size: Lamports(1), proceeds: Lamports(1), compute_units: 120_000, creator: WALLET };
    let mut events = vec![
        launch("name"),
        trade(|_| {}),
        trade(|trade| {
            trade.quote = Quote::Other(USDC);
            trade.reserves = Reserves::Pool { pool: pool_id, before: pool };
            (trade.creator, trade.creator_rate, trade.mayhem) = (Some(WALLET), Some(Bps(30)), true);
        }),
        market(MarketKind::Completed { user: WALLET }),
        market(MarketKind::PoolOpened { pool: pool_id, reserves: pool, quote: Quote::Sol }),
        market(MarketKind::Migrated {
            pool: pool_id,
            tokens: TokenAmount(9),
            quote_amount: 9,
            quote: Quote::Sol,
        }),
        Event::Tick,
    ];
    let (from, to) = (Slot(1), Slot(2));
    let feed = [
        FeedEvent::Up,
        FeedEvent::Down,
        FeedEvent::Slot { slot: from, at: ChainTime(1) },
        FeedEvent::Gap { from, to },
        FeedEvent::Filled { from, to },
        FeedEvent::DeadSlot(from),
        FeedEvent::Dropped(3),
    ];
    events.extend(feed.map(Event::Feed));
    let links = Links { website: true, twitter: false, telegram: true };
    let answers = [
        Answer::Mint(Ok(mint)),
        Answer::Mint(Err(Unknown::NotConfigured)),
        Answer::Curve(Ok(curve_facts)),
        Answer::Holders(Ok(vec![(WALLET, TokenAmount(1))])),
        Answer::Metadata(Ok(links)),
        Answer::Members(Ok(512)),
        Answer::Pool(Ok((pool_id, pool))),
        Answer::Fees(Ok(Box::new(schedules))),
        Answer::Proof(Ok(proof)),
        Answer::Priority(Ok(Lamports(12_500))),
    ];
    events.extend(answers.map(enriched));
    events
}

/// An evaluation that knows little.
pub(crate) fn analysis() -> Analysis {
    let unknown = Unknown::TooYoung;
    Analysis {
        mint: MINT,
        now: NOW,
        at: NOW.chain(),
        metrics: Metrics {
            volume_5m: Lamports(1_500_000_000),
            volume_15m: Lamports(1_500_000_000),
            volume_1h: Lamports(1_500_000_000),
            velocity: Err(unknown),
            buy_ratio: momentum_core::ratio::Ratio::of(3_i64, 4_i64).ok_or(unknown),
            spike: Ok(true),
            unique_buyers_5m: 3,
            wash_share: Err(unknown),
            bundled_share: Err(unknown),
            holders: Ok(3),
            holder_velocity: Ok(Thousandths(-200)),
            top10: Err(unknown),
            creator_share: Err(unknown),
            holder_growth_1h: Ok(-1),
            progress: Ok(Bps(1_210)),
            real_sol: Ok(Lamports(2_962_962_962)),
            round_trip: Ok(Bps(312)),
            complete: false,
            links: Ok(1),
            members: Err(Unknown::NotConfigured),
            age_seconds: Ok(30),
            creator: Ok(WALLET),
            mint: Err(unknown),
        },
        learned: Learned { traded: Some(NOW), ..Learned::default() },
        score: Score {
            total: Points(2_350),
            complete: false,
            volume: Points(1_000),
            holders: Points(0),
            liquidity: Points(100),
            social: Points(300),
            safety: Points(950),
            flags: vec![Flag::WashTrading],
        },
        hard_fail: None,
        missing: vec![(EntryFact::Velocity, unknown)],
        rank: Some(1),
        breadth: Ok(Breadth { median: Points(1_250), below: Bps(8_123), above: Bps(1_500) }),
    }
}

pub(crate) fn signal(level: Level) -> EntrySignal {
    EntrySignal {
        mint: MINT,
        level,
        score: Points(8_125),
        progress: Bps(8_250),
        safety: Points(850),
        velocity: Thousandths(1_250),
        made: NOW,
        expires: Timestamp(NOW.0 + 10_000_000),
        config: Hash([0xab; 32]),
    }
}

fn order(swap: Swap, exit: Option<ExitReason>) -> Fact {
    Fact::OrderOpened(Box::new(ordered(swap, exit)))
}

pub(crate) fn ordered(swap: Swap, exit: Option<ExitReason>) -> Order {
    Order {
        attempt: ATTEMPT,
        mint: MINT,
        wallet: WALLET,
        swap,
        exit,
        bound: Bps(500),
        priority: Lamports(10_000),
        tip: Lamports(10_000),
        urgent: false,
        whole_balance: false,
        draw: 0,
        basis: Basis { liquidity: Liquidity::Curve(curve()), rates: Rates::default() },
    }
}

pub(crate) fn fill(side: Side) -> Fill {
    Fill {
        side,
        tokens: TokenAmount(1_500_000),
        lamports: Lamports(450_000_000),
        fees: Fees { lp: 0, protocol: 4_275_000, creator: 1_350_000 },
        costs: NetworkCosts { base: Lamports(5_000), priority: Lamports(10_000), tip: Lamports(10_000) },
        rent_locked: Lamports(2_074_080),
        impact: None,
    }
}

pub(crate) const fn simulated(back: u64) -> Simulated {
    let trip = Trip { paid: Lamports(450_000_000), back: Lamports(back) };
    Simulated { slot: Slot(9), trip, units: 180_000 }
}

pub(crate) fn simulation(outcome: Result<Simulated, String>) -> Fact {
    let expected = Trip { paid: Lamports(450_000_000), back: Lamports(439_000_000) };
    let tokens = TokenAmount(1_500_000);
    Fact::Simulated(Simulation { attempt: ATTEMPT, mint: MINT, tokens, expected, outcome })
}

pub(crate) fn refused(code: RefusalCode) -> Fact {
    Fact::Refused(Refused {
        mint: MINT,
        side: Side::Buy,
        lamports: Some(Lamports(450_000_000)),
        code,
        figures: "9.1 % > 8 %".to_owned(),
        unknown: vec![(EntryFact::Velocity, Unknown::TooYoung)],
    })
}

pub(crate) fn closed(reason: ExitReason, pnl: i64) -> Fact {
    Fact::PositionClosed(PositionClosed {
        mint: MINT,
        opened: NOW,
        reason,
        tokens: TokenAmount(1_500_000),
        cost: Lamports(450_000_000),
        proceeds: Lamports(400_000_000),
        venue_fees: Lamports(5_000_000),
        network: Lamports(50_000),
        pnl: LamportsDelta(pnl),
    })
}

pub(crate) fn facts() -> Vec<Fact> {
    let mut failed = analysis();
    failed.hard_fail = Some(HardFail::CreatorSold);
    let costs = NetworkCosts::default();
    let ended = |end| Fact::AttemptEnded { attempt: ATTEMPT, mint: MINT, end, costs };
    vec![
        Fact::Scored(Arc::new(analysis())),
        Fact::Scored(Arc::new(failed)),
        Fact::EnteredTop { mint: MINT, rank: 3 },
        Fact::Dropped { mint: MINT },
        Fact::EntrySignalled(signal(Level::Buy)),
        Fact::EntrySignalled(signal(Level::StrongBuy)),
        refused(RefusalCode::RoundTripCost),
        Fact::WouldBuy { mint: MINT, lamports: Lamports(1) },
        order(BOUGHT, None),
        order(
            Swap::Sell { tokens: TokenAmount(1_500_000), min_lamports: Lamports(1) },
            Some(ExitReason::LossLimit),
        ),
        Fact::AttemptJournaled {
            attempt: ATTEMPT,
            signature: Signature([7; 64]),
            last_valid_height: 150,
            raw: vec![1],
        },
        ended(AttemptEnd::Refused { why: "\u{1b}no".to_owned() }),
        ended(AttemptEnd::Failed { error: "6002".to_owned() }),
        ended(AttemptEnd::Expired),
        Fact::Filled { attempt: ATTEMPT, mint: MINT, slot: Slot(9), fill: fill(Side::Buy), exit: None },
        simulation(Err("AccountNotFound\u{1b}".to_owned())),
        simulation(Ok(simulated(438_000_000))),
        Fact::Vanished { order: Box::new(ordered(BOUGHT, None)), slot: Slot(9), fill: fill(Side::Buy) },
        order(Swap::Close, None),
        Fact::RentReturned {
            attempt: ATTEMPT,
            mint: MINT,
            wallet: WALLET,
            slot: Slot(9),
            rent: Lamports(2_074_080),
            costs: fill(Side::Buy).costs,
        },
        order(Swap::Withdraw { to: WALLET, lamports: Lamports(1) }, None),
        Fact::Withdrawn {
            attempt: ATTEMPT,
            wallet: WALLET,
            to: WALLET,
            slot: Slot(9),
            lamports: Lamports(1),
            costs: fill(Side::Buy).costs,
        },
        Fact::OrderClosed { order: ATTEMPT.order, mint: MINT, filled: true },
        Fact::PositionOpened {
            mint: MINT,
            wallet: WALLET,
            tokens: TokenAmount(1_500_000),
            cost: Lamports(450_000_000),
            stop: Lamports(382_500_000),
        },
        Fact::StopMoved { mint: MINT, tokens: TokenAmount(1), stop: Lamports(1) },
        Fact::ExitFired { mint: MINT, reason: ExitReason::Stop, tokens: TokenAmount(1), mark: Lamports(1) },
        Fact::Stuck { mint: MINT, reason: ExitReason::Stop },
        Fact::GraduationAwaited { mint: MINT, since: NOW },
        closed(ExitReason::Stop, -50_050_000),
        Fact::StateChanged {
            state: TradingState::ExitsOnly,
            hold: Some(Hold::DailyLoss),
            who: "engine".to_owned(),
            why: "daily loss".to_owned(),
        },
        Fact::DayClosed { day: NOW.midnight(), result: LamportsDelta(-1), equity: Lamports(1) },
        Fact::ForeignMoney { wallet: WALLET, change: LamportsDelta(-1) },
        Fact::TokensLeft { wallet: WALLET, mint: MINT, tokens: TokenAmount(1_500_000) },
        Fact::BalanceLow { wallet: WALLET, lamports: Lamports(1) },
        Fact::BalanceRecovered { wallet: WALLET, lamports: Lamports(2) },
        Fact::InvariantBroken { what: "a + b = c".to_owned() },
        Fact::Started { mode: Mode::Paper },
    ]
}

/// All records that writers make but the summary, as one text.
pub(crate) fn records() -> String {
    let mut out = Vec::new();
    let monitor = writer(Stage::Monitor);
    let hello = Hello {
        version: "0.1.0".to_owned(),
        source: Source::Sim,
        network: Some("sim".to_owned()),
        mode: None,
        seed: Some(Text(7)),
        warm_until: Some(NOW),
    };
    monitor.hello(Seq(0), NOW, &hello, &mut out);
    for event in events() {
        monitor.event(&Envelope { seq: Seq(17), now: NOW, event }, &mut out);
    }
    let raw = RawEvent {
        signature: Signature([7; 64]),
        slot: None,
        ordinal: 0,
        event: "TradeEvent",
        decoded: std::collections::BTreeMap::from([("sol_amount", 1)]),
        absent: &["fee"],
        trailing: "",
    };
    monitor.raw(Seq(17), NOW, &raw, &mut out);
    let score = writer(Stage::Score).explaining(Arc::new(Config::default()));
    for fact in facts() {
        score.fact(Seq(17), NOW, &fact, &mut out);
        writer(Stage::Trade).fact(Seq(17), NOW, &fact, &mut out);
    }
    monitor.eof(Seq(18), NOW, &Eof { events: Text(18), skipped: Text(0) }, &mut out);
    String::from_utf8(out).unwrap()
}
