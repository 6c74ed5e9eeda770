//! What `monitor --raw` prints of recorded transactions.

use momentum_core::ids::Seq;
use momentum_core::time::Timestamp;
use momentum_pump::decode::raw_events;
use momentum_pump::layout::Value;
use momentum_pump::transaction::OwnedTransaction;
use momentum_store::record::{RawEvent, RecordWriter, clean};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// The fields of an event, texts cleaned: names of tokens are hostile here too.
struct Decoded<'a>(&'a [(&'static str, Value<'a>)]);

impl Serialize for Decoded<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut fields = s.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            match value {
                Value::Text(text) => fields.serialize_entry(name, &clean(text))?,
                value => fields.serialize_entry(name, value)?,
            }
        }
        fields.end()
    }
}

/// Writes the programs' own events of `transactions`, one `write` each; failed ones changed nothing.
pub(super) fn write_raw<E>(
    transactions: &[OwnedTransaction],
    writer: &RecordWriter,
    mut write: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let (mut seq, mut now) = (Seq(0), Timestamp(0));
    let mut line = Vec::new();
    for transaction in transactions.iter().filter(|transaction| !transaction.failed) {
        now = transaction.time.map_or(now, |at| now.max(at.timestamp()));
        let mut result = Ok(());
        raw_events(transaction, |ordinal, listing| {
            seq.0 += 1;
            line.clear();
            let raw = RawEvent {
                signature: transaction.signature,
                slot: transaction.slot.map(|slot| slot.0),
                ordinal,
                event: listing.name,
                decoded: Decoded(&listing.decoded),
                absent: &listing.absent,
                trailing: &listing.trailing_hex(),
            };
            writer.raw(seq, now, &raw, &mut line);
            if result.is_ok() {
                result = write(&line);
            }
        });
        result?;
    }
    Ok(())
}
