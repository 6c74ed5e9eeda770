//! The engine: Market and Trader behind one synchronous, total function.
