//! Limits on losses and fees, the day, foreign money.

use super::bench::{A, B, Bench, MINUTE, NOON, SECOND, WALLET, analysis};
use crate::codes::RefusalCode;
use crate::event::{Command, Event, ExecutionKind, Mode, NetworkCosts, WalletEvent};
use crate::fact::Fact;
use crate::ids::{Slot, Wallet};
use crate::protections::{Protection, Protections};
use crate::time::Timestamp;
use crate::trader::exits::ExitReason;
use crate::trader::state::{Hold, TradingState};
use crate::units::{Bps, Lamports, LamportsDelta};

/// A bench whose limits are so tight that one bad position breaches the daily one.
fn tight(protections: Protections) -> Bench {
    let mut bench = Bench::with(protections, Mode::Paper, |config| {
        config.risk.daily_loss_limit = Bps(100);
        config.exits.stop_max = Bps(9_000);
        config.exits.stop_min = Bps(9_000);
        config.exits.stop_young = Bps(9_000);
    });
    bench.hold();
    bench
}

fn fired(bench: &Bench, reason: ExitReason) -> usize {
    bench.count(|fact| matches!(fact, Fact::ExitFired { reason: told, .. } if *told == reason))
}

#[test]
fn an_unrealised_loss_that_lasts_a_second_sells_all() {
    let mut bench = tight(Protections::ALL);
    bench.trade_at(A, 7_000);
    assert_eq!(fired(&bench, ExitReason::LossLimit), 0);
    bench.now += SECOND - 1;
    bench.trade(A);
    assert_eq!(fired(&bench, ExitReason::LossLimit), 0);
    bench.now += 1;
    bench.trade(A);
    assert_eq!(fired(&bench, ExitReason::LossLimit), 1);
    assert_eq!(bench.trader.view().state, TradingState::ExitsOnly);
    assert!(bench.order().urgent);
    let mut off = tight(Protections::ALL.without(Protection::DailyLoss));
    off.trade_at(A, 7_000);
    off.now += SECOND;
    off.trade(A);
    assert_eq!(fired(&off, ExitReason::LossLimit), 0);
}

#[test]
fn a_loss_in_a_stale_token_sells_nothing() {
    let mut bench = tight(Protections::ALL);
    bench.change(A, |view| view.stale = true);
    bench.trade_at(A, 7_000);
    bench.now += MINUTE;
    bench.trade(A);
    assert_eq!(fired(&bench, ExitReason::LossLimit), 0);
}

#[test]
fn a_realised_loss_ends_the_day_until_midnight_utc() {
    let mut bench = tight(Protections::ALL);
    bench.trade_at(A, 7_000);
    bench.command("ann", Command::Close { mint: A, tokens: None, urgent: false });
    let sale = bench.order();
    bench.land(&sale);
    assert_eq!(bench.trader.view().holds[0].hold, Hold::DailyLoss);
    bench.now = NOON + 12 * 60 * MINUTE - 1;
    bench.tick();
    assert_eq!(bench.trader.view().state, TradingState::ExitsOnly);
    bench.now += 1;
    bench.tick();
    assert_eq!(bench.trader.view().state, TradingState::Open);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::DayClosed { result: LamportsDelta(..0), .. })), 1);
}

#[test]
fn a_reset_takes_the_present_as_the_new_base() {
    let mut bench = tight(Protections::ALL);
    bench.trade_at(A, 7_000);
    bench.command("ann", Command::Close { mint: A, tokens: None, urgent: false });
    let sale = bench.order();
    bench.land(&sale);
    bench.command("ann", Command::Reset(Hold::DailyLoss));
    assert_eq!(bench.trader.view().state, TradingState::Open);
    bench.wait(MINUTE);
    assert_eq!(bench.trader.view().state, TradingState::Open);
}

#[test]
fn a_drawdown_outlives_midnight_and_ends_by_a_reset_of_the_peak() {
    let mut bench = tight(Protections::ALL);
    bench.config.risk.daily_loss_limit = Bps(10_000);
    bench.config.risk.drawdown_limit = Bps(100);
    bench.trade_at(A, 7_000);
    bench.now += SECOND;
    bench.trade(A);
    assert_eq!(fired(&bench, ExitReason::LossLimit), 1);
    let sale = bench.order();
    bench.land(&sale);
    bench.now = NOON + 13 * 60 * MINUTE;
    bench.tick();
    assert_eq!(bench.trader.view().holds[0].hold, Hold::Drawdown);
    bench.command("ann", Command::Reset(Hold::Drawdown));
    bench.tick();
    assert_eq!(bench.trader.view().state, TradingState::Open);
    assert_eq!(bench.trader.view().peak, bench.trader.view().equity);
}

