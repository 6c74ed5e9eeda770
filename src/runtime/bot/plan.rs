//! What is to be run, why it did not start, and how it ended.

use std::path::PathBuf;

use momentum_chain::wallets::WalletError;
use momentum_core::engine::Engine;
use momentum_core::event::{Mode, OnExit};
use momentum_sim::market::Speed;
use momentum_store::address::Address;
use momentum_store::book::{Book, BookError};
use momentum_store::error::StoreError;
use momentum_store::exit_journal::ExitJournalError;
use momentum_store::journal::NotDurable;
use momentum_store::recording::RecordError;

use super::errand::Errand;
use crate::arming::Unarmed;
use crate::replay::ReplayError;
use crate::secrets::SecretError;
use crate::settings::Settings;
use crate::source::{Choice, Until};

/// Where events come from, and whose time they have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A source whose time is made.
    Made(Choice),
    /// A live stream: gRPC, else WebSocket.
    Live,
}

/// What is to be run.
pub struct Plan<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// Paper, dry run or live.
    pub mode: Mode,
    /// Where events come from.
    pub origin: Origin,
    /// When to end, in market time.
    pub until: Option<Until>,
    /// How fast market time passes, where it is made.
    pub speed: Speed,
    /// What becomes of open positions at the end.
    pub on_exit: OnExit,
    /// Records every event into this folder.
    pub record: Option<PathBuf>,
    /// The book and its database; none keeps everything in memory.
    pub book: Option<(Book, Address)>,
    /// What is to be done on it once, in place of trading: without a stream, without entries and unarmed.
    pub errand: Option<Errand>,
    /// Hears what the start has to say, a line each.
    pub say: &'a dyn Fn(&str),
}

/// Why a bot did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The book cannot be used; who holds it is in it.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The exit journal cannot be used: without it a sale would wait for the database.
    #[error(transparent)]
    ExitJournal(ExitJournalError),
    /// What left by the exit journal cannot be written into the book.
    #[error("what left by the exit journal is not in the book: {0}")]
    NotDurable(NotDurable),
    /// The recording to be replayed cannot be.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The recording cannot be begun.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// An operator has locked the book.
    #[error("the book is locked by {who}: {why}")]
    Locked {
        /// Who.
        who: String,
        /// Why.
        why: String,
    },
    /// The book is of another market.
    #[error("the book {book} goes on with {has}, not with {wanted}")]
    OtherMarket {
        /// The book.
        book: String,
        /// What is in it.
        has: String,
        /// What was asked for.
        wanted: String,
    },
    /// The book has come to where it was to end.
    #[error("the book {book} has come to {now} already")]
    Past {
        /// The book.
        book: String,
        /// Where it is.
        now: String,
    },
    /// No live source is configured.
    #[error("no stream is configured: endpoints.grpc and endpoints.websocket are empty")]
    NoStream,
    /// Hosts of our own network may be asked, and this is not a local one.
    #[error("enrich.allow_private is for --network localnet only")]
    PrivateHosts,
    /// Live trading keeps what it does.
    #[error("live trading needs a book and a live stream")]
    NoBook,
    /// Live trading has no key.
    #[error("live trading needs a wallet: wallets.files is empty")]
    NoWallet,
    /// A wallet cannot be used.
    #[error(transparent)]
    Wallet(WalletError),
    /// A key is in use.
    #[error("{}: another bot trades with this key", .0.display())]
    KeyHeld(PathBuf),
    /// Nobody gave the permission to trade with real money, or it does not hold.
    #[error(transparent)]
    Unarmed(Unarmed),
    /// Real money on the main network is not root's to trade.
    #[error("live trading on mainnet is not for root")]
    Root,
    /// Live trading asks nodes.
    #[error("live trading needs RPC nodes, two at best: endpoints.rpc is empty")]
    NoNode,
    /// Buys on paper are to be run on a chain that nobody is asked about.
    #[error("paper.simulate_as needs an RPC node: endpoints.rpc is empty")]
    NothingSimulates,
    /// No node answered as long as somebody wanted to wait.
    #[error("no RPC node answered in time: {0}")]
    NodesAway(String),
    /// A node is of another network than the book.
    #[error("the RPC node {0} serves another network than the one that was named")]
    OtherNetwork(String),
    /// An interrupt came while a start was waited for.
    #[error("interrupted before it had started")]
    GivenUp,
    /// An address is broken, or TLS cannot be set up.
    #[error("{0}")]
    Chain(String),
    /// Threads cannot be made.
    #[error("cannot start: {0}")]
    Threads(#[from] std::io::Error),
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// The engine as it is at the end.
    pub engine: Engine,
    /// Whether every attempt came to its end.
    pub finished: bool,
    /// Whether all that was decided is durable.
    pub durable: bool,
    /// What ended the source before its time.
    pub broken: Option<ReplayError>,
}
