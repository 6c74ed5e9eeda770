//! Levels at their boundaries, one unit to each side, on the way up and on the way down.

use super::*;
use crate::trader::missed::{Missed, missed_first};
use crate::trader::tests::bench::{A, analysis};

/// Passes evaluations with these scores through one stage: the levels that were signalled.
fn levels(protections: Protections, scores: &[u16]) -> Vec<Option<Level>> {
    let config = Config::default();
    let mut stage = SignalStage::new(protections);
    let mut signal = |score: &u16| stage.signal(&analysis(A, Timestamp(0), *score), &config);
    scores.iter().map(|score| signal(score).map(|signal| signal.level)).collect()
}

const BUY: Option<Level> = Some(Level::Buy);
const STRONG: Option<Level> = Some(Level::StrongBuy);

#[test]
fn a_level_is_entered_at_its_score_and_not_a_hundredth_below() {
    assert_eq!(levels(Protections::ALL, &[7_499]), [None]);
    assert_eq!(levels(Protections::ALL, &[7_500]), [BUY]);
    assert_eq!(levels(Protections::ALL, &[8_499]), [BUY]);
    assert_eq!(levels(Protections::ALL, &[8_500]), [STRONG]);
}

#[test]
fn a_level_is_left_three_points_below_its_threshold() {
    assert_eq!(levels(Protections::ALL, &[7_500, 7_201, 7_200, 7_201]), [BUY, BUY, None, None]);
    assert_eq!(levels(Protections::ALL, &[8_500, 8_201, 8_200, 8_201]), [STRONG, STRONG, BUY, BUY]);
    assert_eq!(levels(Protections::ALL, &[8_500, 7_201, 7_200]), [STRONG, BUY, None]);
}

#[test]
fn without_hysteresis_a_level_is_left_at_its_threshold() {
    let protections = Protections::ALL.without(Protection::Hysteresis);
    assert_eq!(levels(protections, &[7_500, 7_499]), [BUY, None]);
}

#[test]
fn every_evaluation_in_a_level_signals_anew_and_lives_ten_seconds() {
    let config = Config::default();
    let mut stage = SignalStage::new(Protections::ALL);
    for now in [0, 30_000_000] {
        let signal = stage.signal(&analysis(A, Timestamp(now), 8_000), &config).unwrap();
        assert_eq!((signal.made.0, signal.expires.0), (now, now + 10_000_000));
        assert_eq!(signal.config, config.hash);
    }
}

/// The level of a token with score 90 and one changed condition.
fn level(change: impl Fn(&mut Analysis)) -> Option<Level> {
    let mut analysis = analysis(A, Timestamp(0), 9_000);
    change(&mut analysis);
    SignalStage::new(Protections::ALL).signal(&analysis, &Config::default()).map(|signal| signal.level)
}

#[test]
fn every_other_condition_holds_at_its_boundary_and_fails_one_unit_beyond() {
    let progress = |bps| level(|analysis| analysis.metrics.progress = Ok(Bps(bps)));
    assert_eq!(
        [6_999, 7_000, 7_999, 8_000, 9_499, 9_500].map(progress),
        [None, BUY, BUY, STRONG, STRONG, None]
    );
    let safety = |points| level(|analysis| analysis.score.safety = Points(points));
    assert_eq!([699, 700, 799, 800].map(safety), [None, BUY, BUY, STRONG]);
    let velocity =
        |part: i64| level(|analysis| analysis.metrics.velocity = Ok(Ratio::of(part, 1_000_000_i64).unwrap()));
    assert_eq!([500_000, 500_001, 1_000_000, 1_000_001].map(velocity), [None, BUY, BUY, STRONG]);
}

#[test]
fn another_condition_that_fails_ends_a_level_without_hysteresis() {
    let config = Config::default();
    let mut stage = SignalStage::new(Protections::ALL);
    let mut token = analysis(A, Timestamp(0), 7_500);
    assert!(stage.signal(&token, &config).is_some());
    token.score.safety = Points(699);
    assert!(stage.signal(&token, &config).is_none());
    token.score.safety = Points(700);
    token.score.total = Points(7_400);
    assert!(stage.signal(&token, &config).is_none(), "the level was left: it is entered at its threshold");
}

