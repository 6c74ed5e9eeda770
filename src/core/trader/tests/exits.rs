//! Every exit at its boundary and one unit to each side, and which one speaks when several are due.

use super::bench::{A, Bench, MINUTE, NOON, RATES, SECOND, analysis, curve_at, token_at};
use crate::action::Basis;
use crate::analysis::HardFail;
use crate::config::{LadderCap, OnMigration};
use crate::event::{Command, Mode, OnExit};
use crate::fact::Fact;
use crate::protections::{Protection, Protections};
use crate::quotes::Liquidity;
use crate::time::Timestamp;
use crate::trader::exits::ExitReason;
use crate::trader::positions::{Leg, Outlook, Phase};
use crate::trader::worth::Worth;
use crate::units::{Bps, Lamports, Points, Thousandths, TokenAmount};

/// Reasons of the exits that the last event fired.
fn fired(bench: &Bench) -> Vec<ExitReason> {
    let reason = |fact: &Fact| match fact {
        Fact::ExitFired { reason, .. } => Some(*reason),
        _ => None,
    };
    bench.effects.facts.iter().filter_map(reason).collect()
}

/// Puts the price of A so that the position's mark is the lowest that reaches `target`; `less` lamports of
/// virtual quote are taken off that.
fn mark_at(bench: &mut Bench, target: Worth, less: u64) {
    let tokens = bench.position().remaining();
    let base = curve_at(8_500);
    let reaches = |quote: u64| {
        let curve = crate::quotes::Curve { virtual_quote: quote, real_quote: quote, ..base };
        curve
            .sell(tokens.0, &RATES)
            .is_some_and(|sold| Worth::new(Lamports(sold.out), tokens).at_least(target))
    };
    let (mut low, mut high) = (1_u64, 1_u64 << 50);
    while low < high {
        let middle = low + (high - low) / 2;
        if reaches(middle) { high = middle } else { low = middle + 1 }
    }
    let quote = low - less;
    let curve = crate::quotes::Curve { virtual_quote: quote, real_quote: quote, ..base };
    bench.change(A, |view| view.basis = Ok(Basis { liquidity: Liquidity::Curve(curve), rates: RATES }));
    bench.trade(A);
}

/// The smallest step of the curve's quote that moves the mark by a lamport or more.
const STEP: u64 = 500;

#[test]
fn the_stop_stands_one_and_a_half_true_ranges_below_the_mark_within_its_limits() {
    let stop = |atr| {
        let mut bench = Bench::new();
        bench.change(A, |view| view.atr = atr);
        bench.hold();
        let position = bench.position();
        (position.mark.lamports, position.stop.lamports)
    };
    for (atr, distance) in
        [(533, 800), (534, 801), (1_000, 1_500), (1_999, 2_998), (2_000, 3_000), (9_000, 3_000)]
    {
        let (mark, stop) = stop(Ok(Bps(atr)));
        assert_eq!(stop, mark.share(Bps(10_000 - distance)), "{atr}");
    }
    let (mark, young) = stop(Err(crate::event::Unknown::TooYoung));
    assert_eq!(young, mark.share(Bps(8_500)));
}

#[test]
fn the_stop_fires_at_its_mark_and_not_a_lamport_above() {
    let mut bench = Bench::new();
    bench.hold();
    let above = Worth { lamports: bench.position().stop.lamports + Lamports(1), ..bench.position().stop };
    mark_at(&mut bench, above, 0);
    assert_eq!(fired(&bench), []);
    mark_at(&mut bench, above, STEP);
    assert_eq!(fired(&bench), [ExitReason::Stop]);
}

#[test]
fn the_stop_fires_once_when_the_price_crosses_twice() {
    let crossings = |protections| {
        let mut bench = Bench::without(protections);
        bench.lenient = true;
        bench.hold();
        let mut fires = 0;
        for progress in [7_000, 8_500, 7_000] {
            bench.trade_at(A, progress);
            fires += fired(&bench).len();
        }
        fires
    };
    assert_eq!(crossings(Protections::ALL), 1);
    assert_eq!(crossings(Protections::ALL.without(Protection::FireOnce)), 2);
    assert_eq!(crossings(Protections::ALL.without(Protection::Stop)), 0);
}

