//! Landings that a fork took back.

use super::bench::*;
use crate::action::{Action, Order, Swap};
use crate::event::{Command, Event, ExecutionKind, Fill, Side, WalletEvent};
use crate::fact::Fact;
use crate::ids::{AttemptId, Slot};
use crate::trader::state::Hold;
use crate::units::{Lamports, LamportsDelta, TokenAmount};

/// What landed last.
fn newest_fill(bench: &Bench) -> (AttemptId, Slot, Fill) {
    let fill = |fact: &Fact| match fact {
        Fact::Filled { attempt, slot, fill, .. } => Some((*attempt, *slot, *fill)),
        _ => None,
    };
    bench.told.iter().rev().find_map(fill).unwrap()
}

fn ordered(bench: &Bench, attempt: AttemptId) -> Order {
    let order = |fact: &Fact| match fact {
        Fact::OrderOpened(order) if order.attempt == attempt => Some(Order::clone(order)),
        _ => None,
    };
    bench.told.iter().find_map(order).unwrap()
}

/// A fork takes back what landed last.
fn vanishes(bench: &mut Bench) -> (Order, Fill) {
    let (attempt, slot, fill) = newest_fill(bench);
    let order = ordered(bench, attempt);
    bench.told_of(attempt, ExecutionKind::Vanished { order: Box::new(order.clone()), slot, fill });
    (order, fill)
}

fn lands(bench: &mut Bench, order: &Order, fill: Fill) {
    bench.told_of(order.attempt, ExecutionKind::Landed { slot: Slot(9_000), fill });
}

fn money(bench: &Bench) -> Lamports {
    bench.trader.books().lamports()
}

#[test]
fn a_buy_that_vanished_has_no_position_and_is_in_flight_until_it_can_never_land() {
    let mut bench = Bench::new();
    bench.hold();
    let (order, _) = vanishes(&mut bench);
    assert!(
        bench.effects.actions.contains(&Action::Broadcast(order.attempt)),
        "the same bytes may land again"
    );
    let view = bench.trader.view();
    assert!(view.positions.is_empty());
    assert_eq!((money(&bench), view.total.fills, view.total.fees), (Lamports::sol(10), 0, Lamports::ZERO));
    bench.enter(A);
    assert!(bench.submitted().is_empty(), "nothing else is bought of it meanwhile");
    let empty = WalletEvent::Holding { wallet: WALLET, mint: A, tokens: TokenAmount(0), slot: Slot(9_000) };
    bench.event(&Event::Wallet(empty));
    let balance = WalletEvent::Balance { wallet: WALLET, lamports: Lamports::sol(11), slot: Slot(9_000) };
    bench.event(&Event::Wallet(balance));
    assert_eq!(money(&bench), Lamports::sol(10), "no balance is compared meanwhile");
    bench.told_of(order.attempt, ExecutionKind::Expired);
    let view = bench.trader.view();
    assert_eq!((money(&bench), view.result), (Lamports::sol(10), LamportsDelta(0)));
    assert!(bench.trader.books().account(WALLET).unwrap().balances());
}

#[test]
fn a_buy_that_lands_again_is_what_it_did_then() {
    let mut bench = Bench::new();
    bench.hold();
    let (order, fill) = vanishes(&mut bench);
    let fewer = Fill { tokens: TokenAmount(fill.tokens.0 - 7), ..fill };
    lands(&mut bench, &order, fewer);
    assert_eq!(bench.position().bought, fewer.tokens);
    let paid = fill.lamports + fill.costs.total() + fill.rent_locked;
    assert_eq!(money(&bench), Lamports::sol(10).saturating_sub(paid));
    assert_eq!(bench.trader.view().total.fills, 1);
}

#[test]
fn bytes_of_a_buy_that_vanished_do_not_leave_again_while_entries_are_held_back() {
    let mut bench = Bench::new();
    bench.hold();
    bench.command("ann", Command::Pause { until: None });
    let (order, _) = vanishes(&mut bench);
    assert!(bench.effects.actions.contains(&Action::Resolve(order.attempt)));
    assert!(!bench.effects.actions.contains(&Action::Broadcast(order.attempt)));
}

/// Sells all that is held for a SOL; the order and what it did.
fn sold(bench: &mut Bench) -> (Order, Fill) {
    bench.command("ann", Command::Close { mint: A, tokens: None, urgent: false });
    let order = bench.order();
    bench.send(&order);
    let Swap::Sell { tokens, .. } = order.swap else { panic!("{order:?}") };
    let bought = newest_fill(bench).2;
    let rent_locked = Lamports::ZERO;
    let fill = Fill { side: Side::Sell, tokens, lamports: Lamports::sol(1), rent_locked, ..bought };
    lands(bench, &order, fill);
    (order, fill)
}

