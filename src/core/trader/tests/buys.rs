//! Buys: from the signal to the position, and every way in which one comes to nothing.

use super::bench::{A, B, Bench, MINUTE, SECOND, WALLET, token_at};
use crate::action::{Action, Swap};
use crate::analysis::EntryFact;
use crate::codes::RefusalCode;
use crate::event::{Command, Event, ExecutionKind, Impact, Mode, Unknown};
use crate::fact::Fact;
use crate::ids::{Hash, Signature, Slot};
use crate::protections::{Protection, Protections};
use crate::simulation::{Simulation, Trip};
use crate::time::Timestamp;
use crate::trader::exits::ExitReason;
use crate::trader::state::Hold;
use crate::units::{Bps, Lamports, TokenAmount};

#[test]
fn what_the_chain_would_have_made_of_a_buy_on_paper_is_told_and_moves_nothing_not_even_time() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.send(&buy);
    let until = Timestamp(bench.now + SECOND);
    bench.command("ann", Command::Pause { until: Some(until) });
    bench.now = until.0 + 86_400 * SECOND;
    let before = bench.trader.clone();
    let simulation = Simulation {
        attempt: buy.attempt,
        mint: A,
        tokens: TokenAmount(1),
        expected: Trip::default(),
        outcome: Err("no".to_owned()),
    };
    bench.event(&Event::from(simulation.clone()));
    assert_eq!(bench.effects.facts, [Fact::Simulated(simulation)]);
    assert!(bench.effects.actions.is_empty() && bench.effects.kept.is_empty());
    assert_eq!(bench.trader, before);
}

#[test]
fn a_signal_becomes_an_order_a_fill_a_position_and_its_stop_an_exit() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    assert_eq!((buy.draw, buy.exit, buy.bound), (0, None, Bps(500)));
    bench.land(&buy);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::PositionOpened { .. })), 1);
    assert!(bench.position().mark.above(bench.position().stop));
    bench.trade_at(A, 7_000);
    let sale = bench.order();
    assert_eq!(sale.exit, Some(ExitReason::Stop));
    let fill = bench.land(&sale);
    let closed = bench.closed().remove(0);
    assert_eq!((closed.reason, closed.proceeds), (ExitReason::Stop, fill.lamports));
    assert!(closed.pnl.0 < 0);
    let view = bench.trader.view();
    assert_eq!(view.result, closed.pnl, "rent is an asset, nothing else is left");
    assert_eq!((view.positions.len(), view.reserved), (0, Lamports(0)));
}

#[test]
fn money_is_reserved_with_the_order_and_freed_with_its_end() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    let reserved = bench.trader.view().reserved;
    assert!(matches!(buy.swap, Swap::Buy { spend, .. } if reserved.0 == spend.0 + 25_000 + 2_074_080));
    bench.fail(&buy);
    assert_eq!(bench.trader.view().reserved, Lamports(0));
    let mut off = Bench::without(Protections::ALL.without(Protection::Reservation));
    off.enter(A);
    assert_eq!(off.trader.view().reserved, Lamports(0));
}

#[test]
fn a_signal_for_a_token_with_a_live_order_a_position_or_at_rest_is_dropped_silently() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.enter(A);
    assert!(bench.effects.facts.is_empty());
    bench.land(&buy);
    bench.enter(A);
    assert!(bench.effects.facts.is_empty());
    bench.trade_at(A, 7_000);
    let sale = bench.order();
    bench.land(&sale);
    bench.token(A, token_at(8_500));
    bench.now += 30 * MINUTE - 1;
    bench.enter(A);
    assert!(bench.effects.facts.is_empty());
    bench.now += 1;
    bench.enter(A);
    assert_eq!(bench.submitted().len(), 1);
}

#[test]
fn without_its_rest_a_token_is_entered_again_at_once() {
    let mut bench = Bench::without(Protections::ALL.without(Protection::CoolDown));
    bench.hold();
    bench.trade_at(A, 7_000);
    let sale = bench.order();
    bench.land(&sale);
    bench.enter(A);
    assert_eq!(bench.submitted().len(), 1);
}

#[test]
fn a_failed_buy_pauses_thirty_seconds_and_is_tried_three_times_in_all() {
    let mut bench = Bench::new();
    bench.enter(A);
    let mut buy = bench.order();
    for number in 2..=3 {
        bench.fail(&buy);
        assert_eq!(bench.count(|fact| matches!(fact, Fact::AttemptEnded { .. })), 1);
        bench.wait(30 * SECOND - SECOND / 4);
        assert!(bench.submitted().is_empty());
        bench.wait(SECOND / 4);
        buy = bench.order();
        assert_eq!((buy.attempt.number, buy.draw), (number, u32::from(number) - 1));
    }
    bench.fail(&buy);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::OrderClosed { filled: false, .. })), 1);
    bench.wait(MINUTE);
    assert!(bench.submitted().is_empty());
    assert_eq!(bench.trader.view().total.realised.0, -3 * 25_000);
    assert_eq!(bench.trader.view().result.0, -3 * 25_000);
}

