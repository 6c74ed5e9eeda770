//! From an order to the message that carries it out (chain.md §3, product.md "Wallets and execution").
//!
//! All that a message needs is in its arguments: the [`Coin`] and the [`Recipients`] as they were read from their
//! accounts, the [`Terms`] that all transactions have in common. Building asks nobody anything.
//!
//! What is bought with and sold for is always SOL. On a curve the programs move lamports themselves; a pool moves
//! wrapped SOL, which is wrapped before the swap and unwrapped behind it, in the same transaction. The account of
//! the token itself is opened where it is missing and never closed: a unit of dust would let anybody stop a sale.

mod back;
mod closing;
mod coin;
mod recipients;
#[cfg(test)]
pub(crate) mod tests;
mod venues;
mod withdrawing;

use momentum_core::action::{Order, Swap};
use momentum_core::ids::Pubkey;
use momentum_core::quotes::Liquidity;
use momentum_core::units::Lamports;
use momentum_core::words;
use momentum_pump::instructions::{Instruction, Plain};
use momentum_pump::message::{UncompiledError, compile};
use serde::{Deserialize, Serialize};

use venues::Trade;

pub use back::{held_against, sell_back};
pub use closing::{CLOSE_UNITS, close};
pub use coin::{Coin, PoolFacts, Unreadable};
pub use recipients::{NoRecipients, Recipients};
pub use withdrawing::{WITHDRAW_UNITS, withdraw};

/// What a transaction has beside its order and its coin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The blockhash that it lives as long as.
    pub blockhash: [u8; 32],
    /// The most compute units that it may use.
    pub unit_limit: u32,
    /// Who gets the order's tip; without anybody, none is paid.
    pub tip_to: Option<Pubkey>,
    /// Who takes the programs' fees.
    pub recipients: Recipients,
    /// Which instructions it trades by.
    pub route: Route,
}

impl Terms {
    /// Those of a transaction that is simulated and never signed: its node puts a blockhash in, and nobody is tipped.
    #[must_use]
    pub const fn simulated(unit_limit: u32, recipients: Recipients, route: Route) -> Self {
        Self { blockhash: [0; 32], unit_limit, tip_to: None, recipients, route }
    }
}

/// Generations of the programs' trade instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// The newest that the coin allows: v3 on a curve and v2 on a pool; v2 and legacy for cashback coins.
    #[default]
    Auto,
    /// v3 on a curve: no creator vault, no fee recipient.
    V3,
    /// v2, on a curve or a pool.
    V2,
    /// The first ones.
    Legacy,
}

words!(Route { "auto" => Auto, "v3" => V3, "v2" => V2, "legacy" => Legacy });

/// A message that nobody signed yet, at most as long as a transaction may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message(Vec<u8>);

impl Message {
    /// Its bytes, as they are signed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The transaction with an empty signature, for simulation.
    #[must_use]
    pub fn unsigned(&self) -> Vec<u8> {
        [&[1], &[0; 64][..], &self.0].concat()
    }
}

/// Why an order cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The order is for another coin.
    #[error("the order is for another coin than the one that was read")]
    AnotherCoin,
    /// The curve is sold out and there is no pool yet.
    #[error("its curve is complete and its pool is not open yet: nothing trades until it is")]
    BetweenVenues,
    /// A buy that was decided on the curve, of a coin that has left it.
    #[error("its curve completed since the buy was decided")]
    Graduated,
    /// The order counts on a pool that is not there.
    #[error("the order is for its pool, which is not open")]
    NoPool,
    /// What closes an account or sends lamports away trades nothing.
    #[error("the order trades nothing")]
    NoSwap,
    /// A bound of zero would take any price.
    #[error("the least that it must give is zero, which takes any price")]
    NoBound,
    /// The coin's kind and the route do not go together.
    #[error("the instructions asked for do not trade cashback coins")]
    Route,
    /// An account of an instruction does not follow from the coin.
    #[error("an account of the trade cannot be derived")]
    Account,
    /// The instructions make no message.
    #[error(transparent)]
    Message(#[from] UncompiledError),
}

/// Builds the message of an order.
///
/// # Errors
/// Where the coin is not where the order thinks, or the message cannot be made: why.
pub fn build(order: &Order, coin: &Coin, terms: &Terms) -> Result<Message, BuildError> {
    build_with(order, coin, terms, None)
}

/// The same with one instruction more, before the tip.
pub(crate) fn build_with(
    order: &Order,
    coin: &Coin,
    terms: &Terms,
    more: Option<Instruction>,
) -> Result<Message, BuildError> {
    if order.mint != coin.mint {
        return Err(BuildError::AnotherCoin);
    }
    let bound = match order.swap {
        Swap::Buy { min_tokens, .. } => min_tokens.0,
        Swap::Sell { min_lamports, .. } => min_lamports.0,
        Swap::Close | Swap::Withdraw { .. } => return Err(BuildError::NoSwap),
    };
    if bound == 0 {
        return Err(BuildError::NoBound);
    }
    let mut instructions = budget(order.priority, terms.unit_limit);
    let trade = Trade { wallet: order.wallet, coin, terms };
    match venue(order, coin)? {
        Venue::Curve => trade.on_curve(&order.swap, &mut instructions)?,
        Venue::Pool(pool) => trade.on_pool(&order.swap, pool, &mut instructions)?,
    }
    instructions.extend(more);
    if let Some(to) = terms.tip_to
        && order.tip > Lamports::ZERO
    {
        let tip = Plain::Transfer { from: order.wallet.0, to, lamports: order.tip.0 };
        instructions.push(tip.instruction());
    }
    Ok(Message(compile(&order.wallet.0, &terms.blockhash, &instructions)?))
}

enum Venue<'a> {
    Curve,
    Pool(&'a PoolFacts),
}

/// Where the order trades: where its quote was made, but a sale follows its coin to the pool.
fn venue<'a>(order: &Order, coin: &'a Coin) -> Result<Venue<'a>, BuildError> {
    match (&order.basis.liquidity, &coin.pool) {
        (Liquidity::Curve(_), _) if !coin.complete => Ok(Venue::Curve),
        (Liquidity::Curve(_), Some(_)) if matches!(order.swap, Swap::Buy { .. }) => {
            Err(BuildError::Graduated)
        }
        (_, Some(pool)) => Ok(Venue::Pool(pool)),
        (Liquidity::Curve(_), None) => Err(BuildError::BetweenVenues),
        (Liquidity::Pool(_), None) => Err(BuildError::NoPool),
    }
}

/// The compute budget: the limit, and the highest price at which all of it costs `priority` at most.
fn budget(priority: Lamports, unit_limit: u32) -> Vec<Instruction> {
    let price = u128::from(priority.0) * 1_000_000 / u128::from(unit_limit.max(1));
    let price = u64::try_from(price).unwrap_or(u64::MAX);
    vec![Plain::UnitLimit(unit_limit).instruction(), Plain::UnitPrice(price).instruction()]
}
