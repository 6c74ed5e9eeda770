//! The sections that Trader reads: signals, risk, exits, execution.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Setting, Shape, Value, checks};
use crate::units::{Bps, Lamports, Points, Thousandths};
use crate::{section, words};

section!(
    /// `[signals]`: what makes an entry signal.
    Signals in "signals" checked by checks::signals {
        /// Score from which a token is a `strong_buy`.
        strong_buy_score: Points = now decision down ["0", "100"];
        /// Progress from which a token is a `strong_buy`.
        strong_buy_progress: Bps = now decision down ["0 %", "100 %"];
        /// Safety from which a token is a `strong_buy`.
        strong_buy_safety: Points = now decision down ["0", "10"];
        /// Velocity above which a token is a `strong_buy`.
        strong_buy_velocity: Thousandths = now decision down ["-1", "100"];
        /// Share of `max_position × score` that a `strong_buy` takes.
        strong_buy_size: Bps = now decision up ["1 %", "100 %"];
        /// Score from which a token is a `buy`.
        buy_score: Points = now decision down ["0", "100"];
        /// Progress from which a token is a `buy`.
        buy_progress: Bps = now decision down ["0 %", "100 %"];
        /// Safety from which a token is a `buy`.
        buy_safety: Points = now decision down ["0", "10"];
        /// Velocity above which a token is a `buy`.
        buy_velocity: Thousandths = now decision down ["-1", "100"];
        /// Share of `max_position × score` that a `buy` takes.
        buy_size: Bps = now decision up ["1 %", "100 %"];
        /// Progress below which a token may be entered.
        progress_max: Bps = now decision up ["0 %", "100 %"];
        /// A level is left when the score is so many points below its threshold.
        hysteresis: Points = now decision up ["0", "50"];
        /// Whether `buy` asks for more while the market as a whole scores high, and for less while it scores low.
        adaptive: bool = now decision any;
        /// Share of the window's median scores that counts as high, and as low.
        adaptive_share: Bps = now decision any ["1 %", "49 %"];
        /// Points by which `buy_score` rises in a high market and falls in a low one.
        adaptive_shift: Points = now decision any ["0", "50"];
        /// Time over which median scores of all tracked tokens are compared; nothing shifts before it has passed.
        adaptive_window: Duration = now analysis no ["1 min", "7 d"];
        /// Time that a signal lives.
        ttl: Duration = now decision up ["1 s", "10 min"];
        /// Rest of a token after its position was closed.
        cool_down: Duration = now decision down ["0 s", "7 d"];
    }
);

section!(
    /// `[risk]`: limits of every buy.
    Risk in "risk" checked by checks::risk {
        /// Most that one position may cost.
        max_position: Lamports = now decision up ["0.001 SOL", "1000 SOL"];
        /// Least that is worth buying.
        min_position: Lamports = now decision down ["1 lamports", "1000 SOL"];
        /// Most positions open or being bought.
        max_concurrent_positions: u32 = now decision up ["1", "1000"];
        /// Most that open positions and reservations may cost together.
        max_exposure: Lamports = now decision up ["0.001 SOL", "10000 SOL"];
        /// Most of the available capital that one position may take.
        capital_share: Bps = now decision up ["1 %", "100 %"];
        /// What every wallet keeps.
        wallet_floor: Lamports = now decision down ["0 SOL", "100 SOL"];
        /// What a wallet keeps beside for each open position: an urgent exit's fees at their caps.
        exit_reserve: Lamports = now decision down ["0 SOL", "1 SOL"];
        /// Share of the equity at 00:00 UTC whose loss ends the day's trading.
        daily_loss_limit: Bps = now decision up ["0.01 %", "100 %"];
        /// Share of the highest equity whose loss ends trading.
        drawdown_limit: Bps = now decision up ["0.01 %", "100 %"];
        /// An unrealised breach of a limit must last so long.
        breach_time: Duration = now decision up ["0 s", "10 min"];
        /// Most buy attempts in any minute.
        max_buys_a_minute: u32 = now decision up ["1", "1000"];
        /// Network fees and tips of a day after which nothing is entered.
        max_fees_a_day: Lamports = now decision up ["0 SOL", "1000 SOL"];
        /// Balance of a wallet below which an alert is due.
        low_balance: Lamports = now decision no ["0 SOL", "1000 SOL"];
        /// Most that buying and selling back may cost, of the size.
        round_trip_max: Bps = now decision up ["0 %", "100 %"];
        /// Age of the newest slot above which nothing is entered.
        stream_age_max: Duration = now decision up ["1 s", "10 min"];
        /// Slots behind the highest known above which nothing is entered.
        slots_behind_max: u32 = now decision up ["1", "10000"];
        /// Age of a proof of exit in slots above which it is worth nothing (live).
        proof_slots_max: u32 = now decision up ["1", "10000"];
        /// Score from which proofs of exit are made ahead (live).
        proof_score: Points = now decision no ["0", "100"];
        /// Progress from which proofs of exit are made ahead (live).
        proof_progress_min: Bps = now decision no ["0 %", "100 %"];
        /// Progress below which proofs of exit are made ahead (live).
        proof_progress_max: Bps = now decision no ["0 %", "100 %"];
        /// Time between two proofs of one token (live).
        proof_every: Duration = now decision no ["0.25 s", "10 min"];
        /// Most proofs asked for in a second (live).
        proofs_a_second: u32 = now decision no ["1", "100"];
    }
);

