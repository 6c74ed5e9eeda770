//! Generated files are what their sources make of them now. `MOMENTUM_WRITE=1 cargo test generated` writes
//! them anew.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

use momentum_core::codes::{EXITS, Entry, ErrorCode, RefusalCode};

/// Compares the file with what it should be, or writes it where that is asked for.
#[track_caller]
fn is_current(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if env::var_os("MOMENTUM_WRITE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let wrong = text.lines().zip(found.lines()).position(|(new, old)| new != old);
    assert!(
        text == found,
        "{file} is not current (from line {}): run `MOMENTUM_WRITE=1 cargo test --test main generated` and commit it",
        wrong.unwrap_or_else(|| text.lines().count().min(found.lines().count())) + 1
    );
}

fn momentum(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_momentum"));
    let output = command.args(arguments).env_clear().env("COLUMNS", "100").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_are_current() {
    for (shell, file) in [("bash", "momentum.bash"), ("zsh", "_momentum"), ("fish", "momentum.fish")] {
        is_current(&format!("completions/{file}"), &momentum(&["completions", shell]));
    }
}

#[test]
fn man_pages_are_current() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    momentum(&["completions", "man", "--dir", folder.to_str().unwrap()]);
    let names = |folder: &Path| {
        let found =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        found.collect::<std::collections::BTreeSet<_>>()
    };
    let pages = names(folder);
    for page in &pages {
        is_current(&format!("completions/man/{page}"), &fs::read_to_string(folder.join(page)).unwrap());
    }
    let kept = names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/man"));
    assert_eq!(kept, pages, "pages of commands that are no more");
}

#[test]
fn the_schema_of_the_settings_is_current() {
    is_current("config/schema.json", &momentum(&["config", "schema"]));
}

#[test]
fn the_docs_of_the_settings_are_current() {
    let rows: Vec<Value> = serde_json::from_str(&momentum(&["config", "show", "--json"])).unwrap();
    let mut text = "# Settings\n\nMade from the table of keys. `momentum config init` writes a file with all of them, \
                    `momentum config show --origin`\ntells what is in force and where it was said. A change takes \
                    effect at once (now), for positions opened from then\non (new positions) or at the next start \
                    (restart); what changes an analysis or a decision is part of the config hash.\nA change that \
                    loosens a limit is one in the direction of the last column.\n"
        .to_owned();
    let mut section = "";
    for row in &rows {
        let word = |name: &str| row[name].as_str().unwrap();
        let (table, name) = word("key").split_once('.').unwrap();
        if table != section {
            section = table;
            write!(text, "\n## [{table}]\n\n| key | what it does | default | range | takes effect | changes | loosens |\n")
                .unwrap();
            text += "| --- | --- | --- | --- | --- | --- | --- |\n";
        }
        let range = match (row["range"][0].as_str(), row["range"][1].as_str()) {
            (Some(""), _) => word("unit").to_owned(),
            (Some(min), Some(max)) => format!("{min} – {max}"),
            _ => panic!("{row}"),
        };
        let [effect, changes, loosens] = ["takes_effect", "changes", "loosens"].map(word);
        let default = row["value"].to_string().replace('|', "\\|");
        let doc = word("doc");
        writeln!(text, "| `{name}` | {doc} | `{default}` | {range} | {effect} | {changes} | {loosens} |")
            .unwrap();
    }
    is_current("docs/settings.md", &text);
}

/// The short help of every command, found by walking the help itself.
#[test]
fn the_snapshot_of_the_whole_command_line_is_current() {
    let mut text = String::new();
    help(&mut Vec::new(), &mut text);
    is_current("docs/cli.txt", &text);
}

fn help(command: &mut Vec<String>, text: &mut String) {
    let mut arguments: Vec<_> = command.iter().map(String::as_str).collect();
    arguments.push("-h");
    let help_text = momentum(&arguments);
    let name = command.iter().fold("momentum".to_owned(), |name, part| name + " " + part);
    write!(text, "$ {name} -h\n{help_text}\n").unwrap();
    let inner = help_text.lines().skip_while(|line| *line != "Commands:").skip(1);
    let inner = inner.take_while(|line| line.starts_with("  ")).filter(|line| !line.starts_with("   "));
    for name in inner.filter_map(|line| line.split_whitespace().next()) {
        command.push(name.to_owned());
        help(command, text);
        command.pop();
    }
}

#[test]
fn every_command_has_examples_and_a_short_help() {
    let mut text = String::new();
    help(&mut Vec::new(), &mut text);
    for help in text.split("\n$ ") {
        let name = help.lines().next().unwrap();
        assert!(help.contains("\nExamples:\n"), "{name} has no examples");
        assert!(help.lines().count() <= 60, "{name} is too long to be read at a glance");
    }
}

#[test]
fn the_docs_of_the_codes_are_current() {
    let mut text = "# Codes\n\nMade from the registry in `src/core/codes.rs`. With `--json` an error is one object \
                    on stderr:\n`{\"code\":78,\"name\":\"bad_settings\",\"message\":\"…\",\"hint\":\"…\",\"retryable\":false}`, \
                    where `code` is the exit status.\n"
        .to_owned();
    text += "\n## Exit statuses\n\n| status | name | meaning | what to do |\n| ---: | --- | --- | --- |\n";
    for (exit, Entry { name, sentence, mend }) in EXITS {
        writeln!(text, "| {} | {name} | {sentence} | {mend} |", exit.0).unwrap();
    }
    text += "\n## Errors\n";
    for error in ErrorCode::ALL {
        let Entry { name, sentence, mend } = error.entry();
        write!(text, "\n### {name}\n\nExit status {}. {sentence} {mend}\n", error.exit().0).unwrap();
    }
    text += "\n## Refusals\n\nWhy something was not done that a signal or an operator asked for.\n";
    for refusal in RefusalCode::ALL {
        let Entry { name, sentence, mend } = refusal.entry();
        write!(text, "\n### {name}\n\n{sentence} {mend}\n").unwrap();
    }
    is_current("docs/codes.md", &text);
}
