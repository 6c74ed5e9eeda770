//! What is sent and never answered: its caller gives up, and it lands long after. The bot finds it on the chain, and
//! does nothing twice meanwhile; nor where the nodes have forgotten that it landed.

use std::thread;
use std::time::Duration;

use momentum_control::request::Wish;
use momentum_core::ids::{Mint, Pubkey};
use momentum_core::units::{Lamports, TokenAmount};
use momentum_localnet::chain::Fate;
use momentum_localnet::rpc::Fault;
use momentum_store::book::Network;

use super::checker::Checker;
use super::limits::{Done, ONE, kept};
use super::outside::bought;
use super::trading::Stage;
use crate::running::{Bot, Place};

/// Only the operator buys and sells; a caller gives up soon, and no node is left alone for what it did not answer. A
/// sale is not signed anew, so that the first one is the one that lands.
const SETS: [&str; 18] = [
    "exits.time_stop=24h",
    "exits.stop_young=30%",
    "exits.stop_min=30%",
    "exits.stop_max=30%",
    "signals.buy_score=100",
    "signals.strong_buy_score=100",
    "enrich.check_above=0",
    "enrich.check_every=1s",
    "enrich.check_close_every=1s",
    "enrich.retry=1s",
    "execution.buy_pause=1s",
    "execution.supersede_after=10min",
    "rpc.timeout=1s",
    "rpc.deadline=2s",
    "rpc.rate=1000",
    "rpc.burst=1000",
    "rpc.breaker_failures=1000",
    "live.resend_every=500ms",
];

/// Slots until what was sent lands: its blockhash is still good then.
const LATE: u64 = 100;

/// How often a caller gave up: no node had an answer for it.
fn given_up(place: &Place) -> usize {
    place.log("errors").matches("no endpoint says that it took the bytes").count()
}

/// A wish is taken, and its one transaction, which meets `fate`, is sent to nodes that do not answer, until its caller
/// gives up.
fn sent_unanswered(stage: &Stage, place: &Place, bot: &Bot, wish: &Wish, fate: Fate) {
    let nodes = [stage.surfaces.rpc.faults(), stage.surfaces.backup.faults()];
    nodes.iter().for_each(|node| node.always_of("sendTransaction", Fault::Hanging));
    stage.chain.fates([fate]);
    let (sent, before) = (stage.sends(), given_up(place));
    // What a gate refuses may be taken later.
    stage.go_on("it takes the wish", || bot.refusal(wish).is_none());
    stage.go_on("it is sent", || stage.sends() > sent);
    // No slot is made meanwhile: it cannot land first.
    bot.until("its caller gives up", |_| given_up(place) > before);
}

/// It lands, behind the `landed` ones of before, and is found.
fn lands_and_is_found(stage: &Stage, bot: &Bot, checker: &mut Checker, landed: usize) {
    assert_eq!(checker.landed(), landed, "it lands later");
    while checker.landed() == landed {
        assert_eq!(bot.state().in_flight, 1, "it has no end, and no other beside it");
        checker.look("while it is under way");
        stage.step();
        thread::sleep(Duration::from_millis(60));
    }
    // The nodes still say nothing of sends: what became of it is the chain's to tell.
    stage.until(bot, "it is found", |state| state.in_flight == 0);
    checker.look("once it is found");
    [stage.surfaces.rpc.faults(), stage.surfaces.backup.faults()].iter().for_each(|node| node.clear());
    // Longer than any blockhash of before is good.
    for _ in 0..160 {
        stage.step();
        thread::sleep(Duration::from_millis(20));
    }
    checker.look("long after it was found");
}

/// A wish is carried out by one transaction that no node ever says anything of, and that lands late.
fn unanswered(stage: &Stage, place: &Place, bot: &Bot, checker: &mut Checker, wish: &Wish, fate: Fate) {
    let landed = checker.landed();
    sent_unanswered(stage, place, bot, wish, fate);
    lands_and_is_found(stage, bot, checker, landed);
}

/// A wish to sell half of what is held, and how much that is.
fn half(stage: &Stage, mint: &Pubkey) -> (Wish, u64) {
    let half = stage.ours.tokens(mint) / 2;
    (Wish::Close { mint: Mint(*mint), tokens: Some(TokenAmount(half)), urgent: false }, half)
}

