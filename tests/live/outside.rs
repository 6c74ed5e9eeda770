//! Real positions sold from outside: with the bot up, hung or dead, whatever it had in flight.

use std::cell::RefCell;
use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::Duration;

use momentum_control::request::Wish;
use momentum_core::ids::{Mint, Pubkey, Signature};
use momentum_core::trader::books::Class;
use momentum_core::units::Lamports;
use momentum_localnet::chain::{Fate, Way};
use momentum_store::book::Network;
use rustix::process::Signal;
use serde_json::Value;

use super::checker::Checker;
use super::trading::{Kind, Stage};
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

pub(super) fn by_hand() -> Vec<&'static str> {
    [&KEPT[..], &BY_HAND].concat()
}

/// Time of a slot while a command works.
const SLOT: Duration = Duration::from_millis(20);

/// A chain, and a place with a key and an arming.
pub(super) fn stage(test: &str) -> (Stage, Place) {
    let (stage, place) = (Stage::new(), Place::live(test, Network::Localnet));
    stage.equip(&place, &KEPT);
    (stage, place)
}

/// Compares ledger and store where nothing is under way; how many transactions of ours landed.
pub(super) fn check(stage: &Stage, place: &Place) -> usize {
    check_beside(stage, place, &[])
}

/// The same where another hand made these with our key.
pub(super) fn check_beside(stage: &Stage, place: &Place, others: &[Signature]) -> usize {
    let mut checker = Checker::new(stage, place, 2);
    others.iter().for_each(|signature| checker.by_hand(*signature));
    checker.look_settled("at the end");
    checker.landed()
}

