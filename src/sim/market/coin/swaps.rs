//! A coin's swaps: exact quotes in, printed events out, from the first buy to the pool.

use momentum_core::event::{MarketKind, Quote, Reserves, Side, TradeFees, Traded};
use momentum_core::ids::Wallet;
use momentum_core::quotes::{Bought, Curve, Fees, Liquidity, Pool, QuoteKind, Rates, Sold};
use momentum_core::time::Timestamp;
use momentum_core::units::{Bps, Lamports, TokenAmount, mul_div};

use super::{Coin, Temper};
use crate::market::names::{self, MAYHEM_AGENT};
use crate::market::tape::{Tape, Transaction};

/// Tokens in existence, in base units.
pub(in crate::market) const SUPPLY: u64 = 1_000_000_000_000_000;
/// What the program keeps of a completed SOL curve, in lamports.
const MIGRATION_FEE: u64 = 15_000_001;
/// Tokens that open the pool, in base units.
const POOL_TOKENS: u64 = 206_900_000_000_000;
/// The virtual part of a SOL pool's opening quote, in lamports: inside what the curve brings, not on top.
const POOL_VIRTUAL: u64 = 17_584_505_294;
/// The part of the protocol fee that buys back.
const BUYBACK: Bps = Bps(5_000);

/// Virtual quote of a fresh USDC curve, in units of 10⁻⁶: what 30 SOL are in the other kind.
const FRESH_USDC: u64 = 4_292_000_000;

/// An amount of lamports, or the same share of a fresh curve in another quote's units.
fn in_quote(lamports: u64, quote: Quote) -> u64 {
    match quote {
        Quote::Sol => lamports,
        Quote::Other(_) => mul_div(lamports, FRESH_USDC, Curve::FRESH.virtual_quote),
    }
}

/// The curve that a coin of this quote begins with.
pub(in crate::market) fn fresh(quote: Quote) -> Curve {
    Curve { virtual_quote: in_quote(Curve::FRESH.virtual_quote, quote), ..Curve::FRESH }
}

impl Coin {
    /// A wallet buys for so many lamports, in a transaction of its own. The tokens that came; none where so
    /// little buys nothing.
    pub(super) fn buy(&mut self, wallet: Wallet, lamports: u64, tape: &mut Tape) -> Option<u64> {
        let mut transaction = tape.transaction();
        self.buy_in(&mut transaction, wallet, lamports, tape)
    }

    /// The same within a transaction that does more.
    pub(in crate::market) fn buy_in(
        &mut self,
        transaction: &mut Transaction,
        wallet: Wallet,
        lamports: u64,
        tape: &mut Tape,
    ) -> Option<u64> {
        if self.complete() {
            return None;
        }
        let (before, rates) = (self.venue, self.rates(tape)?);
        let bought = before.buy_exact_quote(in_quote(lamports, self.quote), &rates)?;
        self.venue = before.after_buy(&bought);
        let reserves = self.told(before, tape);
        let traded =
            self.traded(wallet, Side::Buy, (bought.net, bought.tokens), reserves, (rates, bought.fees));
        tape.print(transaction, self.mint, MarketKind::Traded(traded));
        if self.complete() {
            tape.print(transaction, self.mint, MarketKind::Completed { user: wallet });
        }
        Some(bought.tokens)
    }

    /// A wallet sells so many tokens. Whether it could.
    pub(super) fn sell(&mut self, wallet: Wallet, tokens: u64, tape: &mut Tape) -> bool {
        let before = self.venue;
        let Some(rates) = self.rates(tape).filter(|_| !self.complete()) else { return false };
        let Some(sold) = before.sell(tokens, &rates) else { return false };
        self.venue = before.after_sell(&sold);
        let reserves = self.told(before, tape);
        let traded = self.traded(wallet, Side::Sell, (sold.gross, sold.tokens), reserves, (rates, sold.fees));
        let mut transaction = tape.transaction();
        tape.print(&mut transaction, self.mint, MarketKind::Traded(traded));
        true
    }

