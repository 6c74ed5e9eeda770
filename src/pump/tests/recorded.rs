//! The recordings of `shared/pumpfun`, field by field.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::event::{MarketEvent, MarketKind, Quote, Reserves, Side, Traded};
use momentum_core::ids::{Mint, PoolId, Pubkey};
use momentum_core::time::ChainTime;
use serde_json::{Value, json};

use crate::decode::{Counts, Outcome, PoolMints, decode, raw_events};
use crate::events::{RawEvent, Reading};
use crate::programs::Program;
use crate::test_data;
use crate::transaction::{OwnedTransaction, Transaction, read_transactions};

fn outcomes(transaction: &OwnedTransaction) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    decode(transaction, |_| None, |outcome| outcomes.push(outcome));
    outcomes
}

fn market_events(transaction: &OwnedTransaction) -> Vec<MarketEvent> {
    let decoded = |outcome| match outcome {
        Outcome::Decoded(event) => Some(event),
        _ => None,
    };
    outcomes(transaction).into_iter().filter_map(decoded).collect()
}

fn listings(transaction: &OwnedTransaction) -> Vec<Value> {
    let mut found = Vec::new();
    raw_events(transaction, |_, listing| found.push(serde_json::to_value(&listing).unwrap()));
    found
}

fn transaction(file: &str) -> Option<OwnedTransaction> {
    let text = test_data::text(&format!("fixtures/transactions/{file}"))?;
    let mut found = read_transactions(&text).unwrap();
    assert_eq!(found.len(), 1, "{file}");
    found.pop()
}

#[test]
fn every_recorded_transaction_gives_its_events_from_logs_and_from_instructions() {
    let Some(expected) = test_data::json("fixtures/transactions/EXPECTED.json") else { return };
    for (file, expected) in expected.as_object().unwrap() {
        let row = &expected["rows"][0];
        let mut transaction = transaction(file).unwrap();
        assert_eq!(transaction.signature.to_string(), row["signature"], "{file}");
        assert_eq!(json!(transaction.slot.map(|slot| slot.0)), row["slot"], "{file}");
        assert_eq!(json!(transaction.time.map(|at| at.0)), row["block_time"], "{file}");
        let expected: Vec<Value> = row["events_in_logs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| {
                json!({
                    "event": event["event"], "decoded": event["decoded"],
                    "absent": event["absent"], "trailing": event["trailing"],
                })
            })
            .collect();
        assert!(transaction.carries_inner, "{file}");
        assert_eq!(listings(&transaction), expected, "{file}, from instructions");
        transaction.carries_inner = false;
        assert_eq!(listings(&transaction), expected, "{file}, from logs");
    }
}

#[test]
fn every_recorded_event_decodes_to_its_values_and_encodes_back_to_its_bytes() {
    let Some(events) = test_data::json("fixtures/events.json") else { return };
    for event in events.as_array().unwrap() {
        let payload = BASE64_STANDARD.decode(event["payload_base64"].as_str().unwrap()).unwrap();
        let program: Pubkey = event["program"].as_str().unwrap().parse().unwrap();
        let Reading::Event(raw) = RawEvent::read(Program::at(&program.0).unwrap(), &payload) else {
            panic!("{} is not read", event["id"]);
        };
        let listing = serde_json::to_value(raw.listing()).unwrap();
        assert_eq!(listing["event"], event["event"], "{}", event["id"]);
        assert_eq!(listing["decoded"], event["decoded"], "{}", event["id"]);
        assert_eq!(listing["absent"], event["fields_absent_in_this_version"], "{}", event["id"]);
        assert_eq!(listing["trailing"], event["unparsed_trailing_hex"], "{}", event["id"]);
        let mut again = Vec::new();
        raw.write(&mut again);
        assert_eq!(again, payload, "{}", event["id"]);
    }
}

fn trade(event: &MarketEvent) -> Traded {
    match event.kind {
        MarketKind::Traded(traded) => traded,
        ref other => panic!("not a trade: {other:?}"),
    }
}

#[test]
fn a_coin_priced_in_another_token_trades_by_its_quote_fields() {
    let Some(transaction) = transaction("chainstack_raw_buy_tx_from_gettransaction.json") else { return };
    let [event] = &market_events(&transaction)[..] else { panic!("one event") };
    let traded = trade(event);
    let usdc: Mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v".parse().unwrap();
    assert_eq!(traded.quote, Quote::Other(usdc));
    assert_eq!(traded.quote_amount, 3_517_192);
    let Reserves::Curve(curve) = traded.reserves else { panic!("on the curve") };
    assert_eq!((curve.virtual_quote, curve.real_quote), (9_798_461_752, 25_148_140));
    assert!(traded.mayhem);
}

