//! What operators (and the pipe) want.

use super::exits::ExitReason;
use super::positions::{Asked, Position, sale_worth};
use super::risk::{Intent, Refusal};
use super::signals::EntrySignal;
use super::state::{Arm, Hold};
use super::worth::Worth;
use super::{Trader, Turn};
use crate::action::{Action, Basis};
use crate::codes::RefusalCode;
use crate::event::{Command, Commanded, Side, What};
use crate::fact::Fact;
use crate::ids::{Mint, Wallet};
use crate::protections::Protection;
use crate::units::{Lamports, LamportsDelta, TokenAmount};

impl Trader {
    /// Obeys a command, or says why not.
    pub(super) fn command(&mut self, commanded: &Commanded, turn: &mut Turn<'_>) {
        let Commanded { who, why, command } = commanded;
        self.changed = true;
        match command {
            Command::Pause { until } => self.hold(Hold::Pause, who, why, *until, turn),
            Command::Resume => self.change_holds(who, why, turn, |holds, _| holds.resume(who)),
            Command::Flatten => {
                self.hold(Hold::Flatten, who, why, None, turn);
                self.fire_all(turn);
            }
            Command::Outage => {
                self.hold(Hold::Outage, who, why, None, turn);
                self.fire_all(turn);
            }
            Command::Recovered => {
                self.change_holds(who, why, turn, |holds, _| holds.recovered(who));
                self.stop_withdrawing(turn);
            }
            Command::Lock => {
                self.hold(Hold::Lock, who, why, None, turn);
                // What has left is not sent again either.
                self.attempts.keys().for_each(|attempt| turn.want(Action::Resolve(*attempt)));
            }
            Command::Reconcile => turn.want(Action::RefreshWallet),
            Command::Reset(hold) => self.reset(*hold, who, why, turn),
            Command::Buy { mint, lamports } => self.buy_by_hand(*mint, *lamports, turn),
            Command::Close { mint, tokens, urgent } => self.sell_by_hand(*mint, *tokens, *urgent, turn),
            Command::Adjust { mint, stop } => self.raise_stop(*mint, *stop, turn),
            Command::Hold(mint) => self.keep(*mint, true, turn),
            Command::Release(mint) => self.keep(*mint, false, turn),
            Command::WriteOff(mint) => self.write_off(*mint, turn),
            Command::Adopt { mint, wallet, tokens, cost } => {
                self.adopt(*mint, (*wallet, *tokens), *cost, turn);
            }
            Command::Sweep { mint, wallet } => self.sweep(*mint, *wallet, turn),
            Command::Withdraw { wallet, to } => self.withdraw(*wallet, *to, turn),
            Command::Signal(signal) => self.fed(signal, turn),
            Command::Foreign { wallet, change } => self.foreign(*wallet, *change, turn),
            Command::Arm { given, max_loss, until } => {
                let known = self.arm.filter(|arm| arm.given == *given);
                let equity = known.map_or_else(|| self.equity().marked, |arm| arm.equity);
                self.arm = Some(Arm { given: *given, max_loss: *max_loss, equity, until: *until });
                self.change_holds(who, why, turn, |holds, _| match known {
                    Some(_) => holds.permitted(),
                    None => holds.reset(Hold::Arming),
                });
            }
            // It stays known: should it hold again, what was lost under it is not forgotten.
            Command::Disarm => {
                if let Some(arm) = &mut self.arm {
                    arm.until = Some(turn.now);
                }
                self.hold(Hold::Arming, who, why, None, turn);
            }
            // Market's blacklist makes hard fails; the engine itself takes new settings.
            Command::Blacklist { .. } | Command::Reconfigure(_) => {}
        }
    }

    /// Ends a hold. Ending a limit's takes the present as its new base: else it would hold again at once. The end of a
    /// run is not called off, and an arming is given by other means.
    fn reset(&mut self, hold: Hold, who: &str, why: &str, turn: &mut Turn<'_>) {
        let equity = self.equity().marked;
        match hold {
            Hold::Stopping | Hold::Arming => return,
            Hold::DailyLoss => self.results.reset_daily(equity),
            Hold::Drawdown => self.results.reset_drawdown(equity),
            _ => {}
        }
        self.change_holds(who, why, turn, |holds, _| holds.reset(hold));
        self.stop_withdrawing(turn);
    }

    /// A signal from outside: `trade from -`. What this engine's own settings did not make, or made too long
    /// ago, is refused; the rest goes the way of its own.
    fn fed(&mut self, signal: &EntrySignal, turn: &mut Turn<'_>) {
        if signal.config != turn.config.hash {
            let figures = format!("made under {}, here {}", signal.config, turn.config.hash);
            let refusal = Refusal::new(RefusalCode::SignalForeign, figures);
            return self.refuse(refusal, Intent { mint: signal.mint, wanted: Lamports::ZERO }, turn);
        }
        if turn.now >= signal.expires && self.protections.on(Protection::SignalTtl) {
            return self.expired(signal, turn);
        }
        turn.tell(Fact::EntrySignalled(signal.clone()));
        self.enter(signal, turn);
    }

    /// A buy by hand passes every gate.
    fn buy_by_hand(&mut self, mint: Mint, lamports: Lamports, turn: &mut Turn<'_>) {
        let intent = Intent { mint, wanted: lamports };
        let taken = if self.positions.contains_key(&mint) {
            Some(RefusalCode::PositionOpen)
        } else {
            self.in_flight(mint).then_some(RefusalCode::OrderLive)
        };
        let result = match taken {
            Some(code) => Err(Refusal::new(code, String::new())),
            None => self.review(intent, (turn.token)(mint).as_ref(), turn),
        };
        match result {
            Ok(approved) => self.buy(&approved, turn),
            Err(refusal) => self.refuse(refusal, intent, turn),
        }
    }

