//! Facts into tables: what was signalled, ordered, tried, filled, moved, closed, changed, and by whom.

use momentum_core::action::{Order, Swap};
use momentum_core::analysis::Analysis;
use momentum_core::event::{Command, Commanded, Fill, NetworkCosts, Side, Started};
use momentum_core::fact::{AttemptEnd, Fact, PositionClosed, Refused};
use momentum_core::ids::{AttemptId, Mint, OrderId, Signature, Slot, Wallet};
use momentum_core::simulation::Simulation;
use momentum_core::time::Timestamp;
use momentum_core::trader::orders::{Attempt, AttemptState};
use momentum_core::trader::signals::EntrySignal;
use momentum_core::units::Lamports;
use serde_json::json;

use super::item::{Item, Token, Told};
use super::queue::Batch;
use super::writer::Live;
use crate::db::{Db, Form, Value};
use crate::error::StoreError;
use crate::record::clean;
use crate::table::Record;
use crate::tables::{
    ATTEMPTS, AUDIT, BLACKLIST, CREATORS, DAYS, EXITS, FILLS, ORDERS, POSITIONS, RUNS, SIGNALS, SIMULATIONS,
    STOP_MOVES, TOKENS,
};

/// Columns of an attempt that its approval fixes: they never change.
const FIXED: [&str; 8] = ["mint", "wallet", "side", "spend", "min_tokens", "tokens", "priority", "tip"];

/// Why an order was given that closes an account. Its row, and that of its fill, is one of the sell side, without
/// tokens; what the fill locked of rent is less than nothing.
pub(crate) const RENT: &str = "rent";
/// The same of one that sends all lamports to the cold address: what its fill brought is less than nothing.
pub(crate) const COLD: &str = "cold";

/// An unsigned number as a column has it.
pub(super) fn whole(number: u64, what: &str) -> Result<Value, StoreError> {
    i64::try_from(number).map(Value::Int).map_err(|_| StoreError::TooLarge(what.to_owned()))
}

/// A slot as a column has it. One that fits into none is left out: what a stream shows stops no journal.
fn of_slot(slot: Option<Slot>) -> Option<i64> {
    slot.and_then(|slot| i64::try_from(slot.0).ok())
}

/// Writes what an event told.
pub(super) async fn write(db: &mut Db, live: &mut Live, item: &Item) -> Result<(), StoreError> {
    let seq = whole(item.seq.0, "seq")?;
    if let Some(started) = &item.started {
        run(db, item, started, &seq).await?;
    }
    if let Some(commanded) = &item.command {
        command(db, item, commanded, &seq).await?;
    }
    for told in &item.facts {
        fact(db, live, item, told, &seq).await?;
    }
    Ok(())
}

async fn run(db: &mut Db, item: &Item, started: &Started, seq: &Value) -> Result<(), StoreError> {
    let mode = RUNS.tree(&started.mode)?;
    let row = RUNS
        .empty()
        .with("first_seq", seq.clone())
        .with("run_id", started.run_id.as_str())
        .with("mode", mode.as_str().unwrap_or_default())
        .with("config_hash", started.config.hash.to_string())
        .with("started_at", item.now.0);
    RUNS.put_once(db, &row, &[]).await
}

/// A command goes into the audit; the blacklist is its own table.
async fn command(db: &mut Db, item: &Item, told: &Commanded, seq: &Value) -> Result<(), StoreError> {
    let body = match &told.command {
        // The whole of the settings is in the recording; here their name is enough.
        Command::Reconfigure(config) => json!({ "Reconfigure": config.hash.to_string() }),
        command => AUDIT.tree(command)?,
    };
    audit(db, item, (seq, -1), "command", (&told.who, &told.why), &body).await?;
    if let Command::Blacklist { key, listed } = &told.command {
        let key = key.to_string();
        if *listed {
            let row = BLACKLIST
                .empty()
                .with("key", key)
                .with("who", told.who.as_str())
                .with("why", told.why.as_str())
                .with("listed_at", item.now.0);
            BLACKLIST.put(db, &row).await?;
        } else {
            BLACKLIST.delete(db, &[key.into()]).await?;
        }
    }
    Ok(())
}

