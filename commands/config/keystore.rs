//! `momentum config keystore`: a key that solana-keygen made, encrypted with a passphrase.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::Args;
use momentum_core::codes::ErrorCode;
use momentum_runtime::secrets::{Passphrase, seal};
use serde_json::json;

use crate::columns::{Column, Kind};
use crate::confirm;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;

/// What to encrypt.
#[derive(Args, Debug)]
#[command(after_help = "\
The encrypted file goes into wallets.files in place of the plain one. Its passphrase is read from
the file that wallets.passphrase names (one of systemd's credentials, where the name has no
folder), or asked for on a terminal; never from the command line or the environment. Without it
nobody opens the key again: keep the plain one, or its seed phrase, offline, and take it off this
machine.

Examples:
  momentum config keystore id.json key.sealed
  momentum config keystore id.json key.sealed --passphrase-file passphrase
  momentum config set wallets.files '[\"key.sealed\"]'")]
pub(crate) struct Keystore {
    /// The key, as `solana-keygen new` wrote it
    #[arg(value_name = "KEY")]
    key: String,
    /// The file to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The passphrase is the first line of this file [default: wallets.passphrase, or it is asked for twice]
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<String>,
    /// Overwrite the file if it is there
    #[arg(long)]
    force: bool,
}

/// Encrypts it.
pub(super) fn run(global: &Global, keystore: &Keystore, out: &mut Out) -> Result<(), Failure> {
    let settings = global.settings(Vec::new())?;
    let named = Some(&settings.wallets.passphrase).filter(|name| !name.is_empty());
    let passphrase = match keystore.passphrase_file.as_ref().or(named) {
        Some(name) => Passphrase::read(name)?,
        None => confirm::new_passphrase(global)?,
    };
    let (wallet, text) = seal(&keystore.key, &passphrase)?;
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    if keystore.force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let file = keystore.file.display();
    let written = options.open(&keystore.file).and_then(|mut opened| {
        opened.write_all(text.as_bytes())?;
        opened.sync_all()
    });
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::new(ErrorCode::FileExists, format!("{file} is there already")),
        _ => Failure::new(ErrorCode::CannotWrite, format!("{file}: {error}")),
    })?;
    out.say(&format!(
        "next: momentum config set wallets.files '[\"{file}\"]', then take the plain key off this machine"
    ));
    let columns = [Column::new("wallet", "wallet", Kind::Text), Column::new("file", "file", Kind::Text)];
    out.one(&columns, &json!({ "wallet": wallet, "file": keystore.file.display().to_string() }))
}
