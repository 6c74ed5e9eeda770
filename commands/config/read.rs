//! `momentum config get|diff|explain`: one value, what is not as shipped, all about one key.

use std::path::PathBuf;

use clap::Args;
use momentum_core::codes::ErrorCode;
use momentum_runtime::settings::{self, Effective, Settings, Sources};
use serde_json::json;

use crate::columns::{Column, Kind};
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;

/// Which key.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum config get risk.max_position
  momentum config get risk.max_position --json")]
pub(crate) struct Get {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
}

/// Which key.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum config explain exits.stop_max")]
pub(crate) struct Explain {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
}

/// With what to compare.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum config diff                      what is not as shipped
  momentum config diff candidate.toml       what this file would change")]
pub(crate) struct Diff {
    /// A settings file, as if it were given with -c after all others
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// The key, or what is near it.
pub(super) fn found<'s>(settings: &'s Settings, key: &str) -> Result<&'s Effective, Failure> {
    settings.effective.iter().find(|effective| effective.key.path == key).ok_or_else(|| unknown(key))
}

/// A key that does not exist, with the one that was meant.
pub(super) fn unknown(key: &str) -> Failure {
    let hint = match settings::nearest_key(key) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`momentum config show` lists every key".to_owned(),
    };
    Failure::new(ErrorCode::Usage, format!("no key is named `{key}`")).hint(hint)
}

/// Prints the value alone.
pub(super) fn get(settings: &Settings, get: &Get, out: &mut Out) -> Result<(), Failure> {
    let effective = found(settings, &get.key)?;
    if out.for_people_by_default() {
        return out.text(&format!("{}\n", effective.said.value.plain()));
    }
    let value = settings::to_json(&effective.said.value);
    let row = json!({"key": get.key, "value": value, "origin": effective.said.place.to_string()});
    out.one(&[Column::new("key", "key", Kind::Text)], &row)
}

/// Prints all about it.
pub(super) fn explain(settings: &Settings, explain: &Explain, out: &mut Out) -> Result<(), Failure> {
    let effective = found(settings, &explain.key)?;
    let mut row = super::row(effective);
    let default = effective.masked.last().unwrap_or(&effective.said);
    row["default"] = settings::to_json(&default.value);
    row["variable"] = json!(format!("MOMENTUM__{}", explain.key.to_ascii_uppercase().replace('.', "__")));
    row["between"] = match effective.key.range {
        ("", _) => json!(effective.key.unit),
        (min, max) => json!(format!("{min} to {max}")),
    };
    let column = |title: &str, path: &str| Column::new(title, path, Kind::Text);
    let columns = [
        column("key", "key"),
        column("what it does", "doc"),
        column("value", "value"),
        column("said by", "origin"),
        column("masks", "masks_text"),
        column("default", "default"),
        column("may be", "between"),
        column("takes effect", "takes_effect"),
        column("changes", "changes"),
        column("loosens a limit", "loosens"),
        column("in the environment", "variable"),
    ];
    out.one(&columns, &row)
}

/// Prints what differs.
pub(super) fn diff(global: &Global, diff: &Diff, out: &mut Out) -> Result<(), Failure> {
    let present = global.settings(Vec::new())?;
    let other = match &diff.file {
        None => Settings::load(&Sources::default())?,
        Some(file) => {
            let mut sources = global.sources();
            sources.files.push(file.clone());
            Settings::load(&sources)?
        }
    };
    // What is shipped comes first, and what the file would change comes last: a line reads from left to right.
    let (from, to) = if diff.file.is_some() { (&present, &other) } else { (&other, &present) };
    let pairs = from.effective.iter().zip(&to.effective);
    let rows: Vec<_> = pairs
        .filter(|(from, to)| from.said.value != to.said.value)
        .map(|(from, to)| {
            json!({
                "key": from.key.path, "from": settings::to_json(&from.said.value),
                "to": settings::to_json(&to.said.value), "origin": to.said.place.to_string(),
                "takes_effect": to.key.class.word(),
            })
        })
        .collect();
    if rows.is_empty() && out.for_people_by_default() {
        return out.text(if diff.file.is_some() {
            "the file changes nothing\n"
        } else {
            "all is as shipped\n"
        });
    }
    let columns = [
        Column::new("KEY", "key", Kind::Text),
        Column::new(if diff.file.is_some() { "NOW" } else { "SHIPPED" }, "from", Kind::Text),
        Column::new(if diff.file.is_some() { "WOULD BE" } else { "NOW" }, "to", Kind::Text),
        Column::new("ORIGIN", "origin", Kind::Text),
        Column::new("TAKES EFFECT", "takes_effect", Kind::Text),
    ];
    out.list(&columns, &rows)
}
