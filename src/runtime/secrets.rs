//! Secrets: addresses and tokens, since addresses carry tokens. They come from files that only their owner may
//! read, or from systemd's credentials; never from the command line, and keys never from the environment.

use std::env;
use std::fs;
use std::io;
use std::ops::Deref;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use momentum_chain::endpoints;
use momentum_chain::stream::{self, Endpoints};
use momentum_chain::wallets;
use momentum_core::config::{Setting, Shape, Value};
use momentum_core::ids::Wallet;
use momentum_core::section;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub use momentum_chain::wallets::{Ask, KeystoreError, Passphrase, WalletError};

use crate::live::keep_memory_to_ourselves;

section!(
    /// `[endpoints]`: files with the addresses of what the bot listens to and asks. Each holds an address in its
    /// first line and, where one is needed, a token in its second; nobody but its owner may read it. A name
    /// without a folder is looked up among systemd's credentials first.
    EndpointKeys in "endpoints" {
        /// Files of Yellowstone gRPC endpoints, the best first.
        grpc: Vec<SecretFile> = restart neither no;
        /// File of a node's WebSocket, for when no gRPC endpoint answers; "" for none.
        websocket: SecretFile = restart neither no;
        /// Files of RPC nodes, the primary first.
        rpc: Vec<SecretFile> = restart neither no;
        /// File of a block engine, for orders that nobody is to see before they land; "" for none. Where there is one, every order tips it.
        block_engine: SecretFile = restart neither no;
        /// File with the token of a Telegram bot, for members of groups; "" for none.
        telegram: SecretFile = restart neither no;
    }
);

/// The name of a file with a secret; "" for none. It is shown wherever settings are, so it must not be the secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretFile(String);

impl Deref for SecretFile {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Setting for SecretFile {
    const UNIT: &'static str = String::UNIT;
    const SHAPE: Shape = String::SHAPE;

    fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) if text.contains("://") => {
                Err("is an address, should be the name of a file that holds it".to_owned())
            }
            other => String::parse(other).map(Self),
        }
    }

    fn show(&self) -> Value {
        self.0.show()
    }
}

/// Why a secret cannot be read. What it says is never in it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// Others than its owner may read it.
    #[error("{}: it holds a secret, and others may read it (mode {mode:03o})", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is a link, or no file.
    #[error("{}: not a plain file", .0.display())]
    NotPlain(PathBuf),
    /// It belongs to somebody else.
    #[error("{}: it belongs to the user with the id {uid}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        uid: u32,
    },
    /// There is nothing in it.
    #[error("{}: it is empty", .0.display())]
    Empty(PathBuf),
}

/// Reads the first two lines of a secret file. From here on nobody looks into the memory that they are in.
///
/// # Errors
/// Where it cannot be read, or others could.
pub fn read(name: &str) -> Result<(String, Option<String>), SecretError> {
    let path = place(name);
    let io = |error| SecretError::Io { path: path.clone(), error };
    keep_memory_to_ourselves().map_err(|error| io(error.into()))?;
    let about = fs::symlink_metadata(&path).map_err(io)?;
    if !about.is_file() {
        return Err(SecretError::NotPlain(path));
    }
    let mode = about.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(SecretError::Open { path, mode });
    }
    let uid = rustix::process::geteuid().as_raw();
    // Root reads everybody's files, and systemd's credentials belong to root.
    if uid != 0 && about.uid() != uid && about.uid() != 0 {
        return Err(SecretError::Foreign { path, uid: about.uid() });
    }
    let text = fs::read_to_string(&path).map_err(io)?;
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    let first = lines.next().ok_or(SecretError::Empty(path))?;
    Ok((first, lines.next()))
}

