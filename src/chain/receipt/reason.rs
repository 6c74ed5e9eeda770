//! Why a transaction failed, in words.

use std::str::FromStr;

use momentum_core::ids::Pubkey;
use momentum_pump::errors;
use momentum_pump::programs::{PUMP, PUMP_AMM};
use momentum_pump::transaction::Transaction;
use serde_json::Value;

/// The reason that `err` tells, with the name that the program gives it.
pub(super) fn of(err: &Value, transaction: &impl Transaction) -> String {
    let Some([place, why]) = err.get("InstructionError").and_then(Value::as_array).map(Vec::as_slice) else {
        return err.as_str().map_or_else(|| err.to_string(), str::to_owned);
    };
    let program = refuser(transaction.logs()).or_else(|| top_level(place, transaction));
    let who = match program {
        Some(PUMP) => "pump".to_owned(),
        Some(PUMP_AMM) => "PumpSwap".to_owned(),
        Some(program) => program.to_string(),
        None => format!("instruction {place}"),
    };
    let Some(code) = why.get("Custom").and_then(Value::as_u64).and_then(|code| u32::try_from(code).ok())
    else {
        return format!("{who}: {}", why.as_str().map_or_else(|| why.to_string(), str::to_owned));
    };
    match program.and_then(|program| errors::name(&program, code)) {
        Some(name) => format!("{who}: {code} {name}"),
        None => format!("{who}: error {code}"),
    }
}

/// The program that refused: the first that failed, since its callers fail after it.
fn refuser<'a>(mut logs: impl Iterator<Item = &'a str>) -> Option<Pubkey> {
    logs.find_map(|line| {
        let (program, why) = line.strip_prefix("Program ")?.split_once(' ')?;
        why.starts_with("failed").then(|| Pubkey::from_str(program).ok()).flatten()
    })
}

fn top_level(place: &Value, transaction: &impl Transaction) -> Option<Pubkey> {
    let place = usize::try_from(place.as_u64()?).ok()?;
    let mut top = transaction.instructions().filter(|instruction| instruction.height == Some(1));
    transaction.key(top.nth(place)?.program).map(|key| Pubkey(*key))
}
