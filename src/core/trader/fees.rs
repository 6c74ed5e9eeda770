//! What the network lately took for a place in the block where a token trades, as live execution told it.
//!
//! It is an answer like any other, so a replay of the recording pays what the run paid. Without one that is young,
//! in paper and where no node answers, orders pay the floors.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::event::Known;
use crate::ids::Mint;
use crate::time::Timestamp;
use crate::units::Lamports;

/// The newest answer for each token, and when it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RecentFees(BTreeMap<Mint, (Lamports, Timestamp)>);

impl RecentFees {
    /// An answer. One that nobody could give takes nothing away: what is known grows old by itself.
    pub(super) fn answered(&mut self, mint: Mint, fee: Known<Lamports>, now: Timestamp) {
        if let Ok(fee) = fee {
            self.0.insert(mint, (fee, now));
        }
    }

    /// The newest answer, where it is younger than `age_max`.
    pub(super) fn of(&self, mint: Mint, now: Timestamp, age_max: Duration) -> Option<Lamports> {
        self.0.get(&mint).filter(|(_, told)| now.since(*told) < age_max).map(|(fee, _)| *fee)
    }

    /// Forgets what is no longer young.
    pub(super) fn forget(&mut self, now: Timestamp, age_max: Duration) {
        self.0.retain(|_, (_, told)| now.since(*told) < age_max);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::bench::*;
    use super::*;
    use crate::event::{Answer, Enriched, Event, Mode, Unknown};
    use crate::protections::Protections;
    use crate::trader::orders::Fees;

    fn told(bench: &mut Bench, fee: Known<Lamports>) {
        let (asked, answer) = (Timestamp(bench.now), Answer::Priority(fee));
        bench.event(&Event::from(Enriched { mint: A, asked, as_of: None, answer }));
    }

    #[test]
    fn buys_and_exits_pay_by_the_newest_answer_as_long_as_it_is_young() {
        let mut bench = Bench::with(Protections::ALL, Mode::Paper, |_| {});
        told(&mut bench, Ok(Lamports(900_000)));
        told(&mut bench, Ok(Lamports(40_000)));
        told(&mut bench, Err(Unknown::Failed));
        bench.enter(A);
        let buy = bench.order();
        assert_eq!(buy.priority, Lamports(60_000));
        bench.land(&buy);
        bench.now += 59 * SECOND;
        bench.trade_at(A, 7_000);
        let urgent = bench.order();
        assert_eq!((urgent.urgent, urgent.priority), (true, Lamports(180_000)));
        bench.now += SECOND;
        bench.fail(&urgent);
        let again = bench.order();
        assert_eq!(again.priority, Fees::of(&bench.config, true, None).priority, "it is too old now");
    }

    #[test]
    fn what_is_old_is_forgotten() {
        let mut fees = RecentFees::default();
        fees.answered(A, Ok(Lamports(1)), Timestamp(0));
        fees.answered(B, Ok(Lamports(1)), Timestamp(SECOND));
        fees.forget(Timestamp(MINUTE), Duration::from_secs(60));
        assert_eq!(fees.0.keys().copied().collect::<Vec<_>>(), [B]);
    }
}
