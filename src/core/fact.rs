//! All that the engine tells: what it saw, decided and did. Facts change nothing; journals, records, alerts
//! and screens are made from them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::action::Order;
use crate::analysis::Analysis;
use crate::codes::RefusalCode;
use crate::event::{Fill, Mode, NetworkCosts, Side, Unknown, What};
use crate::ids::{AttemptId, Mint, OrderId, Signature, Slot, Wallet};
use crate::simulation::Simulation;
use crate::time::Timestamp;
use crate::trader::exits::ExitReason;
use crate::trader::signals::EntrySignal;
use crate::trader::state::{Hold, TradingState};
use crate::units::{Lamports, LamportsDelta, TokenAmount};

/// Something the engine tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// Market evaluated a token.
    Scored(Arc<Analysis>),
    /// A token entered the top 10.
    EnteredTop {
        /// The token.
        mint: Mint,
        /// Its rank, from 1.
        rank: u16,
    },
    /// A token is no longer tracked.
    Dropped {
        /// The token.
        mint: Mint,
    },
    /// Market asked something about a token.
    Asked {
        /// The token.
        mint: Mint,
        /// What.
        what: What,
    },
    /// An entry signal was sent.
    EntrySignalled(EntrySignal),
    /// A buy did not pass a gate, or a signal was not taken.
    Refused(Refused),
    /// Dry run: all gates passed, this would have been bought.
    WouldBuy {
        /// The token.
        mint: Mint,
        /// Most that the swap would take.
        lamports: Lamports,
    },
    /// An attempt of an order was approved and its money is reserved: once for each attempt.
    OrderOpened(Box<Order>),
    /// An attempt's bytes are to be made durable, then sent.
    AttemptJournaled {
        /// The attempt.
        attempt: AttemptId,
        /// Its signature.
        signature: Signature,
        /// Block height after which it cannot land.
        last_valid_height: u64,
        /// The bytes.
        raw: Vec<u8>,
    },
    /// An attempt ended without a fill.
    AttemptEnded {
        /// The attempt.
        attempt: AttemptId,
        /// The token.
        mint: Mint,
        /// How.
        end: AttemptEnd,
        /// What it cost.
        costs: NetworkCosts,
    },
    /// An attempt landed.
    Filled {
        /// The attempt.
        attempt: AttemptId,
        /// The token.
        mint: Mint,
        /// Where.
        slot: Slot,
        /// What it did.
        fill: Fill,
        /// Why it was sold; none for a buy.
        exit: Option<ExitReason>,
    },
    /// A landing that was told is on the chain no more: what it did is undone, and its attempt is in flight again.
    Vanished {
        /// What it carries out.
        order: Box<Order>,
        /// Where it had landed.
        slot: Slot,
        /// What it had done.
        fill: Fill,
    },
    /// A buy on paper was run on the chain, and held against its quote.
    Simulated(Simulation),
    /// The account of a token was closed, and its rent came back.
    RentReturned {
        /// The attempt.
        attempt: AttemptId,
        /// The token.
        mint: Mint,
        /// The wallet.
        wallet: Wallet,
        /// Where.
        slot: Slot,
        /// What came back.
        rent: Lamports,
        /// What the transaction cost.
        costs: NetworkCosts,
    },
    /// An order is over: nothing of it is in flight and nothing will be tried again.
    OrderClosed {
        /// The order.
        order: OrderId,
        /// The token.
        mint: Mint,
        /// Whether it did what it was for.
        filled: bool,
    },
    /// A position exists.
    PositionOpened {
        /// The token.
        mint: Mint,
        /// The wallet that holds it.
        wallet: Wallet,
        /// Tokens held.
        tokens: TokenAmount,
        /// Lamports paid in the swap.
        cost: Lamports,
        /// The stop: lamports that the whole amount must bring.
        stop: Lamports,
    },
    /// The stop of a position moved.
    StopMoved {
        /// The token.
        mint: Mint,
        /// Tokens still held.
        tokens: TokenAmount,
        /// What they must bring now.
        stop: Lamports,
    },
    /// An exit condition was met and its order decided.
    ExitFired {
        /// The token.
        mint: Mint,
        /// Which.
        reason: ExitReason,
        /// Tokens to be sold.
        tokens: TokenAmount,
        /// What they should bring at the mark.
        mark: Lamports,
    },
    /// The last bound of an exit failed: it is tried again every 10 s.
    Stuck {
        /// The token.
        mint: Mint,
        /// Its exit.
        reason: ExitReason,
    },
    /// The token of a position is graduating for long: nothing can be sold until its pool is seen.
    GraduationAwaited {
        /// The token.
        mint: Mint,
        /// Since when.
        since: Timestamp,
    },
    /// A position is over.
    PositionClosed(PositionClosed),
    /// The trading state changed.
    StateChanged {
        /// What it is now.
        state: TradingState,
        /// The strictest hold, where one holds.
        hold: Option<Hold>,
        /// Who.
        who: String,
        /// Why.
        why: String,
    },
    /// A UTC day is over.
    DayClosed {
        /// Its first moment.
        day: Timestamp,
        /// Its result.
        result: LamportsDelta,
        /// Equity at its end.
        equity: Lamports,
    },
    /// Lamports came or went that no order of ours explains.
    ForeignMoney {
        /// The wallet.
        wallet: Wallet,
        /// Their sum.
        change: LamportsDelta,
    },
    /// Tokens of a position left its wallet by no order of ours.
    TokensLeft {
        /// The wallet.
        wallet: Wallet,
        /// The token.
        mint: Mint,
        /// How many are missing, in base units.
        tokens: TokenAmount,
    },
    /// A wallet fell below the balance that the settings want to be told of.
    BalanceLow {
        /// The wallet.
        wallet: Wallet,
        /// What it holds.
        lamports: Lamports,
    },
    /// A wallet whose low balance was told has enough again.
    BalanceRecovered {
        /// The wallet.
        wallet: Wallet,
        /// What it holds.
        lamports: Lamports,
    },
    /// A bug of ours: the state broke a rule. Trading is `exits_only` from here.
    InvariantBroken {
        /// The rule and its figures.
        what: String,
    },
    /// The run began.
    Started {
        /// Its mode.
        mode: Mode,
    },
    /// What was left of a wallet whose key somebody else has is at the cold address.
    Withdrawn {
        /// The attempt.
        attempt: AttemptId,
        /// The wallet.
        wallet: Wallet,
        /// The cold address.
        to: Wallet,
        /// Where it landed.
        slot: Slot,
        /// What arrived.
        lamports: Lamports,
        /// What the transaction cost.
        costs: NetworkCosts,
    },
}

