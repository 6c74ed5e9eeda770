//! Out to the engine: in order, bounded, nothing lost in silence.
//!
//! A full queue makes the socket wait for a while; then market events are dropped, and their number is told in
//! their place. A gap may be filled before what follows it goes on: live events wait behind it, up to a time and a
//! number.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use momentum_core::event::{Event, FeedEvent, MarketEvent};
use momentum_core::ids::Slot;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::SourceKeys;
use super::continuity::Gap;
use super::reading::Reading;

/// Fetches what happened in slots that the stream missed, both included: the market events in chain order, each
/// with its slot (others are left out). An error says why the gap stays open.
pub type Filler = Arc<dyn Fn(Slot, Slot) -> BoxFuture<'static, Filling> + Send + Sync>;

/// The answer of a [`Filler`].
pub type Filling = Result<Vec<Event>, Box<dyn std::error::Error + Send + Sync>>;

/// Tales of the stream that may wait for room in the queue; more are folded into one number of lost events.
const PENDING: usize = 256;

/// The way out.
pub(super) struct Delivery {
    out: mpsc::Sender<Event>,
    cancel: CancellationToken,
    filler: Option<Filler>,
    patience: Duration,
    fill_within: Duration,
    fill_behind: usize,
    /// What waits for room: only while events are dropped.
    pending: VecDeque<FeedEvent>,
    /// The gap that is being filled, and what waits behind it.
    open: Option<(Gap, BoxFuture<'static, Option<Vec<Event>>>)>,
    behind: VecDeque<Event>,
    /// The last slot that an earlier stream has told; none once the hole behind it is.
    after: Option<Slot>,
    /// The newest slot of which something was told.
    newest: Arc<AtomicU64>,
    pub(super) dropped: u64,
    pub(super) gaps: u64,
    pub(super) filled: u64,
}

impl Delivery {
    pub(super) fn new(
        out: mpsc::Sender<Event>,
        cancel: CancellationToken,
        filler: Option<Filler>,
        keys: &SourceKeys,
    ) -> Self {
        Self {
            out,
            cancel,
            filler,
            patience: keys.patience,
            fill_within: keys.fill_within,
            fill_behind: usize::try_from(keys.fill_behind).unwrap_or(usize::MAX),
            pending: VecDeque::new(),
            open: None,
            behind: VecDeque::new(),
            after: None,
            newest: Arc::default(),
            dropped: 0,
            gaps: 0,
            filled: 0,
        }
    }

    /// One that goes on where an earlier stream ended: behind its last slot, with the newest slot told kept in
    /// `newest`.
    pub(super) fn behind(self, after: Option<Slot>, newest: Arc<AtomicU64>) -> Self {
        Self { after, newest, ..self }
    }

    /// An event in its place.
    pub(super) async fn give(&mut self, event: Event) {
        if self.open.is_none() {
            return self.pass(event).await;
        }
        self.behind.push_back(event);
        if self.behind.len() > self.fill_behind {
            tracing::warn!(waiting = self.behind.len(), "too many events wait for a gap: it stays open");
            self.open = None;
            self.release().await;
        }
    }

    /// Waits for the answer of the filler; never, if none was asked. May be dropped and called again.
    pub(super) async fn answered(&mut self) -> Option<Vec<Event>> {
        match &mut self.open {
            Some((_, answer)) => answer.await,
            None => std::future::pending().await,
        }
    }

    /// Passes on what the filler answered and what waited for it.
    pub(super) async fn fill(&mut self, answer: Option<Vec<Event>>, reading: &mut Reading) {
        let Some((gap, _)) = self.open.take() else { return };
        if let Some(events) = answer {
            for event in events {
                if let Event::Market(event) = event
                    && within(gap, &event)
                    && reading.news(&event)
                {
                    self.pass(Event::Market(event)).await;
                }
            }
            self.filled += 1;
            self.pass(Event::Feed(FeedEvent::Filled { from: gap.from, to: gap.to })).await;
        }
        self.release().await;
    }

    /// Passes on what waited, up to the next gap that can be filled.
    async fn release(&mut self) {
        while self.open.is_none() {
            let Some(event) = self.behind.pop_front() else { return };
            self.pass(event).await;
        }
    }

    async fn pass(&mut self, event: Event) {
        let gap = match &event {
            Event::Feed(FeedEvent::Gap { from, to }) => Some(Gap { from: *from, to: *to }),
            _ => None,
        };
        if let Some(slot) = slot(&event) {
            if let Some(last) = self.after.take()
                && slot.0 > last.0 + 1
            {
                let hole = FeedEvent::Gap { from: Slot(last.0 + 1), to: Slot(slot.0 - 1) };
                self.send(Event::Feed(hole)).await;
                self.gaps += 1;
            }
            self.newest.fetch_max(slot.0, Ordering::Relaxed);
        }
        self.send(event).await;
        if let Some(gap) = gap {
            self.gaps += 1;
            self.ask(gap);
        }
    }

