//! Secrets of a bot: whatever it writes, says, answers or leaves behind, they are not in it, in no encoding.

mod addresses;
mod canaries;
mod cores;
mod kept;
mod socket;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::Duration;

use momentum_control::state::{BotState, Health};
use momentum_core::ids::{Mint, Wallet};
use momentum_localnet::block_engine::Conduct;
use momentum_localnet::chain::Surfaces;
use momentum_localnet::rpc::Fault;
use momentum_store::book::Network;

use self::canaries::{Canaries, PASSPHRASE, TOKEN};
use super::trading::Stage;
use crate::running::Place;

/// The settings of a bot whose key is encrypted, by the names of systemd's credentials.
const SEALED: [&str; 2] = ["wallets.files=[\"key\"]", "wallets.passphrase=passphrase"];

/// All other files with secrets that a bot on a chain can have, and a log of all that it and its libraries tell: of
/// the frames of HTTP/2 alone no more than that they are, for there are too many.
const MORE: [&str; 5] = [
    "endpoints.block_engine=\"engine.url\"",
    "endpoints.websocket=\"ws.url\"",
    "endpoints.telegram=\"telegram.token\"",
    "source.return_every=1s",
    "logs.level=trace,h2=debug",
];

/// Writes these files, with the token wherever one may stand: beside an address, in its path, its query, and before
/// its host.
fn hide(place: &Place, surfaces: &Surfaces) {
    let backup = surfaces.backup_url.replacen("://", &format!("://{TOKEN}:{TOKEN}@"), 1);
    let files = [
        ("grpc.url", format!("{}\n{TOKEN}\n", surfaces.grpc_url)),
        ("ws.url", format!("{}/{TOKEN}?api-key={TOKEN}\n{TOKEN}\n", surfaces.ws_url)),
        ("rpc.url", format!("{}{TOKEN}?api-key={TOKEN}\n", surfaces.rpc_url)),
        ("backup.url", format!("{backup}{TOKEN}\n")),
        ("engine.url", format!("{}?uuid={TOKEN}\n", surfaces.engine.url())),
        ("telegram.token", format!("{TOKEN}\n")),
    ];
    for (file, text) in files {
        place.secret(file, &text, 0o600);
    }
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

/// How the stream is, and why.
fn stream(state: &BotState) -> (Health, &str) {
    let stream = state.services.iter().find(|service| service.name == "stream").unwrap();
    (stream.health, &stream.why)
}

/// No secret is in what a bot leaves behind: files of every kind, and what spans pages of a database or is compressed in
/// a recording, read out.
fn leaves_nothing(stage: &Stage, place: &Place, canaries: &Canaries) {
    let files = canaries.search_files(place.folder());
    assert!(files > 8, "{files} files: database, logs, recording, snapshot, arming or exit journal");
    for file in [place.book().database(), place.book().metrics()] {
        let values = stage.runtime.block_on(kept::values(&file));
        canaries.search(&file.display().to_string(), &values);
    }
    let rows = kept::rows(&place.book().recordings());
    assert!(rows.lines().count() > 100, "{}", rows.len());
    canaries.search("the recording", rows.as_bytes());
}

#[test]
fn no_secret_is_in_anything_that_a_bot_writes_says_or_answers() {
    let (stage, mut place) = (Stage::new(), Place::live("secrets", Network::Localnet));
    stage.equip(&place, &[]);
    let surfaces = stage.surfaces();
    hide(&place, surfaces);
    let canaries = Canaries::of(&stage.ours.key());
    // The search finds what is there.
    let kept = fs::read(place.folder().join("key.json")).unwrap();
    assert_eq!(canaries.find(&kept), Some("whole key as JSON"));

    sealed(&mut place);
    let settings = [&SEALED[..], &MORE].concat();
    stage.arm(&place, &settings);
    let bot = stage.start(&place, &settings);
    cores::keeps_its_memory(&bot);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions > 0);
    let mut asked = socket::questions(&place, Mint(mint));
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
        asked.extend(socket::questions(&place, Mint(mint)));
    }
    surfaces.rpc.faults().clear();
    surfaces.backup.faults().clear();
    surfaces.line.refuse(true);
    surfaces.line.cut();
    stage.until(&bot, "it listens to the WebSocket", |state| stream(state).1.contains("on ws.url"));
    asked.extend(socket::questions(&place, Mint(mint)));
    surfaces.line.refuse(false);
    stage.until(&bot, "it listens to the first stream again", |state| stream(state).0 == Health::Ok);
    asked.extend(socket::wishes(&place, Mint(mint), Wallet(stage.wallet())));
    socket::told_of_every_route(&asked);
    socket::tells_nothing(&asked, &canaries);

    let of_book = ["--network", "localnet", "--mode", "live"];
    let words: [&[&str]; 7] = [
        &["killswitch", "status"],
        &["positions", "list"],
        &["positions", "export"],
        &["trade", "status"],
        &["health"],
        &["killswitch", "flatten"],
        &["migrate", "status"],
    ];
    let words = words.map(|words| [words, &of_book].concat());
    let shown = [&["config", "show", "--origin"][..], &stage.sets(&settings)].concat();
    for words in words.into_iter().chain([shown]) {
        let done = place.run(&[&words[..], &["--json"]].concat());
        assert!(!done.stdout.is_empty(), "{words:?}: {done:?}");
        canaries.search(&words.join(" "), format!("{}{}", done.stdout, done.stderr).as_bytes());
    }
    stage.until(&bot, "it is flat", |state| state.open_positions == 0 && state.in_flight == 0);
    bot.stop();

    // What libraries tell is there too.
    let told = place.log("system");
    assert!(told.contains("h2::"), "{} bytes", told.len());
    leaves_nothing(&stage, &place, &canaries);
    let sessions: Vec<_> = fs::read_dir(place.book().recordings()).unwrap().collect();
    assert!(!sessions.is_empty());
    for session in sessions {
        let path = session.unwrap().path().display().to_string();
        let read = place.run(&["monitor", "--replay", &path, "--json"]);
        assert_eq!(read.status, 0, "{}", read.stderr);
        assert!(read.stdout.lines().count() > 100, "{}", read.stdout.len());
        canaries.search("the recording, as it is shown", read.stdout.as_bytes());
    }
}
