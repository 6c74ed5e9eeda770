//! One coin: who holds it, where it trades, and its next trade.
//!
//! Every price comes from the exact quotes of `momentum_core`; what is drawn is only who trades when, which way
//! and how much. Each coin has its own stream of random numbers, so no coin's life depends on another's.

mod swaps;

use std::time::Duration;

use momentum_core::event::Quote;
use momentum_core::ids::{Mint, Wallet};
use momentum_core::quotes::{CreatorRate, Curve, Liquidity};
use momentum_core::time::Timestamp;
use momentum_core::units::LAMPORTS_PER_SOL;
use serde::{Deserialize, Serialize};

use super::climate::Climate;
use super::names::Agent;
use super::tape::Tape;
use super::temper::{Mood, SNIPE_LAMPORTS, TRADE_LAMPORTS, Temper};
use crate::rng::Rng;

pub(super) use swaps::{SUPPLY, fresh};

/// A coin that would trade more rarely than this is over.
const SILENCE_US: u64 = 240_000_000;

/// Progress from which gravity pulls, and of how many basis points of progress it takes one of buys.
const GRAVITY_FROM_BPS: u64 = 3_000;
const GRAVITY_STEP: u64 = 32;
/// How much of the progress, in percent, is the chance that a mood is followed by a fall.
const DUMPED_PERCENT: u64 = 5;
/// Progress from which machines buy whole rests of curves, to be first on the pool, and how often.
const CLOSING_FROM_BPS: u64 = 9_600;
const CLOSING_BPS: u64 = 70;
/// Progress and holders from which down a coin may be forgotten: creators who never sell keep some progress up.
const DEAD_BPS: u64 = 1_200;
const DEAD_HOLDERS: usize = 10;

/// A holding.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Lot {
    pub(super) agent: Agent,
    pub(super) tokens: u64,
}

/// When a creator sells.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Leaves {
    /// Never.
    Never,
    /// From a moment on.
    At(Timestamp),
    /// Once so much of the curve is sold, in basis points.
    Near(u64),
}

/// A crew that trades with itself.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Wash {
    /// Share of the coin's trades that is theirs, in basis points.
    pub(super) share_bps: u64,
    /// What they buy, about.
    pub(super) lamports: u64,
    /// The lot to be sold next, and by which of them.
    pub(super) holding: Option<Lot>,
    /// Trades so far.
    pub(super) turns: u64,
}

/// A coin.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Coin {
    pub(super) number: u64,
    pub(super) mint: Mint,
    pub(super) creator: Wallet,
    pub(super) quote: Quote,
    pub(super) mayhem: bool,
    pub(super) rate: CreatorRate,
    pub(super) venue: Liquidity,
    pub(super) temper: Temper,
    pub(super) mood: Mood,
    /// When the mood ends.
    pub(super) until: Timestamp,
    /// Factor on the gaps in this mood, in percent.
    pub(super) wave: u64,
    /// What this mood adds to the share of buys, in basis points.
    pub(super) lean_bps: i64,
    /// Whether its end has begun.
    pub(super) doomed: bool,
    /// Factor on all gaps, in percent.
    pub(super) slowness: u64,
    /// Factor on all sizes, in percent.
    pub(super) size: u64,
    /// Machines that have yet to buy.
    pub(super) snipers: u64,
    pub(super) holders: Vec<Lot>,
    /// What the creator holds.
    pub(super) stash: u64,
    pub(super) leaves: Leaves,
    /// How much of his stash the creator sells at a time, in percent.
    pub(super) portion: u64,
    pub(super) wash: Option<Wash>,
    pub(super) rng: Rng,
}

/// What becomes of a coin after a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It trades again then.
    Trade(Timestamp),
    /// The curve is sold out; the pool opens then.
    Migrate(Timestamp),
    /// Nothing more.
    Over,
}

impl Coin {
    /// The next thing that happens to it.
    pub(super) fn act(&mut self, now: Timestamp, climate: Climate, tape: &mut Tape) -> Next {
        if now >= self.until {
            self.turn(now);
        } else if self.mood == Mood::Push && self.is_surprised() {
            self.enter(Mood::Dump, now);
        }
        if self.snipers > 0 {
            self.snipers -= 1;
            let (agent, spend) = (Agent::sniper(&mut self.rng), self.rng.quantile(&SNIPE_LAMPORTS));
            self.buy_new(agent, spend, tape);
        } else if self.creator_is_due(now) {
            self.creator_sells(self.portion, tape);
        } else if self.mayhem && self.rng.chance(2_000) {
            let lamports = self.draw_lamports();
            self.mayhem_agent_trades(lamports, tape);
        } else if self.wash.is_some_and(|wash| self.rng.chance(wash.share_bps)) {
            self.wash_turn(tape);
        } else {
            self.trade(climate, tape);
        }
        if self.complete() { Next::Migrate(now + self.migration_takes()) } else { self.wait(now, climate) }
    }

