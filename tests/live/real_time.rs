//! One coin in real time: slots of 400 ms, and every time constant as it is shipped.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

use momentum_control::state::BotState;
use momentum_core::ids::Pubkey;
use momentum_store::book::Network;

use super::checker::Checker;
use super::trading::{SOL, Stage};
use crate::running::{Bot, Place};

const SLOT: Duration = Duration::from_millis(400);
/// Longest wait for one thing: it decides no outcome, it ends a test that hangs.
const PATIENCE: Duration = Duration::from_secs(20 * 60);
/// Tokens that the curve has left when the price has risen enough for a rung.
const LIFTED: u64 = 120_000_000_000_000;

/// The market of one coin.
struct Market<'a> {
    stage: &'a Stage,
    bot: &'a Bot,
    mint: Pubkey,
    slots: u64,
}

impl Market<'_> {
    /// Slots go on, with a trade in every second one, until the bot is as wished; `lift`: for how much others buy.
    fn until(&mut self, what: &str, lift: u64, wished: impl Fn(&BotState) -> bool) {
        let began = Instant::now();
        loop {
            let slot = Instant::now();
            let agent = &self.stage.agents[usize::try_from(1 + self.slots % 5).unwrap()];
            let left = self.stage.chain.curve(&self.mint).map_or(0, |facts| facts.curve.real_token);
            match self.slots % 10 {
                9 => drop(agent.sell(&self.mint, agent.tokens(&self.mint) / 10, agent.way(&self.mint))),
                nth if nth % 2 == 0 && left > LIFTED => {
                    agent.buy(&self.mint, lift, agent.way(&self.mint));
                }
                _ => {}
            }
            self.stage.step();
            self.slots += 1;
            let state = self.bot.state();
            if wished(&state) {
                return;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "not within {PATIENCE:?}: {what}: {state:?}, {}",
                self.bot.said()
            );
            thread::sleep(SLOT.saturating_sub(slot.elapsed()));
        }
    }
}

#[test]
#[ignore = "some six minutes: .ci/long live_real_time"]
fn a_coin_goes_from_launch_to_pool_by_the_shipped_time_constants_and_the_result_is_the_wallets() {
    let (stage, place) = (Stage::in_real_time(), Place::live("real-time", Network::Localnet));
    stage.equip(&place, &[]);
    let funds = stage.chain.balance(&stage.wallet());
    let bot = stage.start(&place, &[]);
    let began = Instant::now();
    let mint = stage.fresh();
    let mut market = Market { stage: &stage, bot: &bot, mint, slots: 0 };
    market.until("it buys", SOL / 20, |state| state.open_positions > 0);
    let bought = stage.ours.tokens(&mint);
    market.until("a rung of the ladder is sold", SOL / 2, |_| stage.ours.tokens(&mint) < bought);
    let left = stage.ours.tokens(&mint);
    assert!(left > 0 && left < bought, "{left} of {bought}");
    stage.complete(&mint);
    let gap = Cell::new(0);
    market.until("its pool is waited for", 0, |_| gap.replace(gap.get() + 1) > 20);
    stage.migrate(&mint);
    market.until("it sells on the pool", 0, |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(stage.ours.tokens(&mint), 0);
    let slots = market.slots;
    let summary = bot.stop();
    stage.result_is_the_wallets(&summary, funds, &[mint]);
    let mut checker = Checker::new(&stage, &place, 5);
    checker.look_settled("at the end");
    println!(
        "{slots} slots of 400 ms in {} s: {} transactions landed, exits {}, result {} lamports: the wallet's change and {} of rent",
        began.elapsed().as_secs(),
        checker.landed(),
        summary["exits"],
        summary["result_lamports"],
        stage.rent(&[mint]),
    );
}
