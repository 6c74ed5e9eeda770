//! Buys: from a signal or a wish by hand through the gates to an attempt, and what becomes of one that fails.

use std::time::Duration;

use super::orders::{Attempt, AttemptState, Buying, Fees};
use super::risk::{Approved, Case, Intent, Purse, Refusal, review};
use super::signals::EntrySignal;
use super::{Trader, Turn};
use crate::action::{Action, Order};
use crate::codes::RefusalCode;
use crate::event::{Mode, NetworkCosts, Side};
use crate::fact::Fact;
use crate::ids::{AttemptId, Mint, Wallet};
use crate::market::TokenView;
use crate::protections::Protection;
use crate::units::{Lamports, mul_div};

/// The window of the rate of buys.
const MINUTE: Duration = Duration::from_secs(60);

impl Trader {
    /// Passes a signal through the gates. One that fails only for facts that are asked for waits for them, as
    /// long as it lives.
    pub(super) fn consider(&mut self, signal: &EntrySignal, turn: &mut Turn<'_>) {
        self.changed = true;
        let keys = &turn.config.signals;
        let wanted = signal.level.size(signal.score, turn.config.risk.max_position, keys);
        let intent = Intent { mint: signal.mint, wanted };
        let token = (turn.token)(signal.mint);
        let alive = turn.now < signal.expires || !self.protections.on(Protection::SignalTtl);
        match self.review(intent, token.as_ref(), turn) {
            Ok(_) if !alive => self.expired(signal, turn),
            Ok(approved) => self.buy(&approved, turn),
            Err(refusal) => {
                let awaited = token.is_some_and(|token| token.awaited);
                if refusal.code == RefusalCode::FactsUnknown && awaited && alive {
                    self.candidates.insert(signal.mint, signal.clone());
                } else {
                    self.refuse(refusal, intent, turn);
                }
            }
        }
    }

    /// Signals that waited in vain for their facts.
    pub(super) fn expire_candidates(&mut self, turn: &mut Turn<'_>) {
        if !self.protections.on(Protection::SignalTtl) {
            return;
        }
        let dead: Vec<_> =
            self.candidates.values().filter(|signal| turn.now >= signal.expires).cloned().collect();
        for signal in dead {
            self.candidates.remove(&signal.mint);
            self.consider(&signal, turn);
        }
    }

    /// A signal that comes too late.
    pub(super) fn expired(&mut self, signal: &EntrySignal, turn: &mut Turn<'_>) {
        let age = turn.now.since(signal.made).as_millis();
        let refusal = Refusal::new(RefusalCode::SignalExpired, format!("{age} ms old"));
        let intent = Intent { mint: signal.mint, wanted: Lamports::ZERO };
        self.refuse(refusal, intent, turn);
    }

    /// Tells a refusal of a buy and counts it.
    pub(super) fn refuse(&mut self, refusal: Refusal, intent: Intent, turn: &mut Turn<'_>) {
        let code = refusal.code;
        self.results.count(|counters| counters.refusals.count(code));
        self.changed = true;
        let wanted = Some(intent.wanted).filter(|wanted| *wanted > Lamports::ZERO);
        turn.tell(Fact::Refused(refusal.tell(intent.mint, Side::Buy, wanted)));
    }

    /// The gates, on the state of this moment.
    pub(super) fn review(
        &mut self,
        intent: Intent,
        token: Option<&TokenView>,
        turn: &Turn<'_>,
    ) -> Result<Approved<Intent>, Refusal> {
        while self.recent_buys.front().is_some_and(|then| turn.now.since(*then) >= MINUTE) {
            self.recent_buys.pop_front();
        }
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let impacts = self.impacts.get(&intent.mint).copied().unwrap_or_default();
        let liquidity = token.and_then(|token| token.basis.ok()).map(|basis| basis.liquidity);
        let live = self.buys.values().filter(|buying| buying.reserved > Lamports::ZERO);
        let being_bought = live.filter(|buying| !self.positions.contains_key(&buying.intent.mint)).count();
        review(
            intent,
            &Case {
                now: turn.now,
                config: turn.config,
                protections: self.protections,
                mode: self.mode,
                state: self.holds.state(),
                hold: self.holds.strictest(),
                arm: self.arm,
                feed: turn.feed,
                token,
                impact: liquidity.map(|liquidity| impacts.on(&liquidity)).unwrap_or_default(),
                positions: count(self.positions.len() + being_bought),
                exposed: self.exposed(),
                purses: &self.purses(turn),
                equity: self.equity().marked,
                day_base: self.results.day_base,
                peak: self.results.peak,
                recent_buys: count(self.recent_buys.len()),
                proof: self.proofs.newest(intent.mint),
                recent_fee: self.recent_fee(intent.mint, turn),
            },
        )
    }

