//! The events of the programs, as their bytes are (chain.md §2, §5).

use momentum_core::ids::Pubkey;

use crate::layout::{Listing, Malformed, Shareholders, hex8, layouts};
use crate::programs::Program;

/// What the data of an event's inner instruction begin with, before the event's own discriminator.
pub const EVENT_TAG: [u8; 8] = hex8("e445a52e51cb9a1d");

layouts! {
    /// A trade on a bonding curve. Reserves are *after* the trade; for a coin that is not priced in SOL the `sol`
    /// fields are 0 and the `quote` ones tell.
    TradeEvent, "TradeEvent", "bddb7fd34ee661ee" {
        mint: Pubkey, sol_amount: u64, token_amount: u64, is_buy: bool, user: Pubkey, timestamp: i64,
        virtual_sol_reserves: u64, virtual_token_reserves: u64, real_sol_reserves: u64,
        real_token_reserves: u64,
        ;
        fee_recipient: Pubkey, fee_basis_points: u64, fee: u64, creator: Pubkey,
        creator_fee_basis_points: u64, creator_fee: u64, track_volume: bool, total_unclaimed_tokens: u64,
        total_claimed_tokens: u64, current_sol_volume: u64, last_update_timestamp: i64, ix_name: &'a str,
        mayhem_mode: bool, cashback_fee_basis_points: u64, cashback: u64, buyback_fee_basis_points: u64,
        buyback_fee: u64, shareholders: Shareholders<'a>, quote_mint: Pubkey, quote_amount: u64,
        virtual_quote_reserves: u64, real_quote_reserves: u64, holder_rewards_bps: u64,
        holder_rewards: u64, creator_fee_unclaimed: u64, quote_transfer_fee: u64,
    }

    /// A new coin on its bonding curve.
    CreateEvent, "CreateEvent", "1b72a94ddeeb6376" {
        name: &'a str, symbol: &'a str, uri: &'a str, mint: Pubkey, bonding_curve: Pubkey, user: Pubkey,
        ;
        creator: Pubkey, timestamp: i64, virtual_token_reserves: u64, virtual_sol_reserves: u64,
        real_token_reserves: u64, token_total_supply: u64, token_program: Pubkey, is_mayhem_mode: bool,
        is_cashback_enabled: bool, quote_mint: Pubkey, virtual_quote_reserves: u64, creator_fee_bps: u64,
        is_holder_reward: bool, depth: u8,
    }

    /// A curve is sold out.
    CompleteEvent, "CompleteEvent", "5f72619cd42e9808" {
        user: Pubkey, mint: Pubkey, bonding_curve: Pubkey, timestamp: i64,
        ;
        quote_mint: Pubkey,
    }

    /// A curve's liquidity moved to a PumpSwap pool.
    CompletePumpAmmMigrationEvent, "CompletePumpAmmMigrationEvent", "bde95db95c94ea94" {
        user: Pubkey, mint: Pubkey, mint_amount: u64, sol_amount: u64, pool_migration_fee: u64,
        bonding_curve: Pubkey, timestamp: i64, pool: Pubkey,
        ;
        quote_mint: Pubkey,
    }

    /// The part of a purchase that went past the end of the curve, from a pool that does not exist yet.
    PostCompleteBuyEvent, "PostCompleteBuyEvent", "6fb06d8b316cd5fb" {
        user: Pubkey, mint: Pubkey, bonding_curve: Pubkey, quote_mint: Pubkey, timestamp: i64,
        base_out: u64, quote_in: u64, fee_basis_points: u64, fee: u64, creator_fee_basis_points: u64,
        creator_fee: u64, buyback_fee: u64, pool_base_reserves_before: u64,
        pool_quote_reserves_before: u64, pool_base_reserves_after: u64, pool_quote_reserves_after: u64,
        ;
    }

    /// An account of the bonding curve program grew.
    ExtendAccountEvent, "ExtendAccountEvent", "6161d7905d92167c" {
        account: Pubkey, user: Pubkey, current_size: u64, new_size: u64, timestamp: i64,
        ;
    }

    /// A purchase from a pool. Reserves are *before* the trade. In `buy` events `quote_amount_in` is the net and
    /// `user_quote_amount_in` the gross; in `buy_exact_quote_in` events they are swapped.
    BuyEvent, "BuyEvent", "67f4521f2cf57777" {
        timestamp: i64, base_amount_out: u64, max_quote_amount_in: u64, user_base_token_reserves: u64,
        user_quote_token_reserves: u64, pool_base_token_reserves: u64, pool_quote_token_reserves: u64,
        quote_amount_in: u64, lp_fee_basis_points: u64, lp_fee: u64, protocol_fee_basis_points: u64,
        protocol_fee: u64, quote_amount_in_with_lp_fee: u64, user_quote_amount_in: u64, pool: Pubkey,
        user: Pubkey, user_base_token_account: Pubkey, user_quote_token_account: Pubkey,
        protocol_fee_recipient: Pubkey, protocol_fee_recipient_token_account: Pubkey,
        ;
        coin_creator: Pubkey, coin_creator_fee_basis_points: u64, coin_creator_fee: u64,
        track_volume: bool, total_unclaimed_tokens: u64, total_claimed_tokens: u64,
        current_sol_volume: u64, last_update_timestamp: i64, min_base_amount_out: u64, ix_name: &'a str,
        cashback_fee_basis_points: u64, cashback: u64, buyback_fee_basis_points: u64, buyback_fee: u64,
        virtual_quote_reserves: i128, can_boost: bool, base_supply: u64, holder_rewards_bps: u64,
        holder_rewards: u64, creator_fee_unclaimed: u64, quote_transfer_fee: u64,
    }

    /// A sale to a pool. Reserves are *before* the trade.
    SellEvent, "SellEvent", "3e2f370aa503dc2a" {
        timestamp: i64, base_amount_in: u64, min_quote_amount_out: u64, user_base_token_reserves: u64,
        user_quote_token_reserves: u64, pool_base_token_reserves: u64, pool_quote_token_reserves: u64,
        quote_amount_out: u64, lp_fee_basis_points: u64, lp_fee: u64, protocol_fee_basis_points: u64,
        protocol_fee: u64, quote_amount_out_without_lp_fee: u64, user_quote_amount_out: u64, pool: Pubkey,
        user: Pubkey, user_base_token_account: Pubkey, user_quote_token_account: Pubkey,
        protocol_fee_recipient: Pubkey, protocol_fee_recipient_token_account: Pubkey,
        ;
        coin_creator: Pubkey, coin_creator_fee_basis_points: u64, coin_creator_fee: u64,
        cashback_fee_basis_points: u64, cashback: u64, buyback_fee_basis_points: u64, buyback_fee: u64,
        virtual_quote_reserves: i128, can_boost: bool, base_supply: u64, holder_rewards_bps: u64,
        holder_rewards: u64, creator_fee_unclaimed: u64, quote_transfer_fee: u64,
    }

    /// A new pool.
    CreatePoolEvent, "CreatePoolEvent", "b1310cd2a076a774" {
        timestamp: i64, index: u16, creator: Pubkey, base_mint: Pubkey, quote_mint: Pubkey,
        base_mint_decimals: u8, quote_mint_decimals: u8, base_amount_in: u64, quote_amount_in: u64,
        pool_base_amount: u64, pool_quote_amount: u64, minimum_liquidity: u64, initial_liquidity: u64,
        lp_token_amount_out: u64, pool_bump: u8, pool: Pubkey, lp_mint: Pubkey,
        user_base_token_account: Pubkey, user_quote_token_account: Pubkey,
        ;
        coin_creator: Pubkey, is_mayhem_mode: bool, creator_fee_bps: u64, can_edit_creator_fee: bool,
        is_holder_reward: bool,
    }

    /// A part of a pool's quote moved from its vault to its virtual reserve; the price stays.
    InitBoostEvent, "InitBoostEvent", "ae7c4af90451f611" {
        timestamp: i64, mint: Pubkey, bonding_curve: Pubkey, pool: Pubkey, virtual_quote_reserves: i128,
        real_quote_reserves_after: u64,
        ;
    }

    /// An account of PumpSwap grew.
    AmmExtendAccountEvent, "ExtendAccountEvent", "6161d7905d92167c" {
        timestamp: i64, account: Pubkey, user: Pubkey, current_size: u64, new_size: u64,
        ;
    }

}

