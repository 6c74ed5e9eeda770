//! What a bot at work neither signs nor loses: what a builder adds that no order asks for is refused by the signer, and
//! behind the bound on losses that it was armed with nothing is bought.

use momentum_control::request::Wish;
use momentum_control::state::{BotState, Status};
use momentum_core::ids::{Mint, Pubkey};
use momentum_core::trader::state::{Hold, TradingState};
use momentum_pump::programs::{TOKEN, TOKEN_2022};
use momentum_store::book::Network;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions};
use sqlx::{ConnectOptions, Connection};

use super::lives::{Lives, RESTLESS};
use super::outside::{self, bought, buys, by_hand, check, give, ours, sent};
use super::trading::{Kind, Stage};
use crate::running::{Bot, Done, Place};

const PLANTED: &str = "MOMENTUM_PLANTED";
/// The program that a planted builder calls.
const MEMO: &str = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";
/// Status of a sale of which something is left.
const PARTIAL: i32 = 25;
/// Status of one that has an attempt without an end.
const IN_FLIGHT: i32 = 24;

/// A fault of the builder.
struct Wrong {
    fault: &'static str,
    /// What is said of a buy of a coin of the first token program.
    buy: String,
    /// What is said of an urgent sale of a coin of the second.
    sale: String,
}

fn wrongs() -> [Wrong; 4] {
    let calls = |program: &str| format!("not signed: it calls the program {program}, which no trade needs");
    // Both are twice the cap of an urgent exit.
    let dear = |what: &str, cap: &str| format!("not signed: its {what} of 0.006 SOL is above {cap} SOL");
    let unlisted = format!("not signed: an instruction of {TOKEN} is not one of those that trades need");
    [
        Wrong { fault: "foreign program", buy: calls(MEMO), sale: calls(MEMO) },
        Wrong { fault: "approval", buy: unlisted, sale: calls(&TOKEN_2022.to_string()) },
        Wrong {
            fault: "priority above cap",
            buy: dear("priority fee", "0.001"),
            sale: dear("priority fee", "0.003"),
        },
        Wrong { fault: "tip above cap", buy: dear("tip", "0.001"), sale: dear("tip", "0.003") },
    ]
}

/// Of an attempt that is over: how it ended, why, its signature and its bytes.
type Ended = (Option<String>, Option<String>, Option<String>, Option<Vec<u8>>);

/// The attempts of a coin on this side that are over, in their order.
fn ended(stage: &Stage, place: &Place, mint: &Pubkey, side: &str) -> Vec<Ended> {
    stage.runtime.block_on(async {
        let file = SqliteConnectOptions::new().filename(place.book().database()).read_only(true);
        let mut store = file.connect().await.unwrap();
        let asked = "SELECT outcome, why, signature, raw FROM attempts \
                     WHERE mint = $1 AND side = $2 AND outcome IS NOT NULL ORDER BY order_seq, order_nth, number";
        let ended = sqlx::query_as::<Sqlite, Ended>(asked).bind(mint.to_string()).bind(side.to_owned());
        let ended = ended.fetch_all(&mut store).await.unwrap();
        store.close().await.unwrap();
        ended
    })
}

/// What has left: our transactions on the chain, and what nodes and block engine were given.
fn left(stage: &Stage) -> [usize; 3] {
    [ours(stage), sent(stage), stage.surfaces.engine.given().len()]
}

