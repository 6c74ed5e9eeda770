//! The decoders against what was recorded on mainnet.

mod accounts;
mod hostile;
mod instructions;
mod meaning;
mod recorded;
mod round_trips;
