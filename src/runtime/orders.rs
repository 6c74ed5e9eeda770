//! Standing orders: what the kill file says, as commands of the engine. Whoever writes it is obeyed, whether the
//! bot was asked by its socket too or not.

use momentum_core::engine::Engine;
use momentum_core::event::{Command, Commanded};
use momentum_core::trader::state::Hold;
use momentum_store::book::wall_clock;
use momentum_store::kill::{Halt, HaltKind, KillFile};

/// The kill file, and what of it the engine was told.
#[derive(Debug)]
pub struct StandingOrders {
    file: KillFile,
    told: Vec<Halt>,
    unreadable: bool,
}

impl StandingOrders {
    /// Nothing of `file` was told yet.
    #[must_use]
    pub const fn new(file: KillFile) -> Self {
        Self { file, told: Vec::new(), unreadable: false }
    }

    /// Commands for what changed: orders that the engine does not hold, and those that it was told and that stand
    /// no more. An unreadable file changes nothing here; the gate holds buys back.
    pub fn changed(&mut self, engine: &Engine) -> Vec<Commanded> {
        let now = wall_clock();
        let halts: Vec<Halt> = match self.file.read() {
            Ok(halts) => halts.into_iter().filter(|halt| halt.stands(now)).collect(),
            Err(error) => {
                if !std::mem::replace(&mut self.unreadable, true) {
                    tracing::error!("nothing is bought until the kill file can be read: {error}");
                }
                return Vec::new();
            }
        };
        self.unreadable = false;
        if halts.is_empty() && self.told.is_empty() {
            return Vec::new();
        }
        let view = engine.view().trader;
        let held =
            |halt: &Halt| view.holds.iter().any(|held| held.hold == hold(halt.kind) && held.who == halt.who);
        let new = halts.iter().filter(|halt| !held(halt)).map(|halt| Commanded {
            who: halt.who.clone(),
            why: halt.why.clone(),
            command: match halt.kind {
                HaltKind::Pause => Command::Pause { until: None },
                HaltKind::Flatten => Command::Flatten,
                HaltKind::Lock => Command::Lock,
            },
        });
        let gone = self.told.iter().filter(|told| {
            held(told) && !halts.iter().any(|halt| halt.kind == told.kind && halt.who == told.who)
        });
        let gone = gone.map(|told| Commanded {
            who: told.who.clone(),
            why: "it is no longer in the kill file".to_owned(),
            command: match told.kind {
                HaltKind::Pause => Command::Resume,
                kind => Command::Reset(hold(kind)),
            },
        });
        let commands = new.chain(gone).collect();
        self.told = halts;
        commands
    }
}

const fn hold(kind: HaltKind) -> Hold {
    match kind {
        HaltKind::Pause => Hold::Pause,
        HaltKind::Flatten => Hold::Flatten,
        HaltKind::Lock => Hold::Lock,
    }
}
