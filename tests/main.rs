//! One test binary, a module per boundary.

#![allow(clippy::unwrap_used, reason = "where a test unwraps, a panic is its finding")]

mod cli;
mod control;
mod generated;
mod house;
mod live_stream;
mod migrate;
mod quotes;
mod random_states;
mod recorded_runs;
mod recordings;
mod running;
mod runs;
mod scenarios;
mod steering;
