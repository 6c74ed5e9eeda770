//! Risk: every buy passes each gate, in this order; a refusal names its gate and the figures.
//!
//! Only this file can make an [`Approved`], and only an approved buy becomes an order.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::orders::Fees;
use super::state::{Arm, Held, Hold, TradingState};
use crate::action::{Basis, Swap};
use crate::analysis::EntryFact;
use crate::codes::RefusalCode;
use crate::config::Config;
use crate::event::{Impact, Mode, Quote, Side, Unknown};
use crate::fact::Refused;
use crate::ids::{Mint, Slot, Wallet};
use crate::market::{FeedHealth, TokenView};
use crate::protections::{Protection, Protections};
use crate::quotes::{Liquidity, RoundTrip, slippage_min};
use crate::time::Timestamp;
use crate::units::{Bps, Lamports, TokenAmount};

/// A wish to buy, sized by the formula of its signal or by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The token.
    pub mint: Mint,
    /// Most that the swap should take, before any cap.
    pub wanted: Lamports,
}

/// What has passed every gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Approved<T> {
    wish: T,
    wallet: Wallet,
    spend: Lamports,
    min_tokens: TokenAmount,
    basis: Basis,
    fees: Fees,
}

impl Approved<Intent> {
    /// What was wished.
    #[must_use]
    pub const fn intent(&self) -> &Intent {
        &self.wish
    }
    /// The wallet that pays.
    #[must_use]
    pub const fn wallet(&self) -> Wallet {
        self.wallet
    }
    /// The swap with its bound.
    #[must_use]
    pub const fn swap(&self) -> Swap {
        Swap::Buy { spend: self.spend, min_tokens: self.min_tokens }
    }
    /// Most that the swap may take.
    #[must_use]
    pub const fn spend(&self) -> Lamports {
        self.spend
    }
    /// Reserves and rates that it was decided on.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.basis
    }
    /// Priority fee and tip of its transaction.
    #[must_use]
    pub const fn fees(&self) -> Fees {
        self.fees
    }
}

/// A gate that was not passed.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Which.
    pub code: RefusalCode,
    /// Its figures, for people.
    pub figures: String,
    /// Facts that are not known, where that is why.
    pub unknown: Vec<(EntryFact, Unknown)>,
}

impl Refusal {
    /// A refusal with its figures.
    #[must_use]
    pub const fn new(code: RefusalCode, figures: String) -> Self {
        Self { code, figures, unknown: Vec::new() }
    }

    /// The fact that tells it.
    #[must_use]
    pub fn tell(self, mint: Mint, side: Side, lamports: Option<Lamports>) -> Refused {
        Refused { mint, side, lamports, code: self.code, figures: self.figures, unknown: self.unknown }
    }
}

/// What one wallet could pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purse {
    /// The wallet.
    pub wallet: Wallet,
    /// What it holds.
    pub balance: Lamports,
    /// Reserved by live buys.
    pub reserved: Lamports,
    /// What it must keep: the floor, and an exit's fees for each open position.
    pub reserve: Lamports,
}

impl Purse {
    /// What it could pay: balance less reserve and reservations.
    #[must_use]
    pub fn available(&self) -> Lamports {
        self.balance.saturating_sub(self.reserve).saturating_sub(self.reserved)
    }

    /// The most that a swap may take of it, where so much is paid `beside` it.
    #[must_use]
    pub fn for_swap(&self, beside: Lamports) -> Lamports {
        self.available().saturating_sub(beside)
    }
}

/// A proof of exit, as gate 13 reads it in live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// Lamports spent.
    pub size: Lamports,
    /// Lamports that came back.
    pub proceeds: Lamports,
    /// Slot of the simulation.
    pub slot: Slot,
    /// Who earned the creator fee in it.
    pub creator: Wallet,
}

