//! The first interrupt (Ctrl-C, SIGTERM) ends the work in order; a second one leaves at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that the first interrupt sets.
pub(crate) fn on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    let installed = ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            // 130: ended by SIGINT, as shells say it.
            std::process::exit(130);
        }
    });
    if let Err(error) = installed {
        eprintln!("an interrupt will end this at once, without a summary: {error}");
    }
    stop
}
