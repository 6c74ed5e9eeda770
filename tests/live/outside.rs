//! Real positions sold from outside: with the bot up, hung or dead, whatever it had in flight.

use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::Duration;

use momentum_control::client::ClientError;
use momentum_control::request::Wish;
use momentum_core::ids::{Mint, Pubkey};
use momentum_core::units::Lamports;
use momentum_localnet::chain::{Fate, Way};
use momentum_store::book::Network;
use rustix::process::Signal;
use serde_json::Value;

use super::checker::Checker;
use super::trading::Stage;
use crate::running::{Bot, Done, Place};

mod races;
mod sweeps;

/// What is bought is kept, whatever the market does.
const KEPT: [&str; 4] =
    ["exits.time_stop=24h", "exits.stop_young=30%", "exits.stop_min=30%", "exits.stop_max=30%"];

/// Only the operator buys, at once again, and soon after a restart.
const BY_HAND: [&str; 8] = [
    "signals.buy_score=100",
    "signals.strong_buy_score=100",
    "signals.cool_down=0s",
    "execution.buy_pause=1s",
    "enrich.check_above=0",
    "enrich.check_every=1s",
    "enrich.check_close_every=1s",
    "enrich.retry=1s",
];

fn by_hand() -> Vec<&'static str> {
    [&KEPT[..], &BY_HAND].concat()
}

/// Time of a slot while a command works.
const SLOT: Duration = Duration::from_millis(20);

/// A chain, and a place with a key and an arming.
fn stage(test: &str) -> (Stage, Place) {
    let (stage, place) = (Stage::new(), Place::live(test, Network::Localnet));
    stage.equip(&place, &KEPT);
    (stage, place)
}

/// Compares ledger and store where nothing is under way; how many transactions of ours landed.
fn check(stage: &Stage, place: &Place) -> usize {
    let mut checker = Checker::new(stage, place, 2);
    checker.look_settled("at the end");
    checker.landed()
}

/// Gives a command about the live book while slots go on, and looks after each of them.
fn give(stage: &Stage, place: &Place, words: &[&str], mut look: impl FnMut()) -> Done {
    let sets = stage.sets(&KEPT);
    let words = [words, &["--network", "localnet", "--mode", "live", "--json"], &sets[..]].concat();
    thread::scope(|threads| {
        let given = threads.spawn(|| place.run(&words));
        while !given.is_finished() {
            look();
            stage.step();
            thread::sleep(SLOT);
        }
        given.join().unwrap()
    })
}

fn flatten(stage: &Stage, place: &Place) -> Done {
    give(stage, place, &["killswitch", "flatten", "--why", "a test"], || ())
}

/// Transactions of our wallet on the chain so far.
fn ours(stage: &Stage) -> usize {
    let wallet = stage.wallet();
    stage.chain.history(0).iter().filter(|landed| landed.keys().first() == Some(&wallet)).count()
}

/// Whether the bot takes a buy by hand: one that a gate refuses may be taken later.
fn buys(bot: &Bot, mint: &Pubkey) -> bool {
    let buy = Wish::Buy { mint: Mint(*mint), lamports: Lamports(50_000_000) };
    match bot.runtime.block_on(bot.client.command(&buy, "a test")) {
        Ok(_) => true,
        Err(ClientError::Problem(problem)) if problem.code == 20 => false,
        Err(error) => panic!("{error}"),
    }
}

/// A bot that has bought a coin.
fn holding(stage: &Stage, place: &Place) -> (Bot, Pubkey) {
    holding_by(stage, place, &KEPT)
}

/// The same by these settings.
fn holding_by(stage: &Stage, place: &Place, settings: &[&'static str]) -> (Bot, Pubkey) {
    let bot = stage.start(place, settings);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions > 0 && state.in_flight == 0);
    assert!(stage.ours.tokens(&mint) > 0);
    (bot, mint)
}

