//! The second look: what has landed is confirmed when it is told, and may still vanish with a fork until it is final.
//!
//! Each landing is looked at until an endpoint says that it is final. That it has vanished is believed where every
//! endpoint that speaks says several times running, from a slot past that of the landing, that it does not know it:
//! one that is behind knows nothing yet, and one that knows it takes back what others said. To be wrong in that costs
//! little, for what has vanished is in flight again, and looked at as all that is.

use std::collections::BTreeMap;
use std::time::Duration;

use momentum_core::action::Order;
use momentum_core::event::{Event, ExecutionEvent, ExecutionKind, Fill};
use momentum_core::ids::{AttemptId, Mint, Signature, Slot, Wallet};

use super::attempt::{Attempt, Bytes};
use super::{ENDED, Executor, holdings};
use crate::endpoints::{Rpc, Status};

/// Time between two looks at what has landed.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks running in which an endpoint must not know it.
const LOOKS: u32 = 3;
/// An endpoint that said nothing for so long does not speak any more.
const SILENT_AFTER: Duration = Duration::from_secs(60);

/// A landing that an earlier process told, and that may not have been final then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// What it carried out.
    pub order: Order,
    /// Its transaction.
    pub bytes: Bytes,
    /// Where it landed.
    pub slot: Slot,
    /// What it did, as it was told.
    pub fill: Fill,
}

/// A landing that is told and not final.
#[derive(Debug)]
pub(super) struct Settling {
    pub(super) landing: Landing,
    heard: Heard,
}

/// What endpoints say of a landing.
#[derive(Debug)]
struct Heard {
    slot: Slot,
    /// Of each endpoint: when it spoke last, and in how many looks running it did not know it.
    said: BTreeMap<usize, (Duration, u32)>,
}

/// What that comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// It is final.
    Final,
    /// It is there, or nobody can say that it is not.
    There,
    /// It is not on the chain.
    Vanished,
}

impl Heard {
    const fn new(slot: Slot) -> Self {
        Self { slot, said: BTreeMap::new() }
    }

    /// Hears at `now` what an endpoint that is at slot `at` knows of it.
    fn hear(&mut self, endpoint: usize, now: Duration, at: Option<Slot>, status: Option<Status>) -> Found {
        let (when, missed) = self.said.entry(endpoint).or_insert((now, 0));
        *when = now;
        match status {
            Some(Status { finalized: true, .. }) => return Found::Final,
            Some(_) => {
                self.said.values_mut().for_each(|(_, missed)| *missed = 0);
                return Found::There;
            }
            None if at.is_none_or(|at| at <= self.slot) => return Found::There,
            None => *missed = missed.saturating_add(1),
        }
        let speaking = self.said.values().filter(|(when, _)| now.saturating_sub(*when) <= SILENT_AFTER);
        let mut missed = speaking.map(|(_, missed)| *missed);
        if missed.all(|missed| missed >= LOOKS) { Found::Vanished } else { Found::There }
    }
}

impl Settling {
    pub(super) const fn new(landing: Landing) -> Self {
        let heard = Heard::new(landing.slot);
        Self { landing, heard }
    }
}

impl Executor {
    /// A landing was told: it is looked at until it is final.
    pub(super) fn settle(&mut self, attempt: Attempt, slot: Slot, fill: Fill) {
        let Attempt { order, bytes, .. } = attempt;
        let id = order.attempt;
        self.holdings.moved(&order, slot, &fill, false);
        self.settling.insert(id, Settling::new(Landing { order, bytes, slot, fill }));
        // Where no node ever says that something is final, the oldest is taken to be.
        if self.settling.len() > ENDED {
            self.settling.pop_first();
        }
    }

    /// Takes what an endpoint says of landings. What has vanished is told, the newest first: a sale before the buy
    /// that it was of.
    pub(super) async fn settled(
        &mut self,
        endpoint: usize,
        at: Option<Slot>,
        of: &[(AttemptId, Option<Status>)],
    ) {
        let (now, mut vanished) = (self.clock(), Vec::new());
        for (id, status) in of {
            let Some(settling) = self.settling.get_mut(id) else { continue };
            match settling.heard.hear(endpoint, now, at, *status) {
                Found::There => {}
                Found::Final => {
                    self.settling.remove(id);
                }
                Found::Vanished => vanished.push((settling.landing.slot, *id)),
            }
        }
        vanished.sort_unstable();
        for (_, id) in vanished.into_iter().rev() {
            self.vanished(id).await;
        }
    }

