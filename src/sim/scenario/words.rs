//! A line of a scenario, word by word.

use momentum_core::config::{Setting, Value};
use momentum_core::units::TokenAmount;

/// What is wrong with a line, without its number.
pub(super) type Misread = String;

/// The words of one line that are not read yet.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    words: std::iter::Peekable<std::str::SplitAsciiWhitespace<'a>>,
}

impl<'a> Words<'a> {
    /// The words of `line`; what follows a `#` is a comment.
    pub(super) fn of(line: &'a str) -> Self {
        let text = line.split_once('#').map_or(line, |(text, _)| text);
        Self { words: text.split_ascii_whitespace().peekable() }
    }

    pub(super) fn next(&mut self) -> Option<&'a str> {
        self.words.next()
    }

    /// The next word, of which there must be one.
    pub(super) fn need(&mut self, what: &str) -> Result<&'a str, Misread> {
        self.next().ok_or_else(|| format!("{what} is missing"))
    }

    /// Takes `word` if it is next.
    pub(super) fn take(&mut self, word: &str) -> bool {
        self.words.next_if_eq(&word).is_some()
    }

    /// Takes `word`, which must be next.
    pub(super) fn expect(&mut self, word: &str) -> Result<(), Misread> {
        match self.next() {
            Some(next) if next == word => Ok(()),
            Some(next) => Err(format!("`{word}` expected, not `{next}`")),
            None => Err(format!("`{word}` is missing")),
        }
    }

    /// A token's name: it begins with a capital.
    pub(super) fn token(&mut self) -> Result<String, Misread> {
        let name = self.need("a token's name")?;
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            Ok(name.to_owned())
        } else {
            Err(format!("`{name}` is no token: their names begin with a capital"))
        }
    }

    /// Names of tokens, with commas between them: `A,B,C`.
    pub(super) fn token_list(&mut self) -> Result<Vec<String>, Misread> {
        self.need("a token's name")?.split(',').map(|name| Words::of(name).token()).collect()
    }

    /// A wallet's name: it begins with a small letter.
    pub(super) fn wallet(&mut self) -> Result<String, Misread> {
        let name = self.need("a wallet's name")?;
        if name.starts_with(|c: char| c.is_ascii_lowercase()) {
            Ok(name.to_owned())
        } else {
            Err(format!("`{name}` is no wallet: their names begin with a small letter"))
        }
    }

    /// A quantity with its unit, in one word or two: `5%`, `0.5 SOL`, `12 min`.
    pub(super) fn measure<T: Setting>(&mut self) -> Result<T, Misread> {
        let number = self.need(T::UNIT)?;
        let mut text = number.to_owned();
        if !number.ends_with(|c: char| c.is_ascii_alphabetic() || c == '%') {
            text = format!("{number} {}", self.need("a unit")?);
        }
        T::parse(&Value::Text(text))
    }

    /// A number without a unit.
    pub(super) fn number<T: Setting>(&mut self) -> Result<T, Misread> {
        T::parse(&Value::Text(self.need("a number")?.to_owned()))
    }

    /// `+1` or `-1` base units, if there is such a word.
    pub(super) fn offset(&mut self) -> Option<i64> {
        self.words.next_if(|word| word.starts_with(['+', '-']) && word.parse::<i64>().is_ok())?.parse().ok()
    }

    /// Tokens, in whole tokens with up to six digits behind the point.
    pub(super) fn tokens(&mut self) -> Result<TokenAmount, Misread> {
        let text = self.need("an amount of tokens")?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let units = format!("{whole}{fraction:0<6}").parse().ok().filter(|_| fraction.len() <= 6);
        units.map(TokenAmount).ok_or_else(|| format!("`{text}` is no amount of tokens"))
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&mut self, choices: &[(&str, T)]) -> Result<T, Misread> {
        let word = self.need("a choice")?;
        let found = choices.iter().find(|(name, _)| *name == word);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            format!("`{word}` is none of {}", names.join(", "))
        })
    }

    /// The words left, joined.
    pub(super) fn rest(self) -> String {
        self.words.collect::<Vec<_>>().join(" ")
    }

    /// Nothing may be left.
    pub(super) fn end(mut self) -> Result<(), Misread> {
        self.next().map_or(Ok(()), |word| Err(format!("`{word}` is one word too many")))
    }
}
