//! Accounts against what was recorded on mainnet.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::event::{MintFacts, Quote};
use momentum_core::ids::{Mint, Pubkey, Wallet};
use momentum_core::units::{Bps, TokenAmount};

use crate::accounts::{
    BondingCurve, FeeConfig, Global, GlobalConfig, MintAccount, Pool, TokenAccount, list_account, read_mint,
    read_token_account, write_mint, write_token_account,
};
use crate::layout::Malformed;
use crate::programs::{SYSTEM, TOKEN, TOKEN_2022};
use crate::test_data;

fn data(file: &str) -> Option<Vec<u8>> {
    let account = test_data::json(&format!("mainnet-accounts/{file}"))?;
    Some(BASE64_STANDARD.decode(account["account"]["data"][0].as_str().unwrap()).unwrap())
}

#[test]
fn every_recorded_account_decodes_to_its_values_and_encodes_back_to_its_bytes() {
    let Some(accounts) = test_data::json("fixtures/accounts.json") else { return };
    for account in accounts.as_array().unwrap() {
        let id = &account["id"];
        let data = BASE64_STANDARD.decode(account["data_base64"].as_str().unwrap()).unwrap();
        let listing = serde_json::to_value(list_account(&data).unwrap()).unwrap();
        assert_eq!(listing["event"], account["account"], "{id}");
        assert_eq!(listing["decoded"], account["decoded"], "{id}");
        assert_eq!(listing["absent"], account["fields_absent_in_this_version"], "{id}");
        assert_eq!(listing["trailing"], account["unparsed_trailing_hex"], "{id}");
        let mut again = Vec::new();
        match account["account"].as_str().unwrap() {
            "BondingCurve" => BondingCurve::from_data(&data).unwrap().write(&mut again),
            "Global" => Global::from_data(&data).unwrap().write(&mut again),
            "Pool" => Pool::from_data(&data).unwrap().write(&mut again),
            "GlobalConfig" => GlobalConfig::from_data(&data).unwrap().write(&mut again),
            "FeeConfig" => FeeConfig::from_data(&data).unwrap().write(&mut again),
            other => panic!("{other}"),
        }
        assert_eq!(again, data, "{id}");
    }
}

#[test]
fn the_accounts_that_were_read_from_mainnet_decode() {
    let Some(global) = data("global.json") else { return };
    let global = Global::from_data(&global).unwrap();
    assert_eq!(global.initial_virtual_sol_reserves, 30_000_000_000);
    assert_eq!(global.pool_migration_fee, 15_000_001);
    assert_eq!(global.creator_fee_configurable, Some(true));
    assert_eq!(global.buyback_fee_recipients.unwrap().iter().count(), 8);
    let config = data("amm_global_config.json").unwrap();
    let config = GlobalConfig::from_data(&config).unwrap();
    assert_eq!(config.max_configurable_creator_fee_bps, Some(300));
    let curve_fees = data("fee_config.json").unwrap();
    let curve_fees = FeeConfig::from_data(&curve_fees).unwrap().schedule().unwrap();
    assert_eq!(curve_fees.flat.protocol, Bps(95));
    assert_eq!(curve_fees.tiers[0].rates.creator, Bps(30));
    let pool_fees = data("amm_fee_config.json").unwrap();
    let pool_fees = FeeConfig::from_data(&pool_fees).unwrap().schedule().unwrap();
    assert_eq!(pool_fees.tiers.len(), 25);
    assert_eq!(pool_fees.tiers[1].threshold, 420_000_000_000);
    assert_eq!((pool_fees.flat.lp, pool_fees.flat.protocol), (Bps(25), Bps(5)));
    assert_eq!(FeeConfig::from_data(&data("global.json").unwrap()), Err(Malformed::AnotherRecord));
}

