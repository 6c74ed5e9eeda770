//! A bot of real orders without one of its protections: the checker misses each of them, so the checker can fail.

use std::time::{Duration, Instant};

use momentum_localnet::chain::Fate;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::lives::{Lives, RESTLESS};
use super::trading::SOL;
use crate::running::{Bot, DEADLINE};

/// One position, which is kept.
const STEADY: [&str; 8] = [
    "exits.check_every=0.25s",
    "exits.stop_min=29%",
    "enrich.check_above=0",
    "enrich.check_every=1s",
    "enrich.check_close_every=1s",
    "enrich.retry=1s",
    "execution.buy_pause=1s",
    "risk.max_concurrent_positions=1",
];
/// How long a bot is believed well whose store takes nothing.
const BELIEVED: Duration = Duration::from_secs(4);

/// What a look finds while the market goes on for so long, at the first look that finds something.
fn findings_within(lives: &mut Lives, time: Duration) -> Vec<String> {
    let began = Instant::now();
    loop {
        let (_, findings) = lives.checker.findings();
        if !findings.is_empty() || began.elapsed() > time {
            return findings;
        }
        lives.turn();
    }
}

/// Lets the market go on until a look finds something, which must be what is expected.
fn finds(lives: &mut Lives, expected: &str) {
    let found = findings_within(lives, DEADLINE);
    println!("{}", found.join("\n"));
    assert!(found.iter().any(|finding| finding.starts_with(expected)), "{expected}: {found:?}");
}

/// A bot that has this fault from its first life on, and buys one coin over and over.
fn faulty(fault: &str, fates: &[Fate]) -> (Lives, Bot) {
    let mut lives = Lives::new(fault, &RESTLESS, 1);
    lives.place.planted("MOMENTUM_PLANTED", fault);
    lives.fates(fates.iter().copied());
    let bot = lives.begin(1);
    (lives, bot)
}

/// A bot that has bought one coin, was killed then, and is started again with this fault.
fn started_again_with(fault: &str, before_the_kill: impl Fn(&Lives)) -> (Lives, Bot) {
    let mut lives = Lives::new(fault, &STEADY, 1);
    let bot = lives.begin(1);
    lives.until("it has bought", || lives.checker.seen().open > 0);
    before_the_kill(&lives);
    started_again(lives, bot, fault)
}

fn started_again(mut lives: Lives, bot: Bot, fault: &str) -> (Lives, Bot) {
    bot.kill();
    lives.checker.look("before the fault");
    lives.place.planted("MOMENTUM_PLANTED", fault);
    let (bot, _) = lives.start();
    (lives, bot)
}

#[test]
fn a_buy_that_leaves_before_its_commit_is_found() {
    let (mut lives, bot) = faulty("broadcast before commit", &[]);
    let options = SqliteConnectOptions::new().filename(lives.place.book().database());
    let mut other = lives.stage.runtime.block_on(options.connect()).unwrap();
    let mut say = |lives: &Lives, sql| lives.stage.runtime.block_on(run(&mut other, sql));
    loop {
        lives.until_flat(&bot);
        let journaled = lives.checker.seen().journaled;
        // While somebody else writes nothing can be committed.
        say(&lives, "BEGIN IMMEDIATE");
        // A buy may have become durable just before that: one that the store knows shows nothing.
        let unknown = lives.checker.seen().journaled == journaled;
        let began = Instant::now();
        while unknown && lives.stage.ours.tokens(&lives.coins[0]) == 0 && began.elapsed() < BELIEVED {
            lives.turn();
        }
        if unknown && lives.stage.ours.tokens(&lives.coins[0]) > 0 {
            break;
        }
        say(&lives, "ROLLBACK");
    }
    bot.kill();
    say(&lives, "ROLLBACK");
    finds(&mut lives, "journal: ");
}

async fn run(store: &mut SqliteConnection, sql: &'static str) {
    sqlx::query(sql).execute(store).await.unwrap();
}

#[test]
fn bytes_that_are_not_journaled_are_found() {
    let (mut lives, _bot) = faulty("journal skipped", &[]);
    finds(&mut lives, "journal: ");
}

#[test]
fn an_exit_journal_that_a_restart_does_not_read_is_found() {
    // From the first exit on: the sale leaves by the exit journal alone.
    let (mut lives, bot) = faulty("commits stop", &[]);
    let flat = |lives: &Lives| lives.stage.ours.tokens(&lives.coins[0]) == 0;
    lives.until("it has bought and sold", || lives.checker.landed() > 1 && flat(&lives));
    bot.kill();
    lives.place.planted("MOMENTUM_PLANTED", "exit journal unread");
    // Whoever reads it knows of the sale once it has started.
    let (_bot, _) = lives.start();
    finds(&mut lives, "journal: ");
}

#[test]
fn a_reservation_that_a_restart_forgets_is_found() {
    // Of two coins one may be bought at a time, also while the buy of the other one is on its way.
    let settings = [&RESTLESS[..], &["risk.max_concurrent_positions=1"]].concat();
    let mut lives = Lives::new("reservation", &settings, 1);
    let mut bot = lives.begin(2);
    let found = loop {
        lives.until_flat(&bot);
        lives.fates([Fate::Late(130)]);
        lives.until("it buys", || lives.checker.seen().in_flight > 0);
        bot.kill();
        lives.place.planted("MOMENTUM_PLANTED", "reservation forgotten");
        (bot, _) = lives.start();
        // Until the late one has landed, and longer.
        let found = findings_within(&mut lives, Duration::from_secs(20));
        if !found.is_empty() {
            break found;
        }
    };
    println!("{}", found.join("\n"));
    assert!(found[0].starts_with("limits: "), "{found:?}");
}

#[test]
fn a_fill_that_a_restart_counts_twice_is_found() {
    let (mut lives, _bot) = started_again_with("fill applied twice", |_| ());
    // A phantom until our tokens are read again: then half of it is taken to have gone by another hand.
    finds(&mut lives, "positions: ");
}

#[test]
fn a_stop_that_a_restart_loses_is_found() {
    // The price goes up, so that the stop is raised, then down a little, so that no new high raises it again.
    let (mut lives, _bot) = started_again_with("stop level lost", |lives| {
        lives.stage.lift(&lives.coins[0], 10 * SOL);
        lives.until("the stop is raised", || lives.checker.seen().raised > 0);
        lives.stage.dip(&lives.coins[0]);
        lives.turn();
    });
    finds(&mut lives, "stops: ");
}

#[test]
fn a_rung_that_a_restart_arms_again_is_found() {
    let (mut lives, _bot) = started_again_with("exit leg armed again", |lives| {
        lives.until("a rung is sold", || {
            let sold = lives.checker.seen().rungs_sold > 0;
            if !sold {
                lives.stage.lift(&lives.coins[0], SOL);
            }
            sold
        });
    });
    finds(&mut lives, "ladder: ");
}

#[test]
fn an_attempt_that_is_signed_again_before_it_expired_is_found() {
    let (mut lives, _bot) = faulty("signed again before expiry", &[Fate::Late(60)]);
    finds(&mut lives, "outcome: ");
}

#[test]
fn a_failure_on_the_chain_that_is_ignored_is_found() {
    let (mut lives, _bot) = faulty("error ignored", &[Fate::Fails]);
    finds(&mut lives, "outcome: ");
}
