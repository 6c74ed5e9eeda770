//! What the engine wants from the world, and what one event made of it.

use serde::{Deserialize, Serialize};

use crate::event::{Side, What};
use crate::fact::Fact;
use crate::ids::{AttemptId, Mint, Wallet};
use crate::quotes::{Liquidity, Rates};
use crate::trader::exits::ExitReason;
use crate::trader::ledger::Row;
use crate::units::{Bps, Lamports, TokenAmount};

/// What an event made: wishes for the world, things to tell, things to write down. Reused between events,
/// cleared by the loop.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// What the engine wants, in order.
    pub actions: Vec<Action>,
    /// What the engine tells, in order.
    pub facts: Vec<Fact>,
    /// What of it must outlive the process, as it is now: made durable before an attempt leaves.
    pub kept: Vec<Row>,
}

impl Effects {
    /// Empties it for the next event.
    pub fn clear(&mut self) {
        self.actions.clear();
        self.facts.clear();
        self.kept.clear();
    }
}

/// Something the engine wants from the world. Its result comes back as an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Build, check and sign this attempt: answered by `Prepared` or `Refused`.
    Submit(Box<Order>),
    /// Send its bytes, once they are durable.
    Broadcast(AttemptId),
    /// Ask the chain what became of it.
    Resolve(AttemptId),
    /// Answer a question about a token: asked by the market's rules alone.
    Enrich(Mint, What),
    /// Simulate buying this much and selling it back.
    Prove(Mint, Lamports),
    /// Stream this token's pool too.
    Follow(Mint),
    /// No longer.
    Unfollow(Mint),
    /// Read our balances.
    RefreshWallet,
    /// All that `Stopping` asked for is done.
    Finish,
}

/// One approved swap, the end of an emptied account, or what is brought away from a thief, as one attempt to carry
/// it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The attempt; its order's id is inside.
    pub attempt: AttemptId,
    /// The token; see [`Self::coin`].
    pub mint: Mint,
    /// The wallet that trades.
    pub wallet: Wallet,
    /// What is to be swapped and the bound on what it must give.
    pub swap: Swap,
    /// Why it is sold; none for a buy.
    pub exit: Option<ExitReason>,
    /// The slippage bound that `swap` was made with.
    pub bound: Bps,
    /// Priority fee of the transaction.
    pub priority: Lamports,
    /// Tip of the transaction.
    pub tip: Lamports,
    /// Whether it jumps queues.
    pub urgent: bool,
    /// Whether it sells the whole balance: only such an attempt may be superseded by other bytes.
    pub whole_balance: bool,
    /// How many attempts we made on this mint and side before, this one not counted. Feeds the simulated
    /// venue's draws, so that they do not depend on ids or on what happens to other tokens.
    pub draw: u32,
    /// What the quote was made of: the state that the venue starts from.
    pub basis: Basis,
}

impl Order {
    /// The coin that it is of; none, where it brings lamports away.
    #[must_use]
    pub fn coin(&self) -> Option<Mint> {
        (!matches!(self.swap, Swap::Withdraw { .. })).then_some(self.mint)
    }
}

/// Reserves and rates that a quote was made of, our own simulated fills included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The stream's reserves, without our own simulated fills.
    pub liquidity: Liquidity,
    /// The venue's fees.
    pub rates: Rates,
}

/// What an order does: a swap with its bound, the end of an account that no swap needs any more, or the last transfer
/// out of a wallet whose key somebody else has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Swap {
    /// Spend at most this, fees of the venue included.
    Buy {
        /// Most that the swap may take.
        spend: Lamports,
        /// Least that it must give.
        min_tokens: TokenAmount,
    },
    /// Sell exactly this.
    Sell {
        /// What is sold.
        tokens: TokenAmount,
        /// Least that it must bring, fees of the venue taken off.
        min_lamports: Lamports,
    },
    /// No swap: closes the wallet's account of the token, which must be empty, for the rent that is locked in it.
    Close,
    /// No swap: sends what the wallet has left to the cold address. It is of no token.
    Withdraw {
        /// The cold address.
        to: Wallet,
        /// What the wallet holds, less the fee and what must stay for sales that are stuck.
        lamports: Lamports,
    },
}

impl Swap {
    /// Which side it is. What is no swap goes with the sales: it gets out of something, and takes nothing in.
    #[must_use]
    pub const fn side(&self) -> Side {
        match self {
            Self::Buy { .. } => Side::Buy,
            Self::Sell { .. } | Self::Close | Self::Withdraw { .. } => Side::Sell,
        }
    }
}
