//! Backups of a book, and the way back. A backup counts only once it was read back.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::process::Command;

use crate::address::Address;
use crate::db::{Access, Db, Durability, Value};
use crate::error::{StoreError, stripped};
use crate::migrations::Series;
use crate::tables::BOOK;
use crate::verify::{Verified, verify};
use crate::witness;

/// A server's tools may take so long.
const TOOLS: Duration = Duration::from_secs(600);

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// A database file, every row of which was read back.
    Rows(Verified),
    /// An archive of `pg_dump`, whose list of contents has every table.
    Tables(usize),
}

/// Writes a backup of the book into a file that is not there yet, and reads it back.
///
/// # Errors
/// [`StoreError::Exists`] where the file is there already, [`StoreError::File`] where it cannot be written,
/// [`StoreError::Tool`] where
/// `pg_dump` is missing or fails, [`StoreError::Corrupt`] where the book or the backup is damaged. What was
/// written of a backup that failed is removed.
pub async fn backup(address: &Address, to: &Path) -> Result<Held, StoreError> {
    // Made by us first, for its owner alone, so that nobody's file is written over.
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    made.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => StoreError::Exists(to.to_owned()),
        _ => StoreError::file(to, &error),
    })?;
    let held = match address {
        Address::Sqlite(_) => of_file(address, to).await,
        Address::Postgres { .. } => of_server(address, to).await,
    };
    if held.is_err()
        && let Err(error) = std::fs::remove_file(to)
    {
        tracing::warn!(%error, "a backup that failed cannot be removed");
    }
    held
}

async fn of_file(address: &Address, to: &Path) -> Result<Held, StoreError> {
    let mut db = Db::open(address, Durability::Full, Access::Write).await?;
    witness::acknowledged(&mut db).await?;
    // Into an empty file SQLite writes as into one that is not there.
    db.execute("VACUUM INTO $1", &[text(to)?]).await?;
    db.close().await?;
    File::open(to).and_then(|file| file.sync_all()).map_err(|error| StoreError::file(to, &error))?;
    read_back(to).await.map(Held::Rows)
}

/// Reads all of a database file that nobody writes.
async fn read_back(file: &Path) -> Result<Verified, StoreError> {
    let mut db = Db::open(&Address::Sqlite(file.to_owned()), Durability::Full, Access::Read).await?;
    let verified = verify(&mut db, Series::Book).await;
    match db.close().await {
        Ok(()) => verified,
        Err(error) => verified.and(Err(error)),
    }
}

async fn of_server(address: &Address, to: &Path) -> Result<Held, StoreError> {
    let Address::Postgres { schema, .. } = address else { return Err(not_a_server()) };
    let mut dump = tool("pg_dump", address);
    dump.args(["--format=custom", "--no-owner", "--schema", schema.name(), "--file"]).arg(to);
    ran("pg_dump", dump).await?;
    listed(to).await.map(Held::Tables)
}

/// The tables in an archive; each of ours must be among them.
async fn listed(archive: &Path) -> Result<usize, StoreError> {
    let mut list = Command::new("pg_restore");
    list.arg("--list").arg(archive);
    let text = ran("pg_restore", list).await?;
    let has = |name: &str| {
        text.lines().any(|line| line.contains(" TABLE DATA ") && line.contains(&format!(" {name} ")))
    };
    match BOOK.iter().find(|table| !has(table.name)) {
        None => Ok(BOOK.len()),
        Some(missing) => Err(StoreError::Corrupt {
            place: archive.display().to_string(),
            what: format!("it has no table {}", missing.name),
        }),
    }
}

/// Puts a backup in the place of the book. The caller holds the book's lock and has asked whoever must be asked.
///
/// # Errors
/// As [`backup`], and [`StoreError::NoBackup`]. The backup is read back before anything is touched; a file takes its place in one step, a
/// server's schema in one transaction.
pub async fn put_back(address: &Address, from: &Path) -> Result<Held, StoreError> {
    if !from.is_file() {
        return Err(StoreError::NoBackup(from.to_owned()));
    }
    match address {
        Address::Sqlite(book) => {
            let held = read_back(from).await?;
            let beside = with_ending(book, "-restored");
            replace(book, from, &beside).map_err(|error| StoreError::file(book, &error))?;
            Ok(Held::Rows(held))
        }
        Address::Postgres { schema, .. } => {
            let held = listed(from).await?;
            let mut db = Db::open(address, Durability::Full, Access::Create).await?;
            db.script(&format!("DROP SCHEMA {} CASCADE", schema.name())).await?;
            db.close().await?;
            let mut restore = tool("pg_restore", address);
            restore.args(["--single-transaction", "--no-owner", "--exit-on-error"]);
            if let Address::Postgres { options, .. } = address {
                restore.arg("--dbname").arg(options.get_database().unwrap_or("postgres"));
            }
            restore.arg(from);
            ran("pg_restore", restore).await?;
            Ok(Held::Tables(held))
        }
    }
}

/// The copy is whole on disk before it takes the name; log and witness of the book before are of no use to it.
fn replace(book: &Path, from: &Path, beside: &Path) -> std::io::Result<()> {
    std::fs::copy(from, beside)?;
    File::open(beside)?.sync_all()?;
    for old in [with_ending(book, "-wal"), with_ending(book, "-shm"), witness::file_of(book)] {
        match std::fs::remove_file(&old) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::rename(beside, book)?;
    let folder = book.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A tool of PostgreSQL: where the server is goes as its environment, the password never as an argument.
fn tool(program: &str, address: &Address) -> Command {
    let mut command = Command::new(program);
    if let Address::Postgres { options, password, .. } = address {
        let socket = options.get_socket().map(|socket| socket.display().to_string());
        command.env("PGHOST", socket.unwrap_or_else(|| options.get_host().to_owned()));
        command.env("PGPORT", options.get_port().to_string()).env("PGUSER", options.get_username());
        command.env("PGDATABASE", options.get_database().unwrap_or("postgres"));
        if let Some(password) = password {
            command.env("PGPASSWORD", password.expose_secret());
        }
    }
    command
}

async fn ran(program: &str, mut command: Command) -> Result<String, StoreError> {
    let failed = |what: String| StoreError::Tool { tool: program.to_owned(), what };
    command.kill_on_drop(true);
    let done = tokio::time::timeout(TOOLS, command.output()).await;
    let output = done.map_err(|_| failed(format!("no end in {} s", TOOLS.as_secs())))?;
    let output = output.map_err(|error| failed(format!("{error}; is it installed?")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(stripped(said.lines().next().unwrap_or("it failed"))))
}

fn not_a_server() -> StoreError {
    StoreError::Address("this is not a server".to_owned())
}

fn text(path: &Path) -> Result<Value, StoreError> {
    let text = path.to_str().ok_or_else(|| StoreError::Address("a path that is no UTF-8".to_owned()))?;
    Ok(Value::from(text))
}
