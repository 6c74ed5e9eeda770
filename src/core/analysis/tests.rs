//! Every row of the strategy's score and safety tables, at the boundary and one unit to each side.

use super::*;
use crate::config::Config;
use crate::units::{LAMPORTS_PER_SOL, TokenAmount};

/// Measurements of which no source is configured: nothing scores, and nothing is unknown.
fn nothing() -> Metrics {
    const NO: Unknown = Unknown::NotConfigured;
    Metrics {
        volume_5m: Lamports(0),
        volume_15m: Lamports(0),
        volume_1h: Lamports(0),
        velocity: Err(NO),
        buy_ratio: Err(NO),
        spike: Err(NO),
        unique_buyers_5m: 0,
        wash_share: Err(NO),
        bundled_share: Err(NO),
        holders: Err(NO),
        holder_velocity: Err(NO),
        top10: Err(NO),
        creator_share: Err(NO),
        holder_growth_1h: Err(NO),
        progress: Err(NO),
        real_sol: Err(NO),
        round_trip: Err(NO),
        complete: false,
        links: Err(NO),
        members: Err(NO),
        age_seconds: Err(NO),
        creator: Err(NO),
        mint: Err(NO),
    }
}

fn score(set: impl FnOnce(&mut Metrics)) -> Score {
    let mut metrics = nothing();
    set(&mut metrics);
    Score::of(&metrics, &Config::default())
}

/// A ratio of so many billionths: one unit is one lamport in a whole SOL.
fn billionths(n: i64) -> Ratio {
    Ratio::of(n, 1_000_000_000_i64).unwrap()
}

const BILLION: i64 = 1_000_000_000;

#[test]
fn velocity_scores_above_each_threshold_by_one_billionth() {
    for (velocity, points) in [
        (BILLION / 2, 0),
        (BILLION / 2 + 1, 5),
        (BILLION, 5),
        (BILLION + 1, 10),
        (2 * BILLION, 10),
        (2 * BILLION + 1, 15),
    ] {
        assert_eq!(
            score(|m| m.velocity = Ok(billionths(velocity))).volume,
            Points::whole(points),
            "{velocity}"
        );
    }
}

#[test]
fn buy_ratio_scores_above_each_threshold_by_one_billionth() {
    for (tenths, below, above) in [(5, 0, 3), (6, 3, 7), (7, 7, 10)] {
        let at = tenths * BILLION / 10;
        for (ratio, points) in [(at - 1, below), (at, below), (at + 1, above)] {
            assert_eq!(
                score(|m| m.buy_ratio = Ok(billionths(ratio))).volume,
                Points::whole(points),
                "{ratio}"
            );
        }
    }
}

#[test]
fn a_spike_scores_and_its_absence_does_not() {
    assert_eq!(score(|m| m.spike = Ok(true)).volume, Points::whole(5));
    assert_eq!(score(|m| m.spike = Ok(false)).volume, Points::default());
}

#[test]
fn new_holders_score_above_each_threshold() {
    for (thousandths, points) in [(2_000, 0), (2_001, 3), (5_000, 3), (5_001, 7), (10_000, 7), (10_001, 10)] {
        let holders = score(|m| m.holder_velocity = Ok(Thousandths(thousandths))).holders;
        assert_eq!(holders, Points::whole(points), "{thousandths}");
    }
}

#[test]
fn concentration_scores_below_each_threshold() {
    for (tenths, below, at) in [(2, 10, 7), (3, 7, 3), (4, 3, 0)] {
        let threshold = tenths * BILLION / 10;
        for (share, points) in [(threshold - 1, below), (threshold, at), (threshold + 1, at)] {
            assert_eq!(score(|m| m.top10 = Ok(billionths(share))).holders, Points::whole(points), "{share}");
        }
    }
}

#[test]
fn the_number_of_holders_scores_above_each_threshold() {
    for (holders, points) in [(50, 0), (51, 1), (200, 1), (201, 3), (500, 3), (501, 5)] {
        assert_eq!(score(|m| m.holders = Ok(holders)).holders, Points::whole(points), "{holders}");
    }
}

