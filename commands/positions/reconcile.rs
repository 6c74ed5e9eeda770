//! `momentum positions reconcile`: the books against the chain, now.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use momentum_control::client::Client;
use momentum_control::request::Wish;
use momentum_core::codes::{ErrorCode, Exit};
use momentum_core::ids::Mint;
use momentum_core::trader::exits::ExitReason;
use momentum_core::units::TokenAmount;
use momentum_runtime::bot::Task;
use momentum_store::book::Book;
use serde_json::{Value, json};

use crate::book::{BookArgs, Bot, no_bot};
use crate::columns::{Column, Kind};
use crate::errand::{self, Wanted};
use crate::failure::Failure;
use crate::global::{Global, span};
use crate::output::Out;
use crate::stored::Stored;

/// Between two looks at a bot that reads its balances.
const LOOK: Duration = Duration::from_millis(50);

/// How to compare.
#[derive(Args, Debug)]
pub(crate) struct Reconcile {
    /// How long to wait for the ends of attempts, and for balances
    #[arg(long, value_name = "DUR", default_value = "2min", value_parser = span)]
    wait: Duration,
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
    #[command(flatten)]
    book: BookArgs,
}

/// What is held, before or after.
type Held = BTreeMap<Mint, TokenAmount>;

/// Runs it.
pub(crate) fn run(global: &Global, command: &Reconcile, out: &mut Out) -> Result<(), Failure> {
    if !command.book.live() {
        let message = "a book on paper has no chain to be compared with";
        return Err(Failure::new(ErrorCode::Usage, message).hint("add --mode live"));
    }
    let book = command.book.book(global)?;
    match Bot::of(&book, global)? {
        Some(bot) => by_the_bot(&bot, command, out),
        None => by_itself(&book, global, command, out),
    }
}

fn by_the_bot(bot: &Bot, command: &Reconcile, out: &mut Out) -> Result<(), Failure> {
    let held = || -> Result<Held, Failure> {
        let rows = bot.ask(false, Client::positions)?;
        Ok(rows.iter().map(|row| (row.mint, row.token_amount)).collect())
    };
    let (before, money) = (held()?, bot.state()?);
    let mut asked = bot.command(&Wish::Reconcile {}, &command.why)?.now;
    let (began, mut flew) = (Instant::now(), false);
    let state = loop {
        let state = bot.state()?;
        let flies = state.in_flight > 0;
        let read = state.balances_read.is_some_and(|read| read >= asked);
        if (read && !flies) || began.elapsed() >= command.wait {
            break if read || flies { Ok(state) } else { Err(()) };
        }
        // Balances that were read beside an attempt in flight are compared with nothing: behind its end they are
        // read once more.
        if std::mem::replace(&mut flew, flies) && !flies {
            asked = bot.command(&Wish::Reconcile {}, &command.why)?.now;
        }
        thread::sleep(LOOK);
    };
    let Ok(state) = state else {
        return Err(Failure::new(ErrorCode::NodesAway, "the bot has not read its balances in time"));
    };
    let mut rows = compare(&before, &held()?, &[]);
    let lamports =
        |state: &momentum_control::state::BotState| state.available_lamports + state.reserved_lamports;
    let (was, is) = (lamports(&money), lamports(&state));
    if was != is {
        rows.push(json!({"what": "wallets", "before": was.to_string(), "after": is.to_string(), "told": "fills, fees and foreign money meanwhile"}));
    }
    print(&rows, state.in_flight, out)
}

fn by_itself(book: &Book, global: &Global, command: &Reconcile, out: &mut Out) -> Result<(), Failure> {
    let Some(stored) = Stored::find(book, global)? else { return Err(no_bot(book)) };
    let before: Held =
        stored.positions()?.iter().map(|position| (position.mint, position.remaining())).collect();
    let wanted = Wanted { book, task: Task::Reconcile, why: &command.why, wait: command.wait, killed: None };
    let (ended, told) = errand::run(global, &wanted, out)?;
    let trader = ended.engine.trader();
    let after = trader.positions().map(|position| (position.mint, position.remaining())).collect();
    let externally =
        |closed: &&momentum_core::fact::PositionClosed| closed.reason == ExitReason::ExternallyReduced;
    let taken: Vec<Mint> = told.closed.iter().filter(externally).map(|closed| closed.mint).collect();
    let mut rows = compare(&before, &after, &taken);
    rows.extend(told.foreign.iter().map(|(wallet, change)| {
        json!({"what": "wallet", "wallet": wallet, "change_lamports": change.0.to_string(), "after": change.to_string(), "told": "foreign money"})
    }));
    let flying = u64::try_from(trader.unended().count()).unwrap_or(u64::MAX);
    if !ended.finished && flying == 0 {
        print(&rows, 0, out)?;
        return Err(Failure::new(ErrorCode::NodesAway, "not all balances were read in time"));
    }
    print(&rows, flying, out)
}

/// What differs, a row each.
fn compare(before: &Held, after: &Held, taken: &[Mint]) -> Vec<Value> {
    let mints = before.keys().chain(after.keys().filter(|mint| !before.contains_key(*mint)));
    let row = |mint: &Mint| {
        let (was, is) = (before.get(mint), after.get(mint));
        let told = match (was, is) {
            (was, is) if was == is => return None,
            (None, _) => "opened: its buy landed",
            (Some(_), None) if taken.contains(mint) => {
                "externally_reduced: all of it is gone by another hand"
            }
            (Some(_), None) => "closed",
            (Some(was), Some(is)) if is < was => "externally_reduced, or a sale landed",
            _ => "more than before",
        };
        let amount = |tokens: Option<&TokenAmount>| tokens.copied().unwrap_or_default().to_string();
        Some(
            json!({"what": "position", "mint": mint, "before": amount(was), "after": amount(is), "told": told}),
        )
    };
    mints.filter_map(row).collect()
}

fn print(rows: &[Value], flying: u64, out: &mut Out) -> Result<(), Failure> {
    if !out.for_people_by_default() {
        let agrees = rows.is_empty() && flying == 0;
        let record = json!({"schema": "momentum.reconciled.v1", "agrees": agrees, "in_flight": flying, "differences": rows});
        out.one(&[Column::new("agrees", "agrees", Kind::Text)], &record)?;
    } else if rows.is_empty() && flying == 0 {
        out.text("the book agrees with the chain\n")?;
    } else {
        let columns = [
            Column::new("WHAT", "what", Kind::Text),
            Column::new("MINT", "mint", Kind::Key),
            Column::new("BOOKED BEFORE", "before", Kind::Number),
            Column::new("NOW", "after", Kind::Number),
            Column::new("WHY", "told", Kind::Text),
        ];
        if !rows.is_empty() {
            out.list(&columns, rows)?;
        }
        if flying > 0 {
            out.text(&format!("{flying} attempts are in flight: what they touch is not compared yet\n"))?;
        }
    }
    out.flush()?;
    if flying > 0 { Err(Failure::Status(Exit::OUTCOME_UNKNOWN)) } else { Ok(()) }
}
