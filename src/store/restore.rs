//! Tables into rows again: what the trader needs to be the one that it was, and what the world must be asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use momentum_core::action::{Order, Swap};
use momentum_core::event::Fill;
use momentum_core::ids::{AttemptId, Mint, OrderId, Pubkey, Seq, Signature, Slot, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::trader::ledger::Row;
use momentum_core::trader::orders::Attempt;
use momentum_core::trader::positions::Position;
use momentum_core::units::TokenAmount;
use serde_json::Value as Json;

use crate::address::Address;
use crate::db::{Access, Db, Durability};
use crate::error::StoreError;
use crate::journal::COLD;
use crate::migrations::{self, Series};
use crate::table::{Record, Table};
use crate::tables::{
    ACCOUNT_CLASSES, ACCOUNTS, ATTEMPTS, BLACKLIST, BOT_STATE, BUYS, DESK, FILLS, LADDER_LEGS, POSITIONS,
    TOKEN_PAST,
};
use crate::verify;
use crate::witness::Witness;

/// Rows that are read at a time where a whole table is: a year of scores does not fit into memory.
const PAGE: usize = 20_000;

/// A book as it was after its last commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Restored {
    /// The last event that is in it: the next one is greater.
    pub last_seq: Seq,
    /// The time of that event: no later one is earlier.
    pub last_now: Timestamp,
    /// What the bot said last that it does.
    pub status: Option<String>,
    /// All that the trader kept.
    pub rows: Vec<Row>,
    /// Attempts that the chain has not ended.
    pub unended: Vec<Unended>,
    /// Landings that may not have been final yet.
    pub landed: Vec<Landed>,
    /// Tokens by our fills: what the token accounts of a simulated venue hold. One that was emptied is still
    /// there: its rent was paid, and is not paid again.
    pub holdings: BTreeMap<(Wallet, Mint), TokenAmount>,
    /// Mints and creators that are never entered.
    pub blacklist: Vec<Pubkey>,
}

/// An attempt that the chain has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unended {
    /// Which.
    pub attempt: AttemptId,
    /// When its bytes were told; none where it has none: it never left.
    pub prepared_at: Option<Timestamp>,
    /// When it first left, as far as was told: one that is prepared may have left too.
    pub sent_at: Option<Timestamp>,
    /// The signed bytes.
    pub raw: Option<Vec<u8>>,
    /// Their signature.
    pub signature: Option<Signature>,
    /// Block height after which they cannot land.
    pub last_valid_height: Option<u64>,
}

/// A landing so near to the end of what was written that a fork may have taken it back since.
#[derive(Clone, Debug, PartialEq)]
pub struct Landed {
    /// What it carried out.
    pub order: Order,
    /// The signed bytes.
    pub raw: Vec<u8>,
    /// Their signature.
    pub signature: Signature,
    /// Block height after which they cannot land.
    pub last_valid_height: u64,
    /// Where it landed.
    pub slot: Slot,
    /// When that was told.
    pub at: Timestamp,
    /// What it did.
    pub fill: Fill,
}

/// Time before the last event in which a landing may not have been final: several times what a chain takes.
const UNSETTLED: Duration = Duration::from_secs(120);

/// Attempts that the chain has not ended, by their order.
const UNENDED: &str = "WHERE ended_at IS NULL ORDER BY order_seq, order_nth, number";

/// Reads a book. `None` where nothing was ever written into it.
///
/// # Errors
/// [`StoreError::Corrupt`] with the file or table, wherever what is stored is not what was written; another
/// schema; a database that does not answer.
pub async fn restore(address: &Address) -> Result<Option<Restored>, StoreError> {
    let mut db = Db::open(address, Durability::Full, Access::Write).await?;
    migrations::check(&mut db, Series::Book).await?;
    verify::whole(&mut db, Series::Book).await?;
    let restored = read(&mut db, address).await;
    match db.close().await {
        Ok(()) => restored,
        Err(error) => restored.and(Err(error)),
    }
}

