//! A market of one token on a curve of its own, driven by hand.

use std::sync::Arc;

use crate::action::{Action, Effects};
use crate::analysis::Analysis;
use crate::config::Config;
use crate::event::{
    Answer, Command, Commanded, Enriched, Envelope, Event, FeedEvent, Launched, MarketEvent, MarketKind,
    Quote, Reserves, Side, TradeFees, Traded, What,
};
use crate::fact::Fact;
use crate::ids::{Mint, Pubkey, Seq, Signature, Slot, Wallet};
use crate::market::{Market, TokenView};
use crate::quotes::{Curve, Rates};
use crate::time::{ChainTime, Timestamp};
use crate::units::{Bps, TokenAmount};

pub(super) const SOL: u64 = 1_000_000_000;
/// Chain time at which every stage begins: the beginning of a bucket and of a minute.
pub(super) const START: i64 = 1_800_000_000;
const FREE: Rates = Rates { lp: Bps(0), protocol: Bps(0), creator: Bps(0) };

pub(super) fn key(n: u64) -> Pubkey {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&n.to_le_bytes());
    key[31] = 1;
    Pubkey(key)
}

pub(super) fn wallet(n: u64) -> Wallet {
    Wallet(key(n))
}

pub(super) const CREATOR: u64 = 1_000_000;

/// The market, its clock, and the token that things happen to.
pub(super) struct Stage {
    pub(super) market: Market,
    pub(super) config: Config,
    pub(super) mint: Mint,
    pub(super) curve: Curve,
    pub(super) now: Timestamp,
    pub(super) at: i64,
    pub(super) slot: u64,
    pub(super) effects: Effects,
    pub(super) evaluations: Vec<Arc<Analysis>>,
    events: u64,
}

impl Stage {
    pub(super) fn new() -> Self {
        Self {
            market: Market::default(),
            config: Config::default(),
            mint: Mint(key(7)),
            curve: Curve::FRESH,
            now: ChainTime(START).timestamp(),
            at: START,
            slot: 1_000,
            effects: Effects::default(),
            evaluations: Vec::new(),
            events: 0,
        }
    }

    pub(super) fn send(&mut self, event: Event) {
        self.events += 1;
        let envelope = Envelope { seq: Seq(self.events), now: self.now, event };
        self.market.on_event(&envelope, &self.config, &mut self.effects, &mut self.evaluations);
    }

    /// Sends a market event with a signature of its own.
    pub(super) fn happen(&mut self, kind: MarketKind) {
        let mut signature = [0; 64];
        signature[..8].copy_from_slice(&(self.events + 1).to_le_bytes());
        self.happen_as(Signature(signature), kind);
    }

    pub(super) fn happen_as(&mut self, signature: Signature, kind: MarketKind) {
        let (at, slot) = (ChainTime(self.at), Some(Slot(self.slot)));
        self.send(Event::from(MarketEvent { at, slot, signature, ordinal: 0, mint: self.mint, kind }));
    }

    pub(super) fn launched(&self) -> Launched {
        Launched {
            name: String::new(),
            symbol: String::new(),
            uri: String::new(),
            user: wallet(CREATOR),
            creator: wallet(CREATOR),
            quote: Quote::Sol,
            curve: Some(Curve::FRESH),
            supply: Some(TokenAmount(1_000_000_000_000_000)),
            token_2022: Some(true),
            mayhem: false,
            creator_rate: None,
        }
    }

    pub(super) fn launch(&mut self) {
        let launched = self.launched();
        self.happen(MarketKind::Launched(Box::new(launched)));
    }

    /// A trade of `quote` lamports on the curve.
    pub(super) fn traded(&mut self, user: Wallet, side: Side, quote: u64) -> Traded {
        let tokens = match side {
            Side::Buy => self.curve.buy_exact_quote(quote, &FREE).unwrap().tokens,
            Side::Sell => quote * 30_000,
        };
        // The program rounds a few lamports away, which would only blur the figures.
        Traded { quote_amount: quote, ..self.traded_tokens(user, side, tokens) }
    }

