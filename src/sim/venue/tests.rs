//! What the venue fills, refuses and loses.

use std::time::Duration;

use momentum_core::action::{Basis, Swap};
use momentum_core::config::Config;
use momentum_core::event::{Fill, Impact, MarketEvent, MarketKind, Quote, Reserves, TradeFees, Traded};
use momentum_core::ids::{OrderId, PoolId, Pubkey, Seq};
use momentum_core::quotes::{Curve, Liquidity, Pool, Rates};
use momentum_core::time::ChainTime;
use proptest::prelude::*;

use super::*;

const RATES: Rates = Rates { lp: Bps(0), protocol: Bps(95), creator: Bps(30) };
const A: Mint = Mint(Pubkey([1; 32]));
const B: Mint = Mint(Pubkey([2; 32]));

fn venue() -> Venue {
    Venue::new(Paper::default(), &Config::default().execution, Strictness::Paper)
}

/// A curve at which trading goes on: 40 % sold.
fn curve() -> Curve {
    Curve::FRESH.at_progress(Curve::FRESH.real_token, Bps(4_000)).unwrap()
}

fn order(mint: Mint, draw: u32, swap: Swap) -> Order {
    let side = u16::from(swap.side() == Side::Sell);
    Order {
        attempt: AttemptId { order: OrderId { seq: Seq(u64::from(draw)), nth: side }, number: 1 },
        mint,
        wallet: Wallet(Pubkey([9; 32])),
        swap,
        exit: None,
        bound: Bps(500),
        priority: Lamports(10_000),
        tip: Lamports(10_000),
        urgent: false,
        whole_balance: false,
        draw,
        basis: Basis { liquidity: Liquidity::Curve(curve()), rates: RATES },
    }
}

fn buy(spend: u64) -> Swap {
    Swap::Buy { spend: Lamports(spend), min_tokens: TokenAmount(1) }
}

fn sell(tokens: u64) -> Swap {
    Swap::Sell { tokens: TokenAmount(tokens), min_lamports: Lamports(0) }
}

fn traded(mint: Mint, curve: Curve) -> Event {
    on_chain(
        mint,
        MarketKind::Traded(Traded {
            user: Wallet::default(),
            side: Side::Buy,
            quote: Quote::Sol,
            quote_amount: 1,
            tokens: TokenAmount(1),
            reserves: Reserves::Curve(curve),
            fees: TradeFees::default(),
            creator: None,
            creator_rate: None,
            mayhem: false,
        }),
    )
}

fn on_chain(mint: Mint, kind: MarketKind) -> Event {
    Event::from(MarketEvent {
        at: ChainTime(0),
        slot: Some(Slot(7)),
        signature: Signature::default(),
        ordinal: 0,
        mint,
        kind,
    })
}

/// Submits and sends at `now`; what is told up to the end, with its times in milliseconds.
fn carry_out(venue: &mut Venue, now: Timestamp, order: &Order) -> Vec<(i64, ExecutionKind)> {
    venue.accept(now, &Action::Submit(Box::new(order.clone())));
    venue.accept(now, &Action::Broadcast(order.attempt));
    told(venue)
}

fn told(venue: &mut Venue) -> Vec<(i64, ExecutionKind)> {
    std::iter::from_fn(|| {
        let due = venue.next_due()?;
        assert_eq!(venue.poll(Timestamp(due.0 - 1)), None, "nothing is told before it is due");
        Some((due.0 / 1_000, venue.poll(due)?.kind))
    })
    .collect()
}

fn fill(told: &[(i64, ExecutionKind)]) -> Fill {
    match told.last() {
        Some((_, ExecutionKind::Landed { fill, .. })) => *fill,
        other => panic!("no fill but {other:?}"),
    }
}

fn error(told: &[(i64, ExecutionKind)]) -> String {
    match told.last() {
        Some((_, ExecutionKind::Failed { error, .. })) => error.clone(),
        other => panic!("no failure but {other:?}"),
    }
}

/// Carries out an order that lands after a second.
fn land(venue: &mut Venue, order: &Order) -> Vec<(i64, ExecutionKind)> {
    venue.foretell(Fate::Lands(Duration::from_secs(1)));
    carry_out(venue, Timestamp(0), order)
}

