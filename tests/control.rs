//! The operator's commands as processes, with a bot of this process behind its socket, and without one.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use momentum_control::api::{Api, Socket, serve};
use momentum_control::client::{Client, History};
use momentum_control::request::{QUEUE, Reply, Request};
use momentum_control::state::{BotState, Identity, Published, Status, Surroundings};
use momentum_core::action::Effects;
use momentum_core::config::{Config, Section};
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Event, Mode, RunEvent, Started};
use momentum_core::fact::Fact;
use momentum_core::ids::{Mint, Pubkey, Seq, Wallet};
use momentum_core::units::Lamports;
use momentum_sim::clocked::Clocked;
use momentum_sim::driver::{Answers, Driver};
use momentum_sim::market::{BEGINNING, EmbeddedMarket, SimKeys};
use momentum_sim::paper::Paper;
use momentum_sim::venue::{Strictness, Venue};
use momentum_store::address::Address;
use momentum_store::book::{Book, BookName, Lock, Network};
use momentum_store::journal::{Clock, Journal, Options};
use momentum_store::kill::KillFile;
use momentum_store::metrics::Metrics;
use momentum_store::record::Source;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot, watch};

use crate::cli::folder_of;

/// A data folder with one book in it; removed with the value.
struct Data {
    folder: TempDir,
    book: Book,
}

