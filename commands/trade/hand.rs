//! `momentum trade buy|sell|status|blacklist`: by hand: through the bot and all of its gates, a sale where none
//! runs too.

use std::time::Duration;

use clap::{Args, Subcommand};
use momentum_control::client::Client;
use momentum_control::operator::this_user;
use momentum_control::request::Wish;
use momentum_core::ids::{Mint, Pubkey};
use momentum_core::units::{Lamports, TokenAmount};
use momentum_runtime::bot::Task;
use momentum_store::book::{Book, wall_clock};
use momentum_store::queries;
use serde_json::json;

use crate::book::{BookArgs, Bot};
use crate::columns::{Column, Kind};
use crate::errand::{self, Reached, Wanted};
use crate::failure::Failure;
use crate::global::{Global, sol, span, tokens};
use crate::output::Out;
use crate::stored::{self, Stored};
use crate::{confirm, done};

/// A buy.
#[derive(Args, Debug)]
#[command(after_help = "\
A buy by hand passes every gate; what a gate refuses ends with status 20 and its figures.

Examples:
  momentum trade buy MINT 0.1SOL
  momentum trade buy MINT 0.1SOL --why 'a hunch' --json")]
pub(crate) struct Buy {
    /// The token
    mint: Mint,
    /// Most that the swap may take, fees of the venue included
    #[arg(value_name = "SOL", value_parser = sol)]
    amount: Lamports,
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
    #[command(flatten)]
    book: BookArgs,
}

/// A sale.
#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("much").required(true).args(["tokens", "all"])))]
#[command(after_help = "\
The bot sells. Where none runs the command sells by itself, as `killswitch flatten` does, and makes
the exits of other positions that are due meanwhile; with --urgent it first ends a bot that has not
answered for 5 s.

Exit status where it sells by itself: 0 it is sold, 24 attempts are in flight, 25 something is left,
66 there is no such position.

Examples:
  momentum trade sell MINT --all --urgent
  momentum trade sell MINT --all --urgent --yes --network mainnet --mode live
  momentum trade sell MINT 1000")]
pub(crate) struct Sell {
    /// The token
    mint: Mint,
    /// How many tokens
    #[arg(value_name = "TOKENS", value_parser = tokens)]
    tokens: Option<TokenAmount>,
    /// All of them
    #[arg(long)]
    all: bool,
    /// With urgent fees, and a bound that widens until it is sold
    #[arg(long)]
    urgent: bool,
    /// How long to go on where no bot does it
    #[arg(long, value_name = "DUR", default_value = "10min", value_parser = span)]
    wait: Duration,
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
    #[command(flatten)]
    book: BookArgs,
}

/// What is never entered.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  momentum trade blacklist add KEY --why 'rugged twice'
  momentum trade blacklist list")]
pub(crate) enum Blacklist {
    /// Never enter this token, or tokens of this creator.
    #[command(after_help = "\
Examples:
  momentum trade blacklist add KEY --why 'rugged twice'")]
    Add(Listed),
    /// Takes it off the list.
    #[command(after_help = "\
Examples:
  momentum trade blacklist remove KEY")]
    Remove(Listed),
    /// What is on it.
    #[command(after_help = "\
Examples:
  momentum trade blacklist list -o name")]
    List(BookArgs),
}

/// A mint or a creator.
#[derive(Args, Debug)]
pub(crate) struct Listed {
    /// A mint, or a creator's wallet
    key: Pubkey,
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
    #[command(flatten)]
    book: BookArgs,
}

/// Buys.
pub(crate) fn buy(global: &Global, buy: &Buy, out: &mut Out) -> Result<(), Failure> {
    if buy.book.live() {
        confirm::yes(global, &format!("Buy for {} for real?", buy.amount))?;
    }
    let wish = Wish::Buy { mint: buy.mint, lamports: buy.amount };
    let told = buy.book.bot(global)?.command(&wish, &buy.why)?;
    done::print("buy", &buy.mint.to_string(), &told, out)
}

/// Sells.
pub(crate) fn sell(global: &Global, sell: &Sell, out: &mut Out) -> Result<(), Failure> {
    if sell.book.live() {
        confirm::yes(global, "Sell for real?")?;
    }
    let Sell { mint, tokens, urgent, wait, ref why, .. } = *sell;
    Sale { verb: "sell", mint, tokens, urgent, why, wait }.make(global, &sell.book.book(global)?, out)
}