#[test]
fn an_attempt_is_prepared_and_sent_at_once_and_lands_within_the_drawn_times() {
    let mut venue = venue();
    let (mut lost, mut failed, mut landed) = (0, 0, 0);
    for draw in 0..4_000 {
        let order = order(A, draw, buy(1_000));
        let told = carry_out(&mut venue, Timestamp(0), &order);
        assert!(matches!(told[0], (0, ExecutionKind::Prepared { .. })));
        assert!(matches!(told[1], (0, ExecutionKind::Sent { .. })));
        match &told[2] {
            (60_000, ExecutionKind::Expired) => lost += 1,
            (400..=1_600, ExecutionKind::Failed { .. }) => failed += 1,
            (400..=1_600, ExecutionKind::Landed { .. }) => landed += 1,
            other => panic!("{other:?}"),
        }
    }
    // 3 % and 5 % of 4,000, give or take four standard deviations.
    assert!((77..=163).contains(&lost), "{lost}");
    assert!((145..=255).contains(&failed), "{failed}");
    assert_eq!(lost + failed + landed, 4_000);
}

#[test]
fn a_draw_does_not_depend_on_orders_of_other_tokens_or_on_ids() {
    let (mut alone, mut busy) = (venue(), venue());
    for draw in 0..200 {
        let mine = order(A, draw, buy(1_000));
        let mut renamed = mine.clone();
        renamed.attempt.order.seq = Seq(1_000_000 + u64::from(draw));
        carry_out(&mut busy, Timestamp(0), &order(B, draw, buy(5_000)));
        let busy = carry_out(&mut busy, Timestamp(0), &renamed);
        let alone = carry_out(&mut alone, Timestamp(0), &mine);
        let fates = |told: &[(i64, ExecutionKind)]| (told[2].0, std::mem::discriminant(&told[2].1));
        assert_eq!(fates(&alone), fates(&busy));
    }
}

#[test]
fn sides_tokens_seeds_and_attempts_draw_each_for_themselves() {
    let other_seed = Paper { seed: 2, ..Paper::default() };
    let execution = Config::default().execution;
    let times = |venue: &mut Venue, mint, draws: std::ops::Range<u32>, swap| {
        let draw = |draw| carry_out(venue, Timestamp(0), &order(mint, draw, swap))[2].0;
        draws.map(draw).collect::<Vec<_>>()
    };
    let seen = [
        times(&mut venue(), A, 0..20, buy(1_000)),
        times(&mut venue(), B, 0..20, buy(1_000)),
        times(&mut venue(), A, 20..40, buy(1_000)),
        times(&mut venue(), A, 0..20, sell(1_000)),
        times(&mut Venue::new(other_seed, &execution, Strictness::Paper), A, 0..20, buy(1_000)),
    ];
    for (nth, one) in seen.iter().enumerate() {
        assert!(seen[nth + 1..].iter().all(|other| one != other));
    }
}

#[test]
fn a_restored_venue_answers_as_the_old_one_would() {
    let mut old = venue();
    for draw in 0..50 {
        let order = order(if draw % 2 == 0 { A } else { B }, draw, buy(1_000_000));
        old.accept(Timestamp(0), &Action::Submit(Box::new(order.clone())));
        old.accept(Timestamp(0), &Action::Broadcast(order.attempt));
    }
    old.poll(Timestamp(0));
    let mut restored: Venue = postcard::from_bytes(&postcard::to_stdvec(&old).unwrap()).unwrap();
    assert_eq!(restored, old);
    old.observe(&traded(A, curve()));
    restored.observe(&traded(A, curve()));
    assert_eq!(told(&mut restored), told(&mut old));
    assert_eq!(restored, old);
}

#[test]
fn a_buy_pays_base_fee_priority_and_tip_and_the_first_one_of_a_token_its_rent() {
    let mut venue = venue();
    let first = fill(&land(&mut venue, &order(A, 0, buy(1_000_000))));
    let costs = NetworkCosts { base: Lamports(5_000), priority: Lamports(10_000), tip: Lamports(10_000) };
    assert_eq!((first.costs, first.rent_locked), (costs, Lamports(2_074_080)));
    assert_eq!(fill(&land(&mut venue, &order(A, 1, buy(1_000_000)))).rent_locked, Lamports(0));
    assert_eq!(fill(&land(&mut venue, &order(B, 2, buy(1_000_000)))).rent_locked, Lamports(2_074_080));
}

#[test]
fn a_failed_attempt_pays_its_fees_and_locks_no_rent() {
    let mut venue = venue();
    venue.foretell(Fate::Fails(Duration::from_secs(1)));
    let told = carry_out(&mut venue, Timestamp(0), &order(A, 0, buy(1_000_000)));
    let Some((1_000, ExecutionKind::Failed { costs, .. })) = told.last() else { panic!("{told:?}") };
    assert_eq!(costs.tip, Lamports(10_000));
    assert_eq!(fill(&land(&mut venue, &order(A, 1, buy(1_000_000)))).rent_locked, Lamports(2_074_080));
}