/// A bot with this fault signs neither a buy of the one coin nor the sale of the other, says why, and goes on.
fn refuses(stage: &Stage, place: &mut Place, sets: &[&'static str], wrong: &Wrong, coins: [Pubkey; 2]) {
    let [wanted, held] = coins;
    place.planted(PLANTED, wrong.fault);
    let place = &*place;
    let before = (left(stage), stage.ours.tokens(&held));
    let tried = || [ended(stage, place, &wanted, "buy"), ended(stage, place, &held, "sell")];
    let [buys_before, sales_before] = tried().map(|ended| ended.len());
    let bot = stage.start(place, sets);
    stage.go_on("it takes a buy by hand", || buys(&bot, &wanted));
    assert_eq!(bot.refusal(&Wish::Close { mint: Mint(held), tokens: None, urgent: true }), None);
    // A sale is tried until it leaves.
    stage.go_on("both are refused, the sale again and again", || {
        let [bought, sold] = tried().map(|ended| ended.len());
        bought > buys_before && sold > sales_before + 1
    });
    let [bought, sold] = tried();
    let unsigned = |why: &str| -> Ended { (Some("refused".to_owned()), Some(why.to_owned()), None, None) };
    assert!(bought[buys_before..].iter().all(|ended| *ended == unsigned(&wrong.buy)), "{bought:?}");
    assert!(sold[sales_before..].iter().all(|ended| *ended == unsigned(&wrong.sale)), "{sold:?}");

    let state = stage.until(&bot, "it counts them, and would trade", |state| {
        let counted = state.errors.get("attempt_refused").is_some_and(|count| *count >= 3);
        counted && state.trading.state == TradingState::Open
    });
    assert_eq!((state.status, state.open_positions), (Status::Running, 1), "{state:?}");
    stage.go_on("it is in the log", || {
        let log = place.log("errors");
        log.contains(&wrong.buy) && log.contains(&wrong.sale)
    });
    bot.stop();
    assert_eq!((left(stage), stage.ours.tokens(&held)), before, "{}", wrong.fault);
}

#[test]
fn what_no_order_asks_for_is_not_signed_and_nothing_leaves_until_the_builder_is_mended() {
    let (stage, mut place) = (Stage::new(), Place::live("unsigned", Network::Localnet));
    let sets =
        [&by_hand()[..], &["endpoints.block_engine=\"engine.url\"", "execution.buy_attempts=2"]].concat();
    place.secret("engine.url", &stage.surfaces.engine.url(), 0o600);
    stage.equip(&place, &sets);
    let bot = stage.start(&place, &sets);
    let [wanted, held] = stage.launches([Kind { spl: true, ..Kind::default() }, Kind::default()]);
    bought(&stage, &bot, &held);
    bot.stop();
    for wrong in &wrongs() {
        refuses(&stage, &mut place, &sets, wrong, [wanted, held]);
    }

    place.planted(PLANTED, "");
    let bot = stage.start(&place, &sets);
    stage.until(&bot, "what was to be sold is sold", |state| {
        state.open_positions == 0 && state.in_flight == 0
    });
    assert_eq!(stage.ours.tokens(&held), 0);
    bought(&stage, &bot, &wanted);
    assert!(stage.ours.tokens(&wanted) > 0);
    bot.stop();
    let name = wanted.to_string();
    let words =
        ["positions", "show", &name, "--timeline", "--network", "localnet", "--mode", "live", "--json"];
    let told = place.run(&words);
    for wrong in &wrongs() {
        assert!(told.stdout.contains(&wrong.buy), "{}: {told:?}", wrong.fault);
    }
    check(&stage, &place);
}

#[test]
fn a_sale_by_the_command_alone_that_the_signer_refuses_is_left_with_its_reason_until_it_is_mended() {
    let (stage, mut place) = outside::stage("unsigned-alone");
    let (bot, mint) = outside::holding(&stage, &place);
    bot.kill();
    let name = mint.to_string();
    let sell = ["trade", "sell", &name, "--all", "--urgent", "--yes", "--wait", "8s"];
    let before = (left(&stage), stage.ours.tokens(&mint));
    // There is no block engine here, and so no tip.
    for wrong in wrongs().iter().filter(|wrong| wrong.fault != "tip above cap") {
        place.planted(PLANTED, wrong.fault);
        // Its time may be over while one more try is being made, or before the first: nobody knows the end of it then.
        let mut tries = (0..5).map(|_| give(&stage, &place, &sell, || ()));
        let told = |sold: &Done| sold.status != IN_FLIGHT && sold.stderr.contains(&wrong.sale);
        let sold = tries.find(told).expect("the reason of one try");
        assert_eq!(sold.status, PARTIAL, "{sold:?}");
        let told = sold.json();
        let row = &told["left"][0];
        assert_eq!((&told["outcome"], &row["mint"]), (&"not all is sold".into(), &name.as_str().into()));
        assert!(row["why"].as_str().unwrap().contains(&wrong.sale), "{told}");
        assert!(row["next"].as_str().unwrap().contains("report it"), "{told}");
        assert_eq!((left(&stage), stage.ours.tokens(&mint)), before, "{sold:?}");
    }
    place.planted(PLANTED, "");
    let sold = give(&stage, &place, &["trade", "sell", &name, "--all", "--urgent", "--yes"], || ());
    assert_eq!((sold.status, stage.ours.tokens(&mint)), (0, 0), "{sold:?}");
    check(&stage, &place);
}

/// What a bot may lose here, in lamports, and as it is armed with it: less than a coin costs that is bought and sold.
const BOUND: (u64, &str) = (150_000, "0.00015SOL");

/// Arms the bot of a place anew.
fn arm(lives: &Lives, settings: &[&'static str], bound: &str) {
    let arm = ["config", "arm", "--max-loss", bound, "--until-revoked", "--confirm", "localnet-live"];
    let sets = lives.stage.sets(settings);
    let book = ["--network", "localnet", "--mode", "live"];
    let armed = lives.place.run(&[&arm[..], &book, &sets[..]].concat());
    assert_eq!(armed.status, 0, "{armed:?}");
}

fn switch(place: &Place, verb: &str) {
    let done = place.run(&["killswitch", verb, "--network", "localnet", "--mode", "live"]);
    assert_eq!(done.status, 0, "{done:?}");
}

/// What a bot says that it has lost since it was armed.
fn lost(state: &BotState) -> u64 {
    state.arm.map_or(0, |arm| arm.equity.saturating_sub(state.equity_lamports).0)
}

/// How often a signal was refused for the bound.
fn refused(place: &Place) -> usize {
    place.log("signals").matches("max_loss").count()
}

#[test]
fn behind_the_bound_on_its_losses_a_bot_sells_what_it_holds_and_buys_nothing_until_it_is_armed_anew() {
    let settings = [&RESTLESS[..], &["exits.time_stop=6s", "risk.max_concurrent_positions=1"]].concat();
    let mut lives = Lives::new("max-loss", &settings, 1);
    arm(&lives, &settings, BOUND.1);
    let (bot, _) = lives.start();
    switch(&lives.place, "pause");
    lives.coins = lives.stage.launch_side_by_side(1);
    switch(&lives.place, "resume");
    let (stage, place, coin) = (&lives.stage, &lives.place, lives.coins[0]);
    let balance = || stage.chain.balance(&stage.wallet());
    let funds = balance();
    lives.until("what it holds has lost the bound", || {
        let state = bot.state();
        state.open_positions == 1 && lost(&state) >= BOUND.0
    });
    lives.until_flat(&bot);
    assert_eq!(stage.ours.tokens(&coin), 0, "it got out all the same");
    let gone = funds - balance() - stage.rent(&lives.coins);
    assert!(gone >= BOUND.0, "{gone} are lost by what landed");
    let held = |bot: &Bot| bot.state().trading.held.map(|held| held.hold);
    assert_eq!(held(&bot), Some(Hold::Arming));

    let before = (ours(stage), sent(stage));
    let counted = refused(place);
    lives.until("it wants to buy again and again", || refused(place) > counted + 2);
    let name = coin.to_string();
    let words =
        ["trade", "buy", &name, "0.05SOL", "--yes", "--network", "localnet", "--mode", "live", "--json"];
    // Another gate may be the first to refuse it.
    let mut tries = (0..200).map(|_| {
        lives.turn();
        place.run(&words)
    });
    let told = tries.find(|told| told.error() == "max_loss").unwrap();
    assert_eq!(told.status, 20, "{told:?}");
    for said in ["lost since arming, bound 0.00015 SOL", "momentum config arm --max-loss"] {
        assert!(told.stderr.contains(said), "{told:?}");
    }

    bot.kill();
    let counted = refused(place);
    let (bot, _) = lives.start();
    lives.until("a new process knows it still", || refused(place) > counted + 2);
    assert_eq!((ours(stage), sent(stage)), before, "nothing left meanwhile");
    assert_eq!((bot.state().open_positions, held(&bot)), (0, Some(Hold::Arming)));

    arm(&lives, &settings, "1SOL");
    lives.until("it buys again", || stage.ours.tokens(&coin) > 0);
    lives.finish(bot);
}