async fn audit(
    db: &mut Db,
    item: &Item,
    (seq, nth): (&Value, i64),
    kind: &str,
    (who, why): (&str, &str),
    body: &serde_json::Value,
) -> Result<(), StoreError> {
    let row = AUDIT
        .empty()
        .with("seq", seq.clone())
        .with("nth", nth)
        .with("told_at", item.now.0)
        .with("kind", kind)
        .with("who", who)
        .with("why", why)
        .with("body", body.to_string());
    AUDIT.put_once(db, &row, &[]).await
}

async fn fact(db: &mut Db, live: &mut Live, item: &Item, told: &Told, seq: &Value) -> Result<(), StoreError> {
    let place = (seq, told.nth);
    match &told.fact {
        Fact::EntrySignalled(entry) => {
            token(db, entry.mint, told.token.as_ref(), item.now).await?;
            signal(db, entry, told.breakdown.as_deref(), place).await
        }
        Fact::Refused(refused) => refusal(db, item, refused).await,
        Fact::OrderOpened(order) => {
            token(db, order.mint, told.token.as_ref(), item.now).await?;
            ordered(db, live, item, order).await
        }
        Fact::AttemptJournaled { attempt, signature, last_valid_height, raw } => {
            journaled_bytes(db, live, item, *attempt, *signature, *last_valid_height, raw).await
        }
        Fact::AttemptEnded { attempt, end, costs, .. } => ended(db, live, item, *attempt, end, costs).await,
        Fact::Filled { attempt, mint, slot, fill, exit } => {
            let mut row = FILLS.lift(fill)?;
            let of = attempt_row(db, live, *attempt).await?;
            row.set_key(of.key_values());
            let wallet = of.text("wallet").unwrap_or_default().to_owned();
            let row = row
                .with("mint", mint.to_string())
                .with("wallet", wallet)
                .with("reason", exit.map(|exit| exit.name().to_owned()))
                .with("slot", whole(slot.0, "slot")?)
                .with("filled_at", item.now.0);
            // A fill points to its attempt: an order that opened in this batch has its row already.
            FILLS.put_once(db, &row, &["filled_at"]).await?;
            landed(live, *attempt, costs_of(of, &fill.costs)?, *slot, item);
            Ok(())
        }
        Fact::RentReturned { attempt, mint, wallet, slot, rent, costs } => {
            let fill = unswapped((*mint, *wallet, RENT), ("rent_locked", *rent));
            landed_unswapped(db, live, item, *attempt, fill, *slot, costs).await
        }
        Fact::Withdrawn { attempt, wallet, slot, lamports, costs, .. } => {
            let fill = unswapped((Mint::default(), *wallet, COLD), ("lamports", *lamports));
            landed_unswapped(db, live, item, *attempt, fill, *slot, costs).await
        }
        Fact::Vanished { order, slot, fill } => vanished(db, live, item, place, (order, *slot, fill)).await,
        Fact::Simulated(simulation) => simulated(db, live, item, simulation).await,
        // One that was adopted is the first that the book hears of its token.
        Fact::PositionOpened { mint, .. } => token(db, *mint, told.token.as_ref(), item.now).await,
        Fact::OrderClosed { order, filled, .. } => closed_order(db, item, *order, *filled).await,
        Fact::StopMoved { mint, tokens, stop } => {
            let row = STOP_MOVES
                .empty()
                .with("seq", seq.clone())
                .with("nth", told.nth)
                .with("mint", mint.to_string())
                .with("tokens", whole(tokens.0, "tokens")?)
                .with("stop", whole(stop.0, "stop")?)
                .with("moved_at", item.now.0);
            STOP_MOVES.put_once(db, &row, &[]).await
        }
        Fact::ExitFired { mint, reason, tokens, mark } => {
            let row = EXITS
                .empty()
                .with("seq", seq.clone())
                .with("nth", told.nth)
                .with("mint", mint.to_string())
                .with("reason", reason.name())
                .with("tokens", whole(tokens.0, "tokens")?)
                .with("mark", whole(mark.0, "mark")?)
                .with("fired_at", item.now.0);
            EXITS.put_once(db, &row, &[]).await
        }
        Fact::PositionClosed(closed) => closed_position(db, item, closed).await,
        Fact::DayClosed { day, result, equity } => {
            let row = DAYS
                .empty()
                .with("day", day.0)
                .with("result", result.0)
                .with("equity", whole(equity.0, "equity")?);
            DAYS.put_once(db, &row, &[]).await
        }
        Fact::StateChanged { state, hold, who, why } => {
            let body = json!({ "state": state.name(), "hold": hold.map(|hold| hold.name()) });
            audit(db, item, place, "state", (who, why), &body).await
        }
        Fact::InvariantBroken { what } => {
            audit(db, item, place, "invariant", ("engine", what), &json!({})).await
        }
        Fact::ForeignMoney { wallet, change } => {
            let body = json!({ "wallet": wallet.to_string(), "change": change.0.to_string() });
            audit(db, item, place, "foreign", ("chain", "no order of ours explains it"), &body).await
        }
        Fact::TokensLeft { wallet, mint, tokens } => {
            let (wallet, mint, tokens) = (wallet.to_string(), mint.to_string(), tokens.0.to_string());
            let body = json!({ "wallet": wallet, "mint": mint, "tokens": tokens });
            audit(db, item, place, "tokens_left", ("chain", "no order of ours explains it"), &body).await
        }
        _ => Ok(()),
    }
}

