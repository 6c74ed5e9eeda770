//! All that may change state. One thread orders events; the engine sees nothing else.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::action::Order;
use crate::config::Config;
use crate::ids::{AttemptId, Mint, PoolId, Seq, Signature, Slot, Wallet};
use crate::quotes::{Curve, Fees, Pool, Schedules};
use crate::simulation::Simulation;
use crate::time::{ChainTime, Timestamp};
use crate::trader::signals::EntrySignal;
use crate::trader::state::Hold;
use crate::units::{Bps, Lamports, LamportsDelta, TokenAmount};

/// An event in its place: stamped by the loop, recorded, then given to the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Place in the one order.
    pub seq: Seq,
    /// Receive time; never earlier than that of the envelope before.
    pub now: Timestamp,
    /// What happened.
    pub event: Event,
}

/// All that may change the engine's state. What is large is boxed: an event goes from hand to hand many times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The process began or ends its work.
    Run(RunEvent),
    /// Something happened to a token on chain.
    Market(Box<MarketEvent>),
    /// Something happened to an attempt of ours.
    Execution(Box<ExecutionEvent>),
    /// A balance of ours was read.
    Wallet(WalletEvent),
    /// A question about a token was answered.
    Enriched(Box<Enriched>),
    /// A buy on paper was run on the chain.
    Simulated(Box<Simulation>),
    /// Something happened to the stream itself.
    Feed(FeedEvent),
    /// An operator (or a stage of the pipe) wants something.
    Command(Box<Commanded>),
    /// A quarter of a second passed.
    Tick,
}

impl From<MarketEvent> for Event {
    fn from(event: MarketEvent) -> Self {
        Self::Market(Box::new(event))
    }
}

impl From<ExecutionEvent> for Event {
    fn from(event: ExecutionEvent) -> Self {
        Self::Execution(Box::new(event))
    }
}

impl From<Enriched> for Event {
    fn from(enriched: Enriched) -> Self {
        Self::Enriched(Box::new(enriched))
    }
}

impl From<Simulation> for Event {
    fn from(simulation: Simulation) -> Self {
        Self::Simulated(Box::new(simulation))
    }
}

/// Begin and end of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunEvent {
    /// First event of every run.
    Started(Box<Started>),
    /// No entries from here on; `exit` says what becomes of open positions.
    Stopping(OnExit),
}

/// What a run starts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// Name of the run.
    pub run_id: String,
    /// Paper, dry run or live.
    pub mode: Mode,
    /// The settings in force.
    pub config: Arc<Config>,
    /// Our wallets with their balances (paper: one, with the paper capital).
    pub wallets: Vec<(Wallet, Lamports)>,
    /// No entry signal before this moment: the embedded market's warm-up.
    pub warm_until: Option<Timestamp>,
}

/// Where orders go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Nowhere: every gate runs against an empty book, what would be bought is recorded.
    DryRun,
    /// To the simulated venue.
    #[default]
    Paper,
    /// To the chain.
    Live,
}

/// What becomes of open positions when the bot stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnExit {
    /// They stay open.
    #[default]
    Hold,
    /// They are sold first.
    Flatten,
}

/// One event of a token on chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarketEvent {
    /// Chain time of the event.
    pub at: ChainTime,
    /// Slot of its transaction; some recordings carry none.
    pub slot: Option<Slot>,
    /// Its transaction.
    pub signature: Signature,
    /// Place among the pump and PumpSwap events of the transaction, from 0.
    pub ordinal: u16,
    /// The token.
    pub mint: Mint,
    /// What happened to it.
    pub kind: MarketKind,
}

