//! Why an endpoint did not answer, in classes: what another endpoint may know, and what is an answer after all.
//!
//! None of these texts says a URL: URLs carry tokens. What a node says itself is repeated only if it does not
//! repeat its URL.

use std::time::Duration;

use reqwest::Url;
use solana_client::client_error::{ClientError, ClientErrorKind};
use solana_client::rpc_request::{RpcError, RpcResponseErrorData};

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No connection, or it broke.
    #[error("the connection to the endpoint failed")]
    Transport,
    /// No whole answer in time.
    #[error("the endpoint did not answer in time")]
    TimedOut,
    /// It asks for patience.
    #[error("the endpoint takes no more requests for now (status 429)")]
    RateLimited {
        /// For how long, where it says so.
        retry_after: Option<Duration>,
    },
    /// It has a problem of its own.
    #[error("the endpoint failed (status {status})")]
    Server {
        /// 5xx.
        status: u16,
    },
    /// It does not want us: a wrong or expired token.
    #[error("the endpoint refuses us (status {status}): look at its URL and token")]
    Forbidden {
        /// A status that is neither success, 429 nor 5xx.
        status: u16,
    },
    /// No answer of a Solana node.
    #[error("the endpoint answers what no Solana node would")]
    Garbage,
    /// It lags or does not have what was asked for yet.
    #[error("the node is behind (error {code})")]
    Behind {
        /// The JSON-RPC error.
        code: i64,
    },
    /// It serves another network than the others, or than the one that was configured.
    #[error("the endpoint serves another network")]
    AnotherNetwork,
    /// No endpoint may be asked now: all are left alone, behind, or of another network.
    #[error("no endpoint is fit to be asked: wait until one recovers")]
    NoEndpoint,
    /// The node understood the question and says no: another one would say the same.
    #[error("the node says no (error {code}): {message}")]
    Method {
        /// The JSON-RPC error.
        code: i64,
        /// Its words.
        message: String,
        /// What comes with it.
        data: Box<RpcResponseErrorData>,
    },
}

/// The classes of failures that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// See [`Failure::Transport`].
    Transport,
    /// See [`Failure::TimedOut`].
    TimedOut,
    /// See [`Failure::RateLimited`].
    RateLimited,
    /// See [`Failure::Server`].
    Server,
    /// See [`Failure::Forbidden`].
    Forbidden,
    /// See [`Failure::Garbage`].
    Garbage,
    /// See [`Failure::Behind`].
    Behind,
    /// See [`Failure::AnotherNetwork`].
    AnotherNetwork,
    /// See [`Failure::Method`].
    Method,
}

impl Class {
    /// Its word in metrics and records.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::TimedOut => "timed_out",
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::Forbidden => "forbidden",
            Self::Garbage => "garbage",
            Self::Behind => "behind",
            Self::AnotherNetwork => "another_network",
            Self::Method => "method",
        }
    }
}

impl Failure {
    /// Its class; none where no endpoint was asked.
    #[must_use]
    pub const fn class(&self) -> Option<Class> {
        Some(match self {
            Self::Transport => Class::Transport,
            Self::TimedOut => Class::TimedOut,
            Self::RateLimited { .. } => Class::RateLimited,
            Self::Server { .. } => Class::Server,
            Self::Forbidden { .. } => Class::Forbidden,
            Self::Garbage => Class::Garbage,
            Self::Behind { .. } => Class::Behind,
            Self::AnotherNetwork => Class::AnotherNetwork,
            Self::Method { .. } => Class::Method,
            Self::NoEndpoint => return None,
        })
    }

    /// Whether asking again, or another endpoint, could help. A method's error is an answer: all would say so.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Method { .. })
    }

    /// Whether it counts against the endpoint: one that works but lags, or asks for patience, is not broken.
    pub(super) const fn breaks(&self) -> bool {
        !matches!(
            self,
            Self::Method { .. } | Self::Behind { .. } | Self::RateLimited { .. } | Self::NoEndpoint
        )
    }

    /// What a failed exchange was; the library's own text names the URL.
    pub(super) fn of_exchange(error: &reqwest::Error) -> Self {
        if error.is_timeout() { Self::TimedOut } else { Self::Transport }
    }
}