/// What the payload of an event (discriminator and body) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "it lives for one call, and nothing is allocated for it")]
pub enum Reading<'a> {
    /// An event that we know.
    Event(RawEvent<'a>),
    /// A discriminator that no known IDL of the program has.
    Unknown([u8; 8]),
    /// A known event whose bytes are broken.
    Malformed {
        /// Its name; `None` where not even the discriminator is whole.
        name: Option<&'static str>,
        /// What is wrong.
        why: Malformed,
    },
}

/// Joins the typed events into one enum.
macro_rules! raw_events {
    ($( $program:ident: $variant:ident($event:ident), )*) => {
        /// An event of one of our programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum RawEvent<'a> {
            $(
                #[doc = concat!("See [`", stringify!($event), "`].")]
                $variant($event<'a>),
            )*
            /// An event that is known by name and has no meaning for us: its body as it is.
            Other {
                /// Its name in the program's IDL.
                name: &'static str,
                /// What stands behind its discriminator.
                body: &'a [u8],
            },
        }

        impl<'a> RawEvent<'a> {
            /// Reads the payload of an event that `program` emitted.
            #[must_use]
            pub fn read(program: Program, payload: &'a [u8]) -> Reading<'a> {
                let Some((discriminator, body)) = payload.split_first_chunk::<8>() else {
                    return Reading::Malformed { name: None, why: Malformed::TooShort };
                };
                match (program, *discriminator) {
                    $( (Program::$program, $event::DISCRIMINATOR) => match $event::read(body) {
                        Ok(event) => Reading::Event(Self::$variant(event)),
                        Err(why) => Reading::Malformed { name: Some($event::NAME), why },
                    }, )*
                    _ => match others(program).iter().find(|(_, other)| other == discriminator) {
                        Some((name, _)) => Reading::Event(Self::Other { name, body }),
                        None => Reading::Unknown(*discriminator),
                    },
                }
            }

            /// Its name in the program's IDL.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $( Self::$variant(_) => $event::NAME, )*
                    Self::Other { name, .. } => name,
                }
            }

            /// Its fields by name; of an event known by name only, the whole body is `trailing`.
            #[must_use]
            pub fn listing(&self) -> Listing<'a> {
                match self {
                    $( Self::$variant(event) => event.listing(), )*
                    Self::Other { name, body } => {
                        Listing { name, decoded: Vec::new(), absent: Vec::new(), trailing: body }
                    }
                }
            }

            /// Writes the payload that [`Self::read`] reads.
            pub fn write(&self, out: &mut Vec<u8>) {
                match self {
                    $( Self::$variant(event) => event.write(out), )*
                    Self::Other { name, body } => {
                        // The discriminator is a hash of the name, so both programs agree on it.
                        let known = PUMP_OTHERS.iter().chain(PUMP_AMM_OTHERS).find(|(other, _)| other == name);
                        out.extend(known.iter().flat_map(|(_, discriminator)| discriminator));
                        out.extend_from_slice(body);
                    }
                }
            }
        }
    };
}