    fn sell_by_hand(&mut self, mint: Mint, tokens: Option<TokenAmount>, urgent: bool, turn: &mut Turn<'_>) {
        let Some(position) = self.positions.get_mut(&mint) else { return self.no_position(mint, turn) };
        let held = position.remaining();
        let tokens = tokens.unwrap_or(held);
        if tokens == TokenAmount::ZERO || tokens > held {
            let figures = format!("{tokens}, held are {held}");
            return self.refuse_sale(mint, Refusal::new(RefusalCode::MoreThanHeld, figures), turn);
        }
        position.asked = Some(Asked { tokens, urgent });
        self.fire(mint, turn);
    }

    /// Raises a stop by hand: lamports that all tokens left must bring. One that they do not bring now is no stop but
    /// a sale, which has a command of its own.
    fn raise_stop(&mut self, mint: Mint, stop: Lamports, turn: &mut Turn<'_>) {
        let Some(position) = self.positions.get_mut(&mint) else { return self.no_position(mint, turn) };
        let tokens = position.remaining();
        let wanted = Worth::new(stop, tokens);
        if position.stop.above(wanted) && self.protections.on(Protection::StopOnlyRises) {
            let figures = format!("{stop}, is {}", position.stop.of(tokens));
            return self.refuse_sale(mint, Refusal::new(RefusalCode::StopWouldFall, figures), turn);
        }
        if !position.mark.above(wanted) {
            let figures = format!("{stop}, the mark is {}", position.mark.of(tokens));
            return self.refuse_sale(mint, Refusal::new(RefusalCode::StopWouldSell, figures), turn);
        }
        position.stop = wanted;
        turn.tell(Fact::StopMoved { mint, tokens, stop });
        self.fire(mint, turn);
    }

    fn keep(&mut self, mint: Mint, kept: bool, turn: &mut Turn<'_>) {
        match self.positions.get_mut(&mint) {
            Some(position) => position.kept = kept,
            None => self.no_position(mint, turn),
        }
    }

    /// Books a position as lost. Not while an attempt to sell it may still land.
    fn write_off(&mut self, mint: Mint, turn: &mut Turn<'_>) {
        if !self.positions.contains_key(&mint) {
            self.no_position(mint, turn);
        } else if self.in_flight(mint) {
            self.refuse_sale(mint, Refusal::new(RefusalCode::OrderLive, String::new()), turn);
        } else {
            self.close(mint, ExitReason::Manual, turn);
        }
    }

    /// Tokens that came by another hand become a position, with a stop and a ladder of now. What they are worth is
    /// foreign, and no result; what they then bring against their cost is one.
    fn adopt(
        &mut self,
        mint: Mint,
        (wallet, tokens): (Wallet, TokenAmount),
        cost: Option<Lamports>,
        turn: &mut Turn<'_>,
    ) {
        let refuse = |code| Err(Refusal::new(code, String::new()));
        let view = (turn.token)(mint);
        let worth = view.as_ref().map(|view| {
            let impact =
                |basis: &Basis| self.impacts.get(&mint).copied().unwrap_or_default().on(&basis.liquidity);
            view.basis.map(|basis| (basis, sale_worth(&basis, impact(&basis), tokens)))
        });
        let known = if self.positions.contains_key(&mint) {
            refuse(RefusalCode::PositionOpen)
        } else if self.in_flight(mint) {
            refuse(RefusalCode::OrderLive)
        } else {
            match worth {
                Some(Ok((basis, Some(worth)))) if self.books.account(wallet).is_some() && tokens.0 > 0 => {
                    Ok((basis, worth))
                }
                // It may have been silent since the bot began: asked for now, the next wish finds it.
                None | Some(Err(_)) => {
                    turn.want(Action::Enrich(mint, What::Curve));
                    turn.want(Action::Enrich(mint, What::Pool));
                    refuse(RefusalCode::NotTracked)
                }
                Some(Ok(_)) => refuse(RefusalCode::NoPosition),
            }
        };
        let (basis, worth) = match known {
            Ok(known) => known,
            Err(refusal) => return self.refuse_sale(mint, refusal, turn),
        };
        let entry = Worth::new(cost.unwrap_or(worth.lamports), tokens);
        let position = Position { adopted: true, ..self.begun(mint, wallet, entry, basis, turn) };
        self.no_result(worth.lamports.minus(Lamports::ZERO));
        self.take_on(position, turn);
        // What an operator wants is no buy that a limit approved.
        self.exposure_limit = self.exposure_limit.max(self.exposed());
    }

    /// Lamports came or went without an order of ours: never profit or loss.
    pub(super) fn foreign(&mut self, wallet: Wallet, change: LamportsDelta, turn: &mut Turn<'_>) {
        if change.0 == 0 {
            return;
        }
        self.books.foreign(wallet, change);
        self.no_result(change);
        turn.tell(Fact::ForeignMoney { wallet, change });
    }

    /// What we own changes by so much, and all that results are measured from with it.
    pub(super) fn no_result(&mut self, change: LamportsDelta) {
        self.results.foreign(change);
        if let Some(arm) = &mut self.arm {
            arm.equity = arm.equity.offset(change).unwrap_or(Lamports::ZERO);
        }
    }

    fn no_position(&mut self, mint: Mint, turn: &mut Turn<'_>) {
        self.refuse_sale(mint, Refusal::new(RefusalCode::NoPosition, String::new()), turn);
    }

    pub(super) fn refuse_sale(&mut self, mint: Mint, refusal: Refusal, turn: &mut Turn<'_>) {
        let code = refusal.code;
        self.results.count(|counters| counters.refusals.count(code));
        turn.tell(Fact::Refused(refusal.tell(mint, Side::Sell, None)));
    }
}
