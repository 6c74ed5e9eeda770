//! The accounts that the programs find: their settings as mainnet held them on 2026-10-10, written field by field.

use momentum_core::event::MintFacts;
use momentum_core::ids::{Mint, Pubkey, Wallet};
use momentum_core::quotes::{FeeSchedule, FeeTier, Rates, Schedules};
use momentum_core::units::TokenAmount;
use momentum_pump::accounts::{
    FeeConfig, Global, GlobalConfig, MintAccount, TokenAccount, write_mint, write_token_account,
};
use momentum_pump::address::{associated_token, derive};
use momentum_pump::layout::KeyArray;
use momentum_pump::programs::{
    AMM_FEE_CONFIG, AMM_GLOBAL_CONFIG, AMM_GLOBAL_VOLUME_ACCUMULATOR, FEE_CONFIG, GLOBAL,
    GLOBAL_VOLUME_ACCUMULATOR, MAYHEM, MAYHEM_GLOBAL_PARAMS, MAYHEM_SOL_VAULT, PUMP, PUMP_AMM, PUMP_FEES,
    SYSTEM, TIP_ACCOUNTS, TOKEN, WITHDRAW_AUTHORITY, WRAPPED_SOL,
};

use crate::rpc::Account;

const fn key(text: &str) -> [u8; 32] {
    bs58::decode(text.as_bytes()).into_array_const_unwrap::<32>()
}

/// Takes the protocol fee of ordinary coins.
pub const FEE_RECIPIENT: Pubkey = Pubkey(key("62qc2CNXwrYqQScmEdiZFFAnJR262PxWEuNQtxfafNgV"));
/// Takes the protocol fee of mayhem coins.
pub const MAYHEM_FEE_RECIPIENT: Pubkey = Pubkey(key("GesfTA3X2arioaHp8bbKdjG9vJtskViWACZoYvxp4twS"));
/// Take the buyback part.
pub const BUYBACK: [[u8; 32]; 8] = [
    key("5YxQFdt3Tr9zJLvkFccqXVUwhdTWJQc1fFg2YPbxvxeD"),
    key("9M4giFFMxmFGXtc3feFzRai56WbBqehoSeRE5GK7gf7"),
    key("GXPFM2caqTtQYC2cJ5yJRi9VDkpsYZXzYdwYpGnLmtDL"),
    key("3BpXnfJaUTiwXnJNe7Ej1rcbzqTTQUvLShZaWazebsVR"),
    key("5cjcW9wExnJJiqgLjq7DEG75Pm6JBgE1hNv4B2vHXUW6"),
    key("EHAAiTxcdDwQ3U4bU6YcMsQGaekdzLS3B5SmYo46kJtL"),
    key("5eHhjP8JaYkz83CWwvGU2uMUXefd3AazWGx4gpcuEEYD"),
    key("A7hAgCzFw14fejgCp387JUJRMNyz4j89JKnhtKU8piqW"),
];
/// The others of [`FEE_RECIPIENT`]'s class on curves.
const FEE_RECIPIENTS: [[u8; 32]; 7] = [
    key("7VtfL8fvgNfhz17qKRMjzQEXgbdpnHHHQRh54R9jP2RJ"),
    key("7hTckgnGnLQR6sdH7YkqFTAA7VwTfYFaZ6EhEsU3saCX"),
    key("9rPYyANsfQZw3DnDmKE3YCQF5E8oD89UXoHn9JFEhJUz"),
    key("AVmoTthdrX6tKt4nDjco2D775W2YK3sDhxPcMmzUAmTY"),
    key("CebN5WGQ4jvEPvsVU4EoHEpgzq1VV7AbicfhtW4xC9iM"),
    key("FWsW1xNtWscwNmKv6wVsU1iTzRN6wmmk3MjxRP5tT7hz"),
    key("G5UZAVbAf46s7cKWoyKu8kYTip9DGTpbLZ2qa9Aq69dP"),
];
/// The protocol fee's takers on PumpSwap.
const AMM_FEE_RECIPIENTS: [[u8; 32]; 8] = [
    FEE_RECIPIENT.0,
    FEE_RECIPIENTS[0],
    FEE_RECIPIENTS[1],
    FEE_RECIPIENTS[2],
    FEE_RECIPIENTS[3],
    FEE_RECIPIENTS[5],
    FEE_RECIPIENTS[6],
    key("JCRGumoE9Qi5BBgULTgdgTLjSgkCMSbF62ZZfGs84JeU"),
];
const MAYHEM_FEE_RECIPIENTS: [[u8; 32]; 7] = [
    key("4budycTjhs9fD6xw62VBducVTNgMgJJ5BgtKq7mAZwn6"),
    key("8SBKzEQU4nLSzcwF4a74F2iaUDQyTfjGndn6qUWBnrpR"),
    key("4UQeTP1T39KZ9Sfxzo3WR5skgsaP6NZa87BAkuazLEKH"),
    key("8sNeir4QsLsJdYpc9RZacohhK1Y5FLU3nC5LXgYB4aa6"),
    key("Fh9HmeLNUMVCvejxCtCL2DbYaRyBFVJ5xrWkLnMH6fdk"),
    key("463MEnMeGyJekNZFQSTUABBEbLnvMTALbT6ZmsxAbAdq"),
    key("6AUH3WEHucYZyC61hqpqYUWVto5qA5hjHuNQ32GNnNxA"),
];
const ADMIN: Pubkey = Pubkey(key("FFWtrEQ4B4PKQoVuHYzZq8FabGkVatYzDpEVHsK5rrhF"));
const SETS_CREATORS: Pubkey = Pubkey(key("UqN2p5bAzBqYdHXcgB6WLtuVrdvmy9JSAtgqZb3CMKw"));
const PAYS_HOLDER_REWARDS: Pubkey = Pubkey(key("HckQ93Xqjjo8mwt5pNPWvyCTZXQZ858rvzmm7ZRrZg9t"));
const BOOSTS: Pubkey = Pubkey(key("HTVZVEQMBsNanubDPTs3CxDAEGNFQHJY8c1441iy2S5r"));
const USDC: [[u8; 32]; 1] = [key("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v")];

