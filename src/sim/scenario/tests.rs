//! Scenario texts are read, run, and their expectations fail where they should.

use momentum_core::action::Effects;
use momentum_core::event::{Envelope, Event, FeedEvent, MarketKind, Reserves};
use momentum_core::fact::Fact;
use momentum_core::quotes::Curve;
use momentum_core::units::Bps;

use proptest::prelude::*;

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

/// A line of a scenario about `A` and `B`, which were launched and ramped.
fn line() -> impl Strategy<Value = String> {
    let token = prop_oneof![Just("A"), Just("B")];
    let about = (token, 0_u16..100, 1_u32..20).prop_flat_map(|(t, share, n)| {
        prop_oneof![
            4 => Just(format!("signal {t} strong_buy {}", 75 + n)),
            2 => Just(format!("buy {t} {}.{share:02} SOL by w{n}", n / 5)),
            2 => Just(format!("sell {t} {share} % by w{n}")),
            2 => Just(format!("drive {t} to {share} %")),
            2 => Just(format!("drive {t} to {} % of entry", 50 + 2 * share)),
            2 => Just(format!("drive {t} to stop -{n}")),
            1 => Just(format!("complete {t}")),
            1 => Just(format!("migrate {t}")),
            1 => Just(format!("tell {t} mint mintable")),
            1 => Just(format!("we buy {t} 0.{share:02} SOL")),
            1 => Just(format!("we close {t} {share} %")),
            1 => Just(format!("we close {t} urgent")),
            1 => Just(format!("we adjust {t} stop 0.{share:02} SOL")),
            1 => Just(format!("we hold {t}")),
            1 => Just(format!("we release {t}")),
            1 => Just(format!("we write-off {t}")),
            1 => Just(format!("we blacklist {t}")),
        ]
    });
    let text = |text: &str| Just(text.to_owned());
    prop_oneof![
        6 => about,
        3 => (1_u32..40).prop_map(|n| format!("after {} ms", n * 500)),
        1 => (1_u32..25).prop_map(|n| format!("after {n} min")),
        2 => (1_u32..80).prop_map(|n| format!("send lands {} ms", n * 250)),
        2 => (1_u32..20).prop_map(|n| format!("send fails {} ms", n * 250)),
        1 => text("send lost"),
        1 => text("feed gap 3"),
        1 => text("feed filled"),
        1 => text("feed dead"),
        1 => text("we pause for 20 s"),
        1 => text("we resume"),
        1 => text("we lock"),
        1 => text("we reset lock"),
        1 => text("we flatten"),
        1 => text("we reset flatten"),
        1 => text("we reset drawdown"),
        1 => text("foreign in 1 SOL"),
        1 => text("foreign out 0.1 SOL"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_happens_no_rule_of_the_engine_breaks(
        mut lines in prop::collection::vec(line(), 1..60),
        ending in prop_oneof![Just("holding"), Just("flattening")],
    ) {
        lines.push(format!("stop {ending}"));
        let opening = "scenario s\nsignals fed\nlaunch A,B by w1 buying 1 SOL\nramp A,B to 80 % over 6 min by 30 wallets";
        let text = format!("{opening}\n{}", lines.join("\n"));
        let scenario = parse(&text).unwrap().remove(0);
        let engine = Engine::new(scenario.header.signals, Protections::ALL);
        let mut stage = Stage::begin(engine, &scenario.header).unwrap();
        for (_, line, statement) in &scenario.statements {
            // What the program, or the state of the scenario, does not allow is passed over.
            if let Err(refused) = stage.play(statement) {
                // A run that keeps its positions always ends; one that sells them may wait for a pool.
                prop_assert!(line != "stop holding", "{refused}: {text}");
            }
            prop_assert_eq!(stage.broken(), None, "at `{}` of:\n{}", line, text);
        }
    }
}
