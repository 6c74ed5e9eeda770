//! Everything that speaks to Solana.

pub mod endpoints;
pub mod yellowstone;
