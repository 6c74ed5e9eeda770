//! SQLite: write-ahead log, foreign keys, a patient wait for locks.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Row, SqliteConnection, TypeInfo, ValueRef};

use super::{Access, Durability, Form, Line, Speaks, Value, bound};

/// Memory for pages of the file, a connection: 1,024 KiB, which the sign says (without it, it would be pages).
const CACHE: &str = "-1024";

/// Opens the file.
pub(super) async fn open(
    path: &Path,
    durability: Durability,
    access: Access,
) -> Result<SqliteConnection, sqlx::Error> {
    let synchronous = match durability {
        Durability::Full => SqliteSynchronous::Full,
        Durability::Process => SqliteSynchronous::Normal,
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(access == Access::Create)
        .synchronous(synchronous)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("cache_size", CACHE)
        .disable_statement_logging();
    // A reader takes the file as it is; the log of a writer that was killed is folded in by whoever opens it.
    let options = if access == Access::Read { options } else { options.journal_mode(SqliteJournalMode::Wal) };
    options.connect().await
}

impl Speaks for SqliteConnection {
    async fn run(&mut self, sql: &str, values: &[Value]) -> Result<u64, sqlx::Error> {
        Ok(bound!(sql, values).execute(self).await?.rows_affected())
    }

    async fn read(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Line>, sqlx::Error> {
        bound!(sql, values).fetch_all(self).await?.iter().map(line).collect()
    }

    async fn script(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self).await.map(drop)
    }
}

/// A row, each value by what SQLite says that it is.
fn line(row: &SqliteRow) -> Result<Line, sqlx::Error> {
    let value = |column: usize| {
        let raw = row.try_get_raw(column)?;
        if raw.is_null() {
            return Ok(Value::Null(Form::Int));
        }
        let kind = raw.type_info().name().to_owned();
        match kind.as_str() {
            "INTEGER" | "INT4" | "BIGINT" | "BOOLEAN" => row.try_get_unchecked(column).map(Value::Int),
            "TEXT" => row.try_get_unchecked(column).map(Value::Text),
            "BLOB" => row.try_get_unchecked(column).map(Value::Bytes),
            other => Err(sqlx::Error::Decode(format!("column {column} holds a {other}").into())),
        }
    };
    (0..row.len()).map(value).collect::<Result<_, _>>().map(Line)
}
