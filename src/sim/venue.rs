//! The simulated venue: answers orders as the chain would, on paper and in backtests.
//!
//! An attempt is prepared and sent at once; after a drawn time it lands, lands and fails, or is lost and
//! expires. A swap fills at the state of its *arrival*, moved by our own earlier fills in that token, with
//! the venue's fees, and only within its bound. Completion is the stream's alone.
//!
//! The venue follows only tokens that we have traded or are trading. It holds all that it needs in its own
//! state, which serialises: one that was restored answers as the old one would have.

mod draws;
mod track;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use momentum_core::action::{Action, Order};
use momentum_core::config::Execution;
use momentum_core::event::{Command, Event, ExecutionEvent, ExecutionKind, FeedEvent, NetworkCosts, Side};
use momentum_core::ids::{AttemptId, Mint, Signature, Slot, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::trader::positions::Impacts;
use momentum_core::units::{Bps, Lamports, TokenAmount};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha512};

use draws::Draws;
pub use draws::Fate;
use track::Track;

use crate::paper::Paper;

/// Where a venue's fills are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strictness {
    /// Fills at the state of arrival.
    #[default]
    Paper,
    /// Fills worse than that by a drawn slippage: a backtest has no competition that reacts to it.
    Backtest,
}

/// The simulated venue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Venue {
    paper: Paper,
    strictness: Strictness,
    /// Network fee of one signature.
    base_fee: Lamports,
    /// What the first buy of a token locks in its account.
    rent: Lamports,
    /// Newest slot that the stream showed.
    slot: Slot,
    /// Attempts without an end.
    attempts: BTreeMap<AttemptId, Attempt>,
    /// What is to be told, by time, then in the order in which it was decided.
    due: BTreeMap<(Timestamp, u64), (AttemptId, Step)>,
    /// Number of the next entry of `due`.
    decided: u64,
    tracks: BTreeMap<Mint, Track>,
    /// Our token accounts: opened by the first buy, kept when empty.
    accounts: BTreeMap<(Wallet, Mint), TokenAmount>,
    /// Outcomes of the next sends, in place of their draws: scenario texts prescribe them.
    foretold: VecDeque<Fate>,
}

/// What an earlier process leaves to a venue.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    /// The newest slot that was seen: what lands before the stream shows another one lands there.
    pub slot: Slot,
    /// Signed attempts without an end.
    pub attempts: Vec<Inherited>,
    /// Our token accounts, the empty ones too.
    pub accounts: BTreeMap<(Wallet, Mint), TokenAmount>,
    /// Sums of our own fills.
    pub impacts: BTreeMap<Mint, Impacts>,
}

/// A signed attempt without an end.
#[derive(Clone, Debug)]
pub struct Inherited {
    /// What it carries out, quoted on the freshest state known.
    pub order: Order,
    /// When it was signed.
    pub signed: Timestamp,
    /// Whether it was given to the venue.
    pub left: bool,
}

/// An attempt without an end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Attempt {
    order: Order,
    /// When it was signed: its blockhash ages from here.
    prepared: Timestamp,
    /// It left; to send the same bytes again changes nothing.
    sent: bool,
}

/// What is next to be told of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Step {
    /// It is no attempt of this venue: it never left.
    Disown,
    Prepare,
    Send,
    Land,
    Fail,
    Expire,
}

impl Venue {
    /// A venue that knows nothing yet. Network fee and rent are those that the trader reckons with.
    #[must_use]
    pub fn new(paper: Paper, execution: &Execution, strictness: Strictness) -> Self {
        Self {
            paper,
            strictness,
            base_fee: execution.base_fee,
            rent: execution.token_account_rent,
            slot: Slot::default(),
            attempts: BTreeMap::new(),
            due: BTreeMap::new(),
            decided: 0,
            tracks: BTreeMap::new(),
            accounts: BTreeMap::new(),
            foretold: VecDeque::new(),
        }
    }

