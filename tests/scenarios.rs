//! Every scenario of `tests/scenarios/`: what it expects holds, and does not hold without what it guards.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use momentum_core::protections::{Protection, Protections};
use momentum_sim::scenario::{Scenario, parse};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn scenarios(group: &str) -> Vec<Scenario> {
    let path = folder().join(group).with_extension("txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    parse(&text).unwrap_or_else(|wrong| {
        let wrong: Vec<_> = wrong.iter().map(|wrong| format!("{}: {wrong}", path.display())).collect();
        panic!("{}", wrong.join("\n"))
    })
}

/// Plays all scenarios of a group and tells every one that does not go as it should.
fn play(group: &str) {
    let mut wrong = Vec::new();
    for scenario in scenarios(group) {
        if let Err(failure) = scenario.play(Protections::ALL) {
            wrong.push(format!("tests/scenarios/{group}.txt: {}\n  {failure}", scenario.title));
        }
        for guarded in scenario.guards() {
            if scenario.play(Protections::ALL.without(*guarded)).is_ok() {
                let name = guarded.name();
                wrong
                    .push(format!("tests/scenarios/{group}.txt: {}\n  holds without {name}", scenario.title));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

macro_rules! groups {
    ($($group:ident),+ $(,)?) => {
        const GROUPS: &[&str] = &[$(stringify!($group)),+];
        $(
            #[test]
            fn $group() {
                play(stringify!($group));
            }
        )+
    };
}

groups!(
    signals, gates, sizing, orders, stop, trailing, ladder, time, migration, score, safety, escalation,
    limits, state,
);

#[test]
fn every_file_of_scenarios_is_played() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, GROUPS.iter().map(|group| (*group).to_owned()).collect());
}

#[test]
fn every_scenario_guards_something_and_every_protection_is_guarded() {
    let all: Vec<_> = GROUPS.iter().flat_map(|group| scenarios(group)).collect();
    for scenario in &all {
        assert!(!scenario.guards().is_empty(), "`{}` guards nothing", scenario.title);
    }
    let guarded: BTreeSet<Protection> = all.iter().flat_map(|scenario| scenario.guards().to_vec()).collect();
    for protection in Protection::ALL {
        assert!(guarded.contains(protection), "no scenario guards {}", protection.name());
    }
}
