//! Where orders become signed bytes, and bytes that landed become receipts.

use momentum_core::action::Order;
use momentum_core::ids::{Mint, Wallet};
use momentum_core::units::Lamports;
use serde_json::Value;

use super::{Bytes, LiveKeys};
use crate::endpoints::{Blockhash, Rpc};
use crate::receipt::Receipt;
use crate::trade::Coin;
use crate::wallets::Wallets;

/// Wallets, limits and what transactions have in common.
#[derive(Debug, Default)]
pub struct Workshop {
    wallets: Wallets,
}

/// Buying and selling back, unsigned.
pub(super) struct Both {
    pub(super) raw: Vec<u8>,
}

impl Both {
    /// What the sale brought.
    pub(super) fn proceeds(&self, _size: Lamports, _fee: u64, _balances: &[(u64, u64)]) -> Option<Lamports> {
        None
    }
}

impl Workshop {
    /// A workshop that signs with these wallets.
    #[must_use]
    pub const fn new(wallets: Wallets, _keys: &LiveKeys) -> Self {
        Self { wallets }
    }

    /// The wallets that it signs for.
    pub(super) fn wallets(&self) -> Vec<Wallet> {
        self.wallets.addresses().collect()
    }

    /// Reads what transactions need to know of a coin.
    pub(super) async fn read(&self, _rpc: &Rpc, _mint: Mint) -> Result<Coin, String> {
        Err("not built yet".to_owned())
    }

    /// Builds an order's transaction, checks its bytes and signs them.
    pub(super) fn make(&self, _order: &Order, _coin: &Coin, _blockhash: &Blockhash) -> Result<Bytes, String> {
        Err("not built yet".to_owned())
    }

    /// Buying for `size` and selling back, as one transaction.
    pub(super) fn both_ways(&self, _coin: &Coin, _size: Lamports) -> Result<Both, String> {
        Err("not built yet".to_owned())
    }

    /// What a transaction of ours did.
    pub(super) fn receipt(
        &self,
        _order: &Order,
        _bytes: &Bytes,
        _transaction: &Value,
    ) -> Result<Receipt, String> {
        Err("not built yet".to_owned())
    }
}
