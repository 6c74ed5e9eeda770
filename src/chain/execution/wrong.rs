//! A builder that does what no order asks for, so that a test sees the signer refuse it at work. All of it exists only
//! under the feature `planted`, which a test of the house forbids in what is shipped.

use momentum_core::action::Order;
use momentum_core::ids::Pubkey;
use momentum_core::units::Lamports;
use momentum_pump::address::associated_token;
use momentum_pump::instructions::{AccountMeta, Instruction};

use crate::signer::SendLimits;
use crate::trade::{BuildError, Coin, Message, Terms, build_with};

/// A program that no trade needs: it writes a note into the log of the transaction.
const MEMO: Pubkey =
    Pubkey(bs58::decode("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr".as_bytes()).into_array_const_unwrap());
/// Nobody of ours.
const STRANGER: Pubkey = Pubkey([66; 32]);

/// What a transaction has that it must not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// An instruction of a program that no trade needs.
    ForeignProgram,
    /// A stranger may take the order's tokens.
    Approval,
    /// A priority fee above every cap: it is the order itself that says so.
    PriorityAboveCap,
    /// A tip above every cap: it is the order itself that says so.
    TipAboveCap,
}

impl Wrong {
    /// The order as it is built, and as its bytes are held against it.
    pub(super) fn order(self, order: &Order, limits: &SendLimits) -> Order {
        let dear = Lamports(limits.fee.max(limits.urgent_fee).0.saturating_mul(2));
        match self {
            Self::PriorityAboveCap => Order { priority: dear, ..order.clone() },
            Self::TipAboveCap => Order { tip: dear, ..order.clone() },
            Self::ForeignProgram | Self::Approval => order.clone(),
        }
    }

    /// The message of an order.
    pub(super) fn build(self, order: &Order, coin: &Coin, terms: &Terms) -> Result<Message, BuildError> {
        let more = match self {
            Self::ForeignProgram => Some(note()),
            Self::Approval => Some(approval(order, coin.token_program)),
            Self::PriorityAboveCap | Self::TipAboveCap => None,
        };
        build_with(order, coin, terms, more)
    }
}

/// A note in the log.
fn note() -> Instruction {
    Instruction { program: MEMO, accounts: Vec::new(), data: b"hello".to_vec() }
}

/// The stranger may take as many of the order's tokens as there are.
fn approval(order: &Order, token_program: Pubkey) -> Instruction {
    let owner = order.wallet.0;
    let account = associated_token(&owner, &order.mint.0, &token_program);
    let meta = |key, signer, writable| AccountMeta { key, signer, writable };
    Instruction {
        program: token_program,
        accounts: vec![meta(account, false, true), meta(STRANGER, false, false), meta(owner, true, false)],
        data: [&[4][..], &u64::MAX.to_le_bytes()].concat(),
    }
}
