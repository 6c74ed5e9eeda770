//! Addresses and what stands in them: every setting that names a file with a secret, addresses that are none, and
//! that of a database with a password.

use std::collections::BTreeSet;

use momentum_control::state::Health;
use momentum_store::book::Network;
use serde_json::Value;

use super::canaries::{Canaries, TOKEN};
use super::cores::keeps_its_memory;
use super::socket::{self, NOBODYS};
use super::stream;
use crate::postgres::Cluster;
use crate::running::Place;

/// Settings that name a file with a secret. Each is among those of a bot in these tests, with a secret in its file.
const NAMED: [&str; 8] = [
    "endpoints.block_engine",
    "endpoints.grpc",
    "endpoints.rpc",
    "endpoints.telegram",
    "endpoints.websocket",
    "store.url_file",
    "wallets.files",
    "wallets.passphrase",
];

#[test]
fn every_setting_that_names_a_file_with_a_secret_is_tested_for_it() {
    let schema: Value = serde_json::from_str(include_str!("../../../config/schema.json")).unwrap();
    let mut found = BTreeSet::new();
    for (section, keys) in schema["properties"].as_object().unwrap() {
        for (key, about) in keys["properties"].as_object().into_iter().flatten() {
            // They are described by that: "File of …", "Files of …".
            if about["description"].as_str().is_some_and(|told| told.starts_with("File")) {
                found.insert(format!("{section}.{key}"));
            }
        }
    }
    assert_eq!(found, BTreeSet::from(NAMED.map(str::to_owned)));
}

#[test]
fn an_address_that_is_none_is_named_by_its_file_alone() {
    let place = Place::on("no-addresses", Network::Localnet);
    let canaries = Canaries::texts();
    for file in ["grpc.url", "ws.url", "rpc.url"] {
        place.secret(file, &format!("no address {TOKEN}\n{TOKEN}\n"), 0o600);
    }
    let streams = [
        &["--source", "grpc", "--network", "localnet", "--set", "logs.level=trace,h2=debug"][..],
        &["--set", "endpoints.grpc=[\"grpc.url\"]", "--set", "endpoints.websocket=ws.url"],
    ]
    .concat();
    let nodes = ["--set", "endpoints.rpc=[\"rpc.url\"]"];
    let refused = place.run(&[&["run", "--json"][..], &streams, &nodes].concat());
    assert!(refused.status == 78 && refused.stderr.contains("rpc.url"), "{refused:?}");
    canaries.search("what a start says that is refused", refused.stderr.as_bytes());

    let bot = place.launch(&streams);
    bot.until("none of both streams can be dialled", |state| {
        let errors = place.log("errors");
        let named = errors.contains("grpc.url") && errors.contains("ws.url");
        named && stream(state).1.contains("not one that can be dialled")
    });
    socket::tells_nothing(&socket::questions(&place, NOBODYS), &canaries);
    bot.kill();
    assert!(canaries.search_files(place.folder()) > 5);
}

#[test]
fn the_password_of_a_database_is_in_nothing_that_a_bot_writes_says_or_answers() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::of("secret-database");
    let canaries = Canaries::texts();
    place.secret("db.url", &format!("{}&password={TOKEN}\n", cluster.url()), 0o600);
    let database = ["--set", "store.url_file=db.url", "--set", "logs.level=trace"];
    let bot = place.start(&[&["--speed", "300"][..], &database].concat());
    keeps_its_memory(&bot);
    bot.until("something is held", |state| state.open_positions > 0);
    socket::tells_nothing(&socket::questions(&place, NOBODYS), &canaries);
    let part = |wished: fn(Health) -> bool| {
        let said = format!("the database is {}", if wished(Health::Down) { "away" } else { "back" });
        bot.until(&said, |state| {
            state.services.iter().any(|service| service.name == "store" && wished(service.health))
        })
    };
    // What fails is told with its reason.
    cluster.kill();
    part(|health| health == Health::Down);
    socket::tells_nothing(&socket::questions(&place, NOBODYS), &canaries);
    for words in [&["health"][..], &["positions", "list"], &["migrate", "status"], &["config", "show"]] {
        let done = place.run(&[words, &database, &["--json"]].concat());
        canaries.search(&words.join(" "), format!("{}{}", done.stdout, done.stderr).as_bytes());
    }
    cluster.run();
    part(|health| health != Health::Down);
    bot.stop();
    assert!(canaries.search_files(place.folder()) > 5);
}
