//! What the chain says of our wallets, compared with the books.

use super::bench::*;
use crate::action::Action;
use crate::codes::RefusalCode;
use crate::event::{Command, Event, ExecutionKind, Mode, NetworkCosts, WalletEvent};
use crate::fact::Fact;
use crate::ids::{Slot, Wallet};
use crate::protections::{Protection, Protections};
use crate::time::Timestamp;
use crate::trader::exits::ExitReason;
use crate::trader::state::{Hold, TradingState};
use crate::units::{Lamports, LamportsDelta, TokenAmount};

fn balance(bench: &mut Bench, lamports: u64, slot: u64) {
    let (lamports, slot) = (Lamports(lamports), Slot(slot));
    bench.event(&Event::Wallet(WalletEvent::Balance { wallet: WALLET, lamports, slot }));
}

fn holding(bench: &mut Bench, tokens: u64, slot: u64) {
    let (tokens, slot) = (TokenAmount(tokens), Slot(slot));
    bench.event(&Event::Wallet(WalletEvent::Holding { wallet: WALLET, mint: A, tokens, slot }));
}

fn foreign(bench: &Bench) -> Vec<i64> {
    let change = |fact: &Fact| match fact {
        Fact::ForeignMoney { change, .. } => Some(change.0),
        _ => None,
    };
    bench.told.iter().filter_map(change).collect()
}

fn held(bench: &Bench) -> u64 {
    bench.trader.books().account(WALLET).unwrap().balance.0
}

#[test]
fn what_the_books_do_not_explain_is_foreign_money_and_no_result() {
    let mut bench = Bench::new();
    balance(&mut bench, 10_000_000_000, 1);
    assert!(foreign(&bench).is_empty());
    balance(&mut bench, 10_000_000_007, 2);
    balance(&mut bench, 9_000_000_007, 3);
    assert_eq!(foreign(&bench), [7, -1_000_000_000]);
    assert_eq!(bench.trader.view().result, LamportsDelta(0));
    assert!(bench.trader.books().account(WALLET).unwrap().balances());
}

#[test]
fn a_reading_is_no_news_while_an_attempt_could_explain_it() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.send(&buy);
    balance(&mut bench, 9_500_000_000, 2_000);
    assert!(foreign(&bench).is_empty());
    let (error, costs) = (String::new(), NetworkCosts { base: Lamports(5_000), ..NetworkCosts::default() });
    bench.told_of(buy.attempt, ExecutionKind::Failed { slot: Slot(1_500), error, costs });
    let before = held(&bench);
    // A node that is behind the failure does not know of its cost yet.
    balance(&mut bench, before + 5_000, 1_499);
    assert!(foreign(&bench).is_empty());
    balance(&mut bench, before, 1_500);
    assert!(foreign(&bench).is_empty());
    balance(&mut bench, before - 1, 1_500);
    assert_eq!(foreign(&bench), [-1]);
}

#[test]
fn tokens_sold_by_another_hand_close_the_position() {
    let mut bench = Bench::new();
    bench.hold();
    let has = bench.position().remaining().0;
    holding(&mut bench, has, 5_000);
    holding(&mut bench, has + 1, 5_000);
    holding(&mut bench, 0, 0);
    assert_eq!(bench.position().remaining().0, has, "dust, and a node that is behind, change nothing");
    holding(&mut bench, has - 10, 5_000);
    assert_eq!(bench.position().remaining().0, has - 10);
    holding(&mut bench, 0, 5_001);
    let closed = bench.told.iter().find_map(|fact| match fact {
        Fact::PositionClosed(closed) => Some(closed),
        _ => None,
    });
    assert_eq!(
        closed.map(|closed| (closed.reason, closed.proceeds)),
        Some((ExitReason::ExternallyReduced, Lamports(0)))
    );
    let left = |fact: &Fact| match fact {
        Fact::TokensLeft { wallet: WALLET, mint: A, tokens } => Some(tokens.0),
        _ => None,
    };
    assert_eq!(bench.told.iter().filter_map(left).collect::<Vec<_>>(), [10, has - 10]);
}

