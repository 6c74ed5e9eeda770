//! Scenario texts are read, run, and their expectations fail where they should.

use momentum_core::action::Effects;
use momentum_core::event::{Envelope, Event, FeedEvent, MarketKind, Reserves};
use momentum_core::fact::Fact;
use momentum_core::quotes::Curve;
use momentum_core::units::Bps;

use super::*;

/// Tells `top T PROGRESS` at each trade on a curve, `dropped T` when its slot dies.
#[derive(Debug, Default)]
struct Parrot;

impl Processor for Parrot {
    fn on_event(&mut self, envelope: &Envelope, effects: &mut Effects) {
        match &envelope.event {
            Event::Market(event) => {
                if let MarketKind::Traded(traded) = &event.kind
                    && let Reserves::Curve(curve) = traded.reserves
                {
                    let Bps(rank) = curve.progress(Curve::FRESH.real_token).unwrap();
                    effects.facts.push(Fact::EnteredTop { mint: event.mint, rank });
                }
            }
            Event::Feed(FeedEvent::DeadSlot(_)) => {
                effects.facts.push(Fact::InvariantBroken { what: "slots die".to_owned() });
            }
            _ => {}
        }
    }
}

fn play(text: &str) -> Result<Vec<String>, Failure> {
    parse(text).unwrap()[0].play_with(Parrot)
}

#[test]
fn every_wrong_line_is_named_with_what_is_wrong() {
    let wrong =
        parse("launch a by dev\nscenario s\nguards Nothing\nafter 5\nramp A to 80 %\n=>\nfly A").unwrap_err();
    let lines: Vec<_> = wrong.iter().map(|misread| misread.line).collect();
    assert_eq!(lines, [1, 3, 4, 5, 6, 7]);
    assert_eq!(wrong[0].to_string(), "line 1: `a` is no token: their names begin with a capital");
    assert_eq!(wrong[1].message, "`Nothing` is no protection");
    assert_eq!(wrong[5].message, "`fly` begins no statement");
}

#[test]
fn the_opening_of_a_text_opens_each_of_its_scenarios() {
    let scenarios =
        parse("launch A by dev\nscenario one\nguards Stop, Ladder\nscenario two\nafter 1 s").unwrap();
    assert_eq!(scenarios.len(), 2);
    assert_eq!((scenarios[0].statements.len(), scenarios[1].statements.len()), (1, 2));
    assert_eq!(scenarios[0].guards(), [Protection::Stop, Protection::Ladder]);
}

#[test]
fn a_ramp_ends_at_its_progress_and_a_drive_one_unit_beside_it() {
    let seen = play(
        "scenario s\nlaunch A by dev\nramp A to 80 % over 1 min by 4 wallets\n=> exactly 4 top A\n=> top A 8000\ndrive A to 80 % -1\n=> exactly 1 top A 7999\ndrive A to 80 %\n=> exactly 1 top A 8000\ndrive A to 30 %\n=> top A 3000",
    );
    let seen = seen.unwrap();
    assert_eq!(seen[0], "12:00:15.000  top A 2000");
    assert_eq!(seen[3], "12:01:00.000  top A 8000");
}

#[test]
fn an_expectation_that_is_not_met_says_what_was_seen() {
    let failure = play("scenario s\nlaunch A by dev\nbuy A 1 SOL by w\n=> top A >9000").unwrap_err();
    assert_eq!((failure.line, failure.text.as_str()), (4, "=> top A >9000"));
    assert_eq!(failure.seen, ["12:00:00.000  top A 431"]);
}

#[test]
fn a_broken_rule_fails_the_scenario() {
    let failure = play("scenario s\nlaunch A by dev\nbuy A 1 SOL by w\nfeed dead").unwrap_err();
    assert_eq!(failure.message, "a rule of the engine broke: slots die");
}

#[test]
fn what_the_program_would_refuse_fails_at_its_line() {
    assert_eq!(play("scenario s\nlaunch A by dev\nsell A tokens 5 by w").unwrap_err().line, 3);
    assert_eq!(play("scenario s\nbuy B 1 SOL by w").unwrap_err().message, "B was never launched");
    assert_eq!(play("scenario s\nset risk.nonsense 5").unwrap_err().line, 2);
    assert_eq!(play("scenario s\nwith risk.nonsense 5").unwrap_err().line, 0);
}
