//! What a transaction of ours did, to the lamport: from its bytes and from what the chain tells with them.
//!
//! The swap is what the programs' events say; the costs are in the bytes; rent is what accounts gained beside.
//! Together they must be exactly what the wallet's balance changed by: what is not understood
//! is told, never booked.

mod costs;
mod legs;
mod reason;
mod rent;
mod streamed;
#[cfg(test)]
mod tests;

use momentum_core::action::{Order, Swap};
use momentum_core::event::{Fill, NetworkCosts, Side};
use momentum_core::ids::Slot;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::address::associated_token;
use momentum_pump::programs::{TOKEN, WRAPPED_SOL};
use momentum_pump::transaction::{ReadError, Transaction, read_transactions};
use serde::Deserialize;
use serde_json::Value;

use legs::Swapped;

pub use streamed::read_update;

/// What a landed transaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// What it should.
    Landed {
        /// Where.
        slot: Slot,
        /// What it did.
        fill: Fill,
        /// What somebody had put into the wallet's wrapped-SOL account, and came out with it: foreign money.
        unwrapped: Lamports,
    },
    /// The account that it was to close is gone.
    Closed {
        /// Where.
        slot: Slot,
        /// What came back.
        rent: Lamports,
        /// What it cost.
        costs: NetworkCosts,
    },
    /// What the order says was sent to the cold address.
    Withdrawn {
        /// Where.
        slot: Slot,
        /// What it cost.
        costs: NetworkCosts,
    },
    /// It failed: nothing moved but its fee.
    Failed {
        /// Where.
        slot: Slot,
        /// The program's reason.
        error: String,
        /// What it cost.
        costs: NetworkCosts,
    },
}

/// Why a transaction gives no receipt.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// It cannot be read.
    #[error("the transaction cannot be read: {0}")]
    Transaction(#[from] ReadError),
    /// What the chain tells about it cannot be read.
    #[error("what the node tells about the transaction cannot be read: {0}")]
    Meta(#[from] serde_json::Error),
    /// A balance is missing.
    #[error("the node does not tell the balances of every account of the transaction")]
    NoBalance,
    /// The wallet is not in it.
    #[error("the order's wallet did not pay for the transaction")]
    NotOurs,
    /// It has no swap of the order, or one of the other side.
    #[error("the transaction landed, and none of its events is the order's swap")]
    NoSwap,
    /// An event is broken, or tells of amounts that cannot be.
    #[error("the events of the transaction do not add up")]
    Events,
    /// The node's fee is not what the bytes say.
    #[error("its fee of {fee} is not a signature and the priority fee of {priority} that its bytes say")]
    Fee {
        /// What the node says.
        fee: Lamports,
        /// What follows from the bytes.
        priority: Lamports,
    },
    /// The tokens that moved are not those of the events.
    #[error("its events tell of {told} tokens, and the wallet's changed by {moved} units")]
    Tokens {
        /// By the events.
        told: TokenAmount,
        /// By the balances, in base units.
        moved: i128,
    },
    /// The balance changed by more or less than what is understood.
    #[error(
        "the wallet changed by {change} lamports, and what the transaction did makes {explained}: {} are not explained",
        change - explained
    )]
    Unbalanced {
        /// After, less before.
        change: i128,
        /// What is understood.
        explained: i128,
    },
}

/// What the chain tells about a transaction beside what it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Why it failed, if it did.
    #[serde(default)]
    pub err: Value,
    /// What was paid for it.
    pub fee: u64,
    /// Lamports of each account before it.
    pub pre_balances: Vec<u64>,
    /// Lamports of each account after it.
    pub post_balances: Vec<u64>,
    /// Token balances before it.
    #[serde(default)]
    pub pre_token_balances: Option<Vec<Held>>,
    /// Token balances after it.
    #[serde(default)]
    pub post_token_balances: Option<Vec<Held>>,
}

/// What a token account holds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// Its place among the transaction's accounts.
    pub account_index: usize,
    /// The token, in base 58.
    pub mint: String,
    /// Whose it is, in base 58.
    #[serde(default)]
    pub owner: Option<String>,
    /// How much.
    pub ui_token_amount: HeldAmount,
}

/// How much a token account holds.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct HeldAmount {
    /// In base units, in decimal digits.
    pub amount: String,
}

/// The receipt of an order from what `getTransaction` answers (`base64`, with its `meta`).
///
/// # Errors
/// Where that is not understood to the lamport.
pub fn read(order: &Order, transaction: &Value) -> Result<Receipt, ReceiptError> {
    let meta = Meta::deserialize(transaction.get("meta").unwrap_or(&Value::Null))?;
    let read = read_transactions(&transaction.to_string())?;
    let [transaction] = read.as_slice() else { return Err(ReadError::NoTransaction.into()) };
    of(order, transaction, &meta)
}

