//! The units of systemd: good units, whose commands are taken, and an emergency that is as shut in as the bot.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use momentum_store::book::Network;

use crate::running::Place;

const BOT: &str = "momentum@.service";
const EMERGENCY: &str = "momentum-emergency@.service";
/// What makes one a bot and the other an errand; all else is the same in both.
const OWN: [&str; 10] = [
    "ExecReload",
    "ExecStart",
    "NotifyAccess",
    "Restart",
    "RestartPreventExitStatus",
    "RestartSec",
    "TimeoutStartSec",
    "TimeoutStopSec",
    "Type",
    "WatchdogSec",
];

fn unit(name: &str) -> String {
    fs::read_to_string(Path::new("config/systemd").join(name)).unwrap()
}

/// Lines of the section that says how it runs.
fn service(text: &str) -> Vec<(String, String)> {
    let (_, service) = text.split_once("[Service]\n").unwrap();
    let service = service.split_once("\n[").map_or(service, |(service, _)| service);
    let lines = service.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair =
        |line: &str| line.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())).unwrap();
    lines.map(pair).collect()
}

fn value<'a>(service: &'a [(String, String)], key: &str) -> &'a str {
    &service.iter().find(|(name, _)| name == key).unwrap_or_else(|| panic!("no {key}")).1
}

#[test]
fn an_emergency_has_the_bots_user_credentials_and_hardening() {
    let common = |name: &str| {
        let lines = service(&unit(name)).into_iter();
        lines.filter(|(key, _)| !OWN.contains(&key.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(common(BOT), common(EMERGENCY));
    let [bot, emergency] = [BOT, EMERGENCY].map(|name| service(&unit(name)));
    for key in ["User", "LoadCredential", "StateDirectory", "NoNewPrivileges", "SystemCallFilter"] {
        assert!(!value(&bot, key).is_empty(), "{key}");
    }
    assert_eq!(value(&bot, "RestartPreventExitStatus"), value(&emergency, "RestartPreventExitStatus"));
}

#[test]
fn what_the_units_start_is_a_command_line_that_is_taken() {
    for name in [BOT, EMERGENCY] {
        let text = unit(name);
        let service = service(&text);
        let place = Place::live(&format!("unit-{}", service.len()), Network::Mainnet);
        place.secret("mainnet.toml", "", 0o600);
        place.book().create().unwrap();
        // Where the book is the test says itself.
        let words = value(&service, "ExecStart").replace("%i", "mainnet");
        let words = words.replace("/etc/momentum/", "").replace(" --data-dir /var/lib/momentum", "");
        let words: Vec<&str> = words.split(' ').skip(1).chain(["--json"]).collect();
        let done = place.run(&words);
        let flattened = name == EMERGENCY;
        // A bot without keys may not trade; an emergency where nothing was ever bought has nothing to sell.
        assert_eq!(done.status == 0, flattened, "{words:?}: {done:?}");
        assert!(flattened || ["no_wallet", "not_for_root"].contains(&done.error().as_str()), "{done:?}");
    }
}

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = [BOT, EMERGENCY]
        .iter()
        .map(|name| {
            let path = folder.path().join(name);
            let text = unit(name).replace("/usr/local/bin/momentum", env!("CARGO_BIN_EXE_momentum"));
            fs::write(&path, text).unwrap();
            path
        })
        .collect();
    let verified = Command::new("systemd-analyze").arg("verify").arg("--man=no").args(&paths).output();
    let Ok(verified) = verified else { return eprintln!("skipped: there is no systemd-analyze here") };
    let told = String::from_utf8_lossy(&verified.stderr);
    let of_ours: Vec<_> = told.lines().filter(|line| line.contains("momentum")).collect();
    assert!(verified.status.success() && of_ours.is_empty(), "{told}");
}
