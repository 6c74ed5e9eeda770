//! Which book a command means, and who answers for it: the bot that holds it, or nobody.

use std::future::Future;
use std::time::Duration;

use clap::{Args, ValueEnum};
use momentum_control::client::{Client, ClientError};
use momentum_control::request::{Done, Wish};
use momentum_control::state::BotState;
use momentum_core::codes::ErrorCode;
use momentum_core::event::Mode;
use momentum_store::book::{Book, BookName, Holder, Network, default_data_dir, mode_name};
use tokio::runtime::Runtime;

use crate::failure::Failure;
use crate::global::Global;

/// Which book.
#[derive(Args, Debug)]
#[command(next_help_heading = "Book")]
pub(crate) struct BookArgs {
    /// Network of the book: mainnet, devnet, localnet, sim
    #[arg(long, value_name = "NETWORK", default_value = "sim")]
    network: Network,
    /// Mode of the book
    #[arg(long, value_enum, default_value = "paper")]
    mode: ModeWord,
}

/// A mode, as the command line has it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeWord {
    /// Simulated fills
    Paper,
    /// No orders
    DryRun,
    /// Real money
    Live,
}

impl BookArgs {
    /// The book, whether it is there or not.
    pub(crate) fn book(&self, global: &Global) -> Result<Book, Failure> {
        let data = global.data_dir.clone().or_else(default_data_dir).ok_or_else(|| {
            Failure::new(ErrorCode::Usage, "there is no home to look for books in")
                .hint("say where they are: --data-dir DIR")
        })?;
        let name = BookName { network: self.network, mode: self.mode(), instance: global.instance.clone() };
        Ok(Book::at(&data, name))
    }

    /// What the book's orders are.
    pub(crate) const fn mode(&self) -> Mode {
        match self.mode {
            ModeWord::Paper => Mode::Paper,
            ModeWord::DryRun => Mode::DryRun,
            ModeWord::Live => Mode::Live,
        }
    }

    /// Whether it is about real money.
    pub(crate) const fn live(&self) -> bool {
        matches!(self.mode, ModeWord::Live)
    }

    /// The bot that must be there.
    pub(crate) fn bot(&self, global: &Global) -> Result<Bot, Failure> {
        let book = self.book(global)?;
        Bot::of(&book, global)?.ok_or_else(|| no_bot(&book))
    }
}

/// Nobody holds the book, and somebody would have to.
pub(crate) fn no_bot(book: &Book) -> Failure {
    let name = book.name();
    let there = book.folder().is_dir();
    let message = if there {
        format!("no bot runs on the book {name}")
    } else {
        format!("there is no book {name} in {}", book.folder().parent().unwrap_or(book.folder()).display())
    };
    let failure = Failure::new(ErrorCode::NoBot, message);
    match others(book) {
        Some(others) => failure.hint(others),
        None => failure,
    }
}

/// The books beside this one that somebody works on, with the flags that name them; none where there are none. Whoever
/// gives a command to a book that no bot runs on may have meant one of these.
pub(crate) fn others(book: &Book) -> Option<String> {
    let flags = |name: &BookName| {
        let BookName { network, mode, instance } = name;
        let instance =
            instance.as_ref().map_or_else(String::new, |instance| format!(" --instance {instance}"));
        format!("for {name} add --network {network} --mode {}{instance}", mode_name(*mode))
    };
    let held = book.held_beside();
    let named: Vec<_> = held.iter().map(flags).collect();
    (!held.is_empty()).then(|| format!("other books here are worked on: {}", named.join("; ")))
}

/// The process that holds a book, and the way to talk to it.
pub(crate) struct Bot {
    client: Client,
    runtime: Runtime,
    book: Book,
    holder: Holder,
}

impl Bot {
    /// Who holds `book`, if anybody does.
    pub(crate) fn of(book: &Book, global: &Global) -> Result<Option<Self>, Failure> {
        Self::within(book, global.timeout)
    }

    /// The same, with another patience than that of the command line.
    pub(crate) fn within(book: &Book, patience: Duration) -> Result<Option<Self>, Failure> {
        let Some(holder) = book.holder()? else { return Ok(None) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| Failure::new(ErrorCode::Bug, format!("no runtime: {error}")))?;
        let client = Client::of(book, patience).map_err(|error| error.problem(false))?;
        Ok(Some(Self { client, runtime, book: book.clone(), holder }))
    }

    /// Waits for an answer. `command` says that something was to be done.
    pub(crate) fn ask<'a, T, F>(
        &'a self,
        command: bool,
        ask: impl FnOnce(&'a Client) -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, ClientError>> + 'a,
    {
        self.try_ask(ask).map_err(|error| self.failure(error, command))
    }

    /// Why it gave no answer. `command` says that something was to be done.
    pub(crate) fn failure(&self, error: ClientError, command: bool) -> Failure {
        match error {
            ClientError::NoBot(_) => {
                let name = self.book.name();
                Failure::new(
                    ErrorCode::BookHeld,
                    format!("{} holds the book {name} and does not answer", self.holder),
                )
                .hint("it is no bot, or it is starting or ending: wait for it, then try again")
            }
            other => other.problem(command).into(),
        }
    }

    /// Its state.
    pub(crate) fn state(&self) -> Result<BotState, Failure> {
        self.ask(false, Client::state)
    }

    /// Who it is.
    pub(crate) const fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Waits for an answer, and says as it is why there is none.
    pub(crate) fn try_ask<'a, T, F>(&'a self, ask: impl FnOnce(&'a Client) -> F) -> Result<T, ClientError>
    where
        F: Future<Output = Result<T, ClientError>> + 'a,
    {
        self.runtime.block_on(ask(&self.client))
    }

    /// Gives it a command, and says as it is why there is no answer.
    pub(crate) fn try_command(&self, wish: &Wish, why: &str) -> Result<Done, ClientError> {
        self.try_ask(|client| client.command(wish, why))
    }

    /// Gives it a command, and waits until that is done and durable.
    pub(crate) fn command(&self, wish: &Wish, why: &str) -> Result<Done, Failure> {
        self.ask(true, |client| client.command(wish, why))
    }
}