/// Those of these attempts that the book has no bytes of: one that it has never heard of, or whose decision was
/// written down and nothing after it.
///
/// # Errors
/// See [`restore`].
pub async fn unwritten(address: &Address, ids: &[AttemptId]) -> Result<BTreeSet<AttemptId>, StoreError> {
    let mut db = Db::open(address, Durability::Full, Access::Write).await?;
    let found = without_bytes(&mut db, ids).await;
    match db.close().await {
        Ok(()) => found,
        Err(error) => found.and(Err(error)),
    }
}

async fn without_bytes(db: &mut Db, ids: &[AttemptId]) -> Result<BTreeSet<AttemptId>, StoreError> {
    let mut unwritten = BTreeSet::new();
    for id in ids {
        let AttemptId { order: OrderId { seq, nth }, number } = *id;
        let seq = i64::try_from(seq.0).map_err(|_| StoreError::TooLarge("seq".to_owned()))?;
        let key = [seq.into(), i64::from(nth).into(), i64::from(number).into()];
        let row = ATTEMPTS.get(db, &key).await?;
        if row.is_none_or(|row| row.bytes("raw").is_none() && row.int("ended_at").is_none()) {
            unwritten.insert(*id);
        }
    }
    Ok(unwritten)
}

async fn read(db: &mut Db, address: &Address) -> Result<Option<Restored>, StoreError> {
    let state = BOT_STATE.get(db, &[1.into()]).await?;
    let commits = state.as_ref().and_then(|state| state.int("commits")).unwrap_or_default();
    if let Some(file) = address.file() {
        Witness::beside(file).agrees(commits)?;
    }
    let Some(state) = state.filter(|_| commits > 0) else { return Ok(None) };
    let mut rows = accounts(db).await?;
    rows.extend(positions(db).await?);
    for row in BUYS.all(db, "ORDER BY mint", &[]).await? {
        let mint = key(&row, "mint")?;
        rows.push(Row::Buy { mint, buying: Box::new(row.fold()?) });
    }
    let mut unended = Vec::new();
    for row in ATTEMPTS.all(db, UNENDED, &[]).await? {
        rows.push(Row::Attempt(Box::new(row.fold()?)));
        unended.push(Unended {
            attempt: attempt_id(&row)?,
            prepared_at: row.int("prepared_at").map(Timestamp),
            sent_at: row.int("sent_at").map(Timestamp),
            raw: row.bytes("raw").map(<[u8]>::to_vec),
            signature: row.text("signature").map(|_| key(&row, "signature")).transpose()?,
            last_valid_height: row.int("last_valid_height").and_then(|height| u64::try_from(height).ok()),
        });
    }
    for row in TOKEN_PAST.all(db, "ORDER BY mint", &[]).await? {
        rows.push(Row::Past { mint: key(&row, "mint")?, past: row.fold()? });
    }
    for row in DESK.all(db, "", &[]).await? {
        rows.push(Row::Desk(Arc::new(row.fold()?)));
    }
    let listed = BLACKLIST.all(db, "ORDER BY listed_at, key", &[]).await?;
    Ok(Some(Restored {
        last_seq: Seq(u64::try_from(state.int("last_seq").unwrap_or_default()).unwrap_or_default()),
        last_now: Timestamp(state.int("last_now").unwrap_or_default()),
        status: state.text("status").map(str::to_owned),
        rows,
        unended,
        landed: landed(db, Timestamp(state.int("last_now").unwrap_or_default())).await?,
        holdings: holdings(db).await?,
        blacklist: listed.iter().map(|row| key(row, "key")).collect::<Result<_, _>>()?,
    }))
}

async fn accounts(db: &mut Db) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    for row in ACCOUNTS.all(db, "ORDER BY wallet", &[]).await? {
        let mut classes = serde_json::Map::new();
        let of = "WHERE wallet = $1 ORDER BY class";
        for class in ACCOUNT_CLASSES.all(db, of, row.key_values()).await? {
            let amount = class.int("amount").unwrap_or_default().to_string();
            classes.insert(class.text("class").unwrap_or_default().to_owned(), amount.into());
        }
        let account = row.read(with(row.fold_tree()?, "classes", classes.into()))?;
        rows.push(Row::Account { wallet: key(&row, "wallet")?, account });
    }
    Ok(rows)
}

/// Open positions, whole, by mint: what is read where no bot runs.
///
/// # Errors
/// See [`restore`].
pub async fn open_positions(db: &mut Db) -> Result<Vec<Position>, StoreError> {
    let of = |row| match row {
        Row::Position(position) => Some(*position),
        _ => None,
    };
    Ok(positions(db).await?.into_iter().filter_map(of).collect())
}

