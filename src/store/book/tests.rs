//! Books and their locks, between real processes.

use std::io::{BufRead, BufReader, Lines};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, Stdio};

use super::*;

/// A folder of its own for a test; removed with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn of(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("momentum-store-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn book(&self) -> Book {
        Book::at(&self.0, BookName { network: Network::Sim, mode: Mode::Paper, instance: None })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// Another process that runs one test of this binary.
pub(crate) struct Other {
    pub(crate) process: Child,
    /// What it said once it was ready.
    pub(crate) told: String,
    /// Its output, which somebody must read.
    _lines: Lines<BufReader<ChildStdout>>,
}

/// Starts one, told by `key` what to do, and waits until it says so.
pub(crate) fn other_process(test: &str, key: &str, value: &Path) -> Other {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(key, value);
    let mut process = command.stdout(Stdio::piped()).stdin(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let told = lines.find_map(|line| line.unwrap().split_once("told: ").map(|(_, told)| told.to_owned()));
    Other { process, told: told.unwrap(), _lines: lines }
}

/// Waits until whoever started this process closes our stdin.
fn wait_for_the_end() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
}

const HOLD: &str = "MOMENTUM_TEST_HOLD_BOOK";

#[test]
fn a_book_is_one_process_s_and_the_next_one_names_it() {
    if let Some(folder) = std::env::var_os(HOLD) {
        let folder = Folder(folder.into());
        let lock = folder.book().lock("momentum run").unwrap();
        println!("\ntold: {}", std::process::id());
        wait_for_the_end();
        drop(lock);
        std::mem::forget(folder);
        return;
    }
    let folder = Folder::of("held");
    let book = folder.book();
    assert_eq!(book.holder().unwrap(), None, "nobody was ever here");
    let test = "book::tests::a_book_is_one_process_s_and_the_next_one_names_it";
    let mut other = other_process(test, HOLD, &folder.0);
    let error = book.lock("momentum run").unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with(&format!("momentum run (pid {}, since 20", other.told)), "{text}");
    assert!(text.ends_with(") holds the book sim-paper"), "{text}");
    let holder = book.holder().unwrap().unwrap();
    assert!(holder.lives_here());

    // What `kill -9` leaves is a file, and no lock.
    other.process.kill().unwrap();
    other.process.wait().unwrap();
    assert!(book.lock_file().exists());
    assert_eq!(book.holder().unwrap(), None);
    assert!(!holder.lives_here(), "its number may come again, its beginning does not");
    let lock = book.lock("momentum positions close").unwrap();
    assert_eq!(book.holder().unwrap().unwrap().command, "momentum positions close");
    drop(lock);
    assert_eq!(book.holder().unwrap(), None);
}

#[test]
fn those_who_only_look_never_keep_a_bot_from_its_book() {
    let folder = Folder::of("looking");
    let book = folder.book();
    let gone =
        Holder { process: Some(Process { pid: u32::MAX, began: Some(1) }), ..Holder::this("momentum run") };
    for left in [String::new(), serde_json::to_string(&gone).unwrap()] {
        book.create().unwrap();
        std::thread::scope(|threads| {
            for _ in 0..2 {
                threads.spawn(|| (0..500).for_each(|_| drop(book.holder().unwrap())));
            }
            for _ in 0..50 {
                fs::write(book.lock_file(), &left).unwrap();
                drop(book.lock("momentum run").unwrap());
            }
        });
    }
}

#[test]
fn a_lock_file_full_of_anything_is_still_a_lock_or_none() {
    let folder = Folder::of("garbage");
    let book = folder.book();
    book.create().unwrap();
    fs::write(book.lock_file(), [0xff; 10_000]).unwrap();
    assert_eq!(book.holder().unwrap(), None);
    let lock = book.lock("momentum run").unwrap();
    assert_eq!(book.holder().unwrap().unwrap().process, Some(Process::this()));
    fs::write(book.lock_file(), b"scribbled over").unwrap();
    let error = book.lock("momentum run").unwrap_err();
    assert_eq!(error.to_string(), "another process holds the book sim-paper");
    drop(lock);
}

#[test]
fn what_a_book_holds_is_for_its_owner_s_eyes_and_is_in_its_own_folder() {
    let folder = Folder::of("private");
    let name =
        BookName { network: Network::Mainnet, mode: Mode::DryRun, instance: Some("second".parse().unwrap()) };
    let book = Book::at(&folder.0, name.clone());
    fs::create_dir(book.folder()).unwrap();
    book.create().unwrap();
    let lock = book.lock("momentum run").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(book.folder()), 0o700, "one that others could enter is closed");
    assert_eq!(mode(&book.logs()), 0o700);
    assert_eq!(mode(&book.lock_file()), 0o600);
    assert!(book.folder().ends_with("mainnet-dry-run-second"));
    assert_eq!(name.schema(), "momentum_mainnet_dry_run_second");
    drop(lock);

    for wrong in ["", "Second", "2nd", "a-b", "../x", "a234567890123456789012345"] {
        assert!(wrong.parse::<Instance>().is_err(), "{wrong}");
    }
}

#[test]
fn a_file_where_the_folder_should_be_is_named() {
    let folder = Folder::of("file");
    let book = folder.book();
    fs::write(book.folder(), "").unwrap();
    assert!(matches!(book.lock("momentum run"), Err(BookError::NoFolder(_))));
}

const KILLED: &str = "MOMENTUM_TEST_KILLED_WITH_BOOK";

#[test]
fn a_holder_is_killed_by_its_number_and_its_beginning_together() {
    if let Some(folder) = std::env::var_os(KILLED) {
        let folder = Folder(folder.into());
        let lock = folder.book().lock("momentum run").unwrap();
        println!("\ntold: {}", std::process::id());
        wait_for_the_end();
        drop(lock);
        std::mem::forget(folder);
        return;
    }
    let folder = Folder::of("killed");
    let test = "book::tests::a_holder_is_killed_by_its_number_and_its_beginning_together";
    let mut other = other_process(test, KILLED, &folder.0);
    let holder = folder.book().holder().unwrap().unwrap();
    let process = holder.here().unwrap();
    assert_eq!(process.pid.to_string(), other.told);
    let later = Process { began: process.began.map(|began| began + 1), ..process };
    later.kill().unwrap();
    assert!(process.lives(), "one that has the number by now is another process");
    process.kill().unwrap();
    assert_eq!(other.process.wait().unwrap().signal(), Some(9));
    process.kill().unwrap();
    let elsewhere = Holder { host: "another".to_owned(), ..holder };
    assert_eq!(elsewhere.here(), None);
}
