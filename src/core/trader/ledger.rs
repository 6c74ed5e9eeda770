//! What of Trader outlives the process, as rows.
//!
//! After each event the [`Ledger`] compares Trader with what it wrote down last and gives what differs, each
//! thing whole. A store that keeps the newest row of every key has all that it takes: [`Trader::restore`]
//! folds rows into the Trader that gave them. So nothing that decides can be forgotten by a store, and a store
//! need not know what any of it means.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Trader;
use super::books::{Account, Books};
use super::fees::RecentFees;
use super::orders::{Attempt, Buying, Draws};
use super::positions::{Impacts, Position};
use super::proofs::Proofs;
use super::results::Results;
use super::signals::EntrySignal;
use super::state::{Arm, Holds};
use crate::event::Mode;
use crate::ids::{AttemptId, Mint, OrderId, Seq, Wallet};
use crate::protections::Protections;
use crate::time::Timestamp;
use crate::units::Lamports;

/// One thing of Trader, whole, as it is after an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Row {
    /// A wallet's balance and how it came about.
    Account {
        /// The wallet.
        wallet: Wallet,
        /// Its account.
        account: Account,
    },
    /// An open position of which more changed than its mark.
    Position(Box<Position>),
    /// An open position that was only marked: it may be written down late, the next mark replaces it.
    Marked(Box<Position>),
    /// The position of this token is no longer open.
    PositionOver(Mint),
    /// A buy without an end.
    Buy {
        /// The token.
        mint: Mint,
        /// The buy.
        buying: Box<Buying>,
    },
    /// The buy of this token has ended.
    BuyOver(Mint),
    /// An attempt without an end.
    Attempt(Box<Attempt>),
    /// This attempt has ended.
    AttemptOver(AttemptId),
    /// What is remembered of a token that was traded.
    Past {
        /// The token.
        mint: Mint,
        /// What.
        past: Past,
    },
    /// All that there is one of.
    Desk(Arc<Desk>),
}

/// What is remembered of a token that was traded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// It rests after an exit until then.
    pub rest_until: Option<Timestamp>,
    /// Attempts made so far.
    pub draws: Draws,
    /// Sums of our simulated fills.
    pub impacts: Impacts,
}

/// All of Trader that there is one of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// All that holds trading back.
    pub holds: Holds,
    /// What live trading is armed with.
    pub arm: Option<Arm>,
    /// Results of the day and since the start, counters among them.
    pub results: Results,
    /// The limit on exposure under which the last buy was approved.
    pub exposure_limit: Lamports,
    /// Orders that filled and have attempts without an end.
    pub filled: BTreeSet<OrderId>,
    /// Signals that wait for a fact that was asked for.
    pub candidates: Vec<EntrySignal>,
    /// Times of the buy attempts of the last minute.
    pub recent_buys: VecDeque<Timestamp>,
    /// The wallet that bought last.
    pub last_wallet: Option<Wallet>,
    /// Wallets whose low balance was told.
    pub low: BTreeSet<Wallet>,
    /// The event that made the last order, and how many it made.
    pub last_order: (Seq, u16),
}

/// What was written down last.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    accounts: BTreeMap<Wallet, Account>,
    positions: BTreeMap<Mint, Position>,
    buys: BTreeMap<Mint, Buying>,
    attempts: BTreeMap<AttemptId, Attempt>,
    desk: Arc<Desk>,
}

impl Ledger {
    /// A ledger that has all of `trader` written down already: after a restore.
    #[must_use]
    pub fn of(trader: &Trader) -> Self {
        let mut ledger = Self::default();
        ledger.keep(&mut trader.clone(), &mut Vec::new());
        ledger
    }

    /// Appends what changed in `trader` since the last call, and takes it as written down.
    pub fn keep(&mut self, trader: &mut Trader, rows: &mut Vec<Row>) {
        for (wallet, account) in trader.books.accounts() {
            if self.accounts.get(&wallet) != Some(account) {
                self.accounts.insert(wallet, account.clone());
                rows.push(Row::Account { wallet, account: account.clone() });
            }
        }
        let marked = |old: Option<&Position>, new: &Position| {
            if old.is_some_and(|old| old.differs_only_by_mark(new)) {
                Row::Marked(Box::new(new.clone()))
            } else {
                Row::Position(Box::new(new.clone()))
            }
        };
        differences(&mut self.positions, &trader.positions, rows, marked, Row::PositionOver);
        let buy = |new: &Buying| Row::Buy { mint: new.intent.mint, buying: Box::new(new.clone()) };
        differences(&mut self.buys, &trader.buys, rows, |_, new| buy(new), Row::BuyOver);
        let attempt = |new: &Attempt| Row::Attempt(Box::new(new.clone()));
        differences(&mut self.attempts, &trader.attempts, rows, |_, new| attempt(new), Row::AttemptOver);
        for mint in std::mem::take(&mut trader.touched) {
            rows.push(Row::Past { mint, past: trader.past(mint) });
        }
        let desk = trader.desk();
        if desk != *self.desk {
            self.desk = Arc::new(desk);
            rows.push(Row::Desk(Arc::clone(&self.desk)));
        }
    }
}

