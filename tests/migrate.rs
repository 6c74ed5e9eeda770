//! `momentum migrate` as a person or a script sees it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::cli::Folder;

/// A line of a table, without its padding.
fn words(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split_whitespace().collect()).collect()
}

const HERE: [&str; 2] = ["--data-dir", "data"];

fn migrate(folder: &Folder, arguments: &[&str]) -> (i32, String, String) {
    let run = folder.run(&[&["migrate"], arguments, &HERE].concat());
    (run.status, run.stdout, run.stderr)
}

#[test]
fn a_book_comes_up_is_verified_copied_and_put_back() {
    let folder = Folder::of("migrate");
    let (status, out, told) = migrate(&folder, &["status"]);
    assert_eq!(status, 0);
    let expected = [
        vec!["SERIES", "NUMBER", "NAME", "STATE", "APPLIED"],
        vec!["book", "1", "book", "pending"],
        vec!["book", "2", "simulations", "pending"],
        vec!["book", "3", "slots", "pending"],
        vec!["metrics", "1", "metrics", "pending"],
    ];
    assert_eq!(words(&out), expected);
    assert_eq!(told, "data/sim-paper/momentum.db: 4 to apply\nnext: momentum migrate up\n");
    assert!(!folder.0.path().join("data").exists(), "a look makes nothing");

    let (status, out, told) = migrate(&folder, &["plan"]);
    assert!(status == 0 && out.contains("CREATE UNIQUE INDEX one_buy_of_a_mint"), "{out}");
    assert_eq!(told, "data/sim-paper/momentum.db: 4 to apply\n");

    let (status, _, told) = migrate(&folder, &["verify"]);
    assert_eq!(status, 66);
    assert!(
        told.contains("there is no database") && told.contains("hint: run `momentum migrate up`"),
        "{told}"
    );

    assert_eq!(migrate(&folder, &["up"]).2, "data/sim-paper/momentum.db: 4 applied, up to date\n");
    assert_eq!(migrate(&folder, &["up"]).2, "data/sim-paper/momentum.db: 0 applied, up to date\n");
    let rows: Vec<Value> = serde_json::from_str(&migrate(&folder, &["status", "--json"]).1).unwrap();
    assert!(rows.len() == 4 && rows.iter().all(|row| row["state"] == "applied"), "{rows:?}");

    let (status, out, told) = migrate(&folder, &["verify"]);
    assert_eq!((status, told.as_str()), (0, "data/sim-paper/momentum.db: whole\n"));
    assert!(words(&out).contains(&vec!["positions", "0"]), "{out}");

    assert_eq!(migrate(&folder, &["backup", "book.db"]).2, "wrote book.db and read it back\n");
    assert_eq!(fs::metadata(folder.0.path().join("book.db")).unwrap().permissions().mode() & 0o777, 0o600);
    let (status, _, told) = migrate(&folder, &["backup", "book.db", "--json"]);
    let error: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((status, &error["name"]), (73, &"file_exists".into()), "nobody's file is written over");
    let (status, _, told) = migrate(&folder, &["restore", "book.db"]);
    assert!(status == 73 && told.contains("add --yes to replace it"), "{told}");
    assert_eq!(migrate(&folder, &["restore", "book.db", "--yes"]).0, 0);
    assert_eq!(migrate(&folder, &["verify"]).0, 0);
}

#[test]
fn a_backup_is_put_back_on_a_machine_that_has_no_book_yet() {
    let folder = Folder::of("migrate-fresh");
    assert_eq!(migrate(&folder, &["up"]).0, 0);
    assert_eq!(migrate(&folder, &["backup", "book.db"]).0, 0);
    let run = folder.run(&["migrate", "restore", "missing.db", "--data-dir", "new", "--json"]);
    let error: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!((run.status, &error["name"]), (66, &"no_such_file".into()));
    assert!(error["message"].as_str().unwrap().starts_with("missing.db: there is no such backup"), "{error}");
    assert!(!folder.0.path().join("new").exists(), "a slip makes nothing");
    let run = folder.run(&["migrate", "restore", "book.db", "--data-dir", "new"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(folder.run(&["migrate", "verify", "--data-dir", "new"]).status, 0);
}

#[test]
fn a_damaged_database_is_named_and_never_a_backup() {
    let folder = Folder::of("migrate-damaged");
    assert_eq!(migrate(&folder, &["up"]).0, 0);
    assert_eq!(migrate(&folder, &["backup", "good.db"]).0, 0);
    let book = folder.0.path().join("data/sim-paper/momentum.db");
    let mut bytes = fs::read(&book).unwrap();
    bytes[..16].fill(b'x');
    fs::write(&book, bytes).unwrap();
    for command in ["status", "verify"] {
        let (status, _, told) = migrate(&folder, &[command, "--json"]);
        let error: Value = serde_json::from_str(&told).unwrap();
        assert_eq!((status, &error["name"]), (65, &"database_damaged".into()), "{command}");
        assert!(error["message"].as_str().unwrap().contains("momentum.db is damaged"), "{error}");
    }
    assert_eq!(migrate(&folder, &["backup", "bad.db"]).0, 65);
    assert!(!folder.0.path().join("bad.db").exists(), "what was written of it is gone");
    fs::write(folder.0.path().join("cut.db"), &fs::read(folder.0.path().join("good.db")).unwrap()[..8_192])
        .unwrap();
    assert_eq!(migrate(&folder, &["restore", "cut.db", "--yes"]).0, 65, "a backup is read before it is used");
    assert_eq!(migrate(&folder, &["restore", "good.db", "--yes"]).0, 0);
    assert_eq!(migrate(&folder, &["verify"]).0, 0);
}

#[test]
fn a_book_that_is_worked_on_is_left_alone() {
    let folder = Folder::of("migrate-held");
    assert_eq!(migrate(&folder, &["up"]).0, 0);
    assert_eq!(migrate(&folder, &["backup", "book.db"]).0, 0);
    let lock = fs::File::open(folder.0.path().join("data/sim-paper/lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
    for command in [&["up"][..], &["restore", "book.db", "--yes"]] {
        let (status, _, told) = migrate(&folder, command);
        assert!(status == 75 && told.contains("holds the book sim-paper"), "{told}");
    }
}

#[test]
fn an_address_with_a_password_comes_from_a_private_file_only() {
    let folder = Folder::of("migrate-secret");
    let url = "postgres://me:hunter2@127.0.0.1:1/bot";
    let (status, out, told) = migrate(&folder, &["status", "--db", url]);
    assert!(status == 2 && told.contains("store.url_file") && !(out + &told).contains("hunter2"));
    folder.file("db.url", url);
    folder.file("momentum.toml", "[store]\nurl_file = \"db.url\"\n");
    let file = folder.0.path().join("db.url");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let (status, _, told) = migrate(&folder, &["status"]);
    assert!(status == 77 && told.contains("chmod 600 db.url"), "{told}");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let (status, _, told) = migrate(&folder, &["status", "--json"]);
    let error: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((status, &error["name"], &error["retryable"]), (69, &"database_away".into(), &true.into()));
    assert!(!told.contains("hunter2") && !told.contains("me:"), "{told}");
    folder.file("momentum.toml", &format!("[store]\nurl_file = \"{url}\"\n"));
    let (status, _, told) = migrate(&folder, &["status"]);
    assert!(status == 78 && !told.contains("hunter2"), "{told}");
}