    /// Cost of open positions and sizes of live buys.
    pub(super) fn exposed(&self) -> Lamports {
        let open: Lamports = self.positions.values().map(|position| position.cost).sum();
        let live: Lamports = self.buys.values().map(|buying| buying.spend).sum();
        open + live
    }

    /// What each wallet could pay, beginning behind the one that bought last.
    pub(super) fn purses(&self, turn: &Turn<'_>) -> Vec<Purse> {
        let risk = &turn.config.risk;
        let purse = |wallet, balance| {
            let open = self.positions.values().filter(|position| position.wallet == wallet).count();
            let exits = mul_div(risk.exit_reserve.0, u64::try_from(open).unwrap_or(u64::MAX), 1);
            let reserve = risk.wallet_floor.saturating_add(Lamports(exits));
            Purse { wallet, balance, reserved: self.reserved_in(wallet), reserve }
        };
        let mut purses: Vec<_> =
            self.books.accounts().map(|(wallet, account)| purse(wallet, account.balance)).collect();
        let next = purses.iter().position(|purse| Some(purse.wallet) > self.last_wallet).unwrap_or(0);
        purses.rotate_left(next);
        purses
    }

    /// The most that a buy may spend now, as gates 7 and 8 cut it: a proof of less would prove nothing for it, and one
    /// of more would ask what no wallet could pay.
    pub(super) fn largest_buy(&self, turn: &Turn<'_>) -> Lamports {
        let risk = &turn.config.risk;
        let beside = Fees::of(turn.config, false, None).beside_buy(turn.config, self.mode);
        let most = self.purses(turn).iter().map(|purse| purse.for_swap(beside)).max();
        most.unwrap_or_default().clamp(risk.min_position, risk.max_position)
    }

    /// An approved buy: in dry run it is told, else it becomes an order.
    pub(super) fn buy(&mut self, approved: &Approved<Intent>, turn: &mut Turn<'_>) {
        if self.mode == Mode::DryRun {
            let (mint, lamports) = (approved.intent().mint, approved.spend());
            turn.tell(Fact::WouldBuy { mint, lamports });
            return;
        }
        let order = self.next_order(turn.seq);
        self.attempt_buy(AttemptId { order, number: 1 }, Lamports::ZERO, approved, turn);
    }

    /// Reserves the money and submits: one call, so that nothing can come between.
    fn attempt_buy(
        &mut self,
        attempt: AttemptId,
        costs: Lamports,
        approved: &Approved<Intent>,
        turn: &mut Turn<'_>,
    ) {
        let intent = *approved.intent();
        let fees = approved.fees();
        let draws = self.draws.entry(intent.mint).or_default();
        let order = Order {
            attempt,
            mint: intent.mint,
            wallet: approved.wallet(),
            swap: approved.swap(),
            exit: None,
            bound: turn.config.execution.slippage,
            priority: fees.priority,
            tip: fees.tip,
            urgent: false,
            whole_balance: false,
            draw: draws.buys,
            basis: approved.basis(),
        };
        draws.buys += 1;
        self.touched.insert(intent.mint);
        let mut spend = approved.spend();
        let mut reserved = spend + fees.beside_buy(turn.config, self.mode);
        if !self.protections.on(Protection::Reservation) {
            (spend, reserved) = (Lamports::ZERO, Lamports::ZERO);
        }
        let wallet = approved.wallet();
        *self.reserved.entry(wallet).or_default() += reserved;
        let buying = Buying { intent, attempt, wallet, spend, reserved, costs, retry: None };
        self.buys.insert(intent.mint, buying);
        self.exposure_limit = turn.config.risk.max_exposure;
        self.last_wallet = Some(wallet);
        self.recent_buys.push_back(turn.now);
        self.open(order, turn);
    }

