//! `momentum positions`: what is held, and what an operator wants of it.

mod adopt;
mod reconcile;
mod sweep;

use std::time::Duration;

use clap::{Args, Subcommand};
use momentum_control::client::Client;
use momentum_control::request::Wish;
use momentum_control::state::PositionRow;
use momentum_core::codes::ErrorCode;
use momentum_core::ids::Mint;
use momentum_core::time::Timestamp;
use momentum_core::trader::PositionView;
use momentum_core::trader::positions;
use momentum_core::trader::positions::{Leg, Position};
use momentum_core::units::{Lamports, TokenAmount, decimal};
use momentum_store::book::Book;
use momentum_store::queries;
use serde_json::{Value, json};

use crate::book::BookArgs;
use crate::columns::{Column, Kind};
use crate::failure::Failure;
use crate::global::{Global, sol, span, tokens};
use crate::output::Out;
use crate::stored::{self, Stored};
use crate::trade::hand::Sale;
use crate::{confirm, done};

/// What `momentum positions` can do.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  momentum positions list                    what is held, at what it would bring now
  momentum positions show MINT               all of one position: stop, ladder, sales under way
  momentum positions show MINT --timeline    its story: signal, orders, fills, stops, exits
  momentum positions close MINT --urgent     sell it now
  momentum positions hold MINT               keep it whatever score, time and ladder say")]
pub(crate) enum Command {
    /// Open positions, at what selling them would bring now.
    #[command(after_help = "\
Examples:
  momentum positions list
  momentum positions list -o csv > positions.csv
  momentum positions list --json --fields mint,unrealised_sol")]
    List(BookArgs),
    /// All of one position: stop, ladder, sales under way.
    #[command(after_help = "\
Examples:
  momentum positions show MINT
  momentum positions show MINT --timeline
  momentum positions show MINT --json")]
    Show(Show),
    /// Sells a position, or a part of it, or all of them.
    #[command(after_help = "\
The bot sells; where none runs the command does it by itself, as `trade sell` does.

Examples:
  momentum positions close MINT
  momentum positions close MINT --tokens 1000 --urgent
  momentum positions close --all --confirm 'close all'")]
    Close(Close),
    /// Keeps a position whatever score, time and ladder say; its stop stays.
    #[command(after_help = "\
Examples:
  momentum positions hold MINT --why 'listing tomorrow'")]
    Hold(One),
    /// Ends `hold`.
    #[command(after_help = "\
Examples:
  momentum positions release MINT")]
    Release(One),
    /// Raises the stop of a position.
    #[command(after_help = "\
Examples:
  momentum positions adjust MINT --stop 0.25SOL      sold once all that is left brings no more than this")]
    Adjust(Adjust),
    /// Closed positions with their profit or loss, for a table of your own.
    #[command(after_help = "\
Examples:
  momentum positions export -o csv > closed.csv
  momentum positions export --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z -o csv")]
    Export(Export),
    /// Takes tokens of a wallet that no position knows for one: stop, ladder and all exits are on it from there.
    #[command(after_help = "\
Its cost is what the tokens would bring now, unless --cost says it: what was won or lost with them before is
no result of the bot. A bot must run, since a position wants to be guarded.

Examples:
  momentum positions adopt MINT --network mainnet --mode live
  momentum positions adopt MINT --cost 0.4SOL --yes --network mainnet --mode live")]
    Adopt(adopt::Adopt),
    /// Compares positions, attempts and balances with the chain, now, and books what differs.
    #[command(after_help = "\
A running bot reads its balances at once; where none runs the command does it by itself. Tokens that went
by another hand shrink or close their position (externally_reduced), lamports are foreign money, and
attempts in flight are seen to their end. Nothing is bought, no exit is looked for. Exit status 24 where
an attempt has no end yet: its wallet and its token cannot be compared before.

Examples:
  momentum positions reconcile --network mainnet --mode live
  momentum positions reconcile --network mainnet --mode live --json")]
    Reconcile(reconcile::Reconcile),
    /// Closes token accounts that nothing is in any more, so that the rent locked in them comes back.
    #[command(after_help = "\
Buying a coin opens an account for it, and about 0.002 SOL of rent stay locked in that when the
coin is sold. The accounts are listed, each tried in a simulation; then they are closed, one
transaction for each: by the running bot, or where none runs by the command itself. What comes
back is booked as rent returned. An account that holds even one unit stays, and so does one that
an order or a position of ours is in.

Exit status: 0 all that could be closed are closed, 24 some are in flight, 25 some are not closed.

Examples:
  momentum positions sweep --dry-run --network mainnet --mode live
  momentum positions sweep --network mainnet --mode live
  momentum positions sweep --yes --network mainnet --mode live --json")]
    Sweep(sweep::Sweep),
    /// Books a position as lost: only what can never be sold. Its mint must be typed.
    #[command(
        name = "write-off",
        after_help = "\
Examples:
  momentum positions write-off MINT --confirm MINT --why 'frozen by its creator'"
    )]
    WriteOff(One),
}