    fn ask(&mut self, gap: Gap) {
        let Some(filler) = &self.filler else { return };
        let (answer, within) = (filler(gap.from, gap.to), self.fill_within);
        let answer = async move {
            match timeout(within, answer).await {
                Ok(Ok(events)) => Some(events),
                Ok(Err(why)) => {
                    tracing::warn!(from = gap.from.0, to = gap.to.0, %why, "a gap stays open");
                    None
                }
                Err(_) => {
                    tracing::warn!(from = gap.from.0, to = gap.to.0, "a gap was not filled in time");
                    None
                }
            }
        };
        self.open = Some((gap, Box::pin(answer)));
    }

    async fn send(&mut self, event: Event) {
        self.catch_up();
        if !self.pending.is_empty() {
            return self.put_off(&event);
        }
        let event = match self.out.try_send(event) {
            Ok(()) => return,
            Err(mpsc::error::TrySendError::Closed(_)) => return self.cancel.cancel(),
            Err(mpsc::error::TrySendError::Full(event)) => event,
        };
        // The socket waits with us: its window closes, and the server's queue takes the burst.
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => return,
            room = timeout(self.patience, self.out.reserve()) => match room {
                Ok(Ok(room)) => return room.send(event),
                Ok(Err(_)) => return self.cancel.cancel(),
                Err(_) => {}
            },
        }
        tracing::warn!("the engine takes no events: market events are dropped");
        self.put_off(&event);
    }

    /// There is no room: a market event is counted, a tale of the stream waits.
    fn put_off(&mut self, event: &Event) {
        let tale = match event {
            // The next one says more.
            Event::Feed(FeedEvent::Slot { .. }) if !self.pending.is_empty() => return,
            Event::Feed(tale) => *tale,
            _ => {
                self.dropped += 1;
                FeedEvent::Dropped(1)
            }
        };
        match (self.pending.back_mut(), tale) {
            (Some(FeedEvent::Dropped(count)), FeedEvent::Dropped(more)) => *count += more,
            _ => self.pending.push_back(tale),
        }
        if self.pending.len() > PENDING {
            self.fold();
        }
    }

    /// So long without room that details are worth nothing: all of it is lost observation, and how it ended.
    fn fold(&mut self) {
        let ended = self.pending.iter().rev().find(|tale| matches!(tale, FeedEvent::Up | FeedEvent::Down));
        let ended = ended.copied();
        let lost = self.pending.drain(..).map(|tale| match tale {
            FeedEvent::Dropped(count) => count,
            _ => 1,
        });
        let lost = FeedEvent::Dropped(lost.sum());
        self.pending.extend([lost].into_iter().chain(ended));
    }

    /// Sends what waits as far as there is room. The next market event goes the ordinary way once all is out.
    pub(super) fn catch_up(&mut self) {
        while let Some(tale) = self.pending.front() {
            match self.out.try_send(Event::Feed(*tale)) {
                Ok(()) => {
                    self.pending.pop_front();
                }
                Err(mpsc::error::TrySendError::Full(_)) => return,
                Err(mpsc::error::TrySendError::Closed(_)) => return self.cancel.cancel(),
            }
        }
    }
}

/// The slot that an event is of.
const fn slot(event: &Event) -> Option<Slot> {
    match event {
        Event::Market(market) => market.slot,
        Event::Feed(FeedEvent::Slot { slot, .. }) => Some(*slot),
        _ => None,
    }
}

fn within(gap: Gap, event: &MarketEvent) -> bool {
    event.slot.is_some_and(|slot| gap.from <= slot && slot <= gap.to)
}

#[cfg(test)]
mod tests {
    use momentum_core::event::{MarketKind, OnExit, RunEvent};
    use momentum_core::ids::{Mint, Pubkey, Signature, Wallet};
    use momentum_core::time::ChainTime;

    use super::super::StreamKeys;
    use super::*;

    fn traded(slot: u64) -> Event {
        let mut signature = [0; 64];
        signature[..8].copy_from_slice(&slot.to_le_bytes());
        Event::from(MarketEvent {
            at: ChainTime(1),
            slot: Some(Slot(slot)),
            signature: Signature(signature),
            ordinal: 0,
            mint: Mint(Pubkey([1; 32])),
            kind: MarketKind::Completed { user: Wallet(Pubkey([2; 32])) },
        })
    }

