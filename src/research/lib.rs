//! Backtests and their reports.
