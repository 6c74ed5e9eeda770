//! `momentum backtest replay`: whether a recording replays to the decisions that were made.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use momentum_core::codes::ErrorCode;
use momentum_research::replay::{Compared, ReplayError, compare};
use momentum_store::recording::{Cut, Decided, OpenError, Recording, Session};
use serde_json::{Value, json};

use crate::columns::{Column, Kind};
use crate::failure::Failure;
use crate::output::Out;
use crate::stop;

/// Events between two drawings of the bar.
const DRAW_EVERY: u64 = 10_000;

/// What to replay.
#[derive(Args, Debug)]
#[command(after_help = "\
Every recorded event is fed to the engine as it was, executions too: no venue, no settings of
yours. Exit status 30 where a decision differs, 65 where a file is not what was written.

Examples:
  momentum run --record recordings --speed max --until 6h
  momentum backtest replay recordings
  momentum backtest replay recordings --session 20260101T000000Z-000000-3f2a… --json")]
pub(crate) struct Replay {
    /// The folder of recordings, or of one session
    #[arg(value_name = "DIR")]
    recording: PathBuf,
    /// Only this session: the name of its folder, or how it begins or ends
    #[arg(long, value_name = "ID")]
    session: Option<String>,
}

/// Runs it.
pub(crate) fn run(replay: &Replay, out: &mut Out) -> Result<(), Failure> {
    let sessions = sessions(replay)?;
    let stop = stop::on_interrupt();
    let mut rows = Vec::new();
    let mut diverged = None;
    for session in &sessions {
        let bar = progress(out, session);
        let mut events = 0;
        let compared = compare(session, &stop, &mut |envelope| {
            events += 1;
            if events % DRAW_EVERY == 0 {
                bar.set_position(events);
                bar.set_message(envelope.now.to_string());
            }
        });
        bar.finish_and_clear();
        let compared = compared.map_err(|error| failed(&error))?;
        let cut = session.cut().map_err(|error| failed(&error.into()))?;
        rows.push(row(session, &compared, cut.as_ref()));
        if diverged.is_none() && compared.difference.is_some() {
            diverged = Some((session.name(), compared.clone()));
        }
        if compared.stopped {
            out.say("stopped before the end: what is compared is told");
            break;
        }
    }
    print(&rows, diverged.is_none(), out)?;
    diverged.map_or(Ok(()), |(session, compared)| Err(parted(&session, &compared)))
}

/// The sessions that are asked for.
fn sessions(replay: &Replay) -> Result<Vec<Session>, Failure> {
    let recording = Recording::open(&replay.recording).map_err(|error| match error {
        OpenError::Io { .. } => Failure::new(ErrorCode::UnreadableInput, error.to_string()),
        OpenError::NotFound { .. } | OpenError::Empty { .. } => {
            Failure::new(ErrorCode::NoSuchFile, error.to_string())
                .hint("record one with `momentum run --record DIR`")
        }
    })?;
    let mut sessions = Vec::new();
    for session in recording.sessions() {
        let session = session.as_ref().map_err(|damaged| failed(&damaged.clone().into()))?;
        let name = session.name();
        let named = |id: &String| name.starts_with(id.as_str()) || name.ends_with(id.as_str());
        if replay.session.as_ref().is_none_or(named) {
            sessions.push(session.clone());
        }
    }
    if sessions.is_empty() {
        let names: Vec<_> = recording.sessions().iter().flatten().map(Session::name).collect();
        let message = format!("no session `{}`", replay.session.as_deref().unwrap_or_default());
        return Err(Failure::new(ErrorCode::NoSuchFile, message)
            .hint(format!("the sessions are: {}", names.join(", "))));
    }
    Ok(sessions)
}

fn progress(out: &Out, session: &Session) -> ProgressBar {
    if !out.progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(session.manifest().events());
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {human_pos} events, {per_sec}  {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn row(session: &Session, compared: &Compared, cut: Option<&Cut>) -> Value {
    let about = &session.manifest().about;
    let difference = compared.difference.as_ref().map(|difference| {
        json!({
            "seq": difference.seq(),
            "recorded": difference.recorded.as_ref().map(told),
            "replayed": difference.replayed.as_ref().map(told),
        })
    });
    json!({
        "session": session.name(),
        "run_id": about.run_id,
        "version": about.version,
        "config_hash": about.config_hash,
        "from": compared.from,
        "to": compared.to,
        "events": compared.events.to_string(),
        "decisions": compared.decisions,
        "recorded_hash": compared.recorded,
        "replayed_hash": compared.replayed,
        "same": compared.difference.is_none(),
        "cut": cut.map(ToString::to_string),
        "difference": difference,
    })
}

/// A decision with its seq, as its line has it.
fn told(decided: &Decided) -> Value {
    let mut told = json!({"seq": decided.seq});
    let line: Value = serde_json::from_str(&decided.decision.line()).unwrap_or_default();
    if let (Some(told), Value::Object(line)) = (told.as_object_mut(), line) {
        told.extend(line);
    }
    told
}

fn print(rows: &[Value], same: bool, out: &mut Out) -> Result<(), Failure> {
    if !out.for_people_by_default() {
        return out.one(&[], &json!({"schema": "momentum.replay.v1", "same": same, "sessions": rows}));
    }
    let columns = [
        Column::new("session", "session", Kind::Text),
        Column::new("events", "events", Kind::Number),
        Column::new("decisions", "decisions", Kind::Number),
        Column::new("same", "same", Kind::Text),
        Column::new("recorded", "recorded_hash", Kind::Text),
        Column::new("replayed", "replayed_hash", Kind::Text),
    ];
    for cut in rows.iter().filter_map(|row| row["cut"].as_str()) {
        out.say(cut);
    }
    match rows {
        [row] => out.one(&columns, row),
        rows => out.list(&columns, rows),
    }
}

fn parted(session: &str, compared: &Compared) -> Failure {
    let side = |decided: Option<&Decided>| {
        decided.map_or_else(
            || "nothing".to_owned(),
            |decided| format!("seq {}: {}", decided.seq, decided.decision.line().trim_end()),
        )
    };
    let Some(difference) = &compared.difference else { return Failure::ReaderGone };
    let message = format!(
        "{session}: the decisions part at seq {}\n  recorded: {}\n  replayed: {}",
        difference.seq(),
        side(difference.recorded.as_ref()),
        side(difference.replayed.as_ref())
    );
    Failure::new(ErrorCode::Diverged, message)
}

fn failed(error: &ReplayError) -> Failure {
    Failure::new(ErrorCode::DamagedRecording, error.to_string())
}
