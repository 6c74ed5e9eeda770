//! A file with a key, plain or encrypted, or with a passphrase: whether it is safe to use, and what is in it.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use secrecy::zeroize::{Zeroize, Zeroizing};
use solana_sdk::signature::Keypair;

use super::WalletError;
use super::keystore::Keystore;

/// Bytes of a key: its private half, then its public one.
pub(super) const KEY: usize = 64;
/// More text than an array of 64 small numbers takes, however it is spaced, or an encrypted key.
const LONGEST: usize = 2_048;

/// What a file holds.
pub(super) enum Found {
    /// A key, as `solana-keygen new` writes it.
    Plain(Box<Keypair>),
    /// An encrypted one.
    Sealed(Keystore),
}

/// Reads the key in a file, once nobody else can have read or replaced it.
pub(super) fn read(name: &str) -> Result<(PathBuf, Found), WalletError> {
    let (path, text) = text(name)?;
    let Some(text) = text else { return Err(WalletError::NotAKey(path)) };
    if text[..].trim_ascii_start().starts_with(b"{") {
        return match Keystore::read(&text[..]) {
            Ok(sealed) => Ok((path, Found::Sealed(sealed))),
            Err(error) => Err(WalletError::Keystore { path, error }),
        };
    }
    let Some(bytes) = numbers(&text[..]) else { return Err(WalletError::NotAKey(path)) };
    let key = key(&path, &bytes)?;
    Ok((path, Found::Plain(key)))
}

/// The key of these bytes, where it stays until it is dropped: what moves leaves a copy behind that nobody wipes.
pub(super) fn key(path: &Path, bytes: &[u8; KEY]) -> Result<Box<Keypair>, WalletError> {
    Keypair::try_from(&bytes[..]).map(Box::new).map_err(|_| WalletError::Halves(path.to_owned()))
}

/// The text of a file that nobody else can have read or replaced; `None` where it is longer than any of ours.
pub(super) fn text(name: &str) -> Result<(PathBuf, Option<Text>), WalletError> {
    let path = place(name);
    // The checks are of the open file, so that nobody exchanges it between them and the reading.
    let mut file = open(&path)?;
    check(&path, &file)?;
    match whole(&mut file) {
        Ok(text) => Ok((path, text)),
        Err(error) => Err(WalletError::Io { path, error }),
    }
}

/// A name without a folder is one of systemd's credentials, where there is one of that name.
pub(super) fn place(name: &str) -> PathBuf {
    let credential = env::var_os("CREDENTIALS_DIRECTORY").map(|folder| Path::new(&folder).join(name));
    credential.filter(|path| !name.contains('/') && path.is_file()).unwrap_or_else(|| PathBuf::from(name))
}

fn open(path: &Path) -> Result<File, WalletError> {
    // A named pipe would keep the start waiting: not so without blocking.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => Ok(File::from(file)),
        Err(rustix::io::Errno::LOOP) => Err(WalletError::NotPlain(path.to_owned())),
        Err(error) => Err(WalletError::Io { path: path.to_owned(), error: io::Error::from(error) }),
    }
}

fn check(path: &Path, file: &File) -> Result<(), WalletError> {
    let io = |error| WalletError::Io { path: path.to_owned(), error };
    let about = file.metadata().map_err(io)?;
    if !about.is_file() {
        return Err(WalletError::NotPlain(path.to_owned()));
    }
    let mode = about.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(WalletError::Open { path: path.to_owned(), mode });
    }
    let uid = rustix::process::geteuid().as_raw();
    // Root reads everybody's files, and systemd's credentials belong to root.
    if uid != 0 && about.uid() != uid && about.uid() != 0 {
        return Err(WalletError::Foreign { path: path.to_owned(), uid: about.uid() });
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mode = fs::metadata(folder).map_err(io)?.permissions().mode() & 0o777;
    if mode & 0o022 != 0 {
        return Err(WalletError::Folder { folder: folder.to_owned(), mode });
    }
    Ok(())
}

/// Text in memory that is wiped and never moves, filled up with blanks.
pub(super) type Text = Box<Zeroizing<[u8; LONGEST]>>;

/// The whole text; `None` where it is longer.
fn whole(file: &mut File) -> io::Result<Option<Text>> {
    let mut text = Box::new(Zeroizing::new([b' '; LONGEST]));
    let mut filled = 0;
    while let Some(rest) = text.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => return Ok(Some(text)),
            count => filled += count,
        }
    }
    Ok(None)
}

/// `[1,2,…]`: exactly 64 numbers of a byte each.
fn numbers(text: &[u8]) -> Option<Zeroizing<[u8; KEY]>> {
    let text = text.trim_ascii().strip_prefix(b"[")?.strip_suffix(b"]")?;
    let mut key = Zeroizing::new([0; KEY]);
    let mut count = 0;
    for number in text.split(|byte| *byte == b',') {
        let number = number.trim_ascii();
        if number.is_empty() || number.len() > 3 {
            return None;
        }
        let mut value: u16 = 0;
        for digit in number {
            value = value * 10 + u16::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        }
        *key.get_mut(count)? = u8::try_from(value).ok()?;
        value.zeroize();
        count += 1;
    }
    (count == KEY).then_some(key)
}
