//! Plays a scenario: the market of its statements, the real engine and venue, and what it saw.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use momentum_core::action::Effects;
use momentum_core::config::Config;
use momentum_core::event::{
    Answer, Command, Commanded, Enriched, Envelope, Event, FeedEvent, Impact, MarketEvent, MarketKind,
    RunEvent, Side, Started, Unknown,
};
use momentum_core::fact::Fact;
use momentum_core::ids::{Hash, Mint, Signature, Slot};
use momentum_core::quotes::{Curve, Liquidity};
use momentum_core::time::Timestamp;
use momentum_core::trader::signals::EntrySignal;
use momentum_core::units::{Bps, Lamports, TokenAmount, mul_div, mul_div_ceil};
use sha2::{Digest, Sha512};

use super::header::Header;
use super::lines::Names;
use super::settings::Settings;
use super::statement::{Amount, Feed, Kind, Signal, Statement, Target, Told, Wish};
use super::words::Misread;
use super::world::{self, Coin, Held, Trade, least, mint, wallet};
use crate::clocked::tick_after;
use crate::driver::{Answers, Driver, Processor};
use crate::venue::{Strictness, Venue};

/// 2026-01-01T12:00:00Z: when every scenario begins.
const NOON: Timestamp = Timestamp(1_767_268_800_000_000);

/// A slot's length in microseconds, and the slot of the beginning.
const SLOT_US: i64 = 400_000;
const FIRST_SLOT: u64 = 400_000_000;

/// The longest that a run may take to end.
const STOP_DEADLINE: Duration = Duration::from_secs(120);

/// Our wallet.
const US: &str = "us";

/// A scenario being played.
pub(super) struct Stage<P> {
    driver: Driver<P>,
    settings: Settings,
    config: Arc<Config>,
    coins: BTreeMap<String, Coin>,
    now: Timestamp,
    /// Slots beyond those that time makes: gaps.
    skipped: u64,
    /// No slot comes.
    silent: bool,
    gap: Option<(Slot, Slot)>,
    last_trade: Slot,
    transactions: u64,
    seen: Seen,
}

/// What the engine told.
#[derive(Debug, Default)]
struct Seen {
    names: Names,
    /// Every line with its time of day.
    lines: Vec<(Timestamp, String)>,
    held: BTreeMap<Mint, Held>,
    /// Our own fills, on the curve and on the pool.
    impacts: BTreeMap<Mint, [Impact; 2]>,
    on_pool: Vec<Mint>,
    broken: Option<String>,
}

impl Seen {
    fn note(&mut self, envelope: &Envelope, effects: &Effects) {
        for fact in &effects.facts {
            if let Some(line) = self.names.line(fact) {
                self.lines.push((envelope.now, line));
            }
            self.follow(fact);
        }
    }

    /// Keeps what drives need to know of our positions.
    fn follow(&mut self, fact: &Fact) {
        match fact {
            Fact::Filled { mint, fill, .. } => {
                let held = self.held.entry(*mint).or_default();
                match fill.side {
                    Side::Buy => {
                        *held =
                            Held { bought: fill.tokens, tokens: fill.tokens, cost: fill.lamports, ..*held };
                    }
                    Side::Sell => held.tokens = held.tokens.saturating_sub(fill.tokens),
                }
                let place = usize::from(self.on_pool.contains(mint));
                let sum = &mut self.impacts.entry(*mint).or_default()[place];
                *sum = *sum + fill.impact.unwrap_or_default();
            }
            Fact::PositionOpened { mint, tokens, stop, .. } | Fact::StopMoved { mint, tokens, stop } => {
                self.held.entry(*mint).or_default().stop = (*stop, *tokens);
            }
            Fact::InvariantBroken { what } if self.broken.is_none() => self.broken = Some(what.clone()),
            _ => {}
        }
    }
}

