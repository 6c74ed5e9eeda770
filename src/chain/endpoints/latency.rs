//! How fast an endpoint answers: its last answers, sorted when somebody looks.

use std::collections::VecDeque;
use std::time::Duration;

/// Answers that are remembered.
const REMEMBERED: usize = 512;

/// The times of the last answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Latencies(VecDeque<Duration>);

impl Latencies {
    pub(super) fn add(&mut self, took: Duration) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(took);
    }

    /// Median and 99th percentile, each the smallest time that so many answers did not exceed; none before the
    /// first answer.
    pub(super) fn percentiles(&self) -> Option<(Duration, Duration)> {
        let mut sorted: Vec<_> = self.0.iter().copied().collect();
        sorted.sort_unstable();
        let at =
            |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Some((at(50)?, at(99)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_last_answers() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.percentiles(), None);
        (0..REMEMBERED).for_each(|_| latencies.add(Duration::from_secs(9)));
        (1..=512).for_each(|millis| latencies.add(Duration::from_millis(millis)));
        let (p50, p99) = latencies.percentiles().unwrap();
        assert_eq!((p50.as_millis(), p99.as_millis()), (256, 507));
    }
}
