//! What databases and recordings hold, out of their pages and without compression, which a search would not see
//! through.

use std::fmt::Write;
use std::path::Path;

use momentum_store::recording::Recording;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

/// Every value of every table of a database.
pub(super) async fn values(file: &Path) -> Vec<u8> {
    let mut store = SqliteConnectOptions::new().filename(file).read_only(true).connect().await.unwrap();
    let named = "SELECT name FROM sqlite_master WHERE type = 'table'";
    let tables: Vec<String> = sqlx::query_scalar(named).fetch_all(&mut store).await.unwrap();
    assert!(!tables.is_empty(), "{}", file.display());
    let mut values = Vec::new();
    for table in tables {
        let all = AssertSqlSafe(format!("SELECT * FROM \"{table}\""));
        for row in sqlx::query(all).fetch_all(&mut store).await.unwrap() {
            for column in 0..row.len() {
                // Numbers come as their digits.
                let value: Option<Vec<u8>> = row.get_unchecked(column);
                values.extend(value.unwrap_or_default());
                values.push(b'\n');
            }
        }
    }
    store.close().await.unwrap();
    values
}

/// Every row of a recording, events as Rust shows them and as JSON, decisions as Rust shows them.
pub(super) fn rows(folder: &Path) -> String {
    let mut rows = String::new();
    let recording = Recording::open(folder).unwrap();
    for session in recording.sessions() {
        let session = session.as_ref().unwrap();
        for envelope in session.envelopes() {
            let envelope = envelope.unwrap();
            writeln!(rows, "{envelope:?}\n{}", serde_json::to_string(&envelope).unwrap()).unwrap();
        }
        for decided in session.decisions() {
            writeln!(rows, "{:?}", decided.unwrap()).unwrap();
        }
    }
    rows
}
