//! (Stand-in until transactions are built.)

use momentum_core::ids::{Mint, Wallet};

/// What of a coin a transaction needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coin {
    /// The mint.
    pub mint: Mint,
    /// Who earns the creator fee.
    pub creator: Wallet,
    /// Its pool.
    pub pool: Option<()>,
}
