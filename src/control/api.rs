//! The API at the book's socket: the bot's state and what can be asked of it, and commands.
//!
//! | path | what |
//! | --- | --- |
//! | `GET /v1/state` | the [bot's state](crate::state::BotState) |
//! | `GET /v1/positions` | open positions; `/v1/positions/{mint}` one of them whole |
//! | `GET /v1/tokens` | the ranking; `/v1/tokens/{mint}` one token's score, explained |
//! | `GET /v1/orders` | attempts without an end |
//! | `GET /v1/blacklist` | mints and creators that are never entered |
//! | `GET /v1/signals`, `/v1/trades`, `/v1/events` | the newest of the database, newest first; `?limit=50` |
//! | `GET /v1/quote?mint=…&side=buy&lamports=…` | a swap at the reserves of this moment (or `tokens=…`) |
//! | `POST /v1/commands/{verb}` | a [`Wish`], and why: answered once it is done and durable |
//! | `POST /v1/reload` | reads the settings again, and why: answered with what changed, or all that is wrong |
//! | `GET /livez`, `GET /readyz?verbose` | whether it answers; whether it would trade, and why not |
//!
//! Every error is a [`Problem`].

mod listener;

use std::fmt::Write as _;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Query, Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use momentum_core::codes::ErrorCode;
use momentum_core::event::{Commanded, Side};
use momentum_core::fact::Fact;
use momentum_core::ids::{Hash, Mint, Seq};
use momentum_core::time::Timestamp;
use momentum_core::trader::state::Hold;
use momentum_store::address::Address;
use momentum_store::db::{Access, Db, Durability};
use momentum_store::error::StoreError;
use momentum_store::kill::{Ended, Halt, HaltKind, KillFile};
use momentum_store::queries;
use momentum_store::record::{RecordWriter, Source, Stage};
use momentum_store::table::Record;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::problem::Problem;
use crate::quote::{Amount, priced};
use crate::request::{Answer, Done, Question, Reply, Request, Wish};
use crate::state::{PositionRow, Published};

pub use listener::{BindError, Connection, Peer, Socket};

/// How long the loop may take for a command to be done and durable.
pub const COMMAND_WITHIN: Duration = Duration::from_secs(5);

/// How long a whole request may take, reading it included.
const REQUEST_WITHIN: Duration = Duration::from_secs(10);

/// No body of ours is longer.
const BODY_BYTES: usize = 16 * 1_024;

/// What the API works with.
#[derive(Clone, Debug)]
pub struct Api {
    /// What the loop publishes.
    pub published: watch::Receiver<Arc<Published>>,
    /// What the loop is asked.
    pub requests: mpsc::Sender<Request>,
    /// Orders to stop go there before the loop hears of them.
    pub kill: KillFile,
    /// The book's database, which is read by connections of its own.
    pub database: Address,
    /// The source of the market's events, as records name it.
    pub source: Source,
}

/// An answer: a JSON value, or a problem.
type Answered = Result<Json<Value>, Problem>;

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = match self.code {
            2 | 65 => StatusCode::BAD_REQUEST,
            20 | 21 => StatusCode::CONFLICT,
            24 => StatusCode::GATEWAY_TIMEOUT,
            66 => StatusCode::NOT_FOUND,
            78 => StatusCode::UNPROCESSABLE_ENTITY,
            69 | 75 => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(self)).into_response()
    }
}

/// Answers at `socket` until `ended` is; requests under way are finished.
///
/// # Errors
/// Where the socket fails for good.
pub async fn serve(
    socket: Socket,
    api: Api,
    ended: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let service = router(api).into_make_service_with_connect_info::<Peer>();
    axum::serve(socket, service).with_graceful_shutdown(ended).await
}

/// Every route and what answers there: what is not in here is not served.
fn routes() -> [(&'static str, MethodRouter<Api>); 15] {
    [
        ("/v1/state", get(state)),
        ("/v1/positions", get(positions)),
        ("/v1/positions/{mint}", get(position)),
        ("/v1/tokens", get(tokens)),
        ("/v1/tokens/{mint}", get(token)),
        ("/v1/orders", get(orders)),
        ("/v1/blacklist", get(blacklist)),
        ("/v1/signals", get(async |api, query| history(api, query, queries::signals).await)),
        ("/v1/trades", get(async |api, query| history(api, query, queries::trades).await)),
        ("/v1/events", get(async |api, query| history(api, query, queries::audit).await)),
        ("/v1/quote", get(quote)),
        ("/v1/commands/{verb}", post(command)),
        ("/v1/reload", post(reload)),
        ("/livez", get(async || "ok\n")),
        ("/readyz", get(ready)),
    ]
}

/// The path of every route: whoever checks all of them asks here which there are.
pub fn paths() -> impl Iterator<Item = &'static str> {
    routes().into_iter().map(|(path, _)| path)
}