#[test]
fn a_bot_that_hangs_with_a_signed_unsent_buy_is_dead_before_anything_leaves_and_all_is_sold() {
    let (stage, mut place) = (Stage::new(), Place::live("hung", Network::Localnet));
    stage.equip(&place, &by_hand());
    // The first to be sent is the buy of one coin; the second, of another one, is signed, durable, and never leaves.
    place.planted("MOMENTUM_HANG_AT", "before broadcast:2");
    let mut bot = stage.start(&place, &by_hand());
    let coins = stage.launch_side_by_side(2);
    let (held, wanted) = (coins[0], coins[1]);
    stage.go_on("it takes a buy by hand", || buys(&bot, &held));
    stage.until(&bot, "it has bought", |state| state.open_positions == 1 && state.in_flight == 0);
    stage.go_on("it takes another", || buys(&bot, &wanted));
    stage.go_on("it hangs", || bot.hangs());
    place.planted("MOMENTUM_HANG_AT", "");
    let before = ours(&stage);
    let flattened = give(&stage, &place, &["killswitch", "flatten", "--why", "it hangs"], || {
        let dead = bot.death().is_some();
        assert!(dead || ours(&stage) == before, "something landed while the old process lived");
    });
    assert_eq!(flattened.status, 0, "{flattened:?}");
    let told = flattened.json();
    assert_eq!(bot.death().unwrap().signal(), Some(Signal::KILL.as_raw()));
    assert!(told["killed"].as_str().unwrap().contains(&format!("pid {}", bot.pid())), "{told}");
    assert_eq!((&told["outcome"], &told["in_flight"]), (&"done".into(), &Value::Array(Vec::new())), "{told}");
    assert_eq!(told["sold"][0]["mint"], held.to_string());
    assert_eq!((stage.ours.tokens(&held), stage.ours.tokens(&wanted)), (0, 0), "{told}");
    assert_eq!(check(&stage, &place), 2, "one buy and one sale; of the other buy the end is known");
    let status = give(&stage, &place, &["killswitch", "status"], || ());
    assert!(status.stdout.contains("flatten"), "nothing is bought until it is reset: {status:?}");
}

#[test]
fn a_buy_that_lands_after_its_bot_died_is_sold_too() {
    let (stage, place) = (Stage::new(), Place::live("dead", Network::Localnet));
    stage.equip(&place, &by_hand());
    let bot = stage.start(&place, &by_hand());
    let mint = stage.launch();
    // Nobody else sends anything from here on.
    stage.chain.fates([Fate::Late(60)]);
    stage.go_on("it takes a buy by hand", || buys(&bot, &mint));
    stage.go_on("its bytes are with a node", || stage.sends() > 0);
    bot.kill();
    let flattened = flatten(&stage, &place);
    assert_eq!((flattened.status, &flattened.json()["killed"]), (0, &Value::Null), "{flattened:?}");
    assert_eq!(stage.ours.tokens(&mint), 0);
    assert_eq!(check(&stage, &place), 2, "the buy and its sale");
    let again = flatten(&stage, &place);
    assert_eq!((again.status, &again.json()["outcome"]), (0, &"nothing is held".into()), "{again:?}");
}

#[test]
fn one_position_of_a_dead_bot_is_sold_by_hand_without_an_arming_and_at_the_price_of_now() {
    let (stage, place) = stage("by-hand");
    let (bot, mint) = holding(&stage, &place);
    bot.kill();
    std::fs::remove_file(place.book().armed()).unwrap();
    // The book's price is of before: at its bounds nothing could be sold now.
    stage.fall(&mint);
    let name = mint.to_string();
    let words = ["trade", "sell", &name, "--all", "--urgent", "--yes"];
    let sold = give(&stage, &place, &words, || ());
    assert_eq!((sold.status, stage.ours.tokens(&mint)), (0, 0), "{sold:?}");
    assert_eq!(check(&stage, &place), 2, "the first try was good: {sold:?}");
    let none = give(&stage, &place, &words, || ());
    assert_eq!((none.status, none.error().as_str()), (66, "not_found"), "{none:?}");
}

#[test]
fn a_coin_that_trades_nowhere_is_told_and_sold_once_its_pool_is_open() {
    let (stage, place) = stage("between");
    let (bot, mint) = holding(&stage, &place);
    bot.kill();
    stage.complete(&mint);
    let words = ["killswitch", "flatten", "--wait", "3s"];
    let left = give(&stage, &place, &words, || ());
    assert_eq!(left.status, 25, "{left:?}");
    let told = left.json();
    assert!(told["left"][0]["why"].as_str().unwrap().contains("its pool is not open"), "{told}");
    stage.migrate(&mint);
    let sold = flatten(&stage, &place);
    assert_eq!((sold.status, stage.ours.tokens(&mint)), (0, 0), "{sold:?}");
    assert_eq!(check(&stage, &place), 2);
}

