//! The fallback: a node's WebSocket. It tells the logs of transactions slot by slot, and neither parents nor ends
//! of blocks, so what is whole is a conclusion here, not a proof.

use std::borrow::Cow;

use futures_util::{SinkExt, StreamExt};
use momentum_core::ids::{Signature, Slot};
use momentum_pump::programs::{PUMP, PUMP_AMM};
use momentum_pump::transaction::OwnedTransaction;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::stream::{Commitment, Endpoint, GrpcKeys, Lost, Update, header_value};

/// Subscriptions: the logs of both programs, and slots as signs of life.
const SUBSCRIPTIONS: u64 = 3;

/// Subscriptions on an open socket.
pub(crate) struct Connection {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// What came while the last subscription was waited for.
    early: Vec<Update>,
}

/// Dials and subscribes.
pub(crate) async fn connect(endpoint: &Endpoint, keys: &GrpcKeys) -> Result<Connection, Lost> {
    timeout(keys.connect, dial(endpoint, keys)).await.unwrap_or(Err(Lost::Deadline))
}

async fn dial(endpoint: &Endpoint, keys: &GrpcKeys) -> Result<Connection, Lost> {
    let mut request = endpoint.url.expose_secret().into_client_request().map_err(|_| Lost::Address)?;
    if let Some(mut token) = header_value::<HeaderValue>(endpoint.token.as_ref())? {
        token.set_sensitive(true);
        request.headers_mut().insert("x-token", token);
    }
    let limit = usize::try_from(keys.message_max).unwrap_or(usize::MAX).saturating_mul(1 << 20);
    let config = WebSocketConfig::default().max_message_size(Some(limit)).max_frame_size(Some(limit));
    let (mut socket, _) =
        connect_async_with_config(request, Some(config), true).await.map_err(|error| lost(&error))?;
    let commitment = match keys.commitment {
        Commitment::Processed => "processed",
        Commitment::Confirmed => "confirmed",
    };
    let logs = |id: u64, program: String| {
        json!({"jsonrpc": "2.0", "id": id, "method": "logsSubscribe",
               "params": [{"mentions": [program]}, {"commitment": commitment}]})
    };
    for wish in [
        logs(1, PUMP.to_string()),
        logs(2, PUMP_AMM.to_string()),
        json!({"jsonrpc": "2.0", "id": SUBSCRIPTIONS, "method": "slotSubscribe"}),
    ] {
        socket.send(Message::text(wish.to_string())).await.map_err(|error| lost(&error))?;
    }
    let mut connection = Connection { socket, early: Vec::new() };
    let mut granted = 0;
    while granted < SUBSCRIPTIONS {
        match connection.receive().await? {
            Told::Granted => granted += 1,
            Told::Update(update) => connection.early.push(update),
        }
    }
    // They are taken from the end.
    connection.early.reverse();
    Ok(connection)
}

/// What a message says.
enum Told {
    /// A subscription stands.
    Granted,
    Update(Update),
}

impl Connection {
    /// The next update. May be dropped and called again without losing one.
    pub(crate) async fn next(&mut self) -> Result<Update, Lost> {
        if let Some(update) = self.early.pop() {
            return Ok(update);
        }
        match self.receive().await? {
            Told::Granted => Ok(Update::Alive),
            Told::Update(update) => Ok(update),
        }
    }

    /// Asks for a sign of life.
    pub(crate) async fn ping(&mut self) -> Result<(), Lost> {
        self.socket.send(Message::Ping(Bytes::new())).await.map_err(|error| lost(&error))
    }

    async fn receive(&mut self) -> Result<Told, Lost> {
        match self.socket.next().await {
            None => Err(Lost::Ended),
            Some(Err(error)) => Err(lost(&error)),
            Some(Ok(Message::Text(text))) => read(&text),
            Some(Ok(Message::Close(_))) => Err(Lost::Ended),
            Some(Ok(_)) => Ok(Told::Update(Update::Alive)),
        }
    }
}

fn lost(error: &Error) -> Lost {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => Lost::Ended,
        Error::Http(answer)
            if matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) =>
        {
            Lost::Token
        }
        Error::Url(_) | Error::HttpFormat(_) => Lost::Address,
        Error::Capacity(_) | Error::Utf8(_) => Lost::Garbled,
        _ => Lost::Transport,
    }
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    error: Option<IgnoredAny>,
    #[serde(default, borrow)]
    method: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Notification<T> {
    params: Params<T>,
}