    /// Prescribes what becomes of the next send that nothing is prescribed for yet.
    pub fn foretell(&mut self, fate: Fate) {
        self.foretold.push_back(fate);
    }

    /// Takes over at `now` what an earlier process left. An attempt that had left has the fate and the time
    /// that it would have had; what fell due in between comes at once, at the state that is known now.
    pub fn inherit(&mut self, now: Timestamp, estate: Estate) {
        self.slot = self.slot.max(estate.slot);
        self.accounts = estate.accounts;
        for (mint, impacts) in estate.impacts {
            self.tracks.entry(mint).or_default().inherit(impacts);
        }
        for Inherited { order, signed, left } in estate.attempts {
            let id = order.attempt;
            let track = self.tracks.entry(order.mint).or_default();
            track.start_from(&order.basis);
            track.live += 1;
            let fate = left.then(|| Draws::new(&self.paper, &order).fate());
            self.attempts.insert(id, Attempt { order, prepared: signed, sent: left });
            if left {
                // That it left may not have become durable: told again it changes nothing, untold it would never
                // be superseded.
                self.decide(now, id, Step::Send);
            }
            match fate {
                Some(Fate::Lands(latency)) => self.decide(now.max(signed + latency), id, Step::Land),
                Some(Fate::Fails(latency)) => self.decide(now.max(signed + latency), id, Step::Fail),
                Some(Fate::Lost) => self.decide(now.max(signed + self.paper.expiry), id, Step::Expire),
                None => {}
            }
        }
    }

    /// Follows the stream (slots, and the reserves of tokens that we trade) and the settings that it shares with
    /// the trader.
    pub fn observe(&mut self, event: &Event) {
        match event {
            Event::Market(event) => {
                self.slot = self.slot.max(event.slot.unwrap_or_default());
                if let Some(track) = self.tracks.get_mut(&event.mint) {
                    track.observe(event);
                }
            }
            Event::Feed(FeedEvent::Slot { slot, .. }) => self.slot = self.slot.max(*slot),
            Event::Command(commanded) => {
                if let Command::Reconfigure(config) = &commanded.command {
                    self.base_fee = config.execution.base_fee;
                    self.rent = config.execution.token_account_rent;
                }
            }
            _ => {}
        }
    }

    /// Takes what the engine wants of a venue at `now`; other actions are not its business.
    pub fn accept(&mut self, now: Timestamp, action: &Action) {
        match action {
            Action::Submit(order) => self.submit(now, order),
            Action::Broadcast(attempt) => self.broadcast(now, *attempt),
            Action::Resolve(attempt) => self.resolve(now, *attempt),
            _ => {}
        }
    }