/// What a command did.
#[derive(Debug)]
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    fn error(&self) -> Value {
        serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Data {
    fn of(test: &str) -> Self {
        let folder = folder_of(test);
        let book =
            Book::at(folder.path(), BookName { network: Network::Sim, mode: Mode::Paper, instance: None });
        Self { folder, book }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_momentum"));
        let command =
            command.args(arguments).env_clear().env("XDG_DATA_HOME", self.folder.path().parent().unwrap());
        let command = command.arg("--data-dir").arg(self.folder.path()).current_dir(self.folder.path());
        let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { status: status.code().unwrap(), stdout: text(stdout), stderr: text(stderr) }
    }
}

/// A bot of this process: the whole engine on the embedded market, at a standstill but for commands.
struct Bot {
    _lock: Lock,
    ended: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
    turned: JoinHandle<()>,
    runtime: Runtime,
}

fn published(book: &Book, status: Status, driver: &Driver<Engine>) -> Arc<Published> {
    let identity = Identity {
        book: book.name().clone(),
        run_id: "run-1".to_owned(),
        config_hash: Config::default().hash,
        started_at: BEGINNING,
    };
    let around = Surroundings {
        status,
        now: driver.now(),
        slot: None,
        lag_slots: None,
        last_trade: None,
        balances_read: None,
        errors: BTreeMap::new(),
        services: Vec::new(),
        arm: None,
        reading: None,
    };
    let view = driver.processor().view();
    Arc::new(Published { state: BotState::of(&identity, &view, &around), view })
}

impl Bot {
    /// A bot on the book; with a position, its market goes on until it has one.
    fn start(data: &Data, status: Status, position: bool) -> Self {
        let lock = data.book.lock("momentum run").unwrap();
        let runtime = Runtime::new().unwrap();
        let (requests, mut asked) = mpsc::channel(QUEUE);
        let empty = Driver::new(Engine::default(), None, Answers::NotConfigured);
        let (show, mut shown) = watch::channel(published(&data.book, status, &empty));
        let book = data.book.clone();
        let turned = std::thread::spawn(move || {
            let venue = Venue::new(Paper::shipped(), &Config::default().execution, Strictness::Paper);
            let mut driver = Driver::new(Engine::default(), Some(venue), Answers::NotConfigured);
            let started = Started {
                run_id: "run-1".to_owned(),
                mode: Mode::Paper,
                config: Arc::new(Config::default()),
                wallets: vec![(Wallet(Pubkey([7; 32])), Lamports::sol(10))],
                warm_until: None,
            };
            driver.feed(
                BEGINNING,
                Event::Run(RunEvent::Started(Box::new(started))),
                &mut |_: &Envelope, _: &Effects| {},
            );
            let mut market = Clocked::new(EmbeddedMarket::new(7, &SimKeys::default()));
            while position && driver.processor().trader().positions().next().is_none() {
                let (now, event) = market.next().unwrap();
                driver.feed(now, event, &mut |_: &Envelope, _: &Effects| {});
            }
            show.send_replace(published(&book, status, &driver));
            while let Some(request) = asked.blocking_recv() {
                match request {
                    Request::Command { commanded, reply } => {
                        let mut told = Reply { seq: Seq(0), now: driver.now(), facts: Vec::new() };
                        driver.feed(
                            driver.now(),
                            Event::Command(commanded),
                            &mut |envelope: &Envelope, effects: &Effects| {
                                if matches!(envelope.event, Event::Command(_)) {
                                    told = Reply {
                                        seq: envelope.seq,
                                        now: envelope.now,
                                        facts: effects.facts.clone(),
                                    };
                                }
                            },
                        );
                        show.send_replace(published(&book, status, &driver));
                        reply.send(told).ok();
                    }
                    Request::Question { question, reply } => {
                        reply.send(question.answer(driver.processor())).ok();
                    }
                    Request::Reload { .. } => {}
                }
            }
        });
        let (ended, end) = oneshot::channel();
        let kill = KillFile::of(&data.book);
        runtime.block_on(shown.changed()).unwrap();
        let database = Address::in_folder(data.book.folder());
        let api = Api { published: shown, requests, kill, database, source: Source::Sim };
        let entered = runtime.enter();
        let socket = Socket::bind(&data.book).unwrap();
        let served = runtime.spawn(serve(socket, api, async { end.await.unwrap_or(()) }));
        drop(entered);
        Self { _lock: lock, ended, served, turned, runtime }
    }

    fn end(self) {
        self.ended.send(()).unwrap();
        self.runtime.block_on(self.served).unwrap().unwrap();
        self.turned.join().unwrap();
    }
}

#[test]
fn the_kill_switch_works_without_a_bot_and_stays_until_it_is_ended() {
    let data = Data::of("no-bot");
    for verb in ["pause", "flatten", "lock", "resume"] {
        let run = data.run(&["killswitch", verb, "--json"]);
        assert_eq!((run.status, run.error()["name"].as_str()), (69, Some("no_bot")), "{run:?}");
        assert!(!data.book.folder().exists(), "no book is made to stop nobody");
    }
    data.book.create().unwrap();
    let run = data.run(&["killswitch", "pause", "--why", "a test"]);
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (0, "pause sim-paper: in the kill file; no bot runs\n"),
        "{run:?}"
    );
    assert_eq!(data.run(&["killswitch", "lock", "--json"]).json()["acknowledged"], Value::Null);
    let status = data.run(&["killswitch", "status"]);
    let lines: Vec<_> = status.stdout.lines().collect();
    assert!(lines[0].trim_start().starts_with("WHERE"), "{status:?}");
    assert!(lines[1].contains("pause") && lines[1].contains("exits_only") && lines[1].contains("a test"));
    assert!(lines[2].contains("lock") && lines[2].contains("stopped"));

    let reset = data.run(&["killswitch", "reset", "lock"]);
    assert_eq!(reset.status, 2);
    assert!(reset.stderr.contains("give the command again with --confirm lock"), "{reset:?}");
    assert_eq!(data.run(&["killswitch", "reset", "lock", "--yes"]).status, 2, "a yes is no typed word");
    assert_eq!(data.run(&["killswitch", "reset", "lock", "--confirm", "look"]).status, 2);
    assert_eq!(data.run(&["killswitch", "reset", "lock", "--confirm", "lock"]).status, 0);
    let resume = || data.run(&["killswitch", "resume"]);
    assert_eq!(resume().stdout, "resume sim-paper: out of the kill file; no bot runs\n");
    assert_eq!(data.run(&["killswitch", "status"]).stdout, "sim-paper: nothing is held back\n");
    data.run(&["killswitch", "lock"]);
    let nothing = resume();
    assert_eq!(nothing.stdout, "resume sim-paper: nothing of it was in the kill file; no bot runs\n");
    assert!(nothing.stderr.starts_with("still held back: lock by "), "{nothing:?}");
    assert_eq!(data.run(&["killswitch", "reset", "lock", "--confirm", "lock"]).status, 0);

    // What only the engine holds needs the engine.
    let reset = data.run(&["killswitch", "reset", "drawdown", "--confirm", "drawdown"]);
    assert_eq!(reset.status, 69, "{reset:?}");
    fs::write(data.book.kill_file(), "scribbled").unwrap();
    let status = data.run(&["killswitch", "status", "--json"]).json();
    assert_eq!(status[0]["hold"], "unreadable");
    let reset = data.run(&["killswitch", "reset", "lock", "--confirm", "lock"]);
    assert_eq!(reset.status, 73);
    assert!(reset.stderr.contains("killswitch reset file"), "{reset:?}");
    assert_eq!(data.run(&["killswitch", "reset", "file", "--confirm", "file"]).status, 0);
}

