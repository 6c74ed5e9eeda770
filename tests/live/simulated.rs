//! A bot on paper whose buys are also run on the chain, with the real programs: what is kept of it.

use momentum_control::state::Health;
use momentum_core::event::Event;
use momentum_core::ids::Pubkey;
use momentum_localnet::chain::Options;
use momentum_store::book::Network;
use momentum_store::recording::Recording;
use serde_json::Value;

use super::trading::{SOL, Stage};
use crate::running::{Done, Place};

/// Settings under which the bot itself enters nothing.
const BY_HAND: [&str; 4] =
    ["signals.strong_buy_score=100", "signals.buy_score=100", "paper.lost=0%", "paper.failed=0%"];

/// Gives the place what a bot on paper needs on this chain.
fn equip(stage: &Stage, place: &Place) {
    place.secret("grpc.url", &format!("{}\n", stage.surfaces.grpc_url), 0o600);
    place.secret("rpc.url", &format!("{}\n", stage.surfaces.rpc_url), 0o600);
    place.secret("backup.url", &format!("{}\n", stage.surfaces.backup_url), 0o600);
}

/// Buys by hand, through all gates.
fn buy(place: &Place, mint: &Pubkey) -> Done {
    place.run(&["trade", "buy", &mint.to_string(), "0.1SOL", "--network", "localnet", "--json"])
}

/// What the chain said of buys of this token, oldest first.
fn simulations(place: &Place, mint: &Pubkey) -> Vec<Value> {
    let timeline = ["positions", "show", &mint.to_string(), "--timeline", "--network", "localnet", "--json"];
    let told = place.run(&timeline);
    let moments: Vec<Value> =
        if told.status == 0 { serde_json::from_str(&told.stdout).unwrap() } else { vec![] };
    moments.into_iter().filter(|moment| moment["what"] == "simulation").collect()
}

/// The simulation of the buy of this token, once it is kept.
fn simulated(stage: &Stage, place: &Place, mint: &Pubkey) -> Value {
    let bought = buy(place, mint);
    assert_eq!(bought.status, 0, "{bought:?}");
    stage.go_on("what the chain says of it is kept", || !simulations(place, mint).is_empty());
    let mut found = simulations(place, mint);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0]["row"].take()
}

fn figure(row: &Value, name: &str) -> i64 {
    row[name].as_str().unwrap_or_else(|| panic!("{name}: {row}")).parse().unwrap()
}

#[test]
fn buys_on_paper_are_run_on_the_chain_and_what_that_differs_by_from_their_quotes_is_kept() {
    // Streams tell of a slot when the next one is made.
    let stage = Stage::with(Options { confirmed_after: 1, ..Options::default() });
    let place = Place::on("simulated", Network::Localnet);
    equip(&stage, &place);
    let funded = format!("paper.simulate_as={}", stage.wallet());
    let recordings = place.folder().join("recordings");
    let more = ["--source", "grpc", "--network", "localnet", "--set", &funded];
    let record = ["--record", recordings.to_str().unwrap()];
    let bot = place.launch(&[&more[..], &record, &stage.sets(&BY_HAND)].concat());
    bot.until("the stream is well", |state| {
        state.services.iter().any(|service| service.name == "stream" && service.health == Health::Ok)
    });
    let mints = stage.launch_side_by_side(3);
    let last = stage.chain.slot();
    stage.until(&bot, "it has seen all", |state| state.slot.is_some_and(|slot| slot.0 > last));

    // Nobody trades in between: what the chain says is the quote, to the lamport.
    let same = simulated(&stage, &place, &mints[0]);
    for (quoted, got) in [("expected_paid", "paid"), ("expected_back", "back")] {
        assert_eq!(figure(&same, quoted), figure(&same, got), "{same}");
    }
    assert_eq!((figure(&same, "difference"), same["why"].is_null()), (0, true), "{same}");
    assert!(figure(&same, "paid") <= 100_000_000 && figure(&same, "paid") > 99_999_900, "{same}");
    assert!(figure(&same, "units") > 50_000 && figure(&same, "slot") > 0, "{same}");

    // Somebody buys what the stream has not told yet: the same tokens cost more, and bring more back.
    stage.lift(&mints[1], SOL / 2);
    stage.step();
    let later = simulated(&stage, &place, &mints[1]);
    assert!(figure(&later, "paid") > figure(&later, "expected_paid"), "{later}");
    assert!(figure(&later, "back") > figure(&later, "expected_back"), "{later}");
    let result = |paid: &str, back: &str| figure(&later, back) - figure(&later, paid);
    let difference = result("paid", "back") - result("expected_paid", "expected_back");
    assert_eq!(figure(&later, "difference"), difference, "{later}");

    // A wallet without a lamport buys nothing, and the bot goes on.
    stage.chain.empty(&stage.wallet());
    let failed = simulated(&stage, &place, &mints[2]);
    assert!(failed["why"].as_str().is_some_and(|why| !why.is_empty()), "{failed}");
    assert!(failed["paid"].is_null() && failed["difference"].is_null(), "{failed}");
    place.until_logged("errors", &["a buy on paper fails on the chain"]);
    stage.until(&bot, "all are bought on paper", |state| state.open_positions == 3);

    let summary = bot.stop();
    assert_eq!((&summary["simulated"], &summary["simulations_failed"]), (&2.into(), &1.into()), "{summary}");
    assert!(summary["simulated_difference_bps"].is_i64(), "{summary}");
    let replay = place.run(&["backtest", "replay", recordings.to_str().unwrap(), "--json"]);
    assert_eq!((replay.status, &replay.json()["same"]), (0, &true.into()), "{replay:?}");
    let seen = Recording::open(&recordings).unwrap();
    let events = seen.sessions()[0].as_ref().unwrap().envelopes().map(|envelope| envelope.unwrap().event);
    assert_eq!(events.filter(|event| matches!(event, Event::Simulated(_))).count(), 3);
}

#[test]
fn without_a_node_a_start_that_should_simulate_is_refused_and_on_no_chain_nothing_is_simulated() {
    let place = Place::on("simulates-nothing", Network::Localnet);
    place.secret("grpc.url", "http://127.0.0.1:1\n", 0o600);
    let set = |text| ["--set", text];
    let someone = set("paper.simulate_as=FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z");
    let live = ["run", "--source", "grpc", "--network", "localnet", "--json"];
    let stream = set("endpoints.grpc=[\"grpc.url\"]");
    let refused = place.run(&[&live[..], &stream, &someone].concat());
    assert_eq!((refused.status, refused.error().as_str()), (78, "bad_settings"), "{refused:?}");
    assert!(refused.stderr.contains("paper.simulate_as needs an RPC node"), "{refused:?}");
    let nobody = place.run(&[&live[..], &stream, &set("paper.simulate_as=somebody")].concat());
    assert_eq!(nobody.status, 78, "{nobody:?}");
    assert!(nobody.stderr.contains("a public key in base58"), "{nobody:?}");
    let made = ["run", "--memory", "--speed", "max", "--until", "1min", "--json"];
    let made = place.run(&[&made[..], &someone].concat());
    assert_eq!(made.status, 0, "{made:?}");
    assert!(made.stderr.contains("paper.simulate_as: nothing is simulated"), "{made:?}");
}
