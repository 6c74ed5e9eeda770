//! Rent that comes back: the account of a token that nothing of ours is in any more is closed.
//!
//! An account for each transaction: whoever sends a unit of dust to one of them keeps that one open, and no other.
//! While it is in flight nothing else of its token is, so that no buy finds its account gone.

use super::books::Account;
use super::risk::Refusal;
use super::state::TradingState;
use super::{Trader, Turn};
use crate::action::Swap;
use crate::codes::RefusalCode;
use crate::event::{Mode, NetworkCosts};
use crate::fact::Fact;
use crate::ids::{AttemptId, Mint, Slot, Wallet};
use crate::units::Lamports;

impl Trader {
    /// Closes the account of a token, or says why not. That it is empty is for whoever reads it to see, and for its
    /// program to enforce.
    pub(super) fn sweep(&mut self, mint: Mint, wallet: Wallet, turn: &mut Turn<'_>) {
        let refused = if self.mode != Mode::Live || self.books.account(wallet).is_none() {
            Some(RefusalCode::NoAccount)
        } else if self.positions.contains_key(&mint) {
            Some(RefusalCode::PositionOpen)
        } else if self.in_flight(mint) {
            Some(RefusalCode::OrderLive)
        } else if self.holds.state() == TradingState::Stopped {
            Some(RefusalCode::TradingState)
        } else {
            None
        };
        if let Some(code) = refused {
            return self.refuse_sale(mint, Refusal::new(code, String::new()), turn);
        }
        self.open_unswapped((mint, wallet), Swap::Close, false, turn);
    }

    /// An account is closed: its rent is lamports again, and what that cost is lost. Anybody may have sent lamports to
    /// it: what comes back beyond all that is locked was never ours, and is foreign money.
    pub(super) fn closed(
        &mut self,
        id: AttemptId,
        slot: Slot,
        came: Lamports,
        costs: NetworkCosts,
        turn: &mut Turn<'_>,
    ) {
        let Some(attempt) = self.attempts.remove(&id) else { return };
        let (mint, wallet) = (attempt.order.mint, attempt.order.wallet);
        let rent = came.min(self.books.account(wallet).map(Account::rent).unwrap_or_default());
        self.books.closed(wallet, rent, costs);
        self.books.moved(wallet, slot);
        self.filled.insert(id.order);
        turn.tell(Fact::RentReturned { attempt: id, mint, wallet, slot, rent, costs });
        self.foreign(wallet, came.minus(rent), turn);
        self.settle_unswapped(id, mint, &costs, turn);
    }
}
