//! One token: what happened to it and what is known of it. What that means is measured in `measure`.

use serde::{Deserialize, Serialize};

use super::bars::{Bars, Spot, minute};
use super::holders::Holders;
use super::keys;
use super::questions::Asked;
use super::ranking::Standing;
use super::recent::{Recent, Swap};
use super::rugs::Rugs;
use super::seen::Applied;
use super::windows::{BUCKET, Trade, Windows, bucket};
use crate::config::Config;
use crate::event::{Known, Launched, Links, MintFacts, Quote, Reserves, Side, Traded, Unknown};
use crate::ids::{Mint, PoolId, Slot, Wallet};
use crate::quotes::{CreatorRate, Curve, Liquidity, Pool};
use crate::ratio::Ratio;
use crate::time::{ChainTime, Timestamp};
use crate::units::{Bps, TokenAmount};

/// Tokens in existence of every coin that pump's programs make (chain.md §6).
const SUPPLY: u64 = 1_000_000_000_000_000;

/// Creators of one token that are watched; the first and the latest stay.
const CREATORS: usize = 8;

/// All that is known of one token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) mint: Mint,
    /// When its first event was received: its evaluations are counted from here.
    pub(super) first: Timestamp,
    /// When its last trade was received.
    pub(super) traded: Option<Timestamp>,
    /// Chain time and slot of its first event.
    pub(super) seen: (ChainTime, Slot),
    /// Chain time and slot of its create event: what is known since is whole, but for gaps.
    pub(super) launched: Option<(ChainTime, Option<Slot>)>,
    /// Slot of its last trade.
    pub(super) last_slot: Option<Slot>,
    /// Slot up to which its reserves are whole in spite of gaps: of its first event, or of an account reading.
    pub(super) read: Slot,
    /// The slot of its last trade is not on the chain.
    pub(super) dead: bool,

    pub(super) quote: Quote,
    pub(super) mayhem: bool,
    pub(super) complete: bool,
    pub(super) pool: Option<PoolId>,
    pool_traded: bool,
    pub(super) liquidity: Option<Liquidity>,
    initial_real_token: u64,
    pub(super) supply: u64,
    pub(super) creator_rate: CreatorRate,

    /// Who earns the creator fee now.
    pub(super) creator: Known<Wallet>,
    pub(super) stakes: Vec<Stake>,
    /// Most rugs recorded of one of its creators.
    pub(super) rugs: u32,
    rugged: bool,
    /// Tokens bought in the creation slot by others than the creators.
    pub(super) bundled: u64,

    pub(super) windows: Windows,
    pub(super) recent: Recent,
    pub(super) bars: Bars,
    pub(super) holders: Holders,
    highest: Spot,

    pub(super) mint_facts: Known<MintFacts>,
    /// When they were learned, and whether by the create event.
    pub(super) mint_learned: Option<(Timestamp, bool)>,
    pub(super) links: Known<Links>,
    pub(super) links_learned: Option<Timestamp>,
    pub(super) members: Known<u32>,
    pub(super) members_learned: Option<Timestamp>,
    /// The largest holders as the chain told last.
    pub(super) largest: Known<Box<Largest>>,

    pub(super) asked: Asked,
    pub(super) followed: bool,
    pub(super) standing: Option<Standing>,
}

/// A creator and what they did with their tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stake {
    pub(super) wallet: Wallet,
    /// The wallet's short name.
    pub(super) name: u64,
    /// The most that they held.
    pub(super) most: u64,
    /// All that they sold since they were a creator.
    pub(super) sold: u64,
    /// Slot since which this is whole: of the first event, or of the account reading that mended a gap.
    pub(super) since: Slot,
}

impl Stake {
    /// Whether they sold more than `share` of the most they held.
    pub(super) fn sold_more_than(&self, share: Bps) -> bool {
        u128::from(self.sold) * 10_000 > u128::from(self.most) * u128::from(share.0)
    }
}