fn router(api: Api) -> Router {
    routes()
        .into_iter()
        .fold(Router::new(), |router, (path, answers)| router.route(path, answers))
        .fallback(async || Problem::new(ErrorCode::NotFound, "there is no such path"))
        .method_not_allowed_fallback(async || Problem::new(ErrorCode::Usage, "the path takes another method"))
        .layer(middleware::from_fn(in_time))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(api)
}

async fn in_time(request: HttpRequest, next: Next) -> Response {
    let late = || Problem::new(ErrorCode::NoAnswer, "the request was not done in time").into_response();
    timeout(REQUEST_WITHIN, next.run(request)).await.unwrap_or_else(|_| late())
}

async fn state(State(api): State<Api>) -> Answered {
    value(&api.published.borrow().state)
}

async fn positions(State(api): State<Api>) -> Answered {
    let published = api.published.borrow().clone();
    let rows: Vec<_> = published.view.trader.positions.iter().map(PositionRow::of).collect();
    value(&rows)
}

async fn position(State(api): State<Api>, Path(mint): Path<String>) -> Answered {
    let mint = parsed(&mint)?;
    match api.ask(Question::Position(mint)).await? {
        Some(Answer::Position(position)) => value(&position),
        _ => Err(Problem::new(ErrorCode::NotFound, format!("there is no position in {mint}"))),
    }
}

async fn tokens(State(api): State<Api>) -> Answered {
    value(&api.published.borrow().view.top)
}

async fn token(State(api): State<Api>, Path(mint): Path<String>) -> Answered {
    let mint = parsed(&mint)?;
    let Some(Answer::Token { analysis, config, basis, traded }) = api.ask(Question::Token(mint)).await?
    else {
        return Err(untracked(mint));
    };
    let now = analysis.now;
    let score = api.records(Stage::Score, config.hash, |writer, lines| {
        writer.explaining(config).fact(Seq(0), now, &Fact::Scored(Arc::new(*analysis)), lines);
    });
    let basis = basis.map_err(|unknown| unknown.to_string());
    let (basis, unknown) = (basis.as_ref().ok(), basis.as_ref().err());
    value(&json!({"score": score.first(), "basis": basis, "basis_unknown": unknown, "traded": traded}))
}

async fn orders(State(api): State<Api>) -> Answered {
    match api.ask(Question::Attempts).await? {
        Some(Answer::Attempts(attempts)) => value(&attempts),
        _ => value(&json!([])),
    }
}

async fn blacklist(State(api): State<Api>) -> Answered {
    match api.ask(Question::Blacklist).await? {
        Some(Answer::Blacklist(keys)) => value(&keys),
        _ => value(&json!([])),
    }
}

/// How many rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    #[serde(default = "Limit::usual")]
    limit: u32,
}

impl Limit {
    const MOST: u32 = 1_000;

    const fn usual() -> u32 {
        50
    }
}

/// What the database keeps, by a connection of its own: the loop's is never waited for.
async fn history(
    State(api): State<Api>,
    limit: Result<Query<Limit>, QueryRejection>,
    ask: impl AsyncFnOnce(&mut Db, u32) -> Result<Vec<Record>, StoreError>,
) -> Answered {
    let Query(Limit { limit }) =
        limit.map_err(|error| Problem::new(ErrorCode::Usage, error.body_text()).hint("?limit=50"))?;
    let rows = async {
        let mut db = Db::open(&api.database, Durability::Full, Access::Read).await?;
        let rows = ask(&mut db, limit.min(Limit::MOST)).await?;
        db.close().await?;
        Ok::<_, StoreError>(rows)
    };
    let rows = rows.await.map_err(|error| Problem::new(ErrorCode::DatabaseAway, error.to_string()))?;
    value(&rows.iter().map(Record::shown).collect::<Vec<_>>())
}

/// A swap to price.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuoteQuery {
    mint: String,
    side: Side,
    lamports: Option<u64>,
    tokens: Option<u64>,
}

