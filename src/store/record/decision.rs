//! What Trader decides and what became of it: refusals, orders, attempts, fills, positions, the trading state.

use momentum_core::action::{self, Swap};
use momentum_core::analysis::EntryFact;
use momentum_core::codes::RefusalCode;
use momentum_core::event::{self, NetworkCosts, Side, Unknown};
use momentum_core::fact;
use momentum_core::ids::{AttemptId, Mint, OrderId, Signature, Slot, Wallet};
use momentum_core::simulation::Simulation;
use momentum_core::time::Timestamp;
use momentum_core::trader::exits::ExitReason;
use momentum_core::trader::state::{Hold, TradingState};
use momentum_core::units::{Bps, Lamports, LamportsDelta, TokenAmount};

use super::shape::{Sol, Text, Tokens};
use super::{clean, object, record};

object! {
    /// A fact that an entry needs and that is not known.
    UnknownFact {
        /// Which.
        fact: EntryFact,
        /// Why.
        unknown: Unknown,
    }
}

impl From<&(EntryFact, Unknown)> for UnknownFact {
    fn from(&(fact, unknown): &(EntryFact, Unknown)) -> Self {
        Self { fact, unknown }
    }
}

record! {
    /// A buy did not pass a gate, or a signal or command was not taken.
    Refusal in "momentum.refusal.v1" as [] {
        /// The token.
        mint: Mint,
        /// Which side was refused.
        side: Side,
        /// The gate.
        code: RefusalCode,
        /// What the code means.
        sentence: String,
        /// The gate's figures, for people.
        figures: String,
        /// What was wished, in lamports.
        lamports: Option<Lamports>,
        /// The same in SOL.
        sol: Option<Sol>,
        /// Facts that were not known, where that is why.
        unknown: Option<Vec<UnknownFact>>,
    }
}

impl Refusal {
    pub(super) fn of(refused: &fact::Refused) -> Self {
        let unknown: Vec<_> = refused.unknown.iter().map(Into::into).collect();
        Self {
            mint: refused.mint,
            side: refused.side,
            code: refused.code,
            sentence: refused.code.entry().sentence.to_owned(),
            figures: clean(&refused.figures).into_owned(),
            lamports: refused.lamports,
            sol: refused.lamports.map(Into::into),
            unknown: (!unknown.is_empty()).then_some(unknown),
        }
    }
}

record! {
    /// An attempt of an order was approved, and its money is reserved.
    OrderOpened in "momentum.order.v1" as ["opened"] {
        /// The order.
        order: Text<OrderId>,
        /// Its attempt.
        attempt: Text<AttemptId>,
        /// The token.
        mint: Mint,
        /// The wallet that trades.
        wallet: Wallet,
        /// Bought or sold; an order that closes the token's account for its rent is on the sell side, without amounts, and
        /// so is one that brings what a wallet holds to the cold address: that one is of no token.
        side: Side,
        /// Buy: most that the swap may take, fees of the venue included, in lamports.
        spend_lamports: Option<Lamports>,
        /// The same in SOL.
        spend_sol: Option<Sol>,
        /// Buy: least that it must give, in base units.
        min_token_amount: Option<TokenAmount>,
        /// Sell: what is sold, in base units.
        token_amount: Option<TokenAmount>,
        /// Sell: least that it must bring, fees of the venue taken off, in lamports.
        min_lamports: Option<Lamports>,
        /// The same in SOL.
        min_sol: Option<Sol>,
        /// Brought away: the cold address.
        to: Option<Wallet>,
        /// Brought away: what is sent, in lamports.
        lamports: Option<Lamports>,
        /// The same in SOL.
        sol: Option<Sol>,
        /// Sell: why.
        exit: Option<ExitReason>,
        /// The slippage bound.
        bound_bps: Bps,
        /// Priority fee of the transaction.
        priority_lamports: Lamports,
        /// Tip of the transaction.
        tip_lamports: Lamports,
        /// Whether it jumps queues.
        urgent: bool,
    }
}

impl OrderOpened {
    pub(super) fn of(order: &action::Order) -> Self {
        let (mut spend_lamports, mut min_token_amount) = (None, None);
        let (mut token_amount, mut min_lamports) = (None, None);
        let (mut to, mut lamports) = (None, None);
        match order.swap {
            Swap::Buy { spend, min_tokens } => {
                (spend_lamports, min_token_amount) = (Some(spend), Some(min_tokens));
            }
            Swap::Sell { tokens, min_lamports: least } => {
                (token_amount, min_lamports) = (Some(tokens), Some(least));
            }
            Swap::Withdraw { to: cold, lamports: sent } => (to, lamports) = (Some(cold), Some(sent)),
            Swap::Close => {}
        }
        Self {
            order: Text(order.attempt.order),
            attempt: Text(order.attempt),
            mint: order.mint,
            wallet: order.wallet,
            side: order.swap.side(),
            spend_lamports,
            spend_sol: spend_lamports.map(Into::into),
            min_token_amount,
            token_amount,
            min_lamports,
            min_sol: min_lamports.map(Into::into),
            to,
            lamports,
            sol: lamports.map(Into::into),
            exit: order.exit,
            bound_bps: order.bound,
            priority_lamports: order.priority,
            tip_lamports: order.tip,
            urgent: order.urgent,
        }
    }
}

