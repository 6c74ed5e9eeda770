//! Open positions: what was paid, what the rest would bring, and the conditions that end it.
//!
//! `mark` is what selling the whole rest now would bring; `entry` is what was paid. Stop, ladder, peak and
//! profit use these two, never the last price.

use serde::{Deserialize, Serialize};

use super::exits::ExitReason;
use super::worth::Worth;
use crate::action::Basis;
use crate::analysis::{Analysis, HardFail};
use crate::config::{Exits, LadderCap};
use crate::event::{Impact, Known, NetworkCosts};
use crate::fact::PositionClosed;
use crate::ids::{AttemptId, Mint, OrderId, Wallet};
use crate::market::TokenView;
use crate::protections::{Protection, Protections};
use crate::quotes::Liquidity;
use crate::time::Timestamp;
use crate::units::{Bps, Lamports, Thousandths, TokenAmount, mul_div};

/// A position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// The token.
    pub mint: Mint,
    /// The wallet that holds it.
    pub wallet: Wallet,
    /// When it was opened.
    pub opened: Timestamp,
    /// The settings that it was opened with.
    pub terms: Exits,
    /// Tokens bought.
    pub bought: TokenAmount,
    /// Tokens sold.
    pub sold: TokenAmount,
    /// Lamports paid in the swap of the buy.
    pub cost: Lamports,
    /// Lamports that sales brought.
    pub proceeds: Lamports,
    /// Fees of the venue on both sides.
    pub venue_fees: Lamports,
    /// Network fees and tips, failed attempts included.
    pub network: Lamports,
    /// Reserves and rates that it was last marked at; the last ones known if Market dropped the token.
    pub basis: Basis,
    /// What selling the rest would bring.
    pub mark: Worth,
    /// The highest mark since it was opened, and when it was reached.
    pub high: Worth,
    /// See `high`.
    pub high_at: Timestamp,
    /// When it was last marked.
    pub marked: Timestamp,
    /// At or below this mark it is sold.
    pub stop: Worth,
    /// The stop that it was opened with.
    pub first_stop: Worth,
    /// The stop follows the highest mark.
    pub trailing: bool,
    /// The ladder, lowest rung first.
    pub rungs: Vec<Rung>,
    /// Where its token trades.
    pub phase: Phase,
    /// Its token's history is broken: the mark is not to be relied on for limits.
    pub stale: bool,
    /// A fact that ends it.
    pub hard_fail: Option<HardFail>,
    /// Complete evaluations running that wanted it sold.
    pub weak: u32,
    /// What they came to.
    pub sentence: Option<ExitReason>,
    /// What its last evaluation said.
    pub outlook: Outlook,
    /// An operator keeps it whatever score, time and ladder say.
    pub kept: bool,
    /// No order of ours bought it: an operator took tokens of the wallet for it.
    #[serde(default)]
    pub adopted: bool,
    /// What an operator wants sold.
    pub asked: Option<Asked>,
    /// The sale of a part that is under way.
    pub part: Option<Sale>,
    /// The sale of everything that is under way.
    pub whole: Option<Sale>,
}

/// Sums of our own simulated fills in one token, where it traded then. Live fills have none: the stream shows
/// them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impacts {
    curve: Impact,
    pool: Impact,
}

impl Impacts {
    /// The sum that moves `liquidity`.
    #[must_use]
    pub const fn on(&self, liquidity: &Liquidity) -> Impact {
        match liquidity {
            Liquidity::Curve(_) => self.curve,
            Liquidity::Pool(_) => self.pool,
        }
    }

    /// On the curve, then on the pool.
    #[must_use]
    pub const fn both(&self) -> (Impact, Impact) {
        (self.curve, self.pool)
    }

