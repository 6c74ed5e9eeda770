//! Tracking, evaluation, duplicates, migration, ranking.

use std::time::Duration;

use super::stage::{CREATOR, SOL, START, Stage, key, wallet};
use crate::action::Action;
use crate::analysis::{Breadth, EntryFact};
use crate::event::{Event, MarketKind, Quote, Reserves, Side, Traded, Unknown};
use crate::fact::Fact;
use crate::ids::{Mint, PoolId, Signature};
use crate::quotes::{Curve, Liquidity, Pool, Rates};
use crate::time::ChainTime;
use crate::units::{Bps, Lamports, TokenAmount};

#[test]
fn a_token_is_scored_every_half_minute_from_its_first_event_while_it_trades() {
    let mut stage = Stage::new();
    stage.launch();
    stage.wait(11);
    stage.buy(wallet(1), SOL);
    stage.wait(18);
    assert_eq!(stage.scored(), 0);
    stage.wait(1);
    assert_eq!(stage.scored(), 1);
    // 5.5 min since its last trade at second 11 end at second 341, so second 330 is the last.
    stage.wait(300);
    assert_eq!(stage.scored(), 10);
    stage.wait(120);
    assert_eq!(stage.scored(), 0);
    stage.buy(wallet(1), SOL);
    stage.wait(30);
    assert_eq!(stage.scored(), 1);
}

#[test]
fn what_is_due_is_evaluated_before_the_event_that_finds_it_due() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    stage.forget();
    stage.at += 30;
    stage.now = ChainTime(stage.at).timestamp();
    stage.buy(wallet(2), SOL);
    assert_eq!(stage.evaluations[0].metrics.holders, Ok(1));
    assert_eq!(stage.evaluations[0].at, ChainTime(START));
}

#[test]
fn a_jump_of_the_clock_evaluates_once_and_keeps_the_rhythm() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    let other = Mint(key(8));
    stage.wait(2);
    stage.mint = other;
    stage.launch();
    stage.buy(wallet(1), SOL);
    stage.forget();
    stage.at += 98;
    stage.now = ChainTime(stage.at).timestamp();
    stage.send(Event::Tick);
    assert_eq!(stage.scored(), 2);
    stage.wait(19);
    assert_eq!(stage.scored(), 0);
    // The first is due at second 120 as ever, the other at 122.
    stage.wait(1);
    assert_eq!(stage.evaluations.iter().map(|a| a.mint).collect::<Vec<_>>(), [Mint(key(7))]);
    stage.wait(2);
    assert_eq!(stage.evaluations.iter().map(|a| a.mint).collect::<Vec<_>>(), [other]);
}

#[test]
fn a_trade_that_crosses_a_progress_tier_is_scored_at_once() {
    let mut stage = Stage::new();
    stage.launch();
    let tokens = Curve::FRESH.real_token / 10_000;
    stage.trade_tokens(wallet(1), Side::Buy, tokens * 5_999);
    assert_eq!(stage.scored(), 0);
    stage.trade_tokens(wallet(1), Side::Buy, tokens);
    assert_eq!(stage.scored(), 1);
    assert_eq!(stage.evaluations[0].metrics.progress, Ok(Bps(6_000)));
    stage.trade_tokens(wallet(1), Side::Buy, tokens);
    assert_eq!(stage.scored(), 1);
    stage.trade_tokens(wallet(1), Side::Sell, tokens * 2);
    assert_eq!(stage.scored(), 2);
}

#[test]
fn a_token_without_a_trade_for_half_an_hour_is_dropped_and_comes_back_incomplete() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    stage.wait(30 * 60 - 1);
    assert_eq!(stage.market.tracked(), 1);
    stage.wait(1);
    assert_eq!(stage.market.tracked(), 0);
    assert!(stage.effects.facts.contains(&Fact::Dropped { mint: stage.mint }));
    assert!(stage.market.token(stage.mint, &stage.config).is_none());
    stage.buy(wallet(1), SOL);
    assert!(stage.view().missing.contains(&(EntryFact::Creator, Unknown::NotSeen)));
}

#[test]
fn a_trade_after_half_an_hour_finds_the_token_gone_though_nobody_looked() {
    for (seconds, known) in [(1_799, true), (1_800, false)] {
        let mut stage = Stage::new();
        stage.launch();
        // Its turn to be looked at comes 5 s after the trade.
        stage.at += 25;
        stage.now = ChainTime(stage.at).timestamp();
        stage.buy(wallet(1), SOL);
        stage.at += seconds;
        stage.now = ChainTime(stage.at).timestamp();
        stage.buy(wallet(2), SOL);
        assert_eq!(stage.view().creator.is_ok(), known, "{seconds}");
        assert_eq!(stage.effects.facts.contains(&Fact::Dropped { mint: stage.mint }), !known, "{seconds}");
    }
}

