//! Our wallets as the chain has them, compared with the books: what differs came or went without an order of ours.
//!
//! A reading counts only where nothing of ours can explain the difference: no attempt on that wallet (or token) is
//! without an end, and the reading is of no slot before the last transaction of ours that the books know of, or before
//! the last reading. So a node that lags, or a fill that is not told yet, never looks like foreign money.

use super::exits::ExitReason;
use super::{Trader, Turn};
use crate::event::WalletEvent;
use crate::fact::Fact;
use crate::ids::{Mint, Slot, Wallet};
use crate::units::{Lamports, TokenAmount};

impl Trader {
    /// Compares a reading with the books.
    pub(super) fn read(&mut self, read: &WalletEvent, turn: &mut Turn<'_>) {
        match *read {
            WalletEvent::Balance { wallet, lamports, slot } => {
                let moving = self.attempts.values().any(|attempt| attempt.order.wallet == wallet);
                let Some(account) = self.books.account(wallet).filter(|_| !moving) else { return };
                let (change, moved) = (lamports.minus(account.balance), account.moved);
                if slot < moved {
                    return;
                }
                // A node that lags behind this one says nothing new either.
                self.books.moved(wallet, slot);
                self.changed |= slot > moved;
                if change.0 != 0 {
                    self.changed = true;
                    self.foreign(wallet, change, turn);
                    self.guard_fees(turn);
                }
            }
            WalletEvent::Unwrapped { wallet, lamports, .. } => {
                self.changed = true;
                self.foreign(wallet, lamports.minus(Lamports::ZERO), turn);
                self.guard_fees(turn);
            }
            WalletEvent::Holding { wallet, mint, tokens, slot } => {
                self.held(wallet, mint, tokens, slot, turn);
            }
            WalletEvent::Read { .. } => {}
        }
    }

    /// Tokens of a position that went by another hand are no longer its own: they brought nothing that the book
    /// knows of, and what came for them is foreign money. More than the book has is dust, and foreign.
    fn held(&mut self, wallet: Wallet, mint: Mint, tokens: TokenAmount, slot: Slot, turn: &mut Turn<'_>) {
        let known = self.books.account(wallet).is_some_and(|account| slot >= account.moved);
        if !known || self.in_flight(mint) {
            return;
        }
        let Some(position) = self.positions.get_mut(&mint).filter(|position| position.wallet == wallet)
        else {
            return;
        };
        let missing = position.remaining().saturating_sub(tokens);
        if missing.0 == 0 {
            return;
        }
        self.changed = true;
        position.sold += missing;
        turn.tell(Fact::TokensLeft { wallet, mint, tokens: missing });
        if position.remaining().0 == 0 {
            let waiting = [position.part.as_ref(), position.whole.as_ref()].map(|sale| Some(sale?.order));
            self.close(mint, ExitReason::ExternallyReduced, turn);
            for order in waiting.into_iter().flatten() {
                self.settle_order(order, mint, turn);
            }
        } else {
            self.mark(mint, turn);
            self.fire(mint, turn);
        }
    }

    /// A wallet that the book does not know yet brings what it holds as foreign money.
    pub(super) fn welcome(&mut self, wallets: &[(Wallet, Lamports)], turn: &mut Turn<'_>) {
        for (wallet, held) in wallets {
            if self.books.account(*wallet).is_none() {
                self.books.add(*wallet);
                self.foreign(*wallet, held.minus(Lamports::ZERO), turn);
            }
        }
    }
}
