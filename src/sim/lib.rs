//! The simulated venue, the embedded market and scenario texts.

#![deny(clippy::float_arithmetic)]

pub mod clocked;
pub mod driver;
pub mod paper;
pub mod scenario;
pub mod venue;
