//! Seeded agents that launch, trade, graduate and rug coins on the local chain, so that there is something to
//! trade. What they do in a slot follows from the seed and from the chain alone.

mod plot;

use momentum_core::ids::Pubkey;
use momentum_sim::rng::Rng;

use crate::chain::{Agent, Chain, Coin, Way};
use plot::{Ending, Plot, Scene};

/// Wallets that trade.
const TRADERS: u64 = 240;
/// Slots from one coin that comes to nothing to the next.
const DUD_EVERY: u64 = 20;
/// Slots from one coin with momentum to the next.
const STAR_EVERY: u64 = 140;
/// Lamports of a SOL.
const SOL: u64 = 1_000_000_000;
/// A thousandth of a SOL.
const MILLI: u64 = SOL / 1_000;

/// The market of a chain.
pub struct Market {
    chain: Chain,
    traders: Vec<Agent>,
    rng: Rng,
    coins: Vec<Living>,
    /// Slots that it has seen.
    age: u64,
    launched: u64,
    /// Where the coins' metadata are.
    metadata: String,
}

/// A coin that something happens to still.
struct Living {
    mint: Pubkey,
    plot: Plot,
    /// Slots since its launch.
    age: u64,
    creator: usize,
    holders: Vec<usize>,
    scene: Scene,
}

/// A coin's launch, for whoever serves its metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Its number.
    pub number: u64,
    /// Its mint.
    pub mint: Pubkey,
    /// Whether its makers say who they are: links in its metadata.
    pub linked: bool,
}

impl Market {
    /// A market of this seed; coins' metadata are at `metadata` + number + `.json`.
    #[must_use]
    pub fn new(chain: &Chain, seed: u64, metadata: &str) -> Self {
        let traders = (0..TRADERS).map(|_| chain.agent()).collect();
        Self {
            chain: chain.clone(),
            traders,
            rng: Rng::new(seed, 1),
            coins: Vec::new(),
            age: 0,
            launched: 0,
            metadata: metadata.to_owned(),
        }
    }

    /// The most of its curve that any coin still in play has sold, in percent.
    #[must_use]
    pub fn most_sold(&self) -> u64 {
        self.coins.iter().map(|coin| self.progress(coin)).max().unwrap_or(0)
    }

    /// Queues what happens in the next slot. Tells the coins that are launched in it.
    pub fn act(&mut self) -> Vec<Launch> {
        let mut launches = Vec::new();
        if self.age.is_multiple_of(DUD_EVERY) {
            let buys = self.rng.between(1, 9);
            launches.push(self.launch(Plot::Dud { buys }));
        }
        if self.age % STAR_EVERY == 2 {
            let ending = match self.rng.below(20) {
                0..=11 => Ending::Graduates,
                12..=16 => Ending::Fades,
                _ => Ending::Rugs,
            };
            let peak = self.rng.between(82, 94);
            launches.push(self.launch(Plot::Star { peak, ending }));
        }
        self.age += 1;
        let mut coins = std::mem::take(&mut self.coins);
        for coin in &mut coins {
            self.play(coin);
            coin.age += 1;
        }
        coins.retain(|coin| coin.scene != Scene::Over);
        // Launched ones begin to trade in the slot after their launch.
        coins.append(&mut self.coins);
        self.coins = coins;
        launches
    }

    fn launch(&mut self, plot: Plot) -> Launch {
        self.launched += 1;
        let number = self.launched;
        let creator = self.anyone();
        // With fewer than 38 letters in all a mint can come to 355 bytes, at which `create_v2` fails: Token-2022
        // lets no mint be as long as a multisig account, and the program does not pay for the two bytes more.
        let coin = Coin {
            name: format!("Local {number:04}"),
            symbol: format!("L{number:04}"),
            uri: format!("{}{number:04}.json", self.metadata),
            ..Coin::default()
        };
        let (mint, _) = self.traders[creator].launch(&coin);
        let linked = matches!(plot, Plot::Star { .. });
        self.coins.push(Living { mint, plot, age: 0, creator, holders: Vec::new(), scene: Scene::Quiet });
        Launch { number, mint, linked }
    }

    fn anyone(&mut self) -> usize {
        usize::try_from(self.rng.below(TRADERS)).unwrap()
    }

    /// Whether something happens that happens in `percent` of all slots.
    fn chance(&mut self, percent: u64) -> bool {
        self.rng.below(100) < percent
    }

    fn buy(&mut self, coin: &mut Living, low: u64, high: u64) {
        let spend = self.rng.between(low, high) * MILLI;
        let who = self.anyone();
        // A creator who trades along looks like one who leaves.
        if who == coin.creator {
            return;
        }
        let way = if self.rng.below(8) == 0 { Way::Legacy } else { Way::V3 };
        if coin.scene == Scene::OnPool {
            self.traders[who].buy_on_pool(&coin.mint, spend);
        } else {
            self.traders[who].buy(&coin.mint, spend, way);
        }
        coin.holders.push(who);
    }

    /// A holder sells all.
    fn sell(&mut self, coin: &mut Living, who: usize) {
        let tokens = self.traders[who].tokens(&coin.mint);
        if tokens == 0 {
            return;
        }
        if coin.scene == Scene::OnPool {
            self.traders[who].sell_on_pool(&coin.mint, tokens);
        } else {
            self.traders[who].sell(&coin.mint, tokens, Way::V3);
        }
    }

    fn sell_one(&mut self, coin: &mut Living) {
        let count = u64::try_from(coin.holders.len()).unwrap();
        if count > 0 {
            let at = usize::try_from(self.rng.below(count)).unwrap();
            let who = coin.holders.swap_remove(at);
            self.sell(coin, who);
        }
    }

    fn play(&mut self, coin: &mut Living) {
        match coin.plot {
            Plot::Dud { buys } => self.play_dud(coin, buys),
            Plot::Star { peak, ending } => self.play_star(coin, peak, ending),
        }
    }
}
