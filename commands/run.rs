//! `momentum run`: the whole bot.

pub(crate) mod screen;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use momentum_core::action::Effects;
use momentum_core::codes::ErrorCode;
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Mode, OnExit};
use momentum_runtime::book::Begun;
use momentum_runtime::bot::{self, Origin, Plan, StartError};
use momentum_runtime::play::Audience;
use momentum_runtime::reload::Reload;
use momentum_runtime::secrets::{KeystoreError, WalletError};
use momentum_runtime::settings::Settings;
use momentum_runtime::source::Choice;
use momentum_sim::driver::Driver;
use momentum_store::book::{Book, BookName, Network, default_data_dir};
use momentum_store::record::{RecordWriter, Stage};
use momentum_store::summary::Tally;

use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::source::{SourceArgs, unreadable};
use crate::{database, stop, summary};
use screen::Screen;

/// How to run.
#[derive(Args, Debug)]
#[command(after_help = "\
SIGINT (Ctrl-C) and SIGTERM end it in order, a second one at once: status 130, without a summary.
SIGHUP has it read its settings again, as `momentum config reload` does; where its terminal is gone, SIGHUP ends it in order.

Examples:
  momentum run                                          paper, embedded market, until Ctrl-C
  momentum run --seed 7 --speed max --until 24h         a day in less than a minute
  momentum run --mode dry-run --until 12h --json        what would be bought, as records
  momentum run --replay transactions/ -o jsonl          recorded transactions, whole pipeline
  momentum run --record recordings --until 6h           for momentum backtest replay recordings
  momentum run --mode live --source grpc                real money: needs wallets.files and `config arm`")]
pub(crate) struct Run {
    #[command(flatten)]
    source: SourceArgs,
    /// paper: simulated fills. dry-run: every gate, no orders. live: real money
    #[arg(long, value_enum, default_value = "paper")]
    mode: ModeWord,
    /// What becomes of open positions at the end
    #[arg(long, value_enum, default_value = "hold")]
    on_exit: OnExitWord,
    /// Record every event and decision, as a session of this folder
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    /// Network of a live stream's book [default: mainnet]
    #[arg(long, value_name = "NETWORK", help_heading = "Book")]
    network: Option<Network>,
    /// Keep nothing: no book, no database
    #[arg(long, help_heading = "Book", conflicts_with_all = ["fresh", "db", "network"])]
    memory: bool,
    /// Begin anew: the book that is there is kept beside it
    #[arg(long, help_heading = "Book")]
    fresh: bool,
}

/// A mode, as the command line has it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeWord {
    /// Filled by the simulated venue
    Paper,
    /// No orders: what would be bought is recorded
    DryRun,
    /// Real orders with real money
    Live,
}

/// A policy, as the command line has it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnExitWord {
    /// They stay open
    Hold,
    /// They are sold first
    Flatten,
}

/// Runs it.
pub(crate) fn run(global: &Global, run: &Run, out: &mut Out) -> Result<(), Failure> {
    let sources = global.sources_with(run.source.assignments());
    let settings = Settings::load(&sources)?;
    let origin = run.source.origin()?;
    let mode = match run.mode {
        ModeWord::Paper => Mode::Paper,
        ModeWord::DryRun => Mode::DryRun,
        ModeWord::Live => Mode::Live,
    };
    if mode == Mode::Live {
        run.fit_for_money(&origin)?;
    }
    let on_exit = match run.on_exit {
        OnExitWord::Hold => OnExit::Hold,
        OnExitWord::Flatten => OnExit::Flatten,
    };
    let book = run.book(global, &origin, mode)?;
    let book = match book {
        None => None,
        Some(book) => {
            let address = database::address_by(global, &book, &settings)?;
            Some((book, address))
        }
    };
    let records = !out.for_people();
    let talk = out.talk();
    let plan = Plan {
        settings: &settings,
        mode,
        origin,
        until: run.source.until(),
        speed: run.source.speed(&settings),
        on_exit,
        record: run.record.clone(),
        book,
        errand: None,
        say: &|line| talk.say(line),
    };
    let (stop, hang_ups) = stop::of_a_bot();
    let again = sources.again();
    let reload = Reload {
        wished: Box::new(move || hang_ups.ask_for_settings()),
        read: Arc::new(move || Settings::load(&again)),
    };
    let (ended, watcher) = bot::run(&plan, &stop, Some(reload), |begun| {
        greet(out, begun, plan.book.as_ref().map(|(book, _)| book));
        Watcher {
            screen: Screen::new(
                out,
                begun.warm_until.filter(|_| !begun.resumed).map(|until| (begun.begins, until)),
            ),
            writer: RecordWriter::new(Stage::Run, begun.kind, &begun.run_id, settings.hash()),
            tally: Tally::new(&begun.run_id, mode, begun.kind, begun.seed, settings.hash()),
            records,
            lines: Vec::new(),
            out,
            broken: None,
        }
    })?;
    if !ended.finished {
        talk.say("the end came before every attempt had one: what is open is in the summary");
    }
    watcher.finish(&ended.engine)?;
    if !ended.durable {
        return Err(Failure::new(
            ErrorCode::CannotWrite,
            "the last of what was decided is not in the database",
        ));
    }
    ended.broken.map_or(Ok(()), |error| Err(unreadable(&error)))
}

