//! The API over a real socket, with the whole engine on the embedded market behind it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::thread::JoinHandle;

use momentum_core::action::Effects;
use momentum_core::codes::RefusalCode;
use momentum_core::config::{Config, Section};
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Event, Mode, RunEvent, Started};
use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::trader::state::TradingState;
use momentum_core::units::Lamports;
use momentum_sim::clocked::Clocked;
use momentum_sim::driver::{Answers, Driver};
use momentum_sim::market::{BEGINNING, EmbeddedMarket, SimKeys};
use momentum_sim::paper::Paper;
use momentum_sim::venue::{Strictness, Venue};
use momentum_store::address::Address;
use momentum_store::book::{Book, BookName, Network};
use momentum_store::kill::KillSwitch;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::*;
use crate::client::{Client, ClientError};
use crate::reload::Flaw;
use crate::request::QUEUE;
use crate::state::{BotState, Health, Identity, Service, Status, Surroundings, Verdict};

/// A bot of this process: its loop is a thread, its market goes on when a test says so.
struct Bot {
    folder: PathBuf,
    book: Book,
    client: Client,
    ended: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<io::Result<()>>,
    turned: JoinHandle<()>,
}

/// How long the market goes on before the bot answers.
enum Until {
    /// Not at all.
    Beginning,
    /// Until a position is open.
    Position,
}

fn identity(book: &Book) -> Identity {
    let name = book.name().clone();
    Identity {
        book: name,
        run_id: "run-1".to_owned(),
        config_hash: Config::default().hash,
        started_at: wall(),
    }
}

fn published(book: &Book, driver: &Driver<Engine>) -> Arc<Published> {
    let view = driver.processor().view();
    let around = Surroundings {
        status: Status::Running,
        now: driver.now(),
        slot: driver.processor().market().feed().slot,
        lag_slots: None,
        last_trade: None,
        balances_read: None,
        errors: BTreeMap::new(),
        services: vec![Service {
            name: "rpc".to_owned(),
            health: Health::Off,
            why: "not configured".to_owned(),
            since: wall(),
        }],
        arm: None,
        reading: None,
    };
    Arc::new(Published { state: BotState::of(&identity(book), &view, &around), view })
}

/// The loop: plays the market, then does what it is asked until nobody can ask any more.
fn turn(
    book: &Book,
    until: &Until,
    mut requests: mpsc::Receiver<Request>,
    show: &watch::Sender<Arc<Published>>,
) {
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
    if matches!(until, Until::Position) {
        let mut market = Clocked::new(EmbeddedMarket::new(7, &SimKeys::default()));
        while driver.processor().view_positions() == 0 {
            let (now, event) = market.next().unwrap();
            driver.feed(now, event, &mut |_: &Envelope, _: &Effects| {});
        }
    }
    show.send_replace(published(book, &driver));
    while let Some(request) = requests.blocking_recv() {
        match request {
            Request::Command { commanded, reply } => {
                let mut told = Reply { seq: Seq(0), now: driver.now(), facts: Vec::new() };
                driver.feed(
                    driver.now(),
                    Event::Command(commanded),
                    &mut |envelope: &Envelope, effects: &Effects| {
                        if matches!(envelope.event, Event::Command(_)) {
                            told =
                                Reply { seq: envelope.seq, now: envelope.now, facts: effects.facts.clone() };
                        }
                    },
                );
                show.send_replace(published(book, &driver));
                reply.send(told).ok();
            }
            Request::Question { question, reply } => {
                reply.send(question.answer(driver.processor())).ok();
            }
            Request::Reload { why, reply, .. } => {
                reply.send(Err(Problem::flawed(why, vec![flaw()]))).ok();
            }
        }
    }
}

fn flaw() -> Flaw {
    Flaw {
        place: "momentum.toml:3".to_owned(),
        line: Some(3),
        key: "risk.max_position".to_owned(),
        message: "is 0, should be more".to_owned(),
        mend: "mend it".to_owned(),
    }
}

/// Only the number of positions: asked after every event.
trait Positions {
    fn view_positions(&self) -> usize;
}

impl Positions for Engine {
    fn view_positions(&self) -> usize {
        self.trader().positions().count()
    }
}

impl Bot {
    async fn start(test: &str, until: Until) -> Self {
        let folder = std::env::temp_dir().join(format!("momentum-api-{}-{test}", std::process::id()));
        let book = Book::at(&folder, BookName { network: Network::Sim, mode: Mode::Paper, instance: None });
        book.create().unwrap();
        let (requests, asked) = mpsc::channel(QUEUE);
        let empty = Driver::new(Engine::default(), None, Answers::NotConfigured);
        let (show, mut shown) = watch::channel(published(&book, &empty));
        let turned = std::thread::spawn({
            let book = book.clone();
            move || turn(&book, &until, asked, &show)
        });
        shown.changed().await.unwrap();
        let kill = KillFile::of(&book);
        let database = Address::in_folder(book.folder());
        let api = Api { published: shown, requests, kill, database, source: Source::Sim };
        let (ended, end) = oneshot::channel::<()>();
        let served =
            tokio::spawn(serve(Socket::bind(&book).unwrap(), api, async { end.await.unwrap_or(()) }));
        let client = Client::of(&book, Duration::from_secs(60)).unwrap();
        Self { folder, book, client, ended: Some(ended), served, turned }
    }

