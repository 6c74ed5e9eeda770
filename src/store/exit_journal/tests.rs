//! The exit journal on whole disks, full ones and lying ones.

use std::process::Command;

use momentum_core::action::{Basis, Order, Swap};
use momentum_core::ids::{AttemptId, Mint, OrderId, Pubkey, Seq, Signature, Wallet};
use momentum_core::quotes::{Liquidity, Pool, Rates};
use momentum_core::time::Timestamp;
use momentum_core::trader::exits::ExitReason;
use momentum_core::trader::orders::AttemptState;
use momentum_core::units::{Bps, Lamports, TokenAmount};
use proptest::prelude::*;

use super::*;
use crate::book::tests::Folder;

fn sale(number: u16) -> Attempt {
    let order = Order {
        attempt: AttemptId { order: OrderId { seq: Seq(u64::MAX), nth: 3 }, number },
        mint: Mint(Pubkey([255; 32])),
        wallet: Wallet(Pubkey([254; 32])),
        swap: Swap::Sell { tokens: TokenAmount(u64::MAX), min_lamports: Lamports(u64::MAX) },
        exit: Some(ExitReason::Stop),
        bound: Bps(1_500),
        priority: Lamports(1),
        tip: Lamports(2),
        urgent: true,
        whole_balance: true,
        draw: 7,
        basis: Basis {
            liquidity: Liquidity::Pool(Pool::new(u64::MAX, u64::MAX, i128::from(i64::MIN))),
            rates: Rates::bps(20, 5, 5),
        },
    };
    Attempt { order, state: AttemptState::Prepared, sent: Some(Timestamp(1_785_327_618_000_000)) }
}

fn signed(raw: &[u8]) -> Signed {
    Signed { signature: Signature([255; 64]), last_valid_height: u64::MAX, raw: raw.to_vec() }
}

fn journal(folder: &Folder) -> (PathBuf, ExitJournal) {
    let path = folder.0.join("exits.journal");
    let journal = ExitJournal::with_slots(&path, 4).unwrap();
    (path, journal)
}

#[test]
fn what_was_recorded_is_there_in_order_until_it_is_folded() {
    let folder = Folder::of("exits-order");
    let (path, mut journal) = journal(&folder);
    let largest = signed(&[0xab; 1_232]);
    for number in 1..=3 {
        journal.record(&sale(number), &largest).unwrap();
    }
    journal.fold(&[0]).unwrap();
    assert_eq!(journal.record(&sale(4), &signed(b"x")).unwrap(), 0, "a free slot is used again");
    drop(journal);

    let mut journal = ExitJournal::with_slots(&path, 4).unwrap();
    let unfolded = journal.unfolded().unwrap();
    let found: Vec<_> = unfolded.entries.iter().map(|entry| (entry.slot, entry.number)).collect();
    assert_eq!(found, [(1, 2), (2, 3), (0, 4)]);
    assert_eq!((&unfolded.entries[0].attempt, &unfolded.entries[0].signed), (&sale(2), &largest));
    assert_eq!(unfolded.damaged, []);
    assert_eq!(journal.free(), 1);
    journal.fold(&[0, 1, 2]).unwrap();
    assert_eq!(journal.unfolded().unwrap(), Unfolded::default());
    journal.record(&sale(5), &signed(b"y")).unwrap();
    assert_eq!(journal.unfolded().unwrap().entries[0].number, 5, "numbers do not come again");
}

#[test]
fn a_buy_a_giant_and_one_too_many_are_refused() {
    let folder = Folder::of("exits-refused");
    let (_, mut journal) = journal(&folder);
    let mut buy = sale(1);
    buy.order.swap = Swap::Buy { spend: Lamports(1), min_tokens: TokenAmount(1) };
    assert!(matches!(journal.record(&buy, &signed(b"")), Err(ExitJournalError::NotAnExit)));
    let giant = signed(&[0; SLOT_BYTES]);
    assert!(matches!(journal.record(&sale(1), &giant), Err(ExitJournalError::TooLarge { .. })));
    for number in 1..=4 {
        journal.record(&sale(number), &signed(b"")).unwrap();
    }
    assert!(matches!(journal.record(&sale(5), &signed(b"")), Err(ExitJournalError::Full(4))));
}