/// A refusal: the gate, its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// The token.
    pub mint: Mint,
    /// Which side was refused.
    pub side: Side,
    /// What was wished.
    pub lamports: Option<Lamports>,
    /// The gate.
    pub code: RefusalCode,
    /// The figures, for people: `3 of 3 positions open`.
    pub figures: String,
    /// Facts that were not known, where that is why.
    pub unknown: Vec<(crate::analysis::EntryFact, Unknown)>,
}

/// How an attempt ended without a fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum AttemptEnd {
    /// It never left.
    Refused {
        /// Why.
        why: String,
    },
    /// It landed and failed.
    Failed {
        /// The program's reason.
        error: String,
    },
    /// It can never land.
    Expired,
}

/// The whole story of a position in figures. All sums are exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionClosed {
    /// The token.
    pub mint: Mint,
    /// When it was opened.
    pub opened: Timestamp,
    /// The reason of the fill that closed it.
    pub reason: ExitReason,
    /// Tokens bought.
    pub tokens: TokenAmount,
    /// Lamports paid in the swap of the buy.
    pub cost: Lamports,
    /// Lamports that all sales brought.
    pub proceeds: Lamports,
    /// Fees of the venue on both sides, a part of `cost` and taken off `proceeds` already.
    pub venue_fees: Lamports,
    /// Network fees and tips, failed attempts included.
    pub network: Lamports,
    /// proceeds − cost − network.
    pub pnl: LamportsDelta,
}