#[test]
fn the_same_event_counts_once_and_in_a_later_slot_it_replaces_itself() {
    let mut stage = Stage::new();
    stage.launch();
    stage.wait(10);
    let before = stage.curve;
    let signature = Signature([9; 64]);
    let first = stage.traded(wallet(1), Side::Buy, SOL);
    stage.happen_as(signature, MarketKind::Traded(first));
    stage.happen_as(signature, MarketKind::Traded(first));
    assert_eq!(stage.analysis().metrics.volume_5m, Lamports(first.quote_amount));
    // After a fork somebody else came first, and the same buy of one SOL gave fewer tokens.
    stage.slot += 1;
    stage.curve = before;
    let other = stage.traded(wallet(2), Side::Buy, 10 * SOL);
    stage.happen(MarketKind::Traded(other));
    let again = stage.traded(wallet(1), Side::Buy, SOL);
    assert!(again.tokens < first.tokens);
    stage.happen_as(signature, MarketKind::Traded(again));
    let metrics = stage.analysis().metrics;
    assert_eq!(metrics.volume_5m, Lamports(other.quote_amount + again.quote_amount));
    assert_eq!(metrics.holders, Ok(2));
    assert_eq!(metrics.unique_buyers_5m, 2);
    let held = u128::from(other.tokens.0 + again.tokens.0) * 10_000 / 1_000_000_000_000_000;
    assert_eq!(u128::from(metrics.top10.unwrap().bps().0), held);
    // The slot that is gone may still be told late: nothing moves.
    stage.slot -= 1;
    stage.happen_as(signature, MarketKind::Traded(first));
    assert_eq!(stage.analysis().metrics, metrics);
}

#[test]
fn what_was_bundled_is_counted_in_the_slot_that_stayed() {
    let mut stage = Stage::new();
    let launched = stage.launched();
    let launch = |stage: &mut Stage| {
        stage.happen_as(Signature([1; 64]), MarketKind::Launched(Box::new(launched.clone())));
    };
    let buy =
        |stage: &mut Stage, trade: Traded| stage.happen_as(Signature([2; 64]), MarketKind::Traded(trade));
    launch(&mut stage);
    let trade = stage.traded(wallet(1), Side::Buy, SOL);
    buy(&mut stage, trade);
    let once = stage.analysis().metrics.bundled_share;
    assert!(once.unwrap() > Bps(0));
    stage.slot += 1;
    launch(&mut stage);
    buy(&mut stage, trade);
    assert_eq!(stage.analysis().metrics.bundled_share, once);
    // The creator's own buy is no bundle, nor is one in the next slot.
    stage.trade(wallet(CREATOR), Side::Buy, SOL);
    stage.slot += 1;
    stage.buy(wallet(3), SOL);
    assert_eq!(stage.analysis().metrics.bundled_share, once);
}

#[test]
fn a_late_trade_counts_at_its_own_time() {
    let mut stage = Stage::new();
    stage.launch();
    stage.wait(400);
    stage.at -= 310;
    stage.buy(wallet(1), SOL);
    let metrics = stage.analysis().metrics;
    assert_eq!((metrics.volume_5m, metrics.volume_15m), (Lamports(0), Lamports(SOL)));
    // Windows are still read at the highest time seen.
    assert_eq!(stage.analysis().at, ChainTime(START + 400));
}

#[test]
fn migration_turns_the_curve_into_the_pool_of_what_moved() {
    let mut stage = Stage::new();
    stage.launch();
    let left = stage.curve.real_token;
    stage.trade_tokens(wallet(1), Side::Buy, left);
    assert!(stage.view().complete && !stage.view().graduated);
    stage.happen(MarketKind::Completed { user: wallet(1) });
    assert_eq!(stage.analysis().metrics.progress, Ok(Bps(10_000)));
    let pool = PoolId(key(99));
    let (tokens, quote_amount) = (TokenAmount(206_900_000_000_000), 84_990_359_084);
    stage.happen(MarketKind::Migrated { pool, tokens, quote_amount, quote: Quote::Sol });
    let opened = Pool { base: tokens.0, quote_vault: quote_amount, virtual_quote: 0 };
    let basis = stage.view().basis.unwrap();
    assert_eq!(basis.liquidity, Liquidity::Pool(opened));
    assert_eq!(basis.rates, Rates { lp: Bps(2), protocol: Bps(93), creator: Bps(30) });
    assert!(stage.view().graduated);
}

#[test]
fn a_pool_reports_its_reserves_before_the_trade_and_is_known_after_it() {
    let mut stage = Stage::new();
    let pool = PoolId(key(99));
    let before = Pool { base: 1_000_000_000_000, quote_vault: 80 * SOL, virtual_quote: 4_990_359_084 };
    let trade = Traded {
        user: wallet(1),
        side: Side::Buy,
        quote: Quote::Sol,
        quote_amount: SOL,
        tokens: TokenAmount(11_000_000_000),
        reserves: Reserves::Pool { pool, before },
        fees: crate::event::TradeFees { lp: 200_000, ..Default::default() },
        creator: None,
        creator_rate: Some(Bps(17)),
        mayhem: false,
    };
    stage.happen(MarketKind::Traded(trade));
    let basis = stage.view().basis.unwrap();
    let after = Pool { base: before.base - 11_000_000_000, quote_vault: 81 * SOL + 200_000, ..before };
    assert_eq!(basis.liquidity, Liquidity::Pool(after));
    assert_eq!(basis.rates.creator, Bps(17));
    assert_eq!(stage.analysis().metrics.real_sol, Ok(Lamports(81 * SOL + 200_000)));
}