    /// Whether its curve is sold out.
    pub(super) fn complete(&self) -> bool {
        matches!(self.venue, Liquidity::Curve(curve) if curve.real_token == 0)
    }

    /// How much of its curve is sold, in basis points; none on a pool.
    pub(super) fn progress_bps(&self) -> Option<u64> {
        match self.venue {
            Liquidity::Curve(curve) => curve.progress(Curve::FRESH.real_token).map(|bps| u64::from(bps.0)),
            Liquidity::Pool(_) => None,
        }
    }

    /// Most pools open within a minute; now and then nobody calls the migration for a while.
    fn migration_takes(&mut self) -> Duration {
        let seconds = self.rng.quantile(&[2, 4, 6, 8, 12, 18, 27, 45, 60]);
        Duration::from_secs(if self.rng.chance(200) { seconds * 10 } else { seconds })
    }

    /// Falls into the next mood.
    fn turn(&mut self, now: Timestamp) {
        let height = self.progress_bps().unwrap_or(0);
        let (weights, moods) = self.temper.character().after(self.mood);
        let next = moods[self.rng.weighted(weights)];
        self.doomed |= next == Mood::Fade;
        // Nobody forgets a coin while it is worth something: it falls first, at once or slowly. And the higher
        // it stands, the likelier somebody large leaves.
        let worth_selling = height > DEAD_BPS && self.holders.len() > DEAD_HOLDERS;
        let falls = if self.doomed { worth_selling } else { self.rng.chance(height * DUMPED_PERCENT / 100) };
        let next = match (falls, self.doomed) {
            (true, _) => [Mood::Dump, Mood::Bleed][self.rng.index(2)],
            (false, true) => Mood::Fade,
            (false, false) => next,
        };
        self.enter(next, now);
    }

    /// Falls into `mood`, with an intensity and a lean of its own.
    pub(super) fn enter(&mut self, mood: Mood, now: Timestamp) {
        self.mood = mood;
        self.wave = self.rng.quantile(&[50, 75, 100, 140, 240]);
        self.lean_bps = i64::try_from(self.rng.below(1_001)).unwrap_or(0) - 500;
        // A dense mood is a short one: how far it carries is not to be read off how lively it is.
        let length_s = mood.tone().length_s * self.wave / 100;
        self.until = now + Duration::from_secs(5 + self.rng.exponential(length_s));
    }

    /// The moment of the next trade, unless it would be too far.
    pub(super) fn wait(&mut self, now: Timestamp, climate: Climate) -> Next {
        if self.snipers > 0 {
            return Next::Trade(now + Duration::from_micros(self.rng.exponential(250_000)));
        }
        if self.mood == Mood::Fade {
            self.wave = self.wave * self.temper.character().fading / 100;
        }
        let gap = self.mood.tone().gap_us * self.slowness * self.wave / 100 / climate.activity;
        if self.mood == Mood::Fade && gap > SILENCE_US {
            return Next::Over;
        }
        Next::Trade(now + Duration::from_micros(self.rng.exponential(gap)))
    }

    /// Somebody buys or sells.
    fn trade(&mut self, climate: Climate, tape: &mut Tape) {
        let buys = self.mood.tone().buys_bps + self.lean_bps + climate.lean_bps - self.gravity_bps();
        let buys = u64::try_from(buys.clamp(300, 9_700)).unwrap_or(300);
        let closing =
            self.mood == Mood::Push && self.progress_bps().is_some_and(|height| height > CLOSING_FROM_BPS);
        if closing && self.rng.chance(CLOSING_BPS) {
            // Far more than is left: the program sells the rest, at its price.
            let agent = Agent::sniper(&mut self.rng);
            self.buy_new(agent, 50 * LAMPORTS_PER_SOL, tape);
        } else if !self.rng.chance(buys) {
            self.sell_some(tape);
        } else if !self.holders.is_empty() && self.rng.chance(1_200) {
            let (holder, spend) = (self.rng.index(self.holders.len()), self.draw_lamports());
            if let Some(tokens) = self.buy(self.holders[holder].agent.wallet(tape.seed), spend, tape) {
                self.holders[holder].tokens += tokens;
            }
        } else {
            let (agent, spend) = (Agent::buyer(&mut self.rng), self.draw_lamports());
            self.buy_new(agent, spend, tape);
        }
    }

