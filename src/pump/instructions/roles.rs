//! What the accounts of an instruction are, by their number: one table for reading and for building.

use momentum_core::ids::Pubkey;

use super::{
    AccountMeta, AmmBuy, AmmBuyExactQuoteIn, AmmBuyExactQuoteInV2, AmmBuyV2, AmmSell, AmmSellV2, Buy,
    BuyExactQuoteInV2, BuyExactQuoteInV3, BuyExactSolIn, BuyV2, BuyV3, Create, CreatePool, CreateV2,
    ExtendAccount, Instruction, Migrate, MigrateV2, MultiHopSwap, Parties, Sell, SellV2, SellV3,
};
use crate::layout::{Listing, Malformed};
use crate::programs::{ASSOCIATED_TOKEN, Program, RENT};

/// What an account is to an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its name in the program's IDL, or in chain.md where the IDL has none.
    pub name: &'static str,
    /// Whether it signs.
    pub signer: bool,
    /// Whether it may be written.
    pub writable: bool,
}

impl Role {
    /// A behind-standing account that no known vintage has.
    const REMAINING: Self = Self { name: "remaining", signer: false, writable: false };

    /// `name`, `name*` (writable), `name!` (signer), `name*!` (both).
    fn parse(text: &'static str) -> Self {
        let (text, signer) = text.strip_suffix('!').map_or((text, false), |text| (text, true));
        let (name, writable) = text.strip_suffix('*').map_or((text, false), |text| (text, true));
        Self { name, signer, writable }
    }
}

/// An instruction that we know.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its program.
    pub program: Program,
    /// Its name in the program's IDL.
    pub name: &'static str,
    discriminator: [u8; 8],
    arguments: for<'a> fn(&'a [u8]) -> Result<Listing<'a>, Malformed>,
    /// The accounts of the IDL; older vintages have a beginning of them.
    base: &'static str,
    /// What stands behind them, of an ordinary coin and of a special one (cashback; for a launch: a quote that
    /// is not SOL).
    tails: [&'static str; 2],
}

fn roles(text: &'static str) -> impl Iterator<Item = Role> + Clone {
    text.split_ascii_whitespace().map(Role::parse)
}

impl Shape {
    /// The roles of an instruction that has so many accounts.
    pub fn roles(&self, accounts: usize) -> impl Iterator<Item = Role> + use<> {
        let [ordinary, special] = self.tails;
        let [base, ordinary_count, special_count] =
            [self.base, ordinary, special].map(|text| roles(text).count());
        let extra = accounts.saturating_sub(base);
        // What a special coin has more stands first, and stood there before the rest came.
        let only_special = special_count.saturating_sub(ordinary_count);
        let tail =
            if extra == special_count || (extra > 0 && extra == only_special) { special } else { ordinary };
        roles(self.base).chain(roles(tail)).chain(std::iter::repeat(Role::REMAINING)).take(accounts)
    }

    /// The newest vintage of the instruction: each account by its role. `None` where a role is not to be derived
    /// from the parties, which no instruction for trading, launching or migrating has.
    #[must_use]
    pub fn build(&self, parties: &Parties, data: Vec<u8>) -> Option<Instruction> {
        let special = match self.name {
            "create_v2" => !parties.quote_is_sol(),
            _ => parties.cashback,
        };
        let tail = self.tails[usize::from(special)];
        let accounts = roles(self.base)
            .chain(roles(tail))
            .map(|role| {
                let key = parties.account(self.program, role.name)?;
                Some(AccountMeta { key, signer: role.signer, writable: role.writable })
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Instruction { program: self.program.address(), accounts, data })
    }
}

/// The instruction that `data` is of, if we know it.
#[must_use]
pub fn shape(program: Program, data: &[u8]) -> Option<&'static Shape> {
    let discriminator = data.first_chunk::<8>()?;
    SHAPES.iter().find(|shape| shape.program == program && shape.discriminator == *discriminator)
}

/// An instruction, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedInstruction<'a> {
    /// Its arguments by name.
    pub arguments: Listing<'a>,
    /// Its accounts by role.
    pub accounts: Vec<(Role, Pubkey)>,
}

/// Reads an instruction; `None` for one that we do not know.
///
/// # Errors
/// Where the arguments that every vintage has are not there.
pub fn read_instruction<'a>(
    program: Program,
    data: &'a [u8],
    accounts: &[Pubkey],
) -> Option<Result<NamedInstruction<'a>, Malformed>> {
    let shape = shape(program, data)?;
    let named = (shape.arguments)(data.get(8..)?).map(|arguments| NamedInstruction {
        arguments,
        accounts: shape
            .roles(accounts.len())
            .zip(accounts)
            .map(|(role, key)| (as_of(role, key), *key))
            .collect(),
    });
    Some(named)
}

