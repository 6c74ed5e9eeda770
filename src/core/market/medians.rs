//! How the market as a whole scores: the median of all tracked tokens, once a period, and where it lies among
//! those of the window.
//!
//! A day of them is kept as it came, 2,880 at most, and looked through once a period; nothing is kept in order,
//! and no evaluation pays for it.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::analysis::Breadth;
use crate::event::{Known, Unknown};
use crate::time::Timestamp;
use crate::units::{Bps, Points};

/// Most medians in a window: a day of half minutes. Over a longer window they are taken less often.
const MOST: u32 = 2_880;

/// The medians of the window, and what the last one says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Medians {
    /// When each was taken, oldest first.
    taken: VecDeque<(Timestamp, Points)>,
    /// Nothing is missing since then: the first one, or the last one that was let go.
    whole_since: Option<Timestamp>,
    /// When the next one is.
    due: Timestamp,
    breadth: Known<Breadth>,
}

impl Default for Medians {
    fn default() -> Self {
        Self {
            taken: VecDeque::new(),
            whole_since: None,
            due: Timestamp::default(),
            breadth: Err(Unknown::TooYoung),
        }
    }
}

impl Medians {
    /// Whether the next one is to be taken.
    pub(super) fn due(&self, now: Timestamp) -> bool {
        now >= self.due
    }

    /// Takes one (none: no token has a score), and compares it with those of `window`.
    pub(super) fn take(&mut self, median: Option<Points>, now: Timestamp, every: Duration, window: Duration) {
        self.due = now + every.max(window / MOST);
        while let Some((taken, _)) = self.taken.front().filter(|(taken, _)| now.since(*taken) >= window) {
            self.whole_since = Some(*taken);
            self.taken.pop_front();
        }
        let Some(median) = median else {
            self.breadth = Err(Unknown::NoTrades);
            return;
        };
        self.taken.push_back((now, median));
        let whole_since = *self.whole_since.get_or_insert(now);
        let whole = now.since(whole_since) >= window;
        self.breadth = if whole { Ok(self.compare(median)) } else { Err(Unknown::TooYoung) };
    }

    /// What the last one says; unknown until a whole window was seen.
    pub(super) const fn breadth(&self) -> Known<Breadth> {
        self.breadth
    }

    fn compare(&self, median: Points) -> Breadth {
        let share = |count: usize| {
            let share = count * usize::from(Bps::WHOLE.0) / self.taken.len().max(1);
            Bps(u16::try_from(share).unwrap_or(Bps::WHOLE.0))
        };
        let all = || self.taken.iter().map(|(_, taken)| *taken);
        Breadth {
            median,
            below: share(all().filter(|taken| *taken < median).count()),
            above: share(all().filter(|taken| *taken > median).count()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_secs(30);
    const WINDOW: Duration = Duration::from_secs(300);

    fn second(second: i64) -> Timestamp {
        Timestamp(second * 1_000_000)
    }

    /// Takes these, one a period.
    fn taken(scores: &[u16]) -> Medians {
        let mut medians = Medians::default();
        for (nth, score) in (0..).zip(scores) {
            medians.take(Some(Points(*score)), second(nth * 30), EVERY, WINDOW);
        }
        medians
    }

    #[test]
    fn nothing_is_said_before_a_whole_window_was_seen() {
        let mut scores = vec![1_000; 10];
        assert_eq!(taken(&scores).breadth(), Err(Unknown::TooYoung));
        scores.push(2_000);
        let breadth = Breadth { median: Points(2_000), below: Bps(9_000), above: Bps(0) };
        assert_eq!(taken(&scores).breadth(), Ok(breadth), "the first one has left, the last one is in");
    }

    #[test]
    fn equal_medians_are_neither_below_nor_above() {
        let breadth = |last| {
            let medians = taken(&[9_999, 10, 10, 10, 20, 20, 20, 20, 30, 30, last]);
            medians.breadth().map(|breadth| (breadth.below.0, breadth.above.0))
        };
        assert_eq!(breadth(10), Ok((0, 6_000)));
        assert_eq!(breadth(20), Ok((3_000, 2_000)));
        assert_eq!(breadth(30), Ok((7_000, 0)));
        assert_eq!(breadth(9), Ok((0, 9_000)));
    }

    #[test]
    fn one_is_due_each_period_and_no_more_are_kept_than_a_day_has_half_minutes() {
        let mut medians = taken(&[10]);
        assert!(!medians.due(second(30) - Duration::from_micros(1)));
        assert!(medians.due(second(30)));
        let (week, mut now) = (Duration::from_secs(7 * 86_400), second(30));
        for _ in 0..3 * MOST {
            medians.take(Some(Points(10)), now, EVERY, week);
            now = medians.due;
        }
        assert_eq!(medians.taken.len(), 2_880);
        assert!(medians.breadth().is_ok());
    }

    #[test]
    fn a_window_made_longer_is_seen_whole_only_after_its_time() {
        let mut medians = taken(&[10; 21]);
        assert!(medians.breadth().is_ok());
        let longer = 2 * WINDOW;
        // The last one let go was taken at second 300.
        for (at, known) in [(630, false), (899, false), (900, true)] {
            medians.take(Some(Points(10)), second(at), EVERY, longer);
            assert_eq!(medians.breadth().is_ok(), known, "{at}");
        }
    }

    #[test]
    fn a_market_without_a_score_has_no_median() {
        let mut medians = taken(&[10; 11]);
        medians.take(None, second(330), EVERY, WINDOW);
        assert_eq!(medians.breadth(), Err(Unknown::NoTrades));
        medians.take(Some(Points(10)), second(360), EVERY, WINDOW);
        assert!(medians.breadth().is_ok(), "what was seen before still counts");
    }
}
