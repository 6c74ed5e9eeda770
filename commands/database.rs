//! Where a book's database is: as a flag says, or the file that the settings name, or a file in its folder.

use momentum_core::codes::ErrorCode;
use momentum_runtime::secrets::{self, SecretError};
use momentum_runtime::settings::Settings;
use momentum_store::address::{Address, Schema};
use momentum_store::book::Book;

use crate::failure::Failure;

/// The address of a book's database.
pub(crate) fn address(book: &Book, url: Option<&str>, settings: &Settings) -> Result<Address, Failure> {
    let name = book.name();
    let instance = name.instance.as_ref().map(|instance| instance.as_str());
    let mode = crate::source::mode_word(name.mode);
    let schema = Schema::of_book(&name.network.to_string(), mode, instance);
    if let Some(url) = url {
        let address = Address::parse(url, &schema)?;
        if address.secret() {
            return Err(Failure::new(ErrorCode::Usage, "an address with a password is seen by everybody here")
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
