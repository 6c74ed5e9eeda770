//! `momentum positions sweep`: token accounts that nothing is in any more are closed, and their rent comes back.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use momentum_control::client::ClientError;
use momentum_control::request::Wish;
use momentum_core::codes::{ErrorCode, Exit};
use momentum_core::ids::{Mint, Wallet};
use momentum_core::units::Lamports;
use momentum_runtime::bot::Task;
use momentum_runtime::glance::{self, TokenAccount};
use momentum_store::queries::{self, Closing};
use momentum_store::record::Sol;
use serde_json::{Value, json};

use crate::book::{BookArgs, Bot, no_bot};
use crate::columns::{Column, Kind};
use crate::confirm;
use crate::errand::{self, Wanted};
use crate::failure::Failure;
use crate::global::{Global, span};
use crate::output::Out;
use crate::stored::Stored;

/// Between two looks at what became of closings.
const LOOK: Duration = Duration::from_millis(50);

/// How to sweep.
#[derive(Args, Debug)]
pub(crate) struct Sweep {
    /// Only list the accounts: what would come back, what stays and why
    #[arg(long)]
    dry_run: bool,
    /// How long to wait until the chain has ended what was sent
    #[arg(long, value_name = "DUR", default_value = "3min", value_parser = span)]
    wait: Duration,
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
    #[command(flatten)]
    book: BookArgs,
}

/// Accounts by what they are of.
type Of = (Wallet, Mint);

/// Runs it.
pub(crate) fn run(global: &Global, sweep: &Sweep, out: &mut Out) -> Result<(), Failure> {
    if !sweep.book.live() {
        let message = "on paper no wallet has accounts whose rent could come back";
        return Err(Failure::new(ErrorCode::Usage, message).hint("add --mode live"));
    }
    let book = sweep.book.book(global)?;
    let Some(stored) = Stored::find(&book, global)? else { return Err(no_bot(&book)) };
    let in_play = stored.in_play()?;
    let mut accounts = glance::accounts(&global.settings(Vec::new())?, book.name().network)?;
    for account in accounts.iter_mut().filter(|account| in_play.contains(&account.mint)) {
        account.stays = Some("a position or an order of ours is in it".to_owned());
    }
    let closable = accounts.iter().filter(|account| account.stays.is_none());
    let wanted: Vec<Of> = closable.clone().map(|account| (account.wallet, account.mint)).collect();
    let rent: Lamports = closable.map(|account| account.lamports).sum();
    let nothing_yet = BTreeMap::new();
    if sweep.dry_run || wanted.is_empty() {
        return print(&accounts, &nothing_yet, out);
    }
    if !global.yes && out.for_people_by_default() {
        print(&accounts, &nothing_yet, out)?;
        out.flush()?;
    }
    confirm::yes(global, &format!("Close {} accounts for {rent} of rent?", wanted.len()))?;

    let (state, _) = stored.read(async |db| queries::state(db).await)?;
    let before = state.and_then(|state| state.int("last_seq")).unwrap_or_default();
    let closings = || stored.read(async |db| queries::closings(db, before).await);
    let mut came = match Bot::of(&book, global)? {
        Some(bot) => by_the_bot(&bot, &wanted, sweep, closings)?,
        None => {
            let (task, why) = (Task::Sweep(wanted.clone()), sweep.why.as_str());
            let errand = Wanted { book: &book, task, why, wait: sweep.wait, killed: None };
            errand::run(global, &errand, out)?;
            BTreeMap::new()
        }
    };
    for closing in closings()? {
        if let Some(of) = of(&closing) {
            came.insert(of, Came::of(&closing));
        }
    }
    for of in &wanted {
        came.entry(*of)
            .or_insert_with(|| Came::Not("it was not asked for: give the command again".to_owned()));
    }
    print(&accounts, &came, out)?;
    out.flush()?;
    let any = |like: fn(&Came) -> bool| came.values().any(like);
    if any(|came| matches!(came, Came::Unknown)) {
        Err(Failure::Status(Exit::OUTCOME_UNKNOWN))
    } else if any(|came| matches!(came, Came::Not(_))) {
        Err(Failure::Status(Exit::PARTIAL))
    } else {
        Ok(())
    }
}

/// What came of an account that was to be closed.
enum Came {
    /// It is closed: what came back, and what the network took.
    Back(Lamports, Lamports),
    /// The chain has not ended it.
    Unknown,
    /// It is not closed, for this reason.
    Not(String),
}

