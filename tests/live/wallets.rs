//! One bot with two wallets: which of them buys, that each sells what it bought, that both have their own books to the
//! lamport, and what a wallet keeps and tells when it has little left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use momentum_control::request::Wish;
use momentum_control::state::BotState;
use momentum_core::ids::{Mint, Pubkey};
use momentum_core::trader::books::Class;
use momentum_core::units::Lamports;
use momentum_localnet::chain::{Fate, Landed};
use momentum_localnet::rpc::Account;
use momentum_pump::programs::TIP_ACCOUNTS;
use momentum_store::book::Network;

use super::checker::Checker;
use super::lives::{Lives, MOST, RESTLESS};
use super::trading::{SOL, Stage};
use crate::running::{Bot, Place};

/// Only the operator buys, what is bought is kept, and a proof of exit is good for as long as a test takes.
const BY_HAND: [&str; 14] = [
    "signals.buy_score=100",
    "signals.strong_buy_score=100",
    "exits.time_stop=24h",
    "exits.stop_young=30%",
    "exits.stop_min=30%",
    "exits.stop_max=30%",
    "risk.proof_slots_max=10000",
    "execution.supersede_after=5min",
    "enrich.check_above=0",
    "enrich.check_every=1s",
    "enrich.check_close_every=1s",
    "enrich.retry=1s",
    "rpc.rate=1000",
    "rpc.burst=1000",
];
/// Buys go by a block engine, which is tipped.
const TIPPED: [&str; 1] = ["endpoints.block_engine=\"engine.url\""];
/// A high floor: proofs of exit are made with what lies under it, however little there is above.
const GUARDED: [&str; 2] = ["risk.wallet_floor=1SOL", "risk.low_balance=1.02SOL"];
/// What a wallet keeps by those, and beside it for each position that it holds.
const FLOOR: u64 = SOL;
const EXIT: u64 = 6_005_000;
/// What the operator wants to spend on each coin.
const WISH: u64 = SOL / 10;

const LOW: &str = "a wallet's balance is low";
const RECOVERED: &str = "a wallet's balance is no longer low";

/// A chain whose bot has two wallets that hold so much, and its place.
fn stage(test: &str, funds: [u64; 2]) -> (Stage, Place, [Pubkey; 2]) {
    let (stage, place) = (Stage::new().with_second(), Place::live(test, Network::Localnet));
    let wallets: [Pubkey; 2] = stage.wallets().try_into().unwrap();
    for (wallet, lamports) in wallets.iter().zip(funds) {
        stage.chain.put(wallet, &Account { lamports, ..Account::default() });
    }
    place.secret("engine.url", &stage.surfaces.engine.url(), 0o600);
    (stage, place, wallets)
}

fn wish(coin: &Pubkey) -> Wish {
    Wish::Buy { mint: Mint(*coin), lamports: Lamports(WISH) }
}

/// Has a bot buy this coin, which is the position of this number.
fn bought(stage: &Stage, bot: &Bot, coin: &Pubkey, nth: u64) {
    stage.until(bot, "it has bought", |state| {
        let has = state.open_positions == nth && state.in_flight == 0;
        // A gate may refuse it at first. What is bought already, or about to be, is refused as such.
        if !has {
            bot.refusal(&wish(coin));
        }
        has
    });
}

/// Has a bot sell everything.
fn flatten(stage: &Stage, place: &Place, bot: &Bot) {
    let words = ["killswitch", "flatten", "--network", "localnet", "--mode", "live"];
    assert_eq!(place.run(&words).status, 0);
    stage.until(bot, "all is sold", |state| state.open_positions == 0 && state.in_flight == 0);
}

/// Transactions of the bot's wallets since a slot, in their order: whose each is, in which coin, and what it did.
fn ours(stage: &Stage, coins: &[Pubkey], since: u64) -> Vec<(Pubkey, Pubkey, Arc<Landed>)> {
    let wallets = stage.wallets();
    let of = |landed: Arc<Landed>| {
        let keys = landed.keys();
        let coin = *coins.iter().find(|coin| keys.contains(coin))?;
        wallets.contains(&keys[0]).then_some((keys[0], coin, landed))
    };
    stage.chain.history(since).into_iter().filter_map(of).collect()
}

/// What a transaction gave to block engines.
fn tip(landed: &Landed) -> u64 {
    TIP_ACCOUNTS.iter().map(|account| landed.change(account).unsigned_abs()).sum()
}

