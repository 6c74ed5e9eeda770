//! Logs: trades, signals, errors and the system's, each a file a day, kept as long as their settings say.
//!
//! They are read by people at night and by machines always: one line a thing, the whole mint in it. A log that
//! cannot be written stops nothing.

use std::path::Path;

use momentum_core::action::Swap;
use momentum_core::config::Reader;
use momentum_core::fact::Fact;
use momentum_core::section;
use momentum_core::simulation::Simulation;
use momentum_core::time::Timestamp;
use tracing::Level;
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::filter::{FilterFn, Targets, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;
use tracing_subscriber::reload;

/// Target of lines about orders, fills and positions.
const TRADES: &str = "trades";
/// Target of lines about signals and refusals.
const SIGNALS: &str = "signals";

section!(
    /// `[logs]`: what is written of the bot's work.
    LogKeys in "logs" checked by understood {
        /// One JSON object a line, in place of text.
        json: bool = restart neither no;
        /// What the system log holds: error, warn, info, debug, trace, by module where wanted.
        level: String = now neither no;
        /// Days that the log of trades is kept.
        trades_days: u32 = restart neither no ["1", "3650"];
        /// Days that the log of signals is kept.
        signals_days: u32 = restart neither no ["1", "3650"];
        /// Days that the log of errors is kept.
        errors_days: u32 = restart neither no ["1", "3650"];
        /// Days that the log of all the rest is kept.
        system_days: u32 = restart neither no ["1", "3650"];
    }
);

/// A level that nobody understands would leave the bot without logs.
fn understood(keys: &LogKeys, reader: &mut Reader<'_>) {
    if keys.level.parse::<Targets>().is_err() {
        let wrong = format!(
            "is \"{}\", should be a level like info, or by module: info,momentum_chain=debug",
            keys.level
        );
        reader.contradict("logs.level", wrong);
    }
}

/// Keeps the logs' writers alive: what is still on its way is written when it is dropped.
#[must_use]
pub struct Logs {
    set_level: Box<dyn Fn(Targets) -> Result<(), reload::Error>>,
    _guards: Vec<WorkerGuard>,
}

impl Logs {
    /// Lets the system log hold this from here on.
    ///
    /// # Errors
    /// [`LogError`]: it holds what it held.
    pub fn set_level(&self, level: &str) -> Result<(), LogError> {
        Ok((self.set_level)(system(level)?)?)
    }
}

/// What goes into the system log: trades and signals have their own, and are errors where they are more.
fn system(level: &str) -> Result<Targets, LogError> {
    let level: Targets = level.parse().map_err(|_| LogError::Level(level.to_owned()))?;
    Ok(level.with_target(TRADES, Level::ERROR).with_target(SIGNALS, Level::ERROR))
}

/// Why there are no logs.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A file cannot be made.
    #[error(transparent)]
    Init(#[from] InitError),
    /// `logs.level` says nothing that could be understood.
    #[error("logs.level: {0}")]
    Level(String),
    /// The level cannot be changed.
    #[error(transparent)]
    Reload(#[from] reload::Error),
    /// Somebody else writes logs already.
    #[error("logs are written already")]
    Twice,
}

/// Begins to write logs into `folder`.
///
/// # Errors
/// Where a file cannot be made: the bot can work without.
pub fn begin(folder: &Path, keys: &LogKeys) -> Result<Logs, LogError> {
    let mut guards = Vec::new();
    let mut file = |name: &str, days: u32| -> Result<NonBlocking, LogError> {
        let appender = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix(name)
            .filename_suffix("log")
            .max_log_files(usize::try_from(days).unwrap_or(usize::MAX))
            .build(folder)?;
        let (writer, guard) = tracing_appender::non_blocking(appender);
        guards.push(guard);
        Ok(writer)
    };
    let (level, handle) = reload::Layer::new(system(&keys.level)?);
    let of = |target: &'static str| filter_fn(move |about| about.target() == target);
    let errors: FilterFn<_> = filter_fn(|about| *about.level() <= Level::WARN);
    let registry = Registry::default()
        .with(layer(file(TRADES, keys.trades_days)?, keys.json).with_filter(of(TRADES)))
        .with(layer(file(SIGNALS, keys.signals_days)?, keys.json).with_filter(of(SIGNALS)))
        .with(layer(file("errors", keys.errors_days)?, keys.json).with_filter(errors))
        .with(layer(file("system", keys.system_days)?, keys.json).with_filter(level));
    tracing::subscriber::set_global_default(registry).map_err(|_| LogError::Twice)?;
    Ok(Logs { set_level: Box::new(move |level| handle.reload(level)), _guards: guards })
}

fn layer<S>(writer: NonBlocking, json: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false);
    if json { lines.json().boxed() } else { lines.boxed() }
}

/// Writes a fact into the log that it belongs to; most belong to none.
pub fn tell(now: Timestamp, fact: &Fact) {
    match fact {
        Fact::EntrySignalled(signal) => {
            tracing::info!(target: SIGNALS, %now, mint = %signal.mint, level = signal.level.name(), score = %signal.score, "signal");
        }
        Fact::Refused(refused) => {
            tracing::info!(target: SIGNALS, %now, mint = %refused.mint, code = refused.code.code(), figures = %refused.figures, "refused");
        }
        Fact::OrderOpened(order) => {
            let (side, amount, least) = match order.swap {
                Swap::Buy { spend, min_tokens } => ("buy", spend.0, min_tokens.0),
                Swap::Sell { tokens, min_lamports } => ("sell", tokens.0, min_lamports.0),
                Swap::Close => ("close", 0, 0),
                Swap::Withdraw { lamports, .. } => ("withdraw", lamports.0, 0),
            };
            let why = order.exit.map_or("entry", |reason| reason.name());
            tracing::info!(target: TRADES, %now, mint = %order.mint, attempt = %order.attempt, side, amount, least, why, "order");
        }
        Fact::AttemptEnded { attempt, mint, end, .. } => {
            tracing::warn!(target: TRADES, %now, %mint, %attempt, ?end, "attempt ended without a fill");
        }
        Fact::Filled { attempt, mint, fill, .. } => {
            tracing::info!(target: TRADES, %now, %mint, %attempt, tokens = fill.tokens.0, lamports = fill.lamports.0, "filled");
        }
        Fact::Vanished { order, slot, fill } => {
            let (attempt, mint) = (order.attempt, order.mint);
            tracing::error!(%now, %mint, %attempt, %slot, tokens = fill.tokens.0, lamports = fill.lamports.0, "a fork took this landing back: it is undone, and the attempt in flight again");
        }
        Fact::Simulated(Simulation { attempt, mint, expected, outcome: Ok(simulated), .. }) => {
            let (paid, back) = (simulated.trip.paid.0, simulated.trip.back.0);
            tracing::info!(target: TRADES, %now, %mint, %attempt, slot = simulated.slot.0, paid, back, quoted_paid = expected.paid.0, quoted_back = expected.back.0, "simulated");
        }
        Fact::Simulated(Simulation { attempt, mint, outcome: Err(why), .. }) => {
            tracing::warn!(target: TRADES, %now, %mint, %attempt, why, "a buy on paper fails on the chain");
        }
        Fact::RentReturned { attempt, mint, wallet, rent, .. } => {
            tracing::info!(target: TRADES, %now, %mint, %attempt, %wallet, rent = rent.0, "rent returned");
        }
        Fact::Withdrawn { attempt, wallet, to, lamports, .. } => {
            tracing::error!(%now, %attempt, %wallet, %to, lamports = lamports.0, "critical: what was left of a wallet whose key somebody else has is at the cold address");
        }
        Fact::PositionOpened { mint, tokens, cost, stop, .. } => {
            tracing::info!(target: TRADES, %now, %mint, tokens = tokens.0, cost = cost.0, stop = stop.0, "position opened");
        }
        Fact::StopMoved { mint, stop, .. } => {
            tracing::info!(target: TRADES, %now, %mint, stop = stop.0, "stop moved");
        }
        Fact::ExitFired { mint, reason, tokens, mark } => {
            tracing::info!(target: TRADES, %now, %mint, reason = reason.name(), tokens = tokens.0, mark = mark.0, "exit");
        }
        Fact::PositionClosed(closed) => {
            tracing::info!(target: TRADES, %now, mint = %closed.mint, reason = closed.reason.name(), pnl = closed.pnl.0, "position closed");
        }
        Fact::Stuck { mint, reason } => {
            tracing::error!(%now, %mint, reason = reason.name(), "a sale is stuck: tried again every few seconds");
        }
        Fact::GraduationAwaited { mint, since } => {
            tracing::warn!(%now, %mint, %since, "its curve is sold out and no pool was seen: nothing can be sold");
        }
        Fact::StateChanged { state, who, why, .. } => {
            tracing::warn!(%now, state = state.name(), who, why, "trading state");
        }
        Fact::DayClosed { day, result, equity } => {
            tracing::info!(target: TRADES, %now, %day, result = result.0, equity = equity.0, "day");
        }
        Fact::ForeignMoney { wallet, change } => {
            tracing::warn!(%now, %wallet, change = change.0, "lamports that no order of ours explains");
        }
        Fact::TokensLeft { wallet, mint, tokens } => {
            tracing::error!(%now, %mint, %wallet, tokens = tokens.0, "tokens of a position left by no order of ours");
        }
        Fact::BalanceLow { wallet, lamports } => {
            tracing::warn!(%now, %wallet, lamports = lamports.0, "a wallet's balance is low");
        }
        Fact::BalanceRecovered { wallet, lamports } => {
            tracing::info!(%now, %wallet, lamports = lamports.0, "a wallet's balance is no longer low");
        }
        Fact::InvariantBroken { what } => tracing::error!(%now, "a rule of ours is broken: {what}"),
        _ => {}
    }
}