#[test]
fn the_ladder_stands_where_the_strategy_says() {
    // Progress of each rung for a small buy at 70, 90 and 95 %, in hundredths of a percent.
    let rungs = |entry: u16| -> Vec<u16> {
        let mut bench = Bench::with(Protections::ALL, Mode::Paper, |config| {
            config.risk.max_position = Lamports(50_000_000);
            config.risk.min_position = Lamports(1_000_000);
        });
        bench.token(A, token_at(entry));
        bench.hold();
        let position = bench.position();
        let reached = |rung: Worth| {
            (entry..=10_000).find(|progress| {
                let sold = curve_at(*progress).sell(position.bought.0, &RATES).unwrap();
                Worth::new(Lamports(sold.out), position.bought).at_least(rung)
            })
        };
        position.rungs.iter().map(|rung| reached(rung.at).unwrap()).collect()
    };
    let near = |entry, expected: [u16; 3]| {
        for (rung, expected) in rungs(entry).into_iter().zip(expected) {
            assert!(rung.abs_diff(expected) <= 15, "bought at {entry}: {rung}, not {expected}");
        }
    };
    near(7_000, [8_900, 9_550, 9_860]);
    near(9_000, [9_530, 9_780, 9_930]);
    near(9_500, [9_750, 9_880, 9_960]);
}

#[test]
fn without_its_cap_a_rung_stands_at_its_multiple() {
    let rungs = |protections, cap: Option<LadderCap>| {
        let mut bench = Bench::with(protections, Mode::Paper, |config| {
            config.exits.ladder_cap = cap.clone().unwrap_or(config.exits.ladder_cap.clone());
        });
        bench.hold();
        let entry = bench.position().entry();
        let multiples = [2_000, 3_000, 5_000].map(|multiple| entry.times(Thousandths(multiple)));
        let at: Vec<_> = bench.position().rungs.iter().map(|rung| rung.at).collect();
        (at == multiples, at[0].above(entry))
    };
    assert_eq!(rungs(Protections::ALL, None), (false, true));
    assert_eq!(rungs(Protections::ALL, Some(LadderCap::Off)), (true, true));
    assert_eq!(rungs(Protections::ALL.without(Protection::LadderCap), None), (true, true));
}

#[test]
fn a_rung_sells_its_share_once_and_the_last_one_the_rest() {
    let mut bench = Bench::new();
    bench.hold();
    let (first, bought) = (bench.position().rungs[0].at, bench.position().bought);
    mark_at(&mut bench, first, STEP);
    assert_eq!(fired(&bench), []);
    mark_at(&mut bench, first, 0);
    assert_eq!(fired(&bench), [ExitReason::Ladder]);
    let sale = bench.order();
    assert_eq!((sale.swap.side(), sale.urgent, sale.whole_balance), (crate::event::Side::Sell, false, false));
    mark_at(&mut bench, first, 0);
    assert_eq!(fired(&bench), [], "ordered is not armed");
    bench.land(&sale);
    assert_eq!(bench.position().rungs[0].leg, Leg::Done);
    assert_eq!(bench.position().sold, bought.share(Bps(2_500)));
    let last = bench.position().rungs[2].at;
    mark_at(&mut bench, last, 0);
    let rest = bench.order();
    assert!(rest.whole_balance);
    bench.land(&rest);
    assert_eq!(bench.closed()[0].reason, ExitReason::Ladder);
}

#[test]
fn a_rung_that_fails_is_armed_again_at_the_first_bound() {
    let mut bench = Bench::new();
    bench.hold();
    let first = bench.position().rungs[0].at;
    mark_at(&mut bench, first, 0);
    let sale = bench.order();
    bench.fail(&sale);
    assert!(bench.submitted().is_empty());
    assert_eq!((bench.position().rungs[0].leg, bench.position().part.is_none()), (Leg::Armed, true));
    mark_at(&mut bench, first, 0);
    assert_eq!((fired(&bench), bench.order().bound), (vec![ExitReason::Ladder], Bps(500)));
    let mut off = Bench::without(Protections::ALL.without(Protection::Ladder));
    off.hold();
    mark_at(&mut off, first, 0);
    assert_eq!(fired(&off), []);
}

