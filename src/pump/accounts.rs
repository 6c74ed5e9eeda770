//! Accounts of the programs and of tokens, of every length that was ever seen and longer (chain.md §4).

mod meaning;
mod metadata;
mod token;

use momentum_core::ids::Pubkey;

pub use meaning::MintAccount;
pub use metadata::{
    TokenMetadata, read_metaplex_metadata, read_mint_metadata, write_metaplex_metadata, write_mint_metadata,
};
pub use token::{TokenAccount, read_mint, read_token_account, write_mint, write_token_account};

use crate::layout::{FeeBps, FeeTiers, KeyArray, Listing, Malformed, layouts};

layouts! {
    /// A bonding curve.
    BondingCurve, "BondingCurve", "17b7f83760d8ac60" {
        virtual_token_reserves: u64, virtual_quote_reserves: u64, real_token_reserves: u64,
        real_quote_reserves: u64, token_total_supply: u64, complete: bool,
        ;
        creator: Pubkey, is_mayhem_mode: bool, is_cashback_coin: bool, quote_mint: Pubkey,
        creator_fee_bps: u64, can_edit_creator_fee: bool, is_holder_reward: bool, creator_fee: u64,
        protocol_fees: u64, depth: u8, initial_virtual_quote_reserves: u64, post_complete_base_out: u64,
        post_complete_quote_in: u64,
    }

    /// Settings of the bonding curve program.
    Global, "Global", "a7e8e8b1c86c727f" {
        initialized: bool, authority: Pubkey, fee_recipient: Pubkey, initial_virtual_token_reserves: u64,
        initial_virtual_sol_reserves: u64, initial_real_token_reserves: u64, token_total_supply: u64,
        fee_basis_points: u64, withdraw_authority: Pubkey, enable_migrate: bool, pool_migration_fee: u64,
        creator_fee_basis_points: u64, fee_recipients: KeyArray<'a, 7>,
        ;
        set_creator_authority: Pubkey, admin_set_creator_authority: Pubkey, create_v2_enabled: bool,
        whitelist_pda: Pubkey, reserved_fee_recipient: Pubkey, mayhem_mode_enabled: bool,
        reserved_fee_recipients: KeyArray<'a, 7>, is_cashback_enabled: bool,
        buyback_fee_recipients: KeyArray<'a, 8>, buyback_basis_points: u64,
        initial_virtual_quote_reserves: u64, whitelisted_quote_mints: KeyArray<'a, 1>,
        creator_fee_configurable: bool, max_configurable_creator_fee_bps: u64,
        holder_reward_claim_authority: Pubkey, is_holder_reward_enabled: bool, max_curve_depth: u8,
    }

    /// A PumpSwap pool.
    Pool, "Pool", "f19a6d0411b16dbc" {
        pool_bump: u8, index: u16, creator: Pubkey, base_mint: Pubkey, quote_mint: Pubkey, lp_mint: Pubkey,
        pool_base_token_account: Pubkey, pool_quote_token_account: Pubkey, lp_supply: u64,
        ;
        coin_creator: Pubkey, is_mayhem_mode: bool, is_cashback_coin: bool, virtual_quote_reserves: i128,
        creator_fee_bps: u64, can_edit_creator_fee: bool, is_holder_reward: bool, protocol_fees: u64,
        creator_fees: u64,
    }

    /// Settings of PumpSwap.
    GlobalConfig, "GlobalConfig", "95089ccaa0fcb0d9" {
        admin: Pubkey, lp_fee_basis_points: u64, protocol_fee_basis_points: u64, disable_flags: u8,
        protocol_fee_recipients: KeyArray<'a, 8>,
        ;
        coin_creator_fee_basis_points: u64, admin_set_coin_creator_authority: Pubkey,
        whitelist_pda: Pubkey, reserved_fee_recipient: Pubkey, mayhem_mode_enabled: bool,
        reserved_fee_recipients: KeyArray<'a, 7>, is_cashback_enabled: bool,
        buyback_fee_recipients: KeyArray<'a, 8>, buyback_basis_points: u64, boost_authority: Pubkey,
        boost_enabled: bool, creator_fee_configurable: bool, max_configurable_creator_fee_bps: u64,
    }

    /// A fee schedule of the fee program.
    FeeConfig, "FeeConfig", "8f3492bbdb7b4c9b" {
        bump: u8, admin: Pubkey, flat_fees: FeeBps, fee_tiers: FeeTiers<'a>,
        ;
        stable_fee_tiers: FeeTiers<'a>, exotic_flat_fees: FeeBps,
    }
}

/// Joins the accounts into one reader.
macro_rules! accounts {
    ($($account:ident),*) => {
        $(
            impl<'a> $account<'a> {
                /// Reads the account's data, discriminator and all.
                ///
                /// # Errors
                /// Where the data are of another account, or broken.
                pub fn from_data(data: &'a [u8]) -> Result<Self, Malformed> {
                    match data.split_first_chunk::<8>() {
                        Some((&Self::DISCRIMINATOR, body)) => Self::read(body),
                        _ => Err(Malformed::AnotherRecord),
                    }
                }
            }
        )*

        /// The fields of an account by name, whichever of the programs' accounts it is.
        ///
        /// # Errors
        /// Where it is none of them, or broken.
        pub fn list_account(data: &[u8]) -> Result<Listing<'_>, Malformed> {
            let (discriminator, body) = data.split_first_chunk::<8>().ok_or(Malformed::TooShort)?;
            match *discriminator {
                $( $account::DISCRIMINATOR => Ok($account::read(body)?.listing()), )*
                _ => Err(Malformed::AnotherRecord),
            }
        }
    };
}
accounts!(BondingCurve, Global, Pool, GlobalConfig, FeeConfig);