    /// Adds a fill.
    pub const fn add(&mut self, liquidity: &Liquidity, impact: Impact) {
        let sum = match liquidity {
            Liquidity::Curve(_) => &mut self.curve,
            Liquidity::Pool(_) => &mut self.pool,
        };
        sum.quote = sum.quote.saturating_add(impact.quote);
        sum.tokens = sum.tokens.saturating_add(impact.tokens);
    }
}

/// A rung of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// From this mark on.
    pub at: Worth,
    /// So many tokens are sold; the last rung sells all that is left.
    pub tokens: TokenAmount,
    /// How far it is.
    pub leg: Leg,
}

/// How far an exit leg is. It goes from armed to ordered in the call that fires it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leg {
    /// Waits for its condition.
    Armed,
    /// Its order is under way.
    Ordered,
    /// Sold.
    Done,
}

/// Where the token of a position trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// On its curve.
    Curve,
    /// Nowhere: the curve is sold out and the pool not seen yet.
    Graduating {
        /// Since when.
        since: Timestamp,
        /// That it lasts long was told.
        told: bool,
    },
    /// On its pool, after its migration.
    Graduated,
    /// On its pool, and bought there.
    Pool,
}

/// What the last evaluation says of a position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outlook {
    /// None was made since it was opened.
    #[default]
    Unrated,
    /// The score carries it.
    Hold,
    /// The score is low, but not low enough to sell.
    Weakening,
    /// The score would have it sold.
    Weak,
    /// Something is unknown: it is held, and guarded by stop, ladder, time and migration.
    Blind,
}

/// What an operator wants sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// So many tokens.
    pub tokens: TokenAmount,
    /// With urgent fees and widening bounds.
    pub urgent: bool,
}

/// A sale under way: one order, its attempts one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Its order.
    pub order: OrderId,
    /// Why.
    pub reason: ExitReason,
    /// What it sells.
    pub tokens: TokenAmount,
    /// With urgent fees.
    pub urgent: bool,
    /// Rungs of the ladder that it carries out.
    pub rungs: Vec<usize>,
    /// Attempts so far.
    pub attempts: u16,
    /// The newest attempt, while it has no end.
    pub live: Option<AttemptId>,
    /// Place of its present bound in the list.
    pub bound: usize,
    /// When it is tried again, where nothing is live.
    pub retry: Option<Timestamp>,
    /// The last bound failed; when that was last told.
    pub stuck: Option<Timestamp>,
}

impl Sale {
    /// Whether its bound widens as attempts fail. The ladder waits for its price instead.
    #[must_use]
    pub const fn widens(&self, whole: bool) -> bool {
        !matches!(self.reason, ExitReason::Ladder) && (whole || self.urgent)
    }
}

/// What a position is opened with.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// The token.
    pub mint: Mint,
    /// The wallet.
    pub wallet: Wallet,
    /// When.
    pub now: Timestamp,
    /// The settings of its exits.
    pub terms: &'a Exits,
    /// What was bought, for how much.
    pub entry: Worth,
    /// Reserves and rates of this moment.
    pub basis: Basis,
    /// Our own simulated fills in the token, this one included.
    pub impact: Impact,
    /// Average true range, as a share of the spot price.
    pub atr: Known<Bps>,
}

impl Position {
    /// A new position with its stop and its ladder.
    #[must_use]
    pub fn open(opening: &Opening<'_>, protections: Protections) -> Self {
        let Opening { terms, entry, basis, now, .. } = *opening;
        let mark = sale_worth(&basis, opening.impact, entry.tokens).unwrap_or(entry);
        let distance = stop_distance(opening.atr, terms);
        let stop = mark.share(Bps(Bps::WHOLE.0.saturating_sub(distance.0)));
        Self {
            mint: opening.mint,
            wallet: opening.wallet,
            opened: now,
            terms: terms.clone(),
            bought: entry.tokens,
            sold: TokenAmount::ZERO,
            cost: entry.lamports,
            proceeds: Lamports::ZERO,
            venue_fees: Lamports::ZERO,
            network: Lamports::ZERO,
            basis,
            mark,
            high: mark,
            high_at: now,
            marked: now,
            stop,
            first_stop: stop,
            trailing: false,
            rungs: ladder(entry, completion(opening), terms, protections),
            phase: match basis.liquidity {
                Liquidity::Curve(_) => Phase::Curve,
                Liquidity::Pool(_) => Phase::Pool,
            },
            stale: false,
            hard_fail: None,
            weak: 0,
            sentence: None,
            outlook: Outlook::Unrated,
            kept: false,
            adopted: false,
            asked: None,
            part: None,
            whole: None,
        }
    }