#[test]
fn a_running_bot_acknowledges_the_kill_switch_and_health_tells_it_by_status() {
    let data = Data::of("bot");
    let quick = || data.run(&["health", "--quick"]);
    assert_eq!(quick().status, 69);
    let bot = Bot::start(&data, Status::Running, false);
    assert_eq!((quick().status, quick().stdout.as_str()), (0, "ok (running, open)\n"));
    let run = data.run(&["killswitch", "pause", "--for", "1h", "--why", "a test"]);
    assert!(
        run.stdout.starts_with("pause sim-paper: in the kill file; acknowledged by the bot in "),
        "{run:?}"
    );
    let who = momentum_control::operator::this_user();
    assert_eq!(
        (quick().status, quick().stdout),
        (10, format!("degraded (running, exits_only): pause by {who}: a test\n"))
    );
    let status = data.run(&["killswitch", "status", "--json"]).json();
    let places: Vec<_> =
        status.as_array().unwrap().iter().map(|row| row["where"].as_str().unwrap()).collect();
    assert_eq!(places, ["file", "bot"]);
    assert!(status[0]["until"].is_string() && status[1]["until"].is_string());
    data.run(&["killswitch", "lock"]);
    assert_eq!(quick().status, 21);
    let nagios = data.run(&["health", "--nagios"]);
    assert_eq!(nagios.status, 2);
    assert!(nagios.stdout.starts_with("MOMENTUM CRITICAL - halted (running, stopped)"), "{nagios:?}");
    let resume = data.run(&["killswitch", "resume"]);
    assert!(resume.stdout.starts_with("resume sim-paper: out of the kill file; acknowledged"), "{resume:?}");
    assert!(resume.stderr.starts_with(&format!("still held back: lock by {who}")), "{resume:?}");
    assert_eq!(data.run(&["killswitch", "reset", "lock", "--confirm", "lock"]).status, 0);
    let nothing = data.run(&["killswitch", "reset", "drawdown", "--confirm", "drawdown"]);
    assert_eq!(nothing.stdout, "reset sim-paper: nothing of it was held\n");
    assert_eq!(data.run(&["health", "--wait", "5s"]).status, 0);
    assert_eq!(data.run(&["health", "--json"]).json()["schema"], "momentum.state.v1");
    bot.end();
    assert_eq!(quick().status, 69);

    let bot = Bot::start(&data, Status::Error, false);
    assert_eq!(quick().status, 11);
    bot.end();
}