#[test]
fn a_wallet_that_comes_later_brings_foreign_money() {
    let mut bench = Bench::new();
    let other = Wallet(A.0);
    bench.start(Mode::Live, &[(WALLET, Lamports::sol(99)), (other, Lamports::sol(3))]);
    assert_eq!(foreign(&bench), [3_000_000_000]);
    assert_eq!(bench.trader.books().lamports(), Lamports::sol(13));
    assert_eq!(bench.trader.view().result, LamportsDelta(0));
}

#[test]
fn an_arming_counts_its_losses_from_when_it_is_first_heard_of() {
    let mut bench = Bench::with(Protections::ALL, Mode::Live, |_| {});
    let arm = |given| Command::Arm { given: Timestamp(given), max_loss: Lamports::sol(1), until: None };
    bench.command("ann", arm(1));
    assert_eq!(bench.trader.view().arm.unwrap().equity, Lamports::sol(10));
    balance(&mut bench, 9_000_000_000, 1);
    assert_eq!(bench.trader.view().arm.unwrap().equity, Lamports::sol(9), "foreign money is no loss");
    let known = bench.trader.view().arm;
    bench.command("ann", arm(1));
    assert_eq!(bench.trader.view().arm, known);
    bench.command("ann", Command::Disarm);
    assert_eq!(bench.trader.view().arm.unwrap().until, Some(Timestamp(bench.now)));
}

#[test]
fn an_arming_that_ended_leaves_exits_only_until_the_next_one() {
    let unproven = Protections::ALL.without(Protection::ProofOfExit);
    let mut bench = Bench::with(unproven, Mode::Live, |_| {});
    let arm =
        |given, max_loss| Command::Arm { given: Timestamp(given), max_loss: Lamports(max_loss), until: None };
    let state = |bench: &Bench| bench.trader.view().state;
    bench.command("ann", arm(1, 100_000));
    bench.hold();
    assert_eq!(state(&bench), TradingState::Open, "a mark below the bound is no loss yet");
    bench.command("ann", Command::Close { mint: A, tokens: None, urgent: false });
    let sale = bench.order();
    bench.land(&sale);
    bench.tick();
    assert_eq!(state(&bench), TradingState::ExitsOnly, "what it sold for is");
    bench.command("ann", arm(1, 100_000));
    assert_eq!(state(&bench), TradingState::ExitsOnly, "the same arming opens nothing");
    bench.command("ann", arm(2, 100_000));
    assert_eq!(state(&bench), TradingState::Open);
    let equity = |bench: &Bench| bench.trader.view().arm.unwrap().equity;
    let then = equity(&bench);
    bench.command("ann", Command::Disarm);
    bench.command("ann", Command::Reset(Hold::Arming));
    assert_eq!(state(&bench), TradingState::ExitsOnly, "nothing but an arming ends it");
    bench.command("ann", arm(2, 100_000));
    assert_eq!((state(&bench), equity(&bench)), (TradingState::Open, then), "the same one holds again");
}

#[test]
fn a_reading_that_is_older_than_another_is_no_news() {
    let mut bench = Bench::new();
    balance(&mut bench, 10_000_000_007, 9);
    balance(&mut bench, 10_000_000_000, 8);
    assert_eq!(foreign(&bench), [7], "a node that lags takes nothing away");
    balance(&mut bench, 10_000_000_007, 20);
    balance(&mut bench, 10_000_000_000, 19);
    balance(&mut bench, 10_000_000_000, 20);
    assert_eq!(foreign(&bench), [7, -7]);
}

#[test]
fn a_wallet_that_is_low_when_the_bot_starts_is_told() {
    let mut bench = Bench::new();
    let poor = Wallet(A.0);
    bench.start(Mode::Live, &[(WALLET, Lamports::sol(10)), (poor, Lamports(1))]);
    let low = |fact: &Fact| matches!(fact, Fact::BalanceLow { wallet, .. } if *wallet == poor);
    assert_eq!(bench.count(low), 1);
}

