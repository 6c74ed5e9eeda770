//! The whole engine on a small market.
