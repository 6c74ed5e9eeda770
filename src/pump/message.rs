//! Messages of one signer: what our own transactions are before they are signed, written and strictly read back.
//!
//! Writing needs no more than one signer's case of the format; a test compares it with the SDK's. Reading is what
//! the signer relies on: it takes exactly one way to write each thing, and nothing behind the end.

use momentum_core::ids::Pubkey;

use crate::instructions::Instruction;

/// The most bytes that a signed transaction may have.
pub const TRANSACTION_BYTES: usize = 1_232;
/// The number of its signatures, and the one signature, in front of a message.
pub const SIGNATURE_BYTES: usize = 65;

/// Why instructions make no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UncompiledError {
    /// Somebody but the payer would have to sign.
    #[error("somebody but the wallet would have to sign")]
    AnotherSigner,
    /// The network does not take so many bytes.
    #[error("the transaction would have {0} bytes, {TRANSACTION_BYTES} at most are taken")]
    TooLong(usize),
}

/// Writes the legacy message that `payer` alone signs.
///
/// # Errors
/// Where it would need another signer, or be longer than the network takes.
pub fn compile(
    payer: &Pubkey,
    blockhash: &[u8; 32],
    instructions: &[Instruction],
) -> Result<Vec<u8>, UncompiledError> {
    let mut writable: Vec<&Pubkey> = vec![payer];
    let mut readonly: Vec<&Pubkey> = Vec::new();
    let accounts = || instructions.iter().flat_map(|instruction| &instruction.accounts);
    if accounts().any(|account| account.signer && account.key != *payer) {
        return Err(UncompiledError::AnotherSigner);
    }
    for account in accounts().filter(|account| account.writable) {
        if !writable.contains(&&account.key) {
            writable.push(&account.key);
        }
    }
    let read = accounts().map(|account| &account.key).chain(instructions.iter().map(|each| &each.program));
    for key in read {
        if !writable.contains(&key) && !readonly.contains(&key) {
            readonly.push(key);
        }
    }
    let keys = || writable.iter().chain(&readonly);
    // An index is a byte; a message with more keys is far too long anyway.
    let too_long = UncompiledError::TooLong(keys().count() * 32);
    let index = |key: &Pubkey| {
        keys().position(|known| *known == key).and_then(|at| u8::try_from(at).ok()).ok_or(too_long)
    };
    let mut message = Vec::with_capacity(TRANSACTION_BYTES);
    message.extend([1, 0, u8::try_from(readonly.len()).map_err(|_| too_long)?]);
    write_length(&mut message, keys().count());
    keys().for_each(|key| message.extend(key.0));
    message.extend(blockhash);
    write_length(&mut message, instructions.len());
    for instruction in instructions {
        message.push(index(&instruction.program)?);
        write_length(&mut message, instruction.accounts.len());
        for account in &instruction.accounts {
            message.push(index(&account.key)?);
        }
        write_length(&mut message, instruction.data.len());
        message.extend(&instruction.data);
    }
    match SIGNATURE_BYTES + message.len() {
        length if length > TRANSACTION_BYTES => Err(UncompiledError::TooLong(length)),
        _ => Ok(message),
    }
}

/// Seven bits a byte, low ones first.
fn write_length(out: &mut Vec<u8>, mut length: usize) {
    loop {
        let low = u8::try_from(length & 0x7f).unwrap_or(0);
        length >>= 7;
        if length == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

/// Why bytes are no message that we could have written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableMessage {
    /// They end within it.
    #[error("the message ends within itself")]
    TooShort,
    /// Something stands behind its end.
    #[error("something stands behind the message's end")]
    TooLong,
    /// A length is written as no writer writes it.
    #[error("a length in the message is written in an unusual way")]
    Length,
    /// A version that is not legacy or 0.
    #[error("its version {0} is not known")]
    Version(u8),
    /// It takes addresses from lookup tables.
    #[error("it takes addresses from a lookup table, so that its accounts cannot be seen")]
    LookupTable,
    /// An instruction names a key that is not there.
    #[error("an instruction names an account that the message does not have")]
    NoSuchKey,
    /// Its header counts more keys than there are, or a key is there twice.
    #[error("its keys do not fit its header")]
    Keys,
}

/// A message, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned<'a> {
    /// How many of its keys sign.
    pub signers: u8,
    /// Its keys; the first one pays.
    pub keys: &'a [[u8; 32]],
    /// The blockhash that it lives as long as.
    pub blockhash: &'a [u8; 32],
    /// Its instructions.
    pub instructions: Vec<Step<'a>>,
}

/// An instruction of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// Its program.
    pub program: Pubkey,
    /// Its accounts in order.
    pub accounts: Vec<Pubkey>,
    /// Its data.
    pub data: &'a [u8],
}

/// Reads a legacy message, or one of version 0 without lookup tables.
///
/// # Errors
/// Where it is neither, or not written as every writer writes it.
pub fn read(message: &[u8]) -> Result<Unsigned<'_>, UnreadableMessage> {
    let mut rest = Rest(message);
    let versioned = match message.first() {
        Some(0x80) => rest.array::<1>().is_ok(),
        Some(version @ 0x81..) => return Err(UnreadableMessage::Version(version & 0x7f)),
        _ => false,
    };
    let [signers, readonly_signers, readonly] = *rest.array()?;
    let count = rest.length()?;
    let (keys, _) = rest.slice(count.saturating_mul(32))?.as_chunks::<32>();
    let twice = keys.iter().enumerate().any(|(at, key)| keys.iter().skip(at + 1).any(|other| other == key));
    if signers == 0
        || readonly_signers >= signers
        || usize::from(signers) + usize::from(readonly) > keys.len()
        || twice
    {
        return Err(UnreadableMessage::Keys);
    }
    let blockhash = rest.array()?;
    let mut instructions = Vec::new();
    for _ in 0..rest.length()? {
        let [program] = *rest.array()?;
        let count = rest.length()?;
        let accounts = rest.slice(count)?;
        let count = rest.length()?;
        let data = rest.slice(count)?;
        let key = |index: &u8| {
            keys.get(usize::from(*index)).map(|key| Pubkey(*key)).ok_or(UnreadableMessage::NoSuchKey)
        };
        let accounts = accounts.iter().map(key).collect::<Result<_, _>>()?;
        instructions.push(Step { program: key(&program)?, accounts, data });
    }
    if versioned && rest.length()? > 0 {
        return Err(UnreadableMessage::LookupTable);
    }
    if !rest.0.is_empty() {
        return Err(UnreadableMessage::TooLong);
    }
    Ok(Unsigned { signers, keys, blockhash, instructions })
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], UnreadableMessage> {
        let (head, rest) = self.0.split_first_chunk().ok_or(UnreadableMessage::TooShort)?;
        self.0 = rest;
        Ok(head)
    }
    fn slice(&mut self, length: usize) -> Result<&'a [u8], UnreadableMessage> {
        let (head, rest) = self.0.split_at_checked(length).ok_or(UnreadableMessage::TooShort)?;
        self.0 = rest;
        Ok(head)
    }
    /// A length of two bytes at most (no transaction holds more), in as few bytes as it takes.
    fn length(&mut self) -> Result<usize, UnreadableMessage> {
        let [low] = *self.array()?;
        if low & 0x80 == 0 {
            return Ok(usize::from(low));
        }
        match *self.array()? {
            [high @ 1..0x80] => Ok(usize::from(low & 0x7f) | usize::from(high) << 7),
            _ => Err(UnreadableMessage::Length),
        }
    }
}
