//! The market of a scenario: a few coins with exact reserves and named holders. Nothing in it is drawn.

use std::collections::BTreeMap;

use momentum_core::event::{CurveFacts, Launched, MarketKind, Quote, Reserves, Side, TradeFees, Traded};
use momentum_core::ids::{Mint, PoolId, Pubkey, Wallet};
use momentum_core::quotes::{CreatorRate, Curve, Fees, Liquidity, Pool, QuoteKind, Rates, Schedules, USDC};
use momentum_core::units::{Bps, Lamports, TokenAmount, mul_div_ceil};
use sha2::{Digest, Sha256};

use super::statement::{Amount, Kind};

/// Tokens in existence of every coin.
pub(super) const SUPPLY: u64 = 1_000_000_000_000_000;

/// What a migration takes off the curve's quote, and the tokens that it moves (chain.md §6).
const MIGRATION_FEE: u64 = 15_000_001;
const MIGRATED_TOKENS: u64 = 206_900_000_000_000;

/// A key that a name stands for.
fn key(kind: &str, name: &str) -> Pubkey {
    Pubkey(Sha256::digest(format!("scenario {kind} {name}")).into())
}

/// The mint of a token.
pub(super) fn mint(token: &str) -> Mint {
    Mint(key("token", token))
}

/// The wallet of a name.
pub(super) fn wallet(name: &str) -> Wallet {
    Wallet(key("wallet", name))
}

/// A coin and who holds it.
#[derive(Clone, Debug)]
pub(super) struct Coin {
    pub(super) mint: Mint,
    /// Where it trades.
    pub(super) liquidity: Liquidity,
    /// Its curve is sold out.
    pub(super) complete: bool,
    quote: Quote,
    mayhem: bool,
    creator: Wallet,
    pool: PoolId,
    holders: BTreeMap<String, u64>,
    /// Wallets of ramps and drives so far: they get numbers.
    crowd: u32,
}

/// A trade of a coin.
pub(super) struct Trade {
    pub(super) side: Side,
    pub(super) tokens: u64,
    pub(super) by: String,
}

impl Coin {
    /// A fresh coin and its create event.
    pub(super) fn launch(token: &str, by: &str, kind: Kind) -> (Self, MarketKind) {
        let quote = if kind == Kind::Foreign { Quote::Other(USDC) } else { Quote::Sol };
        let coin = Self {
            mint: mint(token),
            liquidity: Liquidity::Curve(Curve::FRESH),
            complete: false,
            quote,
            mayhem: kind == Kind::Mayhem,
            creator: wallet(by),
            pool: PoolId(key("pool", token)),
            holders: BTreeMap::new(),
            crowd: 0,
        };
        let launched = Launched {
            name: token.to_owned(),
            symbol: token.to_owned(),
            uri: format!("https://ipfs.io/ipfs/{token}"),
            user: coin.creator,
            creator: coin.creator,
            quote,
            curve: Some(Curve::FRESH),
            supply: Some(TokenAmount(SUPPLY)),
            token_2022: Some(true),
            mayhem: coin.mayhem,
            creator_rate: None,
        };
        (coin, MarketKind::Launched(Box::new(launched)))
    }

    /// What its next trade pays.
    pub(super) fn rates(&self) -> Rates {
        let schedules = Schedules::of_2026_10_10();
        let rates = schedules.rates(&self.liquidity, SUPPLY, QuoteKind::Sol, CreatorRate::Scheduled);
        rates.unwrap_or_default()
    }

    /// What its curve account says; nothing once its pool is open.
    pub(super) fn account(&self) -> Option<CurveFacts> {
        let Liquidity::Curve(curve) = self.liquidity else { return None };
        Some(CurveFacts {
            curve,
            complete: self.complete,
            creator: self.creator,
            quote: self.quote,
            mayhem: self.mayhem,
            creator_rate: None,
        })
    }

    /// Who holds it, the largest first.
    pub(super) fn largest_holders(&self) -> Vec<(Wallet, TokenAmount)> {
        let mut holders: Vec<_> =
            self.holders.iter().map(|(name, held)| (wallet(name), TokenAmount(*held))).collect();
        holders.sort_by_key(|(_, held)| std::cmp::Reverse(*held));
        holders
    }

    /// How many tokens `amount` is for this wallet.
    pub(super) fn tokens(&self, side: Side, amount: Amount, by: &str) -> u64 {
        let held = self.holders.get(by).copied().unwrap_or(0);
        match (amount, side) {
            (Amount::Tokens(tokens), _) => tokens.0,
            (Amount::Share(share), _) => TokenAmount(held).share(share).0,
            (Amount::Sol(spend), Side::Buy) => {
                self.liquidity.buy_exact_quote(spend.0, &self.rates()).map_or(0, |bought| bought.tokens)
            }
            (Amount::Sol(_), Side::Sell) => 0,
        }
    }