    /// Whether somebody large takes his profit at the height of a push.
    fn is_surprised(&mut self) -> bool {
        let height = self.progress_bps().unwrap_or(0);
        let one_in = self.temper.character().surprise_one_in;
        self.rng.below(one_in * 10_000 * 10_000) < height * height
    }

    /// The higher a coin stands, the more its holders have to take: so much less of the trades are buys. This
    /// keeps prices near what a fair game would have, where a coin that could double fails half of the time.
    fn gravity_bps(&self) -> i64 {
        let height = self.progress_bps().unwrap_or(0).saturating_sub(GRAVITY_FROM_BPS);
        i64::try_from(height / GRAVITY_STEP).unwrap_or(0)
    }

    /// The size of somebody's trade in lamports. It grows with the coin, from 40 % to 120 %; half of the larger
    /// ones are round.
    fn draw_lamports(&mut self) -> u64 {
        let grown = 40 + self.progress_bps().unwrap_or(10_000) * 80 / 10_000;
        let lamports = self.rng.quantile(&TRADE_LAMPORTS) * self.size / 100 * grown / 100;
        if lamports > 50_000_000 && self.rng.chance(5_000) {
            lamports - lamports % 10_000_000
        } else {
            lamports
        }
    }

    /// A holder sells: all, or what brings a usual amount. In a dump it is the largest of three.
    fn sell_some(&mut self, tape: &mut Tape) {
        if self.holders.is_empty() {
            return;
        }
        let mut holder = self.rng.index(self.holders.len());
        let panic = self.mood == Mood::Dump;
        for _ in 0..if panic { 2 } else { 0 } {
            let other = self.rng.index(self.holders.len());
            if self.holders[other].tokens > self.holders[holder].tokens {
                holder = other;
            }
        }
        let lot = self.holders[holder];
        let usual = self.draw_lamports();
        let usual = self.tokens_worth(usual);
        let all = panic || lot.tokens <= usual.saturating_mul(2) || self.rng.chance(3_500);
        let tokens = if all { lot.tokens } else { usual };
        if self.sell(lot.agent.wallet(tape.seed), tokens, tape) {
            if all {
                self.holders.swap_remove(holder);
            } else {
                self.holders[holder].tokens -= tokens;
            }
        }
    }

    /// The crew buys, and with the next turn sells the same.
    fn wash_turn(&mut self, tape: &mut Tape) {
        let Some(mut wash) = self.wash else { return };
        if let Some(lot) = wash.holding.take() {
            self.sell(lot.agent.wallet(tape.seed), lot.tokens, tape);
        } else {
            // The upper half of the crew's numbers: the lower half are bundles.
            let agent = Agent::crew(self.number, 8 + wash.turns % 8);
            let spend = wash.lamports * self.rng.between(80, 120) / 100;
            wash.holding = self.buy(agent.wallet(tape.seed), spend, tape).map(|tokens| Lot { agent, tokens });
            wash.turns += 1;
        }
        self.wash = Some(wash);
    }

    fn creator_is_due(&mut self, now: Timestamp) -> bool {
        let due = match self.leaves {
            Leaves::Never => false,
            Leaves::At(moment) => now >= moment,
            Leaves::Near(progress) => self.progress_bps().is_none_or(|sold| sold >= progress),
        };
        due && self.stash > 0 && self.rng.chance(3_000)
    }

    /// The creator sells this part of his stash. Where that is all at once it is a rug: his crew sells with him,
    /// and if it was much, everybody runs.
    pub(super) fn creator_sells(&mut self, percent: u64, tape: &mut Tape) {
        let tokens = if percent >= 100 { self.stash } else { (self.stash * percent / 100).max(1) };
        if tokens == 0 || !self.sell(self.creator, tokens, tape) {
            return;
        }
        self.stash -= tokens;
        if percent < 100 {
            return;
        }
        let mut gone = tokens;
        for nth in 0..8 {
            let agent = Agent::crew(self.number, nth);
            if let Some(place) = self.holders.iter().position(|lot| lot.agent == agent) {
                let lot = self.holders.swap_remove(place);
                if self.sell(agent.wallet(tape.seed), lot.tokens, tape) {
                    gone += lot.tokens;
                }
            }
        }
        // Two hundredths of the supply.
        if gone > SUPPLY / 50 && self.rng.chance(7_000) {
            self.enter(Mood::Dump, tape.now());
        }
    }

    /// Somebody who may be new buys, in a transaction of his own.
    pub(super) fn buy_new(&mut self, agent: Agent, lamports: u64, tape: &mut Tape) {
        if let Some(tokens) = self.buy(agent.wallet(tape.seed), lamports, tape) {
            self.holders.push(Lot { agent, tokens });
        }
    }
}
