//! Sales that fail, are late, or meet each other: never dropped, never twice.

use super::bench::{A, Bench, MINUTE, SECOND};
use crate::action::{Action, Order, Swap};
use crate::event::{Command, ExecutionKind};
use crate::fact::Fact;
use crate::ids::Signature;
use crate::protections::{Protection, Protections};
use crate::trader::exits::ExitReason;
use crate::units::{Bps, Lamports, TokenAmount};

/// A position whose stop was just fired, and its order.
fn stopped(protections: Protections) -> (Bench, Order) {
    let mut bench = Bench::without(protections);
    bench.hold();
    bench.trade_at(A, 7_000);
    let order = bench.order();
    (bench, order)
}

const fn sold(order: &Order) -> (TokenAmount, Lamports) {
    match order.swap {
        Swap::Sell { tokens, min_lamports } => (tokens, min_lamports),
        Swap::Buy { spend, .. } => (TokenAmount(0), spend),
        Swap::Close | Swap::Withdraw { .. } => (TokenAmount(0), Lamports::ZERO),
    }
}

#[test]
fn a_failed_exit_is_tried_at_once_at_wider_bounds_then_every_ten_seconds() {
    let (mut bench, mut order) = stopped(Protections::ALL);
    let mut bounds = vec![order.bound.0];
    for _ in 0..3 {
        bench.fail(&order);
        order = bench.order();
        bounds.push(order.bound.0);
    }
    assert_eq!(bounds, [500, 1_000, 2_000, 5_000]);
    assert_eq!(order.attempt.number, 4);
    bench.fail(&order);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::Stuck { .. })), 1);
    assert!(bench.submitted().is_empty());
    bench.wait(10 * SECOND - SECOND / 4);
    assert!(bench.submitted().is_empty());
    bench.wait(SECOND / 4);
    assert_eq!(bench.order().bound, Bps(5_000));
}

#[test]
fn without_escalation_the_bound_never_widens() {
    let (mut bench, order) = stopped(Protections::ALL.without(Protection::Escalation));
    bench.fail(&order);
    assert!(bench.submitted().is_empty());
    bench.wait(10 * SECOND);
    assert_eq!(bench.order().bound, Bps(500));
}

#[test]
fn a_stuck_position_is_told_again_every_minute() {
    let (mut bench, mut order) = stopped(Protections::ALL);
    for _ in 0..3 {
        bench.fail(&order);
        order = bench.order();
    }
    bench.fail(&order);
    let stuck = |bench: &Bench| bench.told.iter().filter(|fact| matches!(fact, Fact::Stuck { .. })).count();
    bench.wait(MINUTE - SECOND / 4);
    assert_eq!(stuck(&bench), 1);
    bench.wait(SECOND / 4);
    assert_eq!(stuck(&bench), 2);
}

#[test]
fn the_minimum_comes_from_a_fresh_quote_and_is_never_zero() {
    let (mut bench, first) = stopped(Protections::ALL);
    bench.trade_at(A, 6_000);
    bench.fail(&first);
    let second = bench.order();
    assert!(sold(&second).1.0 < sold(&first).1.0 * 9_500 / 10_000);
    assert!(sold(&second).1 > Lamports(0));
}

#[test]
fn a_sale_of_everything_is_superseded_four_seconds_after_it_left() {
    let (mut bench, first) = stopped(Protections::ALL);
    bench.wait(10 * SECOND);
    assert_eq!(
        bench.told.iter().filter(|fact| matches!(fact, Fact::OrderOpened(_))).count(),
        2,
        "it has not left"
    );
    bench.send(&first);
    bench.wait(4 * SECOND - SECOND / 4);
    assert!(bench.submitted().is_empty());
    bench.wait(SECOND / 4);
    let second = bench.order();
    assert_eq!((second.bound, second.attempt.order), (Bps(1_000), first.attempt.order));
    bench.land(&second);
    assert_eq!(bench.closed()[0].reason, ExitReason::Stop);
    let closed = |bench: &Bench| bench.count(|fact| matches!(fact, Fact::OrderClosed { filled: true, .. }));
    assert_eq!(closed(&bench), 0, "the first attempt has no end yet");
    bench.fail_sent(&first);
    assert_eq!((closed(&bench), bench.submitted().len()), (1, 0));
}