#[test]
fn a_pool_trade_takes_its_mints_from_the_instruction_that_encloses_it() {
    let Some(mut transaction) = transaction("streamer_pumpswap_cpi_tx.json") else { return };
    let events = market_events(&transaction);
    let [event] = &events[..] else { panic!("one event") };
    let traded = trade(event);
    assert_eq!((traded.side, traded.quote_amount), (Side::Buy, 960_546_212));
    let Reserves::Pool { pool, before } = traded.reserves else { panic!("on a pool") };
    assert_eq!(before.base, 30_819_310_537_017);
    assert_eq!(event.at, ChainTime(1_753_789_195));
    let foreign = outcomes(&transaction).iter().filter(|outcome| **outcome == Outcome::Foreign).count();
    assert_eq!(foreign, 3, "events of the routers and pools on the way, a DepositEvent among them");

    // From logs alone the pool must be known.
    transaction.carries_inner = false;
    let unknown = outcomes(&transaction);
    assert!(unknown.contains(&Outcome::PoolUnknown { pool, ordinal: event.ordinal }), "{unknown:?}");
    let mints = PoolMints { base: event.mint.0, quote: crate::programs::WRAPPED_SOL };
    let mut known = Vec::new();
    decode(&transaction, |at| (*at == pool).then_some(mints), |outcome| known.push(outcome));
    assert!(known.contains(&Outcome::Decoded(event.clone())), "{known:?}");
}

#[test]
fn logs_and_instructions_agree_on_every_curve_event_and_its_place() {
    let Some(expected) = test_data::json("fixtures/transactions/EXPECTED.json") else { return };
    for file in expected.as_object().unwrap().keys().filter(|file| !file.contains("pumpswap")) {
        let mut transaction = transaction(file).unwrap();
        let from_instructions = outcomes(&transaction);
        transaction.carries_inner = false;
        assert_eq!(outcomes(&transaction), from_instructions, "{file}");
        let mut counts = Counts::default();
        from_instructions.iter().for_each(|outcome| counts.add(outcome));
        assert!(counts.decoded > 0 && counts.malformed == 0 && counts.unknown == 0, "{file}: {counts:?}");
    }
}

#[test]
fn a_failed_transaction_gives_nothing() {
    let Some(mut transaction) = transaction("txparser_pumpfun_buy_0.json") else { return };
    assert_eq!(outcomes(&transaction).len(), 1);
    transaction.failed = true;
    assert_eq!(outcomes(&transaction), []);
}

/// The foreign transaction in its own shape: instructions with written-out accounts, and logs.
fn foreign(carries_inner: bool) -> Option<OwnedTransaction> {
    let file = test_data::json("fixtures/foreign_program_same_discriminator.json")?;
    let mut transaction = OwnedTransaction::default();
    transaction.carries_inner = carries_inner;
    fn push(transaction: &mut OwnedTransaction, instruction: &Value, height: u8) {
        let mut index = |key: &Value| {
            let key = key.as_str().unwrap().parse::<Pubkey>().unwrap().0;
            let found = transaction.keys.iter().position(|known| *known == key).unwrap_or_else(|| {
                transaction.keys.push(key);
                transaction.keys.len() - 1
            });
            u8::try_from(found).unwrap()
        };
        let program = index(&instruction["program"]);
        let accounts: Vec<u8> =
            instruction["accounts"].as_array().into_iter().flatten().map(&mut index).collect();
        let hex = instruction["data_hex"].as_str().unwrap();
        let data: Vec<u8> =
            (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect();
        transaction.push_instruction(program, &accounts, &data, Some(height)).unwrap();
        for inner in instruction["inner"].as_array().into_iter().flatten() {
            push(transaction, inner, height + 1);
        }
    }
    for instruction in file["transaction"]["instructions"].as_array().unwrap() {
        push(&mut transaction, instruction, 1);
    }
    for line in file["transaction"]["log_messages"].as_array().unwrap() {
        transaction.push_log(line.as_str().unwrap());
    }
    Some(transaction)
}

#[test]
fn another_program_with_our_discriminator_gives_nothing_from_its_instructions() {
    let Some(transaction) = foreign(true) else { return };
    let outcomes = outcomes(&transaction);
    assert!(!outcomes.is_empty());
    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Foreign), "{outcomes:?}");
}

#[test]
fn the_same_transaction_gives_one_pumpswap_sale_from_its_logs() {
    let Some(transaction) = foreign(false) else { return };
    let names: Vec<Value> = listings(&transaction).iter().map(|listing| listing["event"].clone()).collect();
    assert_eq!(names, ["SellEvent"]);
    let mint = "J8PSdNP3QewKq2Z1JJJFDMaqF7KcaiJhR7gbr5KZpump".parse().unwrap();
    let mints = PoolMints { base: mint, quote: crate::programs::WRAPPED_SOL };
    let mut outcomes = Vec::new();
    decode(&transaction, |_: &PoolId| Some(mints), |outcome| outcomes.push(outcome));
    let events: Vec<_> = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Decoded(_))).collect();
    let [Outcome::Decoded(event)] = events[..] else { panic!("{outcomes:?}") };
    assert_eq!((event.mint, trade(event).side), (Mint(mint), Side::Sell));
}

#[test]
fn a_log_notification_is_a_transaction_with_logs_alone() {
    let Some(text) = test_data::text("fixtures/logs_notifications.json") else { return };
    let [transaction] = &read_transactions(&text).unwrap()[..] else { panic!("one transaction") };
    assert_eq!(transaction.slot().map(|slot| slot.0), Some(440_741_846));
    let [event] = &market_events(transaction)[..] else { panic!("one trade") };
    assert_eq!(trade(event).quote_amount, 100_000_001);
}
