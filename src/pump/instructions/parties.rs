//! Who takes part in an instruction, and the address of each role that follows from that.

use momentum_core::ids::Pubkey;

use crate::address::{
    associated_token, bonding_curve, bonding_curve_v2, boost_vault_authority, creator_vault, mayhem_state,
    metadata, pool, pool_authority, pool_lp_mint, pool_v2, quote_control, sharing_config,
    user_volume_accumulator,
};
use crate::programs::{
    AMM_EVENT_AUTHORITY, AMM_FEE_CONFIG, AMM_GLOBAL_CONFIG, AMM_GLOBAL_VOLUME_ACCUMULATOR, ASSOCIATED_TOKEN,
    EVENT_AUTHORITY, FEE_CONFIG, GLOBAL, GLOBAL_VOLUME_ACCUMULATOR, MAYHEM, MAYHEM_GLOBAL_PARAMS,
    MAYHEM_SOL_VAULT, METADATA, MINT_AUTHORITY, PUMP, PUMP_AMM, PUMP_FEES, Program, RENT, SYSTEM, TOKEN_2022,
    WITHDRAW_AUTHORITY, WRAPPED_SOL,
};

/// Who takes part: all else is derived from them. Read the creator from the curve or pool right before building,
/// and the recipients from `Global` or `GlobalConfig`: both change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parties {
    /// Who signs and pays.
    pub user: Pubkey,
    /// The token.
    pub mint: Pubkey,
    /// Its token program.
    pub token_program: Pubkey,
    /// What it is priced in; the zero key and wrapped SOL both mean SOL.
    pub quote_mint: Pubkey,
    /// The quote's token program.
    pub quote_token_program: Pubkey,
    /// Who earns the creator fee.
    pub creator: Pubkey,
    /// Whether it is a cashback coin: sales and swaps then name more accounts.
    pub cashback: bool,
    /// Who takes the protocol fee: one of the class that fits the coin.
    pub fee_recipient: Pubkey,
    /// Who takes the buyback part.
    pub buyback_fee_recipient: Pubkey,
    /// The pool, where it is not the one that the coin migrates to.
    pub pool: Option<Pubkey>,
}

impl Parties {
    /// Whether the token is priced in SOL.
    #[must_use]
    pub fn quote_is_sol(&self) -> bool {
        self.quote_mint == SYSTEM || self.quote_mint == WRAPPED_SOL
    }

    /// The quote as accounts name it: wrapped SOL where a curve stores the zero key.
    fn quote(&self) -> Pubkey {
        if self.quote_is_sol() { WRAPPED_SOL } else { self.quote_mint }
    }

    fn pool(&self) -> Pubkey {
        self.pool.unwrap_or_else(|| pool(0, &pool_authority(&self.mint), &self.mint, &self.quote()))
    }

    fn base_account(&self, owner: &Pubkey) -> Pubkey {
        associated_token(owner, &self.mint, &self.token_program)
    }

    fn quote_account(&self, owner: &Pubkey) -> Pubkey {
        associated_token(owner, &self.quote(), &self.quote_token_program)
    }

