//! Market: tokens, windows, analyzers, score. Never reads positions, orders or decision settings.
//!
//! One file tells one story: what happened to a token is in `token`, its histories in `windows`, `bars`,
//! `recent` and `holders`, what they mean in `measure`, what is asked in `questions`. Here events find their
//! token, and tokens their evaluation.

mod bars;
mod holders;
mod keys;
mod leaders;
mod measure;
mod medians;
mod questions;
mod ranking;
mod readings;
mod recent;
mod rugs;
mod seen;
mod stream;
mod table;
mod token;
mod windows;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::action::{Action, Basis, Effects};
use crate::analysis::{Analysis, EntryFact, HardFail};
use crate::config::Config;
use crate::event::{
    Answer, Command, Enriched, Envelope, Event, ExecutionKind, FeedEvent, Known, MarketEvent, MarketKind,
    Quote, Unknown, WalletEvent, What,
};
use crate::fact::Fact;
use crate::ids::{Mint, Pubkey, Slot, Wallet};
use crate::quotes::{Pool, Schedules};
use crate::time::Timestamp;
use crate::units::Bps;
use measure::Reading;
use medians::Medians;
use questions::{Agenda, Inquirer};
pub use ranking::Ranked;
use ranking::Ranking;
use recent::Scratch;
use rugs::Rugs;
use seen::{Applied, Seen, Verdict};
use stream::Stream;
use table::{Place, Table};
use token::{Moment, Token};

/// All tracked tokens and what is known of them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Market {
    tokens: Table,
    /// When which token is evaluated next: the period is one for all, so a queue is in order by itself.
    due: VecDeque<(Timestamp, Place)>,
    agenda: Agenda,
    ranking: Ranking,
    medians: Medians,
    stream: Stream,
    seen: Seen,
    rugs: Rugs,
    blacklist: BTreeSet<Pubkey>,
    schedules: Schedules,
    /// Receive time of the last event.
    now: Timestamp,
    #[serde(skip)]
    scratch: Scratch,
}

impl Default for Market {
    fn default() -> Self {
        Self {
            tokens: Table::default(),
            due: VecDeque::new(),
            agenda: Agenda::new(),
            ranking: Ranking::default(),
            medians: Medians::default(),
            stream: Stream::default(),
            seen: Seen::default(),
            rugs: Rugs::default(),
            blacklist: BTreeSet::new(),
            schedules: Schedules::of_2026_10_10(),
            now: Timestamp::default(),
            scratch: Scratch::default(),
        }
    }
}

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedHealth {
    /// Connected.
    pub up: bool,
    /// Newest slot received (a trade's slot counts).
    pub slot: Option<Slot>,
    /// When a slot was received last.
    pub slot_received: Option<Timestamp>,
    /// Highest slot known from anywhere.
    pub highest: Option<Slot>,
}

/// One call of [`Market::on_event`]: what comes in beside the event, and where what it makes goes.
struct Call<'a> {
    now: Timestamp,
    config: &'a Config,
    effects: &'a mut Effects,
    evaluations: &'a mut Vec<Arc<Analysis>>,
}

impl Market {
    /// Applies one event: measures, drops, asks, evaluates. Facts `Scored`, `EnteredTop`, `Dropped`, `Asked`
    /// and actions `Enrich`, `Follow`, `Unfollow` go into `effects`; each evaluation also into `evaluations`
    /// (cleared by the caller) for Trader.
    ///
    /// What was due before the event is done before it is applied, on the state before it.
    pub fn on_event(
        &mut self,
        envelope: &Envelope,
        config: &Config,
        effects: &mut Effects,
        evaluations: &mut Vec<Arc<Analysis>>,
    ) {
        self.now = envelope.now;
        let mut call = Call { now: envelope.now, config, effects, evaluations };
        // Only what every stage of a pipe sees lets Market's time pass: an execution or a command, which the
        // scoring stage never hears of, must not move an evaluation.
        let unheard = |event: &Event| {
            matches!(event, Event::Execution(_) | Event::Wallet(_) | Event::Command(_) | Event::Simulated(_))
        };
        if !unheard(&envelope.event) {
            self.take_median(&call);
            self.evaluate_due(&mut call);
            self.ask_due(&mut call);
        }
        match &envelope.event {
            Event::Market(event) => self.on_market(event, &mut call),
            Event::Enriched(enriched) => self.on_enriched(enriched, &mut call),
            Event::Feed(event) => {
                self.stream.on_event(*event, call.now);
                if let FeedEvent::DeadSlot(slot) = event {
                    for token in self.tokens.iter_mut().filter(|token| token.last_slot == Some(*slot)) {
                        token.dead = true;
                    }
                }
            }
            Event::Execution(event) => {
                if let ExecutionKind::Landed { slot, .. }
                | ExecutionKind::Closed { slot, .. }
                | ExecutionKind::Failed { slot, .. } = &event.kind
                {
                    self.stream.heard(*slot);
                }
            }
            Event::Wallet(
                WalletEvent::Balance { slot, .. }
                | WalletEvent::Holding { slot, .. }
                | WalletEvent::Unwrapped { slot, .. },
            ) => {
                self.stream.heard(*slot);
            }
            Event::Wallet(WalletEvent::Read { .. }) => {}
            Event::Command(commanded) => {
                if let Command::Blacklist { key, listed } = &commanded.command {
                    if *listed {
                        self.blacklist.insert(*key);
                    } else {
                        self.blacklist.remove(key);
                    }
                }
            }
            Event::Run(_) | Event::Tick | Event::Simulated(_) => {}
        }
    }

