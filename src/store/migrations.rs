//! The schema: numbered files, compiled in. What is applied is remembered with its SHA-256; an applied file is
//! never edited, and one that was is refused.

use std::time::{SystemTime, UNIX_EPOCH};

use momentum_core::ids::Hash;
use momentum_core::time::Timestamp;
use sha2::{Digest, Sha256};

use crate::db::{Db, Value};
use crate::error::StoreError;

/// One of the two schemas of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// Money and all that belongs to it.
    Book,
    /// Token metrics and scores.
    Metrics,
}

impl Series {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Book, Self::Metrics];

    /// Its name: that of its folder.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::Metrics => "metrics",
        }
    }

    /// Its migrations for one kind of database, in order.
    #[must_use]
    pub const fn migrations(self, sqlite: bool) -> &'static [Migration] {
        match (self, sqlite) {
            (Self::Book, true) => SQLITE_BOOK,
            (Self::Metrics, true) => SQLITE_METRICS,
            (Self::Book, false) => POSTGRES_BOOK,
            (Self::Metrics, false) => POSTGRES_METRICS,
        }
    }
}

/// One file.
#[derive(Debug)]
pub struct Migration {
    /// Its number, from 1 without holes.
    pub number: i64,
    /// Its name, without number and ending.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
}

macro_rules! files {
    ($($table:ident in $folder:literal: $($number:literal = $name:literal,)+)+) => {$(
        const $table: &[Migration] = &[$(Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../../migrations/", $folder, "/000", $number, "_", $name, ".sql")),
        }),+];
    )+};
}

files! {
    SQLITE_BOOK in "sqlite/book": 1 = "book", 2 = "simulations", 3 = "slots",
    SQLITE_METRICS in "sqlite/metrics": 1 = "metrics",
    POSTGRES_BOOK in "postgres/book": 1 = "book", 2 = "simulations", 3 = "slots",
    POSTGRES_METRICS in "postgres/metrics": 1 = "metrics",
}

impl Migration {
    /// The SHA-256 of its text.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash(Sha256::digest(self.sql).into())
    }
}

/// A migration and whether it is applied.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The schema that it belongs to.
    pub series: Series,
    /// The file.
    pub migration: &'static Migration,
    /// When it was applied; none where it is not yet.
    pub applied: Option<Timestamp>,
}

/// Remembered beside the tables that they made; on a server both schemas of a book share it.
const REMEMBERED: &str = "CREATE TABLE IF NOT EXISTS migrations (series TEXT NOT NULL, number BIGINT NOT NULL, \
     name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (series, number))";

/// What is applied and what is not, in order.
///
/// # Errors
/// [`StoreError::Newer`] and [`StoreError::Edited`] where the database is not one of this version's, and what
/// the database says.
pub async fn steps(db: &mut Db, series: Series) -> Result<Vec<Step>, StoreError> {
    let known = series.migrations(db.is_sqlite());
    let mut applied = Vec::new();
    if remembers(db).await? {
        let sql = "SELECT number, name, sha256, applied_at FROM migrations WHERE series = $1 ORDER BY number";
        for line in db.rows(sql, &[series.name().into()]).await? {
            let number = line.int(0).unwrap_or_default();
            let place = usize::try_from(number).unwrap_or_default().checked_sub(1);
            let Some(migration) = place.and_then(|place| known.get(place)) else {
                let known = i64::try_from(known.len()).unwrap_or(i64::MAX);
                return Err(StoreError::Newer { found: number, known });
            };
            if line.text(2) != Some(migration.hash().to_string().as_str()) {
                let name = line.text(1).unwrap_or(migration.name).to_owned();
                return Err(StoreError::Edited { number, name });
            }
            applied.push(Timestamp(line.int(3).unwrap_or_default()));
        }
    }
    let when = |nth: usize| applied.get(nth).copied();
    Ok(known
        .iter()
        .enumerate()
        .map(|(nth, migration)| Step { series, migration, applied: when(nth) })
        .collect())
}