/// A landing that a fork took back: the attempt has no end and the order neither, there is no fill, and a buy has no
/// position, which is closed with nothing in it. What it had done is in the audit.
async fn vanished(
    db: &mut Db,
    live: &mut Live,
    item: &Item,
    place: (&Value, i64),
    (order, slot, fill): (&Order, Slot, &Fill),
) -> Result<(), StoreError> {
    let id = order.attempt;
    let mut row = attempt_row(db, live, id).await?;
    FILLS.delete(db, row.key_values()).await?;
    for column in ["landed_at", "landed_slot", "ended_at", "cost_base", "cost_priority", "cost_tip"] {
        row.set(column, Value::Null(Form::Int));
    }
    row.set("outcome", Value::Null(Form::Text));
    save(live, id, row.with("state", "sent"));
    let key = [whole(id.order.seq.0, "seq")?, i64::from(id.order.nth).into()];
    if let Some(mut of) = ORDERS.get(db, &key).await? {
        of.set("closed_at", Value::Null(Form::Int));
        of.set("filled", Value::Null(Form::Int));
        ORDERS.put(db, &of).await?;
    }
    if fill.side == Side::Buy {
        let open = "WHERE mint = $1 AND closed_at IS NULL";
        for mut row in POSITIONS.all(db, open, &[order.mint.to_string().into()]).await? {
            for column in ["bought", "sold", "cost", "proceeds", "venue_fees", "network", "pnl"] {
                row.set(column, 0);
            }
            POSITIONS.put(db, &row.with("closed_at", item.now.0).with("reason", "vanished")).await?;
        }
    }
    let body = json!({ "attempt": id.to_string(), "slot": slot.0.to_string(), "fill": FILLS.tree(fill)? });
    audit(db, item, place, "vanished", ("chain", "a fork took its block back"), &body).await
}

/// A buy on paper that was run on the chain, beside what it should have done.
async fn simulated(db: &mut Db, live: &Live, item: &Item, told: &Simulation) -> Result<(), StoreError> {
    let mut row = SIMULATIONS.empty();
    row.set_key(attempt_row(db, live, told.attempt).await?.key_values());
    let mut row = row
        .with("mint", told.mint.to_string())
        .with("tokens", whole(told.tokens.0, "tokens")?)
        .with("expected_paid", whole(told.expected.paid.0, "expected_paid")?)
        .with("expected_back", whole(told.expected.back.0, "expected_back")?)
        .with("difference", told.difference().map(|difference| difference.0))
        .with("simulated_at", item.now.0);
    match &told.outcome {
        Ok(simulated) => {
            row.set("slot", whole(simulated.slot.0, "slot")?);
            row.set("paid", whole(simulated.trip.paid.0, "paid")?);
            row.set("back", whole(simulated.trip.back.0, "back")?);
            row.set("units", whole(simulated.units, "units")?);
        }
        Err(why) => row.set("why", clean(why).into_owned()),
    }
    SIMULATIONS.put_once(db, &row, &["simulated_at"]).await
}

