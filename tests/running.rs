//! A bot as a process of its own, in a folder of its own, and the commands that are given beside it.

use std::env;
use std::fs::{self, File};
use std::future::Future;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use momentum_control::client::{Client, ClientError};
use momentum_control::request::Wish;
use momentum_control::state::BotState;
use momentum_core::event::Mode;
use momentum_store::book::{Book, BookName, Network};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::cli::folder_of;

/// Longest wait for anything that must come: it decides no outcome, it ends a test that hangs.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);

/// Settings under which the embedded market is traded within minutes: what is bought and kept is no matter here.
pub(crate) const LIVELY: [&str; 17] = [
    "sim.warm_up=20min",
    "signals.buy_score=40",
    "signals.buy_progress=20%",
    "signals.buy_safety=3",
    "signals.buy_velocity=0",
    "signals.cool_down=1s",
    "exits.sell_score=0",
    "exits.hold_score=0",
    "exits.sell_safety=0",
    "risk.max_position=0.2SOL",
    "risk.max_concurrent_positions=100",
    "risk.max_exposure=1000SOL",
    "risk.capital_share=100%",
    "risk.max_buys_a_minute=1000",
    "risk.max_fees_a_day=100SOL",
    "risk.daily_loss_limit=100%",
    "risk.drawdown_limit=100%",
];

/// Lets a shell, and what it becomes, leave an image of its memory as far as this machine allows that.
pub(crate) const WITH_IMAGES: &str = "ulimit -S -c \"$(ulimit -H -c)\"";

/// What a process said and how it ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    /// What it printed, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The name of the error that it ended with.
    pub(crate) fn error(&self) -> String {
        let last = self.stderr.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        error["name"].as_str().unwrap().to_owned()
    }
}

/// A data folder with one book in it; removed with the value, but where its test fails.
pub(crate) struct Place {
    folder: TempDir,
    network: Network,
    mode: Mode,
    planted: Vec<(&'static str, String)>,
    images: bool,
}

impl Place {
    /// One for the embedded market.
    pub(crate) fn of(test: &str) -> Self {
        Self::on(test, Network::Sim)
    }

    pub(crate) fn on(test: &str, network: Network) -> Self {
        let folder = folder_of(test);
        Self { folder, network, mode: Mode::Paper, planted: Vec::new(), images: false }
    }

