//! Adoption: a sale that left before its decision was written down is under way again.
//!
//! A sale may leave by the exit journal while the store takes nothing. What the store then lacks is that it was
//! signed, and mostly the sale's own decision; what it has is the position. Both together give rows that know of the sale, so that a restart
//! asks the chain what became of it, and does not decide it a second time.

use std::sync::Arc;

use super::exits::ExitReason;
use super::ledger::{Desk, Row};
use super::orders::Attempt;
use super::positions::{Leg, Position, Sale};
use super::selling::Slot;
use crate::action::Swap;
use crate::ids::AttemptId;
use crate::units::{Bps, TokenAmount};

/// Rows to be written after `rows` (of one key the last counts), so that they know of `attempt`. The sale goes
/// on at the place of its bound in `sell_bounds`; of the ladder the lowest armed rungs are taken to be what it
/// sells. Where they know of its decision alone, it is signed from here on. Nothing for what they know already, nor
/// for a buy: it never leaves unwritten. An attempt without a position is kept, for the chain to be asked about it.
#[must_use]
pub fn adopted(rows: &[Row], attempt: &Attempt, sell_bounds: &[Bps]) -> Vec<Row> {
    let order = &attempt.order;
    let Swap::Sell { tokens, .. } = order.swap else { return Vec::new() };
    if let Some(known) = decided(rows, order.attempt) {
        let further = (known.state < attempt.state).then(|| Row::Attempt(Box::new(attempt.clone())));
        return further.into_iter().collect();
    }
    let position = rows.iter().rev().find_map(|row| match row {
        Row::Position(position) | Row::Marked(position) if position.mint == order.mint => Some(position),
        _ => None,
    });
    let mut past = rows
        .iter()
        .rev()
        .find_map(|row| match row {
            Row::Past { mint, past } if *mint == order.mint => Some(*past),
            _ => None,
        })
        .unwrap_or_default();
    past.draws.sells = past.draws.sells.max(order.draw.saturating_add(1));
    let mut made = vec![Row::Attempt(Box::new(attempt.clone())), Row::Past { mint: order.mint, past }];
    let desk = rows.iter().rev().find_map(|row| match row {
        Row::Desk(desk) => Some(desk),
        _ => None,
    });
    if let Some(desk) = desk {
        let mut desk = Desk::clone(desk);
        desk.results.count(|counters| counters.orders += 1);
        made.push(Row::Desk(Arc::new(desk)));
    }
    if let Some(position) = position {
        let mut position = position.clone();
        let slot = if order.whole_balance { Slot::Whole } else { Slot::Part };
        let before = position.sale(slot).filter(|sale| sale.order == order.attempt.order);
        let rungs = before.map_or_else(|| rungs_of(&position, attempt, tokens), |sale| sale.rungs.clone());
        let stuck = before.and_then(|sale| sale.stuck);
        for rung in &rungs {
            position.rungs[*rung].leg = Leg::Ordered;
        }
        if order.exit == Some(ExitReason::Manual) {
            position.asked = None;
        }
        *position.sale_mut(slot) = Some(Sale {
            order: order.attempt.order,
            reason: order.exit.unwrap_or(ExitReason::Manual),
            tokens,
            urgent: order.urgent,
            rungs,
            attempts: order.attempt.number,
            live: Some(order.attempt),
            bound: sell_bounds.iter().position(|bound| *bound == order.bound).unwrap_or_default(),
            retry: None,
            stuck,
        });
        made.push(Row::Position(position));
    }
    made
}

/// The attempt, where its decision is among `rows`.
#[must_use]
pub fn decided(rows: &[Row], id: AttemptId) -> Option<&Attempt> {
    rows.iter().rev().find_map(|row| match row {
        Row::Attempt(known) if known.order.attempt == id => Some(&**known),
        _ => None,
    })
}

/// Rungs that a sale of the ladder carries out: all that are armed where it sells everything, else the lowest
/// that make up its tokens.
fn rungs_of(position: &Position, attempt: &Attempt, tokens: TokenAmount) -> Vec<usize> {
    if attempt.order.exit != Some(ExitReason::Ladder) {
        return Vec::new();
    }
    let mut left = tokens.0;
    let mut rungs = Vec::new();
    for (nth, rung) in position.rungs.iter().enumerate().filter(|(_, rung)| rung.leg == Leg::Armed) {
        if left == 0 {
            break;
        }
        left = if attempt.order.whole_balance { left } else { left.saturating_sub(rung.tokens.0) };
        rungs.push(nth);
    }
    rungs
}