#[test]
fn a_swap_fills_at_the_state_of_its_arrival() {
    let mut venue = venue();
    let spend = 100_000_000;
    let order = order(A, 0, buy(spend));
    venue.foretell(Fate::Lands(Duration::from_secs(1)));
    venue.accept(Timestamp(0), &Action::Submit(Box::new(order.clone())));
    venue.accept(Timestamp(0), &Action::Broadcast(order.attempt));
    let later = curve().after_buy(&curve().buy_exact_quote(5_000_000_000, &RATES).unwrap());
    venue.observe(&traded(B, Curve::FRESH));
    venue.observe(&traded(A, later));
    let expected = later.buy_exact_quote(spend, &RATES).unwrap();
    let fill = fill(&told(&mut venue));
    assert_eq!((fill.tokens.0, fill.lamports.0, fill.fees), (expected.tokens, expected.total, expected.fees));
    assert_eq!(fill.impact, Some(expected.impact()));
}

#[test]
fn our_own_fills_move_the_state_at_which_the_next_one_fills() {
    let mut venue = venue();
    let first = fill(&land(&mut venue, &order(A, 0, buy(1_000_000_000))));
    let second = fill(&land(&mut venue, &order(A, 1, buy(1_000_000_000))));
    assert!(second.tokens < first.tokens);
    let moved = curve().moved(first.impact.unwrap()).buy_exact_quote(1_000_000_000, &RATES).unwrap();
    assert_eq!(second.tokens.0, moved.tokens);
}

#[test]
fn a_bound_that_the_arrival_does_not_meet_fails_the_attempt() {
    let mut venue = venue();
    let tokens = curve().buy_exact_quote(1_000_000, &RATES).unwrap().tokens;
    let bought = |min| Swap::Buy { spend: Lamports(1_000_000), min_tokens: TokenAmount(min) };
    assert_eq!(
        error(&land(&mut venue, &order(A, 0, bought(tokens + 1)))),
        "6042 BuySlippageBelowMinTokensOut"
    );
    assert_eq!(fill(&land(&mut venue, &order(A, 1, bought(tokens)))).tokens.0, tokens);

    let mut probe = venue.clone();
    let out = fill(&land(&mut probe, &order(A, 0, sell(tokens)))).lamports;
    let sold = |min| Swap::Sell { tokens: TokenAmount(tokens), min_lamports: Lamports(min) };
    assert_eq!(error(&land(&mut venue, &order(A, 0, sold(out.0 + 1)))), "6003 TooLittleSolReceived");
    assert_eq!(fill(&land(&mut venue, &order(A, 1, sold(out.0)))).lamports, out);
}

#[test]
fn the_second_sale_of_a_whole_balance_fails_for_want_of_tokens() {
    let mut venue = venue();
    let tokens = fill(&land(&mut venue, &order(A, 0, buy(1_000_000)))).tokens.0;
    assert_eq!(fill(&land(&mut venue, &order(A, 0, sell(tokens)))).tokens.0, tokens);
    assert_eq!(error(&land(&mut venue, &order(A, 1, sell(tokens)))), "6023 NotEnoughTokensToSell");
}

#[test]
fn nothing_trades_on_a_curve_that_the_stream_completed_and_our_fills_never_complete_it() {
    let mut venue = venue();
    let rest = fill(&land(&mut venue, &order(A, 0, buy(200_000_000_000))));
    assert_eq!(rest.tokens.0, curve().real_token, "all that is left, and no more");
    assert_eq!(error(&land(&mut venue, &order(A, 1, buy(1_000_000)))), "6021 NotEnoughTokensToBuy");
    let part = rest.tokens.0 / 100;
    // The stream's curve can still pay for some of it: it has not been completed.
    assert_eq!(fill(&land(&mut venue, &order(A, 0, sell(part)))).tokens.0, part);

    venue.observe(&on_chain(A, MarketKind::Completed { user: Wallet::default() }));
    assert_eq!(error(&land(&mut venue, &order(A, 1, sell(part)))), "6005 BondingCurveComplete");
    assert_eq!(error(&land(&mut venue, &order(A, 2, buy(1_000_000)))), "6005 BondingCurveComplete");
}

