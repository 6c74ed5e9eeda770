//! A running bot reads its settings again: all that is right of them at once, or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use momentum_control::client::{Client, ClientError, History};
use momentum_control::state::Status;
use momentum_core::ids::Hash;
use momentum_runtime::settings::{Settings, Sources};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::running::{Bot, DEADLINE, LIVELY, Place};

/// Reloads of one bot at work.
const RELOADS: usize = 500;

/// Writes the bot's settings file, whole: [`LIVELY`], and what is given, whose last word counts.
fn write(place: &Place, sets: &[&str]) {
    let base = ["paper.capital=1000SOL", "sim.seed=7", "sim.speed=200"];
    let all = LIVELY.iter().chain(&base).chain(sets);
    let keys: BTreeMap<_, _> = all.map(|set| set.split_once('=').unwrap()).collect();
    let line = |(key, value): (&&str, &&str)| match value.parse::<f64>() {
        Ok(_) => format!("{key} = {value}\n"),
        Err(_) => format!("{key} = \"{value}\"\n"),
    };
    put(place, &keys.iter().map(line).collect::<String>());
}

fn put(place: &Place, text: &str) {
    let (new, file) = (place.folder().join("new"), place.folder().join("momentum.toml"));
    fs::write(&new, text).unwrap();
    fs::rename(new, file).unwrap();
}

/// The hash of what the file says.
fn hash(place: &Place) -> Hash {
    Settings::load(&Sources { folder: place.folder().to_owned(), ..Sources::default() }).unwrap().hash()
}

fn start(place: &Place, arguments: &[&str]) -> Bot {
    let bot = place.launch(arguments);
    bot.until("it runs", |state| state.status == Status::Running);
    bot
}