#[test]
fn what_is_in_flight_beside_the_sale_that_closed_a_position_is_not_sent_again() {
    let (mut bench, first) = stopped(Protections::ALL);
    bench.send(&first);
    bench.wait(4 * SECOND);
    let second = bench.order();
    bench.send(&second);
    bench.land_sent(&second);
    assert!(bench.effects.actions.contains(&Action::Resolve(first.attempt)), "{:?}", bench.effects.actions);
}

#[test]
fn a_sale_that_is_signed_when_everything_is_sold_does_not_leave() {
    let (mut bench, first) = stopped(Protections::ALL);
    bench.send(&first);
    bench.wait(4 * SECOND);
    let second = bench.order();
    bench.land_sent(&first);
    let kind =
        ExecutionKind::Prepared { signature: Signature::default(), last_valid_height: 1, raw: vec![1] };
    bench.told_of(second.attempt, kind);
    assert_eq!(bench.effects.actions, [Action::Resolve(second.attempt)]);
}

#[test]
fn a_calm_sale_of_everything_pays_for_speed_once_a_stop_or_an_operator_wants_it_fast() {
    for flattened in [false, true] {
        let mut bench = Bench::new();
        bench.hold();
        let all = bench.position().bought;
        bench.command("ann", Command::Close { mint: A, tokens: Some(all), urgent: false });
        let calm = bench.order();
        assert!(!calm.urgent);
        bench.send(&calm);
        if flattened {
            bench.command("ann", Command::Flatten);
        } else {
            bench.trade_at(A, 7_000);
        }
        assert!(bench.submitted().is_empty(), "the first has its time");
        bench.wait(4 * SECOND);
        let fast = bench.order();
        assert!(fast.urgent && fast.priority > calm.priority, "{fast:?}");
        assert_eq!(fast.attempt.order, calm.attempt.order);
    }
}

#[test]
fn the_end_of_a_superseded_attempt_does_not_widen_the_newer_one() {
    let (mut bench, first) = stopped(Protections::ALL);
    bench.send(&first);
    bench.wait(4 * SECOND);
    let second = bench.order();
    bench.send(&second);
    bench.fail_sent(&first);
    assert!(bench.submitted().is_empty());
    bench.land_sent(&second);
    assert_eq!(bench.closed().len(), 1);
}

#[test]
fn the_first_of_two_attempts_to_land_closes_the_position() {
    let (mut bench, first) = stopped(Protections::ALL);
    bench.send(&first);
    bench.wait(4 * SECOND);
    let second = bench.order();
    bench.send(&second);
    bench.land_sent(&first);
    let closed = bench.closed().remove(0);
    bench.fail_sent(&second);
    assert!(bench.submitted().is_empty());
    let late = -i64::try_from(5_000 + second.priority.0 + second.tip.0).unwrap();
    assert_eq!(bench.trader.view().result.0, closed.pnl.0 + late, "the late failure is paid and booked");
    assert_eq!(bench.trader.view().total.realised.0, closed.pnl.0 + late);
}

#[test]
fn a_full_exit_with_a_part_in_flight_is_signed_at_once_for_everything() {
    let mut bench = Bench::new();
    bench.hold();
    let bought = bench.position().bought;
    let part = TokenAmount(bought.0 / 4);
    bench.command("ann", Command::Close { mint: A, tokens: Some(part), urgent: false });
    let partial = bench.order();
    bench.send(&partial);
    bench.trade_at(A, 7_000);
    let whole = bench.order();
    assert_eq!((sold(&whole).0, whole.whole_balance), (bought, true));
    bench.send(&whole);
    // The part lands first: the whole fails for want of tokens, and what is left is sold.
    bench.land_sent(&partial);
    assert!(bench.closed().is_empty());
    bench.fail_sent(&whole);
    let rest = bench.order();
    assert_eq!(sold(&rest).0.0, bought.0 - part.0);
    bench.land(&rest);
    let closed = bench.closed().remove(0);
    assert_eq!((closed.reason, closed.tokens), (ExitReason::Stop, bought));
}

