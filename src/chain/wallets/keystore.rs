//! An encrypted key: one JSON object in a file, which says how it was made and whose it is.
//!
//! Argon2id makes a key of the passphrase, XChaCha20-Poly1305 encrypts the wallet's under it and authenticates all
//! else in the file with it. A SHA-256 over the whole tells a damaged file from a wrong passphrase. Binary values
//! are in base64.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chacha20poly1305::aead::{AeadInOut, Generate, KeyInit};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use momentum_core::ids::Wallet;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::file::KEY;
use super::passphrase::Passphrase;

/// The version of the file's form.
const FORM: u32 = 1;
/// What it costs to try one passphrase: 64 MiB, three times over (RFC 9106, for where memory is scarce).
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
/// What a file may ask for at most: more than anybody sets, and less than would stop a machine.
const MEMORY_KIB_MAX: u32 = 1 << 20;
const PASSES_MAX: u32 = 64;
const LANES_MAX: u32 = 16;
const SALT: usize = 16;
const NONCE: usize = 24;
const TAG: usize = 16;
const KDF: &str = "argon2id";
const CIPHER: &str = "xchacha20-poly1305";

/// An encrypted key, as its file has it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Keystore {
    momentum_keystore: u32,
    /// Its address: told without the passphrase, believed with it.
    pub(super) wallet: Wallet,
    kdf: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    cipher: String,
    nonce: String,
    sealed: String,
    sum: String,
}

/// Why an encrypted key is not opened, or not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeystoreError {
    /// It is not what was written.
    #[error("the encrypted key is damaged ({0}): take it from a backup, or make it anew")]
    Damaged(&'static str),
    /// Another version made it.
    #[error("the encrypted key is of a form that this version does not know ({0})")]
    Unknown(&'static str),
    /// The passphrase is another one.
    #[error("the passphrase does not open it")]
    Passphrase,
    /// The system has not what it takes.
    #[error("the system gives no memory or no random numbers for it")]
    System,
}

impl Keystore {
    /// Reads a file's text, and checks that it is whole.
    pub(super) fn read(text: &[u8]) -> Result<Self, KeystoreError> {
        let read: Self =
            serde_json::from_slice(text).map_err(|_| KeystoreError::Damaged("it is no whole record"))?;
        if read.sum != read.summed() {
            return Err(KeystoreError::Damaged("its sum is another one"));
        }
        let known = read.momentum_keystore == FORM && read.kdf == KDF && read.cipher == CIPHER;
        if !known {
            return Err(KeystoreError::Unknown("momentum_keystore, kdf or cipher"));
        }
        let costs = read.memory_kib <= MEMORY_KIB_MAX && read.passes <= PASSES_MAX && read.lanes <= LANES_MAX;
        if costs { Ok(read) } else { Err(KeystoreError::Unknown("its costs")) }
    }

    /// Encrypts a wallet's key.
    pub(super) fn seal(
        key: &[u8; KEY],
        wallet: Wallet,
        passphrase: &Passphrase,
    ) -> Result<Self, KeystoreError> {
        let salt = <[u8; SALT]>::try_generate().map_err(|_| KeystoreError::System)?;
        let nonce = XNonce::try_generate().map_err(|_| KeystoreError::System)?;
        let mut made = Self {
            momentum_keystore: FORM,
            wallet,
            kdf: KDF.to_owned(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: 1,
            salt: BASE64_STANDARD.encode(salt),
            cipher: CIPHER.to_owned(),
            nonce: BASE64_STANDARD.encode(nonce),
            sealed: String::new(),
            sum: String::new(),
        };
        let mut sealed = Zeroizing::new(*key);
        let cipher = made.cipher_of(&salt, passphrase)?;
        let tag = cipher.encrypt_inout_detached(&nonce, made.told().as_bytes(), (&mut sealed[..]).into());
        let tag = tag.map_err(|_| KeystoreError::System)?;
        made.sealed = BASE64_STANDARD.encode([&sealed[..], &tag[..]].concat());
        made.sum = made.summed();
        Ok(made)
    }

    /// Decrypts the key.
    pub(super) fn open(&self, passphrase: &Passphrase) -> Result<Zeroizing<[u8; KEY]>, KeystoreError> {
        let salt: [u8; SALT] = decoded(&self.salt).ok_or(KeystoreError::Damaged("its salt"))?;
        let nonce: [u8; NONCE] = decoded(&self.nonce).ok_or(KeystoreError::Damaged("its nonce"))?;
        let sealed: [u8; KEY + TAG] = decoded(&self.sealed).ok_or(KeystoreError::Damaged("its key"))?;
        let cipher = self.cipher_of(&salt, passphrase)?;
        let (mut key, mut tag) = (Zeroizing::new([0; KEY]), Tag::default());
        key.copy_from_slice(&sealed[..KEY]);
        tag.copy_from_slice(&sealed[KEY..]);
        let opened =
            cipher.decrypt_inout_detached(&nonce.into(), self.told().as_bytes(), (&mut key[..]).into(), &tag);
        opened.map(|()| key).map_err(|_| KeystoreError::Passphrase)
    }

    /// Its text, as a file has it.
    pub(super) fn text(&self) -> Result<String, KeystoreError> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|_| KeystoreError::System)
    }

    /// What a passphrase makes: all memory that it goes through is wiped.
    fn cipher_of(
        &self,
        salt: &[u8; SALT],
        passphrase: &Passphrase,
    ) -> Result<XChaCha20Poly1305, KeystoreError> {
        let mut key = Zeroizing::new([0; 32]);
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(key.len()));
        let params = params.map_err(|_| KeystoreError::Unknown("its costs"))?;
        let mut memory = Zeroizing::new(vec![Block::new(); params.block_count()]);
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let made =
            argon.hash_password_into_with_memory(passphrase.bytes(), salt, &mut key[..], &mut memory[..]);
        made.map_err(|_| KeystoreError::System)?;
        XChaCha20Poly1305::new_from_slice(&key[..]).map_err(|_| KeystoreError::System)
    }

    /// All but the encrypted key and the sum, in one line: what is authenticated.
    fn told(&self) -> String {
        let Self { momentum_keystore, wallet, kdf, memory_kib, passes, lanes, salt, cipher, nonce, .. } =
            self;
        format!("{momentum_keystore} {wallet} {kdf} {memory_kib} {passes} {lanes} {salt} {cipher} {nonce}")
    }

    /// The same with the sum that it has now.
    #[cfg(test)]
    pub(super) fn resummed(self) -> Self {
        Self { sum: self.summed(), ..self }
    }

    fn summed(&self) -> String {
        let sum = Sha256::digest(format!("{} {}", self.told(), self.sealed));
        BASE64_STANDARD.encode(sum)
    }
}

fn decoded<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}
