//! `momentum killswitch drill`: what selling everything would bring now, and what could not be sold.

use momentum_control::client::{Client, ClientError};
use momentum_core::codes::Exit;
use momentum_core::trader::positions::Position;
use momentum_core::units::Lamports;
use momentum_runtime::glance::{drill, sale_costs};
use momentum_store::book::Book;
use momentum_store::record::Sol;
use serde_json::{Value, json};

use crate::book::{BookArgs, Bot};
use crate::columns::{Column, Kind};
use crate::errand::PATIENCE;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::stored::Stored;

/// Runs it. Nothing is sent, nobody is disturbed, no lock is taken.
pub(super) fn run(global: &Global, args: &BookArgs, out: &mut Out) -> Result<(), Failure> {
    let book = args.book(global)?;
    let positions = positions(&book, global, out)?;
    if positions.is_empty() && out.for_people_by_default() {
        return out.text("no position is open: there is nothing to sell\n");
    }
    let settings = global.settings(Vec::new())?;
    let costs = sale_costs(&settings, args.live());
    let mut brings: Vec<Result<Lamports, String>> = Vec::new();
    let how = if args.live() {
        let drilled = drill(&settings, book.name().network, &positions)?;
        brings.extend(drilled.into_iter().map(|sale| sale.map(|brought| brought.proceeds)));
        "simulated"
    } else {
        brings.extend(positions.iter().map(|position| Ok(position.mark.of(position.remaining()))));
        "quoted"
    };
    let rows: Vec<_> =
        positions.iter().zip(&brings).map(|(position, brings)| row(position, brings, costs, how)).collect();
    print(&rows, how, out)?;
    out.flush()?;
    let missing = brings.iter().any(Result::is_err);
    if missing { Err(Failure::Status(Exit::PARTIAL)) } else { Ok(()) }
}

/// What is held: as the bot says, or as its book does where it is dead or hangs.
fn positions(book: &Book, global: &Global, out: &Out) -> Result<Vec<Position>, Failure> {
    let bot = Bot::within(book, PATIENCE.min(global.timeout))?;
    if let Some(bot) = &bot {
        match bot.try_ask(Client::positions) {
            Ok(rows) => {
                let whole = rows.iter().map(|row| bot.ask(false, |client| client.position(row.mint)));
                return whole.collect();
            }
            Err(ClientError::Problem(problem)) => return Err(problem.into()),
            Err(_) => {}
        }
    }
    let Some(stored) = Stored::find(book, global)? else { return Ok(Vec::new()) };
    stored.say_age(bot.as_ref().map(Bot::holder), out)?;
    stored.positions()
}

fn row(position: &Position, brings: &Result<Lamports, String>, costs: Lamports, how: &str) -> Value {
    let mut row = json!({
        "schema": "momentum.drill.v1", "mint": position.mint, "wallet": position.wallet,
        "tokens": position.remaining().to_string(),
        "cost_lamports": position.cost_left().0.to_string(), "cost_sol": Sol::from(position.cost_left()),
        "network_lamports": costs.0.to_string(), "network_sol": Sol::from(costs),
    });
    match brings {
        Ok(lamports) => {
            let net = lamports.minus(costs);
            row["how"] = json!(how);
            row["brings_lamports"] = json!(lamports.0.to_string());
            row["brings_sol"] = json!(Sol::from(*lamports));
            row["net_lamports"] = json!(net.0.to_string());
            row["net_sol"] = json!(Sol::from(net));
        }
        Err(why) => row["why"] = json!(why),
    }
    row
}

fn print(rows: &[Value], how: &str, out: &mut Out) -> Result<(), Failure> {
    let columns = [
        Column::new("MINT", "mint", Kind::Key),
        Column::new("TOKENS", "tokens", Kind::Number),
        Column::new("COST (SOL)", "cost_sol", Kind::Number),
        Column::new("WOULD BRING (SOL)", "brings_sol", Kind::Number),
        Column::new("NETWORK FEES (SOL)", "network_sol", Kind::Number),
        Column::new("NET (SOL)", "net_sol", Kind::Signed),
        Column::new("NOT SOLD, BECAUSE", "why", Kind::Text),
    ];
    let failed = rows.iter().any(|row| row["why"].is_string());
    let there: Vec<_> = columns.into_iter().filter(|column| failed || column.path != "why").collect();
    out.list(&there, rows)?;
    if !out.for_people_by_default() {
        return Ok(());
    }
    let net = |row: &Value| row["net_lamports"].as_str().and_then(|net| net.parse::<i64>().ok());
    let sum: i64 = rows.iter().filter_map(net).fold(0, i64::saturating_add);
    let sum = momentum_core::units::LamportsDelta(sum);
    let unsold = rows.iter().filter(|row| net(row).is_none()).count();
    let missing = if unsold > 0 { format!(", and {unsold} that could not be sold") } else { String::new() };
    out.text(&format!("{how}: {sum} net of network fees{missing}\n"))
}
