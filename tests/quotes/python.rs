//! Our quotes against a checker in Python that shares no code with them.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::process::{Child, Command, Stdio};

use momentum_core::quotes::{
    Bought, CreatorRate, Fees, Liquidity, PastEnd, QuoteKind, Rates, Schedules, Sold, V3Bought, slippage_max,
    slippage_min,
};
use momentum_core::units::Bps;
use serde_json::{Value, json};

use crate::random_states::Random;

const CASES: u64 = 10_000;

/// One random question with our answer; the checker answers it again.
fn case(random: &mut Random) -> Value {
    match random.below(10) {
        kind @ 0..=2 => curve_case(random, kind),
        kind @ 3..=4 => v3_case(random, kind == 3),
        kind @ 5..=7 => pool_case(random, kind - 5),
        8 => rates_case(random),
        _ => slippage_case(random),
    }
}

fn bps(rates: Rates) -> Value {
    json!([rates.lp.0, rates.protocol.0, rates.creator.0])
}

fn curve_case(random: &mut Random, kind: u64) -> Value {
    let (rates, curve) = (random.rates(), random.curve());
    let (name, amount, answer) = match kind {
        0 => {
            let spend = random.amount(curve.real_quote);
            ("curve_buy_exact_quote", spend, bought(curve.buy_exact_quote(spend, &rates)))
        }
        1 => {
            let tokens = random.amount(curve.real_token);
            ("curve_buy_exact_tokens", tokens, bought(curve.buy_exact_tokens(tokens, &rates)))
        }
        _ => {
            let tokens = random.amount(curve.virtual_token);
            ("curve_sell", tokens, sold(curve.sell(tokens, &rates)))
        }
    };
    json!({"kind": name, "curve": curve, "rates": bps(rates), "amount": amount, "answer": answer})
}

fn v3_case(random: &mut Random, exact_quote: bool) -> Value {
    let (rates, curve) = (random.rates(), random.curve());
    let end = PastEnd {
        base_account: curve.real_token.saturating_add(random.magnitude(50)),
        migration_fee: random.magnitude(30),
        mayhem: random.one_in(8),
        cashback: random.one_in(8),
    };
    let (name, amount, answer) = if exact_quote {
        let spend = random.amount(curve.virtual_quote).saturating_mul(2);
        ("v3_buy_exact_quote", spend, v3(curve.buy_exact_quote_v3(spend, &rates, &end)))
    } else {
        let tokens = random.tokens_past(curve.real_token, end.base_account);
        ("v3_buy_exact_tokens", tokens, v3(curve.buy_exact_tokens_v3(tokens, &rates, &end)))
    };
    let end = json!([end.base_account, end.migration_fee, end.mayhem, end.cashback]);
    json!({"kind": name, "curve": curve, "end": end, "rates": bps(rates), "amount": amount, "answer": answer})
}

fn pool_case(random: &mut Random, kind: u64) -> Value {
    let (rates, pool) = (random.rates(), random.pool());
    let (name, amount, answer, after) = match kind {
        0 => {
            let spend = random.amount(pool.quote_vault);
            let buy = pool.buy_exact_quote(spend, &rates);
            ("pool_buy_exact_quote", spend, bought(buy), buy.map(|buy| pool.after_buy(&buy)))
        }
        1 => {
            let tokens = random.amount(pool.base);
            let buy = pool.buy_exact_tokens(tokens, &rates);
            ("pool_buy_exact_tokens", tokens, bought(buy), buy.map(|buy| pool.after_buy(&buy)))
        }
        _ => {
            let tokens = random.amount(pool.base);
            let sale = pool.sell(tokens, &rates);
            ("pool_sell", tokens, sold(sale), sale.map(|sale| pool.after_sell(&sale)))
        }
    };
    let after = after.map(|after| json!([after.base, after.quote()]));
    let pool = json!([pool.base, pool.quote_vault, pool.virtual_quote.to_string()]);
    json!({"kind": name, "pool": pool, "rates": bps(rates), "amount": amount, "answer": answer, "after": after})
}

fn rates_case(random: &mut Random) -> Value {
    let schedules = Schedules { creator_fee_configurable: random.one_in(2), ..Schedules::of_2026_10_10() };
    let (name, place, token, quote) = if random.one_in(4) {
        let curve = random.curve();
        ("curve_rates", Liquidity::Curve(curve), curve.virtual_token, curve.virtual_quote.into())
    } else {
        let pool = random.pool();
        ("pool_rates", Liquidity::Pool(pool), pool.base, i128::from(pool.quote_vault) + pool.virtual_quote)
    };
    let supply = if random.one_in(4) { random.magnitude(64) } else { 1_000_000_000_000_000 };
    let (kind, priced_in) = match random.below(3) {
        0 => (QuoteKind::Sol, "sol"),
        1 => (QuoteKind::Stable, "usdc"),
        _ => (QuoteKind::Exotic, "other"),
    };
    let own = if random.one_in(2) { Bps(0) } else { random.bps(300) };
    let answer = schedules.rates(&place, supply, kind, CreatorRate::Own(own)).map(bps);
    json!({"kind": name, "reserves": [json!(token), json!(quote.to_string())], "supply": supply, "quote": priced_in,
        "own": own, "gate": schedules.creator_fee_configurable, "answer": answer})
}

fn slippage_case(random: &mut Random) -> Value {
    let (amount, slippage) = (random.magnitude(62), random.bps(10_000));
    let answer = json!([slippage_max(amount, slippage), slippage_min(amount, slippage)]);
    json!({"kind": "slippage", "amount": amount, "rates": [slippage], "answer": answer})
}

fn fees(fees: Fees) -> Value {
    json!([fees.lp, fees.protocol, fees.creator])
}

fn bought(bought: Option<Bought>) -> Option<Value> {
    bought.map(|bought| json!([bought.tokens, bought.net, fees(bought.fees), bought.total]))
}

fn sold(sold: Option<Sold>) -> Option<Value> {
    sold.map(|sold| json!([sold.gross, fees(sold.fees), sold.out]))
}

fn v3(bought: Option<V3Bought>) -> Option<Value> {
    bought.map(|bought| json!([bought.tokens(), fees(bought.fees()), bought.total()]))
}

/// `python3 tests/quotes_check.py`, or `None` (and why) where there is no Python and this is not CI.
fn checker() -> Option<Child> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/quotes_check.py");
    let started = Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    match started {
        Ok(child) => Some(child),
        Err(error) if error.kind() == ErrorKind::NotFound && std::env::var_os("CI").is_none() => {
            eprintln!("skipped: no python3 here");
            None
        }
        Err(error) => panic!("python3: {error}"),
    }
}

#[test]
fn ten_thousand_random_quotes_agree_with_the_checker_in_python() {
    let Some(mut checker) = checker() else { return };
    let mut random = Random(20_261_010);
    let mut lines = String::new();
    for _ in 0..CASES {
        lines.push_str(&case(&mut random).to_string());
        lines.push('\n');
    }
    checker.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = checker.wait_with_output().unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{report}");
    // kind → [asked, of them not refused]
    let counts: BTreeMap<String, [u64; 2]> = serde_json::from_str(&report).unwrap();
    println!("checked in Python: {counts:?}");
    assert_eq!(counts.values().map(|[asked, _]| asked).sum::<u64>(), CASES);
    assert_eq!(counts.len(), 11);
    for (kind, [asked, quoted]) in counts {
        assert!(quoted * 4 >= asked && quoted >= 150, "{kind}: {quoted} quotes of {asked} cases show little");
    }
}
