//! One bot of real orders through all its lives: it is killed, looked at, started again, on a chain that goes on.

use std::cell::Cell;
use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::{Duration, Instant};

use momentum_core::ids::Pubkey;
use momentum_localnet::chain::Fate;
use momentum_store::book::Network;
use rustix::process::Signal;

use super::checker::{Checker, Seen};
use super::trading::Stage;
use crate::running::{Bot, DEADLINE, Place};

/// Settings under which coins are bought and sold over and over, two of them at a time.
pub(super) const RESTLESS: [&str; 9] = [
    "exits.time_stop=1s",
    "signals.cool_down=0s",
    "exits.check_every=0.25s",
    "enrich.check_above=0",
    "enrich.check_every=1s",
    "enrich.check_close_every=1s",
    "enrich.retry=1s",
    "execution.buy_pause=1s",
    "risk.max_concurrent_positions=2",
];
/// Positions that those allow at once.
pub(super) const MOST: usize = 2;

/// Time of a turn of the market: a slot, and now and then trades of others.
const TURN: Duration = Duration::from_millis(50);
/// The same where bytes that never left must grow too old.
const QUICK_TURN: Duration = Duration::from_millis(10);
/// Time between two snapshots: a process that lives for a moment leaves one all the same.
const SNAPSHOTS: &str = "250";

/// A bot's chain, its place, and what was seen of both.
pub(super) struct Lives {
    pub(super) stage: Stage,
    pub(super) place: Place,
    pub(super) checker: Checker,
    pub(super) coins: Vec<Pubkey>,
    settings: Vec<&'static str>,
    turns: Cell<u64>,
}

impl Lives {
    /// A chain, and a place for a bot of these settings, under which it holds `most` positions at once.
    pub(super) fn new(test: &str, settings: &[&'static str], most: usize) -> Self {
        Self::on(Stage::new(), test, settings, most)
    }

    /// The same on a chain that is there.
    pub(super) fn on(stage: Stage, test: &str, settings: &[&'static str], most: usize) -> Self {
        let mut place = Place::live(test, Network::Localnet);
        place.planted("MOMENTUM_SNAPSHOT_MS", SNAPSHOTS);
        stage.equip(&place, settings);
        let checker = Checker::new(&stage, &place, most);
        let (settings, turns) = (settings.to_vec(), Cell::new(0));
        Self { stage, place, checker, coins: Vec::new(), settings, turns }
    }

    /// The first life, and so many coins that are worth to be bought.
    pub(super) fn begin(&mut self, coins: usize) -> Bot {
        let (bot, _) = self.start();
        self.coins = self.stage.launch_side_by_side(coins);
        bot
    }

    /// A slot, with a little trade in each coin now and then.
    pub(super) fn turn(&self) {
        self.turn_of(TURN);
    }

    fn turn_of(&self, time: Duration) {
        let turn = self.turns.get();
        self.turns.set(turn + 1);
        if turn.is_multiple_of(4) {
            self.coins.iter().for_each(|coin| self.stage.churn(coin, turn));
        }
        self.stage.step();
        thread::sleep(time);
    }

    /// Lets the market go on until something is so.
    pub(super) fn until(&self, what: &str, so: impl Fn() -> bool) {
        let began = Instant::now();
        while !so() {
            assert!(
                began.elapsed() < DEADLINE,
                "not within {DEADLINE:?}: {what}: {}",
                self.place.last_words()
            );
            self.turn();
        }
    }

    /// Lets the market go on until the bot has nothing and wants nothing: what is sent next is a buy.
    pub(super) fn until_flat(&self, bot: &Bot) {
        self.until("it is flat", || {
            let state = bot.state();
            state.open_positions == 0 && state.in_flight == 0
        });
    }

    /// Starts the next life; how long it took until it answered and heard the chain.
    pub(super) fn start(&self) -> (Bot, Duration) {
        let began = Instant::now();
        let bot = self.stage.start(&self.place, &self.settings);
        (bot, began.elapsed())
    }

    /// Starts a life that ends by itself, and lets the market go on until it has.
    pub(super) fn live_to_its_death(&self, what: &str) {
        let mut bot = self.place.spawn(&self.stage.arguments(&self.settings));
        let (began, mut answered) = (Instant::now(), false);
        let died = loop {
            if let Some(died) = bot.death() {
                break died;
            }
            // A start takes a slot or two; so many of them in a row at this speed would be a gap that is not filled.
            answered = answered || bot.answers();
            if answered {
                self.turn_of(QUICK_TURN);
            } else {
                thread::sleep(QUICK_TURN);
            }
            assert!(began.elapsed() < DEADLINE, "it did not die within {DEADLINE:?}: {what}: {}", bot.said());
        };
        assert_eq!(died.signal(), Some(Signal::ABORT.as_raw()), "{what}: {}", bot.said());
    }

    /// What becomes of the transactions that are sent next.
    pub(super) fn fates(&self, fates: impl IntoIterator<Item = Fate>) {
        self.stage.chain.fates(fates);
    }

    /// Sells everything and ends the last life in order; what is left is settled.
    pub(super) fn finish(&mut self, bot: Bot) -> Seen {
        let words = ["killswitch", "flatten", "--network", "localnet", "--mode", "live"];
        assert_eq!(self.place.run(&words).status, 0);
        self.stage.until(&bot, "it is flat", |state| state.open_positions == 0 && state.in_flight == 0);
        bot.stop();
        let seen = self.checker.look_settled("at its end");
        assert_eq!(seen.open, 0);
        for wallet in self.stage.wallets() {
            let left = self.coins.iter().map(|coin| self.stage.chain.tokens(&wallet, coin));
            assert_eq!(left.sum::<u64>(), 0, "tokens that nobody sells");
        }
        seen
    }
}
