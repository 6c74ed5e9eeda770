//! What goes wrong at a node: one by one as scripted, for good, or drawn from a seed.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Status 429.
    TooMany {
        /// `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// Another status; what was sent is not taken.
    Status(u16),
    /// Status 200 and no JSON; what was sent is not taken.
    Garbage,
    /// Half of the answer, then the connection breaks; what was sent is taken.
    Truncated,
    /// No answer for ever; what was sent is taken, and lands after its caller gave up.
    Hanging,
    /// The connection is reset as soon as it is there.
    Reset,
    /// So many slots behind.
    Lagging(u64),
    /// Another genesis than before, an old height, no signature known, a lamport or a unit more than there is.
    Contradicting,
    /// No transaction known of this slot or a later one, as where a history has a hole; the state behind them is.
    Forgets(u64),
}

/// The faults of one node. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    next: VecDeque<Fault>,
    then: Fault,
    of: BTreeMap<&'static str, Fault>,
}

impl Faults {
    /// The next requests meet these, one each; those before are forgotten.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().next = faults.into_iter().collect();
    }

    /// Every request without a scripted fault meets this one.
    pub fn always(&self, fault: Fault) {
        self.lock().then = fault;
    }

    /// Every request of this method meets this one, whatever else is said; a reset has no method.
    pub fn always_of(&self, method: &'static str, fault: Fault) {
        self.lock().of.insert(method, fault);
    }

    /// Nothing goes wrong any more.
    pub fn clear(&self) {
        *self.lock() = Script::default();
    }

    /// So many scripted faults as a seed gives: the same for the same seed. Nearly half of the requests meet none.
    #[must_use]
    pub fn drawn(seed: u64, count: usize) -> Vec<Fault> {
        let mut state = seed;
        let mut draw = |below: u64| {
            // SplitMix64.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ (z >> 31)) % below
        };
        let fault = |_| match draw(16) {
            0 => Fault::TooMany { retry_after: None },
            1 => Fault::TooMany { retry_after: Some(draw(2)) },
            2 => Fault::Status(500),
            3 => Fault::Status(503),
            4 => Fault::Garbage,
            5 => Fault::Truncated,
            6 => Fault::Hanging,
            7 => Fault::Reset,
            8 => Fault::Lagging(draw(200)),
            _ => Fault::None,
        };
        (0..count).map(fault).collect()
    }

    pub(super) fn take(&self, method: &str) -> Fault {
        let mut script = self.lock();
        if let Some(fault) = script.of.get(method) {
            return *fault;
        }
        let then = script.then;
        script.next.pop_front().unwrap_or(then)
    }

    /// Whether the next fault is a reset; it is taken then.
    pub(super) fn take_reset(&self) -> bool {
        let mut script = self.lock();
        match script.next.front() {
            Some(Fault::Reset) => script.next.pop_front().is_some(),
            Some(_) => false,
            None => script.then == Fault::Reset,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