/// The token's row and its creator's, where this is the first that the book hears of them.
async fn token(db: &mut Db, mint: Mint, token: Option<&Token>, now: Timestamp) -> Result<(), StoreError> {
    let mut row = TOKENS.empty().with("mint", mint.to_string());
    if let Some(token) = token {
        let creator = token.creator.to_string();
        let of = CREATORS.empty().with("creator", creator.as_str()).with("first_seen_at", now.0);
        CREATORS.put_once(db, &of, &["first_seen_at"]).await?;
        row = row
            .with("name", token.name.as_str())
            .with("symbol", token.symbol.as_str())
            .with("creator", creator)
            .with("launched_at", token.at.0);
    }
    TOKENS.put_once(db, &row, &["name", "symbol", "creator", "launched_at"]).await
}

async fn signal(
    db: &mut Db,
    entry: &EntrySignal,
    breakdown: Option<&Analysis>,
    (seq, nth): (&Value, i64),
) -> Result<(), StoreError> {
    let told = breakdown.map(serde_json::to_string).transpose().map_err(|error| StoreError::Form {
        table: SIGNALS.name,
        column: "breakdown",
        what: error.to_string(),
    })?;
    let row = SIGNALS.lift(entry)?.with("seq", seq.clone()).with("nth", nth).with("breakdown", told);
    SIGNALS.put_once(db, &row, &["outcome", "figures", "order_seq", "order_nth"]).await
}

/// The newest signal of a token, where nothing has become of it yet.
async fn waiting_signal(db: &mut Db, mint: Mint, now: Timestamp) -> Result<Option<Record>, StoreError> {
    let tail = "WHERE mint = $1 ORDER BY seq DESC, nth DESC LIMIT 1";
    let newest = SIGNALS.all(db, tail, &[mint.to_string().into()]).await?.into_iter().next();
    let waits = |signal: &Record| {
        signal.text("outcome").is_none() && signal.int("expires_at").is_some_and(|expires| expires >= now.0)
    };
    Ok(newest.filter(waits))
}

async fn refusal(db: &mut Db, item: &Item, refused: &Refused) -> Result<(), StoreError> {
    if refused.side != Side::Buy {
        return Ok(());
    }
    if let Some(signal) = waiting_signal(db, refused.mint, item.now).await? {
        let code = refused.code.entry().name;
        let signal = signal.with("outcome", code).with("figures", refused.figures.as_str());
        SIGNALS.put(db, &signal).await?;
    }
    Ok(())
}

/// An order's first attempt opens the order (or the first that is known: one that left by the exit journal may
/// have had others before it that are lost); every attempt has a row.
async fn ordered(db: &mut Db, live: &mut Live, item: &Item, order: &Order) -> Result<(), StoreError> {
    let side = match order.swap {
        Swap::Buy { .. } => "buy",
        Swap::Sell { .. } | Swap::Close | Swap::Withdraw { .. } => "sell",
    };
    let reason = match order.swap {
        Swap::Close => Some(RENT.to_owned()),
        Swap::Withdraw { .. } => Some(COLD.to_owned()),
        Swap::Buy { .. } | Swap::Sell { .. } => order.exit.map(|exit| exit.name().to_owned()),
    };
    let OrderId { seq, nth } = order.attempt.order;
    let (seq, nth) = (whole(seq.0, "seq")?, i64::from(nth));
    let first = order.attempt.number == 1;
    if first || ORDERS.get(db, &[seq.clone(), nth.into()]).await?.is_none() {
        let row = ORDERS
            .empty()
            .with("seq", seq.clone())
            .with("nth", nth)
            .with("mint", order.mint.to_string())
            .with("wallet", order.wallet.to_string())
            .with("side", side)
            .with("reason", reason)
            .with("opened_at", item.now.0)
            .with("run_id", item.run.run_id.as_str())
            .with("config_hash", item.run.config_hash.as_str());
        ORDERS.put_once(db, &row, &["closed_at", "filled"]).await?;
        if side == "buy"
            && let Some(signal) = waiting_signal(db, order.mint, item.now).await?
        {
            let signal = signal.with("outcome", "executed").with("order_seq", seq).with("order_nth", nth);
            SIGNALS.put(db, &signal).await?;
        }
    }
    let attempt = Attempt { order: order.clone(), state: AttemptState::Submitted, sent: None };
    let row = ATTEMPTS
        .lift(&attempt)?
        .with("side", side)
        .with("run_id", item.run.run_id.as_str())
        .with("config_hash", item.run.config_hash.as_str())
        .with("triggered_at", item.now.0)
        .with("triggered_slot", of_slot(item.slot))
        .with("decided_at", item.decided.0);
    let loose: Vec<_> =
        ATTEMPTS.columns.iter().map(|column| column.name).filter(|name| !FIXED.contains(name)).collect();
    ATTEMPTS.put_once(db, &row, &loose).await?;
    live.rows.insert(order.attempt, row);
    Ok(())
}

