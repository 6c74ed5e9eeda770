//! Races of a flatten against a buy: the bot lives on, hangs or dies while the buy is under way, and what it leaves is
//! sold.

use std::thread;
use std::time::{Duration, Instant};

use momentum_core::ids::Pubkey;
use momentum_store::book::Network;
use rustix::process::Signal;

use super::super::trading::Stage;
use super::{SLOT, buys, by_hand};
use crate::running::{Bot, DEADLINE, Place};

/// Races where nothing says otherwise.
const RACES: u64 = 3;

/// What becomes of the bot while both are under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Lives,
    Hangs,
    Dies,
}

/// A draw that anybody can make again.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Runs one: the buy is taken, and flatten and the end of the bot come some slots later. The bot, where it lives.
fn race(stage: &Stage, place: &Place, bot: Bot, end: End, draw: &mut Draw) -> Option<Bot> {
    let (flatten_at, end_at) = (Duration::from_millis(draw.below(80)), Duration::from_millis(draw.below(80)));
    let sets = stage.sets(&by_hand());
    let words = ["killswitch", "flatten", "--timeout", "700ms", "--network", "localnet", "--mode", "live"];
    let words = [&words[..], &["--json"], &sets[..]].concat();
    let flattened = thread::scope(|threads| {
        let flattened = threads.spawn(|| {
            thread::sleep(flatten_at);
            place.run(&words)
        });
        threads.spawn(|| {
            thread::sleep(end_at);
            match end {
                End::Lives => {}
                End::Hangs => bot.signal(Signal::STOP),
                End::Dies => bot.signal(Signal::KILL),
            }
        });
        while !flattened.is_finished() {
            stage.step();
            thread::sleep(SLOT);
        }
        flattened.join().unwrap()
    });
    assert_eq!(flattened.status, 0, "{end:?} after {end_at:?}, flatten after {flatten_at:?}: {flattened:?}");
    let acknowledged = flattened.json()["acknowledged"] == true;
    if end == End::Lives {
        assert!(acknowledged, "{flattened:?}");
        stage.until(&bot, "it is flat", |state| state.open_positions == 0 && state.in_flight == 0);
        return Some(bot);
    }
    bot.kill();
    if acknowledged {
        // It had obeyed before it ended, and may have sold nothing yet.
        let again = super::flatten(stage, place);
        assert_eq!(again.status, 0, "{again:?}");
    }
    None
}

/// Where races are run until one ends the bot: what it had measured is gone with it.
struct Track {
    stage: Stage,
    place: Place,
    mint: Pubkey,
    landed: usize,
}

impl Track {
    fn new(nth: u64) -> (Self, Bot) {
        let (stage, place) = (Stage::new(), Place::live(&format!("flatten-race-{nth}"), Network::Localnet));
        stage.equip(&place, &by_hand());
        let bot = stage.start(&place, &by_hand());
        let mint = stage.launch();
        (Self { stage, place, mint, landed: 0 }, bot)
    }

    fn reset(&self) {
        let reset = ["killswitch", "reset", "flatten", "--confirm", "flatten"];
        let reset = self.place.run(&[&reset[..], &["--network", "localnet", "--mode", "live"]].concat());
        assert_eq!(reset.status, 0, "{reset:?}");
    }
}

#[test]
fn a_flatten_that_races_a_buy_leaves_nothing_whatever_becomes_of_the_bot() {
    let races = std::env::var("FLATTEN_RACES").map_or(RACES, |said| said.parse().unwrap());
    let mut draw = Draw(std::env::var("FLATTEN_SEED").map_or(7, |said| said.parse().unwrap()));
    let (mut killed, mut bought, mut running) = (0, 0, None);
    for nth in 0..races {
        let (mut track, bot) = running.take().unwrap_or_else(|| Track::new(nth));
        taken(&track.stage, &bot, &track.mint);
        let end = [End::Lives, End::Hangs, End::Dies][usize::try_from(nth % 3).unwrap()];
        let lives = race(&track.stage, &track.place, bot, end, &mut draw);
        assert_eq!(track.stage.ours.tokens(&track.mint), 0, "race {nth}: {end:?}");
        let landed = super::check(&track.stage, &track.place);
        bought += u64::from(landed > track.landed);
        track.landed = landed;
        killed += u64::from(lives.is_none());
        running = lives.map(|bot| {
            track.reset();
            (track, bot)
        });
    }
    println!(
        "{races} races of a flatten against a buy, {killed} bots ended in one, {bought} buys landed and were sold"
    );
    assert!(bought > 0, "nothing was ever bought: no race at all");
}

/// Others trade until the bot takes a buy by hand: its gates ask for fresh proofs of exit.
fn taken(stage: &Stage, bot: &Bot, mint: &Pubkey) {
    let began = Instant::now();
    for turn in 0.. {
        assert!(began.elapsed() < DEADLINE, "no buy is taken: {}", bot.said());
        if turn % 4 == 0 {
            stage.churn(mint, turn);
        }
        stage.step();
        thread::sleep(Duration::from_millis(60));
        if buys(bot, mint) {
            return;
        }
    }
}
