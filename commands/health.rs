//! `momentum health`: whether the bot does its work, by words and by exit status.

use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use momentum_control::reload::{Flaw, Reading};
use momentum_control::state::{BotState, Health as How, Status, Verdict};
use momentum_core::codes::Exit;
use serde_json::{Value, json};

use crate::book::{BookArgs, Bot, no_bot};
use crate::columns::{Column, Kind};
use crate::failure::Failure;
use crate::global::{Global, span};
use crate::output::Out;

/// How to look.
#[derive(Args, Debug)]
#[command(after_help = "\
Exit status: 0 it does its work, 10 with something missing, 11 it does not, 21 the kill switch is
locked, 69 no bot runs, 75 another process holds the book. With --nagios: 0, 1, 2.

Examples:
  momentum health
  momentum health --quick || systemctl restart momentum
  momentum health --wait 5min                wait until it would trade
  momentum health --nagios")]
pub(crate) struct Health {
    /// One line
    #[arg(long)]
    quick: bool,
    /// One line and the statuses that Nagios knows
    #[arg(long, conflicts_with = "quick")]
    nagios: bool,
    /// Wait so long until all is well
    #[arg(long, value_name = "DUR", value_parser = span)]
    wait: Option<Duration>,
    #[command(flatten)]
    book: BookArgs,
}

/// Between two looks of `--wait`.
const LOOK: Duration = Duration::from_millis(250);

/// Runs it.
pub(crate) fn run(global: &Global, health: &Health, out: &mut Out) -> Result<(), Failure> {
    let began = Instant::now();
    let looked = loop {
        let looked = look(global, &health.book);
        let well = looked.as_ref().is_ok_and(|state| state.verdict == Verdict::Ok);
        if well || health.wait.is_none_or(|wait| began.elapsed() >= wait) {
            break looked;
        }
        thread::sleep(LOOK);
    };
    if health.nagios {
        return nagios(&looked, out);
    }
    let state = looked?;
    if health.quick && out.for_people_by_default() {
        out.text(&format!("{}\n", line(&state)))?;
    } else if health.quick || !out.for_people_by_default() {
        out.one(&[Column::new("verdict", "verdict", Kind::State)], &state)?;
    } else {
        table(&state, out)?;
    }
    match status(state.verdict) {
        Exit::OK => Ok(()),
        status => {
            out.flush()?;
            Err(Failure::Status(status))
        }
    }
}

fn look(global: &Global, args: &BookArgs) -> Result<BotState, Failure> {
    let book = args.book(global)?;
    Bot::of(&book, global)?.ok_or_else(|| no_bot(&book))?.state()
}

const fn status(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Ok => Exit::OK,
        Verdict::Degraded => Exit::DEGRADED,
        Verdict::Halted => Exit::HALTED,
        Verdict::Unhealthy => Exit::UNHEALTHY,
    }
}

/// A word of a serialised enum: `shutting_down`.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// All in one line, causes behind it.
fn line(state: &BotState) -> String {
    let causes = state.unready();
    let causes = if causes.is_empty() { String::new() } else { format!(": {}", causes.join("; ")) };
    let trading = state.trading.state.name();
    format!("{} ({}, {trading}){causes}", word(state.verdict), word(state.status))
}

fn nagios(looked: &Result<BotState, Failure>, out: &mut Out) -> Result<(), Failure> {
    let (code, text) = match looked {
        Ok(state) => {
            let (code, name) = match state.verdict {
                Verdict::Ok => (0, "OK"),
                Verdict::Degraded => (1, "WARNING"),
                Verdict::Halted | Verdict::Unhealthy => (2, "CRITICAL"),
            };
            let (positions, pnl) = (state.open_positions, state.pnl_today_lamports.0);
            (
                code,
                format!(
                    "MOMENTUM {name} - {} | positions={positions} pnl_today={pnl} errors={}",
                    line(state),
                    state.errors.values().sum::<u64>()
                ),
            )
        }
        Err(failure) => (2, format!("MOMENTUM CRITICAL - {}", failure.message())),
    };
    out.text(&format!("{text}\n"))?;
    out.flush()?;
    if code == 0 { Ok(()) } else { Err(Failure::Status(Exit(code))) }
}

/// What came of the settings that were read again.
fn read_again(reading: &Reading) -> (&'static str, String) {
    let (changed, who) = (reading.changed.len(), &reading.who);
    match reading.problems.as_slice() {
        [] if reading.waiting.is_empty() => ("ok", format!("{changed} changed by {who}")),
        [] => {
            ("ok", format!("{changed} changed by {who}; at the next start: {}", reading.waiting.join(", ")))
        }
        [flaw, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!("; and {} more", rest.len()) };
            let Flaw { place, key, message, .. } = flaw;
            ("degraded", format!("as they were: {place}: {key} {message}{more}"))
        }
    }
}

fn table(state: &BotState, out: &mut Out) -> Result<(), Failure> {
    let row = |what: &str, state: String, why: String, since: Value| json!({"what": what, "state": state, "why": why, "since": since});
    let bot = match state.status {
        Status::Running => "ok".to_owned(),
        status => word(status),
    };
    let held = state.trading.held.as_ref();
    let why =
        held.map(|held| format!("{} by {}: {}", held.hold.name(), held.who, held.why)).unwrap_or_default();
    let mut rows = vec![
        row("bot", bot, format!("run {}", state.run_id), json!(state.started_at)),
        row("trading", state.trading.state.name().to_owned(), why, json!(held.map(|held| held.since))),
    ];
    for service in &state.services {
        let health = match service.health {
            How::Down => "unhealthy".to_owned(),
            other => word(other),
        };
        rows.push(row(&service.name, health, service.why.clone(), json!(service.since)));
    }
    if let Some(reading) = &state.reading {
        let (health, why) = read_again(reading);
        rows.push(row("settings", health.to_owned(), why, json!(reading.at)));
    }
    let columns = [
        Column::new("WHAT", "what", Kind::Text),
        Column::new("STATE", "state", Kind::State),
        Column::new("WHY", "why", Kind::Text),
        Column::new("SINCE", "since", Kind::Text),
    ];
    out.list(&columns, &rows)?;
    let sol = |amount: &momentum_store::record::Sol| {
        serde_json::to_value(amount).ok().and_then(|v| v.as_str().map(ToOwned::to_owned)).unwrap_or_default()
    };
    out.text(&format!(
        "\ntokens tracked {}, positions open {}, trades today {}, result of the day {} SOL\n",
        state.tracked_tokens,
        state.open_positions,
        state.trades_today,
        sol(&state.pnl_today_sol)
    ))
}
