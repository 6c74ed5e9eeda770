//! The gate: what leaves is durable first, and nobody holds it back.
//!
//! A broadcast waits for the commit of all that it depends on, then the kill file is looked at, then it leaves. A
//! sale alone may go without its commit: if that does not come in time its bytes are synced to the exit journal
//! instead, and where even that fails a sale of everything leaves from memory, loudly. A buy has no exception, nor has
//! what closes an account for its rent, or sends lamports to the cold address.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use momentum_core::action::{Effects, Order, Swap};
use momentum_core::event::{Envelope, Side};
use momentum_core::fact::Fact;
use momentum_core::ids::{AttemptId, Seq};
use momentum_core::trader::orders::{Attempt, AttemptState};
use momentum_store::book::wall_clock;
use momentum_store::exit_journal::{ExitJournal, Signed};
use momentum_store::journal::{Health, Journal, NotDurable};
use momentum_store::kill::KillSwitch;

use crate::planted::{self, Fault, Point, When};

/// How long a sale waits for its commit before it goes by the exit journal, and a buy before it is left out.
pub const WITHIN: Duration = Duration::from_millis(250);
/// The same in virtual time, where nobody is late.
pub const WITHIN_MADE_TIME: Duration = Duration::from_secs(60);

/// The same for a buy while commits fail.
const WITHIN_FAILING: Duration = Duration::from_secs(5);

/// What stands between a decision and its bytes leaving.
pub struct Gate {
    journal: Journal,
    exits: ExitJournal,
    kill: KillSwitch,
    within: Duration,
    /// Attempts that have not ended, with what they carry out.
    orders: BTreeMap<AttemptId, Order>,
    /// The bytes of attempts that have not left.
    signed: BTreeMap<AttemptId, Signed>,
    /// The present event.
    seq: Seq,
    /// Slots of the exit journal, and the event whose commit makes each free.
    by_exits: Vec<(Seq, u32)>,
    /// Events that the journal heeds and has no room for, oldest first.
    behind: VecDeque<(Envelope, Effects)>,
}

impl Gate {
    /// A gate before these.
    #[must_use]
    pub const fn new(journal: Journal, exits: ExitJournal, kill: KillSwitch, within: Duration) -> Self {
        Self {
            journal,
            exits,
            kill,
            within,
            orders: BTreeMap::new(),
            signed: BTreeMap::new(),
            seq: Seq(0),
            by_exits: Vec::new(),
            behind: VecDeque::new(),
        }
    }

