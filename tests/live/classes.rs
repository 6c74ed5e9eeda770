//! The books of a wallet, class by class, against the chain's ledger: what each of its transactions paid to whom, read
//! from the bytes and balances of the ledger, and from the programs' own word of a trade.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::{Pubkey, Signature};
use momentum_core::trader::books::Class;
use momentum_localnet::chain::{Fate, Landed};
use momentum_pump::address::{associated_token, user_volume_accumulator};
use momentum_pump::programs::{Program, TIP_ACCOUNTS, TOKEN, TOKEN_2022, WRAPPED_SOL};
use momentum_store::book::Network;

use super::outside::{buys, by_hand, check_beside, give};
use super::trading::{Kind, Stage};
use crate::running::{Bot, Place};

/// Lamports for a signature.
const SIGNATURE: i64 = 5_000;
/// Bytes of an account beside its data, and the lamports that each byte locks.
const RENT_HEADER: usize = 128;
const RENT_PER_BYTE: usize = 6_960;
/// What the event of a trade on a curve begins with.
const TRADE: [u8; 8] = [0xbd, 0xdb, 0x7f, 0xd3, 0x4e, 0xe6, 0x61, 0xee];

/// The classes that something is of here. Of cashback nothing is: no order of the bot gets it from where it collects.
const MOVED: [Class; 11] = [
    Class::Principal,
    Class::ProtocolFee,
    Class::CreatorFee,
    Class::BaseFee,
    Class::PriorityFee,
    Class::Tip,
    Class::RentLocked,
    Class::RentReturned,
    Class::FailedCost,
    Class::ForeignIn,
    Class::ForeignOut,
];

/// Sums by class; what went is negative.
#[derive(Debug, Default)]
struct Sums {
    classes: BTreeMap<Class, i64>,
    /// What collected for the wallet and is not in it.
    cashback: i64,
}

impl Sums {
    fn add(&mut self, class: Class, change: i64) {
        *self.classes.entry(class).or_default() += change;
    }
}

/// What a program says of a trade of the wallet on a curve, read at the places where it writes it.
struct Trade {
    lamports: i64,
    protocol: i64,
    creator: i64,
    cashback: i64,
}

impl Trade {
    fn of(body: &[u8], wallet: &Pubkey) -> Option<Self> {
        let number = |at: usize| i64::from_le_bytes(body[at..at + 8].try_into().unwrap());
        // The name of the instruction stands before it, two bytes and a number behind: mayhem, its rate.
        let name = u32::from_le_bytes(body[250..254].try_into().unwrap());
        let behind_name = 254 + usize::try_from(name).unwrap();
        let paid = if body[48] == 1 { -number(32) } else { number(32) };
        let trade = Self {
            lamports: paid,
            protocol: number(161),
            creator: number(209),
            cashback: number(behind_name + 9),
        };
        (body[49..81] == wallet.0).then_some(trade)
    }
}

/// The wallet's trades by what the programs logged.
fn trades(landed: &Landed, wallet: &Pubkey) -> Vec<Trade> {
    let logged = landed.logs.iter().filter_map(|line| line.strip_prefix("Program data: "));
    let events = logged.filter_map(|text| BASE64_STANDARD.decode(text).ok());
    events.filter_map(|event| Trade::of(event.strip_prefix(&TRADE)?, wallet)).collect()
}

/// Accounts of the wallet beside itself: what is locked in them is its own.
fn accounts(wallet: &Pubkey, mints: &[Pubkey]) -> BTreeSet<Pubkey> {
    let volumes = [Program::Pump, Program::PumpSwap].map(|of| user_volume_accumulator(of, wallet));
    let wrapped = volumes.map(|volume| associated_token(&volume, &WRAPPED_SOL, &TOKEN));
    let tokens = mints
        .iter()
        .flat_map(|mint| [TOKEN, TOKEN_2022].map(|program| associated_token(wallet, mint, &program)));
    volumes.into_iter().chain(wrapped).chain(tokens).collect()
}

