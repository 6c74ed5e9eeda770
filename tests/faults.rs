//! Parts that fail for real under a running bot: what it says, what it goes on doing, and that it comes back by
//! itself with nothing lost.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use momentum_control::state::{BotState, Health};
use momentum_core::codes::Exit;
use momentum_core::trader::state::{Hold, TradingState};
use momentum_localnet::rpc::Fault;
use momentum_store::book::Network;
use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::live_stream;
use crate::postgres::Cluster;
use crate::running::{Bot, Place};

/// How a part is, by its name.
fn part(state: &BotState, name: &str) -> Health {
    state.services.iter().find(|service| service.name == name).map_or(Health::Off, |service| service.health)
}

/// Whether entries wait for this part.
fn waits_for(state: &BotState, name: &str) -> bool {
    state.trading.state != TradingState::Open
        && state.trading.holds.iter().any(|held| held.hold == Hold::Pause && held.who == name)
}

/// Waits until the part is down and entries wait for it, and says how long that took.
fn goes_down(bot: &Bot, name: &str) {
    let began = Instant::now();
    bot.until(&format!("{name} is down"), |state| {
        part(state, name) == Health::Down && waits_for(state, name)
    });
    println!("{name} down: entries wait after {:.1} s", began.elapsed().as_secs_f64());
}

/// Waits until the part is back and nothing is held up any more.
fn comes_back(bot: &Bot, name: &str) {
    let began = Instant::now();
    bot.until(&format!("{name} is back"), |state| {
        part(state, name) != Health::Down && state.trading.state == TradingState::Open
    });
    println!("{name} back: entries go on after {:.1} s", began.elapsed().as_secs_f64());
}

/// All that the store must not lose: a bot that is started again has every position, or has closed it since.
fn is_what_it_was(place: &Place, before: &BotState, arguments: &[&str]) {
    let bot = place.start(&[&["--speed", "1"], arguments].concat());
    let after = bot.state();
    let closed_since = after.trades - before.trades;
    assert_eq!(after.open_positions + closed_since, before.open_positions);
    bot.kill();
}

/// Positions are held, the store fails; entries wait, everything is sold by the exit journal since the store stays
/// down, and once it is back the book has all of it.
fn the_store_fails(place: &mut Place, arguments: &[&str], fail: impl FnOnce(&Bot), mend: impl FnOnce(&Bot)) {
    place.planted("MOMENTUM_CRITICAL_MS", "3000");
    let slow = ["--speed", "300", "--set", "exits.time_stop=10h"];
    let bot = place.start(&[&slow[..], arguments].concat());
    bot.until("something is held", |state| state.open_positions > 0);
    fail(&bot);
    goes_down(&bot, "store");
    let quick = place.run(&["health", "--quick"]);
    assert!(quick.status == 11 && quick.stdout.contains("store"), "{quick:?}");
    bot.until("it is critical", |state| state.trading.holds.iter().any(|held| held.hold == Hold::Outage));
    let sold = bot.until("everything is sold without the store", |state| state.open_positions == 0);
    assert!(sold.trades > 0 && part(&sold, "store") == Health::Down);
    place.until_logged("errors", &["critical: it stays down"]);
    place.until_logged("system", &["a sale leaves by the exit journal"]);
    mend(&bot);
    comes_back(&bot, "store");
    assert_eq!(place.run(&["health", "--wait", "60s"]).status, 0);
    assert_eq!(place.run(&["killswitch", "pause"]).status, 0);
    let before = bot.until("nothing is under way", |state| state.in_flight == 0);
    bot.stop();
    is_what_it_was(place, &before, arguments);
}

#[test]
fn a_database_server_that_is_killed_holds_entries_back_and_not_exits_and_loses_nothing() {
    let Some(cluster) = Cluster::start() else { return };
    let mut place = Place::of("postgres-killed");
    let url = cluster.url();
    the_store_fails(&mut place, &["--db", &url], |_| cluster.kill(), |_| cluster.run());
}

