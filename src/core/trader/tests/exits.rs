//! exits.
