//! The limits of a bot against what it did, by the chain's ledger and the store alone: the bytes of each attempt that
//! was signed, each transaction of its wallet in its order and which order of the store it carried out, and what was
//! held and under way together, at every moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use momentum_core::action::Basis;
use momentum_core::ids::Pubkey;
use momentum_core::quotes::slippage_min;
use momentum_core::units::Bps;
use momentum_localnet::chain::Landed;
use momentum_pump::instructions::Plain;
use momentum_pump::message::{SIGNATURE_BYTES, read};
use momentum_pump::programs::{Program, TIP_ACCOUNTS};
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions, Connection, Row};

use super::trading::{SOL, Stage};
use crate::running::Place;

/// Lamports for a signature.
const SIGNATURE: u64 = 5_000;
/// The widest bound of a sale by the shipped settings.
const WIDEST: Bps = Bps(5_000);
/// Times of the store are in microseconds.
const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;

/// The most that a bot may do at any moment, in lamports.
pub(super) struct Limits {
    /// What one buy may spend, fees of the venue included.
    pub(super) position: u64,
    /// Tokens held or being bought at once.
    pub(super) positions: usize,
    /// What those cost together.
    pub(super) exposure: u64,
    /// Priority fee of a transaction, and its tip; the same of an urgent exit.
    pub(super) fees: [u64; 2],
    /// How far a buy's bound may be below its quote.
    pub(super) slippage: Bps,
    /// Attempts to buy in any minute.
    pub(super) buys_a_minute: usize,
    /// Network fees and tips of a day, from which on nothing is bought.
    pub(super) fees_a_day: u64,
    /// The least that a buy leaves in the wallet.
    pub(super) floor: u64,
}

/// What a bot may do that takes one position at a time; the rest is as lively tests and the shipped settings have it.
pub(super) const ONE: Limits = Limits {
    position: SOL / 5,
    positions: 1,
    exposure: SOL / 5,
    fees: [1_000_000, 3_000_000],
    slippage: Bps(500),
    buys_a_minute: 1_000,
    fees_a_day: 100 * SOL,
    floor: SOL / 20,
};

/// What it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) buys: usize,
    pub(super) sales: usize,
    /// Sales of a part among them.
    pub(super) parts: usize,
    pub(super) failed: usize,
}

/// How far it went: of each limit the most that ever was.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Peaks {
    pub(super) position: u64,
    pub(super) positions: usize,
    pub(super) exposure: u64,
    pub(super) priority: [u64; 2],
    pub(super) tip: [u64; 2],
    pub(super) buys_a_minute: usize,
    /// What was known to be paid in a day when a buy was signed.
    pub(super) fees_a_day: u64,
    /// The least that the wallet ever had behind a transaction of its own.
    pub(super) lowest: u64,
}

/// An attempt, as the store has it. Times are by the engine's clock.
struct Attempt {
    order: (i64, i64),
    buys: bool,
    urgent: bool,
    /// The slippage bound and the quote's reserves.
    bound: Bps,
    basis: Basis,
    /// What a buy may spend.
    spend: u64,
    signature: Option<String>,
    bytes: Option<Bytes>,
    decided: i64,
    signed: Option<i64>,
    /// When its end was known.
    ended: i64,
}

/// What signed bytes say.
struct Bytes {
    amount: u64,
    /// The least that must come for it.
    bound: u64,
    priority: u64,
    tip: u64,
}

/// A token that is held by the wallet's own transactions.
#[derive(Debug, Default)]
struct Held {
    tokens: u64,
    cost: u64,
    /// Since when it is known.
    since: i64,
}

/// For so long a place is taken, and so much is exposed.
struct Span {
    from: i64,
    until: i64,
    lamports: u64,
}

async fn attempts(place: &Place) -> Vec<Attempt> {
    let options = SqliteConnectOptions::new().filename(place.book().database()).read_only(true);
    let mut store = options.connect().await.unwrap();
    let rows = sqlx::query("SELECT * FROM attempts").fetch_all(&mut store).await.unwrap();
    store.close().await.unwrap();
    rows.iter().map(attempt).collect()
}

fn attempt(row: &SqliteRow) -> Attempt {
    let body: Value = serde_json::from_str(row.get("body")).unwrap();
    let order = &body["order"];
    Attempt {
        order: (row.get("order_seq"), row.get("order_nth")),
        buys: row.get::<&str, _>("side") == "buy",
        urgent: order["urgent"].as_bool().unwrap(),
        bound: serde_json::from_value(order["bound"].clone()).unwrap(),
        basis: serde_json::from_value(order["basis"].clone()).unwrap(),
        spend: row.get::<Option<i64>, _>("spend").unwrap_or(0).cast_unsigned(),
        signature: row.get("signature"),
        bytes: row.get::<Option<&[u8]>, _>("raw").map(bytes),
        decided: row.get("triggered_at"),
        signed: row.get("prepared_at"),
        ended: row.get::<Option<i64>, _>("ended_at").unwrap_or(i64::MAX),
    }
}

