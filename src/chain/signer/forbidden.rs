//! What is not signed, and why: one sentence each.

use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::message::UnreadableMessage;

/// Why a message is not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// It is no message that we could have written.
    #[error("not signed: {0}")]
    Unreadable(#[from] UnreadableMessage),
    /// The network does not take so many bytes.
    #[error("not signed: the transaction has {0} bytes, more than the network takes")]
    TooLong(usize),
    /// Not exactly one key signs it.
    #[error("not signed: {0} keys would sign it, not the wallet alone")]
    Signers(u8),
    /// The order's wallet does not pay.
    #[error("not signed: {0} would pay for it, not the order's wallet")]
    Payer(Pubkey),
    /// The wallet is not one of ours.
    #[error("not signed: no key of the wallet {0} is loaded")]
    NoKey(Wallet),
    /// A program that trades do not need.
    #[error("not signed: it calls the program {0}, which no trade needs")]
    Program(Pubkey),
    /// An instruction of a known program that is not on the list.
    #[error("not signed: an instruction of {0} is not one of those that trades need")]
    Instruction(Pubkey),
    /// Lamports for a stranger.
    #[error("not signed: it sends {lamports} to {to}, which is neither ours nor to be tipped")]
    Stranger {
        /// Who would get them.
        to: Pubkey,
        /// How much.
        lamports: Lamports,
    },
    /// Lamports of another account than the wallet.
    #[error("not signed: it moves lamports of {0}, not of the wallet")]
    From(Pubkey),
    /// More is wrapped than the order spends on a pool.
    #[error("not signed: it wraps {wrapped}, more than the order spends on a pool ({allowed})")]
    Wrapped {
        /// What would be wrapped.
        wrapped: Lamports,
        /// What the order spends there.
        allowed: Lamports,
    },
    /// The tip is above the order's, or above the cap.
    #[error("not signed: its tip of {tip} is above {allowed}")]
    Tip {
        /// The tip.
        tip: Lamports,
        /// What is allowed.
        allowed: Lamports,
    },
    /// Something stands behind the tip: what fails then would have paid it.
    #[error("not signed: its tip is not its last instruction")]
    TipNotLast,
    /// The priority fee is above the order's, or above the cap.
    #[error("not signed: its priority fee of {priority} is above {allowed}")]
    Priority {
        /// The fee.
        priority: Lamports,
        /// What is allowed.
        allowed: Lamports,
    },
    /// The compute budget is not set exactly once, or asks for more than there is.
    #[error("not signed: its compute budget is not one limit and one price within the network's")]
    Budget,
    /// A token account that is not the wallet's own.
    #[error("not signed: it uses the token account {0}, which is not the wallet's own")]
    TokenAccount(Pubkey),
    /// A trade for somebody else.
    #[error("not signed: it trades for {0}, not for the order's wallet")]
    User(Pubkey),
    /// A trade of another token.
    #[error("not signed: it trades {0}, not the order's token")]
    Mint(Pubkey),
    /// Not exactly one trade.
    #[error("not signed: it has {0} trades, not the order's one")]
    Trades(usize),
    /// Not exactly one account is closed.
    #[error("not signed: it closes {0} accounts, not the order's one")]
    Closings(usize),
    /// Not exactly one transfer.
    #[error("not signed: it has {0} transfers, not the order's one")]
    Transfers(usize),
    /// The trade is on the other side than the order.
    #[error("not signed: it is on the other side than its order")]
    Side,
    /// The trade's amount is not the order's.
    #[error("not signed: it trades {found} where the order says {ordered}")]
    Amount {
        /// The amount in the bytes.
        found: u64,
        /// The order's.
        ordered: u64,
    },
    /// The trade's bound is not the order's.
    #[error("not signed: it takes {found} at least where the order says {ordered}")]
    Bound {
        /// The bound in the bytes.
        found: u64,
        /// The order's.
        ordered: u64,
    },
    /// A bound of zero.
    #[error("not signed: the least that it must give is zero, which takes any price")]
    NoBound,
    /// The buy is above the limit.
    #[error("not signed: it spends {spend}, above the limit of {limit}")]
    Spend {
        /// What it spends.
        spend: Lamports,
        /// The limit.
        limit: Lamports,
    },
    /// A sale of nothing.
    #[error("not signed: it trades {0}, which is nothing")]
    Nothing(TokenAmount),
}
