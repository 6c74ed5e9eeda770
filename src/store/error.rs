//! What can go wrong with the database, each with what to do about it. No text here carries an address: an
//! address may carry a password.

use std::path::PathBuf;

/// What is wrong with the database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The address is none.
    #[error("a database is `sqlite:PATH` or `postgres://USER@HOST/NAME`: {0}")]
    Address(String),
    /// The database does not answer, or has broken the connection off. Retry: nothing is lost while what was
    /// to be written is kept.
    #[error("the database does not answer: {0}")]
    Unreachable(String),
    /// There is no room, or writing is forbidden. Retry once the mend is made.
    #[error("the database cannot write: {0}; make room (`df -h`) or check the rights of its folder")]
    CannotWrite(String),
    /// Somebody else holds it too long. Retry.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// What is stored is not what was written. Fatal: nothing of it may be used.
    #[error("{place} is damaged: {what}; put a backup back with `momentum migrate restore FILE`")]
    Corrupt {
        /// The file or the table.
        place: String,
        /// What does not fit.
        what: String,
    },
    /// A newer version has written here. Fatal.
    #[error("the database has schema {found}, this version knows {known}: run the newer version of momentum")]
    Newer {
        /// Number of the newest migration there.
        found: i64,
        /// Number of the newest migration known here.
        known: i64,
    },
    /// The schema is not up to date.
    #[error("the database has schema {found}, this version needs {known}: run `momentum migrate up`")]
    Behind {
        /// Number of the newest migration there; 0 for an empty database.
        found: i64,
        /// Number of the newest migration known here.
        known: i64,
    },
    /// An applied migration is not the one that is compiled in. Fatal.
    #[error("migration {number} ({name}) was edited after it was applied: run the version that applied it")]
    Edited {
        /// Its number.
        number: i64,
        /// Its name.
        name: String,
    },
    /// There is no database file.
    #[error("{}: there is no database; `momentum migrate up` makes one", .0.display())]
    Missing(PathBuf),
    /// There is no backup of that name.
    #[error("{}: there is no such backup", .0.display())]
    NoBackup(PathBuf),
    /// A file that is to be written is there already, and was left as it is.
    #[error("{}: it is there already", .0.display())]
    Exists(PathBuf),
    /// The database refused a row by a rule of its schema: a bug of ours, never retried.
    #[error("the database refused a row: {0}")]
    Refused(String),
    /// Something that is written once was to be written again, and otherwise: a bug of ours, never retried.
    #[error("{table} {key} is written already, and differs in {columns}")]
    Contradiction {
        /// The table.
        table: &'static str,
        /// The key of the row.
        key: String,
        /// The columns that differ.
        columns: String,
    },
    /// Somebody else has written into the book. Fatal: two writers would contradict each other.
    #[error("another process writes into this book: it is at commit {found}, ours was {ours}")]
    NotAlone {
        /// Commits that the book has.
        found: i64,
        /// Commits that we made or found.
        ours: i64,
    },
    /// An amount does not fit the integers of a database: a bug of ours, or an implausible event.
    #[error("{0} does not fit into 63 bits")]
    TooLarge(String),
    /// A row does not have the form that its table says: a bug of ours.
    #[error("{table}.{column}: {what}")]
    Form {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What is wrong.
        what: String,
    },
    /// A tool that is needed is not there, or it failed.
    #[error("{tool}: {what}")]
    Tool {
        /// The program.
        tool: String,
        /// What it said, addresses taken out.
        what: String,
    },
    /// A file beside the database cannot be read or written.
    #[error("{}: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        what: String,
    },
}

impl StoreError {
    /// Whether the same thing may work later, with nothing changed in it.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::CannotWrite(_) | Self::Busy(_))
    }

    /// What cannot be read or written at `path`.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::File { path: path.to_owned(), what: error.to_string() }
    }
}

/// What the driver said, sorted by what can be done about it; `place` names the database without its address.
pub(crate) fn sorted(error: &sqlx::Error, place: &str) -> StoreError {
    let Some(told) = error.as_database_error() else {
        return match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                StoreError::Corrupt { place: place.to_owned(), what: stripped(&error.to_string()) }
            }
            sqlx::Error::ColumnNotFound(_) | sqlx::Error::ColumnIndexOutOfBounds { .. } => {
                StoreError::Refused(stripped(&error.to_string()))
            }
            _ => StoreError::Unreachable(stripped(&error.to_string())),
        };
    };
    let text = stripped(told.message());
    let code = told.code().unwrap_or_default();
    let sqlite = told.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
    if sqlite { of_sqlite(&code, text, place) } else { of_postgres(&code, text, place) }
}

/// By SQLite's result code: the low byte is its kind.
fn of_sqlite(code: &str, text: String, place: &str) -> StoreError {
    let code: i64 = code.parse().unwrap_or(1);
    match code & 0xff {
        // BUSY, LOCKED, PROTOCOL
        5 | 6 | 15 => StoreError::Busy(text),
        // READONLY, IOERR, FULL, CANTOPEN; a page that cannot be read whole is damage, not a lack of room
        10 if matches!(code, 522) => StoreError::Corrupt { place: place.to_owned(), what: text },
        8 | 10 | 13 | 14 => StoreError::CannotWrite(format!("{text} ({code})")),
        // CORRUPT, FORMAT, NOTADB
        11 | 24 | 26 => StoreError::Corrupt { place: place.to_owned(), what: text },
        _ => StoreError::Refused(text),
    }
}

/// By the class of the SQLSTATE.
fn of_postgres(code: &str, text: String, place: &str) -> StoreError {
    match code {
        // Disk full, I/O error, read-only transaction.
        "53100" | "58030" | "25006" => StoreError::CannotWrite(text),
        "40001" | "40P01" | "55P03" => StoreError::Busy(text),
        "XX001" | "XX002" => StoreError::Corrupt { place: place.to_owned(), what: text },
        // Connections, resources, an operator's intervention, a wrong password.
        _ if ["08", "53", "57", "28"].iter().any(|class| code.starts_with(class)) => {
            StoreError::Unreachable(text)
        }
        "3D000" => StoreError::Unreachable(text),
        _ => StoreError::Refused(text),
    }
}

/// `text` without words that look like an address.
pub(crate) fn stripped(text: &str) -> String {
    let word = |word: &str| if word.contains("://") { "<address>".to_owned() } else { word.to_owned() };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_loses_the_addresses_in_it() {
        let text = "cannot reach postgres://me:secret@host/db now";
        assert_eq!(stripped(text), "cannot reach <address> now");
    }

    #[test]
    fn what_may_be_retried_is_what_the_world_may_mend() {
        assert!(of_sqlite("13", "full".into(), "x").retryable());
        assert!(of_sqlite("778", "disk I/O error".into(), "x").retryable());
        assert!(of_sqlite("5", "locked".into(), "x").retryable());
        assert!(of_postgres("57P01", "terminating".into(), "x").retryable());
        assert!(!of_sqlite("11", "malformed".into(), "x").retryable());
        assert!(!of_sqlite("2067", "UNIQUE".into(), "x").retryable());
        assert!(!of_postgres("23505", "duplicate key".into(), "x").retryable());
    }
}