#[test]
fn a_part_in_flight_fails_when_everything_was_sold_before_it() {
    let mut bench = Bench::new();
    bench.hold();
    bench.command("ann", Command::Close { mint: A, tokens: Some(TokenAmount(1_000_000)), urgent: false });
    let partial = bench.order();
    bench.send(&partial);
    bench.trade_at(A, 7_000);
    let whole = bench.order();
    bench.land(&whole);
    assert_eq!(bench.closed().len(), 1);
    bench.fail_sent(&partial);
    assert!(bench.submitted().is_empty());
    assert_eq!(bench.trader.view().in_flight, 0);
}

#[test]
fn a_part_has_one_live_attempt_and_is_never_superseded() {
    let mut bench = Bench::new();
    bench.hold();
    bench.command("ann", Command::Close { mint: A, tokens: Some(TokenAmount(1_000_000)), urgent: false });
    let partial = bench.order();
    bench.send(&partial);
    bench.wait(30 * SECOND);
    bench.command("ann", Command::Close { mint: A, tokens: Some(TokenAmount(2_000_000)), urgent: false });
    assert!(bench.submitted().is_empty());
    bench.land_sent(&partial);
    assert_eq!(sold(&bench.order()).0, TokenAmount(2_000_000), "the next part goes when the first has ended");
}

#[test]
fn a_sale_that_can_never_land_is_tried_again() {
    let (mut bench, first) = stopped(Protections::ALL);
    bench.send(&first);
    bench.told_of(first.attempt, ExecutionKind::Expired);
    assert_eq!(bench.order().bound, Bps(1_000));
}

#[test]
fn a_sale_that_never_left_is_tried_again_a_moment_later_at_its_own_bound() {
    let (mut bench, first) = stopped(Protections::ALL);
    bench.told_of(first.attempt, ExecutionKind::Refused { why: "no node answers".to_owned() });
    assert!(bench.submitted().is_empty());
    bench.wait(SECOND - SECOND / 4);
    assert!(bench.submitted().is_empty());
    bench.wait(SECOND / 4);
    let again = bench.order();
    assert_eq!((again.attempt.number, again.bound), (2, first.bound));
}

#[test]
fn neither_a_stale_stream_nor_a_pause_holds_back_a_sale() {
    let mut bench = Bench::new();
    bench.hold();
    bench.command("ann", Command::Pause { until: None });
    bench.change(A, |view| view.stale = true);
    bench.trade_at(A, 7_000);
    let sale = bench.order();
    bench.land(&sale);
    assert_eq!(bench.closed().len(), 1);
}

#[test]
fn a_lock_holds_back_everything_and_what_is_due_leaves_when_it_ends() {
    let mut bench = Bench::new();
    bench.hold();
    bench.command("ann", Command::Lock);
    bench.trade_at(A, 7_000);
    assert!(bench.submitted().is_empty());
    bench.command("ann", Command::Reset(crate::trader::state::Hold::Lock));
    bench.wait(5 * SECOND);
    assert_eq!(bench.order().exit, Some(ExitReason::Stop));
}

#[test]
fn bytes_that_were_signed_when_the_lock_came_do_not_leave() {
    let (mut bench, sale) = stopped(Protections::ALL);
    bench.command("ann", Command::Lock);
    let kind =
        ExecutionKind::Prepared { signature: Signature::default(), last_valid_height: 1, raw: vec![1] };
    bench.told_of(sale.attempt, kind);
    assert_eq!(bench.effects.actions, [Action::Resolve(sale.attempt)]);
}