    /// What was paid.
    #[must_use]
    pub const fn entry(&self) -> Worth {
        Worth::new(self.cost, self.bought)
    }

    /// Tokens left, by the book.
    #[must_use]
    pub fn remaining(&self) -> TokenAmount {
        self.bought.saturating_sub(self.sold)
    }

    /// What the tokens left cost, rounded down.
    #[must_use]
    pub fn cost_left(&self) -> Lamports {
        self.entry().of(self.remaining())
    }

    /// Whether nothing can be sold: the curve is sold out, the pool not seen.
    #[must_use]
    pub const fn graduating(&self) -> bool {
        matches!(self.phase, Phase::Graduating { .. })
    }

    /// What the tokens left would bring, less what they cost.
    #[must_use]
    pub fn unrealised(&self) -> crate::units::LamportsDelta {
        self.mark.of(self.remaining()).minus(self.cost_left())
    }

    /// Reads the token at this event: where it trades, its reserves, and what selling the rest would bring.
    /// A token that Market dropped leaves the last reserves in force.
    pub fn observe(&mut self, view: Option<&TokenView>, impacts: &Impacts, now: Timestamp) {
        self.marked = now;
        if let Some(view) = view {
            self.stale = view.stale;
            self.hard_fail = view.hard_fail;
            self.phase = match self.phase {
                Phase::Pool => Phase::Pool,
                _ if view.graduated && view.basis.is_ok() => Phase::Graduated,
                Phase::Curve if view.complete => Phase::Graduating { since: now, told: false },
                phase => phase,
            };
            self.basis = view.basis.unwrap_or(self.basis);
        }
        if self.graduating() {
            return;
        }
        let impact = impacts.on(&self.basis.liquidity);
        if let Some(mark) = sale_worth(&self.basis, impact, self.remaining()) {
            self.mark = mark;
            if mark.above(self.high) {
                self.high = mark;
                self.high_at = now;
            }
        }
    }

    /// Moves the stop up behind the highest mark, once it trails. Whether it moved.
    pub fn trail(&mut self, protections: Protections) -> bool {
        if !protections.on(Protection::Trailing) {
            return false;
        }
        self.trailing |= self.mark.at_least(self.entry().times(self.terms.trailing_from))
            || self.rungs.iter().any(|rung| rung.leg != Leg::Armed || self.mark.at_least(rung.at));
        let trailed = self.high.share(self.terms.trailing);
        let moves = self.trailing && trailed != self.stop;
        if moves && (trailed.above(self.stop) || !protections.on(Protection::StopOnlyRises)) {
            self.stop = trailed;
            return true;
        }
        false
    }

    /// Reads one evaluation: counts those running that want it sold.
    pub fn rate(&mut self, analysis: &Analysis, protections: Protections) {
        let terms = &self.terms;
        let score = &analysis.score;
        let (low_score, low_safety) = (score.total < terms.sell_score, score.safety < terms.sell_safety);
        let blind = !score.complete && protections.on(Protection::BlindHold);
        self.outlook = match (blind, low_score || low_safety) {
            (true, _) => Outlook::Blind,
            (false, true) => Outlook::Weak,
            (false, false) if score.total < terms.hold_score => Outlook::Weakening,
            (false, false) => Outlook::Hold,
        };
        self.weak = if self.outlook == Outlook::Weak { self.weak + 1 } else { 0 };
        let (reason, protection) = if low_safety {
            (ExitReason::Safety, Protection::SafetyExit)
        } else {
            (ExitReason::Score, Protection::ScoreExit)
        };
        let due = self.weak >= terms.sell_evaluations && protections.on(protection);
        self.sentence = due.then_some(reason);
    }

