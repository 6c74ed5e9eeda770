//! The bot's state: one struct, the same numbers on every surface.

use std::collections::BTreeMap;

use momentum_core::engine::View;
use momentum_core::event::Mode;
use momentum_core::ids::{Hash, Mint, Slot, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::trader::exits::ExitReason;
use momentum_core::trader::positions::{Outlook, Phase};
use momentum_core::trader::state::{Arm, Held, TradingState};
use momentum_core::trader::{PositionView, WalletView};
use momentum_core::units::{Bps, Lamports, LamportsDelta, TokenAmount, ratio_bps};
use momentum_store::book::{BookName, Network};
use momentum_store::record::{Sol, Tokens};
use serde::{Deserialize, Serialize};

use crate::reload::Reading;

/// What the loop shows to all surfaces, published when it changes and at most ten times a second.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The bot's state.
    pub state: BotState,
    /// What the engine shows: positions, ranking.
    pub view: View,
}

/// How far the bot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is starting, or waits for something that it cannot start without.
    Initializing,
    /// It works, and the new book's market is warming up: no entries yet.
    Warming,
    /// It works.
    Running,
    /// It ends its work.
    ShuttingDown,
    /// A bug holds it: exits go on, entries do not.
    Error,
}

/// How a part of the bot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It works.
    Ok,
    /// Nobody has configured it.
    Off,
    /// It works with something missing: entries may wait.
    Degraded,
    /// It does not work.
    Down,
}

/// A part of the bot and how it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name: `stream`, `store`, `rpc`, …
    pub name: String,
    /// How it is.
    pub health: Health,
    /// Why, for people.
    pub why: String,
    /// Since when, by this machine's clock.
    pub since: Timestamp,
}

/// What the whole comes to, for whoever asks by exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does its work.
    Ok,
    /// It does, with something missing.
    Degraded,
    /// An operator has locked it.
    Halted,
    /// It does not.
    Unhealthy,
}

/// Which bot it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its book.
    pub book: BookName,
    /// Its run.
    pub run_id: String,
    /// The settings that it decides by.
    pub config_hash: Hash,
    /// When the process started, by this machine's clock.
    pub started_at: Timestamp,
}

/// What the loop knows beside the engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Surroundings {
    /// How far it is.
    pub status: Status,
    /// The market's time.
    pub now: Timestamp,
    /// Newest slot received.
    pub slot: Option<Slot>,
    /// How many slots the stream is behind the chain, where somebody knows.
    pub lag_slots: Option<u64>,
    /// When a swap of ours landed last.
    pub last_trade: Option<Timestamp>,
    /// When our balances were read from the chain last: what had landed by then is booked.
    pub balances_read: Option<Timestamp>,
    /// Errors since the start, by class.
    pub errors: BTreeMap<String, u64>,
    /// Parts of the bot.
    pub services: Vec<Service>,
    /// Permission to trade with real money.
    pub arm: Option<Arm>,
    /// How the settings were read again last.
    pub reading: Option<Reading>,
}

/// The trading state with its story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trading {
    /// What may leave.
    pub state: TradingState,
    /// The strictest hold, where there is one.
    pub held: Option<Held>,
    /// All of them.
    pub holds: Vec<Held>,
}

