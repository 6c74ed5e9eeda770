//! Recordings come back as what they were, or say what is wrong with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use momentum_core::config::Section;
use momentum_core::event::{Envelope, Event, FeedEvent, MarketKind, Mode, Side};
use momentum_core::fact::{Fact, Refused};
use momentum_core::ids::{Hash, Mint, Pubkey, Seq, Signature, Slot};
use momentum_core::time::{ChainTime, Timestamp};
use momentum_core::units::Lamports;

use super::*;
use crate::record::Source;
use crate::record::samples::{enriched, launch, trade};

mod crashes;
mod damage;
mod keeping;
mod round_trip;

/// A folder of its own, empty.
fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("momentum-recording-{}-{name}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn keys() -> RecordKeys {
    RecordKeys { segment_rows: 1_000, ..RecordKeys::shipped() }
}

fn about() -> About {
    About {
        run_id: "run-1".to_owned(),
        version: "0.0.0".to_owned(),
        mode: Mode::Paper,
        network: Some("sim".to_owned()),
        source: Source::Sim,
        seed: Some(7),
        config: [("risk.max_position".to_owned(), "0.5 SOL".to_owned())].into(),
        config_hash: Hash([7; 32]),
    }
}

/// The `nth` envelope of a market that is made up: launches, trades, answers, slots, ticks.
fn envelope(nth: u64) -> Envelope {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&(nth % 7).to_le_bytes());
    let mut event = match nth % 10 {
        0 => launch("name"),
        1 => Event::Tick,
        2 => Event::Feed(FeedEvent::Slot { slot: Slot(nth), at: ChainTime(100) }),
        3 => enriched(momentum_core::event::Answer::Members(Ok(5))),
        _ => trade(|trade| trade.quote_amount = nth * 1_000),
    };
    if let Event::Market(market) = &mut event {
        market.mint = Mint(Pubkey(bytes));
        let mut signature = [3; 64];
        signature[..8].copy_from_slice(&nth.to_le_bytes());
        market.signature = Signature(signature);
    }
    let now = Timestamp(1_785_327_618_000_000 + i64::try_from(nth).unwrap() * 1_000);
    Envelope { seq: Seq(nth + 1), now, event }
}

/// What was decided at it: a refusal at each sale or purchase of one token.
fn facts(envelope: &Envelope) -> Vec<Fact> {
    match &envelope.event {
        Event::Market(market)
            if matches!(market.kind, MarketKind::Traded(_)) && envelope.seq.0.is_multiple_of(3) =>
        {
            vec![Fact::Refused(Refused {
                mint: market.mint,
                side: Side::Buy,
                lamports: Some(Lamports(envelope.seq.0)),
                code: momentum_core::codes::RefusalCode::RoundTripCost,
                figures: String::new(),
                unknown: Vec::new(),
            })]
        }
        _ => Vec::new(),
    }
}

/// A sealed session of so many events, in two and a bit segments where there are 2,500.
fn recorded(folder: &Path, events: u64) -> PathBuf {
    let mut recorder = Recorder::create(folder, about(), Some(b"state"), &keys(), Patience::Endless).unwrap();
    for nth in 0..events {
        let envelope = envelope(nth);
        recorder.append(&envelope, &facts(&envelope)).unwrap();
        if nth % 500 == 499 {
            recorder.flush(false).unwrap();
        }
    }
    let session = recorder.session().to_owned();
    let manifest = recorder.finish().unwrap();
    assert_eq!(manifest.events(), events);
    session
}

/// All that a session holds, or its first damage.
#[derive(Debug, PartialEq)]
struct Content {
    envelopes: Vec<Envelope>,
    decisions: Vec<Decided>,
    state: Option<Vec<u8>>,
    about: About,
    decision_hash: Option<Hash>,
}

fn content(session: &Path) -> Result<Content, Damaged> {
    let session = Session::open(session)?;
    Ok(Content {
        envelopes: session.envelopes().collect::<Result<_, _>>()?,
        decisions: session.decisions().collect::<Result<_, _>>()?,
        state: session.restored()?,
        about: session.manifest().about.clone(),
        decision_hash: session.manifest().decision_hash,
    })
}

/// A copy of a session, to be damaged.
fn copy(session: &Path, to: &Path) -> PathBuf {
    let copy = to.join("copy");
    if copy.exists() {
        fs::remove_dir_all(&copy).unwrap();
    }
    fs::create_dir_all(&copy).unwrap();
    for entry in fs::read_dir(session).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    copy
}

