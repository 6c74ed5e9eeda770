//! Sales: an exit that is due becomes an order, and an order is never dropped. A sale that fails is tried
//! again with a fresh quote and a wider bound; one of everything may be superseded by new bytes, since only
//! the first of two can land.

use std::time::Duration;

use super::exits::{Due, ExitReason, due, hastened};
use super::orders::{Attempt, AttemptState, Fees};
use super::positions::{Leg, Position, Sale, sale_worth};
use super::state::TradingState;
use super::{Trader, Turn};
use crate::action::{Order, Swap};
use crate::event::Impact;
use crate::fact::Fact;
use crate::ids::{AttemptId, Mint, OrderId};
use crate::protections::Protection;
use crate::quotes::slippage_min;
use crate::units::{Bps, Lamports};

/// Pause before a sale that never left is signed anew.
const AGAIN: Duration = Duration::from_secs(1);

/// Which sale of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Part,
    Whole,
}

impl Position {
    pub(super) const fn sale(&self, slot: Slot) -> Option<&Sale> {
        match slot {
            Slot::Part => self.part.as_ref(),
            Slot::Whole => self.whole.as_ref(),
        }
    }

    pub(super) const fn sale_mut(&mut self, slot: Slot) -> &mut Option<Sale> {
        match slot {
            Slot::Part => &mut self.part,
            Slot::Whole => &mut self.whole,
        }
    }

    /// The sale that `order` carries out, if it is still under way.
    pub(super) fn slot_of(&self, order: OrderId) -> Option<Slot> {
        [Slot::Part, Slot::Whole]
            .into_iter()
            .find(|slot| self.sale(*slot).is_some_and(|sale| sale.order == order))
    }
}

impl Trader {
    /// Looks at the exits of every position.
    pub(super) fn fire_all(&mut self, turn: &mut Turn<'_>) {
        let mints: Vec<Mint> = self.positions.keys().copied().collect();
        for mint in mints {
            self.fire(mint, turn);
        }
    }

    /// Fires what is due for a position. Nothing can be sold while its token graduates, nothing may be sold
    /// while an operator's lock holds; what is due then stays due.
    pub(super) fn fire(&mut self, mint: Mint, turn: &mut Turn<'_>) {
        let Some(position) = self.positions.get(&mint) else { return };
        if self.holds.state() == TradingState::Stopped || position.graduating() {
            return;
        }
        let Some(due) = due(position, self.holds.sell_all(), turn.now, self.protections) else {
            return self.hasten(mint, turn);
        };
        let asked_urgent = position.asked.is_some_and(|asked| asked.urgent);
        let (slot, reason, tokens, rungs) = match due {
            Due::Whole(reason) => (Slot::Whole, reason, position.remaining(), Vec::new()),
            Due::Part(tokens, rungs) if rungs.is_empty() => (Slot::Part, ExitReason::Manual, tokens, rungs),
            Due::Part(tokens, rungs) => (Slot::Part, ExitReason::Ladder, tokens, rungs),
        };
        let impact = self.impact_on(position);
        let Some(worth) = sale_worth(&position.basis, impact, tokens) else { return };
        let order = self.next_order(turn.seq);
        let Some(position) = self.positions.get_mut(&mint) else { return };
        let armed = |rung: &usize| position.rungs[*rung].leg == Leg::Armed;
        let rungs = match (slot, reason) {
            (Slot::Whole, ExitReason::Ladder) => (0..position.rungs.len()).filter(armed).collect(),
            _ => rungs,
        };
        for rung in &rungs {
            position.rungs[*rung].leg = Leg::Ordered;
        }
        let by_hand = reason == ExitReason::Manual;
        if by_hand {
            position.asked = None;
        }
        *position.sale_mut(slot) = Some(Sale {
            order,
            reason,
            tokens,
            urgent: reason.urgent() || (by_hand && asked_urgent),
            rungs,
            attempts: 0,
            live: None,
            bound: 0,
            retry: None,
            stuck: None,
        });
        turn.tell(Fact::ExitFired { mint, reason, tokens, mark: worth.lamports });
        self.submit_sale(mint, slot, turn);
    }

    /// A calm sale of everything that must be fast now pays for it, and goes all ways, from its next attempt on.
    fn hasten(&mut self, mint: Mint, turn: &Turn<'_>) {
        let sell_all = self.holds.sell_all();
        let Some(position) = self.positions.get_mut(&mint) else { return };
        if hastened(position, sell_all, turn.now, self.protections)
            && let Some(sale) = &mut position.whole
        {
            sale.urgent = true;
            self.changed = true;
        }
    }

    /// Sales of a position that wait to be tried again.
    pub(super) fn resume(&mut self, mint: Mint, turn: &mut Turn<'_>) {
        for slot in [Slot::Part, Slot::Whole] {
            let sale = self.positions.get(&mint).and_then(|position| position.sale(slot));
            if sale.is_some_and(|sale| sale.retry.is_some_and(|retry| turn.now >= retry)) {
                self.submit_sale(mint, slot, turn);
            }
        }
    }

