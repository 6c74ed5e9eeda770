//! What is left of a wallet behind a theft, and the cold address.

use super::bench::*;
use crate::action::{Action, Order, Swap};
use crate::event::{Command, Event, ExecutionKind, Mode, NetworkCosts, OnExit, RunEvent, WalletEvent};
use crate::fact::{AttemptEnd, Fact};
use crate::ids::{Pubkey, Signature, Slot, Wallet};
use crate::protections::Protections;
use crate::trader::Trader;
use crate::trader::books::{Account, Class};
use crate::trader::ledger::{Ledger, Row};
use crate::trader::state::{Held, Hold};
use crate::units::{Lamports, LamportsDelta};

const COLD: Wallet = Wallet(Pubkey([7; 32]));
const COSTS: NetworkCosts =
    NetworkCosts { base: Lamports(5_000), priority: Lamports(30_000), tip: Lamports(0) };

/// Who found the theft.
fn finder() -> String {
    Held::thief_of(WALLET)
}

/// A live bench with a position.
fn holding() -> Bench {
    let mut bench = Bench::new();
    bench.hold();
    bench.start(Mode::Live, &[(WALLET, Lamports::sol(10))]);
    bench
}

/// The same once the theft was found and the position is sold.
fn sold() -> Bench {
    let mut bench = holding();
    bench.command(&finder(), Command::Outage);
    let sale = bench.order();
    bench.land(&sale);
    assert!(bench.trader.position(A).is_none());
    bench
}

fn withdraw(bench: &mut Bench) -> Vec<Order> {
    bench.command(&finder(), Command::Withdraw { wallet: WALLET, to: COLD });
    bench.submitted()
}

fn account(bench: &Bench) -> Account {
    bench.trader.books().account(WALLET).unwrap().clone()
}

fn restored(bench: &Bench) -> Trader {
    let mut rows: Vec<Row> = Vec::new();
    Ledger::default().keep(&mut bench.trader.clone(), &mut rows);
    Trader::restore(rows, Protections::ALL)
}

fn reads(bench: &mut Bench, lamports: Lamports) {
    let reading = WalletEvent::Balance { wallet: WALLET, lamports, slot: Slot(3_000) };
    bench.event(&Event::Wallet(reading));
}

#[test]
fn nothing_is_brought_away_unless_a_theft_was_found_and_everything_is_sold() {
    let mut bench = holding();
    assert_eq!(withdraw(&mut bench), [], "no theft was found");
    bench.command("store", Command::Outage);
    let sale = bench.order();
    bench.command(&finder(), Command::Outage);
    assert_eq!(withdraw(&mut bench), [], "a position is open");
    bench.land(&sale);
    bench.command(&finder(), Command::Recovered);
    assert_eq!(withdraw(&mut bench), [], "everything is sold because the store is down");
    bench.command(&finder(), Command::Outage);
    let all = account(&bench).balance;
    let orders = withdraw(&mut bench);
    assert_eq!(orders.len(), 1);
    let (lamports, order) = (all - COSTS.total(), &orders[0]);
    assert_eq!((order.swap, order.wallet), (Swap::Withdraw { to: COLD, lamports }, WALLET));
    assert_eq!((order.priority, order.tip, order.urgent), (COSTS.priority, Lamports::ZERO, true));
    assert_eq!(withdraw(&mut bench), [], "it is on its way");

    let mut bench = sold();
    bench.command(&finder(), Command::Withdraw { wallet: Wallet(B.0), to: COLD });
    assert_eq!(bench.submitted(), [], "the wallet is not ours");
    bench.command("ann", Command::Lock);
    assert_eq!(withdraw(&mut bench), [], "nothing leaves");

    let mut bench = sold();
    bench.command(&finder(), Command::Recovered);
    assert_eq!(withdraw(&mut bench), [], "somebody said that it was none");

    let mut bench = sold();
    bench.start(Mode::Paper, &[]);
    assert_eq!(withdraw(&mut bench), [], "on paper there is nothing to take");
}