    /// One whose book is of real orders.
    pub(crate) fn live(test: &str, network: Network) -> Self {
        let mut place = Self::on(test, network);
        place.mode = Mode::Live;
        place
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn book(&self) -> Book {
        Book::at(self.folder.path(), BookName { network: self.network, mode: self.mode, instance: None })
    }

    /// A secret's file, beside the bot's working folder's other files.
    pub(crate) fn secret(&self, name: &str, text: &str, mode: u32) {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Says something to the faults that are planted in the binary under test; nothing, where it is empty.
    pub(crate) fn planted(&mut self, name: &'static str, said: &str) {
        self.planted.retain(|(before, _)| *before != name);
        self.planted.push((name, said.to_owned()));
    }

    /// Whoever starts a process here wants an image of its memory, should it die.
    pub(crate) fn with_images(&mut self) {
        self.images = true;
    }

    /// All that was written into one of the bot's logs.
    pub(crate) fn log(&self, name: &str) -> String {
        let logs = fs::read_dir(self.book().logs()).unwrap().map(|entry| entry.unwrap().path());
        let of_name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(name);
        logs.filter(of_name).map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    /// Looks until the log of that name, which a thread of its own writes, says all of this.
    pub(crate) fn until_logged(&self, name: &str, words: &[&str]) {
        let until = Instant::now() + DEADLINE;
        loop {
            let log = self.log(name);
            if words.iter().all(|words| log.contains(words)) {
                return;
            }
            assert!(Instant::now() < until, "not within {DEADLINE:?}: {words:?}: {log}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The end of each of its logs.
    pub(crate) fn last_words(&self) -> String {
        let last = |name: &str| {
            let log = self.log(name);
            let lines: Vec<_> = log.lines().rev().take(20).collect();
            format!("{name}:\n{}\n", lines.into_iter().rev().collect::<Vec<_>>().join("\n"))
        };
        ["system", "errors", "signals"].map(last).concat()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        // What is measured is measured on the shipped build.
        let program = env::var_os("MOMENTUM_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_momentum").into());
        let mut command = if self.images {
            let mut shell = Command::new("/bin/sh");
            shell.args(["-c", &format!("{WITH_IMAGES} && exec \"$0\" \"$@\"")]).arg(program);
            shell
        } else {
            Command::new(program)
        };
        command.args(arguments).arg("--data-dir").arg(self.folder.path()).current_dir(self.folder.path());
        command.env_clear().env("XDG_DATA_HOME", "/nonexistent").env("XDG_CONFIG_HOME", "/nonexistent");
        command.envs(self.planted.iter().map(|(name, said)| (name, said)));
        command.stdin(Stdio::null());
        command
    }

    /// Gives a command and waits for its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Done { status: status.code().unwrap(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// Starts a bot on the embedded market with [`LIVELY`] settings, and waits until it would trade.
    pub(crate) fn start(&self, arguments: &[&str]) -> Bot {
        let sets: Vec<&str> = LIVELY.iter().flat_map(|set| ["--set", *set]).collect();
        let seed = ["--seed", "7", "--set", "paper.capital=1000SOL"];
        let bot = self.launch(&[arguments, &seed, &sets].concat());
        bot.until("it runs", |state| state.status == momentum_control::state::Status::Running);
        bot
    }

    /// Starts a bot with these arguments, and waits until it answers.
    pub(crate) fn launch(&self, arguments: &[&str]) -> Bot {
        let mut bot = self.spawn(arguments);
        let until = Instant::now() + DEADLINE;
        while let Err(error) = bot.try_state() {
            assert!(matches!(error, ClientError::NoBot(_)), "{error}");
            assert!(bot.death().is_none(), "it ended: {}", bot.said());
            assert!(Instant::now() < until, "it does not answer: {}", bot.said());
            thread::sleep(Duration::from_millis(5));
        }
        bot
    }

    /// Starts a bot with these arguments, and waits for nothing.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Bot {
        let file = |name: &str| File::create(self.folder.path().join(name)).unwrap();
        let mut command = self.command(&[&["run", "--json"], arguments].concat());
        let child = command.stdout(file("stdout")).stderr(file("stderr")).spawn().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let client = Client::of(&self.book(), Duration::from_secs(10)).unwrap();
        Bot { child, client, runtime, folder: self.folder.path().to_owned() }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("what is left of it: {}", self.folder.path().display());
            self.folder.disable_cleanup(true);
        }
    }
}

/// A running bot; killed with the value.
pub(crate) struct Bot {
    child: Child,
    pub(crate) client: Client,
    pub(crate) runtime: Runtime,
    folder: PathBuf,
}

impl Bot {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn answers(&self) -> bool {
        self.try_state().is_ok()
    }

    fn try_state(&self) -> Result<BotState, ClientError> {
        self.runtime.block_on(self.client.state())
    }

    pub(crate) fn state(&self) -> BotState {
        self.try_state().unwrap_or_else(|error| panic!("{error}: {}", self.said()))
    }

    /// Asks the bot something that it must answer.
    pub(crate) fn ask<'a, T, F>(&'a self, ask: impl FnOnce(&'a Client) -> F) -> T
    where
        F: Future<Output = Result<T, ClientError>> + 'a,
    {
        self.runtime.block_on(ask(&self.client)).unwrap_or_else(|error| panic!("{error}: {}", self.said()))
    }

    /// Wishes something by hand; the name of the gate that refuses it, if one does: it may be taken later. A test that
    /// fails shows all that the gates said.
    pub(crate) fn refusal(&self, wish: &Wish) -> Option<String> {
        match self.runtime.block_on(self.client.command(wish, "a test")) {
            Ok(_) => None,
            Err(ClientError::Problem(problem)) if problem.code == 20 => {
                eprintln!("refused: {}", problem.message);
                Some(problem.name)
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Looks until its state is as wished.
    pub(crate) fn until(&self, what: &str, wished: impl Fn(&BotState) -> bool) -> BotState {
        let until = Instant::now() + DEADLINE;
        loop {
            let state = self.state();
            if wished(&state) {
                return state;
            }
            assert!(Instant::now() < until, "not within {DEADLINE:?}: {what}: {state:?}, {}", self.said());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// How its process ended, if it has.
    pub(crate) fn death(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Whether it stands still: stopped, and not ended.
    pub(crate) fn hangs(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, fields)| fields.trim_start().starts_with('T'))
    }

    /// What it said to people so far.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.folder.join("stderr")).unwrap_or_default()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap(), signal).unwrap();
    }

    /// As the power goes.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    pub(crate) fn ended(mut self) -> Done {
        let until = Instant::now() + DEADLINE;
        let status: ExitStatus = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < until, "it does not end: {}", self.said());
            thread::sleep(Duration::from_millis(5));
        };
        let stdout = fs::read_to_string(self.folder.join("stdout")).unwrap();
        Done { status: status.code().unwrap(), stdout, stderr: self.said() }
    }

    /// Ends it in order; its summary.
    pub(crate) fn stop(self) -> Value {
        self.signal(Signal::TERM);
        let done = self.ended();
        assert_eq!(done.status, 0, "{}", done.stderr);
        let summary: Value = serde_json::from_str(done.stdout.lines().last().unwrap()).unwrap();
        assert_eq!(summary["schema"], "momentum.summary.v1");
        summary
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}
