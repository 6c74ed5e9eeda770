//! What the engine wants of the executor, waiting for it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use momentum_core::action::Order;
use momentum_core::ids::{AttemptId, Mint};
use momentum_core::time::Timestamp;
use momentum_core::units::Lamports;
use tokio::sync::Notify;

use crate::signer::SendLimits;

/// Proofs that may wait: the engine asks for more of them than it needs.
const PROOFS: usize = 64;

/// What is wanted.
#[derive(Clone, Debug)]
pub(super) enum Wish {
    /// Build, check, sign.
    Submit(Box<Order>),
    /// Send.
    Broadcast(AttemptId),
    /// Say what became of it, sending nothing.
    Resolve(AttemptId),
    /// Sign within these limits.
    Limits(SendLimits),
    /// Read our balances.
    Refresh,
    /// Remember a coin that trades: what the programs are proven with where they have changed.
    Met(Mint),
}

/// A proof of exit that is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) mint: Mint,
    pub(super) size: Lamports,
    pub(super) asked: Timestamp,
}

/// The queue. Orders are never dropped: there are no more of them than attempts without an end, which the engine's
/// own limits bound, and three wishes each. Proofs are, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    pub(super) wake: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    wishes: VecDeque<Wish>,
    questions: VecDeque<Question>,
    dropped: Vec<Question>,
}

impl Queue {
    /// Nothing is left half done under this lock, so what a panicking thread held is good.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn want(&self, wish: Wish) {
        self.waiting().wishes.push_back(wish);
        self.wake.notify_one();
    }

    pub(super) fn ask(&self, question: Question) {
        let mut waiting = self.waiting();
        waiting.questions.push_back(question);
        if waiting.questions.len() > PROOFS
            && let Some(oldest) = waiting.questions.pop_front()
        {
            waiting.dropped.push(oldest);
        }
        drop(waiting);
        self.wake.notify_one();
    }

    pub(super) fn wish(&self) -> Option<Wish> {
        self.waiting().wishes.pop_front()
    }

    pub(super) fn question(&self) -> Option<Question> {
        self.waiting().questions.pop_front()
    }

    /// Questions that found no room since the last call: they are answered too.
    pub(super) fn dropped(&self) -> Vec<Question> {
        std::mem::take(&mut self.waiting().dropped)
    }
}