#[test]
fn rungs_that_are_reached_together_are_sold_together() {
    let mut bench = Bench::new();
    bench.hold();
    let second = bench.position().rungs[1].at;
    mark_at(&mut bench, second, 0);
    let half = bench.position().bought.share(Bps(2_500));
    let tokens = bench.order().swap;
    assert!(matches!(tokens, crate::action::Swap::Sell { tokens, .. } if tokens == half + half));
}

#[test]
fn the_stop_trails_from_a_quarter_above_the_entry_and_only_rises() {
    let mut bench = Bench::with(Protections::ALL, Mode::Paper, |config| {
        config.exits.take_profit = vec![Thousandths(10_000)];
        config.exits.ladder_cap = LadderCap::Off;
    });
    bench.hold();
    let (first, quarter) = (bench.position().stop, bench.position().entry().times(Thousandths(1_250)));
    mark_at(&mut bench, quarter, STEP);
    assert_eq!(bench.position().stop, first);
    mark_at(&mut bench, quarter, 0);
    assert_eq!(bench.position().stop, bench.position().high.share(Bps(7_500)));
    assert_eq!(bench.count(|fact| matches!(fact, Fact::StopMoved { .. })), 1);
    let stop = bench.position().stop;
    bench.trade_at(A, 8_500);
    assert_eq!((bench.position().stop, fired(&bench).len()), (stop, 0));
}

#[test]
fn the_first_rung_lets_the_stop_trail_but_never_lowers_it() {
    // Bought at 95 %, the first rung stands so near that 75 % of it is below the first stop.
    let stops = |protections| {
        let mut bench = Bench::without(protections);
        bench.lenient = true;
        bench.token(A, token_at(9_400));
        bench.change(A, |view| view.atr = Ok(Bps(1)));
        bench.hold();
        let (before, rung) = (bench.position().stop, bench.position().rungs[0].at);
        mark_at(&mut bench, rung, 0);
        (bench.position().trailing, before.above(bench.position().stop))
    };
    assert_eq!(stops(Protections::ALL), (true, false));
    assert_eq!(stops(Protections::ALL.without(Protection::StopOnlyRises)), (true, true));
    assert_eq!(stops(Protections::ALL.without(Protection::Trailing)), (false, false));
}

#[test]
fn time_sells_twenty_minutes_after_the_last_high() {
    let mut bench = Bench::new();
    bench.hold();
    let high = |bench: &Bench| bench.position().high_at.0;
    assert_eq!(high(&bench), NOON);
    bench.now = NOON + 10 * MINUTE;
    bench.trade_at(A, 8_501);
    assert_eq!(high(&bench), NOON + 10 * MINUTE);
    bench.now = NOON + 30 * MINUTE - 1;
    bench.trade_at(A, 8_501);
    assert_eq!(fired(&bench), []);
    bench.now += 1;
    bench.trade(A);
    assert_eq!(fired(&bench), [ExitReason::Time]);
}

#[test]
fn time_is_watched_without_trades_too() {
    let mut bench = Bench::new();
    bench.hold();
    bench.wait(20 * MINUTE + 5 * SECOND);
    let fired =
        bench.told.iter().any(|fact| matches!(fact, Fact::ExitFired { reason: ExitReason::Time, .. }));
    assert!(fired);
    let mut off = Bench::without(Protections::ALL.without(Protection::TimeStop));
    off.hold();
    off.wait(30 * MINUTE);
    assert!(!off.told.iter().any(|fact| matches!(fact, Fact::ExitFired { .. })));
}

#[test]
fn two_low_complete_evaluations_running_sell() {
    let rated = |protections, scores: &[(u16, bool)]| {
        let mut bench = Bench::without(protections);
        bench.hold();
        let mut reasons = Vec::new();
        for (score, complete) in scores {
            let mut rating = analysis(A, Timestamp(bench.now), *score);
            rating.score.complete = *complete;
            bench.evaluate(&rating);
            reasons.extend(fired(&bench));
        }
        reasons
    };
    let all = Protections::ALL;
    assert_eq!(rated(all, &[(4_999, true)]), []);
    assert_eq!(rated(all, &[(4_999, true), (4_999, true)]), [ExitReason::Score]);
    assert_eq!(rated(all, &[(4_999, true), (5_000, true), (4_999, true)]), []);
    assert_eq!(rated(all, &[(4_999, true), (4_999, false), (4_999, true)]), [], "blind breaks the row");
    let off = all.without(Protection::BlindHold);
    assert_eq!(rated(off, &[(4_999, true), (4_999, false)]), [ExitReason::Score]);
    assert_eq!(rated(all.without(Protection::ScoreExit), &[(0, true), (0, true)]), []);
}

