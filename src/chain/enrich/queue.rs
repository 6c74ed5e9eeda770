//! Questions that wait: the latest asked goes first, the same question is one, and there is room for so many. A
//! pure structure: the time is passed in.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use momentum_core::event::What;
use momentum_core::ids::Mint;
use momentum_core::time::Timestamp;

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// The token.
    pub(super) mint: Mint,
    /// What is asked about it.
    pub(super) what: What,
    /// When, by the asker's clock.
    pub(super) asked: Timestamp,
    /// When, by ours.
    pub(super) since: Instant,
}

/// Questions that wait or are being answered.
#[derive(Debug)]
pub(super) struct Queue {
    /// By the order in which they were asked.
    waiting: BTreeMap<u64, Question>,
    places: HashMap<(Mint, What), u64>,
    under_way: HashSet<(Mint, What)>,
    /// Gave way; nobody has answered them yet.
    displaced: Vec<Question>,
    next: u64,
    most: usize,
}

impl Queue {
    /// With room for `most`.
    pub(super) fn new(most: usize) -> Self {
        Self {
            waiting: BTreeMap::new(),
            places: HashMap::new(),
            under_way: HashSet::new(),
            displaced: Vec::new(),
            next: 0,
            most,
        }
    }

    /// Takes a question. One that waits already is now the latest; one that is being answered is left to that.
    pub(super) fn ask(&mut self, question: Question) {
        let name = (question.mint, question.what);
        if self.under_way.contains(&name) {
            return;
        }
        if let Some(place) = self.places.insert(name, self.next) {
            self.waiting.remove(&place);
        }
        self.waiting.insert(self.next, question);
        self.next += 1;
        if self.waiting.len() > self.most
            && let Some(oldest) = self.pop_oldest()
            && self.displaced.len() < self.most
        {
            // Beyond, it is not even answered: the market asks again by itself.
            self.displaced.push(oldest);
        }
    }

    /// The latest question, to be answered now.
    pub(super) fn take(&mut self) -> Option<Question> {
        let (_, question) = self.waiting.pop_last()?;
        let name = (question.mint, question.what);
        self.places.remove(&name);
        self.under_way.insert(name);
        Some(question)
    }

    /// A question that was taken has its answer.
    pub(super) fn answered(&mut self, question: &Question) {
        self.under_way.remove(&(question.mint, question.what));
    }

    /// Questions that nobody will answer any more: those that gave way, and those that waited too long.
    pub(super) fn given_up(&mut self, now: Instant, wait_max: Duration) -> Vec<Question> {
        let mut given_up = std::mem::take(&mut self.displaced);
        while self.oldest().is_some_and(|since| since + wait_max <= now) {
            given_up.extend(self.pop_oldest());
        }
        given_up
    }

    /// Since when the oldest one waits.
    pub(super) fn oldest(&self) -> Option<Instant> {
        self.waiting.first_key_value().map(|(_, question)| question.since)
    }

    fn pop_oldest(&mut self) -> Option<Question> {
        let (_, question) = self.waiting.pop_first()?;
        self.places.remove(&(question.mint, question.what));
        Some(question)
    }
}

#[cfg(test)]
mod tests {
    use momentum_core::ids::Pubkey;
    use proptest::prelude::*;

    use super::*;

    fn question(mint: u8, what: What, since: Instant) -> Question {
        Question { mint: Mint(Pubkey([mint; 32])), what, asked: Timestamp(i64::from(mint)), since }
    }

    fn mints(questions: &[Question]) -> Vec<u8> {
        questions.iter().map(|question| question.mint.0.0[0]).collect()
    }

    #[test]
    fn the_latest_asked_goes_first_and_the_same_is_asked_once() {
        let (mut queue, now) = (Queue::new(10), Instant::now());
        for mint in [1, 2, 3, 1] {
            queue.ask(question(mint, What::Curve, now));
        }
        let first = queue.take().unwrap();
        queue.ask(question(1, What::Curve, now));
        queue.ask(question(1, What::Mint, now));
        let rest: Vec<_> = std::iter::from_fn(|| queue.take()).collect();
        assert_eq!((mints(&[first]), mints(&rest)), (vec![1], vec![1, 3, 2]));
        assert_eq!(rest[0].what, What::Mint, "the curve is being read");
        queue.answered(&first);
        queue.ask(first);
        assert_eq!(queue.take(), Some(first), "once answered it may be asked again");
    }

    #[test]
    fn the_oldest_gives_way_and_who_waits_too_long_is_given_up() {
        let (mut queue, now) = (Queue::new(2), Instant::now());
        let second = Duration::from_secs(1);
        for mint in [1, 2, 3] {
            queue.ask(question(mint, What::Curve, now + second * u32::from(mint)));
        }
        assert_eq!(mints(&queue.given_up(now, second)), [1]);
        assert_eq!(mints(&queue.given_up(now + second * 3, second)), [2]);
        assert_eq!(mints(&queue.given_up(now + second * 9, second)), [3]);
        assert_eq!(queue.oldest(), None);
    }

    proptest! {
        #[test]
        fn every_question_is_taken_given_up_or_waits(asked in prop::collection::vec((0_u8..20, 0_u8..3), 0..200)) {
            let (mut queue, now) = (Queue::new(8), Instant::now());
            let (mut open, mut ended) = (HashSet::new(), Vec::new());
            for (mint, turn) in asked {
                queue.ask(question(mint, What::Holders, now));
                open.insert(mint);
                if turn == 0 && let Some(taken) = queue.take() {
                    queue.answered(&taken);
                    ended.push(taken);
                }
                ended.extend(queue.given_up(now, Duration::from_secs(1)));
                prop_assert!(queue.waiting.len() <= 8 && queue.waiting.len() == queue.places.len());
            }
            ended.extend(std::iter::from_fn(|| queue.take()));
            prop_assert_eq!(mints(&ended).into_iter().collect::<HashSet<_>>(), open);
        }
    }
}
