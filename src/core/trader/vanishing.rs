//! A landing that a fork took back: what it did is undone, and its attempt is in flight again.
//!
//! Its bytes may land again on the chain that is left, and do something else there, or they can never land: either is
//! told as of any attempt in flight, and until then nothing else is bought of its token, nor are balances compared.
//! A buy has no position then. Tokens of a sale are the position's again; where that was closed they are a new one,
//! which cost what they had brought, so that both results together are what came of it all.

use super::execution::fees;
use super::exits::ExitReason;
use super::orders::{Attempt, AttemptState, Buying, Fees};
use super::positions::{Position, Sale};
use super::risk::Intent;
use super::selling::Slot;
use super::{Trader, Turn};
use crate::action::{Action, Order};
use crate::event::{Fill, Side};
use crate::fact::Fact;
use crate::ids::Slot as ChainSlot;
use crate::protections::Protection;
use crate::units::Lamports;

impl Trader {
    /// A landing that was told is on the chain no more.
    pub(super) fn vanished(&mut self, order: &Order, slot: ChainSlot, fill: &Fill, turn: &mut Turn<'_>) {
        let (id, side) = (order.attempt, order.swap.side());
        // What was made of a buy is taken back before it: a fork that has the one has not the other either.
        let untouched = |position: &Position| {
            position.wallet == order.wallet && position.bought == fill.tokens && position.sold.0 == 0
        };
        let undoable =
            self.positions.get(&order.mint).is_some_and(untouched) && !self.buys.contains_key(&order.mint);
        if side == Side::Buy && !undoable {
            let what =
                format!("attempt {id} vanished from slot {slot}, and more was made of what it had bought");
            return self.broken(what, turn);
        }
        self.books.undo(order.wallet, fill);
        self.results.count(|counters| {
            counters.fills = counters.fills.saturating_sub(1);
            counters.fees = counters.fees.saturating_sub(fill.costs.total());
        });
        self.filled.remove(&id.order);
        let state = AttemptState::Sent;
        self.attempts.insert(id, Attempt { order: order.clone(), state, sent: Some(turn.now) });
        turn.tell(Fact::Vanished { order: Box::new(order.clone()), slot, fill: *fill });
        match side {
            Side::Buy => self.unbought(order, fill, turn),
            Side::Sell => self.unsold(order, fill, turn),
        }
        self.touched.insert(order.mint);
        // What was approved once is no new buy.
        self.exposure_limit = self.exposure_limit.max(self.exposed());
        turn.want(if self.may_leave(side) { Action::Broadcast(id) } else { Action::Resolve(id) });
        self.guard(false, turn);
    }

    /// There is no position, and its buy is under way. What sales of it are in flight sell nothing.
    fn unbought(&mut self, order: &Order, fill: &Fill, turn: &Turn<'_>) {
        let Some(position) = self.positions.remove(&order.mint) else { return };
        let beside = Fees { priority: order.priority, tip: order.tip }.beside_buy(turn.config, self.mode);
        let (mut spend, mut reserved) = (fill.lamports, fill.lamports + beside);
        if !self.protections.on(Protection::Reservation) {
            (spend, reserved) = (Lamports::ZERO, Lamports::ZERO);
        }
        let buying = Buying {
            intent: Intent { mint: order.mint, wanted: fill.lamports },
            attempt: order.attempt,
            wallet: order.wallet,
            spend,
            reserved,
            // The attempts before it that failed: they stay paid.
            costs: position.network.saturating_sub(fill.costs.total()),
            retry: None,
        };
        if reserved > Lamports::ZERO {
            *self.reserved.entry(order.wallet).or_default() += reserved;
        }
        self.buys.insert(order.mint, buying);
    }

    /// The tokens are there again, and their sale is under way.
    fn unsold(&mut self, order: &Order, fill: &Fill, turn: &mut Turn<'_>) {
        let mint = order.mint;
        match self.positions.get_mut(&mint).filter(|position| position.wallet == order.wallet) {
            Some(position) if position.sold >= fill.tokens => {
                position.sold = position.sold.saturating_sub(fill.tokens);
                position.proceeds = position.proceeds.saturating_sub(fill.lamports);
                position.venue_fees = position.venue_fees.saturating_sub(fees(fill));
                position.network = position.network.saturating_sub(fill.costs.total());
            }
            // The token was bought again since: these belong to an earlier position, and join this one.
            Some(position) => {
                position.bought += fill.tokens;
                position.cost += fill.lamports;
            }
            None => self.take_on(self.begun_by(order, fill, turn), turn),
        }
        if let Some(position) = self.positions.get_mut(&mint) {
            let slot = if order.whole_balance { Slot::Whole } else { Slot::Part };
            // A newer sale may be under way: then this one may land beside it, or fail for want of tokens.
            position.sale_mut(slot).get_or_insert_with(|| Sale {
                order: order.attempt.order,
                reason: order.exit.unwrap_or(ExitReason::Manual),
                tokens: fill.tokens,
                urgent: order.urgent,
                rungs: Vec::new(),
                attempts: order.attempt.number,
                live: Some(order.attempt),
                bound: 0,
                retry: None,
                stuck: None,
            });
        }
        self.mark(mint, turn);
    }
}
