//! What the state of a token means at this moment: metrics, hard fails, missing facts (strategy.md §1).

use std::collections::BTreeSet;

use super::TokenView;
use super::bars::minute;
use super::recent::Scratch;
use super::stream::Stream;
use super::token::Token;
use super::windows::{BUCKET, Window, bucket};
use crate::action::Basis;
use crate::analysis::{Analysis, EntryFact, HardFail, Learned, Metrics, Score, Source};
use crate::config::{Config, HoldersCheck};
use crate::event::{Known, Quote, Unknown, What};
use crate::ids::{Pubkey, Slot};
use crate::quotes::{Liquidity, Schedules};
use crate::ratio::Ratio;
use crate::time::{ChainTime, Timestamp};
use crate::units::{Bps, Lamports, Thousandths, ratio_bps};

/// Everything beside the token that its measurements depend on.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) now: Timestamp,
    pub(super) config: &'a Config,
    pub(super) stream: &'a Stream,
    pub(super) schedules: &'a Schedules,
    pub(super) blacklist: &'a BTreeSet<Pubkey>,
}

impl Reading<'_> {
    const fn at(&self) -> ChainTime {
        self.stream.at
    }

    /// One evaluation; its rank is the ranking's to say, the breadth that of all tokens.
    pub(super) fn analysis(&self, token: &Token, scratch: &mut Scratch) -> Analysis {
        let basis = self.basis(token);
        let metrics = self.metrics(token, &basis, scratch);
        Analysis {
            mint: token.mint,
            now: self.now,
            at: self.at(),
            learned: self.learned(token),
            score: Score::of(&metrics, self.config),
            hard_fail: self.hard_fail(token),
            missing: self.missing(token, &basis, Some(&metrics)),
            metrics,
            rank: None,
            breadth: Err(Unknown::TooYoung),
        }
    }

    fn current(&self) -> u32 {
        bucket(self.at())
    }

    /// All measurements of a token.
    pub(super) fn metrics(&self, token: &Token, basis: &Known<Basis>, scratch: &mut Scratch) -> Metrics {
        let (current, safety) = (self.current(), &self.config.safety);
        let five = token.windows.sum(Window::Five, current);
        let hour = token.windows.sum(Window::Hour, current);
        let within = u32::try_from(safety.wash_within.as_secs()).unwrap_or(u32::MAX);
        let crowd = token.recent.crowd(current, within, scratch);
        let whole = self.holders_whole(token);
        Metrics {
            volume_5m: Lamports(five.volume()),
            volume_15m: Lamports(token.windows.sum(Window::Quarter, current).volume()),
            volume_1h: Lamports(hour.volume()),
            velocity: self.velocity(token),
            buy_ratio: self.buy_ratio(token),
            spike: self.spike(token),
            unique_buyers_5m: crowd.buyers,
            wash_share: Ratio::of(crowd.washed, crowd.volume).ok_or(Unknown::NoTrades),
            bundled_share: match token.launched {
                Some((_, Some(_))) => token.share(token.bundled),
                _ => Err(Unknown::NotSeen),
            },
            holders: whole.map(|()| token.holders.count()),
            // Per minute over 5 minutes, in thousandths: × 1000 / 5.
            holder_velocity: whole.map(|()| Thousandths(i64::from(five.holders) * 200)),
            top10: self.top10(token),
            creator_share: self.creator_share(token),
            holder_growth_1h: whole.map(|()| i64::from(hour.holders)),
            progress: token.progress(),
            real_sol: real_sol(token),
            round_trip: self.round_trip(token, basis),
            complete: token.complete,
            links: token
                .links
                .map(|links| u8::from(links.website) + u8::from(links.twitter) + u8::from(links.telegram)),
            members: members(token),
            age_seconds: token.launched.map(|(at, _)| self.at().since(at)).ok_or(Unknown::Incomplete),
            creator: token.creator,
            mint: token.mint_facts,
        }
    }

    /// Where and when the measurements were learned.
    pub(super) fn learned(&self, token: &Token) -> Learned {
        let chain = token.largest.as_ref().ok().map(|largest| (Source::Chain, largest.asked));
        let stream = token.traded.map(|traded| (Source::Stream, traded));
        let mint = |(when, created)| (if created { Source::Stream } else { Source::Chain }, when);
        Learned {
            traded: token.traded,
            mint: token.mint_learned.map(mint),
            holders: if self.followed_holders(token).is_ok() { stream } else { chain },
            links: token.links_learned,
            members: token.members_learned,
        }
    }

    /// (v5m − mean) / mean, with mean = volume over the span × 5 min / span, and
    /// span = min(1 h, age, unbroken observation) in whole seconds. Both sides × span, so nothing is divided.
    pub(super) fn velocity(&self, token: &Token) -> Known<Ratio> {
        let five_minutes = u64::from(Window::Five.seconds());
        let current = self.current();
        let origin = token.launched.map_or(token.seen.0, |(at, _)| at);
        let (start, volume) = match self.stream.gap_since(token.seen.1) {
            None => (origin, token.windows.sum(Window::Hour, current).volume()),
            Some(gap) => {
                // Whole buckets after the gap, so that volume and span are of the same time.
                let first = bucket(gap.ended.ok_or(Unknown::TooYoung)?) + 1;
                let start = ChainTime(i64::from(first) * BUCKET).max(origin);
                (
                    start,
                    token.windows.volume_from(first.max(current.saturating_sub(Window::Hour.buckets() - 1))),
                )
            }
        };
        let span = self.at().since(start).min(u64::from(Window::Hour.seconds()));
        if span < five_minutes {
            return Err(Unknown::TooYoung);
        }
        let mean = i128::from(volume) * i128::from(five_minutes);
        let five = i128::from(token.windows.sum(Window::Five, current).volume()) * i128::from(span);
        Ratio::of(five - mean, mean).ok_or(Unknown::NoTrades)
    }

    /// Share of bought volume in 5 minutes.
    pub(super) fn buy_ratio(&self, token: &Token) -> Known<Ratio> {
        let five = token.windows.sum(Window::Five, self.current());
        Ratio::of(five.bought, five.volume()).ok_or(Unknown::NoTrades)
    }

    /// The last minute carries more than its share of the last five.
    fn spike(&self, token: &Token) -> Known<bool> {
        let minute = token.windows.sum(Window::Minute, self.current()).volume();
        let five = token.windows.sum(Window::Five, self.current()).volume();
        let share = Ratio::of(minute, five).ok_or(Unknown::NoTrades)?;
        Ok(share > self.config.score.spike_share)
    }

    /// Whether the balances followed from trades are all there are: followed from creation, without a gap, and
    /// nobody sold what was not known to be theirs.
    pub(super) fn holders_whole(&self, token: &Token) -> Known<()> {
        let whole = token.launched.is_some() && !token.holders.clamped() && !self.broken(token.seen.1);
        if whole { Ok(()) } else { Err(Unknown::Incomplete) }
    }

    /// Whether those balances are what shares are measured by.
    fn followed_holders(&self, token: &Token) -> Known<()> {
        match self.config.safety.holders_check {
            HoldersCheck::Prefer => self.holders_whole(token),
            HoldersCheck::Require => Err(Unknown::NotSeen),
        }
    }

    /// The reading of the largest holders, while it counts.
    fn largest<'t>(&self, token: &'t Token, unread: Unknown) -> Known<&'t super::token::Largest> {
        match &token.largest {
            Ok(largest) if self.now.since(largest.asked) <= self.config.safety.holders_fresh => Ok(largest),
            Ok(_) => Err(Unknown::Stale),
            // Nobody was asked yet: what is missing is what the balances are missing.
            Err(Unknown::NotSeen) => Err(unread),
            Err(why) => Err(*why),
        }
    }

    pub(super) fn top10(&self, token: &Token) -> Known<Ratio> {
        match self.followed_holders(token) {
            Ok(()) => token.share(token.holders.largest()),
            Err(why) => {
                let list = &self.largest(token, why)?.list;
                let ten = list.iter().take(super::holders::LARGEST);
                token.share(ten.fold(0, |sum, (_, tokens)| sum.saturating_add(*tokens)))
            }
        }
    }

    /// What all creators of the token hold together. A creator who is not among the largest counts with the
    /// most that they can hold then.
    pub(super) fn creator_share(&self, token: &Token) -> Known<Ratio> {
        token.creator?;
        let held = match self.followed_holders(token) {
            Ok(()) => token
                .stakes
                .iter()
                .fold(0, |sum: u64, stake| sum.saturating_add(token.holders.of(stake.name))),
            Err(why) => {
                let largest = self.largest(token, why)?;
                let held = |name| largest.of(name).unwrap_or_else(|bound| bound);
                token.stakes.iter().fold(0, |sum: u64, stake| sum.saturating_add(held(stake.name)))
            }
        };
        token.share(held)
    }

    /// Cost of buying our size and selling it back, in basis points of what was spent.
    fn round_trip(&self, token: &Token, basis: &Known<Basis>) -> Known<Bps> {
        if token.quote != Quote::Sol || (token.complete && !token.graduated()) {
            return Err(Unknown::NotApplicable);
        }
        let Basis { liquidity, rates } = (*basis)?;
        let size = self.config.score.round_trip_size;
        let cost = || {
            let bought = liquidity.buy_exact_quote(size.0, &rates)?;
            let sold = liquidity.after_buy(&bought).sell(bought.tokens, &rates)?;
            ratio_bps(bought.total.saturating_sub(sold.out), bought.total)
        };
        cost().ok_or(Unknown::NotApplicable)
    }

    /// Reserves and the rates in force for the next trade.
    pub(super) fn basis(&self, token: &Token) -> Known<Basis> {
        let liquidity = token.liquidity.ok_or(Unknown::NotSeen)?;
        let rates = self.schedules.rates(&liquidity, token.supply, token.quote.into(), token.creator_rate);
        Ok(Basis { liquidity, rates: rates.ok_or(Unknown::NotApplicable)? })
    }

    /// Slots are missing in its history that no account reading mended, or the slot it traded in died.
    pub(super) fn stale(&self, token: &Token) -> bool {
        token.dead || self.broken(token.read)
    }

    fn broken(&self, since: Slot) -> bool {
        self.stream.gap_since(since).is_some()
    }

    /// Whether it is known who the creators are and all that they sold.
    fn creators_known(&self, token: &Token) -> Known<()> {
        token.creator?;
        let whole = token.launched.is_some() && !token.stakes.iter().any(|stake| self.broken(stake.since));
        if whole { Ok(()) } else { Err(Unknown::Incomplete) }
    }

    /// The first hard fail there is, in the order of their list.
    pub(super) fn hard_fail(&self, token: &Token) -> Option<HardFail> {
        let safety = &self.config.safety;
        let listed = |key: &Pubkey| self.blacklist.contains(key);
        let mint = token.mint_facts.ok();
        let found = [
            (mint.is_some_and(|mint| mint.foreign_extension), HardFail::ForeignExtension),
            (mint.is_some_and(|mint| mint.mint_authority), HardFail::MintAuthority),
            (mint.is_some_and(|mint| mint.freeze_authority), HardFail::FreezeAuthority),
            (listed(&token.mint.0), HardFail::BlacklistedMint),
            (token.stakes.iter().any(|stake| listed(&stake.wallet.0)), HardFail::BlacklistedCreator),
            (
                // Of a token that was not seen from its creation, the most that they held is not known.
                token.launched.is_some()
                    && token.stakes.iter().any(|stake| stake.sold_more_than(safety.creator_sold_max)),
                HardFail::CreatorSold,
            ),
            (token.rugs >= safety.rugs, HardFail::KnownRugger),
        ];
        found.into_iter().find_map(|(holds, fail)| holds.then_some(fail))
    }

    /// The facts that an entry needs and that are not known (strategy.md §2), of `metrics` or measured now.
    pub(super) fn missing(
        &self,
        token: &Token,
        basis: &Known<Basis>,
        metrics: Option<&Metrics>,
    ) -> Vec<(EntryFact, Unknown)> {
        let shares = |measured: Option<Known<Ratio>>, measure: &dyn Fn() -> Known<Ratio>| {
            measured.unwrap_or_else(measure).err()
        };
        let facts = [
            (EntryFact::Reserves, basis.err()),
            (EntryFact::Progress, token.progress().err()),
            (EntryFact::Velocity, shares(metrics.map(|m| m.velocity), &|| self.velocity(token))),
            (EntryFact::BuyRatio, shares(metrics.map(|m| m.buy_ratio), &|| self.buy_ratio(token))),
            (EntryFact::Mint, token.mint_facts.err()),
            (EntryFact::Creator, self.creators_known(token).err()),
            (EntryFact::Top10, shares(metrics.map(|m| m.top10), &|| self.top10(token))),
            (
                EntryFact::CreatorShare,
                shares(metrics.map(|m| m.creator_share), &|| self.creator_share(token)),
            ),
        ];
        facts.into_iter().filter_map(|(fact, why)| Some((fact, why?))).collect()
    }

    /// What Trader may know.
    pub(super) fn view(&self, token: &Token) -> TokenView {
        let basis = self.basis(token);
        let missing = self.missing(token, &basis, None);
        let awaits = |(fact, _): &(EntryFact, Unknown)| match fact {
            EntryFact::Reserves | EntryFact::Progress => {
                token.asked.awaits(What::Curve) || token.asked.awaits(What::Pool)
            }
            EntryFact::Mint => token.asked.awaits(What::Mint),
            EntryFact::Creator => token.asked.awaits(What::Curve),
            EntryFact::Top10 | EntryFact::CreatorShare => token.asked.awaits(What::Holders),
            EntryFact::Velocity | EntryFact::BuyRatio => false,
        };
        TokenView {
            basis,
            initial_real_token: token.initial_real_token(),
            quote: token.quote,
            mayhem: token.mayhem,
            complete: token.complete,
            graduated: token.graduated(),
            creator: token.creator,
            atr: self.average_true_range(token),
            hard_fail: self.hard_fail(token),
            awaited: missing.iter().any(awaits),
            missing,
            stale: self.stale(token),
            traded: token.traded,
        }
    }

    fn average_true_range(&self, token: &Token) -> Known<Bps> {
        let keys = &self.config.score;
        let spot = token.spot().ok_or(Unknown::NotSeen)?;
        let range =
            token.bars.average_true_range(minute(self.at()), spot, keys.atr_bars, keys.atr_traded_min)?;
        Ok(range.bps())
    }
}

/// Lamports that the curve or pool really holds.
fn real_sol(token: &Token) -> Known<Lamports> {
    if token.quote != Quote::Sol {
        return Err(Unknown::NotApplicable);
    }
    match token.liquidity.ok_or(Unknown::NotSeen)? {
        Liquidity::Curve(curve) => Ok(Lamports(curve.real_quote)),
        Liquidity::Pool(pool) => Ok(Lamports(pool.quote_vault)),
    }
}

/// Members of the Telegram group; a coin that links to none has none, which is known.
fn members(token: &Token) -> Known<u32> {
    match (token.members, token.links) {
        (Err(_), Ok(links)) if !links.telegram => Ok(0),
        (Err(_), Err(Unknown::NotConfigured)) => Err(Unknown::NotConfigured),
        (members, _) => members,
    }
}
