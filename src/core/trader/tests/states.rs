//! Commands and the trading state, the end of a run, serialisation.

use super::bench::{A, B, Bench, MINUTE, SECOND, token_at};
use crate::action::Action;
use crate::codes::RefusalCode;
use crate::event::{Command, Event, OnExit, RunEvent};
use crate::fact::Fact;
use crate::time::Timestamp;
use crate::trader::Trader;
use crate::trader::state::{Hold, TradingState};
use crate::units::{Lamports, TokenAmount};

fn stopping(on_exit: OnExit) -> Event {
    Event::Run(RunEvent::Stopping(on_exit))
}

#[test]
fn a_pause_ends_by_its_own_operators_resume_or_its_time() {
    let mut bench = Bench::new();
    let until = Timestamp(bench.now + 10 * SECOND);
    bench.command("ann", Command::Pause { until: Some(until) });
    bench.command("bob", Command::Pause { until: None });
    bench.enter(A);
    assert_eq!(bench.refused(), [RefusalCode::TradingState]);
    bench.command("bob", Command::Resume);
    assert_eq!(bench.trader.view().state, TradingState::ExitsOnly);
    bench.wait(10 * SECOND - SECOND / 4);
    assert_eq!(bench.trader.view().state, TradingState::ExitsOnly);
    bench.wait(SECOND / 4);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::StateChanged { state: TradingState::Open, .. })), 1);
}

#[test]
fn flatten_and_lock_end_by_reset_only() {
    let mut bench = Bench::new();
    for (command, hold) in [(Command::Flatten, Hold::Flatten), (Command::Lock, Hold::Lock)] {
        bench.command("ann", command);
        bench.command("ann", Command::Resume);
        assert_ne!(bench.trader.view().state, TradingState::Open);
        bench.command("ann", Command::Reset(hold));
        assert_eq!(bench.trader.view().state, TradingState::Open);
    }
}

#[test]
fn the_end_of_a_run_waits_for_what_is_in_flight_and_enters_nothing() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.send(&buy);
    bench.event(&stopping(OnExit::Hold));
    assert!(bench.effects.actions.is_empty());
    bench.token(B, token_at(8_500));
    bench.enter(B);
    assert!(bench.effects.facts.is_empty());
    bench.land_sent(&buy);
    assert_eq!(bench.effects.actions, [Action::Finish]);
    bench.tick();
    assert!(bench.effects.actions.is_empty(), "once");
}

#[test]
fn the_end_of_a_run_gives_up_buys_that_pause() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.fail(&buy);
    bench.event(&stopping(OnExit::Flatten));
    assert_eq!(bench.count(|fact| matches!(fact, Fact::OrderClosed { filled: false, .. })), 1);
    assert_eq!(bench.effects.actions, [Action::Finish]);
}

#[test]
fn a_stop_is_raised_by_hand_and_never_lowered() {
    let mut bench = Bench::new();
    bench.hold();
    let stop = bench.position().stop;
    let raised = Lamports(stop.lamports.0 + 1);
    bench.command("ann", Command::Adjust { mint: A, stop: raised });
    assert_eq!(bench.position().stop.lamports, raised);
    bench.command("ann", Command::Adjust { mint: A, stop: stop.lamports });
    assert_eq!((bench.refused(), bench.position().stop.lamports), (vec![RefusalCode::StopWouldFall], raised));
}

#[test]
fn a_stop_by_hand_is_below_the_mark() {
    let mut bench = Bench::new();
    bench.hold();
    let (stop, tokens) = (bench.position().stop, bench.position().remaining());
    let mark = bench.position().mark.of(tokens);
    bench.command("ann", Command::Adjust { mint: A, stop: mark });
    assert_eq!((bench.refused(), bench.position().stop), (vec![RefusalCode::StopWouldSell], stop));
    assert!(bench.effects.actions.is_empty(), "nothing is sold: {:?}", bench.effects.actions);
    let below = Lamports(mark.0 - 1);
    bench.command("ann", Command::Adjust { mint: A, stop: below });
    assert_eq!(bench.position().stop.lamports, below);
}

#[test]
fn a_sale_by_hand_is_of_tokens_that_are_held() {
    let mut bench = Bench::new();
    bench.hold();
    let held = bench.position().remaining();
    for tokens in [TokenAmount::ZERO, TokenAmount(held.0 + 1)] {
        bench.command("ann", Command::Close { mint: A, tokens: Some(tokens), urgent: false });
        assert_eq!(bench.refused(), [RefusalCode::MoreThanHeld], "{tokens}");
        assert!(bench.effects.actions.is_empty() && bench.position().asked.is_none(), "{tokens}");
    }
    bench.command("ann", Command::Close { mint: A, tokens: Some(held), urgent: false });
    assert!(!bench.effects.actions.is_empty());
}

#[test]
fn a_position_is_written_off_only_when_nothing_may_still_land() {
    let mut bench = Bench::new();
    bench.hold();
    bench.command("ann", Command::Close { mint: A, tokens: Some(TokenAmount(1_000_000)), urgent: false });
    let sale = bench.order();
    bench.send(&sale);
    bench.command("ann", Command::WriteOff(A));
    assert_eq!(bench.refused(), [RefusalCode::OrderLive]);
    bench.land_sent(&sale);
    bench.command("ann", Command::WriteOff(A));
    assert!(bench.closed()[0].pnl.0 < -400_000_000);
    bench.command("ann", Command::WriteOff(A));
    assert_eq!(bench.refused(), [RefusalCode::NoPosition]);
}

#[test]
fn the_state_survives_serialisation_in_the_middle_of_everything() {
    let mut bench = Bench::new();
    bench.hold();
    bench.trade_at(A, 7_000);
    bench.token(B, token_at(8_500));
    bench.enter(B);
    let bytes = postcard::to_allocvec(&bench.trader).unwrap();
    let restored: Trader = postcard::from_bytes(&bytes).unwrap();
    assert!(bench.trader.would_decide_as(&restored));
    assert_eq!(postcard::to_allocvec(&restored).unwrap(), bytes);
}

#[test]
fn two_operators_see_the_same_positions() {
    let mut bench = Bench::new();
    bench.hold();
    let view = bench.trader.view();
    assert_eq!(view.positions[0].mint, A);
    assert_eq!(view.deployed, bench.position().cost);
    assert_eq!(view.equity.0, view.lamports.0 + 2_074_080 + view.positions[0].mark.lamports.0);
    bench.wait(MINUTE);
    assert_eq!(bench.trader.check(), Ok(()));
}