/// A whole SOL.
pub const SOL: u64 = 1_000_000_000;
/// What an account holds here that must merely exist.
const ENOUGH: u64 = 10 * SOL;

/// Rent of a token account of 165 bytes.
const TOKEN_ACCOUNT_RENT: u64 = 2_039_280;

/// All accounts that stand in the first block, beside the programs.
#[must_use]
pub fn accounts() -> Vec<(Pubkey, Account)> {
    let of = |owner, data| Account { lamports: ENOUGH, owner, data };
    let schedules = Schedules::of_2026_10_10();
    let mut accounts = vec![
        (GLOBAL, of(PUMP, global())),
        (AMM_GLOBAL_CONFIG, of(PUMP_AMM, global_config())),
        (FEE_CONFIG, of(PUMP_FEES, fee_config(&PUMP, &schedules.curve))),
        (AMM_FEE_CONFIG, of(PUMP_FEES, fee_config(&PUMP_AMM, &schedules.pool))),
        (GLOBAL_VOLUME_ACCUMULATOR, of(PUMP, volume())),
        (AMM_GLOBAL_VOLUME_ACCUMULATOR, of(PUMP_AMM, volume())),
        (MAYHEM_GLOBAL_PARAMS, of(MAYHEM, mayhem_params())),
        (WRAPPED_SOL, of(TOKEN, wrapped_sol())),
    ];
    // Tips are paid into accounts that are there: a small one cannot open another.
    accounts.extend(TIP_ACCOUNTS.map(|address| (address, of(SYSTEM, Vec::new()))));
    let wallets = [FEE_RECIPIENT, MAYHEM_FEE_RECIPIENT, MAYHEM_SOL_VAULT, WITHDRAW_AUTHORITY];
    let recipients = [&FEE_RECIPIENTS[..], &AMM_FEE_RECIPIENTS, &MAYHEM_FEE_RECIPIENTS, &BUYBACK].concat();
    let wallets = wallets.into_iter().chain(recipients.into_iter().map(Pubkey));
    // Swaps pay into accounts of wrapped SOL that they do not open.
    for wallet in wallets {
        accounts.push((wallet, of(SYSTEM, Vec::new())));
        let account = TokenAccount {
            mint: Mint(WRAPPED_SOL),
            owner: Wallet(wallet),
            amount: TokenAmount(0),
            frozen: false,
            native_rent: Some(TOKEN_ACCOUNT_RENT),
        };
        let data = write_token_account(&account);
        let account = Account { lamports: TOKEN_ACCOUNT_RENT, owner: TOKEN, data };
        accounts.push((associated_token(&wallet, &WRAPPED_SOL, &TOKEN), account));
    }
    accounts
}

