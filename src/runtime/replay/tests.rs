//! Recordings become the events that they were.

use std::convert::Infallible;

use momentum_core::ids::Hash;
use momentum_store::record::{Record, RecordReader, Source, Stage};
use serde_json::Value;

use super::*;

/// The recordings; `None` (and why, printed) where they are absent, which fails in CI.
fn recordings() -> Option<PathBuf> {
    let folder = std::env::var_os("MOMENTUM_TEST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/pumpfun")),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is absent; CI needs the recordings", folder.display());
    println!("skipped: the recordings are not in {}", folder.display());
    None
}

fn writer() -> RecordWriter {
    RecordWriter::new(Stage::Monitor, Source::Replay, "run", Hash::default())
}

fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("momentum-replay-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn raw_records_are_the_expected_events_field_by_field_in_the_order_of_slots() {
    let Some(folder) = recordings().map(|folder| folder.join("fixtures/transactions")) else { return };
    let replay = Replay::open(&folder).unwrap();
    let mut found: Vec<Value> = Vec::new();
    let keep = |line: &[u8]| {
        found.push(serde_json::from_slice(line).unwrap());
        Ok::<_, Infallible>(())
    };
    replay.raw(&writer(), keep).unwrap();

    let expected = fs::read_to_string(folder.join("EXPECTED.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let mut rows: Vec<_> = expected.as_object().unwrap().values().map(|file| &file["rows"][0]).collect();
    rows.sort_by_key(|row| row["slot"].as_u64().unwrap_or(u64::MAX));
    let expected: Vec<(&Value, usize, &Value)> = rows
        .iter()
        .flat_map(|row| {
            row["events_in_logs"].as_array().unwrap().iter().enumerate().map(move |e| (*row, e.0, e.1))
        })
        .collect();
    assert_eq!(found.len(), expected.len());
    for (found, (row, ordinal, event)) in found.iter().zip(expected) {
        assert_eq!(found["schema"], "momentum.raw.v1");
        assert_eq!(found["signature"], row["signature"]);
        assert_eq!(found["slot"], row["slot"]);
        assert_eq!(found["ordinal"], ordinal);
        for field in ["event", "decoded", "absent", "trailing"] {
            assert_eq!(found[field], event[field], "{field} of {}", row["signature"]);
        }
    }
    let skipped: Vec<_> = replay.skipped().iter().map(|skipped| skipped.name.as_str()).collect();
    assert_eq!(skipped, ["EXPECTED.json"]);
}

#[test]
fn recorded_transactions_become_market_events_in_the_order_of_slots() {
    let Some(folder) = recordings().map(|folder| folder.join("fixtures/transactions")) else { return };
    let events: Vec<_> = Replay::open(&folder).unwrap().events().map(Result::unwrap).collect();
    assert!(events.is_sorted_by_key(|(now, _)| *now));
    assert_eq!(events[0].1, Event::Feed(momentum_core::event::FeedEvent::Up));
    let slots = events
        .iter()
        .filter(|(_, event)| matches!(event, Event::Feed(momentum_core::event::FeedEvent::Slot { .. })));
    assert_eq!(slots.count(), 8, "nine transactions, one without a slot");
    let market = events.iter().filter(|(_, event)| matches!(event, Event::Market(_)));
    assert_eq!(market.count(), 11, "twelve events, one of which has no market meaning");
    // Without a slot, though of an early time: last, at the time that has been reached.
    let (now, last) = events.last().unwrap();
    assert!(matches!(last, Event::Market(event) if event.slot.is_none() && event.at.timestamp() < *now));
}

#[test]
fn the_trade_of_the_product_is_written_as_the_product_says() {
    let Some(folder) = recordings().map(|folder| folder.join("fixtures/transactions")) else { return };
    let file = folder.join("chainstack_raw_create_tx_from_gettransaction.json");
    let mut out = Vec::new();
    for (seq, event) in Replay::open(&file).unwrap().events().enumerate() {
        let (now, event) = event.unwrap();
        let seq = momentum_core::ids::Seq(seq as u64);
        writer().event(&momentum_core::event::Envelope { seq, now, event }, &mut out);
    }
    let out = String::from_utf8(out).unwrap();
    let line = out.lines().last().unwrap();
    for told in [
        r#""now":"2026-07-29T12:20:18.000000Z","kind":"traded","venue":"curve","mint":"CWiTGb"#,
        r#""side":"buy","quote":"SOL","quote_amount":"2962962962","quote_sol":"2.962962962","token_amount":"96449438144093","reserves_at":"after","reserves":{"virtual_quote":"32962962962","#,
        r#""fees":{"lp":"0","protocol":"28148149","creator":"0","cashback":"8888889","buyback":"14074074"},"at":1785327618,"slot":"435946190","#,
        r#""index":2,"source":"replay""#,
    ] {
        assert!(line.contains(told), "{told}\nnot in\n{line}");
    }
}

#[test]
fn a_program_with_our_discriminator_gives_nothing_from_its_instructions() {
    let Some(folder) = recordings() else { return };
    let file = folder.join("fixtures/foreign_program_same_discriminator.json");
    match Replay::open(&file) {
        Err(ReplayError::Nothing { .. }) => {}
        Err(other) => panic!("{other}"),
        Ok(replay) => {
            let market = replay.events().filter(|event| matches!(event, Ok((_, Event::Market(_)))));
            assert_eq!(market.count(), 0);
        }
    }
}

#[test]
fn a_recording_of_records_plays_its_events_again_without_the_ticks() {
    let Some(folder) = recordings().map(|folder| folder.join("fixtures/transactions")) else { return };
    let events: Vec<_> = Replay::open(&folder).unwrap().events().map(Result::unwrap).collect();
    let mut out = Vec::new();
    for (seq, (now, event)) in events.iter().enumerate() {
        for event in [event.clone(), Event::Tick] {
            let seq = momentum_core::ids::Seq(seq as u64);
            writer().event(&momentum_core::event::Envelope { seq, now: *now, event }, &mut out);
        }
    }
    let file = scratch("lines").join("events.jsonl");
    fs::write(&file, &out).unwrap();
    let again: Vec<_> = Replay::open(&file).unwrap().events().map(Result::unwrap).collect();
    assert_eq!(again, events);

    out.extend_from_slice(b"{\"schema\":\"momentum.event.v1\",\n");
    fs::write(&file, &out).unwrap();
    let error = Replay::open(&file).unwrap().events().find_map(Result::err).unwrap();
    let line = 2 * events.len() + 1;
    assert!(error.to_string().contains(&format!("line {line}, column")), "{error}");
    assert!(!error.is_not_found());
}

#[test]
fn a_folder_names_what_it_leaves_out_and_refuses_to_play_nothing() {
    let folder = scratch("folder");
    assert!(Replay::open(&folder.join("absent")).unwrap_err().is_not_found());
    fs::write(folder.join("a.json"), "{\"note\":\"\u{1b}[2J\"}").unwrap();
    fs::write(folder.join("b.txt"), "no").unwrap();
    fs::write(folder.join("c.json"), "no").unwrap();
    let error = Replay::open(&folder).unwrap_err();
    assert!(error.to_string().contains("nothing to replay: a.json: no transaction"), "{error}");
    assert!(!error.is_not_found());
}

#[test]
fn raw_records_are_records_too() {
    let Some(folder) = recordings().map(|folder| folder.join("fixtures/transactions")) else { return };
    let mut lines = Vec::new();
    let keep = |line: &[u8]| {
        lines.extend_from_slice(line);
        Ok::<_, Infallible>(())
    };
    Replay::open(&folder).unwrap().raw(&writer(), keep).unwrap();
    let mut reader = RecordReader::new(&lines[..]);
    while let Some(line) = reader.next_line().unwrap() {
        assert_eq!(line.record, Record::Other);
    }
}
