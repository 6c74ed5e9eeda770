//! Money out of reach: where some of a wallet left by another hand, whoever has its key may take the rest. Once nothing
//! of ours is in the wallet any more, all that it holds goes to an address whose key is on another machine.

use super::orders::Fees;
use super::state::{Hold, TradingState};
use super::{Trader, Turn};
use crate::action::{Basis, Order, Swap};
use crate::config::Config;
use crate::event::{Mode, NetworkCosts};
use crate::fact::Fact;
use crate::ids::{AttemptId, Mint, Slot, Wallet};
use crate::quotes::{Curve, Liquidity, Rates};
use crate::units::{Bps, Lamports};

/// The network lets no address hold less than this but nothing: what is less stays where it is.
const LEAST: Lamports = Lamports(890_880);

impl Trader {
    /// What a wallet would send to the cold address now: all but the fee of an urgent transaction. Nothing, unless an
    /// outage of `who` says that somebody else has its key, and nothing of ours is in it any more.
    #[must_use]
    pub fn withdrawable(&self, who: &str, wallet: Wallet, config: &Config) -> Option<Lamports> {
        let permitted = self.mode == Mode::Live
            && self.stopping.is_none()
            && self.holds.state() != TradingState::Stopped
            && self.holds.held_by(Hold::Outage, who);
        let busy = self.positions.values().any(|position| position.wallet == wallet)
            || self.buys.values().any(|buying| buying.wallet == wallet)
            || self.attempts.values().any(|attempt| attempt.order.wallet == wallet);
        if !permitted || busy {
            return None;
        }
        let fee = config.execution.base_fee + Fees::of(config, true, None).priority;
        let lamports = self.books.account(wallet)?.balance.saturating_sub(fee);
        Some(lamports).filter(|lamports| *lamports >= LEAST)
    }

    /// Sends it.
    pub(super) fn withdraw(&mut self, who: &str, wallet: Wallet, to: Wallet, turn: &mut Turn<'_>) {
        let Some(lamports) = self.withdrawable(who, wallet, turn.config) else { return };
        let order = Order {
            attempt: AttemptId { order: self.next_order(turn.seq), number: 1 },
            mint: Mint::default(),
            wallet,
            swap: Swap::Withdraw { to, lamports },
            exit: None,
            bound: Bps(0),
            priority: Fees::of(turn.config, true, None).priority,
            tip: Lamports::ZERO,
            urgent: true,
            whole_balance: false,
            draw: 0,
            // It asks for no price.
            basis: Basis { liquidity: Liquidity::Curve(Curve::default()), rates: Rates::default() },
        };
        self.open(order, turn);
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
        self.lose(costs.total());
        self.pay(&costs, turn);
        self.settle_order(id.order, mint, turn);
        self.guard(false, turn);
    }
}