section!(
    /// `[exits]`: when a position is sold. A position keeps the values it was opened with.
    Exits in "exits" checked by checks::exits {
        /// Average true ranges that the stop is below the mark of the fill.
        stop_atr: Thousandths = new_positions decision up ["0", "20"];
        /// Nearest that the stop may be below the mark.
        stop_min: Bps = new_positions decision up ["0.1 %", "90 %"];
        /// Farthest that the stop may be below the mark.
        stop_max: Bps = new_positions decision up ["0.1 %", "90 %"];
        /// Distance of the stop of a token too young for an average true range.
        stop_young: Bps = new_positions decision up ["0.1 %", "90 %"];
        /// Rungs of the ladder, as multiples of the entry, rising.
        take_profit: Vec<Thousandths> = new_positions decision no ["0.1", "1000"];
        /// Share of the initial amount sold at each rung; the last rung sells the rest.
        take_profit_share: Vec<Bps> = new_positions decision no ["0.01 %", "100 %"];
        /// Farthest that each rung may be on the way from the entry to the mark at completion, or `off`.
        ladder_cap: LadderCap = new_positions decision no;
        /// Share of the highest mark that the trailing stop keeps.
        trailing: Bps = new_positions decision down ["1 %", "99.99 %"];
        /// Multiple of the entry from which the stop trails, if no rung was reached before.
        trailing_from: Thousandths = new_positions decision up ["0.1", "1000"];
        /// Time without a new high mark after which a position is sold.
        time_stop: Duration = new_positions decision up ["1 s", "30 d"];
        /// Score below which a position is sold.
        sell_score: Points = new_positions decision down ["0", "100"];
        /// Safety below which a position is sold.
        sell_safety: Points = new_positions decision down ["0", "10"];
        /// Evaluations running that must agree before a position is sold for its score.
        sell_evaluations: u32 = new_positions decision up ["1", "100"];
        /// Score below which a held position is shown as weakening.
        hold_score: Points = new_positions decision no ["0", "100"];
        /// What becomes of a position when its token graduates.
        on_migration: OnMigration = new_positions decision any;
        /// Time that a token may graduate before an alert is due.
        graduation_alert: Duration = new_positions decision no ["1 s", "1 d"];
        /// A position is looked at at every trade of its token and at least so often.
        check_every: Duration = new_positions decision up ["0.25 s", "10 min"];
    }
);

section!(
    /// `[execution]`: how orders are carried out.
    Execution in "execution" checked by checks::execution {
        /// Slippage bound of a buy.
        slippage: Bps = now decision up ["0.1 %", "50 %"];
        /// A buy that lands past this progress fails.
        buy_progress_max: Bps = now decision up ["1 %", "100 %"];
        /// Most attempts of one buy.
        buy_attempts: u32 = now decision up ["1", "10"];
        /// Pause after a failed buy.
        buy_pause: Duration = now decision down ["0 s", "1 h"];
        /// Slippage bounds of a sale, one after the other as attempts fail.
        sell_bounds: Vec<Bps> = now decision up ["0.1 %", "99 %"];
        /// A sale of the whole balance that left so long ago without landing is signed anew.
        supersede_after: Duration = now decision no ["1 s", "10 min"];
        /// Pause between attempts of a sale whose last bound failed.
        stuck_every: Duration = now decision no ["1 s", "10 min"];
        /// Time between two alerts of a stuck position.
        stuck_alert: Duration = now decision no ["1 s", "1 d"];
        /// Fee of a signature.
        base_fee: Lamports = now decision no ["0 SOL", "0.01 SOL"];
        /// Least priority fee of a transaction.
        priority_floor: Lamports = now decision up ["0 SOL", "1 SOL"];
        /// Times what others lately paid where a token trades that a transaction pays (live).
        priority_factor: Thousandths = now decision up ["1", "100"];
        /// Age from which what others paid is no longer known.
        priority_age_max: Duration = now decision no ["1 s", "1 h"];
        /// Least tip of a transaction.
        tip_floor: Lamports = now decision up ["0 SOL", "1 SOL"];
        /// Most priority fee of a transaction, and most tip.
        fee_cap: Lamports = now decision up ["0 SOL", "1 SOL"];
        /// Times that an urgent exit pays the priority fee and the tip.
        urgent_factor: Thousandths = now decision up ["1", "100"];
        /// Most priority fee of an urgent exit, and most tip.
        urgent_fee_cap: Lamports = now decision up ["0 SOL", "1 SOL"];
        /// Rent that the first buy of a token locks in its account.
        token_account_rent: Lamports = now decision no ["0 SOL", "0.1 SOL"];
        /// Most rent that a buy may lock in other accounts (live): the wallet's of its volume, a creator's vault.
        other_rent: Lamports = now decision no ["0 SOL", "0.1 SOL"];
    }
);

/// What becomes of a position when its token graduates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnMigration {
    /// It is sold with the pool's first event.
    #[default]
    Sell,
    /// It goes on under its stop, its ladder and its time.
    Hold,
}
words!(OnMigration { "sell" => Sell, "hold" => Hold });

/// How far each rung of the ladder may be on the way from the entry to the mark at completion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LadderCap {
    /// The multiples alone: late entries have rungs that the curve cannot reach.
    Off,
    /// One share for each rung.
    Shares(Vec<Bps>),
}

impl Setting for LadderCap {
    const UNIT: &'static str = "list of shares, or \"off\"";
    const SHAPE: Shape = Shape::OrWord("off", &<Vec<Bps>>::SHAPE);
    fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) if text == "off" => Ok(Self::Off),
            Value::List(_) => Vec::parse(value).map(Self::Shares),
            other => Err(format!("is {other}, should be a list like [\"40 %\", \"70 %\"] or \"off\"")),
        }
    }
    fn show(&self) -> Value {
        match self {
            Self::Off => Value::Text("off".to_owned()),
            Self::Shares(shares) => shares.show(),
        }
    }
}
