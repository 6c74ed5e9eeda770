//! The pure heart of `momentum`: units, events, quotes, market, trader, engine.
//!
//! Nothing here reads a clock, a file, a socket, the environment or a random number; nothing uses a float;
//! nothing depends on the order of a hash map. What goes in is an [`event::Envelope`], what comes out is
//! [`action::Effects`]: see [`engine::Engine`].

#![deny(clippy::float_arithmetic)]

pub mod action;
pub mod analysis;
pub mod codes;
pub mod config;
pub mod engine;
pub mod event;
pub mod fact;
pub mod ids;
pub mod market;
pub mod protections;
pub mod quotes;
pub mod ratio;
pub mod simulation;
pub mod time;
pub mod trader;
pub mod units;