/// The bot's state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BotState {
    /// What this is.
    pub schema: String,
    /// How far the bot is.
    pub status: Status,
    /// What may leave, and who says so.
    pub trading: Trading,
    /// What all of it comes to.
    pub verdict: Verdict,
    /// Where orders go.
    pub mode: Mode,
    /// Where the market is.
    pub network: Network,
    /// Which of several bots it is.
    pub instance: Option<String>,
    /// The run.
    pub run_id: String,
    /// The settings that it decides by.
    pub config_hash: Hash,
    /// When the process started, by this machine's clock.
    pub started_at: Timestamp,
    /// The market's time.
    pub now: Timestamp,
    /// Tokens that are watched.
    pub tracked_tokens: u64,
    /// Positions that are open.
    pub open_positions: u64,
    /// Attempts without an end.
    pub in_flight: u64,
    /// Entry signals today.
    pub signals_today: u64,
    /// Positions closed today.
    pub trades_today: u64,
    /// Refusals today.
    pub refusals_today: u64,
    /// Positions closed since the start.
    pub trades: u64,
    /// Share of them that won; none before the first.
    pub win_rate_bps: Option<Bps>,
    /// Result of the day, open positions at their marks.
    pub pnl_today_lamports: LamportsDelta,
    /// The same in SOL.
    pub pnl_today_sol: Sol,
    /// Result since the start.
    pub pnl_lamports: LamportsDelta,
    /// The same in SOL.
    pub pnl_sol: Sol,
    /// How far equity is below its highest.
    pub drawdown_lamports: Lamports,
    /// The same in SOL.
    pub drawdown_sol: Sol,
    /// The same as a share of the highest.
    pub drawdown_bps: Option<Bps>,
    /// Lamports, recoverable rent and marks.
    pub equity_lamports: Lamports,
    /// The same in SOL.
    pub equity_sol: Sol,
    /// What open positions cost.
    pub deployed_lamports: Lamports,
    /// The same in SOL.
    pub deployed_sol: Sol,
    /// Lamports of the wallets that no live buy has reserved.
    pub available_lamports: Lamports,
    /// The same in SOL.
    pub available_sol: Sol,
    /// What live buys have reserved.
    pub reserved_lamports: Lamports,
    /// The same in SOL.
    pub reserved_sol: Sol,
    /// The wallets, by address.
    pub wallets: Vec<WalletState>,
    /// Network fees and tips today.
    pub fees_today_lamports: Lamports,
    /// The same in SOL.
    pub fees_today_sol: Sol,
    /// When a swap of ours landed last.
    pub last_trade: Option<Timestamp>,
    /// When our balances were last read from the chain with nothing of ours in flight: what had landed by then is
    /// booked. Never on paper.
    pub balances_read: Option<Timestamp>,
    /// Errors since the start, by class.
    pub errors: BTreeMap<String, u64>,
    /// Newest slot received.
    pub slot: Option<Slot>,
    /// How many slots the stream is behind the chain, where somebody knows.
    pub lag_slots: Option<u64>,
    /// Parts of the bot.
    pub services: Vec<Service>,
    /// Permission to trade with real money.
    pub arm: Option<Arm>,
    /// How the settings were read again last; none where they never were since the start.
    pub reading: Option<Reading>,
}

impl BotState {
    /// The state of `identity`, as its engine and its surroundings are.
    #[must_use]
    pub fn of(identity: &Identity, view: &View, around: &Surroundings) -> Self {
        let trader = &view.trader;
        let closed = trader.total.closed();
        let drawdown = trader.peak.saturating_sub(trader.equity);
        let available = trader.lamports.saturating_sub(trader.reserved);
        let strictest =
            trader.holds.iter().min_by_key(|held| (std::cmp::Reverse(held.hold.allows()), held.hold));
        let mut state = Self {
            schema: "momentum.state.v1".to_owned(),
            status: around.status,
            trading: Trading { state: trader.state, held: strictest.cloned(), holds: trader.holds.clone() },
            verdict: Verdict::Ok,
            mode: trader.mode,
            network: identity.book.network,
            instance: identity.book.instance.as_ref().map(ToString::to_string),
            run_id: identity.run_id.clone(),
            config_hash: identity.config_hash,
            started_at: identity.started_at,
            now: around.now,
            tracked_tokens: view.tracked,
            open_positions: trader.positions.len() as u64,
            in_flight: trader.in_flight,
            signals_today: trader.today.signals,
            trades_today: trader.today.closed(),
            refusals_today: trader.today.refusals.sum(),
            trades: closed,
            win_rate_bps: ratio_bps(trader.total.won, closed),
            pnl_today_lamports: trader.day_result,
            pnl_today_sol: trader.day_result.into(),
            pnl_lamports: trader.result,
            pnl_sol: trader.result.into(),
            drawdown_lamports: drawdown,
            drawdown_sol: drawdown.into(),
            drawdown_bps: ratio_bps(drawdown.0, trader.peak.0),
            equity_lamports: trader.equity,
            equity_sol: trader.equity.into(),
            deployed_lamports: trader.deployed,
            deployed_sol: trader.deployed.into(),
            available_lamports: available,
            available_sol: available.into(),
            reserved_lamports: trader.reserved,
            reserved_sol: trader.reserved.into(),
            wallets: trader.wallets.iter().map(WalletState::of).collect(),
            fees_today_lamports: trader.today.fees,
            fees_today_sol: trader.today.fees.into(),
            last_trade: around.last_trade,
            balances_read: around.balances_read,
            errors: around.errors.clone(),
            slot: around.slot,
            lag_slots: around.lag_slots,
            services: around.services.clone(),
            arm: around.arm,
            reading: around.reading.clone(),
        };
        state.verdict = state.judge();
        state
    }

