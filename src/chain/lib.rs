//! Everything that speaks to Solana.

pub mod stream;
mod websocket;
pub mod yellowstone;
