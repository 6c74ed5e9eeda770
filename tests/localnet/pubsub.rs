//! The WebSocket of a node on loopback: `logsSubscribe` with mentions and `slotSubscribe`, over the same chain.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use yellowstone_grpc_proto::geyser::SubscribeUpdateTransaction;

use crate::blocks::{Block, Blocks};

/// A server; it ends when this is dropped.
#[derive(Debug)]
pub struct PubsubHandle {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl PubsubHandle {
    /// Its address as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }
}

impl Drop for PubsubHandle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves a chain on loopback.
pub async fn serve(blocks: Blocks) -> PubsubHandle {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // On any path: tokens stand there.
    let routes = Router::new().fallback(any(upgrade)).with_state(blocks);
    let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    PubsubHandle { address, task }
}

async fn upgrade(State(blocks): State<Blocks>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(socket) => socket.on_upgrade(|socket| serve_client(socket, blocks)),
        Err(refused) => refused.into_response(),
    }
}

#[derive(Default)]
struct Wishes {
    mentions: Vec<Vec<u8>>,
    slots: bool,
    /// Whether it wants the logs of slots that may still be left.
    processed: bool,
}

async fn serve_client(mut socket: WebSocket, blocks: Blocks) {
    let mut wishes = Wishes::default();
    let mut growth = blocks.growth();
    let mut place = *growth.borrow_and_update();
    loop {
        tokio::select! {
            biased;
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    let answer = subscribe(&mut wishes, &serde_json::from_str(&text).unwrap());
                    if socket.send(Message::text(answer.to_string())).await.is_err() {
                        return;
                    }
                }
                // Pings are answered by the library.
                Some(Ok(_)) => {}
                _ => return,
            },
            grown = growth.changed() => {
                if grown.is_err() {
                    return;
                }
                while let Some(block) = blocks.get(place) {
                    place += 1;
                    for note in notes(&wishes, &block) {
                        if socket.send(Message::text(note.to_string())).await.is_err() {
                            return;
                        }
                    }
                }
            }
        }
    }
}

fn subscribe(wishes: &mut Wishes, request: &Value) -> Value {
    match request["method"].as_str() {
        Some("logsSubscribe") => {
            let mention = request["params"][0]["mentions"][0].as_str().unwrap();
            wishes.mentions.push(bs58::decode(mention).into_vec().unwrap());
            wishes.processed = request["params"][1]["commitment"] == "processed";
        }
        Some("slotSubscribe") => wishes.slots = true,
        _ => {
            let error = json!({"code": -32601, "message": "Method not found"});
            return json!({"jsonrpc": "2.0", "id": request["id"], "error": error});
        }
    }
    json!({"jsonrpc": "2.0", "id": request["id"], "result": wishes.mentions.len()})
}

/// What a client is told of a block: a transaction once for each program that it mentions, as real nodes do.
fn notes(wishes: &Wishes, block: &Block) -> Vec<Value> {
    let mut notes = Vec::new();
    if wishes.slots {
        let result =
            json!({"parent": block.parent, "root": block.parent.saturating_sub(32), "slot": block.slot});
        notes.push(note("slotNotification", 0, &result));
    }
    if block.dead && !wishes.processed {
        return notes;
    }
    for transaction in &block.transactions {
        for (subscription, mention) in (1..).zip(&wishes.mentions) {
            if let Some(value) = logs(transaction, mention) {
                let result = json!({"context": {"slot": block.slot}, "value": value});
                notes.push(note("logsNotification", subscription, &result));
            }
        }
    }
    notes
}

fn note(method: &str, subscription: u64, result: &Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": {"result": result, "subscription": subscription}})
}

fn logs(transaction: &SubscribeUpdateTransaction, mention: &[u8]) -> Option<Value> {
    let info = transaction.transaction.as_ref()?;
    let message = info.transaction.as_ref()?.message.as_ref()?;
    let meta = info.meta.as_ref()?;
    message.account_keys.iter().any(|key| key == mention).then(|| {
        let err =
            if meta.err.is_some() { json!({"InstructionError": [0, {"Custom": 1}]}) } else { Value::Null };
        let signature = bs58::encode(&info.signature).into_string();
        json!({"signature": signature, "err": err, "logs": meta.log_messages})
    })
}
