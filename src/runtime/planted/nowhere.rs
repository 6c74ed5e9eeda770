//! What is shipped: nothing is planted, nothing dies, nothing is told.

use std::borrow::Cow;
use std::time::Duration;

use momentum_chain::execution::{Running, Workshop};
use momentum_core::action::Effects;
use momentum_core::event::Event;
use momentum_core::ids::AttemptId;
use momentum_core::trader::ledger::Row;

use super::{Fault, Point, When};

pub(crate) const fn has(_fault: Fault) -> bool {
    false
}

pub(crate) const fn dies(_when: When, _point: Point) {}

pub(crate) const fn answered(_when: When, _answer: &Event) {}

pub(crate) const fn unprotected(running: Running) -> Running {
    running
}

pub(crate) const fn workshop(workshop: Workshop) -> Workshop {
    workshop
}

pub(crate) const fn left(_attempt: AttemptId) {}

pub(crate) const fn recovered(rows: Vec<Row>) -> Vec<Row> {
    rows
}

pub(crate) const fn unjournaled(effects: &Effects) -> Cow<'_, Effects> {
    Cow::Borrowed(effects)
}

pub(crate) const fn commits_stop(_effects: Option<&Effects>) -> bool {
    false
}

pub(crate) const fn critical_after(usual: Duration) -> Duration {
    usual
}

pub(crate) const fn snapshot_every(usual: Duration) -> Duration {
    usual
}
