//! Columns of a table, and the cells that records give them.

use serde_json::Value;

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Its head.
    pub(crate) title: String,
    /// Where its value is in a record: `reserves.real_quote`.
    pub(crate) path: String,
    /// How its cells are shown.
    pub(crate) kind: Kind,
    /// Only with `-o wide` (and where `--fields` names it).
    pub(crate) wide: bool,
}

/// How the cells of a column are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "for the commands that print records")]
pub(crate) enum Kind {
    /// As it is.
    Text,
    /// To the right.
    Number,
    /// To the right, green above zero and red below.
    Signed,
    /// A key on chain: its first and last four characters, whole in `wide`.
    Key,
    /// A state: green, yellow or red by its word.
    State,
}

impl Column {
    /// A column for tables of every width.
    pub(crate) fn new(title: &str, path: &str, kind: Kind) -> Self {
        Self { title: title.to_owned(), path: path.to_owned(), kind, wide: false }
    }

    /// The same, only for wide tables.
    pub(crate) fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    /// The text of its cell, without colour; empty where the record has none.
    pub(crate) fn cell(&self, record: &Value, wide: bool) -> String {
        let text = visible(&field(record, &self.path).map(plain).unwrap_or_default());
        match self.kind {
            Kind::Key if !wide && text.chars().count() > 11 => {
                let letters: Vec<_> = text.chars().collect();
                let (head, tail) = (&letters[..4], &letters[letters.len() - 4..]);
                format!("{}…{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
            }
            _ => text,
        }
    }
}

/// The columns of a stream of records of many kinds: what most of them have.
pub(crate) fn of_records() -> Vec<Column> {
    vec![
        Column::new("now", "now", Kind::Text),
        Column::new("schema", "schema", Kind::Text),
        Column::new("kind", "kind", Kind::Text),
        Column::new("mint", "mint", Kind::Key),
        Column::new("side", "side", Kind::Text).wide(),
        Column::new("SOL", "quote_sol", Kind::Number).wide(),
        Column::new("score", "score", Kind::Number),
        Column::new("code", "code", Kind::Text),
    ]
}

/// The value at a dotted path of a record. A name that holds dots itself, as settings have, wins.
pub(crate) fn field<'v>(record: &'v Value, path: &str) -> Option<&'v Value> {
    record.get(path).or_else(|| path.split('.').try_fold(record, |value, name| value.get(name)))
}

/// The record with only these fields, in their order; unknown ones are left away.
pub(crate) fn project(record: &Value, fields: &[String]) -> Value {
    let kept = fields.iter().filter_map(|path| Some((path.clone(), field(record, path)?.clone())));
    Value::Object(kept.collect())
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// `text` without characters that steer a terminal or turn the direction of writing: names of tokens are
/// hostile.
pub(crate) fn visible(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    text.chars().filter(|c| !c.is_control() && !turns(*c)).collect()
}

/// A cell of CSV: quoted where it must be. What a spreadsheet would run as a formula is made text.
pub(crate) fn csv(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@']);
    let number = cell.parse::<f64>().is_ok();
    let escaped = cell.replace('"', "\"\"");
    match (formula, number) {
        (true, true) => format!("\"{escaped}\""),
        (true, false) => format!("\"'{escaped}\""),
        (false, _) if cell.contains([',', '"', '\n', '\r']) => format!("\"{escaped}\""),
        (false, _) => escaped,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_tokens_cannot_steer_the_terminal_or_a_spreadsheet() {
        assert_eq!(visible("PE\u{1b}[31mPE\u{202e}\n"), "PE[31mPE");
        assert_eq!(csv("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(csv("@x, \"y\""), "\"'@x, \"\"y\"\"\"");
        assert_eq!(csv("-81234567"), "\"-81234567\"");
        assert_eq!(csv("a,b"), "\"a,b\"");
        assert_eq!(csv("plain"), "plain");
    }

    #[test]
    fn keys_are_short_unless_wide_and_fields_are_found_by_path() {
        let record = json!({"mint": "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P", "a": {"b": 1}, "a.c": 2});
        let mint = Column::new("mint", "mint", Kind::Key);
        assert_eq!(mint.cell(&record, false), "6EF8…wF6P");
        assert_eq!(mint.cell(&record, true).len(), 43);
        assert_eq!(field(&record, "a.b"), Some(&json!(1)));
        assert_eq!(field(&record, "a.c"), Some(&json!(2)));
        assert_eq!(project(&record, &["a.b".to_owned(), "no".to_owned()]), json!({"a.b": 1}));
    }
}