impl Run {
    /// Real orders follow a real market, and are never forgotten.
    fn fit_for_money(&self, origin: &Origin) -> Result<(), Failure> {
        let wrong = |message: &str| Err(Failure::new(ErrorCode::Usage, message));
        match origin {
            Origin::Made(_) => wrong("live trading needs a live stream")
                .map_err(|failure: Failure| failure.hint("add --source grpc")),
            Origin::Live if self.memory => wrong("live trading keeps what it does: --memory is not for it"),
            Origin::Live if self.fresh => {
                wrong("a live book is not set aside: what is in flight would be forgotten")
            }
            Origin::Live => Ok(()),
        }
    }

    /// The book that the run works on; none for a replay, and where nothing is to be kept.
    fn book(&self, global: &Global, origin: &Origin, mode: Mode) -> Result<Option<Book>, Failure> {
        let network = match origin {
            Origin::Made(Choice::Replay(_)) => return Ok(None),
            Origin::Made(Choice::Sim) => Network::Sim,
            Origin::Live => self.network.unwrap_or(Network::Mainnet),
        };
        if self.memory {
            return Ok(None);
        }
        let data = global.data_dir.clone().or_else(default_data_dir).ok_or_else(|| {
            Failure::new(ErrorCode::Usage, "there is no home to keep books in")
                .hint("say where they are to be: --data-dir DIR, or keep nothing: --memory")
        })?;
        let book = Book::at(&data, BookName { network, mode, instance: global.instance.clone() });
        if self.fresh {
            set_aside(&book)?;
        }
        Ok(Some(book))
    }
}

/// Keeps a book beside the one that will take its place.
fn set_aside(book: &Book) -> Result<(), Failure> {
    if !book.folder().is_dir() {
        return Ok(());
    }
    let _lock = book.lock("run --fresh")?;
    let mut number = 1;
    let aside = loop {
        let aside = book.folder().with_extension(format!("old-{number}"));
        if !aside.exists() {
            break aside;
        }
        number += 1;
    };
    std::fs::rename(book.folder(), &aside).map_err(|error| {
        Failure::new(ErrorCode::CannotWrite, format!("{}: {error}", book.folder().display()))
    })
}