    /// The address of a role in an instruction of `program`; `None` for a role that does not follow from the
    /// parties.
    #[must_use]
    pub fn account(&self, program: Program, role: &str) -> Option<Pubkey> {
        let on_curve = program == Program::Pump;
        let either = |curve, amm| if on_curve { curve } else { amm };
        Some(match role {
            // Programs and fixed accounts.
            "system_program" => SYSTEM,
            "associated_token_program" => ASSOCIATED_TOKEN,
            "token_2022_program" => TOKEN_2022,
            "rent" => RENT,
            "mpl_token_metadata" => METADATA,
            "fee_program" => PUMP_FEES,
            "program" => program.address(),
            "event_authority" => either(EVENT_AUTHORITY, AMM_EVENT_AUTHORITY),
            "global_volume_accumulator" => either(GLOBAL_VOLUME_ACCUMULATOR, AMM_GLOBAL_VOLUME_ACCUMULATOR),
            "fee_config" => either(FEE_CONFIG, AMM_FEE_CONFIG),
            "global" | "pump_global" => GLOBAL,
            "pump_program" => PUMP,
            "pump_fee_config" => FEE_CONFIG,
            "pump_event_authority" => EVENT_AUTHORITY,
            "mint_authority" => MINT_AUTHORITY,
            "withdraw_authority" => WITHDRAW_AUTHORITY,
            "pump_amm" => PUMP_AMM,
            "global_config" | "amm_global_config" => AMM_GLOBAL_CONFIG,
            "pump_amm_event_authority" => AMM_EVENT_AUTHORITY,
            "mayhem_program_id" => MAYHEM,
            "global_params" => MAYHEM_GLOBAL_PARAMS,
            "sol_vault" => MAYHEM_SOL_VAULT,
            "wsol_mint" => WRAPPED_SOL,
            "quote_control" => quote_control(),
            // The parties themselves.
            "user" => self.user,
            "mint" | "base_mint" => self.mint,
            "quote_mint" => self.quote(),
            "token_program" | "base_token_program" => self.token_program,
            "quote_token_program" => self.quote_token_program,
            "fee_recipient" | "protocol_fee_recipient" => self.fee_recipient,
            "buyback_fee_recipient" => self.buyback_fee_recipient,
            // Theirs by derivation.
            "bonding_curve" => bonding_curve(&self.mint),
            "bonding_curve_v2" => bonding_curve_v2(&self.mint),
            "associated_bonding_curve" | "associated_base_bonding_curve" => {
                self.base_account(&bonding_curve(&self.mint))
            }
            "associated_quote_bonding_curve" => self.quote_account(&bonding_curve(&self.mint)),
            "associated_user" | "associated_base_user" | "user_base_token_account" => {
                self.base_account(&self.user)
            }
            "associated_quote_user" | "user_quote_token_account" => self.quote_account(&self.user),
            "associated_quote_fee_recipient" | "protocol_fee_recipient_token_account" => {
                self.quote_account(&self.fee_recipient)
            }
            "associated_quote_buyback_fee_recipient" | "buyback_fee_recipient_token_account" => {
                self.quote_account(&self.buyback_fee_recipient)
            }
            "creator_vault" | "coin_creator_vault_authority" => creator_vault(program, &self.creator),
            "associated_creator_vault" | "coin_creator_vault_ata" => {
                self.quote_account(&creator_vault(program, &self.creator))
            }
            "sharing_config" => sharing_config(&self.mint),
            "user_volume_accumulator" => user_volume_accumulator(program, &self.user),
            "associated_user_volume_accumulator" | "user_volume_accumulator_quote_account" => {
                self.quote_account(&user_volume_accumulator(program, &self.user))
            }
            "metadata" => metadata(&self.mint),
            "mayhem_state" => mayhem_state(&self.mint),
            "mayhem_token_vault" => associated_token(&MAYHEM_SOL_VAULT, &self.mint, &TOKEN_2022),
            "pool" => self.pool(),
            "pool_authority" => pool_authority(&self.mint),
            "pool_authority_mint_account" => self.base_account(&pool_authority(&self.mint)),
            "pool_authority_wsol_account" | "pool_authority_quote_account" => {
                self.quote_account(&pool_authority(&self.mint))
            }
            "lp_mint" => pool_lp_mint(&self.pool()),
            "user_pool_token_account" => {
                associated_token(&pool_authority(&self.mint), &pool_lp_mint(&self.pool()), &TOKEN_2022)
            }
            "pool_base_token_account" => self.base_account(&self.pool()),
            "pool_quote_token_account" => self.quote_account(&self.pool()),
            "boost_vault_authority" => boost_vault_authority(&self.pool()),
            "boost_vault" => self.quote_account(&boost_vault_authority(&self.pool())),
            "pool_v2" => pool_v2(&self.mint),
            _ => return None,
        })
    }
}
