//! Everything that speaks to Solana.

pub mod backfill;
mod clock;
pub mod endpoints;
pub mod enrich;
pub mod execution;
pub mod receipt;
pub mod signer;
pub mod stream;
pub mod tasks;
pub mod trade;
pub mod wallets;
mod websocket;
pub mod yellowstone;
