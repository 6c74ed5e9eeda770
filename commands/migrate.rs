//! `momentum migrate`: the schema of a book's database, backups of it, and whether it is whole.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use momentum_core::codes::ErrorCode;
use momentum_store::address::Address;
use momentum_store::backup::{self, Held};
use momentum_store::book::{self, Lock};
use momentum_store::db::{Access, Db, Desk, Durability};
use momentum_store::error::StoreError;
use momentum_store::migrations::{self, Series, Step};
use momentum_store::verify::{self, Verified};
use serde_json::{Value, json};

use crate::book::BookArgs;
use crate::columns::{Column, Kind};
use crate::database;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;

/// What `momentum migrate` can do.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  momentum migrate status                   what is applied, what is not
  momentum migrate up                       bring the database up to date
  momentum migrate verify                   is every row what was written?
  momentum migrate backup book.db           a copy, read back")]
pub(crate) enum Command {
    /// Lists the migrations: applied, and still to be.
    #[command(after_help = "\
Examples:
  momentum migrate status
  momentum migrate status --network mainnet
  momentum migrate status --json")]
    Status(Book),
    /// Applies what is not applied; makes the database where there is none.
    #[command(after_help = "\
Examples:
  momentum migrate up
  momentum migrate up --db sqlite:/var/lib/momentum/momentum.db")]
    Up(Book),
    /// Prints the SQL that `up` would run.
    #[command(after_help = "\
Examples:
  momentum migrate plan")]
    Plan(Book),
    /// Checks everything: the file, the schema, every row, the sums of the books.
    #[command(after_help = "\
Examples:
  momentum migrate verify
  momentum migrate verify --json")]
    Verify(Book),
    /// Writes a copy of the book into a new file and reads it back.
    #[command(after_help = "\
Examples:
  momentum migrate backup book-2026-01-31.db")]
    Backup(Copy),
    /// Puts a backup in the place of the book.
    #[command(after_help = "\
Examples:
  momentum migrate restore book-2026-01-31.db
  momentum migrate restore book-2026-01-31.db --yes     over a book that is there")]
    Restore(PutBack),
}

/// Which book.
#[derive(Args, Debug)]
pub(crate) struct Book {
    #[command(flatten)]
    book: BookArgs,
}