/// All that the gates look at.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The moment of the decision.
    pub now: Timestamp,
    /// The settings in force.
    pub config: &'a Config,
    /// Which protections are on.
    pub protections: Protections,
    /// Where orders go.
    pub mode: Mode,
    /// The trading state.
    pub state: TradingState,
    /// The strictest hold.
    pub hold: Option<&'a Held>,
    /// Permission to trade with real money.
    pub arm: Option<Arm>,
    /// Health of the stream.
    pub feed: &'a FeedHealth,
    /// The token; none if nothing is known of it.
    pub token: Option<&'a TokenView>,
    /// Our own simulated fills in the token, where it trades now.
    pub impact: Impact,
    /// Positions open or being bought.
    pub positions: u32,
    /// Cost of open positions and sizes of live buys.
    pub exposed: Lamports,
    /// The wallets, the one whose turn it is first.
    pub purses: &'a [Purse],
    /// Lamports, recoverable rent and marks.
    pub equity: Lamports,
    /// The equity that the daily loss is measured from.
    pub day_base: Lamports,
    /// The highest equity.
    pub peak: Lamports,
    /// Buy attempts in the last minute.
    pub recent_buys: u32,
    /// The newest proof of exit.
    pub proof: Option<Proven>,
    /// What transactions on the token's accounts lately paid for their place, where that is known.
    pub recent_fee: Option<Lamports>,
}

/// Passes `intent` through all gates, in order.
///
/// # Errors
/// The first gate that it does not pass.
pub fn review(intent: Intent, case: &Case<'_>) -> Result<Approved<Intent>, Refusal> {
    trading_state(case)?;
    armed(case)?;
    stream(case)?;
    let basis = token(case)?;
    positions(case)?;
    let left = exposure(case)?;
    let (purse, spend) = size(intent, left, case)?;
    let fees = Fees::of(case.config, false, case.recent_fee);
    let spend = wallet_floor(&purse, spend, fees, case)?;
    daily_loss(case)?;
    drawdown(case)?;
    buy_rate(case)?;
    let trip = basis.liquidity.moved(case.impact).round_trip(spend.0, &basis.rates);
    round_trip(trip.as_ref(), spend, fees, case)?;
    proof_of_exit(trip.as_ref(), spend, basis, case)?;
    let way_in = || basis.liquidity.moved(case.impact).buy_exact_quote(spend.0, &basis.rates);
    let Some(bought) = trip.map(|trip| trip.bought).or_else(way_in) else {
        return refuse(RefusalCode::ExitUnproven, || format!("{spend} buys nothing"));
    };
    let bound = slippage_min(bought.tokens, case.config.execution.slippage);
    let at_most = completion_bound(spend, basis, case).unwrap_or(0);
    Ok(Approved {
        wish: intent,
        wallet: purse.wallet,
        spend,
        min_tokens: TokenAmount(bound.max(at_most).max(1)),
        basis,
        fees,
    })
}

/// Away from the gates that are passed: what stands between two of them is loaded with them.
#[cold]
#[inline(never)]
fn refuse<T>(code: RefusalCode, figures: impl FnOnce() -> String) -> Result<T, Refusal> {
    Err(Refusal::new(code, figures()))
}

impl Case<'_> {
    const fn on(&self, protection: Protection) -> bool {
        self.protections.on(protection)
    }

    /// Capital that may be used: all that the wallets could pay.
    fn available(&self) -> Lamports {
        self.purses.iter().map(Purse::available).sum()
    }
}

/// Gate 1.
fn trading_state(case: &Case<'_>) -> Result<(), Refusal> {
    if case.state == TradingState::Open || !case.on(Protection::TradingState) {
        return Ok(());
    }
    let code = match case.hold {
        Some(held) if held.is_of_an_arming() => RefusalCode::NotArmed,
        Some(Held { hold: Hold::Arming, .. }) => RefusalCode::MaxLoss,
        _ => RefusalCode::TradingState,
    };
    refuse(code, || match case.hold {
        Some(held) if held.hold == Hold::Arming => held.why.clone(),
        Some(held) => format!("{} by {} ({})", case.state.name(), held.hold.name(), held.who),
        None => case.state.name().to_owned(),
    })
}