#[test]
fn what_has_arrived_is_booked_by_its_class_and_is_no_result_and_nothing_is_sent_again() {
    let mut bench = sold();
    let (all, result) = (account(&bench).balance, bench.trader.view().result);
    let order = withdraw(&mut bench).remove(0);
    bench.send(&order);
    bench.told_of(order.attempt, ExecutionKind::Withdrawn { slot: Slot(2_000), costs: COSTS });
    assert_eq!(bench.count(|fact| matches!(fact, Fact::OrderClosed { filled: true, .. })), 1);
    let arrived = all - COSTS.total();
    let told =
        |fact: &Fact| matches!(fact, Fact::Withdrawn { to: COLD, lamports, .. } if *lamports == arrived);
    assert_eq!(bench.count(told), 1);
    let after = account(&bench);
    assert_eq!(after.class(Class::ColdOut), Lamports::ZERO.minus(arrived));
    assert_eq!((after.class(Class::ForeignOut), after.balance), (LamportsDelta::ZERO, Lamports::ZERO));
    assert_eq!(bench.trader.view().result.0, result.0 - 35_000, "what is lost is the fee");
    let facts = bench.told.len();
    reads(&mut bench, Lamports::ZERO);
    assert_eq!(bench.told.len(), facts, "the chain says what the books say");
    assert_eq!(withdraw(&mut bench), []);
    assert!(bench.trader.would_decide_as(&restored(&bench)));
    bench.trader = restored(&bench);
    bench.start(Mode::Live, &[(WALLET, Lamports::ZERO)]);
    assert_eq!(withdraw(&mut bench), [], "nor by the next process");
}

#[test]
fn a_restart_asks_what_became_of_it_and_sends_nothing_until_it_has_its_end() {
    let mut bench = sold();
    let order = withdraw(&mut bench).remove(0);
    bench.send(&order);
    bench.trader = restored(&bench);
    bench.start(Mode::Live, &[(WALLET, Lamports::ZERO)]);
    assert_eq!(bench.effects.actions, [Action::Resolve(order.attempt)]);
    reads(&mut bench, Lamports::ZERO);
    assert_eq!(withdraw(&mut bench), []);
    bench.told_of(order.attempt, ExecutionKind::Expired);
    let again = withdraw(&mut bench);
    assert_eq!(again.iter().map(|order| order.swap).collect::<Vec<_>>(), [order.swap]);
    assert_ne!(again[0].attempt.order, order.attempt.order);
}

#[test]
fn one_that_fails_costs_its_fee_and_the_rest_is_tried_again_as_long_as_it_is_enough_for_an_address() {
    let mut bench = sold();
    let order = withdraw(&mut bench).remove(0);
    bench.send(&order);
    let all = account(&bench).balance;
    let (slot, error) = (Slot(2_000), "InsufficientFundsForRent".to_owned());
    bench.told_of(order.attempt, ExecutionKind::Failed { slot, error, costs: COSTS });
    let left = all - COSTS.total();
    let again = withdraw(&mut bench).remove(0);
    assert_eq!(again.swap, Swap::Withdraw { to: COLD, lamports: left - COSTS.total() });
    bench.told_of(again.attempt, ExecutionKind::Refused { why: "it holds less by now".to_owned() });
    for (holds, sends) in [(890_880 + 34_999, None), (890_880 + 35_000, Some(890_880))] {
        reads(&mut bench, Lamports(holds));
        let lamports = sends.map(Lamports);
        let swaps = lamports.map(|lamports| Swap::Withdraw { to: COLD, lamports });
        assert_eq!(withdraw(&mut bench).first().map(|order| order.swap), swaps, "of {holds}");
    }
}

/// What ends a theft: an operator, or who found it.
fn ends() -> [(String, Command); 2] {
    [("ann".to_owned(), Command::Reset(Hold::Outage)), (finder(), Command::Recovered)]
}