/// Attempts without an end, by their order.
///
/// # Errors
/// See [`restore`].
pub async fn attempts(db: &mut Db) -> Result<Vec<Attempt>, StoreError> {
    ATTEMPTS.all(db, UNENDED, &[]).await?.iter().map(Record::fold).collect()
}

/// Tokens that something of ours is in: an open position, a buy or an attempt without an end.
///
/// # Errors
/// See [`restore`].
pub async fn in_play(db: &mut Db) -> Result<BTreeSet<Mint>, StoreError> {
    let mut mints = BTreeSet::new();
    for (table, of) in
        [(POSITIONS, "WHERE closed_at IS NULL"), (BUYS, ""), (ATTEMPTS, "WHERE ended_at IS NULL")]
    {
        for row in table.all(db, of, &[]).await? {
            mints.insert(key(&row, "mint")?);
        }
    }
    Ok(mints)
}

async fn positions(db: &mut Db) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    for row in POSITIONS.all(db, "WHERE closed_at IS NULL ORDER BY mint", &[]).await? {
        let of = "WHERE mint = $1 AND opened_at = $2 ORDER BY rung";
        let legs = LADDER_LEGS.all(db, of, row.key_values()).await?;
        let in_order = legs.iter().enumerate().all(|(nth, leg)| leg.int("rung") == i64::try_from(nth).ok());
        if !in_order {
            let (place, what) =
                ("table ladder_legs".to_owned(), format!("the ladder of {} has holes", row.key()));
            return Err(StoreError::Corrupt { place, what });
        }
        let rungs = legs.iter().map(rung).collect::<Result<Vec<_>, _>>()?;
        rows.push(Row::Position(Box::new(row.read(with(row.fold_tree()?, "rungs", rungs.into()))?)));
    }
    Ok(rows)
}

/// A rung has all its leaves in columns, so the objects around them are made here.
fn rung(leg: &Record) -> Result<Json, StoreError> {
    let amount = |name: &str| leg.int(name).unwrap_or_default().to_string();
    Ok(serde_json::json!({
        "at": { "lamports": amount("at_lamports"), "tokens": amount("at_tokens") },
        "tokens": amount("tokens"),
        "leg": leg.text("leg"),
    }))
}

fn with(mut tree: Json, name: &str, value: Json) -> Json {
    if let Some(object) = tree.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
    tree
}

/// Those of the last minutes before `last`.
async fn landed(db: &mut Db, last: Timestamp) -> Result<Vec<Landed>, StoreError> {
    let since = i64::try_from(UNSETTLED.as_micros()).map_or(i64::MIN, |micros| last.0.saturating_sub(micros));
    let mut landed = Vec::new();
    let of = "WHERE filled_at >= $1 ORDER BY order_seq, order_nth, number";
    for row in FILLS.all(db, of, &[since.into()]).await? {
        let Some(attempt) = ATTEMPTS.get(db, row.key_values()).await? else { continue };
        let order = attempt.fold::<Attempt>()?.order;
        // What swapped nothing has nothing to be taken back: balances tell whether it is there.
        if matches!(order.swap, Swap::Close | Swap::Withdraw { .. }) {
            continue;
        }
        let bytes = attempt.bytes("raw").map(<[u8]>::to_vec);
        let height = attempt.int("last_valid_height").and_then(|height| u64::try_from(height).ok());
        // One that left by the exit journal may lack them.
        let (Some(raw), Some(last_valid_height)) = (bytes, height) else { continue };
        landed.push(Landed {
            order,
            raw,
            signature: key(&attempt, "signature")?,
            last_valid_height,
            slot: Slot(row.int("slot").and_then(|slot| u64::try_from(slot).ok()).unwrap_or_default()),
            at: Timestamp(row.int("filled_at").unwrap_or_default()),
            fill: row.read(fill(&row))?,
        });
    }
    Ok(landed)
}

