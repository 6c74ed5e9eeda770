//! Where a book's database is: as `--db` says, or the file that the settings name, or a file in its folder.

use momentum_core::codes::ErrorCode;
use momentum_runtime::secrets::{self, SecretError};
use momentum_runtime::settings::Settings;
use momentum_store::address::{Address, Schema};
use momentum_store::book::{Book, BookName, Instance, mode_name};

use crate::failure::Failure;
use crate::global::Global;

/// The database of a book.
pub(crate) fn address(global: &Global, book: &Book) -> Result<Address, Failure> {
    address_by(global, book, &global.settings(Vec::new())?)
}

/// The same, where the settings are at hand.
pub(crate) fn address_by(global: &Global, book: &Book, settings: &Settings) -> Result<Address, Failure> {
    let BookName { network, mode, instance } = book.name();
    let schema = Schema::of_book(network.name(), mode_name(*mode), instance.as_ref().map(Instance::as_str));
    if let Some(url) = &global.db {
        let address = Address::parse(url, &schema)?;
        if address.secret() {
            return Err(Failure::new(
                ErrorCode::Usage,
                "an address with a password is seen by everybody here",
            )
            .hint("write it into a file that only you may read, and set store.url_file to its path"));
        }
        return Ok(address);
    }
    match settings.store.url_file.path() {
        Some(file) => Ok(Address::parse(&secrets::read(&file.to_string_lossy())?.0, &schema)?),
        None => Ok(Address::in_folder(book.folder())),
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        let code = match error {
            SecretError::Io { .. } => ErrorCode::NoSuchFile,
            SecretError::Empty(_) => ErrorCode::UnreadableInput,
            SecretError::Open { .. } | SecretError::NotPlain(_) | SecretError::Foreign { .. } => {
                ErrorCode::NotPrivate
            }
        };
        Self::new(code, error.to_string())
    }
}