#[test]
fn no_proof_is_asked_of_more_than_a_wallet_could_buy() {
    let mut bench = Bench::with(Protections::ALL, Mode::Live, |_| {});
    let asked = |bench: &mut Bench| {
        bench.evaluate(&analysis(A, Timestamp(bench.now), 9_000));
        bench.now += 10 * SECOND;
        bench.tick();
        let size = |action: &Action| if let Action::Prove(_, size) = action { Some(*size) } else { None };
        bench.effects.actions.iter().find_map(size)
    };
    assert_eq!(asked(&mut bench), Some(Lamports(500_000_000)), "the largest position");
    balance(&mut bench, 400_000_000, 1);
    let kept = 50_000_000 + 5_000 + 10_000 + 10_000 + 2_074_080 + 3_883_680;
    assert_eq!(asked(&mut bench), Some(Lamports(400_000_000 - kept)));
    balance(&mut bench, 1, 2);
    assert_eq!(asked(&mut bench), Some(Lamports(50_000_000)), "the smallest");
}

#[test]
fn tokens_of_another_hand_become_a_position_that_is_no_result_until_it_is_sold() {
    let mut bench = Bench::new();
    bench.trade(A);
    let adopt =
        |tokens: u64| Command::Adopt { mint: A, wallet: WALLET, tokens: TokenAmount(tokens), cost: None };
    bench.command("ann", adopt(0));
    assert!(bench.trader.positions.is_empty());
    bench.command("ann", adopt(1_000_000_000_000));
    let position = bench.position();
    assert_eq!((position.cost, position.adopted), (position.mark.of(position.bought), true));
    assert_eq!(bench.trader.view().result, LamportsDelta(0));
    bench.command("ann", adopt(1));
    assert_eq!(bench.refused().last(), Some(&RefusalCode::PositionOpen));
    bench.command("ann", Command::Close { mint: A, tokens: None, urgent: true });
    let order = bench.order();
    let fill = bench.land(&order);
    let result = bench.trader.view().result;
    assert_eq!(result, fill.lamports.minus(bench.closed()[0].cost + fill.costs.total()));
}

#[test]
fn wrapped_sol_that_a_sale_brings_out_beside_its_proceeds_is_foreign_money_at_once_and_only_once() {
    let mut bench = Bench::new();
    let before = held(&bench);
    let unwrapped = WalletEvent::Unwrapped { wallet: WALLET, lamports: Lamports(70), slot: Slot(9) };
    bench.event(&Event::Wallet(unwrapped));
    assert_eq!((foreign(&bench), held(&bench)), (vec![70], before + 70));
    balance(&mut bench, before + 70, 10);
    assert_eq!(foreign(&bench), [70], "a reading finds nothing that is not booked");
    assert_eq!(bench.trader.view().result, LamportsDelta(0));
}

#[test]
fn equally_rich_wallets_buy_in_turn_one_after_the_other_and_round_again() {
    let mut bench = Bench::with(Protections::ALL, Mode::Paper, |_| {});
    let other = Wallet(A.0);
    bench.token(B, token_at(8_500));
    bench.start(Mode::Paper, &[(WALLET, Lamports::sol(10)), (other, Lamports::sol(10))]);
    let mut bought = Vec::new();
    bench.enter(A);
    for _ in 0..3 {
        let order = bench.order();
        bought.push(order.wallet);
        // It never left, so nobody has paid and all are equal again; it is tried again after its pause.
        bench.told_of(order.attempt, ExecutionKind::Refused { why: String::new() });
        bench.now += MINUTE;
        bench.tick();
    }
    bench.enter(B);
    bought.push(bench.order().wallet);
    assert_eq!(bought, [other, WALLET, other, WALLET]);
}
