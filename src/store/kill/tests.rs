//! The kill file under races, garbage and missing folders.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::*;
use crate::book::tests::{Folder, other_process};

fn halt(kind: HaltKind, who: &str) -> Halt {
    Halt { kind, who: who.to_owned(), why: "a test".to_owned(), since: wall_clock(), until: None }
}

fn file(folder: &Folder) -> KillFile {
    let book = folder.book();
    book.create().unwrap();
    KillFile::of(&book)
}

fn may(switch: &mut KillSwitch) -> (bool, bool, bool) {
    let permits = switch.look(wall_clock());
    (permits.buys, permits.exits, permits.flatten)
}

#[test]
fn each_order_stops_what_it_says_and_stands_until_it_is_ended() {
    let folder = Folder::of("kill-orders");
    let file = file(&folder);
    let mut switch = KillSwitch::new(file.clone());
    assert_eq!(may(&mut switch), (true, true, false));
    file.order(halt(HaltKind::Pause, "ann")).unwrap();
    assert_eq!(may(&mut switch), (false, true, false));
    file.order(halt(HaltKind::Flatten, "bob")).unwrap();
    assert_eq!(may(&mut switch), (false, true, true));
    file.order(halt(HaltKind::Lock, "bob")).unwrap();
    assert_eq!(may(&mut switch), (false, false, true));
    assert_eq!(switch.look(wall_clock()).halt.unwrap().who, "bob", "the strictest is told");

    assert_eq!(file.end(&Ended::PauseOf("bob".to_owned())).unwrap().len(), 3, "it is ann's pause");
    file.end(&Ended::Kind(HaltKind::Lock)).unwrap();
    assert_eq!(may(&mut switch), (false, true, true), "the end of a lock ends no flatten");
    file.end(&Ended::Kind(HaltKind::Flatten)).unwrap();
    assert_eq!(file.end(&Ended::PauseOf("ann".to_owned())).unwrap(), []);
    assert!(!file.path().exists());
    assert_eq!(may(&mut switch), (true, true, false));
    assert_eq!(file.end(&Ended::All).unwrap(), [], "nothing to end is no error");
}

#[test]
fn a_pause_ends_at_its_moment_by_the_clock_of_whoever_reads_it() {
    let folder = Folder::of("kill-until");
    let file = file(&folder);
    let until = wall_clock() + Duration::from_secs(3_600);
    file.order(Halt { until: Some(until), ..halt(HaltKind::Pause, "ann") }).unwrap();
    let mut switch = KillSwitch::new(file);
    assert!(!switch.look(until - Duration::from_micros(1)).buys);
    assert!(switch.look(until).buys);
    assert!(!switch.look(until - Duration::from_micros(1)).buys, "a clock may be set back");
}

#[test]
fn an_order_given_twice_stands_once_and_keeps_since_when() {
    let folder = Folder::of("kill-twice");
    let file = file(&folder);
    let first = Halt { since: Timestamp(1), ..halt(HaltKind::Pause, "ann") };
    file.order(first).unwrap();
    let halts = file.order(Halt { why: "still".to_owned(), ..halt(HaltKind::Pause, "ann") }).unwrap();
    assert_eq!((halts.len(), halts[0].since, halts[0].why.as_str()), (1, Timestamp(1), "still"));
}

#[test]
fn garbage_stops_buys_and_only_buys() {
    let folder = Folder::of("kill-garbage");
    let file = file(&folder);
    let newer = r#"{"schema":"momentum.kill.v2","halts":[]}"#;
    let unknown = r#"{"schema":"momentum.kill.v1","halts":[{"kind":"explode","who":"a","why":"","since":"2026-01-01T00:00:00Z"}]}"#;
    for garbage in ["", "{", "lock", newer, unknown, &"x".repeat(70_000)] {
        fs::write(file.path(), garbage).unwrap();
        let mut switch = KillSwitch::new(file.clone());
        assert_eq!(may(&mut switch), (false, true, false), "{garbage:.20}");
        assert!(switch.look(wall_clock()).unreadable.is_some());
        assert!(file.end(&Ended::PauseOf("ann".to_owned())).is_err(), "it is not quietly taken away");
        // Who orders something is heard all the same.
        file.order(halt(HaltKind::Lock, "ann")).unwrap();
        assert_eq!(may(&mut switch), (false, false, false));
        // A lock that was read is not ended by what then befalls the file.
        fs::write(file.path(), garbage).unwrap();
        assert_eq!(may(&mut switch), (false, false, false));
        file.end(&Ended::All).unwrap();
        assert_eq!(may(&mut switch), (true, true, false));
    }
}

