//! The command line as a person or a script sees it.

use std::fs;
use std::io::pipe;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder that is nobody else's, though another test has the same name; removed with it.
pub(crate) fn folder_of(test: &str) -> TempDir {
    tempfile::Builder::new().prefix(&format!("momentum-{test}-")).tempdir().unwrap()
}

/// A folder of its own for a test, the working folder of its commands.
pub(crate) struct Folder(pub(crate) TempDir);

impl Folder {
    pub(crate) fn of(test: &str) -> Self {
        Self(folder_of(test))
    }

    pub(crate) fn file(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_momentum"));
        // Neither settings nor variables of whoever runs the tests.
        command
            .args(arguments)
            .env_clear()
            .env("XDG_CONFIG_HOME", self.0.path())
            .env("XDG_DATA_HOME", self.0.path().join("data"))
            .current_dir(self.0.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().unwrap())
    }
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self {
            status: output.status.code().unwrap(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

/// Five errors of five kinds: a text that is no TOML, an unknown key, a unit, a range, a contradiction.
const FIVE: &str = "\
[risk]
max_postion = \"1 SOL\"
max_exposure = \"2\"

[exits]
stop_max = \"99 %\"
hold_score = 40
time_stop = 20 min
";

#[test]
fn five_different_errors_come_at_once_each_with_line_key_and_mend() {
    let folder = Folder::of("five");
    folder.file("my.toml", FIVE);
    let run = folder.run(&["config", "validate", "-c", "my.toml"]);
    assert_eq!((run.status, run.stdout.as_str()), (78, ""), "{run:?}");
    let expected = [
        ["my.toml:2", "`risk.max_postion`", "did you mean `risk.max_position`?"],
        ["my.toml:3", "`risk.max_exposure`", "`\"2 SOL\"` is the default"],
        ["my.toml:6", "`exits.stop_max`", "`\"30 %\"` is the default"],
        ["my.toml:7", "`exits.hold_score`", "momentum config show exits --origin"],
        ["my.toml:8", "", "https://toml.io"],
    ];
    let blocks: Vec<_> = run.stderr.split("\n\n").collect();
    for parts in expected {
        let told = blocks.iter().any(|block| parts.iter().all(|part| block.contains(part)));
        assert!(told, "{parts:?} is not in\n{}", run.stderr);
    }
    assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);

    let run = folder.run(&["config", "validate", "-c", "my.toml", "--json"]);
    let error: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!((run.status, &error["code"], &error["name"]), (78, &78.into(), &"bad_settings".into()));
    assert_eq!(error["retryable"], false);
    assert!(error["message"].is_string() && error["hint"].is_string());
    let lines: Vec<_> =
        error["problems"].as_array().unwrap().iter().map(|p| p["line"].as_u64().unwrap()).collect();
    assert!([2, 3, 6, 7, 8].iter().all(|line| lines.contains(line)), "{lines:?}");
}

#[test]
fn every_command_refuses_wrong_settings_alike() {
    let folder = Folder::of("alike");
    folder.file("momentum.toml", FIVE);
    assert_eq!(folder.run(&["config", "show"]).status, 78);
    // What needs no settings works all the same: it is what helps to mend them.
    for arguments in [&["config", "schema"][..], &["config", "init", "new.toml"], &["completions", "bash"]] {
        assert_eq!(folder.run(arguments).status, 0, "{arguments:?}");
    }
}

#[test]
fn the_origin_of_a_value_names_what_it_masks() {
    let folder = Folder::of("origin");
    folder.file("momentum.toml", "[risk]\nmax_position = \"0.3 SOL\"\n");
    let mut command = folder.command(&[
        "config",
        "show",
        "risk.max_position",
        "--origin",
        "--json",
        "--set",
        "risk.max_position=0.1SOL",
    ]);
    command.env("MOMENTUM__RISK__MAX_POSITION", "0.2 SOL");
    let run = Run::of(&command.output().unwrap());
    let rows: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(rows[0]["value"], "0.1 SOL");
    assert_eq!(rows[0]["origin"], "--set risk.max_position");
    let masks: Vec<_> =
        rows[0]["masks"].as_array().unwrap().iter().map(|m| m["origin"].as_str().unwrap()).collect();
    assert_eq!(masks, ["MOMENTUM__RISK__MAX_POSITION", "momentum.toml:2", "default"]);
    let table = folder.run(&["config", "show", "risk", "--origin"]).stdout;
    assert!(table.contains("momentum.toml:2") && table.contains("0.5 SOL (default)"), "{table}");
}

#[test]
fn init_writes_a_private_file_that_validates_and_is_not_overwritten_by_accident() {
    let folder = Folder::of("init");
    assert_eq!(folder.run(&["config", "init"]).status, 0);
    let file = folder.0.path().join("momentum.toml");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(folder.run(&["config", "validate"]).status, 0);
    folder.file("momentum.toml", "# mine\n");
    let again = folder.run(&["config", "init"]);
    assert_eq!(again.status, 73);
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
    assert_eq!(fs::read_to_string(&file).unwrap(), "# mine\n");
    assert_eq!(folder.run(&["config", "init", "--force"]).status, 0);
    assert!(fs::read_to_string(&file).unwrap().contains("max_position"));
    let nowhere = folder.run(&["config", "init", "no/such/folder.toml"]);
    assert_eq!(nowhere.status, 73);
}

#[test]
fn validate_tells_what_nobody_means_and_still_is_content() {
    let folder = Folder::of("warnings");
    let run = folder.run(&["config", "validate", "--set", "exits.ladder_cap=off"]);
    assert_eq!(run.status, 0);
    assert!(run.stdout.contains("the rung at 5× can never fire"), "{run:?}");
    let run = folder.run(&["config", "validate", "--set", "exits.ladder_cap=off", "--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["warnings"].as_array().unwrap().len(), 3);
    assert_eq!(report["config_hash"].as_str().unwrap().len(), 64);
}

#[test]
fn a_wrong_command_line_is_status_2_and_json_where_that_is_asked_for() {
    let folder = Folder::of("usage");
    let run = folder.run(&["confg"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("config"), "the near word is named: {}", run.stderr);
    for json in [&["--json"][..], &["-o", "json"], &["--output=json"]] {
        let run = folder.run(&[&["config", "show", "--frob"], json].concat());
        let error: Value = serde_json::from_str(&run.stderr).unwrap();
        assert_eq!((run.status, &error["code"], &error["name"]), (2, &2.into(), &"usage".into()));
    }
    let run = folder.run(&["positions", "adjust", "--json"]);
    let error: Value = serde_json::from_str(&run.stderr).unwrap();
    let told = error["message"].as_str().unwrap();
    assert!(told.contains("--stop <SOL>") && told.contains("<MINT>"), "what is missing is named: {told}");
    assert!(!told.contains("Usage:") && !told.contains('\n'), "{told}");
    assert_eq!(folder.run(&["--version"]).status, 0);
}

#[test]
fn every_form_of_output_carries_the_same_records() {
    let folder = Folder::of("forms");
    let show = |form: &[&str]| folder.run(&[&["config", "show", "risk"], form].concat()).stdout;
    let json: Vec<Value> = serde_json::from_str(&show(&["--json"])).unwrap();
    let lines: Vec<Value> =
        show(&["-o", "jsonl"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json, lines);
    assert_eq!(
        show(&["-o", "name"]).lines().collect::<Vec<_>>(),
        json.iter().map(|row| row["key"].as_str().unwrap()).collect::<Vec<_>>()
    );
    let csv = show(&["-o", "csv", "--fields", "key,value"]);
    assert_eq!(csv.lines().next(), Some("key,value"));
    assert!(csv.contains("\nrisk.max_position,0.5 SOL\n"), "{csv}");
    let projected = show(&["--json", "--fields", "key"]);
    assert!(!projected.contains("doc") && projected.contains("risk.max_position"));
    let unknown = folder.run(&["config", "show", "--fields", "kee"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("the fields are: "), "{}", unknown.stderr);
}

#[test]
fn colour_is_for_terminals_and_those_who_ask() {
    let folder = Folder::of("colour");
    assert!(!folder.run(&["config", "show"]).stdout.contains('\u{1b}'));
    assert!(folder.run(&["config", "show", "--color", "always"]).stdout.contains('\u{1b}'));
    assert!(!folder.run(&["config", "show", "--color", "never"]).stdout.contains('\u{1b}'));
}

#[test]
fn a_closed_reader_ends_the_writer_quietly() {
    let folder = Folder::of("reader");
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let output = folder.command(&["config", "show"]).stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_status_73() {
    let folder = Folder::of("full");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = folder.command(&["config", "show"]).stdout(full).output().unwrap();
    assert_eq!(Run::of(&output).status, 73);
}

#[test]
fn a_setting_is_changed_in_place_and_what_stands_around_it_stays() {
    let folder = Folder::of("set");
    let text = "# mine\n[risk]\n# not too much\nmax_position = \"0.3 SOL\" # for now\n\n[exits]\nstop_max = \"30 %\"\n";
    folder.file("momentum.toml", text);
    let run = folder.run(&["config", "set", "risk.max_position", "0.2SOL"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.starts_with("risk.max_position: 0.3 SOL → 0.2 SOL\n"), "{run:?}");
    assert!(
        run.stdout.contains("config hash is another") && run.stdout.ends_with("wrote momentum.toml\n"),
        "{run:?}"
    );
    let written = || fs::read_to_string(folder.0.path().join("momentum.toml")).unwrap();
    assert_eq!(written(), text.replace("0.3", "0.2"));
    assert_eq!(folder.run(&["config", "get", "risk.max_position"]).stdout, "0.2 SOL\n");

    // What loosens a limit must be typed; what would not be accepted is never written.
    let before = written();
    let loose = folder.run(&["config", "set", "risk.max_position", "0.4SOL"]);
    assert_eq!(loose.status, 2);
    assert!(
        loose.stderr.contains("--confirm risk.max_position") && loose.stdout.contains("LOOSENS"),
        "{loose:?}"
    );
    for wrong in [["risk.max_position", "lots"], ["risk.max_postion", "1SOL"], ["exits.hold_score", "1"]] {
        let run = folder.run(&["config", "set", wrong[0], wrong[1]]);
        assert!(matches!(run.status, 2 | 78), "{run:?}");
    }
    assert_eq!(folder.run(&["config", "set", "exits.stop_max", "20%", "--dry-run"]).status, 0);
    assert_eq!(written(), before);
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1, "nothing is left beside it");
    let mut masked = folder.command(&["config", "set", "risk.max_position", "0.1SOL", "--json"]);
    let run = Run::of(&masked.env("MOMENTUM__RISK__MAX_POSITION", "0.15 SOL").output().unwrap());
    let record: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(record["masked_by"], "MOMENTUM__RISK__MAX_POSITION");
    let loose = folder.run(&["config", "set", "risk.max_position", "1SOL", "--confirm", "risk.max_position"]);
    assert_eq!(loose.status, 0, "{loose:?}");
}

#[test]
fn what_is_not_as_shipped_is_listed_and_a_key_is_explained() {
    let folder = Folder::of("diff");
    assert_eq!(folder.run(&["config", "diff"]).stdout, "all is as shipped\n");
    folder.file("candidate.toml", "[risk]\nmax_position = \"0.3 SOL\"\n");
    let rows: Vec<Value> =
        serde_json::from_str(&folder.run(&["config", "diff", "candidate.toml", "--json"]).stdout).unwrap();
    assert_eq!((&rows[0]["from"], &rows[0]["to"]), (&"0.5 SOL".into(), &"0.3 SOL".into()));
    let table = folder.run(&["config", "diff", "-c", "candidate.toml"]).stdout;
    assert!(table.contains("SHIPPED") && table.contains("candidate.toml:2"), "{table}");
    let explained = folder.run(&["config", "explain", "risk.max_position"]).stdout;
    assert!(
        explained.contains("MOMENTUM__RISK__MAX_POSITION") && explained.contains("what it does"),
        "{explained}"
    );
    let slip = folder.run(&["config", "explain", "risk.max_postion"]);
    assert_eq!(slip.status, 2);
    assert!(slip.stderr.contains("did you mean `risk.max_position`?"), "{slip:?}");
}

#[test]
fn what_was_disarmed_is_said() {
    let folder = Folder::of("disarm");
    let run = folder.run(&["config", "disarm", "--network", "localnet", "--mode", "live"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "localnet-live: it was not armed\n"), "{run:?}");
}

#[test]
fn an_address_is_no_setting_and_is_not_repeated() {
    let folder = Folder::of("secret-url");
    folder.file("momentum.toml", "[endpoints]\nrpc = [\"https://x/?key=hunter2\"]\n");
    let told = |run: &Run| {
        assert_eq!(run.status, 78, "{run:?}");
        assert!(!format!("{run:?}").contains("hunter2"), "{run:?}");
        assert!(run.stderr.contains("should be the name of a file that holds it"), "{run:?}");
    };
    for command in [&["config", "validate"][..], &["config", "show"], &["run", "--json"]] {
        told(&folder.run(command));
    }
    folder.file("momentum.toml", "");
    for (key, value) in [
        ("endpoints.rpc", "[\"https://x/?key=hunter2\"]"),
        ("endpoints.websocket", "wss://x/hunter2"),
        ("endpoints.block_engine", "https://hunter2@x"),
    ] {
        told(&folder.run(&["config", "set", key, value]));
        told(&folder.run(&["config", "validate", "--set", &format!("{key}={value}")]));
    }
    assert_eq!(fs::read_to_string(folder.0.path().join("momentum.toml")).unwrap(), "");
    // What is no list either says so, and not what it is.
    let run = folder.run(&["config", "set", "endpoints.grpc", "https://x/?key=hunter2"]);
    assert!(run.status == 78 && !format!("{run:?}").contains("hunter2"), "{run:?}");
}

#[test]
fn private_hosts_are_asked_on_a_local_network_only() {
    let folder = Folder::of("private-hosts");
    let sets = ["--set", "endpoints.grpc=[\"grpc.url\"]", "--set", "enrich.allow_private=true"];
    let run = folder.run(&[&["run", "--source", "grpc"], &sets[..]].concat());
    assert!(run.status == 78 && run.stderr.contains("enrich.allow_private"), "{run:?}");
    // On a local network the next thing is missed: the file with the address.
    let run = folder.run(&[&["run", "--source", "grpc", "--network", "localnet"], &sets[..]].concat());
    assert!(run.status == 66 && run.stderr.contains("grpc.url"), "{run:?}");
}
