//! The table of events: rows into columns, columns into rows. Plain types, so that any reader of Parquet takes
//! the files as they are.
//!
//! | column | what it is |
//! | --- | --- |
//! | `seq`, `now` | the place in the one order; receive time, UTC |
//! | `kind` | tick, traded, launched, completed, pool_opened, migrated, slot, feed, enriched, execution, wallet, command, run |
//! | `at`, `slot` | chain time in seconds; the slot of a transaction, of a slot seen, of an answer |
//! | `signature`, `ordinal` | 64 bytes; the place among the events of the transaction |
//! | `mint`, `user`, `pool`, `creator` | 32 bytes each |
//! | `venue`, `side` | curve or pool; buy or sell |
//! | `quote` | the mint that it is priced in; null for SOL |
//! | `quote_amount`, `token_amount` | lamports (or quote units) and base units that moved, fees aside |
//! | `reserve_quote`, `reserve_token` | what is really there: after the trade on a curve, before it on a pool |
//! | `added_quote`, `added_token` | what the formula adds to it: virtual reserve less real one |
//! | `fee_…` | in quote units; `fee_buyback` is a part of `fee_protocol` |
//! | `creator_rate`, `mayhem` | basis points where told; a mayhem coin |
//! | `body` | JSON of what no column holds |
//!
//! Amounts, reserves and fees have no nulls (0 where a row has none): readers that know nulls only as floating
//! point keep every digit of them.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{
    BooleanBuilder, FixedSizeBinaryBuilder, Int8Builder, Int64Builder, StringBuilder, UInt16Builder,
    UInt64Builder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int64Type, TimestampMicrosecondType, UInt16Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, FixedSizeBinaryArray, Int8Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray, UInt16Array, UInt64Array,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use momentum_core::event::{Envelope, Event, Side, TradeFees};
use momentum_core::ids::Seq;
use momentum_core::time::Timestamp;

use super::row::{Kind, Row, Venue};

/// The columns, in the order of the files.
pub(super) static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let field = |name: &str, kind: DataType| Field::new(name, kind, false);
    let optional = |name: &str, kind: DataType| Field::new(name, kind, true);
    let key = || DataType::FixedSizeBinary(32);
    let word = || DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    Arc::new(Schema::new(vec![
        field("seq", DataType::UInt64),
        field("now", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))),
        field("kind", word()),
        optional("at", DataType::Int64),
        optional("slot", DataType::UInt64),
        optional("signature", DataType::FixedSizeBinary(64)),
        optional("ordinal", DataType::UInt16),
        optional("mint", key()),
        optional("user", key()),
        optional("venue", word()),
        optional("side", word()),
        optional("quote", key()),
        field("quote_amount", DataType::UInt64),
        field("token_amount", DataType::UInt64),
        optional("pool", key()),
        field("reserve_quote", DataType::UInt64),
        field("reserve_token", DataType::UInt64),
        field("added_quote", DataType::Int64),
        field("added_token", DataType::Int64),
        field("fee_lp", DataType::UInt64),
        field("fee_protocol", DataType::UInt64),
        field("fee_creator", DataType::UInt64),
        field("fee_cashback", DataType::UInt64),
        field("fee_buyback", DataType::UInt64),
        optional("creator", key()),
        optional("creator_rate", DataType::UInt16),
        field("mayhem", DataType::Boolean),
        optional("body", DataType::Utf8),
    ]))
});

const VENUES: [&str; 2] = ["curve", "pool"];
const SIDES: [&str; 2] = ["buy", "sell"];

/// The words of the columns that have few, made once: an Arrow stream writes a dictionary again when it changes.
static WORDS: LazyLock<[ArrayRef; 3]> = LazyLock::new(|| {
    let words = |words: &[&str]| Arc::new(StringArray::from(words.to_vec())) as ArrayRef;
    [words(&Kind::ALL.map(Kind::word)), words(&VENUES), words(&SIDES)]
});

/// Columns in the making.
#[derive(Debug)]
pub(super) struct Columns {
    rows: usize,
    seq: UInt64Builder,
    now: Int64Builder,
    kind: Int8Builder,
    at: Int64Builder,
    slot: UInt64Builder,
    signature: FixedSizeBinaryBuilder,
    ordinal: UInt16Builder,
    mint: FixedSizeBinaryBuilder,
    user: FixedSizeBinaryBuilder,
    venue: Int8Builder,
    side: Int8Builder,
    quote: FixedSizeBinaryBuilder,
    quote_amount: UInt64Builder,
    token_amount: UInt64Builder,
    pool: FixedSizeBinaryBuilder,
    reserve_quote: UInt64Builder,
    reserve_token: UInt64Builder,
    added_quote: Int64Builder,
    added_token: Int64Builder,
    fees: [UInt64Builder; 5],
    creator: FixedSizeBinaryBuilder,
    creator_rate: UInt16Builder,
    mayhem: BooleanBuilder,
    body: StringBuilder,
}