#[derive(Deserialize)]
struct Params<T> {
    result: T,
}

#[derive(Deserialize)]
struct Logs<'a> {
    context: Context,
    #[serde(borrow)]
    value: Value<'a>,
}

#[derive(Deserialize)]
struct Context {
    slot: u64,
}

#[derive(Deserialize)]
struct Value<'a> {
    signature: Signature,
    err: Option<IgnoredAny>,
    #[serde(borrow)]
    logs: Option<Vec<Cow<'a, str>>>,
}

#[derive(Deserialize)]
struct Slots {
    slot: u64,
}

fn read(text: &str) -> Result<Told, Lost> {
    let answer: Answer<'_> = parse(text)?;
    match (answer.method.as_deref(), answer.id, answer.error) {
        (_, Some(_), Some(_)) => Err(Lost::Status(tonic::Code::InvalidArgument)),
        (None, Some(_), None) => Ok(Told::Granted),
        (Some("logsNotification"), ..) => {
            let told: Notification<Logs<'_>> = parse(text)?;
            let Logs { context, value } = told.params.result;
            let mut transaction = OwnedTransaction::default();
            transaction.signature = value.signature;
            transaction.slot = Some(Slot(context.slot));
            transaction.failed = value.err.is_some();
            for line in value.logs.iter().flatten() {
                transaction.push_log(line);
            }
            Ok(Told::Update(Update::Logs(Box::new(transaction))))
        }
        (Some("slotNotification"), ..) => {
            let told: Notification<Slots> = parse(text)?;
            let slot = Slot(told.params.result.slot);
            // Slots are announced before they are confirmed, and so tell nothing of what is whole.
            Ok(Told::Update(Update::Announced { slot, parent: None }))
        }
        _ => Ok(Told::Update(Update::Alive)),
    }
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Lost> {
    serde_json::from_str(text).map_err(|_| Lost::Garbled)
}

#[cfg(test)]
mod tests {
    use momentum_pump::transaction::Transaction;

    use super::*;

    fn logs(text: &str) -> Option<OwnedTransaction> {
        match read(text) {
            Ok(Told::Update(Update::Logs(transaction))) => Some(*transaction),
            _ => None,
        }
    }

    #[test]
    fn a_notification_is_a_transaction_of_which_only_logs_are_known() {
        let signature = Signature([5; 64]);
        let told = json!({"jsonrpc": "2.0", "method": "logsNotification", "params": {"subscription": 4, "result": {
            "context": {"slot": 77}, "value": {"signature": signature.to_string(), "err": null,
            "logs": ["Program log: \"quoted\"", "Program x success"]}}}});
        let transaction = logs(&told.to_string()).unwrap();
        assert_eq!((transaction.signature, transaction.slot), (signature, Some(Slot(77))));
        assert!(!transaction.failed && !transaction.carries_inner);
        assert!(transaction.logs().eq(["Program log: \"quoted\"", "Program x success"]));
        let failed = told.to_string().replace("\"err\":null", "\"err\":{\"InstructionError\":[0,1]}");
        assert!(logs(&failed).unwrap().failed);
    }

    #[test]
    fn what_a_node_answers_is_told_apart() {
        assert!(matches!(read(r#"{"jsonrpc":"2.0","id":1,"result":23}"#), Ok(Told::Granted)));
        let refused = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}"#;
        assert!(matches!(read(refused), Err(Lost::Status(_))));
        let slot = r#"{"jsonrpc":"2.0","method":"slotNotification","params":{"result":{"parent":75,"root":44,"slot":76},"subscription":0}}"#;
        assert!(matches!(read(slot), Ok(Told::Update(Update::Announced { slot: Slot(76), .. }))));
        assert!(matches!(read(r#"{"method":"rootNotification"}"#), Ok(Told::Update(Update::Alive))));
        for broken in ["", "7", "{", r#"{"method":"logsNotification","params":{}}"#] {
            assert!(matches!(read(broken), Err(Lost::Garbled)), "{broken}");
        }
    }
}
