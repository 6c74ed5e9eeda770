//! The live streams against real servers on loopback, with every fault that a stream has on a bad day.

#![allow(clippy::unwrap_used, reason = "where a test unwraps, a panic is its finding")]

mod bridge;
mod cuts;
mod endpoints;
mod faults;
mod gaps;
#[path = "../../recordings.rs"]
mod recordings;
mod stage;