impl<P: Processor> Stage<P> {
    /// A run that has begun as `header` says: an empty book, a stream that is up.
    pub(super) fn begin(engine: P, header: &Header) -> Result<Self, Misread> {
        let mut settings = Settings::shipped()?;
        for (path, value) in &header.settings {
            settings.set(path, value)?;
        }
        let (config, paper) = settings.resolved()?;
        let started = Started {
            run_id: "scenario".to_owned(),
            mode: header.mode,
            config: Arc::clone(&config),
            wallets: vec![(wallet(US), paper.capital)],
            warm_until: header.warm_up.map(|span| NOON + span),
        };
        let venue = Venue::new(paper, &config.execution, Strictness::Paper);
        let mut stage = Self {
            driver: Driver::new(engine, Some(venue), Answers::FromSource),
            settings,
            config,
            coins: BTreeMap::new(),
            now: NOON,
            skipped: 0,
            silent: false,
            gap: None,
            last_trade: Slot(FIRST_SLOT),
            transactions: 0,
            seen: Seen::default(),
        };
        stage.feed(Event::Run(RunEvent::Started(Box::new(started))));
        stage.feed(Event::Feed(FeedEvent::Up));
        stage.slot_seen();
        Ok(stage)
    }

    /// Number of lines seen so far.
    pub(super) fn position(&self) -> usize {
        self.seen.lines.len()
    }

    /// The lines seen since a position.
    pub(super) fn lines(&self, since: usize) -> &[(Timestamp, String)] {
        &self.seen.lines[since..]
    }

    /// The rule of the engine that broke, if one did.
    pub(super) fn broken(&self) -> Option<&str> {
        self.seen.broken.as_deref()
    }

    /// Does what a statement says.
    pub(super) fn play(&mut self, statement: &Statement) -> Result<(), Misread> {
        match statement {
            Statement::Set { path, value } => {
                self.settings.set(path, value)?;
                (self.config, _) = self.settings.resolved()?;
                self.command(Command::Reconfigure(Arc::clone(&self.config)));
            }
            Statement::Expect(_) => {}
            Statement::Launch { tokens, by, buying, kind } => {
                tokens.iter().try_for_each(|token| self.launch(token, by, *buying, *kind))?;
            }
            Statement::Trade { token, side, amount, by } => {
                let tokens = self.coin(token)?.tokens(*side, *amount, by);
                self.trade(token, &Trade { side: *side, tokens, by: by.clone() })?;
            }
            Statement::Ramp { tokens, to, over, wallets } => self.ramp(tokens, *to, *over, *wallets)?,
            Statement::Drive { token, to, offset } => self.drive(token, *to, *offset)?,
            Statement::Complete(token) => self.complete(token)?,
            Statement::Migrate(token) => {
                let events = self.coin(token)?.migrate().ok_or("its curve is not sold out")?;
                self.seen.on_pool.push(mint(token));
                self.transaction(token, events.into());
            }
            Statement::After(span) => self.advance(self.now + *span),
            Statement::Until(time) => {
                let midnight = self.now.midnight();
                let next = if midnight + *time > self.now {
                    midnight
                } else {
                    midnight + Duration::from_secs(86_400)
                };
                self.advance(next + *time);
            }
            Statement::Silent(span) => {
                let was = std::mem::replace(&mut self.silent, true);
                self.advance(self.now + *span);
                self.silent = was;
            }
            Statement::Feed(feed) => self.feed_does(*feed),
            Statement::Tell { token, told } => {
                let answer = match told {
                    Told::Answer(answer) => answer.clone(),
                    Told::Curve => Answer::Curve(self.coin(token)?.account().ok_or(Unknown::NotApplicable)),
                    Told::Holders => Answer::Holders(Ok(self.coin(token)?.largest_holders())),
                };
                self.tell(mint(token), 0, answer);
            }
            Statement::We(wish) => self.wish(wish),
            Statement::Signal(signal) => self.signal(signal)?,
            Statement::Send(fate) => {
                if let Some(venue) = self.driver.venue_mut() {
                    venue.foretell(*fate);
                }
            }
            Statement::Stop(on_exit) => {
                let seen = &mut self.seen;
                let ended =
                    self.driver.stop(*on_exit, STOP_DEADLINE, &mut |e: &Envelope, effects: &Effects| {
                        seen.note(e, effects);
                    });
                self.now = self.driver.now();
                if !ended {
                    return Err("the engine did not finish".to_owned());
                }
            }
            Statement::Foreign(change) => {
                self.command(Command::Foreign { wallet: wallet(US), change: *change });
            }
        }
        Ok(())
    }

