//! `momentum trade quote`: what a swap would give, at the reserves that the bot knows or the caller names.

use std::str::FromStr;

use clap::{ArgGroup, Args};
use momentum_control::quote::{Amount, priced};
use momentum_core::codes::ErrorCode;
use momentum_core::event::Side;
use momentum_core::ids::Mint;
use momentum_core::quotes::{CreatorRate, Curve, Liquidity, Pool, QuoteKind, Rates, Schedules};
use serde_json::{Value, json};

use crate::book::{BookArgs, Bot};
use crate::columns::{Column, Kind};
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::stored::Stored;

/// Supply of a pump.fun token, in base units: what its market cap, and so its fee tier, is made of.
const SUPPLY: u64 = 1_000_000_000_000_000;

/// A swap to price.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("reserves").required(true).args(["mint", "curve", "pool"])))]
#[command(after_help = "\
Amounts: 0.5SOL, 500000000lamports, 1000tokens (whole ones), 1000000units (10^-6 token).
Reserves are in lamports and units; 60e9 is 60000000000. Without --fees the rates are those
of the chain on 2026-10-10, by market cap.

Examples:
  momentum trade quote buy 0.5SOL MINT
  momentum trade quote buy 1SOL --curve 30e9,1073e12,0,793.1e12
  momentum trade quote sell 1000000tokens --curve 60e9,536.5e12,30e9,256.6e12 --json
  momentum trade quote buy 35.5tokens --pool 206.9e12,67405853790,17584505294
  momentum trade quote sell 5e6tokens --pool 206.9e12,84990359084,0 --fees 2,93,30")]
pub(crate) struct Quote {
    /// Which side
    #[arg(value_name = "buy|sell", value_parser = side)]
    side: Side,
    /// How much: SOL to spend, or tokens to buy or sell
    amount: AmountText,
    /// A token that the running bot tracks
    mint: Option<Mint>,
    /// A bonding curve: virtual quote, virtual tokens, real quote, real tokens
    #[arg(long, value_name = "VQ,VT,RQ,RT", value_delimiter = ',', num_args = 1, value_parser = number)]
    curve: Vec<u64>,
    /// A PumpSwap pool: tokens, quote vault, virtual quote (may be negative)
    #[arg(long, value_name = "BASE,VAULT,VIRTUAL", allow_hyphen_values = true)]
    pool: Option<PoolText>,
    /// Fee rates in basis points: PROTOCOL,CREATOR on a curve, LP,PROTOCOL,CREATOR on a pool
    #[arg(long, value_name = "BPS,…", value_delimiter = ',', num_args = 1)]
    fees: Vec<u16>,
    #[command(flatten)]
    book: BookArgs,
}

/// Reads a side.
fn side(text: &str) -> Result<Side, String> {
    match text {
        "buy" => Ok(Side::Buy),
        "sell" => Ok(Side::Sell),
        _ => Err("it is buy or sell".to_owned()),
    }
}

/// An amount with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct AmountText(Amount);

impl FromStr for AmountText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no amount like 0.5SOL, 5000lamports, 1000tokens or 1000000units");
        let unit_at = text.find(|c: char| c.is_ascii_alphabetic() && c != 'e').unwrap_or(text.len());
        let (digits, unit) = (text[..unit_at].trim(), text[unit_at..].trim());
        let (scale, quote) = match unit.to_ascii_lowercase().as_str() {
            "sol" => (9, true),
            "lamports" | "lamport" => (0, true),
            "tokens" | "token" => (6, false),
            "units" | "unit" => (0, false),
            _ => return Err(wrong()),
        };
        let amount = scaled(digits, scale).ok_or_else(wrong)?;
        Ok(Self(if quote { Amount::Quote(amount) } else { Amount::Tokens(amount) }))
    }
}

/// `1.5`, `1_000` or `60e9` as a whole number of 10^-`scale`; `None` where it is none or too large.
fn scaled(text: &str, scale: usize) -> Option<u64> {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let shift = scale.checked_add(exponent.parse().ok()?)?;
    let digits = format!("{whole}{fraction}").replace('_', "");
    let zeros = shift.checked_sub(fraction.len())?;
    if digits.is_empty() || zeros > 20 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{digits}{}", "0".repeat(zeros)).parse().ok()
}

fn number(text: &str) -> Result<u64, String> {
    scaled(text.trim(), 0).ok_or_else(|| format!("`{text}` is no whole number like 30000000000 or 30e9"))
}

/// Reserves of a pool.
#[derive(Clone, Copy, Debug)]
struct PoolText(Pool);

impl FromStr for PoolText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let [base, vault, added] = text.split(',').collect::<Vec<_>>()[..] else {
            return Err("a pool is three numbers: BASE,VAULT,VIRTUAL".to_owned());
        };
        let (digits, negative) = added.trim().strip_prefix('-').map_or((added, false), |rest| (rest, true));
        let size = i128::from(number(digits)?);
        Ok(Self(Pool::new(number(base)?, number(vault)?, if negative { -size } else { size })))
    }
}

impl Quote {
    fn liquidity(&self) -> Result<Liquidity, Failure> {
        if let Some(PoolText(pool)) = self.pool {
            return Ok(Liquidity::Pool(pool));
        }
        let [virtual_quote, virtual_token, real_quote, real_token] = self.curve[..] else {
            let message = format!("--curve has {} numbers, should be four: VQ,VT,RQ,RT", self.curve.len());
            return Err(usage(message));
        };
        Ok(Liquidity::Curve(Curve { virtual_quote, virtual_token, real_quote, real_token }))
    }