    /// Receive time of the last event.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// What Trader may know of a token; `None` where it is not tracked.
    #[must_use]
    pub fn token(&self, mint: Mint, config: &Config) -> Option<TokenView> {
        let token = self.tokens.get(self.tokens.find(&mint)?)?;
        Some(self.reading(config).view(token))
    }

    /// Health of the stream.
    #[must_use]
    pub const fn feed(&self) -> &FeedHealth {
        &self.stream.health
    }

    /// Mints and creators that are never entered, in order.
    pub fn blacklist(&self) -> impl Iterator<Item = Pubkey> {
        self.blacklist.iter().copied()
    }

    /// How many tokens are tracked.
    #[must_use]
    pub fn tracked(&self) -> usize {
        self.tokens.len()
    }

    /// The ranking, best first.
    pub fn ranking(&self, config: &Config) -> Vec<Ranked> {
        self.ranking.list(&config.score).collect()
    }

    /// What is known of a token at this moment, evaluated though it is not due; `None` where it is not tracked.
    #[must_use]
    pub fn analysis(&self, mint: Mint, config: &Config) -> Option<Analysis> {
        let token = self.tokens.get(self.tokens.find(&mint)?)?;
        let analysis = self.reading(config).analysis(token, &mut Scratch::default());
        Some(Analysis { breadth: self.medians.breadth(), ..analysis })
    }

    const fn reading<'a>(&'a self, config: &'a Config) -> Reading<'a> {
        Reading {
            now: self.now,
            config,
            stream: &self.stream,
            schedules: &self.schedules,
            blacklist: &self.blacklist,
        }
    }

    fn on_market(&mut self, event: &MarketEvent, call: &mut Call<'_>) {
        self.stream.received(event.slot, event.at, call.now);
        let (quote, tokens) = match &event.kind {
            MarketKind::Traded(trade) => (trade.quote_amount, trade.tokens.0),
            _ => (0, 0),
        };
        let applied = Applied { slot: event.slot, at: event.at, quote, tokens };
        let verdict = self.seen.note(keys::event(&event.signature, event.ordinal), applied);
        if verdict == Verdict::Duplicate {
            return;
        }
        let Some(place) = self.track(event, call) else { return };
        let moment = Moment { now: call.now, at: event.at, slot: event.slot, highest: self.stream.at };
        let Some(token) = self.tokens.get_mut(place) else { return };
        match &event.kind {
            MarketKind::Launched(launched) => token.launch(launched, moment, &self.rugs),
            MarketKind::Traded(trade) => {
                if let Verdict::Replaces(before) = verdict {
                    token.take_back(trade, &before);
                }
                let was_known = token.traded.is_some() || token.launched.is_some();
                let traces = token.trade(trade, moment, call.config, &self.rugs);
                self.follow(place, call);
                for creator in traces.rug {
                    self.record_rug(creator);
                }
                if traces.crossed {
                    self.evaluate(place, call);
                } else if !was_known {
                    self.inquire(place, call, |inquirer, token, place| inquirer.ask_all(token, place));
                }
            }
            MarketKind::Completed { .. } => {
                token.complete = true;
                self.follow(place, call);
            }
            MarketKind::PoolOpened { pool, reserves, quote } => {
                token.quote = *quote;
                if !token.graduated() {
                    token.graduate(*pool, *reserves);
                }
                self.follow(place, call);
            }
            MarketKind::Migrated { pool, tokens, quote_amount, quote } => {
                token.quote = *quote;
                // The whole of what moved prices the pool, its virtual part inside (chain.md §6).
                let reserves = Pool { base: tokens.0, quote_vault: *quote_amount, virtual_quote: 0 };
                token.graduate(*pool, reserves);
                self.follow(place, call);
            }
        }
    }

