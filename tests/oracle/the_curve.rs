//! The bonding curve and its end.

use momentum_core::quotes::{Curve, PastEnd, Rates};
use pump_rust_client::math::TransferFee;
use pump_rust_client::math::bonding_curve::{
    buy_sol_amount_from_token_amount, buy_token_amount_from_sol_amount, buy_v3_sol_amount_from_token_amount,
    buy_v3_token_amount_from_sol_amount, sell_sol_amount_from_token_amount,
};
use pump_rust_client::state::{BondingCurve, Global};

use crate::random_states::Random;
use crate::{Difference, STATES, Tally, exact_in_net, flat_schedule, overflows, their_config};

const SUPPLY: u64 = 1_000_000_000_000_000;

fn their_curve(curve: &Curve) -> BondingCurve {
    let mut theirs = BondingCurve::default();
    theirs.virtual_quote_reserves = curve.virtual_quote;
    theirs.virtual_token_reserves = curve.virtual_token;
    theirs.real_quote_reserves = curve.real_quote;
    theirs.real_token_reserves = curve.real_token;
    theirs.token_total_supply = SUPPLY;
    theirs.creator = pump_rust_client::pump::ID;
    theirs
}

/// The cost of exactly `tokens`, in numbers without end.
fn cost(curve: &Curve, tokens: u64) -> u128 {
    let left = u128::from(curve.virtual_token - tokens);
    u128::from(tokens) * u128::from(curve.virtual_quote) / left + 1
}

/// Why a buy of exactly `tokens` (at most the rest) may be quoted by the package alone.
fn refused_exact_out(curve: &Curve, tokens: u64) -> Option<Difference> {
    if tokens == 0 {
        Some(Difference::Nothing)
    } else if curve.virtual_quote == 0 {
        Some(Difference::NoQuoteSide)
    } else {
        overflows(curve.virtual_quote, cost(curve, tokens)).then_some(Difference::BeyondU64)
    }
}

/// Why a buy for `spend` that got `tokens` may be quoted by the package alone.
fn refused_exact_in(curve: &Curve, spend: u64, tokens: u64, rates: &Rates) -> Option<Difference> {
    if tokens == 0 {
        return Some(Difference::Nothing);
    }
    let net = if tokens < curve.real_token { exact_in_net(spend, rates) } else { cost(curve, tokens) };
    overflows(curve.virtual_quote, net).then_some(Difference::BeyondU64)
}

/// Rates of a curve: nothing for liquidity providers. The package charges no creator's fee of a coin without a
/// creator, which is what a rate of zero means here.
fn curve_rates(random: &mut Random) -> Rates {
    Rates { lp: Rates::default().lp, ..random.rates() }
}

#[test]
fn curve_buys_of_exact_quote_are_equal() {
    let (mut random, mut tally, global) = (Random(1), Tally::default(), Global::default());
    for _ in 0..STATES {
        let (curve, rates) = (random.curve(), curve_rates(&mut random));
        let spend = random.amount(curve.real_quote);
        let config = their_config(&flat_schedule(rates));
        let theirs = buy_token_amount_from_sol_amount(
            &global,
            &config,
            &their_curve(&curve),
            SUPPLY,
            TransferFee::NONE,
            spend,
        );
        let ours = curve.buy_exact_quote(spend, &rates).map(|bought| (bought.tokens, bought.total));
        tally.add((curve, rates, spend), theirs.ok(), ours, |(tokens, _)| {
            refused_exact_in(&curve, spend, *tokens, &rates)
        });
    }
    tally.report("curve, exact quote");
}

#[test]
fn curve_buys_of_exact_tokens_are_equal() {
    let (mut random, mut tally, global) = (Random(2), Tally::default(), Global::default());
    for _ in 0..STATES {
        let (curve, rates) = (random.curve(), curve_rates(&mut random));
        let tokens = random.amount(curve.real_token);
        let config = their_config(&flat_schedule(rates));
        let theirs = buy_sol_amount_from_token_amount(
            &global,
            &config,
            &their_curve(&curve),
            SUPPLY,
            TransferFee::NONE,
            tokens,
        );
        let ours = curve.buy_exact_tokens(tokens, &rates).map(|bought| bought.total);
        tally.add((curve, rates, tokens), theirs.ok(), ours, |_| {
            refused_exact_out(&curve, tokens.min(curve.real_token))
        });
    }
    tally.report("curve, exact tokens");
}

#[test]
fn curve_sales_are_equal() {
    let (mut random, mut tally, global) = (Random(3), Tally::default(), Global::default());
    for _ in 0..STATES {
        let (curve, rates) = (random.curve(), curve_rates(&mut random));
        // An ordinary holder has at most what the curve has sold.
        let tokens = match Curve::FRESH.real_token.checked_sub(curve.real_token) {
            Some(sold) if !random.one_in(8) => random.amount(sold),
            _ => random.amount(curve.virtual_token),
        };
        let config = their_config(&flat_schedule(rates));
        let theirs = sell_sol_amount_from_token_amount(
            &global,
            &config,
            &their_curve(&curve),
            SUPPLY,
            TransferFee::NONE,
            tokens,
        );
        let ours = curve.sell(tokens, &rates).map(|sold| sold.out);
        tally.add((curve, rates, tokens), theirs.ok(), ours, |_| {
            let after = u128::from(curve.virtual_token) + u128::from(tokens);
            if tokens == 0 || after == u128::from(tokens) {
                Some(Difference::Nothing)
            } else if curve.virtual_quote == 0 {
                Some(Difference::NoQuoteSide)
            } else if after > u64::MAX.into() {
                Some(Difference::BeyondU64)
            } else {
                let gross = u128::from(tokens) * u128::from(curve.virtual_quote) / after;
                (gross > curve.real_quote.into()).then_some(Difference::BeyondRealQuote)
            }
        });
    }
    tally.report("curve, sale");
}

