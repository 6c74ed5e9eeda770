//! Market: tokens, windows, analyzers, score. Never reads positions, orders or decision settings.

use std::sync::Arc;

use crate::action::{Basis, Effects};
use crate::analysis::{Analysis, EntryFact, HardFail};
use crate::config::Config;
use crate::event::{Envelope, Known, Quote, Unknown};
use crate::ids::{Mint, Slot, Wallet};
use crate::time::Timestamp;
use crate::units::Bps;

/// All tracked tokens and what is known of them.
#[derive(Debug, Default)]
pub struct Market {}

/// What Trader reads of one token, at this very event.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenView {
    /// Stream reserves and the rates in force for it; unknown before the first trade or account reading.
    pub basis: Known<Basis>,
    /// Tokens that the curve had to sell at the start; unknown for mayhem coins and other quotes.
    pub initial_real_token: Known<u64>,
    /// What it is priced in.
    pub quote: Quote,
    /// Mayhem coin.
    pub mayhem: bool,
    /// The curve is sold out.
    pub complete: bool,
    /// It trades on a pool (`basis` is the pool's).
    pub graduated: bool,
    /// Who earns the creator fee.
    pub creator: Known<Wallet>,
    /// Average true range of the last minutes as a share of the spot price, floored; `TooYoung` with fewer
    /// traded bars than the settings ask.
    pub atr: Known<Bps>,
    /// A fact that forbids entries and ends positions.
    pub hard_fail: Option<HardFail>,
    /// Facts that an entry needs and that are not known.
    pub missing: Vec<(EntryFact, Unknown)>,
    /// One of `missing` was asked for and the answer is still awaited.
    pub awaited: bool,
    /// Slots are missing in its history, or a slot it traded in died: not to be decided on.
    pub stale: bool,
    /// Receive time of its last trade.
    pub traded: Option<Timestamp>,
}

/// Health of the stream, as gate 3 and the risk rules read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedHealth {
    /// Connected.
    pub up: bool,
    /// Newest slot received (a trade's slot counts).
    pub slot: Option<Slot>,
    /// When it was received.
    pub slot_received: Option<Timestamp>,
    /// Highest slot known from anywhere.
    pub highest: Option<Slot>,
}

impl Market {
    /// Applies one event: measures, drops, asks, evaluates. Facts `Scored`, `EnteredTop`, `Dropped`, `Asked`
    /// and actions `Enrich`, `Follow`, `Unfollow` go into `effects`; each evaluation also into `evaluations`
    /// (cleared by the caller) for Trader.
    pub fn on_event(
        &mut self,
        _envelope: &Envelope,
        _config: &Config,
        _effects: &mut Effects,
        _evaluations: &mut Vec<Arc<Analysis>>,
    ) {
        unimplemented!()
    }

    /// What Trader may know of a token; `None` where it is not tracked.
    #[must_use]
    pub fn token(&self, _mint: Mint, _config: &Config) -> Option<TokenView> {
        unimplemented!()
    }

    /// Health of the stream.
    #[must_use]
    pub fn feed(&self) -> &FeedHealth {
        unimplemented!()
    }
}