record! {
    /// An order is over: nothing of it is in flight and nothing will be tried again.
    OrderClosed in "momentum.order.v1" as ["closed"] {
        /// The order.
        order: Text<OrderId>,
        /// The token.
        mint: Mint,
        /// Whether it did what it was for: filled, closed its account, or brought all away.
        filled: bool,
    }
}

record! {
    /// Dry run: all gates passed, this would have been bought.
    WouldBuy in "momentum.order.v1" as ["would_buy"] {
        /// The token.
        mint: Mint,
        /// Most that the swap would take, in lamports.
        spend_lamports: Lamports,
        /// The same in SOL.
        spend_sol: Sol,
    }
}

object! {
    /// What a transaction costs, whatever it does.
    Costs {
        /// Base fee of its signatures, in lamports.
        base: Lamports,
        /// Priority fee, in lamports.
        priority: Lamports,
        /// Tip, in lamports.
        tip: Lamports,
    }
}

impl From<NetworkCosts> for Costs {
    fn from(costs: NetworkCosts) -> Self {
        Self { base: costs.base, priority: costs.priority, tip: costs.tip }
    }
}

record! {
    /// An attempt's bytes are to be made durable, then sent.
    AttemptJournaled in "momentum.attempt.v1" as ["journaled"] {
        /// The attempt.
        attempt: Text<AttemptId>,
        /// Its signature; in paper a hash of the order.
        signature: Signature,
        /// Block height after which it cannot land.
        last_valid_height: Text<u64>,
    }
}

record! {
    /// An attempt ended without a fill: it never left, it landed and failed, or it can never land.
    AttemptEnded in "momentum.attempt.v1" as ["refused", "failed", "expired"] {
        /// The attempt.
        attempt: Text<AttemptId>,
        /// The token.
        mint: Mint,
        /// Why, where there is more to say.
        why: Option<String>,
        /// What it cost.
        costs: Costs,
    }
}

impl AttemptEnded {
    /// The record with its kind.
    pub(super) fn of(
        attempt: AttemptId,
        mint: Mint,
        end: &fact::AttemptEnd,
        costs: NetworkCosts,
    ) -> (&'static str, Self) {
        let (kind, why) = match end {
            fact::AttemptEnd::Refused { why } => ("refused", Some(why)),
            fact::AttemptEnd::Failed { error } => ("failed", Some(error)),
            fact::AttemptEnd::Expired => ("expired", None),
        };
        let why = why.map(|why| clean(why).into_owned());
        (kind, Self { attempt: Text(attempt), mint, why, costs: costs.into() })
    }
}

object! {
    /// The venue's fees of a fill, in lamports.
    FillFees {
        /// To the pool's liquidity.
        lp: Text<u64>,
        /// To the protocol.
        protocol: Text<u64>,
        /// To the creator; of a cashback coin, what comes back later.
        creator: Text<u64>,
    }
}

record! {
    /// An attempt landed.
    FillRecord in "momentum.fill.v1" as [] {
        /// The attempt.
        attempt: Text<AttemptId>,
        /// The token.
        mint: Mint,
        /// Bought or sold.
        side: Side,
        /// Tokens that came or went, in base units.
        token_amount: TokenAmount,
        /// The same in tokens.
        tokens: Tokens,
        /// Lamports that went (buy, fees included) or came (sell, fees taken off) in the swap.
        lamports: Lamports,
        /// The same in SOL.
        sol: Sol,
        /// The venue's fees, a part of it.
        fees: FillFees,
        /// What the transaction cost beside the swap.
        costs: Costs,
        /// Rent locked in accounts that the transaction opened, in lamports.
        rent_locked_lamports: Lamports,
        /// Why it was sold.
        exit: Option<ExitReason>,
        /// Where it landed.
        slot: Slot,
    }
}

impl FillRecord {
    pub(super) fn of(
        attempt: AttemptId,
        mint: Mint,
        slot: Slot,
        fill: &event::Fill,
        exit: Option<ExitReason>,
    ) -> Self {
        let fees = &fill.fees;
        Self {
            attempt: Text(attempt),
            mint,
            side: fill.side,
            token_amount: fill.tokens,
            tokens: fill.tokens.into(),
            lamports: fill.lamports,
            sol: fill.lamports.into(),
            fees: FillFees { lp: Text(fees.lp), protocol: Text(fees.protocol), creator: Text(fees.creator) },
            costs: fill.costs.into(),
            rent_locked_lamports: fill.rent_locked,
            exit,
            slot,
        }
    }
}

