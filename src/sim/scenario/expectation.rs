//! What a scenario expects: the beginning of a line that the runner makes of a fact.

use super::words::{Misread, Words};

/// An expectation of facts since the last line that was none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expectation {
    count: Count,
    words: Vec<String>,
}

/// How many facts must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    AtLeastOne,
    Exactly(usize),
}

impl Expectation {
    pub(super) fn read(mut words: Words<'_>) -> Result<Self, Misread> {
        let mut count = Count::AtLeastOne;
        if words.take("no") {
            count = Count::Exactly(0);
        } else if words.take("exactly") {
            count = Count::Exactly(usize::from(words.number::<u16>()?));
        }
        let words: Vec<_> = std::iter::from_fn(|| words.next()).map(str::to_owned).collect();
        if words.is_empty() { Err("what is expected?".to_owned()) } else { Ok(Self { count, words }) }
    }

    /// Whether the lines of the facts seen meet it.
    pub(super) fn met<'l>(&self, lines: impl Iterator<Item = &'l str>) -> bool {
        let fitting = lines.filter(|line| self.fits(line)).count();
        match self.count {
            Count::AtLeastOne => fitting > 0,
            Count::Exactly(number) => fitting == number,
        }
    }

    fn fits(&self, line: &str) -> bool {
        let mut seen = line.split_ascii_whitespace();
        self.words.iter().all(|expected| seen.next().is_some_and(|word| fits(expected, word)))
    }
}

/// One word: itself, `*` for any, or `<N`, `>N`, `<=N`, `>=N` for a number.
fn fits(expected: &str, word: &str) -> bool {
    let ordered = |bound: &str| Some(number(word)?.cmp(&number(bound)?));
    if let Some(bound) = expected.strip_prefix("<=") {
        ordered(bound).is_some_and(std::cmp::Ordering::is_le)
    } else if let Some(bound) = expected.strip_prefix(">=") {
        ordered(bound).is_some_and(std::cmp::Ordering::is_ge)
    } else if let Some(bound) = expected.strip_prefix('<') {
        ordered(bound).is_some_and(std::cmp::Ordering::is_lt)
    } else if let Some(bound) = expected.strip_prefix('>') {
        ordered(bound).is_some_and(std::cmp::Ordering::is_gt)
    } else {
        expected == "*" || expected == word
    }
}

/// A decimal number with up to nine digits behind the point, as an integer of 10⁻⁹.
fn number(text: &str) -> Option<i128> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || fraction.len() > 9 {
        return None;
    }
    format!("{whole}{fraction:0<9}").parse::<i128>().ok().map(|units| sign * units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(expectation: &str, lines: &[&str]) -> bool {
        Expectation::read(Words::of(expectation)).unwrap().met(lines.iter().copied())
    }

    #[test]
    fn the_beginning_of_one_line_is_enough() {
        assert!(met("SELL A stop", &["BUY A 1 SOL", "SELL A stop 5 tokens"]));
        assert!(!met("SELL A stop", &["SELL A ladder", "SELL B stop", "SELL A"]));
    }

    #[test]
    fn no_and_exactly_count_the_lines_that_fit() {
        assert!(met("no SELL A", &["SELL B stop"]));
        assert!(!met("no SELL A", &["SELL A stop"]));
        assert!(met("exactly 2 SELL A", &["SELL A stop", "SELL A ladder"]));
        assert!(!met("exactly 2 SELL A", &["SELL A stop"]));
    }

    #[test]
    fn numbers_compare_as_numbers() {
        assert!(met("stop A >=0.41", &["stop A 0.41 SOL"]));
        assert!(!met("stop A >0.41", &["stop A 0.41 SOL"]));
        assert!(met("closed A * <0", &["closed A stop -0.02"]));
        assert!(!met("closed A * <0", &["closed A stop soon"]));
    }
}