/// What happened to a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MarketKind {
    /// Created on the bonding curve.
    Launched(Box<Launched>),
    /// Bought or sold, on the curve or on its pool.
    Traded(Traded),
    /// The curve is sold out; nothing trades until the pool opens.
    Completed {
        /// Who bought the rest.
        user: Wallet,
    },
    /// A PumpSwap pool was created.
    PoolOpened {
        /// The pool.
        pool: PoolId,
        /// Its reserves at opening.
        reserves: Pool,
        /// The quote side.
        quote: Quote,
    },
    /// The curve's liquidity moved to a PumpSwap pool (graduation).
    Migrated {
        /// The pool.
        pool: PoolId,
        /// Tokens moved.
        tokens: TokenAmount,
        /// Quote moved, after the migration fee.
        quote_amount: u64,
        /// The quote side.
        quote: Quote,
    },
}

/// What a token is priced in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Quote {
    /// SOL (the zero key or wrapped SOL on chain): amounts are lamports.
    #[default]
    Sol,
    /// Another token, in its base units. Tracked, never entered.
    Other(Mint),
}

/// A new token, as its create event tells it; older events tell less.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Launched {
    /// Name chosen by the creator: hostile text, to be cleaned before it is shown.
    pub name: String,
    /// Ticker symbol: hostile text.
    pub symbol: String,
    /// Where the metadata JSON should be: hostile text.
    pub uri: String,
    /// Who signed the creation.
    pub user: Wallet,
    /// Who earns the creator fee; the signer where the event does not say.
    pub creator: Wallet,
    /// What it is priced in.
    pub quote: Quote,
    /// Reserves at the start, where told.
    pub curve: Option<Curve>,
    /// Tokens in existence, where told.
    pub supply: Option<TokenAmount>,
    /// Whether the mint is a Token-2022 mint (made by `create_v2`), where told.
    pub token_2022: Option<bool>,
    /// Mayhem mode: an agent trades outside the curve's formula.
    pub mayhem: bool,
    /// The coin's own creator rate, where told and not zero.
    pub creator_rate: Option<Bps>,
}

/// Side of a trade, seen from the trader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Tokens bought for quote.
    Buy,
    /// Tokens sold for quote.
    Sell,
}

/// A trade.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Traded {
    /// Who traded.
    pub user: Wallet,
    /// Bought or sold.
    pub side: Side,
    /// What it is priced in.
    pub quote: Quote,
    /// Quote that moved between trader and reserves, fees aside.
    pub quote_amount: u64,
    /// Tokens that moved.
    pub tokens: TokenAmount,
    /// The venue's reserves: *after* the trade on a curve, *before* it on a pool, as the programs log them.
    pub reserves: Reserves,
    /// What it cost beside the price.
    pub fees: TradeFees,
    /// Who earns the creator fee now, where told.
    pub creator: Option<Wallet>,
    /// Creator (or cashback) rate of this trade, where told.
    pub creator_rate: Option<Bps>,
    /// Mayhem coin, where told.
    pub mayhem: bool,
}

/// The reserves that a trade reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reserves {
    /// The curve after the trade.
    Curve(Curve),
    /// The pool before the trade.
    Pool {
        /// The pool.
        pool: PoolId,
        /// Its reserves before the trade.
        before: Pool,
    },
}

/// Fees of one trade as its event reports them, in quote units. Buyback is a part of the protocol fee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradeFees {
    /// To the pool's liquidity (PumpSwap).
    pub lp: u64,
    /// To the protocol, buyback included.
    pub protocol: u64,
    /// To the creator.
    pub creator: u64,
    /// Back to the trader, in place of the creator's fee.
    pub cashback: u64,
    /// The part of the protocol fee that buys back.
    pub buyback: u64,
}

/// What happened to an attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExecutionEvent {
    /// The attempt.
    pub attempt: AttemptId,
    /// What happened to it.
    pub kind: ExecutionKind,
}

