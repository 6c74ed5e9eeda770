//! The running bot: settings, wiring, the loop.

mod asking;
pub mod book;
pub mod bot;
mod embedded;
mod gate;
mod inbox;
pub mod logs;
mod node;
mod notify;
mod orders;
pub mod pace;
pub mod pipe;
pub mod play;
pub mod replay;
pub mod secrets;
mod services;
pub mod settings;
mod snapshot;
pub mod source;
mod timeline;
mod window;