/// Passes evaluations with these scores, in a market whose median stands so, through one stage that follows it.
fn followed(protections: Protections, scores: &[u16], breadth: Known<Breadth>) -> Vec<Option<Level>> {
    let mut config = Config::default();
    config.signals.adaptive = true;
    let mut stage = SignalStage::new(protections);
    let mut signal = |score: &u16| {
        let analysis = Analysis { breadth, ..analysis(A, Timestamp(0), *score) };
        stage.signal(&analysis, &config).map(|signal| signal.level)
    };
    scores.iter().map(&mut signal).collect()
}

const fn breadth(below: u16, above: u16) -> Known<Breadth> {
    Ok(Breadth { median: Points(1_000), below: Bps(below), above: Bps(above) })
}

#[test]
fn buy_rises_in_the_top_quintile_and_falls_in_the_bottom_one() {
    let at = |breadth, score| followed(Protections::ALL, &[score], breadth)[0];
    let cases = [
        (breadth(8_000, 0), 8_000),
        (breadth(7_999, 2_000), 7_500),
        (breadth(2_000, 7_999), 7_500),
        (breadth(0, 8_000), 7_000),
        (Err(Unknown::TooYoung), 7_500),
    ];
    for (breadth, threshold) in cases {
        assert_eq!(at(breadth, threshold), BUY, "{breadth:?}");
        assert_eq!(at(breadth, threshold - 1), None, "{breadth:?}");
    }
}

#[test]
fn strong_buy_does_not_follow_the_market_nor_does_anything_that_is_not_told_to() {
    for breadth in [breadth(9_999, 0), breadth(0, 9_999)] {
        let levels = followed(Protections::ALL, &[8_499, 8_500], breadth);
        assert_eq!(levels, [BUY, STRONG], "{breadth:?}");
        let keys = Config::default().signals;
        assert_eq!(Level::Buy.score(&keys, breadth), keys.buy_score);
        let protections = Protections::ALL.without(Protection::AdaptiveScore);
        assert_eq!(followed(protections, &[7_499], breadth), [None]);
        assert_eq!(followed(protections, &[7_500], breadth), [BUY]);
    }
}

#[test]
fn a_level_is_left_three_points_below_the_threshold_that_is_in_force() {
    assert_eq!(followed(Protections::ALL, &[8_000, 7_701, 7_700], breadth(9_000, 0)), [BUY, BUY, None]);
    assert_eq!(followed(Protections::ALL, &[7_000, 6_701, 6_700], breadth(0, 9_000)), [BUY, BUY, None]);
}

#[test]
fn a_token_kept_out_by_a_risen_threshold_misses_the_score_that_is_asked_now() {
    let mut keys = Config::default().signals;
    keys.adaptive = true;
    let analysis = Analysis { breadth: breadth(9_000, 0), ..analysis(A, Timestamp(0), 7_999) };
    assert_eq!(missed_first(&analysis, &keys), Some(Missed::Score(Points(7_999), Points(8_000))));
}

#[test]
fn an_unknown_velocity_or_progress_is_no_signal() {
    assert_eq!(level(|analysis| analysis.metrics.velocity = Err(Unknown::TooYoung)), None);
    assert_eq!(level(|analysis| analysis.metrics.progress = Err(Unknown::NotApplicable)), None);
}

#[test]
fn the_warm_up_signals_nothing_up_to_its_last_moment() {
    let config = Config::default();
    let signals = |protections, now| {
        let mut stage = SignalStage::new(protections);
        stage.warm_up(Some(Timestamp(100)));
        stage.signal(&analysis(A, Timestamp(now), 9_000), &config).is_some()
    };
    assert_eq!([99, 100].map(|now| signals(Protections::ALL, now)), [false, true]);
    assert!(signals(Protections::ALL.without(Protection::WarmUp), 99));
}

#[test]
fn a_forgotten_token_is_in_no_level() {
    let config = Config::default();
    let mut stage = SignalStage::new(Protections::ALL);
    assert!(stage.signal(&analysis(A, Timestamp(0), 7_500), &config).is_some());
    stage.forget(A);
    assert!(stage.signal(&analysis(A, Timestamp(0), 7_499), &config).is_none());
}

#[test]
fn a_size_is_its_share_of_the_largest_position_floored() {
    let keys = Config::default().signals;
    let max = Lamports(500_000_000);
    assert_eq!(Level::StrongBuy.size(Points(8_765), max, &keys), Lamports(438_250_000));
    assert_eq!(Level::Buy.size(Points(8_765), max, &keys), Lamports(328_687_500));
    assert_eq!(Level::Buy.size(Points(7_501), Lamports(3), &keys), Lamports(1));
}