async fn quote(State(api): State<Api>, query: Result<Query<QuoteQuery>, QueryRejection>) -> Answered {
    let usage =
        |message: String| Problem::new(ErrorCode::Usage, message).hint("?mint=…&side=buy&lamports=500000000");
    let Query(query) = query.map_err(|error| usage(error.body_text()))?;
    let mint = parsed(&query.mint)?;
    let amount = match (query.lamports, query.tokens) {
        (Some(lamports), None) => Amount::Quote(lamports),
        (None, Some(tokens)) => Amount::Tokens(tokens),
        _ => return Err(usage("a quote needs lamports or tokens, and not both".to_owned())),
    };
    let Some(Answer::Token { analysis, basis, traded, .. }) = api.ask(Question::Token(mint)).await? else {
        return Err(untracked(mint));
    };
    let basis =
        basis.map_err(|why| Problem::new(ErrorCode::NotFound, format!("reserves of {mint}: {why}")))?;
    let priced = priced(query.side, amount, &basis.liquidity, &basis.rates);
    let none =
        || usage("no program would take this swap: too little, or more than the reserves hold".to_owned());
    let mut quote = priced.ok_or_else(none)?;
    quote["mint"] = json!(mint);
    quote["now"] = json!(analysis.now);
    quote["age_seconds"] = json!(traded.map(|traded| analysis.now.since(traded).as_secs()));
    Ok(Json(quote))
}

/// Whether it is to tell why.
#[derive(Debug, Deserialize)]
struct Verbose {
    verbose: Option<String>,
}

/// 200 where it would trade, 503 where not.
async fn ready(State(api): State<Api>, Query(query): Query<Verbose>) -> Response {
    let state = api.published.borrow().state.clone();
    let causes = state.unready();
    let status = if causes.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut text = if causes.is_empty() { "ready\n".to_owned() } else { "not ready\n".to_owned() };
    if query.verbose.is_some() {
        for cause in causes {
            text += &format!("- {cause}\n");
        }
        for service in &state.services {
            // Writing into a `String` cannot fail.
            writeln!(text, "[{:?}] {} {}", service.health, service.name, service.why).ok();
        }
    }
    (status, text).into_response()
}

