//! Everything that speaks to Solana.