/// What happened to an attempt. Only `Landed`, `Closed`, `Withdrawn`, `Failed`, `Expired` (and `Refused`, which never
/// left) end it; a landing that is not final yet may be taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExecutionKind {
    /// Built, checked and signed; not sent yet.
    Prepared {
        /// Signature of the bytes; in paper a hash of the order.
        signature: Signature,
        /// Block height after which it cannot land.
        last_valid_height: u64,
        /// The signed bytes; in paper the canonical JSON of the order.
        raw: Vec<u8>,
    },
    /// Could not be built or broke a limit on its bytes; it never left.
    Refused {
        /// Why, for people.
        why: String,
    },
    /// Handed to a lane.
    Sent {
        /// Which.
        lane: String,
    },
    /// On chain, and it did what it should.
    Landed {
        /// Where.
        slot: Slot,
        /// What it did.
        fill: Fill,
    },
    /// On chain, and the account that it closed is gone.
    Closed {
        /// Where.
        slot: Slot,
        /// What the account held in lamports: all of it came back.
        rent: Lamports,
        /// What the transaction cost.
        costs: NetworkCosts,
    },
    /// On chain, and it failed: the fees are paid, nothing moved.
    Failed {
        /// Where.
        slot: Slot,
        /// The program's reason.
        error: String,
        /// What it cost.
        costs: NetworkCosts,
    },
    /// Can never land any more.
    Expired,
    /// It had landed, as was told, and is on the chain no more: a fork took its block back. Its bytes may land again.
    Vanished {
        /// What it carries out.
        order: Box<Order>,
        /// Where it had landed.
        slot: Slot,
        /// What it had done.
        fill: Fill,
    },
    /// On chain, and what the order says is at the cold address.
    Withdrawn {
        /// Where.
        slot: Slot,
        /// What the transaction cost.
        costs: NetworkCosts,
    },
}

/// What a landed swap did, to the lamport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// Bought or sold.
    pub side: Side,
    /// Tokens that came or went.
    pub tokens: TokenAmount,
    /// Lamports that went (buy, fees included) or came (sell, fees taken off) in the swap.
    pub lamports: Lamports,
    /// The part of it that the venue's fees are.
    pub fees: Fees,
    /// What the transaction cost beside the swap.
    pub costs: NetworkCosts,
    /// Rent locked in accounts that the transaction opened: ours until recovered.
    pub rent_locked: Lamports,
    /// A simulated fill's change of the reserves; live fills carry none, since the stream shows it.
    pub impact: Option<Impact>,
}

/// What a transaction costs, whatever it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkCosts {
    /// 5,000 lamports a signature.
    pub base: Lamports,
    /// Compute-unit price × limit.
    pub priority: Lamports,
    /// To a block engine; a failed transaction pays none on chain, the simulated venue charges it.
    pub tip: Lamports,
}

impl NetworkCosts {
    /// Their sum.
    #[must_use]
    pub fn total(&self) -> Lamports {
        self.base + self.priority + self.tip
    }
}

/// How a simulated fill moved the reserves it filled at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Change of the quote reserve.
    pub quote: i64,
    /// Change of the token reserve.
    pub tokens: i64,
}

impl std::ops::Add for Impact {
    type Output = Self;

    /// Both, saturating at the ends of `i64`.
    fn add(self, other: Self) -> Self {
        Self {
            quote: self.quote.saturating_add(other.quote),
            tokens: self.tokens.saturating_add(other.tokens),
        }
    }
}

/// A reading of a wallet of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WalletEvent {
    /// Its lamports.
    Balance {
        /// The wallet.
        wallet: Wallet,
        /// What it holds.
        lamports: Lamports,
        /// As of.
        slot: Slot,
    },
    /// Its holding of a token.
    Holding {
        /// The wallet.
        wallet: Wallet,
        /// The token.
        mint: Mint,
        /// What it holds.
        tokens: TokenAmount,
        /// As of.
        slot: Slot,
    },
    /// Wrapped SOL that was not ours to spend came out beside the proceeds of a sale of ours, which unwraps all of
    /// it. Told once, right behind the fill.
    Unwrapped {
        /// The wallet.
        wallet: Wallet,
        /// How much.
        lamports: Lamports,
        /// Slot of the sale.
        slot: Slot,
    },
    /// All wallets, and all tokens that an order or a position of ours is in, were told: they were read together, and
    /// nothing of ours was in flight meanwhile.
    Read {
        /// When the reading began: what had landed before is in it.
        began: Timestamp,
    },
}

