//! The instructions of one order by where it trades: the curve, by three generations of instructions, or the pool,
//! by two.

use momentum_core::action::Swap;
use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::units::Lamports;
use momentum_pump::address::associated_token;
use momentum_pump::instructions::{
    AmmBuyExactQuoteIn, AmmBuyExactQuoteInV2, AmmSell, AmmSellV2, BuyExactQuoteInV2, BuyExactQuoteInV3,
    BuyExactSolIn, Instruction, Parties, Plain, Sell, SellV2, SellV3,
};
use momentum_pump::programs::{SYSTEM, TOKEN, WRAPPED_SOL};

use super::{BuildError, Coin, PoolFacts, Route, Terms};

/// What one transaction's trade is made of.
pub(super) struct Trade<'a> {
    pub(super) wallet: Wallet,
    pub(super) coin: &'a Coin,
    pub(super) terms: &'a Terms,
}

impl Trade<'_> {
    pub(super) fn parties(&self, creator: Wallet, pool: Option<Pubkey>) -> Parties {
        let recipients = &self.terms.recipients;
        let fees = match pool {
            Some(_) => recipients.of_pool(self.coin),
            None => recipients.of_curve(self.coin),
        };
        Parties {
            user: self.wallet.0,
            mint: self.coin.mint.0,
            token_program: self.coin.token_program,
            quote_mint: SYSTEM,
            quote_token_program: TOKEN,
            creator: creator.0,
            cashback: self.coin.cashback,
            fee_recipient: fees.protocol,
            buyback_fee_recipient: fees.buyback,
            pool,
        }
    }

    /// Opens the wallet's account of a token where it is missing.
    pub(super) fn open(&self, mint: Pubkey, token_program: Pubkey) -> Instruction {
        let wallet = self.wallet.0;
        let account = associated_token(&wallet, &mint, &token_program);
        Plain::OpenAccount { payer: wallet, account, owner: wallet, mint, token_program }.instruction()
    }

    /// The instructions that it trades by on the curve: never `Auto`.
    pub(super) const fn curve_route(&self) -> Result<Route, BuildError> {
        match self.terms.route {
            Route::Auto if self.coin.cashback => Ok(Route::V2),
            Route::V3 if self.coin.cashback => Err(BuildError::Route),
            Route::Auto => Ok(Route::V3),
            route => Ok(route),
        }
    }

    /// The instructions that it trades by on the pool, of which there are two generations.
    pub(super) const fn pool_route(&self) -> Result<Route, BuildError> {
        match self.terms.route {
            Route::Legacy => Ok(Route::Legacy),
            Route::Auto if self.coin.cashback => Ok(Route::Legacy),
            Route::V2 | Route::V3 if self.coin.cashback => Err(BuildError::Route),
            Route::Auto | Route::V2 | Route::V3 => Ok(Route::V2),
        }
    }

    pub(super) fn on_curve(&self, swap: &Swap, out: &mut Vec<Instruction>) -> Result<(), BuildError> {
        let (parties, route) = (self.parties(self.coin.creator, None), self.curve_route()?);
        if matches!(swap, Swap::Buy { .. }) {
            out.push(self.open(self.coin.mint.0, self.coin.token_program));
        }
        let trade = match (*swap, route) {
            (Swap::Buy { spend: Lamports(spend), min_tokens }, Route::Legacy) => BuyExactSolIn {
                spendable_sol_in: spend,
                min_tokens_out: min_tokens.0,
                track_volume: None,
                partial_fill: None,
                trailing: &[],
            }
            .instruction(&parties),
            (Swap::Buy { spend: Lamports(spend), min_tokens }, Route::V2) => BuyExactQuoteInV2 {
                spendable_quote_in: spend,
                min_tokens_out: min_tokens.0,
                partial_fill: None,
                trailing: &[],
            }
            .instruction(&parties),
            (Swap::Buy { spend: Lamports(spend), min_tokens }, Route::Auto | Route::V3) => {
                BuyExactQuoteInV3 {
                    spendable_quote_in: spend,
                    min_tokens_out: min_tokens.0,
                    partial_fill: None,
                    trailing: &[],
                }
                .instruction(&parties)
            }
            (Swap::Sell { tokens, min_lamports }, Route::Legacy) => {
                Sell { amount: tokens.0, min_sol_output: min_lamports.0, trailing: &[] }.instruction(&parties)
            }
            (Swap::Sell { tokens, min_lamports }, Route::V2) => {
                SellV2 { amount: tokens.0, min_sol_output: min_lamports.0, trailing: &[] }
                    .instruction(&parties)
            }
            (Swap::Sell { tokens, min_lamports }, Route::Auto | Route::V3) => {
                SellV3 { amount: tokens.0, min_sol_output: min_lamports.0, trailing: &[] }
                    .instruction(&parties)
            }
            (Swap::Close | Swap::Withdraw { .. }, _) => return Err(BuildError::NoSwap),
        };
        out.push(trade.ok_or(BuildError::Account)?);
        Ok(())
    }

    pub(super) fn on_pool(
        &self,
        swap: &Swap,
        pool: &PoolFacts,
        out: &mut Vec<Instruction>,
    ) -> Result<(), BuildError> {
        let parties = self.parties(pool.creator, Some(pool.address.0));
        let legacy = self.pool_route()? == Route::Legacy;
        let trade = match *swap {
            Swap::Buy { spend, min_tokens } => {
                out.push(self.open(self.coin.mint.0, self.coin.token_program));
                self.wrap(spend, out);
                let (spendable_quote_in, min_base_amount_out) = (spend.0, min_tokens.0);
                if legacy {
                    let track_volume = None;
                    AmmBuyExactQuoteIn {
                        spendable_quote_in,
                        min_base_amount_out,
                        track_volume,
                        trailing: &[],
                    }
                    .instruction(&parties)
                } else {
                    AmmBuyExactQuoteInV2 { spendable_quote_in, min_base_amount_out, trailing: &[] }
                        .instruction(&parties)
                }
            }
            Swap::Sell { tokens, min_lamports } => {
                self.wrap(Lamports::ZERO, out);
                let (base_amount_in, min_quote_amount_out) = (tokens.0, min_lamports.0);
                if legacy {
                    AmmSell { base_amount_in, min_quote_amount_out, trailing: &[] }.instruction(&parties)
                } else {
                    AmmSellV2 { base_amount_in, min_quote_amount_out, trailing: &[] }.instruction(&parties)
                }
            }
            Swap::Close | Swap::Withdraw { .. } => return Err(BuildError::NoSwap),
        };
        out.push(trade.ok_or(BuildError::Account)?);
        self.unwrap(out);
        Ok(())
    }

    /// Opens the wallet's wrapped-SOL account, and puts `amount` into it.
    pub(super) fn wrap(&self, amount: Lamports, out: &mut Vec<Instruction>) {
        out.push(self.open(WRAPPED_SOL, TOKEN));
        if amount > Lamports::ZERO {
            let account = associated_token(&self.wallet.0, &WRAPPED_SOL, &TOKEN);
            let transfer = Plain::Transfer { from: self.wallet.0, to: account, lamports: amount.0 };
            out.extend([transfer.instruction(), Plain::SyncNative { account }.instruction()]);
        }
    }

    /// Closes that account: what is in it, and its rent, are the wallet's lamports again.
    pub(super) fn unwrap(&self, out: &mut Vec<Instruction>) {
        let owner = self.wallet.0;
        let account = associated_token(&owner, &WRAPPED_SOL, &TOKEN);
        out.push(Plain::CloseAccount { token_program: TOKEN, account, to: owner, owner }.instruction());
    }
}
