//! How far attempts are: each endpoint is asked by itself, what landed is read from the transaction.

use std::time::{Duration, Instant};

use momentum_core::action::{Order, Swap};
use momentum_core::event::{Event, ExecutionKind, WalletEvent};
use momentum_core::ids::{AttemptId, Signature, Slot};
use momentum_core::units::{Lamports, TokenAmount};
use serde_json::Value;

use super::ending::{Testimony, Witnesses};
use super::settling::LOOK_EVERY;
use super::{Done, Executor, holdings};
use crate::endpoints::{Failure, Looked, Rpc};
use crate::receipt::Receipt;

/// Pause before a transaction that no node has yet is asked for again.
const NOT_YET: Duration = Duration::from_millis(300);
/// The same for one that cannot be read: the next node may tell it better.
const UNREADABLE: Duration = Duration::from_secs(2);
/// Pause before one is doubted again that nobody knows and of which its wallet's tokens say that it landed: a node may
/// know it again, else only an operator can tell.
const UNEXPLAINED: Duration = Duration::from_secs(30);
/// When balances are read behind the end of an attempt: soon, so that what does not add up is seen.
const SETTLED: Duration = Duration::from_secs(2);

impl Executor {
    /// Asks every endpoint that is not being asked. Where a blockhash may be too old, it says first what is final.
    /// What has landed is looked at less often.
    pub(super) fn look(&mut self, now: Instant, height: Option<u64>) {
        let settles = !self.settling.is_empty() && self.settle_at <= now;
        if self.attempts.is_empty() && !settles {
            return;
        }
        let landed: Vec<_> = if settles {
            self.settle_at = now + LOOK_EVERY;
            self.settling.iter().map(|(id, of)| (*id, of.landing.bytes.signature)).collect()
        } else {
            Vec::new()
        };
        let past = self.attempts.values().any(|attempt| attempt.past(height));
        for (nth, (looking, witness_at)) in self.looks.iter_mut().enumerate() {
            if std::mem::replace(looking, true) {
                continue;
            }
            let finalized = past && *witness_at <= now;
            if finalized {
                *witness_at = now + self.keys.witness_every;
            }
            let in_flight = self.attempts.iter().map(|(id, attempt)| (*id, attempt.bytes.signature));
            let (ids, signatures): (Vec<_>, Vec<_>) = in_flight.chain(landed.iter().copied()).unzip();
            let history = finalized || settles;
            let rpc = self.rpc.clone();
            self.under_way.push(Box::pin(async move {
                let looked = rpc.look(nth, &signatures, finalized, history).await;
                Done::Looked(nth, ids, looked)
            }));
        }
    }

    /// Takes what one endpoint said.
    pub(super) async fn looked(&mut self, nth: usize, of: &[AttemptId], looked: Result<Looked, Failure>) {
        if let Some((looking, _)) = self.looks.get_mut(nth) {
            *looking = false;
        }
        let Looked { finalized, slot, statuses } = match looked {
            Ok(looked) => looked,
            Err(why) => return tracing::debug!(endpoint = nth, %why, "it does not say how far attempts are"),
        };
        let (now, at) = (Instant::now(), self.clock());
        let said: Vec<_> = of.iter().copied().zip(statuses).collect();
        self.settled(nth, slot, &said).await;
        for (id, status) in &said {
            let Some(attempt) = self.attempts.get_mut(id) else { continue };
            let known = status.is_some();
            // Without a height read before it, not to know a signature says nothing.
            let verdict = match finalized {
                Some(finalized) => attempt.inquest.hear(Testimony { endpoint: nth, at, finalized, known }),
                None if known => attempt.inquest.hear(Testimony { endpoint: nth, at, finalized: 0, known }),
                None => None,
            };
            let verdict = self.protections.verdict(known, verdict);
            let landed = status.is_some_and(|status| status.confirmed);
            if landed && !attempt.fetching && attempt.fetch_at <= now {
                attempt.fetching = true;
                let (id, rpc, signature) = (*id, self.rpc.clone(), attempt.bytes.signature);
                self.under_way
                    .push(Box::pin(async move { Done::Fetched(id, rpc.transaction(&signature).await) }));
            }
            let rests = attempt.fetching || attempt.fetch_at > now || attempt.doubt_at > now;
            if let Some(witnesses) = verdict.filter(|_| !rests) {
                self.doubt(*id, witnesses).await;
            }
        }
    }

    /// Nodes that have forgotten an old transaction do not know it either: before a buy, or a sale of a part, is given
    /// up, its wallet is asked. Of what sells everything nothing is left that could be sold twice.
    async fn doubt(&mut self, id: AttemptId, witnesses: Witnesses) {
        let Some(attempt) = self.attempts.get_mut(&id) else { return };
        let asks = match attempt.order.swap {
            Swap::Buy { .. } => true,
            Swap::Sell { .. } => !attempt.order.whole_balance,
            Swap::Close | Swap::Withdraw { .. } => false,
        };
        if !asks {
            return self.expire(id, witnesses).await;
        }
        attempt.fetching = true;
        let (rpc, order, signature) = (self.rpc.clone(), attempt.order.clone(), attempt.bytes.signature);
        let known = self.holdings.known(&order);
        self.under_way.push(Box::pin(async move {
            Done::Doubted(id, witnesses, seems_landed(&rpc, &order, signature, known).await)
        }));
    }

