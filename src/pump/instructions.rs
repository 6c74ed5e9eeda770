//! The instructions of the programs: arguments, accounts in their order, and what the accounts are.
//!
//! The order of accounts is part of a program's layout and grows as the rest does; what stands behind the
//! accounts of the IDL is mandatory all the same (chain.md §3).

mod parties;
mod plain;
mod roles;

use momentum_core::ids::Pubkey;

pub use parties::Parties;
pub use plain::Plain;
pub use roles::{NamedInstruction, Role, Shape, read_instruction, shape};

use crate::layout::layouts;

/// An account of an instruction that is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountMeta {
    /// Its address.
    pub key: Pubkey,
    /// Whether it signs.
    pub signer: bool,
    /// Whether it may be written.
    pub writable: bool,
}

/// An instruction that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Its program.
    pub program: Pubkey,
    /// Its accounts in order.
    pub accounts: Vec<AccountMeta>,
    /// Its data.
    pub data: Vec<u8>,
}

layouts! {
    /// Arguments of `buy` of the bonding curve program.
    Buy, "buy", "66063d1201daebea" {
        amount: u64, max_sol_cost: u64,
        ;
        track_volume: bool, partial_fill: bool,
    }

    /// Arguments of `buy_exact_sol_in` of the bonding curve program.
    BuyExactSolIn, "buy_exact_sol_in", "38fc74089edfcd5f" {
        spendable_sol_in: u64, min_tokens_out: u64,
        ;
        track_volume: bool, partial_fill: bool,
    }

    /// Arguments of `sell` of the bonding curve program.
    Sell, "sell", "33e685a4017f83ad" {
        amount: u64, min_sol_output: u64,
        ;
    }

    /// Arguments of `buy_v2` of the bonding curve program.
    BuyV2, "buy_v2", "b817ee6167c5d33d" {
        amount: u64, max_sol_cost: u64,
        ;
        partial_fill: bool,
    }

    /// Arguments of `buy_exact_quote_in_v2` of the bonding curve program.
    BuyExactQuoteInV2, "buy_exact_quote_in_v2", "c2ab1c46684d5b2f" {
        spendable_quote_in: u64, min_tokens_out: u64,
        ;
        partial_fill: bool,
    }

    /// Arguments of `sell_v2` of the bonding curve program.
    SellV2, "sell_v2", "5df6823ce7e940b2" {
        amount: u64, min_sol_output: u64,
        ;
    }

    /// Arguments of `buy_v3` of the bonding curve program.
    BuyV3, "buy_v3", "07051dc4f5176550" {
        amount: u64, max_sol_cost: u64,
        ;
        partial_fill: bool,
    }

    /// Arguments of `buy_exact_quote_in_v3` of the bonding curve program.
    BuyExactQuoteInV3, "buy_exact_quote_in_v3", "e1f7501ed5b38488" {
        spendable_quote_in: u64, min_tokens_out: u64,
        ;
        partial_fill: bool,
    }

    /// Arguments of `sell_v3` of the bonding curve program.
    SellV3, "sell_v3", "1c92de7726c469d5" {
        amount: u64, min_sol_output: u64,
        ;
    }

    /// Arguments of `create` of the bonding curve program.
    Create, "create", "181ec828051c0777" {
        name: &'a str, symbol: &'a str, uri: &'a str,
        ;
        creator: Pubkey,
    }

    /// Arguments of `create_v2` of the bonding curve program.
    CreateV2, "create_v2", "d6904cec5f8b31b4" {
        name: &'a str, symbol: &'a str, uri: &'a str, creator: Pubkey, is_mayhem_mode: bool,
        ;
        is_cashback_enabled: bool, creator_fee_bps: u64, is_holder_reward: bool,
    }

    /// Arguments of `migrate` of the bonding curve program.
    Migrate, "migrate", "9beae792ec9ea21e" {
        ;
    }

    /// Arguments of `migrate_v2` of the bonding curve program.
    MigrateV2, "migrate_v2", "bbcb121fceedfe29" {
        ;
    }

    /// Arguments of `extend_account` of the bonding curve program.
    ExtendAccount, "extend_account", "ea66c2cb96483ee5" {
        ;
    }

    /// Arguments of `buy` of PumpSwap.
    AmmBuy, "buy", "66063d1201daebea" {
        base_amount_out: u64, max_quote_amount_in: u64,
        ;
        track_volume: bool,
    }

    /// Arguments of `buy_exact_quote_in` of PumpSwap.
    AmmBuyExactQuoteIn, "buy_exact_quote_in", "c62e1552b4d9e870" {
        spendable_quote_in: u64, min_base_amount_out: u64,
        ;
        track_volume: bool,
    }

    /// Arguments of `sell` of PumpSwap.
    AmmSell, "sell", "33e685a4017f83ad" {
        base_amount_in: u64, min_quote_amount_out: u64,
        ;
    }

    /// Arguments of `buy_v2` of PumpSwap.
    AmmBuyV2, "buy_v2", "b817ee6167c5d33d" {
        base_amount_out: u64, max_quote_amount_in: u64,
        ;
    }

    /// Arguments of `buy_exact_quote_in_v2` of PumpSwap.
    AmmBuyExactQuoteInV2, "buy_exact_quote_in_v2", "c2ab1c46684d5b2f" {
        spendable_quote_in: u64, min_base_amount_out: u64,
        ;
    }

    /// Arguments of `sell_v2` of PumpSwap.
    AmmSellV2, "sell_v2", "5df6823ce7e940b2" {
        base_amount_in: u64, min_quote_amount_out: u64,
        ;
    }

    /// Arguments of `create_pool` of PumpSwap.
    CreatePool, "create_pool", "e992d18ecf6840bc" {
        index: u16, base_amount_in: u64, quote_amount_in: u64, coin_creator: Pubkey, is_mayhem_mode: bool,
        ;
        is_cashback_coin: bool, creator_fee_bps: u64, can_edit_creator_fee: bool, is_holder_reward: bool,
    }

    /// Arguments of `multi_hop_swap` of PumpSwap.
    MultiHopSwap, "multi_hop_swap", "2b644913e9f66f94" {
        amount_in: u64, min_amount_out: u64,
        ;
    }
}
