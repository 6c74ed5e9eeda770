//! Loopback servers that tests run against: a chain of encoded blocks, the Geyser stream and the WebSocket that
//! tell of it, and a line between them and a client that can be cut, frozen and refused.

#![allow(clippy::unwrap_used, reason = "where a test server fails, a panic is the finding")]

pub mod blocks;
pub mod geyser;
pub mod line;
pub mod pubsub;