/// One position.
#[derive(Args, Debug)]
pub(crate) struct One {
    /// The token
    mint: Mint,
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
    #[command(flatten)]
    book: BookArgs,
}

/// One position, or its story.
#[derive(Args, Debug)]
pub(crate) struct Show {
    #[command(flatten)]
    one: One,
    /// What happened to the token with us, in order: also of a position that is closed
    #[arg(long)]
    timeline: bool,
}

/// Which of the closed ones.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// Closed at this time or later, as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Closed before this time
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    #[command(flatten)]
    book: BookArgs,
}

/// What to sell.
#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["mint", "all"])))]
pub(crate) struct Close {
    /// The token
    mint: Option<Mint>,
    /// Every position
    #[arg(long)]
    all: bool,
    /// So many tokens; all of them if it is left out
    #[arg(long, value_name = "TOKENS", value_parser = tokens, conflicts_with = "all")]
    tokens: Option<TokenAmount>,
    /// With urgent fees, and a bound that widens until it is sold
    #[arg(long)]
    urgent: bool,
    /// How long to go on with each where no bot does it
    #[arg(long, value_name = "DUR", default_value = "10min", value_parser = span)]
    wait: Duration,
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
    #[command(flatten)]
    book: BookArgs,
}

/// A stop.
#[derive(Args, Debug)]
pub(crate) struct Adjust {
    #[command(flatten)]
    one: One,
    /// It is sold once all that is left would bring no more than this
    #[arg(long, value_name = "SOL", value_parser = sol)]
    stop: Lamports,
}

/// Runs it.
pub(crate) fn run(global: &Global, command: Command, out: &mut Out) -> Result<(), Failure> {
    match command {
        Command::List(book) => list(global, &book, out),
        Command::Show(Show { one, timeline: true }) => timeline(global, &one, out),
        Command::Show(Show { one, .. }) => show(global, &one, out),
        Command::Export(which) => export(global, &which, out),
        Command::Close(close) => sell(global, &close, out),
        Command::Hold(one) => wish(global, &one, &Wish::Hold { mint: one.mint }, out),
        Command::Release(one) => wish(global, &one, &Wish::Release { mint: one.mint }, out),
        Command::Adjust(Adjust { one, stop }) => {
            wish(global, &one, &Wish::Adjust { mint: one.mint, stop }, out)
        }
        Command::Adopt(command) => adopt::run(global, &command, out),
        Command::Reconcile(command) => reconcile::run(global, &command, out),
        Command::Sweep(command) => sweep::run(global, &command, out),
        Command::WriteOff(one) => {
            let question = format!("This books the position in {} as lost.", one.mint);
            confirm::typed(global, &question, &one.mint.to_string())?;
            wish(global, &one, &Wish::WriteOff { mint: one.mint }, out)
        }
    }
}

fn wish(global: &Global, one: &One, wish: &Wish, out: &mut Out) -> Result<(), Failure> {
    let bot = one.book.bot(global)?;
    let told = bot.command(wish, &one.why)?;
    done::print(wish.verb(), &one.mint.to_string(), &told, out)
}

/// Open positions.
fn open(book: &Book, global: &Global, out: &Out) -> Result<Vec<PositionRow>, Failure> {
    stored::told(book, global, out, Client::positions, |stored| {
        let row = |found: &Position| PositionRow::of(&PositionView::of(found));
        Ok(stored.positions()?.iter().map(row).collect())
    })
}

