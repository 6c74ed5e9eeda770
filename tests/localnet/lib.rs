//! Loopback servers that tests run against: a chain of encoded blocks, the Geyser stream and the WebSocket that
//! tell of it, an RPC node, a block engine, a web host and a Bot API, and a line between a server and a client that can be cut,
//! frozen and refused.

#![allow(clippy::unwrap_used, reason = "where a test server fails, a panic is the finding")]

pub mod block_engine;
pub mod blocks;
pub mod bridge;
pub mod chain;
pub mod control;
pub mod geyser;
pub mod line;
mod loopback;
pub mod market;
pub mod programs;
pub mod pubsub;
pub mod rpc;
pub mod web;
