//! PostgreSQL: a schema for each book, commits that wait for the disk.

use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, Row, TypeInfo, ValueRef};

use super::{Access, Durability, Form, Line, Speaks, Value, bound};
use crate::address::Schema;

/// Opens a connection whose names are those of the schema.
pub(super) async fn open(
    options: &PgConnectOptions,
    schema: &Schema,
    durability: Durability,
    access: Access,
) -> Result<PgConnection, sqlx::Error> {
    let commit = match durability {
        Durability::Full => "on",
        Durability::Process => "off",
    };
    let read_only = if access == Access::Read { "on" } else { "off" };
    let options = options
        .clone()
        .application_name("momentum")
        .options([
            ("search_path", schema.name()),
            ("synchronous_commit", commit),
            ("default_transaction_read_only", read_only),
            ("client_min_messages", "warning"),
        ])
        .disable_statement_logging();
    let mut link = options.connect().await?;
    if access == Access::Create {
        // The name is made of letters, digits and `_` only.
        let sql = format!("CREATE SCHEMA IF NOT EXISTS {}", schema.name());
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut link).await?;
    }
    Ok(link)
}

impl Speaks for PgConnection {
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

/// A row, each value by the type of its column.
fn line(row: &PgRow) -> Result<Line, sqlx::Error> {
    let value = |column: usize| {
        let raw = row.try_get_raw(column)?;
        if raw.is_null() {
            return Ok(Value::Null(Form::Int));
        }
        let kind = raw.type_info().name().to_owned();
        match kind.as_str() {
            "INT8" => row.try_get(column).map(Value::Int),
            "INT4" => row.try_get::<i32, _>(column).map(|value| Value::Int(value.into())),
            "BOOL" => row.try_get::<bool, _>(column).map(|value| Value::Int(value.into())),
            "TEXT" | "VARCHAR" | "NAME" => row.try_get(column).map(Value::Text),
            "BYTEA" => row.try_get(column).map(Value::Bytes),
            other => Err(sqlx::Error::Decode(format!("column {column} holds a {other}").into())),
        }
    };
    (0..row.len()).map(value).collect::<Result<_, _>>().map(Line)
}
