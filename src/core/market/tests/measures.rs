//! The analyzers of strategy.md §1, row by row, at the boundary and one unit to each side.

use super::stage::{CREATOR, SOL, Stage, wallet};
use crate::event::{MarketKind, Quote, Side, Unknown};
use crate::ids::Mint;
use crate::quotes::{Curve, Rates};
use crate::ratio::Ratio;
use crate::units::{Bps, Lamports, Thousandths};

#[test]
fn velocity_needs_five_minutes_to_the_second() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    stage.wait(299);
    assert_eq!(stage.analysis().metrics.velocity, Err(Unknown::TooYoung));
    stage.wait(1);
    assert!(stage.analysis().metrics.velocity.is_ok());
}

#[test]
fn velocity_without_a_trade_in_its_span_is_unknown() {
    let mut stage = Stage::new();
    stage.launch();
    stage.wait(300);
    assert_eq!(stage.analysis().metrics.velocity, Err(Unknown::NoTrades));
}

#[test]
fn velocity_compares_five_minutes_with_the_mean_of_the_span() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    stage.wait(600);
    stage.buy(wallet(2), 3 * SOL);
    // 4 SOL in 600 s are a mean of 2 SOL in 5 minutes; 3 SOL are half more.
    let metrics = stage.analysis().metrics;
    assert_eq!(metrics.velocity.map(|v| v.thousandths()), Ok(Thousandths(500)));
    assert!(metrics.velocity.unwrap() == Thousandths(500));
    // One lamport more is more than half, though the floor does not show it.
    stage.trade_tokens(wallet(2), Side::Sell, 40_000);
    let velocity = stage.analysis().metrics.velocity.unwrap();
    assert!(velocity > Thousandths(500) && velocity.thousandths() == Thousandths(500));
}

#[test]
fn velocity_spans_no_more_than_an_hour() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    stage.wait(1_790);
    stage.buy(wallet(1), 6 * SOL);
    stage.wait(1_790);
    stage.buy(wallet(1), SOL);
    stage.wait(3_585 - 3_580);
    // The first trade is still in the hour, whose span is the age: 8 SOL in 3,585 s.
    let ratio = Ratio::of(3_585_i64 - 8 * 300, 8 * 300_i64).unwrap().thousandths();
    assert_eq!(stage.analysis().metrics.velocity.map(|v| v.thousandths()), Ok(ratio));
    stage.wait(100);
    // 3,685 s old: the span is an hour, and only 7 SOL are in it.
    let ratio = Ratio::of(3_600_i64 - 7 * 300, 7 * 300_i64).unwrap().thousandths();
    assert_eq!(stage.analysis().metrics.velocity.map(|v| v.thousandths()), Ok(ratio));
}

#[test]
fn volumes_cover_their_buckets_with_the_current_one() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    let volumes = |stage: &mut Stage| {
        let metrics = stage.analysis().metrics;
        [metrics.volume_5m, metrics.volume_15m, metrics.volume_1h].map(|volume| volume.0 / SOL)
    };
    stage.wait(299);
    assert_eq!(volumes(&mut stage), [1, 1, 1]);
    stage.wait(1);
    assert_eq!(volumes(&mut stage), [0, 1, 1]);
    stage.wait(599);
    assert_eq!(volumes(&mut stage), [0, 1, 1]);
    stage.wait(1);
    assert_eq!(volumes(&mut stage), [0, 0, 1]);
}

#[test]
fn a_spike_is_more_than_three_fifths_of_five_minutes_in_the_last_minute() {
    for (last, spike) in [(3 * SOL - 2, false), (3 * SOL, false), (3 * SOL + 2, true)] {
        let mut stage = Stage::new();
        stage.launch();
        let quote = |stage: &mut Stage, lamports: u64| {
            let mut trade = stage.traded(wallet(1), Side::Buy, SOL);
            trade.quote_amount = lamports;
            stage.happen(MarketKind::Traded(trade));
        };
        quote(&mut stage, 2 * SOL);
        stage.wait(60);
        quote(&mut stage, last);
        assert_eq!(stage.analysis().metrics.spike, Ok(spike), "{last}");
        // Ten seconds on, the minute still holds it; 60 s after, not.
        stage.wait(60);
        assert_eq!(stage.analysis().metrics.spike, Ok(false));
    }
}

