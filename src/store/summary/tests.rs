//! Summaries of hand-made runs: what is counted, and what is said where nothing was bought.

use momentum_core::engine::Engine;
use momentum_core::event::{Side, Started, Unknown};
use momentum_core::ids::{AttemptId, Mint, Pubkey, Slot};
use momentum_core::units::{Bps, Points};

use super::*;
use crate::record::samples::{self, MINT, NOW};

/// A run of these events and facts, one event each.
fn summary(facts: impl IntoIterator<Item = Fact>) -> Summary {
    let config = Arc::new(Config::default());
    let mut tally = Tally::new("run-1", Mode::Paper, Source::Sim, Some(7), config.hash);
    let started = Started {
        run_id: "run-1".to_owned(),
        mode: Mode::Paper,
        config,
        wallets: Vec::new(),
        warm_until: None,
    };
    let first = Event::Run(RunEvent::Started(Box::new(started)));
    let events = [first, samples::trade(|_| {})].into_iter().map(|event| (event, None));
    let facts = facts.into_iter().map(|fact| (Event::Tick, Some(fact)));
    for (seq, (event, fact)) in (1_u64..).zip(events.chain(facts)) {
        let now = NOW + std::time::Duration::from_secs(seq);
        let effects = Effects { facts: fact.into_iter().collect(), ..Effects::default() };
        tally.see(&Envelope { seq: Seq(seq), now, event }, &effects);
    }
    tally.finish(&Engine::default())
}

fn line(summary: &Summary) -> String {
    serde_json::to_string(summary).unwrap()
}

fn scored(change: impl FnOnce(&mut momentum_core::analysis::Analysis)) -> Fact {
    let mut analysis = samples::analysis();
    change(&mut analysis);
    Fact::Scored(Arc::new(analysis))
}