/// The answer to a question about a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Enriched {
    /// The token.
    pub mint: Mint,
    /// When it was asked; a source that publishes unasked says when it published.
    pub asked: Timestamp,
    /// The slot that the answer is true of, where one is known.
    pub as_of: Option<Slot>,
    /// The answer.
    pub answer: Answer,
}

/// Why something is not known. Unknown is a value of its own, never zero and never a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// Nobody has told yet.
    NotSeen,
    /// No source is configured that could tell.
    NotConfigured,
    /// Too short a history to tell.
    TooYoung,
    /// There was no trade to measure.
    NoTrades,
    /// Observation was broken, so what is known is not whole.
    Incomplete,
    /// Told too long ago.
    Stale,
    /// Asked and not answered.
    Failed,
    /// Has no meaning for this token (a mayhem coin's progress).
    NotApplicable,
}

impl fmt::Display for Unknown {
    /// The word that records use.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSeen => "not_seen",
            Self::NotConfigured => "not_configured",
            Self::TooYoung => "too_young",
            Self::NoTrades => "no_trades",
            Self::Incomplete => "incomplete",
            Self::Stale => "stale",
            Self::Failed => "failed",
            Self::NotApplicable => "not_applicable",
        })
    }
}

/// A value, or why there is none.
pub type Known<T> = Result<T, Unknown>;

/// What can be asked about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Mint authorities and extensions.
    Mint,
    /// The curve account: creator, reserves, flags.
    Curve,
    /// The largest holders.
    Holders,
    /// Links in the metadata JSON.
    Metadata,
    /// Members of its Telegram group.
    Members,
    /// Its pool.
    Pool,
}

/// An answer, one variant for each question (and what live execution tells: proofs, fees).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Mint authorities and extensions.
    Mint(Known<MintFacts>),
    /// The curve account.
    Curve(Known<CurveFacts>),
    /// The largest holders, curve, pool and burn excluded, largest first.
    Holders(Known<Vec<(Wallet, TokenAmount)>>),
    /// Social links found in the metadata JSON.
    Metadata(Known<Links>),
    /// Members of the Telegram group.
    Members(Known<u32>),
    /// The pool and its reserves.
    Pool(Known<(PoolId, Pool)>),
    /// The fee schedule of curves and pools, read from chain.
    Fees(Known<Box<Schedules>>),
    /// Buying and selling back works at this size.
    Proof(Known<Proof>),
    /// What a transaction of ours would have paid for its place where the token trades, had it paid what most of the
    /// others lately did: lamports, rounded up.
    Priority(Known<Lamports>),
}

/// What the mint account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MintFacts {
    /// Somebody can make more tokens.
    pub mint_authority: bool,
    /// Somebody can freeze holdings.
    pub freeze_authority: bool,
    /// An extension other than MetadataPointer and TokenMetadata, or bytes that did not decode.
    pub foreign_extension: bool,
    /// Tokens in existence.
    pub supply: TokenAmount,
}

/// What the curve account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurveFacts {
    /// Reserves.
    pub curve: Curve,
    /// Sold out.
    pub complete: bool,
    /// Who earns the creator fee.
    pub creator: Wallet,
    /// What it is priced in.
    pub quote: Quote,
    /// Mayhem coin.
    pub mayhem: bool,
    /// The coin's own creator rate, if not zero.
    pub creator_rate: Option<Bps>,
}

/// Social links in a token's metadata.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// A website.
    pub website: bool,
    /// An X (Twitter) account.
    pub twitter: bool,
    /// A Telegram group.
    pub telegram: bool,
}

/// Proof of exit: buying at a size and selling back succeeded in one simulated transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Lamports spent, protocol fees included.
    pub size: Lamports,
    /// Lamports that the sale brought back.
    pub proceeds: Lamports,
    /// Compute units of the whole.
    pub compute_units: u64,
    /// Who earned the creator fee in it.
    pub creator: Wallet,
}