    async fn command(&self, wish: Wish) -> Result<Done, Problem> {
        self.client.command(&wish, "a test").await.map_err(|error| error.problem(true))
    }

    async fn trading(&self) -> TradingState {
        self.client.state().await.unwrap().trading.state
    }

    /// What the socket says to these very bytes.
    async fn raw(&self, request: &str) -> String {
        let mut stream = UnixStream::connect(self.book.socket()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn end(mut self) {
        self.ended.take().unwrap().send(()).unwrap();
        drop(self.client);
        self.served.await.unwrap().unwrap();
        self.turned.join().unwrap();
        fs::remove_dir_all(self.folder).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_acknowledged_once_it_holds_and_is_in_the_kill_file_too() {
    let bot = Bot::start("commands", Until::Beginning).await;
    assert_eq!(fs::metadata(bot.book.socket()).unwrap().mode() & 0o777, 0o600);
    let mut switch = KillSwitch::new(KillFile::of(&bot.book));
    assert_eq!(bot.client.state().await.unwrap().verdict, Verdict::Ok);

    let done = bot.command(Wish::Pause { seconds: Some(60) }).await.unwrap();
    assert_eq!(done.told[0]["state"], "exits_only", "{done:?}");
    let state = bot.client.state().await.unwrap();
    let held = state.trading.held.clone().unwrap();
    assert_eq!((held.hold, held.why.as_str()), (Hold::Pause, "a test"));
    assert_eq!(held.who, crate::operator::this_user(), "the system says who it was");
    assert_eq!(held.until, Some(BEGINNING + Duration::from_secs(60)), "in the market's time");
    assert_eq!(state.verdict, Verdict::Degraded);
    let permits = switch.look(wall());
    assert!(!permits.buys && permits.exits && permits.halt.unwrap().until.is_some());

    bot.command(Wish::Lock {}).await.unwrap();
    assert_eq!(bot.trading().await, TradingState::Stopped);
    assert_eq!(bot.client.state().await.unwrap().verdict, Verdict::Halted);
    assert!(!switch.look(wall()).exits);
    bot.command(Wish::Reset { hold: Hold::Lock }).await.unwrap();
    bot.command(Wish::Resume {}).await.unwrap();
    assert_eq!(bot.trading().await, TradingState::Open);
    assert!(switch.look(wall()).buys && !bot.book.kill_file().exists());
    bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_gate_refuses_is_told_with_its_code_and_mend() {
    let bot = Bot::start("refusals", Until::Beginning).await;
    let mint = Mint(Pubkey([9; 32]));
    let problem = bot.command(Wish::Buy { mint, lamports: Lamports::sol(1) }).await.unwrap_err();
    let entry = RefusalCode::StreamStale.entry();
    assert_eq!((problem.code, problem.name.as_str(), problem.hint.as_str()), (20, entry.name, entry.mend));
    let problem = bot.command(Wish::Close { mint, tokens: None, urgent: false }).await.unwrap_err();
    assert_eq!((problem.code, problem.name.as_str()), (66, "not_found"));
    let problem = bot.client.position(mint).await.unwrap_err().problem(false);
    assert_eq!(problem.code, 66);
    let problem = bot.client.token(mint).await.unwrap_err().problem(false);
    assert_eq!((problem.code, problem.message.ends_with("is not tracked")), (66, true));
    let problem = bot.client.reload("they are wrong").await.unwrap_err().problem(true);
    assert_eq!((problem.code, problem.message.as_str(), problem.flaws), (78, "they are wrong", vec![flaw()]));
    bot.command(Wish::Blacklist { key: mint.0, listed: true }).await.unwrap();
    assert_eq!(bot.client.blacklist().await.unwrap(), [mint.0]);
    bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_position_is_read_explained_priced_kept_and_sold() {
    let bot = Bot::start("position", Until::Position).await;
    let rows = bot.client.positions().await.unwrap();
    let row = rows.first().unwrap();
    let whole = bot.client.position(row.mint).await.unwrap();
    assert_eq!((whole.mint, whole.remaining(), whole.wallet), (row.mint, row.token_amount, row.wallet));
    assert_eq!(row.unrealised_lamports, row.mark_lamports.minus(row.cost_lamports));
    let state = bot.client.state().await.unwrap();
    assert_eq!((state.open_positions, state.deployed_lamports), (1, whole.cost));

    let token = bot.client.token(row.mint).await.unwrap();
    assert_eq!(token["score"]["mint"], row.mint.to_string());
    assert!(token["score"]["explained"].as_array().is_some_and(|parts| parts.len() == 5), "{token}");
    let side = |tokens: u64| {
        [("mint", row.mint.to_string()), ("side", "sell".to_owned()), ("tokens", tokens.to_string())]
    };
    let quote = bot.client.quote(&side(row.token_amount.0)).await.unwrap();
    assert_eq!(quote["side"], "sell", "{quote}");
    assert_eq!(bot.client.quote(&side(0)).await.unwrap_err().problem(false).code, 2);

    bot.command(Wish::Hold { mint: row.mint }).await.unwrap();
    assert!(bot.client.position(row.mint).await.unwrap().kept);
    bot.command(Wish::Release { mint: row.mint }).await.unwrap();
    assert!(!bot.client.position(row.mint).await.unwrap().kept);
    let low = bot.command(Wish::Adjust { mint: row.mint, stop: Lamports(1) }).await.unwrap_err();
    assert_eq!(low.name, "stop_would_fall");
    let done = bot.command(Wish::Close { mint: row.mint, tokens: None, urgent: true }).await.unwrap();
    assert!(done.told.iter().any(|told| told["schema"] == "momentum.order.v1"), "{done:?}");
    assert_eq!(bot.client.orders().await.unwrap().len(), 1);
    bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_request_is_an_error_that_says_what_would_be_right() {
    let bot = Bot::start("wrong", Until::Beginning).await;
    let post = |path: &str, body: &str| {
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let wrong = [
        (post("/v1/commands/pause", "{}"), "400", "`why` is missing"),
        (post("/v1/commands/pause", "[]"), "400", "no object"),
        (post("/v1/commands/pause", "{\"why\":"), "400", "EOF"),
        (post("/v1/commands/pause", r#"{"why":"x","secnods":5}"#), "400", "secnods"),
        (post("/v1/commands/pause", r#"{"why":"x","verb":"buy"}"#), "400", "in the path"),
        (post("/v1/commands/explode", r#"{"why":"x"}"#), "404", "pause, resume, flatten"),
        (post("/v1/commands/buy", r#"{"why":"x","mint":"abc","lamports":"1"}"#), "400", "abc"),
        (post("/v1/commands/pause", &"x".repeat(20_000)), "400", "length limit"),
        (post("/v1/reload", "{}"), "400", "`why` is missing"),
        (post("/v1/reload", r#"{"why":"x","force":true}"#), "400", "force"),
        (post("/v1/reload", r#"{"why":"they are wrong"}"#), "422", "momentum.toml:3"),
        (get("/v1/tokens/abc"), "400", "base58"),
        (get("/v1/quote?mint=abc"), "400", "side"),
        (get("/v1/nothing"), "404", "no such path"),
        (post("/v1/state", ""), "400", "another method"),
    ];
    for (request, status, told) in wrong {
        let answer = bot.raw(&request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.contains(told),
            "{request:.80}: {answer}"
        );
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str::<Problem>(body).unwrap();
    }
    assert_eq!(bot.trading().await, TradingState::Open, "none of them did anything");
    assert!(bot.raw(&get("/livez")).await.ends_with("ok\n"));
    assert!(bot.raw(&get("/readyz")).await.ends_with("\nready\n"));
    bot.command(Wish::Pause { seconds: None }).await.unwrap();
    let answer = bot.raw(&get("/readyz?verbose")).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("- pause by "), "{answer}");
    assert!(answer.contains("[Off] rpc not configured"), "{answer}");
    bot.end().await;
}

#[tokio::test]
async fn a_loop_that_says_nothing_leaves_the_outcome_unknown_and_the_kill_file_written() {
    let folder = std::env::temp_dir().join(format!("momentum-api-{}-silent", std::process::id()));
    let book = Book::at(&folder, BookName { network: Network::Sim, mode: Mode::Paper, instance: None });
    book.create().unwrap();
    let client = Client::of(&book, Duration::from_secs(60)).unwrap();
    assert!(matches!(client.state().await, Err(ClientError::NoBot(_))));
    // What a bot that died has left is no bot either.
    drop(std::os::unix::net::UnixListener::bind(book.socket()).unwrap());
    assert!(matches!(client.state().await, Err(ClientError::NoBot(_))));

    let (requests, mut asked) = mpsc::channel(1);
    let empty = Driver::new(Engine::default(), None, Answers::NotConfigured);
    let (_show, shown) = watch::channel(published(&book, &empty));
    let api = Api {
        published: shown,
        requests,
        kill: KillFile::of(&book),
        database: Address::in_folder(book.folder()),
        source: Source::Sim,
    };
    let server = tokio::spawn(serve(Socket::bind(&book).unwrap(), api, std::future::pending()));
    let (_, unknown) = tokio::join!(
        async {
            // Taken, and given up.
            drop(asked.recv().await);
        },
        client.command(&Wish::Pause { seconds: None }, "a test")
    );
    assert_eq!(unknown.unwrap_err().problem(true).code, 24);
    assert!(!KillSwitch::new(KillFile::of(&book)).look(wall()).buys);
    drop(asked);
    let gone = client.command(&Wish::Resume {}, "a test").await.unwrap_err();
    assert_eq!(gone.problem(true).name, "no_bot");
    server.abort();
    fs::remove_dir_all(folder).unwrap();
}
