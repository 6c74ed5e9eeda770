//! One event as the row of a wide table: what is common in columns, what is rare as JSON in `body`.
//!
//! The way to a row and back is the identity for every envelope. A trade whose figures do not fit the columns
//! (a virtual reserve further than an `i64` from the real one, which no program makes) goes into `body` whole.

use std::borrow::Cow;

use momentum_core::event::{
    Answer, Enriched, Envelope, Event, FeedEvent, MarketEvent, MarketKind, Quote, Reserves, Side, TradeFees,
    Traded,
};
use momentum_core::ids::{Mint, PoolId, Pubkey, Seq, Signature, Slot, Wallet};
use momentum_core::quotes::{Curve, Pool};
use momentum_core::time::{ChainTime, Timestamp};
use momentum_core::units::{Bps, TokenAmount};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What a row tells of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Tick,
    Traded,
    Launched,
    Completed,
    PoolOpened,
    Migrated,
    Slot,
    Feed,
    Enriched,
    Execution,
    Wallet,
    Command,
    Run,
    Simulated,
}

impl Kind {
    /// Every kind; its place is its key in the dictionary of the column.
    pub(super) const ALL: [Self; 14] = [
        Self::Tick,
        Self::Traded,
        Self::Launched,
        Self::Completed,
        Self::PoolOpened,
        Self::Migrated,
        Self::Slot,
        Self::Feed,
        Self::Enriched,
        Self::Execution,
        Self::Wallet,
        Self::Command,
        Self::Run,
        Self::Simulated,
    ];

    /// Its word in the table.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Tick => "tick",
            Self::Traded => "traded",
            Self::Launched => "launched",
            Self::Completed => "completed",
            Self::PoolOpened => "pool_opened",
            Self::Migrated => "migrated",
            Self::Slot => "slot",
            Self::Feed => "feed",
            Self::Enriched => "enriched",
            Self::Execution => "execution",
            Self::Wallet => "wallet",
            Self::Command => "command",
            Self::Run => "run",
            Self::Simulated => "simulated",
        }
    }
}

/// Where a trade was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Venue {
    Curve,
    Pool,
}

/// A row. Keys are borrowed from the event, or from the table that it is read from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row<'a> {
    pub(super) seq: u64,
    /// Microseconds since the epoch.
    pub(super) now: i64,
    pub(super) kind: Kind,
    /// Chain time in seconds.
    pub(super) at: Option<i64>,
    pub(super) slot: Option<u64>,
    pub(super) signature: Option<&'a [u8; 64]>,
    pub(super) ordinal: Option<u16>,
    pub(super) mint: Option<&'a [u8; 32]>,
    pub(super) user: Option<&'a [u8; 32]>,
    pub(super) venue: Option<Venue>,
    pub(super) side: Option<Side>,
    /// The mint that it is priced in; none for SOL.
    pub(super) quote: Option<&'a [u8; 32]>,
    pub(super) quote_amount: u64,
    pub(super) token_amount: u64,
    pub(super) pool: Option<&'a [u8; 32]>,
    /// What is really there: the curve's real reserves, the pool's vaults.
    pub(super) reserve_quote: u64,
    pub(super) reserve_token: u64,
    /// What the formula adds to it: virtual less real.
    pub(super) added_quote: i64,
    pub(super) added_token: i64,
    pub(super) fees: TradeFees,
    pub(super) creator: Option<&'a [u8; 32]>,
    pub(super) creator_rate: Option<u16>,
    pub(super) mayhem: bool,
    /// What no column holds, as JSON.
    pub(super) body: Option<Cow<'a, str>>,
}

/// An answer with when it was asked; mint and slot have columns.
#[derive(Serialize, Deserialize)]
struct Told<A> {
    /// Microseconds since the epoch.
    asked: i64,
    answer: A,
}

