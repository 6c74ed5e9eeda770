//! Where streams come from, what they bring, and why they end. No address and no token is ever shown.

use std::fmt;
use std::sync::Arc;

use momentum_core::ids::Slot;
use momentum_core::time::ChainTime;
use momentum_pump::transaction::OwnedTransaction;
use secrecy::{ExposeSecret, SecretString};
use yellowstone_grpc_proto::geyser::SubscribeUpdateTransaction;

/// Where a stream comes from.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What it is called in logs, health and alerts.
    pub name: Arc<str>,
    /// Its address: a secret, since addresses carry tokens. `https` and `wss` are encrypted.
    pub url: SecretString,
    /// Its `x-token`.
    pub token: Option<SecretString>,
}

impl Endpoint {
    /// An endpoint without a token.
    #[must_use]
    pub fn new(name: &str, url: impl Into<String>) -> Self {
        Self { name: name.into(), url: SecretString::from(url.into()), token: None }
    }

    /// The same with an `x-token`.
    #[must_use]
    pub fn with_token(self, token: impl Into<String>) -> Self {
        Self { token: Some(SecretString::from(token.into())), ..self }
    }
}

/// All endpoints in the order in which they are preferred.
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    /// Yellowstone gRPC endpoints, the best first.
    pub grpc: Vec<Endpoint>,
    /// The fallback: a node's WebSocket.
    pub websocket: Option<Endpoint>,
}

impl Endpoints {
    pub(super) fn count(&self) -> usize {
        self.grpc.len() + usize::from(self.websocket.is_some())
    }

    /// The endpoint at a place in the order of preference, and whether it is the WebSocket.
    pub(super) fn get(&self, place: usize) -> Option<(&Endpoint, bool)> {
        match self.grpc.get(place) {
            Some(endpoint) => Some((endpoint, false)),
            None => {
                self.websocket.as_ref().filter(|_| place == self.grpc.len()).map(|endpoint| (endpoint, true))
            }
        }
    }
}

/// Why a connection was lost or could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// Its address is none.
    #[error("its address is not one that can be dialled: correct it in the file of endpoints")]
    Address,
    /// The token is wrong or missing.
    #[error("it refused the token: renew it in the file of endpoints")]
    Token,
    /// Nobody answered, or the connection broke.
    #[error("the connection broke or could not be made; it is dialled again")]
    Transport,
    /// Dialling, subscribing and the first message took longer than `grpc.connect`.
    #[error("it did not answer in time; it is dialled again")]
    Deadline,
    /// No message of any kind for `grpc.silence`.
    #[error("it fell silent (half open); it is dialled again")]
    Silent,
    /// Messages, but no slot for `grpc.stall`.
    #[error("its slots stand still; it is dialled again")]
    Stalled,
    /// The server ended the stream.
    #[error("it ended the stream; it is dialled again")]
    Ended,
    /// The server refused or broke the stream.
    #[error("it broke the stream with status {0:?}; it is dialled again")]
    Status(tonic::Code),
    /// What it sent cannot be read.
    #[error("it sent what cannot be read; it is dialled again")]
    Garbled,
}

/// What a connection brings.
#[derive(Debug)]
pub(crate) enum Update {
    /// A transaction of a Yellowstone stream.
    Transaction(Box<SubscribeUpdateTransaction>),
    /// A transaction of which only the logs are known.
    Logs(Box<OwnedTransaction>),
    /// A slot was announced.
    Announced { slot: Slot, parent: Option<Slot> },
    /// A slot is not on the chain.
    Dead { slot: Slot, bank: Option<u64> },
    /// A block came to its end.
    Block { slot: Slot, parent: Slot, at: Option<ChainTime> },
    /// A sign of life.
    Alive,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A token as the value of a header, which is kept out of logs.
pub(crate) fn header_value<V: TryFrom<String>>(token: Option<&SecretString>) -> Result<Option<V>, Lost> {
    let value = |token: &SecretString| V::try_from(token.expose_secret().to_owned()).map_err(|_| Lost::Token);
    token.map(value).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_address_nor_token_shows() {
        let endpoint = Endpoint::new("first", "https://host.example/hidden").with_token("hidden");
        for text in [format!("{endpoint:?}"), endpoint.to_string()] {
            assert!(text.contains("first") && !text.contains("hidden") && !text.contains("host"), "{text}");
        }
    }

    #[test]
    fn the_websocket_is_the_last_choice() {
        let endpoints = Endpoints {
            grpc: vec![Endpoint::new("a", "http://a"), Endpoint::new("b", "http://b")],
            websocket: Some(Endpoint::new("c", "ws://c")),
        };
        let order: Vec<_> =
            (0..9).map_while(|place| endpoints.get(place)).map(|(e, ws)| (e.to_string(), ws)).collect();
        assert_eq!(order, [("a".to_owned(), false), ("b".to_owned(), false), ("c".to_owned(), true)]);
        assert_eq!(endpoints.count(), 3);
    }
}
