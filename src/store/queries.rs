//! What commands and surfaces ask of a book. Every row that is given was checked against its sum.

use momentum_core::ids::{Mint, Pubkey};
use momentum_core::time::Timestamp;
use serde_json::Value as Json;

use crate::db::{Db, Value};
use crate::error::StoreError;
use crate::journal::RENT;
use crate::table::{Record, Table};
use crate::tables::{
    ATTEMPTS, AUDIT, BLACKLIST, BOT_STATE, CREATORS, DAYS, EXITS, FILLS, LADDER_LEGS, MINTS, ORDERS,
    POSITIONS, RUNS, SCORES, SIGNALS, SIMULATIONS, STOP_MOVES, TOKEN_METRICS, TOKENS,
};

/// Something that happened to a token, in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// What: `signal`, `order`, `attempt`, `simulation`, `fill`, `opened`, `stop`, `exit`, `closed`.
    pub what: &'static str,
    /// The row that tells it.
    pub row: Record,
}

/// Open positions, oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`] where a row is not what was written, and what the database says. So all below.
pub async fn open_positions(db: &mut Db) -> Result<Vec<Record>, StoreError> {
    POSITIONS.all(db, "WHERE closed_at IS NULL ORDER BY opened_at, mint", &[]).await
}

/// Positions closed in `from..to`, oldest first: what a P&L is exported from.
///
/// # Errors
/// See [`open_positions`].
pub async fn closed_positions(
    db: &mut Db,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Record>, StoreError> {
    let tail = "WHERE closed_at >= $1 AND closed_at < $2 ORDER BY closed_at, mint";
    POSITIONS.all(db, tail, &[from.0.into(), to.0.into()]).await
}

/// The rungs of a position's ladder, lowest first.
///
/// # Errors
/// See [`open_positions`].
pub async fn ladder(db: &mut Db, position: &Record) -> Result<Vec<Record>, StoreError> {
    LADDER_LEGS.all(db, "WHERE mint = $1 AND opened_at = $2 ORDER BY rung", position.key_values()).await
}

/// The token as its launch told it.
///
/// # Errors
/// See [`open_positions`].
pub async fn token(db: &mut Db, mint: Mint) -> Result<Option<Record>, StoreError> {
    TOKENS.get(db, &[mint.to_string().into()]).await
}

/// Creators of tokens that were signalled or traded, each with those tokens.
///
/// # Errors
/// See [`open_positions`].
pub async fn creators(db: &mut Db) -> Result<Vec<(Record, Vec<Record>)>, StoreError> {
    let mut found = Vec::new();
    for creator in CREATORS.all(db, "ORDER BY first_seen_at, creator", &[]).await? {
        let tokens = TOKENS.all(db, "WHERE creator = $1 ORDER BY launched_at", creator.key_values()).await?;
        found.push((creator, tokens));
    }
    Ok(found)
}

/// All that is known of what happened to a token with us, in order: signals and what became of them, orders,
/// attempts, what the chain says of buys on paper, fills, the position, its stop, its exits.
///
/// # Errors
/// See [`open_positions`].
pub async fn timeline(db: &mut Db, mint: Mint) -> Result<Vec<Moment>, StoreError> {
    let sources: [(&'static str, &Table, &str); 9] = [
        ("signal", &SIGNALS, "made_at"),
        ("order", &ORDERS, "opened_at"),
        ("attempt", &ATTEMPTS, "triggered_at"),
        ("simulation", &SIMULATIONS, "simulated_at"),
        ("fill", &FILLS, "filled_at"),
        ("opened", &POSITIONS, "opened_at"),
        ("stop", &STOP_MOVES, "moved_at"),
        ("exit", &EXITS, "fired_at"),
        ("closed", &POSITIONS, "closed_at"),
    ];
    let mut moments = Vec::new();
    for (what, table, at) in sources {
        let tail = format!("WHERE mint = $1 ORDER BY {at}");
        let rows = table.all(db, &tail, &[mint.to_string().into()]).await?;
        let moment = |row: Record| Some(Moment { at: Timestamp(row.int(at)?), what, row });
        moments.extend(rows.into_iter().filter_map(moment));
    }
    // What happened at one moment stands in the order of the sources, which is that of a trade's life.
    moments.sort_by_key(|moment| moment.at);
    Ok(moments)
}

/// An order that closes an account for its rent, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Closing {
    /// Its attempt.
    pub attempt: Record,
    /// What it did, where it landed: less rent than nothing is locked by it.
    pub fill: Option<Record>,
}

/// Orders behind the event `after` that close accounts for their rent, in order.
///
/// # Errors
/// See [`open_positions`].
pub async fn closings(db: &mut Db, after: i64) -> Result<Vec<Closing>, StoreError> {
    let mut found = Vec::new();
    let orders = "WHERE reason = $1 AND seq > $2 ORDER BY seq, nth";
    for order in ORDERS.all(db, orders, &[RENT.into(), after.into()]).await? {
        let of = "WHERE order_seq = $1 AND order_nth = $2 ORDER BY number";
        for attempt in ATTEMPTS.all(db, of, order.key_values()).await? {
            let fill = FILLS.get(db, attempt.key_values()).await?;
            found.push(Closing { attempt, fill });
        }
    }
    Ok(found)
}

/// The newest signals, newest first.
///
/// # Errors
/// See [`open_positions`].
pub async fn signals(db: &mut Db, most: u32) -> Result<Vec<Record>, StoreError> {
    SIGNALS.all(db, "ORDER BY seq DESC, nth DESC LIMIT $1", &[i64::from(most).into()]).await
}

/// The newest fills, newest first.
///
/// # Errors
/// See [`open_positions`].
pub async fn trades(db: &mut Db, most: u32) -> Result<Vec<Record>, StoreError> {
    let tail = "ORDER BY filled_at DESC, order_seq DESC, order_nth DESC, number DESC LIMIT $1";
    FILLS.all(db, tail, &[i64::from(most).into()]).await
}

/// The newest entries of the audit, newest first.
///
/// # Errors
/// See [`open_positions`].
pub async fn audit(db: &mut Db, most: u32) -> Result<Vec<Record>, StoreError> {
    AUDIT.all(db, "ORDER BY seq DESC, nth DESC LIMIT $1", &[i64::from(most).into()]).await
}

/// How far the book is, and the newest run in it.
///
/// # Errors
/// See [`open_positions`].
pub async fn state(db: &mut Db) -> Result<(Option<Record>, Option<Record>), StoreError> {
    let state = BOT_STATE.get(db, &[1.into()]).await?;
    let run = RUNS.all(db, "ORDER BY first_seq DESC LIMIT 1", &[]).await?.into_iter().next();
    Ok((state, run))
}

/// The days that are over, oldest first.
///
/// # Errors
/// See [`open_positions`].
pub async fn days(db: &mut Db) -> Result<Vec<Record>, StoreError> {
    DAYS.all(db, "ORDER BY day", &[]).await
}

/// What is never entered, in the order in which it was listed.
///
/// # Errors
/// See [`open_positions`].
pub async fn blacklist(db: &mut Db) -> Result<Vec<Record>, StoreError> {
    BLACKLIST.all(db, "ORDER BY listed_at, key", &[]).await
}

/// Lists a mint or a creator, while no bot runs on the book; a running one is told by a command.
///
/// # Errors
/// See [`open_positions`].
pub async fn list(db: &mut Db, key: Pubkey, who: &str, why: &str, now: Timestamp) -> Result<(), StoreError> {
    let row = BLACKLIST.empty().with("key", key.to_string()).with("who", who).with("why", why);
    BLACKLIST.put(db, &row.with("listed_at", now.0)).await
}

/// Takes a key off the list, while no bot runs on the book. Whether it was on it.
///
/// # Errors
/// See [`open_positions`].
pub async fn unlist(db: &mut Db, key: Pubkey) -> Result<bool, StoreError> {
    let key = [Value::from(key.to_string())];
    let listed = BLACKLIST.get(db, &key).await?.is_some();
    BLACKLIST.delete(db, &key).await?;
    Ok(listed)
}

/// The newest score of a token and what it was made of, out of the metrics.
///
/// # Errors
/// See [`open_positions`].
pub async fn newest_score(db: &mut Db, mint: Mint) -> Result<Option<(Record, Record)>, StoreError> {
    let of = MINTS.all(db, "WHERE mint = $1", &[mint.to_string().into()]).await?.into_iter().next();
    let Some(id) = of.and_then(|of| of.int("id")) else { return Ok(None) };
    let newest = SCORES.all(db, "WHERE mint_id = $1 ORDER BY id DESC LIMIT 1", &[id.into()]).await?;
    let Some(score) = newest.into_iter().next() else { return Ok(None) };
    let metrics = TOKEN_METRICS.get(db, score.key_values()).await?;
    Ok(metrics.map(|metrics| (score, metrics)))
}

impl Record {
    /// The row for people and pipes: integers as texts, times as RFC 3339, what is empty as null. Bytes are
    /// left out.
    #[must_use]
    pub fn shown(&self) -> Json {
        let cell = |name: &str, value: &Value| {
            let time = name.ends_with("_at") || matches!(name, "day" | "last_now" | "rest_until");
            match value {
                Value::Int(micros) if time => Some(Json::String(Timestamp(*micros).to_string())),
                Value::Int(value) => Some(Json::String(value.to_string())),
                Value::Text(text) if matches!(name, "body" | "breakdown") => serde_json::from_str(text).ok(),
                Value::Text(text) => Some(Json::String(text.clone())),
                Value::Bytes(_) => None,
                Value::Null(_) => Some(Json::Null),
            }
        };
        self.cells().filter_map(|(name, value)| Some((name.to_owned(), cell(name, value)?))).collect()
    }
}
