//! Leaves of the serde form into columns, and back.

use momentum_core::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{As, Column, Record, Table};
use crate::db::{Form, Value};
use crate::error::StoreError;

impl Table {
    /// The row of a value: its leaves in their columns, the rest in the body.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] where an amount does not fit into 63 bits, [`StoreError::Form`] where a leaf is
    /// not what the table says.
    pub fn lift(&self, value: &impl Serialize) -> Result<Record, StoreError> {
        self.lift_tree(self.tree(value)?)
    }

    /// A value in its serde form.
    ///
    /// # Errors
    /// [`StoreError::Form`] where it has none.
    pub fn tree(&self, value: &impl Serialize) -> Result<Json, StoreError> {
        let wrong = |error: serde_json::Error| StoreError::Form {
            table: self.name,
            column: "body",
            what: error.to_string(),
        };
        serde_json::to_value(value).map_err(wrong)
    }

    /// The same for a value that is in its serde form already.
    ///
    /// # Errors
    /// As [`Table::lift`].
    pub fn lift_tree(&self, mut tree: Json) -> Result<Record, StoreError> {
        let mut record = self.empty();
        for (nth, column) in self.columns.iter().enumerate().filter(|(_, column)| !column.path.is_empty()) {
            let leaf = take(&mut tree, column.path);
            record.values[nth] = into_column(leaf, *column, self.name)?;
        }
        if let Some(body) = self.columns.iter().position(|column| column.form == As::Body) {
            record.values[body] = Value::Text(tree.to_string());
        }
        Ok(record)
    }
}

impl Record {
    /// The value in its serde form again.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the row is of no such value.
    pub fn fold_tree(&self) -> Result<Json, StoreError> {
        let body = self.columns.iter().zip(&self.values).find(|(column, _)| column.form == As::Body);
        let mut tree = match body {
            Some((_, Value::Text(text))) => {
                serde_json::from_str(text).map_err(|error| self.damaged(&error.to_string()))?
            }
            _ => Json::Object(serde_json::Map::new()),
        };
        for (column, value) in
            self.columns.iter().zip(&self.values).filter(|(column, _)| !column.path.is_empty())
        {
            let leaf = out_of_column(value, column.form).ok_or_else(|| self.damaged(column.name))?;
            put_back(&mut tree, column.path, leaf);
        }
        Ok(tree)
    }

    /// The value again.
    ///
    /// # Errors
    /// As [`Record::fold_tree`].
    pub fn fold<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        self.read(self.fold_tree()?)
    }

    /// A value out of a serde form that was put together from this row and rows of other tables.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it is of no such value.
    pub fn read<T: DeserializeOwned>(&self, tree: Json) -> Result<T, StoreError> {
        serde_json::from_value(tree).map_err(|error| self.damaged(&error.to_string()))
    }

    fn damaged(&self, what: &str) -> StoreError {
        let place = format!("table {}", self.table);
        StoreError::Corrupt { place, what: format!("the row {} holds no such value: {what}", self.key()) }
    }
}

/// Takes a leaf out of the tree; the objects around it stay, even where nothing is left in them, since they
/// say which variant it was.
fn take(tree: &mut Json, path: &str) -> Json {
    let (parents, name) = path.rsplit_once('.').map_or((None, path), |(parents, name)| (Some(parents), name));
    let mut at = tree;
    for part in parents.into_iter().flat_map(|parents| parents.split('.')) {
        match at.get_mut(part) {
            Some(inner) => at = inner,
            None => return Json::Null,
        }
    }
    at.as_object_mut().and_then(|object| object.remove(name)).unwrap_or(Json::Null)
}

/// Puts a leaf back where it was taken; nothing goes into an object that is not there.
fn put_back(tree: &mut Json, path: &str, leaf: Json) {
    let (parents, name) = path.rsplit_once('.').map_or((None, path), |(parents, name)| (Some(parents), name));
    let mut at = tree;
    for part in parents.into_iter().flat_map(|parents| parents.split('.')) {
        match at.get_mut(part) {
            Some(inner) => at = inner,
            None => return,
        }
    }
    if let Some(object) = at.as_object_mut() {
        object.insert(name.to_owned(), leaf);
    }
}

