//! Fee schedules and slippage.

use std::collections::BTreeSet;

use base64::Engine as _;
use momentum_core::quotes::{
    CreatorRate, Curve, Liquidity, Pool, QuoteKind, Rates, Schedules, slippage_max, slippage_min,
};
use momentum_core::units::Bps;
use pump_rust_client::math::fees::{USDC_MINT, compute_amm_fee_bps, compute_bonding_curve_fee_bps};
use pump_rust_client::math::utils::{add_slippage, sub_slippage};
use pump_rust_client::state::{FeeConfig, Global, pump_amm};

use crate::random_states::Random;
use crate::{STATES, recordings, their_config};

fn rates(lp: u64, protocol: u64, creator: u64) -> Rates {
    let bps = |rate: u64| u16::try_from(rate).unwrap();
    Rates::bps(bps(lp), bps(protocol), bps(creator))
}

/// A supply that puts a place of this price into a random tier.
fn supply(random: &mut Random, quote: u64, token: u64) -> u64 {
    let cap = u128::from(random.magnitude(48));
    u64::try_from(cap * u128::from(token) / u128::from(quote.max(1))).unwrap_or(u64::MAX)
}

#[test]
fn rates_of_all_tiers_are_equal() {
    let (mut random, mut met) = (Random(20), BTreeSet::new());
    let recorded = Schedules::of_2026_10_10();
    let (curve_config, pool_config) = (their_config(&recorded.curve), their_config(&recorded.pool));
    let (mut global, mut global_config) = (Global::default(), pump_amm::GlobalConfig::default());
    let base_mint = pump_rust_client::pump::ID;
    let pool_creator = pump_rust_client::pda::pump::pool_authority(&base_mint).0;
    for _ in 0..STATES {
        let gate = random.one_in(2);
        let schedules = Schedules { creator_fee_configurable: gate, ..recorded.clone() };
        (global.creator_fee_configurable, global_config.creator_fee_configurable) = (gate, gate);
        let (kind, quote_mint) = match random.below(5) {
            0 | 1 => (QuoteKind::Sol, pump_rust_client::constants::NATIVE_MINT),
            2 | 3 => (QuoteKind::Stable, USDC_MINT),
            _ => (QuoteKind::Exotic, pump_rust_client::pump::ID),
        };
        let own = if random.one_in(2) { Bps(0) } else { random.bps(300) };

        let curve = random.curve();
        if curve.virtual_token > 0 {
            let supply = supply(&mut random, curve.virtual_quote, curve.virtual_token);
            let Curve { virtual_quote, virtual_token, .. } = curve;
            let theirs = compute_bonding_curve_fee_bps(
                &global,
                &curve_config,
                &quote_mint,
                own.0.into(),
                supply,
                virtual_quote,
                virtual_token,
            );
            let theirs = theirs.map(|theirs| rates(0, theirs.protocol_fee_bps, theirs.creator_fee_bps)).ok();
            let ours = schedules.rates(&Liquidity::Curve(curve), supply, kind, CreatorRate::Own(own));
            assert_eq!(ours, theirs, "{curve:?} {supply} {kind:?} {own:?} {gate}");
        }

        let pool = random.pool();
        let Some(quote) = pool.quote().filter(|_| pool.base > 0) else { continue };
        let supply = supply(&mut random, quote, pool.base);
        let theirs = compute_amm_fee_bps(
            &global_config,
            &pool_config,
            &base_mint,
            &pool_creator,
            &quote_mint,
            own.0.into(),
            supply,
            pool.base,
            quote,
        );
        let theirs = theirs
            .map(|theirs| rates(theirs.lp_fee_bps, theirs.protocol_fee_bps, theirs.creator_fee_bps))
            .unwrap();
        let ours = schedules.rates(&Liquidity::Pool(pool), supply, kind, CreatorRate::Own(own));
        assert_eq!(ours, Some(theirs), "{pool:?} {supply} {kind:?} {own:?} {gate}");
        if own == Bps(0) {
            met.insert((format!("{kind:?}"), theirs.lp, theirs.creator));
        }
    }
    println!("rates: {STATES} states, {} different tiers met", met.len());
    assert_eq!(met.len(), 25 + 25 + 1, "each tier of SOL and of USDC, and the one of other quotes");
}

#[test]
fn pools_that_pump_did_not_create_pay_flat_rates() {
    let recorded = Schedules::of_2026_10_10();
    let elsewhere = pump_rust_client::pump::ID;
    let pool = Pool::new(206_900_000_000_000, 67_405_853_790, 17_584_505_294);
    let theirs = compute_amm_fee_bps(
        &pump_amm::GlobalConfig::default(),
        &their_config(&recorded.pool),
        &elsewhere,
        &elsewhere,
        &pump_rust_client::constants::NATIVE_MINT,
        0,
        1_000_000_000_000_000,
        pool.base,
        pool.quote().unwrap(),
    )
    .unwrap();
    let theirs = rates(theirs.lp_fee_bps, theirs.protocol_fee_bps, theirs.creator_fee_bps);
    assert_eq!(recorded.pool.flat, theirs);
}

#[test]
fn the_recorded_accounts_hold_our_schedules() {
    let Some(folder) = recordings::folder() else { return };
    let bytes = |name: &str| {
        let text = std::fs::read_to_string(folder.join("mainnet-accounts").join(name)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let data = json["account"]["data"][0].as_str().unwrap();
        base64::prelude::BASE64_STANDARD.decode(data).unwrap()
    };
    let ours = Schedules::of_2026_10_10();
    for (name, schedule) in [("fee_config.json", &ours.curve), ("amm_fee_config.json", &ours.pool)] {
        let theirs: FeeConfig = pump_rust_client::accounts::decode_fee_config(&bytes(name)).unwrap();
        let mut expected = their_config(schedule);
        (expected.bump, expected.admin) = (theirs.bump, theirs.admin);
        assert_eq!(format!("{theirs:?}"), format!("{expected:?}"), "{name}");
    }
    let global = pump_rust_client::accounts::decode_global(&bytes("global.json")).unwrap();
    assert_eq!(ours.creator_fee_configurable, global.creator_fee_configurable);
    let fresh = [
        global.initial_virtual_sol_reserves,
        global.initial_virtual_token_reserves,
        global.initial_real_token_reserves,
    ];
    let Curve { virtual_quote, virtual_token, real_token, .. } = Curve::FRESH;
    assert_eq!([virtual_quote, virtual_token, real_token], fresh);
}

/// The one difference: past `u64::MAX` the package wraps around (its comment says "saturates"), ours saturates.
/// A wrapped maximum would refuse the very trade that it was made for.
#[test]
fn slippage_bounds_are_equal() {
    let (mut random, mut wrapped) = (Random(21), 0);
    for _ in 0..STATES {
        let (amount, slippage) =
            (random.magnitude(64), random.bps(if random.0 % 8 == 0 { u16::MAX } else { 10_000 }));
        assert_eq!(slippage_min(amount, slippage), sub_slippage(amount, slippage.0), "{amount} {slippage}");
        let most = u128::from(amount) * (10_000 + u128::from(slippage.0)) / 10_000;
        if most > u64::MAX.into() {
            wrapped += 1;
            assert_eq!(slippage_max(amount, slippage), u64::MAX);
        } else {
            assert_eq!(
                slippage_max(amount, slippage),
                add_slippage(amount, slippage.0),
                "{amount} {slippage}"
            );
        }
    }
    println!("slippage: {STATES} amounts, of them {wrapped} past u64");
    assert!(wrapped < STATES / 10);
}
