//! One test binary, a module per boundary.

#![allow(clippy::unwrap_used, reason = "where a test unwraps, a panic is its finding")]

mod cli;
mod control;
mod faults;
mod generated;
mod house;
mod kills;
mod live;
mod live_stream;
mod migrate;
#[path = "../src/store/tests/database/postgres.rs"]
#[allow(dead_code, reason = "the store's own tests use all of it")]
mod postgres;
mod quotes;
mod random_states;
mod recorded_runs;
mod recordings;
mod reloads;
mod restarted;
mod running;
mod runs;
mod scenarios;
mod steering;
mod units;
