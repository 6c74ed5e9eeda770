//! What an operator sees and steers: the state of the bot, and the socket that it answers at.
//!
//! Nothing here decides. What is shown was [published](state::Published) by the loop; what is wished goes to
//! the loop as a [`request::Request`] and comes back once it is done and durable.

pub mod api;
pub mod client;
pub mod operator;
pub mod problem;
pub mod quote;
pub mod reload;
pub mod request;
pub mod state;