#[test]
fn fees_of_the_day_end_entries_until_midnight() {
    let spent = |protections, fee: u64| {
        let mut bench = Bench::without(protections);
        bench.enter(A);
        let buy = bench.order();
        bench.send(&buy);
        let costs = NetworkCosts { base: Lamports(fee), ..NetworkCosts::default() };
        let error = String::new();
        bench.told_of(buy.attempt, ExecutionKind::Failed { slot: Slot(1), error, costs });
        bench.trader.view().state
    };
    assert_eq!(spent(Protections::ALL, 99_999_999), TradingState::Open);
    assert_eq!(spent(Protections::ALL, 100_000_000), TradingState::ExitsOnly);
    assert_eq!(spent(Protections::ALL.without(Protection::DailyFees), 100_000_000), TradingState::Open);
}

#[test]
fn foreign_money_is_booked_and_is_no_result() {
    let mut bench = Bench::new();
    bench.command("watch", Command::Foreign { wallet: WALLET, change: LamportsDelta(-9_950_000_000) });
    assert_eq!(bench.count(|fact| matches!(fact, Fact::ForeignMoney { .. })), 1);
    let view = bench.trader.view();
    assert_eq!(
        (view.result, view.day_result, view.state),
        (LamportsDelta(0), LamportsDelta(0), TradingState::Open)
    );
    bench.enter(A);
    assert_eq!(bench.refused(), [RefusalCode::Size]);
}

#[test]
fn a_low_balance_is_told_once() {
    let mut bench = Bench::with(Protections::ALL, Mode::Paper, |config| {
        config.risk.low_balance = Lamports(9_700_000_000);
    });
    let low =
        |bench: &Bench| bench.told.iter().filter(|fact| matches!(fact, Fact::BalanceLow { .. })).count();
    bench.hold();
    assert_eq!(low(&bench), 1);
    bench.trade_at(A, 7_000);
    let sale = bench.order();
    bench.fail(&sale);
    assert_eq!(low(&bench), 1);
}

#[test]
fn each_wallet_tells_of_its_own_low_balance_and_of_its_recovery_once() {
    let mut bench = Bench::with(Protections::ALL, Mode::Live, |config| {
        config.risk.low_balance = Lamports::sol(1);
    });
    let other = Wallet(B.0);
    bench.start(Mode::Live, &[(WALLET, Lamports::sol(10)), (other, Lamports::sol(3))]);
    bench.told.clear();
    let told = |bench: &Bench| -> Vec<(bool, Wallet, u64)> {
        let of = |fact: &Fact| match *fact {
            Fact::BalanceLow { wallet, lamports } => Some((true, wallet, lamports.0)),
            Fact::BalanceRecovered { wallet, lamports } => Some((false, wallet, lamports.0)),
            _ => None,
        };
        bench.told.iter().filter_map(of).collect()
    };
    let low = |bench: &Bench| -> Vec<Wallet> {
        let view = bench.trader.view();
        view.wallets.iter().filter(|wallet| wallet.low).map(|wallet| wallet.wallet).collect()
    };
    let mut reads = |lamports: u64, slot: u64| {
        let (lamports, slot) = (Lamports(lamports), Slot(slot));
        bench.event(&Event::Wallet(WalletEvent::Balance { wallet: other, lamports, slot }));
        (told(&bench), low(&bench))
    };
    let fell = (true, other, 999_999_999);
    assert_eq!(reads(999_999_999, 1), (vec![fell], vec![other]));
    assert_eq!(reads(5, 2), (vec![fell], vec![other]));
    let rose = (false, other, 1_000_000_000);
    assert_eq!(reads(1_000_000_000, 3), (vec![fell, rose], vec![]));
    assert_eq!(reads(7, 4), (vec![fell, rose, (true, other, 7)], vec![other]));
}

#[test]
fn counters_begin_anew_each_day_and_go_on_since_the_start() {
    let mut bench = Bench::new();
    bench.hold();
    bench.now = NOON + 12 * 60 * MINUTE;
    bench.tick();
    let view = bench.trader.view();
    assert_eq!((view.today.signals, view.total.signals, view.total.fills), (0, 1, 1));
}

#[test]
fn an_evaluation_of_a_token_without_a_position_changes_nothing() {
    let mut bench = Bench::new();
    let before = bench.trader.clone();
    bench.evaluate(&analysis(A, Timestamp(bench.now), 0));
    assert_eq!(bench.trader, before);
}