/// Until 2025-05-12 the rent sysvar (buy) or the program of token accounts (sell) stood where the creator vault
/// stands now.
fn as_of(role: Role, key: &Pubkey) -> Role {
    let name = match (role.name, *key) {
        ("creator_vault", RENT) => "rent",
        ("creator_vault", ASSOCIATED_TOKEN) => "associated_token_program",
        _ => return role,
    };
    Role { name, signer: false, writable: false }
}

macro_rules! shapes {
    ($($program:ident: $arguments:ident, $base:expr, [$ordinary:expr, $special:expr];)*) => {
        const SHAPES: &[Shape] = &[$(
            Shape {
                program: Program::$program,
                name: $arguments::NAME,
                discriminator: $arguments::DISCRIMINATOR,
                arguments: |body| $arguments::read(body).map(|arguments| arguments.listing()),
                base: $base,
                tails: [$ordinary, $special],
            },
        )*];
        $(
            impl $arguments<'_> {
                /// The newest vintage of the instruction with these arguments; see [`Shape::build`].
                #[must_use]
                pub fn instruction(&self, parties: &Parties) -> Option<Instruction> {
                    let mut data = Vec::new();
                    self.write(&mut data);
                    shape(Program::$program, &data)?.build(parties, data)
                }
            }
        )*
    };
}

shapes! {
    Pump: Buy, BUY, [BUY_TAIL, BUY_TAIL];
    Pump: BuyExactSolIn, BUY, [BUY_TAIL, BUY_TAIL];
    Pump: Sell, SELL, [BUY_TAIL, SELL_CASHBACK_TAIL];
    Pump: BuyV2, BUY_V2, ["", ""];
    Pump: BuyExactQuoteInV2, BUY_V2, ["", ""];
    Pump: SellV2, SELL_V2, ["", ""];
    Pump: BuyV3, TRADE_V3, ["", ""];
    Pump: BuyExactQuoteInV3, TRADE_V3, ["", ""];
    Pump: SellV3, TRADE_V3, ["", ""];
    Pump: Create, CREATE, ["", ""];
    Pump: CreateV2, CREATE_V2, ["", CREATE_V2_QUOTE_TAIL];
    Pump: Migrate, MIGRATE, ["", ""];
    Pump: MigrateV2, MIGRATE_V2, [MIGRATE_V2_TAIL, MIGRATE_V2_TAIL];
    Pump: ExtendAccount, "account* user*! system_program event_authority program", ["", ""];
    PumpSwap: AmmBuy, AMM_BUY, [AMM_TAIL, AMM_BUY_CASHBACK_TAIL];
    PumpSwap: AmmBuyExactQuoteIn, AMM_BUY, [AMM_TAIL, AMM_BUY_CASHBACK_TAIL];
    PumpSwap: AmmSell, AMM_SELL, [AMM_TAIL, AMM_SELL_CASHBACK_TAIL];
    PumpSwap: AmmBuyV2, AMM_TRADE_V2, ["", ""];
    PumpSwap: AmmBuyExactQuoteInV2, AMM_TRADE_V2, ["", ""];
    PumpSwap: AmmSellV2, AMM_TRADE_V2, ["", ""];
    PumpSwap: CreatePool, CREATE_POOL, ["", ""];
    PumpSwap: MultiHopSwap, MULTI_HOP_SWAP, ["", ""];
}

const BUY: &str = "global fee_recipient* mint bonding_curve* associated_bonding_curve* associated_user* user*! \
    system_program token_program creator_vault* event_authority program global_volume_accumulator \
    user_volume_accumulator* fee_config fee_program";
const BUY_TAIL: &str = "bonding_curve_v2 buyback_fee_recipient*";
const SELL: &str = "global fee_recipient* mint bonding_curve* associated_bonding_curve* associated_user* user*! \
    system_program creator_vault* token_program event_authority program fee_config fee_program";
const SELL_CASHBACK_TAIL: &str = "user_volume_accumulator* bonding_curve_v2 buyback_fee_recipient*";
const BUY_V2: &str = "global base_mint quote_mint base_token_program quote_token_program \
    associated_token_program fee_recipient* associated_quote_fee_recipient* buyback_fee_recipient* \
    associated_quote_buyback_fee_recipient* bonding_curve* associated_base_bonding_curve* \
    associated_quote_bonding_curve* user*! associated_base_user* associated_quote_user* creator_vault* \
    associated_creator_vault* sharing_config global_volume_accumulator user_volume_accumulator* \
    associated_user_volume_accumulator* fee_config fee_program system_program event_authority program";