#[test]
fn a_pool_is_followed_when_it_is_near_and_left_when_its_token_is_dropped() {
    let mut stage = Stage::new();
    stage.launch();
    let tokens = Curve::FRESH.real_token / 10_000;
    stage.trade_tokens(wallet(1), Side::Buy, tokens * 5_999);
    assert_eq!(stage.effects.actions, []);
    stage.trade_tokens(wallet(1), Side::Buy, tokens);
    stage.trade_tokens(wallet(1), Side::Buy, tokens);
    let follows = stage.effects.actions.iter().filter(|action| **action == Action::Follow(stage.mint));
    assert_eq!(follows.count(), 1);
    stage.wait(30 * 60);
    assert!(stage.effects.actions.contains(&Action::Unfollow(stage.mint)));
}

#[test]
fn the_ranking_is_by_score_then_progress_then_mint_and_entering_the_top_is_told() {
    let mut stage = Stage::new();
    stage.config.score.ranking = 3;
    stage.config.score.top = 2;
    let tokens = Curve::FRESH.real_token / 10_000;
    // 60 % brings five points, and so does 96 %.
    for (mint, progress) in [(5, 6_000), (6, 9_600), (4, 6_000), (3, 9_600)] {
        stage.mint = Mint(key(mint));
        stage.curve = Curve::FRESH;
        stage.launch();
        stage.slot += 1;
        stage.trade_tokens(wallet(1), Side::Buy, tokens * progress);
    }
    let ranks: Vec<_> = stage.evaluations.iter().map(|analysis| analysis.rank).collect();
    assert_eq!(ranks, [Some(1), Some(1), Some(2), Some(1)]);
    let ranked = stage.market.ranking(&stage.config);
    assert_eq!(
        ranked.iter().map(|ranked| ranked.mint).collect::<Vec<_>>(),
        [3, 6, 4].map(|mint| Mint(key(mint)))
    );
    let entered = stage.effects.facts.iter().filter_map(|fact| match fact {
        Fact::EnteredTop { mint, rank } => Some((*mint, *rank)),
        _ => None,
    });
    let expected = [(5, 1), (6, 1), (4, 2), (3, 1)].map(|(mint, rank)| (Mint(key(mint)), rank));
    assert_eq!(entered.collect::<Vec<_>>(), expected);
}

#[test]
fn the_median_score_is_taken_each_period_before_its_evaluations() {
    let mut stage = Stage::new();
    stage.config.signals.adaptive_window = Duration::from_secs(60);
    stage.launch();
    stage.buy(wallet(1), SOL);
    // Nothing has a score at second 30, when the token gets its first; so the first median is that of second 60.
    stage.wait(119);
    assert!(stage.evaluations.iter().all(|evaluation| evaluation.breadth.is_err()));
    stage.wait(1);
    let first = stage.evaluations[0].score.total;
    assert!(stage.evaluations[0].breadth.is_ok());
    // Three new holders a minute raise the score without crossing a tier of progress.
    (2..20).for_each(|user| stage.buy(wallet(user), SOL / 1_000));
    stage.wait(30);
    let second = stage.evaluations[0].score.total;
    assert!(second > first);
    // The median of this moment was taken before that evaluation.
    let breadth = |median, below, above| Ok(Breadth { median, below: Bps(below), above: Bps(above) });
    assert_eq!(stage.evaluations[0].breadth, breadth(first, 0, 0));
    assert_eq!(stage.market.analysis(stage.mint, &stage.config).unwrap().breadth, breadth(first, 0, 0));
    stage.wait(30);
    assert_eq!(stage.evaluations[0].breadth, breadth(second, 5_000, 0));
}

#[test]
fn the_median_is_that_of_every_tracked_token_with_a_score() {
    let mut stage = Stage::new();
    let mut scores = Vec::new();
    for (token, sol) in [(20, 60), (21, 1), (22, 30), (23, 45)] {
        stage.mint = Mint(key(token));
        stage.curve = Curve::FRESH;
        stage.launch();
        stage.buy(wallet(token), sol * SOL);
        let mut sorted = {
            scores.push(stage.analysis().score.total);
            scores.clone()
        };
        sorted.sort_unstable();
        assert_eq!(stage.market.ranking.median(), Some(sorted[(sorted.len() - 1) / 2]));
    }
    assert_eq!(Stage::new().market.ranking.median(), None);
}
