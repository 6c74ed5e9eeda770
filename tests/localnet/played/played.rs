//! The local chain, played: the real programs against our encoders, our quotes and our readers.

#![allow(clippy::unwrap_used, reason = "a test that finds nothing has failed")]

mod accounts;
mod builds;
mod client;
mod commitments;
mod control;
mod fates;
mod fees;
mod life;
mod market;
mod node;
#[allow(dead_code, reason = "shared with the tests of the streams, which use all of it")]
#[path = "../streams/stage.rs"]
mod stage;
mod streams;
