//! Histories of one token: volume, net new holders and highest price in 10-second buckets of chain time.
//!
//! Only buckets with a trade exist, and each window keeps its running sum and the place where it begins, so
//! that reading costs nothing and a trade costs what it moves. After a silence longer than a window the window
//! is reset in one step, never bucket by bucket.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::bars::Spot;
use crate::event::Side;
use crate::time::ChainTime;

/// Seconds in a bucket.
pub(super) const BUCKET: i64 = 10;

/// A window, as the number of buckets that it covers, the current one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    /// The last minute: 6 buckets.
    Minute,
    /// 5 minutes: 30 buckets.
    Five,
    /// 15 minutes: 90 buckets.
    Quarter,
    /// An hour: 360 buckets.
    Hour,
}

impl Window {
    const ALL: [Self; 4] = [Self::Minute, Self::Five, Self::Quarter, Self::Hour];

    /// Buckets covered.
    pub(super) const fn buckets(self) -> u32 {
        match self {
            Self::Minute => 6,
            Self::Five => 30,
            Self::Quarter => 90,
            Self::Hour => 360,
        }
    }

    /// Seconds covered.
    pub(super) const fn seconds(self) -> u32 {
        self.buckets() * 10
    }
}

/// The bucket that a chain time lies in.
pub(super) fn bucket(at: ChainTime) -> u32 {
    u32::try_from(at.0.div_euclid(BUCKET).max(0)).unwrap_or(u32::MAX)
}

/// What one trade adds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trade {
    pub(super) side: Side,
    /// Quote units.
    pub(super) quote: u64,
    /// Change of the number of holders.
    pub(super) holders: i32,
    /// Price after it.
    pub(super) spot: Spot,
}

/// Ten seconds with a trade in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Bucket {
    index: u32,
    holders: i32,
    bought: u64,
    sold: u64,
    high: Spot,
}

impl Bucket {
    const fn sum(&self) -> Sum {
        Sum { bought: self.bought, sold: self.sold, holders: self.holders }
    }
}

/// What a stretch of time saw. Sums wrap, so that what is added can always be taken off again: for SOL they
/// stay far below `u64::MAX`, and no decision reads those of other quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sum {
    /// Quote units of buys.
    pub(super) bought: u64,
    /// Quote units of sales.
    pub(super) sold: u64,
    /// Net new holders.
    pub(super) holders: i32,
}

impl Sum {
    /// Both sides.
    pub(super) const fn volume(self) -> u64 {
        self.bought.wrapping_add(self.sold)
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            bought: self.bought.wrapping_add(other.bought),
            sold: self.sold.wrapping_add(other.sold),
            holders: self.holders.wrapping_add(other.holders),
        }
    }

    const fn less(self, other: Self) -> Self {
        Self {
            bought: self.bought.wrapping_sub(other.bought),
            sold: self.sold.wrapping_sub(other.sold),
            holders: self.holders.wrapping_sub(other.holders),
        }
    }
}

/// A window's sum and where it begins among the buckets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Running {
    sum: Sum,
    first: u16,
    /// No bucket of it is older: until this one expires, none needs to be looked at.
    #[serde(skip)]
    oldest: u32,
}

/// The histories of one token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Windows {
    buckets: VecDeque<Bucket>,
    running: [Running; 4],
    /// The bucket that `running` is true of.
    current: u32,
}

impl Windows {
    /// Counts a trade of `at`, read at `current`, the bucket of the highest chain time seen. One older than an
    /// hour leaves no trace.
    pub(super) fn record(&mut self, at: u32, current: u32, trade: Trade) {
        let current = current.max(at);
        self.advance(current);
        if at + Window::Hour.buckets() <= current {
            return;
        }
        let place = self.place_of(at);
        if let Some(bucket) = self.buckets.get_mut(place) {
            bucket.high = bucket.high.max(trade.spot);
        }
        let (bought, sold) = match trade.side {
            Side::Buy => (trade.quote, 0),
            Side::Sell => (0, trade.quote),
        };
        self.add(place, Sum { bought, sold, holders: trade.holders });
    }

    /// Takes back what a trade of `at` added, where it is still remembered.
    pub(super) fn take_back(&mut self, at: u32, side: Side, quote: u64, holders: i32) {
        if let Ok(place) = self.buckets.binary_search_by_key(&at, |bucket| bucket.index) {
            let (bought, sold) = match side {
                Side::Buy => (quote, 0),
                Side::Sell => (0, quote),
            };
            self.add(place, Sum::default().less(Sum { bought, sold, holders }));
        }
    }

    /// What `window` saw, read at `current`.
    pub(super) fn sum(&self, window: Window, current: u32) -> Sum {
        let Running { mut sum, first, oldest } = self.running[window as usize];
        let expired = |index: u32| index.saturating_add(window.buckets()) <= current;
        if !expired(oldest) {
            return sum;
        }
        match self.buckets.back() {
            Some(last) if !expired(last.index) => {}
            _ => return Sum::default(),
        }
        for bucket in self.buckets.range(usize::from(first)..).take_while(|bucket| expired(bucket.index)) {
            sum = sum.less(bucket.sum());
        }
        sum
    }

    /// Volume of the buckets from `first` on: for a span that a broken observation cut short.
    pub(super) fn volume_from(&self, first: u32) -> u64 {
        let late = self.buckets.iter().rev().take_while(|bucket| bucket.index >= first);
        late.fold(Sum::default(), |sum, bucket| sum.plus(bucket.sum())).volume()
    }