#[test]
fn a_book_that_another_process_holds_is_status_75_and_names_it() {
    let data = Data::of("held");
    let lock = data.book.lock("momentum migrate up").unwrap();
    for arguments in
        [&["positions", "list"][..], &["health"], &["trade", "status"], &["killswitch", "status"]]
    {
        let run = data.run(&[arguments, &["--json"]].concat());
        assert_eq!((run.status, run.error()["name"].as_str()), (75, Some("book_held")), "{run:?}");
        let pid = std::process::id();
        assert!(run.stderr.contains(&format!("momentum migrate up (pid {pid}, since ")), "{run:?}");
    }
    // To stop something nobody is asked; that it was not acknowledged is told.
    let run = data.run(&["killswitch", "lock"]);
    assert_eq!(run.status, 25, "{run:?}");
    assert!(run.stdout.contains("NOT acknowledged") && data.book.kill_file().exists(), "{run:?}");
    drop(lock);
    let run = data.run(&["positions", "list", "--json"]);
    assert_eq!((run.status, run.error()["name"].as_str()), (69, Some("no_bot")));
}

#[test]
fn a_position_is_listed_shown_kept_and_sold_by_hand() {
    let data = Data::of("position");
    let bot = Bot::start(&data, Status::Running, true);
    let rows = data.run(&["positions", "list", "--json"]).json();
    let mint = rows[0]["mint"].as_str().unwrap();
    assert_eq!(data.run(&["positions", "list", "-o", "name"]).stdout.trim(), mint);
    let table = data.run(&["positions", "list"]).stdout;
    assert!(table.contains("P&L (SOL)") && table.contains(&mint[..4]) && !table.contains(mint), "{table}");
    assert!(data.run(&["positions", "list", "-o", "wide"]).stdout.contains(mint));
    let shown = data.run(&["positions", "show", mint]).stdout;
    assert!(shown.contains("would bring") && shown.contains("LADDER: AT"), "{shown}");
    assert!(data.run(&["score", mint]).stdout.contains("POINTS"));
    let explained = data.run(&["score", mint, "--explain"]).stdout;
    assert!(explained.contains("volume") && explained.contains("NEXT TIER"), "{explained}");
    let quote = data.run(&["trade", "quote", "sell", "1000tokens", mint, "--json"]).json();
    assert_eq!((quote["side"].as_str(), quote["mint"].as_str()), (Some("sell"), Some(mint)));

    assert_eq!(data.run(&["positions", "hold", mint]).stdout, format!("hold {mint}: done\n"));
    assert_eq!(data.run(&["positions", "show", mint, "--json"]).json()["kept"], true);
    let low = data.run(&["positions", "adjust", mint, "--stop", "0.000000001SOL", "--json"]);
    assert_eq!((low.status, low.error()["name"].as_str()), (20, Some("stop_would_fall")), "{low:?}");
    assert_eq!(data.run(&["positions", "close", "--all"]).status, 2, "it must be typed");
    let mark = rows[0]["mark_sol"].as_str().unwrap();
    let high = data.run(&["positions", "adjust", mint, "--stop", &format!("{mark}SOL"), "--json"]);
    assert_eq!((high.status, high.error()["name"].as_str()), (20, Some("stop_would_sell")), "{high:?}");
    let none = data.run(&["trade", "sell", mint, "0"]);
    assert!(none.status == 2 && none.stderr.contains("it is none"), "{none:?}");
    for more in [
        &["trade", "sell", mint, "99999999999"][..],
        &["positions", "close", mint, "--tokens", "99999999999"],
    ] {
        let more = data.run(&[more, &["--json"]].concat());
        assert_eq!((more.status, more.error()["name"].as_str()), (20, Some("more_than_held")), "{more:?}");
    }
    let other = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P";
    for command in [&["positions", "hold", other][..], &["trade", "sell", other, "--all"]] {
        let none = data.run(&[command, &["--json"]].concat());
        assert_eq!((none.status, none.error()["name"].as_str()), (66, Some("not_found")), "{none:?}");
    }
    assert_eq!(data.run(&["killswitch", "lock"]).status, 0);
    for command in [&["trade", "sell", mint, "--all"][..], &["positions", "close", mint]] {
        let locked = data.run(command);
        assert_eq!(locked.status, 21, "{locked:?}");
        assert!(locked.stdout.contains("NOTHING IS SOLD: lock by "), "{locked:?}");
    }
    assert_eq!(data.run(&["killswitch", "reset", "lock", "--confirm", "lock"]).status, 0);
    let buy = data.run(&["trade", "buy", mint, "0.1SOL", "--json"]);
    assert_eq!((buy.status, buy.error()["name"].as_str()), (20, Some("position_open")));
    let closed = data.run(&["positions", "close", mint, "--urgent"]).stdout;
    assert!(closed.contains(": sells for at least ") && closed.contains("(manual)"), "{closed}");
    let again = data.run(&["trade", "sell", mint, "--all"]);
    assert_eq!(again.status, 24, "{again:?}");
    assert!(again.stdout.contains("not sold yet: an order is under way"), "{again:?}");
    let status = data.run(&["trade", "status", "--json"]).json();
    assert_eq!((status[0]["side"].as_str(), status[0]["mint"].as_str()), (Some("sell"), Some(mint)));

    let key = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P";
    assert_eq!(data.run(&["trade", "blacklist", "add", key]).status, 0);
    assert_eq!(data.run(&["trade", "blacklist", "list", "-o", "name"]).stdout.trim(), key);
    assert_eq!(data.run(&["trade", "blacklist", "remove", key]).status, 0);
    assert_eq!(data.run(&["trade", "blacklist", "list"]).stdout, "nothing is on the blacklist\n");
    let unknown = data.run(&["positions", "show", key, "--json"]);
    assert_eq!((unknown.status, unknown.error()["name"].as_str()), (66, Some("not_found")));
    bot.end();
}

