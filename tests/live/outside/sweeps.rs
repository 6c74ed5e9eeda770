//! Rent that comes back: emptied accounts are closed, by the bot, by the command alone, and where either dies meanwhile.

use std::thread;

use momentum_control::client::ClientError;
use momentum_control::request::Wish;
use momentum_core::ids::{Mint, Pubkey, Wallet};
use momentum_core::trader::books::Class;
use momentum_core::trader::state::TradingState;
use momentum_pump::address::{associated_token, user_volume_accumulator};
use momentum_pump::programs::{Program, TOKEN, TOKEN_2022};
use momentum_store::book::Network;
use serde_json::Value;

use super::super::trading::{Kind, Stage};
use super::{SLOT, buys, by_hand, check, give, ours};
use crate::running::{Bot, Done, Place};

/// The least that an address takes that holds nothing.
const SENT_BEFORE: u64 = 890_880;

fn sweep(stage: &Stage, place: &Place, words: &[&str]) -> Done {
    give(stage, place, &[&["positions", "sweep"], words].concat(), || ())
}

/// Buys these coins by hand, one after the other, and sells each again.
fn bought_and_sold(stage: &Stage, place: &Place, bot: &Bot, mints: &[Pubkey]) {
    for mint in mints {
        stage.go_on("it takes a buy by hand", || buys(bot, mint));
        stage.until(bot, "it has bought", |state| state.open_positions == 1 && state.in_flight == 0);
        let name = mint.to_string();
        let sold = give(stage, place, &["trade", "sell", &name, "--all", "--urgent", "--yes"], || ());
        assert_eq!(sold.status, 0, "{sold:?}");
        stage.until(bot, "it is sold", |state| state.open_positions == 0 && state.in_flight == 0);
    }
}

/// What is locked in our accounts of this coin.
fn locked(stage: &Stage, mint: &Pubkey) -> u64 {
    let of = |program| stage.chain.account(&associated_token(&stage.wallet(), mint, &program));
    [TOKEN, TOKEN_2022].into_iter().filter_map(of).map(|account| account.lamports).sum()
}

/// The row of a coin in what a sweep printed.
fn row(told: &Value, mint: &Pubkey) -> Value {
    let rows = told.as_array().unwrap();
    rows.iter().find(|row| row["mint"] == mint.to_string()).unwrap_or_else(|| panic!("{told}")).clone()
}

fn lamports(row: &Value, name: &str) -> u64 {
    row[name].as_str().unwrap_or_else(|| panic!("{row}")).parse().unwrap()
}

#[test]
fn a_bot_closes_what_it_sold_out_of_dust_keeps_its_account_and_the_books_are_exact() {
    let (stage, place) = (Stage::new(), Place::live("sweep", Network::Localnet));
    stage.equip(&place, &by_hand());
    let funds = stage.chain.balance(&stage.wallet());
    let bot = stage.start(&place, &by_hand());
    let first = Kind { spl: true, ..Kind::default() };
    let mints = stage.launches([first, Kind::default(), Kind::default()]);
    bought_and_sold(&stage, &place, &bot, &mints);
    let [spl, newer, dusty] = mints;
    stage.agents[2].give_tokens(&dusty, &stage.wallet(), 1);
    stage.step();

    let (sent, before) = (ours(&stage), stage.chain.balance(&stage.wallet()));
    let rents = mints.map(|mint| locked(&stage, &mint));
    let listed = sweep(&stage, &place, &["--dry-run"]).json();
    assert_eq!(row(&listed, &spl)["outcome"], "closable", "{listed}");
    assert_eq!(lamports(&row(&listed, &newer), "rent_lamports"), rents[1]);
    let refused = sweep(&stage, &place, &[]);
    assert_eq!((refused.status, refused.error().as_str()), (2, "not_confirmed"), "{refused:?}");
    assert_eq!(ours(&stage), sent, "listing sends nothing");

    let swept = sweep(&stage, &place, &["--yes"]);
    assert_eq!(swept.status, 0, "{swept:?}");
    let told = swept.json();
    let closed = [row(&told, &spl), row(&told, &newer)];
    for (row, rent) in closed.iter().zip(rents) {
        assert_eq!((&row["outcome"], lamports(row, "rent_lamports")), (&"closed".into(), rent), "{told}");
    }
    let dust = row(&told, &dusty);
    assert_eq!(dust["outcome"], "stays", "{told}");
    assert!(dust["why"].as_str().unwrap().contains("are in it"), "{told}");
    assert_eq!(mints.map(|mint| locked(&stage, &mint)), [0, 0, rents[2]]);
    let fees: u64 = closed.iter().map(|row| lamports(row, "network_lamports")).sum();
    assert_eq!(stage.chain.balance(&stage.wallet()), before + rents[0] + rents[1] - fees);

    let (sent, again) = (ours(&stage), sweep(&stage, &place, &["--yes"]));
    assert_eq!((again.status, again.json().as_array().unwrap().len()), (0, 1), "{again:?}");
    assert_eq!(ours(&stage), sent, "nothing is left to close");

    let summary = bot.stop();
    let signed = |lamports: u64| i64::try_from(lamports).unwrap();
    stage.result_is_the_wallets(&summary, funds, &mints);
    let account = stage.account(&place);
    assert_eq!(account.class(Class::RentReturned).0, signed(rents[0] + rents[1]));
    assert_eq!((account.class(Class::ForeignIn).0, account.class(Class::ForeignOut).0), (0, 0));
    assert_eq!(check(&stage, &place), sent);
}

