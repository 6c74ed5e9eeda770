//! `momentum config`: write a settings file, see what is in force and where it was said, change it, check.

mod arm;
mod change;
mod keystore;
mod read;
mod reload;

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use momentum_core::codes::ErrorCode;
use momentum_runtime::settings::{self, Effective, Problem, Settings};
use serde::Serialize;
use serde_json::{Value, json};

use crate::columns::{Column, Kind};
use crate::failure::{Failure, listed};
use crate::global::Global;
use crate::output::Out;

/// What `momentum config` can do.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  momentum config init                      write momentum.toml, every key explained
  momentum config show --origin             what is in force, and where it was said
  momentum config explain risk.max_position
  momentum config set risk.max_position 0.2SOL
  momentum config diff                      what is not as shipped
  momentum config validate -c my.toml       check a file, all errors at once
  momentum config reload                    have a running bot read its settings again")]
pub(crate) enum Command {
    /// Writes a settings file with every key explained and commented out.
    Init(Init),
    /// Prints the settings that are in force.
    Show(Show),
    /// Prints the value of one key.
    Get(read::Get),
    /// Changes one key in a settings file, its comments kept: checked first, and its consequences said.
    Set(change::Set),
    /// What is in force and is not a default; or what another file would change.
    Diff(read::Diff),
    /// All about one key: what it does, its range, its value and where that was said.
    Explain(read::Explain),
    /// Permits live trading: for one book, its wallets, its limits, a loss and a time.
    Arm(arm::Arm),
    /// Takes that permission back: a running bot enters nothing more.
    Disarm(arm::Disarm),
    /// Encrypts a key that solana-keygen made with a passphrase.
    Keystore(keystore::Keystore),
    /// Checks the settings: all errors at once, and what is allowed but surely not meant.
    #[command(after_help = "\
Examples:
  momentum config validate
  momentum config validate -c my.toml -p cautious
  momentum config validate --set exits.ladder_cap=off")]
    Validate,
    /// Has a running bot read its settings again: all is taken over, or nothing and it says why.
    Reload(reload::Reload),
    /// Prints the JSON Schema of the settings file, for editors.
    #[command(after_help = "\
Examples:
  momentum config schema > momentum.schema.json")]
    Schema,
}

/// Where to write the file.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum config init
  momentum config init ~/.config/momentum/momentum.toml
  momentum config init --force              overwrite what is there")]
pub(crate) struct Init {
    /// The file to write
    #[arg(value_name = "FILE", default_value = settings::FILE_NAME)]
    file: PathBuf,
    /// Overwrite the file if it is there
    #[arg(long)]
    force: bool,
}

/// What to show.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum config show
  momentum config show risk exits.stop_max
  momentum config show --origin
  momentum config show -o wide
  MOMENTUM__RISK__MAX_POSITION=\"0.2 SOL\" momentum config show risk --origin")]
pub(crate) struct Show {
    /// Only these keys or sections
    #[arg(value_name = "KEY")]
    keys: Vec<String>,
    /// Where each value was said, and what it masks
    #[arg(long)]
    origin: bool,
}

/// Runs it.
pub(crate) fn run(global: &Global, command: Command, out: &mut Out) -> Result<(), Failure> {
    match command {
        Command::Init(init) => write(&init.file, init.force, out),
        Command::Show(show) => print(&global.settings(Vec::new())?, &show, out),
        Command::Get(get) => read::get(&global.settings(Vec::new())?, &get, out),
        Command::Set(set) => change::set(global, &set, out),
        Command::Diff(diff) => read::diff(global, &diff, out),
        Command::Explain(explain) => read::explain(&global.settings(Vec::new())?, &explain, out),
        Command::Arm(arm) => arm::arm(global, &arm, out),
        Command::Disarm(disarm) => arm::disarm(global, &disarm, out),
        Command::Keystore(keystore) => keystore::run(global, &keystore, out),
        Command::Validate => validate(&global.settings(Vec::new())?, out),
        Command::Reload(reload) => reload::run(global, &reload, out),
        Command::Schema => out.text(&format!("{:#}\n", settings::schema())),
    }
}

/// Writes the template, for its owner's eyes: later it may hold secrets' places.
fn write(file: &Path, force: bool, out: &Out) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    if force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let written = options.open(file).and_then(|mut opened| opened.write_all(settings::template().as_bytes()));
    match written {
        Ok(()) => {
            out.say(&format!("wrote {}\nnext: momentum config validate -c {0}", file.display()));
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Failure::new(ErrorCode::FileExists, format!("{} is there already", file.display())))
        }
        Err(error) => Err(Failure::new(ErrorCode::CannotWrite, format!("{}: {error}", file.display()))),
    }
}

fn print(settings: &Settings, show: &Show, out: &mut Out) -> Result<(), Failure> {
    let wanted = |effective: &&Effective| {
        let path = effective.key.path;
        let matches = |name: &String| {
            path.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        show.keys.is_empty() || show.keys.iter().any(matches)
    };
    let rows: Vec<_> = settings.effective.iter().filter(wanted).map(row).collect();
    if rows.is_empty() {
        return Err(Failure::new(
            ErrorCode::Usage,
            format!("no key or section is named {}", show.keys.join(", ")),
        )
        .hint("`momentum config show` lists every key"));
    }
    let wide_unless_origin = |column: Column| if show.origin { column } else { column.wide() };
    let columns = [
        Column::new("KEY", "key", Kind::Text),
        Column::new("VALUE", "value", Kind::Text),
        wide_unless_origin(Column::new("ORIGIN", "origin", Kind::Text)),
        wide_unless_origin(Column::new("MASKS", "masks_text", Kind::Text)),
        Column::new("UNIT", "unit", Kind::Text).wide(),
        Column::new("TAKES EFFECT", "takes_effect", Kind::Text).wide(),
        Column::new("WHAT IT DOES", "doc", Kind::Text).wide(),
    ];
    out.list(&columns, &rows)
}

fn row(effective: &Effective) -> Value {
    let masks: Vec<_> = effective
        .masked
        .iter()
        .map(|said| json!({"value": settings::to_json(&said.value), "origin": said.place.to_string()}))
        .collect();
    let text: Vec<_> =
        effective.masked.iter().map(|said| format!("{} ({})", said.value.plain(), said.place)).collect();
    json!({
        "key": effective.key.path,
        "value": settings::to_json(&effective.said.value),
        "origin": effective.said.place.to_string(),
        "masks": masks,
        "masks_text": text.join(", "),
        "unit": effective.key.unit,
        "range": [effective.key.range.0, effective.key.range.1],
        "takes_effect": effective.key.class.word(),
        "changes": effective.key.effect.word(),
        "loosens": effective.key.loosens.word(),
        "doc": effective.key.doc(),
    })
}

/// What is right, and what is allowed but surely not meant.
#[derive(Serialize)]
struct Report {
    config_hash: String,
    settings: usize,
    warnings: Vec<Value>,
}

fn validate(settings: &Settings, out: &mut Out) -> Result<(), Failure> {
    if !out.for_people_by_default() {
        let warning = |w: &Problem| json!({"place": w.place.to_string(), "key": w.key, "message": w.message});
        let report = Report {
            config_hash: settings.hash().to_string(),
            settings: settings.effective.len(),
            warnings: settings.warnings.iter().map(warning).collect(),
        };
        return out.one(&[], &report);
    }
    for warning in &settings.warnings {
        out.text(&format!("warning:\n{}\n", listed(&warning.into())))?;
    }
    out.text(&format!("ok: {} settings, config hash {}\n", settings.effective.len(), settings.hash()))
}
