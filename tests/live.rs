//! `momentum run --mode live`: what must be given before a real order may leave.

mod arming;
mod builds;
mod checker;
mod classes;
mod faults;
mod foreign;
mod forks;
mod kills;
mod lanes;
mod limits;
mod lives;
mod money;
mod mutants;
mod outside;
mod programs;
mod real_time;
mod refusals;
mod rehearsal;
mod routes;
mod secrets;
mod simulated;
mod tight;
mod times;
mod trading;
mod unanswered;
mod wallets;

use std::fs::File;
use std::path::Path;
use std::process::Command;

use momentum_core::ids::Pubkey;
use momentum_localnet::rpc::{Account, Ledger, RpcNode, Written};
use momentum_store::book::Network;
use serde_json::Value;

use crate::running::{Done, Place};

/// A key as solana-keygen writes it: the first one of RFC 8032, so that nobody ever trusts it with money.
const KEY: &str = "[157,97,177,157,239,253,90,96,186,132,74,244,146,236,44,196,68,73,197,105,123,50,105,25,112,59,\
    172,3,28,174,127,96,215,90,152,1,130,177,10,183,213,75,254,211,201,100,7,58,14,225,114,243,218,166,35,37,175,2,\
    26,104,247,7,81,26]";

/// Its address.
const ADDRESS: &str = "FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z";

/// A place with a key, and addresses where nobody answers.
fn place(test: &str, network: Network) -> Place {
    let place = Place::live(test, network);
    place.secret("key.json", KEY, 0o600);
    place.secret("grpc.url", "http://127.0.0.1:1\n", 0o600);
    place.secret("rpc.url", "http://127.0.0.1:1\n", 0o600);
    place
}

fn network(network: Network) -> &'static str {
    network.name()
}

/// Gives a command about the live book, with settings.
fn give(place: &Place, words: &[&str], on: Network, sets: &[&str]) -> Done {
    let common =
        ["wallets.files=[\"key.json\"]", "endpoints.grpc=[\"grpc.url\"]", "endpoints.rpc=[\"rpc.url\"]"];
    let sets: Vec<&str> = common.iter().chain(sets).flat_map(|set| ["--set", *set]).collect();
    place.run(&[words, &["--network", network(on), "--mode", "live", "--json"], &sets[..]].concat())
}

fn run(place: &Place, on: Network, sets: &[&str]) -> Done {
    give(place, &["run", "--source", "grpc"], on, sets)
}

fn arm(place: &Place, on: Network) {
    let name = format!("{}-live", network(on));
    let words = ["config", "arm", "--max-loss", "1SOL", "--for", "12h", "--confirm", &name];
    let done = give(place, &words, on, &[]);
    assert_eq!(done.status, 0, "{done:?}");
    assert_eq!(done.json()["wallets"][0], ADDRESS);
}

#[test]
fn a_start_that_nobody_armed_is_refused_before_anything_is_asked() {
    let place = place("unarmed", Network::Localnet);
    let refused = run(&place, Network::Localnet, &[]);
    assert_eq!((refused.status, refused.error().as_str()), (77, "not_armed"), "{refused:?}");
    assert!(refused.stderr.contains("config arm"), "{refused:?}");
}

#[test]
fn a_limit_that_is_looser_than_it_was_armed_with_ends_the_arming() {
    let place = place("loosened", Network::Localnet);
    arm(&place, Network::Localnet);
    let refused = run(&place, Network::Localnet, &["risk.max_position=0.6SOL"]);
    assert_eq!((refused.status, refused.error().as_str()), (77, "not_armed"), "{refused:?}");
    assert!(refused.stderr.contains("risk.max_position"), "{refused:?}");
    let disarmed = place.run(&["config", "disarm", "--network", "localnet", "--mode", "live", "--json"]);
    assert_eq!(disarmed.json()["was_armed"], true, "{disarmed:?}");
    let refused = run(&place, Network::Localnet, &[]);
    assert_eq!((refused.status, refused.error().as_str()), (77, "not_armed"), "{refused:?}");
}

#[test]
fn arming_takes_the_books_name_and_no_yes() {
    let place = place("arming", Network::Localnet);
    for answer in [&["--yes"][..], &["--confirm", "localnet-paper"]] {
        let words = [&["config", "arm", "--max-loss", "1SOL", "--until-revoked"], answer].concat();
        let refused = give(&place, &words, Network::Localnet, &[]);
        assert_eq!((refused.status, refused.error().as_str()), (2, "not_confirmed"), "{refused:?}");
    }
    assert!(!place.book().armed().exists());
}