/// The row of an attempt, from memory or from the database. One that is nowhere is a bug.
pub(super) async fn attempt_row(db: &mut Db, live: &Live, id: AttemptId) -> Result<Record, StoreError> {
    if let Some(row) = live.rows.get(&id) {
        return Ok(row.clone());
    }
    let AttemptId { order: OrderId { seq, nth }, number } = id;
    let key = [whole(seq.0, "seq")?, i64::from(nth).into(), i64::from(number).into()];
    let row = ATTEMPTS.get(db, &key).await?;
    row.ok_or_else(|| StoreError::Refused(format!("attempt {id} has no row")))
}

/// Takes a newer state of an attempt's row: it is written with the batch, or before what points to it.
pub(super) fn save(live: &mut Live, id: AttemptId, row: Record) {
    live.rows.insert(id, row);
    live.dirty.insert(id);
}

/// Writes the rows of attempts that are newer than the database has them.
pub(super) async fn settle(db: &mut Db, live: &mut Live) -> Result<(), StoreError> {
    for id in std::mem::take(&mut live.dirty) {
        if let Some(row) = live.rows.get(&id) {
            ATTEMPTS.put(db, row).await?;
        }
    }
    Ok(())
}

/// Writes one time of an attempt's trace.
pub(super) async fn stamp(
    db: &mut Db,
    live: &mut Live,
    id: AttemptId,
    column: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = attempt_row(db, live, id).await?.with(column, at.0);
    save(live, id, row);
    Ok(())
}

async fn journaled_bytes(
    db: &mut Db,
    live: &mut Live,
    item: &Item,
    id: AttemptId,
    signature: Signature,
    last_valid_height: u64,
    raw: &[u8],
) -> Result<(), StoreError> {
    let row = attempt_row(db, live, id).await?;
    if row.bytes("raw").is_some_and(|there| there != raw) {
        let (table, key, columns) = (ATTEMPTS.name, row.key(), "raw".to_owned());
        return Err(StoreError::Contradiction { table, key, columns });
    }
    let row = row
        .with("signature", signature.to_string())
        .with("last_valid_height", whole(last_valid_height, "last_valid_height")?)
        .with("raw", Value::Bytes(raw.to_vec()))
        .with("prepared_at", item.now.0)
        // The stream shows the loop nothing more before it lets them go.
        .with("sent_slot", of_slot(item.slot));
    save(live, id, row);
    Ok(())
}

/// The attempts whose bytes a batch makes durable.
pub(super) fn journaled(batch: &Batch) -> impl Iterator<Item = AttemptId> {
    batch.items.iter().flat_map(|item| &item.facts).filter_map(|told| match &told.fact {
        Fact::AttemptJournaled { attempt, .. } => Some(*attempt),
        _ => None,
    })
}

/// Takes it that an attempt has landed.
fn landed(live: &mut Live, id: AttemptId, row: Record, slot: Slot, item: &Item) {
    let mut row = row.with("outcome", "landed").with("state", "landed");
    row.set("landed_at", item.now.0);
    row.set("landed_slot", of_slot(Some(slot)));
    row.set("ended_at", item.now.0);
    save(live, id, row);
}

