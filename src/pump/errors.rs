//! What the programs say where they refuse (chain.md §6): the errors that a trade can meet, by their numbers.

use momentum_core::ids::Pubkey;

use crate::programs::{PUMP, PUMP_AMM, TOKEN, TOKEN_2022};

/// The name of an error of a program, if it is one that a trade can meet.
#[must_use]
pub fn name(program: &Pubkey, code: u32) -> Option<&'static str> {
    let table = match *program {
        PUMP => CURVE,
        PUMP_AMM => POOL,
        TOKEN | TOKEN_2022 => TOKENS,
        _ => return None,
    };
    table.iter().chain(ANCHOR).find(|(known, _)| *known == code).map(|(_, name)| *name)
}

const CURVE: &[(u32, &str)] = &[
    (6000, "NotAuthorized"),
    (6002, "TooMuchSolRequired"),
    (6003, "TooLittleSolReceived"),
    (6004, "MintDoesNotMatchBondingCurve"),
    (6005, "BondingCurveComplete"),
    (6020, "BuyZeroAmount"),
    (6021, "NotEnoughTokensToBuy"),
    (6022, "SellZeroAmount"),
    (6023, "NotEnoughTokensToSell"),
    (6024, "Overflow"),
    (6027, "NotEnoughRemainingAccounts"),
    (6040, "BuyNotEnoughSolToCoverRent"),
    (6041, "BuyNotEnoughSolToCoverFees"),
    (6042, "BuySlippageBelowMinTokensOut"),
    (6057, "BuybackFeeRecipientNotAuthorized"),
    (6062, "BuybackFeeRecipientMissing"),
    (6063, "UnsupportedQuoteMint"),
    (6064, "InvalidQuoteTokenProgram"),
    (6072, "MissingCashbackAccounts"),
    (6073, "InvalidCashbackAccumulator"),
    (6074, "InvalidBondingCurveV2"),
    (6076, "InvalidCashbackRecipient"),
    (6082, "CashbackDeprecated"),
    (6086, "HolderRewardsRentFloor"),
    (6094, "CashbackCoinNotSupported"),
    (6107, "QuoteCurveAwaitingMigration"),
];

const POOL: &[(u32, &str)] = &[
    (6001, "ZeroBaseAmount"),
    (6002, "ZeroQuoteAmount"),
    (6003, "TooLittlePoolTokenLiquidity"),
    (6004, "ExceededSlippage"),
    (6013, "InvalidProtocolFeeRecipient"),
    (6016, "BuyMoreBaseAmountThanPoolReserves"),
    (6020, "DisabledBuy"),
    (6021, "DisabledSell"),
    (6023, "Overflow"),
    (6039, "BuyNotEnoughQuoteTokensToCoverFees"),
    (6040, "BuySlippageBelowMinBaseAmountOut"),
    (6044, "NotEnoughRemainingAccounts"),
    (6053, "BuybackFeeRecipientNotAuthorized"),
    (6058, "BuybackFeeRecipientMissing"),
    (6059, "MissingCashbackAccounts"),
    (6060, "InvalidCashbackAccumulator"),
    (6061, "InvalidCashbackAccumulatorAta"),
    (6062, "InvalidPoolV2"),
    (6063, "InsufficientRealQuoteReserves"),
    (6079, "CashbackCoinNotSupported"),
    (6080, "MayhemPoolNotSupported"),
];

const TOKENS: &[(u32, &str)] = &[
    (0, "NotRentExempt"),
    (1, "InsufficientFunds"),
    (3, "MintMismatch"),
    (4, "OwnerMismatch"),
    (17, "AccountFrozen"),
];

/// Of the framework that the programs are written in.
const ANCHOR: &[(u32, &str)] = &[
    (2000, "ConstraintMut"),
    (2003, "ConstraintRaw"),
    (2006, "ConstraintSeeds"),
    (2012, "ConstraintAddress"),
    (2014, "ConstraintTokenMint"),
    (2015, "ConstraintTokenOwner"),
    (3002, "AccountDiscriminatorMismatch"),
    (3003, "AccountDidNotDeserialize"),
    (3005, "AccountNotEnoughKeys"),
    (3007, "AccountOwnedByWrongProgram"),
    (3008, "InvalidProgramId"),
    (3012, "AccountNotInitialized"),
];