/// A reading of the largest holders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Largest {
    /// When it was asked for: not younger than that.
    pub(super) asked: Timestamp,
    /// Slot that it is true of.
    pub(super) slot: Option<Slot>,
    /// Holders by short name, largest first.
    pub(super) list: Vec<(u64, u64)>,
}

/// Entries from which a list of the largest holders may leave smaller ones out: as many as the chain gives.
const LISTED: usize = 20;

impl Largest {
    /// What a wallet holds; of one that is not listed only the bound that it holds no more than the smallest
    /// listed, which is zero where all are listed.
    pub(super) fn of(&self, name: u64) -> Result<u64, u64> {
        match self.list.iter().find(|(listed, _)| *listed == name) {
            Some((_, tokens)) => Ok(*tokens),
            None if self.list.len() < LISTED => Ok(0),
            None => Err(self.list.last().map_or(0, |(_, tokens)| *tokens)),
        }
    }
}

/// What a trade did to a token that others must know of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Traces {
    /// It crossed a progress tier.
    pub(super) crossed: bool,
    /// It completed a rug by these creators.
    pub(super) rug: Vec<Wallet>,
}

/// Where a trade happened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) now: Timestamp,
    pub(super) at: ChainTime,
    pub(super) slot: Option<Slot>,
    /// Highest chain time seen.
    pub(super) highest: ChainTime,
}

impl Token {
    pub(super) fn new(mint: Mint, moment: Moment) -> Self {
        let slot = moment.slot.unwrap_or_default();
        Self {
            mint,
            first: moment.now,
            traded: None,
            seen: (moment.at, slot),
            launched: None,
            last_slot: None,
            read: slot,
            dead: false,
            quote: Quote::Sol,
            mayhem: false,
            complete: false,
            pool: None,
            pool_traded: false,
            liquidity: None,
            initial_real_token: Curve::FRESH.real_token,
            supply: SUPPLY,
            creator_rate: CreatorRate::default(),
            creator: Err(Unknown::NotSeen),
            stakes: Vec::new(),
            rugs: 0,
            rugged: false,
            bundled: 0,
            windows: Windows::default(),
            recent: Recent::default(),
            bars: Bars::default(),
            holders: Holders::default(),
            highest: Spot::default(),
            mint_facts: Err(Unknown::NotSeen),
            mint_learned: None,
            links: Err(Unknown::NotSeen),
            links_learned: None,
            members: Err(Unknown::NotSeen),
            members_learned: None,
            largest: Err(Unknown::NotSeen),
            asked: Asked::default(),
            followed: false,
            standing: None,
        }
    }

    /// When something last happened that keeps it tracked: a trade, or its first event.
    pub(super) fn lively(&self) -> Timestamp {
        self.traded.unwrap_or(self.first)
    }

    /// It trades on a pool, or nowhere any more but there.
    pub(super) const fn graduated(&self) -> bool {
        self.pool.is_some()
    }

    /// Its create event: proves creators, authorities and extensions, and that nothing came before.
    pub(super) fn launch(&mut self, launched: &Launched, moment: Moment, rugs: &Rugs) {
        self.launched = Some((moment.at, moment.slot));
        // The same event after a fork: what was bought in the slot that is gone will come again.
        self.bundled = 0;
        self.quote = launched.quote;
        self.mayhem = launched.mayhem;
        if let Some(supply) = launched.supply {
            self.supply = supply.0;
        }
        if let Some(curve) = launched.curve {
            self.initial_real_token = curve.real_token;
            if self.liquidity.is_none() {
                self.liquidity = Some(Liquidity::Curve(curve));
            }
        }
        if let (Some(rate), CreatorRate::Scheduled) = (launched.creator_rate, self.creator_rate) {
            self.creator_rate = CreatorRate::Own(rate);
        }
        self.name_creator(launched.user, rugs);
        self.name_creator(launched.creator, rugs);
        // pump's create instructions revoke both authorities and set only the two allowed extensions.
        let supply = TokenAmount(self.supply);
        let proven =
            MintFacts { mint_authority: false, freeze_authority: false, foreign_extension: false, supply };
        self.mint_facts = Ok(proven);
        self.mint_learned = Some((moment.now, true));
    }

