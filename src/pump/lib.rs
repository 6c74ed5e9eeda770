//! Pure bytes ⇄ meaning: pump.fun, PumpSwap and SPL tokens, decoded and encoded.

#![deny(clippy::float_arithmetic)]
