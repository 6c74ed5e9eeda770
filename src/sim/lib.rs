//! The simulated venue, the embedded market and scenario texts.

#![deny(clippy::float_arithmetic)]

pub mod clocked;
pub mod driver;
pub mod market;
pub mod paper;
pub mod rng;
pub mod scenario;
pub mod venue;

#[cfg(test)]
mod restored;
#[cfg(test)]
mod whole;
