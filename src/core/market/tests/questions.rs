//! What is asked, when, and what the answers change.

use super::stage::{CREATOR, SOL, START, Stage, key, wallet};
use crate::analysis::EntryFact;
use crate::config::HoldersCheck;
use crate::event::{Answer, CurveFacts, Links, MarketKind, MintFacts, Quote, Side, Unknown, What};
use crate::ids::{PoolId, Wallet};
use crate::quotes::{Curve, Liquidity, Pool, Schedules};
use crate::time::ChainTime;
use crate::units::{Bps, Points, TokenAmount};

const MINT: MintFacts = MintFacts {
    mint_authority: false,
    freeze_authority: false,
    foreign_extension: false,
    supply: TokenAmount(1_000_000_000_000_000),
};

const LINKS: Links = Links { website: true, twitter: false, telegram: true };

fn curve_facts(stage: &Stage) -> CurveFacts {
    CurveFacts {
        curve: stage.curve,
        complete: false,
        creator: wallet(CREATOR),
        quote: Quote::Sol,
        mayhem: false,
        creator_rate: None,
    }
}

/// A token first seen by a trade that carried it to 85 % of the curve.
fn incomplete() -> Stage {
    let mut stage = Stage::new();
    stage.trade_tokens(wallet(1), Side::Buy, Curve::FRESH.real_token / 100 * 85);
    stage
}

fn largest(count: u64, tokens: u64) -> Vec<(Wallet, TokenAmount)> {
    (1..=count).map(|n| (wallet(n), TokenAmount(tokens))).collect()
}

#[test]
fn a_token_seen_from_creation_is_asked_nothing_about_while_it_scores_low() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    assert_eq!(stage.asked(), []);
    stage.wait(60);
    assert_eq!(stage.asked(), []);
}

#[test]
fn a_token_first_seen_by_a_trade_is_asked_about_at_once() {
    let mut stage = Stage::new();
    stage.buy(wallet(1), SOL);
    assert_eq!(stage.asked(), [What::Curve, What::Mint, What::Holders]);
    assert!(stage.view().awaited);
}

#[test]
fn an_unanswered_question_is_asked_again_with_a_doubling_pause() {
    let mut stage = Stage::new();
    stage.buy(wallet(1), SOL);
    stage.answer(Answer::Curve(Ok(curve_facts(&stage))));
    stage.answer(Answer::Holders(Ok(vec![])));
    let mut asked = vec![];
    stage.forget();
    for second in 1..=330 {
        stage.wait(1);
        assert!(stage.asked().iter().all(|what| *what == What::Mint));
        asked.extend(stage.asked().iter().map(|_| second));
    }
    assert_eq!(asked, [10, 30, 70, 150, 310]);
}

#[test]
fn a_question_that_nobody_can_answer_is_asked_once() {
    let mut stage = Stage::new();
    stage.buy(wallet(1), SOL);
    stage.answer(Answer::Curve(Err(Unknown::NotConfigured)));
    stage.answer(Answer::Mint(Err(Unknown::NotConfigured)));
    stage.answer(Answer::Holders(Err(Unknown::NotConfigured)));
    assert!(!stage.view().awaited);
    let mut again = 0;
    for _ in 0..10 {
        stage.wait(30);
        again += stage.asked().len();
    }
    assert_eq!(again, 0);
    assert!(stage.view().missing.contains(&(EntryFact::Mint, Unknown::NotConfigured)));
    assert!(stage.view().missing.contains(&(EntryFact::Top10, Unknown::NotConfigured)));
}

#[test]
fn an_answer_that_could_not_be_given_takes_nothing_away() {
    let mut stage = Stage::new();
    stage.launch();
    stage.answer(Answer::Metadata(Ok(LINKS)));
    stage.answer(Answer::Metadata(Err(Unknown::Failed)));
    stage.answer(Answer::Members(Ok(600)));
    stage.answer(Answer::Members(Err(Unknown::NotConfigured)));
    stage.answer(Answer::Mint(Err(Unknown::Failed)));
    let metrics = stage.analysis().metrics;
    assert_eq!((metrics.links, metrics.members, metrics.mint), (Ok(2), Ok(600), Ok(MINT)));
}

