//! `[store]`: where the book's database is.

use std::path::{Path, PathBuf};

use momentum_core::config::{Setting, Shape, Value};
use momentum_core::section;
use serde::{Deserialize, Serialize};

section!(
    /// `[store]`: the database of the book.
    StoreKeys in "store" {
        /// File that holds the address of the database, `postgres://USER:PASSWORD@HOST/NAME`; nobody but its owner may read it. "none": SQLite in the book's folder.
        url_file: UrlFile = restart neither no;
    }
);

/// A file with an address, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrlFile(pub Option<PathBuf>);

impl UrlFile {
    /// The file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}

impl Setting for UrlFile {
    const UNIT: &'static str = "path, or \"none\"";
    const SHAPE: Shape = Shape::Text;

    fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) if text == "none" => Ok(Self(None)),
            // An address here would be in a file that others may read, in the environment or in a list of processes.
            Value::Text(text) if text.contains("://") => {
                Err("is an address, should be the path of a file that holds it".to_owned())
            }
            Value::Text(text) if !text.trim().is_empty() => Ok(Self(Some(PathBuf::from(text.trim())))),
            other => Err(format!("is {other}, should be the path of a file, or \"none\"")),
        }
    }

    fn show(&self) -> Value {
        Value::Text(self.0.as_ref().map_or_else(|| "none".to_owned(), |path| path.display().to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_no_path_and_is_not_repeated() {
        let told = UrlFile::parse(&Value::Text("postgres://me:hunter2@host/db".to_owned())).unwrap_err();
        assert!(!told.contains("hunter2"), "{told}");
        assert_eq!(UrlFile::parse(&Value::Text("none".to_owned())), Ok(UrlFile(None)));
        let file = UrlFile::parse(&Value::Text("db.url".to_owned())).unwrap();
        assert_eq!(file.show(), Value::Text("db.url".to_owned()));
    }
}