#[test]
fn without_limits_on_tries_a_buy_is_tried_without_pause_or_end() {
    let mut bench = Bench::without(Protections::ALL.without(Protection::BuyRetries));
    bench.enter(A);
    for _ in 0..4 {
        let buy = bench.order();
        bench.fail(&buy);
        bench.wait(SECOND / 4);
    }
    assert_eq!(bench.order().attempt.number, 5);
}

#[test]
fn a_retry_passes_all_gates_again() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.fail(&buy);
    bench.command("ann", Command::Pause { until: None });
    bench.wait(30 * SECOND);
    assert_eq!(bench.refused(), [RefusalCode::TradingState]);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::OrderClosed { filled: false, .. })), 1);
}

#[test]
fn a_buy_that_has_left_ends_only_by_the_chain() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.send(&buy);
    bench.wait(10 * MINUTE);
    assert_eq!(bench.trader.view().in_flight, 1, "there is no state `timed out`");
    bench.enter(A);
    assert!(bench.submitted().is_empty(), "it blocks its mint");
    bench.token(B, token_at(8_500));
    bench.enter(B);
    assert_eq!(bench.submitted().len(), 1, "not the bot");
    bench.land_sent(&buy);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::PositionOpened { .. })), 1);
}

#[test]
fn signed_bytes_of_a_buy_do_not_leave_after_a_pause_and_are_adopted_if_they_had() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.command("ann", Command::Pause { until: None });
    let prepared =
        ExecutionKind::Prepared { signature: Signature::default(), last_valid_height: 1, raw: vec![1] };
    bench.told_of(buy.attempt, prepared);
    assert_eq!(bench.effects.actions, [Action::Resolve(buy.attempt)]);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::AttemptJournaled { .. })), 0);
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.send(&buy);
    bench.command("ann", Command::Pause { until: None });
    bench.land_sent(&buy);
    assert_eq!(bench.trader.view().positions.len(), 1);
}

#[test]
fn a_buy_that_lands_after_a_flatten_is_sold_at_once() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.send(&buy);
    bench.command("ann", Command::Flatten);
    bench.land_sent(&buy);
    assert_eq!(bench.order().exit, Some(ExitReason::Kill));
}

#[test]
fn a_signal_waits_for_a_fact_that_was_asked_for_and_no_longer_than_it_lives() {
    let missing = vec![(EntryFact::Creator, Unknown::NotSeen)];
    let waiting = |protections| {
        let mut bench = Bench::without(protections);
        bench.change(A, |view| {
            view.missing = missing.clone();
            view.awaited = true;
        });
        bench.enter(A);
        assert_eq!((bench.submitted().len(), bench.refused().len()), (0, 0));
        bench
    };
    let mut bench = waiting(Protections::ALL);
    bench.now += 10 * SECOND - 1;
    bench.change(A, |view| view.missing.clear());
    bench.trade(A);
    assert_eq!(bench.submitted().len(), 1);
    let mut bench = waiting(Protections::ALL);
    bench.wait(10 * SECOND - SECOND / 4);
    assert_eq!(bench.refused(), []);
    bench.wait(SECOND / 4);
    assert_eq!(bench.refused(), [RefusalCode::FactsUnknown]);
    let mut bench = waiting(Protections::ALL);
    bench.now += 10 * SECOND;
    bench.change(A, |view| view.missing.clear());
    bench.trade(A);
    assert_eq!((bench.submitted().len(), bench.refused()), (0, vec![RefusalCode::SignalExpired]));
    let mut bench = waiting(Protections::ALL.without(Protection::SignalTtl));
    bench.now += 10 * SECOND;
    bench.change(A, |view| view.missing.clear());
    bench.trade(A);
    assert_eq!(bench.submitted().len(), 1);
}

#[test]
fn a_fact_that_nobody_was_asked_for_is_refused_at_once() {
    let mut bench = Bench::new();
    bench.change(A, |view| view.missing = vec![(EntryFact::Creator, Unknown::NotConfigured)]);
    bench.enter(A);
    assert_eq!(bench.refused(), [RefusalCode::FactsUnknown]);
}

#[test]
fn a_fed_signal_goes_the_way_of_an_own_one() {
    let mut bench = Bench::new();
    let signal = bench.signal(A);
    bench.command("score", Command::Signal(signal.clone()));
    assert_eq!(bench.effects.facts[0], Fact::EntrySignalled(signal));
    assert_eq!(bench.submitted().len(), 1);
}

#[test]
fn a_fed_signal_that_is_too_old_or_of_other_settings_is_refused() {
    let mut bench = Bench::new();
    let signal = bench.signal(A);
    bench.now += 10 * SECOND;
    bench.command("score", Command::Signal(signal.clone()));
    assert_eq!((bench.refused(), bench.effects.facts.len()), (vec![RefusalCode::SignalExpired], 1));
    bench.now -= 1;
    let foreign = crate::trader::signals::EntrySignal { config: Hash([7; 32]), ..signal.clone() };
    bench.command("score", Command::Signal(foreign));
    assert_eq!(bench.refused(), [RefusalCode::SignalForeign]);
    bench.command("score", Command::Signal(signal));
    assert_eq!(bench.submitted().len(), 1);
}