#[test]
fn the_line_has_the_fields_of_the_product_in_its_order() {
    let line = line(&summary([]));
    let names = [
        "schema",
        "run_id",
        "mode",
        "source",
        "seed",
        "from",
        "to",
        "events",
        "trades",
        "win_rate_bps",
        "pnl_lamports",
        "fees_lamports",
        "exits",
        "refusals",
        "why_no_trade",
        "config_hash",
        "decision_hash",
    ];
    let places: Vec<_> = names.iter().map(|name| line.find(&format!("\"{name}\":"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{line}");
    assert!(line.starts_with(r#"{"schema":"momentum.summary.v1","run_id":"run-1","mode":"paper","source":"sim","seed":"7","from":"2026-07-29T12:20:20.000000Z","to":"2026-07-29T12:20:20.000000Z","events":"1","trades":0,"win_rate_bps":null,"pnl_lamports":"0""#), "{line}");
}

#[test]
fn closed_positions_are_counted_by_reason_with_their_result_and_the_deepest_fall() {
    let record = summary([
        samples::closed(ExitReason::Time, 30),
        samples::closed(ExitReason::Stop, -50),
        samples::closed(ExitReason::Stop, -20),
        samples::closed(ExitReason::Ladder, 10),
        samples::closed(ExitReason::Stop, 0),
    ]);
    assert_eq!((record.trades, record.win_rate_bps), (5, Nullable(Some(4_000))));
    assert_eq!(record.pnl_lamports, LamportsDelta(-30));
    assert_eq!(record.max_drawdown_lamports, Lamports(70));
    let line = line(&record);
    assert!(line.contains(r#""trades":5,"win_rate_bps":4000,"pnl_lamports":"-30""#), "{line}");
    assert!(line.contains(r#""exits":{"stop":3,"ladder":1,"time":1}"#), "{line}");
}

#[test]
fn fees_are_those_of_the_venue_and_the_network_failed_attempts_included() {
    let attempt = AttemptId::default();
    let fill = samples::fill(Side::Buy);
    let costs = fill.costs;
    let end = momentum_core::fact::AttemptEnd::Expired;
    let record = summary([
        Fact::Filled { attempt, mint: MINT, slot: Slot(1), fill, exit: None },
        Fact::AttemptEnded { attempt, mint: MINT, end, costs },
    ]);
    assert_eq!(record.fees_lamports, Lamports(4_275_000 + 1_350_000 + 2 * 25_000));
}

#[test]
fn buys_on_paper_that_were_simulated_are_counted_with_the_median_of_what_they_differ_by() {
    let nothing = summary([]);
    assert_eq!((nothing.simulated, nothing.simulated_difference_bps), (0, Nullable(None)));
    let did = |back| samples::simulation(Ok(samples::simulated(back)));
    // Each should have brought 439,000,000 for 450,000,000.
    let record = summary([did(439_045_000), did(439_000_000), samples::simulation(Err("no".to_owned()))]);
    assert_eq!((record.simulated, record.simulations_failed), (2, 1));
    assert_eq!(record.simulated_difference_bps, Nullable(Some(0)), "the lower of the two in the middle");
    let record = summary([did(439_045_000), did(439_090_000), did(438_000_000)]);
    assert_eq!(record.simulated_difference_bps, Nullable(Some(1)));
}

#[test]
fn the_three_commonest_refusals_are_told_in_words() {
    let codes = [
        (RefusalCode::Size, 1),
        (RefusalCode::RoundTripCost, 4),
        (RefusalCode::MaxPositions, 2),
        (RefusalCode::BuyRate, 3),
    ];
    let facts = codes.iter().flat_map(|(code, times)| std::iter::repeat_n(samples::refused(*code), *times));
    let signal = Fact::EntrySignalled(samples::signal(momentum_core::trader::signals::Level::Buy));
    let record = summary(std::iter::once(signal).chain(facts));
    assert!(
        line(&record).contains(r#""refusals":{"round_trip_cost":4,"buy_rate":3,"max_positions":2,"size":1}"#)
    );
    assert_eq!(record.why_no_trade.len(), 3);
    assert_eq!(record.why_no_trade[0], "round_trip_cost (4×): Buying and selling back would cost too much.");
    assert_eq!(record.signals, 1);
}

#[test]
fn without_a_signal_each_token_names_the_condition_that_it_missed_first() {
    let missed = |change: fn(&mut momentum_core::analysis::Analysis)| {
        let mut lines = summary([scored(change)]).why_no_trade;
        assert_eq!(lines.len(), 1);
        lines.remove(0)
    };
    fn far(analysis: &mut momentum_core::analysis::Analysis) {
        analysis.metrics.progress = Ok(Bps(7_000));
        analysis.metrics.velocity = momentum_core::ratio::Ratio::of(2_i64, 1_i64).ok_or(Unknown::NoTrades);
        analysis.score.safety = Points(700);
        analysis.score.total = Points(7_500);
    }
    assert_eq!(missed(|_| {}), format!("{MINT}: progress 12.1 % < 70 %"));
    assert_eq!(missed(|a| a.metrics.progress = Ok(Bps(9_500))), format!("{MINT}: progress 95 % ≥ 95 %"));
    let unknown = missed(|a| a.metrics.progress = Err(Unknown::NotApplicable));
    assert_eq!(unknown, format!("{MINT}: progress unknown (not_applicable)"));
    let safety = missed(|a| {
        far(a);
        a.score.safety = Points(699);
    });
    assert_eq!(safety, format!("{MINT}: safety 6.99 < 7"));
    let velocity = missed(|a| {
        far(a);
        a.metrics.velocity = momentum_core::ratio::Ratio::of(1_i64, 2_i64).ok_or(Unknown::NoTrades);
    });
    assert_eq!(velocity, format!("{MINT}: velocity 0.5 ≤ 0.5"));
    let score = missed(|a| {
        far(a);
        a.score.total = Points(7_499);
    });
    assert_eq!(score, format!("{MINT}: score 74.99 < 75"));
    assert_eq!(missed(far), format!("{MINT}: velocity unknown (too_young)"));
    let fail = missed(|a| a.hard_fail = Some(momentum_core::analysis::HardFail::CreatorSold));
    assert_eq!(fail, format!("{MINT}: hard fail: creator_sold"));
    assert_eq!(
        summary([]).why_no_trade,
        [format!("{MINT}: no longer tracked when it could have been evaluated")]
    );
}

#[test]
fn of_several_evaluations_the_one_that_came_furthest_is_told() {
    let near = scored(|a| {
        a.metrics.progress = Ok(Bps(8_000));
        a.score.safety = Points(500);
    });
    let lines = summary([scored(|_| {}), near, scored(|_| {})]).why_no_trade;
    assert_eq!(lines, [format!("{MINT}: safety 5 < 7")]);
}

#[test]
fn the_decision_hash_is_that_of_the_engine_over_all_facts() {
    let fact = samples::refused(RefusalCode::Size);
    let one = summary([fact.clone()]).decision_hash;
    assert_eq!(summary([fact.clone()]).decision_hash, one);
    assert_ne!(summary([fact.clone(), fact]).decision_hash, one);
}

#[test]
fn more_tokens_than_can_be_told_are_counted() {
    let mut kept_out = KeptOut::default();
    for nth in 0..103_u8 {
        kept_out.traded(Mint(Pubkey([nth; 32])));
    }
    let lines = kept_out.lines(|_| None);
    assert_eq!((lines.len(), lines.last().map(String::as_str)), (101, Some("and 3 tokens more")));
}