/// The codes by which a node says that it lags, or does not have a block yet (or any more) that others may have:
/// `BLOCK_CLEANED_UP`, `BLOCK_NOT_AVAILABLE`, `NODE_UNHEALTHY`, `BLOCK_STATUS_NOT_AVAILABLE_YET`,
/// `MIN_CONTEXT_SLOT_NOT_REACHED`.
pub(super) const BEHIND: [i64; 5] = [-32001, -32004, -32005, -32014, -32016];

impl From<Failure> for ClientError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Method { code, message, data } => {
                RpcError::RpcResponseError { code, message, data: *data }.into()
            }
            other => ClientErrorKind::Io(std::io::Error::other(other)).into(),
        }
    }
}

impl From<ClientError> for Failure {
    /// The failure that the client's error was made of; an answer that it could not read is garbage.
    fn from(error: ClientError) -> Self {
        match *error.kind {
            ClientErrorKind::Io(error) => error.downcast().unwrap_or(Self::Transport),
            ClientErrorKind::RpcError(RpcError::RpcResponseError { code, message, data }) => {
                Self::Method { code, message, data: Box::new(data) }
            }
            _ => Self::Garbage,
        }
    }
}

/// The parts of an endpoint's URL that nobody may read.
#[derive(Clone)]
pub(super) struct SecretParts(Vec<String>);

/// A shorter part of a path is a version or a cluster, no token.
const TOKEN_MIN: usize = 8;
/// A node's words beyond are cut.
const WORDS_MAX: usize = 200;

impl SecretParts {
    pub(super) fn of(url: &Url) -> Self {
        let path = url.path_segments().into_iter().flatten().map(str::to_owned);
        let query = url.query_pairs().map(|(_, value)| value.into_owned());
        let user = [url.username().to_owned(), url.password().unwrap_or_default().to_owned()];
        let mut parts: Vec<_> = path.chain(query).filter(|part| part.len() >= TOKEN_MIN).collect();
        parts.extend(user.into_iter().filter(|part| !part.is_empty()));
        parts.push("://".to_owned());
        Self(parts)
    }

    /// What a node said, cut, in one line; withheld where it repeats what is secret.
    pub(super) fn cleaned(&self, words: &str) -> String {
        if self.0.iter().any(|part| words.contains(part.as_str())) {
            return "(its words repeat a URL)".to_owned();
        }
        words.chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_node_that_repeat_its_url_are_withheld() {
        let url =
            Url::parse("https://me:pass@rpc.example/v2/0123456789abcdef?api-key=sesame-sesame").unwrap();
        let parts = SecretParts::of(&url);
        for words in [
            "no method at /v2/0123456789abcdef",
            "key sesame-sesame has expired",
            "see https://rpc.example",
            "pass",
        ] {
            assert_eq!(parts.cleaned(words), "(its words repeat a URL)", "{words}");
        }
        assert_eq!(parts.cleaned("Method not\u{1b}[31m found\n in v2"), "Method not[31m found in v2");
        assert_eq!(parts.cleaned(&"x".repeat(1_000)).len(), WORDS_MAX);
    }

    #[test]
    fn a_failure_survives_the_client_between() {
        let there_and_back = |failure: Failure| Failure::from(ClientError::from(failure));
        assert!(matches!(there_and_back(Failure::Server { status: 503 }), Failure::Server { status: 503 }));
        let method = Failure::Method {
            code: -32602,
            message: "no".into(),
            data: Box::new(RpcResponseErrorData::Empty),
        };
        assert!(matches!(there_and_back(method), Failure::Method { code: -32602, .. }));
    }
}
