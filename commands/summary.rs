//! The summary of a run or a backtest, as people and as pipes get it.

use momentum_core::units::decimal;
use momentum_store::summary::{Counted, Summary};
use serde_json::Value;

use crate::columns::{Column, Kind};
use crate::failure::Failure;
use crate::output::Out;

/// Prints it: a table for people, one record for pipes.
pub(crate) fn print(summary: &Summary, out: &mut Out) -> Result<(), Failure> {
    if !out.for_people() {
        return out.stream(&[], summary);
    }
    let sol = |lamports: i64| format!("{} SOL", decimal(i128::from(lamports), 9));
    let listed = |counts: &Counted| {
        counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
    };
    let mut lines = vec![
        ("market time".to_owned(), span(summary)),
        ("events".to_owned(), summary.events.0.to_string()),
        ("launches".to_owned(), summary.launches.to_string()),
        ("entry signals".to_owned(), summary.signals.to_string()),
        ("trades".to_owned(), summary.trades.to_string()),
        ("still open".to_owned(), summary.open_positions.to_string()),
    ];
    if let Some(rate) = summary.win_rate_bps.0 {
        lines.push(("won".to_owned(), format!("{} %", decimal(i128::from(rate), 2))));
    }
    lines.extend([
        ("P&L of closed".to_owned(), sol(summary.pnl_lamports.0)),
        ("fees paid".to_owned(), summary.fees_lamports.to_string()),
        ("result since the book began".to_owned(), sol(summary.result_lamports.0)),
        ("deepest fall of closed".to_owned(), summary.max_drawdown_lamports.to_string()),
        ("equity".to_owned(), summary.equity_lamports.to_string()),
    ]);
    if summary.simulated + summary.simulations_failed > 0 {
        let median = summary.simulated_difference_bps.0;
        let median =
            median.map(|bps| format!(", against the quotes {bps:+} bps (median)")).unwrap_or_default();
        let (simulated, failed) = (summary.simulated, summary.simulations_failed);
        lines.push(("on the chain".to_owned(), format!("{simulated} simulated, {failed} failed{median}")));
    }
    if !summary.exits.is_empty() {
        lines.push(("exits".to_owned(), listed(&summary.exits)));
    }
    if !summary.refusals.is_empty() {
        lines.push(("refusals".to_owned(), listed(&summary.refusals)));
    }
    for (nth, why) in summary.why_no_trade.iter().enumerate() {
        lines.push((if nth == 0 { "why no trade".to_owned() } else { String::new() }, why.clone()));
    }
    lines.push(("decisions".to_owned(), summary.decision_hash.to_string()));
    let columns: Vec<_> =
        (0..lines.len()).map(|nth| Column::new(&lines[nth].0, &nth.to_string(), Kind::Text)).collect();
    let row = lines.into_iter().enumerate().map(|(nth, (_, value))| (nth.to_string(), Value::from(value)));
    out.one(&columns, &Value::Object(row.collect()))
}

fn span(summary: &Summary) -> String {
    match (summary.from.0, summary.to.0) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        _ => "none".to_owned(),
    }
}