raw_events! {
    Pump: Trade(TradeEvent),
    Pump: Create(CreateEvent),
    Pump: Complete(CompleteEvent),
    Pump: Migration(CompletePumpAmmMigrationEvent),
    Pump: PostCompleteBuy(PostCompleteBuyEvent),
    Pump: ExtendAccount(ExtendAccountEvent),
    PumpSwap: Buy(BuyEvent),
    PumpSwap: Sell(SellEvent),
    PumpSwap: CreatePool(CreatePoolEvent),
    PumpSwap: InitBoost(InitBoostEvent),
    PumpSwap: AmmExtendAccount(AmmExtendAccountEvent),
}

pub(crate) const fn others(program: Program) -> &'static [(&'static str, [u8; 8])] {
    match program {
        Program::Pump => PUMP_OTHERS,
        Program::PumpSwap => PUMP_AMM_OTHERS,
    }
}

/// Events of the bonding curve program that have no meaning for us.
const PUMP_OTHERS: &[(&str, [u8; 8])] = &[
    ("AddQuoteControlMintEvent", hex8("a4af574a582d213e")),
    ("AdminCtoEvent", hex8("6e7ce262aaff1178")),
    ("AdminSetCreatorEvent", hex8("4045c0681d1e196b")),
    ("AdminSetIdlAuthorityEvent", hex8("f53b46224bb96d5c")),
    ("AdminUpdateTokenIncentivesEvent", hex8("93fa6c78f71d43de")),
    ("ClaimCashbackEvent", hex8("e2d6f62107f293e5")),
    ("ClaimTokenIncentivesEvent", hex8("4facf631cd5bcee8")),
    ("CloseUserVolumeAccumulatorEvent", hex8("929fbdac925838f4")),
    ("CollectCreatorFeeEvent", hex8("7a027f010ebf0caf")),
    ("DistributeCreatorFeesEvent", hex8("a537817004b3ca28")),
    ("DistributeFeeToHoldersEvent", hex8("e3bed7ceb0b4a584")),
    ("InitUserVolumeAccumulatorEvent", hex8("86240d48e86582d8")),
    ("MigrateBondingCurveCreatorEvent", hex8("9ba768dcd56cf303")),
    ("MinimumDistributableFeeEvent", hex8("a8d884efebb63134")),
    ("RemoveQuoteControlMintEvent", hex8("2e21568600d5d130")),
    ("ReservedFeeRecipientsEvent", hex8("2bbcfa12dd4bbb5f")),
    ("SetCreatorEvent", hex8("ed347b25f5fb48d2")),
    ("SetMetaplexCreatorEvent", hex8("8ecb06207f69bfa2")),
    ("SetParamsEvent", hex8("dfc39ff63e308f83")),
    ("SetQuoteControlAdminEvent", hex8("4af88d45ca511ef7")),
    ("SetQuoteControlMintReservesEvent", hex8("a943276d6686b6e8")),
    ("SetQuoteControlReservesAdminEvent", hex8("43fbb3b6575ca921")),
    ("SweepBondingCurveFeeEvent", hex8("742b4dbd117a482b")),
    ("SyncUserVolumeAccumulatorEvent", hex8("c57aa77c74515bff")),
    ("UpdateCreatorFeeConfigEvent", hex8("98c67c7c6af67fbf")),
    ("UpdateGlobalAuthorityEvent", hex8("b6c3892a23cecff7")),
    ("UpdateMayhemVirtualParamsEvent", hex8("757be4b6a1a8dcd6")),
];

