//! What surfaces show of Trader.

use serde::{Deserialize, Serialize};

use super::Trader;
use super::books::Account;
use super::exits::ExitReason;
use super::positions::{Outlook, Phase, Position};
use super::results::Counters;
use super::state::{Arm, Held, TradingState};
use super::worth::Worth;
use crate::event::Mode;
use crate::ids::{Mint, Wallet};
use crate::time::Timestamp;
use crate::units::{Lamports, LamportsDelta, TokenAmount};

/// State, positions and results of Trader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraderView {
    /// Where orders go.
    pub mode: Mode,
    /// What may leave.
    pub state: TradingState,
    /// All that holds trading back.
    pub holds: Vec<Held>,
    /// Permission to trade with real money, where it was given.
    pub arm: Option<Arm>,
    /// The wallets, by address.
    pub wallets: Vec<WalletView>,
    /// Open positions, by mint.
    pub positions: Vec<PositionView>,
    /// Attempts without an end.
    pub in_flight: u64,
    /// Lamports, recoverable rent and marks.
    pub equity: Lamports,
    /// Lamports of all wallets.
    pub lamports: Lamports,
    /// Reserved by live buys.
    pub reserved: Lamports,
    /// Cost of open positions.
    pub deployed: Lamports,
    /// Result of the day.
    pub day_result: LamportsDelta,
    /// Result since the start.
    pub result: LamportsDelta,
    /// The highest equity.
    pub peak: Lamports,
    /// Counted today.
    pub today: Counters,
    /// Counted since the start.
    pub total: Counters,
}

/// A wallet of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletView {
    /// Its address.
    pub wallet: Wallet,
    /// What it holds.
    pub lamports: Lamports,
    /// What live buys have reserved in it.
    pub reserved: Lamports,
    /// Whether that is less than the settings want to be told of.
    pub low: bool,
}

/// An open position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PositionView {
    /// The token.
    pub mint: Mint,
    /// The wallet that holds it.
    pub wallet: Wallet,
    /// When it was opened.
    pub opened: Timestamp,
    /// Tokens left.
    pub tokens: TokenAmount,
    /// What was paid.
    pub entry: Worth,
    /// What the tokens left would bring.
    pub mark: Worth,
    /// At or below this mark it is sold.
    pub stop: Worth,
    /// What the tokens left would bring, less what they cost.
    pub unrealised: LamportsDelta,
    /// Where its token trades.
    pub phase: Phase,
    /// What its last evaluation said.
    pub outlook: Outlook,
    /// Why it is being sold, if it is.
    pub selling: Option<ExitReason>,
}

impl PositionView {
    /// The view of a position.
    #[must_use]
    pub fn of(position: &Position) -> Self {
        let sale = position.whole.as_ref().or(position.part.as_ref());
        Self {
            mint: position.mint,
            wallet: position.wallet,
            opened: position.opened,
            tokens: position.remaining(),
            entry: position.entry(),
            mark: position.mark,
            stop: position.stop,
            unrealised: position.unrealised(),
            phase: position.phase,
            outlook: position.outlook,
            selling: sale.map(|sale| sale.reason),
        }
    }
}

impl Trader {
    /// What surfaces show.
    #[must_use]
    pub fn view(&self) -> TraderView {
        let equity = self.equity().marked;
        TraderView {
            mode: self.mode,
            state: self.holds.state(),
            holds: self.holds.iter().cloned().collect(),
            arm: self.arm,
            wallets: self
                .books
                .accounts()
                .map(|(wallet, account)| self.wallet_view(wallet, account))
                .collect(),
            positions: self.positions.values().map(PositionView::of).collect(),
            in_flight: u64::try_from(self.attempts.len()).unwrap_or(u64::MAX),
            equity,
            lamports: self.books.lamports(),
            reserved: self.reserved.values().copied().sum(),
            deployed: self.positions.values().map(|position| position.cost).sum(),
            day_result: self.results.of_day(equity),
            result: equity.minus(self.results.start),
            peak: self.results.peak,
            today: self.results.today.clone(),
            total: self.results.total.clone(),
        }
    }

    fn wallet_view(&self, wallet: Wallet, account: &Account) -> WalletView {
        let (lamports, reserved) = (account.balance, self.reserved_in(wallet));
        WalletView { wallet, lamports, reserved, low: self.low.contains(&wallet) }
    }

    /// The wallets with their books by class.
    #[must_use]
    pub const fn books(&self) -> &super::books::Books {
        &self.books
    }

    /// All that holds trading back.
    pub fn holds(&self) -> impl Iterator<Item = &Held> {
        self.holds.iter()
    }

    /// Attempts without an end, by id.
    pub fn unended(&self) -> impl Iterator<Item = &super::orders::Attempt> {
        self.attempts.values()
    }

    /// Open positions, by mint.
    pub fn positions(&self) -> impl Iterator<Item = &Position> {
        self.positions.values()
    }

    /// One open position.
    #[must_use]
    pub fn position(&self, mint: Mint) -> Option<&Position> {
        self.positions.get(&mint)
    }
}