impl Default for Columns {
    fn default() -> Self {
        let key = || FixedSizeBinaryBuilder::new(32);
        Self {
            rows: 0,
            seq: UInt64Builder::new(),
            now: Int64Builder::new(),
            kind: Int8Builder::new(),
            at: Int64Builder::new(),
            slot: UInt64Builder::new(),
            signature: FixedSizeBinaryBuilder::new(64),
            ordinal: UInt16Builder::new(),
            mint: key(),
            user: key(),
            venue: Int8Builder::new(),
            side: Int8Builder::new(),
            quote: key(),
            quote_amount: UInt64Builder::new(),
            token_amount: UInt64Builder::new(),
            pool: key(),
            reserve_quote: UInt64Builder::new(),
            reserve_token: UInt64Builder::new(),
            added_quote: Int64Builder::new(),
            added_token: Int64Builder::new(),
            fees: std::array::from_fn(|_| UInt64Builder::new()),
            creator: key(),
            creator_rate: UInt16Builder::new(),
            mayhem: BooleanBuilder::new(),
            body: StringBuilder::new(),
        }
    }
}

impl Columns {
    /// Rows so far.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// Appends a row.
    ///
    /// # Errors
    /// Where a key has another length than its column, which the types exclude.
    pub(super) fn push(&mut self, row: &Row<'_>) -> Result<(), ArrowError> {
        self.seq.append_value(row.seq);
        self.now.append_value(row.now);
        self.kind.append_value(place(&Kind::ALL, row.kind));
        self.at.append_option(row.at);
        self.slot.append_option(row.slot);
        key(&mut self.signature, row.signature.map(|bytes| &bytes[..]))?;
        self.ordinal.append_option(row.ordinal);
        key(&mut self.mint, row.mint.map(|bytes| &bytes[..]))?;
        key(&mut self.user, row.user.map(|bytes| &bytes[..]))?;
        self.venue.append_option(row.venue.map(|venue| place(&[Venue::Curve, Venue::Pool], venue)));
        self.side.append_option(row.side.map(|side| place(&[Side::Buy, Side::Sell], side)));
        key(&mut self.quote, row.quote.map(|bytes| &bytes[..]))?;
        self.quote_amount.append_value(row.quote_amount);
        self.token_amount.append_value(row.token_amount);
        key(&mut self.pool, row.pool.map(|bytes| &bytes[..]))?;
        self.reserve_quote.append_value(row.reserve_quote);
        self.reserve_token.append_value(row.reserve_token);
        self.added_quote.append_value(row.added_quote);
        self.added_token.append_value(row.added_token);
        let TradeFees { lp, protocol, creator, cashback, buyback } = row.fees;
        for (column, fee) in self.fees.iter_mut().zip([lp, protocol, creator, cashback, buyback]) {
            column.append_value(fee);
        }
        key(&mut self.creator, row.creator.map(|bytes| &bytes[..]))?;
        self.creator_rate.append_option(row.creator_rate);
        self.mayhem.append_value(row.mayhem);
        self.body.append_option(row.body.as_deref());
        self.rows += 1;
        Ok(())
    }

    /// The rows so far as one batch; the columns are empty again.
    ///
    /// # Errors
    /// Where the columns are no table, which their making excludes.
    pub(super) fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        self.rows = 0;
        let [kinds, venues, sides] = &*WORDS;
        let word = |keys: Int8Array, words: &ArrayRef| {
            DictionaryArray::<Int8Type>::try_new(keys, Arc::clone(words))
                .map(|array| Arc::new(array) as ArrayRef)
        };
        let now: TimestampMicrosecondArray = self.now.finish().reinterpret_cast();
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.seq.finish()),
            Arc::new(now.with_timezone("UTC")),
            word(self.kind.finish(), kinds)?,
            Arc::new(self.at.finish()),
            Arc::new(self.slot.finish()),
            Arc::new(self.signature.finish()),
            Arc::new(self.ordinal.finish()),
            Arc::new(self.mint.finish()),
            Arc::new(self.user.finish()),
            word(self.venue.finish(), venues)?,
            word(self.side.finish(), sides)?,
            Arc::new(self.quote.finish()),
            Arc::new(self.quote_amount.finish()),
            Arc::new(self.token_amount.finish()),
            Arc::new(self.pool.finish()),
            Arc::new(self.reserve_quote.finish()),
            Arc::new(self.reserve_token.finish()),
            Arc::new(self.added_quote.finish()),
            Arc::new(self.added_token.finish()),
        ];
        columns.extend(self.fees.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        columns.extend([
            Arc::new(self.creator.finish()) as ArrayRef,
            Arc::new(self.creator_rate.finish()),
            Arc::new(self.mayhem.finish()),
            Arc::new(self.body.finish()),
        ]);
        RecordBatch::try_new(Arc::clone(&SCHEMA), columns)
    }
}