/// Events of PumpSwap that have no meaning for us.
const PUMP_AMM_OTHERS: &[(&str, [u8; 8])] = &[
    ("AdminCtoPoolEvent", hex8("2f23a3f9969d937a")),
    ("AdminSetCoinCreatorEvent", hex8("2ddc5d181961ac68")),
    ("AdminUpdateTokenIncentivesEvent", hex8("93fa6c78f71d43de")),
    ("BoostBuyAndBurnEvent", hex8("3f451c16305cc2b9")),
    ("ClaimCashbackEvent", hex8("e2d6f62107f293e5")),
    ("ClaimTokenIncentivesEvent", hex8("4facf631cd5bcee8")),
    ("CloseUserVolumeAccumulatorEvent", hex8("929fbdac925838f4")),
    ("CollectCoinCreatorFeeEvent", hex8("e8f5c2eeeada3a59")),
    ("CreateConfigEvent", hex8("6b34598137e25116")),
    ("DepositEvent", hex8("78f83d531f8e6b90")),
    ("DisableEvent", hex8("6bfdc14ce4ca1b68")),
    ("InitUserVolumeAccumulatorEvent", hex8("86240d48e86582d8")),
    ("MigratePoolCoinCreatorEvent", hex8("aadd52c793a5f72e")),
    ("ReservedFeeRecipientsEvent", hex8("2bbcfa12dd4bbb5f")),
    ("SetBondingCurveCoinCreatorEvent", hex8("f2e7eb664163bdd3")),
    ("SetBoostAuthorityEvent", hex8("5980f08d5bca4769")),
    ("SetMetaplexCoinCreatorEvent", hex8("966bc77b7ccf66e4")),
    ("SweepPoolFeeEvent", hex8("82a42461e48287a5")),
    ("SyncUserVolumeAccumulatorEvent", hex8("c57aa77c74515bff")),
    ("UpdateAdminEvent", hex8("e198ab57f63f42ea")),
    ("UpdateCreatorFeeConfigEvent", hex8("98c67c7c6af67fbf")),
    ("UpdateFeeConfigEvent", hex8("5a1741233ef4bcd0")),
    ("WithdrawEvent", hex8("1609851aa02c47c0")),
];
