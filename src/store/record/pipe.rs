//! `momentum.hello.v1`, `momentum.eof.v1`, `momentum.signal.v1`: what stages of the pipe tell each other beside
//! events.

use momentum_core::event::Mode;
use momentum_core::ids::{Hash, Mint};
use momentum_core::time::Timestamp;
use momentum_core::trader::signals::{EntrySignal, Level};
use momentum_core::units::{Bps, Points, Thousandths};

use super::market::{Contradiction, Source};
use super::record;
use super::shape::{Decimal, Text};

record! {
    /// Opens a stream: what the next stage must know of it. Its `now` is the time of the first event.
    Hello in "momentum.hello.v1" as [] {
        /// Version of momentum that writes the stream.
        version: String,
        /// Where its events come from.
        source: Source,
        /// The chain they are of: `mainnet`, `sim`.
        network: Option<String>,
        /// Where orders go, in a stream of decisions.
        mode: Option<Mode>,
        /// Seed of the embedded market.
        seed: Option<Text<u64>>,
        /// No entry signals before this moment: the embedded market's warm-up.
        warm_until: Option<Timestamp>,
    }
}

record! {
    /// Closes a stream: one without it broke off.
    Eof in "momentum.eof.v1" as [] {
        /// Events that went through.
        events: Text<u64>,
        /// Lines that were skipped, being no records.
        skipped: Text<u64>,
    }
}

record! {
    /// An entry signal: a token is in a level at this evaluation.
    Signal in "momentum.signal.v1" as ["buy", "strong_buy"] {
        /// The token.
        mint: Mint,
        /// The score that made it, in points.
        score: Decimal<2>,
        /// Progress along the curve.
        progress_bps: Bps,
        /// Safety, in points.
        safety: Decimal<2>,
        /// Velocity of volume, floored.
        velocity: Decimal<3>,
        /// When it was made.
        made: Timestamp,
        /// Dead from here on.
        expires: Timestamp,
    }
}

impl Signal {
    pub(super) fn of(signal: &EntrySignal) -> Self {
        Self {
            mint: signal.mint,
            score: signal.score.into(),
            progress_bps: signal.progress,
            safety: signal.safety.into(),
            velocity: Decimal(i128::from(signal.velocity.0)),
            made: signal.made,
            expires: signal.expires,
        }
    }

    /// The signal, as the stage that made it under the settings of `config_hash` sent it.
    pub(super) fn signal(
        &self,
        level: Level,
        config_hash: Option<Hash>,
    ) -> Result<EntrySignal, Contradiction> {
        Ok(EntrySignal {
            mint: self.mint,
            level,
            score: points(self.score)?,
            progress: self.progress_bps,
            safety: points(self.safety)?,
            velocity: Thousandths(i64::try_from(self.velocity.0).map_err(|_| Contradiction::OutOfRange)?),
            made: self.made,
            expires: self.expires,
            config: config_hash.ok_or(Contradiction::ConfigHash)?,
        })
    }
}

fn points(told: Decimal<2>) -> Result<Points, Contradiction> {
    u16::try_from(told.0).map(Points).map_err(|_| Contradiction::OutOfRange)
}
