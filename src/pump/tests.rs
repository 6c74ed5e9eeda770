//! The decoders against what was recorded on mainnet.

mod recorded;
