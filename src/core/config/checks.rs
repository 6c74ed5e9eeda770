//! What settings must be to each other: contradictions are errors, what is surely not meant is a warning.

use super::{
    Config, Execution, Exits, LadderCap, Problem, Questions, Reader, Risk, Safety, ScoreKeys, Signals, Tier,
};
use crate::quotes::Curve;
use crate::units::{Bps, Points, Thousandths, mul_div};

/// `[score]`: the windows contain each other.
pub(super) fn score(score: &ScoreKeys, reader: &mut Reader<'_>) {
    if score.active > score.forget {
        reader.contradict("score.active", "is longer than score.forget: a forgotten token has no score");
    }
    if score.top > score.ranking {
        reader.contradict("score.top", "is beyond the end of score.ranking");
    }
    if score.atr_traded_min > score.atr_bars {
        reader.contradict("score.atr_traded_min", "asks for more bars than score.atr_bars has");
    }
}

/// `[enrich]`: what is nearer to an entry is asked for no less often.
pub(super) fn questions(enrich: &Questions, reader: &mut Reader<'_>) {
    if enrich.check_close_from < enrich.check_above {
        reader.contradict("enrich.check_close_from", "is below enrich.check_above");
    }
    if enrich.check_close_every > enrich.check_every {
        reader.contradict("enrich.check_close_every", "is less often than enrich.check_every");
    }
    if enrich.retry > enrich.retry_max {
        reader.contradict("enrich.retry", "is longer than enrich.retry_max");
    }
}

/// `[signals]`: a level can be entered, and the stronger one asks for no less.
pub(super) fn signals(signals: &Signals, reader: &mut Reader<'_>) {
    if signals.strong_buy_score < signals.buy_score {
        reader.contradict("signals.strong_buy_score", "is below signals.buy_score");
    }
    if signals.strong_buy_safety < signals.buy_safety {
        reader.contradict("signals.strong_buy_safety", "is below signals.buy_safety");
    }
    if signals.strong_buy_velocity < signals.buy_velocity {
        reader.contradict("signals.strong_buy_velocity", "is below signals.buy_velocity");
    }
    if signals.adaptive && signals.buy_score.0 + signals.adaptive_shift.0 > signals.strong_buy_score.0 {
        reader.contradict(
            "signals.adaptive_shift",
            "would raise signals.buy_score above signals.strong_buy_score",
        );
    }
    for (path, from) in [
        ("signals.strong_buy_progress", signals.strong_buy_progress),
        ("signals.buy_progress", signals.buy_progress),
    ] {
        if from >= signals.progress_max {
            reader.contradict(path, "is not below signals.progress_max: no token could be entered");
        }
    }
}

/// `[risk]`: the sizes contain each other.
pub(super) fn risk(risk: &Risk, reader: &mut Reader<'_>) {
    if risk.min_position > risk.max_position {
        reader.contradict("risk.min_position", "is above risk.max_position: nothing could be bought");
    }
    if risk.max_position > risk.max_exposure {
        reader.contradict("risk.max_position", "is above risk.max_exposure");
    }
    if risk.proof_progress_min >= risk.proof_progress_max {
        reader.contradict("risk.proof_progress_min", "is not below risk.proof_progress_max");
    }
}

/// `[exits]`: the stop's bounds, and a ladder whose lists belong together.
pub(super) fn exits(exits: &Exits, reader: &mut Reader<'_>) {
    if exits.stop_min > exits.stop_max {
        reader.contradict("exits.stop_min", "is farther than exits.stop_max");
    }
    if exits.hold_score < exits.sell_score {
        reader
            .contradict("exits.hold_score", "is below exits.sell_score: it would be sold before it weakens");
    }
    let rungs = exits.take_profit.len();
    if !rising(&exits.take_profit) {
        reader.contradict("exits.take_profit", "should rise from rung to rung");
    }
    if exits.take_profit_share.len() != rungs.saturating_sub(1) {
        let shares = exits.take_profit_share.len();
        let message =
            format!("has {shares} shares for {rungs} rungs: one for each but the last, which sells the rest");
        reader.contradict("exits.take_profit_share", message);
    }
    let sold: u32 = exits.take_profit_share.iter().map(|share| u32::from(share.0)).sum();
    if sold >= u32::from(Bps::WHOLE.0) {
        reader.contradict("exits.take_profit_share", "leaves nothing for the last rung");
    }
    if let LadderCap::Shares(shares) = &exits.ladder_cap {
        if shares.len() != rungs {
            reader.contradict("exits.ladder_cap", format!("has {} shares for {rungs} rungs", shares.len()));
        }
        if !rising(shares) || shares.iter().any(|share| *share > Bps::WHOLE) {
            reader.contradict("exits.ladder_cap", "should rise from rung to rung, up to 100 %");
        }
    }
}