    /// A trade, on the curve or the pool.
    pub(super) fn trade(&mut self, trade: &Traded, moment: Moment, config: &Config, rugs: &Rugs) -> Traces {
        let before = self.progress();
        self.traded = Some(moment.now);
        self.last_slot = self.last_slot.max(moment.slot);
        self.dead = false;
        self.quote = trade.quote;
        self.mayhem |= trade.mayhem;
        if let Some(creator) = trade.creator.filter(|creator| self.creator != Ok(*creator)) {
            self.name_creator(creator, rugs);
        }
        if let Some(rate) = trade.creator_rate {
            self.creator_rate = CreatorRate::Seen(rate);
        }
        let name = keys::short(&trade.user.0);
        let change = self.holders.trade(name, trade.side, trade.tokens.0);
        let by_creator = self.move_stake(name, trade.side, trade.tokens.0, change.after);
        if self.in_creation_slot(moment.slot) && trade.side == Side::Buy && !by_creator {
            self.bundled = self.bundled.saturating_add(trade.tokens.0);
        }

        let spot = self.move_reserves(trade);
        let current = bucket(moment.highest);
        let counted = Trade { side: trade.side, quote: trade.quote_amount, holders: change.holders(), spot };
        self.windows.record(bucket(moment.at), current, counted);
        let at = u32::try_from(moment.at.0.max(0)).unwrap_or(u32::MAX);
        self.recent.record(Swap { wallet: name, quote: trade.quote_amount, at, side: trade.side }, current);
        self.bars.record(minute(moment.at), spot, config.score.atr_bars);
        self.highest = self.highest.max(spot);

        let after = self.progress();
        let tier = |progress: Known<Bps>| progress.ok().and_then(|bps| config.score.progress.place(&bps));
        let crossed = before != after && tier(before) != tier(after);
        Traces { crossed, rug: self.rug(spot, moment.highest, config) }
    }

    /// Takes back a trade that is to be replaced by the same one in a later slot. Prices stay: the replacing
    /// trade brings the reserves, and an extreme that the dead slot showed widens the range, which is the
    /// careful side.
    pub(super) fn take_back(&mut self, trade: &Traded, applied: &Applied) {
        let name = keys::short(&trade.user.0);
        let (back, was_launch) = (opposite(trade.side), self.in_creation_slot(applied.slot));
        let change = self.holders.trade(name, back, applied.tokens);
        let stake = self.stakes.iter_mut().find(|stake| stake.name == name);
        match (stake, trade.side) {
            (Some(stake), Side::Sell) => stake.sold = stake.sold.saturating_sub(applied.tokens),
            (None, Side::Buy) if was_launch => self.bundled = self.bundled.saturating_sub(applied.tokens),
            _ => {}
        }
        self.windows.take_back(bucket(applied.at), trade.side, applied.quote, -change.holders());
        let at = u32::try_from(applied.at.0.max(0)).unwrap_or(u32::MAX);
        self.recent.take_back(name, at, trade.side);
    }

    /// The curve's liquidity became a pool.
    pub(super) fn graduate(&mut self, pool: PoolId, reserves: Pool) {
        self.complete = true;
        self.pool = Some(pool);
        if !self.pool_traded {
            self.liquidity = Some(Liquidity::Pool(reserves));
        }
    }

    /// Names a creator, the present one from here on.
    pub(super) fn name_creator(&mut self, wallet: Wallet, rugs: &Rugs) {
        self.creator = Ok(wallet);
        self.rugs = self.rugs.max(rugs.of(&wallet));
        if self.stakes.iter().any(|stake| stake.wallet == wallet) {
            return;
        }
        if self.stakes.len() == CREATORS {
            self.stakes.remove(1);
        }
        let name = keys::short(&wallet.0);
        let stake = Stake { wallet, name, most: self.holders.of(name), sold: 0, since: self.seen.1 };
        // One or two are all that most tokens ever have.
        self.stakes.reserve_exact(1);
        self.stakes.push(stake);
    }

