//! The whole binary on whole sources: the same decisions in every process, at every speed, and through the pipe.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use momentum_core::action::Effects;
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Mode};
use momentum_core::fact::Fact;
use momentum_runtime::book;
use momentum_runtime::settings::{Settings, Sources};
use momentum_runtime::source::{Choice, Source};
use momentum_sim::driver::Driver;
use momentum_sim::venue::{Strictness, Venue};
use momentum_store::record::{RecordWriter, Stage};
use serde_json::Value;

use crate::recordings;

fn momentum(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_momentum"));
    // A folder of its own, with no settings in it and none of the caller's.
    command.args(arguments).current_dir(std::env::temp_dir()).env("XDG_CONFIG_HOME", "/nonexistent");
    command
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn run(arguments: &[&str]) -> String {
    done(&momentum(&[&["run", "--memory", "--json"], arguments].concat()).output().unwrap())
}

fn summary(records: &str) -> Value {
    let summary: Value = serde_json::from_str(records.lines().last().unwrap()).unwrap();
    assert_eq!(summary["schema"], "momentum.summary.v1");
    summary
}

/// All but the summary.
fn decisions(records: &str) -> Vec<&str> {
    records.lines().filter(|line| !line.starts_with(r#"{"schema":"momentum.summary"#)).collect()
}

/// `monitor ARGUMENTS | score - | trade from -`: what comes out of the last stage.
fn pipe(arguments: &[&str]) -> String {
    let mut monitor =
        momentum(&[&["monitor", "--json"], arguments].concat()).stdout(Stdio::piped()).spawn().unwrap();
    let mut score = momentum(&["score", "-"])
        .stdin(monitor.stdout.take().unwrap())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let trade =
        momentum(&["trade", "from", "-", "--json"]).stdin(score.stdout.take().unwrap()).output().unwrap();
    assert!(monitor.wait().unwrap().success() && score.wait().unwrap().success());
    done(&trade)
}

#[test]
fn the_same_seed_decides_the_same_in_another_process_and_another_seed_does_not() {
    let day = ["--seed", "7", "--speed", "max", "--until", "8h"];
    let (first, second) = (run(&day), run(&day));
    assert_eq!(first, second);
    let other = run(&["--seed", "8", "--speed", "max", "--until", "8h"]);
    assert_ne!(summary(&first)["decision_hash"], summary(&other)["decision_hash"]);
}

#[test]
fn a_watched_run_decides_what_an_unwatched_one_decides() {
    let paced = run(&["--seed", "7", "--speed", "1800", "--until", "12h"]);
    let free = run(&["--seed", "7", "--speed", "max", "--until", "12h"]);
    // The speed is no part of the run: every record is the same, to the letter.
    assert_eq!(decisions(&paced), decisions(&free));
    assert!(summary(&free)["trades"].as_u64().unwrap() >= 5, "{}", summary(&free));
}

#[test]
fn the_pipe_decides_what_the_whole_bot_decides() {
    let day = ["--seed", "7", "--speed", "max", "--until", "12h"];
    let (whole, piped) = (summary(&run(&day)), summary(&pipe(&day)));
    assert!(whole["trades"].as_u64().unwrap() >= 5, "{whole}");
    for field in ["decision_hash", "trades", "pnl_lamports", "equity_lamports", "exits", "refusals"] {
        assert_eq!(whole[field], piped[field], "{field}");
    }
}

#[test]
fn a_day_ends_in_four_different_ways_at_least() {
    let summary = summary(&run(&["--seed", "7", "--speed", "max", "--until", "24h"]));
    assert!(summary["exits"].as_object().unwrap().len() >= 4, "{summary}");
}

#[test]
fn recorded_transactions_go_through_the_whole_pipeline_without_a_trade() {
    let Some(folder) = recordings::folder() else { return };
    let folder = folder.join("fixtures/transactions");
    let replay = ["--replay", folder.to_str().unwrap()];
    let whole = summary(&run(&replay));
    assert_eq!(whole["trades"], 0);
    let missed = whole["why_no_trade"].as_array().unwrap();
    let of = |mint: &str| missed.iter().find(|why| why.as_str().unwrap().starts_with(mint)).unwrap();
    assert!(of("CWiTGbCiDd8BKtNYNE2boT9fJGFG2MU53Uf6HQk4pump").as_str().unwrap().contains('<'));
    assert_eq!(missed.len(), 9, "{missed:?}");
    assert_eq!(summary(&pipe(&replay))["decision_hash"], whole["decision_hash"]);
}

/// The score records that the whole engine makes of a replay, in process.
fn scores_of_the_engine(folder: &Path) -> Vec<Value> {
    let nothing_said = Sources { folder: std::env::temp_dir(), ..Sources::default() };
    let settings = Settings::load(&nothing_said).unwrap();
    let source = Source::open(&Choice::Replay(folder.to_owned()), &settings.sim).unwrap();
    let run_id = book::run_id(&settings, Mode::Paper, &source);
    let writer = RecordWriter::new(Stage::Score, source.kind, &run_id, settings.hash());
    let venue = Venue::new(settings.paper.clone(), &settings.engine.execution, Strictness::Paper);
    let mut driver = Driver::new(Engine::default(), Some(venue), source.answers);
    let mut lines = Vec::new();
    let mut sink = |envelope: &Envelope, effects: &Effects| {
        for fact in effects.facts.iter().filter(|fact| matches!(fact, Fact::Scored(_))) {
            writer.fact(envelope.seq, envelope.now, fact, &mut lines);
        }
    };
    let first = book::started(&settings, &run_id, Mode::Paper, source.warm_until);
    driver.feed(source.begins.unwrap(), first, &mut sink);
    for (now, event) in source.events(None) {
        driver.feed(now, event, &mut sink);
    }
    scores(std::str::from_utf8(&lines).unwrap())
}

/// The score records of a stream without their seq, which counts the records of its own stream.
fn scores(records: &str) -> Vec<Value> {
    let of_a_score = |line: &&str| line.starts_with(r#"{"schema":"momentum.score.v1""#);
    let without_seq = |line: &str| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        record.as_object_mut().unwrap().shift_remove("seq");
        record
    };
    records.lines().filter(of_a_score).map(without_seq).collect()
}

#[test]
fn the_pipe_scores_recorded_transactions_as_the_whole_engine_does_record_for_record() {
    let Some(folder) = recordings::folder() else { return };
    let folder = folder.join("fixtures/transactions");
    let piped = scores(&pipe(&["--replay", folder.to_str().unwrap()]));
    assert!(piped.len() >= 50, "{}", piped.len());
    assert_eq!(piped, scores_of_the_engine(&folder));
}

#[test]
fn raw_events_are_those_that_the_programs_logged_field_by_field() {
    let Some(folder) = recordings::folder() else { return };
    let folder = folder.join("fixtures/transactions");
    let raw = momentum(&["monitor", "--raw", "-o", "jsonl", "--replay", folder.to_str().unwrap()]);
    let told = done(&{ raw }.output().unwrap());
    let told: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = std::fs::read_to_string(folder.join("EXPECTED.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let mut compared = 0;
    for row in expected.as_object().unwrap().values().flat_map(|file| file["rows"].as_array().unwrap()) {
        let mut of_row = told.iter().filter(|record| record["signature"] == row["signature"]);
        for event in row["events_in_logs"].as_array().unwrap() {
            let record = of_row.next().unwrap_or_else(|| panic!("{} is missing", event["event"]));
            for field in ["event", "decoded", "absent", "trailing"] {
                assert_eq!(record[field], event[field], "{field} of {}", row["signature"]);
            }
            assert_eq!(record["slot"], row["slot"]);
            compared += 1;
        }
        assert!(of_row.next().is_none(), "more events than the logs have in {}", row["signature"]);
    }
    assert!(compared >= 12, "{compared}");
}

#[test]
fn a_malformed_line_is_named_with_its_number() {
    let hello = done(&momentum(&["monitor", "--json", "--seed", "1", "--until", "1 s"]).output().unwrap());
    let hello = hello.lines().next().unwrap();
    let lines = format!("{hello}\n{{\"schema\":\"momentum.event.v1\",\"seq\":\"x\"}}\n");
    let fed = |arguments: &[&str], lines: &str| {
        let mut score = momentum(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        score.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        score.wait_with_output().unwrap()
    };
    let feed = |arguments: &[&str]| fed(arguments, &lines);
    let stopped = feed(&["score", "-"]);
    assert_eq!(stopped.status.code(), Some(65));
    let said = String::from_utf8(stopped.stderr).unwrap();
    assert!(said.contains("line 2"), "{said}");
    // Skipped, the stream still lacks its end: that is said too.
    let skipped = feed(&["score", "-", "--on-error", "skip"]);
    let said = String::from_utf8(skipped.stderr).unwrap();
    assert_eq!(skipped.status.code(), Some(65));
    assert!(said.contains("broke off") && said.contains("1 lines"), "{said}");
    // One before the hello is one like any other.
    let skipped = fed(&["score", "-", "--on-error", "skip"], &format!("garbage\n{lines}"));
    let said = String::from_utf8(skipped.stderr).unwrap();
    assert!(said.contains("broke off") && said.contains("2 lines"), "{said}");
}

#[test]
fn a_quote_by_hand_is_the_programs_own() {
    let quote = momentum(&["trade", "quote", "buy", "1SOL", "--curve", "30e9,1073e12,0,793.1e12", "--json"]);
    let quote: Value = serde_json::from_str(&done(&{ quote }.output().unwrap())).unwrap();
    // The golden vector of the program build of 2026-10-10.
    assert_eq!(quote["token_amount"], "34199203120618");
    assert_eq!(quote["quote_amount"], "987654320");
    assert_eq!(quote["reserves_after"]["virtual_token"], "1038800796879382");
}

#[test]
fn a_backtest_fills_worse_than_paper_and_so_decides_otherwise() {
    let day = ["--seed", "7", "--until", "8h", "--json"];
    let worse = done(&momentum(&[&["backtest", "run"], &day[..]].concat()).output().unwrap());
    let paper = run(&["--seed", "7", "--speed", "max", "--until", "8h"]);
    assert_ne!(summary(&worse)["decision_hash"], summary(&paper)["decision_hash"]);
    assert!(summary(&worse)["trades"].as_u64().unwrap() > 0);
}

/// A data folder that goes with the test.
struct Data(std::path::PathBuf);

impl Data {
    fn of(test: &str) -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("runs-{test}-{}", std::process::id()));
        Self(folder)
    }

    /// A run on the book of this folder, in a process of its own.
    fn run(&self, until: &str) -> String {
        let until = ["run", "--json", "--seed", "7", "--speed", "max", "--until", until, "--data-dir"];
        done(&momentum(&[&until[..], &[self.0.to_str().unwrap()]].concat()).output().unwrap())
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

/// What a run decided, without the numbers that count the events of its own process.
fn decided(records: &str) -> Vec<Value> {
    let kinds = ["order", "fill", "refusal", "position", "signal"].map(|kind| format!("momentum.{kind}.v1"));
    let records = records.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let decided = records.filter(|record| kinds.iter().any(|kind| record["schema"] == kind.as_str()));
    let numbers = ["seq", "order", "attempt", "signature"];
    decided
        .map(|mut record| {
            for number in numbers {
                record.as_object_mut().unwrap().shift_remove(number);
            }
            record
        })
        .collect()
}

#[test]
fn a_book_that_is_closed_and_opened_again_goes_on_as_if_it_had_never_been_closed() {
    let (whole, halves) = (Data::of("whole"), Data::of("halves"));
    let whole = decided(&whole.run("6h"));
    let (first, second) = (halves.run("4h"), halves.run("6h"));
    assert!(summary(&first)["open_positions"].as_u64().unwrap() > 0, "nothing was open in between");
    let halves = [decided(&first), decided(&second)].concat();
    assert!(whole.len() > 100);
    for (whole, half) in whole.iter().zip(&halves) {
        assert_eq!(half, whole);
    }
    assert_eq!(halves.len(), whole.len());
}

#[test]
fn a_book_of_another_seed_is_refused_with_the_ways_out() {
    let data = Data::of("seed");
    data.run("1min");
    let other = ["run", "--seed", "8", "--until", "1min", "--data-dir", data.0.to_str().unwrap()];
    let output = momentum(&other).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{told}");
    assert!(told.contains("seed 7") && told.contains("--instance") && told.contains("--fresh"), "{told}");
}