record! {
    /// A landing that was told is on the chain no more, a fork took its block back: what it did is undone, and its
    /// attempt is in flight again.
    VanishedRecord in "momentum.vanished.v1" as [] {
        /// The attempt.
        attempt: Text<AttemptId>,
        /// The token.
        mint: Mint,
        /// Bought or sold.
        side: Side,
        /// Tokens that had come or gone, in base units.
        token_amount: TokenAmount,
        /// Lamports that had gone or come in the swap.
        lamports: Lamports,
        /// Where it had landed.
        slot: Slot,
    }
}

record! {
    /// The account of a token was closed, and its rent came back.
    RentReturned in "momentum.wallet.v1" as ["rent_returned"] {
        /// The wallet.
        wallet: Wallet,
        /// The token.
        mint: Mint,
        /// The attempt.
        attempt: Text<AttemptId>,
        /// What came back, in lamports.
        rent_lamports: Lamports,
        /// The same in SOL.
        rent_sol: Sol,
        /// What the transaction cost.
        costs: Costs,
        /// Where it landed.
        slot: Slot,
    }
}

record! {
    /// What was left of a wallet whose key somebody else has is at the cold address.
    Withdrawn in "momentum.wallet.v1" as ["withdrawn"] {
        /// The wallet.
        wallet: Wallet,
        /// The cold address.
        to: Wallet,
        /// The attempt.
        attempt: Text<AttemptId>,
        /// What arrived, in lamports.
        lamports: Lamports,
        /// The same in SOL.
        sol: Sol,
        /// What the transaction cost.
        costs: Costs,
        /// Where it landed.
        slot: Slot,
    }
}

record! {
    /// A buy on paper was also run on the chain's own state, unsigned, with its sell-back: beside what its quote
    /// expected. It has what it did, or says why it failed.
    SimulationRecord in "momentum.simulation.v1" as [] {
        /// The attempt.
        attempt: Text<AttemptId>,
        /// The token.
        mint: Mint,
        /// Tokens bought and sold back, in base units.
        token_amount: TokenAmount,
        /// What they should cost, fees of the venue included, in lamports.
        expected_paid_lamports: Lamports,
        /// What they should bring back, fees of the venue taken off, in lamports.
        expected_back_lamports: Lamports,
        /// The slot whose state it was run on.
        slot: Option<Slot>,
        /// What they cost, in lamports.
        paid_lamports: Option<Lamports>,
        /// What they brought back, in lamports.
        back_lamports: Option<Lamports>,
        /// Compute units of the whole.
        compute_units: Option<u64>,
        /// How much better the chain was than the quote, in lamports: negative where it was worse.
        difference_lamports: Option<LamportsDelta>,
        /// The same in basis points of what the buy should cost, floored.
        difference_bps: Option<i64>,
        /// Why it failed.
        why: Option<String>,
    }
}

impl SimulationRecord {
    pub(super) fn of(simulation: &Simulation) -> Self {
        let simulated = simulation.outcome.as_ref().ok();
        Self {
            attempt: Text(simulation.attempt),
            mint: simulation.mint,
            token_amount: simulation.tokens,
            expected_paid_lamports: simulation.expected.paid,
            expected_back_lamports: simulation.expected.back,
            slot: simulated.map(|simulated| simulated.slot),
            paid_lamports: simulated.map(|simulated| simulated.trip.paid),
            back_lamports: simulated.map(|simulated| simulated.trip.back),
            compute_units: simulated.map(|simulated| simulated.units),
            difference_lamports: simulation.difference(),
            difference_bps: simulation.difference_bps(),
            why: simulation.outcome.as_ref().err().map(|why| clean(why).into_owned()),
        }
    }
}

record! {
    /// A position exists.
    PositionOpened in "momentum.position.v1" as ["opened"] {
        /// The token.
        mint: Mint,
        /// The wallet that holds it.
        wallet: Wallet,
        /// Tokens held, in base units.
        token_amount: TokenAmount,
        /// The same in tokens.
        tokens: Tokens,
        /// Lamports paid in the swap.
        cost_lamports: Lamports,
        /// The same in SOL.
        cost_sol: Sol,
        /// The stop: lamports that the whole amount must bring.
        stop_lamports: Lamports,
        /// The same in SOL.
        stop_sol: Sol,
    }
}

record! {
    /// The stop of a position moved.
    StopMoved in "momentum.position.v1" as ["stop_moved"] {
        /// The token.
        mint: Mint,
        /// Tokens still held, in base units.
        token_amount: TokenAmount,
        /// What they must bring now, in lamports.
        stop_lamports: Lamports,
        /// The same in SOL.
        stop_sol: Sol,
    }
}

