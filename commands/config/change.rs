//! `momentum config set`: one key of a settings file, every comment and blank line of it kept.
//!
//! The new text is checked as a whole before it takes the place of the old one: a file that would not be
//! accepted at the next start is never written.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use clap::Args;
use momentum_core::codes::ErrorCode;
use momentum_core::config::{Class, Effect, Key, Value};
use momentum_runtime::settings::{self, Place, Problems, Settings};
use serde_json::json;
use toml_edit::{Array, DocumentMut, Item, Table};

use super::read::{found, unknown};
use crate::columns::{Column, Kind};
use crate::confirm;
use crate::failure::{Failure, listed};
use crate::global::Global;
use crate::output::Out;

/// What to change.
#[derive(Args, Debug)]
#[command(after_help = "\
The file is the last one of -c, or momentum.toml here. A change that loosens a limit must be
confirmed by typing its key.

Examples:
  momentum config set exits.stop_max '20 %'
  momentum config set risk.max_position 1SOL --confirm risk.max_position
  momentum config set signals.buy_score 80 -c my.toml --dry-run")]
pub(crate) struct Set {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
    /// Its new value, with its unit
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    value: String,
    /// Say what would follow, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs it.
pub(super) fn set(global: &Global, set: &Set, out: &mut Out) -> Result<(), Failure> {
    let key = settings::key(&set.key).ok_or_else(|| unknown(&set.key))?;
    let value = key.check(&Value::from_argument(&set.value)).map_err(|wrong| {
        Failure::new(ErrorCode::BadSettings, format!("`{}` {wrong}", key.path))
            .hint(format!("see what it may be: momentum config explain {}", key.path))
    })?;
    let before = global.settings(Vec::new())?;
    let old = found(&before, &set.key)?.said.value.clone();
    let file = global.file();
    let text = changed(&file, key, &value)?;
    let after = checked(global, &file, &text)?;

    let effective = found(&after, &set.key)?;
    let masked = effective.said.value != value || !said_by(&effective.said.place, &file);
    let loosened = !masked && key.loosened(&old, &value);
    let hash = before.hash() != after.hash();
    if !out.for_people_by_default() {
        write(global, &file, &text, key, set.dry_run, loosened)?;
        let row = json!({
            "schema": "momentum.setting.v1", "key": key.path, "from": settings::to_json(&old),
            "to": settings::to_json(&value), "file": file, "written": !set.dry_run,
            "takes_effect": key.class.word(), "config_hash_changes": hash, "loosens": loosened,
            "masked_by": masked.then(|| effective.said.place.to_string()),
        });
        return out.one(&[Column::new("key", "key", Kind::Text)], &row);
    }
    out.text(&format!("{}: {} → {}\n", key.path, old.plain(), value.plain()))?;
    for consequence in consequences(key, hash, loosened) {
        out.text(&format!("  {consequence}\n"))?;
    }
    if masked {
        out.text(&format!(
            "  it is masked: {} says {}\n",
            effective.said.place,
            effective.said.value.plain()
        ))?;
    }
    for warning in after
        .warnings
        .iter()
        .filter(|warning| !before.warnings.iter().any(|old| old.message == warning.message))
    {
        out.text(&format!("  warning:\n{}\n", listed(&warning.into())))?;
    }
    out.flush()?;
    write(global, &file, &text, key, set.dry_run, loosened)?;
    if set.dry_run {
        return out.text("nothing was written (--dry-run)\n");
    }
    out.text(&format!("wrote {}\n", file.display()))
}

/// What follows from the change, a sentence each.
fn consequences(key: &Key, hash: bool, loosened: bool) -> Vec<String> {
    let mut told = vec![match key.class {
        Class::Now => {
            "it takes effect at once, in a bot that reads the file again: `momentum config reload`".to_owned()
        }
        Class::NewPositions => {
            "it holds for positions opened from then on; open ones keep their terms".to_owned()
        }
        Class::Restart => "it takes effect at the next start".to_owned(),
    }];
    if hash {
        told.push(match key.effect {
            Effect::Analysis => {
                "scores change: the config hash is another, signals of the old one are refused".to_owned()
            }
            _ => {
                "decisions change: the config hash is another, signals of the old one are refused".to_owned()
            }
        });
    }
    if loosened {
        told.push("it LOOSENS a limit".to_owned());
    }
    told
}

fn said_by(place: &Place, file: &Path) -> bool {
    matches!(place, Place::File { path, .. } if path.ends_with(file) || file.ends_with(path))
}

/// The text of the file with the key changed; a file that is not there yet begins with this key.
fn changed(file: &Path, key: &Key, value: &Value) -> Result<String, Failure> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Failure::new(ErrorCode::BadSettings, format!("{}: {error}", file.display()))
    };
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(unreadable(&error)),
    };
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| unreadable(&error))?;
    let Some((table, name)) = key.path.split_once('.') else {
        return Err(Failure::new(ErrorCode::Bug, format!("the key {} has no section", key.path)));
    };
    let section = document.entry(table).or_insert(Item::Table(Table::new()));
    let Some(section) = section.as_table_like_mut() else {
        return Err(unreadable(&format!("`{table}` is no table")));
    };
    match section.get_mut(name).and_then(Item::as_value_mut) {
        // What stands around the old value, a comment behind it too, stays.
        Some(old) => {
            let around = old.decor().clone();
            *old = toml(value);
            *old.decor_mut() = around;
        }
        None => {
            section.insert(name, Item::Value(toml(value)));
        }
    }
    Ok(document.to_string())
}