fn into_column(leaf: Json, column: Column, table: &'static str) -> Result<Value, StoreError> {
    let wrong = |leaf: &Json| StoreError::Form { table, column: column.name, what: format!("holds {leaf}") };
    let too_large = || StoreError::TooLarge(format!("{table}.{}", column.name));
    Ok(match (column.form, leaf) {
        (form, Json::Null) => Value::Null(form.form()),
        (As::Amount, Json::String(text)) => {
            let whole: i128 = text.parse().map_err(|_| wrong(&Json::String(text)))?;
            Value::Int(i64::try_from(whole).map_err(|_| too_large())?)
        }
        (As::Number, Json::Number(number)) => Value::Int(number.as_i64().ok_or_else(too_large)?),
        (As::Flag, Json::Bool(flag)) => Value::Int(flag.into()),
        (As::Time, Json::String(text)) => {
            let time: Timestamp = text.parse().map_err(|_| wrong(&Json::String(text)))?;
            Value::Int(time.0)
        }
        (As::Word, Json::String(text)) => Value::Text(text),
        (_, leaf) => return Err(wrong(&leaf)),
    })
}

fn out_of_column(value: &Value, form: As) -> Option<Json> {
    Some(match (form, value) {
        (_, Value::Null(_)) => Json::Null,
        (As::Amount, Value::Int(amount)) => Json::String(amount.to_string()),
        (As::Number, Value::Int(number)) => Json::from(*number),
        (As::Flag, Value::Int(flag)) => Json::Bool(*flag != 0),
        (As::Time, Value::Int(micros)) => Json::String(Timestamp(*micros).to_string()),
        (As::Word, Value::Text(text)) => Json::String(text.clone()),
        _ => return None,
    })
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Self::Null(Form::Int), Self::Int)
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        value.map_or(Self::Null(Form::Text), Self::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{added, leaf, own};
    use super::*;
    use serde_json::json;

    const SWAPS: Table = Table {
        name: "swaps",
        key: 1,
        columns: &[
            leaf("mint", As::Word, "mint"),
            leaf("spend", As::Amount, "swap.Buy.spend"),
            leaf("tokens", As::Amount, "swap.Sell.tokens"),
            leaf("at", As::Time, "at"),
            leaf("urgent", As::Flag, "urgent"),
            leaf("number", As::Number, "order.number"),
            own("run_id", As::Text),
            leaf("body", As::Body, ""),
        ],
    };

    #[test]
    fn a_leaf_is_in_its_column_or_in_the_body_and_comes_back_where_it_was() {
        let tree = json!({"mint": "m", "swap": {"Buy": {"spend": "12", "min_tokens": "9223372036854775808"}},
            "at": "2026-01-01T00:00:00.000001Z", "urgent": true, "order": {"number": 3}, "exit": null});
        let record = SWAPS.lift_tree(tree.clone()).unwrap();
        assert_eq!(record.int("spend"), Some(12));
        assert_eq!(
            (record.int("tokens"), record.int("urgent"), record.int("number")),
            (None, Some(1), Some(3))
        );
        let body = record.text("body").unwrap();
        assert!(!body.contains("spend\"") && body.contains("min_tokens"), "{body}");
        assert_eq!(record.fold_tree().unwrap(), tree);
    }

    #[test]
    fn an_amount_beyond_63_bits_is_refused_not_wrapped() {
        let tree = json!({"mint": "m", "swap": {"Buy": {"spend": "9223372036854775808"}}});
        assert!(matches!(SWAPS.lift_tree(tree), Err(StoreError::TooLarge(_))));
    }

    #[test]
    fn every_byte_of_a_row_is_under_its_sum() {
        let record = SWAPS.lift_tree(json!({"mint": "m", "swap": {"Buy": {"spend": "12"}}})).unwrap();
        let sum = record.sum();
        for (name, other) in [("mint", Value::from("n")), ("spend", 13.into()), ("run_id", "x".into())] {
            assert_ne!(record.clone().with(name, other).sum(), sum, "{name}");
        }
        let null_is_not_empty = record.clone().with("run_id", "");
        assert_ne!(null_is_not_empty.sum(), sum);
    }

    #[test]
    fn a_column_that_was_added_leaves_the_sums_of_rows_without_it_and_is_under_those_of_others() {
        const BEFORE: Table = Table { name: "swaps", key: 1, columns: &[own("mint", As::Text)] };
        const SINCE: Table = Table {
            name: "swaps",
            key: 1,
            columns: &[own("mint", As::Text), added("first", As::Int), added("last", As::Int)],
        };
        let before = BEFORE.empty().with("mint", "m").sum();
        let since = SINCE.empty().with("mint", "m");
        assert_eq!(since.sum(), before);
        let (first, last) = (since.clone().with("first", 7).sum(), since.with("last", 7).sum());
        assert!(first != before && last != before && first != last);
    }
}
