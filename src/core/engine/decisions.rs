//! The decision hash: what was decided, when, and nothing of how it was numbered. Two runs that decide alike
//! have the same one, whatever their seqs and ids.

use std::borrow::Cow;
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

/// One decision, as the hash and recordings have it. Amounts are lamports for what is spent or brought, base
/// units for what is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When it was made.
    pub now: Timestamp,
    /// Which fact it was: `order_opened`.
    pub kind: Cow<'static, str>,
    /// The token.
    pub mint: Mint,
    /// Bought or sold.
    pub side: Side,
    /// How much.
    pub amount: Option<u64>,
    /// The bound on what it must give, or the mark.
    pub limit: Option<u64>,
    /// Level, gate or reason.
    pub code: Option<Cow<'static, str>>,
}

impl DecisionHasher {
    /// Takes what one event made.
    pub fn facts(&mut self, now: Timestamp, facts: &[Fact]) {
        for fact in facts {
            if let Some(decision) = Decision::of(now, fact) {
                self.decision(&decision);
            }
        }
    }

    /// Takes one decision.
    pub fn decision(&mut self, decision: &Decision) {
        self.sha.update(decision.line().as_bytes());
    }

    /// The hash of all decisions so far.
    #[must_use]
    pub fn finish(&self) -> Hash {
        Hash(self.sha.clone().finalize().into())
    }
}

impl Decision {
    /// What a fact decides; `None` for facts that decide nothing.
    #[must_use]
    pub fn of(now: Timestamp, fact: &Fact) -> Option<Self> {
        let (kind, mint, side, amount, limit, code) = match fact {
            Fact::EntrySignalled(signal) => {
                ("entry_signalled", signal.mint, Side::Buy, None, None, Some(signal.level.name()))
            }
            Fact::Refused(refused) => {
                let amount = refused.lamports.map(|lamports| lamports.0);
                ("refused", refused.mint, refused.side, amount, None, Some(refused.code.code()))
            }
            Fact::OrderOpened(order) => {
                let (amount, limit) = match order.swap {
                    Swap::Buy { spend, min_tokens } => (spend.0, min_tokens.0),
                    Swap::Sell { tokens, min_lamports } => (tokens.0, min_lamports.0),
                    // Nothing is traded.
                    Swap::Close | Swap::Withdraw { .. } => return None,
                };
                let code = order.exit.map(|reason| reason.name());
                ("order_opened", order.mint, order.swap.side(), Some(amount), Some(limit), code)
            }
            Fact::StopMoved { mint, tokens, stop } => {
                ("stop_moved", *mint, Side::Sell, Some(tokens.0), Some(stop.0), None)
            }
            Fact::ExitFired { mint, reason, tokens, mark } => {
                ("exit_fired", *mint, Side::Sell, Some(tokens.0), Some(mark.0), Some(reason.name()))
            }
            Fact::PositionClosed(closed) => {
                let code = Some(closed.reason.name());
                ("position_closed", closed.mint, Side::Sell, Some(closed.proceeds.0), None, code)
            }
            _ => return None,
        };
        let (kind, code) = (Cow::Borrowed(kind), code.map(Cow::Borrowed));
        Some(Self { now, kind, mint, side, amount, limit, code })
    }

    /// Its line of JSON, the newline included; a key without a value is null. Nothing in it needs escaping:
    /// keys are base58, codes are words, numbers are digits.
    #[must_use]
    pub fn line(&self) -> String {
        fn text(value: Option<impl Display>) -> String {
            value.map_or_else(|| "null".to_owned(), |value| format!("\"{value}\""))
        }
        let Self { now, kind, mint, .. } = self;
        let side = match self.side {
            Side::Buy => "buy",
            Side::Sell => "sell",
        };
        let (amount, limit, code) = (text(self.amount), text(self.limit), text(self.code.as_ref()));
        format!(
            "{{\"now\":\"{now}\",\"kind\":\"{kind}\",\"mint\":\"{mint}\",\"side\":\"{side}\",\"amount\":{amount},\
             \"limit\":{limit},\"code\":{code}}}\n"
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
        let line = Decision::of(Timestamp(0), &refused(5)).unwrap().line();
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