/// `[execution]`: caps hold their floors, and bounds widen.
pub(super) fn execution(execution: &Execution, reader: &mut Reader<'_>) {
    if execution.sell_bounds.is_empty() || !rising(&execution.sell_bounds) {
        reader.contradict(
            "execution.sell_bounds",
            "should have at least one bound, each wider than the one before",
        );
    }
    let floors = [
        ("execution.priority_floor", execution.priority_floor),
        ("execution.tip_floor", execution.tip_floor),
    ];
    for (path, floor) in floors {
        if floor > execution.fee_cap {
            reader.contradict(path, "is above execution.fee_cap");
        }
    }
    if execution.fee_cap > execution.urgent_fee_cap {
        reader.contradict("execution.fee_cap", "is above execution.urgent_fee_cap");
    }
}

/// Between sections.
pub(super) fn across(config: &Config, reader: &mut Reader<'_>) {
    if config.exits.sell_score >= config.signals.buy_score {
        let message = "is not below signals.buy_score: what is bought would be sold at once";
        reader.contradict("exits.sell_score", message);
    }
    let lowered = config.signals.buy_score.0.saturating_sub(config.signals.adaptive_shift.0);
    if config.signals.adaptive
        && config.exits.sell_score >= Points(lowered)
        && config.exits.sell_score < config.signals.buy_score
    {
        let message =
            "would lower signals.buy_score to exits.sell_score: what is bought would be sold at once";
        reader.contradict("signals.adaptive_shift", message);
    }
    if config.exits.sell_safety > config.signals.buy_safety {
        let message = "is above signals.buy_safety: what is bought would be sold at once";
        reader.contradict("exits.sell_safety", message);
    }
    let most = most(&config.score, &config.safety);
    if most > 10_000 {
        let message = format!("the parts of the score add up to {} points, more than 100", most / 100);
        reader.contradict("score.progress", message);
    }
}

/// The points that the best token can have, in hundredths.
fn most(score: &ScoreKeys, safety: &Safety) -> u32 {
    let parts: [Points; 11] = [
        Tier::most(&score.velocity),
        Tier::most(&score.buy_ratio),
        score.spike_points,
        Tier::most(&score.holder_velocity),
        Tier::most(&score.top10),
        Tier::most(&score.holders),
        Tier::most(&score.progress),
        Tier::most(&score.real_sol),
        Tier::most(&score.links),
        Tier::most(&score.members),
        safety.check_points,
    ];
    parts.iter().map(|points| u32::from(points.0)).sum()
}

fn rising<T: PartialOrd>(values: &[T]) -> bool {
    values.windows(2).all(|pair| pair[0] < pair[1])
}