/// A fill has all its leaves in columns. One of the simulated venue moved reserves beside, which nobody takes back.
fn fill(row: &Record) -> Json {
    let amount = |name: &str| row.int(name).unwrap_or_default().to_string();
    let number = |name: &str| row.int(name).unwrap_or_default();
    serde_json::json!({
        "side": row.text("side"),
        "tokens": amount("tokens"),
        "lamports": amount("lamports"),
        "fees": { "lp": number("fee_lp"), "protocol": number("fee_protocol"), "creator": number("fee_creator") },
        "costs": {
            "base": amount("cost_base"), "priority": amount("cost_priority"), "tip": amount("cost_tip"),
        },
        "rent_locked": amount("rent_locked"),
        "impact": null,
    })
}

/// Every fill is read, so that each is checked: a sum that the database makes would take what is there. Where more was
/// sold than bought nothing is held: whoever has to get out needs a book that opens.
async fn holdings(db: &mut Db) -> Result<BTreeMap<(Wallet, Mint), TokenAmount>, StoreError> {
    let mut sums: BTreeMap<(Wallet, Mint), i128> = BTreeMap::new();
    for row in FILLS.all(db, "ORDER BY order_seq, order_nth, number", &[]).await? {
        // What went to the cold address is of no token.
        if row.text("reason") == Some(COLD) {
            continue;
        }
        let tokens = i128::from(row.int("tokens").unwrap_or_default());
        let sign = if row.text("side") == Some("buy") { 1 } else { -1 };
        *sums.entry((key(&row, "wallet")?, key(&row, "mint")?)).or_default() += sign * tokens;
    }
    let mut holdings = BTreeMap::new();
    for ((wallet, mint), sum) in sums {
        // What was adopted is sold, and was never bought.
        if sum < 0 && !adopted(db, wallet, mint).await? {
            tracing::error!(%wallet, %mint, "a rule of ours is broken: it sold {} more than it bought", -sum);
        }
        let held = u64::try_from(sum.max(0)).unwrap_or(u64::MAX);
        holdings.insert((wallet, mint), TokenAmount(held));
    }
    Ok(holdings)
}

/// Whether tokens of this wallet were once taken for a position that no order of ours had bought.
async fn adopted(db: &mut Db, wallet: Wallet, mint: Mint) -> Result<bool, StoreError> {
    let of = "WHERE wallet = $1 AND mint = $2";
    for row in POSITIONS.all(db, of, &[wallet.to_string().into(), mint.to_string().into()]).await? {
        if row.fold_tree()?["adopted"] == Json::Bool(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A key of the chain out of a column.
fn key<T: std::str::FromStr>(row: &Record, name: &str) -> Result<T, StoreError> {
    row.text(name).and_then(|text| text.parse().ok()).ok_or_else(|| StoreError::Corrupt {
        place: format!("table {}", row.table()),
        what: format!("{name} of the row {} is no key", row.key()),
    })
}

fn attempt_id(row: &Record) -> Result<AttemptId, StoreError> {
    let wrong = || StoreError::Corrupt {
        place: format!("table {}", row.table()),
        what: format!("the row {} names no attempt", row.key()),
    };
    let part = |name: &str| row.int(name).ok_or_else(wrong);
    let seq = Seq(u64::try_from(part("order_seq")?).map_err(|_| wrong())?);
    let nth = u16::try_from(part("order_nth")?).map_err(|_| wrong())?;
    let number = u16::try_from(part("number")?).map_err(|_| wrong())?;
    Ok(AttemptId { order: OrderId { seq, nth }, number })
}

/// How many rows a table has, each of them checked.
///
/// # Errors
/// As [`Table::all`].
pub(crate) async fn checked_rows(db: &mut Db, table: &Table) -> Result<usize, StoreError> {
    let keys: Vec<_> = table.columns[..table.key].iter().map(|column| column.name).collect();
    let (keys, places) =
        (keys.join(", "), (1..=table.key).map(|nth| format!("${nth}")).collect::<Vec<_>>().join(", "));
    let page = format!("ORDER BY {keys} LIMIT {PAGE}");
    let (mut count, mut rows) = (0, table.all(db, &page, &[]).await?);
    while let Some(last) = rows.last().cloned() {
        count += rows.len();
        let next = format!("WHERE ({keys}) > ({places}) {page}");
        rows = table.all(db, &next, last.key_values()).await?;
    }
    Ok(count)
}
