//! `momentum config reload`: a running bot reads its settings again.

use clap::Args;
use momentum_control::reload::{Changed, Masked, Reloaded};
use serde_json::{Value, json};

use crate::book::BookArgs;
use crate::columns::{Column, Kind};
use crate::failure::{Failure, listed};
use crate::global::Global;
use crate::output::Out;

/// Which bot, and why.
#[derive(Args, Debug)]
#[command(after_help = "\
The bot reads the files, profile and flags that it was started with; those of this command mean
nothing to it. What takes effect at the next start stays as it was until then. Exit status 78
where something is wrong: then all stays as it was. 69 where no bot runs.

Examples:
  momentum config set risk.max_position 0.2SOL && momentum config reload
  momentum config reload --json
  momentum config reload --network mainnet --why 'a calmer night'")]
pub(crate) struct Reload {
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
    #[command(flatten)]
    book: BookArgs,
}

/// Runs it.
pub(super) fn run(global: &Global, reload: &Reload, out: &mut Out) -> Result<(), Failure> {
    let bot = reload.book.bot(global)?;
    let reloaded = bot.ask(true, |client| client.reload(&reload.why))?;
    if !out.for_people_by_default() {
        return out.one(&[Column::new("config_hash", "config_hash", Kind::Text)], &reloaded);
    }
    let Reloaded { changed, masked, warnings, config_hash, .. } = reloaded;
    if changed.is_empty() {
        out.text("nothing changes\n")?;
    } else {
        table(&changed, out)?;
    }
    for Masked { key, value, origin, in_force, by } in masked {
        let (value, in_force) = (plain(&value), plain(&in_force));
        out.text(&format!("{key}: {value} ({origin}) is masked: {by} says {in_force}\n"))?;
    }
    for warning in &warnings {
        out.text(&format!("warning:\n{}\n", listed(warning)))?;
    }
    out.text(&format!("config hash {config_hash}\n"))
}

fn table(changed: &[Changed], out: &mut Out) -> Result<(), Failure> {
    let row = |changed: &Changed| {
        json!({
            "key": changed.key, "from": changed.from, "to": changed.to, "origin": changed.origin,
            "takes_effect": if changed.takes_effect == "restart" { "at the next start" } else { &changed.takes_effect },
            "loosens": if changed.loosens { "LOOSENS" } else { "" },
        })
    };
    let rows: Vec<_> = changed.iter().map(row).collect();
    let columns = [
        Column::new("KEY", "key", Kind::Text),
        Column::new("WAS", "from", Kind::Text),
        Column::new("IS", "to", Kind::Text),
        Column::new("ORIGIN", "origin", Kind::Text),
        Column::new("TAKES EFFECT", "takes_effect", Kind::Text),
        Column::new("LIMIT", "loosens", Kind::Text),
    ];
    out.list(&columns, &rows)
}

/// As a person would write it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