    fn feed(&mut self, event: Event) {
        let seen = &mut self.seen;
        self.driver.feed(self.now, event, &mut |envelope: &Envelope, effects: &Effects| {
            seen.note(envelope, effects);
        });
    }

    fn slot(&self) -> Slot {
        let passed = u64::try_from((self.now.0 - NOON.0) / SLOT_US).unwrap_or(0);
        Slot(FIRST_SLOT + passed + self.skipped)
    }

    fn slot_seen(&mut self) {
        self.feed(Event::Feed(FeedEvent::Slot { slot: self.slot(), at: self.now.chain() }));
    }

    /// Lets time pass up to `end`: ticks, and slots unless the stream is silent.
    fn advance(&mut self, end: Timestamp) {
        loop {
            let tick = tick_after(self.now);
            let slot = Timestamp(NOON.0 + ((self.now.0 - NOON.0) / SLOT_US + 1) * SLOT_US);
            let next = tick.min(slot);
            if next > end {
                break;
            }
            self.now = next;
            if next == tick {
                self.feed(Event::Tick);
            }
            if next == slot && !self.silent {
                self.slot_seen();
            }
        }
        self.now = end;
    }

    fn coin(&mut self, token: &str) -> Result<&mut Coin, Misread> {
        self.coins.get_mut(token).ok_or_else(|| format!("{token} was never launched"))
    }

    /// One transaction of the stream.
    fn transaction(&mut self, token: &str, kinds: Vec<MarketKind>) {
        self.transactions += 1;
        let signature = Signature(Sha512::digest(self.transactions.to_le_bytes()).into());
        self.last_trade = self.slot();
        for (ordinal, kind) in (0..).zip(kinds) {
            let (at, slot) = (self.now.chain(), Some(self.slot()));
            self.feed(Event::from(MarketEvent { at, slot, signature, ordinal, mint: mint(token), kind }));
        }
    }

    fn launch(&mut self, token: &str, by: &str, buying: Option<Lamports>, kind: Kind) -> Result<(), Misread> {
        let (coin, created) = Coin::launch(token, by, kind);
        self.seen.names.tokens.insert(coin.mint, token.to_owned());
        self.coins.insert(token.to_owned(), coin);
        let mut kinds = if kind == Kind::Unseen { Vec::new() } else { vec![created] };
        if let Some(spend) = buying {
            let coin = self.coin(token)?;
            let tokens = coin.tokens(Side::Buy, Amount::Sol(spend), by);
            kinds.extend(coin.trade(&Trade { side: Side::Buy, tokens, by: by.to_owned() }));
        }
        if !kinds.is_empty() {
            self.transaction(token, kinds);
        }
        Ok(())
    }

    fn trade(&mut self, token: &str, trade: &Trade) -> Result<(), Misread> {
        let refused =
            || format!("the program would refuse that {:?} of {}", trade.side, TokenAmount(trade.tokens));
        let kind = self.coin(token)?.trade(trade).ok_or_else(refused)?;
        self.transaction(token, vec![kind]);
        Ok(())
    }

    /// Buys of as many strangers of each token, evenly in time and tokens.
    fn ramp(&mut self, tokens: &[String], to: Bps, over: Duration, wallets: u16) -> Result<(), Misread> {
        let mut climbs = Vec::new();
        for token in tokens {
            let Liquidity::Curve(Curve { real_token: from, .. }) = self.coin(token)?.liquidity else {
                return Err(format!("{token} is on its pool"));
            };
            let sold = from.checked_sub(Coin::left_at(to)).ok_or_else(|| format!("{token} is past {to}"))?;
            climbs.push((token, from, sold));
        }
        let start = self.now;
        for nth in 1..=wallets {
            self.advance(start + over * u32::from(nth) / u32::from(wallets));
            for (token, from, sold) in &climbs {
                let left = from - mul_div(*sold, nth.into(), wallets.into());
                for trade in self.coin(token)?.towards(left) {
                    self.trade(token, &trade)?;
                }
            }
        }
        Ok(())
    }

