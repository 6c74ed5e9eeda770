//! Accounts that are closed for their rent.

use super::bench::*;
use crate::action::{Order, Swap};
use crate::codes::RefusalCode;
use crate::event::{Command, Event, ExecutionKind, Mode, NetworkCosts, WalletEvent};
use crate::fact::{AttemptEnd, Fact};
use crate::ids::{Slot, Wallet};
use crate::protections::Protections;
use crate::trader::Trader;
use crate::trader::books::Class;
use crate::trader::ledger::{Ledger, Row};
use crate::units::{Lamports, LamportsDelta};

const RENT: Lamports = Lamports(2_074_080);
const COSTS: NetworkCosts =
    NetworkCosts { base: Lamports(5_000), priority: Lamports(10_000), tip: Lamports(0) };

/// A live bench on which a coin was bought and sold: its account is still there.
fn sold() -> Bench {
    let mut bench = Bench::new();
    bench.hold();
    bench.trade_at(A, 7_000);
    let sale = bench.order();
    bench.land(&sale);
    assert!(bench.trader.position(A).is_none());
    bench.start(Mode::Live, &[(WALLET, Lamports::sol(10))]);
    bench
}

fn sweep(bench: &mut Bench) {
    bench.command("ann", Command::Sweep { mint: A, wallet: WALLET });
}

fn refused(bench: &Bench) -> Option<RefusalCode> {
    bench.effects.facts.iter().find_map(|fact| match fact {
        Fact::Refused(refused) => Some(refused.code),
        _ => None,
    })
}

fn closed(bench: &mut Bench, order: &Order) {
    bench.told_of(order.attempt, ExecutionKind::Closed { slot: Slot(2_000), rent: RENT, costs: COSTS });
}

#[test]
fn the_rent_of_a_closed_account_is_booked_as_returned_and_is_no_foreign_money() {
    let mut bench = sold();
    let account = |bench: &Bench| bench.trader.books().account(WALLET).unwrap().clone();
    let (before, result) = (account(&bench), bench.trader.view().result);
    assert_eq!(before.rent(), RENT);
    sweep(&mut bench);
    let order = bench.order();
    assert_eq!((order.swap, order.mint, order.wallet, order.tip), (Swap::Close, A, WALLET, Lamports::ZERO));
    bench.send(&order);
    closed(&mut bench, &order);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::OrderClosed { filled: true, .. })), 1);
    let after = account(&bench);
    assert_eq!((after.class(Class::RentReturned), after.rent()), (LamportsDelta(2_074_080), Lamports::ZERO));
    assert_eq!(after.balance, before.balance + RENT - COSTS.total());
    assert_eq!(bench.trader.view().result.0, result.0 - 15_000, "rent is an asset: what is lost is the fee");
    let told = bench.told.len();
    let reading = WalletEvent::Balance { wallet: WALLET, lamports: after.balance, slot: Slot(2_001) };
    bench.event(&Event::Wallet(reading));
    assert_eq!(bench.told.len(), told, "the chain says what the books say");
    assert!(bench.trader.would_decide_as(&restored(&bench)));
}

#[test]
fn what_comes_back_beyond_the_rent_that_is_locked_is_foreign_money_and_no_result() {
    let mut bench = sold();
    let result = bench.trader.view().result;
    sweep(&mut bench);
    let order = bench.order();
    bench.send(&order);
    let rent = RENT + Lamports(890_880);
    bench.told_of(order.attempt, ExecutionKind::Closed { slot: Slot(2_000), rent, costs: COSTS });
    let account = bench.trader.books().account(WALLET).unwrap();
    let classes = [Class::RentReturned, Class::ForeignIn].map(|class| account.class(class).0);
    assert_eq!((classes, account.rent()), ([2_074_080, 890_880], Lamports::ZERO));
    assert!(account.balances());
    assert_eq!(bench.trader.view().result.0, result.0 - 15_000);
}

fn restored(bench: &Bench) -> Trader {
    let mut rows: Vec<Row> = Vec::new();
    Ledger::default().keep(&mut bench.trader.clone(), &mut rows);
    Trader::restore(rows, Protections::ALL)
}

#[test]
fn a_restart_asks_what_became_of_a_closing_and_the_rent_that_came_meanwhile_is_explained() {
    let mut bench = sold();
    sweep(&mut bench);
    let order = bench.order();
    bench.send(&order);
    let balance = bench.trader.books().account(WALLET).unwrap().balance;
    bench.trader = restored(&bench);
    let came = balance + RENT - COSTS.total();
    bench.start(Mode::Live, &[(WALLET, came)]);
    let reading = WalletEvent::Balance { wallet: WALLET, lamports: came, slot: Slot(2_001) };
    bench.event(&Event::Wallet(reading));
    closed(&mut bench, &order);
    bench.event(&Event::Wallet(reading));
    assert!(!bench.told.iter().any(|fact| matches!(fact, Fact::ForeignMoney { .. })));
    assert_eq!(bench.trader.books().account(WALLET).unwrap().balance, came);
}

#[test]
fn one_that_fails_costs_its_fee_and_may_be_tried_again() {
    let mut bench = sold();
    sweep(&mut bench);
    let order = bench.order();
    bench.send(&order);
    let (error, before) = ("a unit of dust".to_owned(), bench.trader.view().lamports);
    bench.told_of(order.attempt, ExecutionKind::Failed { slot: Slot(2_000), error, costs: COSTS });
    assert_eq!(bench.trader.view().lamports, before - COSTS.total());
    let end = |fact: &Fact| matches!(fact, Fact::AttemptEnded { end: AttemptEnd::Failed { .. }, .. });
    assert_eq!(bench.count(end), 1);
    sweep(&mut bench);
    assert_eq!(bench.submitted().len(), 1);
}

#[test]
fn nothing_is_closed_that_something_of_ours_is_in_or_that_is_not_ours() {
    let mut bench = Bench::new();
    sweep(&mut bench);
    assert_eq!(refused(&bench), Some(RefusalCode::NoAccount), "on paper there are no accounts");
    bench.hold();
    bench.start(Mode::Live, &[(WALLET, Lamports::sol(10))]);
    sweep(&mut bench);
    assert_eq!(refused(&bench), Some(RefusalCode::PositionOpen));

    let mut bench = sold();
    bench.command("ann", Command::Sweep { mint: A, wallet: Wallet(B.0) });
    assert_eq!(refused(&bench), Some(RefusalCode::NoAccount));
    sweep(&mut bench);
    assert_eq!(refused(&bench), None);
    sweep(&mut bench);
    assert_eq!(refused(&bench), Some(RefusalCode::OrderLive));
    bench.wait(40 * MINUTE);
    bench.enter(A);
    assert_eq!(bench.submitted(), [], "nothing is bought while its account is being closed");

    let mut bench = sold();
    bench.command("ann", Command::Lock);
    sweep(&mut bench);
    assert_eq!(refused(&bench), Some(RefusalCode::TradingState), "nothing leaves");
}
