//! A recorded run that was restarted in the middle, with its book on each database: every session replays to the
//! hash of its decisions, and both databases decide the same.

use crate::postgres::{Cluster, shared};
use crate::running::Place;

/// Runs until three hours, then until five, and replays both; the hashes of the two.
fn hashes(place: &Place, book: &[&str]) -> Vec<String> {
    let recordings = place.folder().join("recordings");
    let recordings = recordings.to_str().unwrap();
    let mut summaries = Vec::new();
    for until in ["3h", "5h"] {
        let market =
            ["run", "--json", "--seed", "7", "--speed", "max", "--until", until, "--record", recordings];
        let run = place.run(&[&market, book].concat());
        assert_eq!(run.status, 0, "{}", run.stderr);
        let summary: serde_json::Value = serde_json::from_str(run.stdout.lines().last().unwrap()).unwrap();
        summaries.push(summary["decision_hash"].as_str().unwrap().to_owned());
    }
    let replay = place.run(&["backtest", "replay", recordings, "--json"]);
    assert_eq!(replay.status, 0, "{replay:?}");
    let replay = replay.json();
    let sessions = replay["sessions"].as_array().unwrap();
    let replayed: Vec<_> =
        sessions.iter().map(|session| session["replayed_hash"].as_str().unwrap().to_owned()).collect();
    assert_eq!(replayed, summaries);
    assert!(sessions.iter().all(|session| session["decisions"].as_u64().unwrap() > 0), "{replay}");
    summaries
}

#[test]
fn a_run_that_was_restarted_replays_to_its_decision_hashes_on_sqlite_and_on_postgres() {
    let place = Place::of("restarted-sqlite");
    let on_sqlite = hashes(&place, &[]);
    let Some(cluster) = shared() else { return };
    let place = Place::of("restarted-postgres");
    let on_postgres = hashes(&place, &["--db", &Cluster::url(&cluster)]);
    assert_eq!(on_postgres, on_sqlite);
}
