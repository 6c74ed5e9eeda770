//! A bot that is killed at any moment goes on as if nothing had happened.
//!
//! `kills.py` kills the real binary, looks at its book by SQL and at what it told, starts it again, and compares it
//! with one that was never killed. Nothing of the engine judges the engine.

use std::io::ErrorKind;
use std::process::Command;
use std::thread;

use serde_json::Value;

/// Points of an order's life at which a process dies, right before and right after.
const POINTS: usize = 18;
/// Faults that are planted, each of which must be found.
const FAULTS: usize = 7;

/// Runs a part of `kills.py` to its end and gives its figures; `None` (and why) where there is no Python and this
/// is not CI.
fn kills(arguments: &[&str]) -> Option<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kills.py");
    let output =
        Command::new("python3").arg(script).arg(env!("CARGO_BIN_EXE_momentum")).args(arguments).output();
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound && std::env::var_os("CI").is_none() => {
            eprintln!("skipped: no python3 here");
            return None;
        }
        Err(error) => panic!("python3: {error}"),
    };
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let figures = report.lines().last().unwrap_or_default();
    println!("{figures}");
    assert!(output.status.success(), "{arguments:?}: {report}{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_str(figures).unwrap())
}

/// A number from the environment: long checks choose seed and count.
fn chosen(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |said| said.parse().unwrap())
}

#[test]
fn a_bot_that_is_killed_again_and_again_decides_what_one_that_lives_decides() {
    let kills_wanted = chosen("KILLS", if std::env::var_os("CI").is_some() { 100 } else { 20 });
    let seed = chosen("KILLS_SEED", 1);
    // Two at a time: most of a life is waiting.
    let half = kills_wanted / 2;
    let running = [(2 * seed, half), (2 * seed + 1, kills_wanted - half)].map(|(seed, kills_of)| {
        thread::spawn(move || kills(&["random", &seed.to_string(), &kills_of.to_string()]))
    });
    let halves = running.map(|half| half.join().unwrap());
    let [Some(one), Some(other)] = halves else { return };
    let sum = |name: &str| one[name].as_u64().unwrap() + other[name].as_u64().unwrap();
    let done = sum("kills");
    let (holding, living) = (sum("with_an_open_position"), sum("inside_a_live_attempt"));
    let ready = one["ready_s_max"].as_f64().unwrap().max(other["ready_s_max"].as_f64().unwrap());
    println!(
        "{done} kills: {} % with an open position, {} % inside a live attempt; {} books the same as uninterrupted; \
         ready in at most {ready} s",
        100 * holding / done,
        100 * living / done,
        sum("books_compared_with_uninterrupted"),
    );
    assert_eq!(done, kills_wanted);
    assert!(sum("restarts_compared") * 2 >= done, "few restarts were compared with their book");
    let alike = sum("books_compared_with_uninterrupted");
    assert!(alike * 3 >= sum("books"), "few books were compared with a bot that lived");
    if done >= 100 {
        assert!(holding * 10 >= done * 3 && living * 10 >= done * 2, "too few kills at moments that matter");
    }
}

#[test]
fn a_bot_that_dies_at_any_point_of_an_order_goes_on() {
    let Some(figures) = kills(&["points", "1"]) else { return };
    assert_eq!(figures["deaths"].as_object().unwrap().len(), POINTS);
    let alike = figures["books_compared_with_uninterrupted"].as_u64().unwrap();
    assert!(alike * 2 > u64::try_from(POINTS).unwrap(), "few books were compared: {figures}");
}

#[test]
fn a_sale_that_left_while_nothing_was_committed_is_known_after_a_death() {
    let Some(figures) = kills(&["exits", "1", "6"]) else { return };
    assert_eq!(figures["deaths"], 6);
}

#[test]
fn each_planted_fault_of_durability_is_found() {
    let Some(figures) = kills(&["mutants", "1"]) else { return };
    assert_eq!(figures["caught"].as_object().unwrap().len(), FAULTS);
}
