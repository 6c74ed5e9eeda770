//! Why and when a position is sold.

use serde::{Deserialize, Serialize};

use super::positions::{Leg, Phase, Position};
use crate::config::OnMigration;
use crate::protections::{Protection, Protections};
use crate::time::Timestamp;
use crate::units::TokenAmount;

/// Why a position is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitReason {
    /// The mark fell to the stop, initial or trailing.
    Stop,
    /// A rung of the ladder.
    Ladder,
    /// The token graduates.
    Migration,
    /// No new high for too long.
    Time,
    /// The score fell.
    Score,
    /// A hard fail, or the safety score fell.
    Safety,
    /// An operator sold it.
    Manual,
    /// The kill switch.
    Kill,
    /// A daily or drawdown limit.
    LossLimit,
    /// The bot stops.
    Shutdown,
    /// Somebody else who has the key sold or moved it.
    ExternallyReduced,
}

impl ExitReason {
    /// Its name in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Ladder => "ladder",
            Self::Migration => "migration",
            Self::Time => "time",
            Self::Score => "score",
            Self::Safety => "safety",
            Self::Manual => "manual",
            Self::Kill => "kill",
            Self::LossLimit => "loss_limit",
            Self::Shutdown => "shutdown",
            Self::ExternallyReduced => "externally_reduced",
        }
    }

    /// Whether its sale pays for speed. A sale by hand says so itself.
    #[must_use]
    pub const fn urgent(self) -> bool {
        !matches!(self, Self::Ladder | Self::Score | Self::Manual)
    }
}

/// An exit whose condition is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// Everything is sold.
    Whole(ExitReason),
    /// A part is sold, for these rungs of the ladder or (none) because it was asked for.
    Part(TokenAmount, Vec<usize>),
}

/// What is due for `position` at `now`, given its mark of this moment; `sell_all` is the reason of a hold that
/// sells every position.
///
/// Several conditions may be met in one event. The order in which they are asked is the order of precedence:
/// what an operator or a limit wants for all (kill, loss limit, shutdown), what forbids holding the token
/// (safety), what ends its market (migration), what limits the loss (stop), what was asked for by hand, what
/// the scores say, time, and last the ladder. A sale of everything that is under way is not fired again (it may be
/// [`hastened`]), except that the ladder's last rung, which waits for its price, gives way to any other reason.
#[must_use]
pub fn due(
    position: &Position,
    sell_all: Option<ExitReason>,
    now: Timestamp,
    protections: Protections,
) -> Option<Due> {
    let once = protections.on(Protection::FireOnce);
    let selling = position.whole.as_ref().map(|sale| sale.reason);
    if once && selling.is_some_and(|reason| reason != ExitReason::Ladder) {
        return None;
    }
    if let Some(reason) = whole(position, sell_all, now, protections) {
        return Some(Due::Whole(reason));
    }
    if once && selling.is_some() {
        return None;
    }
    ladder(position, once, protections).or_else(|| asked_part(position, once))
}

/// Whether a sale of everything that took its time, because scores or an operator wanted it, must be fast from here:
/// there is a reason now that would have paid for speed.
#[must_use]
pub fn hastened(
    position: &Position,
    sell_all: Option<ExitReason>,
    now: Timestamp,
    protections: Protections,
) -> bool {
    position.whole.as_ref().is_some_and(|sale| !sale.urgent)
        && whole(position, sell_all, now, protections).is_some_and(ExitReason::urgent)
}

/// The first reason to sell everything.
fn whole(
    position: &Position,
    sell_all: Option<ExitReason>,
    now: Timestamp,
    protections: Protections,
) -> Option<ExitReason> {
    let terms = &position.terms;
    if sell_all.is_some() {
        return sell_all;
    }
    if position.hard_fail.is_some() && protections.on(Protection::SafetyExit) {
        return Some(ExitReason::Safety);
    }
    if position.phase == Phase::Graduated
        && terms.on_migration == OnMigration::Sell
        && protections.on(Protection::MigrationExit)
    {
        return Some(ExitReason::Migration);
    }
    if position.stop.at_least(position.mark) && protections.on(Protection::Stop) {
        return Some(ExitReason::Stop);
    }
    if position.asked.is_some_and(|asked| asked.tokens >= position.remaining()) {
        return Some(ExitReason::Manual);
    }
    if position.kept {
        return None;
    }
    if position.sentence.is_some() {
        return position.sentence;
    }
    let idle = now.since(position.high_at) >= terms.time_stop;
    (idle && protections.on(Protection::TimeStop)).then_some(ExitReason::Time)
}

/// All rungs that the mark has reached, in one sale. The last one sells everything, whatever is in flight.
fn ladder(position: &Position, once: bool, protections: Protections) -> Option<Due> {
    if position.kept || !protections.on(Protection::Ladder) {
        return None;
    }
    let reached: Vec<usize> = (0..position.rungs.len())
        .filter(|rung| {
            let rung = &position.rungs[*rung];
            (rung.leg == Leg::Armed || (!once && rung.leg == Leg::Ordered)) && position.mark.at_least(rung.at)
        })
        .collect();
    let last = position.rungs.len().checked_sub(1)?;
    let tokens: TokenAmount = reached.iter().map(|rung| position.rungs[*rung].tokens).sum();
    if reached.contains(&last) || (!reached.is_empty() && tokens >= position.remaining()) {
        return Some(Due::Whole(ExitReason::Ladder));
    }
    let free = position.part.is_none() || !once;
    (!reached.is_empty() && free).then_some(Due::Part(tokens, reached))
}

/// The part that an operator wants sold.
fn asked_part(position: &Position, once: bool) -> Option<Due> {
    let asked = position.asked?;
    (position.part.is_none() || !once).then(|| Due::Part(asked.tokens, Vec::new()))
}