/// The records that a run has printed so far.
fn records(place: &Place) -> Vec<Value> {
    let printed = fs::read_to_string(place.folder().join("stdout")).unwrap();
    // The last line may be on its way yet.
    printed.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[test]
fn a_hang_up_brings_what_the_file_says_now_and_every_surface_names_it() {
    let place = Place::of("reload");
    write(&place, &[]);
    let bot = start(&place, &[]);
    let before = hash(&place);
    assert_eq!(bot.state().config_hash, before);
    assert_eq!(bot.state().reading, None);
    bot.until("something is bought", |state| state.open_positions > 0);

    write(&place, &["risk.max_position=2SOL", "logs.level=error", "run.critical_policy=hold"]);
    let after = hash(&place);
    assert_ne!(after, before);
    bot.signal(Signal::HUP);
    bot.until("it has other settings", |state| state.config_hash == after);
    let reading = bot.until("it says so", |state| state.reading.is_some()).reading.unwrap();
    assert_eq!(reading.who, "SIGHUP");
    assert_eq!(reading.changed, ["risk.max_position", "logs.level", "run.critical_policy"]);
    assert_eq!((reading.waiting, reading.problems), (Vec::new(), Vec::new()));
    let mint = bot.ask(|client| client.tokens())[0].mint.to_string();
    let score = place.run(&["score", &mint, "--explain", "--json"]);
    assert!(score.status == 66 || score.json()["config_hash"] == after.to_string(), "{score:?}");
    bot.until("it is in the audit", |_| {
        let told = bot.ask(|client| client.history(History::Events, 1_000));
        told.iter().any(|row| row["body"]["Reconfigure"] == after.to_string() && row["who"] == "SIGHUP")
    });
    let spent = |hash: Hash| {
        let is_buy = |row: &Value| row["schema"] == "momentum.order.v1" && row["side"] == "buy";
        let buys = records(&place).into_iter().filter(is_buy);
        let by_it = buys.filter(|buy| buy["config_hash"] == hash.to_string());
        by_it.map(|buy| buy["spend_lamports"].as_str().unwrap().parse::<u64>().unwrap()).collect::<Vec<_>>()
    };
    bot.until("it buys by them", |_| spent(after).iter().any(|lamports| *lamports > 200_000_000));
    let settings = place.run(&["health"]).stdout;
    assert!(settings.contains("3 changed by SIGHUP"), "{settings}");
    let summary = bot.stop();
    assert_eq!(summary["config_hash"], after.to_string());

    let before = spent(before);
    assert!(!before.is_empty() && before.iter().all(|lamports| *lamports <= 200_000_000), "{before:?}");
    let log = place.log("system");
    assert!(log.contains("risk.max_position: 0.2 SOL → 2 SOL (momentum.toml:"), "{log}");
    assert!(log.contains("run.critical_policy: flatten → hold"), "{log}");
    assert!(
        log.contains("started step=") && !log.contains("an interrupt"),
        "it holds errors only from there on: {log}"
    );
}

#[test]
fn what_is_wrong_changes_nothing_and_all_of_it_is_named_with_its_line() {
    let place = Place::of("reload-wrong");
    write(&place, &[]);
    let bot = start(&place, &[]);
    let before = hash(&place);
    let refused = |what: &str| {
        let reload = place.run(&["config", "reload", "--json"]);
        assert_eq!((reload.status, reload.error().as_str()), (78, "bad_settings"), "{what}: {reload:?}");
        let state = bot.state();
        assert_eq!(state.config_hash, before, "{what}");
        let problems = state.reading.unwrap().problems;
        let told: Vec<_> = problems.into_iter().map(|flaw| format!("{}: {}", flaw.place, flaw.key)).collect();
        told
    };
    for (text, told) in [
        ("\u{0}\u{1}]]", "momentum.toml:1: "),
        ("risk.max_position = \"0.3 SOL\"\nrisk.max_expos", "momentum.toml:2: "),
        ("risk.max_position = \"0.3 SOL\"\nsignals.buy_score = nan\n", "momentum.toml:2: signals.buy_score"),
        ("risk.max_position = \"5000 SOL\"\n", "momentum.toml:1: risk.max_position"),
        ("risk.max_positoin = \"0.3 SOL\"\n", "momentum.toml:1: risk.max_positoin"),
        ("risk.min_position = \"2 SOL\"\n", "momentum.toml:1: risk.min_position"),
        ("logs.level = \"info,chain=loudly\"\n", "momentum.toml:1: logs.level"),
        ("", "momentum.toml: "),
    ] {
        put(&place, text);
        let named = refused(text);
        assert!(named.iter().any(|problem| problem == told), "{text:?}: {named:?}");
    }
    fs::write(place.folder().join("momentum.toml"), [0xff, 0xfe, 0xff]).unwrap();
    assert_eq!(refused("no text"), ["momentum.toml: "]);
    fs::remove_file(place.folder().join("momentum.toml")).unwrap();
    assert_eq!(refused("no file"), ["momentum.toml: "]);

    // All at once, by a signal too; and what is right beside it is not taken over.
    put(
        &place,
        "exits.time_stop = \"1 h\"\n[risk]\nmax_position = 3\n\n[signals]\nby_score = 1\nttl = \"0 s\"\n",
    );
    bot.signal(Signal::HUP);
    let is_told = |state: &momentum_control::state::BotState| {
        state.reading.as_ref().is_some_and(|reading| reading.who == "SIGHUP")
    };
    let state = bot.until("it says what is wrong", is_told);
    let lines: Vec<_> = state.reading.unwrap().problems.into_iter().map(|flaw| flaw.line.unwrap()).collect();
    assert_eq!((state.config_hash, lines), (before, vec![3, 6, 7]));
    place.until_logged("errors", &["3 settings are wrong", "momentum.toml:7: `signals.ttl`"]);
    let health = place.run(&["health"]).stdout;
    assert!(health.contains("as they were: momentum.toml:3: risk.max_position"), "{health}");
    let reload = place.run(&["config", "reload"]);
    assert!(
        reload.status == 78 && reload.stderr.contains("momentum.toml:6: `signals.by_score`"),
        "{reload:?}"
    );

    write(&place, &["risk.max_position=0.3SOL"]);
    let reload = place.run(&["config", "reload", "--json"]).json();
    assert_eq!(reload["changed"].as_array().unwrap().len(), 1, "{reload}");
    assert_eq!(
        (&reload["changed"][0]["key"], &reload["changed"][0]["loosens"]),
        (&"risk.max_position".into(), &true.into())
    );
    assert_eq!(bot.state().reading.unwrap().problems, []);
    bot.stop();
    assert_eq!(place.run(&["config", "reload"]).status, 69);
}

#[test]
fn what_waits_for_the_next_start_is_named_and_kept_until_kill_9_brings_it() {
    let place = Place::of("reload-restart");
    write(&place, &["risk.max_position=0.3SOL"]);
    let soon = hash(&place);
    write(&place, &[]);
    let bot = start(&place, &["--set", "signals.hysteresis=2"]);
    let before = bot.state().config_hash;
    write(
        &place,
        &[
            "risk.max_position=0.3SOL",
            "paper.lost=50%",
            "rpc.rate=30",
            "signals.hysteresis=4",
            "exits.time_stop=1h",
        ],
    );
    let reload = place.run(&["config", "reload", "--why", "spring"]);
    assert_eq!(reload.status, 0, "{reload:?}");
    let line = |key: &str| {
        let found = reload.stdout.lines().find(|line| line.trim_start().starts_with(key));
        found.unwrap_or_else(|| panic!("{key}: {reload:?}")).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(line("paper.lost").contains("at the next start"), "{reload:?}");
    assert!(line("rpc.rate").contains("25 30 momentum.toml:"), "{reload:?}");
    assert!(line("exits.time_stop").contains("new positions"), "{reload:?}");
    assert!(line("risk.max_position").ends_with("now LOOSENS"), "{reload:?}");
    let masked = line("signals.hysteresis");
    assert!(masked.ends_with("is masked: --set signals.hysteresis says 2"), "{masked}");
    let state = bot.state();
    let reading = state.reading.unwrap();
    assert_eq!(reading.waiting, ["paper.lost", "rpc.rate"]);
    // What waits is no part of the hash.
    assert!(state.config_hash != before && state.config_hash != hash(&place) && state.config_hash != soon);
    place.until_logged("system", &["paper.lost: 3 % → 50 % (momentum.toml:"]);
    // The same once more changes nothing, and what waits is told again.
    let again = place.run(&["config", "reload", "--json"]).json();
    let keys: Vec<_> = again["changed"].as_array().unwrap().iter().map(|row| row["key"].clone()).collect();
    assert_eq!(
        (keys, &again["config_hash"]),
        (vec!["paper.lost".into(), "rpc.rate".into()], &state.config_hash.to_string().into())
    );
    bot.kill();

    let bot = start(&place, &[]);
    assert_eq!(bot.state().config_hash, hash(&place), "a start has all that the file says");
    assert_eq!(bot.state().reading, None);
    bot.stop();
}

#[test]
fn hundreds_of_reloads_at_work_leave_no_mixture_and_the_recording_replays_to_the_same_decisions() {
    let place = Place::of("reload-load");
    let recordings = place.folder().join("recordings");
    write(&place, &[]);
    let bot = start(&place, &["--record", recordings.to_str().unwrap()]);
    let began = Instant::now();
    let (mut good, mut bad) = (0, 0);
    for nth in 0..RELOADS {
        if nth % 5 == 4 {
            put(&place, ["risk.max_position = \"0.4 S", "sim.seed = -1\n", "[[", ""][nth % 4]);
            let before = bot.state().config_hash;
            let refused = bot.runtime.block_on(bot.client.reload("wrong")).unwrap_err();
            assert_eq!(refused.problem(true).code, 78);
            assert_eq!(bot.state().config_hash, before);
            bad += 1;
        } else {
            let size = format!("risk.max_position=0.{}SOL", 10 + nth % 37);
            write(&place, &[&size, &format!("signals.cool_down={}s", 1 + nth % 7)]);
            let reloaded = bot.ask(|client| client.reload("right"));
            assert_eq!(reloaded.config_hash, hash(&place), "{nth}");
            assert_eq!(bot.state().config_hash, reloaded.config_hash, "{nth}");
            good += 1;
        }
        if nth % 3 == 0 {
            bot.signal(Signal::HUP);
        }
    }
    println!("{good} reloads and {bad} refusals in {:?}", began.elapsed());
    let signals = bot.state().signals_today;
    bot.until("it goes on", |state| state.signals_today > signals);
    write(&place, &["risk.max_position=0.15SOL"]);
    bot.ask(|client| client.reload("the last"));
    assert_eq!(bot.state().config_hash, hash(&place));
    let summary = bot.stop();
    assert_eq!(summary["config_hash"], hash(&place).to_string());
    assert!(summary["fills"].as_u64().unwrap() > 0, "{summary}");

    let replay = place.run(&["backtest", "replay", recordings.to_str().unwrap(), "--json"]);
    assert_eq!(replay.status, 0, "{replay:?}");
    let told = replay.json();
    assert_eq!(told["sessions"][0]["replayed_hash"], summary["decision_hash"], "{told}");
}

#[test]
fn a_hang_up_by_hand_reads_settings_and_that_of_a_terminal_that_is_gone_ends_in_order() {
    let place = Place::of("reload-terminal");
    write(&place, &["sim.speed=20"]);
    // A terminal of its own: `script` is its other end.
    let run = format!("exec {} run --data-dir {}", env!("CARGO_BIN_EXE_momentum"), place.folder().display());
    let mut terminal = Command::new("script")
        .args(["-qefc", &run, "typescript"])
        .current_dir(place.folder())
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let client = Client::of(&place.book(), Duration::from_secs(10)).unwrap();
    let until = Instant::now() + DEADLINE;
    let wait = || {
        let said = || fs::read_to_string(place.folder().join("typescript")).unwrap_or_default();
        assert!(Instant::now() < until, "{}", said());
        thread::sleep(Duration::from_millis(10));
    };
    let state = || runtime.block_on(client.state());
    while state().is_err() {
        wait();
    }
    let pid = place.book().holder().unwrap().unwrap().process.unwrap().pid;
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::HUP).unwrap();
    while state().unwrap().reading.is_none() {
        wait();
    }
    terminal.kill().unwrap();
    terminal.wait().unwrap();
    while !matches!(state(), Err(ClientError::NoBot(_))) || place.book().holder().unwrap().is_some() {
        wait();
    }
    let log = place.log("system");
    assert!(
        log.contains("an interrupt: no entries from here") && log.contains("ended finished=true"),
        "{log}"
    );
}

#[test]
fn a_hang_up_ends_what_is_no_bot() {
    let mut monitor = Command::new(env!("CARGO_BIN_EXE_momentum"))
        .args(["monitor", "--json", "--speed", "200"])
        .current_dir(std::env::temp_dir())
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(monitor.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    kill_process(Pid::from_raw(i32::try_from(monitor.id()).unwrap()).unwrap(), Signal::HUP).unwrap();
    let last = lines.map(Result::unwrap).last().unwrap();
    assert!(last.contains("\"kind\":\"eof\"") || last.contains("eof"), "{last}");
    assert_eq!(monitor.wait().unwrap().code(), Some(0));
}
