//! A connection to the database: one SQL text with `$1` for SQLite and PostgreSQL, values as four forms, rows
//! read by hand. Whatever fails, the caller drops the connection and opens another.

mod postgres;
mod sqlite;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::Connection;

use crate::address::Address;
use crate::error::{StoreError, sorted};

/// No statement takes longer; a server that is silent for so long is away.
const DEADLINE: Duration = Duration::from_secs(10);
/// And how long where all of a database is read.
const PATIENT: Duration = Duration::from_mins(30);

/// What a statement is given and what a row holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// BIGINT: amounts in base units, times in microseconds, counts, 0 and 1.
    Int(i64),
    /// TEXT: keys in base58, words, JSON.
    Text(String),
    /// BLOB, BYTEA.
    Bytes(Vec<u8>),
    /// Nothing, of a column of this form: PostgreSQL wants to know of what.
    Null(Form),
}

/// The form of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// BIGINT.
    Int,
    /// TEXT.
    Text,
    /// BLOB, BYTEA.
    Bytes,
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// How much a commit survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The loss of power: money.
    Full,
    /// The end of the process; the loss of power may take the last commits. Metrics.
    Process,
}

/// What a connection is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To write; a file that is not there is made.
    Create,
    /// To write into what is there.
    Write,
    /// To read only.
    Read,
}

/// A connection.
#[derive(Debug)]
pub struct Db {
    link: Link,
    place: String,
    file: Option<PathBuf>,
    /// How long one statement may take.
    within: Duration,
}

#[derive(Debug)]
enum Link {
    Sqlite(sqlx::SqliteConnection),
    Postgres(Box<sqlx::PgConnection>),
}

/// Runs `$work` on the connection of either kind, with a deadline, and sorts its error.
macro_rules! on {
    ($db:expr, $link:ident => $work:expr) => {{
        let Db { link, place, within, .. } = $db;
        let done = match link {
            Link::Sqlite($link) => tokio::time::timeout(*within, $work).await,
            Link::Postgres($link) => {
                let $link = &mut **$link;
                tokio::time::timeout(*within, $work).await
            }
        };
        match done {
            Ok(done) => done.map_err(|error| sorted(&error, place)),
            Err(_) => Err(StoreError::Unreachable(format!("no answer in {} s", within.as_secs()))),
        }
    }};
}

impl Db {
    /// Opens a connection.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the file is not there and is not to be made; a database that does not
    /// answer, cannot be written, is damaged, or is gone: where there was one no other is made.
    pub async fn open(address: &Address, durability: Durability, access: Access) -> Result<Self, StoreError> {
        let place = address.to_string();
        let opened = async {
            match address {
                Address::Sqlite(path) => {
                    if !address.there()? && access != Access::Create {
                        return Err(StoreError::Missing(path.clone()));
                    }
                    sqlite::open(path, durability, access).await.map(Link::Sqlite)
                }
                Address::Postgres { options, schema, .. } => {
                    let opened = postgres::open(options, schema, durability, access).await;
                    opened.map(|link| Link::Postgres(Box::new(link)))
                }
            }
            .map_err(|error| sorted(&error, &place))
        };
        let link = tokio::time::timeout(DEADLINE, opened)
            .await
            .map_err(|_| StoreError::Unreachable(format!("no answer in {} s", DEADLINE.as_secs())))??;
        Ok(Self { link, place, file: address.file().map(Path::to_owned), within: DEADLINE })
    }

    /// From here a statement may take minutes: whoever reads a whole database waits for it.
    pub const fn patiently(&mut self) {
        self.within = PATIENT;
    }

    /// Whether it is SQLite: the few places that must tell ask this.
    #[must_use]
    pub const fn is_sqlite(&self) -> bool {
        matches!(self.link, Link::Sqlite(_))
    }

