//! A transaction as the decoder sees it, whatever it came in.

mod json;
mod message;

use momentum_core::ids::{Signature, Slot};
use momentum_core::time::ChainTime;

pub use json::{ReadError, read_transactions};
pub use message::{MessageError, read_message};

/// A transaction: JSON gives [`OwnedTransaction`]s, a Geyser stream the protobuf structs as they came.
pub trait Transaction {
    /// Its name.
    fn signature(&self) -> Signature;
    /// Its slot, where the source tells.
    fn slot(&self) -> Option<Slot>;
    /// Time of its block, where the source tells.
    fn time(&self) -> Option<ChainTime>;
    /// Whether it failed: it then changed nothing, and its events are void.
    fn failed(&self) -> bool;
    /// The address at an index: static keys first, then the loaded writable and the loaded read-only ones.
    fn key(&self, index: usize) -> Option<&[u8; 32]>;
    /// Whether the source carries inner instructions, be there none in this transaction.
    fn carries_inner(&self) -> bool;
    /// All instructions in the order of their execution: each top-level one, then its inner ones.
    fn instructions(&self) -> impl Iterator<Item = Instruction<'_>>;
    /// The log lines.
    fn logs(&self) -> impl Iterator<Item = &str>;
}

/// An instruction of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction<'a> {
    /// Index of its program.
    pub program: usize,
    /// Indexes of its accounts.
    pub accounts: &'a [u8],
    /// Its data.
    pub data: &'a [u8],
    /// 1 at the top level, 2 for what that calls, and so on; `None` where the source does not tell.
    pub height: Option<u32>,
}

/// A transaction that owns its bytes, compactly: never more than a few times the text that it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnedTransaction {
    /// Its name.
    pub signature: Signature,
    /// Its slot, where told.
    pub slot: Option<Slot>,
    /// Time of its block, where told.
    pub time: Option<ChainTime>,
    /// Whether it failed.
    pub failed: bool,
    /// Static keys, then the loaded writable and the loaded read-only ones.
    pub keys: Vec<[u8; 32]>,
    /// Whether the source carries inner instructions.
    pub carries_inner: bool,
    steps: Vec<Step>,
    bytes: Vec<u8>,
    lines: String,
}

/// Where an instruction's accounts and, behind them, its data stand in `bytes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    start: u32,
    accounts: u16,
    data: u16,
    program: u8,
    /// 0 where the source does not tell.
    height: u8,
}

/// An instruction or a transaction is larger than any that the chain would carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an instruction is longer than any on chain")]
pub struct TooLarge;

impl OwnedTransaction {
    /// Adds the instruction that was executed next.
    ///
    /// # Errors
    /// Where its accounts or data are more than 65,535 bytes.
    pub fn push_instruction(
        &mut self,
        program: u8,
        accounts: &[u8],
        data: &[u8],
        height: Option<u8>,
    ) -> Result<(), TooLarge> {
        self.bytes.reserve_exact(accounts.len() + data.len());
        let start = self.bytes.len();
        self.bytes.extend_from_slice(accounts);
        let middle = self.bytes.len();
        self.bytes.extend_from_slice(data);
        self.push_step(program, start, middle, height)
    }

    /// Adds an instruction whose accounts stand in `bytes` from `start`, its data from `middle` to the end.
    fn push_step(
        &mut self,
        program: u8,
        start: usize,
        middle: usize,
        height: Option<u8>,
    ) -> Result<(), TooLarge> {
        let step = Step {
            start: u32::try_from(start).map_err(|_| TooLarge)?,
            accounts: u16::try_from(middle - start).map_err(|_| TooLarge)?,
            data: u16::try_from(self.bytes.len() - middle).map_err(|_| TooLarge)?,
            program,
            height: height.unwrap_or(0),
        };
        self.steps.push(step);
        Ok(())
    }

    /// Adds a log line.
    pub fn push_log(&mut self, line: &str) {
        self.lines.extend(line.chars().map(|c| if c == '\n' { ' ' } else { c }));
        self.lines.push('\n');
    }
}

impl Transaction for OwnedTransaction {
    fn signature(&self) -> Signature {
        self.signature
    }
    fn slot(&self) -> Option<Slot> {
        self.slot
    }
    fn time(&self) -> Option<ChainTime> {
        self.time
    }
    fn failed(&self) -> bool {
        self.failed
    }
    fn key(&self, index: usize) -> Option<&[u8; 32]> {
        self.keys.get(index)
    }
    fn carries_inner(&self) -> bool {
        self.carries_inner
    }
    fn instructions(&self) -> impl Iterator<Item = Instruction<'_>> {
        self.steps.iter().map(|step| {
            let bytes = self.bytes.get(usize::try_from(step.start).unwrap_or(usize::MAX)..).unwrap_or(&[]);
            let (accounts, bytes) = bytes.split_at_checked(usize::from(step.accounts)).unwrap_or((&[], &[]));
            Instruction {
                program: usize::from(step.program),
                accounts,
                data: bytes.get(..usize::from(step.data)).unwrap_or(&[]),
                height: Some(u32::from(step.height)).filter(|height| *height > 0),
            }
        })
    }
    fn logs(&self) -> impl Iterator<Item = &str> {
        self.lines.lines()
    }
}
