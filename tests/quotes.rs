//! Our quotes against real trades and published vectors.

mod python;

use momentum_core::quotes::{Curve, PastEnd, Pool, Rates, slippage_max, slippage_min};
use momentum_core::units::Bps;
use serde_json::Value;

use crate::recordings;

fn vectors() -> Option<Value> {
    let text = std::fs::read_to_string(recordings::folder()?.join("formula_vectors.json")).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// A number of a row; `None` for null or absent.
fn number(row: &Value, key: &str) -> Option<u64> {
    row.get(key).and_then(Value::as_u64)
}

fn rate(row: &Value, key: &str) -> Bps {
    Bps(u16::try_from(number(row, key).unwrap_or(0)).unwrap())
}

/// The rates of a row. A cashback coin pays the creator's part back to the trader, at a rate of its own.
fn rates(row: &Value, lp: &str, protocol: &str, creator: &str) -> Rates {
    let Bps(creator) = rate(row, creator);
    let Bps(cashback) = rate(row, "cashback_bps");
    Rates { lp: rate(row, lp), protocol: rate(row, protocol), creator: Bps(creator + cashback) }
}

fn creator_part(row: &Value) -> Option<u64> {
    Some(number(row, "creator_fee")? + number(row, "cashback").unwrap_or(0))
}

#[track_caller]
fn same(row: &Value, what: &str, ours: u64, theirs: Option<u64>) {
    assert_eq!(Some(ours), theirs, "{what} of {}", row["id"]);
}

#[test]
fn every_real_trade_is_quoted_to_the_unit() {
    let Some(vectors) = vectors() else { return };
    let rows = vectors["real_trades"].as_array().unwrap();
    for row in rows {
        match row["venue"].as_str().unwrap() {
            "bonding_curve" => curve_row_is_quoted_to_the_unit(row),
            "pump_amm" => pool_row_is_quoted_to_the_unit(row),
            venue => panic!("a row of {venue}"),
        }
    }
    assert_eq!(rows.len(), 26);
}

fn curve_row_is_quoted_to_the_unit(row: &Value) {
    let get = |key| number(row, key).unwrap();
    // Rows tell no real reserves; these bind nothing.
    let curve = Curve {
        virtual_quote: get("pre_virtual_quote"),
        virtual_token: get("pre_virtual_token"),
        real_quote: get("pre_virtual_quote"),
        real_token: get("pre_virtual_token"),
    };
    let rates = rates(row, "", "protocol_fee_bps", "creator_fee_bps");
    let told = number(row, "protocol_fee").is_some();
    let (fees, after, user_total) = match row["matches"].as_str().unwrap().trim() {
        "sell" => {
            let sold = curve.sell(get("tokens_in"), &rates).unwrap();
            same(row, "gross", sold.gross, number(row, "gross_quote_out"));
            (sold.fees, curve.after_sell(&sold), sold.out)
        }
        "exact_out" => {
            let bought = curve.buy_exact_tokens(get("tokens_out"), &rates).unwrap();
            same(row, "net", bought.net, number(row, "quote_moved_on_curve"));
            (bought.fees, curve.after_buy(&bought), bought.total)
        }
        "exact_in" => {
            let bought = curve.buy_exact_quote(get("user_total"), &rates).unwrap();
            same(row, "net", bought.net, number(row, "quote_moved_on_curve"));
            same(row, "tokens", bought.tokens, number(row, "tokens_out"));
            (bought.fees, curve.after_buy(&bought), bought.total)
        }
        formula => panic!("{} matches {formula}", row["id"]),
    };
    same(row, "virtual quote after", after.virtual_quote, number(row, "post_virtual_quote"));
    same(row, "virtual token after", after.virtual_token, number(row, "post_virtual_token"));
    if told {
        same(row, "protocol fee", fees.protocol, number(row, "protocol_fee"));
        same(row, "creator fee", fees.creator, creator_part(row));
        same(row, "user total", user_total, number(row, "user_total"));
    }
}

fn pool_row_is_quoted_to_the_unit(row: &Value) {
    let get = |key| number(row, key).unwrap();
    let virtual_quote = row["virtual_quote_reserves"].as_i64().unwrap().into();
    let pool = Pool::new(get("pool_base"), get("pool_quote_vault"), virtual_quote);
    let rates = rates(row, "lp_bps", "protocol_bps", "creator_bps");
    let fees = match row["matches"].as_str().unwrap().trim() {
        "sell" => {
            let sold = pool.sell(get("base_in"), &rates).unwrap();
            same(row, "gross", sold.gross, number(row, "gross_quote_out"));
            same(row, "out", sold.out, number(row, "user_quote_out"));
            sold.fees
        }
        formula => {
            let bought = match formula {
                "exact_out" => pool.buy_exact_tokens(get("base_out"), &rates),
                "exact_in" => pool.buy_exact_quote(get("gross_quote_paid"), &rates),
                _ => panic!("{} matches {formula}", row["id"]),
            };
            let bought = bought.unwrap();
            same(row, "tokens", bought.tokens, number(row, "base_out"));
            same(row, "net", bought.net, number(row, "net_quote_in"));
            same(row, "gross", bought.total, number(row, "gross_quote_paid"));
            bought.fees
        }
    };
    same(row, "lp fee", fees.lp, number(row, "lp_fee"));
    same(row, "protocol fee", fees.protocol, number(row, "protocol_fee"));
    same(row, "creator fee", fees.creator, creator_part(row));
}

#[test]
fn trades_outside_the_formula_are_those_of_mayhem_coins() {
    let Some(vectors) = vectors() else { return };
    let rows = vectors["real_trades_that_do_not_follow_the_plain_formula"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["mayhem"] == true));
}

