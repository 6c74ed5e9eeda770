//! What becomes of attempts: signed, sent, landed, failed. Only the chain ends what has left.

use super::exits::ExitReason;
use super::orders::Attempt;
use super::positions::{Leg, Opening, Position};
use super::selling::Slot;
use super::state::TradingState;
use super::worth::Worth;
use super::{Trader, Turn};
use crate::action::{Action, Basis, Order, Swap};
use crate::event::{ExecutionEvent, ExecutionKind, Fill, NetworkCosts, Side, Unknown};
use crate::fact::{AttemptEnd, Fact};
use crate::ids::{AttemptId, Mint, OrderId, Slot as ChainSlot, Wallet};
use crate::units::Lamports;

impl Trader {
    /// Applies what was told of an attempt.
    pub(super) fn execution(&mut self, event: &ExecutionEvent, turn: &mut Turn<'_>) {
        let id = event.attempt;
        self.changed = true;
        let Some(attempt) = self.attempts.get_mut(&id) else {
            if let ExecutionKind::Vanished { order, slot, fill } = &event.kind {
                return self.vanished(order, *slot, fill, turn);
            }
            // That bytes left may be told after their end; anything else of an attempt without a name is a bug.
            if !matches!(event.kind, ExecutionKind::Sent { .. }) {
                self.broken(format!("attempt {id} is not known"), turn);
            }
            return;
        };
        match attempt.state.on(id, &event.kind) {
            Ok(state) => attempt.state = state,
            Err(illegal) => return self.broken(illegal.to_string(), turn),
        }
        let none = NetworkCosts::default();
        match &event.kind {
            ExecutionKind::Prepared { signature, last_valid_height, raw } => {
                let Order { mint, wallet, swap, .. } = attempt.order;
                let needless = match swap {
                    // What another attempt has sold meanwhile is not sold again.
                    Swap::Sell { .. } => !self.positions.contains_key(&mint),
                    // Somebody has said meanwhile that nobody else has the key.
                    Swap::Withdraw { .. } => !self.robbed(wallet),
                    Swap::Buy { .. } | Swap::Close => false,
                };
                if self.may_leave(swap.side()) && !needless {
                    turn.tell(Fact::AttemptJournaled {
                        attempt: id,
                        signature: *signature,
                        last_valid_height: *last_valid_height,
                        raw: raw.clone(),
                    });
                    turn.want(Action::Broadcast(id));
                } else {
                    // Signed bytes that must not leave: the chain says when they no longer can.
                    turn.want(Action::Resolve(id));
                }
            }
            ExecutionKind::Sent { .. } => {
                attempt.sent.get_or_insert(turn.now);
            }
            ExecutionKind::Landed { slot, fill } => self.landed(id, *slot, fill, turn),
            ExecutionKind::Closed { slot, rent, costs } => self.closed(id, *slot, *rent, *costs, turn),
            ExecutionKind::Withdrawn { slot, costs } => self.withdrawn(id, *slot, *costs, turn),
            ExecutionKind::Failed { slot, error, costs } => {
                let wallet = attempt.order.wallet;
                self.books.moved(wallet, *slot);
                self.ended(id, AttemptEnd::Failed { error: error.clone() }, *costs, turn);
            }
            ExecutionKind::Expired => self.ended(id, AttemptEnd::Expired, none, turn),
            // Of one that has no end: the table has refused it.
            ExecutionKind::Vanished { .. } => {}
            ExecutionKind::Refused { why } => {
                self.ended(id, AttemptEnd::Refused { why: why.clone() }, none, turn);
            }
        }
    }

    /// Whether bytes of this side may leave now.
    pub(super) fn may_leave(&self, side: Side) -> bool {
        match self.holds.state() {
            TradingState::Open => true,
            TradingState::ExitsOnly => side == Side::Sell,
            TradingState::Stopped => false,
        }
    }

    /// An attempt ended without a fill.
    fn ended(&mut self, id: AttemptId, end: AttemptEnd, costs: NetworkCosts, turn: &mut Turn<'_>) {
        let Some(attempt) = self.attempts.remove(&id) else { return };
        let mint = attempt.order.mint;
        let never_left = matches!(end, AttemptEnd::Refused { .. });
        turn.tell(Fact::AttemptEnded { attempt: id, mint, end, costs });
        if costs.total() > Lamports::ZERO {
            self.books.failed(attempt.order.wallet, costs);
            self.pay(&costs, turn);
        }
        match attempt.order.swap.side() {
            Side::Buy => self.buy_failed(&attempt, &costs, turn),
            Side::Sell => {
                match self.positions.get_mut(&mint) {
                    Some(position) => position.pay(&costs),
                    None => self.lose(costs.total()),
                }
                self.sale_failed(&attempt, never_left, turn);
                self.settle_order(id.order, mint, turn);
            }
        }
        self.guard(false, turn);
    }

    /// An attempt landed.
    fn landed(&mut self, id: AttemptId, slot: ChainSlot, fill: &Fill, turn: &mut Turn<'_>) {
        let Some(attempt) = self.attempts.remove(&id) else { return };
        let (mint, exit) = (attempt.order.mint, attempt.order.exit);
        self.books.fill(attempt.order.wallet, fill);
        self.books.moved(attempt.order.wallet, slot);
        if let Some(impact) = fill.impact {
            self.impacts.entry(mint).or_default().add(&attempt.order.basis.liquidity, impact);
            self.touched.insert(mint);
        }
        self.results.count(|counters| counters.fills += 1);
        self.filled.insert(id.order);
        turn.tell(Fact::Filled { attempt: id, mint, slot, fill: *fill, exit });
        match attempt.order.swap.side() {
            Side::Buy => self.bought(&attempt, fill, turn),
            Side::Sell => self.sold(&attempt, fill, turn),
        }
        self.pay(&fill.costs, turn);
        self.guard(true, turn);
        self.fire(mint, turn);
    }

