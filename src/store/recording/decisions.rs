//! The table of decisions: the very lines of the decision hash, each with the seq of the event that it was made
//! at.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{FixedSizeBinaryBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{TimestampMicrosecondType, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray, UInt64Array};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use momentum_core::engine::Decision;
use momentum_core::event::Side;
use momentum_core::ids::{Mint, Pubkey, Seq};
use momentum_core::time::Timestamp;

/// The columns, in the order of the files.
pub(super) static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("seq", DataType::UInt64, false),
        Field::new("now", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("mint", DataType::FixedSizeBinary(32), false),
        Field::new("side", DataType::Utf8, false),
        Field::new("amount", DataType::UInt64, true),
        Field::new("limit", DataType::UInt64, true),
        Field::new("code", DataType::Utf8, true),
    ]))
});

/// A decision in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The event that it was made at.
    pub seq: Seq,
    /// What was decided.
    pub decision: Decision,
}

/// Decisions as one batch.
///
/// # Errors
/// Where the columns are no table, which their making excludes.
pub(super) fn batch(decided: &[Decided]) -> Result<RecordBatch, ArrowError> {
    let decisions = || decided.iter().map(|decided| &decided.decision);
    let mut mint = FixedSizeBinaryBuilder::new(32);
    decisions().try_for_each(|decision| mint.append_value(decision.mint.0.as_bytes()))?;
    let mut code = StringBuilder::new();
    decisions().for_each(|decision| code.append_option(decision.code.as_deref()));
    let now = TimestampMicrosecondArray::from_iter_values(decisions().map(|decision| decision.now.0));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(UInt64Array::from_iter_values(decided.iter().map(|decided| decided.seq.0))),
        Arc::new(now.with_timezone("UTC")),
        Arc::new(StringArray::from_iter_values(decisions().map(|decision| &decision.kind))),
        Arc::new(mint.finish()),
        Arc::new(StringArray::from_iter_values(decisions().map(|decision| side(decision.side)))),
        Arc::new(decisions().map(|decision| decision.amount).collect::<UInt64Array>()),
        Arc::new(decisions().map(|decision| decision.limit).collect::<UInt64Array>()),
        Arc::new(code.finish()),
    ];
    RecordBatch::try_new(Arc::clone(&SCHEMA), columns)
}

const fn side(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}

/// The decisions of a batch, in order.
///
/// # Errors
/// What of it is no table of decisions.
pub(super) fn read(batch: &RecordBatch) -> Result<Vec<Decided>, String> {
    let column = |name: &str| batch.column_by_name(name).ok_or_else(|| format!("no column `{name}`"));
    let wrong = |name: &str| format!("the column `{name}` is of another type");
    let whole = |name: &str| column(name)?.as_primitive_opt::<UInt64Type>().ok_or_else(|| wrong(name));
    let text = |name: &str| column(name)?.as_string_opt::<i32>().ok_or_else(|| wrong(name));
    let (seq, amount, limit) = (whole("seq")?, whole("amount")?, whole("limit")?);
    let now = column("now")?.as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(|| wrong("now"))?;
    let (kind, side, code) = (text("kind")?, text("side")?, text("code")?);
    let mint = column("mint")?.as_fixed_size_binary_opt().ok_or_else(|| wrong("mint"))?;
    let number = |column: &UInt64Array, nth: usize| column.is_valid(nth).then(|| column.value(nth));
    let decided = |nth: usize| {
        let decision = Decision {
            now: Timestamp(now.value(nth)),
            kind: kind.value(nth).to_owned().into(),
            mint: Mint(Pubkey(mint.value(nth).try_into().map_err(|_| wrong("mint"))?)),
            side: match side.value(nth) {
                "buy" => Side::Buy,
                "sell" => Side::Sell,
                other => return Err(format!("a side `{other}`")),
            },
            amount: number(amount, nth),
            limit: number(limit, nth),
            code: code.is_valid(nth).then(|| code.value(nth).to_owned().into()),
        };
        Ok(Decided { seq: Seq(seq.value(nth)), decision })
    };
    (0..batch.num_rows()).map(decided).collect()
}