    /// Carries out a trade; `None` where the program would refuse it.
    pub(super) fn trade(&mut self, trade: &Trade) -> Option<MarketKind> {
        let rates = self.rates();
        let before = self.liquidity;
        let held = self.holders.entry(trade.by.clone()).or_default();
        let (quote_amount, fees, after) = match trade.side {
            Side::Buy => {
                let bought = before.buy_exact_tokens(trade.tokens, &rates)?;
                *held += bought.tokens;
                (bought.net, bought.fees, before.after_buy(&bought))
            }
            Side::Sell => {
                let sold = before.sell(trade.tokens, &rates)?;
                *held = held.checked_sub(sold.tokens)?;
                (sold.gross, sold.fees, before.after_sell(&sold))
            }
        };
        self.liquidity = after;
        let reserves = match (before, after) {
            (Liquidity::Pool(before), _) => Reserves::Pool { pool: self.pool, before },
            (_, Liquidity::Curve(after)) => Reserves::Curve(after),
            (Liquidity::Curve(_), Liquidity::Pool(_)) => return None,
        };
        Some(MarketKind::Traded(Traded {
            user: wallet(&trade.by),
            side: trade.side,
            quote: self.quote,
            quote_amount,
            tokens: TokenAmount(trade.tokens),
            reserves,
            fees: reported(fees),
            creator: Some(self.creator),
            creator_rate: Some(rates.creator),
            mayhem: self.mayhem,
        }))
    }

    /// The trades that leave `left` tokens on the curve: one buy by a new wallet, or sales of the largest
    /// holders one after the other.
    pub(super) fn towards(&mut self, left: u64) -> Vec<Trade> {
        let Liquidity::Curve(curve) = self.liquidity else { return Vec::new() };
        match (curve.real_token.checked_sub(left), left.checked_sub(curve.real_token)) {
            (Some(0), _) | (None, None) => Vec::new(),
            (Some(tokens), _) => vec![Trade { side: Side::Buy, tokens, by: self.stranger() }],
            (None, Some(tokens)) => self.crowd_sells(tokens),
        }
    }

    /// Sales of the largest holders, the creator left out, that come to `tokens`.
    pub(super) fn crowd_sells(&self, tokens: u64) -> Vec<Trade> {
        let creator = self.creator;
        let mut holders: Vec<_> = self.holders.iter().filter(|(name, _)| wallet(name) != creator).collect();
        holders.sort_by_key(|(_, held)| std::cmp::Reverse(**held));
        let mut wanted = tokens;
        let mut trades = Vec::new();
        for (by, held) in holders {
            let tokens = wanted.min(*held);
            if tokens == 0 {
                break;
            }
            wanted -= tokens;
            trades.push(Trade { side: Side::Sell, tokens, by: by.clone() });
        }
        trades
    }

    /// A wallet that nobody has heard of.
    pub(super) fn stranger(&mut self) -> String {
        self.crowd += 1;
        format!("stranger{}", self.crowd)
    }

    /// Tokens left on the curve at `progress`, such that one token more would be short of it.
    pub(super) fn left_at(progress: Bps) -> u64 {
        let whole = Curve::FRESH.real_token;
        whole - mul_div_ceil(whole, u64::from(progress.0), u64::from(Bps::WHOLE.0)).min(whole)
    }

    /// Opens the pool that the sold-out curve moves to: the pool's own event and the migration's.
    pub(super) fn migrate(&mut self) -> Option<[MarketKind; 2]> {
        let Liquidity::Curve(curve) = self.liquidity else { return None };
        let quote_amount = curve.real_quote.checked_sub(MIGRATION_FEE).filter(|_| self.complete)?;
        let reserves = Pool::new(MIGRATED_TOKENS, quote_amount, 0);
        self.liquidity = Liquidity::Pool(reserves);
        let (pool, quote, tokens) = (self.pool, self.quote, TokenAmount(MIGRATED_TOKENS));
        Some([
            MarketKind::PoolOpened { pool, reserves, quote },
            MarketKind::Migrated { pool, tokens, quote_amount, quote },
        ])
    }
}

/// Fees as a trade's event reports them: half of the protocol's buys back.
const fn reported(fees: Fees) -> TradeFees {
    TradeFees {
        lp: fees.lp,
        protocol: fees.protocol,
        creator: fees.creator,
        cashback: 0,
        buyback: fees.protocol / 2,
    }
}

/// The smallest number in `1..=most` from which on `holds` is true, if there is one.
pub(super) fn least(most: u64, mut holds: impl FnMut(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (1, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    (most > 0 && holds(low)).then_some(low)
}

/// A position of ours, as far as its facts tell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    pub(super) bought: TokenAmount,
    pub(super) tokens: TokenAmount,
    pub(super) cost: Lamports,
    /// The stop: lamports that so many tokens must bring.
    pub(super) stop: (Lamports, TokenAmount),
}