/// Reads a signed transaction.
fn bytes(raw: &[u8]) -> Bytes {
    let message = read(&raw[SIGNATURE_BYTES..]).unwrap();
    let (mut units, mut price, mut tip, mut trades) = (0, 0, 0, Vec::new());
    for step in &message.instructions {
        if Program::at(&step.program.0).is_some() {
            let ([_, amount, bound], []) = step.data.as_chunks::<8>() else {
                panic!("a trade says {:?}", step.data)
            };
            trades.push((u64::from_le_bytes(*amount), u64::from_le_bytes(*bound)));
        }
        match Plain::read(&step.program, &step.accounts, step.data) {
            Some(Plain::UnitLimit(limit)) => units = u64::from(limit),
            Some(Plain::UnitPrice(micro_lamports)) => price = micro_lamports,
            Some(Plain::Transfer { to, lamports, .. }) if TIP_ACCOUNTS.contains(&to) => tip += lamports,
            _ => {}
        }
    }
    let [(amount, bound)] = trades[..] else { panic!("{trades:?} in one transaction") };
    Bytes { amount, bound, priority: (units * price).div_ceil(1_000_000), tip }
}

/// The one token whose holding a transaction changed, and by how much.
fn moved(landed: &Landed, wallet: &Pubkey) -> (Pubkey, i64) {
    let mut changes = BTreeMap::<Pubkey, i64>::new();
    for (balances, sign) in [(&landed.tokens_before, -1), (&landed.tokens_after, 1)] {
        for held in balances.iter().filter(|held| held.owner == *wallet) {
            *changes.entry(held.mint).or_default() += sign * held.amount.cast_signed();
        }
    }
    changes.retain(|_, change| *change != 0);
    assert_eq!(changes.len(), 1, "{} moved {changes:?}", landed.signature);
    changes.pop_first().unwrap()
}

/// What accounts hold that a transaction opened.
fn opened(landed: &Landed) -> u64 {
    let pairs = landed.before.iter().zip(&landed.after);
    pairs.filter(|(before, _)| **before == 0).map(|(_, after)| after).sum()
}

/// Goes through ledger and store and panics at the first transaction with which a limit was exceeded, or an order was
/// carried out that was carried out already.
pub(super) fn kept(stage: &Stage, place: &Place, limits: &Limits) -> Done {
    measured(stage, place, limits).0
}

/// The same, and how far it went.
pub(super) fn measured(stage: &Stage, place: &Place, limits: &Limits) -> (Done, Peaks) {
    let (attempts, wallet) = (stage.runtime.block_on(attempts(place)), stage.wallet());
    let history = stage.chain.history(0);
    let ours: Vec<_> = history.iter().filter(|landed| landed.keys().first() == Some(&wallet)).collect();
    let mut peaks = Peaks { lowest: u64::MAX, ..Peaks::default() };
    signed(&attempts, limits, &mut peaks);
    in_a_minute(&attempts, limits, &mut peaks);
    in_a_day(&attempts, &ours, limits, &mut peaks);
    let (done, spans) = landed(&attempts, &ours, &wallet, limits, &mut peaks);
    together(&spans, limits, &mut peaks);
    (done, peaks)
}

/// What was signed, whether it ever landed or not.
fn signed(attempts: &[Attempt], limits: &Limits, peaks: &mut Peaks) {
    for attempt in attempts {
        let (Some(name), Some(bytes)) = (&attempt.signature, &attempt.bytes) else { continue };
        let (kind, most) = (usize::from(attempt.urgent), limits.fees[usize::from(attempt.urgent)]);
        let Bytes { amount, bound, priority, tip } = *bytes;
        assert!(priority <= most && tip <= most, "{name} would pay {priority} and tip {tip}, most {most}");
        peaks.priority[kind] = peaks.priority[kind].max(priority);
        peaks.tip[kind] = peaks.tip[kind].max(tip);
        let Basis { liquidity, rates } = &attempt.basis;
        let (quote, slippage) = if attempt.buys {
            assert!(amount <= limits.position, "{name} would spend {amount}");
            peaks.position = peaks.position.max(amount);
            (liquidity.buy_exact_quote(amount, rates).unwrap().tokens, limits.slippage)
        } else {
            assert!(attempt.bound <= WIDEST, "{name} has a bound of {}", attempt.bound);
            (liquidity.sell(amount, rates).unwrap().out, attempt.bound)
        };
        let least = slippage_min(quote, slippage);
        assert!(bound >= least, "{name} would take {bound} for {amount}, least {least}");
    }
}

/// Attempts to buy, each with those of the minute before it.
fn in_a_minute(attempts: &[Attempt], limits: &Limits, peaks: &mut Peaks) {
    let times: Vec<i64> = attempts.iter().filter(|one| one.buys).map(|one| one.decided).collect();
    for at in &times {
        let count = times.iter().filter(|time| (0..MINUTE).contains(&(at - *time))).count();
        assert!(count <= limits.buys_a_minute, "{count} buys were tried in the minute up to {at}");
        peaks.buys_a_minute = peaks.buys_a_minute.max(count);
    }
}

