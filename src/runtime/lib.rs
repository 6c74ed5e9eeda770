//! The running bot: settings, wiring, the loop.

pub mod settings;