#[test]
fn a_full_disk_holds_entries_back_and_not_exits_and_loses_nothing() {
    let mut place = Place::of("disk-full");
    // Every write past this size fails. The exit journal has its whole length already, and no more.
    let exits =
        u64::from(momentum_store::exit_journal::SLOTS) * momentum_store::exit_journal::SLOT_BYTES as u64;
    let limit = |bot: &Bot, most: Option<u64>| {
        let pid = Pid::from_raw(i32::try_from(bot.pid()).unwrap());
        let maximum = prlimit(pid, Resource::Fsize, Rlimit { current: most, maximum: None }).unwrap().maximum;
        assert_eq!(maximum, None, "the limit can be lifted again");
    };
    let log = place.book().folder().join("momentum.db-wal");
    let fail = |bot: &Bot| {
        // What is written next to the database's log must be past the limit.
        bot.until("the log is long", |_| fs::metadata(&log).is_ok_and(|log| log.len() > exits));
        limit(bot, Some(exits));
    };
    the_store_fails(&mut place, &[], fail, |bot| limit(bot, None));
}

#[test]
fn rpc_nodes_that_fail_in_any_way_hold_entries_back_and_not_exits_and_come_back_by_themselves() {
    let place = Place::on("rpc-faults", Network::Localnet);
    let (chain, bot) = live_stream::trading(&place);
    let growing = || {
        chain.grow(1);
        thread::sleep(Duration::from_millis(15));
    };
    let down = |what: &str| {
        let began = Instant::now();
        bot.until(&format!("{what}: the nodes are down"), |state| {
            growing();
            part(state, "rpc") == Health::Down && waits_for(state, "rpc")
        });
        println!("{what}: entries wait after {:.1} s", began.elapsed().as_secs_f64());
    };
    let back = |what: &str| {
        chain.node.faults().clear();
        let began = Instant::now();
        bot.until(&format!("{what}: the nodes are back"), |state| {
            growing();
            part(state, "rpc") == Health::Ok && state.trading.state == TradingState::Open
        });
        println!("{what}: entries go on after {:.1} s", began.elapsed().as_secs_f64());
    };
    let faults = [
        ("too many requests", Fault::TooMany { retry_after: Some(1) }),
        ("status 503", Fault::Status(503)),
        ("garbage", Fault::Garbage),
        ("no answer", Fault::Hanging),
        ("a million slots behind", Fault::Lagging(1_000_000)),
    ];
    for (what, fault) in faults {
        chain.node.faults().always(fault);
        down(what);
        if let Some(row) = bot.ask(|client| client.positions()).first() {
            let mint = row.mint.to_string();
            let closed = place.run(&["positions", "close", &mint, "--urgent", "--network", "localnet"]);
            // A sale of its own may be under way already, or done.
            let status = u8::try_from(closed.status).unwrap();
            assert!(
                [Exit::OK, Exit::OUTCOME_UNKNOWN, Exit::NOT_FOUND].iter().any(|exit| exit.0 == status),
                "{closed:?}"
            );
            bot.until("it is sold all the same", |_| {
                growing();
                !bot.ask(|client| client.positions()).iter().any(|held| held.mint == row.mint)
            });
        }
        back(what);
    }
    // Behind an address that failed another network may stand: it is not believed.
    chain.node.faults().always(Fault::Status(503));
    down("another network");
    chain.node.faults().always(Fault::Contradicting);
    let genesis = || chain.node.asked().iter().filter(|method| *method == "getGenesisHash").count();
    let before = genesis();
    let still = bot.until("it is asked which network it is, again and again", |_| {
        growing();
        genesis() >= before + 2
    });
    assert!(waits_for(&still, "rpc"));
    back("another network");
    bot.stop();
    let system = place.log("system");
    let down = system.lines().filter(|line| line.contains("service=\"rpc\" health=Down")).count();
    assert!((faults.len() + 1..20).contains(&down), "told {down} times: once each time that they are down");
}