/// What is allowed but surely not meant.
pub(super) fn consequences(config: &Config) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut warn = |path: &str, message: String| found.push(Problem { path: path.to_owned(), message });
    let Config { score, safety, signals, risk, exits, execution, .. } = config;
    for (path, threshold) in
        [("signals.buy_score", signals.buy_score), ("signals.strong_buy_score", signals.strong_buy_score)]
    {
        let most = most(score, safety);
        if u32::from(threshold.0) > most {
            warn(
                path,
                format!("is {threshold}, and the best token has {} points: it is never reached", most / 100),
            );
        }
    }
    if exits.ladder_cap == LadderCap::Off {
        for rung in &exits.take_profit {
            match last_entry(*rung) {
                Some(last) if last >= signals.progress_max => {}
                Some(last) if last >= signals.buy_progress => warn(
                    "exits.ladder_cap",
                    format!(
                        "is off, so the rung at {rung}× can only fire for tokens bought before {last} progress"
                    ),
                ),
                _ => {
                    let end = end_multiple(signals.buy_progress).unwrap_or_default();
                    let message = format!(
                        "is off, so the rung at {rung}× can never fire: from {} progress the curve ends at {end}×",
                        signals.buy_progress
                    );
                    warn("exits.ladder_cap", message);
                }
            }
        }
    }
    let urgent = execution.base_fee.0.saturating_add(execution.urgent_fee_cap.0.saturating_mul(2));
    if risk.exit_reserve.0 < urgent {
        let message = format!(
            "is {}, less than an urgent exit may cost at its caps ({} lamports): an exit could find no fee",
            risk.exit_reserve, urgent
        );
        warn("risk.exit_reserve", message);
    }
    if execution.buy_progress_max <= signals.buy_progress {
        let message =
            format!("is not above signals.buy_progress ({}): every buy fails", signals.buy_progress);
        warn("execution.buy_progress_max", message);
    }
    found
}

/// How many times the price at `progress` the curve's price at its end is, by the curve that an ordinary coin
/// begins with: the price is quote / token and their product is constant, so it is the square of the ratio of
/// virtual tokens. `None` where a setting is past the end.
fn end_multiple(progress: Bps) -> Option<Thousandths> {
    let start = Curve::FRESH;
    let tokens = |progress: u16| {
        start.virtual_token.checked_sub(mul_div(
            start.real_token,
            u64::from(progress),
            u64::from(Bps::WHOLE.0),
        ))
    };
    let (here, end) = (u128::from(tokens(progress.0)?), u128::from(tokens(Bps::WHOLE.0)?));
    let square = (here * 1_000 / end) * here / end;
    i64::try_from(square).ok().map(Thousandths)
}