    /// The highest price since `first`.
    pub(super) fn high_from(&self, first: u32) -> Option<Spot> {
        self.buckets.iter().rev().take_while(|bucket| bucket.index >= first).map(|bucket| bucket.high).max()
    }

    fn add(&mut self, place: usize, sum: Sum) {
        let bucket = &mut self.buckets[place];
        let whole = bucket.sum().plus(sum);
        (bucket.bought, bucket.sold, bucket.holders) = (whole.bought, whole.sold, whole.holders);
        for (window, running) in Window::ALL.iter().zip(&mut self.running) {
            if bucket.index + window.buckets() > self.current {
                running.sum = running.sum.plus(sum);
            }
        }
    }

    /// The place of bucket `at`, made where there is none: the last, but for a late trade.
    fn place_of(&mut self, at: u32) -> usize {
        let mut place = self.buckets.len();
        while place > 0 && self.buckets[place - 1].index > at {
            place -= 1;
        }
        if place > 0 && self.buckets[place - 1].index == at {
            return place - 1;
        }
        self.buckets
            .insert(place, Bucket { index: at, holders: 0, bought: 0, sold: 0, high: Spot::default() });
        for (window, running) in Window::ALL.iter().zip(&mut self.running) {
            if at + window.buckets() <= self.current {
                running.first += 1;
            } else {
                running.oldest = running.oldest.min(at);
            }
        }
        place
    }

    /// Moves the windows on, so that reading them at `current` finds nothing expired.
    pub(super) fn advance(&mut self, current: u32) {
        if current <= self.current {
            return;
        }
        self.current = current;
        for (window, running) in Window::ALL.iter().zip(&mut self.running) {
            let expired = |index: u32| index + window.buckets() <= current;
            if !expired(running.oldest) {
                continue;
            }
            if self.buckets.back().is_none_or(|last| expired(last.index)) {
                // At most 360 buckets and one late one each: it fits.
                let first = u16::try_from(self.buckets.len()).unwrap_or(u16::MAX);
                *running = Running { sum: Sum::default(), first, oldest: current };
                continue;
            }
            while let Some(bucket) = self.buckets.get(usize::from(running.first)) {
                running.oldest = bucket.index;
                if !expired(bucket.index) {
                    break;
                }
                running.sum = running.sum.less(bucket.sum());
                running.first += 1;
            }
        }
        let forgotten = self.running[Window::Hour as usize].first;
        if forgotten > 0 {
            self.buckets.drain(..usize::from(forgotten));
            for running in &mut self.running {
                running.first -= forgotten;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn trade(side: Side, quote: u64) -> Trade {
        Trade { side, quote, holders: 1, spot: Spot(quote) }
    }

    #[test]
    fn a_window_covers_its_buckets_with_the_current_one_and_no_more() {
        let mut windows = Windows::default();
        windows.record(1_000, 1_000, trade(Side::Buy, 7));
        for (window, last) in
            [(Window::Minute, 1_005), (Window::Five, 1_029), (Window::Quarter, 1_089), (Window::Hour, 1_359)]
        {
            assert_eq!(windows.sum(window, last).bought, 7, "{window:?}");
            assert_eq!(windows.sum(window, last + 1), Sum::default(), "{window:?}");
        }
    }

    proptest! {
        /// Late trades, gaps of every length, trades taken back, a snapshot in between: the sums are those of a
        /// naive list.
        #[test]
        fn windows_equal_a_naive_recomputation(
            steps in prop::collection::vec((0_u32..500, 0_u32..40, any::<bool>(), 0_u64..1_000, any::<bool>()), 1..60)
        ) {
            let mut windows = Windows::default();
            let mut naive: Vec<(u32, Side, u64)> = Vec::new();
            let mut current = 1_000;
            for (nth, (ahead, late, buy, quote, back)) in steps.into_iter().enumerate() {
                if nth % 10 == 9 {
                    windows = postcard::from_bytes(&postcard::to_allocvec(&windows).unwrap()).unwrap();
                }
                current += if ahead < 400 { ahead % 8 } else { ahead };
                let at = current - late;
                let side = if buy { Side::Buy } else { Side::Sell };
                windows.record(at, current, trade(side, quote));
                naive.push((at, side, quote));
                if back {
                    windows.take_back(at, side, quote, 1);
                    naive.pop();
                }
                for (window, read) in [(Window::Minute, current), (Window::Hour, current), (Window::Five, current + 3),
                    (Window::Quarter, current + 50), (Window::Hour, current + 355)]
                {
                    let inside = naive.iter().filter(|(at, ..)| at + window.buckets() > read);
                    let expected = inside.fold(Sum::default(), |mut sum, (_, side, quote)| {
                        match side {
                            Side::Buy => sum.bought += quote,
                            Side::Sell => sum.sold += quote,
                        }
                        sum.holders += 1;
                        sum
                    });
                    prop_assert_eq!(windows.sum(window, read), expected, "{:?} at {}", window, read);
                }
                let since = current - 20;
                let expected: u64 = naive.iter().filter(|(at, ..)| *at >= since).map(|(.., quote)| quote).sum();
                prop_assert_eq!(windows.volume_from(since), expected);
            }
        }
    }
}
