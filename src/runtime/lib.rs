//! The running bot: settings, wiring, the loop.

pub mod book;
pub mod pace;
pub mod pipe;
pub mod play;
pub mod replay;
pub mod settings;
pub mod source;