/// The last progress from which the curve's end is still `multiple` times the price.
fn last_entry(multiple: Thousandths) -> Option<Bps> {
    (0..=Bps::WHOLE.0)
        .rev()
        .map(Bps)
        .find(|progress| end_multiple(*progress).is_some_and(|end| end >= multiple))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{DEFAULTS, Value, Values, parse};
    use crate::ids::Hash;

    /// The shipped settings with some of them said otherwise, and what contradicts in them.
    fn with(changes: &[(&str, &str)]) -> (Config, Vec<String>) {
        let shipped = parse(DEFAULTS).values.into_iter();
        let mut values: Values = shipped.map(|(path, placed)| (path, placed.value)).collect();
        for (path, value) in changes {
            assert!(values.insert((*path).to_owned(), Value::from_argument(value)).is_some(), "{path}");
        }
        let mut reader = Reader::new(&values);
        let config = Config::read(&mut reader, Hash::default()).unwrap();
        (config, reader.problems.into_iter().map(|problem| problem.path).collect())
    }

    #[test]
    fn contradictions_are_named_at_their_key() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[("score.active", "31 min")], "score.active"),
            (&[("score.top", "21")], "score.top"),
            (&[("score.atr_traded_min", "15")], "score.atr_traded_min"),
            (&[("score.spike_points", "6")], "score.progress"),
            (&[("enrich.check_close_from", "39")], "enrich.check_close_from"),
            (&[("enrich.check_close_every", "61 s")], "enrich.check_close_every"),
            (&[("enrich.retry", "6 min")], "enrich.retry"),
            (&[("signals.strong_buy_score", "74.99")], "signals.strong_buy_score"),
            (&[("signals.strong_buy_safety", "6")], "signals.strong_buy_safety"),
            (&[("signals.strong_buy_velocity", "0.4")], "signals.strong_buy_velocity"),
            (&[("signals.buy_progress", "95 %")], "signals.buy_progress"),
            (&[("signals.adaptive", "true"), ("signals.adaptive_shift", "10.01")], "signals.adaptive_shift"),
            (
                &[
                    ("signals.adaptive", "true"),
                    ("signals.adaptive_shift", "25"),
                    ("signals.strong_buy_score", "100"),
                ],
                "signals.adaptive_shift",
            ),
            (&[("risk.min_position", "0.6 SOL")], "risk.min_position"),
            (&[("risk.max_exposure", "0.4 SOL")], "risk.max_position"),
            (&[("risk.proof_progress_min", "95 %")], "risk.proof_progress_min"),
            (&[("exits.stop_min", "31 %")], "exits.stop_min"),
            (&[("exits.hold_score", "49")], "exits.hold_score"),
            (&[("exits.take_profit", "[2, 2, 5]")], "exits.take_profit"),
            (&[("exits.take_profit_share", "['25 %']")], "exits.take_profit_share"),
            (&[("exits.take_profit_share", "['50 %', '50 %']")], "exits.take_profit_share"),
            (&[("exits.ladder_cap", "['40 %', '70 %']")], "exits.ladder_cap"),
            (&[("exits.ladder_cap", "['40 %', '70 %', '101 %']")], "exits.ladder_cap"),
            (&[("exits.sell_score", "75"), ("exits.hold_score", "75")], "exits.sell_score"),
            (&[("exits.sell_safety", "7.5")], "exits.sell_safety"),
            (&[("execution.sell_bounds", "[]")], "execution.sell_bounds"),
            (&[("execution.sell_bounds", "['5 %', '5 %']")], "execution.sell_bounds"),
            (&[("execution.tip_floor", "0.002 SOL")], "execution.tip_floor"),
            (&[("execution.fee_cap", "0.004 SOL")], "execution.fee_cap"),
        ];
        assert_eq!(with(&[]).1, [""; 0]);
        for (changes, path) in cases {
            assert_eq!(with(changes).1, [*path], "{changes:?}");
        }
    }

    #[test]
    fn the_shipped_settings_have_no_consequences_that_nobody_means() {
        assert_eq!(with(&[]).0.consequences(), []);
    }

    #[test]
    fn what_is_surely_not_meant_is_said_at_its_key() {
        for (path, value) in [
            ("signals.buy_score", "80"),
            ("risk.exit_reserve", "6004999 lamports"),
            ("execution.buy_progress_max", "70 %"),
        ] {
            // With nothing for members, the best token has 70 points fewer than it needs.
            let few = [("score.velocity", "[]"), ("score.buy_ratio", "[]"), (path, value)];
            let (config, _) = with(if path == "signals.buy_score" { &few } else { &few[2..] });
            let found = config.consequences();
            assert!(found.iter().any(|problem| problem.path == path), "{path}: {found:?}");
        }
    }

    /// The multiples of strategy.md §5: from 70 % progress the curve ends at 3.42, from 80 % at 2.45, from
    /// 90 % at 1.65 times the price.
    #[test]
    fn the_end_of_the_curve_is_where_the_formula_puts_it() {
        for (percent, end) in [(70, "3.42"), (80, "2.45"), (90, "1.64"), (100, "1")] {
            let multiple = end_multiple(Bps(percent * 100)).unwrap().to_string();
            assert!(multiple.starts_with(end), "{percent} %: {multiple}");
        }
        assert_eq!(end_multiple(Bps(20_000)), None);
    }

    #[test]
    fn rungs_that_could_never_fire_are_said_when_the_cap_is_off() {
        let (config, _) = with(&[("exits.ladder_cap", "off")]);
        let messages: Vec<_> = config.consequences().into_iter().map(|problem| problem.message).collect();
        assert_eq!(messages.len(), 3);
        assert!(
            messages[0].contains("the rung at 2× can only fire for tokens bought before 85."),
            "{messages:?}"
        );
        assert!(
            messages[1].contains("the rung at 3× can only fire for tokens bought before 74."),
            "{messages:?}"
        );
        assert!(messages[2].contains("the rung at 5× can never fire: from 70 % progress"), "{messages:?}");
    }
}