#[test]
fn every_write_cut_off_at_any_byte_is_told_and_hides_nothing_else() {
    let folder = Folder::of("exits-torn");
    let (path, mut journal) = journal(&folder);
    let free = fs::read(&path).unwrap();
    journal.record(&sale(1), &signed(b"first")).unwrap();
    journal.record(&sale(2), &signed(b"second")).unwrap();
    let whole = fs::read(&path).unwrap();
    let differ = (SLOT_BYTES..2 * SLOT_BYTES).filter(|at| free[*at] != whole[*at]).collect::<Vec<_>>();
    let last = *differ.last().unwrap();
    for cut in differ.iter().step_by(7).copied().chain([last]) {
        let torn = [&whole[..cut], &free[cut..]].concat();
        fs::write(&path, &torn).unwrap();
        let mut journal = ExitJournal::with_slots(&path, 4).unwrap();
        let unfolded = journal.unfolded().unwrap();
        assert_eq!(unfolded.entries.len(), 1);
        // Cut off before its first byte it is no write at all.
        let told = usize::from(cut > differ[0]);
        assert_eq!(unfolded.damaged.len(), told, "cut at {cut}");
        assert_eq!(journal.free(), 3 - told, "a damaged slot is not written over before it was told");
        journal.fold(&[1]).unwrap();
        assert_eq!(journal.free(), 3);
    }
}

#[test]
fn a_file_that_is_no_journal_is_not_touched() {
    let folder = Folder::of("exits-foreign");
    let path = folder.0.join("exits.journal");
    fs::write(&path, "somebody's letters").unwrap();
    assert!(matches!(ExitJournal::open(&path), Err(ExitJournalError::Foreign { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody's letters");
}

proptest! {
    #[test]
    fn a_flipped_bit_is_told_or_changes_nothing(at in 0_usize..4 * SLOT_BYTES, bit in 0_u8..8) {
        let folder = Folder::of("exits-flip");
        let (path, mut journal) = journal(&folder);
        for number in 1..=3 {
            journal.record(&sale(number), &signed(b"some bytes")).unwrap();
        }
        let before = journal.unfolded().unwrap();
        drop(journal);
        let mut bytes = fs::read(&path).unwrap();
        bytes[at] ^= 1 << bit;
        fs::write(&path, bytes).unwrap();
        let after = ExitJournal::with_slots(&path, 4).unwrap().unfolded().unwrap();
        let hit = u32::try_from(at / SLOT_BYTES).unwrap();
        prop_assert_eq!(&after.damaged, &[Damaged { slot: hit }]);
        let rest: Vec<_> = before.entries.into_iter().filter(|entry| entry.slot != hit).collect();
        prop_assert_eq!(after.entries, rest);
    }
}

const FULL: &str = "MOMENTUM_TEST_FULL_DISK";

/// On a file system of its own with not a byte free. Needs the right to mount one in a namespace of its own.
#[test]
fn a_full_disk_takes_no_file_but_takes_a_sale() {
    let test = "exit_journal::tests::a_full_disk_takes_no_file_but_takes_a_sale";
    if let Some(place) = std::env::var_os(FULL) {
        let path = Path::new(&place).join("exits.journal");
        let mut journal = ExitJournal::with_slots(&path, 8).unwrap();
        let full = fs::write(Path::new(&place).join("fill"), vec![1; 1 << 20]).unwrap_err();
        assert_eq!(full.kind(), io::ErrorKind::StorageFull);
        for number in 1..=8 {
            journal.record(&sale(number), &signed(&[7; 1_232])).unwrap();
        }
        let journal = ExitJournal::with_slots(&path, 8).unwrap();
        assert_eq!(journal.unfolded().unwrap().entries.len(), 8);
        // A second journal would have to be made, and cannot.
        assert!(ExitJournal::with_slots(&Path::new(&place).join("other"), 8).is_err());
        println!("\ntold: eight sales on a full disk");
        return;
    }
    let folder = Folder::of("exits-full");
    let script = "mount -t tmpfs -o size=128k none \"$1\" && exec \"$2\" --exact \"$3\" --nocapture";
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", script, "sh"]).arg(&folder.0).arg(std::env::current_exe().unwrap());
    let output = command.arg(test).env(FULL, &folder.0).output();
    let (done, told) = match &output {
        Ok(output) => (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(error) => (false, error.to_string()),
    };
    let started = told.contains("running 1 test");
    if !started && std::env::var_os("CI").is_none() {
        println!("skipped: no small file system can be mounted here (unshare -rm)");
        return;
    }
    assert!(done && told.contains("told: eight sales"), "{told}{output:?}");
}