#[test]
fn holders_are_compared_with_the_chain_more_often_the_higher_the_score() {
    for (score, every) in [(40, None), (41, Some(60)), (64, Some(60)), (65, Some(10))] {
        let mut stage = Stage::new();
        stage.config.safety.holders_check = HoldersCheck::Require;
        // The part of progress alone decides the score here.
        let keys = &mut stage.config.score;
        keys.progress = tiers(&format!("80-90 %: {score}"));
        keys.buy_ratio = tiers("> 100 %: 1");
        keys.spike_points = Points(0);
        keys.holder_velocity = tiers("> 100: 1");
        keys.top10 = tiers("< 0 %: 1");
        keys.real_sol = tiers("> 1000 SOL: 1");
        stage.config.safety.check_points = Points(0);
        stage.config.questions.social_from = Points::whole(100);
        stage.launch();
        stage.trade_tokens(wallet(1), Side::Buy, Curve::FRESH.real_token / 100 * 85);
        assert_eq!(stage.evaluations[0].score.total, Points::whole(score));
        let mut asked = vec![];
        stage.forget();
        for second in 1..=130 {
            if stage.asked() == [What::Holders] || (second == 1 && every.is_some()) {
                stage.answer(Answer::Holders(Ok(largest(20, 1_000))));
            }
            stage.wait(1);
            asked.extend(stage.asked().iter().map(|_| second));
        }
        let expected =
            every.map_or(vec![], |every| (1..).map(|n| n * every).take_while(|s| *s <= 130).collect());
        assert_eq!(asked, expected, "{score}");
    }
}

fn tiers<T: crate::config::Setting>(line: &str) -> crate::config::Tiers<T> {
    use crate::config::{Setting, Tiers, Value};
    Tiers::parse(&Value::List(vec![Value::Text(line.to_owned())])).unwrap()
}

#[test]
fn balances_followed_from_creation_are_enough_unless_the_chain_is_required() {
    let mut stage = Stage::new();
    stage.launch();
    stage.trade_tokens(wallet(1), Side::Buy, 10_000_000_000_000);
    assert!(stage.analysis().metrics.top10.unwrap() == Bps(100));
    stage.config.safety.holders_check = HoldersCheck::Require;
    assert_eq!(stage.analysis().metrics.top10, Err(Unknown::NotSeen));
    stage.answer(Answer::Holders(Ok(largest(11, 20_000_000_000_000))));
    assert!(stage.analysis().metrics.top10.unwrap() == Bps(2_000));
    assert!(stage.analysis().metrics.creator_share.unwrap() == Bps(0));
    stage.wait(90);
    assert!(stage.analysis().metrics.top10.is_ok());
    stage.wait(1);
    assert_eq!(stage.analysis().metrics.top10, Err(Unknown::Stale));
}

#[test]
fn a_creator_who_is_not_among_the_largest_counts_with_the_smallest_of_them() {
    let mut stage = incomplete();
    stage.answer(Answer::Curve(Ok(curve_facts(&stage))));
    stage.answer(Answer::Holders(Ok(largest(19, 20_000_000_000_000))));
    assert!(stage.analysis().metrics.creator_share.unwrap() == Bps(0));
    stage.answer(Answer::Holders(Ok(largest(20, 20_000_000_000_000))));
    assert!(stage.analysis().metrics.creator_share.unwrap() == Bps(200));
}

#[test]
fn answers_fill_in_what_a_first_trade_left_open_but_what_the_creator_sold_before() {
    let mut stage = incomplete();
    let open = |stage: &Stage| stage.view().missing.iter().map(|(fact, _)| *fact).collect::<Vec<_>>();
    use EntryFact::{Creator, CreatorShare, Mint, Top10, Velocity};
    assert_eq!(open(&stage), [Velocity, Mint, Creator, Top10, CreatorShare]);
    stage.answer(Answer::Mint(Ok(MINT)));
    assert_eq!(open(&stage), [Velocity, Creator, Top10, CreatorShare]);
    stage.answer(Answer::Curve(Ok(curve_facts(&stage))));
    stage.answer(Answer::Holders(Ok(largest(20, 1_000))));
    assert_eq!(stage.view().missing, [(Velocity, Unknown::TooYoung), (Creator, Unknown::Incomplete)]);
    assert_eq!(stage.view().creator, Ok(wallet(CREATOR)));
}

