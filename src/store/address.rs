//! Where a book's database is. An address may carry a password, so it prints its kind and host at most.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;

use crate::error::StoreError;
use crate::witness::Witness;

/// The address of a database as an operator gives it.
#[derive(Clone)]
pub enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A server; the schema makes a book of its own of it.
    Postgres {
        /// How it is reached.
        options: Box<PgConnectOptions>,
        /// The schema that the book lives in.
        schema: Schema,
        /// The password, where the address carries one.
        password: Option<SecretString>,
    },
}

/// The name of a book's schema: `momentum_<network>_<mode>[_<instance>]`, of letters, digits and `_` only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema(String);

impl Schema {
    /// The schema of a book; characters that a name may not have become `_`.
    #[must_use]
    pub fn of_book(network: &str, mode: &str, instance: Option<&str>) -> Self {
        let parts = ["momentum", network, mode].into_iter().chain(instance);
        let clean = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let name: String = parts.collect::<Vec<_>>().join("_").chars().map(clean).collect();
        // PostgreSQL cuts names at 63 bytes, and a name that is cut may be another book's.
        Self(name.chars().take(63).collect())
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl Address {
    /// Reads an address; `schema` is where the book lives, should it be a server's.
    ///
    /// # Errors
    /// [`StoreError::Address`] where it is neither a file's nor a server's; the text is not repeated.
    pub fn parse(text: &str, schema: &Schema) -> Result<Self, StoreError> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(['?', '\0']) {
                return Err(StoreError::Address("the path is missing, or has parameters".to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        let Some(rest) = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"))
        else {
            return Err(StoreError::Address("it begins with neither".to_owned()));
        };
        let user = rest.split(['/', '?']).next().unwrap_or("").rsplit_once('@').map_or("", |(user, _)| user);
        let of_user = user.split_once(':').map(|(_, password)| password);
        let parameters = rest.split_once('?').map_or("", |(_, parameters)| parameters);
        let of_parameter = parameters.split('&').find_map(|part| part.strip_prefix("password="));
        let password = of_user.or(of_parameter).map(|text| SecretString::from(decoded(text)));
        let options = PgConnectOptions::from_str(text)
            .map_err(|_| StoreError::Address("the server's part cannot be read".to_owned()))?;
        Ok(Self::Postgres { options: Box::new(options), schema: schema.clone(), password })
    }

    /// The database of a book without an address of its own: a file in its folder.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self::Sqlite(folder.join("momentum.db"))
    }

    /// The second database of the book: token metrics and scores. A file beside the first; on a server the same
    /// schema, reached by a connection of its own.
    #[must_use]
    pub fn metrics(&self) -> Self {
        match self {
            Self::Sqlite(path) => Self::Sqlite(path.with_file_name("metrics.db")),
            Self::Postgres { .. } => self.clone(),
        }
    }

    /// The file, where it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres { .. } => None,
        }
    }

    /// Whether there is a database; a server says so itself when it is asked.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where there was one, and is no more.
    pub fn there(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(path) if !path.exists() => Witness::beside(path).allows_none().map(|()| false),
            Self::Sqlite(_) | Self::Postgres { .. } => Ok(true),
        }
    }

    /// Whether it carries a password.
    #[must_use]
    pub const fn secret(&self) -> bool {
        matches!(self, Self::Postgres { password: Some(_), .. })
    }
}

impl fmt::Display for Address {
    /// The file, or server and schema: never user, password or parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres { options, schema, .. } => {
                write!(f, "PostgreSQL at {}, schema {}", options.get_host(), schema.name())
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A part of an address without its percent signs.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [first, after @ ..] = rest {
        let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        match (first, after.get(..2).and_then(hex)) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Address, StoreError> {
        Address::parse(text, &Schema::of_book("sim", "paper", None))
    }

    #[test]
    fn an_address_never_prints_its_password() {
        let address = parse("postgres://me:hunter2@db.example/bot?password=hunter2").unwrap();
        assert!(address.secret());
        let told = format!("{address} {address:?} {:?}", address.metrics());
        assert!(!told.contains("hunter2") && !told.contains("me:"), "{told}");
        assert!(told.contains("db.example"), "{told}");
        assert!(!parse("postgres://me@db.example/bot").unwrap().secret());
        assert_eq!(decoded("a%2Fb%zz%"), "a/b%zz%");
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for text in ["", "mysql://me:hunter2@x", "sqlite:", "sqlite:x?mode=ro", "/a/path"] {
            let told = parse(text).unwrap_err().to_string();
            assert!(!told.contains("hunter2"), "{told}");
        }
        assert_eq!(parse("sqlite:///a/b.db").unwrap().file(), Some(Path::new("/a/b.db")));
        assert_eq!(parse("sqlite:b.db").unwrap().metrics().file(), Some(Path::new("metrics.db")));
    }

    #[test]
    fn a_schema_is_a_plain_name_whatever_the_instance_is_called() {
        assert_eq!(Schema::of_book("sim", "paper", None).name(), "momentum_sim_paper");
        let hostile = Schema::of_book("mainnet", "dry-run", Some("a\"; DROP"));
        assert_eq!(hostile.name(), "momentum_mainnet_dry_run_a___drop");
    }
}
