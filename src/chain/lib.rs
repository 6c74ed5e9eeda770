//! Everything that speaks to Solana.

pub mod backfill;
pub mod endpoints;
pub mod enrich;
pub mod stream;
mod websocket;
pub mod yellowstone;