fn list(global: &Global, book: &BookArgs, out: &mut Out) -> Result<(), Failure> {
    let book = book.book(global)?;
    let rows = open(&book, global, out)?;
    if rows.is_empty() && out.for_people_by_default() {
        return out.text("no position is open\n");
    }
    let columns = [
        Column::new("MINT", "mint", Kind::Key),
        Column::new("OPENED", "opened", Kind::Text).wide(),
        Column::new("TOKENS", "tokens", Kind::Number),
        Column::new("COST (SOL)", "cost_sol", Kind::Number),
        Column::new("MARK (SOL)", "mark_sol", Kind::Number),
        Column::new("P&L (SOL)", "unrealised_sol", Kind::Signed),
        Column::new("P&L (bps)", "unrealised_bps", Kind::Signed),
        Column::new("STOP (SOL)", "stop_sol", Kind::Number),
        Column::new("ON", "phase", Kind::Text),
        Column::new("OUTLOOK", "outlook", Kind::Text),
        Column::new("SELLING", "selling", Kind::Text),
        Column::new("WALLET", "wallet", Kind::Key).wide(),
    ];
    out.list(&columns, &rows)
}

fn show(global: &Global, one: &One, out: &mut Out) -> Result<(), Failure> {
    let book = one.book.book(global)?;
    let asked = async |client: &Client| client.position(one.mint).await;
    let position = stored::told(&book, global, out, asked, |stored| {
        let found = stored.positions()?.into_iter().find(|found| found.mint == one.mint);
        found
            .ok_or_else(|| Failure::new(ErrorCode::NotFound, format!("there is no position in {}", one.mint)))
    })?;
    if !out.for_people_by_default() {
        return out.one(&[Column::new("mint", "mint", Kind::Key)], &position);
    }
    let left = position.remaining();
    let sale = |sale: &Option<positions::Sale>| {
        sale.as_ref().map(|sale| {
            format!(
                "{} tokens, {}, {} attempts (order {})",
                sale.tokens,
                sale.reason.name(),
                sale.attempts,
                sale.order
            )
        })
    };
    let row = json!({
        "mint": position.mint, "wallet": position.wallet, "opened": position.opened,
        "tokens": format!("{left} of {}", position.bought),
        "cost": position.cost.to_string(), "mark": position.mark.of(left).to_string(),
        "high": format!("{} at {}", position.high.of(left), position.high_at),
        "unrealised": position.unrealised().to_string(),
        "stop": format!("{}{}", position.stop.of(left), if position.trailing { ", trailing" } else { "" }),
        "proceeds": position.proceeds.to_string(), "network": position.network.to_string(),
        "outlook": position.outlook, "kept": if position.kept { "yes" } else { "no" },
        "whole": sale(&position.whole), "part": sale(&position.part),
    });
    let column = |title: &str, path: &str| Column::new(title, path, Kind::Text);
    let columns = [
        column("token", "mint"),
        column("wallet", "wallet"),
        column("opened", "opened"),
        column("tokens left", "tokens"),
        column("cost", "cost"),
        column("would bring", "mark"),
        Column::new("profit or loss", "unrealised", Kind::Signed),
        column("highest", "high"),
        column("stop", "stop"),
        column("sold so far", "proceeds"),
        column("network fees", "network"),
        column("outlook", "outlook"),
        column("kept by hand", "kept"),
        column("selling all", "whole"),
        column("selling a part", "part"),
    ];
    let there: Vec<_> = columns.into_iter().filter(|column| !row[&column.path].is_null()).collect();
    out.one(&there, &row)?;
    let rungs: Vec<_> = position
        .rungs
        .iter()
        .map(|rung| json!({"at": rung.at.of(left).to_string(), "tokens": rung.tokens.to_string(), "leg": leg(rung.leg)}))
        .collect();
    if rungs.is_empty() {
        return Ok(());
    }
    out.text("\n")?;
    let columns = [
        Column::new("LADDER: AT", "at", Kind::Number),
        Column::new("SELLS", "tokens", Kind::Number),
        Column::new("LEG", "leg", Kind::Text),
    ];
    out.list(&columns, &rungs)
}

/// The story of a token with us. The database has it, whether a bot runs or not.
fn timeline(global: &Global, one: &One, out: &mut Out) -> Result<(), Failure> {
    let stored = Stored::of(&one.book.book(global)?, global)?;
    let mint = one.mint;
    let moments = stored.read(async |db| queries::timeline(db, mint).await)?;
    if moments.is_empty() {
        return Err(Failure::new(ErrorCode::NotFound, format!("nothing of ours happened to {mint}")));
    }
    let rows: Vec<_> = moments
        .iter()
        .map(|moment| {
            let row = moment.row.shown();
            json!({"at": moment.at, "what": moment.what, "told": told(moment.what, &row), "row": row})
        })
        .collect();
    let columns = [
        Column::new("AT", "at", Kind::Text),
        Column::new("WHAT", "what", Kind::Text),
        Column::new("FIGURES", "told", Kind::Text),
    ];
    out.list(&columns, &rows)
}

