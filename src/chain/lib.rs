//! Everything that speaks to Solana.

pub mod yellowstone;
