//! The running bot: settings, wiring, the loop.

pub mod arming;
pub mod asking;
pub mod book;
pub mod bot;
pub mod embedded;
pub mod gate;
pub mod glance;
pub mod inbox;
mod live;
pub mod logs;
pub mod node;
pub mod notify;
pub mod orders;
pub mod pace;
pub mod pipe;
mod planted;
pub mod play;
pub mod policy;
pub mod reload;
pub mod replay;
pub mod secrets;
pub mod services;
pub mod settings;
pub mod snapshot;
pub mod source;
pub mod timeline;
pub mod window;
