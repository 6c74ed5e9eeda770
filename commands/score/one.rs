//! `momentum score MINT`: the score of one token as the running bot has it now, part by part.

use momentum_core::ids::Mint;
use serde_json::{Value, json};

use super::Score;
use crate::book::Bot;
use crate::columns::{Column, Kind, field};
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::stored::Stored;

/// Asks the bot and prints it.
pub(super) fn run(global: &Global, score: &Score, mint: Mint, out: &mut Out) -> Result<(), Failure> {
    let book = score.book.book(global)?;
    let Some(bot) = Bot::of(&book, global)? else {
        return stored(&Stored::of(&book, global)?, score, mint, out);
    };
    let token = bot.ask(false, |client| client.token(mint))?;
    let record = &token["score"];
    if !out.for_people_by_default() {
        return out.one(&[Column::new("mint", "mint", Kind::Key)], record);
    }
    let column = |title: &str, path: &str| Column::new(title, path, Kind::Text);
    let columns = [
        column("token", "mint"),
        column("score", "score"),
        column("rank", "rank"),
        column("all known", "complete"),
        column("hard fail", "hard_fail"),
        column("flags", "flags"),
        column("measured at", "now"),
        column("last trade at", "traded"),
    ];
    let mut shown = record.clone();
    shown["traded"] = token["traded"].clone();
    let there: Vec<_> = columns.into_iter().filter(|column| field(&shown, &column.path).is_some()).collect();
    out.one(&there, &shown)?;
    out.text("\n")?;
    let parts = record["explained"].as_array().cloned().unwrap_or_default();
    if !score.explain {
        let columns = [
            Column::new("PART", "name", Kind::Text),
            Column::new("POINTS", "points", Kind::Number),
            Column::new("OF", "max", Kind::Number),
        ];
        return out.list(&columns, &parts);
    }
    let rows: Vec<_> = parts.iter().flat_map(inputs).collect();
    let columns = [
        Column::new("PART", "part", Kind::Text),
        Column::new("INPUT", "name", Kind::Text),
        Column::new("VALUE", "shown", Kind::Number),
        Column::new("POINTS", "points", Kind::Number),
        Column::new("TIER", "tier", Kind::Text),
        Column::new("NEXT TIER", "next", Kind::Text),
        Column::new("AWAY", "distance", Kind::Number),
        Column::new("SOURCE", "source", Kind::Text),
        Column::new("AGE (s)", "age_seconds", Kind::Number),
    ];
    out.list(&columns, &rows)
}

/// The newest score that is kept, where no bot runs: its points, and how old it is.
fn stored(stored: &Stored, score: &Score, mint: Mint, out: &mut Out) -> Result<(), Failure> {
    let found = stored.score(mint)?;
    stored.say_age(None, out)?;
    if score.explain {
        out.say(
            "no explanation is kept with a score: a running bot gives one, or `momentum score - --explain`",
        );
    }
    let column = |title: &str, path: &str| Column::new(title, path, Kind::Text);
    let points = ["total", "volume", "holders", "liquidity", "social", "safety"];
    let mut columns = vec![column("token", "mint"), column("age (s)", "age_seconds")];
    columns.extend(points.map(|name| column(name, &format!("points.{name}"))));
    columns.push(column("hard fail", "score.hard_fail"));
    out.one(&columns, &found)
}

/// The inputs of a part, each with the name of the part and with why it is not known in place of a value.
fn inputs(part: &Value) -> Vec<Value> {
    let inputs = part["inputs"].as_array().cloned().unwrap_or_default();
    let named = |mut input: Value| {
        let unknown = input["unknown"].as_str().map(|why| format!("unknown: {why}"));
        input["shown"] = input.get("value").cloned().unwrap_or_else(|| json!(unknown));
        input["part"] = part["name"].clone();
        input
    };
    inputs.into_iter().map(named).collect()
}
