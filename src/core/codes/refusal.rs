//! Why a buy (or a command) was refused: one line for each code.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Entry;

macro_rules! refusals {
    ($($name:ident = $code:literal: $sentence:literal, $mend:literal;)+) => {
        /// Why something was refused. The order is that of the gates; what signals and commands add is last.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum RefusalCode {
            $(#[doc = $sentence] #[serde(rename = $code)] $name,)+
        }

        impl RefusalCode {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name, sentence and mend.
            #[must_use]
            pub const fn entry(self) -> Entry {
                match self { $(Self::$name => Entry::new($code, $sentence, $mend),)+ }
            }
        }
    };
}

refusals! {
    TradingState = "trading_state": "Trading is held back.",
        "See who holds it and until when: `momentum killswitch status`.";
    NotArmed = "not_armed": "Live trading is not armed.",
        "Arm it with a bound on the loss: `momentum config arm --max-loss 1SOL --for 12h`.";
    StreamStale = "stream_stale": "The newest slot received is too old.",
        "Wait for the stream; `momentum health` shows its sources.";
    StreamBehind = "stream_behind": "The stream is too many slots behind the chain.",
        "Wait until it has caught up; `momentum health` shows its lag.";
    TokenGap = "token_gap": "Slots are missing in the history of the token.",
        "Wait until the gap is filled or the token was read again.";
    NotTracked = "not_tracked": "Nothing is known of the token.",
        "Wait until it trades.";
    HardFail = "hard_fail": "A fact about the token forbids every entry.",
        "None: look at the token with `momentum score MINT --explain`.";
    NotSol = "not_sol": "The token is not priced in SOL.",
        "None: only tokens priced in SOL are bought.";
    Mayhem = "mayhem": "It is a mayhem coin: an agent trades it outside the curve's formula.",
        "None: mayhem coins are never bought.";
    CurveComplete = "curve_complete": "The curve is sold out and the pool is not open yet.",
        "Wait until the token has graduated.";
    FactsUnknown = "facts_unknown": "Facts that an entry needs are not known.",
        "Give it a source (an RPC endpoint) or wait for the answers.";
    MaxPositions = "max_positions": "As many positions are open or being bought as may be.",
        "Wait for an exit, or raise `risk.max_concurrent_positions`.";
    Exposure = "exposure": "Too little is left of the largest exposure.",
        "Wait for an exit, or raise `risk.max_exposure`.";
    Size = "size": "The position would be smaller than is worth buying.",
        "Add capital, or lower `risk.min_position`.";
    WalletFloor = "wallet_floor": "What leaves the wallet its floor is less than is worth buying.",
        "Add capital to the wallet.";
    DailyLoss = "daily_loss": "The loss of the day has reached its limit.",
        "Wait for 00:00 UTC, or `momentum killswitch reset daily-loss`.";
    MaxLoss = "max_loss": "The loss since arming has reached its bound.",
        "Arm again with a new bound: `momentum config arm --max-loss 1SOL`.";
    Drawdown = "drawdown": "The loss from the highest equity has reached its limit.",
        "Look into it, then `momentum killswitch reset drawdown`.";
    BuyRate = "buy_rate": "As many buys were tried in this minute as may be.",
        "Wait, or raise `risk.max_buys_a_minute`.";
    RoundTripCost = "round_trip_cost": "Buying and selling back would cost too much.",
        "None: the token's fees and depth do not carry this size.";
    ExitUnproven = "exit_unproven": "It is not proven that the position could be sold again.",
        "None: what cannot be sold is not bought.";
    SignalExpired = "signal_expired": "The signal is older than its time to live.",
        "Feed signals as they are made.";
    SignalForeign = "signal_foreign": "The signal was made under other settings.",
        "Run `momentum score` and `momentum trade` with the same settings.";
    PositionOpen = "position_open": "A position in the token is open already.",
        "None: one position a token.";
    OrderLive = "order_live": "An order for the token has no end yet.",
        "Wait until the chain has ended it.";
    NoPosition = "no_position": "There is no position in the token.",
        "List them: `momentum positions list`.";
    NoAccount = "no_account": "There is no account of ours that could be closed for its rent.",
        "Only wallets of a live book have some: `momentum positions sweep` lists them.";
    StopWouldFall = "stop_would_fall": "The stop would be lower than it is.",
        "A stop only rises.";
    StopWouldSell = "stop_would_sell": "The stop would be at or above the mark: all would be sold at once.",
        "Name a lower stop, or sell: `momentum positions close MINT`.";
    MoreThanHeld = "more_than_held": "So many tokens are not held, or none were named.",
        "See how many are: `momentum positions list`.";
}

impl RefusalCode {
    /// Its name in records, metrics and docs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.entry().name
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_one_word_with_a_sentence_and_a_mend() {
        for code in RefusalCode::ALL {
            assert!(code.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code}");
            let Entry { sentence, mend, .. } = code.entry();
            assert!(sentence.ends_with('.') && mend.ends_with('.'), "{code}");
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
        }
    }
}