/// The figures of a moment that people look for.
fn told(what: &str, row: &Value) -> String {
    let names: &[&str] = match what {
        "signal" => &["level", "outcome", "figures"],
        "order" => &["side", "state", "outcome"],
        "attempt" => &["number", "state", "why"],
        "simulation" => &["expected_paid", "paid", "expected_back", "back", "difference", "why"],
        "fill" => &["side", "tokens", "lamports", "reason"],
        "opened" => &["bought", "cost"],
        "stop" => &["stop", "tokens"],
        "exit" => &["reason", "tokens"],
        _ => &["reason", "proceeds", "pnl"],
    };
    let plain = |name: &str, value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        match (name, text.parse::<i128>()) {
            (
                "lamports" | "cost" | "stop" | "proceeds" | "pnl" | "expected_paid" | "paid"
                | "expected_back" | "back" | "difference",
                Ok(lamports),
            ) => {
                format!("{} SOL", decimal(lamports, 9))
            }
            ("tokens" | "bought", Ok(units)) => decimal(units, 6),
            _ => text,
        }
    };
    let there =
        names.iter().filter_map(|name| Some((name, row.get(*name).filter(|value| !value.is_null())?)));
    there
        .map(|(name, value)| match *name {
            // The figure is shown in SOL.
            "lamports" => plain(name, value),
            _ => format!("{} {}", name.replace('_', " "), plain(name, value)),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// Closed positions, oldest first.
fn export(global: &Global, which: &Export, out: &mut Out) -> Result<(), Failure> {
    let stored = Stored::of(&which.book.book(global)?, global)?;
    let from = which.from.unwrap_or(Timestamp(i64::MIN));
    let to = which.to.unwrap_or(Timestamp(i64::MAX));
    let closed = stored.read(async |db| queries::closed_positions(db, from, to).await)?;
    let rows: Vec<_> = closed.iter().map(momentum_store::table::Record::shown).collect();
    if rows.is_empty() && out.for_people_by_default() {
        return out.text("no position was closed\n");
    }
    let columns = [
        Column::new("MINT", "mint", Kind::Key),
        Column::new("OPENED", "opened_at", Kind::Text),
        Column::new("CLOSED", "closed_at", Kind::Text),
        Column::new("REASON", "reason", Kind::Text),
        Column::new("TOKENS (units)", "bought", Kind::Number),
        Column::new("COST (lamports)", "cost", Kind::Number),
        Column::new("PROCEEDS", "proceeds", Kind::Number),
        Column::new("VENUE FEES", "venue_fees", Kind::Number),
        Column::new("NETWORK", "network", Kind::Number),
        Column::new("P&L (lamports)", "pnl", Kind::Signed),
        Column::new("WALLET", "wallet", Kind::Key).wide(),
    ];
    out.list(&columns, &rows)
}

/// The word for how far a rung is.
const fn leg(leg: Leg) -> &'static str {
    match leg {
        Leg::Armed => "armed",
        Leg::Ordered => "ordered",
        Leg::Done => "done",
    }
}

fn sell(global: &Global, close: &Close, out: &mut Out) -> Result<(), Failure> {
    let book = close.book.book(global)?;
    let mints: Vec<_> = match close.mint {
        Some(mint) => vec![mint],
        None => open(&book, global, out)?.iter().map(|row| row.mint).collect(),
    };
    if mints.is_empty() {
        return Err(Failure::new(ErrorCode::NotFound, "no position is open"));
    }
    if close.all {
        confirm::typed(global, &format!("This sells all {} positions.", mints.len()), "close all")?;
    } else if close.book.live() {
        confirm::yes(global, "Sell for real?")?;
    }
    let Close { tokens, urgent, wait, ref why, .. } = *close;
    let mut first = Ok(());
    for mint in mints {
        let sale = Sale { verb: "close", mint, tokens, urgent, why, wait };
        match sale.make(global, &book, out) {
            // What keeps one from being sold keeps none of the others.
            Err(Failure::Status(status)) if first.is_ok() => first = Err(Failure::Status(status)),
            Ok(()) | Err(Failure::Status(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    first
}
