//! Folding: sales that left by the exit journal are taken into the book before anything else is read of it.

use std::time::Duration;

use momentum_core::action::Effects;
use momentum_core::event::{Envelope, Event};
use momentum_core::fact::Fact;
use momentum_core::ids::Seq;
use momentum_core::trader::ledger::Row;
use momentum_core::trader::{adopted, decided};
use momentum_store::exit_journal::{Entry, ExitJournal, Signed};
use momentum_store::journal::{Clock, Journal, Options};
use momentum_store::restore::{self, Restored};
use tokio::runtime::Runtime;

use super::restoring::patiently;
use super::{Open, Plan, StartError, Steps};
use crate::planted::{self, Fault};

/// How long the commit of what is folded may take: the database has just answered.
const WITHIN: Duration = Duration::from_secs(60);

/// Writes into the book what its exit journal has beyond `stored`, then frees the journal. Whether there was
/// anything: then the book is another one than `stored`.
///
/// A death in between is harmless: what the book has already is not written again.
pub(super) fn fold(
    plan: &Plan<'_>,
    open: &Open,
    runtime: &Runtime,
    stored: &Restored,
    steps: &Steps<'_>,
) -> Result<bool, StartError> {
    if planted::has(Fault::ExitJournalUnread) {
        return Ok(false);
    }
    let mut exits = ExitJournal::open(&open.book.exit_journal()).map_err(StartError::ExitJournal)?;
    let unfolded = exits.unfolded().map_err(StartError::ExitJournal)?;
    for damaged in &unfolded.damaged {
        steps.say(&format!(
            "slot {} of the exit journal was cut off while it was written: its sale never left",
            damaged.slot
        ));
    }
    let ids: Vec<_> = unfolded.entries.iter().map(|entry| entry.attempt.order.attempt).collect();
    let unwritten = patiently(steps, || runtime.block_on(restore::unwritten(&open.address, &ids)))?;
    let new: Vec<_> =
        unfolded.entries.iter().filter(|entry| unwritten.contains(&entry.attempt.order.attempt)).collect();
    if !new.is_empty() {
        write(plan, open, stored, &new)?;
        for Entry { attempt, .. } in &new {
            let (id, mint) = (attempt.order.attempt, attempt.order.mint);
            steps.say(&format!("attempt {id} to sell {mint} left by the exit journal: the book has it now"));
        }
    }
    let entries = unfolded.entries.iter().map(|entry| entry.slot);
    let slots: Vec<_> = entries.chain(unfolded.damaged.iter().map(|damaged| damaged.slot)).collect();
    if !slots.is_empty() {
        exits.fold(&slots).map_err(StartError::ExitJournal)?;
    }
    Ok(!new.is_empty())
}

/// Each entry as an event of its own behind the last one, with the facts and rows that its decision, where the book
/// has not even that, and its signing would have left.
fn write(plan: &Plan<'_>, open: &Open, stored: &Restored, new: &[&Entry]) -> Result<(), StartError> {
    let bounds = &plan.settings.engine.execution.sell_bounds;
    let mut journal = Journal::open(Options::new(open.address.clone(), Clock::Market))?;
    // Later events may not make the ids of these orders again.
    let newest = new.iter().map(|entry| entry.attempt.order.attempt.order.seq).max();
    let mut seq = newest.map_or(stored.last_seq, |newest| newest.max(stored.last_seq));
    let mut rows: Vec<Row> = stored.rows.clone();
    for Entry { attempt, signed, .. } in new {
        seq = Seq(seq.0 + 1);
        let Signed { signature, last_valid_height, raw } = signed.clone();
        let id = attempt.order.attempt;
        let opened = decided(&rows, id).is_none().then(|| Fact::OrderOpened(Box::new(attempt.order.clone())));
        let signed = Fact::AttemptJournaled { attempt: id, signature, last_valid_height, raw };
        let facts = opened.into_iter().chain([signed]).collect();
        let kept = adopted(&rows, attempt, bounds);
        rows.extend(kept.iter().cloned());
        let effects = Effects { facts, kept, ..Effects::default() };
        let envelope = Envelope { seq, now: stored.last_now, event: Event::Tick };
        journal.append(&envelope, &effects).map_err(StartError::NotDurable)?;
    }
    journal.close(WITHIN).map_err(StartError::NotDurable)
}
