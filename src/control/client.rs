//! The client of the API at a book's socket.

use std::path::{Path, PathBuf};
use std::time::Duration;

use momentum_core::codes::ErrorCode;
use momentum_core::ids::{Mint, Pubkey};
use momentum_core::market::Ranked;
use momentum_core::trader::orders::Attempt;
use momentum_core::trader::positions::Position;
use momentum_store::book::Book;
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::problem::Problem;
use crate::reload::Reloaded;
use crate::request::{Done, Wish};
use crate::state::{BotState, PositionRow};

/// Why the bot gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens at the socket: no bot runs, or it is at its very beginning or end.
    #[error("no bot answers at {}", .0.display())]
    NoBot(PathBuf),
    /// A bot is there and says nothing. What was asked may have been done.
    #[error("the bot has not answered for {} s", .0.as_secs())]
    Silent(Duration),
    /// It says what is wrong.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// What it says is not what this version understands: bot and command are of different versions.
    #[error("the bot's answer is not understood: {0}")]
    Garbled(String),
}

impl ClientError {
    /// The same as a problem, for whoever shows it. `command` says that something was to be done.
    #[must_use]
    pub fn problem(self, command: bool) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::NoBot(_) => Problem::new(ErrorCode::NoBot, self.to_string()),
            Self::Silent(_) if command => Problem::new(ErrorCode::OutcomeUnknown, self.to_string()),
            Self::Silent(_) => Problem::new(ErrorCode::NoAnswer, self.to_string()),
            Self::Garbled(_) => Problem::new(ErrorCode::NoAnswer, self.to_string())
                .hint("compare `momentum --version` with the version of the running bot"),
        }
    }
}

/// What the database keeps, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// Entry signals and what became of them.
    Signals,
    /// Swaps that landed.
    Trades,
    /// The audit: commands, changes of state, days.
    Events,
}

/// A client of one bot.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    socket: PathBuf,
    within: Duration,
}

impl Client {
    /// A client of the bot that holds `book`, which must answer each request `within` this time.
    ///
    /// # Errors
    /// Where the system cannot make one.
    pub fn of(book: &Book, within: Duration) -> Result<Self, ClientError> {
        Self::at(&book.socket(), within)
    }

    fn at(socket: &Path, within: Duration) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder().unix_socket(socket).timeout(within).no_proxy().build();
        let http = http.map_err(|error| ClientError::Garbled(error.without_url().to_string()))?;
        Ok(Self { http, socket: socket.to_owned(), within })
    }

    /// The bot's state.
    ///
    /// # Errors
    /// See [`ClientError`]; so for all that follow.
    pub async fn state(&self) -> Result<BotState, ClientError> {
        self.get("/v1/state", &[]).await
    }

    /// Open positions.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn positions(&self) -> Result<Vec<PositionRow>, ClientError> {
        self.get("/v1/positions", &[]).await
    }

    /// One open position, whole.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn position(&self, mint: Mint) -> Result<Position, ClientError> {
        self.get(&format!("/v1/positions/{mint}"), &[]).await
    }

    /// The ranking.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn tokens(&self) -> Result<Vec<Ranked>, ClientError> {
        self.get("/v1/tokens", &[]).await
    }

    /// One token: its score, explained, and its reserves.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn token(&self, mint: Mint) -> Result<Value, ClientError> {
        self.get(&format!("/v1/tokens/{mint}"), &[]).await
    }

    /// Attempts without an end.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn orders(&self) -> Result<Vec<Attempt>, ClientError> {
        self.get("/v1/orders", &[]).await
    }

    /// Mints and creators that are never entered.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn blacklist(&self) -> Result<Vec<Pubkey>, ClientError> {
        self.get("/v1/blacklist", &[]).await
    }

    /// A swap at the reserves of this moment; `query` names `mint`, `side` and `lamports` or `tokens`.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn quote(&self, query: &[(&str, String)]) -> Result<Value, ClientError> {
        self.get("/v1/quote", query).await
    }

    /// The newest rows that the database keeps, at most so many.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn history(&self, what: History, limit: u32) -> Result<Vec<Value>, ClientError> {
        let path = match what {
            History::Signals => "/v1/signals",
            History::Trades => "/v1/trades",
            History::Events => "/v1/events",
        };
        self.get(path, &[("limit", limit.to_string())]).await
    }

    /// Gives a command, and waits until it is done and durable.
    ///
    /// # Errors
    /// See [`ClientError`]; after [`ClientError::Silent`] it may have been done.
    pub async fn command(&self, wish: &Wish, why: &str) -> Result<Done, ClientError> {
        let verb = wish.verb();
        let mut body = serde_json::to_value(wish).map_err(|error| ClientError::Garbled(error.to_string()))?;
        if let Some(body) = body.as_object_mut() {
            body.remove("verb");
            body.insert("why".to_owned(), json!(why));
        }
        self.send(self.request(Method::POST, &format!("/v1/commands/{verb}")).json(&body)).await
    }

    /// Has the settings read again, and waits until they are taken over; all that is wrong with them is a
    /// [`Problem`].
    ///
    /// # Errors
    /// See [`ClientError`]; after [`ClientError::Silent`] it may have been done.
    pub async fn reload(&self, why: &str) -> Result<Reloaded, ClientError> {
        self.send(self.request(Method::POST, "/v1/reload").json(&json!({ "why": why }))).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)]) -> Result<T, ClientError> {
        self.send(self.request(Method::GET, path).query(query)).await
    }

    /// The host means nothing on a socket, and a request must have one.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://momentum{path}"))
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ClientError> {
        let failed = |error: reqwest::Error| {
            if error.is_timeout() {
                ClientError::Silent(self.within)
            } else if error.is_connect() {
                ClientError::NoBot(self.socket.clone())
            } else {
                ClientError::Garbled(error.without_url().to_string())
            }
        };
        let response = request.send().await.map_err(failed)?;
        let good = response.status().is_success();
        let body = response.bytes().await.map_err(failed)?;
        let garbled = |error: serde_json::Error| ClientError::Garbled(error.to_string());
        if good {
            serde_json::from_slice(&body).map_err(garbled)
        } else {
            Err(serde_json::from_slice::<Problem>(&body).map_err(garbled)?.into())
        }
    }
}