/// Gives the entries of `new` that `old` has not or has otherwise, then the keys that are gone; `old` is `new`
/// afterwards.
fn differences<K: Copy + Ord, V: Clone + PartialEq>(
    old: &mut BTreeMap<K, V>,
    new: &BTreeMap<K, V>,
    rows: &mut Vec<Row>,
    row: impl Fn(Option<&V>, &V) -> Row,
    over: impl Fn(K) -> Row,
) {
    for (key, value) in new {
        let before = old.get(key);
        if before != Some(value) {
            rows.push(row(before, value));
            old.insert(*key, value.clone());
        }
    }
    if old.len() > new.len() {
        let gone: Vec<K> = old.keys().filter(|key| !new.contains_key(key)).copied().collect();
        for key in gone {
            old.remove(&key);
            rows.push(over(key));
        }
    }
}

impl Trader {
    /// The Trader that gave these rows, each applied in turn: the newest row of a key is what counts, so a
    /// store may give one a key, in any order. What is not kept begins anew: proofs of exit, recent fees, and
    /// whether the run was stopping.
    #[must_use]
    pub fn restore(rows: impl IntoIterator<Item = Row>, protections: Protections) -> Self {
        let mut trader = Self::new(protections);
        let mut accounts = BTreeMap::new();
        for row in rows {
            match row {
                Row::Account { wallet, account } => {
                    accounts.insert(wallet, account);
                }
                Row::Position(position) | Row::Marked(position) => {
                    trader.positions.insert(position.mint, *position);
                }
                Row::PositionOver(mint) => {
                    trader.positions.remove(&mint);
                }
                Row::Buy { mint, buying } => {
                    trader.buys.insert(mint, *buying);
                }
                Row::BuyOver(mint) => {
                    trader.buys.remove(&mint);
                }
                Row::Attempt(attempt) => {
                    trader.attempts.insert(attempt.order.attempt, *attempt);
                }
                Row::AttemptOver(attempt) => {
                    trader.attempts.remove(&attempt);
                }
                Row::Past { mint, past } => trader.remember(mint, past),
                Row::Desk(desk) => trader.sit_down(Arc::unwrap_or_clone(desk)),
            }
        }
        trader.books = Books::restore(accounts);
        for buying in trader.buys.values() {
            *trader.reserved.entry(buying.wallet).or_default() += buying.reserved;
        }
        trader.reserved.retain(|_, reserved| *reserved > Lamports::ZERO);
        trader
    }

    /// Whether `restored` decides as it does: all is equal but what a restart begins anew, and rests that are
    /// over and not yet forgotten.
    #[must_use]
    pub fn would_decide_as(&self, restored: &Self) -> bool {
        let alike = |trader: &Self| Self {
            protections: Protections::ALL,
            mode: Mode::default(),
            proofs: Proofs::default(),
            fees: RecentFees::default(),
            stopping: None,
            finished: false,
            changed: false,
            touched: BTreeSet::new(),
            resting: BTreeMap::new(),
            ..trader.clone()
        };
        let rests = self.resting.iter().all(|(mint, until)| restored.resting.get(mint) == Some(until));
        rests && alike(self) == alike(restored)
    }

    fn past(&self, mint: Mint) -> Past {
        Past {
            rest_until: self.resting.get(&mint).copied(),
            draws: self.draws.get(&mint).copied().unwrap_or_default(),
            impacts: self.impacts.get(&mint).copied().unwrap_or_default(),
        }
    }

    fn remember(&mut self, mint: Mint, past: Past) {
        let Past { rest_until, draws, impacts } = past;
        if let Some(until) = rest_until {
            self.resting.insert(mint, until);
        }
        if draws != Draws::default() {
            self.draws.insert(mint, draws);
        }
        if impacts != Impacts::default() {
            self.impacts.insert(mint, impacts);
        }
    }

    fn desk(&self) -> Desk {
        Desk {
            holds: self.holds.clone(),
            arm: self.arm,
            results: self.results.clone(),
            exposure_limit: self.exposure_limit,
            filled: self.filled.clone(),
            candidates: self.candidates.values().cloned().collect(),
            recent_buys: self.recent_buys.clone(),
            last_wallet: self.last_wallet,
            low: self.low.clone(),
            last_order: self.last_order,
        }
    }

    fn sit_down(&mut self, desk: Desk) {
        self.holds = desk.holds;
        self.arm = desk.arm;
        self.results = desk.results;
        self.exposure_limit = desk.exposure_limit;
        self.filled = desk.filled;
        self.candidates = desk.candidates.into_iter().map(|signal| (signal.mint, signal)).collect();
        self.recent_buys = desk.recent_buys;
        self.last_wallet = desk.last_wallet;
        self.low = desk.low;
        self.last_order = desk.last_order;
    }
}