/// Classes what the ledger has of the wallet; `foreign` are the transactions of another hand with its key.
fn ledger(stage: &Stage, mints: &[Pubkey], foreign: &[Signature]) -> Sums {
    let (wallet, mut sums) = (stage.wallet(), Sums::default());
    let own = accounts(&wallet, mints);
    for landed in stage.chain.history(0) {
        let (keys, change) = (landed.keys(), landed.change(&wallet));
        if keys.first() != Some(&wallet) || foreign.contains(&landed.signature) {
            match change {
                0 => {}
                ..0 => sums.add(Class::ForeignOut, change),
                1.. => sums.add(Class::ForeignIn, change),
            }
            continue;
        }
        if landed.error.is_some() {
            sums.add(Class::FailedCost, change);
            continue;
        }
        let fee = i64::try_from(landed.fee).unwrap();
        let tip: i64 = TIP_ACCOUNTS.iter().map(|to| landed.change(to)).sum();
        let mut parts =
            vec![(Class::BaseFee, -SIGNATURE), (Class::PriorityFee, SIGNATURE - fee), (Class::Tip, -tip)];
        let mut collected = 0;
        for Trade { lamports, protocol, creator, cashback } in trades(&landed, &wallet) {
            parts.push((Class::Principal, lamports));
            parts.push((Class::ProtocolFee, -protocol));
            // A creator who gives it back has the trader pay it all the same.
            parts.push((Class::CreatorFee, -creator - cashback));
            collected += cashback;
        }
        let gained: i64 = own.iter().map(|account| landed.change(account)).sum();
        match gained - collected {
            returned @ ..0 => parts.push((Class::RentReturned, -returned)),
            locked => parts.push((Class::RentLocked, -locked)),
        }
        let explained: i64 = parts.iter().map(|(_, part)| part).sum();
        assert_eq!(explained, change, "{}: {parts:?}", landed.signature);
        parts.into_iter().for_each(|(class, part)| sums.add(class, part));
        sums.cashback += collected;
    }
    sums.classes.retain(|_, sum| *sum != 0);
    sums
}

/// Buys a coin by hand, which may take more than one wish where the first try fails.
fn bought(stage: &Stage, bot: &Bot, mint: &Pubkey) {
    stage.go_on("it buys", || {
        buys(bot, mint);
        stage.ours.tokens(mint) > 0
    });
    stage.until(bot, "it knows", |state| state.open_positions == 1 && state.in_flight == 0);
}

#[test]
fn every_class_of_the_books_is_what_the_ledger_has_of_it() {
    let (stage, place) = (Stage::new(), Place::live("classes", Network::Localnet));
    let sets =
        [&by_hand()[..], &["endpoints.block_engine=\"engine.url\"", "run.critical_policy=hold"]].concat();
    place.secret("engine.url", &stage.surfaces.engine.url(), 0o600);
    stage.equip(&place, &sets);
    let bot = stage.start(&place, &sets);
    let kinds = [Kind { spl: true, ..Kind::default() }, Kind { cashback: true, ..Kind::default() }];
    let mints = stage.launches(kinds);
    stage.chain.fates([Fate::Fails]);
    for mint in &mints {
        bought(&stage, &bot, mint);
        let name = mint.to_string();
        let sold = give(&stage, &place, &["trade", "sell", &name, "--all", "--urgent", "--yes"], || ());
        assert_eq!(sold.status, 0, "{sold:?}");
        stage.until(&bot, "it is sold", |state| state.open_positions == 0 && state.in_flight == 0);
    }
    let swept = give(&stage, &place, &["positions", "sweep", "--yes"], || ());
    assert_eq!(swept.status, 0, "{swept:?}");

    // What comes and what goes at once would be one sum.
    let booked = |class| stage.account(&place).class(class).0;
    stage.agents[4].give_lamports(&stage.wallet(), 12_345);
    stage.go_on("what came is booked", || booked(Class::ForeignIn) != 0);
    let taken = stage.ours.give_lamports(&stage.agents[5].address(), 1_000_000);
    stage.go_on("what went is booked", || booked(Class::ForeignOut) != 0);
    bot.stop();

    let (account, sums) = (stage.account(&place), ledger(&stage, &mints, &[taken]));
    let classes: BTreeMap<Class, i64> = account.classes().map(|(class, sum)| (class, sum.0)).collect();
    assert_eq!(classes, sums.classes);
    assert_eq!(classes.keys().copied().collect::<Vec<_>>(), MOVED);
    // What a cashback coin gives back lies where the wallet could get it, and is nothing that came to it.
    let volume = stage.chain.account(&user_volume_accumulator(Program::Pump, &stage.wallet())).unwrap();
    let rent = u64::try_from((RENT_HEADER + volume.data.len()) * RENT_PER_BYTE).unwrap();
    assert_eq!(i64::try_from(volume.lamports - rent).unwrap(), sums.cashback);
    assert!(sums.cashback > 0);
    check_beside(&stage, &place, &[taken]);
}
