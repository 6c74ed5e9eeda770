//! Loopback servers that tests run against.

pub mod rpc;
pub mod web;