    /// The journal.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Takes what one event made: on its way to the store before its actions go out.
    pub fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        self.seq = envelope.seq;
        for fact in &effects.facts {
            match fact {
                Fact::OrderOpened(order) | Fact::Vanished { order, .. } => {
                    self.orders.insert(order.attempt, (**order).clone());
                }
                Fact::AttemptJournaled { attempt, signature, last_valid_height, raw } => {
                    let (signature, last_valid_height) = (*signature, *last_valid_height);
                    self.signed.insert(*attempt, Signed { signature, last_valid_height, raw: raw.clone() });
                }
                Fact::AttemptEnded { attempt, .. }
                | Fact::Filled { attempt, .. }
                | Fact::RentReturned { attempt, .. }
                | Fact::Withdrawn { attempt, .. } => {
                    self.orders.remove(attempt);
                    self.signed.remove(attempt);
                }
                _ => {}
            }
        }
        passes(When::Before, effects);
        self.catch_up();
        self.free_exits();
        let effects = &*planted::unjournaled(effects);
        if planted::commits_stop(Some(effects)) {
            return;
        }
        let taken = self.behind.is_empty() && self.append(envelope, effects);
        // What it must have, in its order, is kept here.
        if !taken && Journal::heeds(envelope, effects) {
            self.behind.push_back((envelope.clone(), Effects::clone(effects)));
        }
        passes(When::After, effects);
    }

    /// Whether the journal takes an event: a full one takes nothing.
    fn append(&mut self, envelope: &Envelope, effects: &Effects) -> bool {
        let taken = append(&mut self.journal, envelope, effects);
        taken.inspect_err(|error| tracing::error!("{error}")).is_ok()
    }

    fn catch_up(&mut self) {
        while let Some((envelope, effects)) = self.behind.front() {
            if append(&mut self.journal, envelope, effects).is_err() {
                return;
            }
            self.behind.pop_front();
        }
    }

    /// What the store has meanwhile needs no place in the exit journal.
    fn free_exits(&mut self) {
        if self.by_exits.is_empty() {
            return;
        }
        let committed = self.journal.watch().committed();
        let (done, waiting): (Vec<_>, Vec<_>) = self.by_exits.iter().partition(|(seq, _)| *seq <= committed);
        let slots: Vec<u32> = done.iter().map(|(_, slot)| *slot).collect();
        if slots.is_empty() {
            return;
        }
        match self.exits.fold(&slots) {
            Ok(()) => self.by_exits = waiting,
            Err(error) => tracing::warn!("the exit journal keeps what the store has: {error}"),
        }
    }

    /// Whether this attempt may leave; it is asked once. See the top of this file.
    pub fn may_leave(&mut self, attempt: AttemptId) -> bool {
        let signed = self.signed.remove(&attempt);
        let Some(order) = self.orders.get(&attempt).cloned() else {
            tracing::error!(%attempt, "an attempt without an order does not leave");
            return false;
        };
        let sale = matches!(order.swap, Swap::Sell { .. });
        planted::dies(When::Before, Point::Commit);
        let durable = if planted::has(Fault::BroadcastBeforeCommit) {
            Ok(())
        } else if planted::commits_stop(None) {
            Err(NotDurable::Late(None))
        } else if self.behind.is_empty() {
            self.committed(sale)
        } else {
            Err(NotDurable::Late(None))
        };
        planted::dies(When::After, Point::Commit);
        if let Err(why) = durable {
            if !sale {
                let side = order.swap.side();
                tracing::error!(%attempt, mint = %order.mint, ?side, "what is no sale does not leave: {why}");
                return false;
            }
            if !self.leaves_without_its_commit(attempt, &order, signed.as_ref(), &why) {
                return false;
            }
        }
        planted::dies(When::Before, Point::KillFile);
        let permits = self.kill.look(wall_clock());
        planted::dies(When::After, Point::KillFile);
        let permitted = match order.swap.side() {
            Side::Buy => permits.buys,
            Side::Sell => permits.exits,
        };
        if !permitted {
            let halt = permits.halt.map_or_else(|| permits.unreadable.unwrap_or_default(), |halt| halt.why);
            tracing::warn!(%attempt, mint = %order.mint, "held back by the kill file: {halt}");
            return false;
        }
        planted::dies(When::Before, Point::Broadcast);
        planted::left(attempt);
        planted::dies(When::After, Point::Broadcast);
        true
    }

    /// Waits for the commit; for a database of which it is known that it takes nothing a sale waits no further,
    /// and anything else not for long.
    fn committed(&self, sale: bool) -> Result<(), NotDurable> {
        let began = Instant::now();
        loop {
            let durable = self.journal.flush(self.within.min(WITHIN));
            let failing = matches!(self.journal.watch().health(), Health::Failing { .. });
            let within = match (failing, sale) {
                (true, true) => WITHIN,
                (true, false) => WITHIN_FAILING,
                (false, _) => self.within,
            };
            match durable {
                Err(NotDurable::Late(_)) if began.elapsed() < within.min(self.within) => {}
                done => return done,
            }
        }
    }

    fn leaves_without_its_commit(
        &mut self,
        id: AttemptId,
        order: &Order,
        signed: Option<&Signed>,
        why: &NotDurable,
    ) -> bool {
        let Some(signed) = signed else {
            tracing::error!(attempt = %id, "an attempt without bytes does not leave");
            return false;
        };
        let attempt = Attempt { order: order.clone(), state: AttemptState::Prepared, sent: None };
        planted::dies(When::Before, Point::ExitJournal);
        let recorded = self.exits.record(&attempt, signed);
        planted::dies(When::After, Point::ExitJournal);
        match recorded {
            Ok(slot) => {
                self.by_exits.push((self.seq, slot));
                tracing::warn!(attempt = %id, mint = %order.mint, "a sale leaves by the exit journal: {why}");
                true
            }
            Err(error) => {
                tracing::error!(
                    attempt = %id,
                    mint = %order.mint,
                    "a sale leaves from memory alone ({}): {why}; the exit journal: {error}",
                    if order.whole_balance { "all of it" } else { "a part: held back" },
                );
                order.whole_balance
            }
        }
    }

    /// Waits until all that was seen is committed.
    ///
    /// # Errors
    /// See [`Journal::flush`].
    pub fn flush(&mut self, within: Duration) -> Result<(), NotDurable> {
        self.catch_up();
        if self.behind.is_empty() {
            self.journal.flush(within)
        } else {
            Err(NotDurable::Full(self.behind.len()))
        }
    }

    /// Commits what waits and ends the journal.
    ///
    /// # Errors
    /// See [`Journal::close`].
    pub fn close(mut self, within: Duration) -> Result<(), NotDurable> {
        self.catch_up();
        self.journal.close(within)
    }
}

/// Gives the journal an event. One that has stopped never takes any: what it does not have is in the recording and in
/// the exit journal.
fn append(journal: &mut Journal, envelope: &Envelope, effects: &Effects) -> Result<(), NotDurable> {
    match journal.append(envelope, effects) {
        Err(NotDurable::Stopped(_)) => Ok(()),
        done => done,
    }
}

/// The points at which a test ends the process, around the journal's taking of an event.
fn passes(when: When, effects: &Effects) {
    for fact in &effects.facts {
        match fact {
            Fact::Filled { .. } => planted::dies(when, Point::Landed),
            Fact::PositionOpened { .. } => planted::dies(when, Point::PositionOpened),
            Fact::ExitFired { .. } => planted::dies(when, Point::ExitFired),
            _ => {}
        }
    }
    if !effects.kept.is_empty() {
        planted::dies(when, Point::Append);
    }
}