#[test]
fn progress_scores_in_half_open_ranges() {
    for (bps, points) in [
        (5_999, 0),
        (6_000, 5),
        (6_999, 5),
        (7_000, 10),
        (7_999, 10),
        (8_000, 15),
        (8_999, 15),
        (9_000, 10),
        (9_499, 10),
        (9_500, 5),
        (9_999, 5),
        (10_000, 0),
    ] {
        assert_eq!(score(|m| m.progress = Ok(Bps(bps))).liquidity, Points::whole(points), "{bps}");
    }
}

#[test]
fn sol_in_the_curve_scores_above_each_threshold_by_one_lamport() {
    for (sol, below, above) in [(20, 0, 1), (40, 1, 3), (60, 3, 5)] {
        let at = sol * LAMPORTS_PER_SOL;
        for (lamports, points) in [(at - 1, below), (at, below), (at + 1, above)] {
            let liquidity = score(|m| m.real_sol = Ok(Lamports(lamports))).liquidity;
            assert_eq!(liquidity, Points::whole(points), "{lamports}");
        }
    }
}

#[test]
fn links_and_members_score_as_social() {
    for (links, points) in [(0, 0), (1, 3), (2, 7), (3, 10)] {
        assert_eq!(score(|m| m.links = Ok(links)).social, Points::whole(points), "{links}");
    }
    for (members, points) in [(100, 0), (101, 3), (500, 3), (501, 5)] {
        assert_eq!(score(|m| m.members = Ok(members)).social, Points::whole(points), "{members}");
    }
}

const FINE: MintFacts = MintFacts {
    mint_authority: false,
    freeze_authority: false,
    foreign_extension: false,
    supply: TokenAmount(1),
};

/// The safety score of a coin that passes one check: ten points through six.
const ONE_CHECK: Points = Points(166);

#[test]
fn each_revoked_authority_passes_a_check() {
    assert_eq!(score(|m| m.mint = Ok(FINE)).safety, Points(333));
    assert_eq!(score(|m| m.mint = Ok(MintFacts { mint_authority: true, ..FINE })).safety, ONE_CHECK);
    assert_eq!(score(|m| m.mint = Ok(MintFacts { freeze_authority: true, ..FINE })).safety, ONE_CHECK);
}

#[test]
fn shares_pass_their_check_up_to_the_threshold_itself() {
    for (share, passes) in [(299_999_999, true), (300_000_000, true), (300_000_001, false)] {
        let safety = score(|m| m.top10 = Ok(billionths(share))).safety;
        assert_eq!(safety == ONE_CHECK, passes, "{share}");
    }
    for (share, passes) in [(199_999_999, true), (200_000_000, true), (200_000_001, false)] {
        let safety = score(|m| m.creator_share = Ok(billionths(share))).safety;
        assert_eq!(safety == ONE_CHECK, passes, "{share}");
    }
}

#[test]
fn one_link_passes_its_check() {
    assert_eq!(score(|m| m.links = Ok(0)).safety, Points::default());
    assert_eq!(score(|m| m.links = Ok(1)).safety, ONE_CHECK);
}

#[test]
fn age_passes_half_from_five_minutes_and_wholly_after_thirty() {
    for (seconds, points) in [(299, 0), (300, 83), (301, 83), (1_799, 83), (1_800, 83), (1_801, 166)] {
        assert_eq!(score(|m| m.age_seconds = Ok(seconds)).safety, Points(points), "{seconds}");
    }
}