    fn drive(&mut self, token: &str, to: Target, offset: i64) -> Result<(), Misread> {
        let trades = match to {
            // One unit more of progress is one token less on the curve.
            Target::Progress(progress) => {
                let left = Coin::left_at(progress).checked_add_signed(-offset).ok_or("past the whole")?;
                self.coin(token)?.towards(left)
            }
            Target::Mark(mark) => self.towards_mark(token, mark.0.saturating_add_signed(offset))?,
            Target::Stop => {
                let Held { stop: (stop, of), tokens, .. } = self.held(token)?;
                // The highest mark of what is left that is not above the stop.
                let stop = u128::from(stop.0) * u128::from(tokens.0) / u128::from(of.0.max(1));
                let stop = u64::try_from(stop).map_err(|error| error.to_string())?;
                self.towards_mark(token, stop.saturating_add_signed(offset))?
            }
            Target::Entry(share) => {
                let Held { cost, tokens, bought, .. } = self.held(token)?;
                let entry = mul_div_ceil(cost.0, u64::from(share.0), u64::from(Bps::WHOLE.0));
                let mark = mul_div_ceil(entry, tokens.0, bought.0.max(1));
                self.towards_mark(token, mark.saturating_add_signed(offset))?
            }
        };
        for trade in trades {
            self.trade(token, &trade)?;
        }
        Ok(())
    }

    fn held(&self, token: &str) -> Result<Held, Misread> {
        let held = self.seen.held.get(&mint(token)).filter(|held| held.tokens > TokenAmount::ZERO);
        held.copied().ok_or_else(|| format!("we hold no {token}"))
    }

    /// Trades that bring the mark of our whole position to `mark`, or as little past it as one unit of tokens
    /// allows: one buy by a stranger, or sales of the largest holders, the last of them in part.
    fn towards_mark(&mut self, token: &str, mark: u64) -> Result<Vec<Trade>, Misread> {
        let held = self.held(token)?;
        let impacts = self.seen.impacts.get(&mint(token)).copied().unwrap_or_default();
        let coin = self.coin(token)?;
        let rates = coin.rates();
        let impact = impacts[usize::from(matches!(coin.liquidity, Liquidity::Pool(_)))];
        let worth = |at: Liquidity| at.moved(impact).sell(held.tokens.0, &rates).map_or(0, |sold| sold.out);
        let mut trades = Vec::new();
        if worth(coin.liquidity) > mark {
            // Each sale is rounded by itself, so what several of them do is found by doing them.
            let mut trial = coin.clone();
            for Trade { side, tokens, by } in coin.crowd_sells(world::SUPPLY) {
                let before = trial.liquidity;
                let after = |tokens| Some(before.after_sell(&before.sell(tokens, &rates)?));
                let low = |tokens| after(tokens).is_none_or(|after| worth(after) <= mark);
                let tokens = least(tokens, low).unwrap_or(tokens);
                let trade = Trade { side, tokens, by };
                trial.trade(&trade).ok_or("nobody can sell that much")?;
                trades.push(trade);
                if worth(trial.liquidity) <= mark {
                    return Ok(trades);
                }
            }
            return Err("nobody can sell that much".to_owned());
        }
        if worth(coin.liquidity) < mark {
            let most = match coin.liquidity {
                Liquidity::Curve(curve) => curve.real_token,
                Liquidity::Pool(pool) => pool.base - 1,
            };
            let before = coin.liquidity;
            let after = |tokens| Some(before.after_buy(&before.buy_exact_tokens(tokens, &rates)?));
            let high = |tokens| after(tokens).is_none_or(|after| worth(after) >= mark);
            let tokens = least(most, high).ok_or("the curve ends below that mark")?;
            trades.push(Trade { side: Side::Buy, tokens, by: coin.stranger() });
        }
        Ok(trades)
    }

