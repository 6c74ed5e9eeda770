//! A web host on loopback: pages that behave and pages that do not, and the one call of Telegram's Bot API that
//! counts the members of a chat.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Value, json};

use crate::loopback::Server;

/// The token that the Bot API takes.
pub const BOT_TOKEN: &str = "424242:sesame-open-sesame";

/// What stands at a path.
#[derive(Clone, Debug)]
pub enum Page {
    /// These bytes.
    Text(Vec<u8>),
    /// No more than a status.
    Status(u16),
    /// Go there.
    Redirect(String),
    /// A byte each 50 ms, without end.
    Drip,
    /// So many bytes, without saying so before.
    Flood(usize),
    /// Nothing, for ever.
    Hanging,
}

/// A running host; it stops when this is dropped.
pub struct Web {
    server: Server,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    pages: Mutex<BTreeMap<String, Page>>,
    members: Mutex<BTreeMap<String, u32>>,
    asked: Mutex<Vec<String>>,
}

impl Web {
    /// Starts a host on a free port of loopback.
    ///
    /// # Panics
    /// Where loopback has no free port.
    pub async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let router = Router::new()
            .route("/{bot}/getChatMemberCount", post(count))
            .fallback(get(page))
            .with_state(Arc::clone(&shared));
        Self { server: Server::start(router).await, shared }
    }

    /// The URL of a path that begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.address.port()
    }

    /// Puts a page at a path.
    pub fn put(&self, path: &str, page: Page) {
        lock(&self.shared.pages).insert(path.to_owned(), page);
    }

    /// Gives a chat (`@name`) members.
    pub fn chat(&self, name: &str, members: u32) {
        lock(&self.shared.members).insert(name.to_owned(), members);
    }

    /// The paths that were asked for, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        lock(&self.shared.asked).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn page(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    lock(&shared.asked).push(uri.path().to_owned());
    let page = lock(&shared.pages).get(uri.path()).cloned();
    match page {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(Page::Text(text)) => text.into_response(),
        Some(Page::Status(status)) => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
        Some(Page::Redirect(to)) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Some(Page::Drip) => {
            let bytes = stream::repeat(" ").then(|byte| async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Ok::<_, Infallible>(byte)
            });
            Body::from_stream(bytes).into_response()
        }
        Some(Page::Flood(bytes)) => {
            let piece = Bytes::from_static(&[b' '; 4096]);
            let pieces = stream::repeat(piece).take(bytes.div_ceil(4096));
            Body::from_stream(pieces.map(Ok::<_, Infallible>)).into_response()
        }
        Some(Page::Hanging) => std::future::pending().await,
    }
}

async fn count(State(shared): State<Arc<Shared>>, Path(bot): Path<String>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let chat = request["chat_id"].as_str().unwrap_or_default();
    lock(&shared.asked).push(format!("chat {chat}"));
    let said = |status: StatusCode, answer: Value| (status, answer.to_string()).into_response();
    if bot.strip_prefix("bot") != Some(BOT_TOKEN) {
        let refusal = json!({ "ok": false, "error_code": 401, "description": "Unauthorized" });
        return said(StatusCode::UNAUTHORIZED, refusal);
    }
    match lock(&shared.members).get(chat) {
        Some(members) => said(StatusCode::OK, json!({ "ok": true, "result": members })),
        None => {
            let refusal =
                json!({ "ok": false, "error_code": 400, "description": "Bad Request: chat not found" });
            said(StatusCode::BAD_REQUEST, refusal)
        }
    }
}
