//! What the trader keeps, into the tables that restore reads: each row whole, as it is after its event.

use momentum_core::ids::{AttemptId, Mint};
use momentum_core::trader::books::Account;
use momentum_core::trader::ledger::Row;
use momentum_core::trader::orders::Attempt;
use momentum_core::trader::positions::Position;

use super::history::{attempt_row, save, whole};
use super::item::Item;
use super::writer::Live;
use crate::db::Db;
use crate::error::StoreError;
use crate::table::{Record, Table};
use crate::tables::{ACCOUNT_CLASSES, ACCOUNTS, ATTEMPTS, BUYS, DESK, LADDER_LEGS, POSITIONS, TOKEN_PAST};

/// Parts that are remembered: of more things than are open at once.
const PARTS: usize = 4_096;

/// Whether a row ends a thing: the state before it is written too, since the end is told of that.
pub(super) const fn is_over(row: &Row) -> bool {
    matches!(row, Row::PositionOver(_) | Row::AttemptOver(_) | Row::BuyOver(_))
}

/// Writes one row.
pub(super) async fn write(db: &mut Db, live: &mut Live, row: &Row, item: &Item) -> Result<(), StoreError> {
    match row {
        Row::Account { wallet, account } => account_row(db, live, &wallet.to_string(), account).await,
        Row::Position(position) | Row::Marked(position) => position_row(db, live, position).await,
        Row::PositionOver(mint) => position_over(db, *mint, item).await,
        Row::Buy { buying, .. } => BUYS.put(db, &BUYS.lift(buying)?).await,
        Row::BuyOver(mint) => BUYS.delete(db, &[mint.to_string().into()]).await,
        Row::Attempt(attempt) => attempt_kept(db, live, attempt).await,
        Row::AttemptOver(id) => attempt_over(db, live, *id, item).await,
        Row::Past { mint, past } => {
            TOKEN_PAST.put(db, &TOKEN_PAST.lift(past)?.with("mint", mint.to_string())).await
        }
        Row::Desk(desk) => DESK.put(db, &DESK.lift(desk)?.with("id", 1)).await,
    }
}

/// A wallet, and how its balance came about: the classes are rows of their own.
async fn account_row(
    db: &mut Db,
    live: &mut Live,
    wallet: &str,
    account: &Account,
) -> Result<(), StoreError> {
    let mut tree = ACCOUNTS.tree(account)?;
    if let Some(object) = tree.as_object_mut() {
        object.remove("classes");
    }
    ACCOUNTS.put(db, &ACCOUNTS.lift_tree(tree)?.with("wallet", wallet)).await?;
    for (class, sum) in account.classes() {
        let class = ACCOUNT_CLASSES.tree(&class)?;
        let row = ACCOUNT_CLASSES
            .empty()
            .with("wallet", wallet)
            .with("class", class.as_str().unwrap_or_default())
            .with("amount", sum.0);
        part(db, live, &ACCOUNT_CLASSES, row).await?;
    }
    Ok(())
}

/// An open position; the rungs of its ladder are rows of their own.
async fn position_row(db: &mut Db, live: &mut Live, position: &Position) -> Result<(), StoreError> {
    let mut tree = POSITIONS.tree(position)?;
    if let Some(object) = tree.as_object_mut() {
        object.remove("rungs");
    }
    let row = POSITIONS.lift_tree(tree)?;
    POSITIONS.put(db, &row).await?;
    for (nth, rung) in position.rungs.iter().enumerate() {
        let leg = LADDER_LEGS
            .lift(rung)?
            .with("mint", position.mint.to_string())
            .with("opened_at", position.opened.0)
            .with("rung", whole(nth as u64, "rung")?);
        part(db, live, &LADDER_LEGS, leg).await?;
    }
    Ok(())
}

/// Writes a part of a thing where it is not as the database has it: the whole is written far more often than most of
/// its parts change, and what is signed waits for each statement.
async fn part(db: &mut Db, live: &mut Live, table: &Table, row: Record) -> Result<(), StoreError> {
    let key = (table.name, row.key());
    if live.parts.get(&key) == Some(&row) {
        return Ok(());
    }
    table.put(db, &row).await?;
    if live.parts.len() >= PARTS {
        live.parts.clear();
    }
    live.parts.insert(key, row);
    Ok(())
}

/// A position is no longer open. Its end is told by a fact of the same event; this makes sure of it.
async fn position_over(db: &mut Db, mint: Mint, item: &Item) -> Result<(), StoreError> {
    let open = "WHERE mint = $1 AND closed_at IS NULL";
    for row in POSITIONS.all(db, open, &[mint.to_string().into()]).await? {
        POSITIONS.put(db, &row.with("closed_at", item.now.0)).await?;
    }
    Ok(())
}

async fn attempt_kept(db: &mut Db, live: &mut Live, attempt: &Attempt) -> Result<(), StoreError> {
    let id = attempt.order.attempt;
    let row = attempt_row(db, live, id).await?.updated(&ATTEMPTS.lift(attempt)?);
    save(live, id, row);
    Ok(())
}

async fn attempt_over(db: &mut Db, live: &mut Live, id: AttemptId, item: &Item) -> Result<(), StoreError> {
    let row = attempt_row(db, live, id).await?;
    if row.int("ended_at").is_none() {
        save(live, id, row.with("ended_at", item.now.0));
    }
    Ok(())
}
