//! Real orders on the real programs: a bot of its own process on a chain of its own, from the launch of a coin to
//! its pool, and the books against the chain to the lamport.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::iter;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use momentum_control::state::{BotState, Health};
use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::time::ChainTime;
use momentum_core::trader::books::{Account, Class};
use momentum_localnet::chain::{Agent, Chain, Coin, Fate, Options, Surfaces, Way, now};
use momentum_pump::address::{associated_token, user_volume_accumulator};
use momentum_pump::programs::{Program, TOKEN, TOKEN_2022, WRAPPED_SOL};
use momentum_store::book::Network;
use momentum_store::restore;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::runtime::Runtime;

use crate::running::{Bot, DEADLINE, LIVELY, Place};

pub(super) const SOL: u64 = 1_000_000_000;
/// Chain time of a slot of the past.
const PAST_SLOT: i64 = 2;
/// Bytes of an account beside its data, and the lamports that each byte locks.
const RENT_HEADER: usize = 128;
const RENT_PER_BYTE: u64 = 6_960;
/// Slots of the past: velocity needs minutes of it.
const PAST: i64 = 330;

/// Key files of the bot's wallets.
const KEY_FILES: [&str; 2] = ["key.json", "second.json"];

/// Times of a bot whose test does not wait.
const QUICK: [&str; 7] = [
    "signals.cool_down=1s",
    "score.every=1s",
    "risk.proof_every=1s",
    "live.track_every=100ms",
    "live.witness_every=500ms",
    "live.blockhash_every=200ms",
    "live.balances_every=2s",
];

/// Of which kind a coin is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Kind {
    /// Of the first token program.
    pub(super) spl: bool,
    /// Traders get the creator fee back.
    pub(super) cashback: bool,
}

/// A chain with its servers, agents that trade on it, and the wallets of the bot, of which most have one.
pub(super) struct Stage {
    pub(super) chain: Chain,
    pub(super) agents: Vec<Agent>,
    pub(super) ours: Agent,
    second: Option<Agent>,
    pub(super) surfaces: Surfaces,
    time: Cell<i64>,
    /// Times of the bot that are others than the shipped ones.
    times: &'static [&'static str],
    pub(super) runtime: Runtime,
}

impl Stage {
    pub(super) fn new() -> Self {
        Self::with(Options::default())
    }

    /// One of a chain with its own ways.
    pub(super) fn with(options: Options) -> Self {
        Self::since(now().0 - PAST * PAST_SLOT, &QUICK, options)
    }

    /// One without a past, for bots whose times are the shipped ones.
    pub(super) fn in_real_time() -> Self {
        Self::since(now().0, &[], Options::default())
    }