#[test]
fn five_minutes_without_a_trade_leave_ratio_and_spike_unknown() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    stage.trade_tokens(wallet(1), Side::Sell, 1_000_000_000_000);
    let metrics = stage.analysis().metrics;
    assert!(metrics.buy_ratio.unwrap() > Bps(9_000) && metrics.buy_ratio.unwrap() < Bps(10_000));
    stage.wait(300);
    let metrics = stage.analysis().metrics;
    assert_eq!((metrics.buy_ratio, metrics.spike), (Err(Unknown::NoTrades), Err(Unknown::NoTrades)));
    assert_eq!(metrics.wash_share, Err(Unknown::NoTrades));
}

#[test]
fn holders_come_and_go_with_their_balances() {
    let mut stage = Stage::new();
    stage.launch();
    for user in 0..6 {
        stage.trade_tokens(wallet(user), Side::Buy, 1_000_000_000);
    }
    stage.trade_tokens(wallet(0), Side::Sell, 1_000_000_000);
    let metrics = stage.analysis().metrics;
    assert_eq!((metrics.holders, metrics.holder_growth_1h), (Ok(5), Ok(5)));
    assert_eq!(metrics.holder_velocity, Ok(Thousandths(1_000)));
    stage.wait(300);
    let metrics = stage.analysis().metrics;
    assert_eq!((metrics.holder_velocity, metrics.holder_growth_1h), (Ok(Thousandths(0)), Ok(5)));
}

#[test]
fn a_sale_of_more_than_was_known_marks_holders_incomplete() {
    let mut stage = Stage::new();
    stage.launch();
    stage.trade_tokens(wallet(1), Side::Buy, 1_000);
    stage.trade_tokens(wallet(2), Side::Buy, 1_000);
    stage.trade_tokens(wallet(1), Side::Sell, 1_001);
    let metrics = stage.analysis().metrics;
    assert_eq!(metrics.holders, Err(Unknown::Incomplete));
    assert_eq!(metrics.top10, Err(Unknown::Incomplete));
    assert_eq!(metrics.creator_share, Err(Unknown::Incomplete));
}

#[test]
fn shares_are_of_the_whole_supply() {
    let mut stage = Stage::new();
    stage.launch();
    for user in 0..12 {
        stage.trade_tokens(wallet(user), Side::Buy, 10_000_000_000_000);
    }
    stage.trade_tokens(wallet(CREATOR), Side::Buy, 5_000_000_000_000);
    let metrics = stage.analysis().metrics;
    assert!(metrics.top10.unwrap() == Bps(1_000));
    assert!(metrics.creator_share.unwrap() == Bps(50));
}

#[test]
fn progress_is_the_share_of_the_curve_that_the_create_event_gave() {
    let mut stage = Stage::new();
    let mut launched = stage.launched();
    let half = Curve { real_token: Curve::FRESH.real_token / 2, ..Curve::FRESH };
    (launched.curve, stage.curve) = (Some(half), half);
    stage.happen(MarketKind::Launched(Box::new(launched)));
    let sold = half.real_token / 4;
    stage.trade_tokens(wallet(1), Side::Buy, sold);
    assert_eq!(stage.view().initial_real_token, Ok(half.real_token));
    assert_eq!(stage.analysis().metrics.progress, Ok(Bps(2_500 - u16::from(sold * 4 < half.real_token))));
}

