//! The running bot: settings, wiring, the loop.

pub mod replay;
pub mod settings;
