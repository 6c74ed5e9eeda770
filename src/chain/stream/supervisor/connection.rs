//! One connection, whichever kind of source it is to.

use momentum_core::ids::PoolId;

use crate::stream::continuity::Joined;
use crate::stream::{Lost, Update};
use crate::{websocket, yellowstone};

/// An open connection to either kind of source.
pub(super) enum Connection {
    Yellowstone(Box<yellowstone::client::Connection>),
    WebSocket(Box<websocket::Connection>),
}

impl Connection {
    pub(super) async fn next(&mut self) -> Result<Update, Lost> {
        match self {
            Self::Yellowstone(connection) => connection.next().await,
            Self::WebSocket(connection) => connection.next().await,
        }
    }

    pub(super) async fn ping(&mut self) -> Result<(), Lost> {
        match self {
            Self::Yellowstone(connection) => connection.ping().await,
            Self::WebSocket(connection) => connection.ping().await,
        }
    }

    pub(super) async fn follow(&mut self, pools: &[PoolId]) -> Result<(), Lost> {
        match self {
            Self::Yellowstone(connection) => connection.follow(pools).await,
            // It tells all of PumpSwap.
            Self::WebSocket(_) => Ok(()),
        }
    }

    pub(super) const fn joined(&self) -> Joined {
        match self {
            Self::Yellowstone(connection) => connection.joined,
            Self::WebSocket(_) => Joined::Inside,
        }
    }
}