/// Plays the embedded market into the database of the book until something is open and something was closed:
/// the mint that is open, and one that was.
fn played(data: &Data) -> (Mint, Mint) {
    assert_eq!(data.run(&["migrate", "up"]).status, 0);
    let address = Address::in_folder(data.book.folder());
    let mut journal = Journal::open(Options::new(address.clone(), Clock::Market)).unwrap();
    let metrics = Metrics::open(&address, Clock::Market).unwrap();
    let venue = Venue::new(Paper::shipped(), &Config::default().execution, Strictness::Paper);
    let mut driver = Driver::new(Engine::default(), Some(venue), Answers::NotConfigured);
    let started = Event::Run(RunEvent::Started(Box::new(Started {
        run_id: "run-1".to_owned(),
        mode: Mode::Paper,
        config: Arc::new(Config::default()),
        wallets: vec![(Wallet(Pubkey([7; 32])), Lamports::sol(10))],
        warm_until: None,
    })));
    let mut closed = None;
    let market = Clocked::new(EmbeddedMarket::new(7, &SimKeys::default()));
    for (now, event) in std::iter::once((BEGINNING, started)).chain(market) {
        driver.feed(now, event, &mut |envelope: &Envelope, effects: &Effects| {
            journal.append(envelope, effects).unwrap();
            metrics.append(&effects.facts);
            closed = closed.or(effects.facts.iter().find_map(|fact| match fact {
                Fact::PositionClosed(closed) => Some(closed.mint),
                _ => None,
            }));
        });
        let mut open = driver.processor().trader().positions().map(|position| position.mint);
        let open = open.find(|mint| Some(*mint) != closed);
        // A token that was closed may have been bought again.
        let closed = closed.filter(|mint| driver.processor().trader().position(*mint).is_none());
        if let (Some(open), Some(closed)) = (open, closed) {
            metrics.close();
            journal.close(Duration::from_secs(60)).unwrap();
            return (open, closed);
        }
    }
    unreachable!("the embedded market never ends");
}

