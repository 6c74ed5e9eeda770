//! The inbox: what waits for its place in the one order.
//!
//! Three bounded lanes: what operators ask, what the world answers, what the market does. The first goes before
//! the second, the second before the third. A full market lane drops what comes and says how much, in its place:
//! the stream must not wait for the engine for ever, nor the engine be told that it saw all.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use momentum_control::request::{QUEUE, Request};
use momentum_core::event::{Event, ExecutionKind, FeedEvent};

/// Answers that may wait: enrichment and executions together; who answers has its own bound on questions.
const ANSWERS: usize = 16_384;
/// Market events that may wait: more than the burst of a whole backlog's second.
const MARKET: usize = 65_536;

/// The lanes, shared by those who fill them and the loop.
#[derive(Debug, Default)]
pub struct Inbox {
    lanes: Mutex<Lanes>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Lanes {
    requests: VecDeque<Request>,
    answers: VecDeque<Event>,
    market: VecDeque<Event>,
    /// Market events that found no room since the lane was full.
    dropped: u64,
}

/// What the loop takes out.
#[derive(Debug)]
pub enum Taken {
    /// An operator asks.
    Request(Request),
    /// Something happened.
    Event(Event),
}

impl Lanes {
    fn take(&mut self) -> Option<Taken> {
        if let Some(request) = self.requests.pop_front() {
            return Some(Taken::Request(request));
        }
        if let Some(event) = self.answers.pop_front().or_else(|| self.market.pop_front()) {
            return Some(Taken::Event(event));
        }
        let dropped = std::mem::take(&mut self.dropped);
        (dropped > 0).then_some(Taken::Event(Event::Feed(FeedEvent::Dropped(dropped))))
    }
}

impl Inbox {
    /// A panic while the lanes are held leaves them whole: each is changed by one call.
    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what an operator asks; gives it back where too many wait already.
    ///
    /// # Errors
    /// The request itself.
    pub fn ask(&self, request: Request) -> Result<(), Box<Request>> {
        let mut lanes = self.lanes();
        if lanes.requests.len() >= QUEUE {
            return Err(Box::new(request));
        }
        lanes.requests.push_back(request);
        self.arrived.notify_one();
        Ok(())
    }

    /// Takes an answer of the world; `false` where too many wait: whoever asked will ask again.
    pub fn answer(&self, event: Event) -> bool {
        let mut lanes = self.lanes();
        let room = lanes.answers.len() < ANSWERS;
        if room {
            lanes.answers.push_back(event);
            self.arrived.notify_one();
        }
        room
    }

    /// Takes what the market did, in order. What finds no room is counted, and told where it would have been.
    pub fn market(&self, events: impl IntoIterator<Item = Event>) {
        let mut lanes = self.lanes();
        for event in events {
            if lanes.market.len() >= MARKET {
                lanes.dropped += 1;
                continue;
            }
            if lanes.dropped > 0 {
                let dropped = std::mem::take(&mut lanes.dropped);
                lanes.market.push_back(Event::Feed(FeedEvent::Dropped(dropped)));
            }
            lanes.market.push_back(event);
        }
        self.arrived.notify_one();
    }