    /// A trade of exactly so many tokens.
    pub(super) fn traded_tokens(&mut self, user: Wallet, side: Side, tokens: u64) -> Traded {
        let (after, quote_amount) = match side {
            Side::Buy => {
                let bought = self.curve.buy_exact_tokens(tokens, &FREE).unwrap();
                (self.curve.after_buy(&bought), bought.net)
            }
            Side::Sell => {
                let sold = self.curve.sell(tokens, &FREE).unwrap();
                (self.curve.after_sell(&sold), sold.gross)
            }
        };
        self.curve = after;
        Traded {
            user,
            side,
            quote: Quote::Sol,
            quote_amount,
            tokens: TokenAmount(tokens),
            reserves: Reserves::Curve(after),
            fees: TradeFees::default(),
            creator: None,
            creator_rate: None,
            mayhem: false,
        }
    }

    pub(super) fn trade(&mut self, user: Wallet, side: Side, quote: u64) {
        let traded = self.traded(user, side, quote);
        self.happen(MarketKind::Traded(traded));
    }

    pub(super) fn trade_tokens(&mut self, user: Wallet, side: Side, tokens: u64) {
        let traded = self.traded_tokens(user, side, tokens);
        self.happen(MarketKind::Traded(traded));
    }

    pub(super) fn buy(&mut self, user: Wallet, quote: u64) {
        self.trade(user, Side::Buy, quote);
    }

    /// Both clocks go on by so many seconds, second by second, with a slot and a tick each. What was told
    /// before is forgotten.
    pub(super) fn wait(&mut self, seconds: i64) {
        self.forget();
        for _ in 0..seconds {
            self.at += 1;
            self.now = ChainTime(self.at).timestamp();
            self.slot += 2;
            let (slot, at) = (Slot(self.slot), ChainTime(self.at));
            self.send(Event::Feed(FeedEvent::Slot { slot, at }));
            self.send(Event::Tick);
        }
    }

    /// Forgets what was told.
    pub(super) fn forget(&mut self) {
        self.effects.actions.clear();
        self.effects.facts.clear();
        self.evaluations.clear();
    }

    pub(super) fn answer(&mut self, answer: Answer) {
        let as_of = Some(Slot(self.slot));
        self.send(Event::from(Enriched { mint: self.mint, asked: self.now, as_of, answer }));
    }

    pub(super) fn feed(&mut self, event: FeedEvent) {
        self.send(Event::Feed(event));
    }

    pub(super) fn blacklist(&mut self, key: Pubkey, listed: bool) {
        let command = Command::Blacklist { key, listed };
        self.send(Event::Command(Box::new(Commanded { who: String::new(), why: String::new(), command })));
    }

    pub(super) fn view(&self) -> TokenView {
        self.market.token(self.mint, &self.config).unwrap()
    }

    /// An analysis at this moment.
    pub(super) fn analysis(&mut self) -> Analysis {
        let place = self.market.tokens.find(&self.mint).unwrap();
        let (mut effects, mut evaluations) = (Effects::default(), Vec::new());
        let mut call = crate::market::Call {
            now: self.now,
            config: &self.config,
            effects: &mut effects,
            evaluations: &mut evaluations,
        };
        self.market.now = self.now;
        self.market.evaluate(place, &mut call);
        (*evaluations[0]).clone()
    }

    /// How often a token was scored since the last wait began.
    pub(super) fn scored(&self) -> usize {
        let scored = self.effects.facts.iter().filter(|fact| matches!(fact, Fact::Scored(_))).count();
        assert_eq!(scored, self.evaluations.len());
        scored
    }

    /// What was asked since.
    pub(super) fn asked(&self) -> Vec<What> {
        let asked = self.effects.actions.iter().filter_map(|action| match action {
            Action::Enrich(mint, what) => Some((*mint, *what)),
            _ => None,
        });
        asked
            .map(|(mint, what)| {
                assert!(self.effects.facts.contains(&Fact::Asked { mint, what }));
                what
            })
            .collect()
    }
}
