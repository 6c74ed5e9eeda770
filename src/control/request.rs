//! What the API asks of the loop: commands, which are events, and questions, which change nothing.
//!
//! Both go through one bounded queue. The loop takes a command as the event that it is and replies once what
//! follows from it is durable; a question it answers between two events. Settings are read beside the loop and
//! become an event when they are good.

use std::sync::Arc;

use momentum_core::action::Basis;
use momentum_core::analysis::Analysis;
use momentum_core::config::Config;
use momentum_core::engine::Engine;
use momentum_core::event::{Command, Commanded, Known};
use momentum_core::fact::Fact;
use momentum_core::ids::{Mint, Pubkey, Seq, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::trader::orders::Attempt;
use momentum_core::trader::positions::Position;
use momentum_core::trader::state::Hold;
use momentum_core::units::{Lamports, TokenAmount};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::problem::Problem;
use crate::reload::Reloaded;

/// Requests that may wait for the loop; who comes later is told to come again.
pub const QUEUE: usize = 64;

/// Something that the loop is asked. Dropping the `reply` says that the outcome is not known.
#[derive(Debug)]
pub enum Request {
    /// An operator wants something.
    Command {
        /// The event.
        commanded: Box<Commanded>,
        /// For what came of it, once that is durable.
        reply: oneshot::Sender<Reply>,
    },
    /// An operator wants to know something.
    Question {
        /// What.
        question: Question,
        /// For the answer: see [`Question::answer`].
        reply: oneshot::Sender<Option<Answer>>,
    },
    /// An operator wants the settings to be read again.
    Reload {
        /// Who, for the audit.
        who: String,
        /// Why, for the audit.
        why: String,
        /// For what came of it, once that is durable.
        reply: oneshot::Sender<Result<Reloaded, Problem>>,
    },
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The event that it was.
    pub seq: Seq,
    /// When, in the market's time.
    pub now: Timestamp,
    /// What the engine told of it.
    pub facts: Vec<Fact>,
}

/// What can be asked of the engine beside what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// A tracked token.
    Token(Mint),
    /// An open position, whole.
    Position(Mint),
    /// Attempts without an end.
    Attempts,
    /// Mints and creators that are never entered.
    Blacklist,
}

/// What the engine knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A token, evaluated at this moment, and the settings that explain it.
    Token {
        /// The evaluation.
        analysis: Box<Analysis>,
        /// The settings that it was made with.
        config: Arc<Config>,
        /// Reserves and rates of this moment.
        basis: Known<Basis>,
        /// Receive time of its last trade.
        traded: Option<Timestamp>,
    },
    /// A position.
    Position(Box<Position>),
    /// Attempts.
    Attempts(Vec<Attempt>),
    /// Mints and creators.
    Blacklist(Vec<Pubkey>),
}

impl Question {
    /// What `engine` knows of it: no clock, no wait, well under a millisecond. None where it knows no such
    /// token or position.
    #[must_use]
    pub fn answer(&self, engine: &Engine) -> Option<Answer> {
        match *self {
            Self::Token(mint) => {
                let config = engine.config();
                let token = engine.market().token(mint, config)?;
                let analysis = engine.market().analysis(mint, config)?;
                Some(Answer::Token {
                    analysis: Box::new(analysis),
                    config: Arc::new(config.clone()),
                    basis: token.basis,
                    traded: token.traded,
                })
            }
            Self::Position(mint) => {
                engine.trader().position(mint).map(|found| Answer::Position(Box::new(found.clone())))
            }
            Self::Blacklist => Some(Answer::Blacklist(engine.market().blacklist().collect())),
            Self::Attempts => Some(Answer::Attempts(engine.trader().unended().cloned().collect())),
        }
    }
}

