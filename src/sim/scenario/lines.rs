//! Facts as lines of words: what expectations are compared with, and what a failure shows.

use std::collections::BTreeMap;

use momentum_core::event::Side;
use momentum_core::fact::{AttemptEnd, Fact};
use momentum_core::ids::{AttemptId, Mint};
use momentum_core::trader::signals::EntrySignal;
use momentum_core::units::LamportsDelta;
use serde::Serialize;

/// Names of what ids stand for.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Tokens by mint.
    pub(super) tokens: BTreeMap<Mint, String>,
    /// Side and token of attempts.
    attempts: BTreeMap<AttemptId, (Side, Mint)>,
}

impl Names {
    fn token(&self, mint: Mint) -> String {
        self.tokens.get(&mint).cloned().unwrap_or_else(|| mint.to_string())
    }

    /// Side, token and number of an attempt: `buy A 1`.
    fn attempt(&self, id: AttemptId) -> String {
        self.attempts.get(&id).map_or_else(
            || format!("? ? {}", id.number),
            |(side, mint)| format!("{} {} {}", word(side), self.token(*mint), id.number),
        )
    }

    /// The line of a fact; none for what no scenario asks about.
    pub(super) fn line(&mut self, fact: &Fact) -> Option<String> {
        Some(match fact {
            Fact::Scored(analysis) => {
                let score = &analysis.score;
                let whole = if score.complete { "complete" } else { "incomplete" };
                let token = self.token(analysis.mint);
                format!("score {token} {} {whole} safety {}", score.total, score.safety)
            }
            Fact::EnteredTop { mint, rank } => format!("top {} {rank}", self.token(*mint)),
            Fact::Dropped { mint } => format!("dropped {}", self.token(*mint)),
            Fact::Asked { mint, what } => format!("asked {} {}", self.token(*mint), word(what)),
            Fact::EntrySignalled(signal) => {
                let (token, level) = (self.token(signal.mint), word(&signal.level));
                let EntrySignal { score, progress, safety, velocity, .. } = signal;
                format!(
                    "signal {token} {level} {score} progress {progress} safety {safety} velocity {velocity}"
                )
            }
            Fact::Refused(refused) => {
                let unknown: String = refused
                    .unknown
                    .iter()
                    .map(|(fact, why)| format!(" {} {}", word(fact), word(why)))
                    .collect();
                let (token, code) = (self.token(refused.mint), word(&refused.code));
                format!("refused {token} {code}{unknown} {}", refused.figures)
            }
            Fact::WouldBuy { mint, lamports } => format!("would-buy {} {lamports}", self.token(*mint)),
            Fact::OrderOpened(order) => {
                use momentum_core::action::Swap;
                self.attempts.insert(order.attempt, (order.swap.side(), order.mint));
                let token = self.token(order.mint);
                match order.swap {
                    Swap::Buy { spend, .. } => format!("BUY {token} {spend}"),
                    Swap::Sell { tokens, .. } => {
                        let why = order.exit.map_or_else(String::new, |exit| word(&exit));
                        let whole = if order.whole_balance { "whole" } else { "part" };
                        let haste = if order.urgent { "urgent" } else { "calm" };
                        format!("SELL {token} {why} {whole} {haste} bound {} tokens {tokens}", order.bound)
                    }
                    Swap::Close => format!("CLOSE {token}"),
                    Swap::Withdraw { lamports, .. } => format!("WITHDRAW {lamports}"),
                }
            }
            Fact::AttemptJournaled { attempt, .. } => format!("sent {}", self.attempt(*attempt)),
            Fact::AttemptEnded { attempt, end, .. } => match end {
                AttemptEnd::Refused { why } => format!("unsent {} {why}", self.attempt(*attempt)),
                AttemptEnd::Failed { error } => format!("failed {} {error}", self.attempt(*attempt)),
                AttemptEnd::Expired => format!("expired {}", self.attempt(*attempt)),
            },
            Fact::Filled { mint, fill, .. } => {
                let (token, side) = (self.token(*mint), word(&fill.side));
                format!("filled {side} {token} {} tokens {}", fill.lamports, fill.tokens)
            }
            Fact::RentReturned { mint, rent, .. } => format!("rent {} {rent}", self.token(*mint)),
            Fact::Withdrawn { lamports, .. } => format!("withdrawn {lamports}"),
            Fact::OrderClosed { mint, filled, .. } => {
                format!("order {} {}", self.token(*mint), if *filled { "filled" } else { "unfilled" })
            }
            Fact::PositionOpened { mint, cost, stop, .. } => {
                format!("opened {} {cost} stop {stop}", self.token(*mint))
            }
            Fact::StopMoved { mint, stop, .. } => format!("stop {} {stop}", self.token(*mint)),
            Fact::ExitFired { mint, reason, tokens, mark } => {
                format!("exit {} {} {mark} tokens {tokens}", self.token(*mint), word(reason))
            }
            Fact::Stuck { mint, reason } => format!("stuck {} {}", self.token(*mint), word(reason)),
            Fact::PositionClosed(closed) => {
                let result = match closed.pnl.cmp(&LamportsDelta::ZERO) {
                    std::cmp::Ordering::Less => "loss",
                    std::cmp::Ordering::Equal => "even",
                    std::cmp::Ordering::Greater => "profit",
                };
                let (token, reason) = (self.token(closed.mint), word(&closed.reason));
                format!("closed {token} {reason} {result} {}", closed.pnl)
            }
            Fact::StateChanged { state, hold, who, why } => {
                let hold = hold.map_or_else(|| "-".to_owned(), |hold| word(&hold));
                format!("state {} {hold} {who} {why}", word(state))
            }
            Fact::GraduationAwaited { mint, .. } => format!("graduating {}", self.token(*mint)),
            Fact::BalanceLow { lamports, .. } => format!("low {lamports}"),
            Fact::BalanceRecovered { lamports, .. } => format!("recovered {lamports}"),
            Fact::DayClosed { result, .. } => format!("day {result}"),
            Fact::ForeignMoney { change, .. } => format!("foreign {change}"),
            Fact::TokensLeft { mint, tokens, .. } => format!("left {} tokens {tokens}", self.token(*mint)),
            Fact::InvariantBroken { what } => format!("broken {what}"),
            _ => return None,
        })
    }
}

/// The word that records write for one of a few values.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(error) => error.to_string(),
    }
}
