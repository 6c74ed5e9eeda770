//! What a command reads from the chain by itself, whether a bot runs or not: no lock is taken, nothing is sent.

use std::io;

use futures_util::future::join_all;
use momentum_chain::endpoints::Rpc;
use momentum_chain::execution::{Brought, drill as simulate, token_accounts, tokens_of};
use momentum_core::ids::{Mint, Wallet};
use momentum_core::trader::orders::Fees;
use momentum_core::trader::positions::Position;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_store::book::Network;
use tokio::runtime::Runtime;

pub use momentum_chain::execution::TokenAccount;

use crate::arming::wallets;
use crate::bot::StartError;
use crate::live;
use crate::settings::Settings;

/// What the network takes for an urgent sale by these settings, whatever becomes of it: a real one, or one of the
/// simulated venue, which takes a tip too.
#[must_use]
pub fn sale_costs(settings: &Settings, live: bool) -> Lamports {
    let fees = if live { urgent(settings) } else { Fees::of(&settings.engine, true, None) };
    fees.network(&settings.engine).total()
}

/// A tip only where there is a block engine that would take it.
fn urgent(settings: &Settings) -> Fees {
    let fees = Fees::of(&settings.engine, true, None);
    if settings.endpoints.block_engine.is_empty() { Fees { tip: Lamports::ZERO, ..fees } } else { fees }
}

/// What selling the rest of each of these positions would bring, in their order, or why it could not be sold. No key
/// is needed.
///
/// # Errors
/// Where there is no RPC node to ask, or its address cannot be used.
pub fn drill(
    settings: &Settings,
    network: Network,
    positions: &[Position],
) -> Result<Vec<Result<Brought, String>>, StartError> {
    let (rpc, runtime) = (nodes(settings, network)?, alone()?);
    let priority = urgent(settings).priority;
    let sales = positions.iter().map(|position| {
        let sale = (position.wallet, position.mint, position.remaining());
        simulate(&rpc, &settings.live, sale, priority)
    });
    Ok(runtime.block_on(join_all(sales)))
}

/// How many tokens each wallet of the settings holds.
///
/// # Errors
/// Where there is no RPC node to ask, none answers, or a wallet cannot be used.
pub fn tokens(
    settings: &Settings,
    network: Network,
    mint: Mint,
) -> Result<Vec<(Wallet, TokenAmount)>, StartError> {
    let (rpc, runtime) = (nodes(settings, network)?, alone()?);
    let wallets = wallets(settings).map_err(StartError::Wallet)?;
    let read = runtime.block_on(tokens_of(&rpc, wallets, mint));
    read.map_err(|why| StartError::NodesAway(why.to_string()))
}

/// All token accounts of the wallets of the settings, and whether each could be closed for its rent.
///
/// # Errors
/// Where there is no RPC node to ask, none answers, or a wallet cannot be used.
pub fn accounts(settings: &Settings, network: Network) -> Result<Vec<TokenAccount>, StartError> {
    let (rpc, runtime) = (nodes(settings, network)?, alone()?);
    let wallets = wallets(settings).map_err(StartError::Wallet)?;
    let priority = Fees::of(&settings.engine, false, None).priority;
    let read = runtime.block_on(token_accounts(&rpc, wallets, priority));
    read.map_err(|why| StartError::NodesAway(why.to_string()))
}

fn nodes(settings: &Settings, network: Network) -> Result<Rpc, StartError> {
    let nodes = settings.endpoints.nodes()?;
    if nodes.is_empty() {
        return Err(StartError::NoNode);
    }
    live::rpc(nodes, &settings.rpc, Some(network))
}

fn alone() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
