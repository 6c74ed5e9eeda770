//! `momentum config arm`: the permission to trade with real money, and its end.

use std::time::Duration;

use clap::Args;
use momentum_control::operator::this_user;
use momentum_core::codes::ErrorCode;
use momentum_core::units::Lamports;
use momentum_runtime::arming::{Armed, wallets};
use serde_json::json;

use crate::book::BookArgs;
use crate::columns::{Column, Kind};
use crate::confirm;
use crate::failure::Failure;
use crate::global::{Global, sol, span};
use crate::output::Out;

/// What to permit.
#[derive(Args, Debug)]
#[command(after_help = "\
It holds for the wallets and the limits of this moment: a tighter limit keeps it, a looser one
ends it. The name of the book must be typed.

Examples:
  momentum config arm --max-loss 1.5SOL --for 12h --network mainnet --mode live
  momentum config arm --max-loss 1SOL --until-revoked --network localnet --mode live --confirm localnet-live")]
pub(crate) struct Arm {
    /// Most that may be lost from here on
    #[arg(long, value_name = "SOL", value_parser = sol)]
    max_loss: Lamports,
    /// It ends by itself after this time
    #[arg(long = "for", value_name = "DUR", value_parser = span, required_unless_present = "until_revoked")]
    span: Option<Duration>,
    /// It ends by `config disarm` alone
    #[arg(long, conflicts_with = "span")]
    until_revoked: bool,
    #[command(flatten)]
    book: BookArgs,
}

/// What to take back.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum config disarm --network mainnet --mode live")]
pub(crate) struct Disarm {
    #[command(flatten)]
    book: BookArgs,
}

/// Permits it.
pub(crate) fn arm(global: &Global, arm: &Arm, out: &mut Out) -> Result<(), Failure> {
    if !arm.book.live() {
        return Err(Failure::new(ErrorCode::Usage, "only a live book is armed").hint("add --mode live"));
    }
    let settings = global.settings(Vec::new())?;
    let wallets = wallets(&settings)?;
    if wallets.is_empty() {
        return Err(Failure::new(ErrorCode::NoWallet, "there is no wallet to arm: wallets.files is empty"));
    }
    let book = arm.book.book(global)?;
    let name = book.name().to_string();
    let question = format!("This lets the book {name} lose {} of real money.", arm.max_loss);
    confirm::typed(global, &question, &name)?;
    let armed = Armed::give(&settings, wallets, this_user(), arm.max_loss, arm.span);
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(ErrorCode::CannotWrite, format!("{}: {error}", book.armed().display()))
    };
    book.create().map_err(|error| failed(&error))?;
    armed.write(&book).map_err(|error| failed(&error))?;
    let wallets: Vec<_> = armed.wallets.iter().map(ToString::to_string).collect();
    let record = json!({
        "book": name, "max_loss": armed.max_loss, "until": armed.until, "who": armed.who, "wallets": wallets,
    });
    let column = |title: &str, path: &str| Column::new(title, path, Kind::Text);
    let columns = [
        column("armed", "book"),
        column("most that may be lost", "max_loss"),
        column("until", "until"),
        column("by", "who"),
        column("wallets", "wallets"),
    ];
    let there: Vec<_> = columns.into_iter().filter(|column| !record[&column.path].is_null()).collect();
    out.one(&there, &record)
}

/// Takes it back.
pub(crate) fn disarm(global: &Global, disarm: &Disarm, out: &mut Out) -> Result<(), Failure> {
    let book = disarm.book.book(global)?;
    let failed = |error| Failure::new(ErrorCode::CannotWrite, format!("{}: {error}", book.armed().display()));
    let was = Armed::take_back(&book).map_err(failed)?;
    let name = book.name().to_string();
    if out.for_people_by_default() {
        let told = if was { "disarmed: no real money is traded with any more" } else { "it was not armed" };
        return out.text(&format!("{name}: {told}\n"));
    }
    out.one(&[Column::new("book", "book", Kind::Text)], &json!({ "book": name, "was_armed": was }))
}
