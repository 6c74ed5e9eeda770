//! How a value becomes a row and a value again.
//!
//! A value in its serde form is a tree of JSON. A table says which of its leaves have a column of their own
//! (all that is money, identity, state or time); what is left is the `body`, one JSON text. A leaf is in its
//! column or in the body, never in both. Every row carries the CRC-32 of its values as `row_sum`, so that a
//! byte that changed on disk is noticed by whoever reads the row.

mod lift;

use crate::db::{Db, Form, Line, Value};
use crate::error::StoreError;

/// Rows that one statement appends.
const AT_ONCE: usize = 256;

/// How a leaf of the serde form is written into its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// An integer that JSON writes as a text: an amount, a `seq`. BIGINT.
    Amount,
    /// A JSON number. BIGINT.
    Number,
    /// A receive time. BIGINT, microseconds.
    Time,
    /// `true` or `false`. BIGINT, 1 or 0.
    Flag,
    /// A text: a key, the name of a state. TEXT.
    Word,
    /// Whatever has no column. TEXT, JSON.
    Body,
    /// Not of the serde form: the journal writes it. BIGINT.
    Int,
    /// Not of the serde form. TEXT.
    Text,
    /// Not of the serde form. BLOB, BYTEA.
    Bytes,
}

impl As {
    /// The form of the column.
    #[must_use]
    pub const fn form(self) -> Form {
        match self {
            Self::Amount | Self::Number | Self::Time | Self::Flag | Self::Int => Form::Int,
            Self::Word | Self::Body | Self::Text => Form::Text,
            Self::Bytes => Form::Bytes,
        }
    }
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub form: As,
    /// The leaf that it holds: names with points between; empty for a column that holds none.
    pub path: &'static str,
    /// A later migration added it to rows that were there: empty, it has no part in their sums.
    pub added: bool,
}

/// A column that holds a leaf of the serde form.
#[must_use]
pub const fn leaf(name: &'static str, form: As, path: &'static str) -> Column {
    Column { name, form, path, added: false }
}

/// A column that the journal writes by itself.
#[must_use]
pub const fn own(name: &'static str, form: As) -> Column {
    Column { name, form, path: "", added: false }
}

/// A column that the journal writes by itself, and that a later migration added.
#[must_use]
pub const fn added(name: &'static str, form: As) -> Column {
    Column { name, form, path: "", added: true }
}

/// A table: its columns in order, the key first, what was added last. `row_sum`, which every table has, is not named.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// So many columns are the key.
    pub key: usize,
    /// The columns.
    pub columns: &'static [Column],
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    table: &'static str,
    columns: &'static [Column],
    key: usize,
    values: Vec<Value>,
}

impl Table {
    /// A row without values.
    #[must_use]
    pub fn empty(&self) -> Record {
        let values = self.columns.iter().map(|column| Value::Null(column.form.form())).collect();
        Record { table: self.name, columns: self.columns, key: self.key, values }
    }

    /// The names of the columns, `row_sum` last.
    fn names(&self) -> String {
        let mut names: Vec<_> = self.columns.iter().map(|column| column.name).collect();
        names.push("row_sum");
        names.join(", ")
    }