    /// A part that is down, or a bug, is unhealthy; a lock is an operator's will; all else that keeps the bot
    /// from entering is a degradation.
    fn judge(&self) -> Verdict {
        let worst =
            self.services.iter().map(|service| service.health).filter(|health| *health != Health::Off);
        match (self.status, worst.max()) {
            (Status::Error, _) | (_, Some(Health::Down)) => Verdict::Unhealthy,
            _ if self.trading.state == TradingState::Stopped => Verdict::Halted,
            (Status::Running, Some(Health::Ok) | None) if self.trading.state == TradingState::Open => {
                Verdict::Ok
            }
            _ => Verdict::Degraded,
        }
    }

    /// Why it would not enter now, one sentence for each cause; none where it is fit to trade.
    #[must_use]
    pub fn unready(&self) -> Vec<String> {
        let mut causes = Vec::new();
        match self.status {
            Status::Running => {}
            Status::Initializing => causes.push("the bot is starting".to_owned()),
            Status::Warming => causes.push("the market is warming up".to_owned()),
            Status::ShuttingDown => causes.push("the bot is ending its work".to_owned()),
            Status::Error => causes.push("a rule of ours is broken".to_owned()),
        }
        for held in &self.trading.holds {
            causes.push(format!("{} by {}: {}", held.hold.name(), held.who, held.why));
        }
        for service in &self.services {
            if matches!(service.health, Health::Degraded | Health::Down) {
                causes.push(format!("{}: {}", service.name, service.why));
            }
        }
        causes
    }
}

/// A wallet of ours, as surfaces show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletState {
    /// Its address.
    pub wallet: Wallet,
    /// What it holds.
    pub lamports: Lamports,
    /// The same in SOL.
    pub sol: Sol,
    /// What live buys have reserved in it.
    pub reserved_lamports: Lamports,
    /// Whether it holds less than `risk.low_balance`.
    pub low: bool,
}

impl WalletState {
    fn of(view: &WalletView) -> Self {
        let WalletView { wallet, lamports, reserved, low } = *view;
        Self { wallet, lamports, sol: lamports.into(), reserved_lamports: reserved, low }
    }
}

/// An open position, as surfaces show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PositionRow {
    /// What this is.
    pub schema: String,
    /// The token.
    pub mint: Mint,
    /// The wallet that holds it.
    pub wallet: Wallet,
    /// When it was opened.
    pub opened: Timestamp,
    /// Tokens left, in base units.
    pub token_amount: TokenAmount,
    /// The same in tokens.
    pub tokens: Tokens,
    /// What the tokens left cost.
    pub cost_lamports: Lamports,
    /// The same in SOL.
    pub cost_sol: Sol,
    /// What selling them would bring.
    pub mark_lamports: Lamports,
    /// The same in SOL.
    pub mark_sol: Sol,
    /// At or below this mark they are sold.
    pub stop_lamports: Lamports,
    /// The same in SOL.
    pub stop_sol: Sol,
    /// The mark, less what they cost.
    pub unrealised_lamports: LamportsDelta,
    /// The same in SOL.
    pub unrealised_sol: Sol,
    /// The same as a share of what they cost, in basis points, toward zero.
    pub unrealised_bps: i64,
    /// Where the token trades: curve, graduating, graduated, pool.
    pub phase: String,
    /// What its last evaluation said.
    pub outlook: Outlook,
    /// Why it is being sold, if it is.
    pub selling: Option<ExitReason>,
}

impl PositionRow {
    /// The row of a position.
    #[must_use]
    pub fn of(view: &PositionView) -> Self {
        let tokens = view.tokens;
        let (cost, mark, stop) = (view.entry.of(tokens), view.mark.of(tokens), view.stop.of(tokens));
        let share = (i128::from(view.unrealised.0) * 10_000).checked_div(i128::from(cost.0));
        Self {
            schema: "momentum.open_position.v1".to_owned(),
            mint: view.mint,
            wallet: view.wallet,
            opened: view.opened,
            token_amount: tokens,
            tokens: tokens.into(),
            cost_lamports: cost,
            cost_sol: cost.into(),
            mark_lamports: mark,
            mark_sol: mark.into(),
            stop_lamports: stop,
            stop_sol: stop.into(),
            unrealised_lamports: view.unrealised,
            unrealised_sol: view.unrealised.into(),
            unrealised_bps: share.and_then(|share| i64::try_from(share).ok()).unwrap_or(i64::MAX),
            phase: match view.phase {
                Phase::Curve => "curve",
                Phase::Graduating { .. } => "graduating",
                Phase::Graduated => "graduated",
                Phase::Pool => "pool",
            }
            .to_owned(),
            outlook: view.outlook,
            selling: view.selling,
        }
    }
}
