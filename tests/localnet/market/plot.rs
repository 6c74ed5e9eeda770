//! How coins fare: most come to nothing; some have momentum, then graduate, fade or are rugged.

use super::{Living, Market, SOL};

/// What a coin is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plot {
    /// A few buys, and its creator leaves.
    Dud {
        /// How many.
        buys: u64,
    },
    /// Grows slowly, then fast.
    Star {
        /// Percent of the curve that it reaches.
        peak: u64,
        /// What then.
        ending: Ending,
    },
}

/// How momentum ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The curve sells out and the coin goes on on its pool.
    Graduates,
    /// Holders leave one by one.
    Fades,
    /// Its creator sells all at once, and others after.
    Rugs,
}

/// Where a coin is in its plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    Quiet,
    Rising,
    Completing,
    OnPool,
    Falling,
    Over,
}

/// Slots of slow growth. With 12 s of market time a slot: a quarter of an hour, which the score's slowest measure
/// of velocity asks for.
const QUIET: u64 = 80;
/// Slots that a coin falls, or trades on its pool, before nobody looks at it any more.
const AFTER: u64 = 90;

impl Market {
    pub(super) fn play_dud(&mut self, coin: &mut Living, buys: u64) {
        if coin.age == 0 {
            self.traders[coin.creator].buy(&coin.mint, SOL / 2, crate::chain::Way::V3);
        } else if coin.age <= buys {
            self.buy(coin, 50, 400);
        } else if coin.age == buys + 3 {
            let creator = coin.creator;
            self.sell(coin, creator);
        } else if coin.age > buys + 6 {
            self.sell_one(coin);
            if coin.holders.is_empty() {
                coin.scene = Scene::Over;
            }
        }
    }

    pub(super) fn play_star(&mut self, coin: &mut Living, peak: u64, ending: Ending) {
        match coin.scene {
            Scene::Quiet => {
                if coin.age == 0 {
                    self.traders[coin.creator].buy(&coin.mint, 3 * SOL / 2, crate::chain::Way::V3);
                } else if self.chance(30) {
                    self.buy(coin, 100, 250);
                }
                if coin.age == QUIET {
                    coin.scene = Scene::Rising;
                }
            }
            Scene::Rising => self.rise(coin, peak, ending),
            Scene::Completing => self.complete(coin),
            Scene::OnPool => self.trade_pool(coin),
            Scene::Falling => self.fall(coin),
            Scene::Over => {}
        }
    }

    /// Percent of the curve that is sold.
    pub(super) fn progress(&self, coin: &Living) -> u64 {
        let left = self.chain.curve(&coin.mint).map_or(0, |facts| facts.curve.real_token);
        100 - left / 7_931_000_000_000
    }

    fn rise(&mut self, coin: &mut Living, peak: u64, ending: Ending) {
        let progress = self.progress(coin);
        if progress >= peak {
            coin.age = 0;
            coin.scene = match ending {
                Ending::Graduates => Scene::Completing,
                Ending::Fades | Ending::Rugs => Scene::Falling,
            };
            if ending == Ending::Rugs {
                let creator = coin.creator;
                self.sell(coin, creator);
            }
            return;
        }
        // Many small buyers; the last stretch is slower: there is time to look at it.
        for _ in 0..if progress < 72 { 5 } else { 3 } {
            self.buy(coin, 200, 400);
        }
        if self.chance(8) {
            self.sell_one(coin);
        }
    }

    fn complete(&mut self, coin: &mut Living) {
        let Some(facts) = self.chain.curve(&coin.mint) else { return };
        if !facts.complete {
            return self.buy(coin, 1_500, 3_000);
        }
        let creator = coin.creator;
        self.traders[creator].migrate(&coin.mint);
        coin.age = 0;
        coin.scene = Scene::OnPool;
    }

    fn trade_pool(&mut self, coin: &mut Living) {
        if self.chain.pool(&coin.mint).is_none() {
            return;
        }
        if self.chance(40) {
            self.buy(coin, 100, 900);
        }
        if self.chance(60) {
            self.sell_one(coin);
        }
        if coin.age > AFTER {
            coin.scene = Scene::Over;
        }
    }

    fn fall(&mut self, coin: &mut Living) {
        for _ in 0..2 {
            self.sell_one(coin);
        }
        if self.chance(15) {
            self.buy(coin, 50, 200);
        }
        if coin.age > AFTER || coin.holders.is_empty() {
            coin.scene = Scene::Over;
        }
    }
}