    fn keys(&self) -> String {
        self.columns[..self.key].iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    fn insert(&self) -> String {
        let places: Vec<_> = (1..=self.columns.len() + 1).map(|nth| format!("${nth}")).collect();
        let (name, names, keys) = (self.name, self.names(), self.keys());
        format!("INSERT INTO {name} ({names}) VALUES ({}) ON CONFLICT ({keys}) DO ", places.join(", "))
    }

    /// A row as the database gave it: its sum must be that of its values.
    fn record(&self, line: Line) -> Result<Record, StoreError> {
        let damaged =
            |what: &str| StoreError::Corrupt { place: format!("table {}", self.name), what: what.into() };
        let mut values = line.0;
        let Some(Value::Int(told)) = values.pop() else { return Err(damaged("a row has no sum")) };
        if values.len() != self.columns.len() {
            return Err(damaged("a row has other columns"));
        }
        for (value, column) in values.iter_mut().zip(self.columns) {
            if matches!(value, Value::Null(_)) {
                *value = Value::Null(column.form.form());
            }
        }
        let record = Record { table: self.name, columns: self.columns, key: self.key, values };
        if record.sum() == told {
            Ok(record)
        } else {
            Err(damaged(&format!("the row {} does not have its sum", record.key())))
        }
    }

    /// The rows that `tail` (`WHERE … ORDER BY …`) selects, each checked.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where a row is not what was written, and what the database says.
    pub async fn all(&self, db: &mut Db, tail: &str, values: &[Value]) -> Result<Vec<Record>, StoreError> {
        let sql = format!("SELECT {} FROM {} {tail}", self.names(), self.name);
        db.rows(&sql, values).await?.into_iter().map(|line| self.record(line)).collect()
    }

    /// The row with this key, checked.
    ///
    /// # Errors
    /// As [`Table::all`].
    pub async fn get(&self, db: &mut Db, key: &[Value]) -> Result<Option<Record>, StoreError> {
        let tail = format!("WHERE {}", self.is_key());
        Ok(self.all(db, &tail, key).await?.into_iter().next())
    }

    fn is_key(&self) -> String {
        let parts = self.columns[..self.key].iter().enumerate();
        parts.map(|(nth, column)| format!("{} = ${}", column.name, nth + 1)).collect::<Vec<_>>().join(" AND ")
    }

    /// Writes a row, over the one that has its key.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where a rule of the schema forbids it, and what the database says.
    pub async fn put(&self, db: &mut Db, record: &Record) -> Result<(), StoreError> {
        let rest = self.columns[self.key..].iter().map(|column| column.name).chain(["row_sum"]);
        let set: Vec<_> = rest.map(|name| format!("{name} = excluded.{name}")).collect();
        let sql = format!("{} UPDATE SET {}", self.insert(), set.join(", "));
        db.execute(&sql, &record.sealed()).await?;
        Ok(())
    }

    /// Writes a row once: one that is there already must be the same in all columns but `loose`.
    ///
    /// # Errors
    /// [`StoreError::Contradiction`] where it differs; as [`Table::put`].
    pub async fn put_once(&self, db: &mut Db, record: &Record, loose: &[&str]) -> Result<(), StoreError> {
        let sql = format!("{} NOTHING", self.insert());
        if db.execute(&sql, &record.sealed()).await? > 0 {
            return Ok(());
        }
        let Some(there) = self.get(db, &record.values[..self.key]).await? else { return Ok(()) };
        let pairs = there.values.iter().zip(&record.values).zip(self.columns);
        let differ = pairs.filter(|((there, new), column)| there != new && !loose.contains(&column.name));
        let columns: Vec<_> = differ.map(|(_, column)| column.name).collect();
        if columns.is_empty() {
            return Ok(());
        }
        Err(StoreError::Contradiction { table: self.name, key: record.key(), columns: columns.join(", ") })
    }

    /// Writes new rows, many with one statement.
    ///
    /// # Errors
    /// As [`Table::put`]: one whose key is there already is refused, and all with it.
    pub async fn append(&self, db: &mut Db, records: &[Record]) -> Result<(), StoreError> {
        let width = self.columns.len() + 1;
        // SQLite looks up the name of a numbered place by walking all of them: thousands are bound by position.
        let sqlite = db.is_sqlite();
        let place = |nth: usize| if sqlite { "?".to_owned() } else { format!("${nth}") };
        let mut left = records;
        while !left.is_empty() {
            // A statement is kept prepared for each text that there is: with powers of two these are few.
            let (rows, behind) = left.split_at(AT_ONCE.min(1 << left.len().ilog2()));
            left = behind;
            let places = (0..rows.len()).map(|row| {
                let places: Vec<_> = (1..=width).map(|nth| place(row * width + nth)).collect();
                format!("({})", places.join(", "))
            });
            let places = places.collect::<Vec<_>>().join(", ");
            let sql = format!("INSERT INTO {} ({}) VALUES {places}", self.name, self.names());
            let values: Vec<_> = rows.iter().flat_map(Record::sealed).collect();
            db.execute(&sql, &values).await?;
        }
        Ok(())
    }

    /// Writes a row over the one that has its key and in which `column` is still `was`. Whether there was one.
    ///
    /// # Errors
    /// As [`Table::put`].
    pub async fn replace(
        &self,
        db: &mut Db,
        record: &Record,
        column: &str,
        was: i64,
    ) -> Result<bool, StoreError> {
        let names = self.columns.iter().map(|column| column.name).chain(["row_sum"]);
        let set: Vec<_> = names.enumerate().map(|(nth, name)| format!("{name} = ${}", nth + 1)).collect();
        let next = set.len() + 1;
        let (name, set, key) = (self.name, set.join(", "), self.is_key());
        let sql = format!("UPDATE {name} SET {set} WHERE {key} AND {column} = ${next}");
        let mut values = record.sealed();
        values.push(Value::Int(was));
        Ok(db.execute(&sql, &values).await? == 1)
    }

    /// Removes the row with this key, if there is one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete(&self, db: &mut Db, key: &[Value]) -> Result<(), StoreError> {
        let sql = format!("DELETE FROM {} WHERE {}", self.name, self.is_key());
        db.execute(&sql, key).await?;
        Ok(())
    }
}