/// Gives a command about the live book while slots go on, and looks after each of them.
pub(super) fn give(stage: &Stage, place: &Place, words: &[&str], mut look: impl FnMut()) -> Done {
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
pub(super) fn ours(stage: &Stage) -> usize {
    let wallet = stage.wallet();
    stage.chain.history(0).iter().filter(|landed| landed.keys().first() == Some(&wallet)).count()
}

/// Transactions that the nodes were given.
pub(super) fn sent(stage: &Stage) -> usize {
    let backup = stage.surfaces.backup.asked();
    stage.sends() + backup.iter().filter(|method| *method == "sendTransaction").count()
}

/// Whether the bot takes a buy by hand: one that a gate refuses may be taken later.
pub(super) fn buys(bot: &Bot, mint: &Pubkey) -> bool {
    let buy = Wish::Buy { mint: Mint(*mint), lamports: Lamports(50_000_000) };
    bot.refusal(&buy).is_none()
}

/// A bot that has bought a coin.
pub(super) fn holding(stage: &Stage, place: &Place) -> (Bot, Pubkey) {
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

/// Has a bot that holds nothing buy this coin.
pub(super) fn bought(stage: &Stage, bot: &Bot, mint: &Pubkey) {
    stage.go_on("it takes a buy by hand", || buys(bot, mint));
    stage.until(bot, "it has bought", |state| state.open_positions == 1 && state.in_flight == 0);
}

/// A bot that holds the first coin, and that dies or hangs, as `ends` says, before its buy of the second leaves.
fn with_an_unsent_buy(stage: &Stage, place: &mut Place, ends: &'static str) -> (Bot, [Pubkey; 2]) {
    stage.equip(place, &by_hand());
    // The first to be sent is the buy of one coin; the second, of another one, is signed, durable, and never leaves.
    place.planted(ends, "before broadcast:2");
    let bot = stage.start(place, &by_hand());
    let [held, wanted] = stage.launches([Kind::default(); 2]);
    bought(stage, &bot, &held);
    stage.go_on("it takes another", || buys(&bot, &wanted));
    (bot, [held, wanted])
}

#[test]
fn a_bot_that_hangs_with_a_signed_unsent_buy_is_dead_before_anything_leaves_and_all_is_sold() {
    let (stage, mut place) = (Stage::new(), Place::live("hung", Network::Localnet));
    let (mut bot, [held, wanted]) = with_an_unsent_buy(&stage, &mut place, "MOMENTUM_HANG_AT");
    stage.go_on("it hangs", || bot.hangs());
    place.planted("MOMENTUM_HANG_AT", "");
    let before = (ours(&stage), sent(&stage));
    let flattened = give(&stage, &place, &["killswitch", "flatten", "--why", "it hangs"], || {
        // What left is counted first: the process may end between the two looks.
        let quiet = (ours(&stage), sent(&stage)) == before;
        assert!(quiet || bot.death().is_some(), "something left while the old process lived");
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
fn a_bot_that_died_with_a_signed_unsent_buy_leaves_a_position_that_is_sold_and_a_buy_that_never_lands() {
    let (stage, mut place) = (Stage::new(), Place::live("dead-unsent", Network::Localnet));
    let (bot, [held, wanted]) = with_an_unsent_buy(&stage, &mut place, "MOMENTUM_FAIL_AT");
    let bot = RefCell::new(bot);
    stage.go_on("it dies", || bot.borrow_mut().death().is_some());
    assert_eq!(bot.borrow_mut().death().unwrap().signal(), Some(Signal::ABORT.as_raw()));
    place.planted("MOMENTUM_FAIL_AT", "");
    let left = Checker::new(&stage, &place, 2).look("where it died");
    assert_eq!((left.open, left.in_flight), (1, 1), "a position, and a buy that is signed: {left:?}");
    let flattened = flatten(&stage, &place);
    assert_eq!(flattened.status, 0, "{flattened:?}");
    let told = flattened.json();
    assert_eq!((&told["killed"], &told["outcome"]), (&Value::Null, &"done".into()), "{told}");
    assert_eq!(told["in_flight"], Value::Array(Vec::new()), "{told}");
    assert_eq!(told["sold"][0]["mint"], held.to_string());
    assert_eq!((stage.ours.tokens(&held), stage.ours.tokens(&wanted)), (0, 0), "{told}");
    assert_eq!(check(&stage, &place), 2, "one buy and one sale; of the other buy the end is known");
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
fn one_position_of_a_bot_that_hangs_is_sold_by_hand_once_the_bot_is_killed_and_only_if_it_is_urgent() {
    let (stage, place) = stage("by-hand-hung");
    let (mut bot, mint) = holding(&stage, &place);
    bot.signal(Signal::STOP);
    stage.go_on("it hangs", || bot.hangs());
    let before = (ours(&stage), sent(&stage));
    let name = mint.to_string();
    let words = ["trade", "sell", &name, "--all", "--yes", "--timeout", "300ms"];
    let left = give(&stage, &place, &words, || ());
    assert_eq!((left.status, left.error().as_str()), (75, "book_held"), "{left:?}");
    assert!(bot.hangs() && (ours(&stage), sent(&stage)) == before, "{left:?}");
    let sold = give(&stage, &place, &[&words[..], &["--urgent"]].concat(), || {
        let quiet = (ours(&stage), sent(&stage)) == before;
        assert!(quiet || bot.death().is_some(), "something left while the old process lived");
    });
    assert_eq!((sold.status, stage.ours.tokens(&mint)), (0, 0), "{sold:?}");
    let told = sold.json();
    assert_eq!(bot.death().unwrap().signal(), Some(Signal::KILL.as_raw()));
    assert!(told["killed"].as_str().unwrap().contains(&format!("pid {}", bot.pid())), "{told}");
    assert_eq!((&told["outcome"], &told["in_flight"]), (&"done".into(), &Value::Array(Vec::new())), "{told}");
    assert_eq!(told["sold"][0]["mint"], name);
    assert_eq!(check(&stage, &place), 2, "the buy and its sale");
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
    for (url, nowhere) in [("rpc.url", "http://127.0.0.1:1\n"), ("backup.url", "http://127.0.0.1:2\n")] {
        place.secret(url, nowhere, 0o600);
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
fn what_another_hand_sold_while_no_bot_ran_is_closed_by_the_next_one_and_what_came_for_it_is_foreign() {
    let (stage, place) = (Stage::new(), Place::live("sold-meanwhile", Network::Localnet));
    stage.equip(&place, &by_hand());
    let bot = stage.start(&place, &by_hand());
    let mint = stage.launch();
    bought(&stage, &bot, &mint);
    bot.kill();
    let held = || stage.chain.balance(&stage.wallet()).cast_signed();
    let before = held();
    let sold = stage.ours.sell(&mint, stage.ours.tokens(&mint), Way::V3);
    stage.step();
    let came = held() - before;
    assert!(came > 0 && stage.ours.tokens(&mint) == 0, "{came}");
    let bot = stage.start(&place, &by_hand());
    stage.until(&bot, "it is closed", |state| state.open_positions == 0 && state.in_flight == 0);
    let foreign = || {
        let account = stage.account(&place);
        (account.class(Class::ForeignIn).0, account.class(Class::ForeignOut).0)
    };
    stage.go_on("what came is booked", || foreign() == (came, 0));
    bot.stop();
    let closed = give(&stage, &place, &["positions", "export"], || ()).json();
    assert_eq!(closed.as_array().unwrap().len(), 1, "{closed}");
    let (mint, reason) = (mint.to_string(), "externally_reduced");
    assert_eq!((&closed[0]["mint"], &closed[0]["reason"]), (&mint.into(), &reason.into()), "{closed}");
    assert_eq!(foreign(), (came, 0));
    assert_eq!(check_beside(&stage, &place, &[sold]), 2, "our buy and the sale of another hand");
}

#[test]
fn what_came_by_another_hand_is_adopted_guarded_and_sold_and_the_book_is_whole() {
    let (stage, place) = (Stage::new(), Place::live("adopt", Network::Localnet));
    // What the other hand spends is critical: else all is sold at once.
    let hold = [&by_hand()[..], &["run.critical_policy=hold"]].concat();
    stage.equip(&place, &hold);
    let bot = stage.start(&place, &hold);
    let mint = stage.launch();
    let came = stage.ours.buy(&mint, 100_000_000, Way::V3);
    stage.step();
    let name = mint.to_string();
    let adopted = give(&stage, &place, &["positions", "adopt", &name, "--yes"], || ());
    assert_eq!(adopted.status, 0, "{adopted:?}");
    assert_eq!(bot.state().open_positions, 1);
    let listed = give(&stage, &place, &["positions", "list"], || ()).json();
    let (row, tokens) = (&listed[0], stage.ours.tokens(&mint).to_string());
    assert_eq!((&row["mint"], &row["token_amount"]), (&name.as_str().into(), &tokens.into()), "{listed}");
    let lamports = |of: &str| row[of].as_str().unwrap().parse::<u64>().unwrap();
    assert!((1..lamports("cost_lamports")).contains(&lamports("stop_lamports")), "it has a stop: {listed}");
    let sold = give(&stage, &place, &["trade", "sell", &name, "--all", "--urgent", "--yes"], || ());
    assert_eq!(sold.status, 0, "{sold:?}");
    stage.until(&bot, "it is sold", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(stage.ours.tokens(&mint), 0);
    let has = stage.chain.balance(&stage.wallet());
    stage.go_on("what the other hand spent is booked", || stage.booked(&place) == has);
    bot.stop();
    assert_eq!(check_beside(&stage, &place, &[came]), 2, "the buy of another hand and our sale");
    stage.start(&place, &hold).stop();
}
