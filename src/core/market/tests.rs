//! Market as a whole: events in, facts and views out.

mod stage;

use stage::{SOL, Stage, wallet};

use crate::analysis::EntryFact;
use crate::event::{Side, Unknown};

#[test]
fn a_token_is_scored_every_half_minute_from_its_first_event_while_it_trades() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    stage.wait(29);
    assert_eq!(stage.scored(), 0);
    stage.wait(1);
    assert_eq!(stage.scored(), 1);
    stage.wait(300);
    assert_eq!(stage.scored(), 10);
    // 330 s since its last trade are in, 360 s are not.
    stage.wait(60);
    assert_eq!(stage.scored(), 0);
}

#[test]
fn a_token_seen_from_creation_needs_only_time_to_be_known() {
    let mut stage = Stage::new();
    stage.launch();
    stage.buy(wallet(1), SOL);
    assert_eq!(stage.view().missing, [(EntryFact::Velocity, Unknown::TooYoung)]);
    stage.wait(300);
    stage.trade(wallet(2), Side::Buy, SOL);
    assert_eq!(stage.view().missing, []);
}