    fn since(began: i64, times: &'static [&'static str], options: Options) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let chain = Chain::new(Options { began: ChainTime(began), ..options });
        let surfaces = runtime.block_on(chain.serve());
        let agents = (0..6).map(|_| chain.agent()).collect();
        let ours = chain.agent();
        Self { agents, ours, second: None, surfaces, time: Cell::new(began), times, chain, runtime }
    }

    /// The same with a second wallet of the bot.
    pub(super) fn with_second(self) -> Self {
        Self { second: Some(self.chain.agent()), ..self }
    }

    /// A slot: of the past as long as there is one, then of now.
    pub(super) fn step(&self) {
        let time = (self.time.get() + PAST_SLOT).min(now().0);
        self.time.set(time);
        self.chain.step_at(ChainTime(time));
    }

    /// What the chain is reached by.
    pub(super) const fn surfaces(&self) -> &Surfaces {
        &self.surfaces
    }

    pub(super) fn wallet(&self) -> Pubkey {
        self.ours.address()
    }

    /// All wallets of the bot.
    pub(super) fn wallets(&self) -> Vec<Pubkey> {
        self.keys().map(Agent::address).collect()
    }

    fn keys(&self) -> impl Iterator<Item = &Agent> {
        iter::once(&self.ours).chain(&self.second)
    }

    /// The settings of a bot on this chain.
    pub(super) fn sets(&self, more: &[&'static str]) -> Vec<&'static str> {
        let thresholds = |set: &&&str| !set.starts_with("sim.") && !set.starts_with("signals.cool_down");
        let mut sets: Vec<&str> = LIVELY.iter().filter(thresholds).copied().collect();
        sets.extend(self.times);
        sets.extend([
            "signals.buy_score=1",
            "risk.min_position=0.001SOL",
            "signals.buy_safety=0",
            "signals.buy_velocity=-1",
            "risk.proof_score=0",
            "risk.proof_progress_min=0%",
            match self.second {
                None => "wallets.files=[\"key.json\"]",
                Some(_) => "wallets.files=[\"key.json\",\"second.json\"]",
            },
            "endpoints.grpc=[\"grpc.url\"]",
            "endpoints.rpc=[\"rpc.url\",\"backup.url\"]",
        ]);
        sets.extend(more);
        sets.iter().flat_map(|set| ["--set", *set]).collect()
    }

    /// Gives the place what a bot on this chain needs, and arms it.
    pub(super) fn equip(&self, place: &Place, more: &[&'static str]) {
        for (agent, file) in self.keys().zip(KEY_FILES) {
            let key: Vec<String> = agent.key().iter().map(ToString::to_string).collect();
            place.secret(file, &format!("[{}]", key.join(",")), 0o600);
        }
        place.secret("grpc.url", &format!("{}\n", self.surfaces.grpc_url), 0o600);
        place.secret("rpc.url", &format!("{}\n", self.surfaces.rpc_url), 0o600);
        place.secret("backup.url", &format!("{}\n", self.surfaces.backup_url), 0o600);
        self.arm(place, more);
    }

    /// Arms a bot with these settings.
    pub(super) fn arm(&self, place: &Place, more: &[&'static str]) {
        let sets = self.sets(more);
        let arm = ["config", "arm", "--max-loss", "1000SOL", "--until-revoked", "--confirm", "localnet-live"];
        let armed = place.run(&[&arm[..], &["--network", "localnet", "--mode", "live"], &sets[..]].concat());
        assert_eq!(armed.status, 0, "{armed:?}");
    }

    /// The arguments of a bot on this chain.
    pub(super) fn arguments(&self, more: &[&'static str]) -> Vec<&'static str> {
        let live = ["--mode", "live", "--source", "grpc", "--network", "localnet"];
        [&live[..], &self.sets(more)].concat()
    }

    /// Starts a bot and waits until it would trade.
    pub(super) fn start(&self, place: &Place, more: &[&'static str]) -> Bot {
        let bot = place.launch(&self.arguments(more));
        bot.until("the stream is well", |state| {
            state.services.iter().any(|service| service.name == "stream" && service.health == Health::Ok)
        });
        bot
    }

    /// The same with a recording of all that it hears.
    pub(super) fn start_recorded(&self, place: &Place, more: &[&'static str], folder: &Path) -> Bot {
        let sets = self.sets(more);
        let live = ["--mode", "live", "--source", "grpc", "--network", "localnet", "--record"];
        let folder = [folder.to_str().unwrap()];
        let bot = place.launch(&[&live[..], &folder, &sets[..]].concat());
        bot.until("the stream is well", |state| {
            state.services.iter().any(|service| service.name == "stream" && service.health == Health::Ok)
        });
        bot
    }

    /// Slots go on until the bot is as wished.
    pub(super) fn until(&self, bot: &Bot, what: &str, wished: impl Fn(&BotState) -> bool) -> BotState {
        bot.until(what, |state| {
            self.step();
            thread::sleep(Duration::from_millis(60));
            wished(state)
        })
    }

    /// Launches a coin that nobody has traded yet.
    pub(super) fn fresh(&self) -> Pubkey {
        let (mint, _) = self.agents[0].launch(&Coin::default());
        self.step();
        mint
    }

    /// Launches a coin and trades it through the past, up to about half of its curve.
    pub(super) fn launch(&self) -> Pubkey {
        self.launch_side_by_side(1)[0]
    }

    /// The same of several coins.
    pub(super) fn launch_side_by_side(&self, count: usize) -> Vec<Pubkey> {
        self.launch_kinds(&vec![Kind::default(); count])
    }

    /// The same of several coins, each of its kind.
    pub(super) fn launches<const N: usize>(&self, kinds: [Kind; N]) -> [Pubkey; N] {
        self.launch_kinds(&kinds).try_into().unwrap()
    }

    fn launch_kinds(&self, kinds: &[Kind]) -> Vec<Pubkey> {
        let launch = |kind: &Kind| self.agents[0].launch(&Coin { legacy: kind.spl, ..Coin::default() }).0;
        let mints: Vec<_> = kinds.iter().map(launch).collect();
        self.step();
        let cashback = kinds.iter().zip(&mints).filter(|(kind, _)| kind.cashback);
        cashback.for_each(|(_, mint)| self.chain.make_cashback(mint));
        for slot in 0..usize::try_from(PAST).unwrap() {
            let agent = &self.agents[1 + slot % 5];
            for mint in &mints {
                if slot % 9 == 8 {
                    agent.sell(mint, agent.tokens(mint) / 10, agent.way(mint));
                } else {
                    agent.buy(mint, SOL / 15, agent.way(mint));
                }
            }
            self.step();
        }
        mints
    }

    /// Somebody buys and somebody sells a little more: the price falls slowly, so that nothing is held for long.
    pub(super) fn churn(&self, mint: &Pubkey, turn: u64) {
        let of = |turn: u64| &self.agents[usize::try_from(1 + turn % 5).unwrap()];
        of(turn).buy(mint, SOL / 50, of(turn).way(mint));
        let seller = of(turn / 4 + 1);
        seller.sell(mint, seller.tokens(mint) / 100, seller.way(mint));
    }

    /// Somebody buys for so much: the price rises.
    pub(super) fn lift(&self, mint: &Pubkey, lamports: u64) {
        self.agents[2].buy(mint, lamports, Way::V3);
    }

    /// Somebody sells a little: the price falls.
    pub(super) fn dip(&self, mint: &Pubkey) {
        self.agents[2].sell(mint, self.agents[2].tokens(mint) / 20, Way::V3);
    }

    /// Transactions that the first node was given.
    pub(super) fn sends(&self) -> usize {
        self.surfaces.rpc.asked().iter().filter(|method| *method == "sendTransaction").count()
    }

    /// Slots go on until something is so.
    pub(super) fn go_on(&self, what: &str, so: impl Fn() -> bool) {
        let began = Instant::now();
        while !so() {
            assert!(began.elapsed() < DEADLINE, "not within {DEADLINE:?}: {what}");
            self.step();
            thread::sleep(Duration::from_millis(60));
        }
    }

    /// Others sell so much that the price is another one.
    pub(super) fn fall(&self, mint: &Pubkey) {
        for agent in &self.agents {
            agent.sell(mint, agent.tokens(mint) / 3, Way::V3);
        }
        self.step();
    }

    /// Somebody buys all that its curve has left.
    pub(super) fn complete(&self, mint: &Pubkey) {
        self.agents[3].buy(mint, 80 * SOL, Way::V3);
        self.step();
        assert!(self.chain.curve(mint).unwrap().complete);
    }

    /// It moves to its pool.
    pub(super) fn migrate(&self, mint: &Pubkey) {
        self.agents[4].migrate(mint);
        self.step();
    }

    /// The result of a summary is what the wallets have won since they held `funds`, with the rent that is locked
    /// for these coins.
    pub(super) fn result_is_the_wallets(&self, summary: &Value, funds: u64, mints: &[Pubkey]) {
        let held: u64 = self.wallets().iter().map(|wallet| self.chain.balance(wallet)).sum();
        let change = held.cast_signed() - funds.cast_signed();
        let rent = self.rent(mints).cast_signed();
        let told = format!("{change} and {rent} of rent: {summary}");
        assert_eq!(summary["result_lamports"], (change + rent).to_string(), "{told}");
    }

    /// Lamports that are locked in accounts of the wallets: what collected in them is not.
    pub(super) fn rent(&self, mints: &[Pubkey]) -> u64 {
        self.wallets().iter().map(|wallet| self.rent_of(wallet, mints)).sum()
    }

    /// The same of one wallet.
    pub(super) fn rent_of(&self, wallet: &Pubkey, mints: &[Pubkey]) -> u64 {
        let volumes = [Program::Pump, Program::PumpSwap].map(|of| user_volume_accumulator(of, wallet));
        let wrapped =
            [*wallet, volumes[0], volumes[1]].map(|owner| associated_token(&owner, &WRAPPED_SOL, &TOKEN));
        let tokens = mints
            .iter()
            .flat_map(|mint| [TOKEN, TOKEN_2022].map(|program| associated_token(wallet, mint, &program)));
        let keys: BTreeSet<_> = volumes.into_iter().chain(wrapped).chain(tokens).collect();
        let rent = |length: usize| u64::try_from(RENT_HEADER + length).unwrap() * RENT_PER_BYTE;
        keys.iter().map(|key| self.chain.account(key).map_or(0, |account| rent(account.data.len()))).sum()
    }

    /// What the books of the place say that the wallet holds.
    pub(super) fn booked(&self, place: &Place) -> u64 {
        self.account(place).balance.0
    }

    /// What the books of the place say of the wallet.
    pub(super) fn account(&self, place: &Place) -> Account {
        self.account_of(place, &self.wallet())
    }

    /// The same of one of the wallets.
    pub(super) fn account_of(&self, place: &Place, wallet: &Pubkey) -> Account {
        let address = momentum_store::address::Address::in_folder(place.book().folder());
        let restored = self.runtime.block_on(restore::restore(&address)).unwrap().unwrap();
        let wallet = Wallet(*wallet);
        let account = restored.rows.iter().find_map(|row| match row {
            momentum_core::trader::ledger::Row::Account { wallet: of, account } if *of == wallet => {
                Some(account.clone())
            }
            _ => None,
        });
        account.unwrap()
    }
}

/// Settings under which every order tips, a buy that failed is tried again soon, and no sale is signed anew while
/// it may still land: what the second one would cost is of no position.
const TIPPED: [&str; 4] = [
    "endpoints.block_engine=\"engine.url\"",
    "execution.buy_pause=1s",
    "execution.supersede_after=10min",
    "risk.proof_slots_max=200",
];

/// What buys that came to nothing have cost: no position bears it.
fn lost(stage: &Stage, place: &Place) -> i64 {
    stage.runtime.block_on(async {
        let file = SqliteConnectOptions::new().filename(place.book().database()).read_only(true);
        let mut store = file.connect().await.unwrap();
        let asked = "SELECT coalesce(sum(coalesce(cost_base, 0) + coalesce(cost_priority, 0)), 0) FROM attempts \
                     WHERE side = 'buy' AND outcome = 'failed' \
                     AND (order_seq, order_nth) NOT IN (SELECT order_seq, order_nth FROM fills)";
        let lost: i64 = sqlx::query_scalar(asked).fetch_one(&mut store).await.unwrap();
        store.close().await.unwrap();
        lost
    })
}

/// Slots in which transactions of the wallet failed.
fn failures(stage: &Stage) -> Vec<u64> {
    let (wallet, history) = (stage.wallet(), stage.chain.history(0));
    let ours = history.iter().filter(|landed| landed.keys().first() == Some(&wallet));
    ours.filter(|landed| landed.error.is_some()).map(|landed| landed.slot).collect()
}

#[test]
fn a_coin_is_bought_on_its_curve_taken_up_the_ladder_and_sold_on_its_pool_to_the_lamport() {
    let (stage, place) = (Stage::new(), Place::live("trades", Network::Localnet));
    place.secret("engine.url", &stage.surfaces.engine.url(), 0o600);
    stage.equip(&place, &TIPPED);
    let funds = stage.chain.balance(&stage.wallet());
    let bot = stage.start(&place, &TIPPED);
    // The first buy.
    stage.chain.fates([Fate::Fails]);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |state| state.open_positions > 0);
    let bought = stage.ours.tokens(&mint);
    assert!(bought > 0);

    stage.until(&bot, "a rung of the ladder is sold", |_| {
        let agent = &stage.agents[2];
        if stage.chain.curve(&mint).is_some_and(|facts| facts.curve.real_token > 120_000_000_000_000) {
            agent.buy(&mint, SOL, Way::V3);
        }
        stage.ours.tokens(&mint) < bought
    });
    let left = stage.ours.tokens(&mint);
    assert!(left > 0 && left < bought, "{left} of {bought}");

    stage.complete(&mint);
    stage.until(&bot, "it waits for the pool", |_| {
        let waits = bot.ask(|client| client.positions()).iter().any(|row| row.phase == "graduating");
        waits && bot.state().in_flight == 0
    });
    // The first sale on the pool.
    stage.chain.fates([Fate::Fails]);
    stage.migrate(&mint);
    let migrated = stage.chain.slot();
    stage.until(&bot, "it sells on the pool", |state| state.open_positions == 0);
    assert_eq!(stage.ours.tokens(&mint), 0);
    stage.until(&bot, "nothing is in flight", |state| state.in_flight == 0);

    let summary = bot.stop();
    stage.result_is_the_wallets(&summary, funds, &[mint]);
    assert_eq!(stage.booked(&place), stage.chain.balance(&stage.wallet()), "{summary}");
    // That is the profit of what it closed.
    let told = |name: &str| summary[name].as_str().unwrap().parse::<i64>().unwrap();
    assert_eq!(told("pnl_lamports") - lost(&stage, &place), told("result_lamports"), "{summary}");
    let (failed, account) = (failures(&stage), stage.account(&place));
    assert!(failed[0] < migrated && failed.last() > Some(&migrated), "{failed:?}, its pool is of {migrated}");
    assert!(account.class(Class::Tip).0 < 0 && account.class(Class::FailedCost).0 < 0, "{account:?}");
    assert!(stage.surfaces.engine.given().iter().all(|one| one.tip > 0), "every order tips");
}