#[test]
fn a_database_that_is_gone_is_damage_and_no_empty_book() {
    let data = Data::of("gone");
    let (open, _) = played(&data);
    let open = open.to_string();
    let folder = data.book.folder();
    let remove = || {
        for name in ["momentum.db", "momentum.db-wal", "momentum.db-shm"] {
            fs::remove_file(folder.join(name)).ok();
        }
    };
    let witness = folder.join("momentum.db-commits");
    let said = fs::read(&witness).unwrap();
    let damaged = |what: &str| {
        for command in [
            &["positions", "list"][..],
            &["killswitch", "status"],
            &["killswitch", "flatten"],
            &["trade", "sell", &open, "--all"],
            &["migrate", "verify"],
            &["migrate", "backup", "copy.db"],
            &["run", "--seed", "7", "--until", "1h"],
        ] {
            let run = data.run(&[command, &["--json"]].concat());
            assert_eq!(run.status, 65, "{what}: {command:?}: {run:?}");
            assert!(run.stderr.contains("were acknowledged and are gone"), "{what}: {command:?}: {run:?}");
        }
    };
    remove();
    damaged("no file");
    assert_eq!(data.run(&["migrate", "up"]).status, 65);
    assert!(!folder.join("momentum.db").exists(), "none is made where one was");
    // One that an earlier version made.
    fs::remove_file(&witness).unwrap();
    assert_eq!(data.run(&["migrate", "up"]).status, 0);
    fs::write(&witness, said).unwrap();
    damaged("an empty one");
}

#[test]
fn a_command_for_a_book_without_a_bot_names_the_books_that_have_one() {
    let data = Data::of("other-book");
    let mainnet =
        BookName { network: Network::Mainnet, mode: Mode::Paper, instance: Some("two".parse().unwrap()) };
    let _lock = Book::at(data.folder.path(), mainnet).lock("momentum run").unwrap();
    let named = "for mainnet-paper-two add --network mainnet --mode paper --instance two";
    for command in
        [&["killswitch", "pause"][..], &["killswitch", "flatten"], &["health"], &["positions", "list"]]
    {
        let run = data.run(command);
        assert!(run.status == 69 && run.stderr.contains(named), "{run:?}");
    }
    data.book.create().unwrap();
    for verb in ["pause", "resume", "flatten"] {
        let run = data.run(&["killswitch", verb]);
        assert!(run.status == 0 && run.stderr.contains(named), "{run:?}");
    }
}

#[test]
fn a_bot_that_says_nothing_leaves_the_file_and_the_database_to_answer() {
    let data = Data::of("silent");
    let (open, _) = played(&data);
    let _lock = data.book.lock("momentum run").unwrap();
    let _deaf = std::os::unix::net::UnixListener::bind(data.book.socket()).unwrap();
    let patience = ["--timeout", "200ms"];
    let silent = |command: &[&str]| data.run(&[command, &patience].concat());
    assert_eq!(silent(&["killswitch", "pause"]).status, 25);
    let status = silent(&["killswitch", "status"]);
    assert_eq!(status.status, 69, "{status:?}");
    assert!(status.stdout.contains(" file ") && status.stdout.contains("pause"), "{status:?}");
    assert!(status.stderr.contains("the bot has not answered"), "{status:?}");
    let list = silent(&["positions", "list", "--json"]);
    assert_eq!(list.json()[0]["mint"], open.to_string());
    assert!(list.stderr.contains(") does not answer; as stored at 2026-01-01T0"), "{list:?}");
    assert_eq!(silent(&["positions", "show", &open.to_string()]).status, 0);
    assert_eq!(silent(&["trade", "status"]).stdout, "nothing is in flight\n");
}

#[test]
fn without_a_bot_a_position_is_closed_by_the_command_and_never_more_than_is_held() {
    let data = Data::of("close");
    let (open, _) = played(&data);
    let open = open.to_string();
    let more = data.run(&["positions", "close", &open, "--tokens", "99999999999", "--json"]);
    assert_eq!(more.status, 20, "{more:?}");
    assert!(more.stderr.contains("more_than_held"), "{more:?}");
    let closed = data.run(&["positions", "close", "--all", "--confirm", "close all", "-o", "jsonl"]);
    assert_eq!(closed.status, 0, "{closed:?}");
    let told: Vec<Value> = closed.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of_it = told.iter().find(|told| told["sold"][0]["mint"] == open.as_str()).unwrap();
    assert_eq!(of_it["outcome"], "done");
    let proceeds = of_it["sold"][0]["proceeds_sol"].as_str().unwrap();
    assert!(proceeds.parse::<f64>().is_ok_and(|sol| sol > 0.0), "a number without its unit: {proceeds}");
    assert_eq!(data.run(&["positions", "list", "--json"]).json(), Value::Array(Vec::new()));
}

