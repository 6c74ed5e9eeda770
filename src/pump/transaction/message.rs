//! The wire format of transactions: legacy, version 0 (lookup tables), version 1 (SIMD-0385).

use momentum_core::ids::Signature;

use super::{OwnedTransaction, TooLarge};

/// Why bytes are no transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// They end within it.
    #[error("the bytes end within it")]
    TooShort,
    /// A length that is none.
    #[error("a length in it is longer than three bytes")]
    Length,
    /// A version whose layout nobody here knows.
    #[error("its version {0} is not known")]
    Version(u8),
    /// An instruction larger than any on chain.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], MessageError> {
        let (head, rest) = self.0.split_first_chunk().ok_or(MessageError::TooShort)?;
        self.0 = rest;
        Ok(head)
    }
    fn byte(&mut self) -> Result<u8, MessageError> {
        self.array::<1>().map(|[byte]| *byte)
    }
    fn slice(&mut self, length: usize) -> Result<&'a [u8], MessageError> {
        let (head, rest) = self.0.split_at_checked(length).ok_or(MessageError::TooShort)?;
        self.0 = rest;
        Ok(head)
    }
    fn arrays<const N: usize>(&mut self, count: usize) -> Result<&'a [[u8; N]], MessageError> {
        self.slice(count.checked_mul(N).ok_or(MessageError::TooShort)?).map(|bytes| bytes.as_chunks().0)
    }
    /// Seven bits a byte, low ones first, at most three bytes.
    fn length(&mut self) -> Result<usize, MessageError> {
        let mut length = 0;
        for shift in [0, 7, 14] {
            let byte = self.byte()?;
            length |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(length);
            }
        }
        Err(MessageError::Length)
    }
}

/// Reads a whole serialised transaction: signature, static keys, top-level instructions.
///
/// # Errors
/// Where the bytes are no transaction of a known version.
pub fn read_message(bytes: &[u8]) -> Result<OwnedTransaction, MessageError> {
    let mut bytes = Bytes(bytes);
    // Version 1 begins with its version, the older ones with the number of signatures, which is far smaller.
    match bytes.0.first() {
        Some(0x81) => return read_version_1(&mut bytes),
        Some(version @ 0x82..) => return Err(MessageError::Version(version & 0x7f)),
        _ => {}
    }
    let signatures = bytes.length()?;
    let signatures = bytes.arrays::<64>(signatures)?;
    if let Some(version) = bytes.0.first().filter(|byte| **byte & 0x80 != 0) {
        match version & 0x7f {
            0 => bytes.0 = &bytes.0[1..],
            version => return Err(MessageError::Version(version)),
        }
    }
    bytes.array::<3>()?;
    let keys = bytes.length()?;
    let mut transaction = OwnedTransaction {
        signature: signatures.first().map(|bytes| Signature(*bytes)).unwrap_or_default(),
        keys: bytes.arrays::<32>(keys)?.to_vec(),
        ..OwnedTransaction::default()
    };
    bytes.array::<32>()?;
    let count = bytes.length()?;
    // An instruction takes three bytes at least, so a lying count reserves nothing to speak of.
    transaction.steps.reserve_exact(count.min(bytes.0.len() / 3));
    transaction.bytes.reserve_exact(bytes.0.len());
    for _ in 0..count {
        let program = bytes.byte()?;
        let accounts = bytes.length()?;
        let accounts = bytes.slice(accounts)?;
        let data = bytes.length()?;
        let data = bytes.slice(data)?;
        transaction.push_instruction(program, accounts, data, Some(1))?;
    }
    Ok(transaction)
}

fn read_version_1(bytes: &mut Bytes<'_>) -> Result<OwnedTransaction, MessageError> {
    bytes.array::<4>()?;
    let mask = u32::from_le_bytes(*bytes.array()?);
    bytes.array::<32>()?;
    let [count, keys] = *bytes.array()?;
    let keys = bytes.arrays::<32>(usize::from(keys))?.to_vec();
    let mut transaction = OwnedTransaction { keys, ..OwnedTransaction::default() };
    bytes.arrays::<4>(usize::try_from(mask.count_ones()).unwrap_or(0))?;
    let heads = bytes.arrays::<4>(usize::from(count))?;
    transaction.steps.reserve_exact(heads.len());
    for [program, accounts, low, high] in heads {
        let accounts = bytes.slice(usize::from(*accounts))?;
        let data = bytes.slice(usize::from(u16::from_le_bytes([*low, *high])))?;
        transaction.push_instruction(*program, accounts, data, Some(1))?;
    }
    // The signatures stand at the end.
    transaction.signature = bytes.array().map(|bytes| Signature(*bytes)).unwrap_or_default();
    Ok(transaction)
}
