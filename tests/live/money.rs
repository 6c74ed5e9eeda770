//! What orders pay for their place in the block, against what others paid.

use momentum_core::ids::Pubkey;
use momentum_localnet::chain::Landed;
use momentum_store::book::Network;

use super::trading::Stage;
use crate::running::Place;

/// What agents pay, in millionths of a lamport a compute unit.
const PRICE: u64 = 100_000;
/// Compute units that a transaction may take by the settings.
const UNITS: u64 = 400_000;
/// Base fee of a transaction with one signature.
const BASE: u64 = 5_000;

/// Settings under which what is bought is sold a second later, urgently.
const BRIEF: [&str; 2] = ["exits.time_stop=1s", "exits.check_every=0.25s"];

/// The priority fees of our transactions, and the units for which they were paid, in their order.
fn paid(stage: &Stage, wallet: &Pubkey) -> Vec<(u64, u64)> {
    let history = stage.chain.history(0);
    let ours = history.iter().filter(|landed| landed.keys().first() == Some(wallet));
    ours.map(|landed| (landed.fee - BASE, limit(landed))).collect()
}

/// The limit of units that a transaction begins with.
fn limit(landed: &Landed) -> u64 {
    let [2, units @ ..] = landed.transaction.message.instructions()[0].data.as_slice() else {
        panic!("{} begins with something else", landed.signature)
    };
    let units = u32::from_le_bytes(units.try_into().unwrap()).into();
    assert!(landed.units <= units && units < UNITS, "{} of {units}", landed.units);
    units
}

#[test]
fn orders_pay_by_what_others_lately_paid_an_urgent_exit_three_times_and_a_replay_pays_the_same() {
    let (stage, place) = (Stage::new(), Place::live("fees", Network::Localnet));
    stage.equip(&place, &BRIEF);
    stage.chain.set_price(PRICE);
    let recordings = place.folder().join("recordings");
    let bot = stage.start_recorded(&place, &BRIEF, &recordings);
    let mint = stage.launch();
    stage.until(&bot, "it buys", |_| {
        stage.churn(&mint, 1);
        !paid(&stage, &stage.wallet()).is_empty()
    });
    stage.until(&bot, "it sells", |state| {
        stage.churn(&mint, 2);
        state.open_positions == 0 && state.in_flight == 0 && paid(&stage, &stage.wallet()).len() > 1
    });
    bot.stop();
    let paid = paid(&stage, &stage.wallet());
    // At that price and half as much again, for what their proofs took and a fifth; agents outbid themselves a little,
    // and a fee may be of the proof before.
    let plain = PRICE * 14 / 10..PRICE * 17 / 10;
    let price = |(fee, units): (u64, u64)| fee * 1_000_000 / units;
    assert!(plain.contains(&price(paid[0])), "{paid:?}");
    assert!(plain.contains(&(price(paid[1]) / 3)), "{paid:?}");
    assert_eq!(stage.booked(&place), stage.chain.balance(&stage.wallet()));
    let replay = place.run(&["backtest", "replay", recordings.to_str().unwrap(), "--json"]);
    assert_eq!(replay.status, 0, "{replay:?}");
}
