//! A crash takes what was not flushed and nothing else.

use super::*;

#[test]
fn a_session_that_broke_off_is_read_up_to_its_last_flush() {
    let folder = scratch("broke-off");
    let session = broken_off(&folder);
    let found = content(&session).unwrap();
    assert_eq!(found.envelopes, (0..1_800).map(envelope).collect::<Vec<_>>());
    assert_eq!(found.decision_hash, None);
    let manifest = Session::open(&session).unwrap().manifest().clone();
    assert_eq!((manifest.segments.len(), manifest.is_sealed()), (1, false));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_session_that_broke_off_before_its_first_event_is_empty_and_sound() {
    let folder = scratch("at-once");
    let recorder = Recorder::create(&folder, about(), None, &keys(), Patience::Endless).unwrap();
    let session = recorder.session().to_owned();
    recorder.crash();
    let found = content(&session).unwrap();
    assert!(found.envelopes.is_empty() && found.decisions.is_empty());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_crash_between_sealing_and_the_manifest_loses_nothing_and_doubles_nothing() {
    let folder = scratch("between");
    let session = broken_off(&folder);
    // The sealed files of the open segment are in their place, the manifest does not know them yet.
    for table in ["events", "decisions"] {
        fs::copy(
            session.join(format!("{table}-00000.parquet")),
            session.join(format!("{table}-00001.parquet")),
        )
        .unwrap();
    }
    assert_eq!(content(&session).unwrap().envelopes.len(), 1_800);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_session_can_be_read_while_it_runs() {
    let folder = scratch("running");
    let mut recorder = Recorder::create(&folder, about(), None, &keys(), Patience::Endless).unwrap();
    for nth in 0..1_500 {
        let envelope = envelope(nth);
        recorder.append(&envelope, &facts(&envelope)).unwrap();
    }
    recorder.flush(false).unwrap();
    let session = Session::open(recorder.session()).unwrap();
    assert!(session.is_running());
    for nth in 1_500..5_000 {
        let envelope = envelope(nth);
        recorder.append(&envelope, &facts(&envelope)).unwrap();
        if nth % 500 == 499 {
            recorder.flush(false).unwrap();
        }
    }
    let manifest = recorder.finish().unwrap();
    assert!(manifest.is_sealed() && !Session::open(session.folder()).unwrap().is_running());
    // What was opened ends where it was whole then, in both tables, though all its files are others now.
    let seen = session.envelopes().collect::<Result<Vec<_>, _>>().unwrap();
    let decided = session.decisions().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(seen, (0..1_500).map(envelope).take(seen.len()).collect::<Vec<_>>());
    let expected: usize = seen.iter().map(|envelope| facts(envelope).len()).sum();
    assert_eq!(decided.len(), expected);
    fs::remove_dir_all(folder).unwrap();
}
