//! Research: backtests, replays and what they come to.
//!
//! A backtest is no second strategy: the same engine, fed by the same driver, against the same venue, which is
//! only stricter, since nobody in a recording reacts to our trades.

pub mod backtest;
pub mod replay;