#[test]
fn tokens_of_a_sale_that_vanished_are_a_position_again_which_cost_what_they_had_brought() {
    let mut bench = Bench::new();
    bench.hold();
    let (before, held) = (money(&bench), bench.position().remaining());
    let (sale, fill) = sold(&mut bench);
    assert!(bench.trader.view().positions.is_empty());
    let after = money(&bench);
    assert_eq!(vanishes(&mut bench), (sale.clone(), fill));
    assert!(bench.effects.actions.contains(&Action::Broadcast(sale.attempt)));
    assert_eq!((money(&bench), bench.position().remaining()), (before, held));
    assert_eq!(bench.position().cost, fill.lamports);
    bench.tick();
    assert!(bench.submitted().is_empty(), "its sale is under way");
    // It lands again for a tenth less: the whole result is less by that.
    let realised = bench.trader.view().total.realised;
    lands(&mut bench, &sale, Fill { lamports: Lamports(900_000_000), ..fill });
    assert!(bench.trader.view().positions.is_empty());
    assert_eq!(money(&bench), after.saturating_sub(Lamports(100_000_000)));
    let less = bench.trader.view().total.realised - realised;
    assert_eq!(less, LamportsDelta(-100_000_000 - i64::try_from(fill.costs.total().0).unwrap()));
}

#[test]
fn a_sale_that_vanished_and_can_never_land_is_tried_again() {
    let mut bench = Bench::new();
    bench.hold();
    sold(&mut bench);
    let (sale, _) = vanishes(&mut bench);
    bench.told_of(sale.attempt, ExecutionKind::Expired);
    let again = bench.order();
    assert_eq!(again.attempt.order, sale.attempt.order);
    assert_eq!(again.attempt.number, sale.attempt.number + 1);
}

#[test]
fn a_part_that_was_sold_and_vanished_is_what_is_left_again() {
    let mut bench = Bench::new();
    bench.hold();
    let (before, held) = (money(&bench), bench.position().remaining());
    let part = TokenAmount(held.0 / 2);
    bench.command("ann", Command::Close { mint: A, tokens: Some(part), urgent: false });
    let order = bench.order();
    bench.send(&order);
    let bought = newest_fill(&bench).2;
    let fill = Fill {
        side: Side::Sell,
        tokens: part,
        lamports: Lamports(1_000),
        rent_locked: Lamports::ZERO,
        ..bought
    };
    lands(&mut bench, &order, fill);
    let cost = bench.position().cost;
    vanishes(&mut bench);
    let position = bench.position();
    assert_eq!((position.remaining(), position.cost, position.proceeds), (held, cost, Lamports::ZERO));
    assert_eq!(money(&bench), before);
}

#[test]
fn a_buy_that_vanishes_behind_a_sale_of_it_is_a_broken_rule_and_changes_nothing() {
    let mut bench = Bench::new();
    bench.lenient = true;
    bench.hold();
    let (attempt, slot, fill) = newest_fill(&bench);
    let buy = ordered(&bench, attempt);
    sold(&mut bench);
    let before = money(&bench);
    bench.told_of(attempt, ExecutionKind::Vanished { order: Box::new(buy), slot, fill });
    assert_eq!(money(&bench), before);
    assert!(bench.trader.view().holds.iter().any(|held| held.hold == Hold::Invariant));
}

#[test]
fn a_part_that_vanished_while_the_rest_was_sold_is_sold_after_it() {
    let mut bench = Bench::new();
    bench.hold();
    let bought = bench.position().bought;
    let part = TokenAmount(bought.0 / 4);
    bench.command("ann", Command::Close { mint: A, tokens: Some(part), urgent: false });
    let partial = bench.order();
    bench.land(&partial);
    bench.trade_at(A, 7_000);
    let rest = bench.order();
    bench.send(&rest);
    let (attempt, slot, fill) = newest_fill(&bench);
    assert_eq!(attempt, partial.attempt);
    let order = Box::new(partial.clone());
    bench.told_of(attempt, ExecutionKind::Vanished { order, slot, fill });
    bench.land_sent(&rest);
    let left = bench.order();
    assert_eq!(left.swap.side(), Side::Sell);
    assert!(matches!(left.swap, Swap::Sell { tokens, .. } if tokens == part), "{left:?}");
}
