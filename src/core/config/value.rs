//! Values of settings, as a file, an environment variable or a flag writes them, and the file's text itself.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// A value as it was written. It means nothing yet: a [`Setting`](super::Setting) makes something of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a point, or one too large for [`Value::Int`]: its digits, so that no float is in it.
    Number(String),
    /// A text; numbers with a unit are texts.
    Text(String),
    /// Several.
    List(Vec<Value>),
}

/// Values by path.
pub type Values = BTreeMap<String, Value>;

impl fmt::Display for Value {
    /// As TOML writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(value) => write!(f, "{}", toml::Value::from(value.as_str())),
            Self::List(values) => {
                f.write_str("[")?;
                for (nth, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if nth == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
        }
    }
}

impl Value {
    /// What a variable or a flag says, where texts need no quotes: `0.5 SOL`, `75`, `true`, `["a", "b"]`.
    /// What begins like a list or a quoted text is read as TOML; if it is none, it stays the text it is and
    /// the setting refuses it.
    #[must_use]
    pub fn from_argument(text: &str) -> Self {
        let text = text.trim();
        let quoted = text.starts_with(['[', '"', '\'']);
        let parsed = if quoted { DeValue::parse(text).ok() } else { None };
        parsed
            .and_then(|value| from_toml(value.get_ref()).ok())
            .unwrap_or_else(|| Self::Text(text.to_owned()))
    }

    /// The value without quotes, as a person would type it in a command.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// A value and where in the text it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What was written.
    pub value: Value,
    /// The line, from 1.
    pub line: usize,
}

/// Something in a text that is no TOML, or no kind of value that a setting can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// The line, from 1.
    pub line: usize,
    /// The key, where the trouble is with one.
    pub path: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// What the text of a settings file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The values, by path.
    pub values: BTreeMap<String, Placed>,
    /// Where each table begins, by path: an empty table has no values that would tell of it.
    pub tables: BTreeMap<String, usize>,
    /// All that could not be read.
    pub misread: Vec<Misread>,
}

/// Reads the text of a settings file: what can be read, and all that cannot.
#[must_use]
pub fn parse(text: &str) -> Text {
    let (table, errors) = DeTable::parse_recoverable(text);
    let line = |at: Range<usize>| 1 + text.bytes().take(at.start).filter(|byte| *byte == b'\n').count();
    let mut read = Text::default();
    for error in &errors {
        let message = error.message().to_owned();
        read.misread.push(Misread { line: error.span().map_or(1, line), path: None, message });
    }
    read.walk("", table.get_ref(), &line);
    read
}

impl Text {
    fn walk(&mut self, prefix: &str, table: &DeTable<'_>, line: &dyn Fn(Range<usize>) -> usize) {
        for (name, value) in table {
            let dot = if prefix.is_empty() { "" } else { "." };
            let path = format!("{prefix}{dot}{}", name.get_ref());
            let line_here = line(name.span());
            match value.get_ref() {
                DeValue::Table(inner) => {
                    self.walk(&path, inner, line);
                    self.tables.insert(path, line_here);
                }
                plain => match from_toml(plain) {
                    Ok(value) => {
                        self.values.insert(path, Placed { value, line: line_here });
                    }
                    Err(message) => self.misread.push(Misread { line: line_here, path: Some(path), message }),
                },
            }
        }
    }
}

fn from_toml(value: &DeValue<'_>) -> Result<Value, String> {
    Ok(match value {
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Integer(value) => i64::from_str_radix(value.as_str(), value.radix())
            .map_or_else(|_| Value::Number(value.as_str().to_owned()), Value::Int),
        DeValue::Float(value) => Value::Number(value.as_str().to_owned()),
        DeValue::String(value) => Value::Text(value.to_string()),
        DeValue::Array(values) => {
            Value::List(values.iter().map(|value| from_toml(value.get_ref())).collect::<Result<_, _>>()?)
        }
        DeValue::Datetime(_) => return Err("is a date, should be in quotes".to_owned()),
        DeValue::Table(_) => return Err("is a table inside a list, which no setting is".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Values {
        let read = parse(text);
        assert_eq!(read.misread, []);
        read.values.into_iter().map(|(path, placed)| (path, placed.value)).collect()
    }

    #[test]
    fn every_kind_of_value_is_read_with_its_line_and_without_floats() {
        let read = parse("[a]\nb = 1_000\nc = 0.5\n\n[a.d]\ne = [\"x\", 0x10, true]\nf = 'it'\n[g]\n");
        assert_eq!(read.misread, []);
        let tables = [("a", 1), ("a.d", 5), ("g", 8)].map(|(path, line)| (path.to_owned(), line));
        assert_eq!(read.tables, tables.into());
        let at = |path: &str| (read.values[path].line, read.values[path].value.clone());
        assert_eq!(at("a.b"), (2, Value::Int(1_000)));
        assert_eq!(at("a.c"), (3, Value::Number("0.5".to_owned())));
        assert_eq!(
            at("a.d.e"),
            (6, Value::List(vec![Value::Text("x".to_owned()), Value::Int(16), Value::Bool(true)]))
        );
        assert_eq!(at("a.d.f"), (7, Value::Text("it".to_owned())));
    }

    #[test]
    fn all_that_is_no_toml_is_named_with_its_line_and_the_rest_is_read() {
        let read = parse("[a]\nb = \nc = 1\nd = 1979-05-27\ne = [{ f = 1 }]\nc = 2\n");
        assert_eq!(read.values["a.c"].value, Value::Int(1));
        let mut lines: Vec<_> = read.misread.iter().map(|wrong| wrong.line).collect();
        lines.sort_unstable();
        assert_eq!(lines, [2, 4, 5, 6]);
    }

    #[test]
    fn an_argument_needs_no_quotes_and_may_have_them() {
        assert_eq!(Value::from_argument("0.5 SOL"), Value::Text("0.5 SOL".to_owned()));
        assert_eq!(Value::from_argument("\"0.5 SOL\""), Value::Text("0.5 SOL".to_owned()));
        assert_eq!(Value::from_argument("[1, 2]"), Value::List(vec![Value::Int(1), Value::Int(2)]));
        assert_eq!(Value::from_argument("[1, "), Value::Text("[1,".to_owned()));
    }

    proptest! {
        #[test]
        fn any_text_prints_so_that_it_reads_back(text in any::<String>(), number in any::<i64>()) {
            let value = Value::List(vec![Value::Text(text), Value::Int(number), Value::Bool(number > 0)]);
            let file = format!("key = {value}\n");
            prop_assert_eq!(&read(&file)["key"], &value);
        }

        #[test]
        fn any_bytes_are_read_without_panic(text in any::<String>()) {
            let _read = parse(&text);
        }
    }
}
