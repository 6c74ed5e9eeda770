//! Money out of reach: where some of a wallet left by another hand, whoever has its key may take the rest. Once nothing
//! of ours that can be sold is in the wallet any more, what it holds goes to an address whose key is on another machine.

use super::orders::Fees;
use super::positions::Position;
use super::state::{Held, Hold, TradingState};
use super::{Trader, Turn};
use crate::action::{Action, Order, Swap};
use crate::config::Config;
use crate::event::{Mode, NetworkCosts};
use crate::fact::Fact;
use crate::ids::{AttemptId, Mint, Slot, Wallet};
use crate::units::Lamports;

/// The network lets no address hold less than this but nothing: what is less stays where it is.
const LEAST: Lamports = Lamports(890_880);

impl Trader {
    /// Whether somebody else has the key of a wallet, as an outage by its name says.
    pub(super) fn robbed(&self, wallet: Wallet) -> bool {
        self.holds.held_by(Hold::Outage, &Held::thief_of(wallet))
    }

    /// What a wallet would send to the cold address now: all but the fee of an urgent transaction. Nothing, unless an
    /// outage says that somebody else has its key, and nothing of ours is in it any more. A thief does not wait for what
    /// cannot be sold: that leaves the fees of its sale in the wallet, and what an address must hold.
    #[must_use]
    pub fn withdrawable(&self, wallet: Wallet, config: &Config) -> Option<Lamports> {
        let permitted =
            self.mode == Mode::Live && self.holds.state() != TradingState::Stopped && self.robbed(wallet);
        let held = || self.positions.values().filter(move |position| position.wallet == wallet);
        // A sale of what cannot be sold is in flight most of the time.
        let waits = |order: &Order| {
            let sale = matches!(order.swap, Swap::Sell { .. });
            order.wallet == wallet && !(sale && self.positions.get(&order.mint).is_some_and(unsellable))
        };
        let busy = held().any(|position| !unsellable(position))
            || self.buys.values().any(|buying| buying.wallet == wallet)
            || self.attempts.values().any(|attempt| waits(&attempt.order));
        if !permitted || busy {
            return None;
        }
        let fee = config.execution.base_fee + Fees::of(config, true, None).priority;
        let sales: Lamports = held().map(|_| config.risk.exit_reserve).sum();
        let stays = if held().next().is_some() { sales + LEAST } else { Lamports::ZERO };
        let lamports = self.books.account(wallet)?.balance.saturating_sub(fee).saturating_sub(stays);
        Some(lamports).filter(|lamports| *lamports >= LEAST)
    }

    /// Sends it.
    pub(super) fn withdraw(&mut self, wallet: Wallet, to: Wallet, turn: &mut Turn<'_>) {
        let Some(lamports) = self.withdrawable(wallet, turn.config) else { return };
        self.open_unswapped((Mint::default(), wallet), Swap::Withdraw { to, lamports }, true, turn);
    }

    /// What is on its way while its theft stands no longer is not sent again.
    pub(super) fn stop_withdrawing(&self, turn: &mut Turn<'_>) {
        for (id, attempt) in &self.attempts {
            let Order { wallet, swap, .. } = attempt.order;
            if matches!(swap, Swap::Withdraw { .. }) && !self.robbed(wallet) {
                turn.want(Action::Resolve(*id));
            }
        }
    }

    /// It has arrived: that is no loss, but what sending it cost is.
    pub(super) fn withdrawn(&mut self, id: AttemptId, slot: Slot, costs: NetworkCosts, turn: &mut Turn<'_>) {
        let Some(attempt) = self.attempts.remove(&id) else { return };
        let Order { mint, wallet, swap, .. } = attempt.order;
        let Swap::Withdraw { to, lamports } = swap else {
            return self.broken(format!("attempt {id} brought nothing away"), turn);
        };
        self.books.withdrawn(wallet, lamports, costs);
        self.books.moved(wallet, slot);
        self.filled.insert(id.order);
        self.no_result(Lamports::ZERO.minus(lamports));
        turn.tell(Fact::Withdrawn { attempt: id, wallet, to, slot, lamports, costs });
        self.settle_unswapped(id, mint, &costs, turn);
    }
}

/// Whether a position cannot be sold now: its coin trades nowhere, or its sale has failed at its last bound.
fn unsellable(position: &Position) -> bool {
    let stuck = [&position.part, &position.whole].into_iter().flatten().any(|sale| sale.stuck.is_some());
    position.graduating() || stuck
}