/// A sale that was confirmed.
pub(crate) struct Sale<'a> {
    /// The command's word for it.
    pub(crate) verb: &'a str,
    pub(crate) mint: Mint,
    /// All of them, if none.
    pub(crate) tokens: Option<TokenAmount>,
    pub(crate) urgent: bool,
    pub(crate) why: &'a str,
    /// How long to go on where no bot does it.
    pub(crate) wait: Duration,
}

impl Sale<'_> {
    /// Makes it: the bot does, or where none runs the command by itself. The failure says what came of it.
    pub(crate) fn make(&self, global: &Global, book: &Book, out: &mut Out) -> Result<(), Failure> {
        let Sale { verb, mint, tokens, urgent, why, wait } = *self;
        let wish = Wish::Close { mint, tokens, urgent };
        match errand::reach(book, global, (&wish, why), urgent, out)? {
            Reached::Bot(bot, told) => done::print_sale(verb, mint, &told, &bot, out),
            Reached::Unheard(why) => Err(why),
            Reached::Nobody { killed } => {
                let task = Task::Sell { mint, tokens, urgent };
                errand::carry_out(global, &Wanted { book, task, why, wait, killed }, out)
            }
        }
    }
}

/// Attempts that the chain (or the simulated venue) has not ended yet.
pub(crate) fn status(global: &Global, book: &BookArgs, out: &mut Out) -> Result<(), Failure> {
    let book = book.book(global)?;
    let attempts = stored::told(&book, global, out, Client::orders, Stored::attempts)?;
    let rows: Vec<_> = attempts
        .iter()
        .map(|attempt| {
            let order = &attempt.order;
            json!({
                "attempt": order.attempt.to_string(), "side": order.swap.side(), "mint": order.mint,
                "state": attempt.state, "exit": order.exit, "bound_bps": order.bound, "urgent": order.urgent,
                "sent": attempt.sent,
            })
        })
        .collect();
    if rows.is_empty() && out.for_people_by_default() {
        return out.text("nothing is in flight\n");
    }
    let columns = [
        Column::new("ATTEMPT", "attempt", Kind::Text),
        Column::new("SIDE", "side", Kind::Text),
        Column::new("MINT", "mint", Kind::Key),
        Column::new("STATE", "state", Kind::Text),
        Column::new("WHY", "exit", Kind::Text),
        Column::new("BOUND (bps)", "bound_bps", Kind::Number),
        Column::new("SENT", "sent", Kind::Text),
    ];
    out.list(&columns, &rows)
}

/// Reads or changes the blacklist.
pub(crate) fn blacklist(global: &Global, command: &Blacklist, out: &mut Out) -> Result<(), Failure> {
    let change = |listed: &Listed, on: bool, out: &mut Out| {
        let book = listed.book.book(global)?;
        let told = match Bot::of(&book, global)? {
            Some(bot) => {
                let wish = Wish::Blacklist { key: listed.key, listed: on };
                format!("acknowledged by the bot at event {}", bot.command(&wish, &listed.why)?.seq)
            }
            None => {
                let stored = Stored::of(&book, global)?;
                let _lock = book.lock("momentum trade blacklist")?;
                let (key, who, why) = (listed.key, this_user(), listed.why.clone());
                stored.write(async |db| match on {
                    true => queries::list(db, key, &who, &why, wall_clock()).await,
                    false => queries::unlist(db, key).await.map(drop),
                })?;
                "in the database; no bot runs".to_owned()
            }
        };
        let verb = if on { "blacklist add" } else { "blacklist remove" };
        if out.for_people_by_default() {
            return out.text(&format!("{verb} {}: {told}\n", listed.key));
        }
        let record = json!({"schema": "momentum.done.v1", "verb": verb, "subject": listed.key, "how": told});
        out.one(&[Column::new("verb", "verb", Kind::Text)], &record)
    };
    match command {
        Blacklist::Add(listed) => change(listed, true, out),
        Blacklist::Remove(listed) => change(listed, false, out),
        Blacklist::List(book) => {
            let book = book.book(global)?;
            let keys: Vec<String> = match Bot::of(&book, global)? {
                Some(bot) => bot.ask(false, Client::blacklist)?.iter().map(ToString::to_string).collect(),
                None => {
                    let rows = Stored::of(&book, global)?.read(async |db| queries::blacklist(db).await)?;
                    rows.iter().filter_map(|row| row.text("key").map(ToOwned::to_owned)).collect()
                }
            };
            if keys.is_empty() && out.for_people_by_default() {
                return out.text("nothing is on the blacklist\n");
            }
            let rows: Vec<_> = keys.iter().map(|key| json!({"key": key})).collect();
            out.list(&[Column::new("MINT OR CREATOR", "key", Kind::Text)], &rows)
        }
    }
}