/// A backup to write.
#[derive(Args, Debug)]
pub(crate) struct Copy {
    #[command(flatten)]
    book: Book,
    /// The file to write; it may not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// A backup to put back.
#[derive(Args, Debug)]
pub(crate) struct PutBack {
    #[command(flatten)]
    book: Book,
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs it.
pub(crate) fn run(global: &Global, command: Command, out: &mut Out) -> Result<(), Failure> {
    match command {
        Command::Status(book) => status(&book.address(global)?, out),
        Command::Up(book) => up(global, &book, &book.address(global)?, out),
        Command::Plan(book) => plan(&book.address(global)?, out),
        Command::Verify(book) => check(&book.address(global)?, out),
        Command::Backup(copy) => copied(&copy, &copy.book.address(global)?, out),
        Command::Restore(back) => put_back(global, &back, &back.book.address(global)?, out),
    }
}

impl Book {
    fn address(&self, global: &Global) -> Result<Address, Failure> {
        database::address(global, &self.book.book(global)?)
    }
}

/// Opens both databases of the book, one after the other, and does something with each.
fn on_each<T>(
    address: &Address,
    access: Access,
    mut work: impl AsyncFnMut(&mut Db, Series) -> Result<T, StoreError>,
) -> Result<Vec<T>, Failure> {
    let desk = Desk::new()?;
    let mut done = Vec::new();
    for series in Series::ALL {
        let (address, durability) = match series {
            Series::Book => (address.clone(), Durability::Full),
            Series::Metrics => (address.metrics(), Durability::Process),
        };
        let worked = desk.wait(async {
            let mut db = Db::open(&address, durability, access).await?;
            let worked = work(&mut db, series).await?;
            db.close().await?;
            Ok::<_, StoreError>(worked)
        });
        done.push(worked?);
    }
    Ok(done)
}

fn rows(steps: &[Step]) -> Vec<Value> {
    let row = |step: &Step| {
        json!({
            "series": step.series.name(),
            "number": step.migration.number,
            "name": step.migration.name,
            "state": if step.applied.is_some() { "applied" } else { "pending" },
            "applied_at": step.applied.map(|at| at.to_string()),
            "sha256": step.migration.hash().to_string(),
        })
    };
    steps.iter().map(row).collect()
}

fn list(steps: &[Step], out: &mut Out) -> Result<(), Failure> {
    let columns = [
        Column::new("SERIES", "series", Kind::Text),
        Column::new("NUMBER", "number", Kind::Number),
        Column::new("NAME", "name", Kind::Text),
        Column::new("STATE", "state", Kind::State),
        Column::new("APPLIED", "applied_at", Kind::Text),
        Column::new("SHA-256", "sha256", Kind::Text).wide(),
    ];
    out.list(&columns, &rows(steps))
}

/// What is applied; a database that is not there yet has nothing applied.
fn steps(address: &Address) -> Result<Vec<Step>, Failure> {
    if !address.there()? {
        let pending = |series: Series| {
            let migrations = series.migrations(true).iter();
            migrations.map(move |migration| Step { series, migration, applied: None })
        };
        return Ok(Series::ALL.into_iter().flat_map(pending).collect());
    }
    let both = on_each(address, Access::Write, async |db, series| migrations::steps(db, series).await)?;
    Ok(both.into_iter().flatten().collect())
}

fn status(address: &Address, out: &mut Out) -> Result<(), Failure> {
    let steps = steps(address)?;
    let pending = steps.iter().filter(|step| step.applied.is_none()).count();
    list(&steps, out)?;
    match pending {
        0 => out.say(&format!("{address}: up to date")),
        _ => out.say(&format!("{address}: {pending} to apply\nnext: momentum migrate up")),
    }
    Ok(())
}

/// Makes the folder of the file where it is missing.
fn make_room(address: &Address) -> Result<(), Failure> {
    let folder = address.file().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    let Some(folder) = folder else { return Ok(()) };
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| Failure::new(ErrorCode::CannotWrite, format!("{}: {error}", folder.display())))
}

fn up(global: &Global, book: &Book, address: &Address, out: &mut Out) -> Result<(), Failure> {
    make_room(address)?;
    let _held = held(global, book, address)?;
    let done = on_each(address, Access::Create, async |db, series| migrations::up(db, series).await)?;
    let done: Vec<_> = done.into_iter().flatten().collect();
    list(&done, out)?;
    out.say(&format!("{address}: {} applied, up to date", done.len()));
    Ok(())
}

fn plan(address: &Address, out: &mut Out) -> Result<(), Failure> {
    let pending: Vec<_> = steps(address)?.into_iter().filter(|step| step.applied.is_none()).collect();
    for Step { series, migration, .. } in &pending {
        out.text(&format!(
            "-- {} {:04} {}\n{}\n",
            series.name(),
            migration.number,
            migration.name,
            migration.sql
        ))?;
    }
    out.say(&format!("{address}: {} to apply", pending.len()));
    Ok(())
}

fn check(address: &Address, out: &mut Out) -> Result<(), Failure> {
    let both = on_each(address, Access::Write, async |db, series| verify::verify(db, series).await)?;
    print(&both, out)?;
    out.say(&format!("{address}: whole"));
    Ok(())
}

/// The tables with their rows, all of which were checked.
fn print(verified: &[Verified], out: &mut Out) -> Result<(), Failure> {
    let rows = verified.iter().flat_map(|verified| &verified.rows);
    let rows: Vec<_> = rows.map(|(table, rows)| json!({ "table": table, "rows": rows })).collect();
    out.list(&[Column::new("TABLE", "table", Kind::Text), Column::new("ROWS", "rows", Kind::Number)], &rows)
}

fn copied(copy: &Copy, address: &Address, out: &mut Out) -> Result<(), Failure> {
    let held = Desk::new()?.wait(backup::backup(address, &copy.file))?;
    tell(&held, out)?;
    out.say(&format!("wrote {} and read it back", copy.file.display()));
    Ok(())
}

fn put_back(global: &Global, back: &PutBack, address: &Address, out: &mut Out) -> Result<(), Failure> {
    if !back.file.is_file() {
        return Err(StoreError::NoBackup(back.file.clone()).into());
    }
    make_room(address)?;
    let _held = held(global, &back.book, address)?;
    let there = match address.file() {
        Some(file) => file.exists(),
        None => on_each(address, Access::Write, async |db, series| migrations::steps(db, series).await)?
            .iter()
            .flatten()
            .any(|step| step.applied.is_some()),
    };
    if there && !global.yes {
        return Err(Failure::new(ErrorCode::FileExists, format!("{address}: there is a book already"))
            .hint("keep it with `momentum migrate backup FILE`, then add --yes to replace it"));
    }
    let held = Desk::new()?.wait(backup::put_back(address, &back.file))?;
    // A backup has no measures: where there are none yet, their database is an empty one.
    on_each(address, Access::Create, async |db, series| migrations::up(db, series).await)?;
    tell(&held, out)?;
    out.say(&format!("{address} is {} again", back.file.display()));
    Ok(())
}

fn tell(held: &Held, out: &mut Out) -> Result<(), Failure> {
    match held {
        Held::Rows(verified) => print(std::slice::from_ref(verified), out),
        Held::Tables(tables) => {
            out.say(&format!("{tables} tables"));
            Ok(())
        }
    }
}

/// Holds the lock of the book while its database is changed: a bot that runs holds it already.
fn held(global: &Global, book: &Book, address: &Address) -> Result<Option<Lock>, Failure> {
    let book = book.book.book(global)?;
    let book = match address.file().and_then(Path::parent) {
        Some(folder) => book::Book::in_folder(folder, book.name().clone()),
        None => book,
    };
    if !book.folder().is_dir() {
        return Ok(None);
    }
    Ok(Some(book.lock("momentum migrate")?))
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Address(_) => ErrorCode::Usage,
            StoreError::Unreachable(_) | StoreError::Tool { .. } => ErrorCode::DatabaseAway,
            StoreError::Busy(_) | StoreError::NotAlone { .. } => ErrorCode::BookHeld,
            StoreError::CannotWrite(_) | StoreError::File { .. } => ErrorCode::CannotWrite,
            StoreError::Corrupt { .. } => ErrorCode::DatabaseDamaged,
            StoreError::Missing(_) | StoreError::NoBackup(_) => ErrorCode::NoSuchFile,
            StoreError::Exists(_) => ErrorCode::FileExists,
            StoreError::Behind { .. } | StoreError::Newer { .. } | StoreError::Edited { .. } => {
                ErrorCode::OtherSchema
            }
            StoreError::Refused(_)
            | StoreError::Contradiction { .. }
            | StoreError::TooLarge(_)
            | StoreError::Form { .. } => ErrorCode::Bug,
        };
        let failure = Self::new(code, error.to_string());
        match &error {
            StoreError::Behind { .. } | StoreError::Missing(_) => failure.hint("run `momentum migrate up`"),
            StoreError::Exists(_) => failure.hint("name another file, or remove that one"),
            _ => failure,
        }
    }
}