impl Record {
    fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Sets a column. A name that the table does not have is a bug that the first test finds.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a column.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        let place = self.place(name);
        debug_assert!(place.is_some(), "{} has no column {name}", self.table);
        if let Some(place) = place {
            self.values[place] = value.into();
        }
    }

    /// The integer of a column.
    #[must_use]
    pub fn int(&self, name: &str) -> Option<i64> {
        match &self.values[self.place(name)?] {
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The text of a column.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.values[self.place(name)?] {
            Value::Text(value) => Some(value),
            _ => None,
        }
    }

    /// The bytes of a column.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        match &self.values[self.place(name)?] {
            Value::Bytes(value) => Some(value),
            _ => None,
        }
    }

    /// Sets the key.
    pub fn set_key(&mut self, key: &[Value]) {
        for (value, new) in self.values[..self.key].iter_mut().zip(key) {
            *value = new.clone();
        }
    }

    /// The columns with their values.
    pub fn cells(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.columns.iter().map(|column| column.name).zip(&self.values)
    }

    /// The name of its table.
    #[must_use]
    pub const fn table(&self) -> &'static str {
        self.table
    }

    /// The same row with the leaves and the body of `newer`; the journal's own columns stay.
    #[must_use]
    pub fn updated(mut self, newer: &Self) -> Self {
        for (nth, column) in self.columns.iter().enumerate() {
            if !column.path.is_empty() || column.form == As::Body {
                self.values[nth] = newer.values[nth].clone();
            }
        }
        self
    }

    /// The values of the key.
    #[must_use]
    pub fn key_values(&self) -> &[Value] {
        &self.values[..self.key]
    }

    /// The key, for messages.
    #[must_use]
    pub fn key(&self) -> String {
        let shown = self.values[..self.key].iter().map(|value| match value {
            Value::Int(value) => value.to_string(),
            Value::Text(value) => value.clone(),
            Value::Bytes(_) | Value::Null(_) => "-".to_owned(),
        });
        shown.collect::<Vec<_>>().join(".")
    }

    /// The CRC-32 over the table's name and every value with its kind and length: one changed byte, or a row
    /// that stands in another table, always shows. A value of a column that was added goes in under its name.
    fn sum(&self) -> i64 {
        let mut sum = crc32fast::Hasher::new();
        sum.update(self.table.as_bytes());
        for (column, value) in self.columns.iter().zip(&self.values) {
            if column.added {
                if matches!(value, Value::Null(_)) {
                    continue;
                }
                sum.update(column.name.as_bytes());
            }
            let mut part = |kind: u8, bytes: &[u8]| {
                sum.update(&[kind]);
                sum.update(&(bytes.len() as u64).to_le_bytes());
                sum.update(bytes);
            };
            match value {
                Value::Int(value) => part(1, &value.to_le_bytes()),
                Value::Text(value) => part(2, value.as_bytes()),
                Value::Bytes(value) => part(3, value),
                Value::Null(_) => part(0, &[]),
            }
        }
        i64::from(sum.finalize())
    }

    /// The values with their sum.
    fn sealed(&self) -> Vec<Value> {
        let mut values = self.values.clone();
        values.push(Value::Int(self.sum()));
        values
    }
}