/// The receipt of an order from its transaction, wherever that came from.
///
/// # Errors
/// Where it is not understood to the lamport.
pub fn of(order: &Order, transaction: &impl Transaction, meta: &Meta) -> Result<Receipt, ReceiptError> {
    let accounts = Accounts { transaction, meta };
    let slot = transaction.slot().unwrap_or_default();
    // The first key pays.
    if transaction.key(0) != Some(&order.wallet.0.0) {
        return Err(ReceiptError::NotOurs);
    }
    let costs = costs::of(order, transaction, Lamports(meta.fee))?;
    let change = accounts.change(0)?;
    if !meta.err.is_null() {
        let costs = NetworkCosts { tip: Lamports::ZERO, ..costs };
        balanced(change, -i128::from(meta.fee))?;
        return Ok(Receipt::Failed { slot, error: reason::of(&meta.err, transaction), costs });
    }
    match order.swap {
        Swap::Buy { .. } | Swap::Sell { .. } => {}
        Swap::Close => {
            let rent = rent::returned(order, &accounts)?;
            balanced(change, i128::from(rent.0) - i128::from(costs.total().0))?;
            return Ok(Receipt::Closed { slot, rent, costs });
        }
        Swap::Withdraw { to, lamports } => {
            // Its last transfer is no tip.
            let costs = NetworkCosts { tip: Lamports::ZERO, ..costs };
            let arrived = accounts.place(&to.0.0).map_or(Ok(0), |place| accounts.change(place))?;
            balanced(arrived, i128::from(lamports.0))?;
            balanced(change, -i128::from(lamports.0) - i128::from(costs.total().0))?;
            return Ok(Receipt::Withdrawn { slot, costs });
        }
    }
    let swapped = legs::of(order, transaction)?;
    let rent_locked = rent::locked(order, &accounts, &swapped)?;
    let Swapped { side, tokens, lamports, fees, .. } =
        swapped.with_rent(rent::given_away(&accounts, &swapped)?)?;
    let wrapped = associated_token(&order.wallet.0, &WRAPPED_SOL, &TOKEN);
    let unwrapped = match accounts.place(&wrapped.0) {
        Some(place) => -accounts.change(place)?,
        None => 0,
    };
    let moved = match side {
        Side::Buy => -i128::from(lamports.0),
        Side::Sell => i128::from(lamports.0),
    };
    let spent = [costs.base, costs.priority, costs.tip, rent_locked].map(|cost| i128::from(cost.0));
    balanced(change, moved + unwrapped - spent.iter().sum::<i128>())?;
    accounts.check_tokens(order, side, tokens)?;
    let unwrapped = u64::try_from(unwrapped)
        .map(Lamports)
        .map_err(|_| ReceiptError::Unbalanced { change: unwrapped, explained: 0 })?;
    // Nothing on the chain is so much; a store has no room for more.
    let told = [slot.0, tokens.0, lamports.0, fees.lp, fees.protocol, fees.creator, rent_locked.0];
    if told.iter().any(|number| i64::try_from(*number).is_err()) {
        return Err(ReceiptError::Events);
    }
    let fill = Fill { side, tokens, lamports, fees, costs, rent_locked, impact: None };
    Ok(Receipt::Landed { slot, fill, unwrapped })
}

fn balanced(change: i128, explained: i128) -> Result<(), ReceiptError> {
    if change == explained { Ok(()) } else { Err(ReceiptError::Unbalanced { change, explained }) }
}

/// The accounts of a transaction with their balances.
struct Accounts<'a, T> {
    transaction: &'a T,
    meta: &'a Meta,
}

impl<T: Transaction> Accounts<'_, T> {
    fn keys(&self) -> impl Iterator<Item = (usize, &[u8; 32])> {
        (0..).map_while(|place| self.transaction.key(place).map(|key| (place, key)))
    }

    fn place(&self, key: &[u8; 32]) -> Option<usize> {
        self.keys().find(|(_, known)| *known == key).map(|(place, _)| place)
    }

    /// Lamports before and after.
    fn balances(&self, place: usize) -> Result<[u64; 2], ReceiptError> {
        let of = |list: &Vec<u64>| list.get(place).copied().ok_or(ReceiptError::NoBalance);
        Ok([of(&self.meta.pre_balances)?, of(&self.meta.post_balances)?])
    }

    fn change(&self, place: usize) -> Result<i128, ReceiptError> {
        let [before, after] = self.balances(place)?;
        Ok(i128::from(after) - i128::from(before))
    }

    /// Tokens of `mint` that are the wallet's, by a list of the node's.
    fn held(list: &[Held], mint: &str, owner: &str) -> i128 {
        let ours = list.iter().filter(|held| held.mint == mint && held.owner.as_deref() == Some(owner));
        ours.filter_map(|held| held.ui_token_amount.amount.parse::<i128>().ok()).sum()
    }

    /// Compares the events' tokens with the balances, where the node tells those.
    fn check_tokens(&self, order: &Order, side: Side, told: TokenAmount) -> Result<(), ReceiptError> {
        let Meta { pre_token_balances: Some(before), post_token_balances: Some(after), .. } = self.meta
        else {
            return Ok(());
        };
        let (mint, owner) = (order.mint.to_string(), order.wallet.to_string());
        let moved = Self::held(after, &mint, &owner) - Self::held(before, &mint, &owner);
        let expected = match side {
            Side::Buy => i128::from(told.0),
            Side::Sell => -i128::from(told.0),
        };
        if moved == expected { Ok(()) } else { Err(ReceiptError::Tokens { told, moved }) }
    }
}