#[test]
fn a_buy_and_a_sale_that_land_after_their_caller_gave_up_are_found_and_neither_is_done_twice() {
    let (stage, place) = (Stage::new(), Place::live("unanswered", Network::Localnet));
    stage.equip(&place, &SETS);
    let bot = stage.start(&place, &SETS);
    let mint = stage.launch();
    let mut checker = Checker::new(&stage, &place, ONE.positions);

    let buy = Wish::Buy { mint: Mint(mint), lamports: Lamports(50_000_000) };
    unanswered(&stage, &place, &bot, &mut checker, &buy, Fate::Late(LATE));
    assert!(stage.ours.tokens(&mint) > 0);
    let state = bot.state();
    assert_eq!((state.open_positions, state.in_flight), (1, 0), "it is one position");
    assert_eq!(kept(&stage, &place, &ONE), Done { buys: 1, ..Done::default() });

    let sale = Wish::Close { mint: Mint(mint), tokens: None, urgent: false };
    unanswered(&stage, &place, &bot, &mut checker, &sale, Fate::Late(LATE));
    assert_eq!(stage.ours.tokens(&mint), 0);
    let state = bot.state();
    assert_eq!((state.open_positions, state.in_flight), (0, 0), "it is closed");
    bot.stop();
    checker.look_settled("at the end");
    assert_eq!(kept(&stage, &place, &ONE), Done { buys: 1, sales: 1, ..Done::default() });
}

#[test]
fn a_part_whose_sale_lands_after_its_caller_gave_up_is_sold_once_though_the_bot_dies_meanwhile() {
    let (stage, place) = (Stage::new(), Place::live("unanswered-part", Network::Localnet));
    stage.equip(&place, &SETS);
    let mut bot = stage.start(&place, &SETS);
    let mint = stage.launch();
    bought(&stage, &bot, &mint);
    let mut checker = Checker::new(&stage, &place, ONE.positions);
    let cases = [(Fate::Late(LATE), false), (Fate::LastMoment, false), (Fate::LastMoment, true)];
    for (nth, (fate, dies)) in (1..).zip(cases) {
        let (held, landed) = (stage.ours.tokens(&mint), checker.landed());
        let (sale, part) = half(&stage, &mint);
        sent_unanswered(&stage, &place, &bot, &sale, fate);
        if dies {
            bot.kill();
            checker.look("once it is dead");
            bot = stage.start(&place, &SETS);
        }
        lands_and_is_found(&stage, &bot, &mut checker, landed);
        assert_eq!(stage.ours.tokens(&mint), held - part, "{fate:?}, it dies: {dies}");
        let state = bot.state();
        assert_eq!((state.open_positions, state.in_flight), (1, 0), "the rest is kept");
        let done = Done { buys: 1, sales: nth, parts: nth, ..Done::default() };
        assert_eq!(kept(&stage, &place, &ONE), done, "{fate:?}, it dies: {dies}");
    }
    bot.stop();
    checker.look_settled("at the end");
}

#[test]
fn a_part_that_was_sold_while_the_bot_was_dead_is_not_sold_again_though_both_nodes_forgot_its_sale() {
    let (stage, place) = (Stage::new(), Place::live("forgotten-part", Network::Localnet));
    stage.equip(&place, &SETS);
    let bot = stage.start(&place, &SETS);
    let mint = stage.launch();
    bought(&stage, &bot, &mint);
    let mut checker = Checker::new(&stage, &place, ONE.positions);
    let (held, landed) = (stage.ours.tokens(&mint), checker.landed());
    let (sale, part) = half(&stage, &mint);
    sent_unanswered(&stage, &place, &bot, &sale, Fate::Late(LATE));
    bot.kill();
    let nodes = [stage.surfaces.rpc.faults(), stage.surfaces.backup.faults()];
    for node in nodes {
        node.clear();
        node.always(Fault::Forgets(stage.chain.slot() + 1));
    }
    assert_eq!(checker.landed(), landed, "it lands while nobody looks");
    // Longer than its blockhash is good.
    (0..200).for_each(|_| stage.step());
    assert_eq!((checker.landed(), stage.ours.tokens(&mint)), (landed + 1, held - part));
    checker.look("once it is sold");

    let sends = stage.sends();
    let bot = stage.start(&place, &SETS);
    let doubted = || place.log("errors").contains("its wallet's tokens say that it landed");
    stage.until(&bot, "it wonders where the part is", |_| doubted());
    for _ in 0..60 {
        stage.step();
        thread::sleep(Duration::from_millis(60));
        checker.look("while nobody knows it");
    }
    let state = bot.state();
    assert_eq!((state.open_positions, state.in_flight), (1, 1), "the part has no end");
    assert_eq!((stage.sends(), stage.ours.tokens(&mint)), (sends, held - part), "nothing is sent");

    nodes.iter().for_each(|node| node.clear());
    let state = stage.until(&bot, "it is found", |state| state.in_flight == 0);
    assert_eq!(state.open_positions, 1, "the rest is kept");
    bot.stop();
    checker.look_settled("at the end");
    assert_eq!(kept(&stage, &place, &ONE), Done { buys: 1, sales: 1, parts: 1, ..Done::default() });
}