    /// When there is something to tell next.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.first_key_value().map(|((due, _), _)| *due)
    }

    /// The next thing to tell that fell due up to `now`. What it fills at is the state observed so far.
    pub fn poll(&mut self, now: Timestamp) -> Option<ExecutionEvent> {
        let entry = self.due.first_entry().filter(|entry| entry.key().0 <= now)?;
        let (id, step) = entry.remove();
        // A step is queued only for an attempt that has no end yet, and its end is queued last.
        if step == Step::Disown {
            let why = "it was never signed".to_owned();
            return Some(ExecutionEvent { attempt: id, kind: ExecutionKind::Refused { why } });
        }
        let attempt = match step {
            Step::Disown => return None,
            Step::Prepare | Step::Send => self.attempts.get(&id)?.clone(),
            Step::Land | Step::Fail | Step::Expire => self.attempts.remove(&id)?,
        };
        let order = &attempt.order;
        let kind = match step {
            Step::Disown => return None,
            Step::Prepare => self.prepared(order),
            Step::Send => ExecutionKind::Sent { lane: "paper".to_owned() },
            Step::Land => self.landed(order),
            Step::Fail => self.failed(order, "failed by the venue's draw".to_owned()),
            Step::Expire => ExecutionKind::Expired,
        };
        if !self.attempts.contains_key(&id) {
            self.unfollow(order.mint);
        }
        Some(ExecutionEvent { attempt: id, kind })
    }

    fn submit(&mut self, now: Timestamp, order: &Order) {
        if self.attempts.contains_key(&order.attempt) {
            return;
        }
        let track = self.tracks.entry(order.mint).or_default();
        track.start_from(&order.basis);
        track.live += 1;
        self.attempts.insert(order.attempt, Attempt { order: order.clone(), prepared: now, sent: false });
        self.decide(now, order.attempt, Step::Prepare);
    }

    fn broadcast(&mut self, now: Timestamp, id: AttemptId) {
        let Some(attempt) = self.attempts.get_mut(&id).filter(|attempt| !attempt.sent) else { return };
        attempt.sent = true;
        let fate = self.foretold.pop_front();
        let fate = fate.unwrap_or_else(|| Draws::new(&self.paper, &attempt.order).fate());
        let expires = attempt.prepared + self.paper.expiry;
        self.decide(now, id, Step::Send);
        match fate {
            Fate::Lands(latency) => self.decide(now + latency, id, Step::Land),
            Fate::Fails(latency) => self.decide(now + latency, id, Step::Fail),
            Fate::Lost => self.decide(expires.max(now), id, Step::Expire),
        }
    }

    /// The end of what was sent is on its way already; what never left can land no more once its blockhash
    /// is too old; what was never signed is over.
    fn resolve(&mut self, now: Timestamp, id: AttemptId) {
        let Some(attempt) = self.attempts.get_mut(&id) else {
            return self.decide(now, id, Step::Disown);
        };
        if attempt.sent {
            return;
        }
        attempt.sent = true;
        let expires = attempt.prepared + self.paper.expiry;
        self.decide(expires.max(now), id, Step::Expire);
    }

    fn decide(&mut self, due: Timestamp, attempt: AttemptId, step: Step) {
        self.due.insert((due, self.decided), (attempt, step));
        self.decided += 1;
    }

    fn prepared(&self, order: &Order) -> ExecutionKind {
        // An order is plain data: nothing in it can fail to serialise.
        let raw = serde_json::to_vec(order).unwrap_or_default();
        ExecutionKind::Prepared {
            signature: Signature(Sha512::digest(&raw).into()),
            last_valid_height: self.slot.0.saturating_add(self.paper.expiry_slots),
            raw,
        }
    }

    fn landed(&mut self, order: &Order) -> ExecutionKind {
        let worse = match self.strictness {
            Strictness::Paper => Bps(0),
            Strictness::Backtest => Draws::new(&self.paper, order).slippage(),
        };
        let account = (order.wallet, order.mint);
        let held = self.accounts.get(&account).copied();
        let opens = held.is_none() && order.swap.side() == Side::Buy;
        let rent = if opens { self.rent } else { Lamports::ZERO };
        let held = held.unwrap_or_default();
        let track = self.tracks.entry(order.mint).or_default();
        match track.fill(order, held, worse) {
            Ok(swapped) => {
                self.accounts.insert(account, swapped.balance(held));
                let fill = swapped.fill(self.costs(order), rent);
                ExecutionKind::Landed { slot: self.slot, fill }
            }
            Err(rejection) => self.failed(order, rejection.to_string()),
        }
    }

    fn failed(&self, order: &Order, error: String) -> ExecutionKind {
        ExecutionKind::Failed { slot: self.slot, error, costs: self.costs(order) }
    }

    /// A failed transaction pays them too: on chain the tip would be undone, the venue is the stricter.
    const fn costs(&self, order: &Order) -> NetworkCosts {
        NetworkCosts { base: self.base_fee, priority: order.priority, tip: order.tip }
    }

    /// An attempt of this token ended.
    fn unfollow(&mut self, mint: Mint) {
        if let Some(track) = self.tracks.get_mut(&mint) {
            track.live = track.live.saturating_sub(1);
            if track.idle() {
                self.tracks.remove(&mint);
            }
        }
    }
}