/// A session as a crash leaves it: one sealed segment, an open one, the rest lost.
fn broken_off(folder: &Path) -> PathBuf {
    let mut recorder = Recorder::create(folder, about(), None, &keys(), Patience::Endless).unwrap();
    for nth in 0..1_800 {
        let envelope = envelope(nth);
        recorder.append(&envelope, &facts(&envelope)).unwrap();
        if nth % 300 == 299 {
            recorder.flush(false).unwrap();
        }
    }
    let session = recorder.session().to_owned();
    recorder.crash();
    session
}

#[test]
fn a_session_knows_what_it_is_of_and_its_decision_hash() {
    let folder = scratch("knows");
    let session = recorded(&folder, 2_500);
    let recording = Recording::open(&folder).unwrap();
    let [Ok(found)] = recording.sessions() else { panic!("{recording:?}") };
    assert_eq!(found.folder(), session);
    assert_eq!(found.manifest().about, about());
    assert_eq!(found.manifest().segments.len(), 3);
    let mut hasher = momentum_core::engine::DecisionHasher::default();
    for envelope in (0..2_500).map(envelope) {
        hasher.facts(envelope.now, &facts(&envelope));
    }
    assert_eq!(found.manifest().decision_hash, Some(hasher.finish()));
    assert!(!found.is_running() && found.cut().unwrap().is_none());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_was_sealed_before_an_event_is_not_opened() {
    let folder = scratch("behind");
    let session = Session::open(&recorded(&folder, 2_500)).unwrap();
    let [first, second, _] = &session.manifest().segments[..] else { panic!("{session:?}") };
    fs::remove_file(session.folder().join(&first.events.file)).unwrap();
    for from in [first.last.seq, Seq(first.last.seq.0 + 1), second.last.seq] {
        let behind: Vec<_> = session.envelopes_behind(from).map(Result::unwrap).collect();
        assert_eq!(behind, (from.0..2_500).map(envelope).collect::<Vec<_>>());
    }
    assert!(session.envelopes_behind(Seq(first.last.seq.0 - 1)).next().unwrap().is_err());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn nothing_there_and_nothing_in_it_are_told_apart() {
    let folder = scratch("nothing");
    assert!(matches!(Recording::open(&folder), Err(OpenError::Empty { .. })));
    assert!(matches!(Recording::open(&folder.join("none")), Err(OpenError::NotFound { .. })));
    assert!(!Recording::is_at(&folder));
    fs::remove_dir_all(folder).unwrap();
}

/// Records until it cannot go on, with `place` made in the place of the next segment's file: why it ended.
fn ended_by(folder: &Path, place: impl FnOnce(&Path)) -> (PathBuf, RecordError) {
    let patience = Patience::AtMost(Duration::from_secs(60));
    let mut recorder = Recorder::create(folder, about(), None, &keys(), patience).unwrap();
    let session = recorder.session().to_owned();
    place(&session.join("events-00001.arrows"));
    let failed = (0..1_000_000).map(envelope).find_map(|envelope| recorder.append(&envelope, &[]).err());
    (session, failed.unwrap())
}

/// The first segment is whole, and there is nothing else.
fn begins(content: &Content) {
    let events = u64::try_from(content.envelopes.len()).unwrap();
    assert!(events >= keys().segment_rows, "{events}");
    assert_eq!(content.envelopes, (0..events).map(envelope).collect::<Vec<_>>());
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_what_is_whole_stays() {
    let folder = scratch("unwritable");
    let (session, failed) = ended_by(&folder, |place| fs::create_dir(place).unwrap());
    assert!(matches!(failed, RecordError::Io { .. }), "{failed}");
    assert!(failed.to_string().contains("events-00001.arrows"), "{failed}");
    begins(&content(&session).unwrap());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_full_disk_ends_the_recording_with_the_mend_and_what_is_whole_stays() {
    let folder = scratch("full");
    let full = |place: &Path| std::os::unix::fs::symlink("/dev/full", place).unwrap();
    let (session, failed) = ended_by(&folder, full);
    assert!(matches!(failed, RecordError::Full { .. }), "{failed}");
    assert!(failed.to_string().contains("make room"), "{failed}");
    begins(&content(&session).unwrap());
    fs::remove_dir_all(folder).unwrap();
}