    /// The next of all lanes; waits for one until `until`.
    #[must_use]
    pub fn take(&self, until: Instant) -> Option<Taken> {
        let mut lanes = self.lanes();
        loop {
            if let Some(taken) = lanes.take() {
                return Some(taken);
            }
            let left = until.checked_duration_since(Instant::now())?;
            lanes = self.arrived.wait_timeout(lanes, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The next answer, where it is one that tells of an order's signed bytes: those of one moment share a commit.
    #[must_use]
    pub fn signed(&self) -> Option<Event> {
        self.lanes().answers.pop_front_if(|event| {
            matches!(event, Event::Execution(told) if matches!(told.kind, ExecutionKind::Prepared { .. }))
        })
    }

    /// The next request, where one waits now.
    #[must_use]
    pub fn request(&self) -> Option<Request> {
        self.lanes().requests.pop_front()
    }

    /// The next request; waits for one until `until`. The other lanes are left alone: a virtual source has none.
    #[must_use]
    pub fn request_until(&self, until: Instant) -> Option<Request> {
        let mut lanes = self.lanes();
        loop {
            if let Some(request) = lanes.requests.pop_front() {
                return Some(request);
            }
            let left = until.checked_duration_since(Instant::now())?;
            lanes = self.arrived.wait_timeout(lanes, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momentum_control::request::Question;
    use momentum_core::event::ExecutionEvent;
    use momentum_core::ids::{AttemptId, OrderId, Seq, Signature, Slot};
    use momentum_core::time::ChainTime;

    fn slot(slot: u64) -> Event {
        Event::Feed(FeedEvent::Slot { slot: Slot(slot), at: ChainTime(0) })
    }

    fn question() -> Request {
        Request::Question { question: Question::Attempts, reply: tokio::sync::oneshot::channel().0 }
    }

    fn next(inbox: &Inbox) -> Option<Event> {
        match inbox.take(Instant::now())? {
            Taken::Event(event) => Some(event),
            Taken::Request(_) => panic!("a request"),
        }
    }

    #[test]
    fn operators_go_before_answers_and_answers_before_the_market() {
        let inbox = Inbox::default();
        inbox.market([slot(1), slot(2)]);
        assert!(inbox.answer(Event::Tick));
        assert!(inbox.ask(question()).is_ok());
        assert!(matches!(inbox.take(Instant::now()), Some(Taken::Request(_))));
        assert_eq!(next(&inbox), Some(Event::Tick));
        assert_eq!(next(&inbox), Some(slot(1)));
        assert_eq!(next(&inbox), Some(slot(2)));
        assert_eq!(next(&inbox), None);
    }

    #[test]
    fn of_the_answers_those_that_tell_of_signed_bytes_are_taken_together_up_to_another() {
        let signed = || {
            let order = OrderId { seq: Seq(1), nth: 0 };
            let kind = ExecutionKind::Prepared {
                signature: Signature([1; 64]),
                last_valid_height: 1,
                raw: Vec::new(),
            };
            Event::from(ExecutionEvent { attempt: AttemptId { order, number: 1 }, kind })
        };
        let inbox = Inbox::default();
        assert!([signed(), signed(), Event::Tick, signed()].into_iter().all(|answer| inbox.answer(answer)));
        assert_eq!([inbox.signed(), inbox.signed(), inbox.signed()], [Some(signed()), Some(signed()), None]);
        assert_eq!(next(&inbox), Some(Event::Tick));
    }

    #[test]
    fn what_finds_no_room_is_counted_where_it_would_have_been() {
        let inbox = Inbox::default();
        inbox.market((0..MARKET as u64 + 3).map(slot));
        assert_eq!(next(&inbox), Some(slot(0)));
        inbox.market([slot(7)]);
        let rest: Vec<_> = std::iter::from_fn(|| next(&inbox)).collect();
        assert_eq!(rest[MARKET - 1..], [Event::Feed(FeedEvent::Dropped(3)), slot(7)]);
    }

    #[test]
    fn a_lane_that_stays_full_tells_at_its_end() {
        let inbox = Inbox::default();
        inbox.market((0..=MARKET as u64).map(slot));
        let told: Vec<_> = std::iter::from_fn(|| next(&inbox)).collect();
        assert_eq!(told.last(), Some(&Event::Feed(FeedEvent::Dropped(1))));
    }

    #[test]
    fn who_finds_too_many_waiting_gets_the_request_back() {
        let inbox = Inbox::default();
        assert!((0..QUEUE).all(|_| inbox.ask(question()).is_ok()));
        assert!(inbox.ask(question()).is_err());
    }
}