    /// Takes whether the tokens say that an attempt landed of which nobody knows that it did.
    pub(super) async fn doubted(
        &mut self,
        id: AttemptId,
        witnesses: Witnesses,
        landed: Result<bool, Failure>,
    ) {
        let Some(attempt) = self.attempts.get_mut(&id) else { return };
        attempt.fetching = false;
        match landed {
            Ok(false) => self.expire(id, witnesses).await,
            Ok(true) => {
                attempt.doubt_at = Instant::now() + UNEXPLAINED;
                let signature = attempt.bytes.signature;
                tracing::error!(attempt = %id, %signature, "nobody knows it, and yet its wallet's tokens say that it landed");
            }
            Err(why) => tracing::warn!(attempt = %id, "what its wallet's tokens say is not known: {why}"),
        }
    }

    async fn expire(&mut self, id: AttemptId, witnesses: Witnesses) {
        let Some(attempt) = self.attempts.remove(&id) else { return };
        let signature = attempt.bytes.signature;
        match witnesses {
            Witnesses::Two => tracing::info!(attempt = %id, %signature, "it can never land"),
            Witnesses::Single => {
                tracing::warn!(attempt = %id, %signature, single_witness = true, "it can never land, says one endpoint");
            }
        }
        self.tell(id, ExecutionKind::Expired).await;
    }

    /// Takes the transaction of an attempt that is on the chain. What it did must be told to the lamport by its own
    /// bytes: where it is not, it is read again.
    pub(super) async fn fetched(&mut self, id: AttemptId, transaction: Result<Option<Value>, Failure>) {
        let Some(attempt) = self.attempts.get_mut(&id) else { return };
        attempt.fetching = false;
        let transaction = match transaction {
            Ok(Some(transaction)) => transaction,
            Ok(None) => {
                attempt.fetch_at = Instant::now() + NOT_YET;
                return;
            }
            Err(why) => {
                attempt.fetch_at = Instant::now() + NOT_YET;
                return tracing::warn!(attempt = %id, "what it did is not read yet: {why}");
            }
        };
        let wallet = attempt.order.wallet;
        let mut unwrapped = None;
        let kind = match self.workshop.receipt(&attempt.order, &transaction) {
            Ok(Receipt::Landed { slot, fill, unwrapped: found }) => {
                let lamports = Some(found).filter(|found| *found > Lamports::ZERO);
                unwrapped = lamports.map(|lamports| WalletEvent::Unwrapped { wallet, lamports, slot });
                ExecutionKind::Landed { slot, fill }
            }
            Ok(Receipt::Closed { slot, rent, costs }) => ExecutionKind::Closed { slot, rent, costs },
            Ok(Receipt::Withdrawn { slot, costs }) => ExecutionKind::Withdrawn { slot, costs },
            Ok(Receipt::Failed { slot, error, costs }) => {
                self.protections.failed(&attempt.order, slot, error, costs)
            }
            Err(why) => {
                attempt.fetch_at = Instant::now() + UNREADABLE;
                let signature = attempt.bytes.signature;
                return tracing::error!(attempt = %id, %signature, "what it did cannot be read: {why}");
            }
        };
        if let (Some(attempt), ExecutionKind::Landed { slot, fill }) = (self.attempts.remove(&id), &kind) {
            self.settle(attempt, *slot, *fill);
        }
        self.balances_at = self.balances_at.min(Instant::now() + SETTLED);
        self.tell(id, kind).await;
        if let Some(unwrapped) = unwrapped {
            self.say(Event::Wallet(unwrapped)).await;
        }
    }
}

/// Whether the tokens of its wallet say that an attempt landed: those of a buy are there, or as many as a sale was of
/// are gone from those that were `known`, and nobody knows of another transaction that took them.
async fn seems_landed(
    rpc: &Rpc,
    order: &Order,
    signature: Signature,
    (known, since): (TokenAmount, Slot),
) -> Result<bool, Failure> {
    let read = holdings::read(rpc, Vec::new(), vec![(order.wallet, order.mint)]).await?;
    let held = read.all_tokens();
    match order.swap {
        Swap::Buy { min_tokens, .. } => Ok(held >= min_tokens),
        Swap::Sell { tokens, .. } if held > TokenAmount::ZERO && known.saturating_sub(held) >= tokens => {
            Ok(!holdings::moved_since(rpc, order, since, signature).await?)
        }
        Swap::Sell { .. } | Swap::Close | Swap::Withdraw { .. } => Ok(false),
    }
}
