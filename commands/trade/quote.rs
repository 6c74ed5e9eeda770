//! `momentum trade quote`: what a swap would give at reserves that the caller names.

use std::str::FromStr;

use clap::{ArgGroup, Args, ValueEnum};
use momentum_core::codes::ErrorCode;
use momentum_core::quotes::{CreatorRate, Curve, Liquidity, Pool, QuoteKind, Rates, Schedules};
use momentum_core::units::{Bps, Lamports, TokenAmount, decimal, ratio_bps};
use serde_json::{Value, json};

use crate::columns::{Column, Kind};
use crate::failure::Failure;
use crate::output::Out;

/// Supply of a pump.fun token, in base units: what its market cap, and so its fee tier, is made of.
const SUPPLY: u64 = 1_000_000_000_000_000;

/// A swap to price.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("reserves").required(true).args(["curve", "pool"])))]
#[command(after_help = "\
Amounts: 0.5SOL, 500000000lamports, 1000tokens (whole ones), 1000000units (10^-6 token).
Reserves are in lamports and units; 60e9 is 60000000000. Without --fees the rates are those
of the chain on 2026-10-10, by market cap.

Examples:
  momentum trade quote buy 1SOL --curve 30e9,1073e12,0,793.1e12
  momentum trade quote sell 1000000tokens --curve 60e9,536.5e12,30e9,256.6e12 --json
  momentum trade quote buy 35.5tokens --pool 206.9e12,67405853790,17584505294
  momentum trade quote sell 5e6tokens --pool 206.9e12,84990359084,0 --fees 2,93,30")]
pub(crate) struct Quote {
    /// Which side
    side: SideWord,
    /// How much: SOL to spend, or tokens to buy or sell
    amount: Amount,
    /// A bonding curve: virtual quote, virtual tokens, real quote, real tokens
    #[arg(long, value_name = "VQ,VT,RQ,RT", value_delimiter = ',', num_args = 1, value_parser = number)]
    curve: Vec<u64>,
    /// A PumpSwap pool: tokens, quote vault, virtual quote (may be negative)
    #[arg(long, value_name = "BASE,VAULT,VIRTUAL", allow_hyphen_values = true)]
    pool: Option<PoolText>,
    /// Fee rates in basis points: PROTOCOL,CREATOR on a curve, LP,PROTOCOL,CREATOR on a pool
    #[arg(long, value_name = "BPS,…", value_delimiter = ',', num_args = 1)]
    fees: Vec<u16>,
}

/// A side, as the command line has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SideWord {
    /// SOL for tokens
    Buy,
    /// Tokens for SOL
    Sell,
}

/// An amount with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Amount {
    Quote(u64),
    Tokens(u64),
}

impl FromStr for Amount {
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
        Ok(if quote { Self::Quote(amount) } else { Self::Tokens(amount) })
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
pub(crate) fn run(quote: &Quote, out: &mut Out) -> Result<(), Failure> {
    let liquidity = quote.liquidity()?;
    let rates = quote.rates(&liquidity)?;
    let none = || usage("no program would take this swap: too little, or more than the reserves hold");
    let (side, tokens, net, fees, total, after) = match (quote.side, quote.amount) {
        (SideWord::Buy, amount) => {
            let bought = match amount {
                Amount::Quote(spend) => liquidity.buy_exact_quote(spend, &rates),
                Amount::Tokens(tokens) => liquidity.buy_exact_tokens(tokens, &rates),
            };
            let bought = bought.filter(|bought| bought.tokens > 0).ok_or_else(none)?;
            ("buy", bought.tokens, bought.net, bought.fees, bought.total, liquidity.after_buy(&bought))
        }
        (SideWord::Sell, Amount::Tokens(tokens)) => {
            let sold = liquidity.sell(tokens, &rates).ok_or_else(none)?;
            ("sell", sold.tokens, sold.gross, sold.fees, sold.out, liquidity.after_sell(&sold))
        }
        (SideWord::Sell, Amount::Quote(_)) => return Err(usage("a sale names tokens: 1000tokens")),
    };
    let impact = match (liquidity.spot(), after.spot()) {
        (Some(before), Some(after)) => moved(before.0, after.0),
        _ => None,
    };
    let record = json!({
        "schema": "momentum.quote.v1",
        "side": side,
        "venue": if matches!(liquidity, Liquidity::Curve(_)) { "curve" } else { "pool" },
        "token_amount": TokenAmount(tokens),
        "tokens": TokenAmount(tokens).to_string(),
        "quote_amount": Lamports(net),
        "quote_sol": decimal(i128::from(net), 9),
        "fees": {"lp": Lamports(fees.lp), "protocol": Lamports(fees.protocol), "creator": Lamports(fees.creator)},
        "rates_bps": {"lp": rates.lp, "protocol": rates.protocol, "creator": rates.creator},
        "total_amount": Lamports(total),
        "total_sol": decimal(i128::from(total), 9),
        "price_impact_bps": impact,
        "reserves_after": reserves(&after),
    });
    let total_title = if side == "buy" { "you pay (SOL)" } else { "you get (SOL)" };
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
    ];
    out.one(&columns, &record)
}

fn reserves(liquidity: &Liquidity) -> Value {
    match liquidity {
        Liquidity::Curve(curve) => json!({
            "virtual_quote": curve.virtual_quote.to_string(),
            "virtual_token": curve.virtual_token.to_string(),
            "real_quote": curve.real_quote.to_string(),
            "real_token": curve.real_token.to_string(),
        }),
        Liquidity::Pool(pool) => json!({
            "base": pool.base.to_string(),
            "quote_vault": pool.quote_vault.to_string(),
            "virtual_quote": pool.virtual_quote.to_string(),
        }),
    }
}

/// How far the spot price moved, in basis points, floored.
fn moved(before: u128, after: u128) -> Option<Bps> {
    // Both are Q64.64 of the same kind: their upper halves are enough for basis points of any real price.
    let shift = 64_u32.saturating_sub(before.max(after).leading_zeros());
    let (before, after) = (u64::try_from(before >> shift).ok()?, u64::try_from(after >> shift).ok()?);
    ratio_bps(before.abs_diff(after), before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_exact_in_its_unit() {
        assert_eq!("0.5SOL".parse(), Ok(Amount::Quote(500_000_000)));
        assert_eq!("5000 lamports".parse(), Ok(Amount::Quote(5_000)));
        assert_eq!("5e6tokens".parse(), Ok(Amount::Tokens(5_000_000_000_000)));
        assert_eq!("35.5tokens".parse(), Ok(Amount::Tokens(35_500_000)));
        for text in ["", "1", "SOL", "-1SOL", "0.0000000001SOL", "1e30SOL", "1.5units", "1 USD"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn reserves_may_be_written_with_an_exponent() {
        assert_eq!(number("793.1e12"), Ok(793_100_000_000_000));
        assert_eq!(number("30e9"), Ok(30_000_000_000));
        assert!(number("1.5").is_err());
    }

    #[test]
    fn impact_is_the_way_of_the_spot_price() {
        assert_eq!(moved(1 << 64, 11 << 60), Some(Bps(3_125)));
        assert_eq!(moved(1_000, 1_100), Some(Bps(1_000)));
    }
}