    /// The mayhem agent trades at a price of its own, up to a tenth off the formula, and pays no fees.
    pub(super) fn mayhem_agent_trades(&mut self, lamports: u64, tape: &mut Tape) {
        let Liquidity::Curve(curve) = self.venue else { return };
        let quote = in_quote(lamports, self.quote);
        let fair = mul_div(quote, curve.virtual_token, curve.virtual_quote + quote);
        let tokens = fair * self.rng.between(90, 110) / 100;
        let buys = self.rng.chance(5_000);
        // It never takes more than half of what is there, so it neither completes nor empties a curve.
        if tokens == 0 || (buys && tokens > curve.real_token / 2) || (!buys && quote > curve.real_quote / 2) {
            return;
        }
        let (side, after) = if buys {
            (Side::Buy, curve.after_buy(&Bought { tokens, net: quote, total: quote, fees: Fees::default() }))
        } else {
            (Side::Sell, curve.after_sell(&Sold { tokens, gross: quote, out: quote, fees: Fees::default() }))
        };
        self.venue = Liquidity::Curve(after);
        let reserves = Reserves::Curve(after);
        let traded = self.traded(MAYHEM_AGENT, side, (quote, tokens), reserves, Default::default());
        let mut transaction = tape.transaction();
        tape.print(&mut transaction, self.mint, MarketKind::Traded(traded));
    }

    /// The curve's liquidity moves to a pool, where the coin begins anew.
    pub(in crate::market) fn migrate(&mut self, now: Timestamp, tape: &mut Tape) {
        let Liquidity::Curve(curve) = self.venue else { return };
        let fee = if self.quote == Quote::Sol { MIGRATION_FEE } else { 0 };
        let moved = curve.real_quote.saturating_sub(fee);
        // The same share of other quotes is virtual.
        let virtual_quote = mul_div(moved, POOL_VIRTUAL, Lamports::sol(85).0 - MIGRATION_FEE).min(moved);
        let virtual_quote = if self.quote == Quote::Sol { POOL_VIRTUAL.min(moved) } else { virtual_quote };
        let reserves = Pool {
            base: POOL_TOKENS,
            quote_vault: moved - virtual_quote,
            virtual_quote: i128::from(virtual_quote),
        };
        let (pool, quote) = (names::pool(tape.seed, self.number), self.quote);
        let mut transaction = tape.transaction();
        tape.print(&mut transaction, self.mint, MarketKind::PoolOpened { pool, reserves, quote });
        let migrated =
            MarketKind::Migrated { pool, tokens: TokenAmount(POOL_TOKENS), quote_amount: moved, quote };
        tape.print(&mut transaction, self.mint, migrated);
        self.venue = Liquidity::Pool(reserves);
        self.temper = Temper::Graduate;
        self.doomed = false;
        self.slowness =
            self.rng.between(self.temper.character().slowness.0, self.temper.character().slowness.1);
        self.enter(self.temper.character().opening, now);
    }

    /// Tokens that so many lamports are worth at the spot price.
    pub(super) fn tokens_worth(&self, lamports: u64) -> u64 {
        let amount = in_quote(lamports, self.quote);
        let (quote, tokens) = match self.venue {
            Liquidity::Curve(curve) => (curve.virtual_quote, curve.virtual_token),
            Liquidity::Pool(pool) => (pool.quote().unwrap_or(0), pool.base),
        };
        if quote == 0 { 0 } else { mul_div(amount, tokens, quote) }
    }

    fn rates(&self, tape: &Tape) -> Option<Rates> {
        tape.schedules.rates(&self.venue, SUPPLY, QuoteKind::from(self.quote), self.rate)
    }

    /// The reserves as the programs log them: a curve after the trade, a pool before it.
    fn told(&self, before: Liquidity, tape: &Tape) -> Reserves {
        match (before, self.venue) {
            (Liquidity::Pool(before), _) => {
                Reserves::Pool { pool: names::pool(tape.seed, self.number), before }
            }
            (Liquidity::Curve(_), Liquidity::Curve(after)) => Reserves::Curve(after),
            (Liquidity::Curve(curve), Liquidity::Pool(_)) => Reserves::Curve(curve),
        }
    }

    fn traded(
        &self,
        user: Wallet,
        side: Side,
        (quote_amount, tokens): (u64, u64),
        reserves: Reserves,
        (rates, fees): (Rates, Fees),
    ) -> Traded {
        Traded {
            user,
            side,
            quote: self.quote,
            quote_amount,
            tokens: TokenAmount(tokens),
            reserves,
            fees: TradeFees {
                lp: fees.lp,
                protocol: fees.protocol,
                creator: fees.creator,
                cashback: 0,
                buyback: Lamports(fees.protocol).share(BUYBACK).0,
            },
            creator: Some(self.creator),
            creator_rate: Some(rates.creator),
            mayhem: self.mayhem,
        }
    }
}