#[test]
fn each_flag_takes_ten_points_and_safety_ends_at_zero() {
    let all = |m: &mut Metrics| {
        m.mint = Ok(FINE);
        m.top10 = Ok(billionths(0));
        m.creator_share = Ok(billionths(0));
        m.links = Ok(1);
        m.age_seconds = Ok(1_801);
    };
    assert_eq!(score(all).safety, Points::whole(10));
    let washed = |share: i64| {
        score(|m| {
            all(m);
            m.wash_share = Ok(billionths(share));
        })
    };
    assert_eq!(washed(400_000_000).flags, []);
    assert_eq!(washed(400_000_001).flags, [Flag::WashTrading]);
    assert_eq!(washed(400_000_001).safety, Points(833));
    let bundled = |share: i64| {
        score(|m| {
            all(m);
            m.bundled_share = Ok(billionths(share));
        })
    };
    assert_eq!(bundled(200_000_000).flags, []);
    assert_eq!(bundled(200_000_001).flags, [Flag::BundledLaunch]);
    let flagged = |m: &mut Metrics| {
        m.wash_share = Ok(billionths(BILLION));
        m.bundled_share = Ok(billionths(BILLION));
        m.links = Ok(1);
    };
    assert_eq!(score(flagged).safety, Points::default());
}

#[test]
fn an_unknown_input_scores_nothing_of_its_own_and_makes_the_score_incomplete() {
    let half = score(|m| {
        m.velocity = Err(Unknown::TooYoung);
        m.buy_ratio = Ok(billionths(BILLION));
    });
    assert_eq!((half.volume, half.complete), (Points::whole(10), false));
    assert!(score(|m| m.buy_ratio = Ok(billionths(0))).complete);
}

#[test]
fn a_source_that_is_not_configured_scores_nothing_and_is_not_unknown() {
    let all = score(|m| m.links = Ok(3));
    assert_eq!((all.social, all.complete), (Points::whole(10), true));
}

fn whole() -> Analysis {
    let mut metrics = nothing();
    metrics.velocity = Ok(billionths(1_250_000_000));
    metrics.buy_ratio = Err(Unknown::NoTrades);
    metrics.progress = Ok(Bps(8_500));
    metrics.mint = Ok(FINE);
    metrics.wash_share = Ok(billionths(BILLION));
    let score = Score::of(&metrics, &Config::default());
    let traded = Some(Timestamp(0));
    Analysis {
        mint: Mint::default(),
        now: Timestamp(7_000_000),
        at: ChainTime(7),
        learned: Learned { traded, mint: Some((Source::Chain, Timestamp(3_000_000))), ..Learned::default() },
        metrics,
        score,
        hard_fail: None,
        missing: Vec::new(),
        rank: None,
        breadth: Err(Unknown::TooYoung),
    }
}

#[test]
fn the_explanation_sums_to_the_score_and_to_a_hundred() {
    let analysis = whole();
    let parts = analysis.explain(&Config::default());
    let score = &analysis.score;
    let expected = [score.volume, score.holders, score.liquidity, score.social, score.safety];
    assert_eq!(parts.iter().map(|part| part.points).collect::<Vec<_>>(), expected);
    let max: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.max.0 / 100)).collect();
    assert_eq!(max, [("volume", 30), ("holders", 25), ("liquidity", 20), ("social", 15), ("safety", 10)]);
}

#[test]
fn an_input_is_explained_by_tier_distance_source_and_age() {
    let parts = whole().explain(&Config::default());
    let velocity = &parts[0].inputs[0];
    assert_eq!(velocity.value, Ok("1.25".to_owned()));
    assert_eq!(velocity.tier.as_deref(), Some("> 1: 10"));
    assert_eq!(velocity.next.as_deref(), Some("> 2: 15"));
    assert_eq!(velocity.distance.as_deref(), Some("0.75"));
    assert_eq!((velocity.source, velocity.age_seconds), (Some(Source::Stream), Some(7)));
    let buy_ratio = &parts[0].inputs[1];
    assert_eq!((&buy_ratio.value, &buy_ratio.tier), (&Err(Unknown::NoTrades), &None));
    let progress = &parts[2].inputs[0];
    assert_eq!((progress.tier.as_deref(), progress.next.as_deref()), (Some("80-90 %: 15"), None));
    let mint = &parts[4].inputs[0];
    assert_eq!((mint.source, mint.age_seconds), (Some(Source::Chain), Some(4)));
    let members = &parts[3].inputs[1];
    assert_eq!((members.source, members.next.as_deref()), (None, Some("> 100: 3")));
}