#[test]
fn what_is_signed_behind_the_end_of_its_theft_does_not_leave() {
    for (who, end) in ends() {
        let mut bench = sold();
        let order = withdraw(&mut bench).remove(0);
        bench.command("store", Command::Recovered);
        assert_eq!(bench.effects.actions, [], "that ended no theft");
        bench.command(&who, end);
        assert_eq!(bench.effects.actions, [Action::Resolve(order.attempt)]);
        let kind =
            ExecutionKind::Prepared { signature: Signature::default(), last_valid_height: 1, raw: vec![1] };
        bench.told_of(order.attempt, kind);
        assert_eq!(bench.effects.actions, [Action::Resolve(order.attempt)]);
        assert_eq!(bench.count(|fact| matches!(fact, Fact::AttemptJournaled { .. })), 0);
        bench.told_of(order.attempt, ExecutionKind::Expired);
        let expired = |fact: &Fact| matches!(fact, Fact::AttemptEnded { end: AttemptEnd::Expired, .. });
        assert_eq!(bench.count(expired), 1);
        assert_eq!(withdraw(&mut bench), []);
    }
}

#[test]
fn what_has_left_before_the_end_of_its_theft_is_not_sent_again_and_is_booked_where_it_lands() {
    for (who, end) in ends() {
        let mut bench = sold();
        let order = withdraw(&mut bench).remove(0);
        bench.send(&order);
        bench.command(&who, end);
        assert_eq!(bench.effects.actions, [Action::Resolve(order.attempt)]);
        bench.told_of(order.attempt, ExecutionKind::Withdrawn { slot: Slot(2_000), costs: COSTS });
        assert_eq!(account(&bench).balance, Lamports::ZERO);
    }
}

/// What is sent while a position stays that cannot be sold.
fn beside(bench: &Bench) -> Swap {
    let stays = bench.config.risk.exit_reserve + Lamports(890_880);
    Swap::Withdraw { to: COLD, lamports: account(bench).balance - COSTS.total() - stays }
}

#[test]
fn a_coin_that_trades_nowhere_leaves_the_fees_of_its_sale_and_the_rest_goes() {
    let mut bench = holding();
    bench.change(A, |view| view.complete = true);
    bench.trade(A);
    assert!(bench.position().graduating());
    bench.command(&finder(), Command::Outage);
    assert_eq!(bench.submitted(), []);
    let wanted = beside(&bench);
    let order = withdraw(&mut bench).remove(0);
    assert_eq!(order.swap, wanted);
    bench.send(&order);
    bench.told_of(order.attempt, ExecutionKind::Withdrawn { slot: Slot(2_000), costs: COSTS });
    assert_eq!(account(&bench).balance, bench.config.risk.exit_reserve + Lamports(890_880));
    assert_eq!(withdraw(&mut bench), [], "what stays stays");
    bench.graduate(A);
    bench.trade(A);
    let sale = bench.order();
    assert_eq!(withdraw(&mut bench), [], "it can be sold");
    bench.land(&sale);
    let all = account(&bench).balance;
    let order = withdraw(&mut bench).remove(0);
    assert_eq!(order.swap, Swap::Withdraw { to: COLD, lamports: all - COSTS.total() });
}

#[test]
fn a_sale_that_is_stuck_does_not_keep_the_rest_whether_it_is_in_flight_or_not() {
    let mut bench = holding();
    bench.command(&finder(), Command::Outage);
    for _ in 1..bench.config.execution.sell_bounds.len() {
        let sale = bench.order();
        assert_eq!(withdraw(&mut bench), [], "it may still be sold");
        bench.fail(&sale);
    }
    let sale = bench.order();
    bench.fail(&sale);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::Stuck { .. })), 1);
    let wanted = beside(&bench);
    let order = withdraw(&mut bench).remove(0);
    assert_eq!(order.swap, wanted);
    bench.told_of(order.attempt, ExecutionKind::Refused { why: "it holds less by now".to_owned() });
    bench.now += i64::try_from(bench.config.execution.stuck_every.as_micros()).unwrap();
    bench.tick();
    let sale = bench.order();
    assert!(matches!(sale.swap, Swap::Sell { .. }), "it is tried again");
    assert_eq!(withdraw(&mut bench).remove(0).swap, wanted);
}

#[test]
fn the_end_of_a_run_does_not_keep_what_a_thief_left() {
    let mut bench = holding();
    bench.command(&finder(), Command::Outage);
    let sale = bench.order();
    bench.event(&Event::Run(RunEvent::Stopping(OnExit::Hold)));
    bench.land(&sale);
    assert_eq!(withdraw(&mut bench).len(), 1);
}
