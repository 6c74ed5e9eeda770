//! Sales that left before their decision was written down.

use super::bench::{A, Bench, SECOND};
use crate::action::Order;
use crate::event::Command;
use crate::protections::Protections;
use crate::trader::ledger::{Ledger, Row};
use crate::trader::orders::AttemptState;
use crate::trader::{Trader, adopted};
use crate::units::{Bps, TokenAmount};

fn rows(trader: &Trader) -> Vec<Row> {
    let mut rows = Vec::new();
    Ledger::default().keep(&mut trader.clone(), &mut rows);
    rows
}

/// What a restart makes of the rows before a sale and of the sale's own attempt.
fn again(before: &[Row], bench: &Bench, order: &Order) -> Trader {
    let attempt = &bench.trader.attempts[&order.attempt];
    let made = adopted(before, attempt, &bench.config.execution.sell_bounds);
    Trader::restore(before.iter().cloned().chain(made), Protections::ALL)
}

/// The restored trader has the sale under way as the one that decided it has, and nothing else differs in it.
fn is_under_way(restored: &Trader, bench: &Bench) {
    let (restored_position, position) = (&restored.positions[&A], &bench.trader.positions[&A]);
    assert_eq!(restored_position.whole, position.whole);
    assert_eq!(restored_position.part, position.part);
    assert_eq!(restored_position.asked, position.asked);
    assert_eq!(restored_position.rungs, position.rungs);
    assert_eq!(restored.attempts, bench.trader.attempts);
    assert_eq!(restored.draws, bench.trader.draws);
    assert_eq!(restored.results.total.orders, bench.trader.results.total.orders);
    assert_eq!(restored.check(), Ok(()));
}

#[test]
fn a_stop_that_left_unwritten_is_under_way_after_a_restart_and_not_sold_twice() {
    let mut bench = Bench::new();
    bench.hold();
    let before = rows(&bench.trader);
    bench.trade_at(A, 7_000);
    let order = bench.order();
    bench.send(&order);
    let restored = again(&before, &bench, &order);
    is_under_way(&restored, &bench);

    bench.trader = restored;
    bench.trade_at(A, 6_900);
    assert_eq!(bench.submitted(), [], "what is under way is not decided a second time");
    bench.land_sent(&order);
    assert_eq!(bench.closed().len(), 1);
}

#[test]
fn a_later_attempt_goes_on_at_its_own_bound() {
    let mut bench = Bench::new();
    bench.hold();
    let before = rows(&bench.trader);
    bench.trade_at(A, 7_000);
    let first = bench.order();
    bench.fail(&first);
    let second = bench.order();
    bench.send(&second);
    assert_eq!((second.attempt.number, second.bound), (2, Bps(1_000)));

    bench.trader = again(&before, &bench, &second);
    bench.fail_sent(&second);
    assert_eq!((bench.order().attempt.number, bench.order().bound), (3, Bps(2_000)));
}

#[test]
fn a_rung_and_a_part_that_was_asked_for_are_not_sold_twice() {
    let mut bench = Bench::new();
    bench.hold();
    let before = rows(&bench.trader);
    bench.command("ann", Command::Close { mint: A, tokens: Some(TokenAmount(1_000_000)), urgent: true });
    let order = bench.order();
    bench.send(&order);
    is_under_way(&again(&before, &bench, &order), &bench);

    let mut bench = Bench::new();
    bench.hold();
    let before = rows(&bench.trader);
    let mut progress = 8_500;
    while bench.submitted().is_empty() {
        progress += 25;
        bench.trade_at(A, progress);
    }
    let order = bench.order();
    assert!(!order.whole_balance, "the lowest rung alone");
    bench.send(&order);
    is_under_way(&again(&before, &bench, &order), &bench);
}

#[test]
fn a_sale_that_is_known_is_known_once_and_a_buy_is_never_adopted() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    let bounds = bench.config.execution.sell_bounds.clone();
    assert_eq!(adopted(&[], &bench.trader.attempts[&buy.attempt], &bounds), []);
    bench.land(&buy);
    bench.trade_at(A, 7_000);
    bench.wait(SECOND);
    let known = rows(&bench.trader);
    let (_, attempt) = bench.trader.attempts.first_key_value().unwrap();
    assert_eq!(adopted(&known, attempt, &bounds), []);
}

#[test]
fn a_sale_whose_decision_alone_was_written_down_is_signed_from_then_on() {
    let mut bench = Bench::new();
    bench.hold();
    bench.trade_at(A, 7_000);
    let decided = rows(&bench.trader);
    let order = bench.order();
    assert_eq!(bench.trader.attempts[&order.attempt].state, AttemptState::Submitted);
    bench.send(&order);
    let mut attempt = bench.trader.attempts[&order.attempt].clone();
    (attempt.state, attempt.sent) = (AttemptState::Prepared, None);
    let made = adopted(&decided, &attempt, &bench.config.execution.sell_bounds);
    assert_eq!(made, [Row::Attempt(Box::new(attempt.clone()))], "its sale and its counts are known already");
    let restored = Trader::restore(decided.into_iter().chain(made), Protections::ALL);
    bench.trader.attempts.insert(order.attempt, attempt);
    is_under_way(&restored, &bench);

    bench.trader = restored;
    bench.trade_at(A, 6_900);
    assert_eq!(bench.submitted(), [], "what is under way is not decided a second time");
    bench.land_sent(&order);
    assert_eq!(bench.closed().len(), 1);
}