async fn command(
    State(api): State<Api>,
    ConnectInfo(Peer(who)): ConnectInfo<Peer>,
    Path(verb): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Answered {
    let body = body.map_err(|error| Problem::new(ErrorCode::Usage, error.body_text()))?;
    let (wish, why) = wished(&verb, &body)?;
    api.kill(&wish, &who, &why).await?;
    let now = api.published.borrow().state.now;
    let commanded = Commanded { who, why, command: wish.command(now) };
    let Reply { seq, now, facts } = api.command(commanded).await?;
    if let Some(refused) = facts.iter().find_map(|fact| match fact {
        Fact::Refused(refused) => Some(refused),
        _ => None,
    }) {
        return Err(Problem::refused(refused));
    }
    let hash = api.published.borrow().state.config_hash;
    let told = api.records(Stage::Run, hash, |writer, lines| {
        for fact in &facts {
            writer.fact(seq, now, fact, lines);
        }
    });
    value(&Done { seq, now, told })
}

async fn reload(
    State(api): State<Api>,
    ConnectInfo(Peer(who)): ConnectInfo<Peer>,
    body: Result<Bytes, BytesRejection>,
) -> Answered {
    let body = body.map_err(|error| Problem::new(ErrorCode::Usage, error.body_text()))?;
    let (rest, why) = reasoned(&body)?;
    if let Some(name) = rest.keys().next() {
        return Err(usage(format!("a reload needs no `{name}`")));
    }
    let (reply, replied) = oneshot::channel();
    api.send(Request::Reload { who, why, reply })?;
    value(&api.outcome(replied).await??)
}

fn usage(message: String) -> Problem {
    Problem::new(ErrorCode::Usage, message)
        .hint("the body is a JSON object with `why` and what the verb needs")
}

/// Reads the body of a command: an object with `why` and what the verb needs.
fn wished(verb: &str, body: &[u8]) -> Result<(Wish, String), Problem> {
    if !Wish::VERBS.contains(&verb) {
        let problem = Problem::new(ErrorCode::NotFound, format!("there is no command `{verb}`"));
        return Err(problem.hint(format!("the commands are: {}", Wish::VERBS.join(", "))));
    }
    let (mut body, why) = reasoned(body)?;
    if body.insert("verb".to_owned(), verb.into()).is_some() {
        return Err(usage("the verb is in the path, not in the body".to_owned()));
    }
    let wish = serde_json::from_value(Value::Object(body)).map_err(|error| usage(error.to_string()))?;
    Ok((wish, why))
}

/// The object of a body, without the `why` that each must have.
fn reasoned(body: &[u8]) -> Result<(Map<String, Value>, String), Problem> {
    let body: Value = serde_json::from_slice(body).map_err(|error| usage(error.to_string()))?;
    let Value::Object(mut body) = body else { return Err(usage("the body is no object".to_owned())) };
    match body.remove("why") {
        Some(Value::String(why)) if !why.trim().is_empty() => Ok((body, why)),
        _ => Err(usage("`why` is missing: a text for the audit".to_owned())),
    }
}

impl Api {
    /// What is to stop is in the file before the loop hears of it, so that it holds whatever becomes of the
    /// bot; what is to go on leaves the file first for the same reason: the loop's answer is the last word.
    async fn kill(&self, wish: &Wish, who: &str, why: &str) -> Result<(), Problem> {
        let halt =
            |kind, until| Halt { kind, who: who.to_owned(), why: why.to_owned(), since: wall(), until };
        enum Change {
            Order(Halt),
            End(Ended),
        }
        let change = match wish {
            Wish::Pause { seconds } => {
                let until = seconds.map(|seconds| wall() + Duration::from_secs(seconds));
                Change::Order(halt(HaltKind::Pause, until))
            }
            Wish::Flatten {} => Change::Order(halt(HaltKind::Flatten, None)),
            Wish::Lock {} => Change::Order(halt(HaltKind::Lock, None)),
            Wish::Resume {} => Change::End(Ended::PauseOf(who.to_owned())),
            Wish::Reset { hold: Hold::Pause } => Change::End(Ended::Kind(HaltKind::Pause)),
            Wish::Reset { hold: Hold::Flatten } => Change::End(Ended::Kind(HaltKind::Flatten)),
            Wish::Reset { hold: Hold::Lock } => Change::End(Ended::Kind(HaltKind::Lock)),
            _ => return Ok(()),
        };
        let kill = self.kill.clone();
        // Disks are slow: not on a thread that others wait for.
        let changed = tokio::task::spawn_blocking(move || match change {
            Change::Order(halt) => kill.order(halt),
            Change::End(ended) => kill.end(&ended),
        });
        match changed.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Problem::new(ErrorCode::CannotWrite, format!("the kill file: {error}"))),
            Err(error) => Err(Problem::new(ErrorCode::Bug, format!("the kill file: {error}"))),
        }
    }

    async fn command(&self, commanded: Commanded) -> Result<Reply, Problem> {
        let (reply, replied) = oneshot::channel();
        self.send(Request::Command { commanded: Box::new(commanded), reply })?;
        self.outcome(replied).await
    }

    /// What came of something that the loop has taken.
    async fn outcome<T>(&self, replied: oneshot::Receiver<T>) -> Result<T, Problem> {
        let unknown = |message: &str| Problem::new(ErrorCode::OutcomeUnknown, message);
        match timeout(COMMAND_WITHIN, replied).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(_)) => Err(unknown("the command was taken, and is not known to be durable")),
            Err(_) => Err(unknown("the command was taken, and the loop has not answered for 5 s")),
        }
    }

    async fn ask(&self, question: Question) -> Result<Option<Answer>, Problem> {
        let (reply, replied) = oneshot::channel();
        self.send(Request::Question { question, reply })?;
        let silent = || Problem::new(ErrorCode::NoAnswer, "the loop does not answer");
        timeout(COMMAND_WITHIN, replied).await.map_err(|_| silent())?.map_err(|_| silent())
    }

    fn send(&self, request: Request) -> Result<(), Problem> {
        self.requests.try_send(request).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => {
                Problem::new(ErrorCode::NoAnswer, "too many requests wait for the loop")
            }
            mpsc::error::TrySendError::Closed(_) => Problem::new(ErrorCode::NoBot, "the loop has ended"),
        })
    }

    /// Lines of records as values.
    fn records(
        &self,
        stage: Stage,
        hash: Hash,
        write: impl FnOnce(RecordWriter, &mut Vec<u8>),
    ) -> Vec<Value> {
        let run_id = self.published.borrow().state.run_id.clone();
        let mut lines = Vec::new();
        write(RecordWriter::new(stage, self.source, &run_id, hash), &mut lines);
        // Our own records are JSON.
        lines.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }
}

fn wall() -> Timestamp {
    momentum_store::book::wall_clock()
}

fn parsed(mint: &str) -> Result<Mint, Problem> {
    mint.parse().map_err(|_| {
        Problem::new(ErrorCode::Usage, "a mint is a key in base58 of 32 bytes")
            .hint("copy it whole: -o wide shows it")
    })
}

fn untracked(mint: Mint) -> Problem {
    let problem = Problem::new(ErrorCode::NotFound, format!("{mint} is not tracked"));
    problem.hint("wait until it trades; tokens without trades are dropped")
}

fn value<T: serde::Serialize>(value: &T) -> Answered {
    let value = serde_json::to_value(value);
    value
        .map(Json)
        .map_err(|error| Problem::new(ErrorCode::Bug, format!("an answer cannot be written: {error}")))
}

#[cfg(test)]
mod tests;
