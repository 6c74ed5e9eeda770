//! Secrets of a bot with real orders: whatever it writes, says or answers, they are not in it, in no encoding.

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_localnet::block_engine::Conduct;
use momentum_localnet::rpc::Fault;
use momentum_store::book::Network;

use super::trading::Stage;
use crate::running::Place;

/// A token as it stands in addresses and beside them.
const TOKEN: &str = "canary-7d41c09be2f35a68";
/// What opens the encrypted key.
const PASSPHRASE: &str = "canary passphrase 58e1f0";
/// The settings of a bot whose key is encrypted, by the names of systemd's credentials.
const SEALED: [&str; 3] = ["wallets.files=[\"key\"]", "wallets.passphrase=passphrase", ENGINE];
/// Files that the secrets are in.
const FILES: [&str; 7] = ["key.json", "grpc.url", "rpc.url", "backup.url", "engine.url", "key", "passphrase"];
/// A block engine beside the nodes.
const ENGINE: &str = "endpoints.block_engine=\"engine.url\"";

/// What nobody may find, with what it is.
fn canaries(key: &[u8; 64]) -> Vec<(String, Vec<u8>)> {
    let mut canaries = vec![
        ("token".to_owned(), TOKEN.as_bytes().to_vec()),
        ("passphrase".to_owned(), PASSPHRASE.as_bytes().to_vec()),
    ];
    for (part, bytes) in [("whole key", &key[..]), ("private half", &key[..32])] {
        let numbers = |between: &str| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(between);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let encoded = [
            ("in base58", bs58::encode(bytes).into_string()),
            // Without its end, which depends on what follows.
            ("in base64", BASE64_STANDARD.encode(&bytes[..bytes.len() / 3 * 3])),
            ("in upper hex", hex.to_uppercase()),
            ("in hex", hex),
            ("as JSON", numbers(",")),
            ("as a list", numbers(", ")),
        ];
        canaries.push((part.to_owned(), bytes.to_vec()));
        canaries.extend(encoded.map(|(how, text)| (format!("{part} {how}"), text.into_bytes())));
    }
    canaries
}

/// Looks for all of them in one place.
fn search(canaries: &[(String, Vec<u8>)], place: &str, content: &[u8]) {
    for (what, canary) in canaries {
        let found = content.windows(canary.len()).any(|window| window == canary);
        assert!(!found, "the {what} is in {place}");
    }
}

/// Looks into every file of a folder but those that secrets are kept in; how many.
fn search_files(canaries: &[(String, Vec<u8>)], folder: &Path) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            files += search_files(canaries, &path);
        } else if !kind.is_socket() && !FILES.iter().any(|kept| entry.file_name() == *kept) {
            search(canaries, &path.display().to_string(), &fs::read(&path).unwrap());
            files += 1;
        }
    }
    files
}

/// Encrypts the key of a place, and gives it to the bot as systemd does, with its passphrase: plain it is no more.
fn sealed(place: &mut Place) {
    let credentials = place.folder().join("credentials");
    fs::create_dir(&credentials).unwrap();
    fs::set_permissions(&credentials, fs::Permissions::from_mode(0o700)).unwrap();
    place.secret("credentials/passphrase", PASSPHRASE, 0o600);
    let made = place.run(
        &[
            &["config", "keystore", "key.json", "credentials/key"][..],
            &["--passphrase-file", "credentials/passphrase", "--json"],
        ]
        .concat(),
    );
    assert_eq!(made.status, 0, "{made:?}");
    assert!(!format!("{made:?}").contains(PASSPHRASE), "{made:?}");
    fs::remove_file(place.folder().join("key.json")).unwrap();
    place.planted("CREDENTIALS_DIRECTORY", credentials.to_str().unwrap());
}

#[test]
fn no_secret_is_in_anything_that_a_bot_writes_says_or_answers() {
    let (stage, mut place) = (Stage::new(), Place::live("secrets", Network::Localnet));
    place.secret("engine.url", "", 0o600);
    stage.equip(&place, &[ENGINE]);
    let surfaces = stage.surfaces();
    for (file, url) in [("rpc.url", &surfaces.rpc_url), ("backup.url", &surfaces.backup_url)] {
        place.secret(file, &format!("{url}/{TOKEN}?api-key={TOKEN}\n"), 0o600);
    }
    place.secret("engine.url", &format!("{}?uuid={TOKEN}\n", surfaces.engine.url()), 0o600);
    place.secret("grpc.url", &format!("{}\n{TOKEN}\n", surfaces.grpc_url), 0o600);
    let canaries = canaries(&stage.ours.key());
    // The search finds what is there.
    let (_, file) = canaries.iter().find(|(what, _)| what == "whole key as JSON").unwrap();
    let kept = fs::read(place.folder().join("key.json")).unwrap();
    assert!(kept.windows(file.len()).any(|window| window == file));

    sealed(&mut place);
    stage.arm(&place, &SEALED);
    let bot = stage.start(&place, &SEALED);
    let limits = fs::read_to_string(format!("/proc/{}/limits", bot.pid())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "what dies leaves no image of its memory: {core}");

    stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions > 0);
    // Errors of every kind are where an address would be told.
    surfaces.engine.behaves(Conduct::Refuses);
    for fault in [Fault::Status(401), Fault::Status(503), Fault::Garbage, Fault::Reset, Fault::Truncated] {
        surfaces.rpc.faults().always(fault);
        surfaces.backup.faults().always(fault);
        surfaces.line.cut();
        for _ in 0..20 {
            stage.step();
            thread::sleep(Duration::from_millis(40));
        }
    }
    surfaces.rpc.faults().clear();
    surfaces.backup.faults().clear();
    let of_book = ["--network", "localnet", "--mode", "live"];
    let asked: [&[&str]; 7] = [
        &["killswitch", "status"],
        &["positions", "list"],
        &["positions", "export"],
        &["trade", "status"],
        &["health"],
        &["killswitch", "flatten"],
        &["migrate", "status"],
    ];
    let asked = asked.map(|words| [words, &of_book].concat());
    for words in asked.into_iter().chain([vec!["config", "show", "--origin"]]) {
        let done = place.run(&[&words[..], &["--json"]].concat());
        assert!(!done.stdout.is_empty(), "{words:?}: {done:?}");
        search(&canaries, &words.join(" "), format!("{}{}", done.stdout, done.stderr).as_bytes());
    }
    stage.until(&bot, "it is flat", |state| state.open_positions == 0 && state.in_flight == 0);
    bot.stop();

    let files = search_files(&canaries, place.folder());
    assert!(files > 8, "{files} files: database, logs, recording, snapshot, arming");
    // A recording is compressed: what is in it is read out.
    let sessions: Vec<_> = fs::read_dir(place.book().recordings()).unwrap().collect();
    assert!(!sessions.is_empty());
    for session in sessions {
        let path = session.unwrap().path().display().to_string();
        let read = place.run(&["monitor", "--replay", &path, "--json"]);
        assert_eq!(read.status, 0, "{}", read.stderr);
        assert!(read.stdout.lines().count() > 100, "{}", read.stdout.len());
        search(&canaries, "the recording", read.stdout.as_bytes());
    }
}