impl<'a> Row<'a> {
    /// The row of an envelope.
    ///
    /// # Errors
    /// Where a rare event cannot be written as JSON, which no event of ours is.
    pub(super) fn of(envelope: &'a Envelope) -> serde_json::Result<Self> {
        let mut row = Self { seq: envelope.seq.0, now: envelope.now.0, ..Self::default() };
        match &envelope.event {
            Event::Tick => row.kind = Kind::Tick,
            Event::Market(market) => row.market(market)?,
            Event::Feed(FeedEvent::Slot { slot, at }) => {
                (row.kind, row.slot, row.at) = (Kind::Slot, Some(slot.0), Some(at.0));
            }
            Event::Feed(feed) => (row.kind, row.body) = (Kind::Feed, json(feed)?),
            Event::Enriched(enriched) => {
                let Enriched { mint, asked, as_of, answer } = &**enriched;
                row.kind = Kind::Enriched;
                row.mint = Some(mint.0.as_bytes());
                row.slot = as_of.map(|slot| slot.0);
                row.body = json(&Told { asked: asked.0, answer })?;
            }
            Event::Execution(execution) => (row.kind, row.body) = (Kind::Execution, json(execution)?),
            Event::Wallet(wallet) => (row.kind, row.body) = (Kind::Wallet, json(wallet)?),
            Event::Command(command) => (row.kind, row.body) = (Kind::Command, json(command)?),
            Event::Run(run) => (row.kind, row.body) = (Kind::Run, json(run)?),
            Event::Simulated(simulation) => (row.kind, row.body) = (Kind::Simulated, json(simulation)?),
        }
        Ok(row)
    }

    fn market(&mut self, market: &'a MarketEvent) -> serde_json::Result<()> {
        self.at = Some(market.at.0);
        self.slot = market.slot.map(|slot| slot.0);
        self.signature = Some(market.signature.as_bytes());
        self.ordinal = Some(market.ordinal);
        self.mint = Some(market.mint.0.as_bytes());
        self.kind = match &market.kind {
            MarketKind::Traded(traded) => {
                self.kind = Kind::Traded;
                if self.traded(traded) {
                    return Ok(());
                }
                Kind::Traded
            }
            MarketKind::Launched(launched) => {
                self.user = Some(launched.user.0.as_bytes());
                Kind::Launched
            }
            MarketKind::Completed { user } => {
                self.user = Some(user.0.as_bytes());
                Kind::Completed
            }
            MarketKind::PoolOpened { pool, .. } => {
                self.pool = Some(pool.0.as_bytes());
                Kind::PoolOpened
            }
            MarketKind::Migrated { pool, .. } => {
                self.pool = Some(pool.0.as_bytes());
                Kind::Migrated
            }
        };
        self.body = json(&market.kind)?;
        Ok(())
    }

    /// Whether a trade fits the columns; where it does, it is in them.
    fn traded(&mut self, traded: &'a Traded) -> bool {
        let added = |whole: u64, real: u64| i64::try_from(i128::from(whole) - i128::from(real)).ok();
        let (venue, pool, real, added) = match &traded.reserves {
            Reserves::Curve(Curve { virtual_quote, virtual_token, real_quote, real_token }) => {
                let added = added(*virtual_quote, *real_quote).zip(added(*virtual_token, *real_token));
                (Venue::Curve, None, (*real_quote, *real_token), added)
            }
            Reserves::Pool { pool, before: Pool { base, quote_vault, virtual_quote } } => {
                let added = i64::try_from(*virtual_quote).ok().map(|quote| (quote, 0));
                (Venue::Pool, Some(pool.0.as_bytes()), (*quote_vault, *base), added)
            }
        };
        let Some(added) = added else { return false };
        (self.reserve_quote, self.reserve_token) = real;
        (self.added_quote, self.added_token) = added;
        (self.venue, self.pool) = (Some(venue), pool);
        self.user = Some(traded.user.0.as_bytes());
        self.side = Some(traded.side);
        self.quote = match &traded.quote {
            Quote::Sol => None,
            Quote::Other(mint) => Some(mint.0.as_bytes()),
        };
        (self.quote_amount, self.token_amount) = (traded.quote_amount, traded.tokens.0);
        self.fees = traded.fees;
        self.creator = traded.creator.as_ref().map(|creator| creator.0.as_bytes());
        self.creator_rate = traded.creator_rate.map(|rate| rate.0);
        self.mayhem = traded.mayhem;
        true
    }