#[test]
fn ids_of_orders_go_on_within_one_seq() {
    let mut bench = Bench::new();
    bench.token(B, token_at(8_500));
    bench.enter(A);
    let first = bench.order().attempt.order;
    bench.same_seq();
    bench.enter(B);
    let second = bench.order().attempt.order;
    assert_eq!((first.seq, first.nth, second.nth), (second.seq, 0, 1));
}

#[test]
fn a_dry_run_tells_what_it_would_buy_and_buys_nothing() {
    let mut bench = Bench::with(Protections::ALL, Mode::DryRun, |_| {});
    for _ in 0..5 {
        bench.enter(A);
        assert_eq!(bench.count(|fact| matches!(fact, Fact::WouldBuy { .. })), 1);
        assert!(bench.effects.actions.is_empty());
    }
    bench.change(A, |view| view.mayhem = true);
    bench.enter(A);
    assert_eq!(bench.refused(), [RefusalCode::Mayhem]);
}

#[test]
fn seven_buys_in_a_minute_are_one_too_many() {
    let mut bench = Bench::with(Protections::ALL, Mode::Paper, |config| {
        config.risk.max_concurrent_positions = 100;
        config.risk.max_exposure = Lamports::sol(100);
        config.execution.buy_attempts = 1;
    });
    let mut tried = Vec::new();
    for nth in 0..7 {
        let mint = crate::ids::Mint(crate::ids::Pubkey([100 + nth; 32]));
        bench.token(mint, token_at(8_500));
        bench.enter(mint);
        tried.push(bench.submitted().len());
        bench.now += SECOND;
    }
    assert_eq!(tried, [1, 1, 1, 1, 1, 1, 0]);
    assert_eq!(bench.refused(), [RefusalCode::BuyRate]);
    bench.now += 53 * SECOND - 1;
    bench.enter(A);
    assert_eq!(bench.refused(), [RefusalCode::BuyRate], "the first is one microsecond short of a minute ago");
    bench.now += 1;
    bench.enter(A);
    assert_eq!(bench.submitted().len(), 1);
}

#[test]
fn our_own_simulated_fills_move_every_later_quote() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.send(&buy);
    let mut fill = bench.fill_of(&buy);
    let net = i64::try_from(fill.lamports.0 - fill.fees.protocol - fill.fees.creator).unwrap();
    fill.impact = Some(Impact { quote: net, tokens: -i64::try_from(fill.tokens.0).unwrap() });
    bench.told_of(buy.attempt, ExecutionKind::Landed { slot: Slot(1), fill });
    let moved = bench.position().mark;
    let mut plain = Bench::new();
    plain.hold();
    assert!(moved.above(plain.position().mark), "selling back at the price that our buy made");
    let rate = 10_000 - 2 * 125;
    assert!(moved.lamports.0 > fill.lamports.0 * (rate - 5) / 10_000 && moved.lamports < fill.lamports);
}

#[test]
fn a_buy_by_hand_passes_the_gates_and_says_why_not() {
    let mut bench = Bench::new();
    bench.command("ann", Command::Buy { mint: A, lamports: Lamports(100_000_000) });
    let buy = bench.order();
    assert!(matches!(buy.swap, Swap::Buy { spend: Lamports(100_000_000), .. }));
    bench.command("ann", Command::Buy { mint: A, lamports: Lamports(100_000_000) });
    assert_eq!(bench.refused(), [RefusalCode::OrderLive]);
    bench.land(&buy);
    bench.command("ann", Command::Buy { mint: A, lamports: Lamports(100_000_000) });
    assert_eq!(bench.refused(), [RefusalCode::PositionOpen]);
    bench.command("ann", Command::Buy { mint: B, lamports: Lamports(100_000_000) });
    assert_eq!(bench.refused(), [RefusalCode::NotTracked]);
}

#[test]
fn what_cannot_happen_to_an_attempt_is_a_bug_that_ends_buying() {
    for kind in [ExecutionKind::Expired, ExecutionKind::Sent { lane: String::new() }] {
        let mut bench = Bench::new();
        bench.lenient = true;
        bench.enter(A);
        let buy = bench.order();
        bench.told_of(buy.attempt, kind);
        assert_eq!(bench.count(|fact| matches!(fact, Fact::InvariantBroken { .. })), 1);
        assert_eq!(bench.trader.view().holds[0].hold, Hold::Invariant);
    }
}

#[test]
fn a_second_landing_of_one_attempt_is_noticed() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    let fill = bench.land(&buy);
    bench.lenient = true;
    bench.told_of(buy.attempt, ExecutionKind::Sent { lane: String::new() });
    assert!(bench.effects.facts.is_empty(), "late word that it left is no news");
    bench.told_of(buy.attempt, ExecutionKind::Landed { slot: Slot(1), fill });
    assert_eq!(bench.count(|fact| matches!(fact, Fact::InvariantBroken { .. })), 1);
    let balance = bench.trader.books().account(WALLET).unwrap().balance;
    assert_eq!(balance.0, 10_000_000_000 - fill.lamports.0 - 25_000 - 2_074_080, "it is booked once");
}