/// The fill of an order that swaps nothing: this column has its amount, less than nothing.
fn unswapped((mint, wallet, reason): (Mint, Wallet, &str), (column, amount): (&str, Lamports)) -> Record {
    let none = ["tokens", "lamports", "fee_lp", "fee_protocol", "fee_creator", "rent_locked"];
    none.into_iter()
        .fold(FILLS.empty(), |row, name| row.with(name, 0))
        .with("mint", mint.to_string())
        .with("wallet", wallet.to_string())
        .with("side", "sell")
        .with("reason", reason)
        .with(column, 0_i64.saturating_sub_unsigned(amount.0))
}

/// Takes it that an attempt of one has landed.
async fn landed_unswapped(
    db: &mut Db,
    live: &mut Live,
    item: &Item,
    id: AttemptId,
    fill: Record,
    slot: Slot,
    costs: &NetworkCosts,
) -> Result<(), StoreError> {
    let of = costs_of(attempt_row(db, live, id).await?, costs)?;
    let mut fill = costs_of(fill, costs)?.with("slot", whole(slot.0, "slot")?).with("filled_at", item.now.0);
    fill.set_key(of.key_values());
    FILLS.put_once(db, &fill, &["filled_at"]).await?;
    landed(live, id, of, slot, item);
    Ok(())
}

fn costs_of(row: Record, costs: &NetworkCosts) -> Result<Record, StoreError> {
    Ok(row
        .with("cost_base", whole(costs.base.0, "costs")?)
        .with("cost_priority", whole(costs.priority.0, "costs")?)
        .with("cost_tip", whole(costs.tip.0, "costs")?))
}

async fn ended(
    db: &mut Db,
    live: &mut Live,
    item: &Item,
    id: AttemptId,
    end: &AttemptEnd,
    costs: &NetworkCosts,
) -> Result<(), StoreError> {
    let row = costs_of(attempt_row(db, live, id).await?, costs)?;
    let (outcome, why) = match end {
        AttemptEnd::Refused { why } => ("refused", Some(why.as_str())),
        AttemptEnd::Failed { error } => ("failed", Some(error.as_str())),
        AttemptEnd::Expired => ("expired", None),
    };
    if row.text("outcome").is_some_and(|there| there != outcome) {
        let (table, key, columns) = (ATTEMPTS.name, row.key(), "outcome".to_owned());
        return Err(StoreError::Contradiction { table, key, columns });
    }
    let mut row = row.with("outcome", outcome).with("state", outcome).with("ended_at", item.now.0);
    row.set("why", why.map_or(Value::Null(Form::Text), Value::from));
    if outcome == "failed" {
        row.set("landed_at", item.now.0);
        row.set("landed_slot", of_slot(item.failed_in));
    } else if row.int("sent_at").is_none() {
        // As far as was told, its bytes were held back.
        row.set("sent_slot", Value::Null(Form::Int));
    }
    save(live, id, row);
    Ok(())
}

async fn closed_order(db: &mut Db, item: &Item, order: OrderId, filled: bool) -> Result<(), StoreError> {
    let key = [whole(order.seq.0, "seq")?, i64::from(order.nth).into()];
    let row = ORDERS.get(db, &key).await?;
    let row = row.ok_or_else(|| StoreError::Refused(format!("order {order} has no row")))?;
    if row.int("closed_at").is_some() {
        return Ok(());
    }
    ORDERS.put(db, &row.with("closed_at", item.now.0).with("filled", i64::from(filled))).await
}

async fn closed_position(db: &mut Db, item: &Item, closed: &PositionClosed) -> Result<(), StoreError> {
    let key = [closed.mint.to_string().into(), closed.opened.0.into()];
    let row = POSITIONS.get(db, &key).await?;
    let row =
        row.ok_or_else(|| StoreError::Refused(format!("the position in {} has no row", closed.mint)))?;
    let row = row
        .with("bought", whole(closed.tokens.0, "tokens")?)
        .with("sold", whole(closed.tokens.0, "tokens")?)
        .with("cost", whole(closed.cost.0, "cost")?)
        .with("proceeds", whole(closed.proceeds.0, "proceeds")?)
        .with("venue_fees", whole(closed.venue_fees.0, "venue_fees")?)
        .with("network", whole(closed.network.0, "network")?)
        .with("closed_at", item.now.0)
        .with("reason", closed.reason.name())
        .with("pnl", closed.pnl.0);
    POSITIONS.put(db, &row).await
}