    /// The envelope of a row.
    ///
    /// # Errors
    /// What of the row no event has.
    pub(super) fn envelope(&self) -> Result<Envelope, String> {
        let event = match self.kind {
            Kind::Tick => Event::Tick,
            Kind::Traded | Kind::Launched | Kind::Completed | Kind::PoolOpened | Kind::Migrated => {
                Event::from(self.market_event()?)
            }
            Kind::Slot => Event::Feed(FeedEvent::Slot {
                slot: Slot(self.slot.ok_or("a slot without its number")?),
                at: ChainTime(self.at.ok_or("a slot without its time")?),
            }),
            Kind::Feed => Event::Feed(self.parsed_body()?),
            Kind::Enriched => {
                let Told::<Answer> { asked, answer } = self.parsed_body()?;
                let mint = Mint(Pubkey(*self.mint.ok_or("an answer without its mint")?));
                let (asked, as_of) = (Timestamp(asked), self.slot.map(Slot));
                Event::from(Enriched { mint, asked, as_of, answer })
            }
            Kind::Execution => Event::Execution(self.parsed_body()?),
            Kind::Wallet => Event::Wallet(self.parsed_body()?),
            Kind::Command => Event::Command(self.parsed_body()?),
            Kind::Run => Event::Run(self.parsed_body()?),
            Kind::Simulated => Event::Simulated(self.parsed_body()?),
        };
        Ok(Envelope { seq: Seq(self.seq), now: Timestamp(self.now), event })
    }

    fn market_event(&self) -> Result<MarketEvent, String> {
        let kind = if self.body.is_some() {
            self.parsed_body()?
        } else if self.kind == Kind::Traded {
            MarketKind::Traded(self.trade()?)
        } else {
            return Err(format!("a row of kind {} without a body", self.kind.word()));
        };
        Ok(MarketEvent {
            at: ChainTime(self.at.ok_or("a market event without its time")?),
            slot: self.slot.map(Slot),
            signature: Signature(*self.signature.ok_or("a market event without its signature")?),
            ordinal: self.ordinal.ok_or("a market event without its ordinal")?,
            mint: Mint(Pubkey(*self.mint.ok_or("a market event without its mint")?)),
            kind,
        })
    }

    fn trade(&self) -> Result<Traded, String> {
        let whole = |real: u64, added: i64| {
            real.checked_add_signed(added).ok_or("a trade with a virtual reserve that is no amount")
        };
        let reserves = match self.venue.ok_or("a trade without its venue")? {
            Venue::Curve => Reserves::Curve(Curve {
                virtual_quote: whole(self.reserve_quote, self.added_quote)?,
                virtual_token: whole(self.reserve_token, self.added_token)?,
                real_quote: self.reserve_quote,
                real_token: self.reserve_token,
            }),
            Venue::Pool => Reserves::Pool {
                pool: PoolId(Pubkey(*self.pool.ok_or("a trade on a pool without the pool")?)),
                before: Pool::new(self.reserve_token, self.reserve_quote, self.added_quote.into()),
            },
        };
        Ok(Traded {
            user: Wallet(Pubkey(*self.user.ok_or("a trade without its user")?)),
            side: self.side.ok_or("a trade without its side")?,
            quote: self.quote.map_or(Quote::Sol, |mint| Quote::Other(Mint(Pubkey(*mint)))),
            quote_amount: self.quote_amount,
            tokens: TokenAmount(self.token_amount),
            reserves,
            fees: self.fees,
            creator: self.creator.map(|creator| Wallet(Pubkey(*creator))),
            creator_rate: self.creator_rate.map(Bps),
            mayhem: self.mayhem,
        })
    }

    fn parsed_body<T: DeserializeOwned>(&self) -> Result<T, String> {
        let body = self.body.as_deref().ok_or_else(|| format!("a {} without its body", self.kind.word()))?;
        serde_json::from_str(body).map_err(|error| format!("a body that is no {}: {error}", self.kind.word()))
    }
}

fn json<T: Serialize>(value: &T) -> serde_json::Result<Option<Cow<'static, str>>> {
    serde_json::to_string(value).map(|text| Some(Cow::Owned(text)))
}