/// What happened to the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeedEvent {
    /// Connected.
    Up,
    /// Disconnected.
    Down,
    /// A slot was seen.
    Slot {
        /// Which.
        slot: Slot,
        /// Its chain time.
        at: ChainTime,
    },
    /// Slots are missing from here …
    Gap {
        /// First missing.
        from: Slot,
        /// Last missing.
        to: Slot,
    },
    /// … and have been filled.
    Filled {
        /// First filled.
        from: Slot,
        /// Last filled.
        to: Slot,
    },
    /// A slot that was seen is not on the chain.
    DeadSlot(Slot),
    /// The market lane was full; so many events were dropped here.
    Dropped(u64),
}

/// A command with who gave it and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commanded {
    /// Who, for the audit.
    pub who: String,
    /// Why, for the audit.
    pub why: String,
    /// What.
    pub command: Command,
}

/// What an operator (or a stage of the pipe) may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// No entries, until a time or a resume.
    Pause {
        /// Ends by itself then.
        until: Option<Timestamp>,
    },
    /// Ends the caller's pause.
    Resume,
    /// No entries, sell everything now. Ends by reset.
    Flatten,
    /// A part of the bot stays down: no entries, sell everything now, until its recovery.
    Outage,
    /// The caller is back: ends its outage.
    Recovered,
    /// Nothing leaves any more, sells included. Ends by reset.
    Lock,
    /// Ends one named hold.
    Reset(Hold),
    /// Read our balances now, and compare them with the books.
    Reconcile,
    /// Buy by hand, through every gate.
    Buy {
        /// The token.
        mint: Mint,
        /// Most that the swap may take.
        lamports: Lamports,
    },
    /// Sell by hand: all, or an amount.
    Close {
        /// The token.
        mint: Mint,
        /// All if none.
        tokens: Option<TokenAmount>,
        /// Urgent fees and widening bounds at once.
        urgent: bool,
    },
    /// Raise the stop or change the ladder of one position.
    Adjust {
        /// The token.
        mint: Mint,
        /// New stop, as lamports that the whole remaining amount must bring.
        stop: Lamports,
    },
    /// Keep a position whatever score, time and ladder say; the stop stays.
    Hold(Mint),
    /// Ends `Hold`.
    Release(Mint),
    /// Book a position as lost and close it.
    WriteOff(Mint),
    /// Tokens of a wallet that no position knows become one.
    Adopt {
        /// The token.
        mint: Mint,
        /// The wallet that holds them.
        wallet: Wallet,
        /// How many.
        tokens: TokenAmount,
        /// What they cost; what they would bring now, if none.
        cost: Option<Lamports>,
    },
    /// Close the account of a token that nothing of ours is in any more, for its rent.
    Sweep {
        /// The token.
        mint: Mint,
        /// The wallet whose account it is.
        wallet: Wallet,
    },
    /// Never enter this token, or tokens of this creator.
    Blacklist {
        /// A mint or a creator's wallet.
        key: crate::ids::Pubkey,
        /// Add, or remove.
        listed: bool,
    },
    /// New settings.
    Reconfigure(Arc<Config>),
    /// An entry signal from outside: what `trade from -` reads.
    Signal(EntrySignal),
    /// Lamports came or went that no order of ours explains.
    Foreign {
        /// The wallet.
        wallet: Wallet,
        /// Their sum.
        change: LamportsDelta,
    },
    /// Permission to trade with real money; one that is known already changes nothing.
    Arm {
        /// When it was given: its name.
        given: Timestamp,
        /// Most that may be lost from the moment at which it is first heard of.
        max_loss: Lamports,
        /// When it ends; never, if none.
        until: Option<Timestamp>,
    },
    /// Takes that permission back.
    Disarm,
    /// Somebody else has the key of a wallet, as an outage of the caller's says: what is left of it goes to the cold
    /// address. Obeyed once nothing of ours is in the wallet any more; the caller asks first whether it is.
    Withdraw {
        /// The wallet.
        wallet: Wallet,
        /// The cold address.
        to: Wallet,
    },
}
