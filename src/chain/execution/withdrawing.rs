//! The orders that bring all lamports of a wallet away.

use std::time::Instant;

use momentum_core::action::Order;
use momentum_core::ids::Wallet;
use momentum_core::units::Lamports;

use super::{Done, Executor, blockhash_or_newest};
use crate::endpoints::{Blockhash, Rpc};
use crate::trade::withdraw;

/// The cold address, and what is to go there.
pub(super) type Withdrawal = (Wallet, Lamports);

impl Executor {
    /// Tries what an order sends away: the wallet may hold another sum by now than the book knows of.
    pub(super) fn try_withdrawal(&self, order: Box<Order>, withdrawal: Withdrawal) {
        let (rpc, blockhash) = (self.rpc.clone(), self.blockhashes.fresh(self.keys.blockhash_age_max));
        self.under_way.push(Box::pin(async move {
            let tried = tried(&rpc, &order, withdrawal, blockhash).await;
            Done::Withdrawable(order, withdrawal, tried)
        }));
    }

    /// Takes what came of it, and signs. Where it would fail, balances are read: the next order knows the sum.
    pub(super) async fn withdrawable(
        &mut self,
        order: Order,
        withdrawal: Withdrawal,
        tried: Result<Blockhash, String>,
    ) {
        if self.unsigned.contains(&order.attempt) {
            if tried.is_err() {
                self.balances_at = Instant::now();
            }
            let made = tried.and_then(|blockhash| self.workshop.withdraw(&order, withdrawal, &blockhash));
            self.made(order, made).await;
        }
    }
}

/// A blockhash, once a simulation has sent it all: fee, sum, and that nothing is left but what may be left.
async fn tried(
    rpc: &Rpc,
    order: &Order,
    (to, lamports): Withdrawal,
    blockhash: Option<Blockhash>,
) -> Result<Blockhash, String> {
    let message = withdraw(order.wallet, to, lamports, order.priority, &[0; 32]);
    let message = message.map_err(|why| why.to_string())?;
    let simulated = rpc.simulate(&message.unsigned()).await.map_err(|why| why.to_string())?;
    simulated.succeeded().map_err(|why| format!("it would not be sent: {why}"))?;
    blockhash_or_newest(rpc, blockhash).await
}