/// Gate 2.
fn armed(case: &Case<'_>) -> Result<(), Refusal> {
    if case.mode != Mode::Live || !case.on(Protection::Armed) {
        return Ok(());
    }
    match case.arm {
        Some(Arm { until, .. }) if until.is_none_or(|until| case.now < until) => Ok(()),
        Some(_) => refuse(RefusalCode::NotArmed, || "the arming has expired".to_owned()),
        None => refuse(RefusalCode::NotArmed, || "never armed".to_owned()),
    }
}

/// Gate 3. The services that it names beside the stream exist in live only.
fn stream(case: &Case<'_>) -> Result<(), Refusal> {
    if !case.on(Protection::Stream) {
        return Ok(());
    }
    let risk = &case.config.risk;
    let (Some(slot), Some(received)) = (case.feed.slot, case.feed.slot_received) else {
        return refuse(RefusalCode::StreamStale, || "no slot received yet".to_owned());
    };
    let age = case.now.since(received);
    if age > risk.stream_age_max {
        let figures = || format!("newest slot {} old, most {}", seconds(age), seconds(risk.stream_age_max));
        return refuse(RefusalCode::StreamStale, figures);
    }
    let behind = case.feed.highest.map_or(0, |highest| highest.0.saturating_sub(slot.0));
    if behind > u64::from(risk.slots_behind_max) {
        let figures = || format!("{behind} slots behind, most {}", risk.slots_behind_max);
        return refuse(RefusalCode::StreamBehind, figures);
    }
    if case.token.is_some_and(|token| token.stale) {
        return refuse(RefusalCode::TokenGap, || "not read again since the gap".to_owned());
    }
    Ok(())
}

/// Gate 4. What has no reserves cannot be priced, whatever protections say.
fn token(case: &Case<'_>) -> Result<Basis, Refusal> {
    let Some(token) = case.token else {
        return refuse(RefusalCode::NotTracked, || "not tracked".to_owned());
    };
    if case.on(Protection::Token) {
        if let Some(fail) = token.hard_fail {
            return refuse(RefusalCode::HardFail, || fail.name().to_owned());
        }
        if let Quote::Other(quote) = token.quote {
            return refuse(RefusalCode::NotSol, || format!("priced in {quote}"));
        }
        if token.mayhem {
            return refuse(RefusalCode::Mayhem, || "traded by an agent".to_owned());
        }
        if token.complete && !token.graduated {
            return refuse(RefusalCode::CurveComplete, || "its pool was not seen yet".to_owned());
        }
        if !token.missing.is_empty() {
            return Err(unknown_facts(token));
        }
    }
    token.basis.map_err(|_| unknown_facts(token))
}

/// The refusal that lists what is not known.
fn unknown_facts(token: &TokenView) -> Refusal {
    let names: Vec<_> = token.missing.iter().map(|(fact, _)| fact.name()).collect();
    let figures = if names.is_empty() { "reserves".to_owned() } else { names.join(", ") };
    Refusal { code: RefusalCode::FactsUnknown, figures, unknown: token.missing.clone() }
}

/// Gate 5.
fn positions(case: &Case<'_>) -> Result<(), Refusal> {
    let most = case.config.risk.max_concurrent_positions;
    if case.positions < most || !case.on(Protection::Positions) {
        return Ok(());
    }
    refuse(RefusalCode::MaxPositions, || format!("{} of {most} open or being bought", case.positions))
}

/// Gate 6: what is left of the largest exposure.
fn exposure(case: &Case<'_>) -> Result<Lamports, Refusal> {
    let risk = &case.config.risk;
    if !case.on(Protection::Exposure) {
        return Ok(Lamports(u64::MAX));
    }
    let left = risk.max_exposure.saturating_sub(case.exposed);
    if left >= risk.min_position {
        return Ok(left);
    }
    refuse(RefusalCode::Exposure, || format!("{left} left of {}", risk.max_exposure))
}

