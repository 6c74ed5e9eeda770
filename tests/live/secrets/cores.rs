//! A bot that dies: no image of its memory is left, though whoever started it asked for one, and no secret is in
//! what is left.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use momentum_store::book::Network;
use momentum_store::exit_journal::ExitJournal;
use rustix::process::{Pid, Resource, Rlimit, Signal, prlimit};

use super::canaries::Canaries;
use super::{MORE, hide, leaves_nothing};
use crate::live::trading::Stage;
use crate::running::{Bot, DEADLINE, Place, WITH_IMAGES};

/// What is in the memory of a process that lets its image be written.
const MARK: &str = "an image of a memory holds this";

/// What is bought is sold at once.
const BRIEF: [&str; 2] = ["exits.time_stop=1s", "exits.check_every=0.25s"];

/// Images of memories in a folder.
fn images(folder: &Path) -> Vec<PathBuf> {
    let is_image = |path: &PathBuf| {
        // Of what kind an ELF file is says the byte behind its first sixteen.
        let mut head = [0; 17];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
        read.is_ok() && head.starts_with(b"\x7fELF") && head[16] == 4
    };
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    files.filter(|path| path.is_file()).filter(is_image).collect()
}

/// How the kernel calls the image of a process: a path from its working folder on, or a program that is given it.
fn pattern() -> String {
    fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap_or_default().trim().to_owned()
}

/// Whether this machine writes the image of a process that asks for it as our bots do: without that their deaths
/// would prove nothing.
fn writes_images(place: &Place) -> bool {
    let folder = place.folder().join("another");
    fs::create_dir(&folder).unwrap();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("{WITH_IMAGES} && kill -ABRT $$"), "sh", MARK]).current_dir(&folder);
    let died = shell.env_clear().stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert_eq!(died.signal(), Some(Signal::ABORT.as_raw()), "{died}");
    if died.core_dumped() && !pattern().contains(['/', '|']) {
        let holds = |image: &PathBuf| {
            fs::read(image).unwrap().windows(MARK.len()).any(|window| window == MARK.as_bytes())
        };
        assert!(images(&folder).iter().any(holds), "an image would be found, and what is in it");
    }
    if !died.core_dumped() {
        eprintln!("this machine writes no images of memories: of a bot's is shown that it allows none");
    }
    died.core_dumped()
}

/// A bot may leave no image of its memory, and nobody but root may look into it.
pub(super) fn keeps_its_memory(bot: &Bot) {
    let limits = fs::read_to_string(format!("/proc/{}/limits", bot.pid())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    // The limit, and how far the bot could raise it again.
    let limit: Vec<_> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(limit, ["0", "0"], "{core}");
    // It would be its user's where images may be made of it. Where that is root, nothing is shown by this.
    let owner = fs::metadata(format!("/proc/{}/mem", bot.pid())).unwrap().uid();
    assert_eq!(owner, 0, "its user may look into its memory");
}

/// Lifts the limit of a running bot where this machine lets us: then its image is not written for another reason.
fn lift_the_limit(bot: &Bot) {
    let pid = Pid::from_raw(i32::try_from(bot.pid()).unwrap());
    if let Err(error) = prlimit(pid, Resource::Core, Rlimit { current: None, maximum: None }) {
        eprintln!("the limit of another process cannot be lifted here ({error}): it is the bot's own");
    }
}

/// A bot dies of a signal for which the system writes an image of its memory, and leaves none.
fn dies(bot: &mut Bot, place: &Place, signal: Signal, canaries: &Canaries) {
    let until = Instant::now() + DEADLINE;
    let died = loop {
        if let Some(died) = bot.death() {
            break died;
        }
        assert!(Instant::now() < until, "it does not die of {signal:?}");
        // Not once: of the first fault Rust's runtime looks whether it was its stack's end.
        bot.signal(signal);
        thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(died.signal(), Some(signal.as_raw()), "{died}");
    assert!(!died.core_dumped(), "{died}");
    let found = images(place.folder());
    assert!(found.is_empty(), "{found:?}");
    // Others' may be where the kernel has all of them.
    if let Some(folder) = Path::new(&pattern()).parent().filter(|folder| folder.is_absolute()) {
        for image in images(folder) {
            canaries.search(&image.display().to_string(), &fs::read(&image).unwrap_or_default());
        }
    }
}

#[test]
fn a_bot_that_dies_with_keys_in_its_memory_leaves_no_image_of_it_though_one_is_asked_for() {
    let (stage, mut place) = (Stage::new(), Place::live("cores", Network::Localnet));
    let settings = [&BRIEF[..], &MORE].concat();
    stage.equip(&place, &BRIEF);
    hide(&place, stage.surfaces());
    let canaries = Canaries::of(&stage.ours.key());
    place.with_images();
    let written = writes_images(&place);
    // From the first exit on: what leaves goes by the exit journal.
    place.planted("MOMENTUM_PLANTED", "commits stop");
    let mut bot = stage.start(&place, &settings);
    keeps_its_memory(&bot);
    stage.launch();
    let journal = place.book().exit_journal();
    let holds_a_sale = || {
        let unfolded = ExitJournal::open(&journal).unwrap().unfolded().unwrap();
        !unfolded.entries.is_empty()
    };
    stage.until(&bot, "a sale is in the exit journal", |_| holds_a_sale());
    dies(&mut bot, &place, Signal::ABORT, &canaries);
    leaves_nothing(&stage, &place, &canaries);

    place.planted("MOMENTUM_PLANTED", "");
    let mut bot = stage.start(&place, &settings);
    keeps_its_memory(&bot);
    lift_the_limit(&bot);
    dies(&mut bot, &place, Signal::SEGV, &canaries);
    leaves_nothing(&stage, &place, &canaries);
    println!("images of other processes are written here: {written}");
}

#[test]
fn a_bot_on_paper_whose_addresses_carry_tokens_leaves_no_image_of_its_memory_either() {
    let (stage, mut place) = (Stage::new(), Place::on("paper-cores", Network::Localnet));
    hide(&place, stage.surfaces());
    place.with_images();
    writes_images(&place);
    let streams = ["--source", "grpc", "--network", "localnet"];
    let mut bot = place.launch(&[&streams[..], &stage.sets(&MORE)].concat());
    keeps_its_memory(&bot);
    dies(&mut bot, &place, Signal::ABORT, &Canaries::texts());
}