record! {
    /// An exit condition was met and its order decided.
    ExitFired in "momentum.position.v1" as ["exit_fired"] {
        /// The token.
        mint: Mint,
        /// Which.
        reason: ExitReason,
        /// Tokens to be sold, in base units.
        token_amount: TokenAmount,
        /// What they should bring at the mark, in lamports.
        mark_lamports: Lamports,
        /// The same in SOL.
        mark_sol: Sol,
    }
}

record! {
    /// The last bound of an exit failed: it is tried again and again.
    Stuck in "momentum.position.v1" as ["stuck"] {
        /// The token.
        mint: Mint,
        /// Its exit.
        reason: ExitReason,
    }
}

record! {
    /// The token is graduating for long: nothing can be sold until its pool is seen.
    GraduationAwaited in "momentum.position.v1" as ["graduation_awaited"] {
        /// The token.
        mint: Mint,
        /// Since when.
        since: Timestamp,
    }
}

record! {
    /// A position is over: its whole story. All sums are exact.
    PositionClosed in "momentum.position.v1" as ["closed"] {
        /// The token.
        mint: Mint,
        /// When it was opened.
        opened: Timestamp,
        /// The reason of the fill that closed it.
        reason: ExitReason,
        /// Tokens bought, in base units.
        token_amount: TokenAmount,
        /// Lamports paid in the swap of the buy.
        cost_lamports: Lamports,
        /// The same in SOL.
        cost_sol: Sol,
        /// Lamports that all sales brought.
        proceeds_lamports: Lamports,
        /// The same in SOL.
        proceeds_sol: Sol,
        /// Fees of the venue on both sides, contained in both already.
        venue_fees_lamports: Lamports,
        /// Network fees and tips, failed attempts included.
        network_lamports: Lamports,
        /// proceeds − cost − network, in lamports.
        pnl_lamports: LamportsDelta,
        /// The same in SOL.
        pnl_sol: Sol,
    }
}

impl PositionClosed {
    pub(super) fn of(closed: &fact::PositionClosed) -> Self {
        Self {
            mint: closed.mint,
            opened: closed.opened,
            reason: closed.reason,
            token_amount: closed.tokens,
            cost_lamports: closed.cost,
            cost_sol: closed.cost.into(),
            proceeds_lamports: closed.proceeds,
            proceeds_sol: closed.proceeds.into(),
            venue_fees_lamports: closed.venue_fees,
            network_lamports: closed.network,
            pnl_lamports: closed.pnl,
            pnl_sol: closed.pnl.into(),
        }
    }
}

record! {
    /// The trading state changed, or who holds it.
    StateChanged in "momentum.state.v1" as [] {
        /// What it is now.
        state: TradingState,
        /// The strictest hold, where one holds.
        hold: Option<Hold>,
        /// Who.
        who: String,
        /// Why.
        why: String,
    }
}

record! {
    /// A UTC day is over.
    DayClosed in "momentum.day.v1" as [] {
        /// Its first moment.
        day: Timestamp,
        /// Its result, in lamports.
        result_lamports: LamportsDelta,
        /// The same in SOL.
        result_sol: Sol,
        /// Equity at its end, in lamports.
        equity_lamports: Lamports,
        /// The same in SOL.
        equity_sol: Sol,
    }
}

record! {
    /// Lamports came or went that no order of ours explains.
    ForeignMoney in "momentum.wallet.v1" as ["foreign_money"] {
        /// The wallet.
        wallet: Wallet,
        /// Their sum, in lamports.
        change_lamports: LamportsDelta,
        /// The same in SOL.
        change_sol: Sol,
    }
}

record! {
    /// Tokens of a position left its wallet by no order of ours.
    TokensLeft in "momentum.wallet.v1" as ["tokens_left"] {
        /// The wallet.
        wallet: Wallet,
        /// The token.
        mint: Mint,
        /// How many are missing, in base units.
        token_amount: TokenAmount,
        /// The same in tokens.
        tokens: Tokens,
    }
}

record! {
    /// A wallet fell below the balance that the settings want to be told of.
    BalanceLow in "momentum.wallet.v1" as ["balance_low"] {
        /// The wallet.
        wallet: Wallet,
        /// What it holds.
        lamports: Lamports,
        /// The same in SOL.
        sol: Sol,
    }
}

record! {
    /// A wallet whose low balance was told has enough again.
    BalanceRecovered in "momentum.wallet.v1" as ["balance_recovered"] {
        /// The wallet.
        wallet: Wallet,
        /// What it holds.
        lamports: Lamports,
        /// The same in SOL.
        sol: Sol,
    }
}

record! {
    /// A bug of ours: the state broke a rule. Trading is `exits_only` from here.
    Invariant in "momentum.invariant.v1" as [] {
        /// The rule and its figures.
        what: String,
    }
}