#[test]
fn a_coin_first_seen_by_a_trade_is_measured_against_the_usual_curve() {
    let mut stage = Stage::new();
    stage.trade_tokens(wallet(1), Side::Buy, Curve::FRESH.real_token / 2);
    assert_eq!(stage.view().initial_real_token, Ok(793_100_000_000_000));
    assert_eq!(stage.analysis().metrics.progress, Ok(Bps(5_000)));
    assert_eq!(stage.analysis().metrics.age_seconds, Err(Unknown::Incomplete));
}

#[test]
fn mayhem_coins_and_other_quotes_are_tracked_and_their_progress_has_no_meaning() {
    let mut stage = Stage::new();
    let mut mayhem = stage.launched();
    mayhem.mayhem = true;
    stage.happen(MarketKind::Launched(Box::new(mayhem)));
    stage.buy(wallet(1), SOL);
    let view = stage.view();
    assert!(view.mayhem);
    assert_eq!(view.initial_real_token, Err(Unknown::NotApplicable));
    assert_eq!(stage.analysis().metrics.progress, Err(Unknown::NotApplicable));

    let mut stage = Stage::new();
    let mut other = stage.launched();
    other.quote = Quote::Other(Mint::default());
    stage.happen(MarketKind::Launched(Box::new(other)));
    let mut trade = stage.traded(wallet(1), Side::Buy, SOL);
    trade.quote = Quote::Other(Mint::default());
    stage.happen(MarketKind::Traded(trade));
    let metrics = stage.analysis().metrics;
    assert_eq!(stage.view().quote, Quote::Other(Mint::default()));
    assert_eq!(metrics.progress, Err(Unknown::NotApplicable));
    assert_eq!(
        (metrics.real_sol, metrics.round_trip),
        (Err(Unknown::NotApplicable), Err(Unknown::NotApplicable))
    );
    assert_eq!(metrics.volume_5m, Lamports(trade.quote_amount));
}

#[test]
fn the_round_trip_costs_what_buying_and_selling_back_loses() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), 40 * SOL);
    let rates = stage.view().basis.unwrap().rates;
    assert_eq!(rates, Rates { lp: Bps(0), protocol: Bps(95), creator: Bps(30) });
    let bought = stage.curve.buy_exact_quote(SOL / 2, &rates).unwrap();
    let sold = stage.curve.after_buy(&bought).sell(bought.tokens, &rates).unwrap();
    let cost = (bought.total - sold.out) * 10_000 / bought.total;
    assert_eq!(stage.analysis().metrics.round_trip.map(|cost| u64::from(cost.0)), Ok(cost));
}

#[test]
fn the_creator_rate_is_that_of_the_last_trade_else_of_the_coin_else_the_schedules() {
    let mut stage = Stage::new();
    let mut launched = stage.launched();
    launched.creator_rate = Some(Bps(70));
    stage.happen(MarketKind::Launched(Box::new(launched)));
    stage.buy(wallet(1), SOL);
    assert_eq!(stage.view().basis.unwrap().rates.creator, Bps(70));
    let mut trade = stage.traded(wallet(1), Side::Buy, SOL);
    trade.creator_rate = Some(Bps(12));
    stage.happen(MarketKind::Traded(trade));
    assert_eq!(stage.view().basis.unwrap().rates.creator, Bps(12));
}

#[test]
fn the_average_true_range_is_of_the_spot_price_after_each_trade() {
    let mut stage = Stage::new();
    stage.launch();
    let mut spots = vec![];
    for _ in 0..5 {
        stage.buy(wallet(1), SOL);
        spots.push((u128::from(stage.curve.virtual_quote) << 56) / u128::from(stage.curve.virtual_token));
        assert_eq!(stage.view().atr.is_ok(), spots.len() == 5);
        stage.wait(60);
    }
    // Four rises, the first bar without a range, and the present minute is a flat one: a sixth bar.
    let range = (spots[4] - spots[0]) * 10_000 / 6 / spots[4];
    assert_eq!(stage.view().atr.map(|atr| u128::from(atr.0)), Ok(range));
}