#[test]
fn a_curve_account_of_every_length_tells_what_it_holds() {
    let curve = BondingCurve {
        virtual_token_reserves: 1_070_419_577_927_421,
        virtual_quote_reserves: 30_072_319_932,
        real_token_reserves: 790_519_577_927_421,
        real_quote_reserves: 72_319_932,
        token_total_supply: 1_000_000_000_000_000,
        complete: false,
        creator: Some(Pubkey([7; 32])),
        is_mayhem_mode: Some(true),
        is_cashback_coin: Some(false),
        quote_mint: Some(SYSTEM),
        creator_fee_bps: Some(25),
        can_edit_creator_fee: Some(false),
        is_holder_reward: Some(false),
        creator_fee: Some(0),
        protocol_fees: Some(0),
        depth: Some(0),
        initial_virtual_quote_reserves: Some(0),
        post_complete_base_out: Some(0),
        post_complete_quote_in: Some(0),
        trailing: &[],
    };
    let mut whole = Vec::new();
    curve.write(&mut whole);
    whole.resize(256, 0);
    for length in [49, 81, 82, 83, 115, 125, 141, 150, 151, 166, 256] {
        let facts = BondingCurve::from_data(&whole[..length]).unwrap().facts().unwrap();
        assert_eq!(facts.curve.virtual_quote, 30_072_319_932, "{length}");
        assert_eq!(facts.creator, Wallet(Pubkey([if length > 80 { 7 } else { 0 }; 32])), "{length}");
        assert_eq!(facts.mayhem, length > 81, "{length}");
        assert_eq!(facts.creator_rate, (length >= 123).then_some(Bps(25)), "{length}");
        assert_eq!(facts.quote, Quote::Sol, "{length}");
    }
    assert_eq!(BondingCurve::from_data(&whole[..48]), Err(Malformed::TooShort));
    assert_eq!(BondingCurve::from_data(&whole[1..]), Err(Malformed::AnotherRecord));
}

fn mint(mint_authority: bool, freeze_authority: bool) -> MintAccount {
    MintAccount {
        facts: MintFacts {
            mint_authority,
            freeze_authority,
            foreign_extension: false,
            supply: TokenAmount(1_000_000_000_000_000),
        },
        decimals: 6,
    }
}

#[test]
fn a_mint_tells_its_authorities() {
    for (mint_authority, freeze_authority) in [(false, false), (true, false), (false, true), (true, true)] {
        let mint = mint(mint_authority, freeze_authority);
        let data = write_mint(&mint, &Pubkey([3; 32]));
        assert_eq!(data.len(), 82);
        assert_eq!(read_mint(&TOKEN, &data), Ok(mint));
        assert_eq!(read_mint(&TOKEN_2022, &data), Ok(mint));
        assert_eq!(read_mint(&SYSTEM, &data), Err(Malformed::AnotherRecord));
        assert_eq!(read_mint(&TOKEN, &data[..81]), Err(Malformed::TooShort));
    }
}

#[test]
fn only_metadata_may_hang_on_a_mint() {
    let plain = write_mint(&mint(false, false), &SYSTEM);
    let with = |extensions: &[(u16, usize)], tail: &[u8]| {
        let mut data = plain.clone();
        data.resize(165, 0);
        data.push(1);
        for (kind, length) in extensions {
            data.extend_from_slice(&kind.to_le_bytes());
            data.extend_from_slice(&u16::try_from(*length).unwrap().to_le_bytes());
            data.resize(data.len() + length, 9);
        }
        data.extend_from_slice(tail);
        read_mint(&TOKEN_2022, &data).unwrap().facts.foreign_extension
    };
    assert!(!with(&[], &[]));
    assert!(!with(&[(18, 64), (19, 120)], &[]));
    assert!(!with(&[(18, 64)], &[0; 7]), "room that is not used yet");
    assert!(with(&[(18, 64), (1, 108)], &[]), "a transfer fee");
    assert!(with(&[(14, 64)], &[]), "a transfer hook");
    assert!(with(&[(12, 32)], &[]), "a permanent delegate");
    assert!(with(&[(18, 64)], &[19, 0, 255, 0, 1]), "an extension that is cut off");
    assert!(with(&[(18, 64)], &[5]), "bytes that are no extension");
    let mut spl = plain;
    spl.resize(170, 0);
    assert!(read_mint(&TOKEN, &spl).unwrap().facts.foreign_extension, "SPL mints have no extensions");
}

#[test]
fn a_token_account_round_trips() {
    for (frozen, native_rent) in [(false, None), (true, None), (false, Some(2_039_280))] {
        let account = TokenAccount {
            mint: Mint(Pubkey([1; 32])),
            owner: Wallet(Pubkey([2; 32])),
            amount: TokenAmount(77),
            frozen,
            native_rent,
        };
        let data = write_token_account(&account);
        assert_eq!(data.len(), 165);
        assert_eq!(read_token_account(&data), Ok(account));
        assert_eq!(read_token_account(&data[..164]), Err(Malformed::TooShort));
    }
}
