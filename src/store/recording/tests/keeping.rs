//! What is too old or too much goes, the oldest first; what runs stays.

use std::time::SystemTime;

use super::*;

const DAY: Duration = Duration::from_secs(86_400);

/// A sealed session whose manifest was last written so many days ago.
fn of_days_ago(folder: &Path, days: u32) -> PathBuf {
    let session = recorded(folder, 50);
    let manifest = fs::File::options().write(true).open(session.join("manifest.json")).unwrap();
    manifest.set_modified(SystemTime::now() - DAY * days).unwrap();
    session
}

fn removed(folder: &Path, keys: &RecordKeys) -> Vec<PathBuf> {
    let removed = retain(folder, keys, SystemTime::now()).unwrap();
    removed.into_iter().map(|removed| removed.session).collect()
}

#[test]
fn sessions_older_than_the_limit_are_removed() {
    let folder = scratch("age");
    let old = of_days_ago(&folder, 15);
    let young = of_days_ago(&folder, 13);
    assert_eq!(removed(&folder, &RecordKeys::shipped()), std::slice::from_ref(&old));
    assert!(!old.exists() && young.exists());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_oldest_go_until_the_rest_fits() {
    let folder = scratch("bytes");
    let sessions = [of_days_ago(&folder, 3), of_days_ago(&folder, 2), of_days_ago(&folder, 1)];
    for session in &sessions {
        // Half a megabyte each.
        fs::write(session.join("weight"), vec![0; 500_000]).unwrap();
    }
    let keys = RecordKeys { keep_megabytes: 1, ..RecordKeys::shipped() };
    assert_eq!(removed(&folder, &keys), sessions[..2]);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_session_that_runs_is_never_removed_and_one_that_broke_off_is() {
    let folder = scratch("runs");
    let broken = broken_off(&folder);
    let recorder = Recorder::create(&folder, about(), None, &keys(), Patience::Endless).unwrap();
    let running = recorder.session().to_owned();
    let later = SystemTime::now() + DAY * 100;
    let gone = retain(&folder, &RecordKeys::shipped(), later).unwrap();
    assert_eq!(gone.len(), 1);
    assert!(!broken.exists() && running.exists());
    recorder.finish().unwrap();
    fs::remove_dir_all(folder).unwrap();
}