#[test]
fn what_cannot_be_ended_or_asked_is_said_and_nothing_is_sent() {
    let (stage, place) = stage("cannot");
    let (bot, mint) = holding(&stage, &place);
    bot.kill();
    let lock = place.book().lock("momentum migrate").unwrap();
    let words = ["killswitch", "flatten", "--timeout", "300ms", "--wait", "2s"];
    let held = give(&stage, &place, &words, || ());
    assert_eq!((held.status, held.error().as_str()), (75, "book_held"), "{held:?}");
    drop(lock);
    for url in ["rpc.url", "backup.url"] {
        place.secret(url, "http://127.0.0.1:1\n", 0o600);
    }
    let away = give(&stage, &place, &words, || ());
    assert_eq!((away.status, away.error().as_str()), (69, "nodes_away"), "{away:?}");
    assert!(away.stderr.contains("NOTHING IS SOLD") && away.stderr.contains(&mint.to_string()), "{away:?}");
    assert!(stage.ours.tokens(&mint) > 0);
}

#[test]
fn a_drill_says_what_the_sale_then_brings_and_what_could_not_be_sold() {
    let (stage, place) = stage("drill");
    let (bot, _) = holding(&stage, &place);
    let drill = || give(&stage, &place, &["killswitch", "drill"], || ());
    let up = drill();
    assert_eq!((up.status, &up.json()[0]["how"]), (0, &"simulated".into()), "{up:?}");
    bot.signal(Signal::STOP);
    let hung = give(&stage, &place, &["killswitch", "drill", "--timeout", "300ms"], || ());
    assert_eq!(hung.json(), up.json(), "the bot is asked, or its book");
    bot.signal(Signal::CONT);
    bot.kill();
    let dead = drill().json();
    let flattened = flatten(&stage, &place).json();
    let lamports = |value: &Value| value.as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!(lamports(&dead[0]["brings_lamports"]), lamports(&flattened["sold"][0]["proceeds_lamports"]));
    assert_eq!(lamports(&dead[0]["network_lamports"]), lamports(&flattened["sold"][0]["network_lamports"]));
    assert_eq!(drill().json(), Value::Array(Vec::new()));
}

#[test]
fn what_another_hand_took_is_found_by_a_reconcile_whether_the_bot_lives_or_not() {
    let (stage, place) = (Stage::new(), Place::live("reconcile", Network::Localnet));
    // It is critical: else all is sold at once.
    let hold = [&KEPT[..], &["run.critical_policy=hold"]].concat();
    stage.equip(&place, &hold);
    let (bot, mint) = holding_by(&stage, &place, &hold);
    let reconcile = || give(&stage, &place, &["positions", "reconcile"], || ());
    assert_eq!(reconcile().json()["agrees"], true);
    let all = stage.ours.tokens(&mint);
    stage.ours.sell(&mint, all / 4, Way::V3);
    stage.step();
    // The bot looks by itself too: it may have found it before it was told to.
    let up = reconcile();
    let booked = give(&stage, &place, &["positions", "list"], || ()).json();
    let left = stage.ours.tokens(&mint).to_string();
    assert_eq!((up.status, &booked[0]["token_amount"]), (0, &left.into()), "{up:?} {booked}");
    bot.kill();
    stage.ours.sell(&mint, stage.ours.tokens(&mint), Way::V3);
    stage.step();
    let dead = reconcile();
    let told = dead.json()["differences"].to_string();
    assert!(
        dead.status == 0 && told.contains("all of it is gone") && told.contains("foreign money"),
        "{dead:?}"
    );
    assert_eq!(reconcile().json()["agrees"], true);
    assert_eq!(flatten(&stage, &place).json()["outcome"], "nothing is held");
}

#[test]
fn what_came_by_another_hand_is_adopted_guarded_and_sold_and_the_book_is_whole() {
    let (stage, place) = (Stage::new(), Place::live("adopt", Network::Localnet));
    stage.equip(&place, &by_hand());
    let bot = stage.start(&place, &by_hand());
    let mint = stage.launch();
    stage.ours.buy(&mint, 100_000_000, Way::V3);
    stage.step();
    let name = mint.to_string();
    let adopted = give(&stage, &place, &["positions", "adopt", &name, "--yes"], || ());
    assert_eq!(adopted.status, 0, "{adopted:?}");
    assert_eq!(bot.state().open_positions, 1);
    let sold = give(&stage, &place, &["trade", "sell", &name, "--all", "--urgent", "--yes"], || ());
    assert_eq!(sold.status, 0, "{sold:?}");
    stage.until(&bot, "it is sold", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(stage.ours.tokens(&mint), 0);
    bot.stop();
    stage.start(&place, &by_hand()).stop();
}