/// At each buy that was signed: what that day's transactions had cost, as far as their ends were known.
fn in_a_day(attempts: &[Attempt], ours: &[&Arc<Landed>], limits: &Limits, peaks: &mut Peaks) {
    let landed: BTreeMap<String, &Arc<Landed>> =
        ours.iter().map(|landed| (landed.signature.to_string(), *landed)).collect();
    let cost = |of: &Attempt| {
        let landed = of.signature.as_ref().and_then(|name| landed.get(name));
        let tip = of.bytes.as_ref().map_or(0, |bytes| bytes.tip);
        landed.map_or(0, |landed| landed.fee + if landed.error.is_none() { tip } else { 0 })
    };
    for buy in attempts.iter().filter(|one| one.buys) {
        let Some(at) = buy.signed else { continue };
        let before = |one: &&Attempt| one.ended < at && one.ended.div_euclid(DAY) == at.div_euclid(DAY);
        let paid: u64 = attempts.iter().filter(before).map(cost).sum();
        let name = &buy.signature;
        assert!(paid < limits.fees_a_day, "{name:?} was signed when {paid} had been paid that day");
        peaks.fees_a_day = peaks.fees_a_day.max(paid);
    }
}

/// What landed, in its order; and from when to when each buy was under way and each position held.
fn landed(
    attempts: &[Attempt],
    ours: &[&Arc<Landed>],
    wallet: &Pubkey,
    limits: &Limits,
    peaks: &mut Peaks,
) -> (Done, Vec<Span>) {
    let named: BTreeMap<&str, &Attempt> =
        attempts.iter().filter_map(|attempt| Some((attempt.signature.as_deref()?, attempt))).collect();
    let under_way = |buy: &Attempt| Span { from: buy.decided, until: buy.ended, lamports: buy.spend };
    let mut spans: Vec<Span> = attempts.iter().filter(|one| one.buys).map(under_way).collect();
    let (mut held, mut done) = (BTreeMap::<Pubkey, Held>::new(), Done::default());
    let (mut filled, mut exits) = (BTreeSet::new(), 0);
    for landed in ours {
        let name = landed.signature;
        let attempt = named.get(name.to_string().as_str()).copied();
        let attempt = attempt.unwrap_or_else(|| panic!("{name} is not in the store"));
        let Some(bytes) = &attempt.bytes else { panic!("{name} has no bytes in the store") };
        let most = limits.fees[usize::from(attempt.urgent)];
        assert!(landed.fee <= SIGNATURE + most, "{name} paid {}, most {most}", landed.fee);
        let failed = landed.error.is_some();
        // What a failed sale costs may come out of the floor: that it is there for.
        exits += if failed && !attempt.buys { landed.fee } else { 0 };
        let left = landed.after[0];
        assert!(left + exits >= limits.floor, "{name} leaves {left}, and {exits} went for exits");
        peaks.lowest = peaks.lowest.min(left);
        if failed {
            done.failed += 1;
            continue;
        }
        let order = attempt.order;
        assert!(filled.insert(order), "{name} carried order {order:?} out once more");
        let (mint, change) = moved(landed, wallet);
        let position = held.entry(mint).or_default();
        if attempt.buys {
            let spent = landed.change(wallet).unsigned_abs() - landed.fee - bytes.tip - opened(landed);
            assert!(spent <= bytes.amount, "{name} spent {spent} of {}", bytes.amount);
            position.tokens += change.cast_unsigned();
            position.cost += spent;
            position.since = attempt.ended;
            done.buys += 1;
        } else {
            let (had, sold) = (position.tokens, change.unsigned_abs());
            assert!(sold <= had, "{name} sold {sold} of {had}");
            position.tokens -= sold;
            done.sales += 1;
            done.parts += usize::from(position.tokens > 0);
            if position.tokens == 0 {
                spans.push(Span { from: position.since, until: attempt.ended, lamports: position.cost });
            }
        }
        held.retain(|_, held| held.tokens > 0);
        assert!(held.len() <= limits.positions, "behind {name} it holds {held:?}");
    }
    let open = held.values().map(|held| Span { from: held.since, until: i64::MAX, lamports: held.cost });
    spans.extend(open);
    (done, spans)
}

/// Whenever a place is taken: how many are, and what those cost whole. A buy that may still land counts with all that
/// it may spend, and a position for its whole cost until its last sale is known, as the limits have it.
fn together(spans: &[Span], limits: &Limits, peaks: &mut Peaks) {
    for Span { from: at, .. } in spans {
        let beside = spans.iter().filter(|span| (span.from..span.until).contains(at));
        let (places, exposed) =
            beside.fold((0, 0), |(places, exposed), span| (places + 1, exposed + span.lamports));
        assert!(places <= limits.positions, "at {at} {places} places are taken");
        assert!(exposed <= limits.exposure, "at {at} it is exposed to {exposed}");
        peaks.positions = peaks.positions.max(places);
        peaks.exposure = peaks.exposure.max(exposed);
    }
}