#[test]
fn a_file_that_cannot_be_read_and_a_folder_that_is_gone_stop_buys() {
    let folder = Folder::of("kill-gone");
    let file = file(&folder);
    // A folder in its place: even root cannot read that as a file.
    fs::create_dir(file.path()).unwrap();
    let mut switch = KillSwitch::new(file.clone());
    assert_eq!(may(&mut switch), (false, true, false));
    fs::remove_dir(file.path()).unwrap();
    assert_eq!(may(&mut switch), (true, true, false));
    fs::remove_dir_all(file.folder()).unwrap();
    assert_eq!(may(&mut switch), (false, true, false));
}

#[test]
fn what_nobody_can_write_changes_nothing_and_says_so() {
    let folder = Folder::of("kill-readonly");
    let file = file(&folder);
    file.order(halt(HaltKind::Pause, "ann")).unwrap();
    if rustix::process::geteuid().is_root() {
        // Nothing is forbidden to root; a folder where the new file must go is in everybody's way.
        fs::remove_file(file.folder().join("kill.lock")).unwrap();
        fs::create_dir(file.folder().join("kill.lock")).unwrap();
    } else {
        fs::set_permissions(file.folder(), Permissions::from_mode(0o500)).unwrap();
    }
    assert!(matches!(file.end(&Ended::All), Err(KillFileError::Io { .. })));
    assert_eq!(may(&mut KillSwitch::new(file.clone())), (false, true, false));
    fs::set_permissions(file.folder(), Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_change_is_seen_at_the_next_look_however_fast_it_follows() {
    let folder = Folder::of("kill-fast");
    let file = file(&folder);
    let mut switch = KillSwitch::new(file.clone());
    for _ in 0..200 {
        file.order(halt(HaltKind::Pause, "ann")).unwrap();
        assert!(!switch.look(wall_clock()).buys);
        file.order(halt(HaltKind::Lock, "ann")).unwrap();
        assert!(!switch.look(wall_clock()).exits);
        // The same name, length and tick of the clock: only reading it tells.
        let text = fs::read_to_string(file.path()).unwrap();
        fs::write(file.path(), text.replace("\"lock\"", "\"pause\"").replace("a test", "a tes")).unwrap();
        assert!(switch.look(wall_clock()).exits);
        file.end(&Ended::All).unwrap();
        assert!(switch.look(wall_clock()).buys);
    }
}

const WRITE: &str = "MOMENTUM_TEST_WRITE_KILL";

#[test]
fn operators_of_many_processes_lose_no_order_and_readers_see_none_half() {
    let test = "kill::tests::operators_of_many_processes_lose_no_order_and_readers_see_none_half";
    if let Some(folder) = std::env::var_os(WRITE) {
        let folder = std::mem::ManuallyDrop::new(Folder(folder.into()));
        let file = KillFile::of(&folder.book());
        println!("\ntold: writing");
        for _ in 0..20 {
            file.order(halt(HaltKind::Pause, &std::process::id().to_string())).unwrap();
            file.end(&Ended::PauseOf(std::process::id().to_string())).unwrap();
        }
        return;
    }
    let folder = Folder::of("kill-race");
    let file = file(&folder);
    file.order(halt(HaltKind::Lock, "ann")).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|threads| {
        threads.spawn(|| {
            let mut switch = KillSwitch::new(file.clone());
            while !stop.load(Ordering::Relaxed) {
                let permits = switch.look(wall_clock());
                assert_eq!((permits.exits, permits.unreadable), (false, None), "ann's lock stands");
            }
        });
        let others: Vec<_> = (0..3).map(|_| other_process(test, WRITE, &folder.0)).collect();
        for mut other in others {
            let ended = other.process.wait().unwrap();
            stop.store(!ended.success(), Ordering::Relaxed);
            assert!(ended.success());
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(file.read().unwrap().len(), 1, "only ann's is left");
}

proptest! {
    #[test]
    fn whatever_the_file_holds_a_look_gives_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = Folder::of("kill-any");
        let file = file(&folder);
        fs::write(file.path(), bytes).unwrap();
        prop_assert_eq!(may(&mut KillSwitch::new(file)), (false, true, false));
    }
}
