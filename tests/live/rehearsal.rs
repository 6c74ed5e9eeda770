//! The README's live rehearsal, word for word: the local chain as the process that it is, and a bot with real orders
//! on it, by the commands that the README shows.

use std::env;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use momentum_store::book::Network;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::running::{DEADLINE, Place};

const README: &str = include_str!("../../README.md");
/// Longest wait for the first fill: it decides no outcome, it ends a test that hangs. A coin with momentum comes each
/// minute, and each does not tempt the bot.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// The commands of the rehearsal, as words: those of the first block behind its title.
fn commands() -> [Vec<&'static str>; 3] {
    let (_, rehearsal) = README.split_once("**A live rehearsal").unwrap();
    let (_, block) = rehearsal.split_once("```console\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let words = |line: &'static str| line.strip_prefix("$ ").unwrap().split(' ').collect();
    let commands: Vec<Vec<&'static str>> = block.lines().map(words).collect();
    commands.try_into().unwrap()
}

/// The local chain as a process; killed with the value.
struct Rehearsal {
    child: Child,
    output: PathBuf,
}

impl Rehearsal {
    /// Starts it in the folder of a place, and waits until it has said how it is used.
    fn start(program: &Path, arguments: &[&str], place: &Place) -> Self {
        let output = place.folder().join("localnet");
        let mut command = Command::new(program);
        command.args(arguments).current_dir(place.folder()).stdin(Stdio::null());
        let child = command.stdout(File::create(&output).unwrap()).spawn().unwrap();
        let mut chain = Self { child, output };
        let began = Instant::now();
        while !chain.said().contains("curl -d") {
            assert_eq!(chain.child.try_wait().unwrap(), None, "it ended: {}", chain.said());
            assert!(began.elapsed() < DEADLINE, "not within {DEADLINE:?}: it runs");
            thread::sleep(Duration::from_millis(50));
        }
        chain
    }

    /// What it printed so far.
    fn said(&self) -> String {
        fs::read_to_string(&self.output).unwrap()
    }

    /// The address of its bot's wallet, as it printed it.
    fn wallet(&self) -> String {
        let said = self.said();
        let (_, wallet) = said.split_once("its wallet is ").unwrap();
        wallet.split('.').next().unwrap().to_owned()
    }

    /// Ends it as Ctrl-C does.
    fn stop(mut self) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::INT).unwrap();
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(began.elapsed() < DEADLINE, "not within {DEADLINE:?}: it ends");
            thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "{status}");
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

/// What an RPC node of the chain answers.
fn asked(url: &str, method: &str, params: &Value) -> Value {
    let host = url.trim().trim_start_matches("http://").trim_end_matches('/');
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
    let head = format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n\r\n", body.len());
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all((head + &body).as_bytes()).unwrap();
    // Each answer ends its connection.
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, answer) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(answer).unwrap()
}

#[test]
fn the_readmes_live_rehearsal_comes_to_a_first_fill_on_the_chain_and_ends_in_order() {
    let [chain, arm, run] = commands();
    let ["cargo", "run", "--locked", "-p", name, "--", chain @ ..] = &chain[..] else { panic!("{chain:?}") };
    // It is the binary of another package, which is built where all packages are tested.
    let program = Path::new(env!("CARGO_BIN_EXE_momentum")).with_file_name(name);
    if !program.exists() {
        assert!(env::var_os("CI").is_none(), "{} is not built", program.display());
        return eprintln!("skipped: {} is not built: cargo test --workspace", program.display());
    }
    let place = Place::live("rehearsal", Network::Localnet);
    let chain = Rehearsal::start(&program, chain, &place);
    for command in [&arm, &run] {
        let command = command.join(" ");
        assert!(chain.said().contains(&command), "it does not say what the README says: {command}");
    }

    let ["momentum", arm @ ..] = &arm[..] else { panic!("{arm:?}") };
    let armed = place.run(arm);
    assert_eq!(armed.status, 0, "{armed:?}");
    let ["momentum", "run", run @ ..] = &run[..] else { panic!("{run:?}") };
    let mut bot = place.launch(run);
    let url = fs::read_to_string(place.folder().join("rehearsal/rpc")).unwrap();
    let landed = json!([chain.wallet(), { "commitment": "confirmed" }]);
    let filled = || {
        let landed = asked(&url, "getSignaturesForAddress", &landed)["result"].clone();
        landed.as_array().unwrap().iter().any(|one| one["err"].is_null())
    };
    let began = Instant::now();
    while !filled() {
        assert_eq!(bot.death(), None, "it ended: {}", bot.said());
        assert!(began.elapsed() < PATIENCE, "not within {PATIENCE:?}: {:?}, {}", bot.state(), bot.said());
        thread::sleep(Duration::from_millis(200));
    }
    bot.until("it knows what became of its orders", |state| state.in_flight == 0);
    let summary = bot.stop();
    let counted = |name: &str| summary[name].as_u64().unwrap();
    assert!(counted("trades") + counted("open_positions") > 0, "{summary}");
    chain.stop();
}