#[test]
fn a_key_that_others_may_read_is_refused_and_its_file_and_the_mend_are_named() {
    let place = place("open-key", Network::Localnet);
    arm(&place, Network::Localnet);
    place.secret("key.json", KEY, 0o644);
    let refused = run(&place, Network::Localnet, &[]);
    assert_eq!((refused.status, refused.error().as_str()), (77, "not_private"), "{refused:?}");
    assert!(refused.stderr.contains("chmod 600 key.json"), "{refused:?}");
    assert!(!refused.stderr.contains("157,97"), "{refused:?}");
}

#[test]
fn a_key_that_another_bot_trades_with_is_left_to_it() {
    let place = place("held", Network::Localnet);
    arm(&place, Network::Localnet);
    let key = File::open(place.folder().join("key.json")).unwrap();
    key.try_lock().unwrap();
    let refused = run(&place, Network::Localnet, &[]);
    assert_eq!((refused.status, refused.error().as_str()), (75, "wallet_held"), "{refused:?}");
    drop(key);
    // The other one has the same key from another file.
    let wallet = File::create(place.folder().join(format!("{ADDRESS}.lock"))).unwrap();
    wallet.try_lock().unwrap();
    let refused = run(&place, Network::Localnet, &[]);
    assert_eq!((refused.status, refused.error().as_str()), (75, "wallet_held"), "{refused:?}");
}

#[test]
fn without_a_key_without_a_stream_or_without_a_book_nothing_is_live() {
    let place = place("needs", Network::Localnet);
    let refused = run(&place, Network::Localnet, &["wallets.files=[]"]);
    assert_eq!((refused.status, refused.error().as_str()), (78, "no_wallet"), "{refused:?}");
    for words in [&["run", "--mode", "live"][..], &["run", "--mode", "live", "--source", "grpc", "--memory"]]
    {
        let refused = place.run(&[words, &["--json"]].concat());
        assert_eq!((refused.status, refused.error().as_str()), (2, "usage"), "{refused:?}");
    }
}

#[test]
fn a_node_of_another_network_ends_the_start() {
    let place = place("genesis", Network::Devnet);
    arm(&place, Network::Devnet);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let node = runtime.block_on(RpcNode::start(Written { slot: 1_000, ..Written::default() }));
    place.secret("rpc.url", &format!("{}\n", node.url()), 0o600);
    let refused = run(&place, Network::Devnet, &[]);
    assert_eq!((refused.status, refused.error().as_str()), (78, "other_network"), "{refused:?}");
    assert!(node.asked().iter().all(|method| method == "getGenesisHash"), "{:?}", node.asked());
}