    /// A sale of everything that left long ago without landing is signed anew at the next wider bound: the
    /// second to land fails for want of tokens. The ladder waits for its price instead.
    pub(super) fn supersede(&mut self, mint: Mint, turn: &mut Turn<'_>) {
        let keys = &turn.config.execution;
        let Some(position) = self.positions.get_mut(&mint) else { return };
        if position.graduating() || self.holds.state() == TradingState::Stopped {
            return;
        }
        let Some(sale) = position.whole.as_mut().filter(|sale| sale.widens(true)) else { return };
        let last = sale.bound + 1 >= keys.sell_bounds.len();
        let patience = if last { keys.stuck_every } else { keys.supersede_after };
        let attempt = sale.live.and_then(|live| self.attempts.get(&live));
        let left = attempt.filter(|attempt| attempt.state == AttemptState::Sent).and_then(|sent| sent.sent);
        if left.is_none_or(|left| turn.now.since(left) < patience)
            || !self.protections.on(Protection::Escalation)
        {
            return;
        }
        widen(sale, mint, turn);
        self.submit_sale(mint, Slot::Whole, turn);
    }

    /// An attempt of a sale ended without a fill. One that never left says nothing of the price: it is signed anew at
    /// its bound, after a moment.
    pub(super) fn sale_failed(&mut self, attempt: &Attempt, never_left: bool, turn: &mut Turn<'_>) {
        let mint = attempt.order.mint;
        let Some(position) = self.positions.get_mut(&mint) else { return };
        let Some(slot) = position.slot_of(attempt.order.attempt.order) else { return };
        let Some(sale) = position.sale_mut(slot).as_mut() else { return };
        // A superseded attempt ended: the newer one goes on.
        if sale.live != Some(attempt.order.attempt) {
            return;
        }
        sale.live = None;
        self.changed = true;
        if sale.widens(slot == Slot::Whole) && never_left {
            sale.retry = Some(turn.now + AGAIN);
            return;
        }
        if sale.widens(slot == Slot::Whole) {
            sale.retry = Some(if self.protections.on(Protection::Escalation) {
                widen(sale, mint, turn)
            } else {
                turn.now + turn.config.execution.stuck_every
            });
            self.resume(mint, turn);
            return;
        }
        // A rung is armed again, a part that was asked for is asked for again: both fire anew, at the first
        // bound, when the position is next looked at.
        let rungs = std::mem::take(&mut sale.rungs);
        let (tokens, reason) = (sale.tokens, sale.reason);
        *position.sale_mut(slot) = None;
        for rung in rungs {
            position.rungs[rung].leg = Leg::Armed;
        }
        if reason == ExitReason::Manual {
            position.asked = Some(super::positions::Asked { tokens, urgent: false });
        }
    }

    /// Signs the next attempt of a sale on a fresh quote. Where there is no quote, or nothing may leave, it
    /// waits.
    fn submit_sale(&mut self, mint: Mint, slot: Slot, turn: &mut Turn<'_>) {
        let Some(position) = self.positions.get(&mint) else { return };
        let Some(sale) = position.sale(slot) else { return };
        let keys = &turn.config.execution;
        let tokens = match slot {
            Slot::Whole => position.remaining(),
            Slot::Part => sale.tokens.min(position.remaining()),
        };
        let worth = sale_worth(&position.basis, self.impact_on(position), tokens);
        let held_up = position.graduating() || self.holds.state() == TradingState::Stopped;
        let Some(worth) = worth.filter(|_| !held_up) else {
            let again = if held_up { turn.now } else { turn.now + keys.stuck_every };
            self.changed = true;
            if let Some(sale) = self.positions.get_mut(&mint).and_then(|p| p.sale_mut(slot).as_mut()) {
                sale.live = None;
                sale.retry = Some(again);
            }
            return;
        };
        let (first, last) = (Bps::default(), keys.sell_bounds.len().saturating_sub(1));
        let bound = keys.sell_bounds.get(sale.bound.min(last)).copied().unwrap_or(first);
        let fees = Fees::of(turn.config, sale.urgent, self.recent_fee(mint, turn));
        let draws = self.draws.entry(mint).or_default();
        let attempt = AttemptId { order: sale.order, number: sale.attempts.saturating_add(1) };
        let min_lamports = Lamports(slippage_min(worth.lamports.0, bound).max(1));
        let order = Order {
            attempt,
            mint,
            wallet: position.wallet,
            swap: Swap::Sell { tokens, min_lamports },
            exit: Some(sale.reason),
            bound,
            priority: fees.priority,
            tip: fees.tip,
            urgent: sale.urgent,
            whole_balance: tokens == position.remaining(),
            draw: draws.sells,
            basis: position.basis,
        };
        draws.sells += 1;
        self.touched.insert(mint);
        if let Some(sale) = self.positions.get_mut(&mint).and_then(|p| p.sale_mut(slot).as_mut()) {
            sale.attempts = attempt.number;
            sale.live = Some(attempt);
            sale.retry = None;
            sale.tokens = tokens;
        }
        self.open(order, turn);
    }

    /// Our own simulated fills, where the position's token trades now.
    pub(super) fn impact_on(&self, position: &Position) -> Impact {
        let impacts = self.impacts.get(&position.mint).copied().unwrap_or_default();
        impacts.on(&position.basis.liquidity)
    }
}

/// The next wider bound, and when to use it: at once, or after a pause where the last one has failed.
fn widen(sale: &mut Sale, mint: Mint, turn: &mut Turn<'_>) -> crate::time::Timestamp {
    let keys = &turn.config.execution;
    if sale.bound + 1 < keys.sell_bounds.len() {
        sale.bound += 1;
        return turn.now;
    }
    if sale.stuck.is_none() {
        sale.stuck = Some(turn.now);
        turn.effects.facts.push(Fact::Stuck { mint, reason: sale.reason });
    }
    turn.now + keys.stuck_every
}