#[test]
fn after_migration_an_order_for_the_pool_fills_at_the_pool_unmoved_by_fills_on_the_curve() {
    let mut venue = venue();
    let tokens = fill(&land(&mut venue, &order(A, 0, buy(1_000_000_000)))).tokens.0;
    let (pool, quote) = (PoolId(Pubkey([5; 32])), Quote::Sol);
    let moved = TokenAmount(206_900_000_000_000);
    venue.observe(&on_chain(
        A,
        MarketKind::Migrated { pool, tokens: moved, quote_amount: 84_990_359_084, quote },
    ));
    let opened = Pool::new(moved.0, 84_990_359_084, 0);
    let rates = Rates { lp: Bps(2), protocol: Bps(93), creator: Bps(30) };
    let mut on_pool = order(A, 0, sell(tokens));
    on_pool.basis = Basis { liquidity: Liquidity::Pool(opened), rates };
    let sold = opened.sell(tokens, &rates).unwrap();
    let filled = fill(&land(&mut venue, &on_pool));
    assert_eq!((filled.lamports.0, filled.impact), (sold.out, Some(sold.impact())));

    // Anybody may open another pool of the same token: its trades are not ours.
    let other = Reserves::Pool { pool: PoolId(Pubkey([6; 32])), before: Pool::new(1, 1, 0) };
    let Event::Market(event) = traded(A, curve()) else { panic!("an event of the market") };
    let MarketKind::Traded(mut trade) = event.kind else { panic!("a trade") };
    trade.reserves = other;
    let before = venue.clone();
    venue.observe(&on_chain(A, MarketKind::Traded(trade)));
    assert_eq!(venue, before);
}

#[test]
fn an_attempt_that_never_left_expires_once_it_can_no_longer_land() {
    let mut venue = venue();
    let order = order(A, 0, buy(1_000_000));
    venue.accept(Timestamp(0), &Action::Submit(Box::new(order.clone())));
    assert_eq!(told(&mut venue).len(), 1, "prepared");
    venue.accept(Timestamp(5_000_000), &Action::Resolve(order.attempt));
    venue.accept(Timestamp(6_000_000), &Action::Resolve(order.attempt));
    assert_eq!(told(&mut venue), [(60_000, ExecutionKind::Expired)]);
}

#[test]
fn the_bytes_of_an_attempt_are_its_order_and_its_signature_is_their_hash() {
    let mut venue = venue();
    venue.observe(&Event::Feed(FeedEvent::Slot { slot: Slot(1_000), at: ChainTime(0) }));
    let sent = order(A, 3, buy(1_000_000));
    let told = land(&mut venue, &sent);
    let (_, ExecutionKind::Prepared { signature, last_valid_height, raw }) = &told[0] else {
        panic!("{told:?}")
    };
    assert_eq!(serde_json::from_slice::<Order>(raw).unwrap(), sent);
    assert_eq!(signature.0, <[u8; 64]>::from(Sha512::digest(raw)));
    assert_eq!(*last_valid_height, 1_150);
}

#[test]
fn a_backtest_fills_worse_within_its_slippage_and_keeps_the_difference_in_the_reserves() {
    let paper = Paper { lost: Bps(0), failed: Bps(0), ..Paper::default() };
    let execution = Config::default().execution;
    let spend = 1_000_000_000;
    let fair = curve().buy_exact_quote(spend, &RATES).unwrap();
    let mut worst = 10_000;
    for seed in 0..200 {
        let paper = Paper { seed, ..paper.clone() };
        let mut venue = Venue::new(paper, &execution, Strictness::Backtest);
        let bought = fill(&carry_out(&mut venue, Timestamp(0), &order(A, 0, buy(spend))));
        let kept = bought.tokens.0 * 10_000 / fair.tokens;
        assert!((9_799..=10_000).contains(&kept), "{kept}");
        worst = worst.min(kept);
        assert_eq!(bought.impact.unwrap().tokens, -i64::try_from(bought.tokens.0).unwrap());
    }
    assert!(worst < 9_850, "{worst}");
}

/// One thing that happens, for the properties.
#[derive(Clone, Debug)]
enum Happens {
    Buy(u64),
    /// A share of what is held, in thousandths.
    Sell(u64),
    /// The stream's curve is at this progress now.
    Stream(u16),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        (1_000_u64..30_000_000_000).prop_map(Happens::Buy),
        (1_u64..=1_000).prop_map(Happens::Sell),
        (0_u16..10_000).prop_map(Happens::Stream),
    ]
}