/// Whether the schema is this version's, whole.
///
/// # Errors
/// [`StoreError::Behind`], and as [`steps`].
pub async fn check(db: &mut Db, series: Series) -> Result<(), StoreError> {
    let steps = steps(db, series).await?;
    let done = steps.iter().filter(|step| step.applied.is_some()).count();
    if done < steps.len() {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        return Err(StoreError::Behind { found: number(done), known: number(steps.len()) });
    }
    Ok(())
}

/// Applies what is not applied, each file in a transaction of its own. Gives what it applied.
///
/// # Errors
/// As [`steps`]. A file that fails leaves nothing behind; those before it stay applied.
pub async fn up(db: &mut Db, series: Series) -> Result<Vec<Step>, StoreError> {
    let mut done = Vec::new();
    loop {
        db.begin().await?;
        match next(db, series).await {
            Ok(Some(step)) => {
                db.commit().await?;
                done.push(step);
            }
            Ok(None) => {
                db.commit().await?;
                return Ok(done);
            }
            Err(error) => {
                // The first error is the one to tell; the caller drops the connection with whatever is open.
                return match db.rollback().await {
                    Ok(()) | Err(_) => Err(error),
                };
            }
        }
    }
}

/// Applies the first file that is not applied, inside a transaction that keeps others out.
async fn next(db: &mut Db, series: Series) -> Result<Option<Step>, StoreError> {
    db.script(REMEMBERED).await?;
    if !db.is_sqlite() {
        db.script("LOCK TABLE migrations IN EXCLUSIVE MODE").await?;
    }
    let Some(step) = steps(db, series).await?.into_iter().find(|step| step.applied.is_none()) else {
        return Ok(None);
    };
    db.script(step.migration.sql).await?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(now.as_micros()).unwrap_or(i64::MAX);
    let Migration { number, name, .. } = *step.migration;
    let values: [Value; 5] = [
        series.name().into(),
        number.into(),
        name.into(),
        step.migration.hash().to_string().into(),
        now.into(),
    ];
    let sql = "INSERT INTO migrations (series, number, name, sha256, applied_at) VALUES ($1, $2, $3, $4, $5)";
    db.execute(sql, &values).await?;
    Ok(Some(Step { applied: Some(Timestamp(now)), ..step }))
}

async fn remembers(db: &mut Db) -> Result<bool, StoreError> {
    Ok(columns(db, "migrations").await?.iter().any(|column| column == "sha256"))
}

/// The columns of a table in order; none where there is no such table.
///
/// # Errors
/// What the database says.
pub async fn columns(db: &mut Db, table: &str) -> Result<Vec<String>, StoreError> {
    let sql = if db.is_sqlite() {
        "SELECT name FROM pragma_table_info($1) ORDER BY cid"
    } else {
        "SELECT CAST(column_name AS TEXT) FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
    };
    let lines = db.rows(sql, &[table.into()]).await?;
    Ok(lines.iter().filter_map(|line| line.text(0).map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_folders_is_compiled_in_and_no_other() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        for (kind, sqlite) in [("sqlite", true), ("postgres", false)] {
            for series in Series::ALL {
                let folder = std::fs::read_dir(root.join(kind).join(series.name())).unwrap();
                let mut found: Vec<_> =
                    folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
                found.sort();
                let known = series.migrations(sqlite).iter();
                let known: Vec<_> = known.map(|m| format!("{:04}_{}.sql", m.number, m.name)).collect();
                assert_eq!(found, known, "{kind} {}", series.name());
                let numbers: Vec<_> = series.migrations(sqlite).iter().map(|m| m.number).collect();
                assert_eq!(numbers, (1..=numbers.len() as i64).collect::<Vec<_>>(), "no holes");
            }
        }
    }

    #[test]
    fn both_databases_have_the_same_migrations() {
        for series in Series::ALL {
            let names =
                |sqlite| series.migrations(sqlite).iter().map(|m| (m.number, m.name)).collect::<Vec<_>>();
            assert_eq!(names(true), names(false), "{}", series.name());
        }
    }
}