/// A v3 case: the coin's terms, and the same for the package.
fn v3_case(random: &mut Random, curve: &Curve) -> (PastEnd, Global, BondingCurve) {
    let sol_quoted = !random.one_in(4);
    let migration_fee = random.magnitude(30);
    let end = PastEnd {
        base_account: curve.real_token.saturating_add(random.magnitude(50)),
        migration_fee: if sol_quoted { migration_fee } else { 0 },
        mayhem: random.one_in(16),
        cashback: random.one_in(16),
    };
    let (mut global, mut theirs) = (Global::default(), their_curve(curve));
    global.pool_migration_fee = migration_fee;
    global.buyback_basis_points = 5_000;
    theirs.is_mayhem_mode = end.mayhem;
    theirs.is_cashback_coin = end.cashback;
    if !sol_quoted {
        theirs.quote_mint = pump_rust_client::math::fees::USDC_MINT;
    }
    (end, global, theirs)
}

/// The quote that the migration would put beside the tokens, in numbers without end.
fn quote_to_be(curve: &Curve, end: &PastEnd) -> u128 {
    u128::from(curve.real_quote) + cost(curve, curve.real_token) - u128::from(end.migration_fee)
}

/// What buying all that is left takes, fees included, in numbers without end.
fn rest(curve: &Curve, rates: &Rates) -> u128 {
    let net = cost(curve, curve.real_token);
    let fee = |rate: u16| (net * u128::from(rate)).div_ceil(10_000);
    net + fee(rates.protocol.0) + fee(rates.creator.0)
}

#[test]
fn v3_buys_of_exact_quote_are_equal_past_the_end_too() {
    let (mut random, mut tally, mut past) = (Random(4), Tally::default(), 0);
    for _ in 0..STATES {
        let (curve, rates) = (random.curve(), curve_rates(&mut random));
        let (end, global, their_curve) = v3_case(&mut random, &curve);
        let spend = random.amount(curve.virtual_quote).saturating_mul(2);
        let config = their_config(&flat_schedule(rates));
        let theirs = buy_v3_token_amount_from_sol_amount(
            &global,
            &config,
            &their_curve,
            SUPPLY,
            TransferFee::NONE,
            end.base_account,
            spend,
        );
        let ours = curve.buy_exact_quote_v3(spend, &rates, &end);
        past += u64::from(ours.is_some_and(|bought| bought.past_end.is_some()));
        let ours = ours.map(|bought| (bought.tokens(), bought.total()));
        tally.add((curve, rates, end, spend), theirs.ok(), ours, |(tokens, _)| {
            let first = refused_exact_in(&curve, spend, (*tokens).min(curve.real_token), &rates);
            first.or_else(|| {
                // The budget would go on, beside the raise, into a vault that cannot hold both.
                let goes_on = *tokens >= curve.real_token && !end.mayhem;
                let left = u128::from(spend).checked_sub(rest(&curve, &rates))?;
                let beside = quote_to_be(&curve, &end) + left;
                (goes_on && beside > u64::MAX.into()).then_some(Difference::BeyondU64)
            })
        });
    }
    tally.report("v3, exact quote");
    println!("of them past the end: {past}");
    assert!(past > STATES / 10);
}

#[test]
fn v3_buys_of_exact_tokens_are_equal_past_the_end_too() {
    let (mut random, mut tally, mut past) = (Random(5), Tally::default(), 0);
    for _ in 0..STATES {
        let (curve, rates) = (random.curve(), curve_rates(&mut random));
        let (end, global, their_curve) = v3_case(&mut random, &curve);
        let tokens = random.tokens_past(curve.real_token, end.base_account);
        let config = their_config(&flat_schedule(rates));
        let theirs = buy_v3_sol_amount_from_token_amount(
            &global,
            &config,
            &their_curve,
            SUPPLY,
            TransferFee::NONE,
            end.base_account,
            tokens,
        );
        let ours = curve.buy_exact_tokens_v3(tokens, &rates, &end);
        past += u64::from(ours.is_some_and(|bought| bought.past_end.is_some()));
        let ours = ours.map(|bought| bought.total());
        tally.add((curve, rates, end, tokens), theirs.ok(), ours, |_| {
            let first = refused_exact_out(&curve, tokens.min(curve.real_token));
            first.or_else(|| {
                let past = tokens.checked_sub(curve.real_token).filter(|past| *past > 0 && !end.mayhem)?;
                let base = end.base_account - curve.real_token;
                let quote = quote_to_be(&curve, &end);
                let leg = (quote * u128::from(past)).div_ceil(u128::from(base - past));
                (quote + leg > u64::MAX.into()).then_some(Difference::BeyondU64)
            })
        });
    }
    tally.report("v3, exact tokens");
    println!("of them past the end: {past}");
    assert!(past > STATES / 10);
}
