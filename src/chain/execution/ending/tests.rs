//! The rule in a second form, which looks at all that was said at once, against every short case and many long ones.

use proptest::prelude::*;

use super::*;

const LAST: u64 = 1_000;

/// What the rule says of testimonies in their order.
fn rule(said: &[Testimony]) -> Verdict {
    let now = said.last()?.at;
    let known = said.iter().rposition(|testimony| testimony.known).map_or(0, |last| last + 1);
    let since = &said[known..];
    let of = |endpoint: usize| since.iter().filter(move |testimony| testimony.endpoint == endpoint);
    let running = |endpoint: usize, past: u64| {
        let mut looks: Vec<_> = of(endpoint).rev().take_while(|look| look.finalized > past).collect();
        looks.reverse();
        looks
    };
    let gone: Vec<usize> = (0..3).filter(|endpoint| !running(*endpoint, LAST).is_empty()).collect();
    if gone.len() >= 2 {
        return Some(Witnesses::Two);
    }
    let alone = *gone.first()?;
    let others =
        since.iter().any(|other| other.endpoint != alone && now - other.at <= Duration::from_secs(60));
    let looks = running(alone, LAST + 32);
    let span = looks.last()?.at - looks.first()?.at;
    let believed = looks.len() >= 3 && span >= Duration::from_secs(30);
    (believed && !others).then_some(Witnesses::Single)
}

fn check(said: &[Testimony]) {
    let mut inquest = Inquest::new(LAST);
    for (nth, testimony) in said.iter().enumerate() {
        let heard = inquest.hear(*testimony);
        // One that knows it now is never overruled.
        assert!(!testimony.known || heard.is_none(), "{:?}", &said[..=nth]);
        assert_eq!(heard, rule(&said[..=nth]), "{:?}", &said[..=nth]);
        if heard.is_some() {
            return;
        }
    }
}

#[test]
fn every_short_case_ends_as_the_rule_says() {
    let mut steps = Vec::new();
    for endpoint in 0..2 {
        for (finalized, known) in [(LAST, false), (LAST + 1, false), (LAST + 33, false), (LAST, true)] {
            for later in [0, 15, 61] {
                steps.push((endpoint, finalized, known, later));
            }
        }
    }
    let mut cases: Vec<Vec<Testimony>> = vec![Vec::new()];
    for _ in 0..4 {
        let mut longer = Vec::with_capacity(cases.len() * steps.len());
        for case in &cases {
            for (endpoint, finalized, known, later) in &steps {
                let before = case.last().map_or(Duration::ZERO, |testimony| testimony.at);
                let at = before + Duration::from_secs(*later);
                let mut case = case.clone();
                case.push(Testimony { endpoint: *endpoint, at, finalized: *finalized, known: *known });
                longer.push(case);
            }
        }
        cases = longer;
    }
    assert_eq!(cases.len(), 331_776);
    cases.iter().for_each(|case| check(case));
}

proptest! {
    #[test]
    fn every_long_case_ends_as_the_rule_says(
        steps in proptest::collection::vec((0_usize..3, 0_u64..80, 0_u8..10, 0_u64..40), 1..40)
    ) {
        let mut at = Duration::ZERO;
        let said: Vec<_> = steps.into_iter().map(|(endpoint, past, known, later)| {
            at += Duration::from_secs(later);
            Testimony { endpoint, at, finalized: LAST - 20 + past, known: known == 0 }
        }).collect();
        check(&said);
    }
}

fn said(endpoint: usize, second: u64, finalized: u64) -> Testimony {
    Testimony { endpoint, at: Duration::from_secs(second), finalized, known: false }
}

#[test]
fn at_the_last_valid_height_nothing_is_over_and_one_block_later_it_takes_two() {
    let mut inquest = Inquest::new(LAST);
    assert_eq!(inquest.hear(said(0, 0, LAST)), None);
    assert_eq!(inquest.hear(said(1, 0, LAST)), None);
    assert_eq!(inquest.hear(said(0, 1, LAST + 1)), None);
    assert_eq!(inquest.hear(said(0, 2, LAST + 500)), None, "the same endpoint twice is one");
    assert_eq!(inquest.hear(said(1, 2, LAST + 1)), Some(Witnesses::Two));
}

#[test]
fn one_endpoint_alone_is_believed_after_three_looks_over_half_a_minute_well_past() {
    let mut inquest = Inquest::new(LAST);
    assert_eq!(inquest.hear(said(0, 0, LAST + 32)), None, "not well past yet");
    assert_eq!(inquest.hear(said(0, 10, LAST + 33)), None);
    assert_eq!(inquest.hear(said(0, 25, LAST + 40)), None);
    assert_eq!(inquest.hear(said(0, 39, LAST + 60)), None, "over 29 seconds");
    assert_eq!(inquest.hear(said(0, 40, LAST + 61)), Some(Witnesses::Single));
}

#[test]
fn one_that_knows_it_takes_back_what_was_said() {
    let mut inquest = Inquest::new(LAST);
    assert_eq!(inquest.hear(said(0, 0, LAST + 1)), None);
    assert_eq!(inquest.hear(Testimony { known: true, ..said(1, 1, LAST + 1) }), None);
    assert_eq!(inquest.hear(said(1, 2, LAST + 1)), None, "it vanished again: both are asked anew");
    assert_eq!(inquest.hear(said(0, 3, LAST + 1)), Some(Witnesses::Two));
}