/// Encrypts the key in a file of `solana-keygen`: its address, and the text of the file to be.
///
/// # Errors
/// Where the file cannot be used, or memory cannot be kept from others.
pub fn seal(name: &str, passphrase: &Passphrase) -> Result<(Wallet, String), WalletError> {
    let io = |error: rustix::io::Errno| WalletError::Io { path: PathBuf::from(name), error: error.into() };
    keep_memory_to_ourselves().map_err(io)?;
    wallets::seal(name, passphrase)
}

/// A name without a folder is one of systemd's credentials, where there is one of that name.
fn place(name: &str) -> PathBuf {
    let credential = env::var_os("CREDENTIALS_DIRECTORY").map(|folder| Path::new(&folder).join(name));
    credential.filter(|path| !name.contains('/') && path.is_file()).unwrap_or_else(|| PathBuf::from(name))
}

fn node(name: &str) -> Result<endpoints::Endpoint, SecretError> {
    read(name).map(|(url, _)| endpoints::Endpoint { name: name.to_owned(), url: SecretString::from(url) })
}

impl EndpointKeys {
    /// Whether a live stream is configured.
    #[must_use]
    pub fn has_stream(&self) -> bool {
        !self.grpc.is_empty() || !self.websocket.is_empty()
    }

    /// The endpoints of streams.
    ///
    /// # Errors
    /// The first file that cannot be used.
    pub fn streams(&self) -> Result<Endpoints, SecretError> {
        let endpoint = |name: &str| -> Result<stream::Endpoint, SecretError> {
            let (url, token) = read(name)?;
            let endpoint = stream::Endpoint::new(name, url);
            Ok(match token {
                Some(token) => endpoint.with_token(token),
                None => endpoint,
            })
        };
        let grpc = self.grpc.iter().map(|name| endpoint(name)).collect::<Result<_, _>>()?;
        let websocket = Some(&self.websocket).filter(|name| !name.is_empty());
        Ok(Endpoints { grpc, websocket: websocket.map(|name| endpoint(name)).transpose()? })
    }

    /// The RPC nodes.
    ///
    /// # Errors
    /// The first file that cannot be used.
    pub fn nodes(&self) -> Result<Vec<endpoints::Endpoint>, SecretError> {
        self.rpc.iter().map(|name| node(name)).collect()
    }

    /// The block engine.
    ///
    /// # Errors
    /// Where its file cannot be used.
    pub fn block_engine(&self) -> Result<Option<endpoints::Endpoint>, SecretError> {
        let named = Some(&self.block_engine).filter(|name| !name.is_empty());
        named.map(|name| node(name)).transpose()
    }

    /// The token of the Telegram bot.
    ///
    /// # Errors
    /// Where its file cannot be used.
    pub fn telegram(&self) -> Result<Option<SecretString>, SecretError> {
        let named = Some(&self.telegram).filter(|name| !name.is_empty());
        named.map(|name| read(name).map(|(token, _)| SecretString::from(token))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, mode: u32, text: &str) -> PathBuf {
        let path = env::temp_dir().join(format!("momentum-secret-{name}-{}", std::process::id()));
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn read_path(path: &Path) -> Result<(String, Option<String>), SecretError> {
        let read = read(path.to_str().unwrap());
        fs::remove_file(path).unwrap();
        read
    }

    #[test]
    fn an_address_and_its_token_are_two_lines() {
        let read = read_path(&file("two", 0o600, "https://host\n\n  token \n")).unwrap();
        assert_eq!(read, ("https://host".to_owned(), Some("token".to_owned())));
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_without_its_text() {
        let told = read_path(&file("open", 0o644, "hunter2")).unwrap_err().to_string();
        assert!(told.contains("mode 644") && !told.contains("hunter2"), "{told}");
    }

    #[test]
    fn an_empty_file_and_a_link_are_refused() {
        assert!(matches!(read_path(&file("empty", 0o600, " \n")), Err(SecretError::Empty(_))));
        let target = file("target", 0o600, "x");
        let link = target.with_extension("link");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(matches!(read_path(&link), Err(SecretError::NotPlain(_))));
        fs::remove_file(target).unwrap();
    }
}
