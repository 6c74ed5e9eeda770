//! What a running bot says of a command that it has done, as people and as pipes read it.

use momentum_control::client::Client;
use momentum_control::request::Done;
use momentum_core::codes::Exit;
use momentum_core::ids::Mint;
use momentum_core::trader::state::{Held, TradingState};
use serde_json::{Value, json};

use crate::book::Bot;
use crate::columns::{Column, Kind, field};
use crate::failure::Failure;
use crate::output::Out;

/// Prints it: a sentence for each thing that followed at once, or one record.
pub(crate) fn print(verb: &str, subject: &str, done: &Done, out: &mut Out) -> Result<(), Failure> {
    told(verb, subject, done, None, out)
}

/// The same of a sale. One that opened no order at once waits for something: what, must be said to whoever wants
/// to be out of the token, by the exit status too. It waits for nothing where an order that was under way has sold
/// all of it meanwhile.
pub(crate) fn print_sale(
    verb: &str,
    mint: Mint,
    done: &Done,
    bot: &Bot,
    out: &mut Out,
) -> Result<(), Failure> {
    let subject = mint.to_string();
    let opened = |told: &Value| field(told, "schema").and_then(Value::as_str) == Some("momentum.order.v1");
    if done.told.iter().any(opened) {
        return print(verb, &subject, done, out);
    }
    let state = bot.state()?;
    let held = state.trading.held.filter(|held| held.hold.allows() == TradingState::Stopped);
    let flying = || Ok::<_, Failure>(bot.ask(false, Client::orders)?.iter().any(|a| a.order.mint == mint));
    let sold = || Ok::<_, Failure>(!bot.ask(false, Client::positions)?.iter().any(|row| row.mint == mint));
    let (waits, status) = match held {
        Some(Held { hold, who, why, .. }) => (
            format!("NOTHING IS SOLD: {} by {who}: {why}; it will be, once that is reset", hold.name()),
            Exit::HALTED,
        ),
        None if flying()? => (
            "not sold yet: an order is under way; `momentum trade status` tells".to_owned(),
            Exit::OUTCOME_UNKNOWN,
        ),
        None if sold()? => return print(verb, &subject, done, out),
        None => {
            ("not sold yet: it cannot be sold now; `momentum positions show` tells".to_owned(), Exit::PARTIAL)
        }
    };
    told(verb, &subject, done, Some(&waits), out)?;
    out.flush()?;
    Err(Failure::Status(status))
}

fn told(verb: &str, subject: &str, done: &Done, waits: Option<&str>, out: &mut Out) -> Result<(), Failure> {
    if !out.for_people_by_default() {
        let record = json!({
            "schema": "momentum.done.v1", "seq": done.seq, "now": done.now, "verb": verb, "subject": subject,
            "told": done.told, "waits": waits,
        });
        return out.one(&[Column::new("verb", "verb", Kind::Text)], &record);
    }
    out.text(&format!("{verb} {subject}: {}\n", waits.unwrap_or("done")))?;
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
        ("momentum.order.v1", "opened") if text("min_sol").is_empty() => {
            Some(format!("order {}: closes the account of {}", text("order"), text("mint")))
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