/// Gate 7: the smallest of all caps, from the wallet with the most to pay it; among equals the first.
fn size(intent: Intent, left: Lamports, case: &Case<'_>) -> Result<(Purse, Lamports), Refusal> {
    let risk = &case.config.risk;
    let richest = case.purses.iter().rev().max_by_key(|purse| purse.available());
    let Some(purse) = richest.copied() else {
        return refuse(RefusalCode::Size, || "no wallet".to_owned());
    };
    if !case.on(Protection::Size) {
        return Ok((purse, intent.wanted.min(left)));
    }
    let capital = case.available().share(risk.capital_share);
    let spend = intent.wanted.min(risk.max_position).min(capital).min(left).min(purse.available());
    if spend >= risk.min_position {
        return Ok((purse, spend));
    }
    refuse(RefusalCode::Size, || {
        let (wanted, wallet) = (intent.wanted, purse.available());
        format!("{spend}, least {}: wanted {wanted}, capital {capital}, wallet {wallet}", risk.min_position)
    })
}

/// Gate 8: the wallet also pays what comes beside the swap, so a size that it could not pay with that is cut. A proof of
/// exit is asked for no more than this leaves.
fn wallet_floor(purse: &Purse, spend: Lamports, fees: Fees, case: &Case<'_>) -> Result<Lamports, Refusal> {
    let beside = fees.beside_buy(case.config, case.mode);
    let most = purse.for_swap(beside);
    if spend <= most || !case.on(Protection::WalletFloor) {
        return Ok(spend);
    }
    let least = case.config.risk.min_position;
    if most >= least {
        return Ok(most);
    }
    refuse(RefusalCode::WalletFloor, || {
        format!("{most} left, least {least}: wallet {}, beside the buy {beside}", purse.available())
    })
}

/// Gate 9: of the day, and in live since arming.
fn daily_loss(case: &Case<'_>) -> Result<(), Refusal> {
    let limit = case.config.risk.daily_loss_limit;
    if !case.on(Protection::DailyLoss) {
        return Ok(());
    }
    if breached(case.equity, case.day_base, limit) {
        let loss = case.day_base.saturating_sub(case.equity);
        return refuse(RefusalCode::DailyLoss, || format!("{loss} of {} lost, limit {limit}", case.day_base));
    }
    match case.arm {
        Some(arm) if case.mode == Mode::Live && arm.equity.saturating_sub(case.equity) >= arm.max_loss => {
            let loss = arm.equity.saturating_sub(case.equity);
            refuse(RefusalCode::MaxLoss, || format!("{loss} lost since arming, bound {}", arm.max_loss))
        }
        _ => Ok(()),
    }
}

/// Gate 10.
fn drawdown(case: &Case<'_>) -> Result<(), Refusal> {
    let limit = case.config.risk.drawdown_limit;
    if !breached(case.equity, case.peak, limit) || !case.on(Protection::Drawdown) {
        return Ok(());
    }
    let loss = case.peak.saturating_sub(case.equity);
    refuse(RefusalCode::Drawdown, || format!("{loss} below the peak of {}, limit {limit}", case.peak))
}

/// Whether `equity` is `limit` of `base` below it, or more. Compared exactly.
#[must_use]
pub fn breached(equity: Lamports, base: Lamports, limit: Bps) -> bool {
    let loss = u128::from(base.saturating_sub(equity).0) * u128::from(Bps::WHOLE.0);
    base.0 > 0 && loss >= u128::from(base.0) * u128::from(limit.0)
}

