//! A recorded run replays to the decisions that were made, in another process, and whatever is wrong with a
//! recording is found: another market by the replay, another byte by its sum.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use momentum_core::action::Effects;
use momentum_core::config::Section;
use momentum_core::engine::{Engine, SignalSource};
use momentum_core::event::{Envelope, Event, MarketKind, Mode, Reserves, Side};
use momentum_core::ids::{Mint, Seq};
use momentum_core::protections::Protections;
use momentum_research::replay::compare;
use momentum_runtime::book;
use momentum_runtime::settings::{Settings, Sources};
use momentum_runtime::source::{Choice, Source, Until};
use momentum_sim::driver::Driver;
use momentum_sim::venue::{Strictness, Venue};
use momentum_store::recording::{Patience, RecordKeys, Recorder, Recording, Session, rewrite};
use serde_json::Value;

mod python;

fn momentum(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_momentum"));
    command.args(arguments).current_dir(std::env::temp_dir()).env("XDG_CONFIG_HOME", "/nonexistent");
    command
}

fn json(text: &[u8]) -> Value {
    let text = std::str::from_utf8(text).unwrap();
    serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap_or_else(|_| panic!("{text}"))
}

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("recorded-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

/// One run that buys, recorded once for all tests, with its summary.
static RUN: LazyLock<(PathBuf, Value)> = LazyLock::new(|| {
    let folder = scratch("run");
    let run = ["run", "--memory", "--json", "--seed", "7", "--speed", "max", "--until", "8h", "--record"];
    let output = momentum(&[&run[..], &[folder.to_str().unwrap()]].concat()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (folder, json(&output.stdout))
});

fn session(folder: &Path) -> Session {
    let recording = Recording::open(folder).unwrap();
    let [Ok(session)] = recording.sessions() else { panic!("{recording:?}") };
    session.clone()
}

/// A copy of the recorded session that a test may change.
fn copy(name: &str) -> PathBuf {
    let (run, folder) = (session(&RUN.0), scratch(name));
    let copy = folder.join(run.name());
    fs::create_dir_all(&copy).unwrap();
    for entry in fs::read_dir(run.folder()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    copy
}

fn replay(folder: &Path) -> Output {
    momentum(&["backtest", "replay", "--json", folder.to_str().unwrap()]).output().unwrap()
}

#[test]
fn a_recorded_run_replays_to_the_same_decision_hash() {
    let (folder, summary) = &*RUN;
    assert!(summary["trades"].as_u64().unwrap() >= 3, "{summary}");
    let output = replay(folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = json(&output.stdout);
    assert_eq!(told["same"], true, "{told}");
    let session = &told["sessions"][0];
    assert_eq!(session["recorded_hash"], summary["decision_hash"]);
    assert_eq!(session["replayed_hash"], summary["decision_hash"]);
    let manifest = self::session(folder).manifest().clone();
    assert_eq!(session["events"], manifest.events().to_string());
    assert!(session["cut"].is_null() && session["difference"].is_null(), "{session}");
    assert!(session["decisions"].as_u64().unwrap() > 10, "{session}");
}

#[test]
fn a_session_that_began_from_a_restored_state_begins_its_replay_from_it() {
    let folder = scratch("restored");
    let nothing_said = Sources { folder: std::env::temp_dir(), ..Sources::default() };
    let settings = Settings::load(&nothing_said).unwrap();
    let source = Source::open(&Choice::Sim, &settings.sim).unwrap();
    let begun = book::Begun {
        run_id: "restored".to_owned(),
        mode: Mode::Paper,
        kind: source.kind,
        network: Some("sim".to_owned()),
        seed: source.seed,
        begins: source.begins.unwrap(),
        warm_until: source.warm_until,
        answers: source.answers,
        resumed: false,
        failed: None,
    };
    let about = book::about(&settings, &begun);
    let first = |warm_until| book::started(&settings, "restored", Mode::Paper, warm_until);
    let venue = || Some(Venue::new(settings.paper.clone(), &settings.engine.execution, Strictness::Paper));
    let mut before = Driver::new(Engine::default(), venue(), source.answers);
    let (begins, answers) = (source.begins.unwrap(), source.answers);
    let mut events = source.events(Some(Until::After(Duration::from_secs(6 * 3_600)))).peekable();
    before.feed(begins, first(None), &mut |_: &Envelope, _: &Effects| ());
    let restart = begins + Duration::from_secs(5 * 3_600);
    while let Some((now, event)) = events.next_if(|(now, _)| *now < restart) {
        before.feed(now, event, &mut |_: &Envelope, _: &Effects| ());
    }
    // The process ends here; the next one begins from what it left.
    let state = before.processor().snapshot().unwrap();
    let restored = Engine::from_snapshot(&state, SignalSource::Own, Protections::ALL).unwrap();
    let mut recorder =
        Recorder::create(&folder, about, Some(&state), &settings.record, Patience::Endless).unwrap();
    let mut after = Driver::new(restored, venue(), answers);
    let mut record =
        |envelope: &Envelope, effects: &Effects| recorder.append(envelope, &effects.facts).unwrap();
    after.feed(restart, first(None), &mut record);
    for (now, event) in events {
        after.feed(now, event, &mut record);
    }
    let hash = recorder.finish().unwrap().decision_hash;
    let compared = compare(&session(&folder), &AtomicBool::new(false), &mut |_| ()).unwrap();
    assert!(compared.decisions > 10 && compared.difference.is_none(), "{compared:?}");
    assert_eq!(hash, Some(compared.replayed));
}

/// The first buy of a session: its event and its token.
fn bought(session: &Session) -> (Seq, Mint) {
    let mut decisions = session.decisions().map(Result::unwrap);
    let buy = decisions
        .find(|decided| decided.decision.kind == "order_opened" && decided.decision.side == Side::Buy)
        .unwrap();
    (buy.seq, buy.decision.mint)
}

#[test]
fn a_bought_tokens_reserves_rewritten_with_sums_that_fit_are_found_by_the_replay() {
    let copy = copy("rewritten");
    let (seq, mint) = bought(&session(&copy));
    rewrite(&copy, &RecordKeys::shipped(), |mut envelope| {
        if let Event::Market(market) = &mut envelope.event
            && market.mint == mint
            && envelope.seq <= seq
            && let MarketKind::Traded(traded) = &mut market.kind
            && let Reserves::Curve(curve) = &mut traded.reserves
        {
            curve.virtual_quote += curve.virtual_quote / 20;
        }
        envelope
    })
    .unwrap();
    let output = replay(&copy);
    assert_eq!(output.status.code(), Some(30));
    let told = json(&output.stdout);
    let difference = &told["sessions"][0]["difference"];
    assert_eq!(told["same"], false);
    assert_ne!(difference["recorded"], difference["replayed"]);
    let parted: u64 = difference["seq"].as_str().unwrap().parse().unwrap();
    assert!(parted <= seq.0, "{difference}");
    let error = json(&output.stderr);
    let message = error["message"].as_str().unwrap();
    assert_eq!((&error["name"], &error["code"]), (&Value::from("diverged"), &Value::from(30)));
    assert!(message.contains(&format!("part at seq {parted}\n  recorded: ")), "{message}");
    assert!(message.contains("\n  replayed: "), "{message}");
}

#[test]
fn a_raw_flipped_byte_is_bad_data_with_its_segment_named() {
    let copy = copy("flipped");
    for file in ["events-00000.parquet", "decisions-00000.parquet", "manifest.json"] {
        let whole = fs::read(copy.join(file)).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 0x20;
        fs::write(copy.join(file), flipped).unwrap();
        for command in [&["backtest", "replay"][..], &["backtest", "run", "--replay"]] {
            // A backtest reads no decisions.
            if command.len() == 3 && file.starts_with("decisions") {
                continue;
            }
            let arguments = [command, &[copy.to_str().unwrap(), "--json"]].concat();
            let output = momentum(&arguments).output().unwrap();
            let error = json(&output.stderr);
            assert_eq!(output.status.code(), Some(65), "{file}: {error}");
            assert_eq!(error["name"], "damaged_recording");
            assert!(error["message"].as_str().unwrap().contains(file), "{file}: {error}");
        }
        fs::write(copy.join(file), whole).unwrap();
    }
}

#[test]
fn a_new_session_removes_those_that_are_older_than_the_settings_allow() {
    let old = copy("old");
    let manifest = fs::File::options().write(true).open(old.join("manifest.json")).unwrap();
    manifest.set_modified(SystemTime::now() - Duration::from_secs(2 * 86_400)).unwrap();
    let folder = old.parent().unwrap();
    let run = [
        "run",
        "--memory",
        "--json",
        "--speed",
        "max",
        "--until",
        "1min",
        "--set",
        "record.keep_time=1d",
        "--record",
    ];
    let output = momentum(&[&run[..], &[folder.to_str().unwrap()]].concat()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!old.exists() && session(folder).manifest().is_sealed());
}

#[test]
fn a_recording_that_is_not_there_is_not_found() {
    let folder = scratch("nothing");
    assert_eq!(replay(&folder).status.code(), Some(66));
    fs::create_dir_all(&folder).unwrap();
    assert_eq!(replay(&folder).status.code(), Some(66));
    let unknown = ["backtest", "replay", RUN.0.to_str().unwrap(), "--session", "another"];
    assert_eq!(momentum(&unknown).output().unwrap().status.code(), Some(66));
}

#[test]
fn a_run_on_a_recording_decides_what_the_recorded_run_decided() {
    let (folder, summary) = &*RUN;
    let again = ["run", "--json", "--until", "8h", "--replay", folder.to_str().unwrap()];
    let output = momentum(&again).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let again = json(&output.stdout);
    assert_eq!(again["decision_hash"], summary["decision_hash"]);
}

#[test]
fn a_recording_run_that_is_killed_leaves_a_recording_that_replays() {
    let folder = scratch("killed");
    let run =
        ["run", "--memory", "--json", "--seed", "7", "--speed", "max", "--record", folder.to_str().unwrap()];
    let mut running = momentum(&run).stdout(Stdio::piped()).spawn().unwrap();
    // Far enough for some sealed segments; the run is somewhere in the next when it dies.
    let records = BufReader::new(running.stdout.take().unwrap()).lines();
    let mut events = 0;
    for line in records.map_while(Result::ok) {
        let record: Value = serde_json::from_str(&line).unwrap();
        events = record["seq"].as_str().unwrap().parse().unwrap();
        if events > 400_000 {
            break;
        }
    }
    running.kill().unwrap();
    running.wait().unwrap();
    let left = session(&folder);
    assert!(!left.manifest().is_sealed() && !left.is_running());
    let output = replay(&folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = json(&output.stdout);
    let replayed: u64 = told["sessions"][0]["events"].as_str().unwrap().parse().unwrap();
    assert!(replayed > left.manifest().events() && replayed + 200_000 > events, "{replayed} of {events}");
}
