//! Gaps, dead slots, dropped events: what they make stale, and what mends it.

use super::stage::{CREATOR, SOL, Stage, wallet};
use crate::analysis::EntryFact;
use crate::event::{Answer, CurveFacts, FeedEvent, Quote, Side, Unknown};
use crate::ids::Slot;
use crate::units::{Lamports, Thousandths, TokenAmount};

/// A token that traded a SOL every 50 s for ten minutes.
fn lively() -> Stage {
    let mut stage = Stage::new();
    stage.launch();
    stage.trade_tokens(wallet(CREATOR), Side::Buy, 1_000_000);
    for user in 0..12 {
        stage.buy(wallet(user), SOL);
        stage.wait(50);
    }
    stage
}

fn gap(stage: &mut Stage) -> (Slot, Slot) {
    let (from, to) = (Slot(stage.slot + 1), Slot(stage.slot + 100));
    stage.feed(FeedEvent::Gap { from, to });
    stage.slot += 100;
    (from, to)
}

#[test]
fn an_open_gap_makes_every_token_stale_that_was_there_before_it() {
    let mut stage = lively();
    assert!(!stage.view().stale);
    gap(&mut stage);
    assert!(stage.view().stale);
    let metrics = stage.analysis().metrics;
    assert_eq!((metrics.holders, metrics.velocity), (Err(Unknown::Incomplete), Err(Unknown::TooYoung)));
    stage.wait(1);
    stage.buy(wallet(1), SOL);
    assert!(stage.view().stale, "a trade does not tell what was missed");
    stage.mint = crate::ids::Mint(super::stage::key(8));
    stage.launch();
    assert!(!stage.view().stale);
}

#[test]
fn a_filled_gap_never_was() {
    let mut stage = lively();
    let before = stage.analysis().metrics;
    let (from, to) = gap(&mut stage);
    stage.feed(FeedEvent::Filled { from, to });
    assert!(!stage.view().stale);
    assert_eq!(stage.analysis().metrics, before);
}

#[test]
fn velocity_is_measured_from_the_end_of_a_gap_on() {
    let mut stage = lively();
    gap(&mut stage);
    // The first slot after it comes in second 601, so whole buckets begin with second 610.
    stage.wait(309);
    stage.buy(wallet(1), SOL);
    assert_eq!(stage.analysis().metrics.velocity, Err(Unknown::TooYoung));
    stage.wait(301);
    stage.buy(wallet(1), 3 * SOL);
    // 4 SOL in 600 s since the gap: the mean is 2, and 3 came in the last five minutes.
    let velocity = stage.analysis().metrics.velocity;
    assert_eq!(velocity.map(|velocity| velocity.thousandths()), Ok(Thousandths(500)));
    assert!(stage.analysis().metrics.volume_1h > Lamports(15 * SOL));
}

#[test]
fn reading_its_accounts_mends_a_token() {
    let mut stage = lively();
    gap(&mut stage);
    stage.wait(1);
    let facts = CurveFacts {
        curve: stage.curve,
        complete: false,
        creator: wallet(CREATOR),
        quote: Quote::Sol,
        mayhem: false,
        creator_rate: None,
    };
    stage.answer(Answer::Curve(Ok(facts)));
    assert!(!stage.view().stale);
    let missing = |stage: &Stage| stage.view().missing.iter().map(|(fact, _)| *fact).collect::<Vec<_>>();
    assert!(missing(&stage).contains(&EntryFact::Creator));
    stage.answer(Answer::Holders(Ok(vec![(wallet(CREATOR), TokenAmount(1_000_000))])));
    assert_eq!(missing(&stage), [EntryFact::Velocity]);
    assert_eq!(stage.view().hard_fail, None);
}

#[test]
fn what_a_creator_lost_in_a_gap_counts_as_sold() {
    let mut stage = lively();
    gap(&mut stage);
    stage.wait(1);
    stage.answer(Answer::Holders(Ok(vec![(wallet(CREATOR), TokenAmount(499_999))])));
    assert_eq!(stage.view().hard_fail, Some(crate::analysis::HardFail::CreatorSold));
}

#[test]
fn a_dead_slot_makes_its_tokens_stale_until_their_next_trade() {
    let mut stage = lively();
    stage.buy(wallet(1), SOL);
    let slot = stage.slot;
    stage.feed(FeedEvent::DeadSlot(Slot(slot - 1)));
    assert!(!stage.view().stale);
    stage.feed(FeedEvent::DeadSlot(Slot(slot)));
    assert!(stage.view().stale);
    stage.slot += 1;
    stage.buy(wallet(1), SOL);
    assert!(!stage.view().stale);
}

#[test]
fn dropped_events_leave_every_token_stale() {
    let mut stage = lively();
    stage.feed(FeedEvent::Dropped(3));
    assert!(stage.view().stale);
    stage.wait(1);
    assert!(stage.view().stale);
}

#[test]
fn the_health_of_the_feed_is_that_of_the_newest_slot() {
    let mut stage = Stage::new();
    stage.feed(FeedEvent::Up);
    stage.launch();
    let health = *stage.market.feed();
    assert!(health.up);
    assert_eq!((health.slot, health.slot_received), (Some(Slot(1_000)), Some(stage.now)));
    stage.feed(FeedEvent::Down);
    assert!(!stage.market.feed().up);
}