/// The fee account of curves with these rates, in basis points.
#[must_use]
pub fn curve_fees(protocol: u16, creator: u16) -> (Pubkey, Account) {
    (FEE_CONFIG, one_rate(&PUMP, Rates::bps(0, protocol, creator)))
}

/// The fee account of pools with these rates, in basis points, whatever a coin is worth.
#[must_use]
pub fn pool_fees(lp: u16, protocol: u16, creator: u16) -> (Pubkey, Account) {
    (AMM_FEE_CONFIG, one_rate(&PUMP_AMM, Rates::bps(lp, protocol, creator)))
}

/// The fee account of a program in which all coins have the same rates.
fn one_rate(of: &Pubkey, rates: Rates) -> Account {
    let one = || vec![FeeTier { threshold: 0, rates }];
    let schedule = FeeSchedule { flat: rates, tiers: one(), stable_tiers: one(), exotic: rates };
    Account { lamports: ENOUGH, owner: PUMP_FEES, data: fee_config(of, &schedule) }
}

/// `Global` of 2026-10-10.
fn global() -> Vec<u8> {
    let mut data = Vec::new();
    let global = Global {
        initialized: true,
        authority: ADMIN,
        fee_recipient: FEE_RECIPIENT,
        initial_virtual_token_reserves: 1_073_000_000_000_000,
        initial_virtual_sol_reserves: 30 * SOL,
        initial_real_token_reserves: 793_100_000_000_000,
        token_total_supply: 1_000_000_000_000_000,
        fee_basis_points: 95,
        withdraw_authority: WITHDRAW_AUTHORITY,
        enable_migrate: true,
        pool_migration_fee: 15_000_001,
        creator_fee_basis_points: 5,
        fee_recipients: KeyArray(&FEE_RECIPIENTS),
        set_creator_authority: Some(WITHDRAW_AUTHORITY),
        admin_set_creator_authority: Some(SETS_CREATORS),
        create_v2_enabled: Some(true),
        whitelist_pda: Some(MAYHEM_SOL_VAULT),
        reserved_fee_recipient: Some(MAYHEM_FEE_RECIPIENT),
        mayhem_mode_enabled: Some(true),
        reserved_fee_recipients: Some(KeyArray(&MAYHEM_FEE_RECIPIENTS)),
        is_cashback_enabled: Some(true),
        buyback_fee_recipients: Some(KeyArray(&BUYBACK)),
        buyback_basis_points: Some(5_000),
        initial_virtual_quote_reserves: Some(4_292_000_000),
        whitelisted_quote_mints: Some(KeyArray(&USDC)),
        creator_fee_configurable: Some(true),
        max_configurable_creator_fee_bps: Some(300),
        holder_reward_claim_authority: Some(PAYS_HOLDER_REWARDS),
        is_holder_reward_enabled: Some(true),
        max_curve_depth: Some(1),
        trailing: &[],
    };
    global.write(&mut data);
    data
}