/// The books of both wallets, which held `funds` when they were opened, are what the chain did, class by class.
fn booked_as_on_chain(stage: &Stage, place: &Place, funds: [u64; 2], coins: &[Pubkey]) {
    let history = stage.chain.history(0);
    for (wallet, funds) in stage.wallets().iter().zip(funds) {
        let own = history.iter().filter(|landed| landed.keys().first() == Some(wallet));
        let (done, failed): (Vec<_>, Vec<_>) = own.partition(|landed| landed.error.is_none());
        let fees = |of: &[&Arc<Landed>]| of.iter().map(|landed| landed.fee).sum::<u64>();
        let tips: u64 = done.iter().map(|landed| tip(landed)).sum();
        let (balance, rent) = (stage.chain.balance(wallet), stage.rent_of(wallet, coins));
        let account = stage.account_of(place, wallet);
        let class = |class| account.class(class).0.unsigned_abs();
        let network = class(Class::BaseFee) + class(Class::PriorityFee);
        let (tipped, lost) = (class(Class::Tip), class(Class::FailedCost));
        let booked = [account.opening.0, account.balance.0, network, tipped, lost, account.rent().0];
        assert_eq!(booked, [funds, balance, fees(&done), tips, fees(&failed), rent], "{wallet}: {account:?}");
        assert!(account.balances(), "{wallet}: {account:?}");
    }
}

/// What the closed positions of a wallet have won.
fn won(place: &Place, wallet: &Pubkey) -> i64 {
    let words = ["positions", "export", "--network", "localnet", "--mode", "live", "--json"];
    let closed = place.run(&words).json();
    let own = closed.as_array().unwrap().iter().filter(|row| row["wallet"] == wallet.to_string());
    own.map(|row| row["pnl"].as_str().unwrap().parse::<i64>().unwrap()).sum()
}

/// Whether a wallet is shown as one that has little left.
fn is_low(state: &BotState, wallet: &Pubkey) -> bool {
    state.wallets.iter().any(|of| of.wallet.0 == *wallet && of.low)
}

/// How often the log says this of a wallet.
fn told(place: &Place, what: &str, wallet: &Pubkey) -> usize {
    let name = wallet.to_string();
    place.log("system").lines().filter(|line| line.contains(what) && line.contains(&name)).count()
}

#[test]
fn the_wallet_that_can_pay_the_most_buys_it_sells_again_and_what_it_has_won_is_its_own_to_the_lamport() {
    // The first pays two coins before the other can pay more.
    let funds = [1_000 * SOL, 1_000 * SOL - 150_000_000];
    let (stage, place, [first, second]) = stage("two-wallets", funds);
    let sets = [&BY_HAND[..], &TIPPED].concat();
    stage.equip(&place, &sets);
    let bot = stage.start(&place, &sets);
    let coins = stage.launch_side_by_side(4);
    for (nth, coin) in (1..).zip(&coins) {
        bought(&stage, &bot, coin, nth);
    }
    let buys = ours(&stage, &coins, 0);
    let buyers: Vec<Pubkey> = buys.iter().map(|(wallet, ..)| *wallet).collect();
    assert_eq!(buyers, [first, first, second, first]);

    let since = stage.chain.slot() + 1;
    stage.chain.fates([Fate::Fails; 2]);
    flatten(&stage, &place, &bot);
    let sales = ours(&stage, &coins, since);
    for (wallet, coin, sale) in &sales {
        let buyer = buys.iter().find(|(_, bought, _)| bought == coin).map(|(buyer, ..)| buyer);
        assert_eq!(buyer, Some(wallet), "{} of {coin}", sale.signature);
    }
    let failed = sales.iter().filter(|(.., sale)| sale.error.is_some()).count();
    assert!(failed >= 2 && sales.len() >= 6, "{failed} of {} failed", sales.len());

    let summary = bot.stop();
    stage.result_is_the_wallets(&summary, funds.iter().sum(), &coins);
    Checker::new(&stage, &place, 4).look_settled("at the end");
    booked_as_on_chain(&stage, &place, funds, &coins);
    for (wallet, funds) in [first, second].iter().zip(funds) {
        let has = stage.chain.balance(wallet) + stage.rent_of(wallet, &coins);
        assert_eq!(won(&place, wallet), has.cast_signed() - funds.cast_signed(), "{wallet}");
        assert!(stage.account_of(&place, wallet).class(Class::Tip).0 < 0, "{wallet} tipped nobody");
    }
}

