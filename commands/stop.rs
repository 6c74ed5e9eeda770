//! Signals: the first interrupt (Ctrl-C, SIGTERM) ends the work in order, a second one leaves at once; a hang-up
//! (SIGHUP) ends it too, but for a bot, which reads its settings again.

use std::ffi::c_int;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// 130: ended by SIGINT, as shells say it.
const INTERRUPTED: c_int = 130;

/// A flag that the first interrupt sets, or a hang-up.
pub(crate) fn on_interrupt() -> Arc<AtomicBool> {
    on(&[SIGINT, SIGTERM, SIGHUP])
}

/// The same for a bot: a hang-up is another matter.
pub(crate) fn of_a_bot() -> (Arc<AtomicBool>, HangUps) {
    let stop = on(&[SIGINT, SIGTERM]);
    let came = Arc::new(AtomicBool::new(false));
    if let Err(error) = flag::register(SIGHUP, Arc::clone(&came)) {
        eprintln!("SIGHUP will end this at once: {error}");
    }
    let hang_ups = HangUps { came, stop: Arc::clone(&stop), at_terminal: io::stderr().is_terminal() };
    (stop, hang_ups)
}

fn on(signals: &[c_int]) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in signals {
        // In this order: the first of them finds the flag down, a second one finds it up and leaves.
        let installed = flag::register_conditional_shutdown(*signal, INTERRUPTED, Arc::clone(&stop))
            .and_then(|_| flag::register(*signal, Arc::clone(&stop)));
        if let Err(error) = installed {
            eprintln!("an interrupt will end this at once, without a summary: {error}");
        }
    }
    stop
}

/// Hang-ups of a bot. One by hand asks for the settings to be read again. One that comes because the terminal is
/// gone ends a bot that was started there, in order, as whoever closes a window expects of what runs in it.
pub(crate) struct HangUps {
    came: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    at_terminal: bool,
}

impl HangUps {
    /// Whether one came that asks for the settings to be read again; told once.
    pub(crate) fn ask_for_settings(&self) -> bool {
        if !self.came.swap(false, Ordering::Relaxed) {
            return false;
        }
        let gone = self.at_terminal && !io::stderr().is_terminal();
        if gone {
            self.stop.store(true, Ordering::Relaxed);
        }
        !gone
    }
}
