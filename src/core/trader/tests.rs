//! Trader on hand-made tokens: from a signal to a closed position, with every exit and every way to fail.

mod adoption;
pub(super) mod bench;
mod buys;
mod exits;
mod limits;
mod sales;
mod states;
mod sweeps;
mod vanishing;
mod wallets;
mod withdrawals;
