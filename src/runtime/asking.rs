//! Who answers what the engine asks about tokens, and who follows their pools.

use momentum_chain::enrich::EnrichHandle;
use momentum_chain::execution::{ExecutionHandle, SimulationHandle};
use momentum_chain::signer::SendLimits;
use momentum_chain::stream::FollowHandle;
use momentum_core::action::{Action, Order};
use momentum_core::config::Config;
use momentum_core::event::Launched;
use momentum_core::ids::{Mint, Wallet};
use momentum_core::time::Timestamp;

/// The adapters behind the engine's questions; none for sources that publish their facts themselves.
#[derive(Clone, Default)]
pub struct Asking {
    /// Mints, curves, holders, metadata.
    pub enrich: Option<EnrichHandle>,
    /// Pools on the stream.
    pub follow: Option<FollowHandle>,
    /// Real orders, proofs and balances; none but in live.
    pub execution: Option<ExecutionHandle>,
    /// Buys on paper, run on the chain; none where nobody wished it.
    pub simulations: Option<SimulationHandle>,
}

impl Asking {
    /// A launch says where the token's metadata are.
    pub fn launched(&self, mint: Mint, launched: &Launched) {
        if let Some(enrich) = &self.enrich {
            enrich.launched(mint, launched);
        }
    }

    /// An order was opened: a buy on paper is also run on the chain.
    pub fn ordered(&self, order: &Order) {
        if let Some(simulations) = &self.simulations {
            simulations.ask(order);
        }
    }

    /// Other settings are in force, or another cold address: real orders are signed within these limits from here on.
    pub fn limit(&self, config: &Config, cold: Option<Wallet>) {
        if let Some(execution) = &self.execution {
            execution.limit(SendLimits { cold, ..SendLimits::new(&config.risk, &config.execution) });
        }
    }

    /// Takes a wish of the engine. Answers come back through the inbox.
    pub fn ask(&self, now: Timestamp, action: &Action) {
        match action {
            Action::Enrich(mint, what) => {
                if let Some(enrich) = &self.enrich {
                    enrich.ask(*mint, *what, now);
                }
            }
            Action::Follow(mint) => {
                if let Some(execution) = &self.execution {
                    execution.met(*mint);
                }
                if let Some(follow) = &self.follow
                    && !follow.follow(*mint)
                {
                    tracing::warn!(%mint, "its pool is not followed: too many are");
                }
            }
            Action::Unfollow(mint) => {
                if let Some(follow) = &self.follow {
                    follow.unfollow(*mint);
                }
            }
            action => {
                if let Some(execution) = &self.execution {
                    carry_out(execution, now, action);
                }
            }
        }
    }
}

/// What real orders, proofs and balances are wanted.
fn carry_out(execution: &ExecutionHandle, now: Timestamp, action: &Action) {
    match action {
        Action::Submit(order) => execution.submit(order),
        Action::Broadcast(attempt) => execution.broadcast(*attempt),
        Action::Resolve(attempt) => execution.resolve(*attempt),
        Action::Prove(mint, size) => execution.prove(*mint, *size, now),
        Action::RefreshWallet => execution.refresh(),
        Action::Enrich(..) | Action::Follow(_) | Action::Unfollow(_) | Action::Finish => {}
    }
}
