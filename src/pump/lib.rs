//! Pure bytes ⇄ meaning: pump.fun, PumpSwap and SPL tokens, decoded and encoded.
//!
//! A [`transaction::Transaction`] (read from JSON by [`transaction::read_transactions`], or borrowed from a
//! stream's own structs) goes through [`decode::decode`], which gives one [`decode::Outcome`] for each event of
//! the programs. [`events`] has the events as their bytes are.

#![deny(clippy::float_arithmetic)]

pub mod accounts;
pub mod address;
pub mod decode;
pub mod errors;
pub mod events;
pub mod instructions;
pub mod layout;
pub mod message;
pub mod programs;
pub mod synthetic;
pub mod transaction;

#[cfg(test)]
mod test_data;
#[cfg(test)]
mod tests;
