//! The decision hash: what was decided, when, and nothing of how it was numbered. Two runs that decide alike
//! have the same one, whatever their seqs and ids.

use std::fmt::Display;

use sha2::{Digest, Sha256};

use crate::action::Swap;
use crate::event::Side;
use crate::fact::Fact;
use crate::ids::{Hash, Mint};
use crate::time::Timestamp;

/// SHA-256 over one JSON line for each decision, in engine order.
#[derive(Clone, Debug, Default)]
pub struct DecisionHasher {
    sha: Sha256,
}

/// What one line says; a key without a value is null.
struct Line {
    kind: &'static str,
    mint: Mint,
    side: Side,
    amount: Option<u64>,
    limit: Option<u64>,
    code: Option<&'static str>,
}

impl DecisionHasher {
    /// Takes what one event made.
    pub fn facts(&mut self, now: Timestamp, facts: &[Fact]) {
        for fact in facts {
            if let Some(line) = Self::line(now, fact) {
                self.sha.update(line.as_bytes());
            }
        }
    }

    /// The hash of all decisions so far.
    #[must_use]
    pub fn finish(&self) -> Hash {
        Hash(self.sha.clone().finalize().into())
    }

    /// The line of a fact, its newline included; none for facts that decide nothing. Amounts are lamports for
    /// what is spent or brought, base units for what is sold.
    #[must_use]
    pub fn line(now: Timestamp, fact: &Fact) -> Option<String> {
        let line = match fact {
            Fact::EntrySignalled(signal) => Line {
                kind: "entry_signalled",
                mint: signal.mint,
                side: Side::Buy,
                amount: None,
                limit: None,
                code: Some(signal.level.name()),
            },
            Fact::Refused(refused) => Line {
                kind: "refused",
                mint: refused.mint,
                side: refused.side,
                amount: refused.lamports.map(|lamports| lamports.0),
                limit: None,
                code: Some(refused.code.code()),
            },
            Fact::OrderOpened(order) => {
                let (amount, limit) = match order.swap {
                    Swap::Buy { spend, min_tokens } => (spend.0, min_tokens.0),
                    Swap::Sell { tokens, min_lamports } => (tokens.0, min_lamports.0),
                };
                Line {
                    kind: "order_opened",
                    mint: order.mint,
                    side: order.swap.side(),
                    amount: Some(amount),
                    limit: Some(limit),
                    code: order.exit.map(|reason| reason.name()),
                }
            }
            Fact::StopMoved { mint, tokens, stop } => Line {
                kind: "stop_moved",
                mint: *mint,
                side: Side::Sell,
                amount: Some(tokens.0),
                limit: Some(stop.0),
                code: None,
            },
            Fact::ExitFired { mint, reason, tokens, mark } => Line {
                kind: "exit_fired",
                mint: *mint,
                side: Side::Sell,
                amount: Some(tokens.0),
                limit: Some(mark.0),
                code: Some(reason.name()),
            },
            Fact::PositionClosed(closed) => Line {
                kind: "position_closed",
                mint: closed.mint,
                side: Side::Sell,
                amount: Some(closed.proceeds.0),
                limit: None,
                code: Some(closed.reason.name()),
            },
            _ => return None,
        };
        Some(line.json(now))
    }
}

impl Line {
    /// Nothing in it needs escaping: keys are base58, codes are words, numbers are digits.
    fn json(&self, now: Timestamp) -> String {
        fn text(value: Option<impl Display>) -> String {
            value.map_or_else(|| "null".to_owned(), |value| format!("\"{value}\""))
        }
        let side = match self.side {
            Side::Buy => "buy",
            Side::Sell => "sell",
        };
        let (amount, limit, code) = (text(self.amount), text(self.limit), text(self.code));
        format!(
            "{{\"now\":\"{now}\",\"kind\":\"{}\",\"mint\":\"{}\",\"side\":\"{side}\",\"amount\":{amount},\
             \"limit\":{limit},\"code\":{code}}}\n",
            self.kind, self.mint
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::RefusalCode;
    use crate::fact::Refused;
    use crate::trader::exits::ExitReason;
    use crate::units::{Lamports, TokenAmount};

    fn refused(lamports: u64) -> Fact {
        Fact::Refused(Refused {
            mint: Mint::default(),
            side: Side::Buy,
            lamports: Some(Lamports(lamports)),
            code: RefusalCode::RoundTripCost,
            figures: "not hashed".to_owned(),
            unknown: Vec::new(),
        })
    }

    #[test]
    fn a_decision_is_one_line_of_json_with_only_its_keys() {
        let line = DecisionHasher::line(Timestamp(0), &refused(5)).unwrap();
        assert_eq!(
            line,
            "{\"now\":\"1970-01-01T00:00:00.000000Z\",\"kind\":\"refused\",\
             \"mint\":\"11111111111111111111111111111111\",\"side\":\"buy\",\"amount\":\"5\",\"limit\":null,\
             \"code\":\"round_trip_cost\"}\n"
        );
        assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
    }

    #[test]
    fn the_hash_tells_amounts_times_and_order_apart_and_ignores_what_decides_nothing() {
        let hash = |facts: &[(i64, Fact)]| {
            let mut hasher = DecisionHasher::default();
            for (now, fact) in facts {
                hasher.facts(Timestamp(*now), std::slice::from_ref(fact));
            }
            hasher.finish()
        };
        let stop = Fact::StopMoved { mint: Mint::default(), tokens: TokenAmount(1), stop: Lamports(2) };
        let fired = Fact::ExitFired {
            mint: Mint::default(),
            reason: ExitReason::Time,
            tokens: TokenAmount(1),
            mark: Lamports(2),
        };
        let base = hash(&[(1, refused(5)), (2, stop.clone())]);
        assert_eq!(
            base,
            hash(&[(1, refused(5)), (1, Fact::Dropped { mint: Mint::default() }), (2, stop.clone())])
        );
        assert_ne!(base, hash(&[(1, refused(6)), (2, stop.clone())]));
        assert_ne!(base, hash(&[(1, refused(5)), (3, stop.clone())]));
        assert_ne!(base, hash(&[(2, stop), (1, refused(5))]));
        assert_ne!(hash(&[(1, fired)]), hash(&[]));
    }
}
