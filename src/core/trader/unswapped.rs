//! Orders that swap nothing: one that closes an account for its rent, one that brings lamports away.

use super::orders::Fees;
use super::{Trader, Turn};
use crate::action::{Basis, Order, Swap};
use crate::event::NetworkCosts;
use crate::ids::{AttemptId, Mint, Wallet};
use crate::quotes::{Curve, Liquidity, Rates};
use crate::units::{Bps, Lamports};

impl Trader {
    /// Opens one. It asks for no price, and pays no tip.
    pub(super) fn open_unswapped(
        &mut self,
        (mint, wallet): (Mint, Wallet),
        swap: Swap,
        urgent: bool,
        turn: &mut Turn<'_>,
    ) {
        let order = Order {
            attempt: AttemptId { order: self.next_order(turn.seq), number: 1 },
            mint,
            wallet,
            swap,
            exit: None,
            bound: Bps(0),
            priority: Fees::of(turn.config, urgent, None).priority,
            tip: Lamports::ZERO,
            urgent,
            whole_balance: false,
            draw: 0,
            basis: Basis { liquidity: Liquidity::Curve(Curve::default()), rates: Rates::default() },
        };
        self.open(order, turn);
    }

    /// One has landed, and what it did is booked: what sending it cost is lost.
    pub(super) fn settle_unswapped(
        &mut self,
        id: AttemptId,
        mint: Mint,
        costs: &NetworkCosts,
        turn: &mut Turn<'_>,
    ) {
        self.lose(costs.total());
        self.pay(costs, turn);
        self.settle_order(id.order, mint, turn);
        self.guard(false, turn);
    }
}