    /// The place of the event's token, tracked from now on where it was not. Of events only a create event and a
    /// trade begin the tracking of a token.
    fn track(&mut self, event: &MarketEvent, call: &mut Call<'_>) -> Option<Place> {
        if let Some(place) = self.tokens.find(&event.mint) {
            let lively = self.tokens.get(place)?.lively();
            if call.now.since(lively) < call.config.score.forget {
                return Some(place);
            }
            // Silent for so long that it counts as gone, though its turn to be looked at has not come.
            self.forget(place, call);
        }
        if !matches!(event.kind, MarketKind::Launched(_) | MarketKind::Traded(_)) {
            return None;
        }
        let moment = Moment { now: call.now, at: event.at, slot: event.slot, highest: self.stream.at };
        Some(self.begin(event.mint, moment, call))
    }

    /// Tracks a token from now on.
    fn begin(&mut self, mint: Mint, moment: Moment, call: &Call<'_>) -> Place {
        let place = self.tokens.insert(Token::new(mint, moment));
        self.schedule(call.now + call.config.score.every, place);
        place
    }

    fn forget(&mut self, place: Place, call: &mut Call<'_>) {
        let Some(token) = self.tokens.remove(place) else { return };
        let Call { config, effects, .. } = call;
        let mint_at = |index| self.tokens.mint_at(index);
        self.ranking.change((place.index(), token.mint), None, mint_at, &config.score, effects);
        if token.followed {
            effects.actions.push(Action::Unfollow(token.mint));
        }
        effects.facts.push(Fact::Dropped { mint: token.mint });
    }

    /// Streams the pool that a token has or will soon have.
    fn follow(&mut self, place: Place, call: &mut Call<'_>) {
        let Some(token) = self.tokens.get_mut(place).filter(|token| !token.followed) else { return };
        let near = token.progress().is_ok_and(|progress| progress >= call.config.questions.follow_from);
        if near || token.complete {
            token.followed = true;
            call.effects.actions.push(Action::Follow(token.mint));
        }
    }

    fn record_rug(&mut self, creator: Wallet) {
        let count = self.rugs.record(creator);
        for token in self.tokens.iter_mut() {
            if token.stakes.iter().any(|stake| stake.wallet == creator) {
                token.rugs = token.rugs.max(count);
            }
        }
    }

    fn schedule(&mut self, due: Timestamp, place: Place) {
        self.due.push_back((due, place));
        let last = self.due.len() - 1;
        if last > 0 && self.due[last - 1].0 > due {
            // After a jump of the clock or a change of the period: rare, and stable.
            self.due.make_contiguous().sort_by_key(|(due, _)| *due);
        }
    }

    /// Takes the median score, on the evaluations before this moment's.
    fn take_median(&mut self, call: &Call<'_>) {
        if self.medians.due(call.now) {
            let Config { score, signals, .. } = call.config;
            self.medians.take(self.ranking.median(), call.now, score.every, signals.adaptive_window);
        }
    }

    fn evaluate_due(&mut self, call: &mut Call<'_>) {
        let keys = &call.config.score;
        let every = keys.every;
        let mut again = Vec::new();
        while let Some((_, place)) = self.due.front().copied().filter(|(due, _)| *due <= call.now) {
            self.due.pop_front();
            let Some(token) = self.tokens.get(place) else { continue };
            if call.now.since(token.lively()) >= keys.forget {
                self.forget(place, call);
                continue;
            }
            // The next multiple of the period since its first event.
            let age = call.now.since(token.first).as_micros();
            let turns = u32::try_from(age / every.as_micros().max(1)).unwrap_or(u32::MAX - 1) + 1;
            again.push((token.first + every.saturating_mul(turns), place));
            if token.traded.is_some_and(|traded| call.now.since(traded) <= keys.active) {
                self.evaluate(place, call);
            }
        }
        again.sort_by_key(|(due, _)| *due);
        for (due, place) in again {
            self.schedule(due, place);
        }
    }

    fn ask_due(&mut self, call: &mut Call<'_>) {
        while let Some((due, place, what)) = self.agenda.first().copied().filter(|(due, ..)| *due <= call.now)
        {
            self.agenda.pop_first();
            self.inquire(place, call, |inquirer, token, place| inquirer.due(token, place, what, due));
        }
    }

