//! An attempt in flight: its bytes, whether they are to be sent, what was said of it.

use std::time::{Duration, Instant};

use momentum_core::action::Order;
use momentum_core::ids::Signature;

use super::ending::Inquest;

/// Signed bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// Their signature.
    pub signature: Signature,
    /// The last block height at which they may land.
    pub last_valid_height: u64,
    /// The transaction as it goes over the wire.
    pub raw: Vec<u8>,
}

/// An attempt that an earlier process left without an end. One without bytes never left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inherited {
    /// What it carries out.
    pub order: Order,
    /// Its transaction, where it was signed and could have left.
    pub bytes: Option<Bytes>,
}

/// An attempt in flight.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) order: Order,
    pub(super) bytes: Bytes,
    /// When the same bytes are sent next; never, where nobody wants them sent.
    pub(super) send_at: Option<Instant>,
    /// An earlier process signed it, and nothing was told of it since.
    pub(super) inherited: bool,
    pub(super) inquest: Inquest,
    /// What it did is being read.
    pub(super) fetching: bool,
    /// Not before.
    pub(super) fetch_at: Instant,
    /// It is not given up before.
    pub(super) doubt_at: Instant,
}

impl Attempt {
    pub(super) fn new(order: Order, bytes: Bytes) -> Self {
        let inquest = Inquest::new(bytes.last_valid_height);
        let now = Instant::now();
        Self {
            order,
            bytes,
            send_at: None,
            inherited: false,
            inquest,
            fetching: false,
            fetch_at: now,
            doubt_at: now,
        }
    }

    /// One that an earlier process left.
    pub(super) fn inherited(order: Order, bytes: Bytes) -> Self {
        Self { inherited: true, ..Self::new(order, bytes) }
    }

    /// Whether its bytes are due to be sent again; the chain is at `height`, where that is known.
    pub(super) fn resend(&mut self, now: Instant, every: Duration, height: Option<u64>) -> bool {
        let past = height.is_some_and(|height| height > self.bytes.last_valid_height);
        let due = self.send_at.is_some_and(|at| at <= now);
        if due {
            self.send_at = (!past).then(|| now + every);
        }
        due && !past
    }

    /// Whether its blockhash may be too old by now: then it is asked whether it can still land.
    pub(super) fn past(&self, height: Option<u64>) -> bool {
        height.is_none_or(|height| height > self.bytes.last_valid_height)
    }
}