const SELL_V2: &str = "global base_mint quote_mint base_token_program quote_token_program \
    associated_token_program fee_recipient* associated_quote_fee_recipient* buyback_fee_recipient* \
    associated_quote_buyback_fee_recipient* bonding_curve* associated_base_bonding_curve* \
    associated_quote_bonding_curve* user*! associated_base_user* associated_quote_user* creator_vault* \
    associated_creator_vault* sharing_config user_volume_accumulator* associated_user_volume_accumulator* \
    fee_config fee_program system_program event_authority program";
const TRADE_V3: &str = "global base_mint quote_mint base_token_program quote_token_program bonding_curve* \
    associated_base_bonding_curve* associated_quote_bonding_curve* user*! associated_base_user* \
    associated_quote_user* user_volume_accumulator* fee_config buyback_fee_recipient* system_program \
    event_authority program";
const CREATE: &str = "mint*! mint_authority bonding_curve* associated_bonding_curve* global mpl_token_metadata \
    metadata* user*! system_program token_program associated_token_program rent event_authority program";
const CREATE_V2: &str = "mint*! mint_authority bonding_curve* associated_bonding_curve* global user*! \
    system_program token_program associated_token_program mayhem_program_id* global_params sol_vault* \
    mayhem_state* mayhem_token_vault* event_authority program";
const CREATE_V2_QUOTE_TAIL: &str =
    "quote_mint associated_quote_bonding_curve* quote_token_program quote_control";
/// The IDL's `token_program` is the quote's here: the coin itself may be of Token-2022.
const MIGRATE: &str = "global withdraw_authority* mint bonding_curve* associated_bonding_curve* user*! \
    system_program quote_token_program pump_amm pool* pool_authority* pool_authority_mint_account* \
    pool_authority_wsol_account* amm_global_config wsol_mint lp_mint* user_pool_token_account* \
    pool_base_token_account* pool_quote_token_account* token_2022_program associated_token_program \
    pump_amm_event_authority event_authority program rent";
const MIGRATE_V2: &str = "global withdraw_authority* base_mint quote_mint bonding_curve* \
    associated_base_bonding_curve* associated_quote_bonding_curve* user*! system_program pump_amm pool* \
    pool_authority* pool_authority_mint_account* pool_authority_quote_account* amm_global_config lp_mint* \
    user_pool_token_account* pool_base_token_account* pool_quote_token_account* base_token_program \
    quote_token_program token_2022_program associated_token_program pump_amm_event_authority rent \
    event_authority program";
/// Mandatory, though the IDL has none of them: 6027 without.
const MIGRATE_V2_TAIL: &str = "boost_vault_authority boost_vault*";
const AMM_BUY: &str = "pool* user*! global_config base_mint quote_mint user_base_token_account* \
    user_quote_token_account* pool_base_token_account* pool_quote_token_account* protocol_fee_recipient \
    protocol_fee_recipient_token_account* base_token_program quote_token_program system_program \
    associated_token_program event_authority program coin_creator_vault_ata* coin_creator_vault_authority \
    global_volume_accumulator user_volume_accumulator* fee_config fee_program";
const AMM_SELL: &str = "pool* user*! global_config base_mint quote_mint user_base_token_account* \
    user_quote_token_account* pool_base_token_account* pool_quote_token_account* protocol_fee_recipient \
    protocol_fee_recipient_token_account* base_token_program quote_token_program system_program \
    associated_token_program event_authority program coin_creator_vault_ata* coin_creator_vault_authority \
    fee_config fee_program";
const AMM_TAIL: &str = "pool_v2 buyback_fee_recipient buyback_fee_recipient_token_account*";
const AMM_BUY_CASHBACK_TAIL: &str = "user_volume_accumulator_quote_account* pool_v2 buyback_fee_recipient \
    buyback_fee_recipient_token_account*";
const AMM_SELL_CASHBACK_TAIL: &str = "user_volume_accumulator_quote_account* user_volume_accumulator* pool_v2 \
    buyback_fee_recipient buyback_fee_recipient_token_account*";
/// The IDL's `buyback_fee_recipient` is the recipient's token account here.
const AMM_TRADE_V2: &str = "pool* user*! global_config base_mint quote_mint user_base_token_account* \
    user_quote_token_account* pool_base_token_account* pool_quote_token_account* base_token_program \
    quote_token_program system_program user_volume_accumulator* fee_config \
    buyback_fee_recipient_token_account* event_authority program";
const CREATE_POOL: &str = "pool* global_config creator*! base_mint quote_mint lp_mint* user_base_token_account* \
    user_quote_token_account* user_pool_token_account* pool_base_token_account* pool_quote_token_account* \
    system_program token_2022_program base_token_program quote_token_program associated_token_program \
    event_authority program";
const MULTI_HOP_SWAP: &str = "user*! user_in_token_account* user_out_token_account* global_config fee_config \
    user_volume_accumulator* buyback_fee_recipient* token_program token_2022_program system_program \
    event_authority program pump_program pump_global pump_fee_config pump_event_authority";