    /// Whether `new` differs from it by nothing but what taking a mark changes.
    #[must_use]
    pub fn differs_only_by_mark(&self, new: &Self) -> bool {
        let marked = Self {
            mark: new.mark,
            high: new.high,
            high_at: new.high_at,
            marked: new.marked,
            basis: new.basis,
            stale: new.stale,
            ..self.clone()
        };
        marked == *new
    }

    /// Books costs of the network.
    pub fn pay(&mut self, costs: &NetworkCosts) {
        self.network += costs.total();
    }

    /// Its whole story, once nothing is left.
    #[must_use]
    pub fn closed(&self, reason: ExitReason) -> PositionClosed {
        PositionClosed {
            mint: self.mint,
            opened: self.opened,
            reason,
            tokens: self.bought,
            cost: self.cost,
            proceeds: self.proceeds,
            venue_fees: self.venue_fees,
            network: self.network,
            pnl: self.proceeds.minus(self.cost + self.network),
        }
    }
}

/// What selling `tokens` would bring at `basis`, moved by our own simulated fills; `None` where the venue
/// would take no such sale.
#[must_use]
pub fn sale_worth(basis: &Basis, impact: Impact, tokens: TokenAmount) -> Option<Worth> {
    let sold = basis.liquidity.moved(impact).sell(tokens.0, &basis.rates)?;
    Some(Worth::new(Lamports(sold.out), tokens))
}

/// How far the first stop is below the mark: so many average true ranges, within its limits; floored.
#[must_use]
pub fn stop_distance(atr: Known<Bps>, terms: &Exits) -> Bps {
    let Ok(atr) = atr else { return terms.stop_young };
    let factor = u64::try_from(terms.stop_atr.0).unwrap_or(0);
    let ranges = mul_div(u64::from(atr.0), factor, 1_000);
    let ranges = Bps(u16::try_from(ranges).unwrap_or(u16::MAX));
    ranges.min(terms.stop_max).max(terms.stop_min)
}

/// What the amount bought would bring at the completion reserves of its curve; `None` off the curve.
fn completion(opening: &Opening<'_>) -> Option<Worth> {
    let Liquidity::Curve(curve) = opening.basis.liquidity else { return None };
    let sold = curve.completed()?.sell(opening.entry.tokens.0, &opening.basis.rates)?;
    Some(Worth::new(Lamports(sold.out), opening.entry.tokens))
}

/// The rungs: multiples of the entry, each capped at a share of the way from there to completion. A token
/// bought so late that completion brings less than it cost has its caps at the entry.
fn ladder(entry: Worth, completion: Option<Worth>, terms: &Exits, protections: Protections) -> Vec<Rung> {
    let way = completion.map(|end| end.lamports.saturating_sub(entry.lamports));
    let cap = |rung: usize| match &terms.ladder_cap {
        LadderCap::Shares(shares) if protections.on(Protection::LadderCap) => {
            let lamports = entry.lamports + way?.share(*shares.get(rung)?);
            Some(Worth { lamports, ..entry })
        }
        _ => None,
    };
    let rung = |(nth, multiple): (usize, &Thousandths)| {
        let full = entry.times(*multiple);
        let at = cap(nth).map_or(full, |cap| if full.above(cap) { cap } else { full });
        let share = terms.take_profit_share.get(nth).copied().unwrap_or(Bps::WHOLE);
        Rung { at, tokens: entry.tokens.share(share), leg: Leg::Armed }
    };
    terms.take_profit.iter().enumerate().map(rung).collect()
}
