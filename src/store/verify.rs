//! Whether a database is whole: its file, its schema, every row, every pointer, the books.

use crate::address::Address;
use crate::db::{Access, Db, Durability, Value};
use crate::error::StoreError;
use crate::migrations::{self, Series};
use crate::restore::checked_rows;
use crate::table::Table;
use crate::tables::{ACCOUNT_CLASSES, ACCOUNTS, BOOK, METRICS};
use crate::witness::acknowledged;

/// What a verification looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Rows of each table.
    pub rows: Vec<(&'static str, usize)>,
}

/// The pages of the file and the pointers between tables: what SQLite itself can tell. A server checks itself.
///
/// # Errors
/// [`StoreError::Corrupt`] with what it found.
pub async fn whole(db: &mut Db, series: Series) -> Result<(), StoreError> {
    if !db.is_sqlite() {
        return Ok(());
    }
    let place = db.place().to_owned();
    let told = db.rows("PRAGMA integrity_check(10)", &[]).await?;
    let said: Vec<_> = told.iter().filter_map(|line| line.text(0)).filter(|text| *text != "ok").collect();
    if !said.is_empty() || told.is_empty() {
        return Err(StoreError::Corrupt { place, what: said.join("; ").replace('\n', " ") });
    }
    schema(db, series).await?;
    let dangling = db.rows("PRAGMA foreign_key_check", &[]).await?;
    if let Some(line) = dangling.first() {
        let what = format!(
            "a row of {} points to none of {}",
            line.text(0).unwrap_or("?"),
            line.text(2).unwrap_or("?")
        );
        return Err(StoreError::Corrupt { place, what });
    }
    Ok(())
}

/// Whether the file still says of its tables what the migrations said: a rule that lost a letter rules no more.
async fn schema(db: &mut Db, series: Series) -> Result<(), StoreError> {
    let mut fresh =
        Db::open(&Address::Sqlite(":memory:".into()), Durability::Process, Access::Create).await?;
    migrations::up(&mut fresh, series).await?;
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name, tbl_name";
    let wanted = fresh.rows(sql, &[]).await?;
    if db.rows(sql, &[]).await? == wanted {
        return Ok(());
    }
    let what = "the schema that is stored is not the one of the migrations".to_owned();
    Err(StoreError::Corrupt { place: db.place().to_owned(), what })
}

/// All of it.
///
/// # Errors
/// The first thing that does not fit, with its place.
pub async fn verify(db: &mut Db, series: Series) -> Result<Verified, StoreError> {
    db.patiently();
    migrations::check(db, series).await?;
    whole(db, series).await?;
    let tables = match series {
        Series::Book => BOOK,
        Series::Metrics => METRICS,
    };
    let mut rows = Vec::new();
    for table in tables {
        columns(db, table).await?;
        rows.push((table.name, checked_rows(db, table).await?));
    }
    if series == Series::Book {
        acknowledged(db).await?;
        books(db).await?;
    }
    Ok(Verified { rows })
}

/// Whether the table has the columns that this version writes.
async fn columns(db: &mut Db, table: &Table) -> Result<(), StoreError> {
    let found = migrations::columns(db, table.name).await?;
    let names = |added: bool| {
        let of = table.columns.iter().filter(move |column| column.added == added);
        of.map(|column| column.name)
    };
    // A database puts what is added behind all that was there.
    let wanted: Vec<_> = names(false).chain(["row_sum"]).chain(names(true)).collect();
    if found == wanted {
        return Ok(());
    }
    let what = format!("it has the columns {}, and should have {}", found.join(", "), wanted.join(", "));
    Err(StoreError::Corrupt { place: format!("table {}", table.name), what })
}

/// The classes of every wallet explain its balance, to the lamport.
async fn books(db: &mut Db) -> Result<(), StoreError> {
    let none: [Value; 0] = [];
    for account in ACCOUNTS.all(db, "ORDER BY wallet", &none).await? {
        let classes = ACCOUNT_CLASSES.all(db, "WHERE wallet = $1", account.key_values()).await?;
        let sum: i128 = classes.iter().filter_map(|class| class.int("amount")).map(i128::from).sum();
        let of = |name: &str| i128::from(account.int(name).unwrap_or_default());
        if of("opening") + sum != of("balance") {
            let what =
                format!("{} holds {}, its classes say {}", account.key(), of("balance"), of("opening") + sum);
            return Err(StoreError::Corrupt { place: "table account_classes".to_owned(), what });
        }
    }
    Ok(())
}
