//! The JSON Schemas of all records, made from their tables: `docs/schemas/`.

use std::collections::BTreeMap;

use momentum_core::ids::Hash;
use momentum_core::ids::Seq;
use momentum_core::time::Timestamp;
use serde::{Serialize, Serializer};

use super::decision::{
    AttemptEnded, AttemptJournaled, BalanceLow, BalanceRecovered, DayClosed, ExitFired, FillRecord,
    ForeignMoney, GraduationAwaited, Invariant, OrderClosed, OrderOpened, PositionClosed, PositionOpened,
    Refusal, RentReturned, SimulationRecord, StateChanged, StopMoved, Stuck, TokensLeft, VanishedRecord,
    Withdrawn, WouldBuy,
};
use super::fact::{
    CurveFact, FeesFact, HoldersFact, MembersFact, MetadataFact, MintFact, PoolFact, PriorityFact, ProofFact,
};
use super::feed::{DeadSlot, Dropped, Filled, Gap, Link, SlotSeen, Tick};
use super::market::{Completed, Launched, Migrated, PoolOpened, Traded};
use super::pipe::{Eof, Hello, Signal};
use super::raw::RawEvent;
use super::score::{EnteredTop, ScoreRecord, TokenDropped};
use super::shape::{Body, Field, Schema, Shape};
use crate::summary::Summary;

/// One form of a record: a schema has one for each kind, or one.
struct Form {
    schema: &'static str,
    doc: &'static str,
    fields: Vec<Field>,
}

impl Form {
    fn of<B: Body>() -> Self {
        let field = |name, doc, schema| Field { name, doc, optional: false, schema };
        let mut fields = Vec::new();
        if B::FRAMED {
            fields.push(field("schema", "What record this is.", Schema::Constant(B::SCHEMA)));
            fields.push(field("seq", "Place of the event in the one order of the stream.", Seq::schema()));
            fields.push(field("now", "Receive time of the event.", Timestamp::schema()));
        }
        if !B::KINDS.is_empty() {
            fields.push(field("kind", "What happened.", Schema::Word(B::KINDS)));
        }
        fields.extend(B::fields());
        if B::FRAMED {
            fields.push(field("run_id", "The run that wrote it.", Schema::AnyText));
            fields.push(field("config_hash", "Hash of the settings in force.", Hash::schema()));
        }
        Self { schema: B::SCHEMA, doc: B::DOC, fields }
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Described<'a> {
            description: &'a str,
            #[serde(flatten)]
            schema: Schema,
        }
        Described { description: self.doc, schema: Schema::Object(self.fields.clone()) }.serialize(s)
    }
}

macro_rules! forms {
    ($($body:ty),* $(,)?) => {
        [$(Form::of::<$body>()),*]
    };
}

/// Every record there is, by schema: name and text of its file.
#[must_use]
pub fn schemas() -> BTreeMap<String, String> {
    #[derive(Serialize)]
    struct File<'a> {
        #[serde(rename = "$schema")]
        draft: &'static str,
        #[serde(rename = "$id")]
        id: &'a str,
        #[serde(rename = "oneOf")]
        forms: &'a [Form],
    }
    let forms = forms![
        Hello,
        Launched,
        Traded,
        Completed,
        PoolOpened,
        Migrated,
        Tick,
        Link,
        SlotSeen,
        DeadSlot,
        Dropped,
        Filled,
        Gap,
        MintFact,
        CurveFact,
        HoldersFact,
        MetadataFact,
        MembersFact,
        PoolFact,
        FeesFact,
        ProofFact,
        PriorityFact,
        ScoreRecord,
        EnteredTop,
        TokenDropped,
        Signal,
        Refusal,
        OrderOpened,
        OrderClosed,
        WouldBuy,
        AttemptJournaled,
        AttemptEnded,
        FillRecord,
        VanishedRecord,
        SimulationRecord,
        RentReturned,
        Withdrawn,
        PositionOpened,
        StopMoved,
        ExitFired,
        Stuck,
        GraduationAwaited,
        PositionClosed,
        StateChanged,
        DayClosed,
        ForeignMoney,
        TokensLeft,
        BalanceLow,
        BalanceRecovered,
        Invariant,
        RawEvent<'_, ()>,
        Eof,
        Summary,
    ];
    let mut by_schema: BTreeMap<&str, Vec<Form>> = BTreeMap::new();
    for form in forms {
        by_schema.entry(form.schema).or_default().push(form);
    }
    by_schema
        .into_iter()
        .map(|(schema, forms)| {
            let draft = "https://json-schema.org/draft/2020-12/schema";
            let file = File { draft, id: schema, forms: &forms };
            // Its keys are texts and it is written to memory: there is nothing that could fail.
            let text = serde_json::to_string_pretty(&file).unwrap_or_default();
            (format!("{schema}.json"), text + "\n")
        })
        .collect()
}