/// PumpSwap's `GlobalConfig` of 2026-10-10.
fn global_config() -> Vec<u8> {
    let mut data = Vec::new();
    let config = GlobalConfig {
        admin: ADMIN,
        lp_fee_basis_points: 20,
        protocol_fee_basis_points: 5,
        disable_flags: 0,
        protocol_fee_recipients: KeyArray(&AMM_FEE_RECIPIENTS),
        coin_creator_fee_basis_points: Some(5),
        admin_set_coin_creator_authority: Some(SETS_CREATORS),
        whitelist_pda: Some(MAYHEM_SOL_VAULT),
        reserved_fee_recipient: Some(MAYHEM_FEE_RECIPIENT),
        mayhem_mode_enabled: Some(true),
        reserved_fee_recipients: Some(KeyArray(&MAYHEM_FEE_RECIPIENTS)),
        is_cashback_enabled: Some(true),
        buyback_fee_recipients: Some(KeyArray(&BUYBACK)),
        buyback_basis_points: Some(5_000),
        boost_authority: Some(BOOSTS),
        boost_enabled: Some(true),
        creator_fee_configurable: Some(true),
        max_configurable_creator_fee_bps: Some(300),
        trailing: &[],
    };
    config.write(&mut data);
    data
}

/// The length of both `FeeConfig` accounts: room for tiers to come.
const FEE_CONFIG_LENGTH: usize = 4_097;

/// The schedule of a program as the fee program keeps it.
fn fee_config(of: &Pubkey, schedule: &FeeSchedule) -> Vec<u8> {
    let bump = derive(&PUMP_FEES, &[b"fee_config", &of.0]).map_or(0, |(_, bump)| bump);
    let mut data = FeeConfig::DISCRIMINATOR.to_vec();
    data.push(bump);
    data.extend_from_slice(&ADMIN.0);
    write_rates(&schedule.flat, &mut data);
    write_tiers(&schedule.tiers, &mut data);
    write_tiers(&schedule.stable_tiers, &mut data);
    write_rates(&schedule.exotic, &mut data);
    data.resize(FEE_CONFIG_LENGTH, 0);
    data
}

fn write_tiers(tiers: &[FeeTier], data: &mut Vec<u8>) {
    data.extend_from_slice(&u32::try_from(tiers.len()).unwrap().to_le_bytes());
    for tier in tiers {
        data.extend_from_slice(&tier.threshold.to_le_bytes());
        write_rates(&tier.rates, data);
    }
}

fn write_rates(rates: &Rates, data: &mut Vec<u8>) {
    for rate in [rates.lp, rates.protocol, rates.creator] {
        data.extend_from_slice(&u64::from(rate.0).to_le_bytes());
    }
}

/// `GlobalVolumeAccumulator` before any volume: rewards for it are over. Both programs lay it out alike.
fn volume() -> Vec<u8> {
    const DISCRIMINATOR: [u8; 8] = [0xca, 0x2a, 0xf6, 0x2b, 0x8e, 0xbe, 0x1e, 0xff];
    let mut data = DISCRIMINATOR.to_vec();
    data.resize(8 + 536, 0);
    data
}

/// The mayhem program's settings, of which ordinary coins need no more than that they are there.
fn mayhem_params() -> Vec<u8> {
    const DISCRIMINATOR: [u8; 8] = [0x79, 0xc1, 0xf8, 0x57, 0xc3, 0x38, 0x4c, 0x0b];
    let mut data = DISCRIMINATOR.to_vec();
    data.resize(318, 0);
    data
}

/// The mint of wrapped SOL: no supply, no authority.
fn wrapped_sol() -> Vec<u8> {
    let facts = MintFacts {
        mint_authority: false,
        freeze_authority: false,
        foreign_extension: false,
        supply: TokenAmount(0),
    };
    write_mint(&MintAccount { facts, decimals: 9 }, &SYSTEM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fee_accounts_read_back_as_the_schedules() {
        let schedules = Schedules::of_2026_10_10();
        for (of, schedule) in [(PUMP, schedules.curve), (PUMP_AMM, schedules.pool)] {
            let data = fee_config(&of, &schedule);
            assert_eq!(FeeConfig::from_data(&data).unwrap().schedule().unwrap(), schedule);
        }
    }

    #[test]
    fn the_settings_are_as_long_as_on_mainnet() {
        assert_eq!(global().len(), 1_088);
        assert_eq!(global_config().len(), 949);
    }
}