/// Gate 11: with this one, so many in a minute.
fn buy_rate(case: &Case<'_>) -> Result<(), Refusal> {
    let most = case.config.risk.max_buys_a_minute;
    if case.recent_buys < most || !case.on(Protection::BuyRate) {
        return Ok(());
    }
    refuse(RefusalCode::BuyRate, || format!("{} of {most} in the last minute", case.recent_buys))
}

/// Gate 12: both ways on the curve with their fees, and the network costs of both transactions, of the size.
/// Where there is no way back it has nothing to measure: gate 13 speaks.
fn round_trip(trip: Option<&RoundTrip>, spend: Lamports, fees: Fees, case: &Case<'_>) -> Result<(), Refusal> {
    let most = case.config.risk.round_trip_max;
    let Some(trip) = trip.filter(|_| case.on(Protection::RoundTrip)) else { return Ok(()) };
    let network = fees.network(case.config).total();
    let lost = trip.bought.total.saturating_sub(trip.back.out);
    let cost = u128::from(lost) + 2 * u128::from(network.0);
    if cost * u128::from(Bps::WHOLE.0) <= u128::from(spend.0) * u128::from(most.0) {
        return Ok(());
    }
    refuse(RefusalCode::RoundTripCost, || {
        let cost = Lamports(u64::try_from(cost).unwrap_or(u64::MAX));
        format!("{cost} for {spend}, most {most}")
    })
}

/// Gate 13. Outside live: exact maths on the state of the decision. In live beside it a simulation of this
/// size or more, young, by the same creator, that brought what the maths expects (less the slippage bound).
fn proof_of_exit(
    trip: Option<&RoundTrip>,
    spend: Lamports,
    basis: Basis,
    case: &Case<'_>,
) -> Result<(), Refusal> {
    if !case.on(Protection::ProofOfExit) {
        return Ok(());
    }
    if trip.is_none_or(|trip| trip.back.out == 0) {
        return refuse(RefusalCode::ExitUnproven, || format!("{spend} bought could not be sold back"));
    }
    if case.mode != Mode::Live {
        return Ok(());
    }
    let most = u64::from(case.config.risk.proof_slots_max);
    let newest = case.feed.highest.max(case.feed.slot).unwrap_or_default();
    let Some(proof) = case.proof else {
        return refuse(RefusalCode::ExitUnproven, || "no proof".to_owned());
    };
    let age = newest.0.saturating_sub(proof.slot.0);
    if age > most {
        return refuse(RefusalCode::ExitUnproven, || format!("proof {age} slots old, most {most}"));
    }
    if proof.size < spend {
        return refuse(RefusalCode::ExitUnproven, || format!("proven for {}, not {spend}", proof.size));
    }
    if case.token.is_some_and(|token| token.creator != Ok(proof.creator)) {
        return refuse(RefusalCode::ExitUnproven, || "the creator has changed since the proof".to_owned());
    }
    let expected = basis.liquidity.round_trip(proof.size.0, &basis.rates).map_or(u64::MAX, |t| t.back.out);
    let least = slippage_min(expected, case.config.execution.slippage);
    if proof.proceeds.0 < least {
        let least = Lamports(least);
        return refuse(RefusalCode::ExitUnproven, || {
            format!("proof brought {}, least {least}", proof.proceeds)
        });
    }
    Ok(())
}

/// What the same money would buy where the curve is almost sold out: a buy that lands there or later fails.
fn completion_bound(spend: Lamports, basis: Basis, case: &Case<'_>) -> Option<u64> {
    let Liquidity::Curve(curve) = basis.liquidity else { return None };
    let initial = case.token?.initial_real_token.ok().filter(|_| case.on(Protection::CompletionBound))?;
    let end = curve.at_progress(initial, case.config.execution.buy_progress_max)?;
    Some(end.buy_exact_quote(spend.0, &basis.rates)?.tokens)
}

fn seconds(span: Duration) -> String {
    format!("{} s", crate::units::decimal(i128::try_from(span.as_millis()).unwrap_or(i128::MAX), 3))
}

#[cfg(test)]
mod tests;