/// What an operator may wish through the API: the body of `POST /v1/commands/{verb}`, without its `why`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wish {
    /// No entries.
    Pause {
        /// For so long; until a resume, if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<u64>,
    },
    /// Ends one's own pause.
    Resume {},
    /// No entries, and sell everything.
    Flatten {},
    /// Nothing leaves.
    Lock {},
    /// Ends a hold, whoever set it.
    Reset {
        /// Which.
        hold: Hold,
    },
    /// Read our balances now, and compare them with the books.
    Reconcile {},
    /// Buy, through every gate.
    Buy {
        /// The token.
        mint: Mint,
        /// Most that the swap may take.
        lamports: Lamports,
    },
    /// Sell.
    Close {
        /// The token.
        mint: Mint,
        /// So many tokens; all, if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tokens: Option<TokenAmount>,
        /// With urgent fees and widening bounds.
        #[serde(default)]
        urgent: bool,
    },
    /// Raise a stop.
    Adjust {
        /// The token.
        mint: Mint,
        /// Lamports that all tokens left must bring.
        stop: Lamports,
    },
    /// Keep a position whatever score, time and ladder say.
    Hold {
        /// The token.
        mint: Mint,
    },
    /// Ends `hold`.
    Release {
        /// The token.
        mint: Mint,
    },
    /// Book a position as lost.
    WriteOff {
        /// The token.
        mint: Mint,
    },
    /// Take tokens of a wallet that no position knows as one.
    Adopt {
        /// The token.
        mint: Mint,
        /// The wallet that holds them.
        wallet: Wallet,
        /// How many.
        tokens: TokenAmount,
        /// What they cost; what they would bring now, if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cost: Option<Lamports>,
    },
    /// Close the account of a token that nothing of ours is in any more, for its rent.
    Sweep {
        /// The token.
        mint: Mint,
        /// The wallet whose account it is.
        wallet: Wallet,
    },
    /// Never enter a token, or tokens of a creator; or again.
    Blacklist {
        /// A mint, or a creator's wallet.
        key: Pubkey,
        /// Put on the list, or taken off it.
        listed: bool,
    },
}

impl Wish {
    /// Every verb.
    pub const VERBS: [&str; 15] = [
        "pause",
        "resume",
        "flatten",
        "lock",
        "reset",
        "reconcile",
        "buy",
        "close",
        "adjust",
        "hold",
        "release",
        "write-off",
        "adopt",
        "sweep",
        "blacklist",
    ];

    /// The word of its path.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Pause { .. } => "pause",
            Self::Resume {} => "resume",
            Self::Flatten {} => "flatten",
            Self::Lock {} => "lock",
            Self::Reset { .. } => "reset",
            Self::Reconcile {} => "reconcile",
            Self::Buy { .. } => "buy",
            Self::Close { .. } => "close",
            Self::Adjust { .. } => "adjust",
            Self::Hold { .. } => "hold",
            Self::Release { .. } => "release",
            Self::WriteOff { .. } => "write-off",
            Self::Adopt { .. } => "adopt",
            Self::Sweep { .. } => "sweep",
            Self::Blacklist { .. } => "blacklist",
        }
    }

    /// The engine's command for it, at `now` in the market's time.
    #[must_use]
    pub fn command(&self, now: Timestamp) -> Command {
        match *self {
            Self::Pause { seconds } => {
                let until = seconds.map(|seconds| now + std::time::Duration::from_secs(seconds));
                Command::Pause { until }
            }
            Self::Resume {} => Command::Resume,
            Self::Flatten {} => Command::Flatten,
            Self::Lock {} => Command::Lock,
            Self::Reset { hold } => Command::Reset(hold),
            Self::Reconcile {} => Command::Reconcile,
            Self::Buy { mint, lamports } => Command::Buy { mint, lamports },
            Self::Close { mint, tokens, urgent } => Command::Close { mint, tokens, urgent },
            Self::Adjust { mint, stop } => Command::Adjust { mint, stop },
            Self::Hold { mint } => Command::Hold(mint),
            Self::Release { mint } => Command::Release(mint),
            Self::WriteOff { mint } => Command::WriteOff(mint),
            Self::Adopt { mint, wallet, tokens, cost } => Command::Adopt { mint, wallet, tokens, cost },
            Self::Sweep { mint, wallet } => Command::Sweep { mint, wallet },
            Self::Blacklist { key, listed } => Command::Blacklist { key, listed },
        }
    }
}

/// What the API says of a command that was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// The event that it was.
    pub seq: Seq,
    /// When, in the market's time.
    pub now: Timestamp,
    /// Records of what followed at once: a sale that was opened, a state that changed.
    pub told: Vec<serde_json::Value>,
}