impl Came {
    fn of(closing: &Closing) -> Self {
        let lamports = |number: i64| Lamports(u64::try_from(number).unwrap_or_default());
        let costs = ["cost_base", "cost_priority", "cost_tip"];
        let attempt = &closing.attempt;
        let costs: i64 = costs.iter().filter_map(|name| attempt.int(name)).sum();
        match (&closing.fill, attempt.text("outcome")) {
            (Some(fill), _) => {
                let locked = fill.int("rent_locked").unwrap_or_default();
                Self::Back(lamports(locked.saturating_neg()), lamports(costs))
            }
            (None, None) => Self::Unknown,
            (None, Some("expired")) => {
                Self::Not("it did not land in time: give the command again".to_owned())
            }
            (None, Some(outcome)) => {
                Self::Not(format!("{outcome}: {}", attempt.text("why").unwrap_or_default()))
            }
        }
    }
}

/// Whose closing it is.
fn of(closing: &Closing) -> Option<Of> {
    let text = |name| closing.attempt.text(name);
    Some((text("wallet")?.parse().ok()?, text("mint")?.parse().ok()?))
}

/// Tells the bot, which closes one account after the other; what it refuses, and why.
fn by_the_bot(
    bot: &Bot,
    wanted: &[Of],
    sweep: &Sweep,
    closings: impl Fn() -> Result<Vec<Closing>, Failure>,
) -> Result<BTreeMap<Of, Came>, Failure> {
    let mut refused = BTreeMap::new();
    for (wallet, mint) in wanted.iter().copied() {
        match bot.try_command(&Wish::Sweep { mint, wallet }, &sweep.why) {
            Ok(_) => {}
            Err(ClientError::Problem(problem)) if problem.code == Exit::REFUSED.0 => {
                refused.insert((wallet, mint), Came::Not(problem.message));
            }
            Err(error) => return Err(error.problem(true).into()),
        }
    }
    let began = Instant::now();
    while began.elapsed() < sweep.wait {
        let told = closings()?;
        let ended = told.iter().filter(|closing| closing.attempt.text("outcome").is_some()).count();
        if ended + refused.len() >= wanted.len() {
            break;
        }
        thread::sleep(LOOK);
    }
    Ok(refused)
}

fn print(accounts: &[TokenAccount], came: &BTreeMap<Of, Came>, out: &mut Out) -> Result<(), Failure> {
    if accounts.is_empty() && out.for_people_by_default() {
        return out.text("no wallet has a token account\n");
    }
    let rows: Vec<Value> = accounts.iter().map(|account| row(account, came)).collect();
    let columns = [
        Column::new("MINT", "mint", Kind::Key),
        Column::new("ACCOUNT", "account", Kind::Key).wide(),
        Column::new("WALLET", "wallet", Kind::Key).wide(),
        Column::new("RENT (SOL)", "rent_sol", Kind::Number),
        Column::new("OUTCOME", "outcome", Kind::Text),
        Column::new("NETWORK FEES (SOL)", "network_sol", Kind::Number),
        Column::new("WHY", "why", Kind::Text),
    ];
    let there = |column: &Column| rows.iter().any(|row| !row[&column.path].is_null());
    let columns: Vec<_> = columns.into_iter().filter(there).collect();
    out.list(&columns, &rows)?;
    if !out.for_people_by_default() || came.is_empty() {
        return Ok(());
    }
    let (mut back, mut network) = (Lamports::ZERO, Lamports::ZERO);
    for came in came.values() {
        if let Came::Back(rent, costs) = came {
            back += *rent;
            network += *costs;
        }
    }
    out.text(&format!("{back} of rent came back, for {network} of network fees\n"))
}

fn row(account: &TokenAccount, came: &BTreeMap<Of, Came>) -> Value {
    let TokenAccount { address, wallet, mint, program, tokens, lamports, stays } = account;
    let mut row = json!({
        "schema": "momentum.sweep.v1", "mint": mint, "account": address, "wallet": wallet, "program": program,
        "token_amount": tokens.to_string(), "rent_lamports": lamports.0.to_string(), "rent_sol": Sol::from(*lamports),
        "outcome": "closable", "why": null, "network_lamports": null, "network_sol": null,
    });
    match (stays, came.get(&(*wallet, *mint))) {
        (Some(why), _) => {
            row["outcome"] = json!("stays");
            row["why"] = json!(why);
        }
        (None, None) => {}
        (None, Some(Came::Back(rent, costs))) => {
            row["outcome"] = json!("closed");
            row["rent_lamports"] = json!(rent.0.to_string());
            row["rent_sol"] = json!(Sol::from(*rent));
            row["network_lamports"] = json!(costs.0.to_string());
            row["network_sol"] = json!(Sol::from(*costs));
        }
        (None, Some(Came::Unknown)) => {
            row["outcome"] = json!("in flight");
            row["why"] = json!("the chain has not ended it: the book waits for it, and so does its token");
        }
        (None, Some(Came::Not(why))) => {
            row["outcome"] = json!("not closed");
            row["why"] = json!(why);
        }
    }
    row
}