    /// Share of the curve that is sold; all of it once complete.
    pub(super) fn progress(&self) -> Known<Bps> {
        if self.mayhem || self.quote != Quote::Sol {
            return Err(Unknown::NotApplicable);
        }
        if self.complete {
            return Ok(Bps::WHOLE);
        }
        match &self.liquidity {
            Some(Liquidity::Curve(curve)) => {
                curve.progress(self.initial_real_token).ok_or(Unknown::NotApplicable)
            }
            Some(Liquidity::Pool(_)) => Ok(Bps::WHOLE),
            None => Err(Unknown::NotSeen),
        }
    }

    /// Tokens that the curve had to sell at the start.
    pub(super) fn initial_real_token(&self) -> Known<u64> {
        let known = !self.mayhem && self.quote == Quote::Sol;
        if known { Ok(self.initial_real_token) } else { Err(Unknown::NotApplicable) }
    }

    /// Price now.
    pub(super) fn spot(&self) -> Option<Spot> {
        match self.liquidity.as_ref()? {
            Liquidity::Curve(curve) => Spot::of(curve.virtual_quote, curve.virtual_token),
            Liquidity::Pool(pool) => Spot::of(pool.quote()?, pool.base),
        }
    }

    /// `tokens` as a share of all.
    pub(super) fn share(&self, tokens: u64) -> Known<Ratio> {
        Ratio::of(tokens, self.supply).ok_or(Unknown::NotApplicable)
    }

    fn in_creation_slot(&self, slot: Option<Slot>) -> bool {
        slot.is_some() && self.launched.is_some_and(|(_, launch)| launch == slot)
    }

    /// Follows a creator's own trade; whether it was one.
    fn move_stake(&mut self, name: u64, side: Side, tokens: u64, held: u64) -> bool {
        let Some(stake) = self.stakes.iter_mut().find(|stake| stake.name == name) else { return false };
        stake.most = stake.most.max(held);
        if side == Side::Sell {
            stake.sold = stake.sold.saturating_add(tokens);
        }
        true
    }

    /// Takes over the reserves, which a curve reports after the trade and a pool before it; the price after it.
    fn move_reserves(&mut self, trade: &Traded) -> Spot {
        match trade.reserves {
            // A curve's trade that arrives after its graduation says nothing about the present.
            Reserves::Curve(curve) if !self.graduated() => {
                self.complete |= curve.real_token == 0 && !self.mayhem;
                self.liquidity = Some(Liquidity::Curve(curve));
            }
            Reserves::Curve(_) => {}
            Reserves::Pool { pool, before } => {
                let after = before.after(trade.side, trade.quote_amount, trade.fees.lp, trade.tokens.0);
                self.complete = true;
                self.pool = Some(pool);
                self.pool_traded = true;
                self.liquidity = Some(Liquidity::Pool(after));
            }
        }
        self.spot().unwrap_or_default()
    }

    /// Creators who sold out before a price that fell: once for a token.
    fn rug(&mut self, spot: Spot, highest: ChainTime, config: &Config) -> Vec<Wallet> {
        let safety = &config.safety;
        let left = u128::from(10_000 - safety.rug_fall.0.min(10_000));
        let fell = |from: Spot| u128::from(spot.0) * 10_000 < u128::from(from.0) * left;
        if self.rugged || !fell(self.highest) {
            return Vec::new();
        }
        let sold = |stake: &&Stake| stake.sold_more_than(safety.creator_sold_max);
        let sellers: Vec<Wallet> = self.stakes.iter().filter(sold).map(|stake| stake.wallet).collect();
        if sellers.is_empty() {
            return sellers;
        }
        let within = i64::try_from(safety.rug_within.as_secs()).unwrap_or(i64::MAX) / BUCKET;
        let from = bucket(highest).saturating_sub(u32::try_from(within).unwrap_or(u32::MAX));
        if !self.windows.high_from(from).is_some_and(fell) {
            return Vec::new();
        }
        self.rugged = true;
        sellers
    }
}

const fn opposite(side: Side) -> Side {
    match side {
        Side::Buy => Side::Sell,
        Side::Sell => Side::Buy,
    }
}
