//! The world fails: a server that is killed, a disk that is full. What was appended is kept, and comes through.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use momentum_core::protections::Protections;
use momentum_core::trader::Trader;
use momentum_store::address::Address;
use momentum_store::db::{Access, Db, Desk, Durability};
use momentum_store::error::StoreError;
use momentum_store::journal::{Clock, Health, Journal, NotDurable, Options};

use crate::book::read;
use crate::place::{Folder, up};
use crate::played::{first_fill, played};
use crate::postgres::Cluster;

const LONG: Duration = Duration::from_secs(120);
const SHORT: Duration = Duration::from_millis(50);

#[test]
fn a_server_that_is_killed_again_and_again_loses_nothing() {
    let Some(cluster) = Cluster::start() else { return };
    let address = cluster.address("killed");
    up(&address);
    through_faults(&address, 10, &mut || cluster.kill(), &mut || cluster.run());
}

#[test]
fn a_full_disk_stops_commits_and_loses_nothing() {
    let folder = Folder::of("full");
    let disk = folder.0.join("disk");
    std::fs::create_dir_all(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "none"]).arg(&disk).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: a small disk cannot be mounted here");
        return;
    }
    let address = Address::in_folder(&disk);
    up(&address);
    let ballast = disk.join("ballast");
    through_faults(&address, 5, &mut || fill(&ballast), &mut || std::fs::remove_file(&ballast).unwrap());
    assert!(Command::new("umount").arg("-l").arg(&disk).status().unwrap().success());
}

#[test]
fn more_than_there_is_room_for_is_not_taken_and_may_come_again() {
    let folder = Folder::of("room");
    let address = Address::in_folder(&folder.0);
    up(&address);
    let options = Options { room: 3, ..Options::new(address.clone(), Clock::Market) };
    let mut journal = Journal::open(options).unwrap();
    let desk = Desk::new().unwrap();
    let mut other = desk.wait(Db::open(&address, Durability::Full, Access::Write)).unwrap();
    desk.wait(other.begin()).unwrap();
    let (mut refused, mut last) = (0, None);
    for (envelope, effects) in &played().steps[..first_fill() + 100] {
        while let Err(error) = journal.append(envelope, effects) {
            assert_eq!(error, NotDurable::Full(3));
            if refused == 0 {
                assert!(matches!(journal.flush(SHORT), Err(NotDurable::Late(_))), "the book is held");
                desk.wait(other.rollback()).unwrap();
            }
            refused += 1;
            journal.flush(LONG).unwrap();
        }
        last = Some(envelope.seq);
    }
    assert!(refused > 0);
    journal.close(LONG).unwrap();
    assert_eq!(Some(read(&address).last_seq), last);
}

/// Writes until nothing more fits.
fn fill(ballast: &Path) {
    use std::io::Write;
    let mut file = std::fs::File::create(ballast).unwrap();
    for size in [1 << 16, 1 << 12, 64, 1] {
        let block = vec![0; size];
        while file.write(&block).is_ok_and(|written| written > 0) {}
    }
}

/// The played hours into the journal, with so many faults on the way: each is noticed, each passes.
fn through_faults(address: &Address, faults: usize, break_it: &mut dyn FnMut(), mend: &mut dyn FnMut()) {
    let mut journal = Journal::open(Options::new(address.clone(), Clock::Market)).unwrap();
    let watch = journal.watch();
    let played = played();
    let money: Vec<_> = played.traders.iter().map(|(after, _)| *after).collect();
    let at: Vec<_> = (1..=faults).map(|nth| money[nth * (money.len() - 1) / (faults + 1)]).collect();
    let mut noticed = 0;
    let mut broken = false;
    for (nth, (envelope, effects)) in played.steps.iter().enumerate() {
        if at.contains(&nth) && !broken {
            journal.flush(LONG).unwrap();
            break_it();
            broken = true;
        }
        journal.append(envelope, effects).unwrap();
        if broken && nth % 10 == 9 {
            let before = watch.committed();
            match journal.flush(SHORT) {
                Err(NotDurable::Late(_)) => {}
                Ok(()) => continue,
                Err(other) => panic!("{other}"),
            }
            let until = Instant::now() + LONG;
            while !matches!(watch.health(), Health::Failing { .. }) {
                assert!(Instant::now() < until && watch.committed() == before, "{:?}", watch.health());
                std::thread::sleep(Duration::from_millis(5));
            }
            let Health::Failing { why, .. } = watch.health() else { panic!("it failed just now") };
            let expected = match address.file() {
                Some(_) => matches!(why, StoreError::CannotWrite(_)),
                None => matches!(why, StoreError::Unreachable(_)),
            };
            assert!(expected, "{why:?}");
            noticed += 1;
            mend();
            broken = false;
            journal.flush(LONG).unwrap();
            assert!(matches!(watch.health(), Health::Ok | Health::Slow(_)));
        }
    }
    if broken {
        mend();
    }
    assert!(noticed >= faults / 2, "{noticed} of {faults} faults hurt");
    journal.close(LONG).unwrap();
    let (_, trader) = played.traders.last().unwrap();
    assert!(trader.would_decide_as(&Trader::restore(read(address).rows, Protections::ALL)));
    println!("{noticed} faults noticed and survived");
}