#[test]
fn no_buy_takes_a_wallet_below_its_reserve_the_other_goes_on_and_a_low_balance_is_told_once() {
    // One that buys twice, the second time for less than was wished, and one that is below its floor.
    let (stage, place, [rich, poor]) = stage("reserve", [1_150_000_000, 900_000_000]);
    let sets = [&BY_HAND[..], &GUARDED].concat();
    stage.equip(&place, &sets);
    let bot = stage.start(&place, &sets);
    let coins = stage.launch_side_by_side(3);
    bought(&stage, &bot, &coins[0], 1);
    assert!(!is_low(&bot.state(), &rich));
    bought(&stage, &bot, &coins[1], 2);
    stage.until(&bot, "both are low", |state| is_low(state, &rich) && is_low(state, &poor));
    stage.go_on("both are told", || [rich, poor].iter().all(|wallet| told(&place, LOW, wallet) == 1));

    let sent = stage.sends();
    stage.go_on("neither can buy", || {
        let refusal = bot.refusal(&wish(&coins[2]));
        assert!(refusal.is_some(), "one of them buys");
        refusal.as_deref() == Some("size")
    });
    assert_eq!((stage.sends(), ours(&stage, &coins, 0).len()), (sent, 2), "nothing left");

    stage.agents[4].give_lamports(&poor, 300_000_000);
    stage.until(&bot, "one has enough again", |state| !is_low(state, &poor) && is_low(state, &rich));
    bought(&stage, &bot, &coins[2], 3);

    let buys = ours(&stage, &coins, 0);
    let buyers: Vec<Pubkey> = buys.iter().map(|(wallet, ..)| *wallet).collect();
    assert_eq!(buyers, [rich, rich, poor]);
    let mut held = BTreeMap::<Pubkey, u64>::new();
    let mut spent = Vec::new();
    for (wallet, _, buy) in &buys {
        let (before, after) = (buy.before[0], buy.after[0]);
        let accounts = buy.before.iter().zip(&buy.after);
        let opened: u64 = accounts.filter(|(before, _)| **before == 0).map(|(_, after)| after).sum();
        let paid = before - after - buy.fee - opened;
        let exits = held.entry(*wallet).or_default();
        assert!(after >= FLOOR, "{wallet} is left with {after}");
        let reserve = FLOOR + *exits * EXIT;
        assert!(before - paid >= reserve, "{wallet} had {before}, had to keep {reserve}, and paid {paid}");
        *exits += 1;
        spent.push(paid);
    }
    assert!(spent[1] < WISH / 2 && spent[2] > WISH / 2, "its reserve cuts one buy short: {spent:?}");

    // What was told is remembered: a new process and a new reading tell nothing again.
    bot.stop();
    let bot = stage.start(&place, &sets);
    stage.agents[4].give_lamports(&rich, 5);
    stage.step();
    stage.until(&bot, "it is booked", |_| {
        stage.account_of(&place, &rich).balance.0 == stage.chain.balance(&rich)
    });
    assert!(is_low(&bot.state(), &rich));
    flatten(&stage, &place, &bot);
    assert!(!is_low(&bot.state(), &rich), "what it sold brought enough");
    bot.stop();
    for wallet in [rich, poor] {
        let lines = (told(&place, LOW, &wallet), told(&place, RECOVERED, &wallet));
        assert_eq!(lines, (1, 1), "{wallet}");
    }
    Checker::new(&stage, &place, 3).look_settled("at the end");
    let given = [rich, poor].map(|wallet| stage.account_of(&place, &wallet).class(Class::ForeignIn).0);
    assert_eq!(given, [5, 300_000_000]);
}

#[test]
fn the_books_of_both_wallets_outlive_every_kill() {
    let mut lives = Lives::on(Stage::new().with_second(), "two-killed", &RESTLESS, MOST);
    let mut bot = lives.begin(3);
    for fate in [Fate::Fails, Fate::Late(8), Fate::Lands] {
        lives.fates([fate; 2]);
        let before = lives.checker.seen().journaled;
        lives.until("two orders", || lives.checker.seen().journaled > before + 1);
        bot.kill();
        lives.checker.look(&format!("killed, next is {fate:?}"));
        (bot, _) = lives.start();
        lives.checker.look(&format!("started again, next was {fate:?}"));
    }
    lives.until("both have bought, and something failed", || {
        let all = ours(&lives.stage, &lives.coins, 0);
        let done = all.iter().filter(|(.., landed)| landed.error.is_none());
        let traded: BTreeSet<Pubkey> = done.map(|(wallet, ..)| *wallet).collect();
        traded.len() == 2 && all.iter().any(|(.., landed)| landed.error.is_some())
    });
    lives.finish(bot);
    booked_as_on_chain(&lives.stage, &lives.place, [1_000 * SOL; 2], &lives.coins);
}
