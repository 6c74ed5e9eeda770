//! Trader: signals, risk, orders, positions, portfolio, trading state.

pub mod exits;
pub mod signals;
pub mod state;