#[test]
fn lamports_that_others_sent_to_our_accounts_before_they_were_opened_hold_nothing_up_and_are_no_result() {
    let (stage, place) = (Stage::new(), Place::live("sent-before", Network::Localnet));
    stage.equip(&place, &by_hand());
    let funds = stage.chain.balance(&stage.wallet());
    let bot = stage.start(&place, &by_hand());
    let (mint, wallet) = (stage.launch(), stage.wallet());
    let addresses =
        [associated_token(&wallet, &mint, &TOKEN_2022), user_volume_accumulator(Program::Pump, &wallet)];
    for address in &addresses {
        stage.agents[4].give_lamports(address, SENT_BEFORE);
    }
    stage.step();
    assert_eq!(addresses.map(|address| stage.chain.balance(&address)), [SENT_BEFORE; 2]);
    bought_and_sold(&stage, &place, &bot, &[mint]);
    assert_eq!(stage.account(&place).rent().0 + 2 * SENT_BEFORE, stage.rent(&[mint]));
    let swept = sweep(&stage, &place, &["--yes"]);
    assert_eq!((swept.status, locked(&stage, &mint)), (0, 0), "{swept:?}");

    let summary = bot.stop();
    let account = stage.account(&place);
    assert_eq!(account.balance.0, stage.chain.balance(&wallet));
    let won = account.balance.0.cast_signed() - funds.cast_signed() + account.rent().0.cast_signed();
    assert_eq!(summary["result_lamports"], won.to_string(), "{summary}");
    check(&stage, &place);
}

#[test]
fn where_no_bot_runs_the_command_closes_by_itself_and_holds_what_is_held() {
    let (stage, place) = (Stage::new(), Place::live("sweep-alone", Network::Localnet));
    stage.equip(&place, &by_hand());
    let bot = stage.start(&place, &by_hand());
    let mints = stage.launch_side_by_side(2);
    bought_and_sold(&stage, &place, &bot, &mints[..1]);
    stage.go_on("it takes a buy by hand", || buys(&bot, &mints[1]));
    stage.until(&bot, "it holds", |state| state.open_positions == 1 && state.in_flight == 0);
    bot.kill();
    let (held, rent) = (stage.ours.tokens(&mints[1]), locked(&stage, &mints[0]));
    let swept = sweep(&stage, &place, &["--yes"]);
    assert_eq!(swept.status, 0, "{swept:?}");
    let told = swept.json();
    assert_eq!(lamports(&row(&told, &mints[0]), "rent_lamports"), rent, "{told}");
    assert_eq!(row(&told, &mints[1])["outcome"], "stays", "{told}");
    assert_eq!((stage.ours.tokens(&mints[1]), locked(&stage, &mints[0])), (held, 0));
    check(&stage, &place);
    stage.start(&place, &by_hand()).stop();
}

#[test]
fn a_closing_whose_bot_died_is_explained_by_the_next_one_whether_it_landed_or_never_left() {
    let (stage, mut place) = (Stage::new(), Place::live("sweep-dies", Network::Localnet));
    stage.equip(&place, &by_hand());
    let bot = stage.start(&place, &by_hand());
    let mint = stage.launch();
    bought_and_sold(&stage, &place, &bot, &[mint]);
    bot.stop();
    let rent = locked(&stage, &mint);
    for (point, leaves) in [("before broadcast", false), ("before receipt", true)] {
        place.planted("MOMENTUM_FAIL_AT", point);
        let mut bot = stage.start(&place, &by_hand());
        let died = sweep(&stage, &place, &["--yes", "--wait", "2s"]);
        assert!(died.status != 0 && bot.death().is_some(), "{point}: {died:?}");
        place.planted("MOMENTUM_FAIL_AT", "");
        let bot = stage.start(&place, &by_hand());
        stage.until(&bot, "its end is known, and it trades", |state| {
            state.in_flight == 0 && state.trading.state == TradingState::Open
        });
        bot.stop();
        assert_eq!(locked(&stage, &mint), if leaves { 0 } else { rent }, "{point}");
        let account = stage.account(&place);
        assert_eq!(
            account.class(Class::RentReturned).0,
            if leaves { i64::try_from(rent).unwrap() } else { 0 }
        );
        assert_eq!(
            (account.class(Class::ForeignIn).0, account.class(Class::ForeignOut).0),
            (0, 0),
            "{point}"
        );
        check(&stage, &place);
    }
}

#[test]
fn a_closing_that_cannot_be_written_down_does_not_leave_though_a_sale_does() {
    let (stage, mut place) = (Stage::new(), Place::live("sweep-unwritten", Network::Localnet));
    stage.equip(&place, &by_hand());
    // From the first exit on.
    place.planted("MOMENTUM_PLANTED", "commits stop");
    let bot = stage.start(&place, &by_hand());
    let mint = stage.launch();
    bought_and_sold(&stage, &place, &bot, &[mint]);
    let (sent, rent) = (ours(&stage), locked(&stage, &mint));
    let wish = Wish::Sweep { mint: Mint(mint), wallet: Wallet(stage.wallet()) };
    let asked = bot.runtime.block_on(bot.client.command(&wish, "a test"));
    assert!(!matches!(asked, Err(ClientError::Problem(ref problem)) if problem.code == 20), "{asked:?}");
    stage.until(&bot, "its bytes are signed", |state| state.in_flight == 1);
    for _ in 0..40 {
        stage.step();
        thread::sleep(SLOT);
    }
    assert_eq!((ours(&stage), locked(&stage, &mint)), (sent, rent));
    bot.kill();
    place.planted("MOMENTUM_PLANTED", "");
    // The sale is in the exit journal, and in the book from here on.
    let reconciled = give(&stage, &place, &["positions", "reconcile"], || ());
    assert_eq!(reconciled.status, 0, "{reconciled:?}");
    let swept = sweep(&stage, &place, &["--yes"]);
    assert_eq!((swept.status, locked(&stage, &mint)), (0, 0), "{swept:?}");
    check(&stage, &place);
}