proptest! {
    #[test]
    fn quote_and_tokens_are_conserved_and_no_fill_exceeds_the_streams_reserves(
        story in prop::collection::vec(happens(), 1..40),
    ) {
        let mut venue = venue();
        let mut stream = curve();
        let (mut held, mut sum, mut paid) = (0_u64, Impact::default(), 0_i128);
        for (nth, happens) in story.into_iter().enumerate() {
            let swap = match happens {
                Happens::Stream(progress) => {
                    stream = Curve::FRESH.at_progress(Curve::FRESH.real_token, Bps(progress)).unwrap();
                    venue.observe(&traded(A, stream));
                    continue;
                }
                Happens::Buy(spend) => buy(spend),
                Happens::Sell(share) => sell(held * share / 1_000),
            };
            let mut order = order(A, u32::try_from(nth).unwrap(), swap);
            order.basis.liquidity = Liquidity::Curve(stream);
            let told = land(&mut venue, &order);
            let Some((_, ExecutionKind::Landed { fill, .. })) = told.last() else { continue };
            let impact = fill.impact.unwrap();
            sum = sum + impact;
            let away = i128::from(fill.fees.protocol + fill.fees.creator);
            match fill.side {
                Side::Buy => {
                    prop_assert!(fill.tokens.0 <= stream.real_token);
                    held += fill.tokens.0;
                    paid += i128::from(fill.lamports.0) - away;
                }
                Side::Sell => {
                    prop_assert!(u64::try_from(-impact.quote).unwrap() <= stream.real_quote);
                    held -= fill.tokens.0;
                    paid -= i128::from(fill.lamports.0) + away;
                }
            }
            prop_assert_eq!(i128::from(sum.quote), paid);
            prop_assert_eq!(-i128::from(sum.tokens), i128::from(held));
        }
    }
}

#[test]
fn an_inherited_attempt_ends_as_it_would_have_and_one_that_was_never_signed_is_disowned() {
    let orders: Vec<Order> = (0..40).map(|draw| order(A, draw, buy(1_000_000))).collect();
    let mut old = venue();
    for order in &orders {
        old.accept(Timestamp(0), &Action::Submit(Box::new(order.clone())));
        old.accept(Timestamp(0), &Action::Broadcast(order.attempt));
    }
    let ends = |venue: &mut Venue| -> BTreeMap<AttemptId, (i64, ExecutionKind)> {
        let ended = |kind: &ExecutionKind| {
            !matches!(kind, ExecutionKind::Prepared { .. } | ExecutionKind::Sent { .. })
        };
        let mut ends = BTreeMap::new();
        while let Some(due) = venue.next_due() {
            let told = venue.poll(due).unwrap();
            if ended(&told.kind) {
                ends.insert(told.attempt, (due.0, told.kind));
            }
        }
        ends
    };
    let mut heir = venue();
    let attempts = |left| move |order: &Order| Inherited { order: order.clone(), signed: Timestamp(0), left };
    let late = Timestamp(1_000_000);
    heir.inherit(late, Estate { attempts: orders.iter().map(attempts(true)).collect(), ..Estate::default() });
    let (expected, inherited) = (ends(&mut old), ends(&mut heir));
    assert_eq!(inherited.len(), orders.len());
    for (attempt, (due, kind)) in expected {
        assert_eq!(inherited[&attempt].0, due.max(late.0));
        assert_eq!(std::mem::discriminant(&inherited[&attempt].1), std::mem::discriminant(&kind));
    }

    let mut heir = venue();
    heir.inherit(late, Estate { attempts: vec![attempts(false)(&orders[0])], ..Estate::default() });
    assert_eq!(heir.next_due(), None, "signed and not sent: nothing is known of it until it is resolved");
    heir.accept(late, &Action::Resolve(orders[0].attempt));
    heir.accept(late, &Action::Resolve(orders[1].attempt));
    let ends = ends(&mut heir);
    assert_eq!(ends[&orders[0].attempt], (60_000_000, ExecutionKind::Expired));
    assert!(matches!(ends[&orders[1].attempt].1, ExecutionKind::Refused { .. }));
}

#[test]
fn an_inherited_attempt_that_left_is_told_so_again_before_its_end() {
    let orders: Vec<Order> = (0..40).map(|draw| order(A, draw, buy(1_000_000))).collect();
    let mut heir = venue();
    let attempts = |order: &Order| Inherited { order: order.clone(), signed: Timestamp(0), left: true };
    heir.inherit(
        Timestamp(500_000),
        Estate { attempts: orders.iter().map(attempts).collect(), ..Estate::default() },
    );
    let mut left = std::collections::BTreeSet::new();
    while let Some(due) = heir.next_due() {
        let told = heir.poll(due).unwrap();
        match told.kind {
            ExecutionKind::Sent { .. } => assert!(left.insert(told.attempt) && due == Timestamp(500_000)),
            _ => assert!(left.contains(&told.attempt), "an end before it left"),
        }
    }
    assert_eq!(left.len(), orders.len());
}