#[test]
fn social_facts_are_asked_for_only_where_they_can_matter() {
    let mut stage = Stage::new();
    stage.config.score.progress = tiers("80-90 %: 10");
    stage.launch();
    stage.trade_tokens(wallet(1), Side::Buy, Curve::FRESH.real_token / 100 * 85);
    assert!(stage.evaluations[0].score.total < Points::whole(40));
    assert_eq!(stage.asked(), []);
    stage.config.score.progress = tiers("80-90 %: 30");
    stage.wait(30);
    assert!(stage.evaluations[0].score.total >= Points::whole(40));
    assert_eq!(stage.asked(), [What::Metadata]);
    stage.forget();
    stage.answer(Answer::Metadata(Ok(LINKS)));
    assert_eq!(stage.asked(), [What::Members]);
    stage.forget();
    stage.answer(Answer::Members(Ok(7)));
    assert_eq!(stage.asked(), []);
}

#[test]
fn a_coin_without_a_telegram_group_has_no_members() {
    let mut stage = Stage::new();
    stage.launch();
    assert_eq!(stage.analysis().metrics.members, Err(Unknown::NotSeen));
    stage.answer(Answer::Metadata(Ok(Links { telegram: false, ..LINKS })));
    assert_eq!(stage.analysis().metrics.members, Ok(0));
}

#[test]
fn mayhem_coins_and_other_quotes_are_asked_nothing_about() {
    let mut stage = Stage::new();
    let mut trade = stage.traded(wallet(1), Side::Buy, SOL);
    trade.mayhem = true;
    stage.happen(MarketKind::Traded(trade));
    assert_eq!(stage.asked(), []);
}

#[test]
fn a_reading_older_than_the_last_trade_does_not_move_the_reserves() {
    let mut stage = incomplete();
    let newest = stage.view().basis.unwrap().liquidity;
    let older = CurveFacts { curve: Curve::FRESH, ..curve_facts(&stage) };
    stage.slot -= 1;
    stage.answer(Answer::Curve(Ok(older)));
    assert_eq!(stage.view().basis.unwrap().liquidity, newest);
    assert_eq!(stage.view().creator, Ok(wallet(CREATOR)));
    stage.slot += 1;
    stage.answer(Answer::Curve(Ok(older)));
    assert_eq!(stage.view().basis.unwrap().liquidity, Liquidity::Curve(Curve::FRESH));
}

#[test]
fn the_pool_of_a_complete_coin_is_asked_for_where_its_history_is_not_whole() {
    let mut stage = incomplete();
    stage.forget();
    let complete = CurveFacts { complete: true, curve: Curve::default(), ..curve_facts(&stage) };
    stage.answer(Answer::Curve(Ok(complete)));
    assert_eq!(stage.asked(), [What::Pool]);
    let pool = Pool { base: 5, quote_vault: 7, virtual_quote: 0 };
    stage.answer(Answer::Pool(Ok((PoolId(key(9)), pool))));
    assert!(stage.view().graduated);
    assert_eq!(stage.view().basis.unwrap().liquidity, Liquidity::Pool(pool));
}

#[test]
fn fee_schedules_read_from_the_chain_are_in_force_from_then_on() {
    let mut stage = Stage::new();
    stage.launch();
    let mut schedules = Schedules::of_2026_10_10();
    schedules.curve.tiers[0].rates.protocol = Bps(77);
    stage.answer(Answer::Fees(Ok(Box::new(schedules))));
    assert_eq!(stage.view().basis.unwrap().rates.protocol, Bps(77));
    stage.answer(Answer::Fees(Err(Unknown::Failed)));
    assert_eq!(stage.view().basis.unwrap().rates.protocol, Bps(77));
}

#[test]
fn what_is_dropped_is_not_asked_about_any_more() {
    let mut stage = incomplete();
    stage.wait(1_800);
    assert_eq!(stage.market.tracked(), 0);
    stage.wait(900);
    assert_eq!(stage.asked(), []);
    assert_eq!(ChainTime(START + 2_700), stage.now.chain());
}

#[test]
fn a_reading_of_its_curve_begins_the_tracking_of_a_token_that_no_stream_has_shown() {
    let mut stage = Stage::new();
    stage.answer(Answer::Pool(Ok((PoolId(key(9)), Pool { base: 1, quote_vault: 1, virtual_quote: 0 }))));
    assert_eq!(stage.market.tracked(), 0, "of a pool alone neither kind nor creator is known");
    stage.answer(Answer::Curve(Ok(curve_facts(&stage))));
    let view = stage.view();
    assert_eq!(view.basis.unwrap().liquidity, Liquidity::Curve(stage.curve));
    assert_eq!((view.traded, view.complete), (None, false));
    stage.wait(120);
    assert_eq!(stage.scored(), 0, "what nobody trades is not scored");
}
