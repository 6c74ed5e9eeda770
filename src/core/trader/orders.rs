//! Orders and attempts: the one table of what may happen to an attempt, and what a transaction costs.

use serde::{Deserialize, Serialize};

use crate::action::Order;
use crate::config::Config;
use crate::event::{ExecutionKind, Mode, NetworkCosts};
use crate::ids::{AttemptId, Wallet};
use crate::time::Timestamp;
use crate::units::{Lamports, Thousandths, mul_div};

/// How far an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// Given to the executor.
    Submitted,
    /// Signed; its bytes may have left.
    Prepared,
    /// Has left.
    Sent,
    /// On chain, as wished.
    Landed,
    /// On chain, and failed.
    Failed,
    /// Can never land.
    Expired,
    /// Never left.
    Refused,
}

/// Something happened to an attempt that cannot happen to it: a bug of ours, or of whoever told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("attempt {attempt} is {state:?} and cannot be told {told}")]
pub struct IllegalTransition {
    /// The attempt.
    pub attempt: AttemptId,
    /// How far it was.
    pub state: AttemptState,
    /// What was told.
    pub told: &'static str,
}

impl AttemptState {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Submitted,
        Self::Prepared,
        Self::Sent,
        Self::Landed,
        Self::Failed,
        Self::Expired,
        Self::Refused,
    ];

    /// Whether nothing more can become of it.
    #[must_use]
    pub const fn ended(self) -> bool {
        matches!(self, Self::Landed | Self::Failed | Self::Expired | Self::Refused)
    }

    /// What `told` makes of an attempt that is this far. There is no state "timed out": only the chain ends
    /// what has left.
    ///
    /// A landing may be seen before the word that the bytes left, and that word may come after any end. What
    /// was never signed cannot land, what has left cannot be refused, and an end is an end: but a fork may take a
    /// landing back, and what had landed is in flight again.
    ///
    /// # Errors
    /// Where that cannot happen.
    pub const fn on(self, attempt: AttemptId, told: &ExecutionKind) -> Result<Self, IllegalTransition> {
        use ExecutionKind as Told;
        match (self, told) {
            (Self::Submitted, Told::Prepared { .. }) => Ok(Self::Prepared),
            (Self::Submitted | Self::Prepared, Told::Refused { .. }) => Ok(Self::Refused),
            (Self::Prepared | Self::Sent, Told::Sent { .. }) => Ok(Self::Sent),
            (
                Self::Prepared | Self::Sent,
                Told::Landed { .. } | Told::Closed { .. } | Told::Withdrawn { .. },
            ) => Ok(Self::Landed),
            (Self::Prepared | Self::Sent, Told::Failed { .. }) => Ok(Self::Failed),
            (Self::Prepared | Self::Sent, Told::Expired) => Ok(Self::Expired),
            (Self::Landed | Self::Failed | Self::Expired, Told::Sent { .. }) => Ok(self),
            (Self::Landed, Told::Vanished { .. }) => Ok(Self::Sent),
            (state, told) => Err(IllegalTransition { attempt, state, told: name(told) }),
        }
    }
}

/// The word for what was told.
const fn name(told: &ExecutionKind) -> &'static str {
    match told {
        ExecutionKind::Prepared { .. } => "prepared",
        ExecutionKind::Refused { .. } => "refused",
        ExecutionKind::Sent { .. } => "sent",
        ExecutionKind::Landed { .. } => "landed",
        ExecutionKind::Closed { .. } => "closed",
        ExecutionKind::Withdrawn { .. } => "withdrawn",
        ExecutionKind::Failed { .. } => "failed",
        ExecutionKind::Expired => "expired",
        ExecutionKind::Vanished { .. } => "vanished",
    }
}

/// An attempt without an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What it carries out.
    pub order: Order,
    /// How far it is.
    pub state: AttemptState,
    /// When it first left.
    pub sent: Option<Timestamp>,
}

/// A buy from its approval to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buying {
    /// The wish, for further attempts.
    pub intent: super::risk::Intent,
    /// The newest attempt.
    pub attempt: AttemptId,
    /// The wallet that pays for it.
    pub wallet: Wallet,
    /// While it lives: most that its swap takes.
    pub spend: Lamports,
    /// While it lives: what it has reserved in the wallet, all that comes beside the swap included.
    pub reserved: Lamports,
    /// What the attempts that failed have cost.
    pub costs: Lamports,
    /// Where the newest attempt has ended: the next one is due then.
    pub retry: Option<Timestamp>,
}

/// Priority fee and tip of a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fees {
    /// For the place in the block.
    pub priority: Lamports,
    /// To a block engine.
    pub tip: Lamports,
}

impl Fees {
    /// What a transaction pays: so many times what others `recently` paid where it trades, no less than the floors
    /// and within the caps; an urgent exit so many times that, within its own.
    #[must_use]
    pub fn of(config: &Config, urgent: bool, recently: Option<Lamports>) -> Self {
        let keys = &config.execution;
        let times = |fee: Lamports, factor: Thousandths| {
            Lamports(mul_div(fee.0, u64::try_from(factor.0).unwrap_or(0), 1_000))
        };
        let fee = |wanted: Lamports| {
            let plain = wanted.min(keys.fee_cap);
            if urgent { times(plain, keys.urgent_factor).min(keys.urgent_fee_cap) } else { plain }
        };
        let recently = recently.map_or(Lamports::ZERO, |paid| times(paid, keys.priority_factor));
        Self { priority: fee(recently.max(keys.priority_floor)), tip: fee(keys.tip_floor) }
    }

    /// All that the network takes for the transaction.
    #[must_use]
    pub fn network(self, config: &Config) -> NetworkCosts {
        NetworkCosts { base: config.execution.base_fee, priority: self.priority, tip: self.tip }
    }

    /// The most that comes beside the swap of a buy: network costs, and the rent of all accounts that it may open.
    #[must_use]
    pub fn beside_buy(self, config: &Config, mode: Mode) -> Lamports {
        let keys = &config.execution;
        let others = if mode == Mode::Live { keys.other_rent } else { Lamports::ZERO };
        self.network(config).total() + keys.token_account_rent + others
    }
}

/// Attempts made so far on one mint, by side: they number the draws of the simulated venue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draws {
    /// Buys.
    pub buys: u32,
    /// Sales.
    pub sells: u32,
}

#[cfg(test)]
mod tests;