    const fn feed(event: FeedEvent) -> Event {
        Event::Feed(event)
    }

    fn gap(from: u64, to: u64) -> Event {
        feed(FeedEvent::Gap { from: Slot(from), to: Slot(to) })
    }

    fn filled(from: u64, to: u64) -> Event {
        feed(FeedEvent::Filled { from: Slot(from), to: Slot(to) })
    }

    /// A way out with room for so many events, whose filler knows of one event in each slot.
    fn delivery(room: usize, behind: u32) -> (Delivery, mpsc::Receiver<Event>) {
        let (out, events) = mpsc::channel(room);
        let filler: Filler = Arc::new(|from, to| {
            let other = Event::Run(RunEvent::Stopping(OnExit::Hold));
            let beside = [traded(to.0 + 1), other];
            Box::pin(async move { Ok((from.0..=to.0).map(traded).chain(beside).collect()) })
        });
        let mut keys = StreamKeys::default().source;
        (keys.patience, keys.fill_behind) = (Duration::ZERO, behind);
        (Delivery::new(out, CancellationToken::new(), Some(filler), &keys), events)
    }

    fn all(events: &mut mpsc::Receiver<Event>) -> Vec<Event> {
        std::iter::from_fn(|| events.try_recv().ok()).collect()
    }

    #[tokio::test]
    async fn what_follows_gaps_waits_until_each_is_filled() {
        let (mut out, mut events) = delivery(100, 100);
        let mut reading = Reading::default();
        for event in [traded(10), gap(11, 12), traded(13), gap(14, 14), traded(15)] {
            out.give(event).await;
        }
        assert_eq!(all(&mut events), [traded(10), gap(11, 12)]);
        let answer = out.answered().await;
        out.fill(answer, &mut reading).await;
        assert_eq!(all(&mut events), [traded(11), traded(12), filled(11, 12), traded(13), gap(14, 14)]);
        let answer = out.answered().await;
        out.fill(answer, &mut reading).await;
        assert_eq!(all(&mut events), [traded(14), filled(14, 14), traded(15)]);
        assert_eq!((out.gaps, out.filled), (2, 2));
    }

    #[tokio::test]
    async fn the_hole_behind_an_earlier_stream_is_told_before_what_comes_first() {
        let (out, mut events) = delivery(100, 100);
        let newest = Arc::new(AtomicU64::new(0));
        let mut out = out.behind(Some(Slot(10)), Arc::clone(&newest));
        for event in [feed(FeedEvent::Up), traded(14), traded(20)] {
            out.give(event).await;
        }
        assert_eq!(all(&mut events), [feed(FeedEvent::Up), gap(11, 13), traded(14), traded(20)]);
        assert_eq!(newest.load(Ordering::Relaxed), 20);
        let mut next = out.behind(Some(Slot(20)), newest);
        next.give(traded(21)).await;
        assert_eq!(all(&mut events), [traded(21)], "nothing is missing");
    }

    #[tokio::test]
    async fn a_gap_stays_open_where_too_much_waits_behind_it() {
        let (mut out, mut events) = delivery(100, 1);
        for event in [gap(11, 12), traded(13), traded(14)] {
            out.give(event).await;
        }
        assert_eq!(all(&mut events), [gap(11, 12), traded(13), traded(14)]);
        assert_eq!(out.filled, 0);
    }

    #[tokio::test]
    async fn a_full_queue_counts_what_it_drops_and_keeps_what_the_stream_tells() {
        let (mut out, mut events) = delivery(1, 100);
        out.filler = None;
        for event in [traded(1), traded(2), traded(3), gap(4, 4), traded(5)] {
            out.give(event).await;
        }
        let mut came = Vec::new();
        while let Ok(event) = events.try_recv() {
            came.push(event);
            out.catch_up();
        }
        let dropped = |count| feed(FeedEvent::Dropped(count));
        assert_eq!(came, [traded(1), dropped(2), gap(4, 4), dropped(1)]);
        assert_eq!(out.dropped, 3);
    }

    #[tokio::test]
    async fn a_queue_that_stays_full_needs_no_more_memory() {
        let (mut out, mut events) = delivery(1, 100);
        out.filler = None;
        for slot in 0..10_000 {
            out.give(traded(slot)).await;
            out.give(feed(FeedEvent::Down)).await;
            out.give(gap(slot, slot)).await;
            out.give(feed(FeedEvent::Up)).await;
        }
        assert!(out.pending.len() <= PENDING + 2);
        let mut last = None;
        while let Ok(event) = events.try_recv() {
            last = Some(event);
            out.catch_up();
        }
        assert_eq!(last, Some(feed(FeedEvent::Up)), "how it ended is known");
    }
}
