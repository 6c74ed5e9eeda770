//! `momentum.raw.v1`: an event as its program wrote it, with the names and values of the program's IDL. Numbers
//! are numbers here, as they are in every tool that lists IDL events.

use momentum_core::ids::Signature;
use serde::Serialize;

use super::shape::{Body, Field, Schema, Shape};

/// An event as its program wrote it. It borrows, since an event out of logs lives no longer than the call that
/// shows it; `decoded` is an object whose texts are cleaned.
#[derive(Clone, Debug, Serialize)]
pub struct RawEvent<'a, D> {
    /// The transaction.
    pub signature: Signature,
    /// Its slot, where the source tells.
    pub slot: Option<u64>,
    /// Place among the pump and PumpSwap events of the transaction, from 0.
    pub ordinal: u16,
    /// Its name in the program's IDL.
    pub event: &'a str,
    /// Its fields by their names in the IDL.
    pub decoded: D,
    /// Fields that this vintage lacks.
    pub absent: &'a [&'a str],
    /// What stands behind the last known field, in hex.
    pub trailing: &'a str,
}

impl<D: Serialize> Body for RawEvent<'_, D> {
    const SCHEMA: &'static str = "momentum.raw.v1";
    const KINDS: &'static [&'static str] = &[];
    const DOC: &'static str = "An event as its program wrote it: `monitor --raw`.";
    fn fields() -> Vec<Field> {
        let field = |name, doc, schema| Field { name, doc, optional: false, schema };
        let slot = Schema::Nullable(Box::new(Schema::Integer));
        vec![
            field("signature", "The transaction.", Signature::schema()),
            field("slot", "Its slot; null where the source does not tell.", slot),
            field("ordinal", "Place among the pump and PumpSwap events of the transaction.", Schema::Integer),
            field("event", "Its name in the program's IDL.", Schema::AnyText),
            field("decoded", "Its fields by their names in the IDL.", Schema::Map(Box::new(Schema::Any))),
            field("absent", "Fields that this vintage lacks.", Vec::<String>::schema()),
            field("trailing", "What stands behind the last known field, in hex.", Schema::AnyText),
        ]
    }
}
