//! The switches that let a test show that it would notice a missing protection.
//!
//! The shipped binary knows one value, all on: the constructor of any other exists only under `cfg(test)` or
//! the feature `planted`, and a test of the house forbids that feature in what is shipped.

macro_rules! protections {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// One protection of the strategy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Protection {
            $($(#[doc = $doc])+ $name,)+
        }
        impl Protection {
            /// Every protection there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];
            /// Its name, as scenario texts write it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }
        }
    };
}

protections! {
    /// Gate 1: nothing is bought unless the trading state is `open`.
    TradingState,
    /// Gate 2: live buys need arming.
    Armed,
    /// Gate 3: nothing is bought on a stale, lagging or broken stream.
    Stream,
    /// Gate 4: hard fails, blacklist, quote, mayhem, unknown facts.
    Token,
    /// Gate 5: at most so many positions.
    Positions,
    /// Gate 6: exposure left.
    Exposure,
    /// Gate 7: the size.
    Size,
    /// Gate 8: the wallet's floor.
    WalletFloor,
    /// Gate 9: daily loss.
    DailyLoss,
    /// Gate 10: drawdown.
    Drawdown,
    /// Gate 11: buys a minute.
    BuyRate,
    /// Gate 12: cost of the round trip.
    RoundTrip,
    /// Gate 13: proof of exit.
    ProofOfExit,
    /// The score that a level asks for.
    LevelScore,
    /// What a level asks for beside it: progress, safety, velocity.
    LevelConditions,
    /// A signal dies after its time to live.
    SignalTtl,
    /// A level is left only three points below its threshold.
    Hysteresis,
    /// `buy` asks for more points in a high market, for fewer in a low one.
    AdaptiveScore,
    /// A rest after an exit.
    CoolDown,
    /// No signal during the warm-up.
    WarmUp,
    /// The stop.
    Stop,
    /// The stop only rises.
    StopOnlyRises,
    /// The trailing stop.
    Trailing,
    /// The ladder.
    Ladder,
    /// The ladder's cap at the end of the curve.
    LadderCap,
    /// The exit at migration.
    MigrationExit,
    /// The time stop.
    TimeStop,
    /// The exit on a fallen score.
    ScoreExit,
    /// The exit on a hard fail.
    SafetyExit,
    /// An exit leg fires once.
    FireOnce,
    /// A failed exit is tried again with a wider bound.
    Escalation,
    /// A buy fails past 97 % progress.
    CompletionBound,
    /// The pause between tries of a failed buy, and their number.
    BuyRetries,
    /// Lamports are reserved at the decision.
    Reservation,
    /// A position with unknown inputs is not sold for its score.
    BlindHold,
    /// Fees of a day.
    DailyFees,
}

/// Which protections are on. There is one value outside tests: all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protections {
    off: u64,
}

impl Protections {
    /// All on.
    pub const ALL: Self = Self { off: 0 };

    /// Whether `protection` is on.
    #[must_use]
    pub const fn on(self, protection: Protection) -> bool {
        self.off & (1 << protection as u64) == 0
    }

    /// All but `protection`, for a test that shows that it is missed.
    #[cfg(any(test, feature = "planted"))]
    #[must_use]
    pub const fn without(self, protection: Protection) -> Self {
        Self { off: self.off | 1 << protection as u64 }
    }
}

impl Default for Protections {
    fn default() -> Self {
        Self::ALL
    }
}
