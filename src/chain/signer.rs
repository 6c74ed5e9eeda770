//! What may be signed (product.md "Wallets and execution", reliability.md §1.5), decided on the very bytes.
//!
//! The message is read back from its bytes, and nothing that built it is asked: whatever went wrong before, what
//! is signed spends no more than the order allows, for the order's token, to and from accounts of the wallet.
//! The programs check for themselves who takes their fees; which of the right ones it is, is not decided here.

mod budget;
mod closing;
mod forbidden;
mod policy;
#[cfg(test)]
mod tests;
mod withdrawing;

use momentum_core::action::Order;
use momentum_core::config::{Execution, Risk};
use momentum_core::ids::{Signature, Wallet};
use momentum_core::units::Lamports;
use momentum_pump::message::{SIGNATURE_BYTES, TRANSACTION_BYTES};

pub use forbidden::Forbidden;

use crate::wallets::Wallets;

/// The most compute units that the network grants a transaction.
pub const UNITS_MAX: u32 = 1_400_000;

/// Limits that stand above every order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendLimits {
    /// Most that one buy may spend.
    pub spend: Lamports,
    /// Most priority fee of a transaction, and most tip; only [`momentum_pump::programs::TIP_ACCOUNTS`] are tipped.
    pub fee: Lamports,
    /// The same of an urgent exit.
    pub urgent_fee: Lamports,
    /// Where all lamports of a wallet may go: only as long as somebody else has the key of one.
    pub cold: Option<Wallet>,
}

impl SendLimits {
    /// The limits of the settings, as long as nobody else has a key.
    #[must_use]
    pub const fn new(risk: &Risk, execution: &Execution) -> Self {
        let (fee, urgent_fee) = (execution.fee_cap, execution.urgent_fee_cap);
        Self { spend: risk.max_position, fee, urgent_fee, cold: None }
    }
}

/// A transaction that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its name.
    pub signature: Signature,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// Checks a message against its order and the limits, then signs it with the order's wallet.
///
/// # Errors
/// What in it is not allowed; it is then not signed.
pub fn sign(
    order: &Order,
    limits: &SendLimits,
    message: &[u8],
    wallets: &Wallets,
) -> Result<Signed, Forbidden> {
    if SIGNATURE_BYTES + message.len() > TRANSACTION_BYTES {
        return Err(Forbidden::TooLong(SIGNATURE_BYTES + message.len()));
    }
    policy::check(order, limits, message)?;
    let signature = wallets.sign(order.wallet, message).ok_or(Forbidden::NoKey(order.wallet))?;
    let mut raw = Vec::with_capacity(SIGNATURE_BYTES + message.len());
    raw.push(1);
    raw.extend(signature.0);
    raw.extend(message);
    Ok(Signed { signature, raw })
}