    /// A buy landed: there is a position, with its stop and its ladder.
    fn bought(&mut self, attempt: &Attempt, fill: &Fill, turn: &mut Turn<'_>) {
        let mint = attempt.order.mint;
        self.release(mint);
        let before = self.buys.remove(&mint).map(|buying| buying.costs).unwrap_or_default();
        self.settle_order(attempt.order.attempt.order, mint, turn);
        let mut position = self.begun_by(&attempt.order, fill, turn);
        position.venue_fees = fees(fill);
        position.network = before + fill.costs.total();
        self.take_on(position, turn);
        self.mark(mint, turn);
    }

    /// The position that a fill begins, where its order would trade now.
    pub(super) fn begun_by(&self, order: &Order, fill: &Fill, turn: &Turn<'_>) -> Position {
        let basis = (turn.token)(order.mint).and_then(|view| view.basis.ok()).unwrap_or(order.basis);
        self.begun(order.mint, order.wallet, Worth::new(fill.lamports, fill.tokens), basis, turn)
    }

    /// A position that begins now.
    pub(super) fn begun(
        &self,
        mint: Mint,
        wallet: Wallet,
        entry: Worth,
        basis: Basis,
        turn: &Turn<'_>,
    ) -> Position {
        let opening = Opening {
            mint,
            wallet,
            now: turn.now,
            terms: &turn.config.exits,
            entry,
            basis,
            impact: self.impacts.get(&mint).map(|sums| sums.on(&basis.liquidity)).unwrap_or_default(),
            atr: (turn.token)(mint).map_or(Err(Unknown::NotSeen), |view| view.atr),
        };
        Position::open(&opening, self.protections)
    }

    /// There is this position from here on.
    pub(super) fn take_on(&mut self, position: Position, turn: &mut Turn<'_>) {
        let Position { mint, wallet, bought: tokens, cost, .. } = position;
        let stop = position.stop.of(tokens);
        turn.tell(Fact::PositionOpened { mint, wallet, tokens, cost, stop });
        self.positions.insert(mint, position);
    }

    /// A sale landed: the position is smaller, or closed by the reason of this fill.
    fn sold(&mut self, attempt: &Attempt, fill: &Fill, turn: &mut Turn<'_>) {
        let mint = attempt.order.mint;
        let id = attempt.order.attempt;
        let Some(position) = self.positions.get_mut(&mint) else {
            return self.broken(format!("attempt {id} sold {} without a position", fill.tokens), turn);
        };
        position.sold += fill.tokens;
        position.proceeds += fill.lamports;
        position.venue_fees += fees(fill);
        position.pay(&fill.costs);
        if let Some(slot) = position.slot_of(id.order) {
            let rungs = position.sale(slot).map(|sale| sale.rungs.clone()).unwrap_or_default();
            for rung in rungs {
                position.rungs[rung].leg = Leg::Done;
            }
            // One of everything that leaves a rest (a part that a fork took back came to it) is done too.
            if slot == Slot::Part || position.remaining().0 > 0 {
                *position.sale_mut(slot) = None;
            }
        }
        let empty = |position: &Position| position.remaining().0 == 0;
        if self.positions.get(&mint).is_some_and(empty) {
            let reason = attempt.order.exit.unwrap_or(ExitReason::Manual);
            self.close(mint, reason, turn);
        } else {
            self.mark(mint, turn);
        }
        self.settle_order(id.order, mint, turn);
    }

    /// Tells the end of an order: nothing of it is in flight, and nothing of it will be tried again.
    pub(super) fn settle_order(&mut self, order: OrderId, mint: Mint, turn: &mut Turn<'_>) {
        let in_flight = self.attempts.keys().any(|attempt| attempt.order == order);
        let buying = self.buys.get(&mint).is_some_and(|buying| buying.attempt.order == order);
        let selling = self.positions.get(&mint).is_some_and(|position| position.slot_of(order).is_some());
        if !in_flight && !buying && !selling {
            let filled = self.filled.remove(&order);
            turn.tell(Fact::OrderClosed { order, mint, filled });
        }
    }

    /// A position is over. What is in flight beside what closed it can only fail for want of tokens, unless the wallet
    /// has others of the same kind: it is not sent again.
    pub(super) fn close(&mut self, mint: Mint, reason: ExitReason, turn: &mut Turn<'_>) {
        let Some(position) = self.positions.remove(&mint) else { return };
        let beside = self.attempts.values().map(|attempt| &attempt.order).filter(|order| order.mint == mint);
        for order in beside {
            turn.want(Action::Resolve(order.attempt));
        }
        let closed = position.closed(reason);
        self.resting.insert(mint, turn.now + turn.config.signals.cool_down);
        self.touched.insert(mint);
        self.results.count(|counters| {
            counters.exits.count(reason);
            counters.won += u64::from(closed.pnl.0 > 0);
            counters.realised += closed.pnl;
        });
        self.changed = true;
        turn.tell(Fact::PositionClosed(closed));
    }

    /// Counts network costs and watches their limit.
    pub(super) fn pay(&mut self, costs: &NetworkCosts, turn: &mut Turn<'_>) {
        self.results.count(|counters| counters.fees += costs.total());
        self.guard_fees(turn);
    }
}

/// The venue's fees of a fill.
pub(super) fn fees(fill: &Fill) -> Lamports {
    Lamports(fill.fees.lp.saturating_add(fill.fees.protocol).saturating_add(fill.fees.creator))
}