#[test]
fn low_safety_sells_as_safety_and_a_hard_fail_at_once() {
    let mut bench = Bench::new();
    bench.hold();
    let mut rating = analysis(A, Timestamp(bench.now), 9_000);
    rating.score.safety = Points(500);
    bench.evaluate(&rating);
    bench.evaluate(&rating);
    assert_eq!(fired(&bench), []);
    rating.score.safety = Points(499);
    bench.evaluate(&rating);
    bench.evaluate(&rating);
    assert_eq!(fired(&bench), [ExitReason::Safety]);
    for (protections, expected) in [
        (Protections::ALL, vec![ExitReason::Safety]),
        (Protections::ALL.without(Protection::SafetyExit), vec![]),
    ] {
        let mut bench = Bench::without(protections);
        bench.hold();
        bench.change(A, |view| view.hard_fail = Some(HardFail::CreatorSold));
        bench.trade(A);
        assert_eq!(fired(&bench), expected);
    }
}

#[test]
fn the_outlook_of_a_position_is_shown() {
    let outlook = |score, complete| {
        let mut bench = Bench::new();
        bench.hold();
        let mut rating = analysis(A, Timestamp(bench.now), score);
        rating.score.complete = complete;
        bench.evaluate(&rating);
        bench.position().outlook
    };
    assert_eq!(outlook(6_000, true), Outlook::Hold);
    assert_eq!(outlook(5_999, true), Outlook::Weakening);
    assert_eq!(outlook(5_000, true), Outlook::Weakening);
    assert_eq!(outlook(4_999, true), Outlook::Weak);
    assert_eq!(outlook(9_000, false), Outlook::Blind);
}

#[test]
fn nothing_is_sold_while_graduating_and_everything_with_the_pools_first_event() {
    let mut bench = Bench::new();
    bench.hold();
    bench.change(A, |view| view.complete = true);
    bench.trade_at(A, 10_000);
    assert!(matches!(bench.position().phase, Phase::Graduating { .. }));
    bench.trade_at(A, 1_000);
    bench.wait(2 * MINUTE - SECOND / 4);
    assert!(
        !bench
            .told
            .iter()
            .any(|fact| matches!(fact, Fact::ExitFired { .. } | Fact::GraduationAwaited { .. }))
    );
    bench.wait(30 * MINUTE);
    let awaited = |fact: &&Fact| matches!(fact, Fact::GraduationAwaited { .. });
    assert_eq!(bench.told.iter().filter(awaited).count(), 1);
    bench.graduate(A);
    bench.trade(A);
    assert_eq!(fired(&bench), [ExitReason::Migration]);
    let sale = bench.order();
    assert!(sale.urgent && matches!(sale.basis.liquidity, Liquidity::Pool(_)));
    bench.land(&sale);
    assert_eq!(bench.closed()[0].reason, ExitReason::Migration);
}

#[test]
fn a_position_that_is_held_through_its_migration_goes_on_under_its_stop() {
    let mut bench = Bench::with(Protections::ALL, Mode::Paper, |config| {
        config.exits.on_migration = OnMigration::Hold;
        config.exits.ladder_cap = LadderCap::Off;
    });
    bench.hold();
    bench.graduate(A);
    bench.trade(A);
    assert_eq!((fired(&bench), bench.position().phase), (vec![], Phase::Graduated));
    let mut off = Bench::without(Protections::ALL.without(Protection::MigrationExit));
    off.config.exits.ladder_cap = LadderCap::Off;
    off.hold();
    off.graduate(A);
    off.trade(A);
    assert_eq!(fired(&off), []);
}