fn toml(value: &Value) -> toml_edit::Value {
    match value {
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Number(text) | Value::Text(text) => text.as_str().into(),
        Value::List(values) => values.iter().map(toml).collect::<Array>().into(),
    }
}

/// The settings as they would be with the new text, which is written beside the file for that, and goes again.
fn checked(global: &Global, file: &Path, text: &str) -> Result<Settings, Failure> {
    let beside = beside(file);
    put(&beside, file, text)?;
    let mut sources = global.sources();
    match sources.files.last_mut() {
        Some(last) => last.clone_from(&beside),
        None => sources.files.push(beside.clone()),
    }
    let loaded = Settings::load(&sources);
    let removed = fs::remove_file(&beside);
    removed
        .map_err(|error| Failure::new(ErrorCode::CannotWrite, format!("{}: {error}", beside.display())))?;
    // Whoever reads it knows the file by its own name.
    let named = |place: &mut Place| {
        if let Place::File { path, .. } = place
            && path.file_name() == beside.file_name()
        {
            file.clone_into(path);
        }
    };
    match loaded {
        Ok(mut settings) => {
            settings.effective.iter_mut().for_each(|effective| named(&mut effective.said.place));
            settings.warnings.iter_mut().for_each(|warning| named(&mut warning.place));
            Ok(settings)
        }
        Err(Problems(mut problems)) => {
            problems.iter_mut().for_each(|problem| named(&mut problem.place));
            Err(Problems(problems).into())
        }
    }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    file.with_file_name(name)
}

/// Writes the text under another name and gives it the file's, so that nobody ever reads a half.
fn write(
    global: &Global,
    file: &Path,
    text: &str,
    key: &Key,
    dry_run: bool,
    loosened: bool,
) -> Result<(), Failure> {
    if dry_run {
        return Ok(());
    }
    if loosened {
        confirm::typed(global, &format!("This loosens the limit {}.", key.path), key.path)?;
    }
    let beside = beside(file);
    put(&beside, file, text)?;
    fs::rename(&beside, file)
        .map_err(|error| Failure::new(ErrorCode::CannotWrite, format!("{}: {error}", file.display())))
}

/// Writes a file with the rights of the one that it stands in for; a new one is for its owner's eyes.
fn put(path: &Path, like: &Path, text: &str) -> Result<(), Failure> {
    let mode = fs::metadata(like).map_or(0o600, |found| found.permissions().mode() & 0o777);
    let mut options = fs::OpenOptions::new();
    let opened = options.write(true).create(true).truncate(true).mode(mode).open(path);
    let written = opened.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| Failure::new(ErrorCode::CannotWrite, format!("{}: {error}", path.display())))
}
