//! One-minute bars of the spot price by chain time, and the average true range over them.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::event::{Known, Unknown};
use crate::ratio::Ratio;
use crate::time::ChainTime;

/// A price as 2⁻⁵⁶ quote units a base unit: forty bits of precision at the start of a curve, and room for a
/// market cap of 256 million SOL, where it saturates. To compare and to measure, never to account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Spot(pub(super) u64);

impl Spot {
    /// `quote / tokens`, floored; `None` without tokens.
    pub(super) fn of(quote: u64, tokens: u64) -> Option<Self> {
        let price = (u128::from(quote) << 56).checked_div(u128::from(tokens))?;
        Some(Self(u64::try_from(price).unwrap_or(u64::MAX)))
    }
}

/// The minute that a chain time lies in.
pub(super) fn minute(at: ChainTime) -> u32 {
    u32::try_from(at.0.div_euclid(60).max(0)).unwrap_or(u32::MAX)
}

/// A minute with a trade in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Bar {
    minute: u32,
    high: Spot,
    low: Spot,
    close: Spot,
}

/// The last traded minutes of one token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bars {
    traded: VecDeque<Bar>,
    /// Close of the bar before the first one kept.
    before: Option<Spot>,
    /// The minute of the token's first trade.
    first: Option<u32>,
}

impl Bars {
    /// Counts a price; `length` is how many minutes are kept. A late price widens its minute's bar if there is
    /// one, and never becomes a close.
    pub(super) fn record(&mut self, minute: u32, spot: Spot, length: u32) {
        self.first.get_or_insert(minute);
        if self.traded.back().is_none_or(|last| last.minute < minute) {
            self.traded.push_back(Bar { minute, high: spot, low: spot, close: spot });
            while let Some(old) =
                self.traded.front().filter(|bar| bar.minute.saturating_add(length) <= minute)
            {
                self.before = Some(old.close);
                self.traded.pop_front();
            }
            return;
        }
        let last = self.traded.len() - 1;
        for (place, bar) in self.traded.iter_mut().enumerate().rev() {
            if bar.minute == minute {
                bar.high = bar.high.max(spot);
                bar.low = bar.low.min(spot);
                if place == last {
                    bar.close = spot;
                }
                return;
            }
        }
    }

    /// Mean true range of the last `length` minutes (fewer for a younger token), as a share of `spot`, read in
    /// `current`. An empty minute is a flat bar of no range. `TooYoung` with fewer than `traded_min` traded bars.
    pub(super) fn average_true_range(
        &self,
        current: u32,
        spot: Spot,
        length: u32,
        traded_min: u32,
    ) -> Known<Ratio> {
        let first = self.first.ok_or(Unknown::NoTrades)?;
        let (mut previous, mut traded, mut ranges) = (self.before, 0_u32, 0_u128);
        for bar in &self.traded {
            if bar.minute.saturating_add(length) > current {
                let high = previous.map_or(bar.high, |close| close.max(bar.high));
                let low = previous.map_or(bar.low, |close| close.min(bar.low));
                ranges += u128::from(high.0 - low.0);
                traded += 1;
            }
            previous = Some(bar.close);
        }
        if traded < traded_min {
            return Err(Unknown::TooYoung);
        }
        let bars = length.min(current.saturating_sub(first) + 1);
        let whole = i128::from(spot.0) * i128::from(bars);
        Ratio::of(i128::try_from(ranges).unwrap_or(i128::MAX), whole).ok_or(Unknown::NoTrades)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(prices: &[(u32, u64)]) -> Bars {
        let mut bars = Bars::default();
        for (minute, price) in prices {
            bars.record(*minute, Spot(*price), 14);
        }
        bars
    }

    /// In basis points of a price of 1,000.
    fn atr(bars: &Bars, current: u32) -> Known<u16> {
        bars.average_true_range(current, Spot(1_000), 14, 5).map(|range| range.bps().0)
    }

    #[test]
    fn the_true_range_reaches_to_the_previous_close_and_empty_minutes_are_flat() {
        // Ranges: 0, |120-100| = 20, 0 (flat), 150-120 = 30, 10, 10 → 70 over 6 bars; over 1,000: 1.16 %.
        let five = bars(&[(100, 100), (101, 120), (103, 150), (104, 140), (105, 150)]);
        assert_eq!(atr(&five, 105), Ok(70 * 10 / 6));
        // Two more empty minutes are two more flat bars.
        assert_eq!(atr(&five, 107), Ok(70 * 10 / 8));
    }

    #[test]
    fn four_traded_bars_are_too_few_and_five_are_enough() {
        assert_eq!(atr(&bars(&[(1, 10), (2, 10), (3, 10), (4, 10)]), 4), Err(Unknown::TooYoung));
        assert_eq!(atr(&bars(&[(1, 10), (2, 10), (3, 10), (4, 10), (5, 10)]), 5), Ok(0));
        assert_eq!(atr(&Bars::default(), 5), Err(Unknown::NoTrades));
    }

    #[test]
    fn only_the_last_fourteen_minutes_count_with_the_close_before_them() {
        let prices: Vec<_> = (0..20).map(|minute| (minute, 100 + u64::from(minute % 2) * 10)).collect();
        // Every bar is 10 away from the close before it, the first one kept too.
        assert_eq!(atr(&bars(&prices), 19), Ok(100));
        // Read later, the older bars leave: 5 of 14 minutes traded, then 4.
        assert_eq!(atr(&bars(&prices), 28), Ok(50 * 10 / 14));
        assert_eq!(atr(&bars(&prices), 29), Err(Unknown::TooYoung));
    }

    #[test]
    fn a_late_price_widens_its_bar_and_is_no_close() {
        let mut bars = bars(&[(1, 10), (2, 10), (3, 10), (4, 10), (5, 10)]);
        bars.record(3, Spot(40), 14);
        // 30 up in minute 3, and minute 4 still starts from the close of 10.
        assert_eq!(atr(&bars, 5), Ok(30 * 10 / 5));
    }
}