/// The place of a value among few.
fn place<T: PartialEq + Copy, const N: usize>(all: &[T; N], value: T) -> i8 {
    all.iter().position(|one| *one == value).and_then(|place| i8::try_from(place).ok()).unwrap_or_default()
}

fn key(column: &mut FixedSizeBinaryBuilder, bytes: Option<&[u8]>) -> Result<(), ArrowError> {
    match bytes {
        Some(bytes) => column.append_value(bytes),
        None => {
            column.append_null();
            Ok(())
        }
    }
}

/// A batch of the table, as rows.
#[derive(Debug)]
pub(super) struct Rows {
    rows: usize,
    seq: UInt64Array,
    now: TimestampMicrosecondArray,
    kind: Words<Kind>,
    at: Int64Array,
    slot: UInt64Array,
    signature: FixedSizeBinaryArray,
    ordinal: UInt16Array,
    mint: FixedSizeBinaryArray,
    user: FixedSizeBinaryArray,
    venue: Words<Venue>,
    side: Words<Side>,
    quote: FixedSizeBinaryArray,
    quote_amount: UInt64Array,
    token_amount: UInt64Array,
    pool: FixedSizeBinaryArray,
    reserve_quote: UInt64Array,
    reserve_token: UInt64Array,
    added_quote: Int64Array,
    added_token: Int64Array,
    fees: [UInt64Array; 5],
    creator: FixedSizeBinaryArray,
    creator_rate: UInt16Array,
    mayhem: BooleanArray,
    body: StringArray,
}

/// A column of few words: keys, and what each of them means.
#[derive(Debug)]
struct Words<T> {
    keys: Int8Array,
    meanings: Vec<T>,
}

impl<T: Copy> Words<T> {
    fn new(column: &ArrayRef, meaning: impl Fn(&str) -> Option<T>) -> Option<Self> {
        let column = column.as_any().downcast_ref::<DictionaryArray<Int8Type>>()?;
        let words = column.values().as_string_opt::<i32>()?;
        let meanings = (0..words.len()).map(|nth| meaning(words.value(nth))).collect::<Option<Vec<_>>>()?;
        Some(Self { keys: column.keys().clone(), meanings })
    }

    fn get(&self, row: usize) -> Option<T> {
        let key = self.keys.is_valid(row).then(|| self.keys.value(row))?;
        self.meanings.get(usize::try_from(key).ok()?).copied()
    }
}