    fn inquire(
        &mut self,
        place: Place,
        call: &mut Call<'_>,
        ask: impl FnOnce(&mut Inquirer<'_>, &mut Token, Place),
    ) {
        let Some(token) = self.tokens.get_mut(place) else { return };
        let reading = Reading {
            now: call.now,
            config: call.config,
            stream: &self.stream,
            schedules: &self.schedules,
            blacklist: &self.blacklist,
        };
        let mut inquirer = Inquirer { reading, agenda: &mut self.agenda, effects: call.effects };
        ask(&mut inquirer, token, place);
    }

    fn evaluate(&mut self, place: Place, call: &mut Call<'_>) {
        let Some(token) = self.tokens.get_mut(place) else { return };
        token.windows.advance(windows::bucket(self.stream.at));
        let mut scratch = std::mem::take(&mut self.scratch);
        let reading = self.reading(call.config);
        let Some(token) = self.tokens.get(place) else { return };
        let mint = token.mint;
        let mut analysis = reading.analysis(token, &mut scratch);
        self.scratch = scratch;
        let progress = analysis.metrics.progress.unwrap_or_default();
        let standing = Some((analysis.score.total, progress));
        if let Some(token) = self.tokens.get_mut(place) {
            token.standing = standing;
        }
        let mint_at = |index| self.tokens.mint_at(index);
        let Call { config, effects, evaluations, .. } = call;
        analysis.breadth = self.medians.breadth();
        analysis.rank = self.ranking.change((place.index(), mint), standing, mint_at, &config.score, effects);
        let analysis = Arc::new(analysis);
        effects.facts.push(Fact::Scored(Arc::clone(&analysis)));
        evaluations.push(analysis);
        self.inquire(place, call, |inquirer, token, place| inquirer.ask_all(token, place));
    }

    fn on_enriched(&mut self, enriched: &Enriched, call: &mut Call<'_>) {
        if let Some(slot) = enriched.as_of {
            self.stream.heard(slot);
        }
        if let Answer::Fees(fees) = &enriched.answer {
            if let Ok(schedules) = fees {
                self.schedules = (**schedules).clone();
            }
            return;
        }
        let as_of = enriched.as_of;
        let place = match (self.tokens.find(&enriched.mint), &enriched.answer) {
            (Some(place), _) => place,
            // Of what is held the stream may have shown nothing: its curve says all that a price needs.
            (None, Answer::Curve(Ok(_))) => {
                let at = self.stream.at;
                self.begin(enriched.mint, Moment { now: call.now, at, slot: as_of, highest: at }, call)
            }
            (None, _) => return,
        };
        let Some(token) = self.tokens.get_mut(place) else { return };
        let (what, answer) = match &enriched.answer {
            Answer::Mint(mint) => {
                if let Ok(mint) = mint {
                    token.supply = mint.supply.0;
                    token.mint_learned = Some((call.now, false));
                }
                (What::Mint, learn(&mut token.mint_facts, *mint))
            }
            Answer::Curve(curve) => {
                if let Ok(facts) = curve {
                    token.read_curve(facts, as_of, &self.rugs);
                }
                (What::Curve, curve.map(|_| ()))
            }
            Answer::Holders(holders) => {
                let list = holders.as_ref().map_err(|why| *why);
                (What::Holders, list.map(|list| token.read_holders(list, enriched.asked, as_of)))
            }
            Answer::Metadata(links) => {
                token.links_learned = links.ok().map(|_| call.now).or(token.links_learned);
                (What::Metadata, learn(&mut token.links, *links))
            }
            Answer::Members(members) => {
                token.members_learned = members.ok().map(|_| call.now).or(token.members_learned);
                (What::Members, learn(&mut token.members, *members))
            }
            Answer::Pool(pool) => {
                if let Ok((pool, reserves)) = pool {
                    token.read_pool(*pool, *reserves, as_of);
                }
                (What::Pool, pool.map(|_| ()))
            }
            Answer::Fees(_) | Answer::Proof(_) | Answer::Priority(_) => return,
        };
        if let (What::Holders, Err(why), Err(before)) = (what, answer, &mut token.largest) {
            *before = why;
        }
        self.inquire(place, call, |inquirer, token, place| inquirer.answered(token, place, what, answer));
    }
}

/// Takes an answer over; one that could not be given never takes away what is known.
fn learn<T: Copy>(known: &mut Known<T>, answer: Known<T>) -> Known<()> {
    if answer.is_ok() || known.is_err() {
        *known = answer;
    }
    answer.map(|_| ())
}