impl From<WalletError> for Failure {
    fn from(error: WalletError) -> Self {
        let code = match error {
            WalletError::Keystore { error: KeystoreError::Passphrase, .. } => ErrorCode::WrongPassphrase,
            WalletError::Open { .. }
            | WalletError::NotPlain(_)
            | WalletError::Foreign { .. }
            | WalletError::Folder { .. } => ErrorCode::NotPrivate,
            _ => ErrorCode::NoWallet,
        };
        Self::new(code, error.to_string())
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Book(error) => error.into(),
            StartError::Store(error) => error.into(),
            StartError::ExitJournal(_) | StartError::NotDurable(_) => {
                Self::new(ErrorCode::CannotWrite, error.to_string())
            }
            StartError::Replay(error) => unreadable(&error),
            StartError::Secret(error) => error.into(),
            StartError::Record(error) => Self::new(ErrorCode::CannotWrite, error.to_string()),
            StartError::Locked { .. } => Self::new(ErrorCode::Halted, error.to_string()),
            StartError::OtherMarket { .. } => Self::new(ErrorCode::BadSettings, error.to_string()).hint(
                "go on with its seed, or name another book: --instance NAME; --fresh begins anew, --memory keeps \
                 nothing",
            ),
            StartError::Past { .. } => Self::new(ErrorCode::Usage, error.to_string())
                .hint("name a later --until, or begin anew: --fresh; --memory keeps nothing"),
            StartError::NoStream => Self::new(ErrorCode::BadSettings, error.to_string())
                .hint("name the file with the address: --set endpoints.grpc='[\"grpc.url\"]'"),
            StartError::PrivateHosts => Self::new(ErrorCode::BadSettings, error.to_string())
                .hint("take it away: momentum config explain enrich.allow_private"),
            StartError::NoBook | StartError::NoNode | StartError::NothingSimulates => Self::new(ErrorCode::BadSettings, error.to_string()),
            StartError::Wallet(error) => error.into(),
            StartError::NoWallet => Self::new(ErrorCode::NoWallet, error.to_string()),
            StartError::KeyHeld(_) => Self::new(ErrorCode::WalletHeld, error.to_string()),
            StartError::Unarmed(_) => Self::new(ErrorCode::NotArmed, error.to_string()),
            StartError::Root => Self::new(ErrorCode::NotForRoot, error.to_string()),
            StartError::NodesAway(_) => Self::new(ErrorCode::NodesAway, error.to_string()),
            StartError::OtherNetwork(_) => Self::new(ErrorCode::OtherNetwork, error.to_string()),
            StartError::GivenUp => Self::new(ErrorCode::Interrupted, error.to_string()),
            StartError::Chain(_) => Self::new(ErrorCode::BadSettings, error.to_string()),
            StartError::Threads(_) => Self::new(ErrorCode::CannotWrite, error.to_string()),
        }
    }
}

fn greet(out: &Out, begun: &Begun, book: Option<&Book>) {
    let market = match begun.seed {
        Some(seed) => format!("the embedded market, seed {seed}: SIMULATED, nothing of it is real"),
        None if begun.kind == momentum_store::record::Source::Replay => "a recording".to_owned(),
        None => "a live stream".to_owned(),
    };
    let mode = match begun.mode {
        Mode::DryRun => "dry run",
        Mode::Paper => "paper",
        Mode::Live => "LIVE, with real money,",
    };
    let kept = match book {
        Some(book) => format!("the book is kept in {}", book.folder().display()),
        None => "state is kept in memory only: it ends with this run".to_owned(),
    };
    out.say(&format!("{mode} on {market}\n{kept}"));
}

/// Who watches a run: a person, a pipe, and the tally of both.
struct Watcher<'a> {
    screen: Screen,
    writer: RecordWriter,
    tally: Tally,
    /// Records go to stdout; else a summary at the end.
    records: bool,
    lines: Vec<u8>,
    out: &'a mut Out,
    /// Why the output can take no more.
    broken: Option<Failure>,
}

impl Watcher<'_> {
    fn finish(self, engine: &Engine) -> Result<(), Failure> {
        self.screen.clear();
        if let Some(broken) = self.broken {
            return Err(broken);
        }
        let summary = self.tally.finish(engine);
        summary::print(&summary, self.out)
    }
}

impl Audience<Engine> for Watcher<'_> {
    fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        self.tally.see(envelope, effects);
        self.screen.see(envelope, effects);
        self.writer.follow(&envelope.event);
        if self.records {
            self.writer.effects(envelope, effects, &mut self.lines);
        }
    }

    fn after(&mut self, driver: &Driver<Engine>) -> ControlFlow<()> {
        self.screen.status(driver.now(), driver.processor());
        if !self.lines.is_empty() {
            let printed = self.out.lines(&self.lines);
            self.lines.clear();
            if let Err(failure) = printed {
                self.broken = Some(failure);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}
