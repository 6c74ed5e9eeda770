//! A made-up market as transactions: what the decoder reads in them is what happened.

use std::time::Duration;

use momentum_core::event::{Event, MarketEvent, MarketKind};
use momentum_core::ids::Signature;
use momentum_core::time::Timestamp;
use momentum_localnet::bridge::transaction;
use momentum_pump::decode::{Outcome, decode};
use momentum_sim::market::{BEGINNING, EmbeddedMarket, SimKeys};

#[test]
fn hours_of_the_embedded_market_are_decoded_as_they_were() {
    let until: Timestamp = BEGINNING + Duration::from_hours(3);
    let market = EmbeddedMarket::new(7, &SimKeys::default()).take_while(|(now, _)| *now < until);
    let events: Vec<MarketEvent> = market
        .filter_map(|(_, event)| match event {
            Event::Market(event) => Some(*event),
            _ => None,
        })
        .collect();
    let (mut decoded, mut kinds) = (0, [0; 5]);
    for of_one in events.chunk_by(|a, b| a.signature == b.signature && a.signature != Signature::default()) {
        let mut read = Vec::new();
        decode(
            &transaction(of_one),
            |_| None,
            |outcome| match outcome {
                Outcome::Decoded(event) => read.push(event),
                other => panic!("{other:?}"),
            },
        );
        for (read, was) in read.iter().zip(of_one) {
            let mut was = was.clone();
            if let MarketKind::PoolOpened { reserves, .. } = &mut was.kind {
                // The creation of a pool does not tell of a virtual reserve: its first trade does.
                reserves.virtual_quote = 0;
            }
            assert_eq!(*read, was);
            let kind = match was.kind {
                MarketKind::Launched(_) => 0,
                MarketKind::Traded(_) => 1,
                MarketKind::Completed { .. } => 2,
                MarketKind::PoolOpened { .. } => 3,
                MarketKind::Migrated { .. } => 4,
            };
            kinds[kind] += 1;
        }
        decoded += read.len();
    }
    assert_eq!(decoded, events.len());
    assert!(kinds.iter().all(|count| *count > 0), "{kinds:?}");
}