    /// It is in flight again: whether its bytes are sent is the engine's to say.
    async fn vanished(&mut self, id: AttemptId) {
        let Some(Settling { landing, .. }) = self.settling.remove(&id) else { return };
        let Landing { order, bytes, slot, fill } = landing;
        let signature = bytes.signature;
        tracing::error!(attempt = %id, %signature, %slot, "it had landed and is on the chain no more: a fork took it back");
        self.ended.remove(&id);
        self.holdings.moved(&order, slot, &fill, true);
        self.fly(Attempt::new(order.clone(), bytes));
        let kind = ExecutionKind::Vanished { order: Box::new(order), slot, fill };
        self.say(Event::from(ExecutionEvent { attempt: id, kind })).await;
    }
}

/// Reads balances, and then looks whether every landing that is not final is still known: what was read of a chain
/// without it would be taken for the work of another hand.
pub(super) async fn read_settled(
    rpc: &Rpc,
    wallets: Vec<Wallet>,
    tokens: Vec<(Wallet, Mint)>,
    landed: &[Signature],
) -> Result<holdings::Read, String> {
    let read = holdings::read(rpc, wallets, tokens).await.map_err(|why| why.to_string())?;
    if landed.is_empty() {
        return Ok(read);
    }
    for nth in 0..rpc.count() {
        let looked = rpc.look(nth, landed, false, true).await;
        if looked.is_ok_and(|looked| looked.statuses.iter().any(Option::is_none)) {
            return Err("a landing of ours that is not final yet is not known to every endpoint".to_owned());
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const SEEN: Option<Status> = Some(Status { slot: Slot(10), confirmed: true, finalized: false });

    fn heard(of: &[(usize, u64, u64, Option<Status>)]) -> Vec<Found> {
        let mut heard = Heard::new(Slot(10));
        let hear = |(endpoint, second, at, status): &(usize, u64, u64, Option<Status>)| {
            heard.hear(*endpoint, SECOND * u32::try_from(*second).unwrap(), Some(Slot(*at)), *status)
        };
        of.iter().map(hear).collect()
    }

    #[test]
    fn a_landing_is_final_where_one_endpoint_says_so() {
        let last = Some(Status { slot: Slot(10), confirmed: true, finalized: true });
        assert_eq!(heard(&[(0, 1, 11, SEEN), (1, 1, 12, last)]), [Found::There, Found::Final]);
    }

    #[test]
    fn it_has_vanished_where_every_endpoint_that_speaks_does_not_know_it_three_times_running() {
        use Found::{There, Vanished};
        let alone = [(0, 1, 11, None), (0, 2, 12, None), (0, 3, 13, None)];
        assert_eq!(heard(&alone), [There, There, Vanished]);
        let both = [&alone[..], &[(1, 3, 13, None), (1, 4, 14, None), (1, 5, 15, None)]].concat();
        let two = [&[(1, 1, 11, SEEN)], &both[..]].concat();
        assert_eq!(heard(&two), [There, There, There, There, There, There, Vanished]);
        let silent =
            [&[(1, 1, 11, SEEN)][..], &[(0, 60, 99, None), (0, 61, 99, None), (0, 62, 99, None)]].concat();
        assert_eq!(heard(&silent), [There, There, There, Vanished]);
    }

    #[test]
    fn one_that_knows_it_takes_back_what_was_said_and_one_that_is_behind_says_nothing() {
        let behind = [(0, 1, 9, None), (0, 2, 10, None), (0, 3, 10, None), (0, 4, 10, None)];
        assert!(heard(&behind).iter().all(|found| *found == Found::There));
        let known =
            [(0, 1, 11, None), (0, 2, 12, None), (1, 2, 12, SEEN), (0, 3, 13, None), (0, 4, 14, None)];
        assert!(heard(&known).iter().all(|found| *found == Found::There));
    }
}
