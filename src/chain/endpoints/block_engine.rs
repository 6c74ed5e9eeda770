//! A block engine: it takes bytes, keeps them to itself until they land, and is paid by a tip inside of them
//! (chain.md §7).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::{AttemptId, Pubkey};
use momentum_pump::programs::TIP_ACCOUNTS;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use solana_client::rpc_request::RpcRequest;

use super::node::Node;
use super::{Endpoint, Passed, RpcKeys, WrongEndpoint};

/// A block engine.
pub struct BlockEngine {
    /// What it may pass on as any node does.
    open: Node,
    /// What lands by it or not at all.
    alone: Node,
}

impl BlockEngine {
    /// One at a URL without a path; nothing is asked yet.
    ///
    /// # Errors
    /// Where its URL is wrong.
    pub fn new(endpoint: &Endpoint, keys: &RpcKeys) -> Result<Self, WrongEndpoint> {
        let Endpoint { name, url } = endpoint;
        let wrong = || WrongEndpoint::Url { name: name.clone() };
        let mut open = Url::parse(url.expose_secret()).map_err(|_| wrong())?;
        open.path_segments_mut().map_err(|()| wrong())?.pop_if_empty().extend(["api", "v1", "transactions"]);
        let mut alone = open.clone();
        alone.query_pairs_mut().append_pair("bundleOnly", "true");
        let node = |url: Url| {
            Node::new(Endpoint { name: name.clone(), url: SecretString::from(String::from(url)) }, keys)
        };
        Ok(Self { open: node(open)?, alone: node(alone)? })
    }

    /// Who of those that it is paid through gets the tip of an attempt: orders that leave together do not wait for
    /// the same account.
    #[must_use]
    pub fn tip_to(attempt: AttemptId) -> Pubkey {
        let [turn, ..] = attempt.order.seq.0.wrapping_add(u64::from(attempt.number)).to_le_bytes();
        TIP_ACCOUNTS[usize::from(turn) % TIP_ACCOUNTS.len()]
    }

    /// Gives it bytes, whatever shape it is in; `alone`: nobody else is to see them before they land.
    pub async fn send(&self, raw: &[u8], alone: bool) -> Passed {
        let node = if alone { &self.alone } else { &self.open };
        let params = json!([BASE64_STANDARD.encode(raw), { "encoding": "base64" }]);
        let outcome = node.ask_at_once(RpcRequest::SendTransaction, &params).await.map(|_| ());
        Passed { endpoint: node.name.clone(), outcome }
    }
}