    /// The file, where it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The file or the server with the schema, for messages.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Runs one statement and gives the number of rows that it changed. Statements are prepared once.
    ///
    /// # Errors
    /// What the database says, sorted by what can be done about it.
    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        on!(self, link => link.run(sql, values))
    }

    /// The rows that a query gives.
    ///
    /// # Errors
    /// As [`Db::execute`].
    pub async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Line>, StoreError> {
        on!(self, link => link.read(sql, values))
    }

    /// The first row that a query gives.
    ///
    /// # Errors
    /// As [`Db::execute`].
    pub async fn row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Line>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs a text of several statements: migrations, pragmas, transaction control.
    ///
    /// # Errors
    /// As [`Db::execute`].
    pub async fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        on!(self, link => link.script(sql))
    }

    /// Begins a transaction that writes: on SQLite it takes the write lock at once, so that it cannot fail for
    /// it later.
    ///
    /// # Errors
    /// As [`Db::execute`].
    pub async fn begin(&mut self) -> Result<(), StoreError> {
        let sql = if self.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN" };
        self.script(sql).await
    }

    /// Ends a transaction. An error tells nothing about whether it is committed.
    ///
    /// # Errors
    /// As [`Db::execute`].
    pub async fn commit(&mut self) -> Result<(), StoreError> {
        self.script("COMMIT").await
    }

    /// Gives up a transaction.
    ///
    /// # Errors
    /// As [`Db::execute`]; the connection is to be dropped then.
    pub async fn rollback(&mut self) -> Result<(), StoreError> {
        self.script("ROLLBACK").await
    }

    /// From here SQLite's log is moved into the file by [`Db::fold`] alone, not inside the commit that finds it long.
    ///
    /// # Errors
    /// As [`Db::execute`].
    pub async fn fold_by_hand(&mut self) -> Result<(), StoreError> {
        if self.is_sqlite() { self.script("PRAGMA wal_autocheckpoint = 0").await } else { Ok(()) }
    }

    /// Moves SQLite's log into the file, as far as nobody reads it; the next commit begins it anew.
    ///
    /// # Errors
    /// As [`Db::execute`]; what is committed stays so.
    pub async fn fold(&mut self) -> Result<(), StoreError> {
        if self.is_sqlite() { self.script("PRAGMA wal_checkpoint(PASSIVE)").await } else { Ok(()) }
    }

    /// Says good-bye; SQLite moves its log into the file.
    ///
    /// # Errors
    /// As [`Db::execute`]; it is closed all the same.
    pub async fn close(self) -> Result<(), StoreError> {
        let Self { link, place, .. } = self;
        let closed = async {
            match link {
                Link::Sqlite(link) => link.close().await,
                Link::Postgres(link) => link.close().await,
            }
        };
        match tokio::time::timeout(DEADLINE, closed).await {
            Ok(closed) => closed.map_err(|error| sorted(&error, &place)),
            Err(_) => Err(StoreError::Unreachable("it does not take the good-bye".to_owned())),
        }
    }
}

/// What both kinds of connection do with one SQL text.
trait Speaks {
    async fn run(&mut self, sql: &str, values: &[Value]) -> Result<u64, sqlx::Error>;
    async fn read(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Line>, sqlx::Error>;
    async fn script(&mut self, sql: &str) -> Result<(), sqlx::Error>;
}

/// Binds values: the same for both databases, by types that both know.
macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe($sql.to_owned()));
        for value in $values {
            query = match value {
                Value::Int(value) => query.bind(*value),
                Value::Text(value) => query.bind(value.clone()),
                Value::Bytes(value) => query.bind(value.clone()),
                Value::Null(Form::Int) => query.bind(None::<i64>),
                Value::Null(Form::Text) => query.bind(None::<String>),
                Value::Null(Form::Bytes) => query.bind(None::<Vec<u8>>),
            };
        }
        query
    }};
}
use bound;

/// One row of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line(pub Vec<Value>);

impl Line {
    /// The integer of a column, `None` where it holds none.
    #[must_use]
    pub fn int(&self, column: usize) -> Option<i64> {
        match self.0.get(column) {
            Some(Value::Int(value)) => Some(*value),
            _ => None,
        }
    }

    /// The text of a column, `None` where it holds none.
    #[must_use]
    pub fn text(&self, column: usize) -> Option<&str> {
        match self.0.get(column) {
            Some(Value::Text(value)) => Some(value),
            _ => None,
        }
    }
}

/// A runtime of one thread and one connection: for commands, which do one thing after the other.
#[derive(Debug)]
pub struct Desk {
    runtime: tokio::runtime::Runtime,
}

impl Desk {
    /// A runtime.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where the system gives none.
    pub fn new() -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map(|runtime| Self { runtime }).map_err(|error| StoreError::Unreachable(error.to_string()))
    }

    /// Waits for the end of `work`.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}