#[test]
fn a_stop_that_was_sent_before_completion_is_tried_again_on_the_pool() {
    let mut bench = Bench::new();
    bench.hold();
    bench.trade_at(A, 7_000);
    let sale = bench.order();
    bench.send(&sale);
    bench.change(A, |view| view.complete = true);
    bench.trade(A);
    bench.fail_sent(&sale);
    assert!(bench.submitted().is_empty(), "there is nowhere to sell");
    bench.graduate(A);
    bench.trade(A);
    let again = bench.order();
    assert_eq!((again.exit, again.bound), (Some(ExitReason::Stop), Bps(1_000)));
    assert_eq!(again.attempt.order, sale.attempt.order);
}

#[test]
fn what_is_due_together_speaks_in_its_order() {
    let mut bench = Bench::new();
    bench.hold();
    bench.change(A, |view| view.hard_fail = Some(HardFail::CreatorSold));
    bench.now += 30 * MINUTE;
    bench.trade_at(A, 1_000);
    assert_eq!(fired(&bench), [ExitReason::Safety], "before stop and time");
    let mut bench = Bench::new();
    bench.hold();
    bench.now += 30 * MINUTE;
    bench.trade_at(A, 1_000);
    assert_eq!(fired(&bench), [ExitReason::Stop], "before time");
}

#[test]
fn a_kept_position_ignores_score_time_and_ladder_but_not_its_stop() {
    let mut bench = Bench::new();
    bench.hold();
    bench.command("ann", Command::Hold(A));
    let low = analysis(A, Timestamp(bench.now), 0);
    bench.evaluate(&low);
    bench.evaluate(&low);
    assert_eq!(fired(&bench), []);
    let last = bench.position().rungs[2].at;
    mark_at(&mut bench, last, 0);
    assert_eq!(fired(&bench), []);
    bench.wait(30 * MINUTE);
    assert!(!bench.told.iter().any(|fact| matches!(fact, Fact::ExitFired { .. })));
    bench.trade_at(A, 1_000);
    assert_eq!(fired(&bench), [ExitReason::Stop]);
}

#[test]
fn by_hand_a_part_or_all_is_sold() {
    let mut bench = Bench::new();
    bench.hold();
    let part = TokenAmount(1_000_000);
    bench.command("ann", Command::Close { mint: A, tokens: Some(part), urgent: false });
    assert_eq!(fired(&bench), [ExitReason::Manual]);
    let sale = bench.order();
    assert!(!sale.whole_balance && !sale.urgent);
    bench.land(&sale);
    assert_eq!(bench.position().sold, part);
    bench.command("ann", Command::Close { mint: A, tokens: None, urgent: true });
    let sale = bench.order();
    assert!(sale.whole_balance && sale.urgent);
    bench.land(&sale);
    assert_eq!(bench.closed()[0].reason, ExitReason::Manual);
}

#[test]
fn kill_and_shutdown_sell_everything() {
    let mut bench = Bench::new();
    bench.hold();
    bench.command("ann", Command::Flatten);
    assert_eq!(fired(&bench), [ExitReason::Kill]);
    assert!(bench.order().urgent);
    let mut bench = Bench::new();
    bench.hold();
    bench.event(&crate::event::Event::Run(crate::event::RunEvent::Stopping(OnExit::Hold)));
    assert_eq!(fired(&bench), []);
    let mut bench = Bench::new();
    bench.hold();
    bench.event(&crate::event::Event::Run(crate::event::RunEvent::Stopping(OnExit::Flatten)));
    assert_eq!(fired(&bench), [ExitReason::Shutdown]);
    let sale = bench.order();
    bench.land(&sale);
    assert!(bench.effects.actions.contains(&crate::action::Action::Finish));
}

#[test]
fn a_token_that_market_dropped_is_marked_at_its_last_reserves() {
    let mut bench = Bench::new();
    bench.hold();
    let mark = bench.position().mark;
    bench.tokens.borrow_mut().remove(&A);
    bench.wait(20 * MINUTE);
    assert_eq!(bench.position().mark, mark);
    let time = |fact: &Fact| matches!(fact, Fact::ExitFired { reason: ExitReason::Time, .. });
    assert!(bench.told.iter().any(time), "it is sold when its time has come");
}