#[test]
fn every_sdk_vector_is_quoted_to_the_unit() {
    let Some(vectors) = vectors() else { return };
    let rows = vectors["sdk_vectors"].as_array().unwrap();
    let row = |at: usize, begins: &str| {
        let row = &rows[at];
        assert!(row["what"].as_str().unwrap().starts_with(begins), "row {at} is {}", row["what"]);
        move |key: &str| number(row, key)
    };
    let fresh = Curve::FRESH;
    let sdk = Rates::bps(0, 100, 50);
    let sol = 1_000_000_000;
    let end =
        PastEnd { base_account: 1_000_000_000_000_000, migration_fee: 0, mayhem: false, cashback: false };

    let told = row(0, "fresh curve (30 SOL / 1.073e15 / 793.1e12), protocol 100 bps + creator 50 bps: cost");
    for tokens in [793_100_000_000_000, 800_000_000_000_000] {
        let bought = fresh.buy_exact_tokens(tokens, &sdk).unwrap();
        assert_eq!(
            [Some(bought.net), Some(bought.fees.protocol), Some(bought.fees.creator)],
            ["net", "protocol_fee", "creator_fee"].map(&told)
        );
    }
    let pair = |tokens: u64, total: u64| [Some(tokens), Some(total)];
    let told = row(1, "same curve, exact-in 100 SOL");
    let bought = fresh.buy_exact_quote(100 * sol, &sdk).unwrap();
    assert_eq!(pair(bought.tokens, bought.total), ["tokens_out", "debit"].map(told));

    let told = row(2, "v3 (past the end) cost of 800e12");
    let bought = fresh.buy_exact_tokens_v3(800_000_000_000_000, &sdk, &end).unwrap();
    assert_eq!(Some(bought.total()), told("debit"));

    let told = row(3, "v3 exact-in 100e9");
    let bought = fresh.buy_exact_quote_v3(100 * sol, &sdk, &end).unwrap();
    assert_eq!(pair(bought.tokens(), bought.total()), ["tokens_out", "debit"].map(told));

    let dust = Rates::bps(0, 5, 0);
    let told = row(4, "fresh curve, protocol 5 bps only, exact-in 2002 lamports");
    let bought = fresh.buy_exact_quote(2002, &dust).unwrap();
    assert_eq!(pair(bought.tokens, bought.total), ["tokens_out", "debit"].map(told));

    let told = row(5, "same, exact-in 1 lamport");
    let bought = fresh.buy_exact_quote(1, &dust);
    assert_eq!(bought, None, "nothing for nothing is no trade");
    assert_eq!(pair(0, 0), ["tokens_out", "debit"].map(told));

    let pool = Pool::new(1_000_000, 2_000_000, 0);
    let rates = Rates::bps(30, 20, 0);
    let told = row(6, "AMM base=1_000_000 quote=2_000_000 lp30 protocol20 creator0, buy 10_000 base");
    let bought = pool.buy_exact_tokens(10_000, &rates).unwrap();
    let most = slippage_max(bought.total, Bps(100));
    assert_eq!(pair(bought.total, most), ["total_quote", "max_quote"].map(told));

    let told = row(7, "same pool, sell 50_000 base");
    let sold = pool.sell(50_000, &rates).unwrap();
    assert_eq!(pair(sold.out, slippage_min(sold.out, Bps(100))), ["final_quote", "min_quote"].map(told));

    let told = row(8, "slippage: 100 with 250 bps");
    assert_eq!(pair(slippage_min(100, Bps(250)), slippage_max(100, Bps(250))), ["sub", "add"].map(told));

    let told = row(9, "ordinary SOL coin at graduation");
    assert_eq!(Some(1_000_000_000_000_000 - fresh.real_token), told("mint_amount"));
    let raised = told("sol_amount").unwrap() + told("pool_migration_fee").unwrap();
    let in_one_trade = fresh.completed().unwrap().real_quote;
    // A life of many trades leaves the rounding of each on the curve; one trade leaves only its own.
    assert_eq!(raised - in_one_trade, 28);
    assert_eq!(rows.len(), 10);
}
