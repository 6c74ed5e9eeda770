//! The nearest name to one that does not exist.

/// The candidate nearest to `wrong`, where one is near enough to have been meant.
///
/// The same last part in another table is nearest of all: who writes `max_position` or `exits.max_position`
/// means `risk.max_position`.
pub(super) fn nearest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let last = |path: &'a str| path.rsplit('.').next().unwrap_or(path);
    let (_, wrong_last) = wrong.rsplit_once('.').unwrap_or(("", wrong));
    let scored = candidates.map(|candidate| {
        let distance = strsim::damerau_levenshtein(wrong, candidate);
        let same_last = last(candidate) == wrong_last && candidate.contains('.');
        (if same_last { distance.min(1) } else { distance }, candidate)
    });
    let (distance, candidate) = scored.min()?;
    // One letter in three may be wrong: farther away lies another word.
    (distance <= (wrong.len() / 3).max(1)).then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_key_and_another_word_finds_none() {
        let keys = ["risk.max_position", "risk.max_exposure", "signals.buy_score"];
        let near = |wrong| nearest(wrong, keys.into_iter());
        assert_eq!(near("risk.max_postion"), Some("risk.max_position"));
        assert_eq!(near("max_position"), Some("risk.max_position"));
        assert_eq!(near("exits.max_exposure"), Some("risk.max_exposure"));
        assert_eq!(near("signals.byu_score"), Some("signals.buy_score"));
        assert_eq!(near("colour"), None);
        assert_eq!(near(""), None);
    }
}
