//! Finds the events of a transaction.

use momentum_core::ids::{PoolId, Pubkey};

use super::{PoolMints, logs};
use crate::events::EVENT_TAG;
use crate::layout::Malformed;
use crate::programs::Program;
use crate::transaction::{Instruction, Transaction};

/// Something that was emitted in a transaction.
#[derive(Clone, Copy)]
pub enum Emitted<'a> {
    /// An event of one of our programs.
    Event {
        /// Its place among the pump and PumpSwap events of the transaction, from 0.
        ordinal: u16,
        /// Who emitted it.
        program: Program,
        /// Its discriminator and body.
        payload: &'a [u8],
        /// What its enclosing instruction tells of the pools in it.
        mints: Mints<'a>,
    },
    /// An event of another program, or one that its program did not emit itself.
    Foreign,
    /// A log line of one of our programs that is no event.
    Broken {
        /// What is wrong.
        why: Malformed,
    },
    /// The logs end before the transaction does.
    Truncated,
}

/// The accounts of the instruction that encloses an event: PumpSwap events name only the pool, the mints are
/// accounts 3 and 4 of every swap instruction.
#[derive(Clone, Copy, Default)]
pub struct Mints<'a>(Option<[&'a [u8; 32]; 3]>);

impl Mints<'_> {
    /// The mints of `pool`, if the enclosing instruction is one of that pool: its account 0 says so. Routes
    /// (`multi_hop_swap`) have other accounts there.
    #[must_use]
    pub fn of(&self, pool: &PoolId) -> Option<PoolMints> {
        let [at, base, quote] = self.0?;
        (*at == pool.0.0).then_some(PoolMints { base: Pubkey(*base), quote: Pubkey(*quote) })
    }
}

/// An instruction that may enclose others.
#[derive(Clone, Copy, Default)]
struct Frame<'a> {
    program: Option<Program>,
    accounts: &'a [u8],
}

/// Calls may nest nine deep; some room.
const DEEPEST: usize = 16;

/// Calls `visit` with each event of a transaction in order; nothing for a failed one.
pub fn walk<T: Transaction>(transaction: &T, mut visit: impl FnMut(Emitted<'_>)) {
    if transaction.failed() {
        return;
    }
    if !transaction.carries_inner() {
        return logs::walk(transaction.logs(), visit);
    }
    let mut ordinal: u16 = 0;
    let mut frames = [Frame::default(); DEEPEST];
    // Where a source tells no heights: the last call of each program below this top-level instruction.
    let mut last: [Option<Frame<'_>>; 2] = [None; 2];
    for Instruction { program, accounts, data, height } in transaction.instructions() {
        let program = transaction.key(program).and_then(Program::at);
        let height = height.map(|height| usize::try_from(height).unwrap_or(usize::MAX));
        let Some((EVENT_TAG, payload)) = data.split_first_chunk().map(|(tag, rest)| (*tag, rest)) else {
            let frame = Frame { program, accounts };
            if height == Some(1) {
                last = [None; 2];
            }
            if let Some(slot) = height.and_then(|height| frames.get_mut(height)) {
                *slot = frame;
            }
            if let Some(program) = program {
                last[program as usize] = Some(frame);
            }
            continue;
        };
        let enclosing = match height {
            Some(height) => height.checked_sub(1).and_then(|above| frames.get(above)).copied(),
            None => program.and_then(|program| last[program as usize]),
        };
        match (program, enclosing) {
            (Some(program), Some(frame)) if frame.program == Some(program) => {
                let account = |place: usize| {
                    frame.accounts.get(place).and_then(|index| transaction.key(usize::from(*index)))
                };
                let mints = match (account(0), account(3), account(4)) {
                    (Some(pool), Some(base), Some(quote)) => Mints(Some([pool, base, quote])),
                    _ => Mints(None),
                };
                visit(Emitted::Event { ordinal, program, payload, mints });
                ordinal = ordinal.saturating_add(1);
            }
            _ => visit(Emitted::Foreign),
        }
    }
}
