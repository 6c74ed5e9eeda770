//! The running bot: settings, wiring, the loop.
