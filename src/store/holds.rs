//! What holds trading back by the book's own row, for commands that find no bot: a running one is told by an
//! event, and writes the row itself.

use momentum_core::event::{Command, Commanded};
use momentum_core::time::Timestamp;
use momentum_core::trader::ledger::Desk;
use momentum_core::trader::state::Held;

use crate::db::Db;
use crate::error::StoreError;
use crate::tables::{AUDIT, BOT_STATE, DESK};

/// All that holds trading back; nothing in a book that nothing was ever written into.
///
/// # Errors
/// See [`restore`](crate::restore::restore).
pub async fn holds(db: &mut Db) -> Result<Vec<Held>, StoreError> {
    Ok(desk(db).await?.map(|desk| desk.holds.iter().cloned().collect()).unwrap_or_default())
}

/// Ends what a `Resume` or a `Reset` ends, and writes that into the audit; whether anything held. Other commands
/// need the engine and do nothing here. The caller holds the lock of the book.
///
/// # Errors
/// See [`restore`](crate::restore::restore).
pub async fn end(db: &mut Db, told: &Commanded, now: Timestamp) -> Result<bool, StoreError> {
    let Some(mut desk) = desk(db).await? else { return Ok(false) };
    let before = desk.holds.clone();
    match &told.command {
        Command::Resume => desk.holds.resume(&told.who),
        Command::Reset(hold) => desk.holds.reset(*hold),
        _ => {}
    }
    if desk.holds == before {
        return Ok(false);
    }
    DESK.put(db, &DESK.lift(&desk)?.with("id", 1)).await?;
    // It happened behind the last event and before the next one: the audit counts it down from the former.
    let state = BOT_STATE.get(db, &[1.into()]).await?;
    let seq = state.and_then(|state| state.int("last_seq")).unwrap_or_default();
    let told_there = AUDIT.all(db, "WHERE seq = $1 ORDER BY nth LIMIT 1", &[seq.into()]).await?;
    let first = told_there.first().and_then(|row| row.int("nth")).unwrap_or_default();
    let row = AUDIT
        .empty()
        .with("seq", seq)
        .with("nth", first.min(-1) - 1)
        .with("told_at", now.0)
        .with("kind", "command")
        .with("who", told.who.as_str())
        .with("why", told.why.as_str())
        .with("body", AUDIT.tree(&told.command)?.to_string());
    AUDIT.put_once(db, &row, &[]).await?;
    Ok(true)
}

async fn desk(db: &mut Db) -> Result<Option<Desk>, StoreError> {
    DESK.get(db, &[1.into()]).await?.map(|row| row.fold()).transpose()
}
