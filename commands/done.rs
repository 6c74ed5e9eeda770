//! What a running bot says of a command that it has done, as people and as pipes read it.

use momentum_control::request::Done;
use serde_json::{Value, json};

use crate::columns::{Column, Kind, field};
use crate::failure::Failure;
use crate::output::Out;

/// Prints it: a sentence for each thing that followed at once, or one record.
pub(crate) fn print(verb: &str, subject: &str, done: &Done, out: &mut Out) -> Result<(), Failure> {
    if !out.for_people_by_default() {
        let record = json!({
            "schema": "momentum.done.v1", "seq": done.seq, "now": done.now, "verb": verb, "subject": subject,
            "told": done.told,
        });
        return out.one(&[Column::new("verb", "verb", Kind::Text)], &record);
    }
    out.text(&format!("{verb} {subject}: done\n"))?;
    for told in &done.told {
        if let Some(sentence) = sentence(told) {
            out.text(&format!("  {sentence}\n"))?;
        }
    }
    Ok(())
}

/// What a record tells, where people want to know it.
fn sentence(told: &Value) -> Option<String> {
    let text = |path: &str| field(told, path).and_then(Value::as_str).unwrap_or_default();
    match (text("schema"), text("kind")) {
        ("momentum.order.v1", "opened") if text("side") == "buy" => {
            Some(format!("order {}: buys for at most {} SOL", text("order"), text("spend_sol")))
        }
        ("momentum.order.v1", "opened") => Some(format!(
            "order {}: sells for at least {} SOL ({})",
            text("order"),
            text("min_sol"),
            text("exit")
        )),
        ("momentum.position.v1", "closed") => Some("the position is closed".to_owned()),
        ("momentum.position.v1", "stop_moved") => Some(format!("the stop is {} SOL", text("stop_sol"))),
        _ => None,
    }
}