/// A chain that is empty, but for its first block, whose hash this is.
struct Begun(&'static str);

impl Ledger for Begun {
    fn slot(&self) -> u64 {
        1_000
    }

    fn block_height(&self) -> u64 {
        1_000
    }

    fn genesis(&self) -> String {
        self.0.to_owned()
    }

    fn account(&self, _: &Pubkey) -> Option<Account> {
        None
    }

    fn largest(&self, _: &Pubkey) -> Vec<(Pubkey, u64)> {
        Vec::new()
    }

    fn blocks(&self, _: u64, _: u64) -> Vec<u64> {
        Vec::new()
    }

    fn block(&self, _: u64) -> Option<Value> {
        None
    }

    fn status(&self, _: &str) -> Value {
        Value::Null
    }

    fn blockhash(&self) -> String {
        self.0.to_owned()
    }
}

#[test]
fn a_node_of_a_public_network_is_none_of_a_local_chain() {
    let place = place("local-genesis", Network::Localnet);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    arm(&place, Network::Localnet);
    // As each of them tells it: mainnet, devnet, testnet.
    for hash in [
        "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",
        "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG",
        "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY",
    ] {
        let node = runtime.block_on(RpcNode::start(Begun(hash)));
        place.secret("rpc.url", &format!("{}\n", node.url()), 0o600);
        let refused = run(&place, Network::Localnet, &[]);
        assert_eq!((refused.status, refused.error().as_str()), (78, "other_network"), "{hash}: {refused:?}");
        let asked = node.asked();
        assert!(!asked.is_empty() && asked.iter().all(|method| method == "getGenesisHash"), "{asked:?}");
    }
}

#[test]
fn root_does_not_trade_on_mainnet() {
    if !rustix::process::geteuid().is_root() {
        return eprintln!("skipped: this user is not root");
    }
    let place = place("root", Network::Mainnet);
    let refused = run(&place, Network::Mainnet, &[]);
    assert_eq!((refused.status, refused.error().as_str()), (77, "not_for_root"), "{refused:?}");
}

#[test]
fn an_encrypted_key_needs_its_passphrase_and_a_wrong_one_is_said() {
    let place = place("sealed", Network::Localnet);
    place.secret("right", "a passphrase\n", 0o600);
    place.secret("wrong", "another passphrase\n", 0o600);
    let words = ["config", "keystore", "key.json", "key.sealed", "--passphrase-file", "right", "--json"];
    let made = place.run(&words);
    assert_eq!((made.status, made.json()["wallet"].as_str()), (0, Some(ADDRESS)), "{made:?}");
    let again = place.run(&words);
    assert_eq!((again.status, again.error().as_str()), (73, "file_exists"), "{again:?}");
    let sealed = |passphrase: &'static str| {
        let sets = ["wallets.files=[\"key.sealed\"]", passphrase];
        let name = "localnet-live";
        let words = ["config", "arm", "--max-loss", "1SOL", "--for", "12h", "--confirm", name];
        let armed = give(&place, &words, Network::Localnet, &sets);
        assert_eq!((armed.status, armed.json()["wallets"][0].as_str()), (0, Some(ADDRESS)), "{armed:?}");
        run(&place, Network::Localnet, &sets)
    };
    let wrong = sealed("wallets.passphrase=wrong");
    assert_eq!((wrong.status, wrong.error().as_str()), (77, "wrong_passphrase"), "{wrong:?}");
    assert!(wrong.stderr.contains("key.sealed") && !wrong.stderr.contains("another"), "{wrong:?}");
    let unsaid = sealed("wallets.passphrase=");
    assert_eq!((unsaid.status, unsaid.error().as_str()), (78, "no_wallet"), "{unsaid:?}");
    place.secret("open", "a passphrase\n", 0o644);
    let open = sealed("wallets.passphrase=open");
    assert!(open.status == 77 && open.stderr.contains("chmod 600"), "{open:?}");
}

#[test]
fn a_passphrase_is_asked_for_where_somebody_can_answer_and_is_not_shown() {
    let place = place("typed", Network::Localnet);
    let script = Path::new("tests/typed.py").canonicalize().unwrap();
    let typed = |lines: &str, words: &[&str]| {
        let mut command = Command::new("python3");
        command.arg(&script).arg(lines).arg(env!("CARGO_BIN_EXE_momentum")).args(words);
        command.arg("--data-dir").arg(place.folder()).current_dir(place.folder());
        let done = command.output().ok()?;
        Some((done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned()))
    };
    let words = ["config", "keystore", "key.json", "key.sealed"];
    let Some((status, shown)) = typed("one of many\none of many", &words) else {
        return eprintln!("skipped: no python3 here");
    };
    assert!(status == Some(0) && shown.contains(ADDRESS) && !shown.contains("one of many"), "{shown}");
    let sets = ["wallets.files=[\"key.sealed\"]"];
    let armed = ["config", "arm", "--max-loss", "1SOL", "--for", "12h", "--confirm", "localnet-live"];
    assert_eq!(give(&place, &armed, Network::Localnet, &sets).status, 0, "an address takes no passphrase");
    let flags = ["--mode", "live", "--network", "localnet", "--set", sets[0]];
    let files = ["--set", "endpoints.grpc=[\"grpc.url\"]", "--set", "endpoints.rpc=[\"rpc.url\"]"];
    let run = [&["run", "--source", "grpc"][..], &flags, &files].concat();
    let (status, shown) = typed("another", &run).unwrap();
    assert!(status == Some(77) && shown.contains("does not open"), "{status:?}: {shown}");
    // The right one opens it; then it shows that another bot has the key.
    let key = File::open(place.folder().join("key.sealed")).unwrap();
    key.try_lock().unwrap();
    let (status, shown) = typed("one of many", &run).unwrap();
    assert!(status == Some(75) && !shown.contains("one of many"), "{status:?}: {shown}");
}