impl Rows {
    /// The rows of a batch.
    ///
    /// # Errors
    /// The column that is missing or of another type.
    pub(super) fn new(batch: &RecordBatch) -> Result<Self, String> {
        if batch.schema().fields().len() != SCHEMA.fields().len() {
            return Err(format!("{} columns, should be {}", batch.num_columns(), SCHEMA.fields().len()));
        }
        let column = |name: &str| {
            let found = batch.column_by_name(name).ok_or_else(|| format!("no column `{name}`"))?;
            let nulls = SCHEMA.field_with_name(name).is_ok_and(|field| !field.is_nullable())
                && found.null_count() > 0;
            if nulls { Err(format!("nulls in the column `{name}`")) } else { Ok(found) }
        };
        let wrong = |name: &str| format!("the column `{name}` is of another type");
        let whole =
            |name: &str| column(name)?.as_primitive_opt::<UInt64Type>().cloned().ok_or_else(|| wrong(name));
        let signed =
            |name: &str| column(name)?.as_primitive_opt::<Int64Type>().cloned().ok_or_else(|| wrong(name));
        let short =
            |name: &str| column(name)?.as_primitive_opt::<UInt16Type>().cloned().ok_or_else(|| wrong(name));
        let bytes = |name: &str, length: i32| {
            let found = column(name)?.as_fixed_size_binary_opt().cloned();
            found.filter(|found| found.value_length() == length).ok_or_else(|| wrong(name))
        };
        let now = column("now")?.as_primitive_opt::<TimestampMicrosecondType>().cloned();
        let kind = |word: &str| Kind::ALL.into_iter().find(|kind| kind.word() == word);
        let venue = |word: &str| match word {
            "curve" => Some(Venue::Curve),
            "pool" => Some(Venue::Pool),
            _ => None,
        };
        let side = |word: &str| match word {
            "buy" => Some(Side::Buy),
            "sell" => Some(Side::Sell),
            _ => None,
        };
        Ok(Self {
            rows: batch.num_rows(),
            seq: whole("seq")?,
            now: now.ok_or_else(|| wrong("now"))?,
            kind: Words::new(column("kind")?, kind).ok_or_else(|| wrong("kind"))?,
            at: signed("at")?,
            slot: whole("slot")?,
            signature: bytes("signature", 64)?,
            ordinal: short("ordinal")?,
            mint: bytes("mint", 32)?,
            user: bytes("user", 32)?,
            venue: Words::new(column("venue")?, venue).ok_or_else(|| wrong("venue"))?,
            side: Words::new(column("side")?, side).ok_or_else(|| wrong("side"))?,
            quote: bytes("quote", 32)?,
            quote_amount: whole("quote_amount")?,
            token_amount: whole("token_amount")?,
            pool: bytes("pool", 32)?,
            reserve_quote: whole("reserve_quote")?,
            reserve_token: whole("reserve_token")?,
            added_quote: signed("added_quote")?,
            added_token: signed("added_token")?,
            fees: [
                whole("fee_lp")?,
                whole("fee_protocol")?,
                whole("fee_creator")?,
                whole("fee_cashback")?,
                whole("fee_buyback")?,
            ],
            creator: bytes("creator", 32)?,
            creator_rate: short("creator_rate")?,
            mayhem: column("mayhem")?.as_boolean_opt().cloned().ok_or_else(|| wrong("mayhem"))?,
            body: column("body")?.as_string_opt::<i32>().cloned().ok_or_else(|| wrong("body"))?,
        })
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.rows
    }

    /// The envelope of row `nth`, which must be below [`Self::len`].
    ///
    /// # Errors
    /// What of the row no event has.
    pub(super) fn envelope(&self, nth: usize) -> Result<Envelope, String> {
        fn bytes<const N: usize>(column: &FixedSizeBinaryArray, nth: usize) -> Option<&[u8; N]> {
            if column.is_valid(nth) { column.value(nth).try_into().ok() } else { None }
        }
        let kind = self.kind.get(nth).ok_or("a row without its kind")?;
        if kind == Kind::Tick {
            let (seq, now) = (Seq(self.seq.value(nth)), Timestamp(self.now.value(nth)));
            return Ok(Envelope { seq, now, event: Event::Tick });
        }
        let [lp, protocol, creator, cashback, buyback] = &self.fees;
        let row = Row {
            seq: self.seq.value(nth),
            now: self.now.value(nth),
            kind,
            at: self.at.is_valid(nth).then(|| self.at.value(nth)),
            slot: self.slot.is_valid(nth).then(|| self.slot.value(nth)),
            signature: bytes(&self.signature, nth),
            ordinal: self.ordinal.is_valid(nth).then(|| self.ordinal.value(nth)),
            mint: bytes(&self.mint, nth),
            user: bytes(&self.user, nth),
            venue: self.venue.get(nth),
            side: self.side.get(nth),
            quote: bytes(&self.quote, nth),
            quote_amount: self.quote_amount.value(nth),
            token_amount: self.token_amount.value(nth),
            pool: bytes(&self.pool, nth),
            reserve_quote: self.reserve_quote.value(nth),
            reserve_token: self.reserve_token.value(nth),
            added_quote: self.added_quote.value(nth),
            added_token: self.added_token.value(nth),
            fees: TradeFees {
                lp: lp.value(nth),
                protocol: protocol.value(nth),
                creator: creator.value(nth),
                cashback: cashback.value(nth),
                buyback: buyback.value(nth),
            },
            creator: bytes(&self.creator, nth),
            creator_rate: self.creator_rate.is_valid(nth).then(|| self.creator_rate.value(nth)),
            mayhem: self.mayhem.value(nth),
            body: self.body.is_valid(nth).then(|| self.body.value(nth).into()),
        };
        row.envelope()
    }
}