    fn complete(&mut self, token: &str) -> Result<(), Misread> {
        let coin = self.coin(token)?;
        let by = wallet("closer");
        let mut kinds = Vec::new();
        for trade in coin.towards(0) {
            kinds.push(coin.trade(&trade).ok_or("the program would refuse the rest")?);
        }
        coin.complete = true;
        kinds.push(MarketKind::Completed { user: by });
        self.transaction(token, kinds);
        Ok(())
    }

    fn feed_does(&mut self, feed: Feed) {
        match feed {
            Feed::Up => {
                self.silent = false;
                self.feed(Event::Feed(FeedEvent::Up));
            }
            Feed::Down => {
                self.silent = true;
                self.feed(Event::Feed(FeedEvent::Down));
            }
            Feed::Gap(slots) => {
                let from = Slot(self.slot().0 + 1);
                self.skipped += slots;
                let to = self.slot();
                self.gap = Some((from, to));
                self.feed(Event::Feed(FeedEvent::Gap { from, to }));
            }
            Feed::Filled => {
                if let Some((from, to)) = self.gap.take() {
                    self.feed(Event::Feed(FeedEvent::Filled { from, to }));
                }
            }
            Feed::Dead => self.feed(Event::Feed(FeedEvent::DeadSlot(self.last_trade))),
            // Any answer tells how far the chain is.
            Feed::Behind(slots) => self.tell(Mint::default(), slots, Answer::Members(Err(Unknown::Failed))),
        }
    }

    fn tell(&mut self, mint: Mint, ahead: u64, answer: Answer) {
        let as_of = Some(Slot(self.slot().0 + ahead));
        self.feed(Event::from(Enriched { mint, asked: self.now, as_of, answer }));
    }

    fn command(&mut self, command: Command) {
        let (who, why) = ("operator".to_owned(), "scenario".to_owned());
        self.feed(Event::Command(Box::new(Commanded { who, why, command })));
    }

    fn wish(&mut self, wish: &Wish) {
        let held = |token: &String| self.seen.held.get(&mint(token)).copied().unwrap_or_default().tokens;
        self.command(match wish {
            Wish::Pause(span) => Command::Pause { until: span.map(|span| self.now + span) },
            Wish::Resume => Command::Resume,
            Wish::Flatten => Command::Flatten,
            Wish::Lock => Command::Lock,
            Wish::Reset(hold) => Command::Reset(*hold),
            Wish::Buy { token, spend } => Command::Buy { mint: mint(token), lamports: *spend },
            Wish::Close { token, share, urgent } => Command::Close {
                mint: mint(token),
                tokens: share.map(|share| held(token).share(share)),
                urgent: *urgent,
            },
            Wish::Adjust { token, stop } => Command::Adjust { mint: mint(token), stop: *stop },
            Wish::Hold(token) => Command::Hold(mint(token)),
            Wish::Release(token) => Command::Release(mint(token)),
            Wish::WriteOff(token) => Command::WriteOff(mint(token)),
            Wish::Blacklist { name, listed } => {
                let token = name.starts_with(|c: char| c.is_ascii_uppercase());
                let key = if token { mint(name).0 } else { wallet(name).0 };
                Command::Blacklist { key, listed: *listed }
            }
        });
    }

    fn signal(&mut self, signal: &Signal) -> Result<(), Misread> {
        let progress = match self.coin(&signal.token)?.liquidity {
            Liquidity::Curve(curve) => curve.progress(Curve::FRESH.real_token).unwrap_or_default(),
            Liquidity::Pool(_) => Bps::WHOLE,
        };
        let made = self.now - signal.age;
        self.command(Command::Signal(EntrySignal {
            mint: mint(&signal.token),
            level: signal.level,
            score: signal.score,
            progress,
            safety: signal.safety,
            velocity: signal.velocity,
            made,
            expires: made + self.config.signals.ttl,
            config: if signal.other_settings { Hash::default() } else { self.config.hash },
        }));
        Ok(())
    }
}