#[test]
fn the_end_of_the_last_run_holds_nothing_back() {
    let data = Data::of("ended");
    let run = data.run(&["run", "--seed", "7", "--until", "2min", "--speed", "max", "--json"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(data.run(&["killswitch", "status"]).stdout, "sim-paper: nothing is held back\n");
}

#[test]
fn without_a_bot_the_database_answers_and_says_how_old_it_is() {
    let data = Data::of("stored");
    let (open, closed) = played(&data);
    let (open, closed) = (open.to_string(), closed.to_string());
    let list = data.run(&["positions", "list", "--json"]);
    assert!(list.stderr.starts_with("no bot runs; as stored at 2026-01-01T0"), "{list:?}");
    assert_eq!(list.json()[0]["mint"], open.as_str());
    assert_eq!(data.run(&["positions", "show", &open, "--json"]).json()["mint"], open.as_str());
    let gone = data.run(&["positions", "show", &closed]);
    assert_eq!(gone.status, 66, "{gone:?}");

    let story = data.run(&["positions", "show", &closed, "--timeline", "--json"]).json();
    let whats: Vec<_> =
        story.as_array().unwrap().iter().map(|moment| moment["what"].as_str().unwrap()).collect();
    assert_eq!((whats.first(), whats.last()), (Some(&"signal"), Some(&"closed")), "{whats:?}");
    for what in ["order", "attempt", "fill", "opened", "exit"] {
        assert!(whats.contains(&what), "{what} is not in {whats:?}");
    }
    let table = data.run(&["positions", "show", &closed, "--timeline"]).stdout;
    assert!(table.contains("FIGURES") && table.contains("pnl "), "{table}");
    let csv = data.run(&["positions", "export", "-o", "csv"]).stdout;
    assert!(csv.starts_with("mint,opened_at,closed_at,reason,") && csv.contains(&closed), "{csv}");

    let quote = data.run(&["trade", "quote", "sell", "1000tokens", &open, "--json"]).json();
    assert!(quote["age_seconds"].is_number() && quote["side"] == "sell", "{quote}");
    let score = data.run(&["score", &open, "--json"]).json();
    assert!(score["age_seconds"].is_number(), "{score}");
    let explain = data.run(&["score", &open, "--explain"]);
    assert!(explain.status == 0 && explain.stderr.contains("no explanation is kept"), "{explain:?}");
    assert_eq!(data.run(&["trade", "blacklist", "add", &closed, "--why", "a test"]).status, 0);
    assert_eq!(data.run(&["trade", "blacklist", "list", "-o", "name"]).stdout.trim(), closed);
    assert_eq!(data.run(&["trade", "status"]).stdout, "nothing is in flight\n");
    // What needs the engine needs a bot.
    assert_eq!(data.run(&["positions", "hold", &open]).status, 69);

    // With a bot, what the database keeps is asked for through the socket as well.
    let bot = Bot::start(&data, Status::Running, false);
    let client = Client::of(&data.book, Duration::from_secs(60)).unwrap();
    let of = |what| bot.runtime.block_on(client.history(what, 5)).unwrap();
    assert!(!of(History::Signals).is_empty() && !of(History::Trades).is_empty());
    assert_eq!(of(History::Events), Vec::<Value>::new(), "nobody has given a command");
    assert_eq!(data.run(&["positions", "show", &closed, "--timeline"]).status, 0);
    bot.end();
}