    fn rates(&self, liquidity: &Liquidity) -> Result<Rates, Failure> {
        let bps = |lp, protocol, creator| Rates::bps(lp, protocol, creator);
        match (&self.fees[..], liquidity) {
            ([], _) => Schedules::of_2026_10_10()
                .rates(liquidity, SUPPLY, QuoteKind::Sol, CreatorRate::Scheduled)
                .ok_or_else(|| usage("these reserves have no price: none of them may be zero")),
            (&[protocol, creator], Liquidity::Curve(_)) => Ok(bps(0, protocol, creator)),
            (&[lp, protocol, creator], Liquidity::Pool(_)) => Ok(bps(lp, protocol, creator)),
            (_, Liquidity::Curve(_)) => Err(usage("--fees of a curve are two: PROTOCOL,CREATOR")),
            (_, Liquidity::Pool(_)) => Err(usage("--fees of a pool are three: LP,PROTOCOL,CREATOR")),
        }
    }
}

fn usage(message: impl Into<String>) -> Failure {
    Failure::new(ErrorCode::Usage, message).hint("see `momentum trade quote -h` for examples")
}

/// Runs it.
pub(crate) fn run(global: &Global, quote: &Quote, out: &mut Out) -> Result<(), Failure> {
    let record = match quote.mint {
        Some(mint) => of_bot(global, quote, mint)?,
        None => {
            let liquidity = quote.liquidity()?;
            let rates = quote.rates(&liquidity)?;
            if quote.side == Side::Sell && matches!(quote.amount.0, Amount::Quote(_)) {
                return Err(usage("a sale names tokens: 1000tokens"));
            }
            let none =
                || usage("no program would take this swap: too little, or more than the reserves hold");
            priced(quote.side, quote.amount.0, &liquidity, &rates).ok_or_else(none)?
        }
    };
    let total_title = if quote.side == Side::Buy { "you pay (SOL)" } else { "you get (SOL)" };
    let columns = [
        Column::new("side", "side", Kind::Text),
        Column::new("venue", "venue", Kind::Text),
        Column::new("tokens", "tokens", Kind::Number),
        Column::new("before fees (SOL)", "quote_sol", Kind::Number),
        Column::new("lp fee (lamports)", "fees.lp", Kind::Number),
        Column::new("protocol fee (lamports)", "fees.protocol", Kind::Number),
        Column::new("creator fee (lamports)", "fees.creator", Kind::Number),
        Column::new(total_title, "total_sol", Kind::Number),
        Column::new("price impact (bps)", "price_impact_bps", Kind::Number),
        Column::new("last trade (s ago)", "age_seconds", Kind::Number),
    ];
    let aged = usize::from(quote.mint.is_none());
    out.one(&columns[..columns.len() - aged], &record)
}

/// At the reserves that the running bot knows now; where none runs, at those that a position was last marked
/// at, with their age.
fn of_bot(global: &Global, quote: &Quote, mint: Mint) -> Result<Value, Failure> {
    let side = if quote.side == Side::Buy { "buy" } else { "sell" };
    let (name, amount) = match quote.amount.0 {
        Amount::Quote(lamports) => ("lamports", lamports),
        Amount::Tokens(tokens) => ("tokens", tokens),
    };
    let query = [("mint", mint.to_string()), ("side", side.to_owned()), (name, amount.to_string())];
    let book = quote.book.book(global)?;
    if let Some(bot) = Bot::of(&book, global)? {
        return bot.ask(false, async |client| client.quote(&query).await);
    }
    let stored = Stored::of(&book, global)?;
    let found = stored.positions()?.into_iter().find(|found| found.mint == mint).ok_or_else(|| {
        let message = format!("no bot runs, and no reserves of {mint} are kept: it has no position");
        Failure::new(ErrorCode::NotFound, message).hint("start the bot, or give reserves: --curve, --pool")
    })?;
    let basis = found.basis;
    let priced = priced(quote.side, quote.amount.0, &basis.liquidity, &basis.rates);
    let mut record = priced.ok_or_else(|| usage("no program would take this swap"))?;
    record["mint"] = json!(mint);
    record["age_seconds"] = json!(stored.as_of()?.map(|now| now.since(found.marked).as_secs()));
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_exact_in_its_unit() {
        assert_eq!("0.5SOL".parse(), Ok(AmountText(Amount::Quote(500_000_000))));
        assert_eq!("5000 lamports".parse(), Ok(AmountText(Amount::Quote(5_000))));
        assert_eq!("5e6tokens".parse(), Ok(AmountText(Amount::Tokens(5_000_000_000_000))));
        assert_eq!("35.5tokens".parse(), Ok(AmountText(Amount::Tokens(35_500_000))));
        for text in ["", "1", "SOL", "-1SOL", "0.0000000001SOL", "1e30SOL", "1.5units", "1 USD"] {
            assert!(text.parse::<AmountText>().is_err(), "{text}");
        }
    }

    #[test]
    fn reserves_may_be_written_with_an_exponent() {
        assert_eq!(number("793.1e12"), Ok(793_100_000_000_000));
        assert_eq!(number("30e9"), Ok(30_000_000_000));
        assert!(number("1.5").is_err());
    }
}