    /// An attempt exists: it is told and given to the executor.
    pub(super) fn open(&mut self, order: Order, turn: &mut Turn<'_>) {
        self.results.count(|counters| counters.orders += 1);
        self.changed = true;
        let state = AttemptState::Submitted;
        self.attempts.insert(order.attempt, Attempt { order: order.clone(), state, sent: None });
        turn.tell(Fact::OrderOpened(Box::new(order.clone())));
        turn.want(Action::Submit(Box::new(order)));
    }

    /// Frees what the newest attempt of a buy had reserved.
    pub(super) fn release(&mut self, mint: Mint) {
        let Some(buying) = self.buys.get_mut(&mint) else { return };
        let reserved = std::mem::take(&mut buying.reserved);
        buying.spend = Lamports::ZERO;
        if let Some(sum) = self.reserved.get_mut(&buying.wallet) {
            *sum = sum.saturating_sub(reserved);
        }
        self.reserved.retain(|_, sum| *sum > Lamports::ZERO);
    }

    /// An attempt of a buy ended without a fill: it pauses, then passes all gates again, so many times.
    pub(super) fn buy_failed(&mut self, attempt: &Attempt, costs: &NetworkCosts, turn: &mut Turn<'_>) {
        let mint = attempt.order.mint;
        self.release(mint);
        let Some(buying) = self.buys.get_mut(&mint) else { return };
        buying.costs += costs.total();
        let keys = &turn.config.execution;
        let limited = self.protections.on(Protection::BuyRetries);
        let last = limited && u32::from(attempt.order.attempt.number) >= keys.buy_attempts;
        if last || self.stopping.is_some() {
            self.give_up(mint, turn);
        } else {
            buying.retry = Some(if limited { turn.now + keys.buy_pause } else { turn.now });
        }
    }

    /// Buys whose pause is over.
    pub(super) fn retry_buys(&mut self, turn: &mut Turn<'_>) {
        let due = |buying: &&Buying| buying.retry.is_some_and(|retry| turn.now >= retry);
        let due: Vec<Buying> = self.buys.values().filter(due).cloned().collect();
        for buying in due {
            let intent = buying.intent;
            match self.review(intent, (turn.token)(intent.mint).as_ref(), turn) {
                Ok(approved) => {
                    let AttemptId { order, number } = buying.attempt;
                    let next = AttemptId { order, number: number.saturating_add(1) };
                    self.attempt_buy(next, buying.costs, &approved, turn);
                }
                Err(refusal) => {
                    self.refuse(refusal, intent, turn);
                    self.give_up(intent.mint, turn);
                }
            }
        }
    }

    /// Buys that pause are given up: the run is stopping.
    pub(super) fn give_up_pausing_buys(&mut self, turn: &mut Turn<'_>) {
        let pausing: Vec<Mint> =
            self.buys.iter().filter(|(_, buying)| buying.retry.is_some()).map(|(mint, _)| *mint).collect();
        for mint in pausing {
            self.give_up(mint, turn);
        }
    }

    /// A buy that came to nothing. What its attempts cost is a loss without a position.
    fn give_up(&mut self, mint: Mint, turn: &mut Turn<'_>) {
        if let Some(buying) = self.buys.remove(&mint) {
            self.lose(buying.costs);
            self.settle_order(buying.attempt.order, mint, turn);
        }
    }

    /// A cost that no open position carries.
    pub(super) fn lose(&mut self, costs: Lamports) {
        self.results.count(|counters| counters.realised += Lamports::ZERO.minus(costs));
    }

    /// What live buys have reserved in `wallet`.
    pub(super) fn reserved_in(&self, wallet: Wallet) -> Lamports {
        self.reserved.get(&wallet).copied().unwrap_or_default()
    }
}
